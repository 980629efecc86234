"""Sources → new links: what is due is asked, read in a process that can be killed, and noted.

A poll covers the interval since the last one that was answered, so what was missed while nothing ran
is caught up with, or skipped, as the source says. What it read lies in the archive: a past interval
can be read again without asking anybody.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from dateline import clock
from dateline.fetch import FetchError, status_outcome
from dateline.journal.polls import Due, Listing, Reading
from dateline.models import Link, Page
from dateline.sources.backfill import Days, plan, within
from dateline.sources.catalogue import Source
from dateline.sources.expand import read_source
from dateline.sources.folders import Delivery, deliveries, read_delivery
from dateline.sources.found import Found, More
from dateline.warc import ArchiveError
from dateline.workers import WorkError
from dateline.workshop import Asked, Workshop

DAY = dt.timedelta(days=1)
CHILDREN = 20  # sitemaps of an index that one poll reads at most
PAGES = 5  # older pages of a feed, read only while all that they list is new
DEPTH = 3  # an index of indexes
DOUBT = 8  # "not modified" in a row after which the whole is asked for once: some servers always say so
LIAR = 1_000_000  # in place of that number: new links came under the old validators; they are not sent again
LOOKBACK = 3 * DAY  # how old what a sitemap lists may be when it is read for the first time


@dataclass(slots=True)
class Poll:
    """A poll under way."""

    source: Source
    due: Due
    reading: Reading
    links: dict[str, Link] = field(default_factory=dict)
    listings: list[Listing] = field(default_factory=list)
    floor: dt.timedelta = dt.timedelta()
    asked: set[str] = field(default_factory=set)
    backfill: bool = False
    days: int = 1  # that a backfill asks for
    hastened: int = 0  # pages that it says have changed since they were visited


def begin(source: Source, due: Due) -> Poll:
    """A poll of a source for its interval, shortened to the last one where missed ones are skipped."""
    start = due.start
    if due.missed and source.catch_up == "skip":
        start = due.end - due.interval
    reading = Reading(source=source.name, start=start, end=due.end, outcome="unchanged")
    return Poll(source=source, due=due, reading=reading, floor=source.floor)


def poll(shop: Workshop, polls: Sequence[Poll]) -> None:
    """Ask and read all sources, side by side; what was found is in the polls' `links`."""
    todo: list[tuple[Poll, More]] = []
    for one in polls:
        if one.source.online:
            todo.append((one, More(url=one.source.address, kind="sitemap")))
        else:
            _read_files(shop, one)
    for _ in range(DEPTH + PAGES):
        todo = [(one, more) for one, more in todo if more.url not in one.asked]
        if not todo:
            break
        todo = _round(shop, todo)
    shop.archive.flush()


