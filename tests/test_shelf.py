"""The archive on an object store: a real S3 server on loopback, through the real client."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dateline.archive import Archive
from dateline.models import Page
from dateline.shelf import Shelf, ShelfError, ship
from dateline.warc import ArchiveError


def page(number: int) -> Page:
    return Page(
        requested_url=f"https://news.example/{number}",
        final_url=f"https://news.example/{number}",
        status=200,
        headers={"content-type": "text/html"},
        body=f"<p>Story {number}</p>".encode() * 50,
        fetched_at=dt.datetime(2026, 11, 26, 10, tzinfo=dt.UTC),
    )


@pytest.fixture(scope="module")
def s3() -> Iterator[Any]:
    """A server with nothing in it; boto's own client to it makes and looks at buckets."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        yield boto3.client("s3", endpoint_url=f"http://{host}:{port}")
    server.stop()


@pytest.fixture
def bucket(s3: Any, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    name = request.node.name.replace("_", "-")[-50:].strip("-")
    s3.create_bucket(Bucket=name)
    monkeypatch.setenv("DATELINE_ARCHIVE", f"s3://{name}/archive")
    return name


def test_closed_files_go_to_s3_and_every_page_is_read_from_there(
    s3: Any, bucket: str, tmp_path: Path
) -> None:
    """An archive that filled the local disk, or lost pages on the way, would be worse than none."""
    with Archive(tmp_path, max_file_bytes=2_000) as archive:
        places = [archive.write(page(number)) for number in range(30)]
        archive.flush()
        assert archive.read(places[-1]).body == page(29).body  # still open, on the local disk
    assert list(tmp_path.iterdir()) == []
    held = s3.list_objects_v2(Bucket=bucket)["Contents"]
    assert len(held) > 1 and all(one["Key"].startswith("archive/dateline-") for one in held)
    archive = Archive(tmp_path)
    assert [archive.read(place).body for place in places] == [page(number).body for number in range(30)]
    assert [found.final_url for _, found in archive.scan()] == [page(n).final_url for n in range(30)]
    with pytest.raises(ArchiveError, match="nothing"):
        archive.read("nothing.warc.gz:0:x")


def test_what_a_dead_process_left_is_put_there_by_the_next(s3: Any, bucket: str, tmp_path: Path) -> None:
    """A kill between closing and shipping must not leave pages where nobody looks for them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATELINE_ARCHIVE")
        with Archive(tmp_path) as archive:
            place = archive.write(page(1))
    assert len(list(tmp_path.glob("*.warc.gz"))) == 1
    with Archive(tmp_path) as archive:
        archive.write(page(2))
        assert list(tmp_path.glob("*.warc.gz")) == []
        assert archive.read(place).body == page(1).body
    assert len(s3.list_objects_v2(Bucket=bucket)["Contents"]) == 2


def test_a_shelf_that_is_away_stops_no_run_and_loses_nothing(
    s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Pages are kept here, read from here, and shipped when the bucket is there again."""
    monkeypatch.setenv("DATELINE_ARCHIVE", "s3://not-made-yet/archive")
    with Archive(tmp_path) as archive:
        place = archive.write(page(1))
    assert len(list(tmp_path.glob("*.warc.gz"))) == 1 and "stays in" in caplog.text
    assert Archive(tmp_path).read(place).body == page(1).body
    s3.create_bucket(Bucket="not-made-yet")
    ship(tmp_path, Shelf("s3://not-made-yet/archive"))
    assert list(tmp_path.iterdir()) == []
    assert Archive(tmp_path).read(place).body == page(1).body


def test_an_address_that_means_nothing_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line with the setting's name, at the first use."""
    with pytest.raises(ShelfError, match="DATELINE_ARCHIVE is 'sthree://x'"):
        Shelf("sthree://x").names()
    monkeypatch.setenv("DATELINE_ARCHIVE", "sthree://x")
    with pytest.raises(ArchiveError, match="DATELINE_ARCHIVE"):
        list(Archive(tmp_path).scan())
