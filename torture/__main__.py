"""Run the cases one after the other and print each."""

from __future__ import annotations

import argparse
import sys
import time
import traceback

from torture.cases import CASES
from torture.world import World

BUDGET = 540.0  # seconds; a case that began before goes on to its end


def main() -> int:
    """0 where every promise held."""
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("names", nargs="*", help="only cases whose name holds one of these")
    parser.add_argument("--quick", action="store_true", help="only what runs in the test suite")
    wanted = parser.parse_args()
    chosen = [
        case
        for case in CASES.all
        if (case.quick or not wanted.quick)
        and (not wanted.names or any(name in case.name for name in wanted.names))
    ]
    chosen.sort(key=lambda case: case.name.startswith("kill/flow"))  # the longest last
    failed = missed = 0
    started = time.monotonic()
    with World() as world:
        world.deadline = started + BUDGET
        for case in chosen:
            began = time.monotonic()
            if began > world.deadline:
                missed += 1
                print(
                    f"{case.name}\n    NOT DONE: {BUDGET:.0f} s are over, this machine is too busy",
                    flush=True,
                )
                continue
            print(f"{case.name}\n    sent: {case.sent}", flush=True)
            try:
                for line in case.run(world):
                    print(f"    seen: {line}")
                print(f"    held, {time.monotonic() - began:.1f} s", flush=True)
            except Exception as error:
                failed += 1
                print(f"    FAILED: {type(error).__name__}: {error}", flush=True)
                if not isinstance(error, AssertionError):
                    traceback.print_exc()
    print(f"{len(chosen)} cases, {failed} failed, {missed} not done, {time.monotonic() - started:.0f} s")
    return 1 if failed or missed else 0


if __name__ == "__main__":
    sys.exit(main())
