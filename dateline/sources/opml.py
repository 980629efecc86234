"""OPML in and out: the lists of feeds that every reader of feeds writes and takes.

Nested outlines become labels, the outer ones first ("News/Europe" is the labels "News", "Europe").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree

from dateline.sources.catalogue import Source
from dateline.sources.reading import absolute, clean, language_code, without_doctype

MAX_DEPTH = 20


class OpmlError(Exception):
    """The file is no OPML; the message says why."""


def read_opml(body: bytes) -> tuple[list[Source], list[str]]:
    """The feeds of an OPML file as sources, and a note for each outline that has none.

    Raises:
        OpmlError: no outline can be read in it.
    """
    body = without_doctype(body.lstrip(b"\xef\xbb\xbf \t\r\n"))
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root: Any = etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError) as error:
        raise OpmlError(f"no OPML: {error}") from error
    if root is None or str(root.tag).lower() not in ("opml", "outlinedocument"):
        raise OpmlError(f"no OPML: its root is {getattr(root, 'tag', None)!r}")
    sources: dict[str, Source] = {}
    notes: list[str] = []
    taken: set[str] = set()

    def walk(element: Any, labels: tuple[str, ...]) -> None:
        for outline in element:
            if not isinstance(outline.tag, str) or outline.tag.lower() != "outline":
                continue
            said = {name.lower(): value for name, value in outline.attrib.items()}
            title = clean(said.get("title") or said.get("text"), 200)
            address = said.get("xmlurl") or (
                said.get("url") if said.get("type", "").lower() in ("rss", "atom", "link") else None
            )
            if address:
                url = absolute(_no_feed_scheme(address.strip()), None)
                if url is None:
                    notes.append(f"{title or address!r}: no web address: {address[:200]!r}")
                    continue
                own = (clean(part, 100) for part in (said.get("category") or "").split(","))
                parts = [piece for part in own if part for piece in part.strip("/").split("/") if piece]
                if url in sources:
                    labels_ = tuple(dict.fromkeys((*sources[url].labels, *labels, *parts)))
                    sources[url] = _with_labels(sources[url], labels_)
                    continue
                name = name_for(title or url, taken)
                taken.add(name)
                sources[url] = Source(
                    name=name,
                    kind="feed",
                    address=url,
                    title=title,
                    home=absolute(said.get("htmlurl"), None),
                    language=language_code(said.get("language")),
                    labels=tuple(dict.fromkeys((*labels, *parts))),
                )
            elif len(outline):
                deeper = (*labels, title) if title and len(labels) < MAX_DEPTH else labels
                walk(outline, deeper)
            elif title:
                notes.append(f"{title!r}: an outline without an address")

    for body_element in root.iter("body", "BODY", "Body"):
        walk(body_element, ())
    if not sources and not notes:
        raise OpmlError("no OPML: no outline in it")
    return list(sources.values()), notes


def write_opml(sources: Iterable[Source], title: str = "Dateline") -> str:
    """The feeds among the sources as OPML 2.0, grouped by their labels as nested outlines."""
    tree: dict[str, Any] = {}
    for source in sources:
        if source.kind != "feed":
            continue
        node = tree
        for label in source.labels:
            node = node.setdefault(f"l:{label}", {})
        node[f"s:{source.name}"] = source
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += [f"  <head><title>{_escaped(title)}</title></head>", "  <body>"]

    def put(node: dict[str, Any], indent: str) -> None:
        for key, value in node.items():
            if isinstance(value, Source):
                name = value.title or value.name
                said = {"type": "rss", "text": name, "title": name, "xmlUrl": value.address}
                said |= {"htmlUrl": value.home} if value.home else {}
                said |= {"language": value.language} if value.language else {}
                words = " ".join(f"{attribute}={quoteattr(text)}" for attribute, text in said.items())
                lines.append(f"{indent}<outline {words}/>")
            else:
                lines.append(f"{indent}<outline text={quoteattr(key[2:])}>")
                put(value, indent + "  ")
                lines.append(f"{indent}</outline>")

    put(tree, "    ")
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def name_for(text: str, taken: Iterable[str] = ()) -> str:
    """A source's name out of a title or an address, not one that is taken: "The Tide" → "the-tide"."""
    text = re.sub(r"^https?://(?:www\.|feeds?\.|rss\.)?", "", text.strip(), flags=re.I)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = (
        re.sub(r"[^\w.]+", "-", plain if len(re.findall(r"\w", plain)) >= 2 else text)
        .strip("-._")
        .lower()[:60]
    )
    words = words.strip("-._") or "source"
    name, number, taken = words, 2, set(taken)
    while name in taken:
        name, number = f"{words}-{number}", number + 1
    return name


def _no_feed_scheme(address: str) -> str:
    """ "feed://a.example/x" and "feed:https://a.example/x" as web addresses."""
    bare = re.sub(r"^feed:(?:(?=https?:)|(?=//))", "", address, flags=re.I)
    return "http:" + bare if bare.startswith("//") else bare


def _with_labels(source: Source, labels: tuple[str, ...]) -> Source:
    from dataclasses import replace

    return replace(source, labels=labels)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
