"""One origin's robots.txt as rules, by RFC 9309 and the public test suite of Google's parser.

Ours, after protego (0.7) was held against both: it takes any prefix of our name for our name, measures
a rule after escaping it ("?" counts three octets, so a shorter rule can win), lets "/a$" also match
"/a$b", and lets an unknown line split a group. What remains of it would be a find in a string.

Where the suite and the RFC differ, the RFC holds: "%62" in a rule is "b" (2.2.2), and a URL whose
caller left it unescaped is escaped here. A pattern costs one pass over the path, whatever it holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

MAX_LINE = 2083 * 8  # bytes; what stands behind them on a line is not read, as Google does

_AGENT = re.compile(r"user[- ]?agent", re.I)
_ALLOW = re.compile(r"allow", re.I)
_DISALLOW = re.compile(r"dis+al+ow|disallaw|diasllow|dissallaw", re.I)  # with the misspellings Google takes
_SITEMAP = re.compile(r"site-?maps?", re.I)
_DELAY = re.compile(r"crawl-?\s?delay", re.I)
_RATE = re.compile(r"request-?\s?rate", re.I)
_KNOWN = (_AGENT, _ALLOW, _DISALLOW, _SITEMAP, _DELAY, _RATE)
_EOL = re.compile(r"\r\n|\r|\n")  # str.splitlines would break at a dozen characters more
_TOKEN = re.compile(r"[\w-]*")  # a robot with an umlaut in its name has one, whatever the RFC says
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_BARE = re.compile("[\x00-\x20\x7f]")  # what may stand in no URL: "/a b" in a rule is "/a%20b"
_RATE_VALUE = re.compile(r"(\d{1,6})\s*/\s*(\d{1,6})\s*([smhd]?)", re.I)
_UNIT = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
# what an escaped octet may not turn into: it would mean something else
_PATH_KEPT = frozenset("/?*$%#")
_QUERY_KEPT = frozenset("*$%#")
_LITERAL = str.maketrans({"*": "%2A", "$": "%24"})  # in a path these two are letters like others


@dataclass(frozen=True, slots=True)
class Rule:
    """One Allow or Disallow line: the pattern cut at its wildcards, in comparable form."""

    allow: bool
    octets: int  # of the pattern: the longest that matches decides
    parts: tuple[str, ...]
    anchored: bool  # "$" ends it

    def matches(self, path: str) -> bool:
        """Whether a path in comparable form begins with what the pattern says."""
        head, *middle = self.parts
        if not path.startswith(head):
            return False
        at = len(head)
        if not middle:
            return not self.anchored or at == len(path)
        last = middle.pop()
        for part in middle:
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        if self.anchored:
            return len(path) - len(last) >= at and path.endswith(last)
        return path.find(last, at) >= 0


@dataclass(frozen=True, slots=True)
class Group:
    """What holds for one robot: its rules, the longest first, Allow before Disallow of one length."""

    rules: tuple[Rule, ...] = ()
    crawl_delay: float | None = None  # seconds: Crawl-delay, or what Request-rate comes to
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether a URL of the origin may be fetched; robots.txt itself always may."""
        path = comparable(path_of(url).translate(_LITERAL))
        if path == "/robots.txt":
            return True
        return next((rule.allow for rule in self.rules if rule.matches(path)), True)


