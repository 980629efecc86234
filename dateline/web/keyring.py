"""API keys at the door: which one is it, may it do this, and how often has it asked this minute."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass

import anyio.to_thread

from dateline.journal import ApiKey, Journal, JournalError

_REMEMBERED = 2.0  # seconds that a key counts without a look: so late does a revocation come
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Verdict:
    """`status` 0 lets in; else HTTP's, with what to say. `key` is None where the secret opens nothing."""

    key: ApiKey | None
    status: int = 0
    title: str = ""
    detail: str = ""


class KeyRing:
    """The keys of a journal, for as many workers as there are: limits are counted in the journal."""

    def __init__(self, journal_url: str) -> None:
        self._url = journal_url
        self._journal: Journal | None = None
        self._known: dict[str, tuple[float, ApiKey | None]] = {}

    async def judge(self, secret: str, method: str, path: str) -> Verdict:
        """Whether the holder of a secret may make this request now; a use is counted."""
        return await anyio.to_thread.run_sync(self._judge, secret, method, path)

    def _judge(self, secret: str, method: str, path: str) -> Verdict:
        try:
            key = self._key(secret)
            if key is None:
                return Verdict(None)
            needed = scope_of(method, path)
            if not key.may(needed):
                return Verdict(
                    key, 403, "This key may not", f"The key {key.name} may {key.scope}; this needs {needed}."
                )
            if self._open().count_use(key.name) > key.per_minute:
                left = 60 - dt.datetime.now(dt.UTC).second
                return Verdict(
                    key,
                    429,
                    "Too many requests",
                    f"The key {key.name} may ask {key.per_minute} times a minute: try again in {left} s.",
                )
            return Verdict(key)
        except JournalError as error:
            # who can't be checked is not let in
            return Verdict(None, 503, "The journal does not answer", str(error))

    def _key(self, secret: str) -> ApiKey | None:
        at = time.monotonic()
        known = self._known.get(secret)
        if known is None or known[0] < at:
            if len(self._known) >= _MOST:
                self._known.clear()
            known = self._known[secret] = (at + _REMEMBERED, self._open().key_of(secret))
        return known[1]

    def _open(self) -> Journal:
        if self._journal is None:
            self._journal = Journal(self._url)
        return self._journal


def scope_of(method: str, path: str) -> str:
    """The scope that a request needs: reading, correcting (corrections, alerts), or operating."""
    if path.startswith("/api/operate"):
        return "operate"
    return "read" if method in ("GET", "HEAD", "OPTIONS") else "correct"
