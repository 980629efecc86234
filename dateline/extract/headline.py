"""The headline as a reader sees it: chosen among og:title, JSON-LD, h1, twitter:title and title.

What a paper writes for readers and what it writes for search engines often differ, and nothing marks
which is which. The <title> element is the one place that exists for search engines: where og:title and
JSON-LD split, the headline that <title> and h1 repeat is held to be tuned for them, and the other one
to be the desk's own. Site names and sections behind the
headline go, wherever another source or the publisher's name shows them to be none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from lxml.html import HtmlElement

from dateline.extract.blocks import key_of, tidy
from dateline.extract.jsonld import first
from dateline.extract.reading import Reading
from dateline.models import Candidate

_SEPARATOR = re.compile(r"\s+[-–—|*•·:»]\s+|\s*[｜|]\s*|\s+::\s+|\s*\s[|]\s*")
_IDEOGRAPHS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # four say as much as eight letters
_SECTION = re.compile(
    r"^(?:news|national|world|politics?|politik|opinion|sports?|business|wirtschaft|kultur|culture|video|live|"
    r"royal|uk|us|europe|local|lokal|breaking news|latest|home|startseite|actualit[ée]s?|noticias|nachrichten"
    r")(?:\s+news)?$",
    re.I,
)
_MARKUP = re.compile(r"</?(?:em|i|b|strong|span|sup|sub|br|cite|q|mark|u|p|a)\b[^<>]*>", re.I)
_GENERIC = re.compile(
    r"^(?:home(?:page)?|news|log ?in|sign ?in|menu|search|article|untitled|index|loading.*)$", re.I
)


def read_title(reading: Reading, sites: Iterable[str]) -> tuple[str | None, list[Candidate]]:
    """The headline, None where the page has none, with all candidates, the chosen one marked.

    `sites` are names of the publisher, to be cut from the end.
    """
    found = _found(reading)
    names = {key_of(site) for site in sites if site}
    # the paper's own name in the headline's place says nothing where there is another
    if own := [place for place, value in found.items() if key_of(value) in names]:
        found = {place: value for place, value in found.items() if place not in own} or found
    bare = {place: _strip_site(value, names) for place, value in found.items()}
    # a source that is another one and something behind a separator is that other one
    for place, value in bare.items():
        for other in bare.values():
            if len(other) >= 12 and len(value) > len(other) and value.startswith(other):
                rest = value[len(other) :]
                if _SEPARATOR.match(rest if rest[:1].isspace() or rest[:1] in "｜|" else f" {rest}"):
                    bare[place] = other
                    break
            # "Name of the paper: headline"
            if len(other) >= 12 and len(value) > len(other) and value.endswith(other):
                before = value[: -len(other)].rstrip(" :|-–—»·")
                if key_of(before) in names:
                    bare[place] = other
                    break
    weights = _weights(bare)
    if not weights:
        return None, []
    best = max(weights, key=lambda place: weights[place])
    top = sum(weights.values()) or 1.0
    candidates = []
    for place, value in found.items():
        same = key_of(bare[place]) == key_of(bare[best])
        candidates.append(
            Candidate(
                value=bare[place],
                place=place,
                rule="site name cut" if bare[place] != value else "as printed",
                confidence=round(
                    min(0.99, sum(w for p, w in weights.items() if bare[p] == bare[place]) / top), 2
                ),
                chosen=place == best,
            )
        )
        if same and place != best:
            candidates[-1].rule += ", agrees"
    return bare[best], candidates


def _found(reading: Reading) -> dict[str, str]:
    found: dict[str, str] = {}

    def add(place: str, value: str | None) -> None:
        if value and "<" in value:
            value = _MARKUP.sub("", value)  # data that were written for a page
        if value and (text := tidy(value)) and not _GENERIC.match(text) and len(text) <= 500:
            found.setdefault(place, text)

    node = reading.article_node or {}
    add("og:title", reading.meta("og:title"))
    add("json-ld", first(node.get("headline")))
    title = reading.tree.find(".//title")
    add("title", title.text_content() if title is not None else None)
    add("h1", _heading(reading, [*found.values()]))
    add("twitter:title", reading.meta("twitter:title"))
    add(
        "meta",
        reading.meta("title", "dc.title", "sailthru.title", "parsely-title", "dcterms.title", "headline"),
    )
    if "json-ld" not in found:
        add("json-ld", first(node.get("name")))
    add("microdata", next((v for n, v, _ in reading.microdata if n == "headline"), None))
    return found


def _heading(reading: Reading, others: list[str]) -> str | None:
    """The h1 that says most of what the other sources say; the first one where they say nothing."""
    headings: list[tuple[float, str]] = []
    for element in [*reading.tree.iter("h1")][:12]:
        text = _text(element)
        if text and not _GENERIC.match(text):
            headings.append((max((_alike(text, other) for other in others), default=0.5), text))
    if not headings:
        return None
    score, text = max(headings, key=lambda pair: pair[0])
    return text if score >= 0.3 or len(headings) == 1 else headings[0][1]


def _text(element: HtmlElement) -> str:
    parts: list[str] = []
    for node in element.iter():
        if not isinstance(node.tag, str) or node.tag in ("script", "style", "svg", "button"):
            continue
        if node.text:
            parts.append(node.text)
        elif node is not element:
            parts.append(" ")
        if node is not element and node.tail:
            parts.append(
                node.tail if node.tag in ("em", "i", "b", "strong", "a", "sup", "mark") else f" {node.tail}"
            )
    return tidy("".join(parts))


def _alike(one: str, other: str) -> float:
    a, b = key_of(one), key_of(other)
    if not a or not b:
        return 0.0
    if a in b or b in a:
        return 0.5 + 0.5 * min(len(a), len(b)) / max(len(a), len(b))
    return SequenceMatcher(None, a, b, autojunk=False).quick_ratio() * 0.8 if len(a) < 300 else 0.0


def _strip_site(value: str, names: set[str]) -> str:
    """Without the publisher's name, and the section in front of it, at the end."""
    cut = False
    while True:
        separators = list(_SEPARATOR.finditer(value))
        if not separators:
            return value
        last = separators[-1]
        head, tail = value[: last.start()], key_of(value[last.end() :])
        is_site = any(tail == name or (len(name) > 4 and (tail in name or name in tail)) for name in names)
        long = len(key_of(head)) >= (4 if _IDEOGRAPHS.search(head) else 8)
        if long and (is_site or (cut and _SECTION.match(value[last.end() :].strip()))):
            value, cut = head.rstrip(), True
        else:
            return value


