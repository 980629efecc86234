"""Who wrote it: people as people, agencies as agencies, publishers only where nobody else is named.

Sources in order: JSON-LD, the metas that papers use, then bylines on the page. Names are cut out of
what is printed ("By Jane Roe and John Doe, Political Editor in Leeds") by `names_in`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from dateline.extract.agencies import agencies_in, agency
from dateline.extract.blocks import Flag, flags_of, key_of, tidy
from dateline.extract.jsonld import clean, strings, types_of
from dateline.extract.reading import Reading
from dateline.models import Candidate

_META = re.compile(r"(?:^|[.:_-])(?:authors?|author[_-]names?|creator|byl|byline|authorname)$")
_META_OUT = re.compile(r"comment|twitter|its_author|_id$|url|image|facebook|fb:")
_OPENING = re.compile(
    r"^\W*(?:(?:a\s+)?(?:story|text|words|report|reported|written|analysis|opinion|review|interview|photos?|posted|"
    r"published|kommentar|kolumne|analyse|gastbeitrag|artikel|beitrag|autor(?:in|en|innen)?|authors?|auteure?s?|autore|"
    r"redacci[oó]n|tekst|texto|testo|skrevet|publicado|escrito)\s*(?:by|von|vom|par|por|di|de|af|av|:)?\s*[:|]?\s*)?"
    r"(?:by|von|vom|par|por|di|da|af|av|door|przez|автор|автор:)?\s*[:|]?\s+(?=\S)",
    re.I,
)
_PREFIX = re.compile(
    r"^\W*(?:by|von|vom|par|por|di|af|av|door|przez|text|words|autor(?:in)?|author)\s*[:|]?\s+", re.I
)
_SPLIT = re.compile(r"\s*(?:;|\||·|•|、|，|/|\n|\s&\s|\s\+\s)\s*")
_AND = re.compile(r"\s+(?:and|und|et|y|e|og|och|en|i|ja|és|и|und|sowie|with|mit|avec|con)\s+", re.I)
_CUT = re.compile(
    r"\s*(?:\(.*|\[.*|<.*|@\w.*|https?:.*|www\..*|\S+@\S+.*|\b\d{1,2}[./:h]\d.*|\b(?:19|20)\d\d\b.*|"
    r"\s[–—|-]\s.*|\s+(?:in|aus|at|for|für|à|from|special to|for the)\s+[A-ZÀ-Þ].*)$"
)
_ROLE = re.compile(
    r"\b(?:reporter|correspondent|editor|writer|columnist|journalist|producer|contributor|staff|freelance|director|"
    r"bureau|chief|senior|deputy|professor|lecturer|fellow|president|minister|analyst|expert|desk|newsroom|team|"
    r"redakteur\w*|korrespondent\w*|redaktion|volont\w+|chef\w*|ressort\w*|leiter\w*|praktikant\w*|reporterin|"
    r"journalistin|autorin|moderator\w*|journaliste|r[ée]dact\w+|envoy[ée]\w*|correspondant\w*|redactor\w*|"
    r"corresponsal\w*|periodista|enviad[oa]|colaborador\w*|giornalista|inviat[oa]|redazione|redaktør|journalist\w*|"
    r"dziennikarz\w*|profesor\w*|university|universit\w+|instituto?|institute|contributed|updated?|published|veröffentlicht|aktualisiert|publié|publicado|actualizado|"
    r"posted|read|minutes?|min|uhr|twitter|facebook|instagram|email|e-mail|follow|contact|subscribe|licensed|"
    r"reporters|correspondents|editors|writers|contributors|"
    r"news|service|services|agency|online|media|magazine|gmbh|inc|ltd|llc|ag|press|verlag|admin|administrator|"
    r"webmaster|guest|anonymous|unknown|various|nachrichten|noticias|actualit\w+|newsdesk|webdesk|wire|wires|agencies)\b",
    re.I,
)
_PARTICLE = frozenset(
    """de da do dos das del della di du la le van von der den ter ten zu zur af av bin bint ibn al el y e st
    ben abu dr dr. und""".split()
)
_CJK = re.compile(r"^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af・\s]{2,12}$")
# "uthor" and "yline" for author, Author, byline and Byline: folding case in XPath costs ten times as much
_BYLINES: Any = etree.XPath(
    ".//*[contains(@class,'uthor') or contains(@class,'yline') or contains(@class,'autor') or "
    "contains(@class,'auteur') or contains(@rel,'author') or contains(@itemprop,'author') or "
    "contains(@data-testid,'uthor') or contains(@data-testid,'yline')]"
)


def is_person(name: str) -> bool:
    """Whether a printed name looks like one person's: two to five words, capitals or particles, no role."""
    if _CJK.match(name):
        return agency(name) is None
    words = name.replace(" ", " ").split()
    if not 2 <= len(words) <= 6 or len(name) > 60 or any(char.isdigit() for char in name):
        return False
    if _ROLE.search(name) or agency(name) or re.search(r"[|/:;@#<>{}_]|\.(?:com|de|org|net|is)\b", name):
        return False
    capital = sum(word[:1].isupper() or (word[:1].isalpha() and not word[:1].islower()) for word in words)
    lower = [word for word in words if word[:1].islower() and word.casefold().strip(".") not in _PARTICLE]
    return capital >= 1 and not lower


