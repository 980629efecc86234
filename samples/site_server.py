"""Serves the sample news site on loopback, and points the sample digests at it.

The pages of `samples/site` belong to several made-up publishers; each has its own folder, which
stands for its host: http://127.0.0.2:8765/northern-herald/2023/05/16/… Pages and digests name the
site by a placeholder, http://sample.dateline.test, which is put right when a page is served and,
for digests, by `rewrite`.

    with serve_site() as site:
        digests = rewrite(samples / "digests", site.url, folder)

By itself (`python -m samples.site_server [PORT]`) it serves until it is interrupted.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

FOLDER = Path(__file__).parent
PLACEHOLDER = "http://sample.dateline.test"


@dataclass
class Site:
    """The running site. `url` has no slash at its end; `hits` counts requests by path."""

    url: str
    edited: bool = False  # the second version of the pages that were edited
    hits: Counter[str] = field(default_factory=Counter)

    def edit(self) -> None:
        """From now on, edited pages show their second version."""
        self.edited = True


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site
    routes: dict[str, dict[str, list[str | int]]]

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path).rstrip("/") or "/"
        self.site.hits[path] += 1
        if path == "/robots.txt":
            robots = f"User-agent: *\nAllow: /\nSitemap: {self.site.url}/sitemap.xml\n"
            self._answer(200, robots.encode(), "text/plain; charset=utf-8")
        elif path.endswith(".xml") and (file := FOLDER / "site" / path.lstrip("/")).is_file():
            body = file.read_bytes().replace(PLACEHOLDER.encode(), self.site.url.encode())
            self._answer(200, body, "application/xml")
        elif path in self.routes["redirects"]:
            target, status = self.routes["redirects"][path]
            self._answer(int(status), b"", "text/html", Location=str(target))
        elif path in self.routes["consent"]:
            self._page("/daily-tide/world/before-you-go-on", path)
        elif path in self.routes["edited"]:
            self._page(f"{path}.{2 if self.site.edited else 1}", path)
        else:
            self._page(path, path)

    do_HEAD = do_GET

    def _page(self, name: str, path: str) -> None:
        stem = FOLDER / "site" / name.lstrip("/")
        file = next(
            (file for file in (stem.with_name(stem.name + ".html"), stem / "index.html") if file.is_file()),
            None,
        )
        if file is None or (FOLDER / "site").resolve() not in file.resolve().parents:
            self._answer(404, b"<title>404</title><h1>Not found</h1>", "text/html; charset=utf-8")
            return
        body = file.read_bytes().replace(PLACEHOLDER.encode(), self.site.url.encode())
        charset = self.routes["charsets"].get(path, "utf-8")
        self._answer(200, body, f"text/html; charset={charset}" if charset else "text/html")

    def _answer(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: demo and tests show their own progress."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def serve_site(host: str = "127.0.0.2", port: int = 0) -> Iterator[Site]:
    """The sample site on `host`, at any free port if `port` is 0, until the block ends.

    Raises:
        OSError: the port is taken, or `host` is no address of this machine (macOS has no 127.0.0.2
            unless it is set up: give 127.0.0.1).
    """
    routes = json.loads((FOLDER / "site" / "routes.json").read_text())
    site = Site(url="")
    handler = type("Handler", (_Handler,), {"site": site, "routes": routes})
    with _Server((host, port), handler) as server:
        site.url = f"http://{host}:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


def rewrite(digests: Path, base_url: str, to_folder: Path) -> list[Path]:
    """Copies of all digests in a folder whose links lead to `base_url`; their paths, sorted.

    The placeholder is replaced as it stands and percent-encoded, as trackers carry it, once and twice.
    """
    to_folder.mkdir(parents=True, exist_ok=True)
    copies = []
    for file in sorted(path for path in digests.iterdir() if path.is_file()):
        data = file.read_bytes()
        old, new = PLACEHOLDER, base_url
        for _ in range(3):
            data = data.replace(old.encode(), new.encode())
            data = data.replace(old.encode("utf-16-le"), new.encode("utf-16-le"))
            old, new = quote(old, safe=""), quote(new, safe="")
        copy = to_folder / file.name
        copy.write_bytes(data)
        copies.append(copy)
    return copies


if __name__ == "__main__":
    with serve_site(port=int(sys.argv[1]) if len(sys.argv) > 1 else 8765) as running:
        print(running.url)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            pass
