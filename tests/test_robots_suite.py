"""robots.txt held against the kind of case that the suites of Google's parser and of protego hold.

Written anew after both, with RFC 9309's own examples. A failure means a publisher's no is overrun, or
a publisher's yes not used. Where the suites and the RFC differ the RFC holds, and the case says so.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.fetch.robots import parse
from dateline.fetch.robots_rules import MAX_LINE, comparable, path_of

ALL = "user-agent: foobot\ndisallow: /\n"
Case = tuple[str | bytes, str, list[str], list[str]]

CASES: dict[str, Case] = {
    # file, agent, allowed, forbidden
    "no file forbids nothing": ("", "foobot", ["/", "/x?y"], []),
    "a file for another": (ALL, "barbot", ["/x"], []),
    "no path is the root": (ALL, "foobot", [], ["http://foo.bar", "http://foo.bar?x", ""]),
    "other names are no rules": ("foo: foobot\nbar: /\n", "foobot", ["/x"], []),
    "a colon forgotten": ("user-agent foobot\ndisallow /\n", "foobot", [], ["/x"]),
    "a tab for a colon": ("user-agent\tfoobot\ndisallow\t/a", "foobot", ["/x"], ["/a"]),
    "three words are no rule": ("user-agent: foobot\ndisallow /a b\n", "foobot", ["/a"], []),
    "a robot with an umlaut": (
        "user-agent: *\ndisallow: /\nuser-agent: BöserBot\ndisallow: /x",
        "böserbot",
        ["/"],
        ["/x"],
    ),
    "a robot with its version": (ALL, "FooBot/2.1", [], ["/x"]),
    "a space is an escaped one": ("user-agent: *\ndisallow: /a b/", "x", ["/a"], ["/a%20b/c", "/a b/"]),
    "nothing but a $ is nothing": ("user-agent: *\ndisallow: $", "x", ["/", "/a"], []),
    "groups": (
        "allow: /out/\n\nuser-agent: foobot\ndisallow: /\nallow: /x/\nuser-agent: barbot\ndisallow: /\n"
        "allow: /y/\n\n\nallow: /w/\nuser-agent: bazbot\n\nuser-agent: foobot\nallow: /z/\ndisallow: /\n",
        "foobot",
        ["/x/b", "/z/d"],
        ["/y/c", "/out/", "/w/a"],
    ),
    "groups, empty lines do not end one": (
        "user-agent: barbot\ndisallow: /\n\n\nallow: /w/\n",
        "barbot",
        ["/w/a"],
        ["/z"],
    ),
    "names one above the other share a group": (
        "user-agent: bazbot\n\nuser-agent: foobot\nallow: /z/\ndisallow: /\n",
        "bazbot",
        ["/z/d"],
        ["/out/"],
    ),
    "a sitemap line ends no group": (
        "user-agent: foobot\nsitemap: https://a/s\nuser-agent: *\ndisallow: /",
        "foobot",
        [],
        ["/x"],
    ),
    "nor does an unknown one": (
        "user-agent: foobot\nunknown: x\nuser-agent: *\ndisallow: /",
        "foobot",
        [],
        ["/x"],
    ),
    "upper case": ("USER-AGENT: FooBot\nALLOW: /x/\nDISALLOW: /\n", "foobot", ["/x/y"], ["/a/b"]),
    "mixed case": ("uSeR-aGeNt: FooBot\nAlLoW: /x/\ndIsAlLoW: /\n", "FOOBOT", ["/x/y"], ["/a/b"]),
    "a name up to the first space": (
        "user-agent: *\ndisallow: /\nuser-agent: Foo Bar\nallow: /x/\ndisallow: /\n",
        "foo",
        ["/x/y"],
        ["/"],
    ),
    "a name up to its version": ("user-agent: foo/1.1\ndisallow: /", "foo", [], ["/x"]),
    "another name that begins alike": ("user-agent: foobar\ndisallow: /", "foo", ["/x"], []),
    "our name's beginning is another's": ("user-agent: foo\ndisallow: /", "foobot", ["/x"], []),
    "a name in the middle": ("user-agent: mozilla/5.0 (foobot)\ndisallow: /", "foobot", ["/x"], []),
    "the group for all comes second": (
        "user-agent: *\nallow: /\nuser-agent: foobot\ndisallow: /\n",
        "foobot",
        [],
        ["/x"],
    ),
    "and holds for whom none names": (
        "user-agent: *\ndisallow: /\nuser-agent: barbot\nallow: /\n",
        "foobot",
        [],
        ["/x"],
    ),
    "a star with words behind it": ("user-agent: * (everybody)\ndisallow: /a", "foobot", ["/x"], ["/a"]),
    "a star glued to a name is a name": ("user-agent: *bot\ndisallow: /a", "foobot", ["/a"], []),
    "a name that is none": (
        "user-agent: foobot\ndisallow: /x\nuser-agent:\ndisallow: /y",
        "foobot",
        ["/y"],
        ["/x"],
    ),
    "no rule is a yes": ("user-agent: *\ndisallow: /\nuser-agent: foobot\n", "foobot", ["/x"], []),
    "case of a path counts": ("user-agent: foobot\ndisallow: /X/\n", "foobot", ["/x/y"], ["/X/y"]),
    "the longest wins, a no": (
        "user-agent: foobot\ndisallow: /x/page.html\nallow: /x/\n",
        "foobot",
        ["/x/"],
        ["/x/page.html"],
    ),
    "the longest wins, a yes": (
        "user-agent: foobot\nallow: /x/page.html\ndisallow: /x/\n",
        "foobot",
        ["/x/page.html"],
        ["/x/"],
    ),
    "empty ones say nothing": ("user-agent: foobot\ndisallow: \nallow: \n", "foobot", ["/x"], []),
    "a tie is a yes": ("user-agent: foobot\ndisallow: /\nallow: /\n", "foobot", ["/x"], []),
    "a slash more is longer": ("user-agent: foobot\ndisallow: /x\nallow: /x/\n", "foobot", ["/x/"], ["/x"]),
    "a wildcard counts an octet": (
        "user-agent: foobot\nallow: /page\ndisallow: /*.html\n",
        "foobot",
        ["/page"],
        ["/page.html"],
    ),
    "the dot decides": (
        "user-agent: foobot\nallow: /x/page.\ndisallow: /*.html\n",
        "foobot",
        ["/x/page.html"],
        ["/x/y.html"],
    ),
    "a question mark counts one": (
        "user-agent: foobot\ndisallow: /?a\nallow: /*a=\n",
        "foobot",
        ["/?a=1"],
        ["/?ab"],
    ),
    "a query stays": (
        "user-agent: foobot\ndisallow: /\nallow: /foo/bar?qux=taz&baz=http://foo.bar?tar&par\n",
        "foobot",
        ["/foo/bar?qux=taz&baz=http://foo.bar?tar&par"],
        ["/foo/bar?qux=taz"],
    ),
    "an address in a query, escaped (RFC 9309, 2.2.2)": (
        "user-agent: foobot\ndisallow: /foo/bar?baz=https://foo.bar\n",
        "foobot",
        [],
        ["/foo/bar?baz=https%3A%2F%2Ffoo.bar"],
    ),
    "a letter of three octets": (
        "user-agent: foobot\ndisallow: /\nallow: /foo/bar/ツ\n",
        "foobot",
        ["/foo/bar/%E3%83%84", "/foo/bar/ツ"],
        ["/foo"],
    ),
    "the same, escaped in the file": (
        "user-agent: foobot\ndisallow: /\nallow: /foo/bar/%e3%83%84\n",
        "foobot",
        ["/foo/bar/%E3%83%84"],
        [],
    ),
    "an escape that was not needed (RFC 9309, 2.2.2)": (
        "user-agent: foobot\ndisallow: /\nallow: /foo/bar/%62%61%7A\n",
        "foobot",
        ["/foo/bar/%62%61%7A", "/foo/bar/baz"],
        [],
    ),
    "an escaped slash is none": ("user-agent: foobot\ndisallow: /a%2Fb\n", "foobot", ["/a/b"], ["/a%2fb"]),
    "an escaped star is a star": (
        "user-agent: foobot\ndisallow: /a-%2A.html\n",
        "foobot",
        ["/a-x.html"],
        ["/a-*.html", "/a-%2a.html"],
    ),
    "an escaped dollar is a dollar": (
        "user-agent: foobot\ndisallow: /a%24b\n",
        "foobot",
        ["/a"],
        ["/a$b", "/a%24b"],
    ),
    "latin-1 in the file": (
        b"user-agent: foobot\ndisallow: /caf\xe9\n",
        "foobot",
        ["/cafe", "/café"],
        ["/caf%E9"],
    ),
    "a star for nothing and for much": (
        "user-agent: foobot\ndisallow: /foo/*/qux\n",
        "foobot",
        ["/foo/qux", "/foo/x/quz"],
        ["/foo/x/qux", "/foo//qux", "/foo/x/y/quxx"],
    ),
    "an end": (
        "user-agent: foobot\ndisallow: /foo/bar$\n",
        "foobot",
        ["/foo/bar/", "/foo/bar/qux", "/foo/bar?x"],
        ["/foo/bar"],
    ),
    "a dollar in the middle is a letter": (
        "user-agent: foobot\ndisallow: /a$b\n",
        "foobot",
        ["/a", "/ab"],
        ["/a$b/c", "/a%24b"],
    ),
    "a comment behind a rule": (
        "user-agent: foobot\n# disallow: /\ndisallow: /foo/quz#qux\nallow: /\n",
        "foobot",
        ["/foo/bar"],
        ["/foo/quz"],
    ),
    "stars at both ends": (
        "user-agent: foobot\ndisallow: /*private*\n",
        "foobot",
        ["/public"],
        ["/private", "/a/b-private-c"],
    ),
    "two ends that overlap": (
        "user-agent: foobot\ndisallow: /ab*ba$\n",
        "foobot",
        ["/aba", "/abab"],
        ["/abba", "/abxba"],
    ),
    "index.html is its folder": (
        "user-agent: *\nallow: /a/index.html\ndisallow: /\n",
        "foobot",
        ["/a/", "/a/index.html"],
        ["/a/index.htm", "/a/x", "/b"],
    ),
    "a no for index.html is only that": (
        "user-agent: *\ndisallow: /a/index.html\n",
        "foobot",
        ["/a/"],
        ["/a/index.html"],
    ),
    "fish": (
        "user-agent: foobot\ndisallow: /\nallow: /fish\n",
        "foobot",
        ["/fish", "/fish.html", "/fish/salmon.html", "/fishheads", "/fish.html?id=anything"],
        ["/bar", "/Fish.asp", "/catfish", "/?id=fish"],
    ),
    "fish, starred": (
        "user-agent: foobot\ndisallow: /\nallow: /fish*\n",
        "foobot",
        ["/fish", "/fish.html", "/fishheads/yummy.html"],
        ["/Fish.bar", "/catfish"],
    ),
    "fish, a folder": (
        "user-agent: foobot\ndisallow: /\nallow: /fish/\n",
        "foobot",
        ["/fish/", "/fish/salmon", "/fish/?salmon"],
        ["/fish", "/fish.html", "/Fish/Salmon.html"],
    ),
    "php": (
        "user-agent: foobot\ndisallow: /\nallow: /*.php\n",
        "foobot",
        [
            "/filename.php",
            "/folder/filename.php?parameters",
            "//folder/any.php.file.html",
            "/index?f=filename.php/",
        ],
        ["/php/", "/index?php", "/windows.PHP"],
    ),
    "php, ended": (
        "user-agent: foobot\ndisallow: /\nallow: /*.php$\n",
        "foobot",
        ["/filename.php", "/folder/filename.php"],
        ["/filename.php?parameters", "/filename.php/", "/filename.php5", "/aaaphpaaa"],
    ),
    "fish and php": (
        "user-agent: foobot\ndisallow: /\nallow: /fish*.php\n",
        "foobot",
        ["/fish.php", "/fishheads/catfish.php?parameters"],
        ["/Fish.PHP"],
    ),
    "the home page alone": (
        "user-agent: foobot\nallow: /$\ndisallow: /\n",
        "foobot",
        ["/", "http://foo.bar"],
        ["/page.html"],
    ),
    "robots.txt itself is always read": (ALL, "foobot", ["/robots.txt"], ["/robots.txt.bak"]),
    "unix lines": ("user-agent: foo\nallow: /p\nuser-agent: bar\n\n\ndisallow: /\n", "bar", [], ["/x"]),
    "dos lines": (
        "user-agent: foo\r\nallow: /p\r\nuser-agent: bar\r\n\r\n\r\ndisallow: /\r\n",
        "bar",
        [],
        ["/x"],
    ),
    "mac lines": ("user-agent: foo\rallow: /p\ruser-agent: bar\r\r\rdisallow: /\r", "bar", [], ["/x"]),
    "mixed lines, no end": (
        "user-agent: foo\nallow: /p\r\nuser-agent: bar\n\r\n\ndisallow: /",
        "bar",
        [],
        ["/x"],
    ),
    "a line separator of Unicode is none": (
        "user-agent: foo\ndisallow: /a\u2028b\n",
        "foo",
        ["/a"],
        ["/a%E2%80%A8b"],
    ),
    "a byte order mark": (b"\xef\xbb\xbfuser-agent: foo\ndisallow: /", "foo", [], ["/x"]),
    "two thirds of one": (b"\xef\xbbuser-agent: foo\ndisallow: /", "foo", [], ["/x"]),
    "a third of one": (b"\xefuser-agent: foo\ndisallow: /", "foo", [], ["/x"]),
    "a broken one spoils its line": (b"\xef\x11\xbfuser-agent: foo\ndisallow: /", "foo", ["/x"], []),
    "one in the middle spoils its line": (b"user-agent: foo\n\xef\xbb\xbfdisallow: /\n", "foo", ["/x"], []),
    "NUL bytes": (b"user-agent: foo\x00\ndisallow: /a\x00\n", "foo", ["/x"], ["/a"]),
    "misspelt": (
        "user-agent: foo\ndissallow: /a\ndissalow: /b\ndisalow: /c\ndiasllow: /d\ndisallaw: /e",
        "foo",
        ["/x"],
        ["/a", "/b", "/c", "/d", "/e"],
    ),
    "user agent, useragent": (
        "useragent: foo\ndisallow: /a\nuser agent: bar\ndisallow: /b",
        "foo",
        ["/b"],
        ["/a"],
    ),
    "a slash forgotten": ("user-agent: foo\ndisallow: private/\n", "foo", ["/x"], ["/private/y"]),
    "prose is no rule": (
        "user-agent: *\ndisallow: /a\nuser-agent must match exactly: see below\nallow: /a/b\n",
        "foo",
        ["/a/b"],
        ["/a/c"],
    ),
    "stars in a row": ("user-agent: foo\ndisallow: /a***b\n", "foo", ["/a"], ["/a1b"]),
    "a semicolon": ("user-agent: foo\ndisallow: /a;b\n", "foo", ["/a"], ["/a;b?c"]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_case_of_the_suites(name: str) -> None:
    text, agent, yes, no = CASES[name]
    rules = parse(text.encode() if isinstance(text, str) else text, agent)
    for url in yes + no:
        whole = url if "://" in url or not url else "http://foo.bar" + url
        assert rules.allows(whole) is (url in yes), url


def test_a_long_line_is_cut_and_still_holds() -> None:
    """Google cuts a line at 8 × 2,083 bytes; what is left of a rule holds."""
    path = "/x/" + "a" * (MAX_LINE - len("disallow: /x/"))
    rules = parse(f"user-agent: foo\ndisallow: {path}/qux\n".encode(), "foo")
    assert rules.allows("http://foo.bar/fux")
    assert not rules.allows(f"http://foo.bar{path}/fux")


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("", "/"), ("http://www.example.com", "/"), ("http://www.example.com/", "/"),
        ("http://www.example.com/a/b?c=http://d.e/", "/a/b?c=http://d.e/"),
        ("http://www.example.com/a/b?c=d&e=f#fragment", "/a/b?c=d&e=f"), ("example.com/a", "/a"),
        ("a", "/"), ("/a", "/a"), ("a/b", "/b"), ("example.com?a", "/?a"), ("example.com/a;b#c", "/a;b"),
        ("//a/b/c", "/b/c"), ("http://[::1/x", "/"),
    ],
)  # fmt: skip
def test_the_path_of_a_url(url: str, path: str) -> None:
    assert path_of(url) == path


def test_the_comparable_form() -> None:
    assert comparable("/a/b/c") == "/a/b/c"
    assert comparable("/á") == "/%C3%A1" == comparable("/%c3%a1")
    assert comparable("/%aa") == "/%AA"
    assert comparable("/100%") == "/100%"


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("Crawl-delay: 10", 10.0), ("crawl delay: .5", 0.5), ("Request-rate: 1/5", 5.0),
        ("Request-rate: 2/1m", 30.0), ("Request-rate: 1/10s 0900-1700", 10.0), ("Request-rate: 0/5", None),
        ("Crawl-delay: -1", None), ("Crawl-delay: nan", None), ("Crawl-delay: soon", None),
    ],
)  # fmt: skip
def test_delays(line: str, seconds: float | None) -> None:
    assert parse(f"User-agent: *\n{line}\nDisallow: /a".encode(), "foo").crawl_delay == seconds


def test_a_sitemap_stands_anywhere() -> None:
    text = "Sitemap: http://a/1\nuser-agent: foo\ndisallow: /\nsite-map: http://a/2\n"
    text += "SITEMAP:http://a/3\nsitemap http://a/4"
    assert parse(text.encode(), "x").sitemaps == ("http://a/1", "http://a/2", "http://a/3", "http://a/4")


def test_a_hostile_file_is_read_in_linear_time() -> None:
    body = b"user-agent: foo\n" + b"disallow: /" + b"a*" * 8000 + b"$\n"
    rules = parse(body * 30, "foo")
    began = time.process_time()
    rules.allows("http://foo.bar/" + "a" * 8000 + "b")
    assert time.process_time() - began < 5  # a backtracking matcher needs years


@settings(deadline=None)  # a busy machine is no fault
@given(st.binary(max_size=200), st.text(max_size=50))
def test_any_bytes_and_any_url(body: bytes, url: str) -> None:
    rules = parse(b"user-agent: *\ndisallow: /" + body, "foo")
    rules.allows(url)
    rules.allows("http://foo.bar/" + url)
