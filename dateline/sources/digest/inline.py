"""What stands inside a row: links, emphasis, numbered references.

Links are read as `<url>`, bare, `[words](url)`, `words (url)` and `words [1]` with the address at
the end of the item or the file.
"""

# ruff: noqa: E501  (word lists and patterns: broken into short lines they read worse)

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from dateline.urls import unwrap

from .decode import clean
from .model import Anchor
from .words import REFERENCES

URL = r"https?://[^\s<>\"“”]+"
_DEFINITION = re.compile(
    rf"^\s*\[(\^?[\w.-]{{1,30}})\]\s*:?\s*(?:([^<>]{{0,120}}?)[\s:–—-]+)??<?({URL}?)>?(?:\s+[\"'(].{{0,200}}[\"')])?\s*$"
)
_NUMBERED = re.compile(rf"^\s*\(?(\d{{1,3}})[.):]\s+<?({URL}?)>?\s*$")


# --- numbered references ---------------------------------------------------------------------------


def references_in(lines: Sequence[str]) -> tuple[dict[str, str], set[int]]:
    """Addresses by the number or name that the text points to them with, and the lines they stand on."""
    found: dict[str, list[tuple[int, str]]] = {}
    places: dict[int, str] = {}
    listing = False
    for index, line in enumerate(lines):
        if "://" not in line:
            if line.strip():
                listing = REFERENCES.fullmatch(line.strip()) is not None
            continue
        match = _DEFINITION.match(line)
        if match:
            key, url = match[1].lstrip("^"), match[3]
        elif numbered := _NUMBERED.match(line):
            if not listing:
                continue
            key, url = numbered[1], numbered[2]
        else:
            listing = False
            continue
        found.setdefault(key.casefold(), []).append((index, unwrap(trim(url))))
        places[index] = key.casefold()
    if not found:
        return {}, set()
    pointed: set[str] = set()
    for index, line in enumerate(lines):
        if index not in places:
            for marker in re.findall(r"\[\^?([\w.-]{1,30})\]|^\s*\(?(\d{1,3})[.):]\s", line):
                pointed.update(part.casefold() for part in marker if part)
    references = {key: places_[0][1] for key, places_ in found.items() if key in pointed}
    used = {index for index, key in places.items() if key in pointed}
    # a heading that only these lines stand under goes with them
    for index in sorted(used):
        above = index - 1
        while above >= 0 and (not lines[above].strip() or above in used):
            above -= 1
        if above >= 0 and REFERENCES.fullmatch(lines[above].strip()):
            used.add(above)
    return references, used


# --- inside a row ----------------------------------------------------------------------------------

