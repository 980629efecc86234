"""Digests as people have them: broken, huge, in any encoding; files found; links handed on."""

from __future__ import annotations

import html
import os
import re
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.models import Caption, Dateline
from dateline.sources.digest import NoSuchDigest, find_digests, links_of, read_digest, read_json
from dateline.sources.digest.captions import caption, dateline
from dateline.sources.digest.dates import printed_date
from dateline.sources.digest.people import byline
from dateline.urls import article_id
from tests.effort import growth

SEEDS = Path(__file__).parent.parent.parent / "shared" / "seeds"
DIGESTS = Path(__file__).parent / "digests"

shared = pytest.mark.shared
needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is not beside the repo")


# --- the two seeds -----------------------------------------------------------------------------------


@shared
@needs_seeds
def test_seed_without_link_is_one_item_with_all_its_paragraphs() -> None:
    (file,) = SEEDS.glob("000_*")
    (item,) = read_digest(file).items
    assert (item.title, item.link, item.byline, item.start_line, item.end_line) == (None, None, None, 1, 23)
    assert len(item.text.split("\n\n")) == 12


@shared
@needs_seeds
def test_seed_of_two_items_without_a_separator() -> None:
    (file,) = SEEDS.glob("001_*")
    digest = read_digest(file)
    first, second = digest.items
    printed = file.read_text(encoding="utf-8").split("\n")  # the words themselves stay in ../shared

    def line(number: int) -> str:
        return printed[number - 1]

    assert digest.received_at is None
    assert (first.section, second.section) == (line(3), None)
    assert (first.title, first.printed_date, first.byline) == (line(5), line(7), None)
    assert first.links == [line(9).strip("<>")] and first.link == first.links[0]
    assert first.dateline == Dateline(place="BEIJING", agency="AP")
    (found,) = first.captions
    assert f"{found.text} ({found.credit})" == line(13)
    paragraphs = first.text.split("\n\n")
    assert len(paragraphs) == 22 and paragraphs[0] == line(15)
    assert f"{line(35)} {line(37)}" in paragraphs
    assert any(text.endswith(f"enraging China, {line(57)}") for text in paragraphs)
    assert "](" not in first.text and "Michael Kovrig, in" in first.text
    assert (second.title, second.byline) == (line(64), line(66))
    assert second.authors == ["Deng Zijun", "Xu Zihe"]
    assert f"Published: {second.printed_date}" == line(68)
    assert second.link == line(70).strip("<>")
    (found,) = second.captions
    assert found.text == second.title and found.credit == "Xu Zihe/GT"
    assert second.text == ""
    assert (first.start_line, first.end_line, second.start_line, second.end_line) == (3, 62, 64, 74)


# --- fields -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "agency"),
    [
        ("BEIJING (AP) — The", "BEIJING", "AP"),
        ("PARIS, March 3 (Reuters) - The", "PARIS", "Reuters"),
        ("(Reuters) - The", None, "Reuters"),
        ("Berlin (dpa/lby) - Der", "Berlin", "dpa/lby"),
        ("Madrid, 3 mar (EFE).- El", "Madrid", "EFE"),
        ("(ANSA) - ROMA, 03 MAR - Il", "ROMA", "ANSA"),
        ("MOSCOW, March 23. /TASS/. The", "MOSCOW", "TASS"),
        ("KYIV, Ukraine — The", "KYIV, Ukraine", None),
        ("ST. PETERSBURG, Fla. (AP) — A", "ST. PETERSBURG, Fla.", "AP"),
        ("OSLO (XYZ) — A", "OSLO", "XYZ"),
    ],
)
def test_dateline_gives_place_and_agency(text: str, place: str | None, agency: str | None) -> None:
    assert dateline(text) == Dateline(place=place, agency=agency)


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE 1 - The",
        "The US on Monday",
        "China (population 1.4bn) has",
        "China - the world",
        "NATO — and then",
    ],
)
def test_prose_is_no_dateline(text: str) -> None:
    assert dateline(text) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Deng Zijun, Xu Zihe", ["Deng Zijun", "Xu Zihe"]),
        ("By Jane Roe in Paris and John O'Neil in Rome", ["Jane Roe", "John O'Neil"]),
        ("By Jane Roe, Staff Writer", ["Jane Roe"]),
        ("By The Associated Press", []),
        ("Von Hans Müller, Berlin", ["Hans Müller"]),
        ("Par Jean-Luc de la Tour (avec AFP)", ["Jean-Luc de la Tour"]),
        ("Por Ana María García y Luis Ortega", ["Ana María García", "Luis Ortega"]),
        ("By JANE ROE Associated Press", ["JANE ROE"]),
    ],
)
def test_byline_gives_the_names(text: str, names: list[str]) -> None:
    assert byline(text) == (text, names)


