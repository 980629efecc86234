"""The publisher's name: one name for "AP", "Associated Press" and "AP News"; never "FAZ GmbH"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dateline.extract.agencies import agency
from dateline.extract.blocks import key_of, tidy
from dateline.extract.jsonld import first, strings, types_of
from dateline.extract.reading import Reading, host_and_path
from dateline.models import Candidate

_COMPANY = re.compile(
    r"[\s,]+(?:GmbH(?:\s*&\s*Co\.?\s*KGa?A?)?|AG|SE|KG|e\.?V\.?|Inc\.?|LLC|Ltd\.?|Limited|Corp(?:oration)?\.?|Co\.|S\.?A\.?"
    r"|S\.?L\.?|S\.?r\.?l\.?|S\.?p\.?A\.?|B\.?V\.?|N\.?V\.?|ApS|A/?S|AB|Oy|Pty|PLC|plc|Sp\. z o\.o\.)$"
)
_ORGANISATIONS = ("NewsMediaOrganization", "Organization", "Corporation", "WebSite", "LocalBusiness")
_ADDRESS = re.compile(r"^(?:https?://|www\.)|^[\w-]+\.(?:com|org|net|de|fr|es|it|is|no|se|uk|co\.\w+)$", re.I)


def read_publisher(reading: Reading) -> tuple[str | None, list[Candidate]]:
    """The publisher, None where nothing names one, with all candidates."""
    candidates: list[Candidate] = []

    def add(place: str, value: str | None, confidence: float) -> None:
        if value and (name := publisher_name(value)) and len(name) <= 80:
            candidates.append(Candidate(value=name, place=place, rule="as named", confidence=confidence))

    node = reading.article_node or {}
    site = reading.meta("og:site_name")
    add("og:site_name", site, 0.4 if site and _ADDRESS.match(site) else 0.9)
    add("json-ld", _name(reading, node.get("publisher")), 0.85)
    add("json-ld", _name(reading, node.get("sourceOrganization")), 0.6)
    for other in reading.json_ld:
        if any(kind in _ORGANISATIONS for kind in types_of(other)):
            add(f"json-ld {types_of(other)[0]}", first(other.get("name")), 0.6)
    add("meta", reading.meta("application-name", "publisher", "dc.publisher", "dcterms.publisher"), 0.5)
    add("meta", reading.meta("copyright", "apple-mobile-web-app-title"), 0.3)
    add("address", host_of(reading), 0.2)
    if not candidates:
        return None, []
    best = max(candidates, key=lambda candidate: candidate.confidence)
    best.chosen = True
    return best.value, candidates


def publisher_name(name: str) -> str:
    """A printed name as one name: no legal form, agencies by their canonical name."""
    name = tidy(name).strip(" |-–—")
    name = _COMPANY.sub("", name).strip(" ,")
    return agency(name) or name


def host_of(reading: Reading) -> str | None:
    """The page's host without "www."."""
    return host_and_path(reading.url or reading.meta("og:url"))[0].removeprefix("www.") or None


def sites_of(reading: Reading, candidates: Sequence[Candidate]) -> set[str]:
    """All names under which the page's publisher goes, its host's parts among them.

    `candidates` are those of `read_publisher`.
    """
    names = {candidate.value for candidate in candidates if not candidate.place.endswith("WebPage")}
    if site := reading.meta("og:site_name"):
        names.add(site)
    if host := host_of(reading):
        names.add(host)
        label = (
            host.rsplit(".", 2)[0]
            if host.endswith((".co.uk", ".com.au", ".co.za"))
            else host.rsplit(".", 1)[0]
        )
        names.add(label.rsplit(".", 1)[-1])
    return {name for name in names if len(key_of(name)) > 1}


def _name(reading: Reading, value: Any) -> str | None:
    value = reading.resolve(value)
    if isinstance(value, list):
        return next((name for item in value if (name := _name(reading, item))), None)
    if isinstance(value, dict):
        return next(iter(strings(value.get("name"))), None)
    return first(value) if isinstance(value, str) and not value.startswith(("http", "#")) else None
