"""Pages in the archive → articles, in worker processes that can be killed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from dateline.fetch import FetchError, status_outcome, verdict
from dateline.models import Article, Link, Outcome, to_json
from dateline.sources.expand import read_archived
from dateline.sources.found import Found
from dateline.work import Fetched, Understood, enriched, goes_on_at, understand
from dateline.workers import WorkError, cores
from dateline.workshop.base import Opened

BATCH = 8  # links that a worker takes at once: the language model likes company, a slow page does not
WORTH = 64  # links that pay for another process: a model takes as long to load as these to be read
MOST_PAGES = 20  # of one article, besides its first
TIMEOUT = 60.0  # seconds for them; past it the worker is killed and they are tried one by one


class Understanding(Opened):
    """Extracting and enriching."""

    def discovered(self, pages: Sequence[tuple[str, str]]) -> list[Found | None]:
        """What feeds and sitemaps in the archive hold, read in worker processes, in order.

        Args:
            pages: where each lies in the archive, and the name of the source it stands for. None comes
                back for a page that is neither, or that broke its worker.
        """
        job = partial(read_archived, str(self.settings.archive_folder))
        with self._one_at_a_time:
            answers = list(self._workers.map_batches(job, pages, size=1, timeout=TIMEOUT))
        return [None if isinstance(answer, WorkError) else answer for answer in answers]

    def understand(self, fetched: Sequence[Fetched]) -> list[Understood]:
        """Extract and enrich in worker processes; one result for each link, in order.

        A page that kills its worker, or takes too long, leaves its link with what the digest says.
        """
        known = self.journal.links(row.link.link_id for row in fetched)
        rows = [_with_all_sources(row, known.get(row.link.link_id, [])) for row in fetched]
        plain = [row.location is None and row.page is None and row.link.item is None for row in rows]
        if all(plain):  # nothing to read: no process need be started for it
            return [_nothing(row) for row in rows]
        job = partial(understand, str(self.settings.archive_folder), enriching=self._enriching)
        with self._one_at_a_time:  # the processes are all busy with one batch anyway
            useful = min(cores(), -(-len(rows) // WORTH))
            self._workers.count = max(self._workers.count, useful)
            answers = list(self._workers.map_batches(job, rows, size=BATCH, timeout=TIMEOUT))
            broken = [number for number, answer in enumerate(answers) if isinstance(answer, WorkError)]
            # again without the page that broke the worker: the digest's own text must not go with it
            bare = [
                replace(
                    rows[number],
                    location=None,
                    outcome=Outcome.FAILED,
                    reason=f"not readable: {answers[number]}",
                )
                for number in broken
            ]
            for number, answer in zip(
                broken, self._workers.map_batches(job, bare, size=BATCH, timeout=TIMEOUT), strict=True
            ):
                answers[number] = answer
            longer = self._followed(rows, answers)
            whole = self._workers.map_batches(job, list(longer.values()), size=BATCH, timeout=TIMEOUT)
            for number, answer in zip(longer, whole, strict=True):
                if isinstance(answer, Understood):  # else the first page's text stands
                    answers[number] = answer
        return [
            answer
            if isinstance(answer, Understood)
            else Understood(
                link_id=row.link.link_id, article=None, outcome=Outcome.FAILED, reason=str(answer)
            )
            for row, answer in zip(rows, answers, strict=True)
        ]

    def _followed(
        self, rows: Sequence[Fetched], answers: Sequence[Understood | WorkError]
    ) -> dict[int, Fetched]:
        """The rows whose article goes on on further pages, by number, with these pages in the archive."""
        found: dict[int, Fetched] = {}
        for number, (row, answer) in enumerate(zip(rows, answers, strict=True)):
            if isinstance(answer, WorkError) or answer.following is None or not _is_read(answer):
                continue
            # of a page out of a WARC file, years old perhaps, today's web has no further pages
            ask = self.fetching and row.link.link_id not in self.imported
            if more := row.more or (self._further(row, answer) if ask else []):
                found[number] = replace(row, more=more)
        if found:
            self.archive.flush()
        return found

    def _further(self, row: Fetched, answer: Understood) -> list[str]:
        """Fetch an article's further pages into the archive, one after the other; where they lie."""
        assert answer.article is not None
        first = answer.article.final_url or row.link.url or ""
        following, seen = answer.following, {first}
        more: list[str] = []
        while following is not None and following not in seen and len(more) < MOST_PAGES:
            seen.add(following)
            try:
                page = self.on_loop(self.fetcher.fetch(following))
            except FetchError:
                break  # a note says where the text goes on
            if status_outcome(page.status) is not None or not verdict(page).keep:
                break
            location = self.archive.write(page)
            self.archive.flush()
            more.append(location)
            job = partial(goes_on_at, str(self.settings.archive_folder))
            (after,) = self._workers.map(job, [(location, first)], timeout=TIMEOUT)
            following = None if isinstance(after, WorkError) else after
        self.on_loop(self.fetcher.hosts.let_go())
        return more

    def enrich(self, articles: Sequence[Article]) -> list[Article]:
        """Enrich articles again in worker processes, in order; one that breaks its worker stays as it is."""
        with self._one_at_a_time:
            useful = min(cores(), -(-len(articles) // WORTH))
            self._workers.count = max(self._workers.count, useful)
            answers = list(self._workers.map_batches(enriched, articles, size=BATCH, timeout=TIMEOUT))
        return [
            old if isinstance(answer, WorkError) else answer
            for old, answer in zip(articles, answers, strict=True)
        ]


def _is_read(answer: Understood) -> bool:
    return answer.article is not None and answer.outcome in (Outcome.INDEXED, Outcome.PAYWALLED)


def _nothing(row: Fetched) -> Understood:
    """What is understood of a link without page and digest."""
    return Understood(link_id=row.link.link_id, article=None, outcome=row.outcome, reason=row.reason)


def _with_all_sources(row: Fetched, known: Sequence[Link]) -> Fetched:
    """The link as its fullest source gave it, with the names of all: whichever came first."""
    links = [row.link, *known]

    def fullness(link: Link) -> tuple[int, int, bytes]:
        item = link.item
        return (len(item.text), len(item.title or ""), to_json(item)) if item else (0, 0, b"")

    # what each says of itself is a candidate, whoever came first; who says most speaks first
    hints: dict[str, str] = {}
    for link in sorted(links, key=lambda link: (-len(link.hints), link.source)):
        for name, value in link.hints.items():
            hints.setdefault(name, value)
    hints |= {"record": row.link.hints["record"]} if "record" in row.link.hints else {}
    fullest = replace(max(links, key=fullness), hints=hints)
    return replace(row, link=fullest, sources=sorted({link.source for link in links}))
