"""What the journal answers across runs: a link's past, rows for a person, a source's coverage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from dateline.journal.base import BATCH
from dateline.journal.runs import Runs
from dateline.journal.tables import attempts, items, links, runs
from dateline.journal.types import Coverage, Known, Run, Summary
from dateline.models import Outcome


class Asking(Runs):
    """Questions to a journal."""

    def known(self, link_ids: Iterable[str]) -> dict[str, Known]:
        """What earlier runs know of these links; a link never seen is missing."""
        wanted, found = list(dict.fromkeys(link_ids)), {}
        names = [name for name in Known.__dataclass_fields__ if name != "outcome"]
        with self._read() as connection:
            for start in range(0, len(wanted), BATCH):
                query = sa.select(links).where(links.c.link_id.in_(wanted[start : start + BATCH]))
                for row in connection.execute(query):
                    values = {name: getattr(row, name) for name in names}
                    outcome = Outcome(row.outcome) if row.outcome else None
                    found[row.link_id] = Known(outcome=outcome, **values)
        return found

    def rows(
        self,
        *,
        run_id: str | None = None,
        outcome: str | None = None,
        url: str | None = None,
        source: str | None = None,
        link_id: str | None = None,
        article_id: str | None = None,
        limit: int = 100,
    ) -> list[dict[str, Any]]:
        """The journal's rows, oldest first, all attempts.

        Of the last run, unless a run is named or a whole history is asked for: one link's (`link_id`),
        or that of all links which lead to an article (`article_id`);
        `outcome` may be "pending"; `url` and `source` match any part. Keys: run_id, link_id, url,
        title, source, place, attempt, outcome, reason, status, archive, article_id, started, ended.
        """
        if run_id is None and link_id is None and article_id is None:
            last = self.last_run()
            if last is None:
                return []
            run_id = last.run_id
        query = sa.select(
            attempts.c.run_id,
            attempts.c.link_id,
            links.c.url,
            links.c.title,
            attempts.c.source,
            attempts.c.place,
            attempts.c.attempt,
            attempts.c.outcome,
            attempts.c.reason,
            attempts.c.status,
            attempts.c.archive,
            attempts.c.article_id,
            attempts.c.started,
            attempts.c.ended,
        ).join(links, links.c.link_id == attempts.c.link_id)
        if run_id is not None:
            query = query.where(attempts.c.run_id == run_id)
        if link_id is not None:
            query = query.where(attempts.c.link_id == link_id)
        if article_id is not None:
            leading = sa.select(links.c.link_id).where(links.c.article_id == article_id)
            query = query.where((attempts.c.link_id == article_id) | attempts.c.link_id.in_(leading))
        if outcome == "pending":
            query = query.where(attempts.c.outcome.is_(None))
        elif outcome is not None:
            query = query.where(attempts.c.outcome == outcome)
        if url is not None:
            query = query.where(links.c.url.contains(url, autoescape=True))
        if source is not None:
            query = query.where(attempts.c.source.contains(source, autoescape=True))
        with self._read() as connection:
            found = connection.execute(query.order_by(attempts.c.number).limit(limit)).mappings()
            return [dict(row) for row in found]

    def latest_runs(self, limit: int = 10) -> list[tuple[Run, Summary]]:
        """The runs that began last, the newest first, each with its counts."""
        query = sa.select(runs).order_by(runs.c.started.desc(), runs.c.run_id.desc()).limit(limit)
        return [(run, self.summary(run.run_id)) for run in self._runs(query)]

    def outcome_counts(self) -> dict[str, int]:
        """outcome → links whose last run ended so; "pending" for those without one."""
        query = sa.select(links.c.outcome, sa.func.count()).group_by(links.c.outcome)
        with self._read() as connection:
            return {outcome or "pending": count for outcome, count in connection.execute(query)}

    def coverage(
        self,
        sources: Iterable[str] | None = None,
        start: dt.datetime | None = None,
        end: dt.datetime | None = None,
    ) -> list[Coverage]:
        """For each source: how many links it gave in [start, end), aware times, and what came of them.

        Sources by exact name, all where None; a source that gave nothing is there with zeros if named.
        """
        seen = sa.select(attempts.c.source, attempts.c.link_id).distinct()
        if start is not None:
            seen = seen.where(attempts.c.started >= start)
        if end is not None:
            seen = seen.where(attempts.c.started < end)
        wanted = None if sources is None else list(sources)
        if wanted is not None:
            seen = seen.where(attempts.c.source.in_(wanted))
        pairs = seen.subquery()
        query = (
            sa.select(pairs.c.source, links.c.outcome, sa.func.count())
            .join(links, links.c.link_id == pairs.c.link_id)
            .group_by(pairs.c.source, links.c.outcome)
        )
        found = {name: Coverage(source=name) for name in wanted or ()}
        with self._read() as connection:
            for source, outcome, count in connection.execute(query):
                entry = found.setdefault(source, Coverage(source=source))
                entry.expected += count
                column = _COLUMN_OF.get(outcome, "other")
                setattr(entry, column, getattr(entry, column) + count)
        return [found[name] for name in sorted(found)]

    def by_day(self) -> list[tuple[str, str, str, int]]:
        """(source, ISO day, column of `Coverage`, links): what came in on each day, and what of it.

        A link's day is the one on which its digest came, if that says so, else that of the run: an
        archive of last year's digests read today covers last year. Each link counts once for each
        source and day, by its last outcome; one that a crawl visits again counts on its first day only,
        or a source that has been silent for a week would look well.
        """
        if self._engine.dialect.name == "postgresql":
            received: sa.ColumnElement[Any] = sa.cast(items.c.link, sa.JSON)["received_at"][
                "value"
            ].as_string()
            started: sa.ColumnElement[Any] = sa.func.to_char(
                sa.func.timezone("UTC", attempts.c.started), "YYYY-MM-DD"
            )
        else:
            received = sa.func.json_extract(items.c.link, "$.received_at.value")
            started = sa.cast(attempts.c.started, sa.Text)
        rows = (
            sa.select(
                attempts.c.source,
                attempts.c.link_id,
                sa.func.substr(received, 1, 10).label("received"),
                sa.func.substr(started, 1, 10).label("started"),
            )
            .join(items, items.c.item_hash == attempts.c.item_hash)
            .subquery()
        )
        came = (
            sa.select(
                rows.c.source,
                rows.c.link_id,
                sa.func.coalesce(rows.c.received, sa.func.min(rows.c.started)).label("day"),
            )
            .group_by(rows.c.source, rows.c.link_id, rows.c.received)
            .subquery()
        )
        query = (
            sa.select(came.c.source, came.c.day, links.c.outcome, sa.func.count())
            .join(links, links.c.link_id == came.c.link_id)
            .group_by(came.c.source, came.c.day, links.c.outcome)
        )
        with self._read() as connection:
            return [
                (source, day, _COLUMN_OF.get(outcome, "other"), count)
                for source, day, outcome, count in connection.execute(query)
            ]


_COLUMN_OF = {
    None: "pending",
    Outcome.INDEXED: "fetched",
    Outcome.UPDATED: "fetched",
    Outcome.UNCHANGED: "fetched",
    Outcome.DUPLICATE: "fetched",
    Outcome.BLOCKED: "blocked",
    Outcome.PAYWALLED: "paywalled",
    Outcome.GONE: "gone",
    Outcome.FAILED: "failed",
    Outcome.REFUSED: "failed",
}
