"""A real OpenSearch with TLS and the security plugin, for tests: roles and users are those of production.

Fetched once by Maven into `.cache/opensearch/`, like the plain one. 3.4.0 is the newest whose plugin can
be had there; its rule framework can't, and is made optional. Standard library only.
"""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import certificates
import server
import users

VERSION = "3.4.0"
HERE = Path(__file__).resolve().parent
# module, what its jar is called, its class, and the jars that it needs
MODULES = (
    ("analysis-common", "analysis-common", "analysis.common.CommonAnalysisModulePlugin", ()),
    (
        *("lang-painless", "lang-painless", "painless.PainlessModulePlugin"),
        ("antlr4-", "asm-", "opensearch-scripting-painless-spi-"),
    ),
    (
        *("reindex", "reindex-client", "index.reindex.ReindexModulePlugin"),
        ("opensearch-rest-client-", "opensearch-ssl-config-", "httpc", "httpasync", "commons-", "slf4j-api-"),
    ),
    ("mapper-extras", "mapper-extras-client", "index.mapper.MapperExtrasModulePlugin", ()),
    ("parent-join", "parent-join-client", "join.ParentJoinModulePlugin", ()),
)  # fmt: skip
_DESCRIPTOR = """description={name}
version={version}
name={name}
classname=org.opensearch.{main}
java.version=21
opensearch.version={version}
extended.plugins=
has.native.controller=false
"""


def home() -> Path:
    """The server's folder, fetched on the first call.

    Raises:
        server.Missing: no Maven, or it could not be fetched.
    """
    target = server.CACHE / f"secure-{VERSION}"
    if target.exists():
        return target
    maven = shutil.which("mvn")
    if maven is None:
        raise server.Missing("OpenSearch is fetched by Maven: install it (`apt-get install maven`)")
    server.CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=server.CACHE, prefix="fetch-") as folder:
        out = Path(folder)
        print(
            f"fetching OpenSearch {VERSION} with its security plugin by Maven (250 MB, once)", file=sys.stderr
        )
        command = [
            maven,
            "-B",
            "-q",
            "-ntp",
            "-f",
            str(HERE / "secure.xml"),
            f"-Dout={out}",
            "process-resources",
        ]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        made = out / f"opensearch-{VERSION}"
        if done.returncode or not made.exists():
            raise server.Missing(f"Maven could not fetch it: {done.stdout[-2000:]}{done.stderr[-500:]}")
        _assemble(made, out / "jars", out / "security")
        made.rename(target)
    return target


def _assemble(made: Path, jars: Path, plugin: Path) -> None:
    for name, jar, main, needs in MODULES:
        folder = made / "modules" / name
        folder.mkdir()
        for path in jars.glob("*.jar"):
            if path.name == f"{jar}-{VERSION}.jar" or (needs and path.name.startswith(needs)):
                shutil.copy(path, folder)
        (folder / "plugin-descriptor.properties").write_text(
            _DESCRIPTOR.format(name=name, version=VERSION, main=main), "utf-8"
        )
    into = made / "plugins" / "opensearch-security"
    into.parent.mkdir(exist_ok=True)
    (made / "logs").mkdir(exist_ok=True)
    shutil.copytree(plugin, into)
    for path in jars.glob("commons-collections4-*.jar"):
        shutil.copy(path, into)  # what the rule framework would have brought
    descriptor = into / "plugin-descriptor.properties"
    text = descriptor.read_text("utf-8").replace(",rule-framework", ",rule-framework;optional=true")
    descriptor.write_text(text, "utf-8")
    shutil.copytree(HERE / "security", made / "config" / "opensearch-security")
    (made / "config" / "opensearch-security" / "opensearch.yml").rename(made / "config" / "opensearch.yml")


def start(data: Path, secrets: dict[str, str], *, ends_with_us: bool = False) -> server.Node:
    """A node at https on loopback whose `indexer` and `searcher` have these passwords.

    Its authority is `data`/config/certs/ca.pem.
    """
    folder = home()
    data = data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    if not (data / "config").exists():
        shutil.copytree(folder / "config", data / "config")
        (data / "config" / "log4j2.properties").write_text(server.LOGGING, "utf-8")
    certificates.make(data / "config" / "certs", ["localhost", "127.0.0.1"])
    plain = server.start(data, ends_with_us=ends_with_us, wait=False, folder=folder)
    node = server.Node(plain.url.replace("http://", "https://"), plain.pid, data)
    try:
        _wait(node)
        users.give(node.url, data / "config" / "certs", secrets)
    except BaseException:
        node.stop()
        raise
    return node


def _wait(node: server.Node) -> None:
    context = users.as_admin(node.data / "config" / "certs")
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{node.url}/_cluster/health", timeout=3, context=context) as answer:
                if b'"status":"red"' not in answer.read():
                    return
        except (urllib.error.URLError, OSError, ssl.SSLError):
            pass
        try:
            if os.waitpid(node.pid, os.WNOHANG) != (0, 0):
                break
        except ChildProcessError:
            break
        time.sleep(0.3)
    log = (node.data / "out.log").read_text("utf-8", "replace")
    raise RuntimeError("the secure OpenSearch did not start:\n" + log[-3000:])
