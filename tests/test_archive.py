"""The archive: what was fetched can be read again, byte for byte, by us and by others, after any crash."""

from __future__ import annotations

import datetime as dt
import gzip
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from dateline.archive import Archive, pages_in
from dateline.models import Hop, Page
from dateline.warc import ArchiveError

WHEN = dt.datetime(2026, 5, 4, 3, 2, 1, 123456, dt.UTC)


def page(number: int = 0, body: bytes = b"<p>text</p>" * 50, **more: object) -> Page:
    lines = [
        ("Content-Type", "text/html"),
        ("Content-Encoding", "gzip"),
        ("Content-Length", "77"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    ]
    given: dict[str, object] = {
        "requested_url": f"http://site.test/{number}",
        "final_url": f"https://site.test/final/{number}",
        "status": 200,
        "headers": {
            "content-type": "text/html",
            "content-encoding": "gzip",
            "content-length": "77",
            "set-cookie": "a=1, b=2",
        },
        "body": body,
        "fetched_at": WHEN,
        "hops": [Hop(url=f"http://site.test/{number}", status=301)],
        "header_lines": lines,
        "peer": "127.0.0.2",
    }
    return Page(**(given | more))  # type: ignore[arg-type]


def test_what_was_written_is_read_back_whole(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        pages = [page(number) for number in range(5)]
        locations = [archive.write(each) for each in pages]
        assert archive.read(locations[3]) == pages[3]  # while the file is open
    assert [Archive(tmp_path).read(location) for location in locations] == pages
    assert list(Archive(tmp_path).scan()) == list(zip(locations, pages, strict=True))
    assert all(name.suffixes[-2:] == [".warc", ".gz"] for name in tmp_path.iterdir())


def test_the_longest_chain_of_redirects_fits(tmp_path: Path) -> None:
    hops = [Hop(url="https://site.test/" + "x" * 1980, status=302)] * 10
    with Archive(tmp_path) as archive:
        location = archive.write(page(hops=hops))
    assert archive.read(location).hops == hops
    assert [got.hops for _, got in archive.scan()] == [hops]


def test_warcio_reads_it_and_its_digests_fit(tmp_path: Path) -> None:
    """Otherwise the archive is locked into our own program."""
    with Archive(tmp_path) as archive:
        archive.write(page(1))
        archive.write(page(2, body=bytes(range(256)) * 10))
    (path,) = tmp_path.iterdir()
    seen = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests=True):
            body = record.content_stream().read()
            assert record.digest_checker.passed is not False, record.digest_checker.problems
            seen.append((record.rec_type, record.rec_headers["WARC-Target-URI"], body))
    assert [kind for kind, _, _ in seen] == ["warcinfo", "response", "response"]
    assert seen[2][1:] == ("https://site.test/final/2", bytes(range(256)) * 10)


def test_a_warc_of_another_program_is_read(tmp_path: Path) -> None:
    """Chunked and packed bodies of a foreign file are undone."""
    path = tmp_path / "foreign.warc.gz"
    packed = gzip.compress(b"<p>foreign</p>")
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        head = StatusAndHeaders(
            "200 OK",
            [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("X-A", "é")],
            protocol="HTTP/1.1",
        )
        import io

        writer.write_record(
            writer.create_warc_record(
                "https://other.test/", "response", payload=io.BytesIO(chunked), http_headers=head
            )
        )
    ((location, got),) = pages_in(path)
    assert got.body == b"<p>foreign</p>" and got.final_url == "https://other.test/"
    assert Archive(tmp_path).read(location).body == got.body


@given(
    body=st.binary(max_size=3000),
    names=st.lists(
        st.tuples(
            st.text("abcXYZ-", min_size=1, max_size=8),
            st.text(
                st.characters(min_codepoint=33, max_codepoint=255, exclude_characters="\x7f\x85\xa0\xad"),
                max_size=20,
            ),
        ),
        max_size=4,
    ),
    status=st.integers(100, 599),
)
@settings(max_examples=60, deadline=None)
def test_any_body_and_headers_survive(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, names: list[tuple[str, str]], status: int
) -> None:
    with Archive(tmp_path_factory.mktemp("a")) as archive:
        written = page(body=body, header_lines=names, headers={}, status=status)
        got = archive.read(archive.write(written))
    assert (got.body, got.status) == (body, status)
    assert [(name, value) for name, value in got.header_lines] == names


def test_half_a_record_is_passed_over_and_cut_off(tmp_path: Path) -> None:
    """A process killed in mid-write costs the page it was writing and no other."""
    with Archive(tmp_path) as archive:
        locations = [archive.write(page(number, body=os.urandom(3000))) for number in range(4)]
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    half = whole[: int(locations[3].split(":")[1]) + 700]
    path.unlink()
    (tmp_path / (path.name + ".open")).write_bytes(half)
    assert [location for location, _ in Archive(tmp_path).scan()] == locations[:3]
    with Archive(tmp_path) as next_process:
        new = next_process.write(page(9))
    assert path.stat().st_size == int(locations[3].split(":")[1])
    assert [location for location, _ in Archive(tmp_path).scan()] == [*locations[:3], new]
    with pytest.raises(ArchiveError):
        Archive(tmp_path).read(locations[3])


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        first, second = archive.write(page(1)), archive.write(page(2))
    (path,) = tmp_path.iterdir()
    content = bytearray(path.read_bytes())
    content[int(first.split(":")[1]) + 300] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ArchiveError):
        Archive(tmp_path).read(first)
    assert Archive(tmp_path).read(second) == page(2, archive=second)


