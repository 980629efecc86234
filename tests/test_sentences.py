"""Sentence borders decide what --near answers: a wrong one joins a name to another sentence's date."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.models import Entity, Interval, Mention, TimeExpression
from dateline.texts.sentences import sentences_of, split
from tests.effort import growth

CASES: dict[str, list[list[str]]] = {
    "en": [
        ["U.S. Secretary of State Ann Poe met Mr. Ruiz in Oslo on Jan. 6.", "They spoke for an hour."],
        ["The office opens at 9 a.m. Monday.", "It closes at 5 p.m.", "The guards stay."],
        ["He lives in the U.S.", "She moved to the U.K. in May."],
        ["“We stand together,” Li said.", "“These steps will not be welcomed.”", "Others agreed."],
        ['"We tried.', "We failed.", 'We go on," she said.'],
        ["Apple Inc. shares fell 3.5 percent.", "Acme Corp. said nothing."],
        ["J. K. Rowling and George W. Bush met J.R.R. Tolkien's heirs.", "No. 3 seed lost."],
        ["If they broke these ties ... then things change, he said.", "He paused...", "Then he left."],
        ["“Will it hold?” Ms. Perez asked.", "“Yes!” said Gov. Tim Walz.", "Nobody laughed."],
        ["The U.S.-led force left at 3 p.m. EST on Dec. 5, 2020.", "Sen. Bob Roe (R-Tex.) objected."],
        ["Is it over?", "Yes.", "No!", "Perhaps…", "We shall see."],
        ["Prices rose (by 3 percent.)", "Then they fell."],
        ["St. Louis beat Washington, D.C., in Game 5.", "Dr. Fauci, Ph.D., watched."],
        ["The firm, Smith & Co., was sold in 1999.", "Its owner, Jones Bros. Ltd., was not."],
        ["Visit example.com or call No. 5.", "Yahoo.com is down."],
        ["Lt. Gen. H. R. McMaster resigned.", "So did Maj. Tom."],
        ["The meeting ended at 10 p.m.", "“Good night,” he said."],
        ["Officials e.g. Mr. X, Mrs. Y and Prof. Z came.", "They left."],
        ["Trump's aide said Sept. 11 was the date.", "On Feb. 3 it ended."],
        ['"How could they?" the mother of two asked.', '"Why?"'],
    ],
    "de": [
        ["Am 3. Oktober kam Dr. Weber nach Berlin.", "Er blieb z. B. drei Tage.", "Das war u. a. teuer."],
        ["„Wir bleiben“, sagte Prof. Klein.", "„Das ist gut.“", "Die 2. Bundesliga beginnt am 14. Juli."],
        ["Der Umsatz stieg auf 3,5 Mrd. Euro.", "Die Nr. 1 bleibt."],
    ],
    "fr": [
        ["M. Macron a rencontré Mme Le Pen.", "Ils ont parlé."],
        ["« C'est fini. »", "Il est parti."],
        ["Mgr. Dupont, env. 50 ans, est venu.", "L'art. 5 demeure."],
    ],
    "es": [
        ["El Sr. García viajó a EE. UU. en enero.", "¿Volverá?", "No lo sabe."],
        ["La Sra. Díaz dijo: «Basta.»", "Ud. lo sabe."],
    ],
    "zh": [["王毅说：“中国反对制裁。”", "他离开了。", "会议结束！"]],
}


@pytest.mark.parametrize(
    ("language", "sentences"), [(language, case) for language, cases in CASES.items() for case in cases]
)
def test_borders_are_where_a_reader_sees_them(language: str, sentences: list[str]) -> None:
    text = ("" if language == "zh" else " ").join(sentences)
    assert [text[a:b] for a, b in split(text, language)] == sentences


def test_a_paragraph_ends_a_sentence_even_without_a_full_stop() -> None:
    """A heading that ran into the text would lend its names to the first sentence."""
    text = "Talks open in Lagos\n\nMinisters met on Monday\n \nThey agreed."
    assert [text[a:b] for a, b in split(text)] == [
        "Talks open in Lagos",
        "Ministers met on Monday",
        "They agreed.",
    ]


def test_a_wrapped_line_goes_on_and_a_finished_one_does_not() -> None:
    text = (
        "The minister of the island's largest province said on Tuesday\n"
        "that Talks were over.\nNobody left.\n- First point\n- Second point"
    )
    assert [text[a:b] for a, b in split(text)] == [
        "The minister of the island's largest province said on Tuesday\nthat Talks were over.",
        "Nobody left.",
        "- First point",
        "- Second point",
    ]


@given(st.text(alphabet=st.sampled_from("aB1.?!…。\"“”’' \n(U.S.Mr.É»«\u00a0\U0001f600"), max_size=200))
def test_every_character_is_in_exactly_one_sentence(text: str) -> None:
    """A lost character is a lost mention; an overlap counts one twice."""
    spans = split(text)
    assert all(a < b for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)
    covered = set().union(*(range(a, b) for a, b in spans)) if spans else set()
    assert {i for i, c in enumerate(text) if not c.isspace()} <= covered


@pytest.mark.parametrize("unit", ["a" * 50, ". ", "\n", "“", "U.S.", "Mr. X said. ", "\n \n", "?" * 9])
def test_time_grows_with_the_text_and_not_faster(unit: str) -> None:
    """One hostile page must not hold up a batch."""
    small, large = unit * (50_000 // len(unit)), unit * (400_000 // len(unit))
    assert growth(lambda: split(small), lambda: split(large), 24) <= 24


def test_a_sentence_holds_the_names_and_days_that_begin_in_it() -> None:
    """--near asks exactly this: who and when in one sentence, and not in its neighbour."""
    text = "Ana Ruiz left on Monday. Tom Berg came in May, said Ruiz."
    ruiz = Entity(entity_id="person/ana-ruiz", name="Ana Ruiz", type="PERSON")
    berg = Entity(entity_id="person/tom-berg", name="Tom Berg", type="PERSON")
    for entity, name, at in (
        (ruiz, "Ana Ruiz", 0),
        (ruiz, "Ruiz", text.rindex("Ruiz")),
        (berg, "Tom Berg", 25),
    ):
        entity.mentions.append(Mention(start=at, end=at + len(name), text=name, label="PERSON"))
    ruiz.mentions.append(Mention(start=0, end=8, text="Ana Ruiz", label="PERSON", part="title"))
    day = Interval(start=dt.datetime(2021, 3, 22), end=dt.datetime(2021, 3, 23))
    month = Interval(start=dt.datetime(2021, 5, 1), end=dt.datetime(2021, 6, 1))
    times = [
        TimeExpression(start=17, end=23, text="Monday", type="DATE", value="2021-03-22", interval=day),
        TimeExpression(start=42, end=45, text="May", type="DATE", value="2021-05", interval=month),
        TimeExpression(start=9, end=13, text="left", type="DATE", value="PAST_REF", vague=True),
    ]
    first, second = sentences_of(text, [ruiz, berg], times)
    assert (first.entity_ids, first.intervals) == (["person/ana-ruiz"], [day])
    assert (second.entity_ids, second.intervals) == (["person/tom-berg", "person/ana-ruiz"], [month])


@pytest.mark.shared
def test_the_seed_articles_break_where_a_reader_sees_it() -> None:
    seed = Path(__file__).parents[2] / "shared/seeds/001_80d179c0354ea9a9.txt"
    if not seed.exists():
        pytest.skip("../shared is not beside the repo")
    text = seed.read_text()
    found = [text[a:b] for a, b in split(text)]
    assert any(
        s.startswith("U.S. Secretary of State Antony Blinken") and s.endswith("partners.”") for s in found
    )
    assert any(s.startswith("At their initial meeting") and "Nanning on Monday" in s for s in found)
    assert any(s == "No verdicts have been announced." for s in found)
