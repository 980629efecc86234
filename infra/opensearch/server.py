"""A real OpenSearch for tests and benchmarks, without containers.

    python infra/opensearch/server.py fetch
    python infra/opensearch/server.py start --port 9200 --data FOLDER     # prints its URL
    python infra/opensearch/server.py stop --data FOLDER

Maven Central carries a whole server (its distribution for integration tests): Maven fetches it once
into `.cache/opensearch/` of the repo, and no later run downloads anything. It needs a Java runtime
of version 21 or later, found among the installed ones (`JAVA_HOME`, the PATH, the usual folders);
where there is none, or no Maven, and this user may install packages, apt-get installs it. Standard
library only, so that it runs before anything is installed.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

VERSION = "3.8.0"
OLDEST_JAVA = 21
CACHE = Path(__file__).resolve().parents[2] / ".cache" / "opensearch"
ARTIFACT = f"org.opensearch.distribution.integ-test-zip:opensearch:{VERSION}:zip"
# pinned: the plugin that unpacks is part of what was tested
UNPACK = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack"
NOT_NEEDED = "**/modules/ingest-geoip/**,**/lib/tools/**,**/*.bat,**/*.exe"


class Missing(RuntimeError):
    """Something must be installed first; the message says what and how."""


def java() -> Path:
    """The newest installed Java of version 21 or later; installed by apt-get where that may be.

    Raises:
        Missing: there is none, and it could not be installed.
    """
    found = _newest_java()
    if found is None and _apt("openjdk-25-jre-headless", "openjdk-21-jre-headless"):
        found = _newest_java()
    if found is None:
        raise Missing(
            f"OpenSearch needs Java {OLDEST_JAVA} or later: install a JDK (Debian 13, Ubuntu 24.04: "
            "`apt-get install openjdk-21-jre-headless`; elsewhere Eclipse Temurin), or set JAVA_HOME "
            "to one, or set OPENSEARCH_URL to a running server."
        )
    return found


def _newest_java() -> Path | None:
    versions = {path: _java_version(path) for path in _java_candidates()}
    able = [path for path, version in versions.items() if version >= OLDEST_JAVA]
    return max(able, key=lambda path: versions[path], default=None)


def _java_candidates() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if on_path := shutil.which("java"):
        yield Path(on_path).resolve()
    folders = ("/usr/lib/jvm", "/opt", "/usr/java", "/Library/Java/JavaVirtualMachines")
    for folder in (*map(Path, folders), Path.home() / ".sdkman/candidates/java"):
        yield from folder.glob("*/bin/java")
        yield from folder.glob("*/Contents/Home/bin/java")


def _java_version(program: Path) -> int:
    """The major version, 0 where `program` is no working Java."""
    try:
        answer = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return 0
    match = re.search(r'version "(\d+)', answer.stderr)
    return int(match[1]) if match else 0


def _apt(*packages: str) -> bool:
    """Install the first of `packages` that apt-get has; False where this user may not."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update", "-q"], check=False, **quiet)
    for package in packages:
        print(f"installing {package} by apt-get", file=sys.stderr)
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", package]
        if subprocess.run(command, check=False, **quiet).returncode == 0:
            return True
    return False


def home() -> Path:
    """The server's folder, fetched by Maven on the first call.

    Raises:
        Missing: no Maven, or Maven could not fetch it; the message has Maven's own words.
    """
    target = CACHE / f"opensearch-{VERSION}"
    if target.exists():
        return target
    if not shutil.which("mvn"):
        _apt("maven")
    maven = shutil.which("mvn")
    if maven is None:
        raise Missing(
            "OpenSearch is fetched by Maven: install it (`apt-get install maven`), "
            "or set OPENSEARCH_URL to a running server."
        )
    CACHE.mkdir(parents=True, exist_ok=True)
    # unpacked beside its place and moved there when whole: a killed fetch leaves nothing half done
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="fetch-") as folder:
        print(f"fetching OpenSearch {VERSION} by Maven (160 MB, once)", file=sys.stderr)
        command = [maven, "-B", "-q", "-ntp", UNPACK, f"-Dartifact={ARTIFACT}"]
        command += [f"-DoutputDirectory={folder}", f"-Dmdep.unpack.excludes={NOT_NEEDED}"]
        answer = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        unpacked = Path(folder) / target.name
        if answer.returncode != 0 or not unpacked.exists():
            raise Missing(f"Maven could not fetch {ARTIFACT}: {answer.stdout[-2000:]}{answer.stderr[-500:]}")
        for name in ("plugins", "logs"):
            (unpacked / name).mkdir(exist_ok=True)
        unpacked.rename(target)
    return target


