"""The commands that watch the web: crawl, deploy, trace, metrics."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any

import typer

from dateline.cli.output import BOLD, DIM, UserError, emit, paint, plain, say, wants_json


def crawl(
    source: Annotated[str | None, typer.Option(help="Only this source of sources.toml.")] = None,
    once: Annotated[bool, typer.Option("--once", help="One pass (the default without --until).")] = False,
    until: Annotated[
        str | None, typer.Option(help="Go on until then, 2026-01-08T00:00+00:00; 'forever' never ends.")
    ] = None,
    from_: Annotated[str | None, typer.Option("--from", help="Backfill: from this day, 2021-03-22.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Backfill: to this day.")] = None,
    shard: Annotated[str, typer.Option(help="Which share of the hosts, 1/4 to 4/4.")] = "1/1",
    every: Annotated[float, typer.Option(help="Seconds between two passes, at least.")] = 60.0,
    sources: Annotated[str | None, typer.Option(help="Another sources.toml.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The outcomes as JSON lines.")] = False,
) -> None:
    """Ask the sources that are due, fetch what is new, visit again what may have changed."""
    if once and until:
        raise UserError("--once and --until contradict each other")
    command = [sys.executable, "-m", "flows.crawl_command", "--shard", shard, "--every", str(every)]
    for name, value in (
        ("--source", source),
        ("--since", _day(from_, "--from")),
        ("--until-day", _day(to, "--to")),
        ("--until", _moment(until)),
        ("--sources", sources),
    ):
        command += [name, value] if value else []
    # Imports point one way, flows → tasks → dateline: so the flow is another program, started here.
    sys.stdout.flush()
    os.execv(sys.executable, command + ["--json"] * json)  # noqa: S606 - no shell: arguments go as they are


def deploy(
    pool: Annotated[str, typer.Option(help="The work pool; made (process) where it is missing.")] = "local",
    shards: Annotated[int, typer.Option(help="How many crawl flows share the hosts.", min=1, max=64)] = 1,
    notify: Annotated[
        str | None,
        typer.Option(help="Where a person is told: a webhook's URL, or a block of Prefect's as TYPE/NAME."),
    ] = None,
    sources: Annotated[str | None, typer.Option(help="Another sources.toml.")] = None,
    paused: Annotated[bool, typer.Option("--paused", help="Schedules begin when a person says so.")] = False,
) -> None:
    """Make Prefect deployments with schedules from sources.toml, and the automations that tell a person."""
    command = [sys.executable, "-m", "flows.deploy_command", "--pool", pool, "--shards", str(shards)]
    for name, value in (("--notify", notify), ("--sources", sources)):
        command += [name, value] if value else []
    sys.stdout.flush()
    os.execv(sys.executable, command + ["--paused"] * paused)  # noqa: S606 - no shell


def metrics() -> None:
    """Print what a monitoring system scrapes, in OpenMetrics form."""
    from dateline import settings
    from dateline.journal import Journal
    from dateline.watch.metrics import open_metrics

    with Journal(settings.load().journal_url) as journal:
        sys.stdout.write(open_metrics(journal))


def _day(text: str | None, option: str) -> str | None:
    import datetime as dt

    try:
        return dt.date.fromisoformat(text).isoformat() if text else None
    except ValueError:
        raise UserError(f"{option} {text!r}: write a day, 2021-03-22") from None


def _moment(text: str | None) -> str | None:
    import datetime as dt

    if text == "forever":
        return "9999-12-31T00:00:00+00:00"
    try:
        moment = dt.datetime.fromisoformat(text) if text else None
    except ValueError:
        raise UserError(f"--until {text!r}: write a time, 2026-01-08T00:00, or 'forever'") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).isoformat() if moment else None


def trace(
    url: Annotated[str, typer.Argument(metavar="URL", help="A link's address, or its id in the journal.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON object, also on a terminal.")] = False,
) -> None:
    """Show one URL through every step: who named it, each visit, the archive, the article, its versions."""
    from dateline import settings
    from dateline.watch.trace import trace_of

    found = trace_of(settings.load(), url)
    if found is None:
        raise UserError(f"{url}: never seen; sources are polled by `dateline crawl`")
    if wants_json(json):
        emit(found)
        return
    for step in found["steps"]:
        at = f"{step['at']:%Y-%m-%d %H:%M:%S}" if step.get("at") else " " * 19
        say(f"{paint(at, DIM)}  {paint(step['step'].ljust(10), BOLD)}  {plain(_words(step))}")


def _words(step: dict[str, Any]) -> str:
    facts = {
        key: value for key, value in step.items() if key not in ("at", "step") and value not in (None, "")
    }
    return ", ".join(f"{key} {value}" for key, value in facts.items())
