"""The published date ledger: without it a search by date answers with the wrong articles."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.dates.published import Ledger, find_moments, infer_published, parse_moment, published
from dateline.extract.reading import Reading
from dateline.models import DigestItem, Moment


def ledger(
    head: str = "", body: str = "", *, lang: str = "en", url: str = "https://paper.example/a", **more
) -> Ledger:
    html = f"<html lang='{lang}'><head><title>Harbour closes</title>{head}</head><body>{body}</body></html>"
    return published(Reading.from_html(html, url), **more)


def json_ld(**fields: str) -> str:
    inside = ", ".join(f'"{key}": "{value}"' for key, value in fields.items())
    article = f'{{"@type": "NewsArticle", "headline": "Harbour", {inside}}}'
    return f'<script type="application/ld+json">{article}</script>'


# ------------------------------------------------------------------------------- one printed date


@pytest.mark.parametrize(
    ("printed", "language", "value", "precision", "zone"),
    [
        ("Apr 01, 2021 08:01 PM", None, "2021-04-01T20:01", "minute", None),
        ("1 April 2021", None, "2021-04-01", "day", None),
        ("01.04.2021 20:01 Uhr", "de", "2021-04-01T20:01", "minute", None),
        ("2020-03-03T14:05:07.123Z", None, "2020-03-03T14:05:07+00:00", "second", "Z"),
        ("2020-03-03T14:05:00+0100", None, "2020-03-03T14:05:00+01:00", "second", "+0100"),
        ("20200303T140500Z", None, "2020-03-03T14:05:00+00:00", "second", "Z"),
        ("Tue, 03 Mar 2020 14:05:00 GMT", None, "2020-03-03T14:05:00+00:00", "second", "GMT"),
        ("Thu Jul 23 12:53:42 EDT 2020", None, "2020-07-23T12:53:42-04:00", "second", "EDT"),
        ("Mar. 3, 2020 at 5:30 p.m. ET", None, "2020-03-03T17:30-05:00", "minute", "ET"),
        ("July 3, 2020 at 5:30 p.m. ET", None, "2020-07-03T17:30-04:00", "minute", "ET"),
        ("5:12 PM EST, Mon January 6, 2020", None, "2020-01-06T17:12-05:00", "minute", "EST"),
        ("March 3, 2020, 2 PM CST", None, "2020-03-03T14", "hour", "CST"),  # Chicago's or China's
        ("Published 14:05 GMT, 3 March 2020", None, "2020-03-03T14:05+00:00", "minute", "GMT"),
        ("Monday, March 22, 2021", None, "2021-03-22", "day", None),
        ("3. März 2020, 14.05 Uhr", "de", "2020-03-03T14:05", "minute", None),
        ("le 1er mars 2020 à 14h05", "fr", "2020-03-01T14:05", "minute", None),
        ("3 de marzo de 2020", "es", "2020-03-03", "day", None),
        ("terça-feira, 3 de março de 2020 às 14h05", "pt", "2020-03-03T14:05", "minute", None),
        ("3 marzo 2020 alle 14:05", "it", "2020-03-03T14:05", "minute", None),
        ("3 maart 2020 om 14:05", "nl", "2020-03-03T14:05", "minute", None),
        ("22 listopada 2020", "pl", "2020-11-22", "day", None),
        ("22. listopada 2020", "hr", "2020-10-22", "day", None),
        ("3 марта 2020, 14:05", "ru", "2020-03-03T14:05", "minute", None),
        ("2020年3月3日 14:05", "zh", "2020-03-03T14:05", "minute", None),
        ("3 มีนาคม 2563", "th", "2020-03-03", "day", None),
        ("٣ مارس ٢٠٢٠", "ar", "2020-03-03", "day", None),
        ("۱۳۹۹/۰۲/۲۱ - ۱۸:۵۹", "fa", "2020-05-10T18:59", "minute", None),
        ("۲۹ اسفند ۱۳۹۹", "fa", "2021-03-19", "day", None),
        ("30 اسفند 1403", "fa", "2025-03-20", "day", None),
        ("26 | 01 | 2022", "de", "2022-01-26", "day", None),
        ("1583244300000", None, "2020-03-03T14:05:00+00:00", "second", "UTC"),
        ("March 2020", None, "2020-03", "month", None),
    ],
)
def test_a_printed_date_is_read_at_its_own_precision(printed, language, value, precision, zone):
    """A date read with a wrong zone or an invented hour puts an article on the wrong day."""
    assert parse_moment(printed, language) == Moment(value=value, precision=precision, zone=zone)


@pytest.mark.parametrize(
    "printed", ["Today", "2 hours ago", "", "12 apples", "31 February 2020", "999", "May said"]
)
def test_what_is_no_date_stays_none(printed):
    """Nothing is guessed from the clock."""
    assert parse_moment(printed) is None


@pytest.mark.parametrize(
    ("language", "value"),
    [("en-US", "2020-03-04"), ("en-GB", "2020-04-03"), ("de", "2020-04-03"), ("sv", "2020-04-03")],
)
def test_the_order_of_day_and_month_is_the_languages(language, value):
    """03/04/2020 is another day in London than in New York."""
    assert parse_moment("03/04/2020", language).value == value
    assert parse_moment("13/04/2020", language).value == "2020-04-13"


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_the_reader(text):
    """A stranger's digest must not stop the others."""
    for found in find_moments(text):
        assert 0 <= found.start < found.end <= len(text)
        dt.datetime.fromisoformat(found.moment.value + ("-01" if found.moment.precision == "month" else ""))
    parse_moment(text)


