"""What people corrected, laid over an article: merged, split, hidden and renamed entities, fixed fields.

Corrections stand apart from the articles (in the journal) and are laid over each one before it is
written, so a page that is fetched or read again keeps them. What they replaced goes along in
`Article.originals`: `apply` starts from there each time, so that it may be repeated, and an undone
correction leaves nothing behind.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, get_type_hints

from dateline.entities.names import fold
from dateline.models import (
    Article,
    Candidate,
    Entity,
    Mention,
    Moment,
    Precision,
    Sentence,
    from_json,
    to_json,
)
from dateline.urls import article_id

Kind = Literal["merge", "split", "hide", "rename", "retype", "set"]
FIELDS = ("title", "published_at", "authors", "publisher", "section", "language")
PLACE = "correction"  # where a corrected value stands, among a field's candidates


@dataclass(slots=True, kw_only=True)
class Correction:
    """One correction; `number`, `at`, `applied` and `undone` (aware, UTC) are the journal's to give.

    merge: `entity_id` becomes `into`, in one article or (without `article_id`) in all.
    split: mentions of `entity_id` that read as one of `names` become `into`.
    hide: `entity_id` is none. rename, retype: it is called `name`, is of `type`.
    set: the article's `field` is `value`; authors are parted by semicolons, "" for none.

    `name` and `type` of a merge or split are those of `into`.
    """

    kind: Kind
    who: str
    note: str = ""
    article_id: str | None = None
    entity_id: str | None = None
    into: str | None = None
    name: str | None = None
    type: str | None = None
    names: list[str] = field(default_factory=list)
    field: str | None = None
    value: str | None = None
    number: int = 0
    at: dt.datetime | None = None
    applied: dt.datetime | None = None
    undone: dt.datetime | None = None
    undone_by: str | None = None

    @property
    def told(self) -> str:
        """What it does, in words: "Lavrov-2 is Sergei Lavrov"."""
        where = " here" if self.article_id and self.kind != "set" else ""
        match self.kind:
            case "merge":
                return f"{self.entity_id} is {self.into}{where}"
            case "split":
                return f"{' / '.join(self.names)} of {self.entity_id} is {self.into}{where}"
            case "hide":
                return f"{self.entity_id} is no entity{where}"
            case "rename":
                return f"{self.entity_id} is called {self.name}{where}"
            case "retype":
                return f"{self.entity_id} is of type {self.type}{where}"
            case "set":
                return f"{(self.field or '').replace('_', ' ')} is “{self.value}”"


def apply(article: Article, corrections: Iterable[Correction]) -> Article:
    """The article with these corrections laid over it, in the order of their numbers.

    The given one is not changed; it is returned itself where there is nothing to do. What an earlier
    call replaced is put back first.

    Raises:
        UnicodeEncodeError: a lone surrogate stands in what would have to be kept.
    """
    touching = sorted(corrections, key=lambda one: one.number)
    if not touching and not article.originals:
        return article
    made = restored(article)
    ids = ids_of(article)
    for one in touching:
        if one.article_id is not None and one.article_id not in ids:
            continue
        if _STEPS[one.kind](made, one):
            made.corrections.append(one.number)
    return made


def restored(article: Article) -> Article:
    """A copy as it was before any correction."""
    before = {name: from_json(raw, _hints()[name]) for name, raw in article.originals.items()}
    return dataclasses.replace(article, **before, originals={}, corrections=[])


@cache
def _hints() -> dict[str, Any]:
    return get_type_hints(Article)


def ids_of(article: Article) -> set[str]:
    """The ids that an article has had: by its digest's address until its page told the true one."""
    urls = (article.requested_url, article.final_url, article.canonical_url)
    return {article.article_id, *(article_id(url) for url in urls if url)}


def _own(made: Article, *names: str) -> None:
    """Keep what these fields were, and make them this article's own to change."""
    for name in names:
        if name not in made.originals:
            raw = to_json(getattr(made, name))
            made.originals[name] = raw.decode()
            setattr(made, name, from_json(raw, _hints()[name]))


# fields


def _set(made: Article, one: Correction) -> bool:
    name, text = one.field or "", (one.value or "").strip()
    value: Any = text or None
    if name == "authors":
        value = [author.strip() for author in text.split(";") if author.strip()]
    elif name == "published_at":
        value = read_moment(text) if text else None
    if getattr(made, name) == value:
        return False
    _own(made, name, "candidates")
    was = shown(getattr(made, name))
    setattr(made, name, value)
    for candidate in made.candidates.setdefault(name, []):
        candidate.chosen = False
    _say(made, name, shown(value), f"from “{was}”" if was else "from nothing", one)
    if name == "title":
        _own(made, "entities")
        _retitled(made)
    elif name == "published_at":
        _anchored(made)
    return True


def shown(value: Any) -> str:
    """A field's value as people read and write it."""
    if isinstance(value, Moment):
        return value.value
    return "; ".join(value) if isinstance(value, list) else str(value or "")


def _say(made: Article, name: str, value: str, was: str, one: Correction) -> None:
    day = f" on {one.at:%Y-%m-%d}" if one.at else ""
    note = f": {one.note}" if one.note else ""
    rule = " ".join(filter(None, [f"corrected by {one.who}{day}", was])) + note
    said = Candidate(value=value, place=PLACE, rule=rule, confidence=1.0, chosen=True)
    made.candidates.setdefault(name, []).append(said)


_MOMENT = re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?)?|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:\d\d)?")
_PRECISIONS: dict[int, Precision] = {4: "year", 7: "month", 10: "day", 16: "minute", 19: "second"}


