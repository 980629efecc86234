"""Pages that only a script makes, in a real Chromium against real servers on loopback. If these fail, a
source that needs a browser gives nothing, or a stranger's script reaches what no fetch may reach.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from faultserver import FaultServer, reply

from dateline import settings
from dateline.crawl import polling
from dateline.fetch import Fetcher, FetchError, Limits
from dateline.fetch.browser import LABEL, Browser
from dateline.models import Outcome
from dateline.sources.catalogue import Source
from dateline.workshop import Workshop

SHELL = (
    b"<!doctype html><html lang='en'><head><title>The Tide</title><script src='/app.js'></script></head>"
    b"<body><div id='app'></div><img src='/picture.png'></body></html>"
)
TEXT = " ".join(
    f"The harbour board counted {number} ships on Tuesday, the pilot said." for number in range(20, 40)
)


def app(elsewhere: str) -> bytes:
    """Makes the article of data that it asks for, and tries what it may not."""
    return f"""
    new Image().src = "{elsewhere}/pixel"; fetch("{elsewhere}/secret").catch(() => 0);
    fetch("/api", {{method: "POST", body: "x"}}).catch(() => 0);
    try {{ new WebSocket("{elsewhere.replace("http", "ws")}/socket") }} catch (e) {{}}
    fetch("/api/1.json").then(answer => answer.json()).then(data => {{
      document.getElementById("app").innerHTML =
        `<article><h1>${{data.title}}</h1><a href="/world/1">1</a>` +
        data.text.map(text => `<p>${{text}}</p>`).join("") + "</article>";
    }});
    """.encode()


@contextmanager
def serving() -> Iterator[FaultServer]:
    """The script's site in a loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = FaultServer()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(10)
    data = f'{{"title": "Ships at the harbour", "text": ["{TEXT}"]}}'
    server.at("/api/1.json", reply(data.encode(), content_type="application/json"))
    server.at("/app.js", reply(app("http://127.0.0.9:9"), content_type="text/javascript"))
    for path in ("/world", "/world/1"):
        server.at(path, reply(SHELL))
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


@pytest.mark.browser
async def test_a_page_that_only_a_script_makes_is_rendered_under_the_guard() -> None:
    async with FaultServer() as server, FaultServer("127.0.0.9") as other:
        server.at("/robots.txt", reply(b"User-agent: *\nDisallow: /private", content_type="text/plain"))
        server.at("/world", reply(SHELL, headers={"ETag": '"shell"'}))
        server.at("/app.js", reply(app(other.url("").rstrip("/")), content_type="text/javascript"))
        data = f'{{"title": "Ships at the harbour", "text": ["{TEXT}"]}}'
        server.at("/api/1.json", reply(data.encode(), content_type="application/json"))
        server.at("/endless", reply(b"<html><body><p>x</p><script>for (;;) {}</script></body></html>"))
        async with Fetcher(
            allow_networks=["127.0.0.2/32"], ports=[server.port, other.port], limits=Limits(delay=0.01)
        ) as fetcher:
            browser = Browser(fetcher)
            try:
                page = await browser.render(await fetcher.fetch(server.url("/world")))
                assert b"<h1>Ships at the harbour</h1>" in page.body and TEXT.encode() in page.body
                assert "Chromium" in page.headers[LABEL] and "etag" not in page.headers
                assert other.connections == 0, "a script reached a denied address"
                asked = [(one.method, one.path) for one in server.requests]
                assert sorted(asked) == [
                    ("GET", path) for path in ("/api/1.json", "/app.js", "/robots.txt", "/world")
                ]
                plain = await fetcher.fetch(server.url("/api/1.json"))
                assert await browser.render(plain) is plain
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr("dateline.fetch.browser.SECONDS", 1.5)
                    with pytest.raises(FetchError, match="scripts took over"):
                        await browser.render(await fetcher.fetch(server.url("/endless")))
            finally:
                await browser.close()


@pytest.mark.browser
def test_a_section_that_a_script_fills_is_crawled_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the section page to the article, with the page as it was sent in the archive as well."""
    with serving() as server:
        for name, value in {
            "DATELINE_HOME": str(tmp_path),
            "DATELINE_ALLOW_NETWORKS": "127.0.0.2/32",
            "DATELINE_PORTS": str(server.port),
            "DATELINE_DELAY": "0.01",
        }.items():
            monkeypatch.setenv(name, value)
        source = Source(
            name="tide", kind="section", address=server.url("/world"), link_pattern=r"/world/\d+", render=True
        )
        with Workshop(settings.load(), enriching=False) as shop:
            [due] = shop.journal.claim_polls({"tide": dt.timedelta(minutes=1)})
            one = polling.begin(source, due)
            polling.poll(shop, [one])
            assert [link.url for link in one.links.values()] == [server.url("/world/1")]
            fetched = shop.fetch(list(one.links.values()))
            [result] = shop.understand(fetched)
            assert result.outcome is Outcome.INDEXED and result.article is not None
            assert result.article.title == "Ships at the harbour" and "39 ships" in result.article.text
            assert any(note.startswith("rendered by a browser: Chromium") for note in result.article.notes)
            kept = [page.body for _, page in shop.archive.scan() if page.requested_url.endswith("/world/1")]
            assert len(kept) == 2 and SHELL in kept
            monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
            shop.on_loop(shop.browser.close())
            [missing] = shop.fetch(list(one.links.values()))
            assert missing.outcome is Outcome.FAILED and missing.reason.startswith("render: no Chromium")
