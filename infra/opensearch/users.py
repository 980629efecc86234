"""Give the two users of an OpenSearch their passwords: python users.py URL CERTIFICATES SECRETS

CERTIFICATES is the folder that certificates.py made (the administrator's is used), SECRETS one with files
`indexer` and `searcher`, a password in each. Said again with other passwords it changes them. Standard
library only.
"""

from __future__ import annotations

import json
import ssl
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

USERS = ("indexer", "searcher")
LEAST = 16  # characters


def as_admin(certificates: Path) -> ssl.SSLContext:
    """TLS as the administrator, to a node that the authority vouches for."""
    context = ssl.create_default_context(cafile=str(certificates / "ca.pem"))
    context.load_cert_chain(str(certificates / "admin.pem"), str(certificates / "admin.key"))
    return context


def give(url: str, certificates: Path, secrets: dict[str, str], patience: float = 120.0) -> None:
    """Make the users, or change their passwords; waits for a node that is starting.

    Raises:
        SystemExit: a password is too short, or the node refuses; the message says which and why.
    """
    context = as_admin(certificates)
    for user in USERS:
        if len(secrets.get(user, "")) < LEAST:
            raise SystemExit(
                f"the password of {user} has fewer than {LEAST} characters: openssl rand -base64 24"
            )
    deadline = time.monotonic() + patience
    for user in USERS:
        body = json.dumps({"password": secrets[user], "description": "made by users.py"}).encode()
        while True:
            request = urllib.request.Request(
                f"{url}/_plugins/_security/api/internalusers/{user}",
                body,
                {"Content-Type": "application/json"},
                method="PUT",
            )
            try:
                with urllib.request.urlopen(request, timeout=10, context=context):
                    break
            except urllib.error.HTTPError as error:
                said = error.read().decode("utf-8", "replace")[:300]
                if error.code not in (503, 500) or time.monotonic() > deadline:
                    raise SystemExit(f"{user}: the node refuses ({error.code}): {said}") from None
            except ssl.SSLError as error:
                raise SystemExit(f"{url}: {error}") from None
            except OSError as error:
                if time.monotonic() > deadline:
                    raise SystemExit(f"{url}: {error}") from None
            time.sleep(0.5)


def main() -> None:
    url, certificates, folder = sys.argv[1].rstrip("/"), Path(sys.argv[2]), Path(sys.argv[3])
    try:
        secrets = {user: (folder / user).read_text("utf-8").strip() for user in USERS}
    except OSError as error:
        raise SystemExit(f"{error.filename}: {error.strerror}: write a password into it") from None
    give(url, certificates, secrets)
    print("indexer and searcher have their passwords")


if __name__ == "__main__":
    main()
