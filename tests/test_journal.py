"""The journal: N links in, N outcomes out, whatever is killed in between, on both databases."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from journal_samples import done, link
from postgres import Server

from dateline.corrections.model import Correction
from dateline.journal import Journal, JournalError, JournalUnavailable, Result
from dateline.models import Link, Outcome

NOW = dt.datetime.now(dt.UTC)


def test_every_link_has_its_outcome(journal: Journal) -> None:
    given = [link(number) for number in range(1200)]
    run = journal.begin_run("ingest", {"paths": ["a.txt"]})
    assert journal.expect(run, given) == given
    assert journal.pending(run) == given  # as the source gave them, items and all
    with pytest.raises(JournalError, match="1200 links in, 0 outcomes out"):
        journal.end_run(run)
    assert journal.record(run, [done(number) for number in range(1199)]) == 1199
    assert journal.pending(run) == given[-1:]
    assert journal.unfinished_runs()[0].run_id == run
    journal.record(run, [done(1199, Outcome.BLOCKED, reason="robots")])
    summary = journal.end_run(run)
    assert summary.links == 1200
    assert summary.outcomes == {"indexed": 1199, "blocked": 1}
    assert summary.reasons["blocked", "robots"] == 1
    assert summary.sources == {"digest:a.txt": Counter(indexed=1199, blocked=1)}
    assert journal.unfinished_runs() == []
    last = journal.last_run()
    assert last is not None and last.parameters == {"paths": ["a.txt"]} and last.ended is not None


def test_a_retried_task_adds_and_changes_nothing(journal: Journal) -> None:
    """A task that died after its work says the same again: no row twice, the first outcome stands."""
    run = journal.begin_run("ingest")
    given = [link(1), link(2), link(3)]
    journal.expect(run, given)
    journal.record(run, [done(1)])
    assert journal.expect(run, given) == given[1:]
    assert journal.record(run, [done(1, Outcome.UNCHANGED), done(2)]) == 1
    journal.record(run, [done(3)])
    assert journal.end_run(run).outcomes == {"indexed": 3}


def test_a_link_at_two_places_counts_twice(journal: Journal) -> None:
    """An item that stands in two digests, or twice in one list, is worked on once, and counted twice."""
    run = journal.begin_run("ingest")
    twice = Link(link_id="id9", url="https://site.test/9", source="list:urls.txt")
    given = [link(1), link(1, "digest:b.txt"), link(2), twice, twice]
    assert journal.expect(run, given) == [given[0], given[2], twice]
    assert journal.expect(run, given) == [given[0], given[2], twice]
    journal.record(run, [done(1), done(2), done(9)])
    summary = journal.end_run(run)
    assert summary.links == 5 and summary.outcomes == {"indexed": 3, "duplicate": 2}
    assert summary.sources["digest:b.txt"] == {"duplicate": 1}


def test_an_unexpected_link_is_said(journal: Journal) -> None:
    run = journal.begin_run("ingest")
    journal.expect(run, [link(1)])
    with pytest.raises(JournalError, match="does not expect id7"):
        journal.record(run, [done(1), done(7)])
    assert journal.pending(run) == [link(1)]  # all or nothing
    with pytest.raises(JournalError, match="no run"):
        journal.check("nothing")


def test_another_attempt_is_another_row(journal: Journal) -> None:
    run = journal.begin_run("ingest")
    journal.expect(run, [link(1), link(2)])
    journal.record(run, [done(1, Outcome.FAILED, reason="timeout"), done(2)])
    assert journal.retry(run, ["id1"]) == 1
    assert journal.retry(run, ["id1"]) == 0  # it is open already
    assert journal.pending(run) == [link(1)]
    journal.record(run, [done(1)])
    assert journal.end_run(run).outcomes == {"indexed": 2}
    rows = journal.rows()
    assert [(row["link_id"], row["attempt"], row["outcome"], row["reason"]) for row in rows] == [
        ("id1", 1, "failed", "timeout"),
        ("id2", 1, "indexed", ""),
        ("id1", 2, "indexed", ""),
    ]


def test_a_page_fetched_before_the_crash_is_not_fetched_again(journal: Journal) -> None:
    """Between fetch and outcome the journal knows where the page lies, and the outcome keeps it."""
    run = journal.begin_run("ingest")
    journal.expect(run, [link(1), link(2)])
    journal.note_archived(run, {"id1": "f.warc.gz:0:r"})
    assert journal.archived(run, ["id1", "id2"]) == {"id1": "f.warc.gz:0:r"}
    journal.record(run, [done(1), done(2, archive="g:1:s")])
    assert [row["archive"] for row in journal.rows()] == ["f.warc.gz:0:r", "g:1:s"]
    assert journal.known(["id1"])["id1"].archive == "f.warc.gz:0:r"
    assert journal.archived(run, ["id1"]) == {}


def test_the_next_run_knows_the_last_one(journal: Journal) -> None:
    """Without it, every run would fetch and parse everything again."""
    began = dt.datetime.now(dt.UTC)
    first = journal.begin_run("ingest")
    journal.expect(first, [link(1)])
    journal.record(
        first, [done(1, article_id="a1", content_hash="h", etag='"e"', last_modified="m", archive="f:0:r")]
    )
    second = journal.begin_run("ingest")
    journal.expect(second, [link(1)])
    journal.record(second, [done(1, Outcome.FAILED, reason="timeout")])
    known = journal.known(["id1", "id2"])
    assert set(known) == {"id1"}
    assert (known["id1"].outcome, known["id1"].reason) == (Outcome.FAILED, "timeout")
    assert (known["id1"].content_hash, known["id1"].etag, known["id1"].article_id) == ("h", '"e"', "a1")
    assert known["id1"].last_run == second
    ended = known["id1"].last_ended
    assert ended is not None and ended.tzinfo is not None and began <= ended <= dt.datetime.now(dt.UTC)
    assert journal.links(["id1"]) == {"id1": [link(1)]}  # once, though two runs saw it


def test_rows_are_found_by_what_a_person_knows(journal: Journal) -> None:
    assert journal.rows() == []
    first = journal.begin_run("ingest")
    journal.expect(first, [link(1), link(2), link(3, "feed:100%_b")])
    journal.record(first, [done(2, Outcome.GONE, reason="http-404")])
    assert [row["link_id"] for row in journal.rows(outcome="gone")] == ["id2"]
    assert [row["link_id"] for row in journal.rows(outcome="pending")] == ["id1", "id3"]
    assert [row["link_id"] for row in journal.rows(url="site.test/3")] == ["id3"]
    assert [row["link_id"] for row in journal.rows(source="100%_")] == ["id3"]
    assert journal.rows(source="%igest") == []  # a person's text is no pattern
    assert len(journal.rows(limit=2)) == 2
    second = journal.begin_run("ingest")
    journal.expect(second, [link(2)])
    assert [row["run_id"] for row in journal.rows()] == [second]
    assert [row["run_id"] for row in journal.rows(link_id="id2")] == [first, second]
    assert journal.rows(run_id=first)[1]["title"] == "Title 2"


def test_coverage_says_what_a_search_could_not_see(journal: Journal) -> None:
    run = journal.begin_run("ingest")
    journal.expect(run, [link(number) for number in range(6)] + [link(9, "feed:b")])
    outcomes = [Outcome.INDEXED, Outcome.BLOCKED, Outcome.PAYWALLED, Outcome.FAILED, Outcome.GONE]
    journal.record(run, [done(number, outcome) for number, outcome in enumerate(outcomes)])
    one, silent = journal.coverage(["digest:a.txt", "feed:silent"], NOW - dt.timedelta(hours=1))
    assert (one.expected, one.fetched, one.blocked, one.paywalled, one.failed, one.gone, one.pending) == (
        6, 1, 1, 1, 1, 1, 1,
    )  # fmt: skip
    assert silent.expected == 0
    assert [entry.source for entry in journal.coverage()] == ["digest:a.txt", "feed:b"]
    assert journal.coverage(end=NOW - dt.timedelta(hours=1)) == []


def test_a_strangers_text_stops_no_run(journal: Journal) -> None:
    """NUL, a lone surrogate, and 10,000 characters of reason."""
    run = journal.begin_run("ingest")
    bad = link(1, source="digest:\x00bad\ud800.txt")
    assert bad.item is not None
    bad.item.title = "NUL \x00 and \udfff surrogate"
    journal.expect(run, [bad])
    assert len(journal.expect(run, [bad])) == 1
    journal.record(run, [done(1, reason="\x00" + "x" * 10_000)])
    assert len(journal.rows()[0]["reason"]) == 2000
    assert journal.end_run(run).links == 1


def test_dead_letters_wait_and_go(journal: Journal) -> None:
    number = journal.bury("a1", {"title": "x", "n": 1}, "mapper_parsing_exception", "no such field", "run1")
    journal.bury("a2", {"title": "y"}, "too_large", "50 MB")
    letters = journal.dead_letters()
    assert [letter.document_id for letter in letters] == ["a1", "a2"]
    assert letters[0].document == {"title": "x", "n": 1} and letters[0].run_id == "run1"
    journal.dead_letter_replayed(number)
    assert [letter.document_id for letter in journal.dead_letters()] == ["a2"]
    assert len(journal.dead_letters(replayed=True)) == 2


def test_a_dead_runs_links_are_taken_up(journal: Journal) -> None:
    run = journal.begin_run("ingest")
    journal.expect(run, [link(1), link(2)])
    journal.record(run, [done(1)])
    child = subprocess.Popen(["true"])
    child.wait()
    with journal._engine.begin() as connection:
        import socket

        owner = f"{socket.gethostname()[:90]}:{child.pid}"
        connection.execute(sa.text("UPDATE runs SET owner = :owner"), {"owner": owner})
    (left,) = journal.unfinished_runs("ingest")
    assert left.run_id == run and not left.alive
    journal.resume_run(run)
    assert journal.unfinished_runs()[0].alive
    assert journal.pending(run) == [link(2)]


def test_an_unknown_schema_is_said(journal_url: str) -> None:
    with Journal(journal_url) as journal, journal._engine.begin() as connection:
        connection.execute(sa.text("UPDATE dateline_schema SET version = 99"))
    with pytest.raises(JournalError, match=r"schema 99.*upgrade"):
        Journal(journal_url)


@pytest.mark.parametrize(
    "wrong",
    ["nonsense", "postgresql://u:secretword@127.0.0.1:1/x", "sqlite:////proc/none/journal.sqlite"],
)
def test_a_journal_that_cannot_be_had_is_one_line_without_password(wrong: str) -> None:
    with pytest.raises(JournalError) as caught:
        Journal(wrong)
    assert "secretword" not in str(caught.value) and "\n" not in str(caught.value)


def forked(work: Callable[[], None]) -> multiprocessing.process.BaseProcess:
    """A child that has everything imported already, so that it can be killed at work and not at import."""
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    return child


def torture(url: str) -> None:
    """One process of a run over 600 links that is killed again and again."""
    with Journal(url) as journal:
        left = [run for run in journal.unfinished_runs("torture") if not run.alive]
        if left:
            journal.resume_run(left[0].run_id)
        run_id = left[0].run_id if left else journal.begin_run("torture")
        todo = journal.expect(run_id, [link(number) for number in range(600)])
        for start in range(0, len(todo), 5):
            journal.record(run_id, [done(int(each.link_id[2:])) for each in todo[start : start + 5]])
        journal.end_run(run_id)


def test_kill_9_at_any_time_loses_no_link(journal_url: str) -> None:
    """A killed run is taken up where it stood; at the end every link has one outcome, in one run."""
    Journal(journal_url).close()
    for pause in (0.01, 0.05, 0.1, 0.15, 0.2, 0.3):
        child = forked(lambda: torture(journal_url))
        time.sleep(pause)
        child.kill()
        child.join()
    while True:
        child = forked(lambda: torture(journal_url))
        child.join()
        assert child.exitcode == 0
        with Journal(journal_url) as journal:
            if not journal.unfinished_runs():
                break
    with Journal(journal_url) as journal:
        last = journal.last_run()
        assert last is not None
        assert journal.summary(last.run_id).outcomes == {"indexed": 600}
        with journal._engine.connect() as connection:
            runs = connection.scalars(sa.text("SELECT run_id FROM runs")).all()
        assert all(journal.summary(run).outcomes == {"indexed": 600} for run in runs)


def test_postgresql_gone_and_back(postgres_server: Server) -> None:
    """While it is away there is one clear line; once it is back the same journal goes on."""
    with Journal(postgres_server.url()) as journal:
        run = journal.begin_run("ingest")
        journal.expect(run, [link(1)])
        postgres_server.kill()
        with pytest.raises(JournalUnavailable):
            journal.record(run, [done(1)])
        postgres_server.start()
        assert journal.record(run, [done(1)]) == 1
        assert journal.end_run(run).links == 1


def test_two_processes_start_and_write_at_once(journal_url: str) -> None:
    """Two workers on one empty journal: neither fails, and both see all rows."""

    def work() -> None:
        with Journal(journal_url) as journal:
            run = journal.begin_run("ingest")
            for number in range(30):
                journal.expect(run, [link(number)])
                journal.record(run, [done(number)])
            assert journal.end_run(run).links == 30

    workers = [forked(work) for _ in range(2)]
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    with Journal(journal_url) as journal:
        assert len(journal.known([f"id{number}" for number in range(30)])) == 30
        assert len(journal.rows(link_id="id3")) == 2


def test_sqlite_survives_a_full_disk(tmp_path: Path) -> None:
    """A write that does not fit is one clear line; nothing before it is lost, and it heals."""
    given = [link(number) for number in range(2000)]

    def work() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        journal = Journal(f"sqlite:///{tmp_path / 'j.sqlite'}")
        run = journal.begin_run("ingest")
        journal.expect(run, given[:1])
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))  # as a full disk
        with pytest.raises(JournalError, match=r"j\.sqlite"):
            journal.expect(run, given)
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert journal.pending(run) == given[:1]
        journal.expect(run, given)
        journal.record(run, [done(number) for number in range(2000)])
        assert journal.end_run(run).links == 2000

    child = forked(work)
    child.join(60)
    assert child.exitcode == 0


def test_searching_does_not_load_the_journal() -> None:
    """SQLAlchemy takes a second to import: a search must not wait for it."""
    program = "import sys, dateline.models, dateline.query, dateline.stores.base\n"
    program += "print('sqlalchemy' in sys.modules)"
    env = os.environ | {"PYTHONPATH": ""}
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=env)
    assert out.stdout.strip() == "False", out.stderr


def test_corrections_and_the_log_keep_their_order_and_their_authors(journal: Journal) -> None:
    """What a person corrected must be found again, in either database, whoever asks."""
    asked = Correction(
        kind="merge", entity_id="person/a", into="person/b", who="M\x00ira \ud800", names=["A"]
    )
    first = journal.correct(asked)
    second = journal.correct(
        Correction(kind="set", article_id="a1", field="title", value="T" * 900, who="jo", note="ü")
    )
    assert (first.number, second.number) == (1, 2)
    assert first.who == "Mira ?" and first.at is not None and first.at.tzinfo is not None
    assert journal.corrections() == [second, first]
    assert journal.corrections(entity_id="person/b") == [first]
    assert journal.corrections(article_id="a1", limit=1) == [second]
    assert journal.corrections(applied=False) == [second, first]
    before = journal.corrections_stamp()
    journal.correction_applied(1)
    assert [one.number for one in journal.corrections(applied=False)] == [2]
    undone = journal.undo_correction(1, "jo")
    assert undone.undone is not None and undone.undone_by == "jo" and undone.applied is None
    assert journal.corrections(active=True) == [second]
    assert journal.corrections_stamp() != before
    with pytest.raises(JournalError, match="undone before, by jo"):
        journal.undo_correction(1, "jo")
    with pytest.raises(JournalError, match="no correction 7"):
        journal.undo_correction(7, "jo")
    journal.log("hostile", "key", "reader", {"scopes": ["read"]})
    said = [(entry.who, entry.what, entry.subject) for entry in journal.audit()]
    assert said[:2] == [("hostile", "key", "reader"), ("jo", "undo", "person/a")]
    assert [entry.what for entry in journal.audit(subject="a1")] == ["correct"]
    assert [run for run, _ in journal.latest_runs()] == []


def test_a_file_read_in_part_is_gone_on_with(journal: Journal) -> None:
    """A WARC of a gigabyte must not begin anew because a machine was switched off."""
    run = journal.begin_run("import", {"path": "/a.warc.gz", "size": 7})
    assert journal.position(run, "/a.warc.gz") == (0, None)
    journal.note_position(run, "/a.warc.gz", 100, 5_000_000_000)  # beyond 32 bits
    journal.note_position(run, "/b.warc.gz", 3, None)
    journal.note_position(run, "/a.warc.gz", 200, 6_000_000_000)
    assert journal.position(run, "/a.warc.gz") == (200, 6_000_000_000)
    assert journal.position(run, "/b.warc.gz") == (3, None)
    assert journal.imported() == {}
    journal.end_run(run)
    assert journal.imported() == {"/a.warc.gz": 7}


def test_each_capture_of_an_address_has_a_row(journal: Journal) -> None:
    """Also where a file is read in several pieces: N records in, N outcomes out."""
    run = journal.begin_run("import", {})
    captures = [
        Link(link_id="x", url="https://a.example/x", source="warc:a", hints={"record": str(n)})
        for n in range(3)
    ]
    assert journal.expect(run, captures[:1]) == captures[:1]
    assert journal.expect(run, captures[1:]) == []
    assert journal.summary(run).links == 3 and journal.summary(run).outcomes["duplicate"] == 2


def test_a_replay_reads_what_became_of_links_and_notes_what_it_made(journal: Journal) -> None:
    """What it can't find in the journal it can't bring back."""
    first, second = link(1), link(2, source="feed:b")
    run = journal.begin_run("ingest")
    journal.expect(run, [first, second])
    journal.record(
        run,
        [
            Result(link_id=first.link_id, outcome=Outcome.INDEXED, archive="w:1:x", article_id="one"),
            Result(link_id=second.link_id, outcome=Outcome.DIGEST_ONLY, reason="http-404", article_id="one"),
        ],
    )
    journal.end_run(run)
    again = journal.begin_run("ingest")
    journal.expect(again, [first])
    journal.record(again, [Result(link_id=first.link_id, outcome=Outcome.GONE, reason="http-410")])
    journal.end_run(again)
    both = sorted([first.link_id, second.link_id])
    assert journal.replayable() == both
    assert journal.replayable(source="feed:b") == both, "with all that lead to the same article"
    assert journal.replayable(since=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)) == []
    assert sorted(journal.links_of(["one"])) == both and journal.links_of([]) == []
    past, other = journal.pasts([first.link_id, second.link_id])
    assert (past.pages, past.gone, past.article_id) == (["w:1:x"], "http-410", "one")
    assert (other.pages, other.outcome, other.reason) == ([], Outcome.DIGEST_ONLY, "http-404")
    replay = journal.begin_run("replay")
    row = {"outcome": "indexed", "reason": "", "article_id": "two", "archive": "w:1:x"}
    for _ in range(2):  # a task that runs again
        journal.note_replayed(replay, [{"link_id": id, **row} for id in both])
    assert journal.replayed(replay) == {"indexed": 2} and journal.replayed_links(replay) == set(both)
    assert journal.replayed_articles(replay) == {"two"} and journal.left_by(replay) == {"one"}
    assert journal.not_kept() == set()
    journal.adopt_replayed(replay)
    assert {known.article_id for known in journal.known(both).values()} == {"two"}
    journal.end_run(replay)
    last = journal.last_run()
    assert last is not None and last.run_id == again, "a replay takes no links through"
