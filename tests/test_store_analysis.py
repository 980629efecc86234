"""Text to tokens, time to blocks: the two mappings under every answer of both stores."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.models import Interval, Moment
from dateline.stores import analysis as analysis_module
from dateline.stores import calendar
from dateline.stores.analysis import ANALYSES, analyse, analysis_of, shapes
from dateline.stores.document import order_keys, read_moment
from dateline.stores.places import places


def forms(text: str, language: str = "en") -> list[str]:
    return [token.form for token in analyse(text, analysis_of(language))]


def test_what_a_long_run_remembers_of_figures_is_little() -> None:
    """Each report has figures of its own: a national archive's memory would be full of them."""
    text = "In 2031 of 1,234,567 and 7654321 " * 2
    assert [form for form, _ in shapes(text, "en")][:6] == ["in", "2031", "of", "1234567", "and", "7654321"]
    known = analysis_module._known["en", False]
    assert "2031" in known and not {"1,234,567", "7654321"} & known.keys()


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The U.S. and Biden's US-led team", "en", ["the", "US", "and", "biden", "US", "led", "team"]),
        ("They told us. WHO did?", "en", ["they", "told", "us", "WHO", "did"]),
        ("THEY TOLD US", "en", ["they", "told", "us"]),
        ("O'Brien 10,000 3.5% 1.000.000", "en", ["obrien", "10000", "3.5", "1000000"]),
        ("Decree 52DB of 2021's 3rd 4G plan", "en", ["decree", "52db", "of", "2021", "3rd", "4g", "plan"]),
        ("L’accord d'Orsay qu'elle", "fr", ["accord", "orsay", "elle"]),
        ("Straße Łódź Ångström İstanbul", "de", ["strasse", "lodz", "angstrom", "istanbul"]),
        ("北京abc大学", "zh", ["北", "京", "abc", "大", "学"]),
        ("हिन्दी محمّد", "hi", ["हिन्दी", "محمد"]),
        ("a_b cafe\u0301 ﬁne ＡＢＣ co\u00adop", "xx", ["a", "b", "cafe", "fine", "abc", "coop"]),
    ],
)
def test_forms(text: str, language: str, expected: list[str]) -> None:
    assert forms(text, language) == expected


_SPELT = st.one_of(
    st.text("aegiknostuy.,'’-_1éœß中ʼ", min_size=1, max_size=9),
    st.sampled_from(
        "dying die men women U.S. us O'Brien 1,000 gemeldet Aegean l'accord WHO policies".split()
    ),
)


@settings(deadline=None)  # a busy machine is no error
@given(st.lists(_SPELT, min_size=1, max_size=12), st.data(), st.sampled_from(ANALYSES))
def test_words_are_marked_wherever_their_tokens_stand(
    words: list[str], data: st.DataObject, analysis: str
) -> None:
    """A reader who sees no mark in a sentence takes it that the word is not in it: many words are cut at
    once, to save time, and each must be cut as if it stood alone."""
    text = " ".join(words)
    cut = [(token, m.start()) for m in re.finditer(r"\S+", text) for token in analyse(m[0], analysis)]
    asked = data.draw(st.sampled_from(words))
    keys = {key for token in analyse(asked, analysis) for key in (token.form, token.stem)}
    beginnings = tuple(key[:3] for key in sorted(keys) if data.draw(st.booleans()))
    keys |= {token.form for token, _ in cut if token.form.startswith(beginnings)} if beginnings else set()
    right = sorted({(at + t.start, at + t.end) for t, at in cut if t.form in keys or t.stem in keys})
    assert places(text, analysis, keys, beginnings) == right


@settings(deadline=None)  # a busy machine is no error
@given(st.text(max_size=200), st.sampled_from(ANALYSES))
def test_tokens_hold_no_space_and_lie_in_the_text(text: str, analysis: str) -> None:
    """A token with a space in it would fall apart in the index, and never be found again."""
    tokens = analyse(text, analysis)
    for token in tokens:
        assert token.form and token.stem
        assert not any(char.isspace() for char in token.form + token.stem)
        assert 0 <= token.start < token.end <= len(text)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
    assert shapes(text, analysis) == [(token.form, token.stem) for token in tokens]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["sanction", "sanctions", "sanctioned"]),
        ("de", ["Haus", "Hause", "Häuser"]),
        ("fr", ["négociation", "négociations"]),
        ("es", ["negociación", "negociaciones"]),
        ("it", ["sanzione", "sanzioni"]),
        ("ru", ["санкция", "санкции"]),
    ],
)
def test_inflections_meet(language: str, words: list[str]) -> None:
    assert len({analyse(word, language)[0].stem for word in words}) == 1


