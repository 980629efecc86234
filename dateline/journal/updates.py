"""What feeds and sitemaps say of when a page changed, and whether it is worth a visit before its time.

Many say it truly, and an edit is noticed at the next poll. Many others give each entry the time at which
the listing was made. So what is said must be new, must lie between our last visit and now, and must not
be said of most of a listing at once; and where two visits that it led to found the same text, nothing
more is believed of that page until a visit of its own finds an edit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from dateline.journal.base import BATCH, Base, now
from dateline.journal.tables import Utc, frontier, metadata

AHEAD = dt.timedelta(minutes=5)  # by which a publisher's clock may be fast
FEW, SHARE = 3, 0.34  # so many pages may have changed between two polls; beyond them no more than a third
IDLE = 2  # visits for nothing

updates = sa.Table(
    "updates",
    metadata,
    sa.Column("link_id", sa.String(64), primary_key=True),
    sa.Column("said", Utc, nullable=False),  # the latest change that was said
    sa.Column("edits", sa.Integer, nullable=False),  # of the page, when it was said
    sa.Column("idle", sa.Integer, nullable=False),  # visits for nothing that it led to, in a row
)


class Updates(Base):
    """Changes that were said."""

    def hasten(self, said: Mapping[str, dt.datetime]) -> list[str]:
        """Make pages due now that changed since they were visited; their link ids.

        Args:
            said: link id → when it changed (aware), for each link of one source's poll.
        """
        at = now()
        with self._write() as connection:
            rows = self._visited_before(connection, said, at)
            if len(rows) > max(FEW, SHARE * len(said)):
                return []  # not the pages changed, the listing was made anew
            known: dict[str, Any] = {}
            ids = sorted(rows)
            for start in range(0, len(ids), BATCH):
                query = sa.select(updates).where(updates.c.link_id.in_(ids[start : start + BATCH]))
                known |= {row.link_id: row for row in connection.execute(query)}
            hastened, values = [], []
            for link_id, (row, moment) in sorted(rows.items()):
                before, idle = known.get(link_id), 0
                if before is not None:
                    if moment <= before.said:
                        continue
                    idle = before.idle + 1 if before.edits == row.edits else 0
                values.append({"link_id": link_id, "said": moment, "edits": row.edits, "idle": min(idle, 99)})
                if idle < IDLE:
                    hastened.append(row.link_id)
            if values:
                insert = self._insert(updates)
                connection.execute(
                    insert.on_conflict_do_update(
                        index_elements=["link_id"],
                        set_={name: insert.excluded[name] for name in ("said", "edits", "idle")},
                    ),
                    values,
                )
            for start in range(0, len(hastened), BATCH):
                connection.execute(
                    frontier.update()
                    .where(
                        frontier.c.link_id.in_(hastened[start : start + BATCH]), frontier.c.next_visit > at
                    )
                    .values(next_visit=at)
                )
        return hastened

    def _visited_before(
        self, connection: sa.Connection, said: Mapping[str, dt.datetime], at: dt.datetime
    ) -> dict[str, tuple[Any, dt.datetime]]:
        """The pages that were visited before they changed, and when that was; for a link that is another's
        alias, the one that is visited in its place."""
        heard = {link_id: moment for link_id, moment in said.items() if moment <= at + AHEAD}
        ids = sorted(heard)
        found: dict[str, tuple[Any, dt.datetime]] = {}
        other = frontier.alias()
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            query = sa.select(frontier, frontier.c.link_id.label("asked")).where(
                frontier.c.link_id.in_(part), frontier.c.state == "waiting"
            )
            aliases = (
                sa.select(frontier, other.c.link_id.label("asked"))
                .join(other, other.c.article_id == frontier.c.article_id)
                .where(other.c.link_id.in_(part), other.c.state == "alias", frontier.c.state == "waiting")
            )
            for row in (*connection.execute(query), *connection.execute(aliases)):
                moment = heard[row.asked]
                late = row.last_visit is not None and row.last_visit < moment and row.next_visit > at
                if late and (row.link_id not in found or found[row.link_id][1] < moment):
                    found[row.link_id] = row, moment
        return found
