"""Folders that digests are put into, and mailboxes that newsletters come to → Found.

A mailbox is a maildir, an mbox file, or a folder of .eml files. Each delivery has a key that stays
its own (path, size and time of a file; hash of a message), so that a watcher reads it once.
"""

from __future__ import annotations

import hashlib
import mailbox
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dateline.sources.catalogue import Source
from dateline.sources.found import Found

MAX_BYTES = 64 * 1024 * 1024  # of one message
_UNFINISHED = re.compile(r"^[.~]|\.(?:tmp|part|partial|crdownload|swp|lock|filepart|new)$|~$", re.I)


@dataclass(slots=True, frozen=True)
class Delivery:
    """A digest that came: its key, the name it is known by, and where its bytes are."""

    key: str
    name: str
    path: Path
    load: Callable[[], bytes]


def deliveries(source: Source) -> Iterator[Delivery]:
    """What lies in the source's folder or mailbox, in a fixed order; files still being written are not there.

    Raises:
        OSError: the folder can't be read.
    """
    path = Path(source.address)
    if source.kind == "mailbox" and path.is_dir() and (path / "cur").is_dir():
        yield from _maildir(path)
    elif source.kind == "mailbox" and path.is_file() and path.suffix.lower() != ".eml":
        yield from _mbox(path)
    else:
        from dateline.sources.digest import NoSuchDigest, find_digests

        try:
            files = find_digests([source.address])
        except NoSuchDigest as error:
            raise FileNotFoundError(str(error)) from error
        for file in sorted(files):
            if not _UNFINISHED.search(file.name):
                status = file.stat()
                yield Delivery(
                    f"{file}|{status.st_size}|{status.st_mtime_ns}", file.name, file, file.read_bytes
                )


def read_delivery(source: Source, delivery: Delivery) -> Found:
    """The items of one delivery as links; what can't be read gives none and a note."""
    from dateline.sources.digest import links_of, read_digest

    found = Found(kind="digest")
    try:
        data = delivery.load()
    except OSError as error:
        found.notes.append(f"{delivery.name}: can't be read: {error.strerror}")
        return found
    digest = read_digest(delivery.name, data)
    found.notes.extend(digest.notes)
    for link in links_of(digest):
        link.source = source.link_source
        if source.takes(link.url or ""):
            if source.language:
                link.hints.setdefault("language", source.language)
            found.links.append(link)
    return found


def _maildir(path: Path) -> Iterator[Delivery]:
    """Messages of a maildir; `tmp` holds what is still being delivered. Flags after ":2," may change."""
    files = [file for part in ("cur", "new") for file in (path / part).iterdir() if file.is_file()]
    for file in sorted(files, key=lambda file: file.name):
        name = file.name.partition(":2,")[0]
        yield Delivery(f"{path}|{name}", f"{name}.eml", file, file.read_bytes)


def _mbox(path: Path) -> Iterator[Delivery]:
    box = mailbox.mbox(path, create=False)
    try:
        for number in box.iterkeys():
            data = box.get_bytes(number)
            if len(data) <= MAX_BYTES:
                digest = hashlib.blake2b(data, digest_size=12).hexdigest()
                name = f"{path.stem}-{digest[:8]}.eml"
                yield Delivery(f"{path}|{digest}", name, path, partial(bytes, data))
    finally:
        box.close()
