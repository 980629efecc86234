"""Who wrote it: people as people, agencies as agencies, publishers only where nobody else is named.

Sources in order: JSON-LD, the metas that papers use, bylines that the page's markup names, credit lines
that only their words show ("Von Anna Meier", "責任編輯：…"), and a signature below the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from lxml.html import HtmlElement

from dateline.extract.agencies import agencies_in, agency
from dateline.extract.blocks import Block, Flag, flags_of, key_of, tidy
from dateline.extract.credits import ROLE, is_labelled, is_person, names_in
from dateline.extract.jsonld import clean, strings, types_of
from dateline.extract.reading import Reading
from dateline.models import Candidate

_META = re.compile(r"(?:^|[.:_-])(?:authors?|author[_-]names?|creator|byl|byline|authorname)$")
_META_OUT = re.compile(r"comment|twitter|its_author|_id$|url|image|facebook|fb:")
_NAMING = frozenset(["class", "rel", "itemprop", "data-testid"])
# without their first letters, which may be capitals
_CALLED = ("uthor", "yline", "autor", "auteur", "firma", "forfatter", "skribent", "kirjoittaja", "signature")


def read_authors(
    reading: Reading, sites: Iterable[str], blocks: Sequence[Block] = ()
) -> tuple[list[str], str | None, list[Candidate]]:
    """(authors, printed byline, candidates). An organisation is an author only where no person is.

    `blocks` are the page's, for credit lines that no markup names.
    """
    ours = {key_of(site) for site in sites if site}
    bylines = _bylines(reading)
    sources = [
        ("json-ld", 0.9, _declared(reading)),
        ("meta", 0.8, _metas(reading)),
        ("byline", 0.6, bylines[0]),
    ]
    read = [(place, sure, _names(credits)) for place, sure, credits in sources]
    if not any(is_person(name) for _, _, names in read for name in names):
        read.append(("line", 0.5, _names(_lines(blocks))))
    candidates: list[Candidate] = []
    people: list[tuple[str, list[str]]] = []
    others: list[tuple[str, list[str]]] = []
    for place, confidence, names in read:
        if not names:
            continue
        named = [n for n in names if is_person(n) and key_of(n) not in ours]
        (people if named else others).append((place, named_with(names, named, ours)))
        candidates.append(
            Candidate(
                value="; ".join(names),
                place=place,
                rule="people" if named else "organisation",
                confidence=confidence if named else confidence / 2,
            )
        )
    # a byline that is no person is a category or a date more often than a credit
    rest = [
        (place, names)
        for place, names in others
        if place == "json-ld" or all(map(agency, names)) or (place == "byline" and bylines[3])
    ] or [(place, names) for place, names in others if place == "meta"]
    place, authors = (_fuller(people, bylines[2]) or rest or [("", [])])[0]
    for candidate in candidates:
        candidate.chosen = candidate.place == place
    printed = next((text for text in bylines[1] if len(text) < 200), None)
    return authors, printed or ("; ".join(authors) or None), candidates


def _fuller(people: list[tuple[str, list[str]]], called: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """The sources as they are, but a byline that names all whom the data name, and more, before the data.

    `called` is the tag and class of each name in the byline: the others count where theirs are those of
    a name that the data know, as a role or a place beside the names has another class.
    """
    for at, (place, names) in enumerate(people[1:], 1):
        mine, declared = {key_of(n) for n in names}, {key_of(n) for n in people[0][1]}
        if place != "byline" or not declared < mine:
            continue
        likes = {called[key] for key in declared if key in called}
        if all(called.get(key) in likes for key in mine):
            return [people[at], *people[:at], *people[at + 1 :]]
    return people


def _lines(blocks: Sequence[Block]) -> list[str]:
    """Credit lines near the headline or below the text, that open like one or lead to a person's page."""
    heads = [block.index for block in blocks if block.tag == "h1"]
    start = heads[0] if heads else 0
    near: list[str] = []
    below: list[str] = []
    for block in blocks[start:]:
        if not 4 <= len(block.text) <= 160 or block.tag in ("h1", "h2", "h3", "h4", "figcaption"):
            continue
        if _closely(block) & (_AWAY | Flag.PROMO):
            continue
        close = block.index - start <= _NEAR
        if not (is_labelled(block.text) or (close and _leads_to_person(block))):
            continue
        names = names_in(block.text)
        # a sentence that opens with "By" or "Von" has other words as well
        if (
            names
            and all(is_person(n) or agencies_in(n) or len(n) < 30 for n in names)
            and is_person(names[0])
        ):
            (near if close else below).append(block.text)
    return near[:2] or [text for text in below if _EDITOR.match(text)][:1]


