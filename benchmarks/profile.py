"""`make profile`: a flame graph of the whole way, workers and Prefect's server included.

    python -m benchmarks.profile [--pages N] [--plain] [--bare] [--out FILE]

py-spy looks fifty times a second at every process from outside, without stopping it (stopping all of
them doubled what was measured), so that what it shows is what runs when nobody looks; threads that wait
are left out. It may look only at its own children, or as root.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from benchmarks import site
from benchmarks.measure import REPO
from benchmarks.parts import PAGES, WARM


def main() -> int:
    """Serve the site, run the whole way under py-spy, say where the graph is."""
    parser = argparse.ArgumentParser(prog="make profile")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--plain", action="store_true", help="without Prefect")
    parser.add_argument("--bare", action="store_true", help="without names and dates")
    parser.add_argument("--out", type=Path, default=REPO / ".bench" / "profile.svg")
    options = parser.parse_args()
    options.out.parent.mkdir(exist_ok=True)
    flags = [f"--{name}" for name in ("plain", "bare") if getattr(options, name)]
    spy = Path(sys.executable).parent / "py-spy"
    with site.serving(PAGES, options.pages + WARM) as served:
        done = subprocess.run(
            [
                *(spy, "record", "--subprocesses", "--nonblocking", "--rate", "50"),
                *("--output", options.out, "--"),
                *(
                    sys.executable,
                    "-W",
                    "ignore",
                    "-m",
                    "benchmarks.way",
                    str(served.port),
                    str(options.pages),
                ),
                *flags,
            ],
            cwd=REPO,
            check=False,
        )
    print(f"the flame graph: {options.out}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
