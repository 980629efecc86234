"""The last step: rows into items."""

from __future__ import annotations

import re

from dateline.models import Dateline, DigestItem
from dateline.urls import host_of

from .build import Builder, Draft
from .captions import dateline
from .layout import lay_out
from .model import Kind, Row
from .words import GREETING, KICKERS

_SOCIAL = re.compile(
    r"https?://(?:www\.)?(?:twitter|x|facebook|linkedin|instagram|t\.me|wa\.me|api\.whatsapp|reddit|pinterest)\b"
)


def items_of(rows: list[Row], file: str) -> list[DigestItem]:
    """The items that classified rows make up, in order. Boilerplate rows are passed over."""
    drafts = [draft for draft in Builder(*lay_out(rows)).build() if not draft.empty]
    _carry_sections(drafts)
    if (
        len(drafts) > 1
        and not _substance(drafts[0], credit=False)
        and all(_substance(draft) for draft in drafts[1:])
    ):
        del drafts[0]  # a title with nothing below it over items that have more: the digest's own name
    if len(drafts) > 1 and _greets(drafts[0]):
        del drafts[0]  # a newsletter's own name, its writer and "Happy Friday"
    return [_item(draft, file) for draft in drafts]


def _greets(draft: Draft) -> bool:
    words = draft.paragraphs
    return bool(words) and not draft.links and all(len(w) < 160 and GREETING.match(w) for w in words)


def _substance(draft: Draft, credit: bool = True) -> bool:
    return bool(draft.links or draft.paragraphs or (credit and draft.byline) or draft.captions)


def _carry_sections(drafts: list[Draft]) -> None:
    """A department's label stands over all items until the next; a kicker over its own alone."""
    labels = [row for draft in drafts for row in draft.rows if row.kind is Kind.SECTION]
    current: Row | None = None
    name: str | None = None
    for draft in drafts:
        own = next((row for row in draft.rows if row.kind is Kind.SECTION), None)
        if own is not None:
            marked = bool(own.level) or own.bullet == "="
            group = (
                draft.section is not None
                and draft.section.casefold() not in KICKERS
                and not own.text.startswith("Section")
            )
            carries = group and (marked or len(labels) > 1) and not (own.forced and own.bullet != "=")
            current, name = (own, draft.section) if carries else (None, None)
        elif draft.section is None and current is not None:
            draft.section = name
            draft.lines["section"] = list(current.lines)


def _item(draft: Draft, file: str) -> DigestItem:
    if draft.updated is not None and not draft.date:
        draft.date = draft.updated.date
        draft.note("printed_date", draft.updated)
    lead = next((found for text in draft.paragraphs[:2] if (found := dateline(text))), None)
    if draft.place and lead is None:
        lead = Dateline(place=draft.place)
    if lead is not None and "dateline" not in draft.lines and draft.paragraph_rows:
        draft.lines["dateline"] = [draft.paragraph_rows[0].start]
    link = _main_link(draft)
    if link:
        first = next(row for row in draft.rows if any(anchor.url == link for anchor in row.anchors))
        draft.lines["link"] = list(first.lines)
        _forget_outlet(draft, link)
    covered = [row for row in draft.rows if row.kind is not Kind.SECTION or row.section]
    return DigestItem(
        file=file,
        start_line=min(row.start for row in covered),
        end_line=max(row.end for row in covered),
        title=draft.title,
        section=draft.section,
        byline=draft.byline,
        authors=draft.authors,
        printed_date=draft.date,
        link=link,
        links=draft.links,
        captions=draft.captions,
        dateline=lead,
        text="\n\n".join(draft.paragraphs),
        lines=draft.lines,
    )


_SUFFIX = re.compile(r"(?P<title>.{8,}?)\s(?:[|–—-]|::)\s(?P<outlet>[^|–—]{2,40})")


_PREFIX = re.compile(r"(?P<outlet>[^:|–—]{2,40}?)\s?(?:[|–—:]|\s-)\s+(?P<title>.{12,})")


def _forget_outlet(draft: Draft, link: str) -> None:
    """The outlet's name behind the headline or in place of a byline, where the address says the same name."""
    host = host_of(link)
    if draft.title and (match := _SUFFIX.fullmatch(draft.title)) and _names_host(match["outlet"], host):
        draft.title = match["title"].rstrip()
    elif draft.title and (match := _PREFIX.fullmatch(draft.title)) and _names_host(match["outlet"], host):
        draft.title = match["title"]
    if draft.byline and draft.authors == [draft.byline] and _names_host(draft.byline, host):
        draft.byline, draft.authors = None, []
        draft.lines.pop("byline", None)


def _names_host(name: str, host: str) -> bool:
    """ "The Capital Ledger" and ledger.example, "New York Times" and nytimes.com, "FT" and ft.com."""
    words = [word for word in re.findall(r"\w+", name.casefold()) if word not in ("the", "der", "die", "das")]
    labels = [
        label.replace("-", "")
        for label in host.casefold().split(".")[:-1]
        if label not in ("www", "co", "com")
    ]
    if not words or not labels or len(words) > 5:
        return False
    whole, initials = "".join(words), "".join(word[0] for word in words)
    shorter = initials[: len(words) - 1] + words[-1]  # nytimes, wapost
    return any(
        label in (whole, initials, shorter)
        or (len(label) > 4 and (label in whole or (len(whole) > 4 and whole in label)))
        for label in labels
    )


def _main_link(draft: Draft) -> str | None:
    """The story's own address: on its title or in its head, else below its text, else in a short teaser."""
    pools = [draft.header_links, draft.later_links]
    if sum(map(len, draft.paragraphs)) < 700 and len(draft.paragraphs) <= 3:
        pools.append(draft.inline_links)
    for pool in pools:
        for url in pool:
            if not _SOCIAL.match(url):
                return url
    return next((url for pool in pools for url in pool), None)
