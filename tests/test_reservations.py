"""What publishers ask of who reads their pages: if these fail, Dateline takes what it was told to leave."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.fetch import page_directives, verdict
from dateline.models import Outcome, Page
from tests.effort import growth


def page(body: str | bytes = "", *lines: tuple[str, str], kind: str = "text/html; charset=utf-8") -> Page:
    return Page(
        requested_url="https://a.example/1",
        final_url="https://a.example/1",
        status=200,
        headers={"content-type": kind},
        header_lines=[("Content-Type", kind), *lines],
        body=body.encode() if isinstance(body, str) else body,
        fetched_at=dt.datetime.now(dt.UTC),
    )


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        ([("X-Robots-Tag", "noindex")], ["noindex"]),
        ([("x-robots-tag", "NoIndex, NoFollow")], ["nofollow", "noindex"]),
        ([("X-Robots-Tag", "none")], ["nofollow", "noindex"]),
        ([("X-Robots-Tag", "otherbot: noindex, nofollow")], []),
        ([("X-Robots-Tag", "dateline: noarchive")], ["noarchive"]),
        ([("X-Robots-Tag", "otherbot: noindex"), ("X-Robots-Tag", "noarchive")], ["noarchive"]),
        ([("X-Robots-Tag", "unavailable_after: 25 Jun 2010 15:00:00 GMT")], ["noindex", "unavailable_after"]),
        (
            [("X-Robots-Tag", "unavailable_after: Fri, 25 Jun 2010 15:00:00 GMT")],
            ["noindex", "unavailable_after"],
        ),
        ([("X-Robots-Tag", "unavailable_after: 2999-01-01")], ["unavailable_after"]),
        ([("X-Robots-Tag", "unavailable_after: when pigs fly")], ["unavailable_after"]),
        ([("X-Robots-Tag", "noai, noimageai")], ["noai", "noimageai"]),
        ([("TDM-Reservation", "1")], ["tdm-reservation"]),
        ([("TDM-Reservation", "0")], []),
        ([("Content-Usage", "train-ai=n")], ["noai"]),
        ([("Content-Signal", "search=yes, ai-train=no")], ["noai"]),
        ([("Content-Signal", "search=yes, ai-train=yes")], []),
    ],
)
def test_headers(lines: list[tuple[str, str]], asked: list[str]) -> None:
    assert page_directives(lines) == asked


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ('<meta name="robots" content="noindex">', ("noindex",)),
        ("<META CONTENT='noarchive, nofollow' NAME='Robots' />", ("noarchive", "nofollow")),
        ("<meta name=robots content=none>", ("nofollow", "noindex")),
        ('<meta name="googlebot" content="noindex">', ()),
        ('<meta name="dateline" content="noindex">', ("noindex",)),
        ('<meta name="tdm-reservation" content="1">', ("tdm-reservation",)),
        ('<meta name="description" content="robots: noindex"> noindex', ()),
        ('<!-- <meta name="robots" content="noindex"> -->', ()),
        ('<script>x = \'<meta name="robots" content="noindex">\'</script>', ()),
        ('<meta name="robots" data-note="a > b" content="noindex">', ("noindex",)),
        ('<meta name="robots" content="&#110;oindex">', ("noindex",)),
        ('<meta name="robots" content="noindex'.encode("utf-16").decode("latin-1") + '">', ("noindex",)),
    ],
)
def test_the_page(body: str, asked: tuple[str, ...]) -> None:
    assert verdict(page(body)).asked == asked


def test_what_follows_from_it() -> None:
    noindex = verdict(page('<meta name="robots" content="noindex">'))
    assert noindex.blocked is not None and noindex.blocked[0] is Outcome.BLOCKED and not noindex.keep
    reserved = page("", ("TDM-Reservation", "1"))
    assert (verdict(reserved).blocked or ("", ""))[1].startswith("tdm-reservation")
    assert verdict(reserved, licensed=True).blocked is None and verdict(reserved, licensed=True).keep
    noarchive = verdict(page("", ("X-Robots-Tag", "noarchive, nofollow")))
    assert noarchive.blocked is None and not noarchive.keep and not noarchive.follow
    free = verdict(page("<meta name=robots content='index, follow, max-snippet:-1'>"))
    assert free.blocked is None and free.keep and free.follow and free.asked == ()
    assert verdict(page('<meta name="robots" content="noindex">', kind="application/pdf")).asked == ()


@given(st.binary(max_size=400), st.text(max_size=80))
def test_any_bytes_and_any_header_have_a_verdict(body: bytes, value: str) -> None:
    verdict(page(b"<meta name=robots content=" + body, ("X-Robots-Tag", value), ("Content-Usage", value)))


@pytest.mark.parametrize(
    "unit", ["<meta ", '<meta "', "<!--", "<script", "<meta a=", "<meta name=robots content='x'>"]
)
def test_a_hostile_head_costs_no_more_than_its_length(unit: str) -> None:
    """It is scanned in the fetching process: a stall there would stop every host."""
    small, large = (page(unit * (size // len(unit))) for size in (30_000, 240_000))
    assert growth(lambda: verdict(small), lambda: verdict(large), 24) <= 24
