"""The calculator: a wrong plan is bought hardware."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.cli.output import UserError
from dateline.cli.sizing import days_of
from dateline.sizing import GB, Asked, plan
from dateline.stores import opensearch_schema
from dateline.stores.base import StoreUnavailable

volumes = st.floats(1, 2_000_000)


@given(volumes, st.floats(1, 4_000), st.floats(1, 20))
def test_more_articles_never_need_less(per_day: float, days: float, times: float) -> None:
    """Who plans for growth must not be told of a smaller machine."""
    one, more = plan(Asked(per_day, days)), plan(Asked(per_day * times, days))
    for name in ("articles", "cores", "archive", "journal", "shards", "nodes"):
        assert getattr(more, name) >= getattr(one, name), name


def test_a_laptop_is_told_of_the_embedded_store_and_an_agency_of_a_cluster() -> None:
    """A thousand a day need no cluster; half a million a day for ten years are more than one disk."""
    small = plan(Asked(1_000, 365))
    assert small.store == "embedded" and small.nodes == small.shards == 0
    assert small.cores == 1 and small.memory < 8 * GB
    large = plan(Asked(500_000, 3_652))
    assert large.store == "opensearch" and large.nodes >= 2 and large.shards > 64
    assert large.archive > 50_000 * GB
    # three of its cluster stay a majority when one is lost, and each node's disk can be copied in a day
    assert plan(Asked(5_000, 365)).nodes == 3 and large.node_disk < 8_000 * GB
    # a month of it is an index of a few shards, each of a size that can be moved
    assert (large.rollover, small.rollover, plan(Asked(2_000, 3_652)).rollover) == ("month", "", "")
    assert plan(Asked(100_000, 3_652)).rollover == "year"
    assert 4 <= large.part_shards <= 20 and large.shards >= large.part_shards * 119
    assert plan(replace(Asked(500_000, 3_652), copies=2)).index == pytest.approx(large.index * 1.5)


def test_politeness_is_the_wall_that_no_machine_moves() -> None:
    """Ten hosts at a page a second give 864,000 pages a day, however many workers there are."""
    assert "politeness" in plan(Asked(100_000, 365, hosts=10)).breaks[0]
    assert "politeness" not in plan(Asked(1_000, 365, hosts=500)).breaks[1]


def test_what_gives_way_is_told_once_the_first_one_first() -> None:
    """Who grows mends the wall that comes next, not one behind it or one that is passed."""
    already, ten, hundred = plan(Asked(500_000, 3_652)).breaks
    assert already.startswith("already: local disks") and "local disks" not in ten + hundred
    both = ten + hundred
    assert both.index("one run's main process") < both.index("one machine of 16 cores")
    assert "main process" not in hundred and "politeness" in hundred
    small = plan(Asked(1_000, 365)).breaks
    assert len(small) == 2 and "from 2.7× on the embedded store" in small[0] and "nothing new" in small[1]


@pytest.mark.parametrize("text", ["", "ten years", "1y2m", "-3d", "5x"])
def test_a_time_that_is_none_is_refused(text: str) -> None:
    """Not taken for something else."""
    with pytest.raises(UserError, match="write 90d"):
        days_of(text)


def test_times_are_days() -> None:
    """A month is the twelfth part of a year."""
    assert days_of("90d") == days_of("90") == 90 and days_of("2w") == 14
    assert days_of("12m") == pytest.approx(days_of("1y"), rel=0.001)


def test_the_command_says_it_to_people_and_programs() -> None:
    """Both forms of `dateline plan`."""
    command = [sys.executable, "-c", "from dateline.cli import main; main()", "plan", "--keep", "10y"]
    done = subprocess.run([*command, "--articles-per-day", "500000"], capture_output=True, text=True)
    assert json.loads(done.stdout)["articles"] == 1_826_250_000
    wrong = subprocess.run([*command, "--articles-per-day", "-1"], capture_output=True, text=True)
    assert wrong.returncode == 2 and wrong.stderr.startswith("dateline: ") and "Traceback" not in wrong.stderr


def test_shards_and_copies_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the plan says can be set; else there is one shard, copied where a second node is."""
    for name in ("DATELINE_SHARDS", "DATELINE_REPLICAS"):
        monkeypatch.delenv(name, raising=False)
    index = opensearch_schema.settings()["index"]
    assert index["number_of_shards"] == 1 and index["auto_expand_replicas"] == "0-1"
    monkeypatch.setenv("DATELINE_SHARDS", "6")
    monkeypatch.setenv("DATELINE_REPLICAS", "2")
    index = opensearch_schema.settings()["index"]
    assert (index["number_of_shards"], index["number_of_replicas"]) == (6, 2)
    assert "auto_expand_replicas" not in index
    monkeypatch.setenv("DATELINE_SHARDS", "many")
    with pytest.raises(StoreUnavailable, match="DATELINE_SHARDS is 'many'"):
        opensearch_schema.settings()
