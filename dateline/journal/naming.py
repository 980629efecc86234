"""What other sources than the first say of a link: it is visited once, and all that was said counts."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from dateline.journal.base import BATCH, Base, clean, now
from dateline.journal.tables import Utc, frontier, metadata
from dateline.models import Link, from_json, to_json

named = sa.Table(
    "named",
    metadata,
    sa.Column("link_id", sa.String(64), primary_key=True),
    sa.Column("source", sa.String(300), primary_key=True),
    sa.Column("link", sa.Text, nullable=False),  # the Link as JSON
    sa.Column("at", Utc, nullable=False),
    sa.Column("told", Utc),  # when a run took it along with a visit
)


class Naming(Base):
    """Links that are in the frontier already, named by another source."""

    def name_links(self, links: Iterable[Link]) -> int:
        """Keep what other sources say of known links, once for each source; how much was new.

        A digest's item makes its link due: it may say more than the page.
        """
        by_id = {link.link_id: link for link in links}
        ids, count = sorted(by_id), 0
        with self._write() as connection:
            for start in range(0, len(ids), BATCH):
                part = ids[start : start + BATCH]
                first = sa.select(frontier.c.link_id, frontier.c.source).where(frontier.c.link_id.in_(part))
                other = {
                    link_id: by_id[link_id]
                    for link_id, source in connection.execute(first)
                    if source != clean(by_id[link_id].source)
                }
                if not other:
                    continue
                had = sa.select(named.c.link_id, named.c.source).where(named.c.link_id.in_(sorted(other)))
                for link_id, source in connection.execute(had):
                    if link_id in other and clean(other[link_id].source)[:300] == source:
                        del other[link_id]
                if not other:
                    continue
                rows = [
                    {
                        "link_id": link_id,
                        "source": clean(link.source)[:300],
                        "link": clean(to_json(link).decode("utf-8", "replace")),
                        "at": now(),
                    }
                    for link_id, link in sorted(other.items())
                ]
                connection.execute(self._insert(named).on_conflict_do_nothing(), rows)
                count += len(rows)
                items = [link_id for link_id, link in other.items() if link.item is not None]
                if items:
                    connection.execute(
                        frontier.update()
                        .where(frontier.c.link_id.in_(items), frontier.c.state != "alias")
                        .values(state="waiting", next_visit=now())
                    )
        return count

    def also_named(self, link_ids: Iterable[str]) -> list[Link]:
        """What other sources said of these links, and no run has taken along yet."""
        ids = sorted(set(link_ids))
        found: list[Link] = []
        with self._read() as connection:
            for start in range(0, len(ids), BATCH):
                query = (
                    sa.select(named.c.link)
                    .where(named.c.link_id.in_(ids[start : start + BATCH]), named.c.told.is_(None))
                    .order_by(named.c.link_id, named.c.source)
                )
                found += [from_json(raw, Link) for raw in connection.scalars(query)]
        return found

    def taken_along(self, links: Iterable[Link]) -> None:
        """Note that a run has taken these along."""
        pairs = sorted({(link.link_id, clean(link.source)[:300]) for link in links})
        if pairs:
            with self._write() as connection:
                connection.execute(
                    named.update()
                    .where(named.c.link_id == sa.bindparam("_id"), named.c.source == sa.bindparam("_source"))
                    .values(told=now()),
                    [{"_id": link_id, "_source": source} for link_id, source in pairs],
                )
