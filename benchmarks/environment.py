"""The peers' own environment, .venv-bench, made from benchmarks/peers.lock when first needed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import REPO, Unavailable

VENV = REPO / ".venv-bench"
LOCK = REPO / "benchmarks" / "peers.lock"


def ensure() -> Path:
    """The environment's interpreter; installs first if the lock changed. Needs a package registry then.

    Raises:
        Unavailable: the packages can't be had.
    """
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]
    version = f"{digest}-{sys.version_info.major}.{sys.version_info.minor}"
    python, mark = VENV / "bin" / "python", VENV / ".ready"
    if python.exists() and mark.exists() and mark.read_text() == version:
        return python
    uv = [sys.executable, "-m", "uv"]
    steps = [
        [*uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)],
        [*uv, "pip", "install", "--quiet", "--python", str(python), "--require-hashes", "-r", str(LOCK)],
    ]
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise Unavailable(f"the peers' environment could not be made: {last}")
    mark.write_text(version)
    return python
