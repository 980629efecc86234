"""An archive of the sample digests, made by the real command, and the commands that ask it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from samples.site_server import Site

REPO = Path(__file__).resolve().parents[1]
DATELINE = str(Path(sys.executable).parent / "dateline")
DIGESTS = REPO / "samples" / "digests"


class Home:
    """A DATELINE_HOME and the commands that work in it."""

    def __init__(self, folder: Path, site: Site, **more: str) -> None:
        self.folder = folder
        self.first: list[dict[str, Any]] = []  # the outcomes of the first ingest
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")},
            "DATELINE_HOME": str(folder),
            "PREFECT_HOME": str(folder / "prefect"),
            "DATELINE_ALLOW_NETWORKS": "127.0.0.2/32",
            "DATELINE_PORTS": site.url.rsplit(":", 1)[1],
            "DATELINE_DELAY": "0.01",
            **more,
        }

    def run(
        self, *arguments: str, status: int = 0, text: bool = False, timeout: float = 500
    ) -> list[dict[str, Any]]:
        """The JSON lines that a command prints; nothing where it prints `text`."""
        done = subprocess.run(
            [DATELINE, *arguments], env=self.environment, capture_output=True, text=True, timeout=timeout
        )
        assert done.returncode == status, done.stderr[-2000:]
        return [] if text else [json.loads(line) for line in done.stdout.splitlines()]

    def search(self, *arguments: str) -> list[dict[str, Any]]:
        return self.run("search", *arguments, "--limit", "100")
