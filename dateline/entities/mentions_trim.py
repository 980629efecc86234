"""Exact spans: articles, titles, possessives, peoples and punctuation cut off a name's ends."""

from __future__ import annotations

import re

from dateline.entities import knowledge
from dateline.entities.knowledge_forms import gazetteer
from dateline.entities.mentions_words import OFFICES, TITLES

# Royal and church styles that make no name without them: "Queen Elizabeth", "Pope Francis" lose the
# title under CoNLL's conventions as well, so they are cut like all others.
_LEADING = re.compile(
    r"(?:the|a|an|this|that|these|its|his|her|their|our|your|my|some|all|both|then|when|as|and|&|by|at|"
    r"in|of|on|for|to|from|with|but|if|since|while|after|both|where)\s+",
    re.I,
)
_OPEN = " ©®™§¶†\t\"'`([{<*-–—·•/|.,:;!?…_~#+=$%^&"
_CLOSE = " ©®™§¶†\t\"'`)]}>*-–—·•/|,:;!?…_~#=$%^&"
_KEEP_DOT = re.compile(
    r"(?:\b(?:[A-Z]\.)+|\b(?:Inc|Corp|Co|Ltd|Jr|Sr|Bros|St|Plc|Pty|Cos|Calif|Fla|Del|Mass|Mich|Pa|Va|"
    r"Wash|Ariz|Colo|Conn|Ill|Minn|Wis|Tenn|Tex|Okla|Ore|Ala|Ark|Ga|Ind|Kan|Ky|La|Md|Miss|Mo|Mont|Neb|"
    r"Nev|Wyo|Vt)\.)$"
)
_MINISTRIES = re.compile(
    r"(?:Foreign|Interior|Defen[cs]e|Finance|Health|Economy|Trade|Commerce|Energy|Oil|Justice|Education|"
    r"Transport|"
    r"Agriculture|Labou?r|Culture|Environment|Tourism|Information|Emergencies|Agricultural|"
    r"Planning)\s(?:and\s\w+\s)?Ministr(?:y|ies)"
    r"|Foreign Office|Supreme Court|Constitutional Court|Parliament|National Assembly|Embassy|Army|Navy|"
    r"Air Force|"
    r"Coast Guard|Senate|Congress|Cabinet|Red Cross|Red Crescent|Defen[cs]e Forces?|Central Bank"
)
_FIGURE = re.compile(r"\s[(]?\d[\d.,:/-]*(?:st|nd|rd|th)?$")
_NUMBERED = re.compile(r"\b(?:Highway|Route|Interstate|Area|Pier|Terminal|Gate|Camp|Radio|Channel|Ward) \d+$")
_PREFIX = re.compile(
    r"(?:post|pre|anti|pro|ex|non|mid|inter|cross|trans|then|former|late|newly|northern|southern|eastern|"
    r"western|central|north|south|east|west|downtown|mainland|rural|upper|lower)[- ](?=[A-Z])"
)
# "miner Vale SA", "the Congress party", "owner Sulpicio Lines".
_SMALL_HEAD = re.compile(
    r"(?!(?:de|la|le|el|al|van|von|der|den|del|da|di|do|du|les|los|las)\b)[a-z]{2,}\s(?=[A-Z])"
)
_SIDE = re.compile(
    r"(?:Champions|Leaders|Hosts|Visitors|Rivals|Neighbours|Holders|Newcomers|Strugglers)\s(?=[A-Z])"
)
_SMALL_TAIL = re.compile(r"(?<!of)(?<!for)(?<!the)(?<!and)(?<!in)(?<!to)\s[a-z]{3,}$")
_TAIL = re.compile(r"\s(?:and|&|of|the|in|for|at|on|to|v|vs|said|says)$")
_CENTURY = re.compile(r"\d[\d.,:%/-]*$")


_PLAIN = ("PERSON", "ORGANIZATION", "LOCATION")


