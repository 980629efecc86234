"""How a test ends the servers and workers that it started: surely, with all that they started."""

from __future__ import annotations

import contextlib
import subprocess

import psutil


def end(process: subprocess.Popen[bytes], patience: float = 20.0) -> None:
    """Ask twice (a Prefect worker may need to be), then kill; what it left running is killed, too."""
    with contextlib.suppress(psutil.NoSuchProcess):
        children = psutil.Process(process.pid).children(recursive=True)
        for _ in range(2):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(patience)
                break
        else:
            process.kill()
            process.wait()
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
