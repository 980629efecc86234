"""Time expressions in hostile and odd text: without these a stranger's page could stall the archive."""

# ruff: noqa: E501 — the word list is one string

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.dates.timex import find_times
from dateline.models import Moment
from tests.effort import growth, least_effort

ANCHOR = Moment(value="2021-03-24", precision="day")
JUNK = [
    "1.",
    "1,",
    "1-",
    "1/",
    "1:",
    "a.",
    "a@",
    "'",
    '"',
    "“",
    "... ",
    "\n ",
    "\n\n",
    " ",
    "January ",
    "the ",
    "last ",
    "Monday, ",
    "Monday-",
    "1 and ",
    "5 p.m. ",
    "(",
    "$1",
    "1234567890",
    "May 1, 2, ",
    "https://a",
    "two days after ",
    "U.S. ",
    "early late mid ",
    "said ",
    "‘9",
    "1-234-",
    "ä",
    "\u3000",
    "first half of the ",
    "1, ",
    '"Monday, ',
    '5 p.m. "',
]


@pytest.mark.parametrize("piece", JUNK)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    """A page of junk must cost what its length says: eight times the text, about eight times the work."""
    assert _growth(piece * (3_000 // len(piece)), piece * (24_000 // len(piece))) <= 24


@pytest.mark.parametrize("piece", random.Random(11).sample(JUNK, 12))
def test_mixed_junk_grows_no_faster(piece: str) -> None:
    """What each piece alone does not, two together might: a run of one that waits for the other."""
    others = [other for other in random.Random(piece).sample(JUNK, 5) if other != piece]

    def text(size: int) -> str:
        mixed = "".join((piece + other) * (size // 10 // len(piece + other)) for other in others)
        return mixed + piece * (size // 4 // len(piece)) + others[0] * (size // 4 // len(others[0]))

    assert _growth(text(2_000), text(16_000)) <= 24


def _growth(small: str, large: str) -> float:
    return growth(lambda: find_times(small, ANCHOR), lambda: find_times(large, ANCHOR), 24)


def test_a_megabyte_of_junk_is_read_in_seconds() -> None:
    """A digest with a megabyte of garbage must not hold up the rest."""
    letters = random.Random(3)
    text = "".join(letters.choices(string.printable + "äß“”–’", k=1_000_000))
    assert least_effort(lambda: find_times(text, ANCHOR), 120) <= 120


_WORDS = st.sampled_from(
    "the a of in on at last next this Monday Tues. March Dec. 3 31 29 1998 2021 0001 9999 99999 week weeks years ago "
    "later earlier before after from to and , . - – ( ) 5 p.m. 24:00 12:75 GMT noon midnight night morning third half "
    "quarter 1990s '90s Easter Christmas Feb. 29 30 two hundred thousand nineteen ninety-four early mid- end 2019–20 "
    "13/13/2020 02/30/2021 2021-02-30 decade century 19th tomorrow yesterday now said will \n\n \" “ ” 's ’s".split(
        " "
    )
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_WORDS, max_size=30).map(" ".join), st.sampled_from(["en", "de", "fr", "es", "xx", ""]))
def test_any_sequence_of_date_words_is_read(text: str, code: str) -> None:
    """No mixture of words may raise: one bad sentence would lose an article's dates."""
    _check(text, find_times(text, ANCHOR, code))
    _check(text, find_times(text, None, code))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["0001-01-01", "9999-12-31", "2020-02-29"]))
def test_any_text_is_read(text: str, day: str) -> None:
    """Any characters, and the first and last days of the calendar."""
    _check(
        text, find_times(text + " last century, two years ago, Monday", Moment(value=day, precision="day"))
    )


def _check(text: str, found: list) -> None:  # type: ignore[type-arg]
    end = 0
    for one in found:
        assert end <= one.start < one.end
        assert one.interval is None or one.interval.start < one.interval.end
        assert not (one.vague and one.interval)
        assert one.type in ("DATE", "TIME") or one.interval is None
        if one.end <= len(text):
            assert one.text == text[one.start : one.end]
        end = one.end
