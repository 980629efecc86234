"""JSON Feed 1.0 and 1.1."""

from __future__ import annotations

from typing import Any

import msgspec

from dateline.sources.found import More
from dateline.sources.reading import Gatherer, absolute, clean, language_code, moment_text, paragraphs, plain


def read_json(body: bytes, gather: Gatherer, url: str) -> None:
    """Put the items of a JSON Feed into `gather`; a note where it is none."""
    found = gather.found
    try:
        feed = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        try:
            feed = msgspec.json.decode(body.decode("utf-8", "replace").encode())
        except (msgspec.DecodeError, RecursionError) as error:
            found.notes.append(f"no JSON Feed: {error}"[:200])
            return
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        found.notes.append("JSON, but no JSON Feed: it has no list of items")
        return
    version = _text(feed.get("version")) or ""
    number = version.rstrip("/").rpartition("/")[2]
    found.kind = f"json feed {number}" if number in ("1", "1.1") else "json feed"
    found.title, found.home = (
        plain(_text(feed.get("title")), 300),
        absolute(_text(feed.get("home_page_url")), url),
    )
    found.language = language_code(_text(feed.get("language")))
    following = absolute(_text(feed.get("next_url")), url)
    if following and following != url:
        found.more.append(More(url=following, kind="page"))
    for hub in feed.get("hubs") or [] if isinstance(feed.get("hubs"), list) else []:
        address = absolute(_text(hub.get("url")), url) if isinstance(hub, dict) else None
        if address:
            found.more.append(More(url=address, kind="hub"))
    if feed.get("expired") is True:
        found.notes.append("the feed says that it is finished")
    shared = _authors(feed)
    for item in items:
        if isinstance(item, dict):
            gather.add(_address(item, url), _hints(item, shared, found.language, url))
        else:
            gather.left_out("no object")


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _address(item: dict[str, Any], url: str) -> str | None:
    for key in ("url", "external_url", "id"):
        text = _text(item.get(key))
        if text and (key != "id" or text.startswith(("http://", "https://"))) and absolute(text, url):
            return text
    return _text(item.get("url"))


def _authors(holder: dict[str, Any]) -> str | None:
    people = holder.get("authors") if isinstance(holder.get("authors"), list) else [holder.get("author")]
    names = [
        name
        for person in people or []
        if (name := plain(_text(person.get("name")) if isinstance(person, dict) else _text(person), 200))
    ]
    return "; ".join(dict.fromkeys(names[:20])) or None


def _hints(item: dict[str, Any], shared: str | None, language: str | None, url: str) -> dict[str, str | None]:
    tags = item.get("tags") if isinstance(item.get("tags"), list) else []
    labels = [label for tag in tags or [] if (label := plain(_text(tag), 100))]
    body = _text(item.get("content_html"))
    identity = item.get("id")
    return {
        "title": clean(_text(item.get("title"))),
        "summary": clean(_text(item.get("summary")), 2000)
        or plain(body)
        or clean(_text(item.get("content_text")), 2000),
        "text": paragraphs(body or _text(item.get("content_text"))),
        "author": _authors(item) or shared,
        "published": moment_text(_text(item.get("date_published"))),
        "updated": moment_text(_text(item.get("date_modified"))),
        "section": labels[0] if len(set(labels)) == 1 else None,
        "topics": "; ".join(dict.fromkeys(labels[:30])) or None,
        "language": language_code(_text(item.get("language"))) or language,
        "image": absolute(_text(item.get("image")) or _text(item.get("banner_image")), url),
        "id": clean(str(identity), 500) if isinstance(identity, (str, int)) else None,
        "place": "feed",
    }
