"""Requests to OpenSearch: what went wrong, and what that means.

    try again   no connection, a time-out, 429, 502 to 504, a block that lifts (disk full, index
                closed or being recovered): with growing pauses until patience ends, then
                `StoreUnavailable`
    refused     the document itself (its mapping, its size): a dead letter with the server's reason
    stop        401 and 403: `StoreDenied` at once

opensearch-py's own retries are off: they know nothing of items, and would hide how long we wait.
Its `timeout` is that of the client; the server's is passed in `params`.
"""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from dateline.query import QueryError
from dateline.stores.base import StoreDenied, StoreUnavailable

# Error types that pass, whatever status they come with.
_PASSING = frozenset(
    {
        "circuit_breaking_exception",
        "cluster_block_exception",
        "cluster_manager_not_discovered_exception",
        "index_closed_exception",
        "no_shard_available_action_exception",
        "node_closed_exception",
        "node_disconnected_exception",
        "node_not_connected_exception",
        "opensearch_rejected_execution_exception",
        "process_cluster_event_timeout_exception",
        "receive_timeout_transport_exception",
        "rejected_execution_exception",
        "shard_not_found_exception",
        "unavailable_shards_exception",
    }
)
T = TypeVar("T")

_PASSING_STATUS = frozenset({408, 429, 502, 503, 504})


class Passing(Exception):
    """The server can't now; it may later."""


class Missing(Exception):
    """There is no such index."""


