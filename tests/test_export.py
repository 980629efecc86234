"""Exports: if these fail, an export lacks rows, can't be made again, or runs code in a spreadsheet."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_samples import article, articles, hostile, serving, settings

from dateline.address import from_params
from dateline.answers import export
from dateline.query import Query, QueryError
from dateline.stores.embedded import EmbeddedStore
from dateline.web.app import create_app

DATELINE = str(Path(sys.executable).parent / "dateline")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def store(home: Path) -> Iterator[EmbeddedStore]:
    store = EmbeddedStore(settings(home).index_folder)
    store.write([*articles(), *hostile()])
    yield store
    store.close()


@pytest.fixture(scope="module")
def client(home: Path, store: EmbeddedStore) -> Iterator[httpx.Client]:
    with serving(create_app(settings(home), store)) as url, httpx.Client(base_url=url, timeout=20) as client:
        yield client


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_every_page_of_the_store_is_in_the_export_in_order(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [hit.article.article_id for hit in store.search(Query(sort="newest", limit=1000)).hits]
    for size in (1, 3, 500):
        monkeypatch.setattr(export, "PAGE", size)
        made = export.Export(store, Query(limit=2), "jsonl")
        lines = [json.loads(line) for line in b"".join(made.chunks()).splitlines()]
        assert [line["id"] for line in lines] == whole
        assert made.manifest.rows == made.manifest.total == made.manifest.articles == 14


def test_the_manifest_is_that_of_the_bytes_and_the_same_again(store: EmbeddedStore) -> None:
    query = from_params([("entity", "Ms Vell"), ("from", "2024-03"), ("sort", "relevance")])
    first, again = (export.Export(store, query, "csv") for _ in range(2))
    data = b"".join(first.chunks())
    assert data == b"".join(again.chunks())
    assert first.manifest.sha256 == again.manifest.sha256 == hashlib.sha256(data).hexdigest()
    assert first.manifest.bytes == len(data) and first.manifest.rows == len(rows_of(data)) == 4
    assert first.manifest.query == "entity=Ms+Vell&from=2024-03-01&sort=newest"
    other = export.Export(store, Query(), "csv")
    list(other.chunks())
    assert other.manifest.sha256 != first.manifest.sha256


def test_cells_that_a_spreadsheet_would_run_are_inert(client: httpx.Client) -> None:
    answer = client.get("/api/export.csv", params={"q": "hostile"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = rows_of(answer.content)
    assert len(rows) == 2
    for row in rows:
        for value in row.values():
            assert not value.lstrip().startswith(("=", "+", "-", "@"))
    cells = next(row for row in rows if row["id"] == "x-cells")
    assert cells["title"] == '\'=HYPERLINK("http://evil.example","hostile")'  # still there to be read


@given(st.text())
def test_no_text_becomes_a_formula_or_loses_a_letter(text: str) -> None:
    made = export.cell(text)
    assert not made.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert made.removeprefix("'") == text.replace("\x00", "\ufffd") or text.startswith("'")


def test_line_breaks_quotes_and_commas_come_back_from_csv(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    title = 'A "quoted", title\r\nin two lines; é 漢字'
    store.write([article("b1", "2024-01-01", title, "A strike. Another strike.", authors=["A, B", "C"])])
    made = export.Export(store, from_params([("q", "strike")]), "csv")
    (row,) = rows_of(b"".join(made.chunks()))
    assert row["title"] == title and row["authors"] == "A, B; C"
    assert row["sentences"].splitlines() == ["A strike.", "Another strike."]
    store.close()


def test_the_web_export_names_its_manifest_and_matches_it(client: httpx.Client) -> None:
    for form in ("csv", "jsonl"):
        answer = client.get(f"/api/export.{form}", params={"q": "strike", "sort": "oldest"})
        assert answer.status_code == 200 and answer.headers["x-total-count"] == "6"
        assert f'filename="dateline.{form}"' in answer.headers["content-disposition"]
        link = answer.headers["link"].split(">")[0][1:]
        manifest = client.get(link).json()
        assert manifest["sha256"] == hashlib.sha256(answer.content).hexdigest()
        assert manifest["rows"] == 6 and manifest["query"] == "q=strike&sort=oldest"


def test_a_bad_export_is_refused_before_a_byte_is_sent(client: httpx.Client, store: EmbeddedStore) -> None:
    answer = client.get("/api/export.csv", params={"q": "*x"})
    assert answer.status_code == 400 and "write its beginning" in answer.json()["detail"]
    with pytest.raises(QueryError, match="csv, jsonl, rss, atom"):
        export.Export(store, Query(), "xls")  # type: ignore[arg-type]


def test_the_command_writes_what_the_web_sends(home: Path, client: httpx.Client, tmp_path: Path) -> None:
    environment = {**os.environ, "DATELINE_HOME": str(home), "DATELINE_STORE": "embedded"}

    def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [DATELINE, "export", *arguments], env=environment, capture_output=True, timeout=60
        )

    file = tmp_path / "out.csv"
    done = run("http://127.0.0.1:8321/?q=strike&sort=newest", "-o", str(file))
    assert done.returncode == 0, done.stderr
    sent = client.get("/api/export.csv", params={"q": "strike"}).content
    assert file.read_bytes() == sent
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_bytes())
    assert manifest["sha256"] == hashlib.sha256(sent).hexdigest() and manifest["rows"] == 6
    piped = run("q=strike")
    assert piped.stdout == client.get("/api/export.jsonl", params={"q": "strike"}).content
    assert b"6 articles" in piped.stderr
    bad = run("from=never")
    assert bad.returncode == 2 and b"write 2021" in bad.stderr and not bad.stdout
