"""If these fail, one agency report fills a page of results, or two reports are taken for one."""

from __future__ import annotations

import itertools
import random
import threading
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from story_samples import sentences, told

from dateline.models import Article
from dateline.query import Query
from dateline.stores.base import Store
from dateline.stores.embedded import EmbeddedStore
from dateline.stories.grouping import group, story_id
from dateline.stories.lineage import lineage, story_of
from dateline.texts.copies import LEAST, is_copy, sketch, telling

AGENCY = sentences(1, 24)


def copies() -> list[Article]:
    """One agency report as seven outlets print it."""
    return [
        told("a0", AGENCY, agency="AP"),
        told("b1", AGENCY, title="No deal in Geneva, again"),
        told("c2", AGENCY[:7], title="Talks fail"),  # cut from the end
        told("d3", sentences(50, 4) + AGENCY[2:20]),  # an intro of its own
        told("e4", [one for at, one in enumerate(AGENCY) if at % 5 != 3]),  # sentences left out
        told("f5", AGENCY[:14] + sentences(51, 5), title="What it means for us"),  # an ending of its own
        told("g6", [one.replace("despite warnings", "in spite of warnings") for one in AGENCY]),
    ]


def stories(store: Store) -> dict[str, str | None]:
    return {article.article_id: article.story for article in store.scan()}


def write(store: Store, *articles: Article) -> None:
    store.write([replace(article) for article in articles])
    group(store, [article.article_id for article in articles])


def alike(one: Article, other: Article) -> bool:
    answer = is_copy(telling(one), telling(other))
    assert answer == is_copy(telling(other), telling(one)), "it must not matter which is asked about which"
    return answer and len(set(sketch(one.text)) & set(sketch(other.text))) >= LEAST


@pytest.mark.parametrize("at", range(1, 7))
def test_what_outlets_do_to_agency_copy_leaves_it_the_same_story(at: int) -> None:
    assert alike(copies()[0], copies()[at])


def test_reports_that_share_no_text_are_two_stories() -> None:
    """An event is not a story: each paper's own report stays apart."""
    assert not alike(told("a", AGENCY), told("b", sentences(2, 24)))


def test_a_long_statement_quoted_by_two_makes_no_copy() -> None:
    quoted = sentences(3, 6)
    assert not alike(
        told("a", sentences(4, 10) + quoted + sentences(5, 4)),
        told("b", sentences(6, 9) + quoted + sentences(7, 5)),
    )


def test_a_roundup_does_not_join_what_it_holds(store: Store) -> None:
    """Three reports in one page of briefs: they would all become one story through it."""
    items = [sentences(seed, 8) for seed in (10, 11, 12)]
    singles = [
        told(f"s{at}", item, title=f"Single report number {at} of its own") for at, item in enumerate(items)
    ]
    roundup = told("r", list(itertools.chain(*items)), title="News in brief")
    write(store, *singles, roundup)
    found = stories(store)
    assert len({found["s0"] or "s0", found["s1"] or "s1", found["s2"] or "s2"}) == 3


def market(day: int, host: str = "") -> Article:
    rng = random.Random(day)
    number = lambda: f"{rng.randint(10, 9999) / 10:,.1f}"  # noqa: E731
    lines = [
        f"The FTSE 100 closed {number()} points up at {number()} as investors weighed the outlook for rates.",
        f"The more domestic FTSE 250 rose {number()} points to {number()} by the end of trading.",
        f"In Frankfurt the DAX added {number()} points, while the CAC 40 in Paris stood at {number()}.",
        f"Sterling bought {number()} cents against the dollar, and Brent crude was at {number()} a barrel.",
        "On the blue-chip index miners led the risers while housebuilders were among the biggest fallers.",
        f"The pound was worth {number()} euros when London markets closed, from {number()} before.",
        f"Gold fetched {number()} dollars an ounce, and the yield on ten-year gilts was {number()}.",
    ]
    return told(f"m{day}", lines * 2, title="London close", host=host, published=f"2021-03-{day:02d}T17:00Z")


def match(id: str, home: str, away: str, score: str, scorer: str) -> Article:
    lines = [
        f"A late goal from {scorer} gave {home} a {score} win over {away} before a full house on Saturday.",
        f"The hosts took the lead early when {scorer} turned in a low cross at the near post.",
        f"For long spells after that {away} had most of the ball without troubling the keeper of {home}.",
        "The visitors were level soon after the break with a header from a corner that nobody had cleared.",
        f"With the clock running down {scorer} struck again, and there was no way back for {away}.",
        f"It leaves {home} in the top half of the table, while {away} have now lost three in a row.",
    ]
    return told(id, lines, title=f"{home} {score} {away}")


