"""Which folder of an embedded store answers, and which one is being built beside it.

`current.json` in the store's folder names them; it is replaced in one step, so that a reader sees the
one or the other. Without it the folder of this mapping answers (`v3`).
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import msgspec

from dateline.models import from_json
from dateline.stores.base import StoreUnavailable
from dateline.stores.document import VERSION

NAME = f"v{VERSION}"


class State(msgspec.Struct, kw_only=True, frozen=True):
    """Names of folders; `since` (UTC) is when the current one took the former one's place."""

    current: str = NAME
    building: str | None = None
    former: str | None = None
    since: dt.datetime | None = None


class Folders:
    """The folders of the store in `root`; other processes may change them at any time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._file = root / "current.json"
        self._read: tuple[bytes, State] = (b"", State())

    def state(self) -> State:
        """What holds now.

        The file is looked into each time: two of its successors may have the time and the number
        of the first, where a clock ticks seldom and a file system gives a number again at once.
        """
        try:
            found = self._file.read_bytes()
            raw, state = self._read
            if found != raw:
                state = from_json(found, State)
                self._read = found, state
        except FileNotFoundError:
            return State()
        except (OSError, msgspec.DecodeError) as error:
            raise StoreUnavailable(f"{self._file} can't be read ({error}): {REBUILD}") from error
        return state

    def write(self, state: State) -> None:
        """Make it hold, in one step and durably; what no name leads to any more is removed."""
        self.root.mkdir(parents=True, exist_ok=True)
        part = self._file.with_name(f"current.{os.getpid()}.part")
        with part.open("wb") as file:
            file.write(msgspec.json.encode(state))
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._file)
        kept = {state.current, state.building, state.former}
        for folder in self.root.glob(f"{NAME}-*"):
            if folder.is_dir() and folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    def ready(self, name: str) -> bool:
        """Whether a folder holds an index of this mapping."""
        return fits(name) and (self.root / name / "meta.json").exists()

    def check(self, name: str) -> None:
        """Refuse a folder of another mapping, and an empty one beside the index of another mapping.

        Raises:
            StoreUnavailable: says how to build the index again.
        """
        others = [path.parent.name for path in self.root.glob("v*/meta.json")]
        other = next((one for one in sorted(others) if not fits(one)), None)
        if not fits(name) or (other and not any(map(fits, others))):
            raise StoreUnavailable(
                f"the index in {self.root / (other or name)} was not made for this version of Dateline: "
                f"{REBUILD}"
            )


REBUILD = "`dateline replay` builds it again from the journal and the archive"


def fits(name: str) -> bool:
    """Whether a folder is of this mapping."""
    return name == NAME or name.startswith(f"{NAME}-")
