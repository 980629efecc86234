"""`make demo`: the sample digests, whose links lead to the sample site on loopback, through the real flow.

Ends by printing three searches with their answers, and the line that opens the search page.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from samples.site_server import rewrite, serve_site

REPO = Path(__file__).resolve().parents[1]
HOME = REPO / ".demo"
DATELINE = str(Path(sys.executable).parent / "dateline")
PORT = 8765  # the same each time, so that addresses and ids are, too; any free one where it is taken

SEARCHES = (
    ["--entity", "Viktor Oresh", "--mentioned", "2021-12-01..2021-12-31", "--near"],
    ['"shadow fleet"', "OR", "sanctions", "--entity", "EU", "--sort", "newest", "--limit", "3"],
    ["--entity", "Lisbon", "--from", "2023-05-14", "--to", "2023-05-15"],
)


def main() -> int:
    """Run the demo; the exit status of its first step that failed."""
    for name in ("index", "archive", "digests"):
        shutil.rmtree(HOME / name, ignore_errors=True)
    for file in HOME.glob("journal.sqlite*"):
        file.unlink()
    HOME.mkdir(exist_ok=True)
    try:
        serving = serve_site(port=PORT)
        return _demo(serving)
    except OSError:
        return _demo(serve_site())


def _demo(serving) -> int:  # type: ignore[no-untyped-def]
    with serving as site:
        rewrite(REPO / "samples" / "digests", site.url, HOME / "digests")
        environment = {
            **os.environ,
            "DATELINE_HOME": str(HOME),
            "DATELINE_STORE": "embedded",
            # the sample site is on loopback, which is never fetched unless it is allowed by name
            "DATELINE_ALLOW_NETWORKS": "127.0.0.2/32",
            "DATELINE_PORTS": site.url.rsplit(":", 1)[1],
            "DATELINE_DELAY": "0.02",
        }
        for gone in ("DATELINE_JOURNAL", "PREFECT_API_URL"):
            environment.pop(gone, None)
        done = _run(["ingest", str((HOME / "digests").relative_to(REPO))], environment)
    for search in SEARCHES if done == 0 else ():
        done = done or _run(["search", *search], environment)
    if done == 0:
        folder = HOME.relative_to(REPO)
        print(
            f"\nThe search page:  DATELINE_HOME={folder} .venv/bin/dateline serve   then http://127.0.0.1:8321/"
        )
    return done


def _run(arguments: list[str], environment: dict[str, str]) -> int:
    print(f"\n$ dateline {shlex.join(arguments)}", flush=True)
    return subprocess.run(
        [DATELINE, *arguments], env=environment | {"DATELINE_PLAIN": "1"}, cwd=REPO, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
