"""Pages that only a script makes: a fetched page → what a browser shows of it (an extra, per source).

The browser has no network of its own: its only proxy is one that does not exist, and every request it
makes is answered by the fetcher, under the same guard, robots.txt, delay, size and time limits as any
page. Only what makes text is fetched (documents, scripts, styles, data by GET), no pictures, films,
fonts, sockets or posts. Each page has a profile of its own, which is gone after it.

The publisher's own validators are dropped: of a page that a script fills, they say nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from dataclasses import replace
from typing import Any

from dateline.fetch.client import Fetcher
from dateline.fetch.content import kind
from dateline.fetch.errors import FetchError, NoBrowser, TimedOut
from dateline.models import Page

LABEL = "x-dateline-rendered"  # a header of the page as it is kept: by what, and from how many requests
MOST = 60  # requests of one page
SECONDS = 45.0  # for one page, the waits between two requests to a host included
QUIET = 0.5  # seconds without a request after which a page is done
TOGETHER = 2  # pages at once
_TEXT = ("document", "script", "stylesheet", "xhr", "fetch")
_GONE = ("content-length", "content-encoding", "transfer-encoding", "content-type", "etag", "last-modified")
_ARGUMENTS = (
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-gpu",
    "--js-flags=--max-old-space-size=512",
)


class Browser:
    """A browser that is started at the first page; use it in the fetcher's loop only."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._gate = asyncio.Semaphore(TOGETHER)
        self._starting = asyncio.Lock()
        self._driver: Any = None
        self._browser: Any = None

    async def close(self) -> None:
        """End the browser, if it was ever started."""
        for one, name in ((self._browser, "close"), (self._driver, "stop")):
            if one is not None:
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(getattr(one, name)(), 10)
        self._browser = self._driver = None

    async def render(self, page: Page) -> Page:
        """The page with the document that its scripts made of it; what is no HTML comes back as it is.

        Raises:
            NoBrowser: nothing can be rendered here.
            TimedOut: the page's scripts did not come to an end.
            FetchError: the browser refused the page.
        """
        if kind(page) != "html" or page.status != 200:
            return page
        async with self._gate:
            await self._start()
            try:
                async with asyncio.timeout(SECONDS):
                    body, asked = await self._shown(page)
            except TimeoutError as error:
                raise TimedOut(f"its scripts took over {SECONDS:.0f} s", "render") from error
            except FetchError:
                raise
            except Exception as error:  # of another program's: a crash of a tab, a closed connection
                await self.close()
                line = (str(error).strip().splitlines() or [""])[0][:200]
                raise FetchError(f"{type(error).__name__}: {line}", "render") from error
        if len(body) > self._fetcher.limits.max_bytes:
            raise FetchError(
                f"what its scripts made is over {self._fetcher.limits.max_bytes:,} bytes", "render"
            )
        version = self._browser.version if self._browser is not None else ""
        lines = [(name, value) for name, value in page.header_lines if name.lower() not in (*_GONE, LABEL)]
        lines += [
            ("Content-Type", "text/html; charset=utf-8"),
            (LABEL, f"Chromium {version}, {asked} requests"),
        ]
        headers = {name: value for name, value in page.headers.items() if name not in (*_GONE, LABEL)}
        headers |= {name.lower(): value for name, value in lines[-2:]}
        return replace(page, body=body, headers=headers, header_lines=lines)

    async def _shown(self, page: Page) -> tuple[bytes, int]:
        context = await self._browser.new_context(
            user_agent=self._fetcher.user_agent, service_workers="block", accept_downloads=False
        )
        asked = 0
        under_way = 0
        idle = asyncio.Event()
        given = False

        async def answer(route: Any) -> None:
            nonlocal asked, under_way, given
            request = route.request
            if not given and request.is_navigation_request() and request.frame.parent_frame is None:
                given = True  # the page itself, which was fetched before
                await route.fulfill(status=200, headers=_headers(page), body=page.body)
                return
            if request.resource_type not in _TEXT or request.method != "GET" or asked >= MOST:
                await route.abort()
                return
            if request.is_navigation_request() and request.frame.parent_frame is None:
                await route.abort()  # a script that goes elsewhere: this page is what was asked for
                return
            asked += 1
            under_way += 1
            try:
                part = await self._fetcher.fetch(request.url)
                await route.fulfill(status=part.status, headers=_headers(part), body=part.body)
            except FetchError:
                with contextlib.suppress(Exception):
                    await route.abort()
            finally:
                under_way -= 1
                idle.set()

        try:
            await context.route("**/*", answer)
            await context.route_web_socket("**/*", lambda socket: socket.close())
            tab = await context.new_page()
            await tab.goto(page.final_url, wait_until="domcontentloaded", timeout=SECONDS * 1000)
            while True:  # done once nothing was asked for a while
                idle.clear()
                before = asked
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(idle.wait(), QUIET)
                if not under_way and before == asked and not idle.is_set():
                    break
            text: str = await tab.content()
            return text.encode("utf-8", "replace"), asked
        finally:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(context.close(), 10)

    async def _start(self) -> None:
        async with self._starting:
            if self._browser is not None and self._browser.is_connected():
                return
            try:
                from playwright.async_api import async_playwright
            except ImportError as error:
                raise NoBrowser(
                    "pages of this source need a browser: pip install 'dateline[render]'"
                ) from error
            self._driver = self._driver or await async_playwright().start()
            path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
            try:
                self._browser = await self._driver.chromium.launch(
                    executable_path=path,
                    args=list(_ARGUMENTS),
                    # a stranger's scripts run in Chromium's own sandbox, which root can't have
                    chromium_sandbox=os.geteuid() != 0,
                )
            except Exception as error:
                line = (str(error).strip().splitlines() or [""])[0][:200]
                raise NoBrowser(f"no Chromium: install one, or name it in CHROMIUM ({line})") from error


def _headers(page: Page) -> dict[str, str]:
    """What the browser is told: its body is inflated already, and it keeps nothing."""
    gone = (*_GONE[:3], "set-cookie", "strict-transport-security", "link")
    return {name: value for name, value in page.headers.items() if name not in gone}