def test_reports_from_one_template_are_not_one_story() -> None:
    """The same words with other numbers and names: yesterday's close, the match next door."""
    assert not alike(market(3), market(4))
    assert not alike(market(3, "ledger.example"), market(10, "ledger.example"))
    assert not alike(
        match("x", "Rovers", "United", "2-1", "Okafor"), match("y", "Albion", "Wanderers", "3-2", "Lindqvist")
    )
    weather = [
        "{} will see highs of {} degrees with winds from the {} and a {} per cent chance of rain. ".format(
            *row
        )
        + "Overnight it stays mostly dry with patches of fog that clear by the morning commute. "
        + f"The rest of the week in {row[0]} stays unsettled, with {row[4]} degrees at best on Friday. "
        + "Forecasters ask drivers to take care on untreated roads and to look out for ice on bridges."
        for row in (("Leeds", 12, "west", 30, 14), ("Truro", 17, "south", 80, 9))
    ]
    assert not alike(told("w1", [weather[0]]), told("w2", [weather[1]]))


def test_the_same_market_report_at_two_papers_is_one_story() -> None:
    """The guard against templates must not cost the copies of one."""
    assert alike(market(3), replace(market(3), article_id="other", canonical_url="https://other.example/1"))


def test_a_toll_that_rises_is_still_the_same_report() -> None:
    """Papers print an agency's report at different stages: the number of dead changes, the story not."""
    first = ["At least 12 people died when a bridge fell in Quito on Monday.", *AGENCY[:14]]
    second = ["At least 15 people died when a bridge fell in Quito on Monday.", *AGENCY[:14], *AGENCY[20:22]]
    assert alike(told("a", first), told("b", second))


def test_stubs_and_furniture_make_no_story() -> None:
    stub = ["Subscribe to read this article and everything else that we publish, every day of the week."]
    assert not alike(told("a", stub), told("b", stub))
    assert sketch(" ".join(stub)) == ()
    furniture = [
        "Sign up to our newsletter for the stories that matter in your inbox every single morning.",
        "Follow us on the networks for breaking news and tell us what you think in the comments below.",
        "Our journalism needs your support, so please consider a subscription for 4 euros a month.",
    ]
    assert not alike(told("a", sentences(20, 4) + furniture), told("b", sentences(21, 4) + furniture))


def test_a_live_blog_is_no_copy_of_what_it_pastes() -> None:
    posts = [
        f"{hour}:15 {one}" for hour, one in zip(range(8, 22), sentences(30, 7) + AGENCY[:7], strict=True)
    ]
    blog = replace(told("l", posts), text="\n\n".join(posts), title="Talks live: all the latest")
    assert not alike(told("a", AGENCY[:9]), blog)


