"""CSV, TSV and Markdown tables with a column of addresses: each record is an item."""

from __future__ import annotations

import csv
import io
import re

from dateline.models import DigestItem
from dateline.urls import unwrap

from .captions import dateline
from .decode import clean
from .people import byline
from .words import LABELS

_URL = re.compile(r"<?(https?://[^\s<>\"]+?)>?", re.IGNORECASE)
_ALSO = {
    "title": ("name", "article title", "article", "story", "heading", "story title", "item"),
    "link": ("uri", "href", "address", "adresse", "urls", "links", "article link", "source link", "website"),
    "date": (
        "datetime",
        "day",
        "timestamp",
        "published at",
        "published_at",
        "created",
        "created at",
        "pub",
        "when",
    ),
    "text": (
        "article text",
        "full_text",
        "fulltext",
        "snippets",
        "summary text",
        "article body",
        "hit sentence",
        "opening text",
        "note",
        "notes",
        "comment",
    ),
    "byline": ("creator", "by", "written by", "authors names", "journalists"),
    "section": ("categories", "tag", "type", "theme"),
    "caption": ("image caption",),
}
_NAMES = dict(LABELS) | {name: field for field, names in _ALSO.items() for name in names}


def read_table(text: str, file: str) -> list[DigestItem] | None:
    """The items of a table; None if `text` is no table with a column of addresses."""
    csv.field_size_limit(1 << 24)
    for delimiter in _delimiters(text):
        records = _records(text, delimiter)
        if records is None or not records:
            continue
        columns, headed = _columns(records)
        if "link" in columns.values():
            body = records[1:] if headed else records
            return [item for record in body if (item := _item(record, columns, file))]
    return None


_CELL_LINK = re.compile(r"\[([^\[\]]{0,300})\]\(\s*<?(https?://[^()\s<>]+)>?[^()]{0,100}\)")


def pipe_table(text: str) -> str | None:
    """A Markdown table as CSV, line for line, if most of the text is one; else None."""
    lines = text.splitlines()
    piped = [line for line in lines if line.lstrip().startswith("|")]
    written = sum(1 for line in lines if line.strip())
    ruled = any(re.fullmatch(r"\s*\|(?:\s*:?-{2,}:?\s*\|)+\s*", line) for line in piped[:3])
    if not ruled or len(piped) < 3 or len(piped) * 5 < written * 3:
        return None
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    for line in lines:
        cells = [] if line not in piped or set(line) <= set("|-: \t") else line.strip().strip("|").split("|")
        writer.writerow([cell.strip() for cell in cells])
    return out.getvalue()


def _delimiters(text: str) -> list[str]:
    head = [line for line in text[:8192].splitlines() if line.strip()][:10]
    if not head:
        return []
    counts = {mark: sum(1 for line in head if mark in line) for mark in ("\t", ";", ",", "|")}
    first = {mark: head[0].count(mark) for mark in counts}
    return [
        mark
        for mark in sorted(counts, key=lambda mark: (-first[mark], -counts[mark]))
        if first[mark] or len(head) == 1
    ]


_Record = tuple[int, int, list[str]]


def _records(text: str, delimiter: str) -> list[_Record] | None:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    records: list[_Record] = []
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                # empty lines before a quoted record do not belong to it
                records.append((start, reader.line_num, cells))
            start = reader.line_num + 1
    except csv.Error:
        return None
    return records


def _columns(records: list[_Record]) -> tuple[dict[int, str], bool]:
    """Which column is which field, and whether the first record names them."""
    names = [re.sub(r"[_\s-]+", " ", clean(cell).casefold()).strip(" :*#") for cell in records[0][2]]
    headed = not any(_URL.fullmatch(cell.strip()) for cell in records[0][2])
    columns: dict[int, str] = {}
    if headed and len(names) > 0:
        for number, name in enumerate(names):
            field = _NAMES.get(name)
            if field is None and re.search(r"\b(?:url|link|href)\b", name):
                field = "link"
            if field is None and re.search(r"\b(?:title|headline)\b", name):
                field = "title"
            if field and field not in columns.values() and field not in ("ignored", "updated"):
                columns[number] = field
    body = records[1:] if headed else records
    sample = body[:50]
    width = max((len(cells) for _, _, cells in sample), default=0)
    if not sample or width < (1 if headed else 2):
        return {}, headed
    linked = {
        number: sum(
            1 for _, _, cells in sample if number < len(cells) and _URL.fullmatch(cells[number].strip())
        )
        for number in range(width)
    }
    best = max(linked, key=lambda number: linked[number])
    declared = next((number for number, field in columns.items() if field == "link"), None)
    if declared is not None and not linked.get(declared) and linked[best]:
        del columns[declared]
        declared = None
    if declared is None:
        if linked[best] * 2 < len(sample):
            return {}, headed
        columns[best] = "link"
    elif not linked.get(declared) and len(names) < 2:
        return {}, headed
    if "title" not in columns.values() and not headed:
        _guess(columns, sample, width)
    return columns, headed


def _guess(columns: dict[int, str], sample: list[_Record], width: int) -> None:
    """Without a head, the column of longest words that are no date is the title."""
    from .dates import printed_date

    for number in range(width):
        if number in columns:
            continue
        values = [
            clean(cells[number]) for _, _, cells in sample if number < len(cells) and cells[number].strip()
        ]
        if values and "date" not in columns.values() and all(printed_date(value) for value in values):
            columns[number] = "date"
        elif (
            values
            and "title" not in columns.values()
            and sum(len(value.split()) for value in values) >= 3 * len(values)
        ):
            columns[number] = "title"


def _item(record: _Record, columns: dict[int, str], file: str) -> DigestItem | None:
    start, end, cells = record
    values = {field: cells[number].strip() for number, field in columns.items() if number < len(cells)}
    found = re.findall(r"https?://[^\s<>\"()]+(?:\([^\s<>\"()]*\)[^\s<>\"()]*)*", values.get("link", ""))
    for (
        field,
        value,
    ) in values.items():  # "[Reuters](https://…)" in any cell: its words stay, its address is one more
        found += [match[1] for match in _CELL_LINK.findall(value) if match[1] not in found]
        values[field] = _CELL_LINK.sub(r"\1", value)
    links = list(dict.fromkeys(unwrap(url.rstrip(".,;")) for url in found))
    title = clean(values.get("title", "").replace("\n", " ")) or None
    paragraphs = [
        clean(part.replace("\n", " "))
        for part in re.split(r"\n\s*\n", values.get("text", "").replace("\r\n", "\n"))
    ]
    text = "\n\n".join(part for part in paragraphs if part)
    if not links and not title and not text:
        return None
    credit = byline(clean(values.get("byline", "")), labelled=True)
    lines = list(range(start, end + 1))
    fields: dict[str, object] = {
        "title": title,
        "link": links,
        "links": links,
        "text": text,
        "byline": credit,
        "printed_date": values.get("date"),
        "section": values.get("section"),
    }
    item = DigestItem(
        file=file,
        start_line=start,
        end_line=end,
        title=title,
        section=clean(values.get("section", "")) or None,
        printed_date=clean(values.get("date", "")) or None,
        link=links[0] if links else None,
        links=links,
        text=text,
        dateline=dateline(text) if text else None,
        lines={name: lines for name, value in fields.items() if value},
    )
    if credit:
        item.byline, item.authors = credit
    return item
