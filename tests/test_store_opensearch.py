"""What only OpenSearch can do to us: answers that are late, short, wrong or never come.

A real server behind a proxy that tampers with its answers on the way.
"""

from __future__ import annotations

import http.client
import json
import threading
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from store_samples import article

from dateline.query import Query
from dateline.stores.base import StoreDenied, StoreUnavailable
from dateline.stores.document import VERSION
from dateline.stores.opensearch import OpenSearchStore
from dateline.stores.opensearch_client import Client

pytestmark = pytest.mark.opensearch

Reply = tuple[int, Any]  # status and JSON; a status of 0 drops the connection


class Proxy(ThreadingHTTPServer):
    """Forwards to a server; `tamper` sees each bulk request's ids and answer, and may change it."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = urlsplit(target)
        self.bulks: list[list[str]] = []
        self.before: Callable[[int], Reply | None] = lambda number: None
        self.tamper: Callable[[int, Reply], Reply] = lambda number, reply: reply

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Proxy
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        bulk = self.path.startswith("/_bulk")
        reply: Reply | None = None
        if bulk:
            lines = [json.loads(line) for line in body.splitlines()]
            actions = [line["index"]["_id"] for line in lines if "index" in line]
            self.server.bulks.append(actions)
            reply = self.server.before(len(self.server.bulks))
        if reply is None:
            target = http.client.HTTPConnection(self.server.target.hostname, self.server.target.port)
            headers = {"content-type": self.headers.get("content-type", "application/json")}
            target.request(self.command, self.path, body, headers)
            answer = target.getresponse()
            reply = (answer.status, json.loads(answer.read() or b"null"))
            target.close()
            if bulk:
                reply = self.server.tamper(len(self.server.bulks), reply)
        status, found = reply
        if status == 0:
            self.close_connection = True
            return
        raw = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = do_PUT = do_DELETE = _serve

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def proxy(opensearch_url: str) -> Iterator[Proxy]:
    with Proxy(opensearch_url) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def store(proxy: Proxy) -> Iterator[OpenSearchStore]:
    made = OpenSearchStore(proxy.url, f"test-{uuid.uuid4().hex[:12]}", patience=3)
    yield made
    made._client.ask("DELETE", f"/{made._alias}-v*")
    made.close()


THREE = [article("a", "One."), article("b", "Two."), article("c", "Three.")]


def test_items_that_the_answer_leaves_out_are_sent_again(proxy: Proxy, store: OpenSearchStore) -> None:
    """A short answer that says "errors": false is how documents vanish without a word."""

    def short(number: int, reply: Reply) -> Reply:
        status, answer = reply
        return status, {**answer, "items": answer["items"][:1]} if number == 1 else answer

    proxy.tamper = short
    assert [row.status for row in store.write(THREE)] == ["created"] * 3
    assert proxy.bulks == [["a", "b", "c"], ["b", "c"]]
    assert store.count() == 3


def test_an_answer_that_stays_short_is_no_success(proxy: Proxy, store: OpenSearchStore) -> None:
    proxy.tamper = lambda number, reply: (200, {"errors": False, "items": reply[1]["items"][:2]})
    one = store.write(THREE[:2])
    assert [row.status for row in one] == ["created"] * 2
    proxy.tamper = lambda number, reply: (200, {"errors": False, "items": []})
    with pytest.raises(StoreUnavailable, match="1 of 1 documents without an answer"):
        store.write([article("d", "Four.")])
    proxy.tamper = lambda number, reply: reply
    assert [row.status for row in store.write([article("d", "Four.")])] == ["unchanged"], "it had arrived"


def test_answers_of_other_documents_do_not_count(proxy: Proxy, store: OpenSearchStore) -> None:
    def foreign(number: int, reply: Reply) -> Reply:
        status, answer = reply
        if number == 1:
            for item in answer["items"]:
                item["index"]["_id"] = "other"
        return status, answer

    proxy.tamper = foreign
    assert [row.status for row in store.write(THREE)] == ["created"] * 3
    assert len(proxy.bulks) == 2


def test_an_item_turned_away_is_sent_again_alone(proxy: Proxy, store: OpenSearchStore) -> None:
    def busy(number: int, reply: Reply) -> Reply:
        status, answer = reply
        if number < 3:
            error = {"type": "rejected_execution_exception", "reason": "queue is full"}
            answer["items"][-1] = {"index": {"_id": proxy.bulks[-1][-1], "status": 429, "error": error}}
        return status, answer

    proxy.tamper = busy
    assert [row.status for row in store.write(THREE)] == ["created"] * 3
    assert proxy.bulks == [["a", "b", "c"], ["c"], ["c"]]


@pytest.mark.parametrize(
    "reply",
    [
        (429, {"error": {"type": "circuit_breaking_exception", "reason": "data too large"}, "status": 429}),
        (503, None),
        (200, "not what a server says"),
        (403, {"error": {"type": "cluster_block_exception", "reason": "disk usage exceeded"}, "status": 403}),
        (0, None),
    ],
    ids=["429", "503", "nonsense", "disk full", "dropped"],
)
def test_a_server_that_cannot_now_is_asked_again(proxy: Proxy, store: OpenSearchStore, reply: Reply) -> None:
    proxy.before = lambda number: reply if number < 3 else None
    assert [row.status for row in store.write(THREE)] == ["created"] * 3
    assert (len(proxy.bulks), store.count()) == (3, 3)


def test_a_lost_acknowledgement_doubles_nothing(proxy: Proxy, store: OpenSearchStore) -> None:
    proxy.tamper = lambda number, reply: (0, None) if number == 1 else reply
    assert [row.status for row in store.write(THREE)] == ["created"] * 3
    assert (len(proxy.bulks), store.count()) == (2, 3)


def test_one_refused_document_stops_no_other(proxy: Proxy, store: OpenSearchStore) -> None:
    """It comes back with the server's own reason, for the dead letters."""

    def refuse(number: int, reply: Reply) -> Reply:
        status, answer = reply
        error = {"type": "mapper_parsing_exception", "reason": "failed", "caused_by": {"reason": "no date"}}
        answer["items"][1] = {"index": {"_id": "b", "status": 400, "error": error}}
        return status, answer

    proxy.tamper = refuse
    rows = store.write(THREE)
    assert [row.status for row in rows] == ["created", "refused", "created"]
    assert rows[1].reason == "mapper_parsing_exception: failed: no date"
    assert len(proxy.bulks) == 1, "a refusal is not tried again"


