"""Where the pieces of a backfill run: in this process one after the other, or on what the settings name
(Dask, Ray, a pool of processes), whose runners are others' work and not ours.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from dateline import settings
from dateline.settings import SettingsError


def chosen() -> TaskRunner[Any]:
    """The task runner of DATELINE_TASK_RUNNER, made with DATELINE_TASK_RUNNER_OPTIONS.

    Raises:
        SettingsError: there is none of that name, it does not take these options, or the store has one
            writer while the pieces are several processes.
    """
    given = settings.load()
    if not given.task_runner:
        return ThreadPoolTaskRunner(max_workers=1)
    if given.store == "embedded":
        raise SettingsError("DATELINE_TASK_RUNNER: the embedded store has one writer: use OpenSearch")
    module, _, name = given.task_runner.rpartition(".")
    try:
        runner = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise SettingsError(
            f"DATELINE_TASK_RUNNER is {given.task_runner!r}: {error}; write prefect_dask.DaskTaskRunner "
            "(pip install 'dateline[dask]') or prefect_ray.RayTaskRunner (dateline[ray])"
        ) from error
    try:
        made: TaskRunner[Any] = runner(**given.task_runner_options)
    except TypeError as error:
        raise SettingsError(f"DATELINE_TASK_RUNNER_OPTIONS: {error}") from error
    return made
