"""What the user names on the command line → Links: digests in files and folders, and bare URLs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dateline.models import Link
from dateline.urls import article_id, unwrap


@dataclass(slots=True)
class Discovered:
    """The links, and a line for each input in which something was wrong."""

    links: list[Link] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def discover(paths: Sequence[str], received: str | None = None) -> Discovered:
    """The links of all digests in `paths`; a path that is a URL is a link by itself.

    Args:
        paths: files, folders, globs, or http(s) URLs of articles.
        received: the day on which the digests came, where they don't say it themselves.
    """
    from dateline.sources.digest import find_digests, links_of, read_digest

    found = Discovered()
    urls = [path for path in paths if path.lower().startswith(("http://", "https://"))]
    for url in urls:
        found.links.append(Link(link_id=article_id(unwrap(url)), url=unwrap(url), source="command line"))
    files = [path for path in paths if path not in urls]
    for path in find_digests(files) if files else []:
        digest = read_digest(path, received=received)
        found.notes.extend(digest.notes)
        found.links.extend(links_of(digest))
    return found
