"""What a replay reads: where the pages of each link lie, and what became of it. And what it did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from dateline.journal.base import BATCH, Base, clean, now
from dateline.journal.tables import attempts, items, links, replayed
from dateline.models import Link, Outcome, from_json


@dataclass(slots=True, kw_only=True)
class Past:
    """A link as earlier runs left it.

    `link` is one of what its sources said (see `Journal.links` for all), `pages` are the locations of
    its pages in the archive, the newest first; `outcome` and `reason` stand where none of them gives
    an article. `gone` is the reason if the page was gone when it was last asked for.
    """

    link: Link
    outcome: Outcome
    reason: str = ""
    gone: str = ""
    article_id: str | None = None
    pages: list[str] = field(default_factory=list)


class Replaying(Base):
    """Between journal and replay."""

    def replayable(self, since: dt.datetime | None = None, source: str | None = None) -> list[str]:
        """The ids of links that ended, in order, with all others that lead to the same articles.

        Args:
            since: only those that ended in a run at this time or later.
            source: only those that a source gave whose name holds this.
        """
        chosen = sa.select(attempts.c.link_id).where(attempts.c.outcome.is_not(None)).distinct()
        if since is not None:
            chosen = chosen.where(attempts.c.ended >= since)
        if source is not None:
            chosen = chosen.where(attempts.c.source.contains(source, autoescape=True))
        query = chosen.order_by(attempts.c.link_id)
        if since is not None or source is not None:
            articles = sa.select(links.c.article_id).where(
                links.c.link_id.in_(chosen), links.c.article_id.is_not(None)
            )
            query = (
                sa.select(links.c.link_id)
                .where(
                    links.c.outcome.is_not(None),
                    sa.or_(links.c.link_id.in_(chosen), links.c.article_id.in_(articles)),
                )
                .order_by(links.c.link_id)
            )
        with self._read() as connection:
            return list(connection.scalars(query))

    def links_of(self, article_ids: Iterable[str]) -> list[str]:
        """The links that lead to these articles."""
        wanted = sorted(set(article_ids))
        found: list[str] = []
        with self._read() as connection:
            for start in range(0, len(wanted), BATCH):
                query = sa.select(links.c.link_id).where(
                    links.c.article_id.in_(wanted[start : start + BATCH])
                )
                found += connection.scalars(query.order_by(links.c.link_id)).all()
        return found

    def pasts(self, link_ids: Iterable[str]) -> list[Past]:
        """The pasts of links, in the order given; those that never ended are left out."""
        wanted = list(dict.fromkeys(link_ids))
        found: dict[str, Past] = {}
        with self._read() as connection:
            for start in range(0, len(wanted), BATCH):
                found |= self._pasts(connection, wanted[start : start + BATCH])
        return [found[link_id] for link_id in wanted if link_id in found]

    def _pasts(self, connection: sa.Connection, wanted: Sequence[str]) -> dict[str, Past]:
        said = connection.execute(sa.select(items).where(items.c.link_id.in_(wanted)))
        given = {row.link_id: from_json(row.link, Link) for row in said}
        found: dict[str, Past] = {}
        known = sa.select(links.c.link_id, links.c.article_id).where(links.c.link_id.in_(wanted))
        articles = {row.link_id: row.article_id for row in connection.execute(known)}
        query = (
            sa.select(attempts)
            .where(attempts.c.link_id.in_(wanted), attempts.c.main, attempts.c.outcome.is_not(None))
            .order_by(attempts.c.number.desc())
        )
        told: set[str] = set()
        for row in connection.execute(query):
            if row.link_id not in given:
                continue
            past = found.setdefault(
                row.link_id,
                Past(
                    link=given[row.link_id],
                    outcome=Outcome(row.outcome),
                    reason=row.reason or "",
                    gone=(row.reason or "gone") if row.outcome == Outcome.GONE else "",
                    article_id=articles.get(row.link_id),
                ),
            )
            if row.archive and row.archive not in past.pages:
                past.pages.append(row.archive)
            if row.outcome == Outcome.DIGEST_ONLY and row.link_id not in told:
                # in its own words, which a later "unchanged" may have wrapped
                told.add(row.link_id)
                past.outcome, past.reason = Outcome.DIGEST_ONLY, row.reason or ""
        return found

    def note_replayed(self, run_id: str, rows: Iterable[dict[str, Any]]) -> None:
        """Note what a replay made of links: link_id, outcome, reason, article_id, archive."""
        at = now()
        values = [{**row, "run_id": run_id, "at": at, "reason": clean(row["reason"])[:2000]} for row in rows]
        if not values:
            return
        insert = self._insert(replayed)
        names = ("outcome", "reason", "article_id", "archive", "at")
        with self._write() as connection:
            connection.execute(
                insert.on_conflict_do_update(
                    index_elements=["run_id", "link_id"],
                    set_={name: insert.excluded[name] for name in names},
                ),
                sorted(values, key=lambda row: row["link_id"]),
            )

    def replayed(self, run_id: str) -> dict[str, int]:
        """How many links of a replay ended in each outcome."""
        query = (
            sa.select(replayed.c.outcome, sa.func.count())
            .where(replayed.c.run_id == run_id)
            .group_by(replayed.c.outcome)
        )
        with self._read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def replayed_links(self, run_id: str) -> set[str]:
        """The links that a replay is done with."""
        with self._read() as connection:
            return set(connection.scalars(sa.select(replayed.c.link_id).where(replayed.c.run_id == run_id)))

    def replayed_articles(self, run_id: str) -> set[str]:
        """The articles that must stand after a replay."""
        query = sa.select(replayed.c.article_id).where(
            replayed.c.run_id == run_id,
            replayed.c.article_id.is_not(None),
            replayed.c.outcome != Outcome.REFUSED.value,
        )
        with self._read() as connection:
            return set(connection.scalars(query.distinct()))

    def not_kept(self) -> set[str]:
        """Articles whose page was read and not kept, as its publisher asked."""
        read = (
            Outcome.INDEXED,
            Outcome.UPDATED,
            Outcome.UNCHANGED,
            Outcome.PAYWALLED,
            Outcome.DUPLICATE,
            Outcome.GONE,
        )
        query = sa.select(links.c.article_id).where(
            links.c.archive.is_(None),
            links.c.article_id.is_not(None),
            links.c.outcome.in_([outcome.value for outcome in read]),
        )
        with self._read() as connection:
            return set(connection.scalars(query.distinct()))

    def left_by(self, run_id: str) -> set[str]:
        """The articles that links of a replay led to before and none leads to now; what could not be
        read leaves nothing."""
        query = (
            sa.select(links.c.article_id)
            .join(replayed, replayed.c.link_id == links.c.link_id)
            .where(
                replayed.c.run_id == run_id,
                replayed.c.outcome.not_in([Outcome.FAILED.value, Outcome.REFUSED.value]),
                links.c.article_id.is_not(None),
            )
        )
        with self._read() as connection:
            return set(connection.scalars(query.distinct())) - self.replayed_articles(run_id)

    def adopt_replayed(self, run_id: str) -> None:
        """The articles that a replay's links lead to are theirs from now on: for the next run."""
        mine = sa.select(replayed.c.article_id).where(
            replayed.c.run_id == run_id, replayed.c.link_id == links.c.link_id
        )
        has = sa.exists(mine.where(replayed.c.article_id.is_not(None)))
        with self._write() as connection:
            connection.execute(links.update().where(has).values(article_id=mine.scalar_subquery()))
