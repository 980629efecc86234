"""Runs: begun, ended, left behind and taken up again."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from dateline.journal.base import now
from dateline.journal.engine import JournalError
from dateline.journal.outcomes import Outcomes
from dateline.journal.owner import lives, this_process
from dateline.journal.tables import attempts, replayed, runs
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
                    owner=this_process(),
                )
            )
        return run_id

    def resume_run(self, run_id: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Take over a run that was left behind: it is this process's own now, with `parameters` changed."""
        with self._write() as connection:
            row = connection.execute(sa.select(runs.c.parameters).where(runs.c.run_id == run_id)).first()
            if row is None:
                raise JournalError(f"no run {run_id}")
            merged = json.loads(row.parameters) | dict(parameters or {})
            connection.execute(
                runs.update()
                .where(runs.c.run_id == run_id)
                .values(owner=this_process(), ended=None, parameters=json.dumps(merged, default=str))
            )

    def take_over(self, run: Run) -> bool:
        """As `resume_run`, but of several processes that want to take over a dead one's run one gets it."""
        with self._write() as connection:
            changed = connection.execute(
                runs.update()
                .where(runs.c.run_id == run.run_id, runs.c.owner == run.owner, runs.c.ended.is_(None))
                .values(owner=this_process())
            ).rowcount
        return bool(changed)

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

    def runs(self, kind: str | None = None, limit: int = 100) -> list[Run]:
        """The last runs, oldest first."""
        query = sa.select(runs).order_by(runs.c.started.desc(), runs.c.run_id.desc()).limit(limit)
        if kind is not None:
            query = query.where(runs.c.kind == kind)
        return self._runs(query)[::-1]

    def last_run(self, kind: str | None = None) -> Run | None:
        """The run of a kind that began last; of any that takes links through, if none is named."""
        query = sa.select(runs).order_by(runs.c.started.desc(), runs.c.run_id.desc()).limit(1)
        query = query.where(runs.c.kind == kind if kind is not None else runs.c.kind != "replay")
        return next(iter(self._runs(query)), None)

    def _runs(self, query: sa.Select[Any]) -> list[Run]:
        with self._read() as connection:
            rows = connection.execute(query).all()
            open_ = [row.run_id for row in rows if row.ended is None]
            last = {
                run_id: at
                for table, when in ((attempts, attempts.c.ended), (replayed, replayed.c.at))
                for run_id, at in connection.execute(
                    sa.select(table.c.run_id, sa.func.max(when))
                    .where(table.c.run_id.in_(open_))
                    .group_by(table.c.run_id)
                )
                if at
            }
        return [
            Run(
                run_id=row.run_id,
                kind=row.kind,
                started=row.started,
                ended=row.ended,
                parameters=json.loads(row.parameters),
                alive=row.ended is None
                and lives(row.owner, max(last.get(row.run_id, row.started), row.started)),
                owner=row.owner,
            )
            for row in rows
        ]
