"""A host's turn, as the fetcher and the journal speak of it; importing it costs nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Turn:
    """How a host stands; times aware, UTC, None where nothing is due.

    `mine`: who asked holds it, until `held_until`. `delay` is what 429 and 503 raised it to, in
    seconds, 0.0 if they did not. `failures` counts fetches in a row without any answer.
    """

    host: str
    mine: bool
    held_until: dt.datetime | None
    next_at: dt.datetime | None
    rest_until: dt.datetime | None
    delay: float
    failures: int
    down_since: dt.datetime | None
