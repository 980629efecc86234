"""Who is let in: certificates that are wrong, and an OpenSearch with TLS, roles and passwords."""

from __future__ import annotations

import importlib
import os
import secrets
import ssl
import sys
import time
from pathlib import Path
from typing import Any

import trustme

from dateline.models import Article
from dateline.query import Query
from dateline.query_text import parse_words
from dateline.stores.base import StoreDenied, StoreUnavailable
from dateline.stores.opensearch import OpenSearchStore
from tests.faultserver import FaultServer, reply
from torture.case import CASES, check
from torture.world import HOSTILE, World, page


@CASES.case(
    "tls/wrong-certificate", "certificates of an unknown authority, of another host, and one that expired"
)
def _certificates(world: World) -> list[str]:
    import datetime as dt

    known, unknown = trustme.CA(), trustme.CA()
    past = dt.datetime.now(dt.UTC) - dt.timedelta(days=2)
    trusting = ssl.create_default_context()
    known.configure_trust(trusting)
    lines = []
    for name, certificate, expected in (
        ("unknown authority", unknown.issue_cert(HOSTILE), "failed"),
        ("another host's", known.issue_cert("127.0.0.9"), "failed"),
        (
            "expired",
            known.issue_cert(HOSTILE, not_after=past, not_before=past - dt.timedelta(days=9)),
            "failed",
        ),
        ("right", known.issue_cert(HOSTILE), "indexed"),
    ):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        host = world.run(FaultServer(HOSTILE, tls=context).__aenter__())
        host.at("/page", reply(page(f"Behind TLS, {name}")))
        fetcher = world.fetcher(host.port, verify=trusting)
        (row,), beside = world.ingest(host.url("/page"), fetcher=fetcher)
        world.run(host.__aexit__())
        check(
            row.outcome == expected and (expected == "indexed" or row.reason.startswith("tls")),
            f"{name}: {row}",
        )
        check(bool(host.asked("/page")) == (expected == "indexed"), f"{name}: a request was sent")
        lines.append(f"{name}: {row}")
    return [*lines, beside]


def secure() -> Any:
    """infra/opensearch/secure.py as a module."""
    folder = str(Path(__file__).parents[1] / "infra" / "opensearch")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return importlib.import_module("secure")


def _denied(store: OpenSearchStore, words: str) -> str:
    began = time.monotonic()
    try:
        store.write([Article(article_id="intruder", title="No", text="No.")])
    except StoreDenied as error:
        return f"{words}: after {time.monotonic() - began:.1f} s: {str(error)[:170]}"
    except StoreUnavailable as error:
        check(False, f"{words}: waited in vain: {error}")
    check(False, f"{words}: written")
    return ""


@CASES.case(
    "opensearch/roles",
    "a searcher that writes, a wrong password, no password, a certificate of another authority",
    quick=False,
)
def _roles(world: World) -> list[str]:
    passwords = {
        "indexer": secrets.token_urlsafe(24) + "aA1!",
        "searcher": secrets.token_urlsafe(24) + "aA1!",
    }
    node = secure().start(world.folder / "secure-node", passwords, ends_with_us=True)
    place = node.url.removeprefix("https://")
    authority = str(node.data / "config" / "certs" / "ca.pem")
    before = os.environ.get("OPENSEARCH_CA")

    def store(user: str, password: str, ca: str | None = authority) -> OpenSearchStore:
        os.environ.pop("OPENSEARCH_CA", None)
        if ca:
            os.environ["OPENSEARCH_CA"] = ca
        login = f"{user}:{password}@" if user else ""
        return OpenSearchStore(f"https://{login}{place}", "dateline-secure", patience=20.0)

    try:
        indexer = store("indexer", passwords["indexer"])
        beside = [
            Article(article_id=f"a{n}", title=f"Quay {n}", text="Viktor Oresh spoke.") for n in range(3)
        ]
        check([row.status for row in indexer.write(beside)] == ["created"] * 3, "the indexer can't write")
        check(indexer.delete(["a2"]) == 1 and indexer.count() == 2, "the indexer can't delete")
        searcher = store("searcher", passwords["searcher"])
        found = searcher.search(Query(words=parse_words("Quay")), ["language", "published:month"]).total
        whole = searcher.get("a0")
        check(
            found == 2 and whole is not None and len(list(searcher.scan())) == 2,
            f"the searcher found {found}",
        )
        searcher.entities("Oresh")
        lines = [
            "indexer: 3 written, 1 deleted; searcher: found 2 of 2, read, listed, counted",
            _denied(store("searcher", passwords["searcher"]), "the searcher writes"),
            _denied(store("searcher", "wrong password, long enough"), "a wrong password"),
            _denied(store("", ""), "no password"),
            _denied(store("admin", "admin"), "admin:admin"),
            _denied(store("indexer", passwords["indexer"], None), "an authority that nobody named"),
        ]
        try:
            searcher.delete(["a0"])
            check(False, "the searcher deleted")
        except StoreDenied:
            lines.append("the searcher deletes: refused")
        check(indexer.count() == 2 and indexer.get("intruder") is None, "something was written")
    finally:
        os.environ.pop("OPENSEARCH_CA", None)
        if before:
            os.environ["OPENSEARCH_CA"] = before
        node.stop()
    return [*lines, "neighbours: 2 of 2 indexed"]
