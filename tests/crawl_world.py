# ruff: noqa: E501 - pages and feeds read best on the lines that they are served on
"""A small news world on loopback: many sites that publish, edit, lie, move, vanish and break down.

Each site has an address of its own (127.0.x.y), all at one port. What a site shows follows the wound
clock; what it was asked stands in its log, by the real clock, where a crawler's manners can be judged.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from html import escape

from dateline import clock

H, D = dt.timedelta(hours=1), dt.timedelta(days=1)
KINDS = ("rss", "atom", "sitemap", "index", "section", "rss-liar", "rss-304", "rss-forgetful")
PLACES = "Tallinn Geneva Nairobi Lima Hanoi Oslo Quito Tunis Riga Porto Kyiv Dakar".split()
NAMES = "Vera Lind|Omar Haddad|Ines Costa|Pavel Novak|Ruth Adeyemi|Lars Holm|Mei Tanaka|Ana Sousa".split("|")
VERBS = "agreed to|refused to|promised to|were asked to|voted to|declined to".split("|")
DEEDS = (
    "open the harbour|close the bridge|cut the fares|raise the tolls|rebuild the market|sell the ferry"
    "|move the archive|dredge the canal|publish the accounts|hire more nurses|plant the avenue"
    "|repair the station|merge the two schools|ban heavy lorries|light the old town|measure the wells"
).split("|")
REASONS = (
    "after a night of talks|because the budget was late|against the advice of the engineers"
    "|with the help of a loan|despite protests in the square|before the summer season|as the court had ordered"
    "|following a vote of the council|under pressure from the unions|to the surprise of the opposition"
).split("|")


@dataclass(slots=True)
class Story:
    """An article of a site, and what becomes of it. Times are of the wound clock."""

    number: int
    published: dt.datetime
    edited: dt.datetime | None = None
    silent: bool = False
    gone: dt.datetime | None = None
    moved: dt.datetime | None = None


@dataclass(slots=True)
class Request:
    host: str
    path: str
    status: int
    began: float  # seconds of the machine's monotonic clock
    ended: float
    at: dt.datetime  # of the wound clock


@dataclass
class Site:
    """One publisher."""

    host: str
    kind: str
    stories: list[Story]
    canonical_lies: bool = False
    down: tuple[dt.datetime, dt.datetime] | None = None
    busy: tuple[dt.datetime, dt.datetime] | None = None  # answers 429 at first
    shut: tuple[dt.datetime, dt.datetime] | None = None  # robots.txt forbids all
    refused: int = 0
    edition: Counter[str] = field(default_factory=Counter)


class World:
    """`serve()` it; `sites`, and what they were asked in `log`."""

    def __init__(self, start: dt.datetime, sites: int, stories: int, days: int, seed: int = 5) -> None:
        self.start, self.end = start, start + days * D
        self.port = 0
        self.log: list[Request] = []
        self._random = random.Random(seed)
        self.sites = {site.host: site for site in (self._site(n, stories, days) for n in range(sites))}

    def _site(self, number: int, stories: int, days: int) -> Site:
        dice, start = self._random, self.start
        told = []
        for one in range(stories):
            story = Story(one, start + dice.uniform(-0.1, days - 1.2) * D)
            early = story.published < start + (days - 5.2) * D
            match dice.randrange(6):
                case 0 | 1 if early:
                    story.edited, story.silent = (
                        story.published + dice.uniform(20, 60) * H,
                        dice.random() < 0.5,
                    )
                case 2 if early:
                    story.gone = story.published + dice.uniform(20, 60) * H
                case 3 if early:
                    story.moved = story.published + dice.uniform(12, 60) * H
            told.append(story)
        site = Site(f"127.0.{10 + number // 200}.{1 + number % 200}", KINDS[number % len(KINDS)], told)
        site.canonical_lies = number % 7 == 3
        third = days / 7
        if number % 25 == 8:
            site.down = (start + third * D, start + 3 * third * D)
        if number % 25 == 9:
            site.busy = (start + third * D, start + 2 * third * D)
        if number % 25 == 10:
            site.shut = (start + 3 * third * D, start + 4.5 * third * D)
        return site

    def url(self, site: Site, path: str) -> str:
        return f"http://{site.host}:{self.port}{path}"

    def path(self, story: Story) -> str:
        return f"/world/{story.published:%Y/%m/%d}/story-{story.number}-of-the-day"

    def new_path(self, story: Story) -> str:
        return f"/archive/story-{story.number}-kept-for-good"

    def sources(self) -> str:
        """The world's sources.toml."""
        lines = ['[defaults]\nfloor = "2h"\nceiling = "8h"\n']
        for number, site in enumerate(self.sites.values()):
            kind, path = {
                "sitemap": ("sitemap", "/news.xml"),
                "index": ("sitemap", "/sitemap-of-sitemaps.xml"),
                "section": ("section", "/world"),
            }.get(site.kind, ("feed", "/feed"))
            lines.append(f'[sources.site-{number}]\nkind = "{kind}"\naddress = "{self.url(site, path)}"')
            lines.append('link_pattern = "/(world|archive)/.*story-"\n' if kind == "section" else "")
        return "\n".join(lines)

    # --- what a site shows ---

    def text(self, site: Site, story: Story, edited: bool) -> list[str]:
        dice = random.Random(f"{site.host} {story.number}")
        paragraphs = []
        for part in range(5):
            place, name = dice.choice(PLACES), dice.choice(NAMES)
            said = [
                f"Officials in {place} {dice.choice(VERBS)} {dice.choice(DEEDS)} {dice.choice(REASONS)}."
                for _ in range(3)
            ]
            count = dice.randrange(12, 900) + (7 if edited and part == 1 else 0)
            paragraphs.append(f"{' '.join(said)} {name} counted {count} people in the hall that evening.")
        return paragraphs

    def title(self, site: Site, story: Story) -> str:
        dice = random.Random(f"title {site.host} {story.number}")
        return f"{dice.choice(PLACES)} {dice.choice(VERBS)} {dice.choice(DEEDS)}, {dice.choice(REASONS)}"

    def article(self, site: Site, story: Story, now: dt.datetime) -> str:
        edited = story.edited is not None and now >= story.edited
        modified = story.edited if edited and not story.silent and story.edited else story.published
        path = self.new_path(story) if story.moved and now >= story.moved else self.path(story)
        canonical = self.url(site, "/" if site.canonical_lies else path)
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": self.title(site, story),
            "datePublished": f"{story.published:%Y-%m-%dT%H:%M:%SZ}",
            "dateModified": f"{modified:%Y-%m-%dT%H:%M:%SZ}",
            "author": {"@type": "Person", "name": NAMES[story.number % len(NAMES)]},
        }
        body = "".join(f"<p>{escape(text)}</p>" for text in self.text(site, story, edited))
        title = escape(self.title(site, story))
        return (
            f'<!doctype html><html lang="en"><head><title>{title}</title><link rel="canonical" href="{canonical}">'
            f'<script type="application/ld+json">{json.dumps(data)}</script></head><body><nav><a href="/">Home</a>'
            f"</nav><article><h1>{title}</h1>{body}</article><footer>All rights reserved</footer></body></html>"
        )

    def listed(self, site: Site, now: dt.datetime) -> list[tuple[Story, str]]:
        told = sorted(
            (s for s in site.stories if s.published <= now), key=lambda s: s.published, reverse=True
        )
        return [
            (story, self.new_path(story) if story.moved and now >= story.moved else self.path(story))
            for story in told
            if story.gone is None or now < story.gone
        ]

    def feed(self, site: Site, now: dt.datetime) -> str:
        items = []
        lies = site.kind == "rss-liar"
        for story, path in self.listed(site, now):
            url = self.url(site, path)
            for variant in ("?utm_source=rss&utm_medium=" + str(random.random()), "/amp") if lies else ("",):
                items.append(
                    f"<item><title>{escape(self.title(site, story))}</title><link>{escape(url + variant)}</link>"
                    f"<pubDate>{format_datetime(story.published if not lies else now + 300 * D)}</pubDate></item>"
                )
        built = f"<ttl>999999</ttl><lastBuildDate>{format_datetime(now)}</lastBuildDate>" if lies else ""
        return (
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>{site.host}</title>'
            f"<link>{self.url(site, '/')}</link>{built}{''.join(items)}</channel></rss>"
        )

    def atom(self, site: Site, now: dt.datetime) -> str:
        entries = "".join(
            f"<entry><id>{self.url(site, path)}</id><title>{escape(self.title(site, story))}</title>"
            f'<link href="{path}"/><published>{story.published:%Y-%m-%dT%H:%M:%SZ}</published>'
            f"<updated>{story.published:%Y-%m-%dT%H:%M:%SZ}</updated></entry>"
            for story, path in self.listed(site, now)
        )
        return (
            f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{self.url(site, "/")}"><id>x</id>'
            f"<title>{site.host}</title>{entries}</feed>"
        )

    def sitemap(self, site: Site, path: str, now: dt.datetime) -> str | None:
        listed = self.listed(site, now)
        days = sorted({f"{story.published:%Y-%m-%d}" for story, _ in listed})
        head = '<?xml version="1.0"?>'
        space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        if path == "/sitemap-of-sitemaps.xml":
            children = [self.url(site, "/sitemap-news-index.xml")]
            return f"{head}<sitemapindex {space}>" + "".join(
                f"<sitemap><loc>{child}</loc></sitemap>" for child in children
            ) + "</sitemapindex>"  # fmt: skip
        if path == "/sitemap-news-index.xml":
            said = "".join(
                f"<sitemap><loc>{self.url(site, f'/sitemap-{day}.xml')}</loc><lastmod>{self._last(listed, day)}"
                "</lastmod></sitemap>"
                for day in days
            )
            return f"{head}<sitemapindex {space}>{said}</sitemapindex>"
        day = path.removeprefix("/sitemap-").removesuffix(".xml")
        urls = "".join(
            f"<url><loc>{self.url(site, where)}</loc><lastmod>{story.published:%Y-%m-%dT%H:%M:%SZ}</lastmod></url>"
            for story, where in listed
            if path == "/news.xml" or f"{story.published:%Y-%m-%d}" == day
        )
        return f"{head}<urlset {space}>{urls}</urlset>" if path == "/news.xml" or day in days else None

    def _last(self, listed: list[tuple[Story, str]], day: str) -> str:
        times = [story.published for story, _ in listed if f"{story.published:%Y-%m-%d}" == day]
        return f"{max(times):%Y-%m-%dT%H:%M:%SZ}"

    def answer(
        self, site: Site, path: str, headers: dict[str, str], now: dt.datetime
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        path = path.partition("?")[0]
        if path == "/robots.txt":
            shut = site.shut is not None and site.shut[0] <= now < site.shut[1]
            return (
                200,
                {"Content-Type": "text/plain"},
                b"User-agent: *\nDisallow: " + (b"/\n" if shut else b"/x/\n"),
            )
        if site.busy and site.busy[0] <= now < site.busy[1] and site.refused < 3:
            site.refused += 1
            return 429, {"Retry-After": "7200"}, b"slowly, please"
        html = {"Content-Type": "text/html; charset=utf-8"}
        text: str | None = None
        if path == "/feed":
            html = {"Content-Type": "text/html" if site.kind == "rss-liar" else "application/rss+xml"}
            text = self.atom(site, now) if site.kind == "atom" else self.feed(site, now)
            if site.kind == "rss-304" and "if-none-match" in headers and site.edition[path] < 4:
                site.edition[path] += 1  # says for a while that nothing is new, whatever is
                return 304, {"ETag": '"frozen"'}, b""
            site.edition[path] = 0
        elif path.endswith(".xml"):
            html, text = {"Content-Type": "application/xml"}, self.sitemap(site, path, now)
        elif path == "/world":
            links = "".join(f'<li><a href="{where}">{escape(self.title(site, s))}</a></li>'
                            for s, where in self.listed(site, now))  # fmt: skip
            text = f"<html><body><h1>World</h1><ul>{links}</ul><a href='/about'>About</a></body></html>"
        elif path == "/":
            text = "<html><body><h1>Home</h1></body></html>"
        for story in site.stories:
            at = path.removesuffix("/amp")
            if at not in (self.path(story), self.new_path(story)) or story.published > now:
                continue
            if story.gone and now >= story.gone:
                return 410, html, b"<h1>Gone</h1>"
            if story.moved and now >= story.moved and at == self.path(story):
                return 301, {"Location": self.new_path(story)}, b""
            text = self.article(site, story, now)
        if text is None:
            return 404, html, b"<h1>Not found</h1>"
        body = text.encode()
        if site.kind == "rss-liar" or (site.kind == "rss-forgetful" and path != "/feed"):
            return 200, html, body  # no validators
        etag = (
            '"frozen"' if site.kind == "rss-304" and path == "/feed" else f'"{hashlib.md5(body).hexdigest()}"'
        )
        if headers.get("if-none-match") == etag and etag != '"frozen"':
            return 304, {"ETag": etag}, b""
        return 200, html | {"ETag": etag}, body

    # --- serving ---

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        site = self.sites[host]
        try:
            while line := await reader.readline():
                began, now = time.monotonic(), clock.now()
                path = line.split()[1].decode()
                headers = {}
                while (header := (await reader.readline()).decode("latin-1").strip()) != "":
                    name, _, value = header.partition(":")
                    headers[name.lower()] = value.strip()
                if site.down and site.down[0] <= now < site.down[1]:
                    self.log.append(Request(host, path, 0, began, time.monotonic(), now))
                    break
                status, answer, body = self.answer(site, path, headers, now)
                head = "".join(f"{name}: {value}\r\n" for name, value in answer.items())
                size = "" if status == 304 else f"Content-Length: {len(body)}\r\n"
                self.log.append(Request(host, path, status, began, time.monotonic(), now))
                writer.write(f"HTTP/1.1 {status} X\r\n{head}{size}\r\n".encode() + body)
                await writer.drain()
        except (ConnectionError, IndexError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _open(self) -> list[asyncio.Server]:
        servers = []
        for host in self.sites:
            servers.append(await asyncio.start_server(self._talk, host, self.port))
            self.port = servers[0].sockets[0].getsockname()[1]
        return servers

    @contextmanager
    def serve(self) -> Iterator[None]:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        servers = asyncio.run_coroutine_threadsafe(self._open(), loop).result(30)
        try:
            yield
        finally:
            for server in servers:
                loop.call_soon_threadsafe(server.close)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)
