"""What makes an article special, as weighted terms: the same query for both stores.

The words and names that stand often in it and in few others. Each that another article shares counts
a whole number, so that the sum is exact and both stores put the answers in the same order; a score is
the part of the whole that is shared, from 0 to 1.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dateline.models import Article
from dateline.stores.analysis import analysis_of, is_stopword, shapes
from dateline.stores.document import document_id, id_term, stem_term, term
from dateline.stores.plan import Any, Counted, OneOf, Plan, Without

LEAST = 0.12  # of the whole: below, two articles share no more than any two do
_READ = 20_000  # characters of the text
_WORDS, _NAMES = 40, 20  # that are weighed
_KEPT = 25  # that are asked for
_NAME = 1.5  # a name says more of what an article is about than a word


@dataclass(slots=True, frozen=True)
class Feature:
    """A term of the index, and how often the article has it."""

    field: str
    value: str
    times: float


def features(article: Article) -> list[Feature]:
    """The words and names that may make the article special."""
    analysis = analysis_of(article.language)
    words: Counter[str] = Counter()
    for text, worth in ((article.title or "", 2), (article.text[:_READ], 1)):
        for form, stem in shapes(text, analysis):
            if len(form) > 1 and not form[0].isdecimal() and not is_stopword(form, analysis):
                words[stem_term(stem, None, analysis)] += worth
    names = {id_term(entity.entity_id): 1.0 + len(entity.mentions) for entity in article.entities}
    first = sorted(words.items(), key=lambda row: (-row[1], row[0]))[:_WORDS]
    known = sorted(names.items(), key=lambda row: (-row[1], row[0]))[:_NAMES]
    return [Feature("words", value, times) for value, times in first] + [
        Feature("entity", value, times) for value, times in known
    ]


def weighed(found: Sequence[Feature], counts: Sequence[int], total: int) -> list[Counted]:
    """The features that count, with their weights.

    Args:
        found: see `features`.
        counts: how many articles of the store have each.
        total: how many articles the store holds.
    """
    made = []
    for feature, count in zip(found, counts, strict=True):
        if count < 2:
            continue  # nobody else has it
        rare = math.log(1 + total / count) * (_NAME if feature.field == "entity" else 1.0)
        made.append(
            Counted(feature.field, feature.value, round(16 * rare * feature.times / (feature.times + 1.5)))
        )
    return sorted(made, key=lambda one: (-one.weight, one.field, one.value))[:_KEPT]


def plan_of(article: Article, asked: Sequence[Counted]) -> Plan:
    """What finds the others: not itself, nor those that tell its story, which are shown apart."""
    itself = Without(OneOf("id", (document_id(article.article_id),)))
    story = (Without(OneOf("story", (term(article.story),))),) if article.story else ()
    return Plan(Any(tuple(asked)), (itself, *story))