def read_moment(text: str) -> Moment:
    """ "2021", "2021-03", "2021-03-22" or "2021-03-22T14:05", the last with an offset if one is known.

    Raises:
        ValueError: it is none of these.
    """
    match = _MOMENT.fullmatch(text.strip())
    if match and (len(match[1]) > 10 or not match[2]):
        value = match[1].replace(" ", "T") + (match[2] or "")
        try:
            dt.datetime.fromisoformat(match[1] + "2021-01-01"[len(match[1]) :] + (match[2] or ""))
        except ValueError:
            pass
        else:
            return Moment(value=value, precision=_PRECISIONS[len(match[1])], zone=match[2])
    raise ValueError(f"{text!r} is no time: write 2021-03-22 or 2021-03-22T14:05+01:00")


def _retitled(made: Article) -> None:
    """Names found in the old title stand where the new one has them, or not at all."""
    title = made.title or ""
    for entity in made.entities:
        for mention in [mention for mention in entity.mentions if mention.part == "title"]:
            at = title.find(mention.text)
            if at < 0:
                entity.mentions.remove(mention)
            else:
                mention.start, mention.end = at, at + len(mention.text)
    made.entities = [entity for entity in made.entities if entity.mentions]


def _anchored(made: Article) -> None:
    """ "On Monday" counts from the true day of publication."""
    if not made.times:
        return
    from dateline.dates.timex import find_times, finer

    anchor = finer(made.published_at, made.received_at)
    _own(made, "times", "sentences")
    made.times = find_times(made.text[:200_000], anchor, made.language or "en")
    for sentence in made.sentences:
        inside = (time.interval for time in made.times if sentence.start <= time.start < sentence.end)
        sentence.intervals = list(dict.fromkeys(interval for interval in inside if interval))


# entities


def _find(made: Article, entity_id: str | None) -> Entity | None:
    return next((entity for entity in made.entities if entity.entity_id == entity_id), None)


def _corrected(step: Callable[[Article, Entity, Correction], bool]) -> Callable[[Article, Correction], bool]:
    """A step on an entity's own copy, if it stands in the article; sentences and quotes follow."""

    def corrected(made: Article, one: Correction) -> bool:
        if _find(made, one.entity_id) is None:
            return False
        before = dict(made.originals)
        _own(made, "entities", "sentences", "quotes", "candidates")
        entity = _find(made, one.entity_id)
        assert entity is not None
        if not step(made, entity, one):
            made.originals = before
            return False
        for sentence in made.sentences:
            sentence.entity_ids = _named(made, sentence)
        _say(made, "entities", one.told, "", one)
        return True

    return corrected


def _named(made: Article, sentence: Sentence) -> list[str]:
    found = sorted(
        (mention.start, entity.entity_id)
        for entity in made.entities
        for mention in entity.mentions
        if mention.part == "body" and sentence.start <= mention.start < sentence.end
    )
    return list(dict.fromkeys(entity_id for _, entity_id in found))


@_corrected
def _merge(made: Article, entity: Entity, one: Correction) -> bool:
    target = _target(made, entity, one)
    if target is entity:
        return False
    _give(entity, target, entity.mentions, [entity.name, *entity.names])
    if one.article_id is None:  # whoever asks for the old id is led on
        target.formerly = list(dict.fromkeys([*target.formerly, entity.entity_id, *entity.formerly]))
    made.entities.remove(entity)
    _speak(made, entity.entity_id, target.entity_id)
    return True


@_corrected
def _split(made: Article, entity: Entity, one: Correction) -> bool:
    keys = set(map(fold, one.names))
    moved = [mention for mention in entity.mentions if fold(mention.text) in keys]
    if not moved or one.into == entity.entity_id:
        return False
    target = _target(made, entity, one)
    _give(entity, target, moved, [name for name in entity.names if fold(name) in keys])
    entity.mentions = [mention for mention in entity.mentions if mention not in moved]
    entity.names = [name for name in entity.names if fold(name) not in keys or name == entity.name]
    if not entity.mentions:
        made.entities.remove(entity)
    for quote in made.quotes:
        if quote.speaker_id == entity.entity_id and fold(quote.speaker or "") in keys:
            quote.speaker_id = target.entity_id
    return True


@_corrected
def _hide(made: Article, entity: Entity, one: Correction) -> bool:
    made.entities.remove(entity)
    _speak(made, entity.entity_id, None)
    return True


@_corrected
def _rename(made: Article, entity: Entity, one: Correction) -> bool:
    changed = entity.name != one.name
    entity.name = one.name or entity.name
    entity.names = list(dict.fromkeys([entity.name, *entity.names]))
    return changed


@_corrected
def _retype(made: Article, entity: Entity, one: Correction) -> bool:
    changed = entity.type != one.type
    entity.type = one.type or entity.type
    return changed


def _target(made: Article, entity: Entity, one: Correction) -> Entity:
    """The entity that takes over: the article's own, or one made here."""
    target = _find(made, one.into)
    if target is None:
        name = one.name or entity.name
        target = Entity(entity_id=one.into or "", name=name, type=one.type or entity.type, names=[name])
        made.entities.insert(made.entities.index(entity), target)
    return target


def _give(entity: Entity, target: Entity, mentions: Sequence[Mention], names: Iterable[str]) -> None:
    target.mentions = sorted([*target.mentions, *mentions], key=lambda one: (one.part != "body", one.start))
    target.names = list(dict.fromkeys([target.name, *target.names, *names]))


def _speak(made: Article, old: str, new: str | None) -> None:
    for quote in made.quotes:
        if quote.speaker_id == old:
            quote.speaker_id = new


_STEPS: dict[str, Callable[[Article, Correction], bool]] = {
    "merge": _merge,
    "split": _split,
    "hide": _hide,
    "rename": _rename,
    "retype": _retype,
    "set": _set,
}
