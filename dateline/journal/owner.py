"""Who is at something: a process by machine, number and time of birth. Runs, turns of hosts, deliveries
and Prefect's runs are all signed so.
"""

from __future__ import annotations

import datetime as dt
import os
import socket
from pathlib import Path

from dateline.journal.base import now

SILENCE = dt.timedelta(hours=1)  # of another machine's run: no outcome for so long, and it is left behind


def this_process() -> str:
    """ "host:pid:birth", at most 120 characters."""
    pid = os.getpid()
    return f"{socket.gethostname()[:90]}:{pid}:{_born(pid)}"


def _born(pid: int) -> str:
    """When a process began, as the system counts (boot, and ticks since); "" where it does not say.

    A number alone is no name: after a restart of a container the same one belongs to another process.
    """
    try:
        ticks = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[19]
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text('ascii')[:8]}-{ticks}"
    except (OSError, IndexError):
        return ""


def lives(owner: str, last_heard: dt.datetime | None = None) -> bool:
    """Whether the owner's process runs. One on another machine (a container that was made anew is one)
    is believed to, unless `last_heard` (of its run) is longer ago than `SILENCE`.
    """
    host, pid, born = (*owner.split(":"), "", "")[:3]
    if host != socket.gethostname()[:90] or not pid.isdigit():
        return last_heard is None or now() - last_heard < SILENCE
    if born and (there := _born(int(pid))):
        return there == born
    if int(pid) == os.getpid():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
