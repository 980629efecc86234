"""A page that turns out to be a feed or a sitemap → what it holds; a source's page → its links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from dateline.models import Page
from dateline.sources.catalogue import Source
from dateline.sources.found import Found


def read_page(page: Page, source: str) -> Found | None:
    """What a feed or sitemap holds, by its first bytes; None where the page is neither."""
    from dateline.fetch.content import kind

    body, headers, url = page.body, page.headers, page.final_url
    match kind(page):
        case "feed":
            from dateline.sources.feed import read_feed

            return read_feed(body, headers, url, source=source)
        case "json":
            from dateline.sources.feed import read_feed

            found = read_feed(body, headers, url, source=source)
            return found if found.kind else None
        case "sitemap" | "xml" | "archive" | "text":
            from dateline.sources.sitemap import read_sitemap

            found = read_sitemap(body, headers, url, source=source)
            return found if found.kind else None
        case _:
            return None


def read_archived(archive_folder: str, pages: Sequence[tuple[str, str]]) -> list[Found | None]:
    """`read_page` for pages of the archive, each with its source's name: a worker's job."""
    from dateline.archive import Archive
    from dateline.warc import ArchiveError

    archive = Archive(Path(archive_folder))
    results: list[Found | None] = []
    for location, source in pages:
        try:
            results.append(read_page(archive.read(location), source))
        except ArchiveError:
            results.append(None)
    return results


def read_source(source: Source, body: bytes, headers: Mapping[str, str], url: str) -> Found:
    """The links of a page of a source (feed, sitemap, section, list), as its entry in sources.toml says.

    Links that its patterns refuse, or that say they are older than its first day, are left out and
    counted in a note; the source's language stands where an entry has none. Never raises on a
    stranger's bytes.
    """
    name = source.link_source
    match source.kind:
        case "feed":
            from dateline.sources.feed import read_feed

            found = read_feed(body, headers, url, source=name)
        case "sitemap":
            from dateline.sources.sitemap import read_sitemap

            found = read_sitemap(body, headers, url, source=name)
        case "section":
            from dateline.sources.section import read_section

            found = read_section(
                body, headers, url, pattern=source.link_pattern, exclude=source.exclude, source=name
            )
        case "urls":
            from dateline.sources.urllist import read_urls

            found = read_urls(body, headers, url, source=name)
        case _:
            raise ValueError(f"a source of kind {source.kind} has no pages")
    _filter(source, found)
    return found


def _filter(source: Source, found: Found) -> None:
    kept, refused, old = [], 0, 0
    for link in found.links:
        if not source.takes(link.url or ""):
            refused += 1
        elif (
            source.since is not None and "" < link.hints.get("published", "")[:10] < source.since.isoformat()
        ):
            old += 1
        else:
            if source.language:
                link.hints.setdefault("language", source.language)
            if source.rules:
                link.hints["rules"] = source.rules
            if source.render:
                link.hints["render"] = "1"
            kept.append(link)
    found.links = kept
    if refused:
        found.notes.append(f"{refused} links left out: the source's patterns refuse them")
    if old:
        found.notes.append(f"{old} links left out: published before {source.since}")