def trim(text: str, start: int, end: int, label: str) -> tuple[int, int]:
    """The span without what is no part of the name; start == end if nothing is left."""
    before = None
    while before != (start, end) and start < end:
        before = (start, end)
        while start < end and text[start] in _OPEN:
            start += 1
        while end > start and text[end - 1] in _CLOSE and not text.startswith("Disney+", start):
            end -= 1
        span = text[start:end]
        if span.endswith("."):
            inside = "." in span[:-1] and " " not in span and len(span) <= 6
            if not (inside or _KEEP_DOT.search(span)):
                end -= 1
                continue
        if span.endswith(("'s", "'S")):
            end -= 2
            continue
        head = _LEADING.match(span)
        if (
            head
            and not (span.startswith(("The Hague", "The ")) and _known(span))
            and (label != "WORK" or head.group().islower())
        ):
            start += head.end()
            continue
        if label in ("ORGANIZATION", "LOCATION") and (small := _SMALL_HEAD.match(span)) and not _known(span):
            start += small.end()
            continue
        if label == "ORGANIZATION" and (side := _SIDE.match(span)) and not _known(span):
            start += side.end()
            continue
        prefix = _PREFIX.match(span)
        if prefix:
            start += prefix.end()
            continue
        if label == "PERSON":
            start = _without_titles(text, start, end)
        elif label == "ORGANIZATION":
            start = _without_people(text, start, end)
        figure = _FIGURE.search(text[start:end])
        if (
            figure
            and label != "PRODUCT"
            and not _NUMBERED.search(text, start, end)
            and not _known(text[start:end])
        ):
            end = start + figure.start()
            continue
        small = _SMALL_TAIL.search(text[start:end]) if label in _PLAIN else None
        if small and not _known(text[start:end]):
            end = start + small.start()
            continue
        tail = _TAIL.search(text[start:end])
        if tail:
            end = start + tail.start()
    # quotes or brackets that only open or only close are cut by their side
    span = text[start:end]
    if label == "PERSON" and "(" in span and ")" not in span:
        end = start + span.index("(")
        while end > start and text[end - 1] == " ":
            end -= 1
    return start, end


def _known(name: str) -> bool:
    return name in gazetteer().forms


def _without_titles(text: str, start: int, end: int) -> int:
    """Where the name starts after "Foreign Minister", "Mr", "Russian President"."""
    cut = 0
    people = knowledge.demonyms()
    for match in re.finditer(r"\S+", text[start:end]):
        word = match.group().strip("\",'()").removesuffix("'s")
        bare = word.rstrip(".")
        if (
            bare in TITLES
            or (bare and all(piece in TITLES for piece in bare.split("-")))
            or bare in people
            or bare in ("U.S", "US", "UK", "EU", "U.N", "UN")
            or (
                bare.islower()
                and bare
                not in (
                    "van",
                    "von",
                    "de",
                    "der",
                    "den",
                    "da",
                    "di",
                    "del",
                    "della",
                    "la",
                    "le",
                    "bin",
                    "al",
                    "el",
                    "ibn",
                    "ten",
                    "ter",
                    "dos",
                    "das",
                    "do",
                    "du",
                    "e",
                    "y",
                    "and",
                )
                and not bare.startswith(("al-", "el-"))
            )
        ):
            cut = match.end()
        else:
            break
    new = start + cut
    while new < end and text[new] == " ":
        new += 1
    return new if new < end else start


def _without_people(text: str, start: int, end: int) -> int:
    """ "Chinese Foreign Ministry" is said of a ministry, "French Football Federation" is a name."""
    head, _, rest = text[start:end].partition(" ")
    if head in knowledge.demonyms() and _MINISTRIES.fullmatch(rest):
        return start + len(head) + 1
    owner = re.match(r"(?:[A-Z][\w.-]*\s){1,3}?(?<=\s)|[A-Z][\w. -]*'s\s", text[start:end])
    if (
        owner
        and owner.group().endswith("'s ")
        and owner.end() < end - start
        and _MINISTRIES.match(text[start + owner.end() : end])
    ):
        return start + owner.end()
    return start


_IN_OFFICE = re.compile(r"\s(?:Minister|Secretary|Commissioner|Adviser|Advisor|Spokes\w+)s?\b")
_HOLDER = re.compile(r"\s[A-Z][\w'-]+\s[A-Z]")


def without_office(text: str, start: int, end: int) -> int:
    """Where a name ends before an office: the "Indian" of "Indian Commerce Minister"."""
    last = text[start:end].rpartition(" ")[2]
    if not (_IN_OFFICE.match(text, end) or (last in _HELD and _HOLDER.match(text, end))):
        return end
    while end > start:
        last = text[start:end].rpartition(" ")[2]
        if last not in TITLES and last not in ("and", "&"):
            break
        end = max(start, end - len(last) - 1)
    return end


_HELD = OFFICES | {"Representative", "Leader", "Head"}


def is_office(text: str) -> bool:
    """Whether a span is only titles: "Prime Minister", "Secretary of State"."""
    words = [word.strip(".,'\"") for word in text.split()]
    if not words or not any(word in OFFICES for word in words):
        return False
    return all(word in TITLES or word.islower() or word in knowledge.demonyms() for word in words)


def is_number(text: str) -> bool:
    """Whether a span is no name but a figure."""
    return bool(_CENTURY.fullmatch(text))
