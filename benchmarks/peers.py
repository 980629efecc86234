"""A peer over the bench's site: addresses in, articles kept as JSON lines. Runs in .venv-bench, imports
nothing of ours.

    python benchmarks/peers.py NAME URLS-FILE [JOBS]

Each as its own documentation runs it, with 32 requests at once, two to a host and no delay, robots.txt
obeyed where it can. Prints {"cpu", "wall", "pages"}: seconds from the first request to the last
article; importing is left out, and so is what a process pool needs to start.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any


def scrapy(urls: list[str], out: Any) -> int:
    """A spider with trafilatura in an item pipeline."""
    from scrapy import Spider
    from scrapy.crawler import CrawlerProcess
    from trafilatura import bare_extraction

    kept = 0

    class Extract:
        def process_item(self, item: Any) -> Any:
            nonlocal kept
            found = bare_extraction(item["body"], url=item["url"], with_metadata=True)
            if found is not None:
                kept += 1
                out.write(json.dumps(found.as_dict(), default=str) + "\n")
            return {"url": item["url"]}

    class News(Spider):
        name = "news"
        start_urls = urls

        def parse(self, response: Any) -> Any:
            yield {"url": response.url, "body": response.body}

    process = CrawlerProcess(
        {
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "ROBOTSTXT_OBEY": True,
            "CONCURRENT_REQUESTS": 32,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
            "DOWNLOAD_DELAY": 0,
            "ITEM_PIPELINES": {Extract: 1},
        }
    )
    process.crawl(News)
    process.start()
    return kept


def newsplease(urls: list[str], out: Any) -> int:
    """NewsPlease.from_urls, which fetches with a pool of its own."""
    from newsplease import NewsPlease

    kept = 0
    # without a time-out of its own it throws every result away
    for article in NewsPlease.from_urls(urls, {"timeout": 60}, fetch_images=False).values():
        if article and getattr(article, "maintext", None):
            kept += 1
            out.write(json.dumps(article.get_serializable_dict(), default=str) + "\n")
    return kept


def newspaper4k(urls: list[str], out: Any) -> int:
    """newspaper.article in a pool of threads."""
    import newspaper

    def one(url: str) -> dict[str, Any] | None:
        with contextlib.suppress(Exception):
            article = newspaper.article(url, fetch_images=False)
            return {"title": article.title, "text": article.text, "authors": article.authors}
        return None

    kept = 0
    with ThreadPoolExecutor(32) as threads:
        for found in threads.map(one, urls):
            if found and found["text"]:
                kept += 1
                out.write(json.dumps(found, default=str) + "\n")
    return kept


PEERS = {"scrapy": scrapy, "news-please": newsplease, "newspaper4k": newspaper4k}


def main() -> None:
    """Run one peer and print what it used; its children's time counts once they have ended."""
    name, urls = sys.argv[1], Path(sys.argv[2]).read_text().split()
    logging.disable(logging.CRITICAL)
    for library in ("trafilatura", "newspaper" if "paper" in name else "lxml", name.replace("-", "")):
        with contextlib.suppress(ImportError):
            __import__(library)
    began, before = time.monotonic(), os.times()
    with tempfile.TemporaryFile("w") as file, contextlib.redirect_stdout(io.StringIO()):
        kept = PEERS[name](urls, file)
    after = os.times()
    print(
        json.dumps(
            {
                "cpu": sum(after[:4]) - sum(before[:4]),
                "wall": time.monotonic() - began,
                "pages": len(urls),
                "kept": kept,
            }
        )
    )


if __name__ == "__main__":
    main()
