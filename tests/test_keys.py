"""API keys: without these a reader's key corrects, a revoked one reads on, one program starves the rest."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from web_samples import articles, serving, settings

from dateline.journal import Journal, JournalError
from dateline.stores.embedded import EmbeddedStore
from dateline.web.access import Access, AccessError, choose
from dateline.web.app import create_app
from dateline.web.keyring import KeyRing, scope_of

TOKEN = "a token of some length"


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    with Journal(settings(tmp_path_factory.mktemp("keys")).journal_url) as journal:
        yield journal


@pytest.fixture(scope="module")
def url(journal: Journal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("home")
    store = EmbeddedStore(folder / "index")
    store.write(articles())
    ring = KeyRing(str(journal._engine.url))
    with serving(create_app(settings(folder), store, Access(token=TOKEN, keys=ring))) as url:
        yield url
    store.close()


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_scopes(journal: Journal, url: str) -> None:
    reader = journal.add_key("reader")
    corrector = journal.add_key("corrector", "correct")
    assert httpx.get(f"{url}/api/search", headers=bearer(reader)).json()["total"] == 12
    assert httpx.get(f"{url}/", headers=bearer(reader)).status_code == 200
    body = {"kind": "hide", "entity_id": "person/ada-vell", "who": "x"}
    refused = httpx.post(f"{url}/api/corrections", json=body, headers=bearer(reader))
    assert refused.status_code == 403 and "needs correct" in refused.json()["detail"]
    assert httpx.post(f"{url}/api/corrections", json=body, headers=bearer(corrector)).status_code not in (
        401,
        403,
    )
    for method in ("PUT", "DELETE", "PATCH", "POST"):
        assert httpx.request(method, f"{url}/api/alerts/1", headers=bearer(reader)).status_code == 403
    assert scope_of("GET", "/api/operate/x") == "operate" and scope_of("HEAD", "/") == "read"
    assert httpx.get(f"{url}/api/search", headers=bearer(TOKEN)).status_code == 200


def test_who_has_no_key_is_told_nothing(journal: Journal, url: str) -> None:
    secret = journal.add_key("gone")
    assert httpx.get(f"{url}/api/search", headers=bearer(secret)).status_code == 200
    journal.revoke_key("gone")
    with pytest.raises(JournalError, match="revoked"):
        journal.revoke_key("gone")
    fresh = KeyRing(str(journal._engine.url))
    assert fresh._judge(secret, "GET", "/").key is None
    for wrong in ("x", "dateline_", secret[:-1], secret.upper(), "dateline_" + "x" * 9000, "dateline_é"):
        answer = httpx.get(f"{url}/api/search", headers={"Authorization": f"Bearer {wrong}".encode()})
        assert answer.status_code in (401, 400), wrong
        assert "Lindhaven" not in answer.text


def test_only_the_hash_is_kept(journal: Journal, tmp_path: Path) -> None:
    with Journal(f"sqlite:///{tmp_path / 'j.sqlite'}") as other:
        secret = other.add_key("one")
        assert len(secret) > 40
        other.add_key("two")
    assert all(secret.encode() not in path.read_bytes() for path in tmp_path.iterdir())
    with pytest.raises(JournalError, match="there is a key"):
        journal.add_key("twice") and journal.add_key("twice")
    for name, scope, rate in (("UPPER", "read", 1), ("", "read", 1), ("x", "admin", 1), ("x", "read", 0)):
        with pytest.raises(JournalError):
            journal.add_key(name, scope, rate)


def test_a_limit_holds_across_workers(journal: Journal) -> None:
    """Two workers have a ring each: together they let in what the key may, and no more."""
    secret = journal.add_key("busy", per_minute=10)
    rings = [KeyRing(str(journal._engine.url)) for _ in range(2)]
    seen: list[int] = []

    def ask(ring: KeyRing) -> None:
        seen.extend(ring._judge(secret, "GET", "/api/search").status for _ in range(30))

    threads = [threading.Thread(target=ask, args=(ring,)) for ring in rings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # a minute may have begun meanwhile, on a slow machine more than one
    assert seen.count(0) >= 10 and set(seen) == {0, 429}
    assert seen.count(0) % 10 == 0 or seen.count(0) < 60


def test_the_service_says_when_to_try_again(journal: Journal, url: str) -> None:
    secret = journal.add_key("slow", per_minute=1)
    answers = [httpx.get(f"{url}/api/search", headers=bearer(secret)) for _ in range(6)]
    late = next(answer for answer in answers if answer.status_code == 429)
    assert 1 <= int(late.headers["Retry-After"]) <= 60
    assert late.json()["title"] == "Too many requests"


def test_a_key_is_enough_beyond_loopback(monkeypatch: pytest.MonkeyPatch, journal: Journal) -> None:
    for name in ("DATELINE_TOKEN", "DATELINE_TOKEN_FILE", "DATELINE_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    ring = KeyRing(str(journal._engine.url))
    with pytest.raises(AccessError, match="keys add"):
        choose("0.0.0.0", ring)
    assert choose("0.0.0.0", ring, have_keys=True) == Access(keys=ring)
    assert choose("0.0.0.0", ring, have_keys=True).asks and not choose("127.0.0.1", ring, have_keys=True).asks
