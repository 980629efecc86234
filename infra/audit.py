"""Known holes in the locked packages: pip-audit over both locks, less the exceptions with their reasons.

Holes in what we ship fail; where the database of holes can't be reached, it says so and fails nothing:
who works on a train can still lint. A lock that was found clean is asked about once a day. Standard
library only; pip-audit comes by `uv tool run`, apart from our own environment.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
TOOL = "pip-audit==2.10.1"
EXCEPTIONS = REPO / "infra" / "audit.toml"
CACHE = REPO / ".cache" / "audit"


def exceptions() -> dict[str, str]:
    """Identifier of a hole → why it does not concern us; each with a day on which it is looked at again."""
    with EXCEPTIONS.open("rb") as file:
        given = tomllib.load(file).get("exceptions", [])
    today = dt.date.today()
    for one in given:
        if not one.get("reason") or not isinstance(one.get("until"), dt.date):
            raise SystemExit(f"{EXCEPTIONS.name}: {one.get('id')} needs a reason, and until = a day")
        if one["until"] < today:
            raise SystemExit(
                f"{EXCEPTIONS.name}: the exception of {one['id']} ended on {one['until']}: look again"
            )
    return {one["id"]: one["reason"] for one in given}


def main() -> int:
    """1 where a hole is known that no exception covers."""
    known = exceptions()
    locks = [REPO / "requirements.lock", REPO / "requirements-dev.lock"]
    found = 0
    for lock in locks:
        mark = hashlib.sha256(lock.read_bytes() + EXCEPTIONS.read_bytes()).hexdigest()[:16]
        clean = CACHE / f"{dt.date.today()}-{mark}"
        if clean.exists():
            print(f"{lock.name}: no known holes (asked today)")
            continue
        holes = ask(lock, known)
        if holes is None:
            continue
        for name, version, hole, fixed in holes:
            print(f"{lock.name}: {name} {version}: {hole}, mended in {fixed or 'no version yet'}")
        found += len(holes)
        if not holes:
            print(f"{lock.name}: no known holes" + (f" but {len(known)} with a reason" if known else ""))
            CACHE.mkdir(parents=True, exist_ok=True)
            clean.touch()
    if found:
        print(f"take newer versions (`make lock`), or write the reason into infra/{EXCEPTIONS.name}")
    return 1 if found else 0


def ask(lock: Path, known: dict[str, str]) -> list[tuple[str, str, str, str]] | None:
    """(package, version, hole, mended in) of each; None where it could not be asked, which is said."""
    uv = Path(sys.executable).parent / "uv"
    command = [
        str(uv),
        "tool",
        "run",
        "--quiet",
        "--from",
        TOOL,
        "pip-audit",
        "--disable-pip",
        "--require-hashes",
    ]
    command += ["--progress-spinner", "off", "--format", "json", "--requirement", str(lock)]
    for hole in known:
        command += ["--ignore-vuln", hole]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        answer = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        why = (done.stderr.strip().splitlines() or [str(error)])[-1] if "done" in locals() else str(error)
        print(f"{lock.name}: NOT AUDITED, the database of known holes could not be asked: {why[:200]}")
        return None
    return [
        (package["name"], package["version"], hole["id"], ", ".join(hole["fix_versions"]))
        for package in answer["dependencies"]
        for hole in package.get("vulns", [])
    ]


if __name__ == "__main__":
    sys.exit(main())
