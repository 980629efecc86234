"""When a source has gone quiet. If these fail, a person is woken for nothing, or not at all."""

from __future__ import annotations

import datetime as dt
import random

from dateline.journal.polls import Reading
from dateline.watch.quiet import gone_quiet

START = dt.datetime(2027, 1, 4, tzinfo=dt.UTC)


def readings(daily: list[float], seed: int = 1, each: int = 6) -> list[Reading]:
    """Polls every few hours of a source with so many new links a day, by chance as they come."""
    dice = random.Random(seed)
    found = [Reading(source="a", start=START, end=START, outcome="read", new=50)]
    for day, mean in enumerate(daily):
        for part in range(each):
            start = START + dt.timedelta(days=day, hours=24 * part / each)
            new = sum(dice.random() < mean / each / 20 for _ in range(20))
            found.append(
                Reading(
                    source="a",
                    start=start,
                    end=start + dt.timedelta(hours=23.9 / each),
                    outcome="read",
                    new=new,
                )
            )
    return found


def test_silence_after_a_usual_is_noticed_within_days() -> None:
    for seed in range(20):
        assert gone_quiet(readings([12.0] * 14, seed)) is None
        since = gone_quiet(readings([12.0] * 14 + [0.0] * 4, seed))
        assert since is not None  # when it began is known to a day or two: a slow day may have come before
        assert dt.timedelta(days=12) <= since - START <= dt.timedelta(days=14)


def test_a_paper_that_rests_at_weekends_has_not_gone_quiet() -> None:
    weeks = ([20.0] * 5 + [0.5] * 2) * 5
    assert (
        sum(gone_quiet(readings(weeks[:day], seed)) is not None for seed in range(5) for day in range(15, 35))
        == 0
    )
    assert gone_quiet(readings([*weeks, 0.5, 0.5, 0.5, 0.5])) is not None


def test_a_source_of_few_links_needs_longer_and_a_new_one_is_left_alone() -> None:
    assert gone_quiet(readings([0.4] * 30)) is None
    assert gone_quiet(readings([5.0, 6.0, 0.0, 0.0])) is None


def test_failed_polls_say_nothing_of_a_source() -> None:
    found = readings([12.0] * 14)
    for day in range(14, 20):
        at = START + dt.timedelta(days=day)
        found.append(Reading(source="a", start=at, end=at + dt.timedelta(hours=4), outcome="failed"))
    assert gone_quiet(found) is None
