"""Our own bulk loop: what was sent is compared with what was answered, item by item.

opensearch-py's helpers do not retry items that were turned away with 429, and report success for
items that the answer leaves out. Here an item is done only when an answer names its id and says so;
all others are sent again until patience ends. Writes carry their version, so sending twice is harmless.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from dateline.stores.base import StoreDenied
from dateline.stores.opensearch_client import (
    Client,
    Missing,
    Passing,
    Rejected,
    denies,
    passes,
    pauses,
    reason_of,
)

MAX_BYTES = 8_000_000  # of one request, unless a single document is larger
MAX_ITEMS = 500


@dataclass(slots=True, frozen=True)
class Item:
    """One action of a bulk request: its two lines (a deletion has one), ready to send."""

    id: str
    lines: bytes


@dataclass(slots=True, frozen=True)
class Done:
    """How an item ended. "stands" means that the same or a newer version stands; `refused` has a
    reason."""

    status: Literal["created", "updated", "deleted", "stands", "absent", "refused"]
    reason: str = ""


def send(client: Client, items: Iterable[Item], patience: float) -> dict[str, Done]:
    """How each item ended, by id; ids are distinct.

    Raises:
        Missing: there is no such index, and none is made by itself.
        StoreDenied: we may not write.
        StoreUnavailable: some items got no answer in time; sending them again is harmless.
    """
    done: dict[str, Done] = {}
    for batch in _batches(items):
        done |= _send_batch(client, batch, patience)
    return done


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    size = 0
    for item in items:
        if batch and (size + len(item.lines) > MAX_BYTES or len(batch) >= MAX_ITEMS):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += len(item.lines)
    if batch:
        yield batch


def _send_batch(client: Client, batch: list[Item], patience: float) -> dict[str, Done]:
    done: dict[str, Done] = {}
    pending = {item.id: item for item in batch}
    problem = ""
    for _ in pauses(patience):
        try:
            answer = client.ask_once(
                "POST",
                "/_bulk",
                b"".join(item.lines for item in pending.values()),
                # an alias is required: a bulk to a name that is none would make an index of its own
                {"require_alias": "true"},
            )
        except Passing as error:
            problem = str(error)
            continue
        except Rejected as error:
            if error.status != 413:
                raise client.unavailable(str(error)) from error
            return done | _send_halves(client, list(pending.values()), patience, error)
        problem = ""
        for id, status, error_ in _answered(answer):
            if id not in pending:
                continue
            end = _end(status, error_)
            if end is None:
                problem = reason_of(error_)
                continue
            done[id] = end
            del pending[id]
        if not pending:
            return done
        problem = problem or f"the answer leaves out {len(pending)} of {len(batch)} documents"
    raise client.unavailable(f"{len(pending)} of {len(batch)} documents without an answer, {problem}")


def _send_halves(client: Client, batch: list[Item], patience: float, error: Rejected) -> dict[str, Done]:
    """Too large together: each half for itself, and one that is too large alone is refused."""
    if len(batch) == 1:
        size = len(batch[0].lines)
        return {batch[0].id: Done("refused", f"too large for the server, {size:,} bytes: {error}")}
    half = len(batch) // 2
    first = _send_batch(client, batch[:half], patience)
    return first | _send_batch(client, batch[half:], patience)


def _answered(answer: Any) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """(id, status, error) of each item that the answer holds, whatever shape the rest has."""
    items = answer.get("items") if isinstance(answer, dict) else None
    for item in items if isinstance(items, list) else []:
        for action in item.values() if isinstance(item, dict) else []:
            if isinstance(action, dict) and isinstance(action.get("status"), int):
                error = action.get("error") or {"type": action.get("result", "")}
                error = error if isinstance(error, dict) else {"type": str(error)}
                yield str(action.get("_id")), action["status"], error


def _end(status: int, error: dict[str, Any]) -> Done | None:
    """What an item's status means; None to send it again.

    Raises:
        Missing, StoreDenied: see `send`.
    """
    if status in (200, 201):
        result = error.get("type")
        return Done("created" if status == 201 else "deleted" if result == "deleted" else "updated")
    if status == 409:
        return Done("stands")
    if passes(status, error):
        return None
    if denies(status, error):
        raise StoreDenied(f"OpenSearch does not let us write ({reason_of(error)}): check user and role")
    if error.get("type") == "index_not_found_exception":
        raise Missing(reason_of(error))
    if status == 404:
        return Done("absent")
    return Done("refused", reason_of(error))
