"""Articles built in code for the stores' tests: no reader, no model, every offset right by making."""

from __future__ import annotations

import datetime as dt

from dateline.models import (
    Article,
    Caption,
    Entity,
    Interval,
    Mention,
    Moment,
    Precision,
    Sentence,
    TimeExpression,
)

# id → (type, names); the first name is the canonical one
PEOPLE: dict[str, tuple[str, list[str]]] = {
    "person/wang-yi": ("PERSON", ["Wang Yi", "Wang"]),
    "person/sergei-lavrov": ("PERSON", ["Sergei Lavrov", "Lavrov", "Mr Lavrov"]),
    "person/meng-wanzhou": ("PERSON", ["Meng Wanzhou", "Meng"]),
    "location/united-states": ("LOCATION", ["United States", "U.S.", "US"]),
    "organization/european-union": ("ORGANIZATION", ["European Union"]),
}

When = str | tuple[str, str]  # a day, or first day and the day after the last


def interval(when: When) -> Interval:
    """Of "2021-03-22" the day; of two times the half-open interval between them."""
    if isinstance(when, str):
        start = dt.datetime.fromisoformat(when)
        return Interval(start=start, end=start + dt.timedelta(days=1))
    return Interval(start=dt.datetime.fromisoformat(when[0]), end=dt.datetime.fromisoformat(when[1]))


def article(
    id: str,
    *sentences: str | tuple[str, list[When]],
    published: str | None = None,
    people: dict[str, tuple[str, list[str]]] | None = None,
    captions: list[str] | None = None,
    version: int = 1,
    **fields: object,
) -> Article:
    """An article of these sentences, each with what it dates; names of `people` become mentions."""
    made = Article(article_id=id, version=version, **fields)  # type: ignore[arg-type]
    made.captions = [Caption(text=text) for text in captions or []]
    if published:
        precision: dict[int, Precision] = {4: "year", 7: "month", 10: "day", 13: "hour", 16: "minute"}
        made.published_at = Moment(value=published, precision=precision.get(len(published), "second"))
    found: dict[str, Entity] = {}
    for sentence in sentences:
        text, whens = (sentence, []) if isinstance(sentence, str) else sentence
        start = len(made.text) + bool(made.text)
        made.text += " " * bool(made.text) + text
        end = len(made.text)
        intervals = [interval(when) for when in whens]
        for one in intervals:
            made.times.append(
                TimeExpression(
                    start=end - 1, end=end, text=made.text[-1], type="DATE", value="", interval=one
                )
            )
        ids = _mentions(made, "body", text, start, found, people or PEOPLE)
        made.sentences.append(Sentence(start=start, end=end, entity_ids=ids, intervals=intervals))
    for number, caption in enumerate(made.captions):
        _mentions(made, f"caption:{number}", caption.text, 0, found, people or PEOPLE)
    made.entities = list(found.values())
    return made


def _mentions(
    made: Article,
    part: str,
    text: str,
    offset: int,
    found: dict[str, Entity],
    people: dict[str, tuple[str, list[str]]],
) -> list[str]:
    ids = []
    for entity_id, (kind, names) in people.items():
        longest = next((name for name in sorted(names, key=len, reverse=True) if name in text), None)
        if longest is None:
            continue
        ids.append(entity_id)
        if entity_id not in found:
            found[entity_id] = Entity(entity_id=entity_id, name=names[0], type=kind, names=[names[0]])
        start = offset + text.index(longest)
        role = part.partition(":")[0]
        found[entity_id].mentions.append(
            Mention(
                start=start,
                end=start + len(longest),
                text=longest,
                label=kind,
                role=role,  # type: ignore[arg-type]
                part=part,
            )
        )
        if longest not in found[entity_id].names:
            found[entity_id].names.append(longest)
    return ids
