"""An authority, a node's certificate and an administrator's: python certificates.py FOLDER [NAME …]

NAME are the names and addresses under which the node is asked for (localhost and 127.0.0.1 if none is
given). What is there already is kept. openssl makes them; standard library only.
"""

from __future__ import annotations

import ipaddress
import os
import subprocess
import sys
import tempfile
from pathlib import Path

DAYS = "3650"


def make(folder: Path, names: list[str]) -> None:
    """ca.pem, and node and admin as .pem and .key, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "admin.pem").exists():
        return
    os.umask(0o077)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        _openssl(
            *(
                "req",
                "-x509",
                "-newkey",
                "rsa:3072",
                "-nodes",
                "-days",
                DAYS,
                "-subj",
                "/O=Dateline/CN=authority",
            ),
            *("-keyout", str(work / "ca.key"), "-out", str(work / "ca.pem")),
        )
        for name in ("node", "admin"):
            alternatives = ",".join(_alternative(each) for each in names) if name == "node" else "DNS:admin"
            usage = "serverAuth,clientAuth" if name == "node" else "clientAuth"
            (work / "extensions").write_text(f"subjectAltName={alternatives}\nextendedKeyUsage={usage}\n")
            _openssl(
                *("req", "-newkey", "rsa:3072", "-nodes", "-subj", f"/O=Dateline/CN={name}"),
                *("-keyout", str(work / f"{name}.raw"), "-out", str(work / f"{name}.csr")),
            )
            # the node reads PKCS #8
            _openssl(
                "pkcs8",
                "-topk8",
                "-nocrypt",
                "-in",
                str(work / f"{name}.raw"),
                "-out",
                str(work / f"{name}.key"),
            )
            _openssl(
                *("x509", "-req", "-days", DAYS, "-in", str(work / f"{name}.csr")),
                *("-CA", str(work / "ca.pem"), "-CAkey", str(work / "ca.key"), "-CAcreateserial"),
                *("-extfile", str(work / "extensions"), "-out", str(work / f"{name}.pem")),
            )
        # the authority's key is not kept: nobody signs another certificate with it
        for name in ("ca.pem", "node.pem", "node.key", "admin.key", "admin.pem"):
            (folder / name).write_bytes((work / name).read_bytes())
    (folder / "ca.pem").chmod(0o644)


def _alternative(name: str) -> str:
    try:
        return f"IP:{ipaddress.ip_address(name)}"
    except ValueError:
        return f"DNS:{name}"


def _openssl(*arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"openssl {arguments[0]}: {done.stderr.strip()[-300:]}")


if __name__ == "__main__":
    make(Path(sys.argv[1]), sys.argv[2:] or ["localhost", "127.0.0.1"])
