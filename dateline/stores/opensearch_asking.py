"""Searches as the OpenSearch store asks them: several in one request, each answered whole or refused."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from dateline.stores import opensearch_query
from dateline.stores.document import SEPARATOR, alias_key, compound, id_term
from dateline.stores.opensearch_client import Client, Missing, Rejected
from dateline.stores.opensearch_counting import counts
from dateline.stores.plan import Names

_MAX_IDS = 1_000  # entities that one name may stand for
_KEPT = 5_000  # names whose ids are remembered
# an answer from a part of the shards is none; one that nobody waits for any more stops costing the node
_BOUNDED = {"allow_partial_search_results": False, "cancel_after_time_interval": "20s"}
READ_PATIENCE = 5.0  # seconds: somebody waits for the answer


class Asking:
    """The part of the store that asks, see `opensearch.OpenSearchStore`."""

    def __init__(
        self,
        url: str,
        index: str = "dateline",
        *,
        refresh: bool = True,
        patience: float = 60.0,
        timeout: float = 60.0,
        given: bool = False,
    ) -> None:
        ca_certs = os.environ.get("OPENSEARCH_CA")
        self._client = Client(url, patience=patience, timeout=timeout, ca_certs=ca_certs)
        self._alias = index
        self._refresh = refresh
        self._patience = patience
        self._ready = False
        self._behind: tuple[str, ...] = ()  # the indices behind the alias, as seen last
        self._stood_for: Names = {}  # what names stood for when they were asked for last
        self._given = given  # the alias is there, or was removed on purpose: it is never made

    def _ask(self, method: str, path: str, body: Any, params: dict[str, Any] | None = None) -> Any:
        """The alias' answer; None where there is no index yet."""
        try:
            return self._client.ask(method, f"/{self._alias}/{path}", body, params, patience=READ_PATIENCE)
        except Missing:
            return None
        except Rejected as error:
            raise self._client.unavailable(str(error)) from error

    def _search(self, body: dict[str, Any]) -> Any:
        answers = self._searches([body])
        return answers[0] if answers else None

    def _searches(self, bodies: Sequence[dict[str, Any]]) -> list[Any] | None:
        """The answers of several searches, which the server works on side by side; those that only count
        it keeps until the index changes. None where there is no index yet."""
        try:
            return self._client.ask_each(
                f"/{self._alias}/_msearch",
                [(_BOUNDED | _type(body), body) for body in bodies],
                patience=READ_PATIENCE,
            )
        except Missing:
            return None
        except Rejected as error:
            raise self._client.unavailable(str(error)) from error

    def _resolve(self, asked: Iterable[str]) -> Names:
        """The ids that names stand for: by any alias, or as an id itself; most articles first."""
        return self._named(asked, lambda names: [])[0]

    def _named(
        self, asked: Iterable[str], bodies: Callable[[Names], Sequence[dict[str, Any]]]
    ) -> tuple[Names, list[Any] | None]:
        """What names stand for, and the answers of the searches that hang on it; None as `_searches`.

        Where all names were asked for before, both are one request: the searches go along with what the
        names stood for then, and are asked again if that has changed.
        """
        names = list(dict.fromkeys(asked))
        naming = list(map(_standing_for, names))
        kept = self._stood_for
        guess = {name: kept[name] for name in names if name in kept}
        guessed = bodies(guess) if len(guess) == len(names) else []
        answers = self._searches([*naming, *guessed]) if naming or guessed else []
        if answers is None:
            nobody: Names = {name: [] for name in names}
            bodies(nobody)  # a query that makes no sense is refused by an empty store too
            return nobody, None
        found = {name: _ids(name, answer) for name, answer in zip(names, answers, strict=False)}
        if found == guess:
            return found, answers[len(names) :]
        if len(self._stood_for) > _KEPT:
            self._stood_for = {}  # not emptied: a thread may be just about to look in it
        self._stood_for |= found
        wanted = bodies(found)
        return found, self._searches(wanted) if wanted else []

    def resolve(self, names: Iterable[str]) -> Names:
        return self._resolve(names)


def _ids(name: str, answer: Any) -> list[str]:
    counted = sorted(counts(answer["aggregations"]["aliases"]), key=lambda value: (-value[1], value[0]))
    ids = [value.partition(SEPARATOR)[2] for value, _ in counted]
    itself = [id_term(name)] if answer["aggregations"]["itself"]["doc_count"] else []
    return list(dict.fromkeys(itself + ids))


def _type(body: dict[str, Any]) -> dict[str, str]:
    # a word is as rare as it is in all shards and parts, not in the one that has the article; where
    # there is only one, the server takes the short way by itself
    scored = any("_score" in each for each in body.get("sort", ()))
    return {"search_type": "dfs_query_then_fetch"} if scored else {}


def _standing_for(name: str) -> dict[str, Any]:
    beginning = compound(alias_key(name), "")
    itself = {"term": {"entity": id_term(name)}}
    aliases = {"field": "alias", "include": opensearch_query.literal(beginning) + ".*", "size": _MAX_IDS}
    return {
        "size": 0,
        "query": {"bool": {"should": [{"prefix": {"alias": beginning}}, itself], "minimum_should_match": 1}},
        "aggs": {"aliases": {"terms": aliases}, "itself": {"filter": itself}},
    }
