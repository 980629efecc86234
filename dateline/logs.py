"""Structured logs: one JSON line for each step of each link, where DATELINE_LOG names a file ("-" is
standard error). The link's id is in every line, so that one link can be followed through all of them.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

import msgspec

from dateline import clock

_log = logging.getLogger("dateline.links")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """The record's facts as one line."""
        facts = {"at": clock.now(), "step": record.getMessage(), **getattr(record, "facts", {})}
        return msgspec.json.encode(facts).decode()


def set_up() -> None:
    """Begin to log where the environment says so; called again it changes nothing."""
    target = os.environ.get("DATELINE_LOG")
    if not target or _log.handlers:
        return
    handler: logging.Handler
    handler = (
        logging.StreamHandler(sys.stderr) if target == "-" else logging.FileHandler(target, encoding="utf-8")
    )
    handler.setFormatter(_Json())
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)
    _log.propagate = False


def note(step: str, run_id: str, link_id: str, **facts: Any) -> None:
    """One step of one link; facts that are None or empty are left out."""
    if _log.handlers:
        said = {key: value for key, value in facts.items() if value not in (None, "")}
        _log.info(step, extra={"facts": {"run_id": run_id, "link_id": link_id, **said}})
