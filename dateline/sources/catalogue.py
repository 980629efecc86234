"""`sources.toml` → `Source`s: where links come from, how often each is asked, and how politely.

    [defaults]                     # holds for every source that does not say otherwise
    delay = 2

    [sources.capital-ledger]
    kind = "feed"
    address = "https://ledger.example/rss.xml"
    floor = "5m"
    ceiling = "1d"
    labels = ["business"]

A file with a mistake is not half believed: every mistake is one line that names file, source and
key, and nothing is loaded. Times are written "90s", "15m", "2h", "1d", "2w" or as a number of seconds.
"""

from __future__ import annotations

import datetime as dt
import difflib
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from dateline.settings import Settings

Kind = Literal["digests", "mailbox", "feed", "sitemap", "section", "urls", "warc"]
CatchUp = Literal["catch_up", "skip"]

KINDS: dict[str, str] = {
    "digests": "a folder that digests are put into",
    "mailbox": "a mailbox (maildir folder, mbox file, or folder of .eml files)",
    "feed": "RSS, Atom or JSON Feed",
    "sitemap": "a sitemap, a news sitemap or an index of them",
    "section": "a page that links to articles, with a pattern of their addresses",
    "urls": "a list of addresses, one a line: a file, or a URL of one",
    "warc": "WARC files: a file, a folder or a glob",
}
ONLINE = frozenset(("feed", "sitemap", "section"))  # these are asked by HTTP; urls may be
FILE_NAME = "sources.toml"
FLOOR, CEILING = dt.timedelta(minutes=10), dt.timedelta(days=1)


class CatalogueError(Exception):
    """`sources.toml` can't be used; one line for each mistake, also as `problems`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where links come from. Times between two looks lie in [floor, ceiling].

    `address` is a URL for what is asked by HTTP, otherwise an absolute path (or a glob of paths).
    """

    name: str  # unique; letters, digits, "-", "_" and "."
    kind: Kind
    address: str
    title: str | None = None  # for people
    home: str | None = None  # the site's own page
    floor: dt.timedelta = FLOOR
    ceiling: dt.timedelta = CEILING
    delay: float | None = None  # seconds between two requests to one host; None: the settings'
    concurrency: int | None = None  # requests to one host at once; None: 1, or 2 where there is no delay
    language: str | None = None  # ISO 639-1, where the source itself does not say
    rules: str | None = None  # name of a set of extraction rules; None: chosen by the page's host
    labels: tuple[str, ...] = ()
    catch_up: CatchUp = "catch_up"  # what becomes of intervals that were missed
    since: dt.date | None = None  # nothing published before this day is fetched
    link_pattern: str | None = None  # regular expression that an article's address must hold
    exclude: str | None = None  # and one that it must not
    render: bool = False  # needs a browser
    enabled: bool = True

    @property
    def link_source(self) -> str:
        """What `Link.source` says: "feed:capital-ledger"."""
        return f"{self.kind}:{self.name}"

    @property
    def online(self) -> bool:
        """Whether the source itself is asked by HTTP."""
        return self.kind in ONLINE or _is_web(self.address)

    @property
    def host(self) -> str | None:
        """The host that is asked, in lower case; None for files."""
        return urlsplit(self.address).hostname if self.online else None

    def takes(self, url: str) -> bool:
        """Whether the source's patterns let an article's address through."""
        if self.link_pattern is not None and not re.search(self.link_pattern, url):
            return False
        return self.exclude is None or not re.search(self.exclude, url)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The sources of one file, in its order."""

    path: Path
    sources: tuple[Source, ...] = ()

    def __iter__(self) -> Iterator[Source]:
        return iter(self.sources)

    def __len__(self) -> int:
        return len(self.sources)

    def named(self, name: str) -> Source:
        """The source of that name.

        Raises:
            CatalogueError: there is none; the message names the nearest.
        """
        for source in self.sources:
            if source.name == name:
                return source
        near = difflib.get_close_matches(name, [source.name for source in self.sources], 1)
        hint = f", did you mean {near[0]!r}?" if near else ""
        raise CatalogueError([f"{self.path}: no source {name!r}{hint}"])


def path_of(settings: Settings, option: str | Path | None = None) -> Path:
    """Which file holds: the option, else DATELINE_SOURCES, else sources.toml under DATELINE_HOME."""
    chosen = option or os.environ.get("DATELINE_SOURCES")
    return Path(chosen).expanduser().absolute() if chosen else settings.home / FILE_NAME


def load(path: Path) -> Catalogue:
    """The sources of a file; none where there is no file.

    Raises:
        CatalogueError: the file can't be read, or holds mistakes.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Catalogue(path)
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError([f"{path}: can't be read: {error}"]) from error
    return parse(text, path)


