"""What can go wrong with a fetch, and what happens next. The tree:

    FetchError
    ├── Blocked               we do not ask, or may not read           BLOCKED, not tried again in this run
    │   ├── AddressDenied       not a public address                     "address"
    │   ├── UrlDenied           the URL itself                           "scheme", "port", "userinfo", "url"
    │   └── RobotsDenied        robots.txt                               "robots", "robots-unreachable"
    ├── Temporary             tried again with backoff, then           FAILED, the next run tries again
    │   ├── TimedOut            the total deadline                       "timeout"
    │   ├── Unreachable         no connection, or it broke               "dns", "refused", "reset"
    │   ├── Truncated           the answer ended before its end          "truncated"
    │   └── Resting             no request: the host asked us to wait    "resting"
    └── Lasting               asking again at once would not help      FAILED, the next run tries again
        ├── NoSuchHost          DNS knows no such name                   "no-such-host"
        ├── Untrusted           the certificate is not this host's       "tls"
        ├── TooLarge            body beyond the cap, also when inflated  "too-large"
        ├── BadAnswer           not HTTP, or not decodable               "bad-answer", "encoding",
        │                                                                "headers", "redirect"
        ├── TooManyRedirects    more hops than the cap, or a loop        "redirects", "redirect-loop"
        └── NoBrowser           only a script makes it, and none runs    "render"

An answer with a status of 4xx or 5xx is no error here but a `Page`: `status_outcome` says what
becomes of it. `from_httpx` maps every error of httpx and httpcore into this tree.
"""

from __future__ import annotations

import socket
import ssl
from typing import ClassVar

import httpcore
import httpx

from dateline.models import Hop, Outcome


class FetchError(Exception):
    """A fetch that gave no page. `outcome` and `reason` go into the journal as they are."""

    outcome: ClassVar[Outcome] = Outcome.FAILED
    reason: str = "failed"

    url: str | None = None  # as requested
    hops: list[Hop]  # the redirects that led to it

    def __init__(self, message: str, reason: str | None = None) -> None:
        super().__init__(message)
        self.hops = []
        if reason is not None:
            self.reason = reason


class Blocked(FetchError):
    """We do not ask for this URL, or may not read it."""

    outcome: ClassVar[Outcome] = Outcome.BLOCKED
    reason = "blocked"


class AddressDenied(Blocked):
    """The host has no address that is plain public unicast or on the allow-list."""

    reason = "address"


class UrlDenied(Blocked):
    """A scheme, port, length or userinfo that we do not speak."""

    reason = "url"


class RobotsDenied(Blocked):
    """robots.txt says no, or could not be had (which means no: RFC 9309, 2.3.1.4)."""

    reason = "robots"


class Temporary(FetchError):
    """Worth asking again after a pause."""

    reason = "temporary"


class TimedOut(Temporary):
    """Connect, headers and body together took longer than the deadline."""

    reason = "timeout"


class Unreachable(Temporary):
    """No connection, or it broke."""

    reason = "unreachable"


class Truncated(Temporary):
    """The body ended before the length or the compression said it would."""

    reason = "truncated"


class Resting(Temporary):
    """No request was sent: the host asked for a pause that is longer than our patience."""

    reason = "resting"


class Lasting(FetchError):
    """Asking again at once would give the same."""

    reason = "lasting"


class NoSuchHost(Lasting):
    """DNS knows no such name."""

    reason = "no-such-host"


class Untrusted(Lasting):
    """The certificate is wrong, or TLS could not be agreed on."""

    reason = "tls"


class TooLarge(Lasting):
    """The body is beyond the cap, as sent or as inflated."""

    reason = "too-large"


class BadAnswer(Lasting):
    """The answer is not HTTP, or cannot be decoded."""

    reason = "bad-answer"


class TooManyRedirects(Lasting):
    """More hops than the cap, or a loop."""

    reason = "redirects"


class NoBrowser(Lasting):
    """The page needs a browser that is not here; the message says what to install."""

    reason = "render"


