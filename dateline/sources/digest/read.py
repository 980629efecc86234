"""A digest file, or its bytes, into a `Digest`; and digests into links."""

from __future__ import annotations

import glob
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from dateline.models import DigestItem, Link, Moment
from dateline.urls import article_id, text_id

from .addresses import read_addresses
from .classify import classify
from .company import by_company
from .dates import day_in, header_moment, received_moment
from .decode import NotText, decode, split_lines
from .furniture import signature_lines, strip
from .html_rows import rows_of_html
from .items import items_of
from .message import Part, looks_like_message, read_message
from .model import Digest, Kind, Row
from .plain import rows_of
from .table import pipe_table, read_table
from .words import MASTHEAD

SUFFIXES = frozenset(
    (
        ".txt",
        ".text",
        ".md",
        ".markdown",
        ".html",
        ".htm",
        ".xhtml",
        ".eml",
        ".mbox",
        ".csv",
        ".tsv",
        ".urls",
        ".lst",
        ".list",
        ".asc",
        ".mht",
        "",
    )
)
_LIMIT = 256 * 1024 * 1024


def read_digest(path: Path | str, data: bytes | None = None, received: str | None = None) -> Digest:
    """The items of one digest file, with the digest's own date.

    `data` is read instead of the file if given; `path` then only names it. `received` is the date
    that the user gives, in ISO 8601. Else the message's header gives the date (of the forwarded
    message, where one was forwarded), else the file's name or first lines; else it is None.

    What can't be read (no text, nothing in it) gives a digest without items and a note.

    Raises:
        OSError: the file can't be opened.
        ValueError: `received` is no date.
    """
    path = Path(path)
    digest = Digest(file=path.name)
    if received:
        digest.received_at = received_moment(received)
    if data is None:
        if path.stat().st_size > _LIMIT:
            digest.notes.append(f"{path.name}: larger than {_LIMIT >> 20} MB, not read")
            return digest
        data = path.read_bytes()
    if not data.strip():
        digest.notes.append(f"{path.name}: the file is empty")
        return digest
    try:
        date = _read(digest, path, data)
    except NotText as error:
        digest.notes.append(f"{path.name}: {error}")
        return digest
    digest.received_at = digest.received_at or date
    if not digest.items:
        digest.notes.append(f"{path.name}: no items found")
    return digest


def _read(digest: Digest, path: Path, data: bytes) -> Moment | None:
    """Fills in the items; the digest's date as far as the file tells it."""
    suffix = path.suffix.lower()
    by_name = day_in(path.stem)
    if suffix in (".eml", ".mbox", ".mht") or looks_like_message(data):
        date = _read_mail(digest, data)
        if digest.items or date or suffix in (".eml", ".mbox", ".mht"):
            return date or by_name
    text, encoding = decode(data, _declared(data) if suffix in (".html", ".htm", ".xhtml") else None)
    if encoding not in ("utf-8", "ascii"):
        digest.notes.append(f"{path.name}: read as {encoding}")
    text = text.removeprefix("\ufeff")
    if (table := pipe_table(text)) and (items := read_table(table, digest.file)):
        digest.items = items
        return by_name
    if suffix in (".csv", ".tsv") or (suffix in ("", ".txt") and _tabular(text)):
        items = read_table(text, digest.file)
        if items is not None:
            digest.items = items
            return by_name
    if suffix in (".html", ".htm", ".xhtml") or _is_html(text):
        rows, found = _prepared(rows_of_html(text))
        total = text.count("\n") + 1
    else:
        lines = split_lines(text)
        if addresses := read_addresses(lines, digest.file, digest.notes):
            digest.items = addresses
            return by_name
        rows, found = _prepared(rows_of(lines))
        total = len(lines)
    digest.items = items_of(rows, digest.file)
    for item in digest.items:
        item.end_line = min(item.end_line, total)
    return (header_moment(found) if found else None) or by_name or _first_lines(rows, digest.items)


def _prepared(rows: list[Row]) -> tuple[list[Row], str | None]:
    classify(rows)
    by_company(rows)
    date = strip(rows)
    return rows, date


def _first_lines(rows: list[Row], items: list[DigestItem]) -> Moment | None:
    """The day that the digest's own head names: what `items_of` took for no item's, or its title.

    A date below a headline or byline is the item's, and no digest's.
    """
    for place, row in enumerate(row for row in rows[:12] if row.text):
        if (row.byline and row.kind is not Kind.BOILERPLATE) or len(row.text) > 160:
            return None
        above = row.kind is Kind.DATE and bool(items) and row.end < items[0].start_line
        own = above or row.kind is Kind.BOILERPLATE or (place == 0 and MASTHEAD.search(row.text))
        if own and (found := day_in(row.text)):
            return found
    return None


def _declared(data: bytes) -> str | None:
    match = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", data[:8192], re.IGNORECASE)
    return match[1].decode("ascii") if match else None


def _is_html(text: str) -> bool:
    head = text[:4096].lstrip().lower()
    if head.startswith(
        ("<!doctype html", "<html", "<head", "<body", "<table", "<div", "<center", "<article", "<section")
    ):
        return True
    tags = len(re.findall(r"</(?:p|td|tr|table|div|li|h[1-6]|a)>", text[:65536], re.IGNORECASE))
    return tags >= 6 and tags * 200 > min(len(text), 65536)


def _tabular(text: str) -> bool:
    """A .txt whose first line names columns, one of them the address, or whose lines have tabs."""
    head = [line for line in text[:8192].splitlines() if line.strip()][:6]
    if len(head) < 2:
        return False
    named = (
        re.search(r"(?:^|[,;\t|\"])\s*(?:url|link)s?\s*(?:$|[,;\t|\"])", head[0], re.IGNORECASE) is not None
    )
    marks = [mark for mark in "\t;,|" if mark in head[0]]
    return (named and bool(marks)) or (
        all("\t" in line for line in head) and all("http" in line for line in head[1:])
    )


