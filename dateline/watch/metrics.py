"""The journal's numbers in OpenMetrics form, for whoever scrapes them (Prometheus and its kin).

Counted from the journal, so that every process that is asked says the same, also after a restart.
Written by hand, since the client library keeps counters of one process, which is what we don't want.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from dateline.journal import Journal

Sample = tuple[dict[str, str], float]


def open_metrics(journal: Journal) -> str:
    """All metrics, one text that ends in "# EOF"."""
    polls = journal.poll_rows()
    turns = journal.turns()
    lines: list[str] = []
    _add(lines, "dateline_links", "gauge", "Links by the outcome of their last run.", (
        ({"outcome": outcome}, count) for outcome, count in sorted(journal.outcome_counts().items())
    ))  # fmt: skip
    _add(lines, "dateline_frontier", "gauge", "URLs in the frontier by state; due: could be visited now.", (
        ({"state": state}, count) for state, count in sorted(journal.frontier_counts().items())
    ))  # fmt: skip
    _add(lines, "dateline_source_polls", "counter", "Polls of a source.", (
        ({"source": row["source"]}, row["polls"]) for row in polls
    ))  # fmt: skip
    _add(lines, "dateline_source_failures", "gauge", "Failed polls in a row.", (
        ({"source": row["source"]}, row["failures"]) for row in polls
    ))  # fmt: skip
    _add(lines, "dateline_source_last_new_timestamp_seconds", "gauge", "The last new link of a source.", (
        ({"source": row["source"]}, _seconds(row["last_new"])) for row in polls if row["last_new"]
    ))  # fmt: skip
    _add(lines, "dateline_source_quiet", "gauge", "1 while a source gives much less than its usual.", (
        ({"source": row["source"]}, float(row["quiet_since"] is not None)) for row in polls
    ))  # fmt: skip
    _add(lines, "dateline_hosts_down", "gauge", "Hosts that gave no answer when they were last asked.", [
        ({}, sum(turn.down_since is not None for turn in turns))
    ])  # fmt: skip
    last = journal.last_run("crawl")
    if last is not None:
        _add(lines, "dateline_crawl_started_timestamp_seconds", "gauge", "When the last crawl began.", [
            ({}, _seconds(last.started))
        ])  # fmt: skip
    return "\n".join([*lines, "# EOF", ""])


def _add(lines: list[str], name: str, kind: str, help_: str, samples: Iterable[Sample]) -> None:
    lines += [f"# TYPE {name} {kind}", f"# HELP {name} {help_}"]
    suffix = "_total" if kind == "counter" else ""
    for labels, value in samples:
        said = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        lines.append(f"{name}{suffix}{'{' + said + '}' if said else ''} {value:g}" if value < 1e6 else
                     f"{name}{suffix}{'{' + said + '}' if said else ''} {value:.3f}")  # fmt: skip


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _seconds(moment: dt.datetime) -> float:
    return moment.timestamp()
