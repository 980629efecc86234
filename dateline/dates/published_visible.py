"""Dates that a reader sees: <time> elements, bylines ("Published 14:05 GMT, 3 March 2020 | Updated …").

The page is walked once. A date counts by where it stands (near the headline, in the article, in a
footer), by what its element is called, by the word before it, and by how much else its line says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from dateline.dates.published_clues import Clue, Kind
from dateline.dates.published_moment import Found, day_of, find_clock, find_moments
from dateline.extract.reading import Reading

_DATISH = re.compile(r"(?:1[6-9]|2[05])\d\d|\d\s?[./|-]\s?\d{1,2}\s?[./|-]\s?\d\d|[٠-٩۰-۹]{4}|['’]\d\d\b")
_FIGURE = re.compile(r"\d")
_LINE = 160  # characters: a byline, never a paragraph
_PARAGRAPH = 2000  # characters: longer ones are not read for dates
_NEAR = 45  # elements after the headline
_SUREST = 0.85
_MOST = 60  # dates looked at: an archive page has thousands
_SKIP = frozenset(["style", "noscript", "template", "svg", "option", "select", "textarea", "iframe"])
_UNSEEN = _SKIP | {"script"}
_DATE_NAME = re.compile(
    r"date|time(?!line)|datum|fecha|data[-_]?(?:pub|art)|publi|posted|byline|by-line|dateline|meta\b|meta[-_]|[-_]meta"
    r"|entry-info|post-info|article-info|autor|author|stand\b|created|submitted|timestamp",
    re.I,
)
_ASIDE_NAME = re.compile(
    r"relat|recomm|sidebar|side-bar|widget|comment|footer|teaser|trending|popular|most-?read|mehr|more[-_]"
    r"|latest|recent|archive|calendar|copyright|event|listing|carousel|promo|newsletter|ticker|menu|nav\b"
    r"|breadcrumb|weather|advert|next|prev|forum|reply|respond|footnote|reference|citation|biblio|headlines",
    re.I,
)
_LAYOUT = re.compile(r"breadcrumb|menu|nav|promo|more|mehr|calendar|archive|event|advert|latest", re.I)
_ASIDE_TAGS = frozenset(["footer", "aside", "nav", "dialog"])
_PUBLISHED_WORD = re.compile(
    r"publi(?:shed|sh|é|ée|cado|cada|cato|cata|kováno|kowano)|post(?:ed|ado)|first\s+published|veröffentlicht"
    r"|erstellt|erschienen|gepubliceerd|geplaatst|publicerad|publisert|publiceret|julkaistu|udgivet"
    r"|опубликовано|дата публикации|publikálva|yayın|publicat|objavljeno|zveřejněno|created|issued"
    r"|written\s+on|released|date\s*:|datum\s*:|date posted|submitted|发布|發佈"
    r"|公開|投稿",
    re.I,
)
_LONE_WORD = re.compile(r"^(?:on|am|vom|den|le|el|il|em|op)\s*$", re.I)
_MODIFIED_WORD = re.compile(
    r"updat|modif|aktualis|actuali[sz]|aggiornat|atuali[sz]|geüpdatet|bijgewerkt|laatst|gewijzigd|uppdatera"
    r"|oppdater|opdater|päivitetty|обновлен|изменен|geändert|stand\s*:|última|revised|edited|last\s+change"
    r"|mis à jour|mise à jour|zmodyfikow|aktualiz|更新|güncelle|reviewed",
    re.I,
)
# words after which a date is another thing's
_OTHER_WORD = re.compile(
    r"joined|member since|born|died|founded|established|since|copyright|©|\(c\)|expires|until|deadline|valid"
    r"|effective|retrieved|accessed|abgerufen|bis\b|seit\b|ends|version|comment|replied|says\s*:?\s*$|permalink",
    re.I,
)


def visible(reading: Reading, language: str | None, region: str | None) -> Iterator[Clue]:
    """The dates that stand in the page's text, each with its weight."""
    if language and region and "-" not in language:
        language = f"{language}-{region}"
    elif region and not language:
        language = f"und-{region}"
    title = _headline(reading)
    at_title: int | None = None
    holders: dict[HtmlElement, int] = {}  # in document order, with their place in it
    for index, element in enumerate(reading.tree.iter()):
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIP:
            continue
        if element is title:
            at_title = index
        text, tail = element.text, element.tail
        if tag == "time" or (tag == "abbr" and element.get("title")):
            holders.setdefault(element, index)
        elif tag == "script":
            # a short one may print a date: showDate("2020/04/17 01:43:09")
            if text and len(text) < _LINE and _datish(text) and "json" not in element.get("type", ""):
                holders.setdefault(element, index)
        elif text and len(text) < _PARAGRAPH and _datish(text):
            holders.setdefault(element, index)
        if tail and len(tail) < _PARAGRAPH and _datish(tail):
            holders.setdefault(element.getparent(), index)
        if len(holders) >= _MOST:
            break
    seen: set[HtmlElement] = set()
    after = 0
    for holder, index in holders.items():
        line_holder, line = _line_of(holder)
        if holder.tag not in ("time", "abbr"):
            if line_holder in seen:
                continue
            seen.add(line_holder)
        distance = None if at_title is None else index - at_title
        for clue in _element(holder, line_holder, line, distance, language):
            if distance is not None and 0 <= distance <= _NEAR and clue.kind == "published":
                # of the dates after the headline the first is the byline's
                after += 1
                if after == 1:
                    clue.weight = min(_SUREST, clue.weight + 0.05)
            yield clue


