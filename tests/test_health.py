"""The health of sources: if these fail, a feed that went silent or broke is noticed by its readers first."""

from __future__ import annotations

import datetime as dt

from dateline.watch.health import health

TODAY = dt.date(2024, 3, 20)


def cube(
    source: str, counts: list[int], last: dt.date = TODAY, column: str = "fetched"
) -> list[tuple[str, str, str, int]]:
    """One row a day, the last on `last`."""
    first = last - dt.timedelta(days=len(counts) - 1)
    return [
        (source, (first + dt.timedelta(days=number)).isoformat(), column, count)
        for number, count in enumerate(counts)
        if count
    ]


def test_a_source_is_held_against_its_own_past() -> None:
    rows = [
        *cube("well", [9, 11, 10, 10, 12, 8]),
        *cube("few", [10, 10, 10, 10, 10, 3]),
        *cube("many", [10, 10, 10, 10, 10, 60]),
        *cube("quiet", [10, 10, 10, 10, 10, 10], TODAY - dt.timedelta(days=5)),
        *cube("weekly", [5, *[0] * 6] * 5 + [5], TODAY - dt.timedelta(days=6)),
        *cube("new", [10, 10]),
        *cube("failing", [10, 10, 10, 10, 10]),
        ("failing", TODAY.isoformat(), "failed", 12),
    ]
    found = {one.source: one for one in health(rows, TODAY)}
    assert {name: one.health for name, one in found.items()} == {
        name: "well" if name == "weekly" else name for name in found
    }
    assert (found["few"].usual, found["few"].links, found["few"].last) == (10, 3, "2024-03-20")
    assert (found["weekly"].every, found["new"].usual) == (7, None)
    assert [one.source for one in health(rows, TODAY)][:3] == ["failing", "quiet", "few"]
    assert health([], TODAY) == []


def test_a_day_that_is_none_stops_nobody() -> None:
    """A digest's printed date is a stranger's."""
    rows = [("odd", "2024-13-77", "fetched", 1), ("odd", "", "fetched", 2), *cube("well", [1])]
    assert {one.source for one in health(rows, TODAY)} == {"odd", "well"}


def test_a_poll_that_fails_and_a_source_told_of_as_quiet_count_more_than_links() -> None:
    """A feed that can't be read for a week looks well as long as its old pages are visited again."""
    rows = [*cube("feed:lost", [9] * 8), *cube("feed:silent", [9] * 8), *cube("feed:well", [9] * 8)]

    def row(name: str, failures: int = 0, quiet: dt.datetime | None = None) -> dict[str, object]:
        return {"source": name, "failures": failures, "quiet_since": quiet}

    polls = [row("lost", 3), row("silent", 0, dt.datetime(2024, 3, 1, tzinfo=dt.UTC)), row("well", 1)]
    polls += [row("never", 9)]
    found = {one.source: one.health for one in health(rows, TODAY, polls)}
    assert found == {"feed:lost": "failing", "feed:silent": "quiet", "feed:well": "well", "never": "failing"}
