"""What several test files share. One fixture for each real thing that a test needs."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from archive_home import DIGESTS, Home

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
    """Where several processes run the tests, they share one OpenSearch: it starts while they do."""
    several = getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput")
    if several and not os.environ.get("OPENSEARCH_URL"):
        folder = Path(tempfile.mkdtemp(prefix="dateline-opensearch-"))
        node = _start_opensearch(folder, wait=False)
        os.environ["OPENSEARCH_URL"] = node.url

        def end() -> None:
            node.stop()
            shutil.rmtree(folder, ignore_errors=True)

        config.add_cleanup(end)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process for each file, and one for all that ask the archive of the samples: it is made once."""
    for item in items:
        shared = "home" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group("home" if shared else item.path.name))


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


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The sample news site on loopback."""
    with serve_site() as site:
        yield site


@pytest.fixture(scope="session")
def home(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """An archive of the sample digests in the embedded store, ingested once for the session."""
    folder = tmp_path_factory.mktemp("home")
    rewrite(DIGESTS, site.url, folder / "digests")
    home = Home(folder, site)
    home.first = home.run("ingest", str(folder / "digests"), "--json")
    return home