def _read_mail(digest: Digest, data: bytes) -> Moment | None:
    mail = read_message(data)
    date: Moment | None = None
    covering = len(mail.messages) > 1 and not data.startswith(b"From ")
    for parts in mail.messages:
        best = _best([_read_part(part, digest.file) for part in parts]) if parts else None
        if best is None:
            continue
        items, inner, part = best
        if len(items) == 1 and part.subject and items[0].title is None and items[0].text:
            subject = re.sub(r"^(?:(?:fwd?|re|wg|aw|tr|rv|i)\s*:\s*)+", "", part.subject, flags=re.IGNORECASE)
            if subject and not MASTHEAD.search(subject):
                items[0].title = subject
                items[0].lines["title"] = [part.subject_line]
                items[0].start_line = min(items[0].start_line, part.subject_line)
        if covering and sum(len(item.text) for item in items) < 400 and not any(item.links for item in items):
            items = []  # a note upon the message that was forwarded with it
        digest.items.extend(items)
        moment = (header_moment(inner) if inner else None) or (
            header_moment(part.date) if part.date else None
        )
        date = date or moment
    return date or (header_moment(mail.date) if mail.date else None)


_PartRead = tuple[list[DigestItem], str | None, Part]


def _read_part(part: Part, file: str) -> _PartRead:
    lines = split_lines(part.text)
    if part.is_html:
        rows = rows_of_html(part.text)
    else:
        cut = signature_lines(lines)
        rows = rows_of(lines[:cut] if cut is not None else lines, flowed=part.flowed)
    rows, date = _prepared(rows)
    items = items_of(rows, file)
    for item in items:
        _place(item, part)
    return items, date, part


def _place(item: DigestItem, part: Part) -> None:
    """Line numbers of the decoded part into line numbers of the file."""

    def at(numbers: list[int], line: int) -> int:
        return numbers[min(max(line, 1), len(numbers)) - 1]

    item.start_line = at(part.first, item.start_line)
    item.end_line = max(at(part.last, item.end_line), item.start_line)
    for name, numbers in item.lines.items():
        item.lines[name] = sorted(
            {number for line in numbers for number in range(at(part.first, line), at(part.last, line) + 1)}
        )


def _best(reads: list[_PartRead]) -> _PartRead | None:
    """The alternative that says most: items with links and titles; HTML if they say the same.

    Parts that are no alternatives of each other (text with a text attachment) say different things;
    the fuller one is taken with the others' items that it lacks.
    """
    if not reads:
        return None

    def score(read: _PartRead) -> tuple[int, int, int, bool]:
        items = read[0]
        complete = sum(1 for item in items if item.link and item.title)
        links = len({url for item in items for url in item.links})
        return complete, min(links, complete + 1), sum(1 for item in items if item.text), read[2].is_html

    best = max(reads, key=score)
    items = list(best[0])
    known = {url for item in items for url in item.links}
    titles = {item.title for item in items}
    for other in reads:
        if other is not best and other[2].is_html == best[2].is_html:
            items += [item for item in other[0] if not (known & set(item.links)) and item.title not in titles]
    return items, best[1] or next((read[1] for read in reads if read[1]), None), best[2]


# --- files ---------------------------------------------------------------------------------------


class NoSuchDigest(ValueError):
    """A path that names nothing; the message is one line for the user."""


def find_digests(args: Iterable[Path | str]) -> list[Path]:
    """The digest files that files, folders (searched to the bottom) and globs name, each once, sorted.

    Raises:
        NoSuchDigest: an argument names nothing that exists.
    """
    found: dict[Path, None] = {}
    for arg in args:
        path = Path(arg).expanduser()
        if path.is_file():
            found.setdefault(path)
            continue
        if path.is_dir():
            files = _inside(path, lambda name: not name.startswith("."))
            for file in files:
                found.setdefault(file)
            continue
        pattern = str(path)
        # Path.glob takes no absolute pattern
        matches = sorted(glob.glob(pattern, recursive=True)) if glob.has_magic(pattern) else []  # noqa: PTH207
        if not matches:
            raise NoSuchDigest(f"{arg}: no such file, folder or pattern")
        for match in matches:
            for file in (
                [Path(match)]
                if Path(match).is_file()
                else _inside(Path(match), lambda name: not name.startswith("."))
            ):
                found.setdefault(file)
    return list(found)


def _inside(folder: Path, wanted: Callable[[str], bool]) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix.lower() in SUFFIXES
        and all(wanted(part) for part in path.relative_to(folder).parts)
    )


# --- what is handed on -----------------------------------------------------------------------------


def links_of(digest: Digest) -> list[Link]:
    """One link for each item, in order: N items give N links, one without an address included."""
    return [
        Link(
            link_id=article_id(item.link) if item.link else text_id(item.text or item.title or ""),
            url=item.link,
            source=f"digest:{digest.file}",
            item=item,
            received_at=digest.received_at,
        )
        for item in digest.items
    ]


def read_json(item: DigestItem) -> dict[str, Any]:
    """An item as `dateline read --json` prints it."""
    return {
        "file": item.file,
        "start_line": item.start_line,
        "end_line": item.end_line,
        "title": item.title,
        "section": item.section,
        "byline": item.byline,
        "authors": item.authors,
        "printed_date": item.printed_date,
        "link": item.link,
        "links": item.links,
        "captions": [{"text": found.text, "credit": found.credit} for found in item.captions],
        "dateline": {"place": item.dateline.place, "agency": item.dateline.agency} if item.dateline else None,
        "text": item.text,
    }