@dataclass(frozen=True)
class Node:
    """A running server: its address, its process, and the folder that holds its data and its log."""

    url: str
    pid: int
    data: Path

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the process and wait for it, at most 30 s, then kill it."""
        for attempt in (how, signal.SIGKILL):
            if not _signal(self.pid, attempt):
                return
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                if not _running(self.pid):
                    return
                time.sleep(0.1)


def _signal(pid: int, what: int) -> bool:
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        return False
    return True


def _running(pid: int) -> bool:
    try:  # a child of ours stays as a zombie until somebody asks for it
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return _signal(pid, 0)  # signal 0 only asks


def free_port() -> int:
    """A port of the loopback that nobody listens on.

    Below those that the system hands out (from 32768 on): one of these might be another's before the
    server has started.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def start(
    data: Path,
    port: int = 0,
    *,
    heap: str = "512m",
    settings: dict[str, str] | None = None,
    ends_with_us: bool = False,
    wait: bool = True,
    folder: Path | None = None,
    for_tests: bool = True,
) -> Node:
    """Start one node on the loopback and wait until it answers (about 10 s, at most 180 s).

    `for_tests` starts quicker by compiling less; what is measured or lives long wants the whole compiler.
    `folder` is a server other than the one that `home` fetches (secure.py has one).

    `port` 0 takes a free one. `ends_with_us` kills the server when this process ends, however it
    ends. Without `wait` it returns as soon as the process runs.
    Data, configuration and log (`out.log`) are kept in `data`.

    Raises:
        Missing: Java, Maven or the server can't be had.
        RuntimeError: the node died or did not answer; the message has the end of its log.
    """
    program, server = java(), folder or home()
    port = port or free_port()
    data = data.resolve()
    for name in ("tmp", "data", "logs", "snapshots"):
        (data / name).mkdir(parents=True, exist_ok=True)
    if not (data / "config").exists():
        shutil.copytree(server / "config", data / "config")
        (data / "config" / "log4j2.properties").write_text(LOGGING, "utf-8")
    archive = CACHE / "jvm"  # the JVM's class archive: halves the time of every later start
    archive.mkdir(exist_ok=True)
    user = _unprivileged_user(data, archive)
    options = {
        "node.name": "dateline-test",
        "http.port": str(port),
        "transport.port": str(free_port()),
        "network.host": "127.0.0.1",
        "discovery.type": "single-node",
        "path.data": str(data / "data"),
        "path.logs": str(data / "logs"),
        "path.repo": str(data / "snapshots"),
        # tests run on full disks too; production keeps the thresholds
        "cluster.routing.allocation.disk.threshold_enabled": "false",
        # what the product asks of its servers: no index appears by a slip of the pen
        "action.auto_create_index": "false",
    } | (settings or {})
    command = [str(program), f"-Xms{heap}", f"-Xmx{heap}", "-XX:+UseSerialGC"]
    command += ["-XX:TieredStopAtLevel=1"] if for_tests else []
    command += [
        "-XX:+AutoCreateSharedArchive",
        f"-XX:SharedArchiveFile={archive}/{'classes' if folder is None else folder.name}.jsa",
    ]
    command += ["-Xlog:cds=off", "-Xlog:cds+dynamic=off", "-XX:+ExitOnOutOfMemoryError"]
    command += ["--enable-native-access=ALL-UNNAMED", "--add-opens=java.base/java.nio=ALL-UNNAMED"]
    properties = {
        "java.io.tmpdir": data / "tmp",
        "file.encoding": "UTF-8",
        "java.awt.headless": "true",
        "log4j2.disable.jmx": "true",
        "io.netty.noUnsafe": "true",
        "opensearch.path.home": server,
        "opensearch.path.conf": data / "config",
        "opensearch.distribution.type": "tar",
        "opensearch.bundled_jdk": "false",
    }
    command += [f"-D{name}={value}" for name, value in properties.items()]
    agents = [str(jar) for jar in (server / "agent").glob("opensearch-agent-bootstrap-*.jar")]
    command += ["-cp", ":".join([f"{server}/lib/*", *agents]), "org.opensearch.bootstrap.OpenSearch"]
    command += [f"-E{name}={value}" for name, value in options.items()]
    log = data / "out.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=data,
            env={"HOME": str(data), "PATH": os.environ.get("PATH", "")},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent if ends_with_us else None,
            **user,
        )
    (data / "pid").write_text(str(process.pid), "ascii")
    node = Node(f"http://127.0.0.1:{port}", process.pid, data)
    if wait:
        _wait(node, process, log)
    return node


def _unprivileged_user(*folders: Path) -> dict[str, object]:
    """OpenSearch refuses to run as root: then it runs as `nobody`, who is given its folders."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    for folder in folders:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        for parent in folder.parents:
            if not parent.stat().st_mode & 0o001:
                raise Missing(
                    f"OpenSearch can't run as root, and the user 'nobody' may not enter {parent}: put the "
                    "repo where others may read, run this as an ordinary user, or set OPENSEARCH_URL."
                )
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL))  # PR_SET_PDEATHSIG


def _wait(node: Node, process: subprocess.Popen[bytes], log: Path) -> None:
    health = f"{node.url}/_cluster/health?wait_for_status=yellow&timeout=2s"
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(health, timeout=3) as answer:
                if json.load(answer)["status"] in ("yellow", "green"):
                    return
        except (urllib.error.URLError, OSError, ValueError):
            pass
        time.sleep(0.2)
    node.stop(signal.SIGKILL)
    raise RuntimeError("OpenSearch did not start:\n" + log.read_text("utf-8", "replace")[-3000:])


LOGGING = """status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = info
rootLogger.appenderRef.out.ref = out
"""


def main() -> int:
    parser = argparse.ArgumentParser(description="A real OpenSearch for tests and benchmarks.")
    parser.add_argument("command", choices=["fetch", "start", "stop"])
    parser.add_argument("--port", type=int, default=9200, help="0 takes a free one (default 9200)")
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "dateline-opensearch")
    parser.add_argument("--heap", default="512m", help="size of the JVM's heap (default 512m)")
    wanted = parser.parse_args()
    try:
        if wanted.command == "fetch":
            print(java(), home(), sep="\n")
        elif wanted.command == "start":
            print(start(wanted.data, wanted.port, heap=wanted.heap).url)
        else:
            Node("", int((wanted.data / "pid").read_text("ascii")), wanted.data).stop()
    except (Missing, RuntimeError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
