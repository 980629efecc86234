"""Who may ask: if these fail, a stranger's page or a stranger on the network reads the archive."""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from postgres import free_port
from web_samples import articles, serving, settings

from dateline.stores.embedded import EmbeddedStore
from dateline.web.access import Access, AccessError, choose, host_name, is_known, is_loopback, is_right
from dateline.web.app import create_app
from dateline.web.headers import HEADERS

TOKEN = "a token of some length"
DATELINE = str(Path(sys.executable).parent / "dateline")


def basic(password: str, user: str = "reader") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    store = EmbeddedStore(tmp_path_factory.mktemp("home") / "index")
    store.write(articles())
    yield store
    store.close()


@pytest.fixture(scope="module")
def open_url(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(
        create_app(settings(tmp_path_factory.mktemp("a")), store, Access(hosts=("news.lan",)))
    ) as url:
        yield url


@pytest.fixture(scope="module")
def closed_url(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(create_app(settings(tmp_path_factory.mktemp("b")), store, Access(token=TOKEN))) as url:
        yield url


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:80", "127.0.0.1:8321", "127.0.0.9", "[::1]:8321", "news.lan"]
)
def test_names_of_this_machine_are_answered(open_url: str, host: str) -> None:
    assert httpx.get(f"{open_url}/api/search", headers={"Host": host}).json()["total"] == 12


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "[::1",
        "[::1]x",
        "@localhost",
    ],
)
def test_a_name_that_was_pointed_at_this_machine_is_turned_away(open_url: str, host: str) -> None:
    """DNS rebinding: the visitor's browser must not read the archive for a stranger's page."""
    for path in ("/", "/api/search", "/health", "/static/style.css"):
        answer = httpx.get(f"{open_url}{path}", headers={"Host": host})
        assert answer.status_code in (400, 421), answer.status_code
        assert "Lindhaven" not in answer.text


def test_a_request_without_a_host_is_turned_away(open_url: str) -> None:
    port = int(open_url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), 5) as line:
        line.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert b" 421 " in line.recv(100) or b" 400 " in line.recv(100)


@pytest.mark.parametrize("header", [basic(TOKEN), basic(TOKEN, ""), f"Bearer {TOKEN}", f"bearer  {TOKEN}"])
def test_who_knows_the_token_is_let_in_under_any_name_of_the_host(closed_url: str, header: str) -> None:
    sent = {"Authorization": header, "Host": "news.example"}
    assert httpx.get(f"{closed_url}/api/search", headers=sent).json()["total"] == 12


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic !!!",
        basic(""),
        basic(TOKEN[:-1]),
        basic(TOKEN + "x"),
        f"Bearer {TOKEN.upper()}",
        TOKEN,
        f"Digest {TOKEN}",
        "Bearer \xe9",
    ],
)
def test_who_does_not_is_asked_for_it_and_told_nothing(closed_url: str, header: str) -> None:
    for path in (
        "/",
        "/api/search",
        "/api/openapi.json",
        "/static/style.css",
        "/api/export.csv",
        "/health/../",
    ):
        answer = httpx.get(f"{closed_url}{path}", headers={"Authorization": header.encode("latin-1")})
        assert answer.status_code == 401 and "Lindhaven" not in answer.text
        assert answer.headers["www-authenticate"].startswith("Basic")
        assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    assert httpx.get(f"{closed_url}/api/search").headers["content-type"] == "application/problem+json"


def test_health_is_answered_without_a_token(closed_url: str) -> None:
    assert httpx.get(f"{closed_url}/health").json() == {"status": "ok"}


@given(st.text(), st.text(min_size=16))
def test_no_other_password_passes_and_none_fails_the_check(given_: str, token: str) -> None:
    assert is_right(basic(given_), token) == (given_ == token)
    assert not is_right(given_, token) or token in given_


@given(st.text())
def test_no_host_header_fails_the_check(header: str) -> None:
    name = host_name(header)
    assert is_known(header, ()) == (bool(name) and is_loopback(name))


def test_beyond_loopback_nothing_starts_without_a_token(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("DATELINE_TOKEN", "DATELINE_TOKEN_FILE", "DATELINE_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    assert choose("127.0.0.1") == choose("localhost") == choose("::1") == Access()
    for host in ("0.0.0.0", "::", "192.168.1.4", "news.lan", ""):
        with pytest.raises(AccessError, match="DATELINE_TOKEN"):
            choose(host)
    monkeypatch.setenv("DATELINE_TOKEN", "short")
    with pytest.raises(AccessError, match="openssl"):
        choose("0.0.0.0")
    monkeypatch.setenv("DATELINE_TOKEN", f" {TOKEN}\n")
    assert choose("0.0.0.0") == Access(token=TOKEN)
    monkeypatch.delenv("DATELINE_TOKEN")
    file = tmp_path / "token"
    monkeypatch.setenv("DATELINE_TOKEN_FILE", str(file))
    with pytest.raises(AccessError, match="can't be read"):
        choose("0.0.0.0")
    file.write_text("\n")
    with pytest.raises(AccessError, match="empty"):
        choose("127.0.0.1")
    file.write_text(f"{TOKEN}\n")
    monkeypatch.setenv("DATELINE_HOSTS", "News.lan, ")
    assert choose("127.0.0.1") == Access(token=TOKEN, hosts=("news.lan",))


def test_the_command_refuses_and_serves(tmp_path: Path) -> None:
    """`dateline serve` as it is started: refused beyond loopback, with a token asked for it."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("DATELINE_")},
        "DATELINE_HOME": str(tmp_path),
    }
    refused = subprocess.run(
        [DATELINE, "serve", "--host", "0.0.0.0"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert (
        refused.returncode == 2 and "DATELINE_TOKEN" in refused.stderr and "Traceback" not in refused.stderr
    )
    port = free_port()
    server = subprocess.Popen(
        [DATELINE, "serve", "--port", str(port)],
        env={**environment, "DATELINE_TOKEN": TOKEN},
        stdout=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                assert httpx.get(f"http://127.0.0.1:{port}/").status_code == 401
                break
            except httpx.TransportError:
                assert server.poll() is None and time.monotonic() < deadline
                time.sleep(0.1)
        answer = httpx.get(f"http://127.0.0.1:{port}/", headers={"Authorization": basic(TOKEN)})
        assert answer.status_code == 200 and "0 articles" in answer.text
    finally:
        server.terminate()
        server.wait(20)
