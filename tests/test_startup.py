"""What a command loads before it answers. Seconds are for the bench; here only who is not waited for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = "prefect spacy trafilatura sqlalchemy pydantic lxml httpx rich fastapi opensearchpy click".split()


def loaded(home: Path, *arguments: str) -> set[str]:
    """The modules that a whole command has loaded when it ends."""
    code = (
        "import sys, dateline.cli\n"
        "sys.argv = ['dateline', *sys.argv[1:]]\n"
        "try: dateline.cli.main()\n"
        "except SystemExit: pass\n"
        "print('loaded', *sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={"DATELINE_HOME": str(home), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Traceback" not in done.stderr
    return set(done.stdout.rsplit("loaded ", 1)[1].split())


@pytest.mark.parametrize(
    "arguments",
    [("search", "sanctions", "--entity", "Lavrov"), ("entities",), ("show", "none"), ("--help",)],
    ids=lambda arguments: arguments[0],
)
def test_a_command_that_asks_loads_nothing_heavy(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """A search that waits for Prefect, spaCy or pydantic takes seconds instead of a blink."""
    assert not loaded(tmp_path, *arguments) & set(HEAVY)


def test_a_command_loads_only_its_own_module(tmp_path: Path) -> None:
    """Each new command would else make all others slower to start."""
    modules = loaded(tmp_path, "search", "sanctions")
    others = {name for name in modules if name.startswith("dateline.cli.")}
    assert others == {"dateline.cli.find", "dateline.cli.lazy", "dateline.cli.output"}


def test_each_command_is_there_and_says_what_it_does() -> None:
    """A command whose module or name was mistyped would be found by its first user."""
    from typer.main import get_command

    from dateline.cli import app

    group = get_command(app)
    context = group.make_context("dateline", [], resilient_parsing=True)
    names = group.list_commands(context)  # type: ignore[attr-defined]
    assert {"ingest", "search", "serve", "export"} <= set(names)
    for name in names:
        assert group.get_command(context, name).help  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATELINE_STORE", "lucene"),
        ("DATELINE_PORTS", "http"),
        ("DATELINE_DELAY", "soon"),
        ("DATELINE_DELAY", "-1"),
    ],
)
def test_a_setting_that_means_nothing_is_one_line(name: str, value: str) -> None:
    """A slip in the environment must not be told as a traceback."""
    done = subprocess.run(
        [Path(sys.executable).parent / "dateline", "search", "x"],
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1
    assert name in done.stderr and value in done.stderr


def test_searches_at_once_right_after_the_start_do_not_end_the_process() -> None:
    """msgspec looks at a type when it first reads one, and crashes where another thread reads meanwhile:
    the page's server would be gone with the first two questions."""
    code = """
import threading, time
import msgspec._utils as inner
from dateline.models import Article, Outcome, from_json, to_json

looked = inner.get_class_annotations
inner.get_class_annotations = lambda *given: time.sleep(0.02) or looked(*given)
body = to_json(Article(article_id="a", outcome=Outcome.INDEXED))
threads = [threading.Thread(target=from_json, args=(body, Article)) for _ in range(4)]
for thread in threads:
    thread.start()
    time.sleep(0.03)
for thread in threads:
    thread.join()
"""
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
