"""WARC files that other programs wrote come in without a fetch, and go on where they stopped.

A failure means that a researcher's Common Crawl files give half an archive, a wrong one, or one that
doubles with each try.
"""

from __future__ import annotations

import datetime as dt
import gzip
import io
from collections import Counter
from pathlib import Path

import pytest
from archive_home import Home
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from prefect_server import Shared
from warcio.archiveiterator import ArchiveIterator as WarcioReader
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from dateline import settings
from dateline.archive import Archive
from dateline.journal import Journal
from dateline.models import Outcome
from dateline.sources.warc import Captured, Passed, Position, chunks, find_warcs, read_warc
from dateline.urls import article_id
from dateline.workshop import Workshop
from samples.site_server import Site

TEXT = "The dockers of Rotterdam walked out on Monday over pay and hours, their union said. " * 12


def page(number: int, words: str = TEXT) -> bytes:
    return (
        f"<html><head><title>Story {number}: dockers walk out</title>"
        f'<meta property="article:published_time" content="2024-05-0{1 + number % 9}T08:00:00+02:00">'
        f'<link rel="next" href="/{number}?page=2"></head>'
        f"<body><article><h1>Story {number}: dockers walk out</h1><p>{words}</p><p>Story {number}.</p>"
        "</article></body></html>"
    ).encode()


class Foreign:
    """Writes a WARC with warcio, which shares no code with our reader."""

    def __init__(self, path: Path, packed: bool = True) -> None:
        self._file = path.open("wb")
        self._writer = WARCWriter(self._file, gzip=packed)
        self._writer.write_record(self._writer.create_warcinfo_record(path.name, {"software": "other"}))

    def add(
        self,
        url: str,
        body: bytes,
        *,
        kind: str = "response",
        status: str = "200 OK",
        date: str = "2024-05-06T07:08:09Z",
        **headers: str,
    ) -> None:
        sent = {"Content-Type": "text/html; charset=utf-8"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        http = StatusAndHeaders(status, list(sent.items()), protocol="HTTP/1.1")
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            http_headers=http if kind != "metadata" else None,
            warc_headers_dict={"WARC-Date": date},
        )
        self._writer.write_record(record)

    def close(self) -> None:
        self._file.close()


def write_foreign(path: Path, packed: bool = True, pages: int = 6) -> Path:
    """Pages, and among them all that a crawl keeps besides."""
    warc = Foreign(path, packed)
    for number in range(pages):
        url = f"https://news.example/{number}"
        warc.add(url, b"", kind="request")
        warc.add(url, page(number))
        warc.add(url, b"fetchTimeMs: 5", kind="metadata")
    warc.add("https://news.example/packed", gzip.compress(page(7)), Content_Encoding="gzip")
    chunked = (
        b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (page(8)[:100], page(8)[100:]))
        + b"0\r\n\r\n"
    )
    warc.add("https://news.example/chunked", chunked, Transfer_Encoding="chunked")
    warc.add("https://news.example/gone", b"<h1>Gone</h1>", status="404 Not Found")
    warc.add("https://news.example/moved", b"", status="301 Moved", Location="/0")
    warc.add("https://news.example/a.jpg", b"\xff\xd8\xff\xe0" + bytes(50), Content_Type="image/jpeg")
    warc.add("dns:news.example", b"127.0.0.1", kind="response")
    warc.add("https://www.news.example/0/?utm_source=x", page(0))
    warc.close()
    return path


FORMS = ["packed by the record", "plain", "packed whole"]


