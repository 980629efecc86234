"""What an article's own fields say of its mentions: its authors, the place of its dateline, its credits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dateline.models import Mention

_MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?")
_BOUND = 200  # authors of one article


def by_fields(
    mentions: Sequence[Mention], byline: str | None, authors: Sequence[str], place: str | None
) -> list[Mention]:
    """The mentions, each in agreement with the fields.

    In a byline the people are the authors that were read from it, no others: not "Our Correspondent",
    not "Von Petra Vogt". The place of a dateline is a place. A credit's name ends where its agency
    begins ("Jan Berg/NTB"). A month's short form is no name.
    """
    credited = list(_credited(byline, authors))
    names = {author.casefold() for author in authors}
    kept = []
    for mention in mentions:
        if _MONTH.fullmatch(mention.text):
            continue
        if mention.part == "byline" and _claimed(mention, credited, names):
            continue
        opens = mention.part == "body" and mention.start == 0 and mention.text == place
        if mention.label == "PERSON" and (mention.part == "dateline:place" or opens):
            mention = replace(mention, label="LOCATION")
        if mention.label == "PERSON" and mention.part.startswith("credit") and "/" in mention.text:
            name = mention.text.split("/")[0].rstrip()
            mention = replace(mention, text=name, end=mention.start + len(name))
        if mention.text:
            kept.append(mention)
    return kept + credited


def _credited(byline: str | None, authors: Sequence[str]) -> Iterator[Mention]:
    """A mention for each author whose name stands in the byline; without one the authors are it."""
    text = byline or ", ".join(authors)
    low, taken = text.casefold(), 0
    if len(low) != len(text):
        return
    for author in authors[:_BOUND]:
        at = low.find(author.casefold(), taken)
        if at < 0:
            at = low.find(author.casefold())
        if at < 0 or " " not in author:
            continue
        taken = at + len(author)
        yield Mention(start=at, end=taken, text=text[at:taken], label="PERSON", role="byline", part="byline")


def _claimed(mention: Mention, credited: Sequence[Mention], names: set[str]) -> bool:
    """Whether an author's name says what stands there, or it would be a person who is no author."""
    if any(mention.start < author.end and author.start < mention.end for author in credited):
        return True
    return mention.label == "PERSON" and mention.text.casefold() not in names
