"""Full disks, read-only disks, half records, a database that goes and comes, a clock that jumps."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
from collections.abc import Callable

from dateline.archive import Archive
from dateline.models import Article, Outcome, Page
from torture.case import CASES, check
from torture.world import World


def a_page(number: int, size: int = 2000) -> Page:
    import random

    url = f"https://a.example/{number}"
    body = random.Random(number).randbytes(size)  # what no gzip makes smaller
    return Page(
        requested_url=url,
        final_url=url,
        status=200,
        headers={},
        body=body,
        fetched_at=dt.datetime.now(dt.UTC),
    )


def _on_a_small_disk(what: str) -> Callable[[World], list[str]]:
    """The case in a process of its own with a disk of 3 MB, which only it sees."""

    def run(world: World) -> list[str]:
        folder = world.folder / f"small-{what}"
        folder.mkdir()
        command = f"mount -t tmpfs -o size=3m none {folder} && exec {sys.executable} -m torture.smalldisk {what} {folder}"
        done = subprocess.run(
            ["unshare", "-rm", "sh", "-c", command], capture_output=True, text=True, timeout=120
        )
        if done.returncode and ("unshare" in done.stderr or "mount" in done.stderr):
            return [f"NOT DONE: this machine gives no disk of one's own ({done.stderr.strip()[:80]})"]
        check(done.returncode == 0, done.stderr.strip()[-500:])
        return done.stdout.strip().splitlines()

    return run


for _what, _sent in (
    ("archive", "pages until the archive's disk is full, then room again"),
    ("journal", "links until the journal's disk is full, then room again"),
    ("store", "articles until the index's disk is full, then room again"),
    ("readonly", "an archive on a disk that becomes read-only, then writable again"),
):
    CASES.add(f"disk/{_what}", _sent, _on_a_small_disk(_what), quick=_what == "archive")


@CASES.case("archive/half-record", "a WARC file whose writer died in mid-record")
def _half(world: World) -> list[str]:
    folder = world.folder / "half"
    child = (
        "import sys, os; from dateline.archive import Archive; from torture.disks import a_page\n"
        "archive = Archive(sys.argv[1])\n"
        "for n in range(5): print(archive.write(a_page(n)), flush=True)\n"
        "archive.flush()\n"
        "archive._file.write(b'\\x1f\\x8b\\x08\\0 half a record')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", child, str(folder)], capture_output=True, text=True, timeout=60
    )
    places = done.stdout.split()
    check(len(places) == 5, done.stderr[-300:])
    archive = Archive(folder)
    archive.write(a_page(9))
    archive.close()
    check(
        [archive.read(place).body for place in places] == [a_page(n).body for n in range(5)], "a page is lost"
    )
    pages = sum(1 for _ in archive.scan())
    check(pages == 6 and not list(folder.glob("*.open")), f"{pages} pages")
    return [
        "the half record is cut off, the file closed; 5 of 5 pages read by their locations",
        "neighbours: the next writer's page is there",
    ]


@CASES.case("journal/gone-and-back", "PostgreSQL killed between two batches, and started again", quick=False)
def _gone(world: World) -> list[str]:
    import shutil
    import tempfile
    from pathlib import Path

    from dateline.journal import Journal, JournalUnavailable
    from tests import postgres
    from tests.journal_samples import done, link

    folder = Path(tempfile.mkdtemp(prefix="dateline-postgres-"))
    folder.chmod(0o755)
    with postgres.running(folder) as server, Journal(server.url("torture")) as journal:
        run = journal.begin_run("torture", {})
        journal.expect(run, [link(n) for n in range(10)])
        journal.record(run, [done(n) for n in range(5)])
        server.kill()
        said = ""
        try:
            journal.record(run, [done(n) for n in range(5, 10)])
        except JournalUnavailable as error:
            said = str(error)
        check(said and "trust" not in said, "nothing was said")
        server.start()
        journal.record(run, [done(n) for n in range(5, 10)])
        summary = journal.end_run(run)
    shutil.rmtree(folder, ignore_errors=True)
    check(summary.links == 10 and summary.pending == 0, str(summary))
    return [
        said[:140],
        "back again, the same batch was recorded: 10 links in, 10 outcomes out",
        "neighbours: 5 of 5 outcomes from before stand",
    ]


@CASES.case(
    "clock/jump", "a page fetched while the clock stood in 2099, then its edit with the clock right again"
)
def _clock(world: World) -> list[str]:
    from dateline.settle import settle
    from dateline.work import Understood

    def understood(text: str, year: int) -> Understood:
        at = dt.datetime(year, 1, 1, tzinfo=dt.UTC) if year != 0 else dt.datetime.now(dt.UTC)
        article = Article(
            article_id="clock", title="T", text=text, fetched_at=at, version=int(at.timestamp() * 1000),
            outcome=Outcome.INDEXED, content_hash=text,
        )  # fmt: skip
        return Understood(link_id="clock", article=article, outcome=Outcome.INDEXED)

    store = world.shop.store
    settle(store, [understood("From the future.", 2099)], {}, set())
    (row,) = settle(store, [understood("Edited today.", 0)], {}, set())
    standing = store.get("clock")
    check(
        standing is not None and standing.text == "Edited today.",
        f"{row.outcome}: {standing and standing.text}",
    )
    time.sleep(0.01)
    (again,) = settle(store, [understood("Edited again.", 0)], {}, set())
    check((store.get("clock") or standing).text == "Edited again.", f"{again.outcome}")
    return [
        f"the edit stands: {row.outcome.value}; the next one too: {again.outcome.value}",
        "neighbours: see the other cases",
    ]