def test_too_large_together_is_sent_in_halves(proxy: Proxy, store: OpenSearchStore) -> None:
    proxy.before = lambda number: (413, {"error": "too large"}) if "b" in proxy.bulks[-1] else None
    assert [row.status for row in store.write(THREE)] == ["created", "refused", "created"]
    assert ["b"] in proxy.bulks


@pytest.mark.parametrize("status", [401, 403])
def test_wrong_credentials_stop_at_once(proxy: Proxy, store: OpenSearchStore, status: int) -> None:
    error = {"error": {"type": "security_exception", "reason": "no permissions for bulk"}, "status": status}
    proxy.before = lambda number: (status, error)
    with pytest.raises(StoreDenied, match="does not let us"):
        store.write(THREE)
    assert len(proxy.bulks) == 1, "asked once, and not again"


def test_an_unreachable_server_is_named_without_its_password() -> None:
    store = OpenSearchStore("http://me:secret@127.0.0.1:9", "x", patience=0.2)
    with pytest.raises(StoreUnavailable, match=r"http://127\.0\.0\.1:9 .*OPENSEARCH_URL") as caught:
        store.write(THREE)
    assert "secret" not in str(caught.value)


def test_an_index_of_another_mapping_is_left_alone(opensearch_url: str, store: OpenSearchStore) -> None:
    """Writing into somebody else's index would spoil it."""
    store._client.ask("PUT", f"/{store._alias}-v0", {"aliases": {store._alias: {}}})
    with pytest.raises(StoreUnavailable, match="DATELINE_INDEX"):
        store.write(THREE)
    store._client.ask("DELETE", f"/{store._alias}-v0")


def test_an_index_that_vanishes_is_made_again(store: OpenSearchStore) -> None:
    """Strictly mapped, as the first: never one that the server guesses from the first document."""
    store.write(THREE)
    store._client.ask("DELETE", f"/{store._alias}-v{VERSION}")
    assert (store.count(), store.search(Query(), ["publisher"]).total, store.get("a")) == (0, 0, None)
    assert [row.status for row in store.write(THREE)] == ["created"] * 3
    (mapping,) = store._client.ask("GET", f"/{store._alias}/_mapping").values()
    assert mapping["mappings"]["dynamic"] == "strict"


def test_two_writers_leave_the_highest_version(opensearch_url: str, store: OpenSearchStore) -> None:
    """The version is checked by the server: what another writer did since we looked still counts."""
    other = OpenSearchStore(opensearch_url, store._alias, patience=3)
    store.write([article("a", "First.", version=1)])
    known = store._known
    newer = article("a", "Newest.", version=9)

    def late(ids: Any) -> Any:
        found = known(ids)
        other.write([newer])
        return found

    store._known = late  # type: ignore[method-assign]
    assert [row.status for row in store.write([article("a", "Second.", version=5)])] == ["unchanged"]
    assert store.get("a") == newer


@pytest.mark.parametrize("password", ["plain", "with, comma", "a@b", "a/b", "http://x, y", "ä#?"])
def test_no_password_is_shown_whatever_signs_it_has(password: str) -> None:
    """What an error says ends in a log: a password may never be part of it."""
    client = Client(f"https://reader:{password}@search.example:9200", patience=1, timeout=1)
    assert client.shown == "https://search.example:9200"
    several = Client(
        f"https://r:{password}@a.example:9200, https://r:x@b.example:9200", patience=1, timeout=1
    )
    assert several.shown == "https://a.example:9200,https://b.example:9200"


def test_an_address_that_can_not_be_read_says_so_without_the_password() -> None:
    store = OpenSearchStore("https://reader:a/secret@search.example:9200", "x", patience=1)
    with pytest.raises(StoreDenied) as caught:
        store.count()
    assert "secret" not in str(caught.value) and "%2F" in str(caught.value)
