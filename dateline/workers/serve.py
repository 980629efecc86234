"""A worker's own side: warm up, then answer jobs until the parent is gone."""

from __future__ import annotations

import gc
import pickle
import signal
from multiprocessing.connection import Connection
from typing import Any


def serve(handle: int) -> None:
    """A worker's life: warm up, then answer jobs until the socket closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    connection: Connection[Any, Any] = Connection(handle)
    try:
        _path, initializer, arguments = connection.recv()
        if initializer is not None:
            initializer(*arguments)
    except EOFError:
        return
    except BaseException as error:
        connection.send(("error", words(error)))
        return
    # models and tables stay to the end: the collector need not walk through them, 4 % of all work
    gc.collect()
    gc.freeze()
    warm = _data_bytes()
    connection.send(("ready", None))
    while True:
        try:
            job = connection.recv_bytes()
        except (EOFError, OSError):
            return  # the parent is gone
        memory = 0
        try:
            function, items, memory = pickle.loads(job)  # noqa: S301 - from our own parent
            _limit(memory * 1_000_000)
            answer = ("done", list(function(items)))
        except MemoryError:
            answer = ("memory", f"wanted over {memory} MB")  # type: ignore[assignment]
        except Exception as error:
            answer = ("error", words(error))  # type: ignore[assignment]
        _limit(None)
        if answer[0] == "done" and _data_bytes() - warm > memory * 1_000_000:
            answer = ("full", answer[1])
        try:
            connection.send(answer)
        except OSError:
            return
        except Exception as error:
            connection.send(("error", f"the answer can't be sent: {words(error)}"))


def _limit(more: int | None) -> None:
    """Let this process have `more` bytes of data beyond what it has now; None lifts the limit."""
    try:
        import resource
    except ImportError:  # pragma: no cover - not POSIX
        return
    now = _data_bytes()
    if not now:
        return
    _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = hard if more is None else now + more
    if hard != resource.RLIM_INFINITY and wanted != hard:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))


def _data_bytes() -> int:
    """What RLIMIT_DATA counts: private memory that can be written; 0 where the system doesn't say."""
    try:
        with open("/proc/self/status", "rb") as file:  # noqa: PTH123 - called for each job
            for line in file:
                if line.startswith(b"VmData:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def words(error: BaseException) -> str:
    text = str(error).strip().split("\n")[0][:500]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
