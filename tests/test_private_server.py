"""A command's own Prefect server ends with the command, however that ends."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

KILLED = """
import os, signal, sys
from pathlib import Path
from tasks.server import private_server
with private_server(Path(sys.argv[1])) as server:
    print(server.process.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_command_that_is_killed_leaves_no_server(tmp_path: Path) -> None:
    """Each kill for want of memory would else leave a server of 230 MB, for good."""
    environment = {"PREFECT_HOME": str(tmp_path / "none")}
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == -9, done.stderr
    deadline = time.monotonic() + 60
    while psutil.pid_exists(int(done.stdout)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not psutil.pid_exists(int(done.stdout))
