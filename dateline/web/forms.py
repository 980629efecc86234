"""Forms that change something: read with a limit, and only from a page of ours.

Against a stranger's page that posts through its visitor's browser, twice: browsers say where a request
comes from (Sec-Fetch-Site, Origin), and each form carries a token that fits the visitor's cookie, which
another site can neither read nor set.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import parse_qs, urlsplit

from fastapi import HTTPException, Request, Response

COOKIE = "dateline-form"
WHO = "dateline-who"  # who corrected last here, so that a name is typed once
MAX_BODY = 64_000  # bytes of a form
_SECRET = secrets.token_bytes(32)  # a form outlives no restart: reload the page


def cookie_of(request: Request) -> str:
    """The visitor's cookie, a new one where there is none (which `remember` then sets)."""
    given = request.cookies.get(COOKIE, "")
    return given if len(given) == 32 and given.isalnum() else secrets.token_hex(16)


def token(cookie: str) -> str:
    """The token of the forms that are shown with a cookie."""
    return hmac.new(_SECRET, cookie.encode(), hashlib.sha256).hexdigest()


def remember(request: Request, response: Response, name: str, value: str) -> None:
    """Set a cookie that no script and no other site gets."""
    secure = request.url.scheme == "https"
    response.set_cookie(
        name, value, max_age=31_536_000, httponly=True, samesite="strict", secure=secure, path="/"
    )


def same_origin(request: Request) -> None:
    """Refuse what a browser says comes from another site.

    Raises:
        HTTPException: 403.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        # says more than Origin, which is "null" on pages that send no referrer, as ours do
        foreign = site not in ("same-origin", "none")
    else:
        host = request.headers.get("host", "").lower()
        foreign = origin is not None and urlsplit(origin).netloc.lower() != host
    if foreign:
        raise HTTPException(403, "This came from another site")


async def read(request: Request) -> dict[str, list[str]]:
    """The fields of a posted form that one of our pages showed.

    Raises:
        HTTPException: 403 if none of ours did, 413 if it is too long.
    """
    same_origin(request)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise HTTPException(413, "This form is too long")
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        raise HTTPException(413, "This form has too many fields") from None
    given = fields.pop("token", [""])[-1]
    if not hmac.compare_digest(given.encode("utf-8", "replace"), token(cookie_of(request)).encode()):
        raise HTTPException(403, "This form is too old: go back, load the page again and send it again")
    return fields


def back(fields: dict[str, list[str]], otherwise: str = "/") -> str:
    """Where a form leads to: a path of this service, never another host."""
    path = fields.get("back", [otherwise])[-1]
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if safe else otherwise
