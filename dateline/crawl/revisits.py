"""When a page is visited again: after minutes, hours and days, since edits come early; then rarely.

A page that was edited is looked at again after the same time, since edits come in groups. What is
gone, blocked or no article is asked rarely, and what failed ever more rarely; nothing is given up.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dateline.models import Outcome

M, H, D = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
LADDER = (15 * M, H, 4 * H, D, 3 * D, 10 * D, 30 * D, 90 * D)
DAY = LADDER.index(D)
_HERE = (Outcome.INDEXED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.DUPLICATE, Outcome.PAYWALLED)
_RARELY = (Outcome.GONE, Outcome.NOT_ARTICLE, Outcome.BLOCKED)
_HOSTS_FAULT = (
    "timeout",
    "dns",
    "refused",
    "reset",
    "robots-unreachable",
    "no-such-host",
    "http-429",
    "http-503",
)


@dataclass(slots=True, frozen=True, kw_only=True)
class Next:
    """What a visit leads to; `at` is None where the page is not visited again."""

    at: dt.datetime | None
    step: int
    failures: int
    state: str = "waiting"


def after(
    outcome: Outcome,
    reason: str,
    now: dt.datetime,
    *,
    visits: int = 0,
    step: int = 0,
    failures: int = 0,
    edited: bool = False,
    age: dt.timedelta | None = None,
) -> Next:
    """When to come again.

    Args:
        outcome, reason: what became of this visit.
        now: aware, UTC.
        visits, step, failures: as they were before it.
        edited: the publisher changed the text since the last visit.
        age: since publication, where it is known; an old page does not change any more.
    """
    kind = _kind(outcome, reason)
    if kind == "resting":  # nothing was asked: the host's own rest says when
        return Next(at=now + M, step=step, failures=failures)
    if kind == "none":
        return Next(at=None, step=step, failures=0, state="done")
    if kind == "failed":
        slow = reason.startswith(_HOSTS_FAULT)
        pause = (
            min(5 * M * 2 ** min(failures, 12), D) if slow else min(15 * M * 2 ** min(failures, 12), 10 * D)
        )
        return Next(at=now + pause, step=step, failures=failures + 1)
    if kind == "shut":  # asking robots.txt again costs one request a day, for all links of the host
        return Next(at=now + D, step=max(step, DAY), failures=0)
    if kind == "rarely":
        step = min(max(step, DAY - 1) + 1, len(LADDER) - 1)
    elif visits == 0:
        step = first_step(age)
    elif not edited:
        step = min(step + 1, len(LADDER) - 1)
    return Next(at=now + LADDER[step], step=step, failures=0)


def first_step(age: dt.timedelta | None) -> int:
    """Where on the ladder a page of this age begins."""
    return next((step for step, gap in enumerate(LADDER) if age is None or gap * 4 >= age), len(LADDER) - 1)


def _kind(outcome: Outcome, reason: str) -> str:
    if "resting" in reason[:40]:
        return "resting"
    if outcome is Outcome.DIGEST_ONLY:  # what the page itself did stands in the reason
        if "no link" in reason or "not fetched" in reason:
            return "none"
        rare = ("http-4", "robots:", "address", "scheme", "url", "port", "not_article")
        return "rarely" if reason.startswith(rare) else "failed"
    if outcome in _HERE:
        return "here"
    if outcome is Outcome.BLOCKED and reason.startswith("robots"):
        return "failed" if reason.startswith("robots-unreachable") else "shut"
    return "rarely" if outcome in _RARELY else "failed"