IMAGE = re.compile(r"!\[([^\[\]]{0,500})\]\(([^()\s]{0,2000})(?:\s+\"[^\"]{0,300}\")?\)")
_LINKED = re.compile(
    r"\[((?:[^\[\]]|\[[^\[\]]{0,200}\]){0,600})\]\(\s*<?([^()\s<>]{0,4000}(?:\([^()\s<>]{0,200}\)[^()\s<>]{0,2000}){0,3})>?(?:\s+[\"'“][^\"'”]{0,300}[\"'”])?\s*\)"
)
_POINTED = re.compile(r"\[([^\[\]]{1,300})\]\s?\[(\^?[\w.-]{0,30})\]")
_RUN = re.compile(r"(?:\s?\[\d{1,3}\]){2,}")
_MARKER = re.compile(r"\s?\[\^?([\w.-]{1,30})\]")
_WRAPPED = re.compile(rf"\s*(?:<\s*({URL}?)\s*>|[(\[]\s*<?({URL}?)>?\s*[)\]](?=[\s.,;:!?)\]]|$))")
_BARE = re.compile(URL)
_WWW = re.compile(r"^(?:www\.)[\w-]+(?:\.[\w-]+)+(?:/\S*)?$")
_TAG = re.compile(
    r"</?(?:b|i|em|strong|br|p|span|div|u|img|hr|h[1-6]|font|small|sup|sub|center|a|figure|figcaption|blockquote)\b[^<>]{0,300}/?>",
    re.IGNORECASE,
)
_STRONG = re.compile(r"(?<![\w*\\])(\*{1,3})(?=[^\s*])([^*]{1,1500})(?<=[^\s*\\])\1(?![\w*])")
_UNDER = re.compile(r"(?<![\w\\])(__|_)(?=[^\s_])([^_]{1,1500})(?<=[^\s\\])\1(?!\w)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
_LEADS = re.compile(
    r"(?:\b(?:at|on|in|see|via|to|from|visit|is|under|bei|unter|auf|sur|à|chez|en|su|op|und|and|or|go to|here)\s*)$",
    re.IGNORECASE,
)


class Inline:
    """Reads links and emphasis out of one row's text; knows the file's numbered references."""

    def __init__(self, references: dict[str, str]) -> None:
        self.references = references

    def read(self, raw: str) -> tuple[str, list[Anchor], bool]:
        """The words, the links on or between them in order, and whether all of it is emphasised."""
        text = clean(raw)
        anchors: list[tuple[int, Anchor]] = []
        bold = False
        if "&" in text and ";" in text and "://" not in text:
            text = clean(html.unescape(text))
        if "<" in text:
            bold = re.match(r"<(?:b|strong|h\d)\b", text, re.IGNORECASE) is not None
            text = _TAG.sub(" ", text)
        found: list[Anchor] = []
        if "](" in text:
            text = IMAGE.sub(lambda match: " " + match[1] if text.strip() == match[0] else " ", text)
            text = _LINKED.sub(lambda match: self._linked(match, found), text)
        if "[" in text and self.references:
            text = _RUN.sub(lambda match: self._run(match, found), text)
            text = _POINTED.sub(lambda match: self._pointed(match, found), text)
            text = _MARKER.sub(lambda match: self._marker(match, found), text)
        if "://" in text:
            text = _WRAPPED.sub(lambda match: self._wrapped(match, found), text)
            text = self._bare(text, found)
        elif _WWW.match(text):
            found.append(Anchor("", "https://" + trim(text)))
            text = ""
        del anchors
        whole = text.strip()
        if "*" in whole:
            bold = bold or (
                (match := _STRONG.fullmatch(whole)) is not None
                and match[1] != "*"
                and match[1] not in match[2]
            )
            for _ in range(2):
                whole = _STRONG.sub(r"\2", whole)
        if "_" in whole:
            whole = _UNDER.sub(r"\2", whole)
        if "\\" in whole:
            whole = _ESCAPED.sub(r"\1", whole)
        words = clean(whole)
        for anchor in found:
            anchor.words = clean(anchor.words.replace("**", "").strip("*_")) if anchor.words else ""
        words = re.sub(r"\s+([.,;:!?])(?=\s|$)", r"\1", words) if found else words
        words = re.sub(r"\s*[(\[]\s*[)\]]", "", words) if found else words
        return words.strip(), found, bold

    @staticmethod
    def _linked(match: re.Match[str], found: list[Anchor]) -> str:
        words, url = match[1], html.unescape(match[2])
        if re.match(r"https?://", url, re.IGNORECASE):
            found.append(Anchor(words, unwrap(url)))
        return words  # "#", "mailto:" and the like: the words stay

    def _run(self, match: re.Match[str], found: list[Anchor]) -> str:
        """ "[2][3]" at a sentence's end: two references, not words upon a link."""
        keys = re.findall(r"\d+", match[0])
        if not all(key in self.references for key in keys):
            return match[0]
        found.extend(Anchor("", self.references[key]) for key in keys)
        return ""

    def _pointed(self, match: re.Match[str], found: list[Anchor]) -> str:
        key = (match[2] or match[1]).lstrip("^").casefold()
        if (url := self.references.get(key)) is None:
            return match[0]
        found.append(Anchor(match[1], url))
        return match[1]

    def _marker(self, match: re.Match[str], found: list[Anchor]) -> str:
        if (url := self.references.get(match[1].casefold())) is None:
            return match[0]
        named = not match[1].isdigit() and not match[0].strip().startswith("[^")
        found.append(Anchor(match[1] if named else "", url))
        return f" {match[1]}" if named else ""

    @staticmethod
    def _wrapped(match: re.Match[str], found: list[Anchor]) -> str:
        url = match[1] or match[2]
        before = match.string[: match.start()]
        words = before.strip() if len(before) < 200 and "http" not in before and not found else ""
        found.append(Anchor(words, unwrap(html.unescape(trim(url)))))
        return ""

    @staticmethod
    def _bare(text: str, found: list[Anchor]) -> str:
        out: list[str] = []
        position = 0
        for match in _BARE.finditer(text):
            url = trim(match[0])
            end = match.start() + len(url)
            found.append(Anchor("", unwrap(html.unescape(url))))
            before = text[position : match.start()]
            after = text[end:].strip(" |-–—•·")
            if not text[: match.start()].strip() and after.startswith("# "):
                text = text[:end] + " " + after[2:]  # a remark in a list of addresses
            in_prose = (
                (bool(after.strip(".")) and bool(before.strip()))
                or _LEADS.search(before)
                or (after == "." and len(before) > 40)
            )
            out.append(before)
            if in_prose and not re.search(r"[|:–—-]\s*$", before[-3:]):
                out.append(text[match.start() : end])
            elif out[-1].strip():
                out[-1] = re.sub(r"[\s|:–—→-]+$", "", out[-1]) + " "
            position = end
        out.append(text[position:])
        return re.sub(r"^\s*[-:|–—]+\s+", "", "".join(out)).strip(" |–—")


def trim(url: str) -> str:
    """A bare address without the punctuation of the sentence around it."""
    while url:
        last = url[-1]
        if (
            last in ".,;:!?'’”»*_"
            or (last == ")" and url.count("(") < url.count(")"))
            or (last == "]" and "[" not in url)
        ):
            url = url[:-1]
        else:
            break
    return url