# --------------------------------------------------------------------------------------- a page


def test_structured_data_wins_and_the_losers_stay():
    """`dateline explain` shows what a date was chosen over."""
    found = ledger(
        json_ld(datePublished="2021-03-22T08:00:00+08:00", dateModified="2021-03-23T09:00:00+08:00"),
        "<h1>Harbour closes</h1><p class='byline'>22 March 2021</p><aside>Updated 1 May 2022</aside>",
        url="https://paper.example/2021/03/22/harbour",
    )
    assert found.published == Moment(value="2021-03-22T08:00:00+08:00", precision="second", zone="+08:00")
    assert found.modified.value == "2021-03-23T09:00:00+08:00"
    rows = found.candidates["published_at"]
    assert rows[0].chosen and rows[0].place == "json-ld" and "+08:00" in rows[0].rule
    assert [row.chosen for row in rows].count(True) == 1
    assert {"url", "page byline"} <= {row.place for row in rows}
    assert not found.disagreement


def test_a_byline_with_an_update_gives_both_times():
    """The day of an update is not the day of publication."""
    found = ledger(
        body="<h1>Harbour closes</h1><p>Published 14:05 GMT, 3 March 2020 | Updated 16:10 GMT</p><p>Text.</p>"
    )
    assert found.published.value == "2020-03-03T14:05+00:00"
    assert found.modified.value == "2020-03-03T16:10+00:00"


def test_an_ambiguous_date_is_settled_by_the_others():
    """03/04/2020 beside /2020/04/03/ is the third of April, whatever the language says."""
    body = "<h1>Harbour closes</h1><span class='date'>03/04/2020</span>"
    assert ledger(body=body, lang="en-US").published.value == "2020-03-04"
    found = ledger(body=body, lang="en-US", url="https://paper.example/2020/04/03/harbour")
    assert found.published.value == "2020-04-03"
    assert any("03-04" in note for note in found.notes)


def test_a_swapped_day_and_month_is_turned_back():
    """A publisher's system that writes 2020-04-03 for the fourth of March moves the article by a month."""
    head = json_ld(datePublished="2020-04-03T10:00:00Z")
    body = "<h1>Harbour closes</h1><p class='byline'>4 March 2020</p>"
    found = ledger(head, body, url="https://paper.example/2020/03/04/harbour")
    assert found.published.value.startswith("2020-03-04")
    late = ledger(head, fetched_at=dt.datetime(2020, 3, 5, tzinfo=dt.UTC))
    assert late.published.value == "2020-03-04T10:00:00+00:00"
    assert any("swapped" in note for note in late.notes)


def test_the_future_and_the_distant_past_are_refused():
    """A date after the fetch is an error of the page; 1970 is an empty field."""
    found = ledger(
        json_ld(datePublished="2099-01-15T10:00:00Z"), fetched_at=dt.datetime(2021, 3, 1, tzinfo=dt.UTC)
    )
    assert found.published is None and any("later than the page was fetched" in note for note in found.notes)
    by_header = ledger(json_ld(datePublished="2099-01-15"), headers={"Date": "Mon, 01 Mar 2021 10:00:00 GMT"})
    assert by_header.published is None
    old = ledger(json_ld(datePublished="1970-01-01T00:00:00Z"))
    assert old.published is None and old.notes


def test_old_news_is_kept_where_two_places_agree():
    """A newspaper's archive has articles older than the web."""
    found = ledger(
        json_ld(datePublished="1963-11-23"), "<h1>Harbour</h1><p class='date'>November 23, 1963</p>"
    )
    assert found.published.value == "1963-11-23"


