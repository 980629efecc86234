"""Who may ask: on loopback whoever sits at this machine, beyond it who knows the token.

Two dangers. A page on a stranger's host whose name is suddenly pointed at 127.0.0.1 (DNS rebinding)
would read the archive through its visitor's browser: so without a token only requests for names of
this machine are answered. And beyond loopback anyone may ask: so there a token is demanded, as
password (HTTP Basic, for people; any user name) or as Bearer (for programs).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dateline.web.keyring import KeyRing
from dateline.web.problems import problem

MIN_TOKEN = 16  # characters: there is no lock-out, so a token must not be one that can be guessed
OPEN = ("/health",)  # asked by containers, says nothing of the archive


class AccessError(ValueError):
    """The service would be open to strangers, or the token is none; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Access:
    """The rule in force: `token` None lets in whoever asks for a name of this machine or of `hosts`."""

    token: str | None = None
    hosts: tuple[str, ...] = ()
    keys: KeyRing | None = None  # API keys open the door too; with them alone there is no open door

    @property
    def asks(self) -> bool:
        """Whether something must be shown at the door."""
        return self.token is not None or self.keys is not None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address to listen on: "localhost", 127.0.0.0/8, ::1."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def choose(listen: str, keys: KeyRing | None = None, *, have_keys: bool = False) -> Access:
    """The rule for an address to listen on, from DATELINE_TOKEN, DATELINE_TOKEN_FILE, DATELINE_HOSTS.

    `keys` are those of the journal; `have_keys` says that there is one, which is then enough beyond
    loopback. On loopback without a token the door is open, keys or not.

    Raises:
        AccessError: no token where one is needed, one that is too short, or an unreadable file.
    """
    token = os.environ.get("DATELINE_TOKEN", "").strip()
    if not token and (file := os.environ.get("DATELINE_TOKEN_FILE")):
        try:
            token = Path(file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise AccessError(f"DATELINE_TOKEN_FILE {file} can't be read: {error}") from None
        if not token:
            raise AccessError(f"DATELINE_TOKEN_FILE {file} is empty: write a token into it")
    if token and len(token) < MIN_TOKEN:
        raise AccessError(
            f"DATELINE_TOKEN has fewer than {MIN_TOKEN} characters: `openssl rand -base64 24` makes one"
        )
    if not token and not have_keys and not is_loopback(listen):
        raise AccessError(
            f"--host {listen}: beyond loopback anyone could read the archive; set DATELINE_TOKEN (or "
            "DATELINE_TOKEN_FILE), which is then the password, or make a key: `dateline keys add NAME`"
        )
    named = [host.strip().lower() for host in os.environ.get("DATELINE_HOSTS", "").split(",")]
    ring = keys if token or not is_loopback(listen) else None
    return Access(token or None, tuple(host for host in named if host), ring)


def host_name(header: str) -> str:
    """The name in a Host header, without port and brackets, in lower case; "" where there is none."""
    header = header.strip().lower()
    if header.startswith("["):
        name, bracket, rest = header[1:].partition("]")
        return name if bracket and (not rest or rest.startswith(":")) else ""
    return header.partition(":")[0].removesuffix(".")


def is_known(header: str, hosts: Iterable[str]) -> bool:
    """Whether a Host header names this machine, or one of `hosts`."""
    name = host_name(header)
    return bool(name) and (is_loopback(name) or name in hosts)


def is_right(header: str, token: str) -> bool:
    """Whether an Authorization header holds the token; takes as long for a near miss as for a far one."""
    return hmac.compare_digest(given_in(header).encode("utf-8", "replace"), token.encode())


def given_in(header: str) -> str:
    """The password (Basic) or token (Bearer) of an Authorization header; "" where there is none."""
    scheme, _, value = header.strip().partition(" ")
    given = value.strip()
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode("utf-8", "replace").partition(":")[2]
        except (binascii.Error, ValueError):
            given = ""
    elif scheme.lower() != "bearer":
        given = ""
    return given


def user_of(request: Request, said: str = "") -> str:
    """Who does it, for the log: the name that was given, else the user name that came with the password.

    The holder of a key may call himself anything, but the key's name is added.
    """
    name = said.strip()
    if not name:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            try:
                user = base64.b64decode(value.strip(), validate=True).decode("utf-8", "replace")
                name = user.partition(":")[0].strip()
            except (binascii.Error, ValueError):
                name = ""
    key = getattr(request.state, "key", None)
    if key is None:
        return name
    return f"{name} (key {key.name})" if name and name != key.name else str(key.name)


class Gate:
    """ASGI middleware that turns away who may not ask, before anything is read or parsed."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request = Request(scope)
        token, hosts = self.access.token, self.access.hosts
        # with a token a browser sends no password to a host that it was not typed in for
        checks_host = not self.access.asks or bool(hosts)
        shown = headers.get("authorization", "")
        if checks_host and not is_known(headers.get("host", ""), hosts):
            refused = problem(
                request,
                421,
                "This is not a name of this service",
                "Ask for localhost or 127.0.0.1, or add the name to DATELINE_HOSTS.",
            )
            await refused(scope, receive, send)
            return
        if self.access.asks and scope["path"] not in OPEN and not (token and is_right(shown, token)):
            turned_away = await self._refusal(request, shown)
            if turned_away is not None:
                await turned_away(scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _refusal(self, request: Request, shown: str) -> Response | None:
        """None for a key that may do this now."""
        ring, path = self.access.keys, request.url.path
        verdict = await ring.judge(given_in(shown), request.method, path) if ring else None
        if verdict is not None and verdict.status:
            refused = problem(request, verdict.status, verdict.title, verdict.detail)
            if verdict.status == 429:
                refused.headers["Retry-After"] = verdict.detail.rpartition(" in ")[2].split()[0]
            return refused
        if verdict is not None and verdict.key is not None:
            request.scope.setdefault("state", {})["key"] = verdict.key
            return None
        refused = problem(
            request,
            401,
            "A password is needed",
            "The password is DATELINE_TOKEN or a key (`dateline keys add`), with any user name; programs "
            "send it as “Authorization: Bearer …”.",
        )
        refused.headers["WWW-Authenticate"] = 'Basic realm="Dateline", charset="UTF-8"'
        return refused
