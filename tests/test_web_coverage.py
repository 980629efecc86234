"""What was collected, from both journals: if these fail, "no hits" looks like "not reported"."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from web_samples import fill_journal, settings

from dateline.journal import Journal
from dateline.query import Query
from dateline.web.coverage import Ledger, count


def test_links_count_on_the_day_of_their_digest_and_without_one_on_that_of_the_run(
    journal_url: str,
) -> None:
    fill_journal(journal_url)
    with Journal(journal_url) as journal:
        cube = journal.by_day()
    today = time.strftime("%Y-%m-%d", time.gmtime())
    then = count(cube, [], "2024-03-20", "2024-03-20")
    assert (then.expected, then.fetched, then.paywalled, then.blocked) == (11, 9, 1, 1)
    assert list(then.by_source) == ["digest:morning.txt"]
    since = count(cube, [], "2024-03-21", "")
    assert (since.expected, since.failed, since.gone, since.pending) == (6, 1, 1, 1)
    assert {day for _, day, _, _ in cube} == {"2024-03-20", today}
    assert count(cube, ["feed:le-quai"], "", "").expected == 1


def test_the_ledger_sees_what_a_later_run_collected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that runs for days must not go on saying what was true when it started."""
    monkeypatch.setattr("dateline.web.coverage.KEPT", 0.05)
    monkeypatch.setattr("dateline.web.coverage.SHARE", 0)
    chosen = settings(tmp_path)
    ledger = Ledger(chosen)
    assert not ledger.of(Query(), 30).known
    fill_journal(chosen.journal_url)
    deadline = time.monotonic() + 30
    while not (found := ledger.of(Query())).known and time.monotonic() < deadline:
        time.sleep(0.05)
    assert found.expected == 17
    assert ledger.of(Query(sources=["none"])).expected == 0
