"""Backup and restore: if these fail, a broken disk takes the archive with it."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from archive_home import DATELINE
from journal_samples import done, link
from postgres import Server
from web_samples import articles

from dateline.archive import Archive
from dateline.backup import BackupError, backup, check, restore
from dateline.journal import Journal
from dateline.models import Page
from dateline.query import Query
from dateline.query_text import parse_words
from dateline.settings import Settings
from dateline.stores import open_store

SEARCHES = [Query(limit=100, sort="newest"), Query(words=parse_words("harbour"), limit=100)]


def settings_of(home: Path, **more: Any) -> Settings:
    given = Settings(
        home=home,
        store="embedded",
        journal_url=f"sqlite:///{home / 'journal.sqlite'}",
        opensearch_url="",
        index="x",
        allow_networks=(),
        ports=(),
    )
    return replace(given, **more)


def page(number: int) -> Page:
    now = dt.datetime.now(dt.UTC)
    url = f"https://a.example/{number}"
    return Page(requested_url=url, final_url=url, status=200, headers={}, body=b"page " * 99, fetched_at=now)


def filled(settings: Settings) -> None:
    """An archive with all of a life in it: runs, a duplicate, a letter, an open WARC file."""
    settings.home.mkdir(parents=True)
    (settings.home / "sources.toml").write_text("# mine\n")
    writing = Archive(settings.archive_folder)
    with Journal(settings.journal_url) as journal:
        run = journal.begin_run("ingest", {"paths": ["a"]})
        links = [link(number) for number in range(20)]
        journal.expect(run, [*links, link(1, "digest:b.txt")])
        for number in range(19):
            place = writing.write(page(number))
            journal.record(run, [replace(done(number), archive=place)])
        writing.flush()
        journal.bury("doc", articles()[0], "mapping", "too strange", run)
        journal.log("me", "test", "subject", {"ä": 1})
    store = open_store(settings)
    store.write(articles())
    store.close()
    writing._file.write(b"\x1f\x8b half a record")  # type: ignore[union-attr]


def everything(settings: Settings) -> dict[str, Any]:
    """What a reader can ask, and all rows."""
    store = open_store(settings)
    with Journal(settings.journal_url) as journal:
        rows = sorted(journal.dump())
        places = [row["archive"] for row in journal.rows(limit=100) if row["archive"]]
    pages = [Archive(settings.archive_folder).read(place).body for place in places]
    found = [[hit.article.article_id for hit in store.search(query).hits] for query in SEARCHES]
    whole = list(store.scan())
    store.close()
    return {"rows": rows, "pages": pages, "found": found, "articles": whole}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Path]:
    folder = tmp_path_factory.mktemp("backup")
    settings = settings_of(folder / "home")
    filled(settings)
    store = open_store(settings)
    backup(settings, store, folder / "copy")
    store.close()
    return settings, folder / "copy"


def test_restored_onto_an_empty_machine_it_gives_the_same_answers(
    made: tuple[Settings, Path], tmp_path: Path
) -> None:
    settings, copy = made
    new = settings_of(tmp_path / "home")
    store = open_store(new)
    restore(new, store, copy)
    store.close()
    before, after = everything(settings), everything(new)
    assert before == after
    assert len(before["pages"]) == 19 and len(before["articles"]) == 12 and all(before["found"])
    assert (new.home / "sources.toml").read_text() == "# mine\n"
    with Journal(new.journal_url) as journal:
        assert [run.run_id for run in journal.unfinished_runs()], "what was not done is still to be done"


@pytest.mark.opensearch
def test_an_embedded_archive_moves_to_opensearch_and_postgresql(
    made: tuple[Settings, Path], tmp_path: Path, opensearch_url: str, own_index: str, postgres_server: Server
) -> None:
    settings, copy = made
    new = settings_of(
        tmp_path / "home",
        store="opensearch",
        opensearch_url=opensearch_url,
        index=own_index,
        journal_url=postgres_server.url(),
    )
    store = open_store(new)
    restore(new, store, copy)
    before, after = everything(settings), everything(new)
    assert before["rows"] == after["rows"] and before["pages"] == after["pages"]
    assert before["articles"] == after["articles"]
    assert before["found"][0] == after["found"][0] and set(before["found"][1]) == set(after["found"][1])
    with Journal(new.journal_url) as journal:
        run = journal.begin_run("ingest", {})
        journal.expect(run, [link(77)])  # its row takes a number that no restored row has
        assert journal.bury("doc2", articles()[1], "x", "y") > 1
    back = tmp_path / "back"
    backup(new, store, back)
    store.close()
    assert check(back).articles == 12


def test_it_goes_only_where_nothing_is_and_only_whole(made: tuple[Settings, Path], tmp_path: Path) -> None:
    settings, copy = made
    store = open_store(settings)
    with pytest.raises(BackupError, match="is not empty"):
        restore(settings, store, copy)
    store.close()
    (tmp_path / "other.txt").write_text("mine")
    with pytest.raises(BackupError, match="no backup: choose"):
        backup(settings, store, tmp_path)
    with pytest.raises(BackupError, match=r"no manifest\.json"):
        check(tmp_path)
    broken = tmp_path / "broken"
    broken.mkdir()
    for path in copy.rglob("*"):
        target = broken / path.relative_to(copy)
        target.mkdir() if path.is_dir() else target.write_bytes(path.read_bytes())
    assert check(broken).articles == 12
    victim = next((broken / "archive").iterdir())
    victim.write_bytes(victim.read_bytes()[:-1] + b"?")
    with pytest.raises(BackupError, match="not what was written"):
        check(broken)


def test_the_commands(made: tuple[Settings, Path], tmp_path: Path) -> None:
    """`dateline backup` and `restore` as they are typed, the dead letters that came along, and a second
    backup into the same folder."""
    _, copy = made

    def run(home: Path, *words: str, status: int = 0) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
        answer = subprocess.run(
            [DATELINE, *words],
            env=environment | {"DATELINE_HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert answer.returncode == status, answer.stderr
        return answer.stdout + answer.stderr

    home = tmp_path / "home"
    assert "restored" in run(home, "restore", str(copy))
    (letter,) = [json.loads(line) for line in run(home, "deadletters").splitlines()]
    assert letter["reason"] == "too strange"
    assert json.loads(run(home, "deadletters", "show", "1"))["document"]["article_id"]
    assert run(home, "deadletters", "replay").startswith("1: unchanged")
    assert run(home, "deadletters") == ""
    assert "no dead letter 9" in run(home, "deadletters", "show", "9", status=2)
    assert "whole" in run(home, "backup", str(tmp_path / "again"))
    assert "whole" in run(home, "backup", str(tmp_path / "again"))
    assert "is not empty" in run(home, "restore", str(copy), status=2)
