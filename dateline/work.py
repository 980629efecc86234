"""What a worker process does with a batch: read pages from the archive, extract, meet, enrich.

Runs in processes that are killed when a page takes too long, so nothing here writes anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dateline.models import Article, Link, Outcome, Page

if TYPE_CHECKING:
    from dateline.extract.reading import Reading

FIRST_OF_SEVERAL = "the first of several pages"  # a note's beginning


@dataclass(slots=True, kw_only=True)
class Fetched:
    """A link after the fetch: where its page lies in the archive, or why there is none."""

    link: Link
    location: str | None = None
    outcome: Outcome = Outcome.INDEXED
    reason: str = ""
    page: Page | None = None  # where its bytes may be read but not kept
    body_hash: str | None = None  # of the bytes at `location` and the address that they came from
    content_hash: str | None = None  # of the article that the link led to the last time
    sources: list[str] = field(default_factory=list)  # all that ever named the link, if known
    more: list[str] = field(default_factory=list)  # where the article's further pages lie, in order


@dataclass(slots=True, kw_only=True)
class Understood:
    """A link after extract and enrich: its article, or why there is none."""

    link_id: str
    article: Article | None
    outcome: Outcome
    reason: str = ""
    status: int | None = None  # of the HTTP answer
    archive: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    following: str | None = None  # the address at which the article's text goes on
    same: bool = False  # as the last time, text and fields: its names and dates were not read again
    gone: bool = False  # the page is, whatever the source's own text makes of the link


# What a body is by its first bytes, whatever its server calls it, that can't be read as a page.
_NO_PAGES = {
    "feed": "a feed",
    "sitemap": "a sitemap",
    "pdf": "a PDF",
    "image": "an image",
    "audio": "a sound",
    "video": "a film",
    "archive": "a packed file",
    "office": "an office document",
    "postscript": "PostScript",
    "program": "a program",
    "binary": "binary data",
}


class NotAPage(Exception):
    """What came is no page; the message says what."""


_OLD_NOTES = ("not enriched", "names were read in the first")


def warm() -> None:
    """Load what every batch needs, once for each process."""
    from dateline.entities.model import load

    load()


def understand(archive_folder: str, batch: Sequence[Fetched], *, enriching: bool = True) -> list[Understood]:
    """Extract, meet and enrich a batch; one result for each link, in order.

    An article that says what its link's article said the last time is left without names and dates:
    what stands has them (`Understood.same`).
    """
    from dateline.enrich import enrich, hash_of, seal

    results = [_read(Path(archive_folder), fetched) for fetched in batch]
    fresh: list[Article] = []
    for fetched, result in zip(batch, results, strict=True):
        if (article := result.article) is not None:
            result.same = enriching and fetched.content_hash == hash_of(article)
            if enriching and not result.same:
                fresh.append(article)
            else:
                seal(article)
    enrich(fresh)
    return results


def enriched(articles: Sequence[Article]) -> list[Article]:
    """Articles enriched again, in order."""
    from dateline.enrich import enrich

    for article in articles:
        article.notes = [note for note in article.notes if not note.startswith(_OLD_NOTES)]
    enrich(articles)
    return list(articles)


def _whole(archive_folder: Path, article: Article, first: Reading, more: Sequence[str]) -> str | None:
    """Put the text of an article's further pages behind that of its first.

    Returns the address at which the last of them goes on, None where the article is whole.
    """
    following = next_page(first)
    if not more:
        return following
    from dateline.extract import extract

    paragraphs, captions = article.text.split("\n\n"), list(article.captions)
    for location in more:
        page, reading = _kept(archive_folder, location)
        other = extract(reading, page=page)
        paragraphs += [one for one in other.text.split("\n\n") if one and one not in paragraphs]
        captions += [one for one in other.captions if one not in captions]
        following = next_page(reading, first.url)
    article.text, article.captions, article.pages = "\n\n".join(paragraphs), captions, list(more)
    article.notes = [note for note in article.notes if not note.startswith(FIRST_OF_SEVERAL)]
    goes_on = f"; it goes on at {following[:300]}" if following else ""
    article.notes.append(f"the text of {len(more) + 1} pages{goes_on}")
    return following


def _kept(archive_folder: Path, location: str) -> tuple[Page, Reading]:
    from dateline.archive import Archive
    from dateline.extract import read_page

    page = Archive(archive_folder).read(location)
    return page, read_page(page.body, page.headers, page.final_url)


def goes_on_at(archive_folder: str, page: tuple[str, str]) -> str | None:
    """Where an article goes on after one of its further pages: (location, address of its first page)."""
    location, first = page
    return next_page(_kept(Path(archive_folder), location)[1], first)


def next_page(reading: Reading, first: str | None = None) -> str | None:
    """See `extract.details.read_next`; a page that is odd there has no next one."""
    from dateline.extract.details import read_next

    try:
        return read_next(reading, first)
    except Exception:  # a stranger's page
        return None


def _read(archive_folder: Path, fetched: Fetched) -> Understood:
    from dateline.meet import meet

    link = fetched.link
    result = Understood(
        link_id=link.link_id,
        article=None,
        outcome=fetched.outcome,
        reason=fetched.reason,
        archive=fetched.location,
        body_hash=fetched.body_hash,
    )
    page_article = copy = None
    if fetched.location is not None or fetched.page is not None:
        from dateline import webarchive
        from dateline.archive import Archive
        from dateline.extract import extract, judge, read_page
        from dateline.fetch import kind, verdict
        from dateline.fetch.browser import LABEL

        try:
            page = fetched.page or Archive(archive_folder).read(fetched.location or "")
            result.status = page.status
            result.etag, result.last_modified = page.headers.get("etag"), page.headers.get("last-modified")
            what = kind(page)
            if what in _NO_PAGES:
                raise NotAPage(f"the answer is no page but {_NO_PAGES[what]}")
            copy = page if webarchive.original(page) else None
            if copy is not None:
                page = webarchive.as_original(copy)
                result.etag = result.last_modified = (
                    None  # the archive's: its publisher knows nothing of them
                )
            reading = read_page(page.body, page.headers, page.final_url)
            page_article = extract(reading, link.item, page=page, hints=link.hints)
            result.following = _whole(archive_folder, page_article, reading, fetched.more)
            result.outcome, result.reason = judge(reading, page_article)
            if copy is not None:
                webarchive.label(page_article, copy)
                result.outcome, result.reason = webarchive.judged(result.outcome, result.reason, copy)
            if LABEL in page.headers:
                page_article.notes.append(f"rendered by a browser: {page.headers[LABEL][:80]}")
            if asked := verdict(page).asked:
                page_article.notes.append(f"the publisher asks: {', '.join(asked)}")
        except NotAPage as error:
            result.outcome, result.reason = Outcome.NOT_ARTICLE, str(error)
        except Exception as error:  # a stranger's page: whatever it does, its neighbours go on
            page_article, result.outcome = None, Outcome.FAILED
            result.reason = f"not readable: {type(error).__name__}: {error}"
    result.gone = result.outcome is Outcome.GONE
    result.article = meet(link, page_article, result.outcome, result.reason)
    if result.article is not None:
        result.article.sources = sorted({link.source, *fetched.sources})
        if copy is not None and result.article.outcome is not Outcome.DIGEST_ONLY:
            result.article.version = webarchive.version(copy)
        result.outcome, result.reason = result.article.outcome, result.article.outcome_reason
    return result
