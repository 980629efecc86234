"""What several test files share. One fixture for each real thing that a test needs."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import postgres
import prefect_server
import pytest
import together
from archive_home import DIGESTS, Home

from dateline.journal import Journal
from dateline.stores.base import Store
from dateline.stores.embedded import EmbeddedStore
from dateline.stores.opensearch import OpenSearchStore
from dateline.work import warm
from dateline.workers import Workers
from samples.site_server import Site, rewrite, serve_site

REPO = Path(__file__).resolve().parents[1]


def opensearch_server() -> ModuleType:
    """infra/opensearch/server.py as a module: tests that kill and restart a node use it themselves."""
    name = "dateline_infra_opensearch_server"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, REPO / "infra" / "opensearch" / "server.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


def _start_opensearch(folder: Path, wait: bool) -> Any:
    """A node in `folder`, which ends with this process.

    What can't be had ends the test or the run with a line that says what to install.
    """
    server = opensearch_server()
    # not under pytest's own folder, which only its owner may enter: as root the server is `nobody`
    folder.chmod(0o755)
    try:
        return server.start(folder, ends_with_us=True, wait=wait)
    except (server.Missing, RuntimeError) as problem:
        shutil.rmtree(folder, ignore_errors=True)
        return pytest.fail(str(problem), pytrace=False)


def pytest_configure(config: pytest.Config) -> None:
    """Where several processes run the tests, they share one OpenSearch and one Prefect server, which
    start while the tests do.
    """
    several = getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput")
    if several and not os.environ.get("OPENSEARCH_URL"):
        folder = Path(tempfile.mkdtemp(prefix="dateline-opensearch-"))
        node = _start_opensearch(folder, wait=False)
        os.environ["OPENSEARCH_URL"] = node.url

        def end() -> None:
            node.stop()
            shutil.rmtree(folder, ignore_errors=True)

        config.add_cleanup(end)
    if several:
        config.add_cleanup(_share_prefect())


def _share_prefect() -> Callable[[], None]:
    """Start the Prefect server that all tests find; what ends it."""
    folder = Path(tempfile.mkdtemp(prefix="dateline-prefect-"))
    shared = prefect_server.Shared(folder)
    server = shared.start()
    os.environ[prefect_server.SHARED] = str(folder)
    waiting = threading.Thread(target=shared.make_pattern, args=(server,))
    waiting.start()

    def end() -> None:
        os.environ.pop(prefect_server.SHARED)
        server.stop()
        waiting.join()
        shutil.rmtree(folder, ignore_errors=True)

    return end


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest come first, so that no process is left alone with one at the end."""
    items.sort(key=lambda item: together.rank(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where several processes run the tests, one of them makes what a file's tests share."""
    return together.scheduler(config, log)


@pytest.fixture(scope="session")
def opensearch_url() -> Iterator[str]:
    """A real OpenSearch: the one at OPENSEARCH_URL, or one started once for the whole session."""
    if url := os.environ.get("OPENSEARCH_URL"):
        _wait_for(url)
        yield url
        return
    folder = Path(tempfile.mkdtemp(prefix="dateline-opensearch-"))
    node = _start_opensearch(folder, wait=True)
    try:
        yield node.url
    finally:
        node.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def own_index(opensearch_url: str) -> Iterator[str]:
    """A name for the indices of one test; all that begin so are gone when it ends, however it ends."""
    name = f"dateline-test-{uuid.uuid4().hex[:12]}"
    yield name
    httpx.delete(f"{opensearch_url}/{name}*", timeout=60, verify=False).raise_for_status()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 180
    while True:
        try:
            httpx.get(f"{url}/_cluster/health?wait_for_status=yellow&timeout=2s", timeout=5, verify=False)
            return
        except httpx.TransportError as error:
            if time.monotonic() > deadline:
                pytest.fail(f"OPENSEARCH_URL={url} does not answer: {error}", pytrace=False)
            time.sleep(0.3)


@pytest.fixture(params=["embedded", pytest.param("opensearch", marks=pytest.mark.opensearch)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store, each kind in turn."""
    if request.param == "embedded":
        made: Store = EmbeddedStore(tmp_path / "index", patience=2)
        yield made
        made.close()
        return
    alias = f"test-{uuid.uuid4().hex[:12]}"
    opensearch = OpenSearchStore(request.getfixturevalue("opensearch_url"), alias, patience=10)
    yield opensearch
    opensearch._client.ask("DELETE", f"/{alias}*")
    opensearch.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A real PostgreSQL; what can't be had fails with a line that says what to install."""
    folder = Path(tempfile.mkdtemp(prefix="dateline-postgres-"))
    folder.chmod(0o755)
    try:
        with postgres.running(folder) as running:
            yield running
    except postgres.Missing as missing:
        pytest.fail(str(missing), pytrace=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def journal_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new journal may be, in each kind of database in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'journal.sqlite'}"
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return server.url()


@pytest.fixture
def journal(journal_url: str) -> Iterator[Journal]:
    """A new journal, in each kind of database in turn."""
    with Journal(journal_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def prefect() -> Iterator[prefect_server.Shared]:
    """A real Prefect server that all tests share."""
    if folder := os.environ.get(prefect_server.SHARED):
        yield prefect_server.Shared(Path(folder))
        return
    end = _share_prefect()
    yield prefect_server.Shared(Path(os.environ[prefect_server.SHARED]))
    end()


class _Kept(Workers):
    """Worker processes that several workshops use: a model takes seconds to load."""

    def close(self) -> None:
        """Only at the session's end."""


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    """Worker processes with the model loaded."""
    kept = _Kept(1, initializer=warm)
    yield kept
    Workers.close(kept)


@pytest.fixture(scope="module")
def shared_workers(workers: Workers) -> Iterator[None]:
    """The workshops of this module take the session's worker processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dateline.workshop.base.Workers", lambda *_, **__: workers)
        yield


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The sample news site on loopback."""
    with serve_site() as site:
        yield site


@pytest.fixture(scope="session")
def home(site: Site, tmp_path_factory: pytest.TempPathFactory, prefect: prefect_server.Shared) -> Home:
    """An archive of the sample digests in the embedded store, ingested once for the session.

    By the first command on a new machine, with a Prefect server of its own; the others share one.
    """
    folder = tmp_path_factory.mktemp("home")
    rewrite(DIGESTS, site.url, folder / "digests")
    home = Home(folder, site)
    prefect.database_for(folder / "prefect")
    home.first = home.run("ingest", str(folder / "digests"), "--json")
    home.environment |= prefect.environment()
    return home