@pytest.fixture(params=FORMS)
def foreign(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "packed by the record":
        return write_foreign(tmp_path / "other.warc.gz")
    plain = write_foreign(tmp_path / "other.warc", packed=False)
    if request.param == "plain":
        return plain
    whole = tmp_path / "whole.warc.gz"
    whole.write_bytes(gzip.compress(plain.read_bytes()))
    return whole


def urls(captured: list[Captured]) -> list[str]:
    return [one.page.final_url.removeprefix("https://news.example/") for one in captured]


def test_every_form_of_warc_gives_its_pages(foreign: Path) -> None:
    passed = Passed()
    found = list(read_warc(foreign, passed))
    assert urls(found) == [*"012345", "packed", "chunked", "https://www.news.example/0/?utm_source=x"]
    assert found[0].page.body == page(0)
    assert found[6].page.body == page(7) and found[7].page.body == page(8)
    assert found[0].page.fetched_at == dt.datetime(2024, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
    assert found[0].link.source == f"warc:{foreign.name}" and len(found[0].link.hints["record"]) == 36
    assert found[0].link.link_id == found[-1].link.link_id
    # a record that is a gzip member of its own is kept byte for byte
    own = foreign.name == "other.warc.gz"
    assert all((one.packed is not None) == own for one in found)
    assert not own or all(page(n) in gzip.decompress(one.packed or b"") for n, one in enumerate(found[:6]))
    assert passed.reasons == Counter(
        {
            "request record": 6, "metadata record": 6, "warcinfo record": 1, "status 404": 1, "status 301": 1,
            "no HTML: image": 1, "no web address": 1,
        }
    )  # fmt: skip


def test_reading_goes_on_in_the_middle(foreign: Path) -> None:
    whole = list(read_warc(foreign, Passed()))
    for number, one in enumerate(whole):
        rest = list(read_warc(foreign, Passed(), one.position))
        assert [each.page.final_url for each in rest] == [each.page.final_url for each in whole[number + 1 :]]
        assert [each.position.records for each in rest] == [
            each.position.records for each in whole[number + 1 :]
        ]


def test_a_file_cut_short_gives_what_is_whole(tmp_path: Path) -> None:
    for name, packed in (("a.warc.gz", True), ("a.warc", False)):
        path = write_foreign(tmp_path / name, packed)
        data = path.read_bytes()
        path.write_bytes(data[: len(data) * 2 // 5])
        passed = Passed()
        found = list(read_warc(path, passed))
        assert 1 <= len(found) <= 6
        assert all(one.page.body == page(number) for number, one in enumerate(found))


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300), st.integers(0, 3000))
def test_any_bytes_are_read_without_raising(tmp_path: Path, junk: bytes, at: int) -> None:
    path = tmp_path / "x.warc"
    if not path.exists():
        write_foreign(path, packed=False)
        (tmp_path / "good").write_bytes(path.read_bytes())
    good = (tmp_path / "good").read_bytes()
    for data in (junk, good[:at] + junk + good[at:], good[:at] + junk):
        path.write_bytes(data)
        list(read_warc(path, Passed()))


def test_which_paths_are_warc_files(tmp_path: Path) -> None:
    crawl, mixed = tmp_path / "crawl", tmp_path / "mixed"
    for folder in (crawl, mixed):
        folder.mkdir()
        write_foreign(folder / "a.warc.gz", pages=1)
    (mixed / "digest.txt").write_text("x")
    files, others = find_warcs(
        [str(crawl), str(mixed), str(crawl / "*.gz"), "https://a.example/", "none.txt"]
    )
    assert files == [crawl / "a.warc.gz", mixed / "a.warc.gz"]
    assert others == [str(mixed), "https://a.example/", "none.txt"]


def test_an_import_that_was_killed_goes_on_and_doubles_nothing(
    shared_workers: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steps of the flow, without Prefect: two chunks done, one noted and lost, then the rest."""
    from tasks.collecting import fetch, index, understand
    from tasks.importing import take

    monkeypatch.setenv("DATELINE_HOME", str(tmp_path / "home"))
    path = write_foreign(tmp_path / "other.warc.gz")

    def work(shop: Workshop, run_id: str, chunk: list[Captured]) -> None:
        links, _ = take(shop, run_id, chunk)
        index.fn(shop, run_id, understand.fn(shop, fetch.fn(shop, run_id, links, ""), ""), "")
        last = chunk[-1].position
        shop.journal.note_position(run_id, str(path), last.records, last.offset)

    monkeypatch.setattr("dateline.sources.warc.CHUNK", 2)
    with Workshop(settings.load(), warmed=False) as shop:
        run_id = shop.journal.begin_run("import", {"path": str(path), "size": path.stat().st_size})
        pieces = chunks(read_warc(path, Passed()))
        work(shop, run_id, next(pieces))
        work(shop, run_id, next(pieces))
        take(shop, run_id, next(pieces))  # noted in the journal, then the power went
        assert len(shop.journal.pending(run_id)) == 2
        shop.given.clear()  # what only the dead process knew; a second one would load the model again
        shop.imported.clear()
        shop.touched.clear()
        records, offset = shop.journal.position(run_id, str(path))
        assert offset is not None
        rest = list(chunks(read_warc(path, Passed(), Position(records=records, offset=offset))))
        for chunk in rest:
            work(shop, run_id, chunk)
        summary = shop.journal.end_run(run_id)
        assert summary.outcomes == Counter({"indexed": 8, "duplicate": 1}) and summary.links == 9
        assert shop.journal.imported() == {str(path): path.stat().st_size}
        kept = sorted(page.final_url for _, page in shop.archive.scan())
        assert len(kept) == len(set(kept)) == 8
        # the same file again: nothing new in the archive, nothing new in the index
        shop.touched.clear()
        again = shop.journal.begin_run("import", {"path": str(path)})
        for chunk in chunks(read_warc(path, Passed())):
            work(shop, again, chunk)
        assert shop.journal.end_run(again).outcomes == Counter({"unchanged": 8, "duplicate": 1})
        assert len(list(shop.archive.scan())) == 8
        known = shop.journal.known([one.link.link_id for one in rest[0]])
        article = shop.store.get(next(iter(known.values())).article_id or "")
        assert article is not None and article.outcome is Outcome.INDEXED
        assert article.fetched_at == dt.datetime(2024, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
        assert article.archive is not None
        # the page says where its text goes on: a file's import asks nobody for that
        assert any("?page=2" in note for note in article.notes) and shop._fetcher is None
    # another program reads what we kept, with the ids that the first one gave
    theirs = {one.link.hints["record"] for one in read_warc(path, Passed())}
    ours: set[str] = set()
    for file in Archive(tmp_path / "home" / "archive").files():
        with file.open("rb") as stream:
            for record in WarcioReader(stream, check_digests="raise"):
                if record.rec_type == "response":
                    ours.add(record.rec_headers.get_header("WARC-Record-ID")[10:-1])
                    assert record.rec_headers.get_header("WARC-Date").startswith("2024-05-06T07:08:09")
                    assert b"dockers walk out" in record.content_stream().read()
    assert ours < theirs and len(ours) == 8


@pytest.mark.prefect
@pytest.mark.timeout(600)
def test_the_command_takes_warc_files_feeds_and_sitemaps(site: Site, tmp_path: Path, prefect: Shared) -> None:
    """One command: a WARC without a fetch, a feed and an index of sitemaps unfolded into their articles."""
    home = Home(tmp_path / "home", site, **prefect.environment())
    path = write_foreign(tmp_path / "other.warc.gz", pages=2)
    captures = Foreign(tmp_path / "captures.warc.gz")
    for day in (6, 8, 7, 7):  # one page, seen on three days, not in their order
        words = TEXT.replace("on Monday", f"after {day} weeks")
        captures.add("https://news.example/0", page(1, words), date=f"2024-06-0{day}T07:08:09Z")
    captures.close()
    given = [
        str(path),
        str(tmp_path / "captures.warc.gz"),
        f"{site.url}/daily-tide/rss.xml",
        f"{site.url}/sitemap.xml",
    ]
    rows = home.run("ingest", *given, "--json", timeout=560)
    by_source: dict[str, Counter[str]] = {}
    for row in rows:
        by_source.setdefault(row["source"], Counter())[row["outcome"]] += 1
    assert by_source["warc:other.warc.gz"] == Counter(indexed=4, unchanged=1)
    # what the file saw of a page after its first capture are versions of its article, oldest first
    assert by_source["warc:captures.warc.gz"] == Counter(updated=3, unchanged=1)
    with Journal(f"sqlite:///{tmp_path / 'home' / 'journal.sqlite'}") as journal:
        link = article_id("https://news.example/0")
        texts = [version.text for version in journal.versions(journal.known([link])[link].article_id or "")]
        kept = journal.known([link])[link].archive or ""
    assert ["Monday" in texts[0], *(f"after {day} weeks" in texts[day - 5] for day in (6, 7, 8))] == [
        True
    ] * 4
    assert len(texts) == 4
    assert b"after 8 weeks" in Archive(tmp_path / "home" / "archive").read(kept).body
    assert by_source[f"feed:{site.url}/daily-tide/rss.xml"] == Counter(indexed=3, gone=1)
    assert by_source[f"sitemap:{site.url}/northern-herald/sitemap-2023-05.xml"] == Counter(indexed=2)
    assert by_source["command line"] == Counter(not_article=3)
    (hit, *_) = home.search("dockers", "Story")
    assert hit["published_at"] or hit["title"]
