"""Entries for `sources.toml`: appended, so that what its owner wrote and commented stays as it is."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from dateline.sources.catalogue import CatalogueError, Source, load, parse

_DEFAULTS = {known.name: known.default for known in fields(Source)}


def entry(source: Source) -> str:
    """A source as TOML, without what is as by default."""
    key = source.name if re.fullmatch(r"[A-Za-z0-9_-]+", source.name) else _string(source.name)
    lines = [f"[sources.{key}]"]
    for known in fields(Source):
        value = getattr(source, known.name)
        if known.name != "name" and value != _DEFAULTS[known.name]:
            lines.append(f"{known.name} = {_value(value)}")
    return "\n".join(lines) + "\n"


def append(path: Path, sources: Sequence[Source]) -> None:
    """Add entries to the end of a file, made where it is missing; all or none.

    Raises:
        CatalogueError: a name or address is there already, the file holds mistakes, or can't be written.
    """
    have = load(path)
    problems = []
    names, addresses = (
        {source.name for source in have},
        {(source.kind, source.address): source.name for source in have},
    )
    for source in sources:
        if source.name in names:
            problems.append(f"{path}: source {source.name!r} is there already; give another --name")
        elif (known := addresses.get((source.kind, source.address))) is not None:
            problems.append(f"{path}: {source.address} is there already, as {known!r}")
        names.add(source.name)
    if problems:
        raise CatalogueError(problems)
    before = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    text = before.rstrip() + "\n\n" if before.strip() else ""
    text += "\n".join(entry(source) for source in sources)
    parse(text, path)  # what we write we must be able to read
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(name).replace(path)
    except OSError as error:
        raise CatalogueError([f"{path}: can't be written: {error.strerror}"]) from error


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case dt.timedelta():
            return _string(duration(value))
        case dt.date():
            return value.isoformat()
        case tuple():
            return "[" + ", ".join(_string(text) for text in value) + "]"
        case str():
            return _string(value)
        case _:
            return repr(value)


def _string(text: str) -> str:
    """A TOML basic string: JSON's escapes are among TOML's, but DEL must be escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def duration(value: dt.timedelta) -> str:
    seconds = int(value.total_seconds())
    for size, unit in ((604800, "w"), (86400, "d"), (3600, "h"), (60, "m")):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
