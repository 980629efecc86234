"""A list of addresses, one a line → Found."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dateline.sources.found import Found
from dateline.sources.reading import Gatherer, inflated, lower, pace_of

_WEB = re.compile(r"https?://[^\s<>\"'|]+", re.I)
_BARE = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,24}/\S+", re.I)
_SHOWN = 5  # lines that a note names


def read_urls(body: bytes, headers: Mapping[str, str], url: str, *, source: str = "urls") -> Found:
    """The first address of each line; "#" begins a comment at the start of a line or after a space.

    Lines that hold no address are named in a note. Never raises on a stranger's bytes.
    """
    from dateline.extract.charset import decode

    headers = lower(headers)
    gather = Gatherer(source, url)
    found = gather.found
    text, _ = decode(inflated(body, found.notes), headers.get("content-type"))
    found.kind = "list of addresses"
    wrong: list[int] = []
    for number, line in enumerate(text.splitlines(), 1):
        line = re.sub(r"(?:^|\s)#.*", "", line.strip("\ufeff \t"))
        if not line.strip():
            continue
        match = _WEB.search(line)
        if match is None and (bare := _BARE.match(line.strip())):
            gather.add(f"https://{bare[0]}", {"place": "list"})
        elif match is None:
            wrong.append(number)
        else:
            gather.add(match[0].rstrip(".,;)"), {"place": "list"})
    if wrong:
        shown = ", ".join(map(str, wrong[:_SHOWN])) + (" …" if len(wrong) > _SHOWN else "")
        found.notes.append(f"no address in line {shown}")
    found.pace = pace_of(headers)
    return gather.done()
