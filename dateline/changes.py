"""What is different between two versions of an article, field by field, for a person to judge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dateline.models import Article

_SHOWN = 200  # characters of a value


@dataclass(slots=True, kw_only=True)
class Change:
    """A field of an article that is not what it was; of long texts the first place that differs."""

    article_id: str
    field: str
    old: str
    new: str


def _moment(value: Any) -> str:
    return f"{value.value} {value.zone or ''}".strip() if value is not None else ""


# What a reader sees, with the words in which it is shown.
FIELDS: dict[str, Callable[[Article], str]] = {
    "title": lambda each: each.title or "",
    "text": lambda each: each.text,
    "authors": lambda each: "; ".join(each.authors),
    "byline": lambda each: each.byline or "",
    "published_at": lambda each: _moment(each.published_at),
    "modified_at": lambda each: _moment(each.modified_at),
    "publisher": lambda each: each.publisher or "",
    "agency": lambda each: each.agency or "",
    "section": lambda each: each.section or "",
    "topics": lambda each: "; ".join(each.topics),
    "language": lambda each: each.language or "",
    "image": lambda each: each.image or "",
    "captions": lambda each: "; ".join(f"{one.text} ({one.credit or ''})" for one in each.captions),
    "dateline": lambda each: f"{each.dateline.place} {each.dateline.agency}" if each.dateline else "",
    "outcome": lambda each: each.outcome.value,
    "disagreements": lambda each: "; ".join(sorted(each.disagreements)),
    "entities": lambda each: "; ".join(sorted(one.entity_id for one in each.entities)),
    "times": lambda each: "; ".join(f"{one.text} = {one.value}" for one in each.times),
    "quotes": lambda each: "; ".join(f"{one.speaker_id or one.speaker}: {one.text}" for one in each.quotes),
}


def changes(old: Article, new: Article) -> list[Change]:
    """The fields in which two versions differ, in the order in which a reader meets them."""
    found = []
    for name, read in FIELDS.items():
        before, after = read(old), read(new)
        if before != after:
            shown = _lists(before, after) if "; " in before + after else _texts(before, after)
            found.append(Change(article_id=new.article_id, field=name, old=shown[0], new=shown[1]))
    return found


def _lists(old: str, new: str) -> tuple[str, str]:
    """Only what the one has and the other has not."""
    a, b = old.split("; "), new.split("; ")
    gone = "; ".join(each for each in a if each not in b)
    come = "; ".join(each for each in b if each not in a)
    return (gone[:_SHOWN], come[:_SHOWN]) if gone or come else (old[:_SHOWN], new[:_SHOWN])


def _texts(old: str, new: str) -> tuple[str, str]:
    """The first place that differs, with some words before it."""
    if len(old) <= _SHOWN and len(new) <= _SHOWN:
        return old, new
    same = next(
        (at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    start = max(0, same - 40)
    dots = "…" if start else ""
    return dots + old[start : start + _SHOWN], dots + new[start : start + _SHOWN]
