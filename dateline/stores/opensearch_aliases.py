"""Which index of an OpenSearch store answers, and which one is being built beside it: by aliases.

    dateline            the index that answers
    dateline-building   the one that is being built; all writes go there too
    dateline-former     the one that answered before the last rebuild

All indexes begin with `dateline-v`; aliases move in one request, so that no search falls between.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dateline.stores import opensearch_schema
from dateline.stores.base import StoreUnavailable
from dateline.stores.document import VERSION
from dateline.stores.opensearch_client import Client


@dataclass(slots=True, frozen=True)
class Names:
    """The indexes behind the aliases, None where there is none."""

    current: str | None
    building: str | None
    former: str | None


def building(alias: str) -> str:
    """The alias of the index that is being built."""
    return f"{alias}-building"


def _former(alias: str) -> str:
    return f"{alias}-former"


def read(client: Client, alias: str) -> Names:
    """What the aliases stand for now."""
    answer = client.ask("GET", f"/{alias}-v*/_alias")
    found = {name: index for index, row in answer.items() for name in row.get("aliases", {})}
    return Names(found.get(alias), found.get(building(alias)), found.get(_former(alias)))


def begin(client: Client, alias: str) -> None:
    """A new index to be built; one that was left unfinished is removed."""
    abandon(client, alias)
    body = {
        "settings": opensearch_schema.settings(),
        "mappings": opensearch_schema.mapping(),
        "aliases": {building(alias): {"is_write_index": True}},
    }
    client.ask("PUT", f"/{alias}-v{VERSION}-{dt.datetime.now(dt.UTC):%Y%m%d%H%M%S%f}", body)


def abandon(client: Client, alias: str) -> None:
    """Remove what is being built; the former index only ceases to be taken up again."""
    names = read(client, alias)
    if names.building is None:
        return
    if names.building == names.former:
        gone = {"remove": {"index": names.building, "alias": building(alias)}}
        client.ask("POST", "/_aliases", {"actions": [gone]})
    else:
        client.ask("DELETE", f"/{names.building}")


def swap(client: Client, alias: str) -> None:
    """The index that was built answers, the one that answered is the former, in one request.

    Raises:
        StoreUnavailable: nothing is being built.
    """
    names = read(client, alias)
    if names.building is None:
        raise StoreUnavailable("no index is being built")
    client.ask("POST", f"/{names.building}/_refresh")
    since = dt.datetime.now(dt.UTC).isoformat()
    client.ask("PUT", f"/{names.building}/_mapping", {"_meta": {"mapping": VERSION, "since": since}})
    actions: list[dict[str, dict[str, object]]] = [
        {"remove": {"index": names.building, "alias": building(alias)}},
        {"add": {"index": names.building, "alias": alias, "is_write_index": True}},
    ]
    if names.former is not None:
        actions.append({"remove": {"index": names.former, "alias": _former(alias)}})
    if names.current is not None:
        actions.append({"remove": {"index": names.current, "alias": alias}})
        actions.append({"add": {"index": names.current, "alias": _former(alias)}})
    client.ask("POST", "/_aliases", {"actions": actions})
    if names.former not in (None, names.building, names.current):
        client.ask("DELETE", f"/{names.former}")


def adopt_former(client: Client, alias: str) -> dt.datetime:
    """See `Store.adopt_former`."""
    names = read(client, alias)
    if names.former is None or names.current is None:
        raise StoreUnavailable(f"there is no former index behind {alias} to go back to")
    mappings = client.ask("GET", f"/{names.former},{names.current}/_mapping")
    if mappings[names.former]["mappings"].get("_meta", {}).get("mapping") != VERSION:
        raise StoreUnavailable(f"the former index {names.former} was made by another version of Dateline")
    if names.building not in (None, names.former):
        client.ask("DELETE", f"/{names.building}")
    add = {"add": {"index": names.former, "alias": building(alias), "is_write_index": True}}
    client.ask("POST", "/_aliases", {"actions": [add]})
    client.ask("POST", f"/{names.current}/_refresh")  # what was written a moment ago is found by a scan
    since = mappings[names.current]["mappings"]["_meta"].get("since")
    return dt.datetime.fromisoformat(since) if since else dt.datetime.min.replace(tzinfo=dt.UTC)
