"""If these fail, someone follows the README and it does not do what it says."""

from __future__ import annotations

import functools
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from archive_home import DATELINE, REPO, Home

DOCUMENTS = [REPO / "README.md", *sorted((REPO / "docs").glob("*.md"))]
# What starts servers, waits for the world or asks other machines is seen to work in tests of its own;
# here its options are looked up in its help.
ELSEWHERE = ("crawl", "replay", "deploy", "automations", "serve", "backup", "restore", "sources", "plan")


def commands(document: Path) -> list[str]:
    """The lines that begin with $ in a document's console blocks, without their comments."""
    blocks = re.findall(r"```console\n(.*?)```", document.read_text(), re.S)
    lines = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    return [re.sub(r"\s{2,}#.*$", "", line) for line in lines]


@pytest.mark.prefect
@pytest.mark.timeout(900)
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_each_command_of_a_document_runs(document: Path, home: Home, tmp_path: Path) -> None:
    """In the order in which they stand, on an archive of their own."""
    shutil.copytree(home.folder, tmp_path / "home")
    copied = Home.__new__(Home)
    copied.environment = {**home.environment, "DATELINE_HOME": str(tmp_path / "home")}
    real = home.search("--outcome", "indexed")[0]
    for command in commands(document):
        command = re.sub(r"\b0123456789abcdef\w*", real["id"], command)  # an article of one's own
        command = re.sub(r"https://\w+\.example/a\b", real["url"], command)
        program, *arguments = shlex.split(command)
        if program != "dateline":
            continue
        if arguments[0] in ELSEWHERE:
            _help_knows(arguments)
        elif arguments[0] == "ingest":  # the samples' own addresses lead nowhere outside the tests
            assert copied.run(*arguments, "--no-fetch", "--json"), command
        else:
            copied.run(*arguments, text=True)


@functools.cache
def _help(*words: str) -> str | None:
    """What a command says of itself; None where there is no such command."""
    done = subprocess.run([DATELINE, *words, "--help"], capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else None


def _help_knows(arguments: list[str]) -> None:
    words = [word for word in arguments if not word.startswith("-")]
    options = [word.partition("=")[0] for word in arguments if word.startswith("--")]
    for depth in (2, 1):  # "sources add URL" is a command in a group, "crawl NAME" is none
        shown = _help(*words[:depth])
        if shown is not None:
            assert all(option in shown for option in options), (arguments, shown)
            return
    raise AssertionError(f"dateline {' '.join(arguments)}: no such command")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_each_make_target_of_a_document_is_there(document: Path) -> None:
    for command in commands(document):
        if command.startswith("make "):
            done = subprocess.run(
                ["make", "-n", *shlex.split(command)[1:]], cwd=REPO, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr


def test_every_link_of_the_documents_leads_to_a_file() -> None:
    for document in [*REPO.glob("*.md"), *REPO.glob("docs/*.md"), *REPO.glob("evaluation/*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)\)", document.read_text()):
            if not target.startswith(("http://", "https://")):
                assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_compose_file_is_valid(tmp_path: Path) -> None:
    """And it does not start without secrets that the user wrote."""
    if shutil.which("docker-compose"):
        compose = ["docker-compose"]
    elif subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0:
        compose = ["docker", "compose"]
    else:
        pytest.fail(
            "docker compose is not there: install docker-compose (Debian: apt-get install docker-compose)"
        )
    done = subprocess.run([*compose, "config"], cwd=REPO, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    published = re.findall(r"^\s*(?:- |published: )['\"]?([\d.]+:\d+(?::\d+)?)", done.stdout, re.M)
    assert published and all(port.startswith("127.0.0.1:") for port in published)


def test_importing_the_command_line_is_quick_because_it_loads_nothing_heavy() -> None:
    """A search that waits for Prefect, spaCy or a database layer takes seconds instead of a blink."""
    import sys

    code = (
        "import sys, dateline.cli, dateline.stores.embedded, dateline.address; "
        "heavy = ('prefect', 'spacy', 'trafilatura', 'sqlalchemy', 'pydantic', 'lxml'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
