"""Which tests run in one process, and which begin first.

Why ours: xdist's own groups are without effect under pytest 9.2, which keeps no id that can be changed
(pytest-dev/pytest-xdist issue 1386): each test went to whoever was free, and each process made each
archive, browser and model anew.
"""

from __future__ import annotations

from typing import Any

import pytest

# what asks the archive of the samples, which is made once
HOME = ("test_docs.py", "test_whole_way.py")
LONGEST = (
    "test_crawl_world.py", "home", "test_deployment.py", "test_crawl_prefect.py", "test_torture.py",
    "test_importing.py", "test_web_browser.py", "test_store_contract.py", "test_replay.py",
)  # fmt: skip


def group(nodeid: str) -> str:
    """What runs in one process: the tests of a file, or of the few that share an archive."""
    file = nodeid.partition("::")[0].rpartition("/")[2]
    return "home" if file in HOME else file


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