def test_texts_without_spaces_are_grouped_too() -> None:
    text = "".join(
        f"第{number}段報導：外交部長在日內瓦舉行了第{number * 7}次會談，雙方交換意見，結果仍不明朗。"
        for number in range(12)
    )
    one, other = (
        told("a", [text]),
        told("b", ["本報記者綜合報導，會談結果出爐。" + text[: len(text) * 3 // 4]]),
    )
    assert alike(one, other)


@pytest.mark.parametrize("text", ["", "\x00" * 500, "a" * 100_000, "1 " * 50_000, "😀 " * 300, "\ud800" * 99])
def test_any_text_is_read(text: str) -> None:
    one = replace(told("a", AGENCY), text=text)
    assert is_copy(telling(one), telling(one)) in (True, False)
    assert not is_copy(telling(one), telling(told("b", AGENCY)))
    assert len(sketch(text)) <= 36


def test_a_story_is_found_by_its_id_and_leaves_others_out(store: Store) -> None:
    mine = copies()
    write(store, *mine, told("z9", sentences(2, 24)))
    found = stories(store)
    assert found == dict.fromkeys([article.article_id for article in mine], story_id(["a0"])) | {"z9": None}
    answer = store.search(Query(story=story_id(["a0"]), limit=100))
    assert {hit.article.article_id for hit in answer.hits} == {article.article_id for article in mine}


def test_two_stories_become_one_when_the_link_between_them_arrives(store: Store) -> None:
    """The short version of one outlet and of another have nothing in common but the agency's whole."""
    first, last = AGENCY[:12], AGENCY[12:]
    whole = told("c", AGENCY)
    parts = [told("b", first), told("d", first), told("a", last), told("e", last)]
    write(store, *parts)
    assert [stories(store)[id] for id in "bdae"] == [story_id("b")] * 2 + [story_id("a")] * 2
    write(store, whole)
    assert set(stories(store).values()) == {story_id("a")}


def test_a_story_falls_apart_when_what_held_it_is_rewritten_or_removed(store: Store) -> None:
    first, last = AGENCY[:12], AGENCY[12:]
    parts = [told("b", first), told("d", first), told("a", last), told("e", last), told("c", AGENCY)]
    write(store, *parts)
    apart = {"b": story_id("b"), "d": story_id("b"), "a": story_id("a"), "e": story_id("a")}
    standing = store.get("c")
    assert standing is not None and standing.story == story_id("a")
    rewritten = replace(told("c", sentences(90, 20)), story=standing.story, version=2)
    write(store, rewritten)
    assert stories(store) == apart | {"c": None}
    write(store, replace(told("c", AGENCY), version=3))
    assert set(stories(store).values()) == {story_id("a")}
    store.delete(["c"])
    group(store, [], [story_id("a")])
    assert stories(store) == apart
    store.delete(["d"])
    group(store, [], [story_id("b")])
    assert stories(store)["b"] is None, "an article alone tells no story"


POOL = [*copies(), told("z9", sentences(2, 24)), told("y8", sentences(2, 24)[:15]), market(3), market(4)]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(len(POOL))), cuts=st.sets(st.integers(1, len(POOL) - 1), max_size=4))
def test_the_order_of_arrival_does_not_matter(
    order: list[int], cuts: set[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two archives of the same articles must tell the same stories, or a search can't be shared."""
    store = EmbeddedStore(tmp_path_factory.mktemp("index"))
    borders = [0, *sorted(cuts), len(order)]
    for start, end in itertools.pairwise(borders):
        write(store, *(POOL[number] for number in order[start:end]))
    expected = dict.fromkeys([each.article_id for each in copies()], story_id(["a0"]))
    expected |= {"z9": story_id(["y8"]), "y8": story_id(["y8"]), "m3": None, "m4": None}
    assert stories(store) == expected
    store.close()


@pytest.mark.timeout(400)
def test_two_writers_at_once_miss_no_copy(store: Store) -> None:
    """Agency copy comes to several outlets, and so to several workers, in the same second."""
    halves = [copies()[::2], copies()[1::2]]
    barrier = threading.Barrier(2)

    def work(articles: list[Article]) -> None:
        for article in articles:
            barrier.wait(120)
            write(store, article)
            barrier.wait(120)

    halves[1].append(told("z9", sentences(2, 24)))  # as many for each
    threads = [threading.Thread(target=work, args=(half,)) for half in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert set(stories(store).values()) == {story_id(["a0"]), None}


def test_a_lineage_says_who_was_first_and_what_each_outlet_added() -> None:
    """A journalist must tell the agency's own words from what a paper found out itself."""
    own = "Residents of the harbour quarter told this paper that nobody had warned them of the closure."
    line = lineage(
        [
            told("late", AGENCY[:14], host="late.example", published="2021-03-25T08:00Z"),
            told("own", [*AGENCY[:10], own], host="own.example", published="2021-03-24T14:00Z"),
            told("own2", [*AGENCY[:11], own], host="own.example", published="2021-03-24T18:00Z"),
            told("wire", AGENCY, host="wire.example", published="2021-03-24T10:00+01:00", agency="AP"),
            told(
                "wired",
                AGENCY,
                host="wired.example",
                published="2021-03-24T11:00Z",
                agency="The Associated Press",
            ),
            told("new", sentences(8, 14) + AGENCY[:6], host="new.example", published="2021-03-26T08:00Z"),
        ]
    )
    assert [one.article_id for one in line.told] == ["wire", "wired", "own", "late", "new"]
    assert [one.kind for one in line.told] == ["first", "agency", "copy", "copy", "reworked"]
    assert line.agency == "AP" and line.sure
    mine = line.told[2]
    assert mine.added == [own] and mine.also == ["own2"], "its own later version is no other outlet"
    assert line.told[1].added == [] and line.told[1].share == 1.0
    assert line.told[4].comes_from in ("wire", "wired") and len(line.told[4].added) == 14


def test_who_was_first_is_not_claimed_where_the_times_do_not_tell() -> None:
    days = [told("a", AGENCY, published="2021-03-24"), told("b", AGENCY, published="2021-03-24T09:00Z")]
    assert not lineage(days).sure
    assert not lineage([replace(days[0], published_at=None), days[1]]).sure
    assert lineage([told("a", AGENCY, published="2021-03-23"), days[1]]).sure


def test_a_story_is_asked_for_by_its_id_or_by_any_who_tells_it(store: Store) -> None:
    """Links to a story stay good when an article with a smaller id joins it."""
    write(store, *copies()[3:], told("z9", sentences(2, 24)))
    old = story_id(["d3"])
    assert {article.article_id for article in story_of(store, old)} == {"d3", "e4", "f5", "g6"}
    write(store, *copies()[:3])
    everyone = {article.article_id for article in copies()}
    for asked in (old, "g6", story_id(["a0"])):
        assert {article.article_id for article in story_of(store, asked)} == everyone
    assert [article.article_id for article in story_of(store, "z9")] == ["z9"]
    assert story_of(store, "nobody") == []