def test_a_stored_utc_time_does_not_move_the_papers_own_day():
    """Half past nine in the evening in Boston is the next day in UTC; readers saw Wednesday."""
    found = ledger(
        json_ld(datePublished="2023-11-09T02:11:03+00:00"),
        "<h1>Harbour closes</h1><time class='date' datetime='2023-11-08T21:11:03-05:00'>Nov. 8</time>",
    )
    assert found.published.value == "2023-11-08T21:11:03-05:00"
    assert not found.disagreement


def test_places_that_name_different_days_are_a_disagreement():
    """A facet finds articles whose sources disagree."""
    found = ledger(json_ld(datePublished="2021-03-22"), url="https://paper.example/2021/01/02/harbour")
    assert found.disagreement


def test_other_stories_dates_do_not_count():
    """A list of other stories is no byline."""
    teasers = "".join(
        f"<div class='related'><a>Other</a> <time>{day} June 2021</time></div>" for day in range(1, 9)
    )
    found = ledger(body=f"<h1>Harbour closes</h1><p class='date'>9 May 2021</p><p>Text.</p>{teasers}")
    assert found.published.value == "2021-05-09"


def test_a_live_blog_began_when_it_began():
    """Each entry of a live blog has a later date than the blog."""
    head = (
        '<script type="application/ld+json">[{"@type":"LiveBlogPosting","headline":"Riots",'
        '"datePublished":"2024-08-04T13:23:00Z",'
        '"liveBlogUpdate":[{"@type":"BlogPosting","headline":"Now","datePublished":"2024-08-05T20:00:00Z"}]}]</script>'
    )
    assert ledger(head).published.value == "2024-08-04T13:23:00+00:00"


def test_feed_and_digest_are_witnesses_where_the_page_is_silent():
    """What the source said about the link is not lost."""
    assert ledger(hints={"published": "Tue, 03 Mar 2020 14:05:00 GMT"}).published.value.startswith(
        "2020-03-03"
    )
    item = DigestItem(file="d.txt", start_line=1, end_line=2, printed_date="Apr 01, 2021 08:01 PM")
    found = ledger(item=item)
    assert found.published == Moment(value="2021-04-01T20:01", precision="minute")
    assert found.candidates["published_at"][0].place == "digest"


def test_a_page_without_dates_has_none():
    """Nothing is guessed from the clock, the file or the copyright line."""
    found = ledger(body="<h1>Harbour closes</h1><p>Ships waited.</p><footer>© 2021 The Paper</footer>")
    assert found.published is None and found.modified is None


def test_a_last_modified_header_is_no_publication():
    """A server's file date says when a template changed."""
    found = ledger(
        json_ld(datePublished="2021-03-22"), headers={"last-modified": "Mon, 05 Apr 2021 10:00:00 GMT"}
    )
    assert found.published.value == "2021-03-22"
    assert found.modified.value.startswith("2021-04-05")


def test_a_status_is_of_its_own_instant_not_of_the_day_of_who_looked():
    """A page fetched in California prints 23:25 of the day before the one on which London posted it."""
    found = ledger(
        body="<h1>Harbour closes</h1><span>11:25 PM - 10 Jul 2020</span>",
        url="https://twitter.com/paper/status/1281836879789404160",
    )
    assert found.published and found.published.value == "2020-07-11T06:25:02+00:00"
    assert found.published.zone == "UTC"


def test_a_moved_page_keeps_the_day_of_its_address():
    """A paper that changes its system stamps all its old reports with the day of the change."""
    found = ledger(
        json_ld(datePublished="2019-06-17T18:28:00+02:00"),
        "<h1>Harbour closes</h1><time datetime='2019-06-17'>17 June 2019</time>",
        url="https://paper.example/home/2017/7/12/harbour-closes",
    )
    assert found.published and found.published.value == "2017-07-12"


def test_a_scripts_time_of_change_does_not_hide_its_time_of_publication():
    """A page whose only dates stand in a script, the change first, is not dated by the change."""
    found = ledger(
        body="""<script>window.state = {"headline":"The harbour closes for the winter, and the ferry with it",
        "lastModifiedDate":"2024-08-27T08:49:08Z","author":"Staff","section":"Islands",
        "publicationDate":"2024-08-26T23:27:57Z"}</script>""",
    )
    assert found.published and found.published.value == "2024-08-26T23:27:57+00:00"


def test_month_in_the_address_is_kept_as_a_month():
    """A precision that nobody stated is not invented."""
    found = ledger(url="https://paper.example/2021/03/harbour")
    assert found.published == Moment(value="2021-03", precision="month")