# The most specific class of an error's line of descent decides; a test walks both libraries.
_MAPPED: dict[type[Exception], tuple[type[FetchError], str]] = {
    httpx.TimeoutException: (TimedOut, "timeout"),
    httpcore.TimeoutException: (TimedOut, "timeout"),
    httpx.ConnectError: (Unreachable, "refused"),
    httpcore.ConnectError: (Unreachable, "refused"),
    httpx.NetworkError: (Unreachable, "reset"),
    httpcore.NetworkError: (Unreachable, "reset"),
    # a server that closes before it answers, as they do when a kept connection went stale
    httpx.RemoteProtocolError: (BadAnswer, "bad-answer"),
    httpcore.RemoteProtocolError: (BadAnswer, "bad-answer"),
    httpx.LocalProtocolError: (UrlDenied, "url"),
    httpcore.LocalProtocolError: (UrlDenied, "url"),
    httpx.UnsupportedProtocol: (UrlDenied, "scheme"),
    httpcore.UnsupportedProtocol: (UrlDenied, "scheme"),
    httpx.ProtocolError: (BadAnswer, "bad-answer"),
    httpcore.ProtocolError: (BadAnswer, "bad-answer"),
    httpx.ProxyError: (Unreachable, "refused"),
    httpcore.ProxyError: (Unreachable, "refused"),
    httpcore.ConnectionNotAvailable: (Unreachable, "refused"),
    httpx.DecodingError: (BadAnswer, "encoding"),
    httpx.TooManyRedirects: (TooManyRedirects, "redirects"),
    httpx.RequestError: (BadAnswer, "bad-answer"),
    httpx.HTTPError: (BadAnswer, "bad-answer"),
    httpx.InvalidURL: (UrlDenied, "url"),
    httpx.CookieConflict: (BadAnswer, "bad-answer"),
    httpx.StreamError: (BadAnswer, "bad-answer"),
}

_BROKEN_OFF = ("without sending complete message body", "incomplete chunked read", "InvalidBodyLength")
_STALE = ("without sending a response", "disconnected", "ConnectionTerminated", "StreamReset", "GOAWAY")


def from_httpx(error: Exception) -> FetchError:
    """The error of this tree that stands for an error of httpx, httpcore or below."""
    if isinstance(error, FetchError):
        return error
    for cause in _causes(error):
        if isinstance(cause, FetchError):
            return cause
        if isinstance(cause, ssl.SSLError):
            return Untrusted(_words(error))
        if isinstance(cause, socket.gaierror):
            return from_dns(cause)
    text = _words(error)
    if isinstance(error, httpx.ProtocolError | httpcore.ProtocolError):
        if any(mark in text for mark in _BROKEN_OFF):
            return Truncated(text)
        if "in location header" in text:  # httpx reads it even where it is not told to follow
            return BadAnswer(text, "redirect")
        if any(mark in text for mark in _STALE):
            return Unreachable(text, "reset")
    for kind in type(error).__mro__:
        if kind in _MAPPED:
            into, reason = _MAPPED[kind]
            return into(text, reason)
    if isinstance(error, OSError):
        return Unreachable(text, "reset")
    return BadAnswer(text)


def from_dns(error: socket.gaierror) -> FetchError:
    """NoSuchHost where DNS answered that there is no such name, Unreachable where it did not answer."""
    if error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)):
        return NoSuchHost(_words(error))
    return Unreachable(_words(error), "dns")


def status_outcome(status: int) -> tuple[Outcome, str] | None:
    """What becomes of a page by its status alone; None where its body is to be read.

    304 is UNCHANGED, 404 and 410 GONE; a door that is closed to us (401, 402, 403, 407, 451) is
    BLOCKED; all else beyond 2xx is FAILED and tried again in the next run. 203 and 206 are read;
    204 and 205 have no body.
    """
    if status == 304:
        return Outcome.UNCHANGED, "http-304"
    if status in (404, 410):
        return Outcome.GONE, f"http-{status}"
    if status in (401, 402, 403, 407, 451):
        return Outcome.BLOCKED, f"http-{status}"
    if 200 <= status < 300 and status not in (204, 205):
        return None
    return Outcome.FAILED, f"http-{status}"


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in found:
        found.append(at)
        at = at.__cause__ or at.__context__
    return found


def _words(error: BaseException) -> str:
    # a stranger's bytes may stand in these messages: one short line, no control characters
    text = "".join(c if c.isprintable() else " " for c in str(error))[:300].strip()
    return text or type(error).__name__
