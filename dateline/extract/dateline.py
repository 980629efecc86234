"""The dateline that opens a report, with its place and agency as a reader names them.

The reading itself is the digests' (`dateline.sources.digest.captions`): a report opens the same way
wherever it is printed.
"""

from __future__ import annotations

import re

from dateline.extract.agencies import agencies_in
from dateline.models import Dateline

_KEPT = frozenset(["US", "UK", "UN", "EU", "UAE", "DC", "NY", "USA"])


def read_dateline(text: str) -> Dateline | None:
    """Place and agency that open `text`, None where it opens with neither.

    "BEIJING (AP) —" gives Beijing and AP; an agency known by several names has its canonical one.
    """
    from dateline.sources.digest.captions import dateline as printed

    found = printed(text.lstrip().replace("\u00a0", " "))
    if found is None:
        return None
    agencies = agencies_in(found.agency or "")
    agency = "/".join(agencies) or found.agency
    return Dateline(place=_spelled(found.place) if found.place else None, agency=agency)


def _spelled(place: str) -> str:
    """SHOUTED places as names; points stay ("Washington, D.C.")."""
    return re.sub(r"[^\W\d_][\w’']*(?!\w)", lambda word: _word(word[0]), place)


def _word(word: str) -> str:
    if len(word) < 2 or not word.isupper() or word in _KEPT:
        return word
    return word[:1] + word[1:].lower()
