"""Which tests run in one process, and which begin first.

Why ours: xdist's own groups are without effect under pytest 9.2, which keeps no id that can be changed
(pytest-dev/pytest-xdist issue 1386): each test went to whoever was free, and each process made each
archive, browser and model anew.
"""

from __future__ import annotations

from typing import Any

import pytest

# files that share what takes seconds to make: the samples' archive, worker processes with the model loaded,
# the model in the test's own process, a PostgreSQL
SHARING = {
    "home": ("test_docs", "test_whole_way"),
    "workers": ("test_importing", "test_replay", "test_webarchive", "test_several_pages", "test_polling"),
    "model": ("test_golden_articles", "test_mentions", "test_quotes"),
    "postgresql": ("test_journal", "test_frontier", "test_alerts", "test_backup", "test_web_coverage"),
}
GROUPS = {f"{name}.py": group for group, names in SHARING.items() for name in names}
LONGEST = (
    "test_crawl_world.py", "home", "test_deployment.py", "test_crawl_prefect.py", "test_torture.py",
    "workers", "postgresql", "test_web_browser.py", "model", "test_store_contract.py",
)  # fmt: skip


def group(nodeid: str) -> str:
    """What runs in one process: the tests of a file, or of some that share a thing."""
    file = nodeid.partition("::")[0].rpartition("/")[2]
    return GROUPS.get(file, file)


def rank(nodeid: str) -> int:
    """The place of a test's group among those that take longest."""
    name = group(nodeid)
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)


def scheduler(config: pytest.Config, log: Any) -> Any:
    """Gives whole groups to xdist's processes, in the order in which they were collected."""
    from xdist.scheduler import LoadScopeScheduling

    class Groups(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group(nodeid)

    config.option.loadscopereorder = False  # by the count of tests: it would put the longest last
    return Groups(config, log)
