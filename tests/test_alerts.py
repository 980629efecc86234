"""Saved searches: what matches, what is sent, and that nothing is lost or said twice.

If these fail, a person who waits for a story never hears of it, or is woken three times by one.
"""

from __future__ import annotations

import datetime as dt
import email
import json
import threading
from collections.abc import Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from postgres import free_port
from store_samples import article

from dateline.alerts import deliver as sending
from dateline.alerts.deliver import deliver
from dateline.alerts.model import Alert, SavedSearch, checked
from dateline.alerts.notice import notice
from dateline.alerts.rehearse import rehearse
from dateline.journal import Journal
from dateline.models import Article, Quote
from dateline.query import Query, QueryError
from dateline.settings import Settings, load
from dateline.stores.base import Store
from dateline.stores.embedded import EmbeddedStore

NOW = dt.datetime.now(dt.UTC)

LAVROV = ("Lavrov spoke in Guilin.", ["2021-03-22"])
ARTICLES = [
    article("a1", LAVROV, published="2021-03-23", title="Lavrov in Guilin", language="en"),
    article("a2", "Lavrov spoke.", ("It rained.", ["2021-03-22"]), published="2021-03-23", language="en"),
    article("a3", "The EU agreed on sanctions.", published="2021-03-24", language="en"),
    article("d1", "Neue Sanktionen gegen Banken.", published="2021-03-25", language="de"),
]
for one, speaker in zip(ARTICLES, ("person/sergei-lavrov", "person/sergei-lavrov", None), strict=False):
    one.quotes = [Quote(start=0, end=6, text=one.text[:6], speaker_id=speaker)]
QUESTIONS = {
    "said": "speaker=Lavrov&said=guilin",
    "said-by-anybody": "said=sanctions+OR+spoke",
    "near": "entity=Lavrov&mentioned=2021-03-22..2021-03-22&near=1",
    "all-lavrov": "entity=Sergei+Lavrov",
    "words": "q=sanctions+OR+Sanktion",
    "phrase": "q=%22spoke+in+guilin%22",
    "prefix": "q=guil%2A",
    "not": "q=NOT+sanctions",
    "days": "from=2021-03-24&to=2021-03-24",
    "german": "language=de",
    "nothing": "q=zebra",
    "unknown-name": "entity=Nobody+Known",
}


def query_of(address: str) -> Query:
    return SavedSearch(name="x", address=address).query()


def test_a_standing_query_matches_what_a_search_finds(store: Store) -> None:
    """An alert that answers otherwise than the same search on the page can't be trusted."""
    store.write(ARTICLES)
    queries = {name: query_of(address) for name, address in QUESTIONS.items()}
    found = store.matching(queries, ARTICLES)
    assert found["said"] == ["a1"] and found["said-by-anybody"] == ["a1", "a2", "a3"]
    assert found["near"] == ["a1"] and found["words"] == ["a3", "d1"] and found["nothing"] == []
    for name, query in queries.items():
        query.limit = 100
        searched = {hit.article.article_id for hit in store.search(query).hits}
        assert set(found[name]) == searched, name
    again = store.matching({"words": query_of("q=rained")} | {"near": queries["near"]}, ARTICLES)
    assert again == {"words": ["a2"], "near": ["a1"]}, "a changed search keeps nothing of what it asked"


def test_articles_match_before_they_are_indexed(store: Store) -> None:
    store.write(ARTICLES[:1])
    fresh = article("n1", "Lavrov flew to Nanning.", language="en")
    assert store.matching({"l": query_of("entity=Lavrov")}, [fresh, ARTICLES[2]]) == {"l": ["n1"]}


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(f"sqlite:///{tmp_path / 'journal.sqlite'}") as made:
        yield made


@pytest.fixture
def each_journal(journal_url: str) -> Iterator[Journal]:
    with Journal(journal_url) as made:
        yield made


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Store]:
    made = EmbeddedStore(tmp_path / "index")
    yield made
    made.close()


def arrive(archive: Store, journal: Journal, *articles: Article) -> int:
    """Articles come in as a run brings them."""
    for each in articles:
        each.indexed_at = dt.datetime.now(dt.UTC)
    archive.write(articles)
    return notice(archive, journal, [each.article_id for each in articles])


def saved(journal: Journal, name: str, address: str, *channels: str) -> SavedSearch:
    return journal.save_search(checked(SavedSearch(name=name, address=address, channels=list(channels))))


