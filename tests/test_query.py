"""The text form of a query: what people type, and what the tree says."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.query import (
    WORD_FIELDS,
    And,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    QueryError,
    Word,
    check,
    day_interval,
)
from dateline.query_text import format_words, parse_words


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("sanctions", Word("sanctions")),
        ("eu sanctions", And((Word("eu"), Word("sanctions")))),
        ("eu AND sanctions", And((Word("eu"), Word("sanctions")))),
        ("a OR b c", Or((Word("a"), And((Word("b"), Word("c")))))),
        ("(a OR b) c", And((Or((Word("a"), Word("b"))), Word("c")))),
        ("a -b", And((Word("a"), Not(Word("b"))))),
        ("a NOT (b OR c)", And((Word("a"), Not(Or((Word("b"), Word("c"))))))),
        ('"foreign minister"', Phrase(("foreign", "minister"))),
        ("“foreign minister”~3", Phrase(("foreign", "minister"), 3)),
        ("sanct*", Word("sanct", prefix=True)),
        ("北*", Word("北", prefix=True)),
        ("title:sanctions", Word("sanctions", field="title")),
        ('author:"Deng Zijun"', Phrase(("Deng", "Zijun"), field="author")),
        ("title:(a OR b)", Or((Word("a", field="title"), Word("b", field="title")))),
        ("Biden's U.S. AT&T", And((Word("Biden's"), Word("U.S."), Word("AT&T")))),
        (
            "at 12:30 https://a.example/b?c=d",
            And((Word("at"), Word("12:30"), Word("https://a.example/b?c=d"))),
        ),
        ("north-east - & who?", And((Word("north-east"), Word("who")))),
        ("and or not", And((Word("and"), Word("or"), Word("not")))),
        ("", None),
        ("  & () ", None),
    ],
)
def test_what_people_type(text: str, tree: Node | None) -> None:
    assert parse_words(text) == tree


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("*tions", "sanct*"),
        ("?anctions", "sanct*"),
        ("s*ctions", "only at the end"),
        ("wom?n", "only at the end"),
        ("s*", "two letters"),
        ("/sanct.*/", "beginning"),
        ("sanctions~", "two words"),
        ('"eu sanct*"', "without quotes"),
        ('"eu sanctions', "close it"),
        ("(eu", r"without its \)"),
        ("eu)", r"without its \("),
        ("NOT", "write a word"),
        ("titel:eu", "title"),
        ('"a b"~999', "smaller number"),
        ("x" * 201, "beginning"),
        ("a " * 65, "leave some out"),
        ("a" * 2001, "leave some words out"),
        ("(" * 20 + "a" + ")" * 20, "flatter"),
        ("NOT " * 60 + "a", "flatter"),
    ],
)
def test_refusals_say_what_to_write_instead(text: str, hint: str) -> None:
    with pytest.raises(QueryError, match=hint):
        parse_words(text)


@given(st.text(st.sampled_from("abAND ORNOT()\"'~*-:/?“”&.3title"), max_size=60) | st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing that is typed may end in a traceback, and what is read is written back to the same."""
    try:
        tree = parse_words(text)
    except QueryError:
        return
    if tree is not None:
        assert parse_words(format_words(tree)) == tree


words = st.sampled_from(["eu", "Biden's", "U.S.", "北京", "north-east", "12:30", "ß"])
fields = st.none() | st.sampled_from(WORD_FIELDS)
leaves = st.one_of(
    st.builds(Word, words, st.just(False), fields),
    st.builds(Word, st.just("sanct"), st.just(True), fields),
    st.builds(Phrase, st.lists(words, min_size=1, max_size=4).map(tuple), st.integers(0, 3), fields),
)


def _joined(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    """As the reader makes it: a part of the same kind gives its parts."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))]
    return kind(tuple(flat))


trees: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(lambda parts: _joined(And, parts), st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda parts: _joined(Or, parts), st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=8,
)


@given(trees)
def test_every_tree_has_a_text_form(tree: Node) -> None:
    """A saved search must come back as it was saved."""
    assert parse_words(format_words(tree)) == tree


def test_words_the_text_form_cannot_hold_bare_become_phrases() -> None:
    assert format_words(Word("AND")) == '"AND"'
    assert format_words(Word("two words", field="title")) == 'title:"two words"'


def test_a_day_interval_holds_its_last_day() -> None:
    interval = day_interval(dt.date(2021, 3, 22), dt.date(2021, 3, 22))
    assert (interval.start, interval.end) == (dt.datetime(2021, 3, 22), dt.datetime(2021, 3, 23))


def test_too_many_names_are_refused() -> None:
    with pytest.raises(QueryError, match="at most 50 publishers"):
        check(Query(publishers=[str(number) for number in range(51)]))
    check(Query(publishers=[str(number) for number in range(50)]))