def names_in(credit: str) -> list[str]:
    """The names in a printed credit, in order, as printed but for capitals.

    People come without role, place, handle and "By"; "Last, First" stays whole. Agencies stay. A credit
    that holds neither ("Our reporters") is returned whole: the caller decides.
    """
    credit = _opened(tidy(credit.replace("\u00a0", " ")))
    if not credit:
        return []
    found: list[str] = []
    for piece in _SPLIT.split(credit):
        for name in _from_piece(piece):
            name = _spelled(name)
            if name and key_of(name) not in {key_of(other) for other in found}:
                found.append(name)
    return found


def _opened(credit: str) -> str:
    shorter = _PREFIX.sub("", credit)
    if shorter == credit:
        match = _OPENING.match(credit)
        if match and match[0].strip():
            shorter = credit[match.end() :]
    return shorter.strip(" ,;:|–—-·")


def _from_piece(piece: str) -> list[str]:
    piece = piece.strip(" ,.;:|–—-·") if not piece.rstrip().endswith(("Jr.", "Sr.")) else piece.strip(" ,;:|")
    if not piece:
        return []
    if agency(piece):
        return [piece]
    halves = _AND.split(piece)
    if len(halves) > 1 and all(_bare(half.split(",")[-1]) or _bare(half.split(",")[0]) for half in halves):
        return [name for half in halves for name in _from_piece(half)]
    parts = [part.strip() for part in piece.split(",") if part.strip()]
    if len(parts) == 2 and all(len(part.split()) == 1 and part[:1].isupper() for part in parts):
        return [piece] if not agency(parts[1]) else parts  # "Last, First"
    if len(parts) > 1:
        named = [name for part in parts if (name := _bare(part))]
        if named:
            return named
    bare = _bare(piece)
    return [bare] if bare else [piece]


def _bare(text: str) -> str | None:
    """A person's or agency's name without what stands around it, None if there is none."""
    text = _PREFIX.sub("", text).strip()
    if agency(text):
        return text
    cut = _CUT.sub("", f"{text}").strip(" ,.;:|–—-·") if not text.endswith(("Jr.", "Sr.")) else text
    for name in (cut, text):
        if is_person(name):
            return name
    return None


def _spelled(name: str) -> str:
    """SHOUTED names as names; all else as printed."""
    words = name.split()
    if (
        len(words) >= 2
        and name.isupper()
        and not agency(name)
        and all(len(w.strip(".")) != 3 for w in words[:0])
    ):
        return " ".join(_capital(word) for word in words)
    return name


def _capital(word: str) -> str:
    if len(word.rstrip(".")) <= 2 and word.endswith("."):
        return word
    if word.casefold() in _PARTICLE and len(word) <= 3:
        return word.lower()
    text = re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)
    text = re.sub(r"^(O['’])([a-z])", lambda m: m[1] + m[2].upper(), text)
    return re.sub(r"^(Mc)([a-z])", lambda m: m[1] + m[2].upper(), text)


def read_authors(reading: Reading, sites: Iterable[str]) -> tuple[list[str], str | None, list[Candidate]]:
    """(authors, printed byline, candidates). An organisation is an author only where no person is."""
    ours = {key_of(site) for site in sites if site}
    bylines = _bylines(reading)
    sources = [
        ("json-ld", 0.9, _declared(reading)),
        ("meta", 0.8, _metas(reading)),
        ("byline", 0.6, bylines[0]),
    ]
    candidates: list[Candidate] = []
    people: list[tuple[str, list[str]]] = []
    others: list[tuple[str, list[str]]] = []
    for place, confidence, credits in sources:
        names = _unique(name for credit in credits for name in names_in(credit) if len(name) <= 100)
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
    rest = [(place, names) for place, names in others if place == "json-ld" or all(map(agency, names))] or [
        (place, names) for place, names in others if place == "meta"
    ]
    place, authors = (people or rest or [("", [])])[0]
    for candidate in candidates:
        candidate.chosen = candidate.place == place
    printed = next((text for text in bylines[1] if len(text) < 200), None)
    return authors, printed or ("; ".join(authors) or None), candidates


def named_with(names: list[str], people: list[str], ours: set[str]) -> list[str]:
    """People and the agencies beside them; all names where there is no person."""
    if not people:
        return names
    return [n for n in names if n in people or agencies_in(n) or (key_of(n) not in ours and _is_name(n))]


def _is_name(name: str) -> bool:
    """A pen name or a code beside people: a word or two that is no role."""
    return len(name.split()) <= 2 and not _ROLE.search(name) and name[:1].isupper() and len(name) > 2


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


_AWAY = Flag.COMMENT | Flag.FIGURE | Flag.NAV | Flag.FOOTER | Flag.ASIDE


def _bylines(reading: Reading) -> tuple[list[str], list[str]]:
    """(names, whole line) of the first byline on the page and its neighbours."""
    found: list[HtmlElement] = []
    for element in _BYLINES(reading.tree)[:80]:
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
        if not 2 < len(text) < 160 or _is_away(element):
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
    return people or lines, texts[:1]


def _spaced(element: HtmlElement) -> str:
    return " ".join(text for text in element.itertext() if text.strip())


def _near(one: HtmlElement, other: HtmlElement) -> bool:
    """Whether two elements share a parent, a grandparent or theirs."""
    above = [*one.iterancestors()][:3]
    return any(up is mine for up in [*other.iterancestors()][:3] for mine in above)


def _is_away(element: HtmlElement) -> bool:
    node: HtmlElement | None = element
    for _ in range(8):
        if node is None or node.tag in ("body", "main"):
            return False
        flags = flags_of(node, str(node.tag))
        if flags & _AWAY or (flags & Flag.PROMO and node is not element):
            return True
        node = node.getparent()
    return False