def test_files_are_rotated_and_found(tmp_path: Path) -> None:
    with Archive(tmp_path, max_file_bytes=5_000) as archive:
        locations = [archive.write(page(number, body=os.urandom(3000))) for number in range(6)]
    assert len(list(tmp_path.iterdir())) == 3
    assert [location for location, _ in Archive(tmp_path).scan()] == locations


@pytest.mark.parametrize("location", ["", "x", "../etc/passwd:0:x", "/etc/passwd:0:x", "a:b:c", "a:-1:x"])
def test_a_location_leads_nowhere_else(tmp_path: Path, location: str) -> None:
    with pytest.raises(ArchiveError):
        Archive(tmp_path).read(location)


_WRITER = """
import sys
sys.path.insert(0, {tests!r})
from test_archive import page
from dateline.archive import Archive
import os
archive = Archive({folder!r})
number = 0
while True:
    location = archive.write(page(number, body=os.urandom(20_000)))
    archive.flush()
    print(location, flush=True)
    number += 1
"""


def test_kill_9_loses_nothing_that_was_flushed(tmp_path: Path) -> None:
    """Each location that the writer printed is readable after SIGKILL; the next process heals the file."""
    program = _WRITER.format(tests=str(Path(__file__).parent), folder=str(tmp_path))
    promised: list[str] = []
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        for _ in range(12):
            promised.append(child.stdout.readline().strip())
        child.send_signal(signal.SIGKILL)
        promised += [line.strip() for line in child.stdout if line.endswith("\n")]
        child.wait()
    with Archive(tmp_path) as archive:
        archive.heal()
        assert not list(tmp_path.glob("*.open"))
        for location in promised:
            assert len(archive.read(location).body) == 20_000
        assert {location for location, _ in archive.scan()} >= set(promised)


def test_a_living_writer_is_left_alone(tmp_path: Path) -> None:
    with Archive(tmp_path) as busy:
        first = busy.write(page(1))
        with Archive(tmp_path) as other:
            other.write(page(2))
        second = busy.write(page(3))
    assert {location for location, _ in Archive(tmp_path).scan()} >= {first, second}


def test_a_forked_child_writes_its_own_file(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.write(page(1))
    context = multiprocessing.get_context("fork")
    child = context.Process(target=lambda: (archive.write(page(2)), archive.close()))
    child.start()
    child.join()
    archive.write(page(3))
    archive.close()
    assert sorted(got.requested_url[-1] for _, got in Archive(tmp_path).scan()) == ["1", "2", "3"]


def test_a_full_disk_is_one_clear_line_and_heals(tmp_path: Path) -> None:
    """Nothing written before is lost, and writing goes on once there is room."""
    import resource

    archive = Archive(tmp_path)
    first = archive.write(page(1))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, before[1]))  # a write beyond fails, as on a full disk
    try:
        with pytest.raises(ArchiveError, match="can't be written"):
            archive.write(page(2, body=os.urandom(9_000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)
    third = archive.write(page(3))
    archive.close()
    assert [location for location, _ in Archive(tmp_path).scan()] == [first, third]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ArchiveError, match="can't be written"):
        Archive(tmp_path / "file" / "archive").write(page())