def read_group(body: bytes, agent: str) -> Group:
    """What a robots.txt says to a product token: its own groups joined, else those for "*".

    Any bytes are read; never raises.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    sitemaps: dict[str, None] = {}
    names: list[str] = []
    in_rules = False
    for line in _lines(body):
        name, value = _field(line)
        if _AGENT.fullmatch(name):
            if in_rules:
                names, in_rules = [], False
            # the token ends at the first character that may not stand in one; "*" may have company
            token = "*" if re.match(r"\*(?:\s|$)", value) else _TOKEN.match(value)[0].lower()  # type: ignore[index]
            names.append(token)
            groups.setdefault(token, [])
        elif _SITEMAP.fullmatch(name):
            if value:
                sitemaps[value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")] = None
        elif any(known.fullmatch(name) for known in _KNOWN):
            in_rules = in_rules or not (_DELAY.fullmatch(name) or _RATE.fullmatch(name))
            for token in dict.fromkeys(names):
                groups[token].append((name, value))
    own = groups.get(agent.partition("/")[0].lower(), groups.get("*", []))
    rules = [rule for name, value in own for rule in _rules(name, value)]
    rules.sort(key=lambda rule: (-rule.octets, not rule.allow))
    return Group(tuple(dict.fromkeys(rules)), _delay(own), tuple(sitemaps))


def _lines(body: bytes) -> list[str]:
    for mark in (b"\xef\xbb\xbf", b"\xef\xbb", b"\xef"):  # half a byte order mark is one too
        if body.startswith(mark):
            body = body[len(mark) :]
            break
    # bytes that are no UTF-8 stay themselves, so that they match a URL that escapes them
    text = body.decode("utf-8", "surrogateescape")
    return [line[:MAX_LINE] if line.isascii() else _cut(line) for line in _EOL.split(text)]


def _cut(line: str) -> str:
    return line.encode("utf-8", "surrogateescape")[:MAX_LINE].decode("utf-8", "surrogateescape")


def _field(line: str) -> tuple[str, str]:
    """Name and value of a line; a forgotten colon counts where just two words stand there."""
    line = line.partition("#")[0].strip(" \t\x0b\x0c\x00")
    name, colon, value = line.partition(":")
    name = name.strip()
    if colon and any(known.fullmatch(name) for known in _KNOWN):
        return name, value.strip(" \t\x0b\x0c\x00")
    if _AGENT.fullmatch(line):
        return line, ""
    words = line.split()
    if len(words) == 3 and f"{words[0]} {words[1]}".lower() in ("user agent", "crawl delay", "request rate"):
        words = [f"{words[0]} {words[1]}", words[2]]
    if len(words) == 2 and any(known.fullmatch(words[0]) for known in _KNOWN):
        return words[0], words[1]
    return "", ""


def _rules(name: str, value: str) -> list[Rule]:
    if not value:
        return []  # an empty Disallow forbids nothing
    if _DISALLOW.fullmatch(name):
        return [_rule(False, value)]
    if not _ALLOW.fullmatch(name):
        return []
    folder, slash, page = value.rpartition("/")
    if slash and re.fullmatch(r"index\.html?\$?", page):  # who may read the index may read its folder
        return [_rule(True, value), _rule(True, f"{folder}/$")]
    return [_rule(True, value)]


def _rule(allow: bool, pattern: str) -> Rule:
    anchored = pattern.endswith("$")
    form = comparable(pattern.removesuffix("$"))
    if not allow and form and not form.startswith(("/", "*")):
        form = "/" + form  # "Disallow: private/" means what it says
    octets = len(form) + anchored
    parts = re.sub(r"\*{2,}", "*", form.replace("$", "%24")).split("*")  # "$" elsewhere is a letter
    return Rule(allow, octets, tuple(parts), anchored)


def _delay(lines: list[tuple[str, str]]) -> float | None:
    """The longest of the delays asked for, in seconds; a value that is no number asks for nothing."""
    asked = []
    for name, value in lines:
        if _DELAY.fullmatch(name) and re.fullmatch(r"(?:\d+\.?\d*|\.\d+)(?:e\d{1,2})?", value[:40], re.I):
            asked.append(float(value[:40]))
        elif _RATE.fullmatch(name) and (found := _RATE_VALUE.match(value)) and int(found[1]):
            asked.append(int(found[2]) * _UNIT[found[3].lower()] / int(found[1]))
    return max(asked, default=None)


def comparable(path: str) -> str:
    """A path, or a rule's pattern, in the form in which the two are compared.

    What is no ASCII is escaped, escapes of ASCII that change no meaning are undone, the others are
    written in capitals: "/ツ", "/%e3%83%84" and "/%E3%83%84" are one, and "/%7Ea" is "/~a".
    """
    if not path.isascii():
        octets = path.encode("utf-8", "surrogateescape" if _escaped_bytes(path) else "surrogatepass")
        path = "".join(chr(octet) if octet < 0x80 else f"%{octet:02X}" for octet in octets)
    if _BARE.search(path):
        path = _BARE.sub(lambda found: f"%{ord(found[0]):02X}", path)
    if "%" not in path:
        return path
    head, mark, query = path.partition("?")
    return _unescaped(head, _PATH_KEPT) + mark + _unescaped(query, _QUERY_KEPT)


def _escaped_bytes(text: str) -> bool:
    return all(not 0xD800 <= ord(char) <= 0xDFFF or 0xDC80 <= ord(char) <= 0xDCFF for char in text)


def _unescaped(text: str, kept: frozenset[str]) -> str:
    def one(found: re.Match[str]) -> str:
        char = chr(int(found[1], 16))
        return char if "!" <= char <= "~" and char not in kept else found[0].upper()

    return _ESCAPE.sub(one, text)


def path_of(url: str) -> str:
    """Path and query of a URL, or of what is only a path; "/" where it has none."""
    if url.startswith("/") and not url.startswith("//"):
        return url.partition("#")[0]
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    path = parts.path if parts.netloc else "/" + parts.path.partition("/")[2]
    return (path or "/") + (f"?{parts.query}" if parts.query or url.partition("#")[0].endswith("?") else "")
