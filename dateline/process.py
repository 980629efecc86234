"""`dateline process`: the pipeline's inside as a filter, JSON lines in, JSON lines out, in order.

A record gives a page (`html`, or `html_path`, gzip or not) or a text; what it says itself (title,
published_at) is believed over what the page says.
"""

from __future__ import annotations

import gzip
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from dateline.models import Article, Interval, Moment, Outcome

# What one record's page may hold once unpacked; the limit that fetching has, too.
MAX_BYTES = 64 * 1024 * 1024

# Records that a worker takes at once: the language model likes company, a slow page does not.
BATCH = 8


class Record(msgspec.Struct, kw_only=True):
    """One line of input. Exactly one of html_path, html and text is read, in this order."""

    id: str | int | None = None
    url: str | None = None
    html_path: str | None = None
    html: str | None = None
    text: str | None = None
    title: str | None = None
    published_at: str | None = None


class RecordError(ValueError):
    """The record can't be read; the message says what is wrong with it."""


def process_lines(lines: Sequence[bytes]) -> list[bytes]:
    """The answers to a batch of lines, one each, in order; a bad line gives an error line."""
    from dateline.enrich import enrich

    ids: list[Any] = []
    articles: list[Article | str] = []
    for line in lines:
        ids.append(_id_of(line))
        try:
            articles.append(_article(_record(line)))
        except RecordError as error:
            articles.append(str(error))
        except Exception as error:
            articles.append(f"{type(error).__name__}: {error}")
    enrich([article for article in articles if isinstance(article, Article)])
    return [
        msgspec.json.encode(_answer(id_, article) if isinstance(article, Article) else failure(id_, article))
        for id_, article in zip(ids, articles, strict=True)
    ]


def failure(id_: Any, error: str) -> dict[str, Any]:
    """The line for a record that could not be processed: all keys, empty, and the error."""
    answer = _answer(id_, Article(article_id="", outcome=Outcome.FAILED))
    return answer | {"error": error}


def _id_of(line: bytes) -> Any:
    """The id of a line, also of one that is no valid record, so that its error can be matched."""
    try:
        record = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return record.get("id") if isinstance(record, dict) else None


def _record(line: bytes) -> Record:
    try:
        return msgspec.json.decode(line, type=Record)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RecordError(f"not a record: {error}") from error


def _article(record: Record) -> Article:
    if record.html_path is not None or record.html is not None:
        article = _from_page(record)
    elif record.text is not None:
        article = _from_text(record)
    else:
        raise RecordError("not a record: give html_path, html or text")
    article.title = record.title or article.title
    if record.published_at:
        from dateline.dates.published_moment import parse_moment

        moment = parse_moment(record.published_at)
        if moment is None:
            raise RecordError(f"published_at {record.published_at!r} is no date: write ISO 8601")
        article.published_at = moment
    return article


def _from_text(record: Record) -> Article:
    from dateline.extract.language import detect

    text = record.text or ""
    return Article(article_id="", text=text, language=detect(text), requested_url=record.url, method="given")


def _from_page(record: Record) -> Article:
    from dateline.extract import Reading, extract, judge, read_page

    if record.html_path is not None:
        reading = read_page(_bytes_of(Path(record.html_path)), {}, record.url)
    else:
        reading = Reading.from_html(record.html or "", record.url)
    article = extract(reading)
    article.outcome, article.outcome_reason = judge(reading, article)
    return article


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            data = gzip.GzipFile(fileobj=file).read(MAX_BYTES + 1) if packed else file.read(MAX_BYTES + 1)
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise RecordError(f"html_path {path}: {error}") from error
    if len(data) > MAX_BYTES:
        raise RecordError(f"html_path {path}: over {MAX_BYTES} bytes")
    return data


def _answer(id_: Any, article: Article) -> dict[str, Any]:
    published = article.published_at or Moment(value="", precision="day")
    return {
        "id": id_,
        "title": article.title,
        "text": article.text,
        "authors": article.authors,
        "published_at": published.value or None,
        "published_precision": published.precision if published.value else None,
        "language": article.language,
        "publisher": article.publisher,
        "section": article.section,
        "image": article.image,
        "captions": [{"text": caption.text, "credit": caption.credit} for caption in article.captions],
        "entities": [
            {
                "id": entity.entity_id,
                "name": entity.name,
                "type": entity.type,
                "mentions": [
                    {"start": mention.start, "end": mention.end, "text": mention.text}
                    for mention in entity.mentions
                    if mention.part == "body"
                ],
            }
            for entity in article.entities
        ],
        "dates": [
            {
                "start_char": time.start,
                "end_char": time.end,
                "text": time.text,
                "value": time.value,
                "start": _iso(time.interval, "start"),
                "end": _iso(time.interval, "end"),
            }
            for time in article.times
        ],
        "outcome": article.outcome.value,
        "outcome_reason": article.outcome_reason,
        "candidates": article.candidates,
        "error": next((note for note in article.notes if note.startswith("not enriched")), None),
    }


def _iso(interval: Interval | None, end: str) -> str | None:
    moment = getattr(interval, end) if interval else None
    return moment.isoformat() if moment else None


def process_stream(lines: Iterable[bytes], jobs: int | None, timeout: float) -> Iterator[bytes]:
    """The answer to each line that is not blank, in order, from warm worker processes.

    Args:
        lines: JSON lines, read as they come.
        jobs: how many processes; None takes one for each core.
        timeout: seconds that one record may take; the process that takes longer is killed.
    """
    from dateline.work import warm
    from dateline.workers import WorkError, Workers

    ids: deque[Any] = deque()

    def noted() -> Iterator[bytes]:
        for line in lines:
            if line.strip():
                ids.append(_id_of(line))  # an answer that never comes must still be told whose it is
                yield line

    with Workers(jobs, initializer=warm) as workers:
        for answer in workers.map_batches(process_lines, noted(), size=BATCH, timeout=timeout):
            id_ = ids.popleft()
            if isinstance(answer, WorkError):
                yield msgspec.json.encode(failure(id_, str(answer)))
            else:
                yield answer
