"""What several test files share. One fixture for each real thing that a test needs."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

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


@pytest.fixture(scope="session")
def opensearch_url() -> Iterator[str]:
    """A real OpenSearch: the one at OPENSEARCH_URL, or one started once for the whole session.

    What can't be had fails the test with a line that says what to install; nothing is skipped.
    """
    if url := os.environ.get("OPENSEARCH_URL"):
        yield url
        return
    server = opensearch_server()
    # not under pytest's own folder, which only its owner may enter: as root the server is `nobody`
    folder = Path(tempfile.mkdtemp(prefix="dateline-opensearch-"))
    folder.chmod(0o755)
    try:
        try:
            node = server.start(folder, ends_with_us=True)
        except (server.Missing, RuntimeError) as problem:
            pytest.fail(str(problem), pytrace=False)
        yield node.url
        node.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
