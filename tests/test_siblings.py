"""If these fail, each report made of a template is held against all that were ever made of it, or a copy
is taken for one of them and missing from its story."""

from __future__ import annotations

import random
from dataclasses import replace

from story_samples import SUBJECTS, sentences, told

from dateline.models import Article
from dateline.stores.base import Store
from dateline.stories.siblings import Asking, Siblings
from dateline.texts.copies import LEAST, Telling, is_copy, may_be_copy, outline, sketch, telling

FAMILY = 30


def family() -> list[Article]:
    """Reports with the same three sentences among ten of their own; the last two are copies."""
    frame = sentences(1, 4)
    made = [told(f"{at:04x}", frame + sentences(100 + at, 10)) for at in range(FAMILY - 1)]
    return [*made, replace(made[-1], article_id="ffff", canonical_url="https://other.example/1")]


class Counting(Asking):
    """Counts what was read."""

    def __init__(self, siblings: Siblings, texts: list[str]) -> None:
        super().__init__(siblings, texts)
        self.read: list[str] = []

    def put(self, key: int, telling: Telling) -> None:
        self.read.append(telling.article_id)
        super().put(key, telling)


def test_siblings_are_read_once_and_copies_are_found(store: Store) -> None:
    """Asked again, and by the next process's first article, whatever the store: the family is known."""
    articles = family()
    store.write(articles)
    siblings = Siblings()
    asked = [article.text for article in articles[-3:]]
    first = Counting(siblings, asked)
    found = store.sharing(list(map(sketch, asked)), first, LEAST)
    assert sorted(first.read) == sorted(article.article_id for article in articles)
    assert [sorted(one.article_id for one in row)[-2:] for row in found[1:]] == [["001c", "ffff"]] * 2
    again = Counting(siblings, asked)
    found = store.sharing(list(map(sketch, asked)), again, LEAST)
    assert again.read == []
    assert [sorted(one.article_id for one in row) for row in found] == [["001b"], *[["001c", "ffff"]] * 2]


def test_of_too_many_siblings_the_newest_are_taken(store: Store) -> None:
    """Both stores must cut a family at the same place, or the same archive has other stories there."""
    parts = sentences(1, 14)
    articles = [told(f"{at:04x}", parts, published=f"2021-03-{at + 1:02}") for at in range(12)]
    text = articles[0].text
    store.write(random.Random(1).sample(articles, len(articles)))
    (found,) = store.sharing([sketch(text)], Asking(Siblings(), [text]), LEAST, limit=5)
    assert [one.article_id for one in found] == ["000b", "000a", "0009", "0008", "0007"]


def test_an_outline_rules_out_no_copy() -> None:
    """Pairs at every degree of likeness and length: what the outlines rule out, the texts do, too."""
    rng = random.Random(3)
    ruled_out = copies = 0
    for _ in range(300):
        base = sentences(rng.randrange(40), rng.choice([3, 6, 12, 40]))
        keep, own = rng.random(), rng.randrange(0, 20)
        parts = [one for one in base if rng.random() < keep] + sentences(rng.randrange(40, 80), own)
        one, other = told("a", base), told("b", parts or base)
        if rng.random() < 0.3:
            other.text = other.text.replace(rng.choice(SUBJECTS), rng.choice(SUBJECTS))
        may = may_be_copy(outline(one.text), outline(other.text))
        copy = is_copy(telling(one), telling(other))
        assert may == may_be_copy(outline(other.text), outline(one.text))
        assert copy == is_copy(telling(other), telling(one))
        assert may or not copy
        ruled_out += not may
        copies += copy
    assert ruled_out > 60 and copies > 40  # it was asked about both kinds


def test_what_was_not_asked_for_longest_is_forgotten() -> None:
    """A long run's memory stays what it is; a forgotten article is read again, never taken for known."""
    tellings = [telling(article) for article in family()]
    siblings = Siblings(room=5 * outline(tellings[0].text).room)
    for key, one in enumerate(tellings[:10]):
        siblings.put(key, one)
    other = outline(" ".join(sentences(9, 14)))
    known = [key for key in range(10) if siblings.ruled_out(other, key)]
    assert known and known == list(range(10 - len(known), 10)) and len(known) < 10