def test_one_message_for_each_story(archive: Store, each_journal: Journal) -> None:
    """Ten outlets that print one agency report must not ring ten times, in one batch or in ten."""
    saved(each_journal, "eu", "q=sanctions")
    first = article("s1", "Sanctions were agreed.", published="2021-03-24", language="en", story="s")
    second = article("s2", "Sanctions were agreed.", published="2021-03-25", language="en", story="s")
    other = article("t1", "Other sanctions fell.", published="2021-03-24", language="en")
    assert arrive(archive, each_journal, second, first, other) == 2
    assert [alert.article_id for alert in each_journal.alerts("eu")] == ["t1", "s1"], (
        "the first outlet is named"
    )
    third = article("s3", "Sanctions were agreed.", published="2021-03-23", language="en", story="s")
    assert arrive(archive, each_journal, third) == 0
    assert notice(archive, each_journal, ["s1", "t1"]) == 0, "a batch that is taken again says nothing new"


def test_what_was_there_before_the_search_sends_nothing(archive: Store, journal: Journal) -> None:
    arrive(archive, journal, article("old", "Sanctions.", language="en"))
    saved(journal, "eu", "q=sanctions")
    assert notice(archive, journal, ["old"]) == 0
    assert arrive(archive, journal, article("new", "New sanctions.", language="en")) == 1


def test_an_alert_tells_the_sentence_and_the_reason(archive: Store, journal: Journal) -> None:
    saved(journal, "lavrov", QUESTIONS["near"])
    arrive(archive, journal, ARTICLES[0], ARTICLES[1])
    (alert,) = journal.alerts("lavrov")
    assert alert.sentence == "Lavrov spoke in Guilin."
    assert alert.reason == "names Lavrov, tells of 2021-03-22..2021-03-22 in the same sentence"


def test_a_search_that_breaks_is_off_says_so_and_is_kept(archive: Store, journal: Journal) -> None:
    """A search that makes no sense any more must neither stop the run nor vanish."""
    journal.save_search(SavedSearch(name="broken", address="from=yesterday"))
    saved(journal, "whole", "q=sanctions")
    assert arrive(archive, journal, article("n", "Sanctions.", language="en")) == 1
    broken = journal.search("broken")
    assert not broken.enabled and "yesterday" in broken.problem
    assert [search.name for search in journal.searches()] == ["broken", "whole"]


@pytest.mark.parametrize(
    ("name", "address", "channel", "said"),
    [
        ("Ünders", "q=x", "", "small letters"),
        ("a", "from=yesterday", "", "2021-03-22"),
        ("a", "q=x", "ftp://x.example", "webhook"),
        ("a", "q=x", "https://user:secret@x.example/", "webhook"),
        ("a", "q=x", "mailto:a@b.example,c@d.example", "mailto"),
        ("a", "q=x", "mailto:a@b.example?bcc=c@d.example", "mailto"),
    ],
)
def test_what_can_not_be_kept_is_refused_with_what_to_write(
    name: str, address: str, channel: str, said: str
) -> None:
    with pytest.raises(QueryError, match=said):
        checked(SavedSearch(name=name, address=address, channels=[channel] if channel else []))


def test_a_rehearsal_shows_what_would_have_been_sent(archive: Store, journal: Journal) -> None:
    """Before it rings at night: one message a story, by day, and nothing is sent by it."""
    copy = article(
        "a9", "The EU agreed on sanctions.", published="2021-03-24T09:00", language="en", story="s"
    )
    first = article(
        "a3", "The EU agreed on sanctions.", published="2021-03-24T08:00", language="en", story="s"
    )
    archive.write([*ARTICLES[:2], first, copy, ARTICLES[3]])
    draft = SavedSearch(name="draft", address="q=sanctions+OR+Sanktion")
    found = rehearse(archive, draft, 7, dt.date(2021, 3, 28))
    assert found.articles == 3 and [message.article_id for message in found.messages] == ["a3", "d1"]
    assert found.per_day["2021-03-24"] == 1 and found.per_day["2021-03-26"] == 0 and len(found.per_day) == 7
    assert rehearse(archive, draft, 2, dt.date(2021, 3, 28)).messages == []
    narrowed = SavedSearch(name="draft", address="q=sanctions+OR+Sanktion&from=2021-03-25")
    assert [m.article_id for m in rehearse(archive, narrowed, 7, dt.date(2021, 3, 28)).messages] == ["d1"]
    assert journal.alerts() == []


