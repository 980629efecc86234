"""A private Prefect server for one command on one machine: no set-up, gone when the command ends.

Prefect's own ephemeral server starts only after Prefect is imported; this one starts first, so that
the two slow starts run side by side (about 17 s instead of 30 s on a slow laptop). It listens on
loopback, keeps its database under DATELINE_HOME, and does only what a flow run needs.

Importing this module does not import Prefect.
"""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# As `python -m uvicorn` does it, but on a socket that is ours from the start.
SERVE = """
import socket, sys, uvicorn
config = uvicorn.Config(
    "prefect.server.api.server:create_app", factory=True, timeout_keep_alive=5, log_level="error"
)
uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
"""
START_TIMEOUT = (
    300.0  # seconds; the first start also makes the database, 33 s on a slow machine, minutes on a busy one
)

# Nothing is sent anywhere; one flow run needs no schedules, no clean-up and no pages. What is left costs
# an idle server 13 ms of CPU a second instead of 20.
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_FOREMAN_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CLEANUP_RECONCILER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED": "false",
    "PREFECT_SERVER_EVENTS_STREAM_OUT_ENABLED": "false",
    "PREFECT_SERVER_LOGS_STREAM_OUT_ENABLED": "false",
    "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
}

# The server's work for each task run, cut to a fifth: written in batches of a hundred.
BATCHED = {
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "100",
}


class ServerDied(RuntimeError):
    """The private server did not come up; the message holds its last words."""


def chosen() -> bool:
    """Whether the user named a server: in the environment, or in a profile of Prefect's own."""
    home = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
    profiles = home / "profiles.toml"
    return bool(os.environ.get("PREFECT_API_URL")) or (
        profiles.is_file() and "PREFECT_API_URL" in profiles.read_text(encoding="utf-8", errors="replace")
    )


@contextmanager
def private_server(home: Path) -> Iterator[PrivateServer | None]:
    """A server for this process and its children, None where the user chose one.

    Sets PREFECT_API_URL and PREFECT_HOME, so enter it before Prefect is imported.
    """
    if chosen():
        yield None
        return
    server = PrivateServer(home, ends_with_us=True)
    try:
        yield server
    finally:
        server.stop()


def _end_with_parent() -> None:
    """In the server's process: a command that is killed leaves no server of 230 MB behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL))  # PR_SET_PDEATHSIG


class PrivateServer:
    """The server's process. It is started at once; `wait` before the first flow run.

    `ends_with_us` ends it when the thread that made it ends, whatever ended that.
    """

    def __init__(self, home: Path, *, ends_with_us: bool = False) -> None:
        self.log = home / "prefect" / "server.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        # handed on as it is: in the seconds until the server could bind a free port, another might take it
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}/api"
        # any account of this machine can reach loopback: only who knows this word may use the server
        word = f"dateline:{secrets.token_urlsafe(24)}"
        os.environ.update(QUIET | BATCHED)
        os.environ["PREFECT_HOME"] = str(self.log.parent)
        environment = {
            **os.environ,
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{self.log.parent / 'prefect.db'}",
            "PREFECT_SERVER_API_AUTH_STRING": word,
        }
        environment.pop("PREFECT_API_URL", None)
        with listener, self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVE, str(listener.fileno())],
                pass_fds=(listener.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                preexec_fn=_end_with_parent if ends_with_us else None,
            )
        os.environ["PREFECT_API_URL"] = self.url
        os.environ["PREFECT_API_AUTH_STRING"] = word

    def wait(self) -> None:
        """Return when the server answers.

        Raises:
            ServerDied: it ended, or did not answer in START_TIMEOUT seconds.
        """
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=5):  # noqa: S310 - our own address
                    return
            except urllib.error.HTTPError:
                return  # it answers, if only that it wants the word
            except OSError:
                time.sleep(0.1)
        words = self.log.read_text(errors="replace").strip().splitlines()[-3:]
        raise ServerDied(f"the private Prefect server did not start: {' / '.join(words)} (see {self.log})")

    def stop(self) -> None:
        """End the server; killed if it does not end in ten seconds."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