times = st.one_of(
    st.none(),
    st.datetimes(dt.datetime(2019, 1, 1), dt.datetime(2022, 1, 1)).map(
        lambda time: time.replace(microsecond=0)
    ),
    st.dates(dt.date(2019, 1, 1), dt.date(2022, 1, 1)).map(lambda day: dt.datetime.combine(day, dt.time())),
    st.integers(1, 9999).map(lambda year: dt.datetime(year, 1, 1)),
    st.datetimes().map(lambda time: time.replace(microsecond=0)),
)
intervals = st.builds(lambda start, end: Interval(start=start, end=end), times, times)


@settings(deadline=None)  # a busy machine is no error
@given(intervals, intervals)
def test_terms_overlap_exactly_when_intervals_do(one: Interval, other: Interval) -> None:
    """The embedded store's answer to "mentioned in" rests on this alone."""
    spans = calendar.span(one), calendar.span(other)
    if spans[0] is None or spans[1] is None:
        return
    met = set(calendar.interval_terms(spans[0])) & set(calendar.overlap_terms(spans[1]))
    assert bool(met) == one.overlaps(other)


@settings(deadline=None)  # a busy machine is no error
@given(intervals)
def test_a_cover_is_short(interval: Interval) -> None:
    """A day, a month, a year is one block; nothing takes more than a few hundred."""
    span = calendar.span(interval)
    if span is not None:
        assert len(calendar.cover(span)) < 400


def test_common_intervals_are_one_block() -> None:
    for start, end in (
        (dt.datetime(2021, 3, 22), dt.datetime(2021, 3, 23)),
        (dt.datetime(2021, 2, 1), dt.datetime(2021, 3, 1)),
        (dt.datetime(2021, 1, 1), dt.datetime(2022, 1, 1)),
        (dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1)),
    ):
        span = calendar.span(Interval(start=start, end=end))
        assert span is not None
        assert len(calendar.cover(span)) == 1


@pytest.mark.parametrize(
    ("value", "start", "seconds", "offset"),
    [
        ("2021", dt.datetime(2021, 1, 1), 365 * 86_400, 0),
        ("2021-12", dt.datetime(2021, 12, 1), 31 * 86_400, 0),
        ("2021-03-22", dt.datetime(2021, 3, 22), 86_400, 0),
        ("2021-04-01T20:01", dt.datetime(2021, 4, 1, 20, 1), 60, 0),
        ("2021-04-01T20:01:02+08:00", dt.datetime(2021, 4, 1, 20, 1, 2), 1, 8),
        ("2021-04-01T20:01Z", dt.datetime(2021, 4, 1, 20, 1), 60, 0),
        ("2021-02-30", None, 0, 0),
        ("0999-01-01", None, 0, 0),
        ("3000-01-01", None, 0, 0),
        ("yesterday", None, 0, 0),
    ],
)
def test_moments(value: str, start: dt.datetime | None, seconds: int, offset: int) -> None:
    read = read_moment(Moment(value=value, precision="day"))
    if start is None:
        assert read is None
        return
    assert read is not None
    (first, last), zone = read
    assert (calendar.moment(first), last - first, zone) == (start, seconds, dt.timedelta(hours=offset))


@settings(deadline=None)  # a busy machine is no error
@given(st.lists(st.tuples(st.none() | st.integers(32 * 10**9, 94 * 10**9), st.uuids()), max_size=20))
def test_order_keys_put_newest_first_and_unknown_last(rows: list[tuple[int | None, object]]) -> None:
    made = [(instant, *order_keys(instant, str(id).replace("-", ""))) for instant, id in rows]
    for keys in made:
        assert all(0 <= key < 2**63 for key in keys[1:]), "a signed long in both stores"
    newest = [instant for instant, newest, _ in sorted(made, key=lambda row: -row[1])]
    oldest = [instant for instant, _, oldest in sorted(made, key=lambda row: row[2])]
    known = [instant for instant in newest if instant is not None]
    assert newest[: len(known)] == known == sorted(known, reverse=True)
    assert oldest[: len(known)] == sorted(known)
