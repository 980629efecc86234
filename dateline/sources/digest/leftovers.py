"""What copying left in a text's lines: quoted-printable marks, the wires' own marks, heads of pages.

Lines keep their numbers: what is taken away leaves an empty line.
"""

from __future__ import annotations

import quopri
import re
from collections import defaultdict
from itertools import pairwise

_ESCAPED = re.compile(r"(?:=[0-9A-F]{2})+")
_SURE = re.compile(r"=20$|=C3=[89AB][0-9A-F]|=E2=80=|=C2=A0")
_ZCZC = re.compile(r"\s*ZCZC\b.{0,80}")
_NNNN = re.compile(r"\s*N{4}\s*")
_SLUG = re.compile(r"[A-Z][A-Z0-9]+(?:[-/][A-Z0-9]+)+")
_INITIALS = re.compile(r"\s*[a-z]{1,4}(?:/[a-z]{1,4})*\s*")
_POSTED = re.compile(r"[A-Z][\w.'’ -]{1,40}?\s{1,3}\[?\d{1,2}:\d\d(?:\s?[AP]M)?\]?\s*")
_PAGE = re.compile(
    r"(?P<before>.{0,100}?)\b(?:page|seite|página|pagina|pág\.|pag\.|blz\.|p\.)\s?(?P<number>\d{1,4})"
    r"(?:\s?(?:of|von|de|di|sur|/)\s?\d{1,4})?(?P<after>.{0,60})",
    re.IGNORECASE,
)


def mend_lines(lines: list[str]) -> set[int]:
    """Mends `lines` in place; the indices of lines whose words now stand in the line above."""
    joined = _quoted_printable(lines)
    _wire_marks(lines)
    _page_heads(lines)
    _chat_heads(lines)
    return joined


def _quoted_printable(lines: list[str]) -> set[int]:
    """A mail's text that was saved before its "=20" and "=E2=80=99" were read."""
    broken = [n for n, line in enumerate(lines) if line.endswith("=") and not line.endswith("==")]
    sure = sum(1 for line in lines if "=" in line and _SURE.search(line))
    if sure + len(broken) < 2 or (not sure and any(len(lines[n]) < 60 for n in broken)):
        return set()  # an address may end in "=" too
    joined: set[int] = set()
    for n in reversed(broken):
        if n + 1 < len(lines):
            lines[n] = lines[n][:-1] + lines[n + 1]
            joined.add(n + 1)
    for n, line in enumerate(lines):
        if "=" in line and n not in joined:
            lines[n] = _ESCAPED.sub(_decoded, line).rstrip()
    return joined


def _decoded(match: re.Match[str]) -> str:
    data = quopri.decodestring(match[0].encode())
    if any(byte < 32 and byte not in b"\t\n\r" for byte in data):
        return match[0]
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _wire_marks(lines: list[str]) -> None:
    """ZCZC and NNNN around each report of a wire's file, with its slug and its editors' initials."""
    if not any("ZCZC" in line or line.strip() == "NNNN" for line in lines):
        return
    opened = False
    for n, line in enumerate(lines):
        if _ZCZC.fullmatch(line):
            lines[n], opened = "----------", True
        elif _NNNN.fullmatch(line):
            lines[n] = "----------"
            if n and _INITIALS.fullmatch(lines[n - 1]):
                lines[n - 1] = ""
        elif opened and line.strip():
            if _SLUG.fullmatch(line.strip()):
                lines[n] = ""
            opened = False


def _page_heads(lines: list[str]) -> None:
    """A page's head or foot that stands on each page, the same but for its number."""
    heads: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for n, line in enumerate(lines):
        bare = line.strip("\f \t") if len(line) < 160 else ""
        if (
            bare
            and (bare[-1].isdigit() or "\f" in line or bare[:1] in "-–[PpSsBb")
            and (match := _PAGE.fullmatch(bare))
        ):
            heads[match["before"].strip(), match["after"].strip()].append((n, int(match["number"])))
    for (before, _), places in heads.items():
        numbers = [number for _, number in places]
        if len(places) < 2 or any(b - a != 1 for a, b in pairwise(numbers)):
            continue
        fed = any("\f" in lines[n] or (n and "\f" in lines[n - 1]) for n, _ in places)
        # a paper's name, a day and a page are what a clipping says of itself
        if fed or not before or (numbers[0] == 1 and not before.endswith(",")):
            for n, _ in places:
                lines[n] = ""


def _chat_heads(lines: list[str]) -> None:
    """Who posted at what hour, above each message that was copied out of a chat: a separator."""
    heads = [
        n for n, line in enumerate(lines) if line.rstrip()[-1:] in "mM0123456789" and _POSTED.fullmatch(line)
    ]
    if len(heads) > 1 and all(n + 1 < len(lines) and lines[n + 1].strip() for n in heads):
        for n in heads:
            lines[n] = "----------"
