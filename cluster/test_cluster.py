"""`make cluster`: three real OpenSearch nodes on loopback, two of them killed one after the other while
articles are written and searched. Apart from the other tests: it takes minutes where they take seconds.
Twice: one index of three shards; and indices by month, new ones made while the node dies, behind TLS and
the roles of production, the writer as `indexer`, who asks as `searcher`.

What is asked: no acknowledged article is lost, and no answer counts less than there is. An answer that
can't be whole is refused.
"""

from __future__ import annotations

import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

REPO = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPO / "infra" / "opensearch"))

import certificates  # noqa: E402
import secure  # noqa: E402
import server  # noqa: E402
import users  # noqa: E402

from dateline.models import Article, Moment  # noqa: E402
from dateline.query import Query  # noqa: E402
from dateline.query_text import parse_words  # noqa: E402
from dateline.stores.base import StoreUnavailable  # noqa: E402
from dateline.stores.opensearch import OpenSearchStore  # noqa: E402

PATIENCE = 300.0  # seconds for anything: the machine may be busy
STANDING = 300  # articles that stand before anything is killed
BATCHES, BATCH = 30, 20  # written while a node is killed
ALIAS = "dateline-cluster-test"  # the roles are for what begins so


class Cluster:
    """Three nodes that may each manage the cluster; any two of them are a majority."""

    def __init__(self, folder: Path, *, secured: bool = False) -> None:
        ports = [server.free_port() for _ in range(3)]
        self.nodes: dict[str, Any] = {}
        self.certificates = folder / "certs" if secured else None
        self.passwords = {user: secrets.token_urlsafe(24) + "aA1!" for user in users.USERS}
        if self.certificates is not None:
            certificates.make(self.certificates, ["localhost", "127.0.0.1"])
        for number, port in enumerate(ports):
            name = f"n{number}"
            settings = {
                "node.name": name,
                "cluster.name": "dateline-cluster-test",
                "transport.port": str(port),
                "discovery.type": "zen",
                "discovery.seed_hosts": ",".join(f"127.0.0.1:{other}" for other in ports),
                "cluster.initial_cluster_manager_nodes": "n0,n1,n2",
                # a dead process is known at once by its closed sockets; this is for the rest
                "cluster.fault_detection.follower_check.timeout": "30s",
            }
            self.nodes[name] = self._node(folder / name, settings)

    def _node(self, folder: Path, settings: dict[str, str]) -> Any:
        if self.certificates is None:
            return server.start(folder, settings=settings, ends_with_us=True, wait=False)
        of_server = secure.home()
        shutil.copytree(of_server / "config", folder / "config")
        (folder / "config" / "log4j2.properties").write_text(server.LOGGING, "utf-8")
        shutil.copytree(self.certificates, folder / "config" / "certs")
        plain = server.start(folder, settings=settings, ends_with_us=True, wait=False, folder=of_server)
        return server.Node(plain.url.replace("http://", "https://"), plain.pid, plain.data)

    def store(self, user: str, patience: float | None = None) -> OpenSearchStore:
        """What a user opens with all addresses in OPENSEARCH_URL."""
        urls = [node.url for node in self.nodes.values()]
        if self.certificates is not None:
            login = f"https://{user}:{self.passwords[user]}@"
            urls = [url.replace("https://", login) for url in urls]
        options = {} if patience is None else {"patience": patience}
        return OpenSearchStore(",".join(urls), ALIAS, **options)

    def give_passwords(self) -> None:
        """To the users of a cluster that stands."""
        if self.certificates is not None:
            users.give(self.nodes["n0"].url, self.certificates, self.passwords)

    def ask(self, path: str, **params: str) -> Any:
        """The answer of the first node that has one."""
        verify = True if self.certificates is None else users.as_admin(self.certificates)
        for node in self.nodes.values():
            try:
                answer = httpx.get(f"{node.url}{path}", params=params, timeout=60, verify=verify)
                if answer.status_code == 200:
                    return answer.json()
            except httpx.HTTPError:
                continue
        return None

    def wait(self, nodes: int, status: str) -> None:
        """Until so many nodes see each other and the shards stand so."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            health = self.ask("/_cluster/health") or {}
            good = ("green",) if status == "green" else ("green", "yellow")
            if health.get("number_of_nodes") == nodes and health.get("status") in good:
                return
            time.sleep(0.5)
        pytest.fail(f"no {status} cluster of {nodes} nodes: {self.ask('/_cluster/health')}")

    def holder(self, index: str) -> str:
        """The name of a node that holds a primary shard."""
        rows = self.ask(f"/_cat/shards/{index}", format="json")
        return str(next(row["node"] for row in rows if row["prirep"] == "p"))

    def kill(self, name: str) -> None:
        """As power does."""
        self.nodes[name].stop(signal.SIGKILL)


@pytest.fixture(params=["one index", "months and users"])
def cluster(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="dateline-cluster-"))
    folder.chmod(0o755)
    monkeypatch.delenv("OPENSEARCH_CA", raising=False)
    monkeypatch.setenv("DATELINE_SHARDS", "3")
    monkeypatch.setenv("DATELINE_REPLICAS", "1")
    made = Cluster(folder, secured=request.param != "one index")
    if made.certificates is not None:
        monkeypatch.setenv("OPENSEARCH_CA", str(made.certificates / "ca.pem"))
        monkeypatch.setenv("DATELINE_ROLLOVER", "month")
        monkeypatch.setenv("DATELINE_SHARDS", "1")
    try:
        made.wait(3, "green")
        made.give_passwords()
        yield made
    finally:
        for node in made.nodes.values():
            node.stop(signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def article(number: int, word: str, month: int = 1) -> Article:
    published = Moment(value=f"2026-{month:02}-03", precision="day")
    words = f"A {word} story, {number}."
    return Article(
        article_id=f"{word}-{number}", title=f"{word} {number}", text=words, published_at=published
    )


@contextmanager
def asking(store: OpenSearchStore, total: int) -> Iterator[dict[str, int]]:
    """Ask for the standing articles over and over; `wrong` counts answers that are not all of them."""
    query = Query(words=parse_words("standing"), limit=1)
    seen = {"right": 0, "refused": 0, "wrong": 0}
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                answer = store.search(query, ["language"])
                seen["right" if answer.total == total else "wrong"] += 1
            except StoreUnavailable:
                seen["refused"] += 1

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join(PATIENCE)


@pytest.mark.timeout(1800)
def test_two_of_three_nodes_die(cluster: Cluster) -> None:
    """A power cut in one rack must cost no article, and show no half answer for a whole one."""
    writer, reader = cluster.store("indexer", PATIENCE), cluster.store("searcher")
    writer.write(article(number, "standing", 1 + number % 6) for number in range(STANDING))
    cluster.wait(3, "green")
    index = sorted(cluster.ask(f"/{ALIAS}/_settings"))[-1]

    with asking(reader, STANDING) as seen:
        for number in range(BATCHES):
            if number == BATCHES // 3:
                first = cluster.holder(index)
                killer = threading.Timer(0.05, cluster.kill, [first])  # in the middle of a write
                killer.start()
            months = 6 + number // (BATCHES // 3)  # a new one when the node dies, and one later
            batch = [article(number * BATCH + each, "written", 1 + each % months) for each in range(BATCH)]
            assert {row.status for row in writer.write(batch)} <= {"created", "unchanged", "updated"}
        killer.join()
        cluster.wait(2, "yellow")
    indices = len(cluster.ask(f"/{ALIAS}/_settings"))
    print(f"a node killed while writing: {seen}, {BATCHES * BATCH} written, {indices} indices")
    assert indices == (1 if cluster.certificates is None else 9)
    assert seen["wrong"] == 0 and seen["right"] > 0
    assert writer.count() == STANDING + BATCHES * BATCH
    for number in range(BATCHES * BATCH):
        assert writer.get(f"written-{number}") is not None
    ids = [each.article_id for each in reader.scan()]
    assert len(ids) == len(set(ids)) == STANDING + BATCHES * BATCH

    cluster.wait(2, "green")  # the copies are made again on the two that are left
    second = next(name for name in cluster.nodes if name != first)
    with asking(reader, STANDING) as seen:
        cluster.kill(second)
        late = cluster.store("indexer", 5.0)
        with pytest.raises(StoreUnavailable):  # one of three is no majority: it may not take writes
            late.write([article(0, "late")])
    print(f"the second node killed: {seen}")
    assert seen["wrong"] == 0

    writer.close()
    reader.close()
