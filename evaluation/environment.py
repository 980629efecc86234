"""The peers' own environment, .venv-eval, made from evaluation/requirements.lock when first needed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from evaluation.frame import REPO, Unavailable

VENV = REPO / ".venv-eval"
LOCK = REPO / "evaluation" / "requirements.lock"


def version() -> str:
    """A name for what is installed: the lock's hash and the Python it is locked for."""
    digest = hashlib.sha1(LOCK.read_bytes(), usedforsecurity=False).hexdigest()[:12]
    return f"{digest}-{sys.version_info.major}.{sys.version_info.minor}"


def ensure(say: Callable[[str], None]) -> Path:
    """The environment's interpreter; installs first if the lock changed. Needs a package registry then.

    Raises:
        Unavailable: the packages can't be had.
    """
    python = VENV / "bin" / "python"
    mark = VENV / ".ready"
    if python.exists() and mark.exists() and mark.read_text() == version():
        return python
    say("making .venv-eval for the peers")
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
    mark.write_text(version())
    return python
