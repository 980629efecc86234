"""Which index of an OpenSearch store answers, and which one is being built beside it: by aliases.

    dateline            the index that answers
    dateline-building   the one that is being built; all writes go there too
    dateline-former     the one that answered before the last rebuild

All indexes begin with `dateline-v`; aliases move in one request, so that no search falls between. Where
an index has parts (`opensearch_parts`), each alias is one for all of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from dateline.stores import opensearch_parts, opensearch_schema
from dateline.stores.base import StoreUnavailable
from dateline.stores.document import VERSION
from dateline.stores.opensearch_client import Client


@dataclass(slots=True, frozen=True)
class Names:
    """The indexes behind the aliases, None where there is none."""

    current: str | None
    building: str | None
    former: str | None
    parts: dict[str, list[str]] = field(default_factory=dict, compare=False)  # of each of them

    def whole(self, base: str) -> list[str]:
        """An index and its parts."""
        return [base, *self.parts.get(base, [])]


def building(alias: str) -> str:
    """The alias of the index that is being built."""
    return f"{alias}-building"


def _former(alias: str) -> str:
    return f"{alias}-former"


def read(client: Client, alias: str) -> Names:
    """What the aliases stand for now."""
    answer = client.ask("GET", f"/{alias}-v*/_alias")
    bases = {index: row for index, row in answer.items() if not opensearch_parts.is_part(index)}
    found = {name: index for index, row in bases.items() for name in row.get("aliases", {})}
    parts: dict[str, list[str]] = {}
    for index in sorted(answer.keys() - bases.keys()):
        parts.setdefault(opensearch_parts.base_of(index), []).append(index)
    return Names(found.get(alias), found.get(building(alias)), found.get(_former(alias)), parts)


def _delete(client: Client, indices: list[str]) -> None:
    for start in range(0, len(indices), 40):  # an address may have 4,096 bytes
        client.ask("DELETE", f"/{','.join(indices[start : start + 40])}")


def _add(indices: list[str], alias: str) -> list[dict[str, dict[str, object]]]:
    """An index and its parts behind an alias; what names no part is written to the index."""
    return [
        {"add": {"index": index, "alias": alias, "is_write_index": number == 0}}
        for number, index in enumerate(indices)
    ]


def _remove(indices: list[str], alias: str) -> list[dict[str, dict[str, object]]]:
    # a part that was made a moment ago may not be behind it yet
    return [{"remove": {"index": index, "alias": alias, "must_exist": False}} for index in indices]


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
    whole = names.whole(names.building)
    if names.building == names.former:
        client.ask("POST", "/_aliases", {"actions": _remove(whole, building(alias))})
    else:
        _delete(client, whole)


def swap(client: Client, alias: str) -> None:
    """The index that was built answers, the one that answered is the former, in one request.

    Raises:
        StoreUnavailable: nothing is being built.
    """
    names = read(client, alias)
    if names.building is None:
        raise StoreUnavailable("no index is being built")
    client.ask("POST", f"/{building(alias)}/_refresh")
    since = dt.datetime.now(dt.UTC).isoformat()
    client.ask("PUT", f"/{names.building}/_mapping", {"_meta": {"mapping": VERSION, "since": since}})
    names = read(client, alias)  # parts come while it is written to
    assert names.building is not None
    actions = _remove(names.whole(names.building), building(alias)) + _add(names.whole(names.building), alias)
    if names.former is not None:
        actions += _remove(names.whole(names.former), _former(alias))
    if names.current is not None:
        whole = names.whole(names.current)
        actions += _remove(whole, alias)
        actions += [{"add": {"index": index, "alias": _former(alias)}} for index in whole]
    client.ask("POST", "/_aliases", {"actions": actions})
    if names.former not in (None, names.building, names.current):
        _delete(client, names.whole(names.former))
    _put_right(client, alias)


def _put_right(client: Client, alias: str) -> None:
    """Parts that were made in the moment of the swap go where their index went."""
    names = read(client, alias)
    bases = {alias: names.current, _former(alias): names.former}
    there = client.ask("GET", f"/{alias}-v*/_alias")
    actions: list[dict[str, dict[str, object]]] = []
    for index, row in there.items():
        for name, base in bases.items():
            belongs = base is not None and opensearch_parts.base_of(index) == base
            if name in row.get("aliases", {}) and not belongs:
                actions += _remove([index], name)
            elif belongs and name not in row.get("aliases", {}):
                actions.append({"add": {"index": index, "alias": name}})
    if actions:
        client.ask("POST", "/_aliases", {"actions": actions})


def adopt_former(client: Client, alias: str) -> dt.datetime:
    """See `Store.adopt_former`."""
    names = read(client, alias)
    if names.former is None or names.current is None:
        raise StoreUnavailable(f"there is no former index behind {alias} to go back to")
    mappings = client.ask("GET", f"/{names.former},{names.current}/_mapping")
    if mappings[names.former]["mappings"].get("_meta", {}).get("mapping") != VERSION:
        raise StoreUnavailable(f"the former index {names.former} was made by another version of Dateline")
    if names.building not in (None, names.former):
        _delete(client, names.whole(names.building))
    client.ask("POST", "/_aliases", {"actions": _add(names.whole(names.former), building(alias))})
    client.ask("POST", f"/{alias}/_refresh")  # what was written a moment ago is found by a scan
    since = mappings[names.current]["mappings"]["_meta"].get("since")
    return dt.datetime.fromisoformat(since) if since else dt.datetime.min.replace(tzinfo=dt.UTC)
