"""The frontier: each URL once, each host in turn. If these fail, publishers are asked too often, two
runs fetch the same page, or a link is forgotten.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import multiprocessing
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from multiprocessing.synchronize import Event as EventType
from pathlib import Path

import pytest

from dateline import clock
from dateline.crawl.revisits import LADDER, after, first_step
from dateline.fetch.hosts import Hosts
from dateline.journal import Journal
from dateline.journal.frontier import Visit
from dateline.journal.polls import Listing, Reading
from dateline.journal.turns import new_holder
from dateline.models import Link, Outcome
from dateline.turn import Turn
from dateline.urls import article_id


@pytest.fixture
def wound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "clock"
    clock.wind(folder, 0.0)
    monkeypatch.setenv("DATELINE_CLOCK", str(folder))
    yield folder


def link(url: str) -> Link:
    return Link(link_id=article_id(url), url=url, source="feed:a")


def _take(url: str, hosts: list[str], taken: multiprocessing.Queue[set[str]], end: EventType) -> None:
    with Journal(url) as journal:
        turns = journal.take_turns(hosts, new_holder(), 60)
        taken.put({host for host, turn in turns.items() if turn.mine})
        end.wait(60)  # lives until it is told to end: its turns are not a dead one's


def test_two_processes_never_hold_one_host(journal_url: str) -> None:
    Journal(journal_url).close()
    hosts = [f"h{number}.test" for number in range(40)]
    context = multiprocessing.get_context("spawn")
    queue, end = context.Queue(), context.Event()
    workers = [context.Process(target=_take, args=(journal_url, hosts, queue, end)) for _ in range(3)]
    for worker in workers:
        worker.start()
    taken = [queue.get(timeout=60) for _ in workers]
    assert sum(map(len, taken)) == len(hosts) == len(set().union(*taken))
    with Journal(journal_url) as journal:
        assert not any(turn.mine for turn in journal.take_turns(hosts, new_holder(), 60).values())
    end.set()
    for worker in workers:
        worker.join(30)
    # they ended without letting go, as one that is killed does: their hosts are free, after a delay
    with Journal(journal_url) as journal:
        before = clock.now()
        freed = journal.take_turns(hosts, new_holder(), 60, delay=5.0)
        assert all(turn.mine for turn in freed.values())
        assert all(turn.next_at and (turn.next_at - before).total_seconds() > 4 for turn in freed.values())


def test_a_host_that_is_taken_while_it_is_given_back_is_held(journal: Journal) -> None:
    """Else two processes ask one host at once, each of them sure that it holds it."""
    holder, giving = new_holder(), threading.Event()

    class Slow:
        def take(self, hosts: Iterable[str], seconds: float) -> dict[str, Turn]:
            return journal.take_turns(hosts, holder, seconds)

        def give(self, turns: Iterable[Turn]) -> None:
            giving.set()
            time.sleep(0.2)  # as a busy database
            journal.give_turns(turns, holder)

    async def both() -> None:
        hosts = Hosts(0.0, 1, ledger=Slow())
        await hosts.hold(["h.test"])
        leaving = asyncio.create_task(hosts.let_go())
        await asyncio.to_thread(giving.wait, 30)
        await hosts.hold(["h.test"])
        await leaving

    asyncio.run(both())
    assert not journal.take_turns(["h.test"], new_holder(), 60)["h.test"].mine


def test_a_turn_ends_by_itself_and_what_was_learnt_of_the_host_stays(journal: Journal, wound: Path) -> None:
    one, other = "aaaa@elsewhere:1", "bbbb@elsewhere:2"
    assert journal.take_turns(["a.test"], one, 60)["a.test"].mine
    assert not journal.take_turns(["a.test"], other, 60)["a.test"].mine
    clock.wind(wound, 61)
    late = journal.take_turns(["a.test"], other, 60, delay=3.0)["a.test"]
    assert late.mine and late.next_at is not None and late.next_at > clock.now()
    late.rest_until, late.failures = clock.now() + dt.timedelta(hours=2), 4
    journal.give_turns([late], one)  # who lost it has nothing to say any more
    assert journal.turns()[0].failures == 0
    journal.give_turns([late], other)
    assert [turn.host for turn in journal.turns(resting=True)] == ["a.test"]
    again = journal.take_turns(["a.test"], one, 60)["a.test"]
    assert again.mine and again.failures == 4 and again.rest_until == late.rest_until
    assert journal.wake("a.test") and journal.turns(resting=True) == []


def test_each_url_once_whatever_its_variants(journal: Journal) -> None:
    variants = [
        "https://site.test/world/talks",
        "http://www.site.test/world/talks?utm_source=feed",
        "https://site.test/world/talks/amp",
        "https://site.test/world/talks?print=1",
    ]
    assert len(journal.add_links(link(url) for url in variants)) == 1
    assert journal.add_links([link(variants[1])]) == []
    assert journal.due_hosts() == {"site.test": 1}


def test_an_edit_that_a_feed_announces_is_looked_at_at_once(journal: Journal, wound: Path) -> None:
    """Within minutes, at no request more than the visit; who always says so is soon believed no more."""
    links = [link(f"https://site.test/{number}") for number in range(6)]
    first = links[0].link_id
    ids = {one.link_id for one in links}
    journal.add_links(links)

    def visited(edited: bool = False) -> None:
        due = journal.are_due(ids)
        journal.visited(
            secrets.token_hex(4), [Visit(link_id=i, outcome=Outcome.UPDATED, edited=edited) for i in due]
        )

    visited()
    assert journal.hasten(dict.fromkeys(ids, clock.now() - dt.timedelta(minutes=1))) == []
    ahead = 0.0
    for turn, due in enumerate([True, True, False, False]):  # nothing is found: twice, and no more
        ahead += 100
        clock.wind(wound, ahead)
        said = {**dict.fromkeys(ids, clock.now() - dt.timedelta(days=1)), first: clock.now()}
        assert journal.hasten(said) == [first] * due, turn
        assert journal.are_due(ids) == {first} & (ids if due else set())
        assert journal.hasten(said) == [], "what was said before is no news"
        visited()
    clock.wind(wound, ahead := ahead + 5 * 3600)
    visited(edited=True)  # its own turn finds an edit
    clock.wind(wound, ahead + 100)
    assert journal.hasten(dict.fromkeys(ids, clock.now())) == [], "a listing that was made anew is no edit"
    assert journal.hasten({**said, first: clock.now() + dt.timedelta(days=300)}) == [], "nor is the future"
    assert journal.hasten({**said, first: clock.now()}) == [first]


def test_a_link_comes_back_after_minutes_hours_and_days(journal: Journal, wound: Path) -> None:
    one = link("https://site.test/a")
    journal.add_links([one])
    ahead, gaps = 0.0, []
    for number in range(5):
        assert [due.link_id for due in journal.due_links({"site.test": 5})] == [one.link_id]
        outcome = Outcome.UNCHANGED if number else Outcome.INDEXED
        visit = Visit(link_id=one.link_id, outcome=outcome, edited=number == 2, article_id=one.link_id)
        for _ in range(2):  # a retried task says it twice
            journal.visited(f"run{number}", [visit])
        row = journal.frontier_row(one.link_id)
        assert row is not None and row["visits"] == number + 1
        assert journal.due_links({"site.test": 5}) == []
        gap = (row["next_visit"] - row["last_visit"]).total_seconds()
        gaps.append(gap)
        ahead += gap + 1
        clock.wind(wound, ahead)
    assert gaps == [900, 3600, 3600, 4 * 3600, 24 * 3600], "after an edit the same time again"


def test_links_that_lead_to_one_article_are_visited_once(journal: Journal, wound: Path) -> None:
    old, new = link("https://site.test/old"), link("https://site.test/new")
    journal.add_links([old, new])
    for number, one in enumerate((old, new)):
        journal.visited(
            f"run{number}",
            [Visit(link_id=one.link_id, outcome=Outcome.INDEXED, article_id=new.link_id, final_url=new.url)],
        )
    clock.wind(wound, 3600)
    assert [due.link_id for due in journal.due_links({"site.test": 9})] == [new.link_id]


def test_a_host_that_is_down_is_asked_once_and_not_by_each_of_its_links(journal: Journal) -> None:
    journal.add_links(link(f"https://site.test/{number}") for number in range(9))
    turn = journal.take_turns(["site.test"], "me@elsewhere:1", 60)["site.test"]
    turn.failures, turn.down_since = 2, clock.now()
    journal.give_turns([turn], "me@elsewhere:1")
    assert len(journal.due_links({"site.test": 9})) == 1
    turn.rest_until = clock.now() + dt.timedelta(hours=1)
    journal.take_turns(["site.test"], "me@elsewhere:1", 60)
    journal.give_turns([turn], "me@elsewhere:1")
    assert journal.due_hosts() == {} and journal.next_due() == turn.rest_until


@pytest.mark.parametrize("reason", ["timeout: no answer", "refused: no connection", "http-503", "tls: bad"])
def test_what_fails_is_asked_ever_more_rarely_and_never_given_up(reason: str) -> None:
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    failures, gaps = 0, []
    for _ in range(40):
        step = after(Outcome.FAILED, reason, now, failures=failures)
        assert step.at is not None and step.state == "waiting"
        gaps.append(step.at - now)
        failures = step.failures
    assert gaps == sorted(gaps) and gaps[0] <= dt.timedelta(minutes=15) and gaps[-1] <= dt.timedelta(days=10)


def test_an_old_page_does_not_begin_with_minutes() -> None:
    assert first_step(None) == first_step(dt.timedelta(minutes=30)) == 0
    assert LADDER[first_step(dt.timedelta(days=365))] >= dt.timedelta(days=90)


def test_a_poll_is_given_to_one_asker_and_its_interval_follows_the_last(
    journal: Journal, wound: Path
) -> None:
    floors = {"a": dt.timedelta(minutes=10)}
    first = journal.claim_polls(floors)
    assert [due.source for due in first] == ["a"] and journal.claim_polls(floors) == []
    reading = Reading(source="a", start=first[0].start, end=first[0].end, outcome="read", links=3, new=2,
                      archives=[("https://a.test/feed", "x.warc.gz:0:id")])  # fmt: skip
    journal.note_reading(reading, "run", clock.now() + dt.timedelta(minutes=10), floors["a"])
    clock.wind(wound, 3 * 3600)
    second = journal.claim_polls(floors)[0]
    assert second.start == first[0].end and second.missed
    failed = Reading(source="a", start=second.start, end=second.end, outcome="failed", reason="timeout")
    journal.note_reading(failed, "run", clock.now(), floors["a"])
    third = journal.claim_polls(floors)[0]
    assert third.start == first[0].end and third.failures == 1, "a failed poll covers nothing"
    assert [each.outcome for each in journal.readings("a")] == ["read", "failed"]
    assert journal.readings("a")[0].archives == [("https://a.test/feed", "x.warc.gz:0:id")]


def test_what_is_known_of_a_listing(journal: Journal) -> None:
    one = Listing(url="https://a.test/feed", source="a", etag='"1"', read_at=clock.now())
    journal.keep_listings([one])
    one.etag, one.same = '"2"', 3
    journal.keep_listings([one])
    assert journal.listings_of(["https://a.test/feed", "https://b.test/"]) == {"https://a.test/feed": one}


def test_a_rehearsals_clock_moves_only_when_all_who_joined_wait(tmp_path: Path) -> None:
    folder = tmp_path / "clock"
    clock.wind(folder, 0.0)
    code = (
        "import sys, datetime as dt\nfrom dateline import clock\n"
        "start = dt.datetime.fromisoformat(sys.argv[1])\n"
        "with clock.joined():\n"
        "    for hour in range(1, 25):\n"
        "        clock.wait_until(start + dt.timedelta(hours=hour * int(sys.argv[2])))\n"
        "print((clock.now() - start).total_seconds() / 3600)\n"
    )
    start = clock.now()
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", code, start.isoformat(), step],
            env=os.environ | {"DATELINE_CLOCK": str(folder)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for step in ("1", "2")
    ]
    hours = [float(worker.communicate(timeout=60)[0]) for worker in workers]
    assert 24 <= hours[0] < 49 and 48 <= hours[1] < 49