def _round(shop: Workshop, todo: Sequence[tuple[Poll, More]]) -> list[tuple[Poll, More]]:
    """One request for each listing; the listings that they lead to."""
    known = shop.journal.listings_of([more.url for _, more in todo])
    asked = [
        # of a section page that a script fills, its publisher's validators say nothing
        Asked(more.url, render=True)
        if one.source.render and one.source.kind == "section"
        else _asked(known.get(more.url), more.url)
        for one, more in todo
    ]
    answers = shop.ask(asked)
    reads: list[tuple[Poll, More, Listing, Page]] = []
    doubted: set[str] = set()  # other bytes under the old validators
    for (one, more), answer in zip(todo, answers, strict=True):
        one.asked.add(more.url)
        one.reading.requests += 1
        listing = known.get(more.url) or Listing(url=more.url, source=one.source.name)
        listing.modified, listing.read_at = more.modified, clock.now()
        if isinstance(answer, FetchError):
            _failed(one, f"{answer.reason}: {answer}")
        elif answer.status == 304:
            listing.same += 1
            one.listings.append(listing)
            _again(shop, one, more, listing, reads)
        elif (bad := status_outcome(answer.status)) is not None:
            _failed(one, f"{bad[1]}: {more.url}")
        else:
            body_hash = hashlib.blake2b(answer.body, digest_size=16).hexdigest()
            before = (listing.etag, listing.last_modified)
            listing.etag = answer.headers.get("etag")
            listing.last_modified = answer.headers.get("last-modified")
            kept = before == (listing.etag, listing.last_modified) != (None, None)
            listing.same = LIAR if kept and listing.same >= LIAR else 0
            one.listings.append(listing)
            if body_hash != listing.body_hash:
                lying = kept and listing.body_hash is not None
                listing.body_hash, listing.archive = body_hash, shop.archive.write(answer)
                one.reading.archives.append((more.url, listing.archive))
                reads.append((one, more, listing, answer))
                doubted |= {listing.url} if lying else set()
            else:
                _again(shop, one, more, listing, reads)
    founds = shop.read(read_listing, [(one.source, page) for one, _, _, page in reads])
    ahead: list[tuple[Poll, More]] = []
    for (one, _, listing, _), found in zip(reads, founds, strict=True):
        if isinstance(found, WorkError):
            listing.body_hash = None
            _failed(one, f"not readable: {found}")
        else:
            listing.is_index = any(child.kind == "sitemap" for child in found.more)
            if listing.url in doubted and shop.journal.unseen(link.link_id for link in found.links):
                listing.same = LIAR
            ahead += [(one, next_) for next_ in _take(shop, one, found)]
    return ahead


def _again(
    shop: Workshop, one: Poll, more: More, listing: Listing, reads: list[tuple[Poll, More, Listing, Page]]
) -> None:
    """An index that did not change: its sitemaps may have, where it does not say when they do. For a past
    interval what is known counts as well as what is new."""
    if listing.archive is not None and (listing.is_index or one.backfill):
        with suppress(ArchiveError):
            reads.append((one, more, listing, shop.archive.read(listing.archive)))
            if one.backfill:
                one.reading.archives.append((more.url, listing.archive))


def _asked(known: Listing | None, url: str) -> Asked:
    if known is None or known.same >= DOUBT or known.body_hash is None:
        return Asked(url)
    return Asked(url, known.etag, known.last_modified)


def _failed(one: Poll, reason: str) -> None:
    """The first failure is the poll's reason; what other listings gave stands."""
    if one.reading.outcome != "read":
        one.reading.outcome = "failed"
    one.reading.reason = one.reading.reason or reason


def read_listing(asked: tuple[Source, Page]) -> Found:
    """What a listing holds; in a worker process, since it is a stranger's."""
    source, page = asked
    return read_source(source, page.body, page.headers, page.final_url)


def _take(shop: Workshop, one: Poll, found: Found) -> list[More]:
    """Take a listing's links, and say which listings to read next."""
    one.reading.outcome = "read"
    links = [link for link in found.links if link.url and one.source.takes(link.url)]
    one.links |= {link.link_id: link for link in links if link.link_id not in one.links}
    if found.pace.every is not None:
        # what a source says of itself is a wish: it may slow us to once an hour, not more
        one.floor = max(one.floor, min(found.pace.every, dt.timedelta(hours=1), one.source.ceiling))
    wanted = Days(
        one.reading.start.date() - (DAY if one.backfill else LOOKBACK), one.reading.end.date() + DAY
    )
    children = plan([child for child in found.more if child.kind == "sitemap"], wanted)
    known = shop.journal.listings_of([child.url for child in children])
    ahead = [child for child in children if one.backfill or not _is_read(child, known.get(child.url))]
    ahead = ahead[: CHILDREN * one.days]
    if not links:
        ahead += [other for other in found.more if other.kind == "feed"][
            :1
        ]  # an HTML page that names its feed
    elif len(one.asked) <= PAGES and (one.due.polls or one.backfill):
        fresh = shop.journal.unseen(link.link_id for link in links)
        if len(fresh) == len(links):  # all new: there may be more behind it
            ahead += [older for older in found.more if older.kind == "page"][:1]
    return ahead


