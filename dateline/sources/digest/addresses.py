"""A bare list of addresses: one a line, with or without a remark beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dateline.models import DigestItem
from dateline.urls import unwrap

from .decode import clean
from .inline import URL, trim

_ENTRY = re.compile(rf"\s*(?:[-*•]\s+|\d{{1,4}}[.)]\s+)?<?(?P<url>{URL}?)>?(?P<rest>\s.*)?$")
_REMARK = " \t#-–—|:;,/"


def read_addresses(lines: Sequence[str], file: str, notes: list[str]) -> list[DigestItem] | None:
    """The items of a list of addresses, None where less than three lines in four begin with one.

    A remark behind an address, or on the line right above it, is its title. A comment ("# reading
    list") is nobody's; any other line is noted.
    """
    written = [(n, line) for n, line in enumerate(lines, 1) if line.strip()]
    plain = [(n, line) for n, line in written if not line.lstrip().startswith("#")]
    entries = {n: match for n, line in plain if (match := _ENTRY.match(line))}
    if len(entries) < 2 or len(entries) * 4 < len(plain) * 3:
        return None
    items: list[DigestItem] = []
    for n, line in plain:
        if n not in entries:
            if n + 1 not in entries:
                notes.append(f"{file}: line {n} has no address: {clean(line)[:60]}")
            continue
        url = unwrap(trim(entries[n]["url"]))
        title = clean((entries[n]["rest"] or "").strip(_REMARK))
        start = n
        above = lines[n - 2] if n > 1 else ""
        if not title and above.strip() and n - 1 not in entries and not above.lstrip().startswith("#"):
            title, start = clean(above.strip(_REMARK)), n - 1
        fields = {"link": [n], "links": [n]} | ({"title": [start]} if title else {})
        items.append(
            DigestItem(
                file=file,
                start_line=start,
                end_line=n,
                title=title or None,
                link=url,
                links=[url],
                lines=fields,
            )
        )
    return items