class Hook:
    """A webhook on loopback that answers with the statuses it is given, the last one for good."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.got: list[tuple[str, dict[str, Any]]] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = hook.statuses.pop(0) if len(hook.statuses) > 1 else hook.statuses[0]
                hook.got.append((self.headers["Idempotency-Key"], body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.2", 0), Handler)
        self.url = f"http://127.0.0.2:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path))
    monkeypatch.setenv("DATELINE_ALLOW_NETWORKS", "127.0.0.2/32")
    return load()


def allowing(settings: Settings, hook: Hook) -> Settings:
    import dataclasses

    return dataclasses.replace(settings, ports=(hook.server.server_port,))


def hurry(journal: Journal) -> None:
    """What waits is due now: the clock of a test does not run for hours."""
    from dateline.journal.alerting import deliveries

    with journal._write() as connection:
        connection.execute(
            deliveries.update().where(deliveries.c.due.is_not(None)).values(due=NOW - dt.timedelta(days=1))
        )


def test_a_webhook_that_is_down_gets_its_message_later(
    archive: Store, journal: Journal, settings: Settings
) -> None:
    hook = Hook(503, 200)
    settings = allowing(settings, hook)
    saved(journal, "eu", "q=sanctions", hook.url)
    arrive(archive, journal, article("n", "Sanctions.", title="T", language="en"))
    assert deliver(journal, settings) == {"postponed": 1}
    assert "503" in journal.undelivered()[0]["problem"]
    assert deliver(journal, settings) == {}, "it is not asked again at once"
    hurry(journal)
    assert deliver(journal, settings) == {"sent": 1}
    hurry(journal)
    assert deliver(journal, settings) == {} and journal.undelivered() == []
    assert len(hook.got) == 2 and hook.got[0][0] == hook.got[1][0], "one key for all tries"
    assert hook.got[1][1]["title"] == "T" and hook.got[1][1]["sentence"] == "Sanctions."


def test_a_process_that_dies_in_mid_delivery_loses_nothing(
    archive: Store, each_journal: Journal, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = Hook(200)
    settings = allowing(settings, hook)
    saved(each_journal, "eu", "q=sanctions", hook.url)
    arrive(archive, each_journal, article("n", "Sanctions.", language="en"))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_send", die)
        with pytest.raises(KeyboardInterrupt):
            deliver(each_journal, settings)
    assert deliver(each_journal, settings) == {}, "the try may still be under way in another process"
    hurry(each_journal)
    assert deliver(each_journal, settings) == {"sent": 1} and len(hook.got) == 1


def test_two_processes_send_a_message_once(archive: Store, each_journal: Journal, settings: Settings) -> None:
    hook = Hook(200)
    settings = allowing(settings, hook)
    saved(each_journal, "eu", "q=sanctions", hook.url)
    arrive(archive, each_journal, *(article(f"n{i}", f"Sanctions {i}.", language="en") for i in range(12)))
    threads = [threading.Thread(target=deliver, args=(each_journal, settings)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(hook.got) == 12 and len({key for key, _ in hook.got}) == 12


def test_a_webhook_does_not_reach_into_the_network(
    archive: Store, journal: Journal, settings: Settings
) -> None:
    """Who may save a search may not knock at the machine's own services with it."""
    hook = Hook(200)
    saved(journal, "eu", "q=sanctions", hook.url.replace("127.0.0.2", "127.0.0.1"), hook.url)
    arrive(archive, journal, article("n", "Sanctions.", language="en"))
    assert deliver(journal, allowing(settings, hook)) == {"postponed": 1, "sent": 1}
    assert "not public" in journal.undelivered()[0]["problem"]


class Mailbox:
    def __init__(self) -> None:
        self.got: list[Message] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.got.append(email.message_from_bytes(envelope.content))
        return "250 taken"


def test_mail_carries_the_sentence_and_no_header_of_a_stranger(
    archive: Store, journal: Journal, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Mailbox()
    port = free_port()  # its own start-up check knows no port 0
    server = Controller(box, hostname="127.0.0.1", port=port, ready_timeout=60)
    server.start()
    try:
        monkeypatch.setenv("DATELINE_SMTP", f"smtp://127.0.0.1:{port}")
        monkeypatch.setenv("DATELINE_SMTP_FROM", "desk@news.example")
        saved(journal, "eu", "q=sanctions", "mailto:anna@news.example")
        title = "Sanktionen für Ö\r\nBcc: all@news.example"
        arrive(archive, journal, article("n", "Sanctions were agreed.", title=title, language="en"))
        assert deliver(journal, settings) == {"sent": 1}
    finally:
        server.stop()
    (mail,) = box.got
    assert mail["To"] == "anna@news.example" and mail["From"] == "desk@news.example" and mail["Bcc"] is None
    assert mail["Message-ID"] and "Sanctions were agreed." in mail.get_payload(decode=True).decode()  # type: ignore[union-attr]


def test_mail_without_a_server_says_what_to_set(
    archive: Store, journal: Journal, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATELINE_SMTP", raising=False)
    saved(journal, "eu", "q=sanctions", "mailto:anna@news.example")
    arrive(archive, journal, article("n", "Sanctions.", language="en"))
    assert deliver(journal, settings) == {"postponed": 1}
    assert "DATELINE_SMTP" in journal.undelivered()[0]["problem"]


def test_an_alert_survives_the_journal_as_it_was(each_journal: Journal) -> None:
    saved(each_journal, "eu", "q=x")
    alert = Alert(
        search="eu", article_id="a", title="t\x00\ud800", url=None, publisher=None, published_at=None,
        sentence="s", reason="r",
    )  # fmt: skip
    assert each_journal.note_alerts([alert, alert]) == 1
    assert each_journal.alerts("eu")[0].sentence == "s"