@pytest.mark.parametrize(
    "text",
    ["By Monday, talks had stalled", "By far the largest", "Von der Leyen in China", "By train to Paris"],
)
def test_prose_is_no_byline(text: str) -> None:
    assert byline(text) is None


@pytest.mark.parametrize(
    ("text", "words", "credit"),
    [
        ("Ministers in Oslo. (AP Photo/Jane Roe)", "Ministers in Oslo.", "AP Photo/Jane Roe"),
        ("Photo by Jane Roe", "", "Jane Roe"),
        ("Foto: dpa", "", "dpa"),
        ("A man walks in Kyiv. REUTERS/Gleb Roe", "A man walks in Kyiv.", "REUTERS/Gleb Roe"),
        ("Des manifestants à Paris. © AFP / Jean Dupont", "Des manifestants à Paris.", "AFP / Jean Dupont"),
        ("A view [Jane Roe/Reuters]", "A view", "Jane Roe/Reuters"),
        ("Photo: The two ministers in Oslo on Monday.", "The two ministers in Oslo on Monday.", None),
    ],
)
def test_picture_credit_belongs_to_a_caption(text: str, words: str, credit: str | None) -> None:
    assert caption(text, in_body=False) == Caption(text=words, credit=credit)
    assert byline(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Today",
        "24. März 2021, 14:30 Uhr",
        "il y a 2 heures",
        "1 de abril de 2021",
        "2021-03-24T10:00:00Z",
        "3h ago",
    ],
)
def test_printed_dates(text: str) -> None:
    assert printed_date(text) == text
    assert printed_date(f"Published: {text}") == text


@pytest.mark.parametrize("text", ["May", "Sun", "World", "5 min read", "In March 2021 the", "10", ""])
def test_words_are_no_dates(text: str) -> None:
    assert printed_date(text) is None


# --- the digest's own date --------------------------------------------------------------------------

BODY = "Talks resume in Vienna\nBy Jane Roe\nToday\nhttps://a.example/1\n\nDelegates returned on Thursday.\n"


def test_received_comes_before_header_before_name_before_first_lines() -> None:
    mail = f"From: a@b\nTo: c@d\nSubject: x\nDate: Wed, 24 Mar 2021 07:00:00 +0100\n\n{BODY}"
    first = f"Morning digest, 3 May 2021\n\n{BODY}"

    def date(name: str, text: str, received: str | None = None) -> str | None:
        moment = read_digest(name, text.encode(), received).received_at
        return moment.value if moment else None

    assert date("2020-01-01.eml", mail, "2022-02-02") == "2022-02-02"
    assert date("2020-01-01.eml", mail) == "2021-03-24T07:00:00+01:00"
    assert date("news_20200102.txt", first) == "2020-01-02"
    assert date("news.txt", first) == "2021-05-03"
    assert date("news.txt", BODY) is None


def test_nothing_is_guessed_from_the_clock_or_the_file_time(tmp_path: Path) -> None:
    file = tmp_path / "digest.txt"
    file.write_text(BODY)
    os.utime(file, (1_600_000_000, 1_600_000_000))
    assert read_digest(file).received_at is None


def test_received_that_is_no_date_is_refused() -> None:
    with pytest.raises(ValueError, match="write 2021-03-24"):
        read_digest("x.txt", b"x", received="next week")


# --- bad input ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"%PDF-1.7 \x00\x01", "no text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no text"),
        (bytes(range(256)) * 20, "binary"),
        (b"Unsubscribe\n", "no items"),
    ],
)
def test_what_cannot_be_read_is_one_note_and_no_crash(data: bytes, note: str) -> None:
    digest = read_digest("odd.txt", data)
    assert digest.items == []
    assert len(digest.notes) == 1 and note in digest.notes[0] and "\n" not in digest.notes[0]


_PIECES = st.sampled_from(
    [
        "Ministers close ranks in Oslo",
        "By Jane Roe and John Poe",
        "Published: Apr 01, 2021 08:01 PM",
        "https://a.example/story-1?x=1",
        "<https://b.example/2>",
        "[Talks resume](https://c.example/3)",
        "OSLO (AP) — Ministers met on Tuesday. They agreed.",
        "Nobody was hurt, the agency said, and the schools",
        "opened as usual on Monday.",
        "WORLD",
        "----------",
        "",
        "",
        "ADVERTISEMENT",
        "Unsubscribe | View in browser",
        "- a bullet with [a link](https://d.example/4)",
        "1. A numbered headline [1]",
        "[1]: https://e.example/5",
        "A view. (Jane Roe/AP)",
        "> quoted words here",
        "## Heading",
        "<p>tags &amp; entities</p>",
        "In this issue:",
        "From: a@b.example",
        "Read more: https://f.example/6",
        "\u00a0",
    ]
) | st.text(max_size=40)
_TEXT = st.lists(_PIECES, max_size=30).map("\n".join)
_NAMES = st.sampled_from(["x.txt", "x.md", "x.html", "x.csv", "x.eml", "x"])
_QUIET = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_QUIET
@given(_TEXT, _NAMES, st.sampled_from(["utf-8", "utf-16", "cp1252", "utf-8-sig"]))
def test_any_text_gives_items_whose_lines_are_in_the_file(text: str, name: str, encoding: str) -> None:
    data = text.encode(encoding, "replace")
    count = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    digest = read_digest(name, data)
    assert len(links_of(digest)) == len(digest.items)
    for item in digest.items:
        assert 1 <= item.start_line <= item.end_line <= count
        assert all(1 <= line <= count for numbers in item.lines.values() for line in numbers)
        assert item.link is None or item.link in item.links
        assert "\n\n\n" not in item.text and item.text == item.text.strip()
        read_json(item)