def _datish(text: str) -> bool:
    # most texts have no figure, and are told from the others in a tenth of the time
    return _FIGURE.search(text) is not None and _DATISH.search(text) is not None


def _headline(reading: Reading) -> HtmlElement | None:
    """The <h1> that says most of the page's title; else the first one that says anything."""
    title = (reading.meta("og:title") or reading.tree.findtext(".//title") or "").casefold()
    first: HtmlElement | None = None
    for element in reading.tree.iter("h1"):
        text = _text(element).casefold()
        if len(text) > 8 and text[:40] in title:
            return element
        if first is None and text:
            first = element
    return first


def _element(
    element: HtmlElement, line_holder: HtmlElement, line: str, distance: int | None, language: str | None
) -> Iterator[Clue]:
    if element.tag in ("time", "abbr"):
        stamp = element.get("datetime") or element.get("title") or ""
        found = next(find_moments(stamp[:80], language), None) if stamp else None
        if found:
            own = " ".join(element.text_content().split())[:_LINE]
            printed = next(find_moments(own, language), None)
            found = _finer(found, printed)
            at = line.find(own) if own else 0
            before = line[max(0, at - 40) : max(0, at)] if own else line[:40]
            yield _weighed(found, element, line_holder, line, before, distance, f"<{element.tag}>")
            return
    previous = 0
    last: Found | None = None
    for found in find_moments(line, language):
        before = line[max(previous, found.start - 40) : found.start].lstrip(" |·•,–—-")
        yield _weighed(found, element, line_holder, line, before, distance, "text")
        previous, last = found.end, found
    if last is not None and (tail := line[last.end :]) and (word := _MODIFIED_WORD.search(tail)):
        # "Published 14:05 GMT, 3 March 2020 | Updated 16:10 GMT": the same day, another time
        day = day_of(last.moment)
        moment = find_clock(tail[word.start() :], day) if day else None
        if moment:
            later = Found(last.end, len(line), moment)
            yield _weighed(later, element, line_holder, line, word[0], distance, "text")


def _finer(stamp: Found, printed: Found | None) -> Found:
    """The attribute's moment, unless the words beside it say the same day with more."""
    if printed and stamp.moment.precision == "day" and printed.moment.value[:10] == stamp.moment.value:
        return printed
    return stamp


def _line_of(element: HtmlElement) -> tuple[HtmlElement, str]:
    """The line that the element stands in: its nearest ancestor that is still no longer than a byline."""
    line = _text(element)
    holder = element
    for _ in range(0 if element.tag == "script" else 3):
        parent = holder.getparent()
        if parent is None or parent.tag in ("body", "html", "article", "main", "section"):
            break
        wider = _text(parent)
        if len(wider) > _LINE:
            break
        holder, line = parent, wider
    return holder, line