def parse(text: str, path: Path = Path(FILE_NAME)) -> Catalogue:
    """The sources of a file's text; relative paths in it count from the file's folder.

    Raises:
        CatalogueError: every mistake, one line each.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError([f"{path}: {error}"]) from error
    problems = [
        f"{path}: {key}: no such table; there are [defaults] and [sources.NAME]"
        for key in data
        if key not in ("defaults", "sources")
    ]
    defaults, tables = data.get("defaults", {}), data.get("sources", {})
    if not isinstance(defaults, dict) or not isinstance(tables, dict):
        raise CatalogueError([f"{path}: write [defaults] and [sources.NAME] as tables"])
    shared = _values(defaults, f"{path}: defaults", problems, without=("kind", "address", "title", "home"))
    sources = []
    for name, table in tables.items():
        where = f"{path}: source {name!r}"
        if not re.fullmatch(r"[\w.-]{1,100}", name):
            problems.append(f"{where}: a name has letters, digits, '-', '_' and '.' only")
        elif not isinstance(table, dict):
            problems.append(f"{where}: write it as a table, [sources.{name}]")
        elif (source := _source(name, table, shared, where, path.parent, problems)) is not None:
            sources.append(source)
    if problems:
        raise CatalogueError(problems)
    return Catalogue(path, tuple(sources))


def _source(
    name: str, table: dict[str, Any], shared: dict[str, Any], where: str, folder: Path, problems: list[str]
) -> Source | None:
    before = len(problems)
    values = {**shared, **_values(table, where, problems)}
    kind, address = table.get("kind"), table.get("address")
    if kind is None:
        problems.append(f"{where}: kind is missing: {', '.join(KINDS)}")
    if address is None:
        problems.append(f"{where}: address is missing")
    if len(problems) > before or kind is None or address is None:
        return None
    if kind in ONLINE and not _is_web(address):
        problems.append(f"{where}: address: a {kind} has a URL, http(s)://…, not {address!r}")
    elif kind in ("digests", "mailbox", "warc") and "://" in address:
        problems.append(f"{where}: address: a source of kind {kind} is a path, not {address!r}")
    elif not _is_web(address):
        values["address"] = str((folder / Path(address).expanduser()).absolute())
    floor, ceiling = values.get("floor", FLOOR), values.get("ceiling", CEILING)
    if floor > ceiling:
        if "floor" in values and "ceiling" in values:
            problems.append(f"{where}: floor is longer than ceiling")
        values["floor"] = values["ceiling"] = values.get("floor", ceiling)
    if kind == "section" and "link_pattern" not in values:
        problems.append(f"{where}: link_pattern is missing: a section page links to more than articles")
    return Source(name=name, **values) if len(problems) == before else None


def _values(
    table: Mapping[str, Any], where: str, problems: list[str], without: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The table's keys as values of their types; what is wrong with each goes to `problems`."""
    values: dict[str, Any] = {}
    reader: Callable[[Any], Any]
    for key, raw in table.items():
        keys: tuple[str, ...] = (key,)
        if key == "interval":  # always the same time between two looks
            reader, keys = _duration, ("floor", "ceiling")
        elif key not in _READERS or key in without:
            known = [name for name in (*_READERS, "interval") if name not in without]
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(known))}"
            problems.append(f"{where}: {key}: no such key; {hint}")
            continue
        else:
            reader = _READERS[key]
        try:
            value = reader(raw)
        except ValueError as error:
            problems.append(f"{where}: {key}: {error}")
            continue
        values |= dict.fromkeys(keys, value)
    return values


def _is_web(address: Any) -> bool:
    if not isinstance(address, str) or not address.lower().startswith(("http://", "https://")):
        return False
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError(f"write a text, not {raw!r}")
    if re.search(r"[\x00-\x1f\x7f]", raw):
        raise ValueError("a control character stands in it")
    return raw.strip()


def _one_of(*words: str) -> Callable[[Any], str]:
    def reader(raw: Any) -> str:
        if raw not in words:
            raise ValueError(f"{raw!r} is none of {', '.join(words)}")
        return str(raw)

    return reader


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def _duration(raw: Any) -> dt.timedelta:
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        seconds = float(raw)
    elif isinstance(raw, str) and (found := re.fullmatch(r"\s*(\d{1,9}(?:\.\d+)?)\s*([smhdw])\s*", raw)):
        seconds = float(found[1]) * _UNITS[found[2]]
    else:
        raise ValueError(f"write a time such as '15m', '2h' or '1d', not {raw!r}")
    if not 1 <= seconds <= 366 * 86400:
        raise ValueError(f"a time lies between 1 second and 366 days, not {raw!r}")
    return dt.timedelta(seconds=seconds)


def _seconds(raw: Any) -> float:
    if isinstance(raw, str):
        return _duration(raw).total_seconds()
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not 0 <= raw <= 3600:
        raise ValueError(f"seconds between 0 and 3600, not {raw!r}")
    return float(raw)


def _lanes(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= 32:
        raise ValueError(f"a whole number from 1 to 32, not {raw!r}")
    return raw


def _flag(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise ValueError(f"write true or false, not {raw!r}")
    return raw


def _labels(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(label, str) and label.strip() for label in raw):
        raise ValueError(f"write a list of texts, not {raw!r}")
    return tuple(dict.fromkeys(_text(label) for label in raw))


def _day(raw: Any) -> dt.date:
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    try:
        return dt.date.fromisoformat(raw)
    except (TypeError, ValueError):
        raise ValueError(f"write a day, 2021-03-24, not {raw!r}") from None


def _language(raw: Any) -> str:
    if not isinstance(raw, str) or not re.fullmatch(r"[A-Za-z]{2}(?:[-_]\w+)?", raw):
        raise ValueError(f"write a language code of two letters, 'en', not {raw!r}")
    return raw[:2].lower()


def _pattern(raw: Any) -> str:
    try:
        re.compile(raw)
    except (re.error, TypeError) as error:
        raise ValueError(f"no regular expression: {error}") from None
    return str(raw)


_READERS: dict[str, Callable[[Any], Any]] = {
    "kind": _one_of(*KINDS),
    "address": _text,
    "title": _text,
    "home": _text,
    "floor": _duration,
    "ceiling": _duration,
    "delay": _seconds,
    "concurrency": _lanes,
    "language": _language,
    "rules": _text,
    "labels": _labels,
    "catch_up": _one_of("catch_up", "skip"),
    "since": _day,
    "link_pattern": _pattern,
    "exclude": _pattern,
    "render": _flag,
    "enabled": _flag,
}
assert set(_READERS) | {"name"} == {known.name for known in fields(Source)}  # one reader for each key