class Rejected(Exception):
    """The server understood and will not, now or later; `status` is HTTP's."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def passes(status: int, error: dict[str, Any]) -> bool:
    """Whether an error is one to wait out."""
    return status in _PASSING_STATUS or error.get("type") in _PASSING


def denies(status: int, error: dict[str, Any]) -> bool:
    """Whether an error says that we may not."""
    return status in (401, 403) and not passes(status, error)


def reason_of(error: dict[str, Any]) -> str:
    """An error in one line: its type and reason, and what caused it."""
    cause = error.get("caused_by") or {}
    words = [error.get("type"), error.get("reason"), cause.get("reason")]
    return ": ".join(dict.fromkeys(str(word) for word in words if word))[:500]


def pauses(patience: float) -> Iterator[None]:
    """One turn for each attempt, with a growing pause between; ends when `patience` seconds are over."""
    deadline = time.monotonic() + patience
    pause = 0.1
    while True:
        yield
        left = deadline - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, pause * random.uniform(0.5, 1.0)))  # noqa: S311 (spreads retries, hides nothing)
        pause = min(pause * 2, 5.0)


class Client:
    """One server, or a cluster's nodes with commas between, at `url`; user and password may stand in it.
    A node that does not answer is left out for a while. Threads may share it."""

    def __init__(self, url: str, *, patience: float, timeout: float, ca_certs: str | None = None) -> None:
        self._url = url
        self._patience = patience
        self._timeout = timeout
        self._ca_certs = ca_certs
        self._native: Any = None

    @property
    def shown(self) -> str:
        """The address without its password."""
        # all up to the last @ may be the password, whatever signs it has
        parted = [url.partition("://") for url in self._urls()]
        return ",".join(f"{scheme}{mark}{rest.rpartition('@')[2]}" for scheme, mark, rest in parted)

    def _urls(self) -> list[str]:
        """The nodes' addresses; a comma parts two of them before an address only: a password may have one."""
        return [url.strip() for url in re.split(r",(?=\s*https?://)", self._url) if url.strip(" ,")]

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        params: dict[str, Any] | None = None,
        *,
        patience: float | None = None,
    ) -> Any:
        """The server's answer, after as many attempts as patience allows.

        Raises:
            Missing: there is no such index.
            Rejected: the request is wrong.
            StoreDenied: the credentials are not accepted.
            StoreUnavailable: no answer in time.
        """
        return self._patiently(lambda: self.ask_once(method, path, body, params), patience)

    def ask_each(
        self, path: str, asked: Sequence[tuple[dict[str, Any], dict[str, Any]]], *, patience: float | None
    ) -> list[Any]:
        """The answers of several searches in one request, in order; each search is its header and body.

        Raises:
            As `ask`, where one of them can't be answered, or only from a part of the index.
        """
        body = b"".join(msgspec.json.encode(line) + b"\n" for each in asked for line in each)

        def once() -> list[Any]:
            found = self.ask_once("POST", path, body)
            answers = found.get("responses") if isinstance(found, dict) else None
            if not isinstance(answers, list) or len(answers) != len(asked):
                raise Passing(f"no {len(asked)} answers to {len(asked)} searches")
            for answer in answers:
                if "error" in answer:
                    raise self._meaning(answer.get("status"), answer["error"])
                if answer.get("timed_out") or answer.get("_shards", {}).get("failed", 1):
                    raise self.unavailable("only a part of the index answered")
            return answers

        return self._patiently(once, patience)

    def _patiently(self, attempt: Callable[[], T], patience: float | None) -> T:
        problem = ""
        for _ in pauses(self._patience if patience is None else patience):
            try:
                return attempt()
            except Passing as error:
                problem = str(error)
        raise self.unavailable(problem)

    def unavailable(self, problem: str) -> StoreUnavailable:
        """The error that says which server, why, and what to do."""
        return StoreUnavailable(
            f"OpenSearch at {self.shown} does not answer as it should ({problem}): check that it runs and "
            "that OPENSEARCH_URL is right; nothing is lost, the same write may be done again"
        )

    def ask_once(self, method: str, path: str, body: Any = None, params: dict[str, Any] | None = None) -> Any:
        """One attempt.

        Raises:
            Passing, Missing, Rejected, StoreDenied: see `ask`.
        """
        from opensearchpy import exceptions

        headers = {"content-type": "application/x-ndjson"} if isinstance(body, bytes) else None
        try:
            return self._transport().perform_request(method, path, params=params, body=body, headers=headers)
        except exceptions.ConnectionError as error:  # time-outs and TLS too
            if isinstance(error, exceptions.SSLError):
                raise StoreDenied(
                    f"OpenSearch at {self.shown} shows a certificate that can't be trusted: {_short(error)}"
                ) from error
            raise Passing(_short(error)) from error
        except exceptions.TransportError as error:
            info = error.info if isinstance(error.info, dict) else {}
            raise self._meaning(error.status_code, info.get("error") or error.error) from error
        except (exceptions.SerializationError, AttributeError, TypeError, ValueError) as error:
            # the client itself trips over an error whose body is no object (a proxy's "null")
            raise Passing(f"an answer that can't be read: {_short(error)}") from error

    def _meaning(self, code: Any, found: Any) -> Exception:
        """What a status and the error with it ask of us."""
        status = int(code) if str(code).isdigit() else 0
        detail = found if isinstance(found, dict) else {"type": str(found)}
        reason = f"{status} {reason_of(detail)}".strip()
        if passes(status, detail):
            return Passing(reason)
        if denies(status, detail):
            return StoreDenied(
                f"OpenSearch at {self.shown} does not let us in ({reason}): check user, password and role"
            )
        if status == 404 and detail.get("type") == "index_not_found_exception":
            return Missing(reason)
        if _too_big(detail):
            return QueryError("the query has too many parts for the server: leave some words or names out")
        return Rejected(status, reason)

    def _transport(self) -> Any:
        if self._native is None:
            from opensearchpy import OpenSearch, Urllib3HttpConnection

            # it logs each 404 as a warning; what is wrong is said by our errors
            log = logging.getLogger("opensearch")
            if log.level == logging.NOTSET:
                log.setLevel(logging.CRITICAL)
            options = {"ca_certs": self._ca_certs} if self._ca_certs else {}
            try:
                self._native = OpenSearch(
                    self._urls(),
                    connection_class=Urllib3HttpConnection,
                    max_retries=0,
                    retry_on_timeout=False,
                    timeout=self._timeout,
                    pool_maxsize=8,
                    **options,
                )
            except ValueError:  # its words may hold a part of the password
                raise StoreDenied(
                    f"OPENSEARCH_URL, {self.shown}, is no address: "
                    "in a password write %2F %23 %3F %40 for / # ? @"
                ) from None
        return self._native.transport

    def close(self) -> None:
        """Let go of the connections."""
        if self._native is not None:
            self._native.close()
            self._native = None


def _too_big(error: dict[str, Any]) -> bool:
    causes = [error, error.get("caused_by") or {}, *(error.get("root_cause") or [])]
    return any(str(cause.get("type", "")).startswith("too_many") for cause in causes)


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
