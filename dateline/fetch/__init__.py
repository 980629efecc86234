"""Link → Page, guarded and polite: `Fetcher`, its `Limits`, the tree of `FetchError`s, `kind`."""

from dateline.fetch.client import AGENT, Fetcher
from dateline.fetch.content import kind
from dateline.fetch.errors import FetchError, from_httpx, status_outcome
from dateline.fetch.guard import Guard, is_public
from dateline.fetch.request import Limits
from dateline.fetch.reservations import Verdict, page_directives, verdict
from dateline.fetch.robots import Rules

__all__ = [
    "AGENT",
    "FetchError",
    "Fetcher",
    "Guard",
    "Limits",
    "Rules",
    "Verdict",
    "from_httpx",
    "is_public",
    "kind",
    "page_directives",
    "status_outcome",
    "verdict",
]
