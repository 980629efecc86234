"""Runs: begun, ended, left behind and taken up again."""

from __future__ import annotations

import json
import os
import secrets
import socket
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from dateline.journal.base import now
from dateline.journal.engine import JournalError
from dateline.journal.outcomes import Outcomes
from dateline.journal.tables import runs
from dateline.journal.types import Run, Summary


class Runs(Outcomes):
    """The runs of a journal."""

    def begin_run(self, kind: str, parameters: Mapping[str, Any] | None = None) -> str:
        """A new run; its id begins with its time, so ids sort by time."""
        began = now()
        run_id = f"{began:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        with self._write() as connection:
            connection.execute(
                runs.insert().values(
                    run_id=run_id,
                    kind=kind,
                    started=began,
                    parameters=json.dumps(parameters or {}, default=str),
                    owner=_owner(),
                )
            )
        return run_id

    def resume_run(self, run_id: str) -> None:
        """Take over a run that was left behind: it is this process's own now."""
        with self._write() as connection:
            changed = connection.execute(
                runs.update().where(runs.c.run_id == run_id).values(owner=_owner(), ended=None)
            ).rowcount
        if not changed:
            raise JournalError(f"no run {run_id}")

    def end_run(self, run_id: str) -> Summary:
        """Check that every link has its outcome, and close the run.

        Raises:
            JournalError: links are without an outcome; the run stays open.
        """
        summary = self.check(run_id)
        with self._write() as connection:
            connection.execute(runs.update().where(runs.c.run_id == run_id).values(ended=now()))
        return summary

    def unfinished_runs(self, kind: str | None = None) -> list[Run]:
        """Runs without an end, oldest first: killed, or still at work (`alive`)."""
        query = sa.select(runs).where(runs.c.ended.is_(None)).order_by(runs.c.started, runs.c.run_id)
        if kind is not None:
            query = query.where(runs.c.kind == kind)
        return self._runs(query)

    def last_run(self, kind: str | None = None) -> Run | None:
        """The run that began last."""
        query = sa.select(runs).order_by(runs.c.started.desc(), runs.c.run_id.desc()).limit(1)
        if kind is not None:
            query = query.where(runs.c.kind == kind)
        return next(iter(self._runs(query)), None)

    def _runs(self, query: sa.Select[Any]) -> list[Run]:
        with self._read() as connection:
            rows = connection.execute(query).all()
        return [
            Run(
                run_id=row.run_id,
                kind=row.kind,
                started=row.started,
                ended=row.ended,
                parameters=json.loads(row.parameters),
                alive=row.ended is None and lives(row.owner),
            )
            for row in rows
        ]


def _owner() -> str:
    return f"{socket.gethostname()[:90]}:{os.getpid()}"


def lives(owner: str) -> bool:
    """Whether the owner's process runs; one on another machine is believed to."""
    host, _, pid = owner.rpartition(":")
    if host != socket.gethostname()[:90] or not pid.isdigit():
        return True
    if int(pid) == os.getpid():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
