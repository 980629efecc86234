"""The commands that count: if these fail, what the page shows can't be had in a script."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner
from web_samples import articles, fill_journal, settings

from dateline.cli import app
from dateline.stores.embedded import EmbeddedStore


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    fill_journal(settings(home).journal_url)
    store = EmbeddedStore(settings(home).index_folder)
    store.write(articles())
    store.close()
    return home


def run(home: Path, *arguments: str) -> list[dict[str, Any]]:
    """The JSON lines of a command, run in this process: each start of another would cost a second."""
    environment = {"DATELINE_HOME": str(home), "DATELINE_STORE": "embedded", "DATELINE_JOURNAL": None}
    done = CliRunner().invoke(app, arguments, env=environment, catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_search_is_counted_by_what_it_holds(home: Path) -> None:
    people = run(home, "facets", "q=strike", "--facet", "type:PERSON")
    assert people[0]["label"] == "Ada Vell" and people[0]["key"] == "person/ada-vell"
    months = run(home, "histogram", "http://127.0.0.1:8321/?q=strike", "--of", "published")
    assert [month["first_day"] for month in months] == sorted(month["first_day"] for month in months)
    beside = run(home, "together", "entity=Ada Vell", "--limit", "3")
    assert len(beside) == 3 and beside[0]["articles"] >= beside[1]["articles"]
    told = run(home, "timeline", "entity=Ada Vell&mentioned=2024-03-11..2024-03-24")
    assert told and all("2024-03" in moment["interval"]["start"] for moment in told)


def test_who_said_it_and_who_had_it_first(home: Path) -> None:
    (hit,) = run(home, "search", "--speaker", "Ms Vell", "--said", "offer", "--to", "2024-03-10")
    assert hit["id"] == "a01" and "for an offer" in hit["sentences"][0]["text"]
    (told,) = run(home, "first", "q=strike&from=2024-03-04&to=2024-03-20")
    assert told["sure"] and told["reports"][0]["article_id"] == "a01"


def test_a_search_that_somebody_sent_is_run_as_it_is(home: Path) -> None:
    """A link from a colleague's browser answers in a terminal as it does there, and can be narrowed."""
    sent = "http://127.0.0.1:8321/?q=strike&publisher=Lindhaven+Courier&sort=oldest"
    assert [hit["id"] for hit in run(home, "search", sent)] == ["a01", "a05", "a08"]
    assert [hit["id"] for hit in run(home, "search", sent, "--from", "2024-03-19")] == ["a08"]
    (vell, *_) = run(home, "publishers", "entity=Ada Vell")
    assert (vell["publisher"], vell["articles"]) == ("Lindhaven Courier", 4)
    assert [(one["key"], one["count"]) for one in vell["periods"]] == [("2024-01-01", 1), ("2024-03-01", 3)]


def test_what_came_in_is_counted_by_source_and_run(home: Path) -> None:
    (covered,) = run(home, "coverage", "source=feed:nordblatt")
    assert (covered["expected"], covered["fetched"], covered["gone"], covered["failed"]) == (3, 1, 1, 1)
    health = {one["source"]: one["health"] for one in run(home, "health")}
    assert health["feed:nordblatt"] == "failing" and health["feed:le-quai"] == "new"
    (last,) = run(home, "runs")
    assert last["links"] == 17 and last["pending"] == 1


def test_a_correction_by_command(home: Path) -> None:
    (made,) = run(home, "correct", "set", "a05", "section", "Ports", "--who", "mira")
    assert made["articles"] == 1
    assert [hit["id"] for hit in run(home, "search", "--section", "Ports")] == ["a05"]
    (listed,) = run(home, "correct", "list")
    assert (listed["who"], listed["value"]) == ("mira", "Ports")
    run(home, "correct", "undo", str(made["number"]), "--who", "jo")
    assert run(home, "search", "--section", "Ports") == []
    assert [entry["what"] for entry in run(home, "correct", "log")] == ["undo", "correct"]


DOCS = Path(__file__).resolve().parents[1] / "docs" / "searching.md"
COMMANDS = re.findall(r"^\$ dateline (.*)$", DOCS.read_text("utf-8"), re.M)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_of_the_page_on_searching_runs(home: Path, command: str) -> None:
    """Somebody follows docs/searching.md and it does not do what it says."""
    environment = {"DATELINE_HOME": str(home), "DATELINE_STORE": "embedded", "DATELINE_JOURNAL": None}
    done = CliRunner().invoke(app, shlex.split(command), env=environment, catch_exceptions=False)
    assert done.exit_code == 0 and (done.stdout or "EU" in command or "sanctions" in command)
