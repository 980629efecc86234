"""Where things are kept and which servers are used: from the environment, read once per call.

All state lives under one folder, DATELINE_HOME, that can be moved, backed up and deleted.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class SettingsError(ValueError):
    """A setting has a value that means nothing; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. Environment: DATELINE_HOME, DATELINE_STORE, DATELINE_JOURNAL,
    OPENSEARCH_URL, DATELINE_INDEX, DATELINE_ALLOW_NETWORKS (comma-separated CIDRs that may be
    fetched although they are not public), DATELINE_PORTS (besides 80 and 443), DATELINE_CONTACT,
    DATELINE_DELAY, DATELINE_LICENSED (hosts whose publishers allow text and data mining),
    DATELINE_WEB_ARCHIVE (where copies of dead pages are, see `webarchive`), DATELINE_TASK_RUNNER and
    DATELINE_TASK_RUNNER_OPTIONS (a JSON object: where the pieces of a backfill run)."""

    home: Path
    store: str  # "embedded" or "opensearch"
    journal_url: str
    opensearch_url: str
    index: str
    allow_networks: tuple[str, ...]
    ports: tuple[int, ...]
    contact: str = ""  # a URL or mail address in the User-Agent, for publishers who want a person
    delay: float = 1.0  # seconds between two requests to one host
    web_archive: str = ""  # an address with {timestamp} and {url} in it; "" asks for no copies
    licensed: tuple[str, ...] = ()  # hosts whose TDM reservation does not hold for us
    task_runner: str = ""  # prefect_dask.DaskTaskRunner; "" is this process
    task_runner_options: Mapping[str, Any] = field(default_factory=dict)

    def is_licensed(self, host: str) -> bool:
        """Whether the publisher of a host, or of the domain above it, allows text and data mining."""
        host = host.lower().rstrip(".")
        return any(host == name or host.endswith("." + name) for name in self.licensed)

    @property
    def index_folder(self) -> Path:
        """The embedded store."""
        return self.home / "index"

    @property
    def meaning_file(self) -> Path:
        """The vectors for search by meaning."""
        return self.home / "meaning.sqlite"

    @property
    def archive_folder(self) -> Path:
        """The WARC files."""
        return self.home / "archive"


def _template(name: str) -> str:
    """An address with {url} in it, "" if there is none.

    Raises:
        SettingsError: it is something else.
    """
    value = os.environ.get(name, "").strip()
    if value and not (value.startswith(("http://", "https://")) and "{url}" in value):
        raise SettingsError(
            f"{name} is {value!r}: write https://web.archive.org/web/{{timestamp}}id_/{{url}}"
        )
    return value


def _object(name: str) -> Mapping[str, Any]:
    """A JSON object, empty where the variable is.

    Raises:
        SettingsError: it is something else.
    """
    import json

    text = os.environ.get(name, "").strip()
    try:
        value = json.loads(text or "{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise SettingsError(f"{name} is {text[:200]!r}: write a JSON object")
    return value


def _words(name: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in os.environ.get(name, "").split(",") if word.strip())


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number < 1e9:
        raise SettingsError(f"{name} is {text!r}: write a number")
    return number


def load() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: a variable has a value that means nothing.
    """
    folder = os.environ.get("DATELINE_HOME")
    if folder:
        home = Path(folder).expanduser().absolute()
    else:
        from platformdirs import user_data_path  # slow to import, and rarely needed

        home = user_data_path("dateline", appauthor=False)
    store = os.environ.get("DATELINE_STORE", "embedded")
    if store not in ("embedded", "opensearch"):
        raise SettingsError(f"DATELINE_STORE is {store!r}: write 'embedded' or 'opensearch'")
    return Settings(
        home=home,
        store=store,
        journal_url=os.environ.get("DATELINE_JOURNAL") or f"sqlite:///{home / 'journal.sqlite'}",
        opensearch_url=os.environ.get("OPENSEARCH_URL", "http://127.0.0.1:9200"),
        index=os.environ.get("DATELINE_INDEX", "dateline"),
        allow_networks=_words("DATELINE_ALLOW_NETWORKS"),
        ports=tuple(int(_number("DATELINE_PORTS", word)) for word in _words("DATELINE_PORTS")),
        contact=os.environ.get("DATELINE_CONTACT", ""),
        delay=_number("DATELINE_DELAY", os.environ.get("DATELINE_DELAY") or "1"),
        web_archive=_template("DATELINE_WEB_ARCHIVE"),
        task_runner=os.environ.get("DATELINE_TASK_RUNNER", "").strip(),
        task_runner_options=_object("DATELINE_TASK_RUNNER_OPTIONS"),
        licensed=tuple(word.lower().strip(".") for word in _words("DATELINE_LICENSED")),
    )
