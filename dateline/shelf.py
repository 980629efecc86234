"""Where closed archive files go when the local disk is not their place: an object store, by fsspec.

DATELINE_ARCHIVE names it: `s3://bucket/folder` (with the extra `dateline[s3]`; address and credentials
as AWS' own tools read them, AWS_ENDPOINT_URL for a server of one's own), or any other address that an
installed fsspec backend understands. A file is written on the local disk, where every record is durable
at once, and put on the shelf once it is closed; only when the shelf has all its bytes does the local
copy go. A location ("file:offset:record-id") stays what it was: one range of bytes is read.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

log = logging.getLogger(__name__)

_BLOCK = 256 * 1024  # bytes asked for at once: most pages are less, packed


class ShelfError(Exception):
    """The shelf can't be used; the message says which and why."""


class Shelf:
    """A folder of an object store. Nothing is asked before the first use."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._opened: tuple[Any, str] | None = None

    def put(self, path: Path) -> None:
        """Copy a closed file there, whole.

        Raises:
            ShelfError: it did not arrive as it is here; the local one is untouched.
        """
        files, root = self._files()
        target = f"{root}/{path.name}"
        try:
            files.put_file(str(path), target)
            files.invalidate_cache()
            arrived, sent = files.size(target), path.stat().st_size
        except Exception as error:  # each backend has errors of its own
            raise ShelfError(f"{path.name} can't be put into {self.url}: {error}") from error
        if arrived != sent:
            raise ShelfError(f"{path.name} in {self.url} has {arrived} bytes of {sent}")

    def open(self, name: str) -> BinaryIO:
        """A file of the shelf, to be read from any place.

        Raises:
            FileNotFoundError: there is none of this name.
            ShelfError: the shelf does not answer.
        """
        files, root = self._files()
        try:
            return cast(BinaryIO, files.open(f"{root}/{name}", "rb", block_size=_BLOCK))
        except FileNotFoundError:
            raise
        except Exception as error:
            raise ShelfError(f"{name} can't be read from {self.url}: {error}") from error

    def names(self) -> list[str]:
        """The archive files there, oldest first."""
        files, root = self._files()
        try:
            found: Sequence[str] = files.ls(root, detail=False)
        except FileNotFoundError:
            return []
        except Exception as error:
            raise ShelfError(f"{self.url} can't be listed: {error}") from error
        return sorted(name for path in found if (name := path.rsplit("/", 1)[-1]).endswith(".warc.gz"))

    def _files(self) -> tuple[Any, str]:
        if self._opened is None:
            from fsspec.core import url_to_fs

            try:
                files, root = url_to_fs(self.url)
            except (ImportError, ValueError) as error:
                raise ShelfError(
                    f"DATELINE_ARCHIVE is {self.url!r}: {error} (for s3:// install dateline[s3])"
                ) from error
            self._opened = files, str(root).rstrip("/")
        return self._opened


def shelf() -> Shelf | None:
    """The shelf that the environment names, if any."""
    url = os.environ.get("DATELINE_ARCHIVE", "").strip()
    return Shelf(url) if url else None


def ship(folder: Path, to: Shelf) -> None:
    """Put all closed files of a folder on the shelf, and remove those that arrived.

    What can't be put now stays, is read from here, and is tried again when the next file is begun.
    """
    for path in sorted(folder.glob("*.warc.gz")):
        try:
            to.put(path)
            path.unlink()
        except FileNotFoundError:
            pass  # another process was quicker
        except (ShelfError, OSError) as error:
            log.warning("%s; it stays in %s for now", error, folder)
            return