def _closely(block: Block) -> int:
    """What the elements right around a block are called; further up a name may be the whole page's."""
    found, node = 0, block.node
    for _ in range(4):
        found |= node.flags
        if node.parent is None:
            break
        node = node.parent
    return found


def _leads_to_person(block: Block) -> bool:
    return any(_PERSON_PAGE.search(link.get("href") or "") for link in block.node.element.iter("a"))


def signature(paragraphs: Sequence[Block]) -> str | None:
    """The name that signs the text: the last short line, alone in bold or at the right, a person's."""
    for block in paragraphs[-2:]:
        element = block.node.element
        style = f"{element.get('style') or ''} {element.get('class') or ''} {element.get('align') or ''}"
        alone = len(element) == 1 and element[0].tag in ("strong", "b", "em", "i") and not element.text
        names = names_in(block.text) if len(block.text) < 80 and (alone or _RIGHT.search(style)) else []
        if names and all(is_person(name) for name in names) and block.text[-1] not in ".!?:":
            return block.text
    return None


def named_with(names: list[str], people: list[str], ours: set[str]) -> list[str]:
    """People and the agencies beside them; all names where there is no person."""
    if not people:
        return names
    return [n for n in names if n in people or agencies_in(n) or (key_of(n) not in ours and _is_name(n))]


def _is_name(name: str) -> bool:
    """A pen name or a code beside people: a word or two that is no role."""
    return len(name.split()) <= 2 and not ROLE.search(name) and name[:1].isupper() and len(name) > 2


def _names(credits: Sequence[str]) -> list[str]:
    return _unique(name for credit in credits for name in names_in(credit) if len(name) <= 100)


def _unique(names: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(key_of(name), name)
    return [name for key, name in found.items() if key]


def _declared(reading: Reading) -> list[str]:
    node = reading.article_node or {}
    for key in ("author", "creator", "contributor"):
        credits = _credits(reading, node.get(key), 0)
        if credits:
            return credits
    return []


def _credits(reading: Reading, value: Any, depth: int) -> list[str]:
    value = reading.resolve(value)
    if isinstance(value, list) and depth < 4:
        return [credit for item in value[:50] for credit in _credits(reading, item, depth + 1)]
    if isinstance(value, dict):
        names = strings(value.get("name")) or strings(value.get("byline"))
        if not names and (value.get("givenName") or value.get("familyName")):
            names = [" ".join(strings(value.get("givenName")) + strings(value.get("familyName")))]
        if len(names) == 1 and "Person" in types_of(value) and "," not in names[0]:
            return names
        return names
    if isinstance(value, str) and not value.startswith(("http", "#", "/")):
        return [clean(value)]
    return []


def _metas(reading: Reading) -> list[str]:
    order = ("author", "article:author", "byl", "parsely-author", "sailthru.author", "dc.creator")
    found: dict[str, list[str]] = {}
    for name, content in reading.metas:
        if (
            _META.search(name)
            and not _META_OUT.search(name)
            and not content.startswith(("http", "/", "www."))
        ):
            found.setdefault(name, []).append(content)
    label = (reading.meta("twitter:label1") or "").casefold()
    if re.search(r"by|von|par|por|di|autor|author|skrevet|door|napisa", label) and "time" not in label:
        found.setdefault("twitter:data1", []).extend(c for _, c in reading.meta_all("twitter:data1"))
    ranked = sorted(found, key=lambda name: order.index(name) if name in order else len(order))
    # one meta's credit at a time: "author" is the publisher where "article:author" is the person
    for name in ranked:
        if any(is_person(part) for credit in found[name] for part in names_in(credit)):
            return found[name]
    return found[ranked[0]] if ranked else []


_NEAR = 20  # blocks behind the headline
_PERSON_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|es|i)?|auteurs?|autore?s?|redaktion|redakteure?|reporters?|journalists?|journalistes?"
    r"|contributors?|columnists?|firmas?|people|profile?s?|staff|by|yazar(?:lar)?|avtor|forfatter|skribenter?"
    r"|tac-gia|toimittajat|szerzok?)/",
    re.I,
)
_EDITOR = re.compile(r"^[\W_]*(?:责任编辑|責任編輯|责编|責編|编辑|編輯|文|记者|記者|作者)")
_RIGHT = re.compile(r"text-align\s*:\s*right|\bright\b|sign|firma|autor|author", re.I)
_AWAY = Flag.COMMENT | Flag.FIGURE | Flag.NAV | Flag.FOOTER | Flag.ASIDE