@_QUIET
@given(_TEXT)
def test_words_are_never_invented(text: str) -> None:
    """Every word of an item's title and text stands in the file."""
    # letters only: a soft hyphen or a broken line may stand inside a word
    source = "".join([*re.findall(r"\w", text), "\n", *re.findall(r"\w", html.unescape(text))])
    for item in read_digest("x.txt", text.encode("utf-8", "replace")).items:
        for word in re.findall(r"\w+", f"{item.title or ''} {item.text}"):
            assert word in source


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), _NAMES)
def test_any_bytes_are_read_without_raising(data: bytes, name: str) -> None:
    read_digest(name, data)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Talks resume in Vienna", "https://a.example/{}", "Some words were said on Monday.", ""]
        ),
        max_size=25,
    )
)
def test_every_address_of_the_input_is_found(lines: list[str]) -> None:
    text = "\n".join(line.format(number) for number, line in enumerate(lines))
    found = {url for item in read_digest("x.txt", text.encode()).items for url in item.links}
    assert found == set(re.findall(r"https://\S+", text))


def test_a_digest_of_thousands_takes_time_in_proportion() -> None:
    """Eight times the items must not take sixty-four times as long."""

    def read(count: int) -> None:
        text = "".join(
            f"Headline number {n} about something\nBy Jane Roe\nhttps://a.example/{n}\n\n"
            f"OSLO (AP) — Paragraph {n} tells what happened on Monday.\n\nIt goes on.\n\n"
            for n in range(count)
        )
        assert len(read_digest("x.txt", text.encode()).items) == count

    assert growth(lambda: read(60), lambda: read(480), 24) <= 24


# --- files and links ------------------------------------------------------------------------------------


def test_files_folders_and_globs_are_found_once_each(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.eml", "in/c.md", ".hidden.txt", "picture.jpg"):
        (tmp_path / name).write_text("x")
    found = find_digests([tmp_path / "b.eml", tmp_path, str(tmp_path / "*.txt")])
    assert [path.name for path in found] == ["b.eml", "a.txt", "c.md"]


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(NoSuchDigest, match=r"nothing-here\.txt: no such file, folder or pattern$"):
        find_digests([tmp_path / "nothing-here.txt"])


def test_every_item_becomes_a_link_with_a_steady_id() -> None:
    text = BODY + "\n---\n\nNo address here, but words that were said on Monday.\n"
    digest = read_digest("some/news.txt", text.encode(), received="2021-04-01")
    first, second = links_of(digest)
    assert first.url == "https://a.example/1" and first.link_id == article_id("http://www.a.example/1/")
    assert (
        second.url is None and second.link_id == links_of(read_digest("other.txt", text.encode()))[1].link_id
    )
    assert first.source == "digest:news.txt" and first.received_at == digest.received_at
    assert first.item is digest.items[0]


def test_read_json_has_exactly_the_promised_keys() -> None:
    (item,) = read_digest("x.txt", BODY.encode()).items
    assert list(read_json(item)) == [
        "file", "start_line", "end_line", "title", "section", "byline", "authors", "printed_date",
        "link", "links", "captions", "dateline", "text",
    ]  # fmt: skip
    assert read_json(item)["dateline"] is None and read_json(item)["captions"] == []


def test_lines_say_where_each_field_was_printed() -> None:
    (item,) = read_digest("x.txt", BODY.encode()).items
    assert item.lines["title"] == [1] and item.lines["byline"] == [2] and item.lines["printed_date"] == [3]
    assert item.lines["link"] == [4] and item.lines["text"] == [6]


def test_broken_markup_costs_no_more_than_its_length() -> None:
    """Tags and comments that are never closed once made the parser read the rest again for each."""

    def read(piece: str, count: int) -> None:
        read_digest("x.html", (piece * count).encode())
        read_digest("x.txt", (piece * count).encode())

    for piece in ("<a ", "<!--", "<div>", "[a](", "*a ", "https://", "ADVERTISEMENT\n"):
        assert growth(partial(read, piece, 200), partial(read, piece, 1200), 18) <= 18, piece
