"""The texts that an article had: one row for each, from its first edit on."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from dateline.journal.base import Base, clean
from dateline.journal.tables import attempts, runs, versions
from dateline.models import Article, Outcome, from_json, to_json
from dateline.texts.fingerprint import words
from dateline.versions import Version, version_of


class Versions(Base):
    """Versions, noted and asked for."""

    def note_edits(self, edits: Iterable[tuple[Article, Article]]) -> int:
        """Note (what stood, what replaces it) of articles that were edited; how many rows are new.

        What stood becomes version 1 where the article had none. The same edit noted again adds
        nothing. A former id's versions go over to the new one where a page moved.
        """
        added = 0
        with self._write() as connection:
            for old, new in edits:
                if old.article_id != new.article_id:
                    self._move(connection, old.article_id, new.article_id)
                last = connection.execute(
                    sa.select(versions.c.number, versions.c.text_hash)
                    .where(versions.c.article_id == new.article_id)
                    .order_by(versions.c.number.desc())
                    .limit(1)
                ).first()
                number, hash_ = (last.number, last.text_hash) if last else (0, "")
                rows = []
                if number == 0:
                    number, hash_ = 1, _hash(old)
                    rows.append(_row(version_of(old, 1), new.article_id, hash_))
                if hash_ != _hash(new):
                    rows.append(_row(version_of(new, number + 1, old), new.article_id, _hash(new)))
                if rows:
                    connection.execute(self._insert(versions).on_conflict_do_nothing(), rows)
                added += len(rows)
        return added

    def _move(self, connection: sa.Connection, former: str, article_id: str) -> None:
        taken = sa.select(versions.c.number).where(versions.c.article_id == article_id)
        if connection.execute(taken.limit(1)).first() is None:
            connection.execute(
                versions.update().where(versions.c.article_id == former).values(article_id=article_id)
            )

    def versions(self, article_id: str) -> list[Version]:
        """The article's versions, oldest first; [] for one whose text never changed."""
        query = (
            sa.select(versions.c.number, versions.c.version)
            .where(versions.c.article_id == article_id)
            .order_by(versions.c.number)
        )
        with self._read() as connection:
            rows = connection.execute(query).all()
        return [_version(row.version, article_id) for row in rows]

    def edits_since(
        self, since: dt.datetime, until: dt.datetime | None = None
    ) -> list[tuple[str, int, bool]]:
        """(article_id, number, silent) of versions after the first that were seen in [since, until)."""
        query = (
            sa.select(versions.c.article_id, versions.c.number, versions.c.silent)
            .where(versions.c.seen_at >= since, versions.c.number > 1)
            .order_by(versions.c.seen_at, versions.c.article_id)
        )
        if until is not None:
            query = query.where(versions.c.seen_at < until)
        with self._read() as connection:
            return [(row.article_id, row.number, row.silent) for row in connection.execute(query)]

    def edits_of(self, run_id: str) -> list[tuple[str, int, bool]]:
        """(article_id, number, silent) of the last versions of articles that this run found edited."""
        changed = sa.select(attempts.c.article_id).where(
            attempts.c.run_id == run_id, attempts.c.outcome == Outcome.UPDATED.value
        )
        inner = versions.alias()
        last = (
            sa.select(sa.func.max(inner.c.number))
            .where(inner.c.article_id == versions.c.article_id)
            .scalar_subquery()
        )
        begun = sa.select(runs.c.started).where(runs.c.run_id == run_id).scalar_subquery()
        query = (
            sa.select(versions.c.article_id, versions.c.number, versions.c.silent)
            .where(
                versions.c.article_id.in_(changed),
                versions.c.number == last,
                versions.c.number > 1,
                versions.c.seen_at >= begun,
            )
            .order_by(versions.c.article_id)
        )
        with self._read() as connection:
            return [(row.article_id, row.number, row.silent) for row in connection.execute(query)]


def _version(packed: str, article_id: str) -> Version:
    version = from_json(packed, Version)
    version.article_id = article_id  # the page may have moved since
    return version


def _hash(article: Article) -> str:
    text = " ".join(words(article.title or "")) + "\n" + " ".join(words(article.text))
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _row(version: Version, article_id: str, text_hash: str) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "number": version.number,
        "seen_at": version.seen_at,
        "text_hash": text_hash,
        "silent": version.silent,
        "version": clean(to_json(version).decode()),
    }