def _bylines(reading: Reading) -> tuple[list[str], list[str], dict[str, str], bool]:
    """(names, whole line, how the elements of the names are called, whether the markup says that it is the
    author's) of the first byline on the page and its neighbours."""
    heading = next(reading.tree.iter("h1"), None)
    around = set(heading.iterancestors()) if heading is not None else set()
    found: list[HtmlElement] = []
    for element in _called_bylines(reading.tree)[:80]:
        if element.tag in (
            "meta",
            "link",
            "input",
            "img",
            "body",
            "html",
            "article",
            "main",
            "section",
            "script",
        ):
            continue
        text = tidy(element.text_content())
        if not 2 < len(text) < 160 or _is_away(element, around):
            continue
        if (
            found
            and not any(found[0] is up for up in element.iterancestors())
            and not _near(found[0], element)
        ):
            continue
        found.append(element)
    texts = [tidy(_spaced(element)) for element in found]
    # the innermost elements are the cleanest: a link's text is the name alone
    inner = [e for e in found if not any(e is up for other in found for up in other.iterancestors())]
    names = [tidy(_spaced(element)) for element in inner]
    people = [text for text in names if any(is_person(name) for name in names_in(text))]
    lines = [text for text in texts if any(is_person(name) for name in names_in(text))][:1]
    called = {
        key_of(name): f"{e.tag} {e.get('class')}"
        for e, text in zip(inner, names, strict=True)
        for name in names_in(text)
    }
    if not (people or lines):
        sure = [text for e, text in zip(inner, names, strict=True) if _says_author(e)]
        return sure[:1], texts[:1], called, bool(sure)
    return people or lines, texts[:1], called, False


def _called_bylines(tree: HtmlElement) -> list[HtmlElement]:
    """The elements whose class, rel, itemprop or test id speaks of an author, in document order."""
    return [
        element
        for element in tree.iter()
        if any(name in _NAMING and _is_called(value) for name, value in element.items())
    ]


@lru_cache(maxsize=50_000)  # pages repeat few names
def _is_called(value: str) -> bool:
    return any(word in value for word in _CALLED)


def _says_author(element: HtmlElement) -> bool:
    """Whether it is markup for machines and no class name that says "author"."""
    return "author" in f"{element.get('itemprop')} {element.get('rel')}".split()


def _spaced(element: HtmlElement) -> str:
    return " ".join(text for text in element.itertext() if text.strip())


def _near(one: HtmlElement, other: HtmlElement) -> bool:
    """Whether two elements share a parent, a grandparent or theirs."""
    above = [*one.iterancestors()][:3]
    return any(up is mine for up in [*other.iterancestors()][:3] for mine in above)


def _is_away(element: HtmlElement, around: set[HtmlElement]) -> bool:
    """Whether it stands in what is not the article; what is `around` the headline is, whatever its name."""
    node: HtmlElement | None = element
    for _ in range(8):
        if node is None or node in around or node.tag in ("body", "main"):
            return False
        flags = flags_of(node, str(node.tag))
        if flags & _AWAY or (flags & Flag.PROMO and node is not element):
            return True
        node = node.getparent()
    return False
