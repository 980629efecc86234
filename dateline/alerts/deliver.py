"""Alerts on their way: webhooks and mail, tried again until they are taken.

Each message has a key of its own that is the same at each try (`Idempotency-Key`, `Message-ID`). A try
is noted before it is made and its success after: a process that dies between the two leaves a try
without an end, and since nobody can know whether it arrived, the next process sends it once more under
the same key, by which a receiver tells a repetition. Every other death loses and repeats nothing.
"""

from __future__ import annotations

import asyncio
import os
import smtplib
import ssl
from collections import Counter
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import msgspec

from dateline.alerts.model import Delivery
from dateline.fetch.errors import FetchError
from dateline.fetch.guard import Guard, GuardedTransport
from dateline.journal import Journal
from dateline.settings import Settings

TIMEOUT = 20.0  # seconds for one message
_DONE = range(200, 300)


class Refused(Exception):
    """The channel did not take the message; it will be tried again."""


def deliver(journal: Journal, settings: Settings, limit: int = 500) -> Counter[str]:
    """Send what is due, at most `limit` messages; counts by "sent" and "postponed"."""
    counts: Counter[str] = Counter()
    for delivery in journal.due_deliveries(limit):
        if not journal.begin_delivery(delivery):
            continue  # another process has it
        try:
            _send(delivery, settings)
        except (Refused, FetchError, OSError, smtplib.SMTPException, httpx.HTTPError) as error:
            journal.postpone_delivery(delivery, f"{type(error).__name__}: {error}"[:300])
            counts["postponed"] += 1
        else:
            journal.end_delivery(delivery)
            counts["sent"] += 1
    return counts


def _send(delivery: Delivery, settings: Settings) -> None:
    if delivery.channel.startswith("mailto:"):
        _mail(delivery)
    else:
        asyncio.run(_post(delivery, settings))


def message(delivery: Delivery) -> dict[str, Any]:
    """What a webhook receives."""
    alert = delivery.alert
    return {
        "key": delivery.key,
        "search": alert.search,
        "title": alert.title,
        "url": alert.url,
        "publisher": alert.publisher,
        "published_at": alert.published_at,
        "sentence": alert.sentence,
        "reason": alert.reason,
        "article_id": alert.article_id,
        "story": alert.story,
        "noticed_at": alert.at.isoformat() if alert.at else None,
    }


async def _post(delivery: Delivery, settings: Settings) -> None:
    """Under the same guard as every fetch: who may save a search may not reach into the network."""
    guard = Guard(settings.allow_networks, settings.ports)
    guard.check_url(delivery.channel)
    transport = GuardedTransport(guard, connections=1, verify=ssl.create_default_context())
    async with httpx.AsyncClient(transport=transport, timeout=TIMEOUT, trust_env=False) as client:
        request = client.build_request(
            "POST",
            delivery.channel,
            content=msgspec.json.encode(message(delivery)),
            headers={"Content-Type": "application/json", "Idempotency-Key": delivery.key},
        )
        async with asyncio.timeout(TIMEOUT):
            answer = await client.send(request, stream=True)
            await answer.aclose()  # its words are a stranger's, and nobody needs them
    if answer.status_code not in _DONE:
        raise Refused(f"status {answer.status_code}")


def _mail(delivery: Delivery) -> None:
    """By the server that DATELINE_SMTP names: smtp://[user:password@]host[:port], smtps for TLS at once."""
    address = os.environ.get("DATELINE_SMTP", "")
    if not address:
        raise Refused("DATELINE_SMTP names no mail server: smtp://user:password@host:587")
    parts = urlsplit(address)
    host, tls = parts.hostname or "", parts.scheme == "smtps"
    mail = _written(delivery, os.environ.get("DATELINE_SMTP_FROM") or f"dateline@{host}")
    context = ssl.create_default_context()
    if tls:
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT)
    with server:
        server.ehlo()
        if not tls and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(mail)


def _written(delivery: Delivery, sender: str) -> EmailMessage:
    alert = delivery.alert
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = delivery.channel.removeprefix("mailto:")
    mail["Subject"] = _one_line(f"[{alert.search}] {alert.title}")[:200]
    mail["Message-ID"] = f"<{delivery.key}@dateline.invalid>"
    mail["Date"] = formatdate(alert.at.timestamp() if alert.at else None)
    mail["Auto-Submitted"] = "auto-generated"
    credit = " · ".join(filter(None, [alert.publisher, alert.published_at]))
    mail.set_content(
        "\n\n".join(
            filter(None, [alert.title, credit, alert.sentence, f"Why: it {alert.reason}.", alert.url])
        )
        + "\n"
    )
    return mail


def _one_line(text: str) -> str:
    """A stranger's title in a header: no line may end in it."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