def _is_read(child: More, known: Listing | None) -> bool:
    """Whether a sitemap was read since it last changed, as its index says."""
    return known is not None and child.modified is not None and known.modified == child.modified


def _read_files(shop: Workshop, one: Poll) -> None:
    """A folder of digests, a mailbox, a file of addresses; each digest once, by its key."""
    source, notes = one.source, []
    one.reading.outcome = "unchanged"
    try:
        if source.kind == "urls":
            found = read_source(source, Path(source.address).read_bytes(), {}, Path(source.address).as_uri())
            one.links |= {link.link_id: link for link in found.links}
            notes = found.notes
        else:
            for fresh in _fresh(shop, source):
                found = read_delivery(source, fresh)
                one.links |= {link.link_id: link for link in found.links}
                notes += found.notes
                one.listings.append(Listing(url=fresh.key, source=source.name, read_at=clock.now()))
    except OSError as error:
        _failed(one, f"{source.address}: {error.strerror or error}")
        return
    if one.links:
        one.reading.outcome = "read"
    elif notes:
        _failed(one, notes[0])


def _fresh(shop: Workshop, source: Source) -> Iterator[Delivery]:
    """The deliveries that were not read before."""
    waiting = deliveries(source)
    while part := list(islice(waiting, 200)):
        known = shop.journal.listings_of([delivery.key for delivery in part])
        yield from (delivery for delivery in part if delivery.key not in known)


def settle_poll(shop: Workshop, one: Poll, run_id: str | None) -> list[str]:
    """Put what is new into the frontier and note the poll; the ids of the new links."""
    links = list(one.links.values())
    if one.source.since is not None:
        links = within(links, Days(one.source.since, dt.date.max))
    current = links
    if one.source.kind == "sitemap" and not one.due.polls:
        first = one.reading.start.date() - LOOKBACK
        current = within(links, Days(first, one.reading.end.date() + DAY))
        kept = {link.link_id for link in current}
        shop.journal.add_links((link for link in links if link.link_id not in kept), old=True)
    new = shop.journal.add_links(current)
    known = set(new)
    shop.journal.name_links(link for link in current if link.link_id not in known)
    one.reading.links, one.reading.new = len(links), len(new)
    shop.journal.keep_listings(one.listings)
    interval = next_interval(one, len(new))
    pause = interval
    if one.reading.outcome == "failed":
        pause = min(interval * 2 ** min(one.due.failures, 20), max(DAY, one.source.ceiling))
        interval = one.due.interval
    said = {link.link_id: changed for link in links if (changed := changed_at(link)) is not None}
    one.hastened = len(shop.journal.hasten(said)) if said else 0
    shop.journal.note_reading(one.reading, run_id, clock.now() + pause, interval)
    return new


def changed_at(link: Link) -> dt.datetime | None:
    """When a page changed last, as its source says (aware UTC); of a day only its beginning is sure."""
    said = []
    for name in ("updated", "published"):
        with suppress(ValueError, OverflowError):
            moment = dt.datetime.fromisoformat(link.hints.get(name, ""))
            said.append(moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC))
    return max(said, default=None)


def next_interval(one: Poll, new: int) -> dt.timedelta:
    """Twice as often where something was new, a half more rarely where nothing was."""
    interval = one.due.interval / 2 if new else one.due.interval * 3 / 2
    return min(max(interval, one.floor, one.source.floor), one.source.ceiling)


def reread(shop: Workshop, source: Source, readings: Sequence[Reading]) -> list[Link]:
    """The links of past readings, from the archive: the same as then, and nobody is asked."""
    pages: list[Page] = []
    for reading in readings:
        for _, place in reading.archives:
            try:
                pages.append(shop.archive.read(place))
            except ArchiveError:
                continue  # the archive was thinned out since
    links: dict[str, Link] = {}
    for found in shop.read(read_listing, [(source, page) for page in pages]):
        if not isinstance(found, WorkError):
            links |= {link.link_id: link for link in found.links if link.url and source.takes(link.url)}
    return list(links.values())
