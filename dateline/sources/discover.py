"""What the user names on the command line → Links: digests in files and folders, and bare URLs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dateline.models import Link
from dateline.urls import article_id, unwrap


@dataclass(slots=True)
class Discovered:
    """The links, and a line for each input in which something was wrong."""

    links: list[Link] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def discover(paths: Sequence[str], received: str | None = None) -> Discovered:
    """The links of all digests in `paths`; a path that is a URL is a link by itself.

    A path that names nothing, and a file that is no digest, leave a note; the others go on.

    Args:
        paths: files, folders, globs, or http(s) URLs of articles.
        received: the day on which the digests came, where they don't say it themselves.
    """
    from dateline.sources.digest import NoSuchDigest, find_digests, links_of, read_digest

    found = Discovered()
    files: dict[Path, None] = {}
    for path in paths:
        if path.lower().startswith(("http://", "https://")):
            url = unwrap(path)
            found.links.append(Link(link_id=article_id(url), url=url, source="command line"))
            continue
        try:
            files |= dict.fromkeys(find_digests([path]))
        except NoSuchDigest as error:
            found.notes.append(str(error))
    for file in files:
        digest = read_digest(file, received=received)
        found.notes.extend(digest.notes)
        found.links.extend(links_of(digest))
    return found