def _text(element: HtmlElement) -> str:
    """The words of an element on one line, scripts inside it left out; cut where it is no line any more."""
    parts: list[str] = []
    size = 0
    for node in element.iter():
        own = (
            node.text if isinstance(node.tag, str) and (node is element or node.tag not in _UNSEEN) else None
        )
        for part in (own, node.tail if node is not element else None):
            if part and part.strip():
                parts.append(part)
                size += len(part)
        if size > 4 * _LINE:
            break
    return " ".join(" ".join(parts).split())


def _weighed(
    found: Found,
    element: HtmlElement,
    holder: HtmlElement,
    line: str,
    before: str,
    distance: int | None,
    what: str,
) -> Clue:
    weight, reasons = 0.3, [what]
    kind: Kind = "published"
    names = " ".join(_names(node) for node in (element, holder, holder.getparent()) if node is not None)
    long = len(line) > _LINE
    near = distance is not None and -25 <= distance <= _NEAR
    if element.tag == "time":
        weight += 0.15
        if element.get("pubdate") is not None:
            # every comment has a pubdate, too
            weight += 0.2 if near or distance is None else 0.05
            reasons.append("pubdate")
    if modified := list(_MODIFIED_WORD.finditer(before)):
        published = list(_PUBLISHED_WORD.finditer(before))
        if not published or published[-1].start() < modified[-1].start():
            kind = "modified"
    if kind == "published" and _MODIFIED_WORD.search(_names(element)) and not _PUBLISHED_WORD.search(before):
        kind = "modified"
    rest = len(line) - (found.end - found.start)
    sentence = not long and rest > 60 and element.tag not in ("time", "abbr")
    if not long and _PUBLISHED_WORD.search(before):
        weight += 0.2
        reasons.append("after a word of publishing")
    elif _OTHER_WORD.search(before):
        weight -= 0.2
        reasons.append("after another word")
    elif near and rest < 25 and _LONE_WORD.match(before):
        weight += 0.2
        reasons.append(f"after {before.strip()!r}")
    if not long and _DATE_NAME.search(names):
        weight += 0.12
        sentence = False
        reasons.append("named as a date")
    if near:
        weight += 0.2 if distance is not None and distance >= 0 else 0.12
        reasons.append("by the headline")
    elif distance is not None and distance < 0:
        weight -= 0.1  # the day of the visit, in the head of the page
        reasons.append("above the headline")
    if found.end - found.start >= 0.6 * len(line):
        weight += 0.08
        reasons.append("alone on its line")
    if long:
        weight -= 0.15
        reasons.append("in running text")
    elif sentence:
        weight -= 0.1
        reasons.append("in a sentence")
    elif found.moment.precision in ("hour", "minute", "second") and element.tag != "time":
        weight += 0.1
        reasons.append("with a time")
    if aside := _aside(element):
        # by the headline even a "breadcrumb" or a "promo" holds the byline, but a list of teasers does not
        told = near or "after a word of publishing" in reasons
        weight *= 0.6 if told and _LAYOUT.search(aside) else 0.3
        reasons.append(f"in {aside}")
    return Clue(
        moment=found.moment,
        place="page " + ("byline" if "by the headline" in reasons else "text"),
        rule=", ".join(reasons),
        weight=max(0.03, min(_SUREST, weight)),
        kind=kind,
        family="visible",
        swapped=found.swapped,
        sure=found.sure,
    )


def _names(element: HtmlElement) -> str:
    return " ".join(
        filter(None, (element.get(a) for a in ("class", "id", "data-testid", "data-test", "rel", "itemprop")))
    )


def _aside(element: HtmlElement) -> str:
    """What the element stands in that is not the article; empty where it is the article."""
    node: HtmlElement | None = element
    for _ in range(8):
        if node is None or node.tag in ("body", "html", "main"):
            return ""
        if node.tag in _ASIDE_TAGS:
            return f"<{node.tag}>"
        names = _names(node)
        if names and len(names) < 200 and (match := _ASIDE_NAME.search(names)):
            return match[0].lower()
        if node.tag == "article" and node is not element:
            return ""
        node = node.getparent()
    return ""
