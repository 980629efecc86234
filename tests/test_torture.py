"""A minute of `make torture`: what strangers send, each case beside articles that must still come in.

If one fails, a hostile page reaches an inner network, stalls the archive, or takes its neighbours with it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from torture.case import Case
from torture.cases import CASES
from torture.world import World


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World() as world:
        yield world


QUICK = [
    # those that kill processes start a few, which on a busy machine takes its time
    pytest.param(case, id=case.name, marks=[pytest.mark.timeout(900)] if case.name.startswith("kill") else [])
    for case in CASES.all
    if case.quick
]


@pytest.mark.parametrize("case", QUICK)
def test_torture(case: Case, world: World) -> None:
    """What is promised for this case holds, and its neighbours are indexed."""
    print(f"sent: {case.sent}")
    for line in case.run(world):
        print(f"seen: {line}")
