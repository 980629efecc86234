"""Backfills fan out by configuration: without it years of Common Crawl News are one machine's work."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import httpx
import pytest
from archive_home import Home
from prefect_server import Shared
from test_importing import write_foreign

from dateline.settings import SettingsError
from samples.site_server import Site


@pytest.mark.parametrize(
    ("runner", "options", "says"),
    [
        ("prefect_dusk.DaskTaskRunner", "{}", "prefect_dusk"),
        ("prefect.task_runners.Nobody", "{}", "Nobody"),
        ("Nobody", "{}", "write prefect_dask"),
        ("prefect.task_runners.ThreadPoolTaskRunner", '{"workers": 3}', "OPTIONS.*workers"),
        ("prefect.task_runners.ThreadPoolTaskRunner", "[3]", "write a JSON object"),
    ],
)
def test_a_runner_that_is_none_is_one_line(
    runner: str, options: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not a traceback of somebody's library in the middle of the night."""
    from tasks.fan_out import chosen

    monkeypatch.setenv("DATELINE_STORE", "opensearch")
    monkeypatch.setenv("DATELINE_TASK_RUNNER", runner)
    monkeypatch.setenv("DATELINE_TASK_RUNNER_OPTIONS", options)
    with pytest.raises(SettingsError, match=says):
        chosen()
    monkeypatch.setenv("DATELINE_STORE", "embedded")
    monkeypatch.setenv("DATELINE_TASK_RUNNER_OPTIONS", "{}")
    with pytest.raises(SettingsError, match="one writer"):
        chosen()


@pytest.mark.prefect
@pytest.mark.opensearch
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("runner", "options"),
    [
        (
            "prefect_dask.DaskTaskRunner",
            '{"cluster_kwargs": {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": null}}',
        ),
        ("prefect_ray.RayTaskRunner", '{"init_kwargs": {"num_cpus": 2, "include_dashboard": false}}'),
    ],
)
def test_files_are_imported_on_a_cluster(
    runner: str, options: str, site: Site, tmp_path: Path, opensearch_url: str, prefect: Shared
) -> None:
    """Two files on two Dask workers (or Ray's), each page once: nothing of ours knows of Dask."""
    pytest.importorskip(runner.partition(".")[0])
    index = f"dateline-backfill-{os.getpid()}-{runner.partition('.')[0].replace('_', '-')}"
    home = Home(
        tmp_path / "home",
        site,
        DATELINE_STORE="opensearch",
        DATELINE_INDEX=index,
        OPENSEARCH_URL=opensearch_url,
        DATELINE_TASK_RUNNER=runner,
        DATELINE_TASK_RUNNER_OPTIONS=options,
        **prefect.environment(),
    )
    (tmp_path / "files").mkdir()
    for name in ("a", "b"):
        write_foreign(tmp_path / "files" / f"{name}.warc.gz", pages=2)
    try:
        rows = home.run("ingest", str(tmp_path / "files"), "--json", timeout=560)
        assert {row["source"] for row in rows} == {"warc:a.warc.gz", "warc:b.warc.gz"}
        assert len({row["run_id"] for row in rows}) == 2
        outcomes = Counter(row["outcome"] for row in rows)
        assert outcomes.total() == 10 and outcomes["indexed"] + outcomes["unchanged"] == 10, outcomes
        assert len(home.search("dockers")) == 4
    finally:
        httpx.delete(f"{opensearch_url}/{index}-v*")