def _weights(bare: dict[str, str]) -> dict[str, float]:
    """How much speaks for each place's headline; equal headlines share what speaks for them."""
    own = {"og:title": 2.0, "json-ld": 1.2, "h1": 1.2, "microdata": 0.6, "twitter:title": 0.0, "meta": 0.1}
    by_value: dict[str, float] = {}
    for place, value in bare.items():
        if place != "title":
            by_value[key_of(value)] = by_value.get(key_of(value), 0.0) + own.get(place, 0.0)
    weights = {
        place: 0.1 if place == "title" else by_value[key_of(value)] + 0.01 * own.get(place, 0.0)
        for place, value in bare.items()
    }
    if tuned := _tuned(bare):
        for place, value in bare.items():
            if key_of(value) == tuned:
                weights[place] = 0.3 * weights[place]
    return weights


def _tuned(bare: dict[str, str]) -> str | None:
    """The key of the headline that is tuned for search engines, where og:title and JSON-LD split."""
    shared, declared = key_of(bare.get("og:title", "")), key_of(bare.get("json-ld", ""))
    if not shared or not declared or shared.endswith(declared) or declared.endswith(shared):
        return None
    tuned = key_of(bare.get("title", ""))
    return tuned if tuned in (shared, declared) and tuned == key_of(bare.get("h1", "")) else None