@given(st.text(alphabet="<>/\"'= 0123456789-:TZtimedatemeta\n\x00", max_size=400), st.text(max_size=60))
@settings(max_examples=80, deadline=None)
def test_no_page_and_no_address_break_the_ledger(html, url):
    """One broken page must not stop a run."""
    found = published(Reading.from_html(f"<h1>x</h1>{html}", url), url=url, headers={"date": html[:30]})
    assert isinstance(found, Ledger)


# ---------------------------------------------------------------------------- an item without a page

REPORT = (
    "OSLO (AP) — The ministers signed the accord at a ceremony Wednesday, ending months of talks.\n\n"
    "On Tuesday, they had met in Bergen. Talks broke down last Friday, and will resume next Monday."
)
CAPTION = "The ministers arrive in Bergen, Tuesday, May 11, 2021."


def test_an_items_own_clues_date_it():
    """ "Today" alone has nothing to stand on; the caption and the lead's weekday do."""
    moment, rows = infer_published(REPORT, [CAPTION], "Today", None)
    assert moment == Moment(value="2021-05-12", precision="day")
    assert rows[0].chosen and "Wednesday" in rows[0].rule and "May 11, 2021" in rows[0].rule


def test_an_item_without_a_date_is_of_the_day_in_its_address():
    """Without it nothing that the report says of "Thursday" can be found by date."""
    url = "https://paper.example/2021/03/11/port-closes-for-winter.html"
    found, candidates = infer_published("The port closed on Thursday.", [], None, None, url)
    assert found and found.value == "2021-03-11" and candidates[0].place == "url"
    assert infer_published("The port closed.", [], None, None, "https://paper.example/2021/port")[0] is None
    printed = infer_published("The port closed.", [], "12 March 2021, 08:00", None, url)[0]
    assert printed and printed.value == "2021-03-12T08:00"


def test_own_clues_win_over_the_day_the_digest_came():
    """A digest of the 14th carries the report of the 12th."""
    moment, rows = infer_published(REPORT, [CAPTION], "Today", Moment(value="2021-05-14", precision="day"))
    assert moment.value == "2021-05-12"
    assert "2021-05-14" in {row.value for row in rows}


@pytest.mark.parametrize(
    ("text", "captions"),
    [
        (REPORT, []),  # weekdays alone say no week
        ("The ministers met in the town.", [CAPTION]),  # a caption alone may be older than the report
        (REPORT, ["FILE - The ministers in this Tuesday, May 11, 2021 file photo."]),
        (REPORT, ["The ministers, Monday, May 11, 2021."]),  # that day was a Tuesday
        ("Talks will open Wednesday, officials said.", [CAPTION]),  # still to come
        ("The ministers met Saturday.", [CAPTION]),  # four days on, or the Saturday before
    ],
)
def test_clues_that_do_not_reach_give_none(text, captions):
    """A wrong date is worse than none."""
    assert infer_published(text, captions, None, None)[0] is None


def test_a_printed_date_is_the_items_date():
    """Printed without a zone, it has none."""
    moment, rows = infer_published("", [], "Apr 01, 2021 08:01 PM", None)
    assert moment == Moment(value="2021-04-01T20:01", precision="minute")
    assert "zone unknown" in rows[0].rule


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("Today", "2021-03-24"),
        ("Today, 8:15 a.m.", "2021-03-24T08:15"),
        ("Yesterday at 5:30 p.m.", "2021-03-23T17:30"),
        ("2 hours ago", "2021-03-24T07+00:00"),
        ("45 min ago", "2021-03-24T08:15+00:00"),
        ("3 days ago", "2021-03-21"),
        ("vor 3 Stunden", "2021-03-24T06+00:00"),
        ("il y a 2 jours", "2021-03-22"),
        ("ayer", "2021-03-23"),
        ("Monday", "2021-03-22"),
        ("Wednesday", "2021-03-24"),
        ("March 22", "2021-03-22"),
        ("30 December", "2020-12-30"),
    ],
)
def test_relative_words_count_from_the_digests_own_date(printed, value):
    """Without the digest's date they stay unknown."""
    received = Moment(value="2021-03-24T09:00+00:00", precision="minute", zone="UTC")
    assert infer_published("", [], printed, received)[0].value == value
    unknown, rows = infer_published("", [], printed, None)
    assert unknown is None and not any(row.chosen for row in rows)


@given(st.text(max_size=200), st.lists(st.text(max_size=80), max_size=3), st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_no_item_breaks_the_inference(text, captions, printed):
    """A stranger's digest must not stop the others."""
    infer_published(text, captions, printed, Moment(value="2021-03-24", precision="day"))


def test_a_long_thai_title_costs_its_length() -> None:
    """Letters that two halves of a pattern both took made one page cost three minutes, and its worker."""
    assert list(find_moments("ประตูอัตโนมัติ" * 40 + " 2024", "th")) == []
