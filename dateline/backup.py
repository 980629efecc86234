"""Backup and restore: journal, archive and articles in one folder, independent of database and store.

    FOLDER/manifest.json      what is there, with its SHA-256; written last: without it there is no backup
    FOLDER/journal.jsonl.gz   every row of every table, as of one moment
    FOLDER/archive/           the WARC files, half records at the end of open ones cut off
    FOLDER/articles.jsonl.gz  every article as the store holds it: no page is read and understood again
    FOLDER/files/             sources.toml, entities and what else stands beside them in DATELINE_HOME

The journal is read first and the archive after it: each page that the journal names is in the copy. A
second backup into the same folder copies only the WARC files that are new. Restoring writes through the
store's contract, so a backup of the embedded store restores into OpenSearch, and one of SQLite into
PostgreSQL.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import msgspec

from dateline import __version__
from dateline.archive import OPEN, Archive, sync_folder
from dateline.journal import Journal
from dateline.models import Article, from_json, to_json
from dateline.settings import Settings
from dateline.stores.base import Store
from dateline.warc import whole_length

FORMAT = 1
BATCH = 200  # articles written at once
_NOT_FILES = ("index", "archive", "prefect", "journal.sqlite")  # beginnings of names in DATELINE_HOME
Say = Callable[[str], None]


class BackupError(Exception):
    """There is no whole backup, or no empty place to restore it to; the message says what to do."""


@dataclass(kw_only=True)
class Manifest:
    """What a backup holds. `files` are paths within it → (bytes, SHA-256)."""

    format: int = FORMAT
    dateline: str = __version__
    made_at: dt.datetime
    rows: int = 0
    articles: int = 0
    files: dict[str, tuple[int, str]] = field(default_factory=dict)


def backup(settings: Settings, store: Store, folder: Path, say: Say = lambda _: None) -> Manifest:
    """Copy everything into `folder`, which is made, or brought up to date.

    Raises:
        BackupError: the folder holds something else, or can't be written.
        JournalError, StoreUnavailable, ArchiveError: what is to be copied can't be read.
    """
    manifest = Manifest(made_at=dt.datetime.now(dt.UTC))
    known = _known(folder)
    with _clear_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "manifest.json").unlink(missing_ok=True)
        with Journal(settings.journal_url) as journal:
            manifest.rows = _write_lines(folder / "journal.jsonl.gz", journal.dump())
        say(f"journal: {manifest.rows:,} rows")
        say(f"archive: {_copy_archive(settings.archive_folder, folder / 'archive'):,} files")
        manifest.articles = _write_lines(
            folder / "articles.jsonl.gz", (to_json(article) + b"\n" for article in store.scan())
        )
        say(f"articles: {manifest.articles:,}")
        _copy_files(settings.home, folder / "files")
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = path.relative_to(folder).as_posix()
            size = path.stat().st_size
            same = known.get(name) if name.startswith("archive/") else None
            manifest.files[name] = same if same and same[0] == size else (size, _sha256(path))
        _write(folder / "manifest.json", msgspec.json.format(msgspec.json.encode(manifest), indent=2))
    return manifest


def restore(settings: Settings, store: Store, folder: Path, say: Say = lambda _: None) -> Manifest:
    """Bring a backup back onto an empty DATELINE_HOME, journal and store. One that was broken off goes on.

    Raises:
        BackupError: no backup, a damaged one, or the place is not empty.
    """
    manifest = check(folder)
    say(f"backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC: whole")
    marker = settings.home / "restoring"
    with _clear_errors(settings.home), Journal(settings.journal_url) as journal:
        if not marker.exists():
            full = [
                name
                for name, there in (
                    (f"the journal {settings.home}", not journal.is_empty()),
                    (
                        f"the archive {settings.archive_folder}",
                        bool(Archive(settings.archive_folder).files()),
                    ),
                    ("the store", store.count() > 0),
                )
                if there
            ]
            if full:
                raise BackupError(f"{full[0]} is not empty: restore to an empty DATELINE_HOME and index")
            settings.home.mkdir(parents=True, exist_ok=True)
            _write(marker, b"a restore that was not finished: give the same command again\n")
        settings.archive_folder.mkdir(parents=True, exist_ok=True)
        for name in manifest.files:
            if name.startswith("archive/"):
                _copy(folder / name, settings.archive_folder / Path(name).name)
            elif name.startswith("files/"):
                _copy(folder / name, settings.home / name.removeprefix("files/"))
        sync_folder(settings.archive_folder)
        if journal.is_empty():
            journal.load(_lines(folder / "journal.jsonl.gz"))
        say(f"journal: {manifest.rows:,} rows")
        written = 0
        rest = (from_json(line, Article) for line in _lines(folder / "articles.jsonl.gz"))
        while batch := list(islice(rest, BATCH)):
            for row in store.write(batch):
                if row.status == "refused":
                    raise BackupError(f"the store refuses {row.article_id}: {row.reason}")
            written += len(batch)
        say(f"articles: {written:,}")
        if written != manifest.articles or store.count() != written:
            raise BackupError(f"{manifest.articles} articles in the backup, {store.count()} in the store")
        marker.unlink()
    return manifest


def check(folder: Path) -> Manifest:
    """The manifest of a backup whose files are all there and as they were written.

    Raises:
        BackupError: they are not; the message names the file.
    """
    try:
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise BackupError(f"{folder} has no manifest.json: no backup, or one broken off") from None
    except (OSError, msgspec.DecodeError) as error:
        raise BackupError(f"{folder / 'manifest.json'} can't be read: {error}") from error
    if manifest.format != FORMAT:
        raise BackupError(f"{folder} has format {manifest.format}, this Dateline reads {FORMAT}")
    for name, (size, digest) in manifest.files.items():
        path = folder / name
        if ".." in Path(name).parts or Path(name).is_absolute():
            raise BackupError(f"{name!r} leads out of the backup")
        if not path.is_file():
            raise BackupError(f"{path} is missing")
        if path.stat().st_size != size or _sha256(path) != digest:
            raise BackupError(f"{path} is not what was written")
    return manifest


def _known(folder: Path) -> dict[str, tuple[int, str]]:
    """What an earlier backup in this folder holds."""
    if not folder.exists() or not any(folder.iterdir()):
        return {}
    if not (folder / "manifest.json").exists() and not (folder / "journal.jsonl.gz").exists():
        raise BackupError(f"{folder} is not empty, and no backup: choose another folder")
    try:
        return msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest).files
    except (OSError, msgspec.DecodeError):
        return {}


def _copy_archive(archive: Path, to: Path) -> int:
    to.mkdir(exist_ok=True)
    count = 0
    for path in Archive(archive).files():
        target = to / path.name.removesuffix(OPEN)
        if path.name.endswith(OPEN):
            part = target.with_name(target.name + ".part")
            shutil.copyfile(path, part)
            with part.open("r+b") as file:
                file.truncate(whole_length(file))
            part.replace(target)
        else:
            _copy(path, target)
        count += 1
    sync_folder(to)
    return count


def _copy_files(home: Path, to: Path) -> None:
    to.mkdir(exist_ok=True)
    for path in sorted(home.iterdir()) if home.is_dir() else []:
        if path.is_file() and not path.name.startswith((*_NOT_FILES, "restoring")):
            _copy(path, to / path.name, always=True)


def _copy(source: Path, target: Path, *, always: bool = False) -> None:
    """A copy that is there whole or not at all; one of the same size is left as it is."""
    if not always and target.exists() and target.stat().st_size == source.stat().st_size:
        return
    part = target.with_name(target.name + ".part")
    shutil.copyfile(source, part)
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(target)


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)


def _write_lines(path: Path, lines: Iterable[bytes]) -> int:
    part = path.with_name(path.name + ".part")
    count = 0
    with part.open("wb") as raw:
        with gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=4, mtime=0) as file:
            for line in lines:
                file.write(line)
                count += 1
        raw.flush()
        os.fsync(raw.fileno())
    part.replace(path)
    return count


def _lines(path: Path) -> Iterator[bytes]:
    with gzip.open(path) as file:
        yield from file


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _clear_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupError(f"{error.filename or folder}: {error.strerror or error}") from error
