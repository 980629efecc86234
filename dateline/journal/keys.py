"""API keys: who may ask what, how often. The key itself is shown once, only its hash is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from dateline.journal.base import Base, now
from dateline.journal.engine import JournalError
from dateline.journal.tables import Utc, metadata

# Each scope holds the ones before it.
SCOPES = ("read", "correct", "operate")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_PREFIX = "dateline_"  # so that a leaked one is found by whoever scans for such things
_LONG_AGO = dt.timedelta(hours=1)

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),  # SHA-256: the key is 256 random bits
    sa.Column("scope", sa.String(20), nullable=False),
    sa.Column("per_minute", sa.Integer, nullable=False),
    sa.Column("made", Utc, nullable=False),
    sa.Column("revoked", Utc),
)

# How often a key was used in a minute: one row for all workers, so a limit holds across them.
key_uses = sa.Table(
    "key_uses",
    metadata,
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("minute", Utc, primary_key=True),
    sa.Column("uses", sa.Integer, nullable=False),
)


@dataclass(slots=True, kw_only=True, frozen=True)
class ApiKey:
    """A key without its secret. `per_minute` is how many requests it may make in a minute."""

    name: str
    scope: str
    per_minute: int
    made: dt.datetime
    revoked: dt.datetime | None

    def may(self, scope: str) -> bool:
        """Whether the key holds a scope."""
        return SCOPES.index(scope) <= SCOPES.index(self.scope)


class Keys(Base):
    """The keys of a journal."""

    def add_key(self, name: str, scope: str = "read", per_minute: int = 600) -> str:
        """Make a key; what is returned is shown this once and can't be had again.

        Raises:
            JournalError: the name is taken or none, there is no such scope, or no such limit.
        """
        if not _NAME.fullmatch(name):
            raise JournalError(f"{name!r} is no name for a key: a to z, 0 to 9, . _ -, at most 60 characters")
        if scope not in SCOPES:
            raise JournalError(f"{scope!r} is no scope: write {', '.join(SCOPES[:-1])} or {SCOPES[-1]}")
        if not 1 <= per_minute <= 1_000_000:
            raise JournalError("a limit is a number of requests a minute, from 1 to 1,000,000")
        secret = _PREFIX + secrets.token_urlsafe(32)
        values = {
            "name": name,
            "hash": _hash(secret),
            "scope": scope,
            "per_minute": per_minute,
            "made": now(),
        }
        with self._write() as connection:
            taken = connection.execute(sa.select(api_keys.c.name).where(api_keys.c.name == name)).first()
            if taken is not None:
                raise JournalError(
                    f"there is a key {name}: choose another name, also for one that was revoked"
                )
            connection.execute(api_keys.insert(), values)
        return secret

    def api_keys(self) -> list[ApiKey]:
        """All keys by name, revoked ones too."""
        with self._read() as connection:
            return _made(connection.execute(sa.select(api_keys).order_by(api_keys.c.name)))

    def revoke_key(self, name: str) -> None:
        """End a key, at once for every worker that asks again.

        Raises:
            JournalError: there is no such key, or it was revoked before.
        """
        with self._write() as connection:
            changed = connection.execute(
                api_keys.update()
                .where(api_keys.c.name == name, api_keys.c.revoked.is_(None))
                .values(revoked=now())
            ).rowcount
        if not changed:
            raise JournalError(f"there is no key {name}, or it is revoked: `dateline keys list`")

    def key_of(self, secret: str) -> ApiKey | None:
        """The key that a secret opens, None where it opens nothing (any more)."""
        if not secret.startswith(_PREFIX) or len(secret) > 200:
            return None
        query = sa.select(api_keys).where(api_keys.c.hash == _hash(secret), api_keys.c.revoked.is_(None))
        with self._read() as connection:
            return next(iter(_made(connection.execute(query))), None)

    def count_use(self, name: str) -> int:
        """Note a use; how many there are in this minute with it."""
        minute = now().replace(second=0, microsecond=0)
        insert = self._insert(key_uses).values(name=name, minute=minute, uses=1)
        with self._write() as connection:
            count = connection.scalar(
                insert.on_conflict_do_update(
                    index_elements=["name", "minute"], set_={"uses": key_uses.c.uses + 1}
                ).returning(key_uses.c.uses)
            )
            if count == 1:  # once a minute
                connection.execute(key_uses.delete().where(key_uses.c.minute < minute - _LONG_AGO))
        return int(count or 0)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _made(rows: Iterable[sa.Row[tuple[object, ...]]]) -> list[ApiKey]:
    return [
        ApiKey(name=row.name, scope=row.scope, per_minute=row.per_minute, made=row.made, revoked=row.revoked)
        for row in rows
    ]
