"""The sample site answers on loopback as the demo needs it, and the sample digests point to it."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from dateline.sources.digest import read_digest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from samples.site_server import PLACEHOLDER, rewrite, serve_site  # noqa: E402


def _get(url: str) -> tuple[int, str, bytes, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.url, answer.read(), answer.headers["Content-Type"]
    except urllib.error.HTTPError as error:
        return error.code, url, error.read(), error.headers["Content-Type"]


def test_sample_digests_lead_to_the_site(tmp_path: Path) -> None:
    """Every link of every sample digest, trackers unwrapped, is answered by the running site."""
    with serve_site("127.0.0.1") as site:
        copies = rewrite(ROOT / "samples" / "digests", site.url, tmp_path)
        assert len(copies) >= 6
        links = {item.link for copy in copies for item in read_digest(copy).items if item.link}
        assert len(links) >= 25 and all(link.startswith(site.url) for link in links)
        statuses = {link: _get(link)[0] for link in sorted(links)}
    assert [link.removeprefix(site.url) for link, status in statuses.items() if status != 200] == [
        "/northern-herald/2023/05/02/never-was"  # the dead link that the demo wants
    ]


def test_the_site_has_the_odd_pages_that_a_run_meets() -> None:
    with serve_site("127.0.0.1") as site:
        story = f"{site.url}/northern-herald/2023/05/17/riga-banks-halt-payments"
        assert b"Two banks in Riga" in _get(story)[2]
        site.edit()
        assert b"Three banks in Riga" in _get(story)[2]
        assert _get(f"{site.url}/daily-tide/s/port")[1].endswith("/rotterdam-dockers-strike-1")
        assert b"cookies" in _get(f"{site.url}/daily-tide/world/storm-warning")[2]
        assert _get(f"{site.url}/daily-tide/world/gone-quietly")[0] == 200
        assert _get(f"{site.url}/no/such/page")[0] == 404
        status, _, body, kind = _get(f"{site.url}/old-mercury/2004/skagen")
        assert (status, kind) == (200, "text/html") and "Østergård".encode("cp1252") in body
        assert site.hits["/daily-tide/s/port"] == 1
        assert PLACEHOLDER.encode() not in _get(story)[2]


def test_no_file_outside_the_site_is_served() -> None:
    with serve_site("127.0.0.1") as site:
        for path in ("/../routes.json", "/%2e%2e/%2e%2e/pyproject.toml", "/routes.json", "/../../README"):
            assert _get(site.url + path)[0] == 404


@pytest.mark.parametrize("file", sorted((ROOT / "samples" / "digests").iterdir()), ids=lambda file: file.name)
def test_every_sample_digest_is_read_without_complaint(file: Path) -> None:
    digest = read_digest(file)
    assert digest.items and all("read as" in note for note in digest.notes)
