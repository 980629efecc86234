"""Agency copy as outlets print it, for the tests of stories; sentences made from word lists by a seed."""

from __future__ import annotations

import random

from dateline.models import Article, Moment

SUBJECTS = "ministers negotiators officials farmers engineers doctors nurses pilots miners students".split()
VERBS = "rejected welcomed postponed debated signed criticised defended examined drafted suspended".split()
OBJECTS = "agreement budget pipeline harbour railway vaccine tariff treaty census curriculum".split()
PLACES = "Tallinn Oslo Madrid Vienna Lagos Quito Hanoi Lima Accra Dublin".split()
ENDS = [
    "after a night of talks that few had expected to succeed",
    "despite warnings from the central bank about rising costs",
    "while crowds waited outside in the rain for hours",
    "because the court had struck down an earlier version",
    "although the opposition called the step premature and costly",
    "once the last of the observers had left the building",
]


def sentences(seed: int, count: int) -> list[str]:
    """`count` sentences of about 20 words that no other seed gives."""
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        place, other = rng.sample(PLACES, 2)
        found.append(
            f"The {rng.choice(SUBJECTS)} in {place} {rng.choice(VERBS)} the {rng.choice(OBJECTS)} number "
            f"{rng.randint(100, 9999)} {rng.choice(ENDS)}, and the {rng.choice(SUBJECTS)} of {other} "
            f"{rng.choice(VERBS)} the {rng.choice(OBJECTS)}."
        )
    return found


def told(
    id: str,
    parts: list[str],
    *,
    title: str = "Talks end without a deal",
    host: str = "",
    published: str = "2021-03-24T10:00Z",
    **fields: object,
) -> Article:
    """An article of these sentences, two to a paragraph, at an outlet of its own."""
    text = "\n\n".join(" ".join(parts[at : at + 2]) for at in range(0, len(parts), 2))
    url = f"https://{host or f'outlet-{id}.example'}/news/{id}"
    precision = "day" if len(published) == 10 else "minute"
    return Article(
        article_id=id,
        title=title,
        text=text,
        canonical_url=url,
        publisher=host or f"Outlet {id}",
        published_at=Moment(value=published, precision=precision),  # type: ignore[arg-type]
        language="en",
        **fields,  # type: ignore[arg-type]
    )
