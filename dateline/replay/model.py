"""What is to be replayed, and how a replay says no."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Step = Literal["extract", "enrich", "index"]


class ReplayError(Exception):
    """The replay was not put in place; the message says why, and what to do."""


@dataclass(slots=True, kw_only=True)
class Asked:
    """What is to be replayed: `since` (UTC) and `source` (a part of its name) leave the rest as it is."""

    step: Step = "extract"
    since: dt.datetime | None = None
    source: str | None = None

    @property
    def whole(self) -> bool:
        """Whether all of the archive is."""
        return self.since is None and self.source is None
