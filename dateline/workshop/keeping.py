"""Links → pages in the archive, or why there are none; and what need not be fetched or read again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from dateline import webarchive
from dateline.fetch import FetchError, Verdict, status_outcome, verdict
from dateline.journal import Known
from dateline.models import Link, Outcome, Page
from dateline.urls import normalise
from dateline.warc import ArchiveError
from dateline.work import Fetched
from dateline.workshop.base import Opened

# Outcomes after which a page that did not change need not be read again.
_STANDS = (Outcome.INDEXED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.DUPLICATE, Outcome.PAYWALLED)


class Keeping(Opened):
    """Fetching."""

    def fetch(self, links: Sequence[Link]) -> list[Fetched]:
        """Fetch the links into the archive, flushed to disk; one Fetched for each, in order."""
        pasts = self.journal.known(link.link_id for link in links)
        results = self._imported([link for link in links if link.link_id in self.given], pasts)
        asked = [link for link in links if link.url is not None and link.link_id not in results]
        if asked and self.fetching:
            results |= self.on_loop(self._fetch(asked, self._known(asked, pasts)))
        self.archive.flush()
        without = "the item prints no link" if self.fetching else "not fetched, as asked"
        found = []
        for link in links:
            row = results.get(link.link_id)
            row = row or Fetched(link=link, outcome=Outcome.DIGEST_ONLY, reason=without)
            past = pasts.get(link.link_id)
            found.append(replace(row, content_hash=past.content_hash if past else None))
        return found

    def _imported(self, links: Sequence[Link], pasts: Mapping[str, Known]) -> dict[str, Fetched]:
        """The pages that a WARC file gave; one that came in before is not kept twice."""
        ids = [link.link_id for link in links]
        known, records = (self._known(links, pasts), self.journal.kept_records(ids)) if links else ({}, {})
        results = {}
        for link in links:
            captured, kept = self.given[link.link_id], known.get(link.link_id)
            record, there = link.hints.get("record", ""), records.get(link.link_id, {})
            if kept and record in there:
                results[link.link_id] = _same(link, kept, "the same record")
            elif kept and self._reads(kept.archive) == captured.page.body:
                results[link.link_id] = _same(link, kept, "the same bytes")
            else:
                results[link.link_id] = self._kept(link, captured.page, kept, captured.packed)
        return results

    def _reads(self, location: str) -> bytes | None:
        try:
            return self.archive.read(location).body
        except ArchiveError:
            return None

    def _known(self, links: Sequence[Link], pasts: Mapping[str, Known]) -> dict[str, _Kept]:
        """What is kept of these pages, so that publishers need not send it again."""
        ids = [link.link_id for link in links]
        bodies = self.journal.body_hashes(ids)
        return {
            id_: _Kept(known.etag, known.last_modified, known.archive, bodies.get(id_))
            for id_ in ids
            if (known := pasts.get(id_)) is not None
            and known.archive
            and known.article_id
            and known.outcome in _STANDS
        }

    async def _fetch(self, links: Sequence[Link], known: Mapping[str, _Kept]) -> dict[str, Fetched]:
        results: dict[str, Fetched] = {}

        async def keep(link: Link, result: Page | FetchError) -> None:
            if link.hints.get("render") and isinstance(result, Page):
                result = await self._rendered(result)
            kept = self._kept(link, result, known.get(link.link_id))
            if kept.outcome is Outcome.GONE and self.settings.web_archive and isinstance(result, Page):
                kept = await self._copied(link, result, kept)
            results[link.link_id] = kept
            self.progress.add("asked", 1)

        validators = {id_: (kept.etag, kept.last_modified) for id_, kept in known.items()}
        await self.fetcher.fetch_many(links, keep, validators=validators)
        return results

    async def _rendered(self, page: Page) -> Page | FetchError:
        """What a browser shows of a page, which is kept as it was sent as well; unless its publisher wants
        it read by nobody."""
        if page.status != 200 or not self._wishes(page).keep:
            return page
        try:
            rendered = await self.browser.render(page)
        except FetchError as error:
            return error
        if rendered is not page:
            self.archive.write(page)
        return rendered

    async def _copied(self, link: Link, gone: Page, kept: Fetched) -> Fetched:
        """A dead page's copy in the web archive of the settings, unless we keep a page of our own."""
        before = self.journal.known([link.link_id]).get(link.link_id)
        if gone.status not in webarchive.GONE or (before is not None and before.archive):
            return kept
        try:
            copy = await self.fetcher.fetch(webarchive.address(self.settings.web_archive, link))
        except FetchError as error:
            return replace(kept, reason=f"{kept.reason}; no copy from the web archive: {error.reason}")
        if status_outcome(copy.status) is not None:
            return replace(kept, reason=f"{kept.reason}; the web archive has no copy (http-{copy.status})")
        found = self._kept(link, webarchive.labelled(copy, link, gone.status), None)
        return found if found.location or found.page else kept

    def _wishes(self, page: Page) -> Verdict:
        """What a page's publisher wants of those who read it, unless there is a licence."""
        return verdict(page, licensed=self.settings.is_licensed(urlsplit(page.final_url).hostname or ""))

    def _kept(
        self, link: Link, result: Page | FetchError, known: _Kept | None, packed: bytes | None = None
    ) -> Fetched:
        if isinstance(result, FetchError):
            return Fetched(link=link, outcome=result.outcome, reason=f"{result.reason}: {result}")
        if result.status == 304 and known is not None:
            return _same(link, known, "http-304")
        bad = status_outcome(result.status)
        if bad is not None:
            # kept in the archive, as what the server said; but there is no article to read in it
            self.archive.write(result)
            return Fetched(link=link, outcome=bad[0], reason=bad[1])
        wishes = self._wishes(result)
        if wishes.blocked is not None:
            return Fetched(link=link, outcome=wishes.blocked[0], reason=wishes.blocked[1])
        if not wishes.keep:
            return Fetched(link=link, page=result)  # read, and gone with this run
        # with the address: a page that moved is news, though its bytes are the same
        where = normalise(result.final_url).encode()
        body_hash = hashlib.blake2b(where + b"\n" + result.body, digest_size=16).hexdigest()
        if known is not None and known.body_hash == body_hash:
            return _same(link, known, "the same bytes")
        location = self.archive.write(result, link.hints.get("record"), packed)
        return Fetched(link=link, location=location, body_hash=body_hash)


@dataclass(slots=True, frozen=True)
class _Kept:
    etag: str | None
    last_modified: str | None
    archive: str
    body_hash: str | None


def _same(link: Link, known: _Kept, reason: str) -> Fetched:
    """A page that did not change; a digest that names it may say more than it did, and meets it again."""
    if link.item is not None:
        return Fetched(link=link, location=known.archive, body_hash=known.body_hash)
    return Fetched(link=link, outcome=Outcome.UNCHANGED, reason=reason)
