"""If these fail, someone follows the README and it does not do what it says."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from archive_home import REPO, Home

README = (REPO / "README.md").read_text()


def commands() -> list[str]:
    """The lines that begin with $ in the README's console blocks, without their comments."""
    blocks = re.findall(r"```console\n(.*?)```", README, re.S)
    lines = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    return [re.sub(r"\s{2,}#.*$", "", line) for line in lines]


@pytest.mark.prefect
@pytest.mark.timeout(400)
@pytest.mark.parametrize("command", [line for line in commands() if line.startswith("dateline ")])
def test_each_command_of_the_readme_runs(command: str, home: Home) -> None:
    arguments = shlex.split(command)[1:]
    if arguments[0] == "ingest":
        pytest.importorskip("prefect")
        arguments.append("--no-fetch")  # the samples' own addresses lead nowhere outside the tests
        elsewhere = Home.__new__(Home)
        elsewhere.environment = {**home.environment, "DATELINE_HOME": str(home.folder / "readme")}
        assert elsewhere.run(*arguments, "--json")
        return
    home.run(*arguments)


@pytest.mark.parametrize("command", [line for line in commands() if line.startswith("make ")])
def test_each_make_target_of_the_readme_is_there(command: str) -> None:
    done = subprocess.run(["make", "-n", *command.split()[1:]], cwd=REPO, capture_output=True, text=True)
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
