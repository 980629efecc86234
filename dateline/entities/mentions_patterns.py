"""What the form of a text says of names: titles before people, suffixes of firms, tables of results.

Each rule is a regular expression without nested repeats over one line; what it finds is a candidate
with a score, weighed against the model and the gazetteer in `mentions_settle`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dateline.entities import knowledge
from dateline.entities.knowledge_forms import CERTAIN, gazetteer, given_names, surnames, weak_words
from dateline.entities.knowledge_places import country_codes
from dateline.entities.mentions_words import NEVER, ROLE_WORDS, SAID, TITLE_WORDS

Candidate = tuple[int, int, str, float]

_WORD = r"[A-Z][A-Za-z]*(?:['-][A-Za-z]+)*"
_INITIALS = r"(?:[A-Z]\.[ -]?){1,3}"
_PARTICLE = (
    r"(?:[vV]an|[vV]on|[dD]e|[dD]er|[dD]en|[dD]a|[dD]i|[dD]el|[dD]ella|[lL]a|[lL]e|bin|ibn|[tT]en|[tT]er|dos|das|do|"
    r"[dD]u|[aA]l|[eE]l|y)"
)
_FIRST = rf"(?:{_INITIALS} ?)?{_WORD}"
_NEXT = rf"(?: (?:{_INITIALS}|{_PARTICLE} (?:{_PARTICLE} )?)?{_WORD})"
_NAME = rf"{_FIRST}{_NEXT}{{0,3}}(?: (?:Jr|Sr)\.?| I{{2,3}})?"
_FULL = rf"{_FIRST}{_NEXT}{{1,3}}(?: (?:Jr|Sr)\.?)?"
_INITIALLED = re.compile(rf"\b(?P<name>(?:[A-Z]\. ?){{1,3}}(?:{_PARTICLE} )?[A-Z][a-z]+(?:['-][A-Z][a-z]+)?)")
_WITH_COUNTRY = re.compile(rf"(?P<name>{_NAME}) \((?P<country>[A-Z][A-Za-z.' ]{{1,24}})\)")
_CRICKET = re.compile(
    rf"\b(?:c(?: and|&)?|b|lbw b|st|run out|not out) (?P<name>(?:{_INITIALS})?{_WORD})(?= (?:b|\d|lbw)|\b)"
)
_BATSMAN = re.compile(
    rf"^\*?(?P<name>(?:[A-Z]\. ?|{_WORD} )?{_WORD}) (?=(?:c|b|lbw|run out|not out|st|retired)\b)"
)
_SCORER = re.compile(
    rf"(?P<name>{_NAME}) (?=\d{{1,3}}(?:'|\+\d)?(?:pen|og)?(?:[,;)]|$)|\d{{1,3}} not out|\d-\d)"
)
_LEADING_COUNT = re.compile(rf"^(?:\d+|[=T]\d+)[.):]? (?P<name>{_FULL})(?= \(| \d|,|$)")
_CREDITS = re.compile(
    r"\((?:Additional |Writing |Reporting |Editing |Compiled |Created |Graphic )[^()\n]{3,400}\)?|"
    r"(?:Reporting|Editing|Writing|Compiled) by [^;.()\n]{3,200}"
)
_BY = re.compile(r"^(?:By|BY|by) (?P<names>[^.\n]{3,160})$")
_CREDIT_NAME = re.compile(rf"(?:by|and|,|in [A-Z][a-z]+(?: [A-Z][a-z]+)?,?(?: and)?) (?P<name>{_FULL})")
_ACRONYM = re.compile(
    r"(?P<full>[A-Z][\w'&.-]*(?: (?:of|and|the|for|in|on|de|du|des|del|la|&)| [A-Z][\w'&.-]*){1,9}) "
    r"\((?P<short>[A-Z][A-Za-z]{1,9})\)"
)
_FIRM_WORD = re.compile(
    r"(?<= )(?:Inc|Corp|Corporation|Co|Ltd|LLC|LLP|plc|Plc|PLC|AG|SA|SE|NV|SpA|GmbH|AB|ASA|Oyj|Bhd|Tbk|"
    r"Holdings|Group|Partners|"
    r"Industries|Technologies|Pharmaceuticals|Therapeutics|Biotech|Airlines|Airways|Motors|Bancorp|Bancshares|"
    r"Capital|Securities|Lines|Shipping|Mining|Mines|Minerals|Metals|Chemicals|Chemical|Aerospace|Aviation|"
    r"Automotive|Semiconductor|Laboratories|Labs|Stores|Supermarkets|Retail|Hotels|Resorts|Railways|Railroad|"
    r"Enterprises|International|Beverages|Breweries|Cement|Textiles|Trading|Ventures|Properties|Realty|Healthcare|"
    r"Asset Management|Investments|Advisors|Advisers|Energy|Petroleum|Resources|Electric|Electronics|"
    r"Insurance|Steel|Foods|Brands|"
    r"Entertainment|Pictures|Studios|Records|Media|Software|Systems|Logistics|Telecom|Communications)\b\.?"
)
_BODY_WORD = re.compile(
    r"(?<= )(?:University|Institute|Ministry|Department|Committee|Commission|Council|Association|"
    r"Federation|"
    r"Union|League|Agency|Authority|Bureau|Foundation|Party|Front|Movement|Bank|Court|Tribunal|Academy|"
    r"College|School|Hospital|Church|"
    r"Assembly|Parliament|Society|Trust|Alliance|Coalition|Network|Centre|Center|Organization|"
    r"Organisation|Office|Service|Administration|"
    r"Corps|Army|Navy|Police|Force|Guard|Club|Museum|Orchestra|Opera|Times|Post|Herald|Tribune|Gazette|"
    r"Journal|Observer|FC|United|Rovers)\b"
    r"(?: (?:of|for) (?:the )?[A-Z][\w'-]*(?: (?:and )?[A-Z][\w'-]*){0,3})?"
)
_PLACE_WORD = re.compile(
    r"(?<= )(?:Street|Avenue|Road|Square|Boulevard|Bridge|Park|Stadium|Arena|Airport|Station|Beach|Bay|"
    r"Island|Islands|"
    r"River|Lake|Sea|Ocean|Mountain|Mountains|Valley|Desert|Peninsula|Province|County|Hotel|Tower|Plaza|"
    r"Palace|Cathedral|Mosque|Temple|"
    r"Castle|Canal|Dam|Harbour|Harbor|Strait|Forest|Highway|Prison|Cemetery|Hills|Heights|Falls|Gardens|"
    r"Speedway|Oval|Racecourse|Canyon)\b"
)
_LEFT = re.compile(r"(?:(?<![\w'.-])(?:[A-Z][\w'+-]*|(?:[A-Z]\.)+|St\.|3M|&|of|al-[A-Z]\w+) ){1,6}$")
_LEFT_OF_FIRM = re.compile(r"(?:(?<![\w'.-])(?:[A-Z][\w'+-]*|(?:[A-Z]\.)+|St\.|3M|&|al-[A-Z]\w+) ){1,6}$")
_OF_BODY = re.compile(
    r"\b(?P<name>(?:University|Bank|Institute|Bureau|Court|Academy|House|College|School|Embassy|Church|"
    r"Party|League) of (?:the )?"
    r"[A-Z][\w'-]*(?: (?:of )?[A-Z][\w'-]*){0,3}"
    r"|(?:Ministry|Department|Council|Federation|Association|Office|Society|Union|Board|Chamber) (?:of|"
    r"for) (?:the )?"
    r"[A-Z][\w'-]*(?:,? (?:and |of )?[A-Z][\w'-]*){0,4})"
)
_PLACE_OF = re.compile(
    r"\b(?:Mount|Lake|Cape|Gulf of|Bay of|Strait of|Port|Fort|Isle of|Rue|Place|Plaza|Calle|Via|Piazza) "
    r"(?:(?:de|la|du|des|della|del) ){0,2}[A-Z][\w'-]*(?: [A-Z][\w'-]*)?"
)
ORG_SUFFIX = re.compile(
    r"(?:Inc|Corp|Corporation|Co|Ltd|LLC|LLP|plc|Plc|PLC|AG|SA|SE|NV|SpA|GmbH|ASA|Bhd|Tbk|Holdings?|"
    r"Group|Partners|University|Institute|Ministry|"
    r"Department|Committee|Commission|Council|Association|Federation|Union|League|Agency|Authority|"
    r"Bureau|Foundation|Party|Front|"
    r"Movement|Bank|Court|Tribunal|Academy|College|School|Hospital|Church|Assembly|Society|Alliance|"
    r"Coalition|Airlines|Airways|"
    r"Motors|Industries|Technologies|Pharmaceuticals|Police|Times|Post|Herald|Tribune|Gazette|Journal|"
    r"News|TV|Radio|FC|SC|CF|Club|Orchestra|Organi[sz]ation|Capital|Securities|Ventures|Studios|Records|"
    r"Economics|Research|Bancorp|Management|Advisors|Office|Administration|Service|Corps|"
    r"Lines|Shipping|Mining|Minerals|Chemicals|Aerospace|Aviation|Automotive|Railways|Enterprises|Trading|"
    r"Properties|Energy|Petroleum|Resources|Electronics|Insurance|Brands|Entertainment|Pictures|Media|Software|"
    r"Systems|Logistics|Telecom|Communications|Bancshares|Semiconductor|Laboratories|Healthcare)\.?$"
)
PLACE_SUFFIX = re.compile(
    r"(?:Street|Avenue|Road|Square|Boulevard|Bridge|Park|Stadium|Arena|Airport|Beach|Bay|Islands?|River|"
    r"Lake|Sea|Ocean|Mountains?|"
    r"Valley|Desert|Peninsula|Province|County|Hotel|Plaza|Palace|Cathedral|Mosque|Castle|Canal|Dam|"
    r"Harbou?r|Strait|Forest|Highway|Prison|Region|District|Heights|Hills|Speedway|Racecourse|Corridor|"
    r"corridor|Delta|Basin)$"
)


def person_like(name: str) -> bool:
    """Whether the words look like a person's full name: a known given name or initials first."""
    words = name.split()
    if len(words) < 2 or ORG_SUFFIX.search(name) or PLACE_SUFFIX.search(name):
        return False
    first = words[0].split("-")[0]
    if re.fullmatch(r"(?:[A-Z]\.){1,3}", words[0]):
        return True
    return first in given_names() and not _is_place(words[0])


def _is_place(first: str) -> bool:
    return any(
        form.strength == CERTAIN and form.type != "PERSON" for form in gazetteer().forms.get(first, ())
    )


_RUN = re.compile(
    rf"(?:{_INITIALS} ?)?{_WORD}\.?(?: (?:{_INITIALS}|{_PARTICLE} (?:{_PARTICLE} "
    rf")?)?{_WORD}\.?){{0,5}}(?: (?:Jr|Sr)\.?)?"
)
_BEFORE = re.compile(r"([a-z-]+),? $")
_AFTER = re.compile(r"(?:,? ([a-z]+)|, (?:aged )?\d\d\b)")


def people(line: str) -> Iterator[Candidate]:
    """People by what stands before, in and after a run of capitalised words."""
    given, family, weak, peoples = given_names(), surnames(), weak_words(), knowledge.demonyms()
    for match in _RUN.finditer(line):
        run = match.group()
        if " " not in run and run not in family:
            continue
        words = [
            (word.start() + match.start(), word.end() + match.start(), word.group())
            for word in _SPACED.finditer(match.group())
        ]
        titles = [index for index, word in enumerate(words[:-1]) if word[2].rstrip(".") in TITLE_WORDS]
        first = titles[-1] + 1 if titles else 0
        titled = first > 0
        if not titled:
            for index, (_, _, word) in enumerate(words[:-1]):
                if word.split("-")[0] in given and word not in NEVER and not _is_place(word):
                    first = index
                    break
        last = first
        while last < len(words) and not (words[last][2].rstrip(".") in NEVER or words[last][2] in peoples):
            last += 1
            if (
                words[last - 1][2].endswith(".")
                and not words[last - 1][2].endswith(("Jr.", "Sr."))
                and len(words[last - 1][2]) > 3
            ):
                break
        if last == first:
            continue
        start, end = words[first][0], words[last - 1][1]
        if line[end - 1] == "." and not line[start:end].endswith(("Jr.", "Sr.")):
            end -= 1
        name = line[start:end]
        if ORG_SUFFIX.search(name) or PLACE_SUFFIX.search(name):
            continue
        score = 0.0
        if first < last - 1 and words[first][2].split("-")[0] in given and not _is_place(words[first][2]):
            score = 2.7 if name.split()[-1] in family and words[first][2] not in weak else 1.9
        before = _BEFORE.search(line, max(0, start - 24), start) if first == 0 or not titled else None
        role = bool(before) and before[1] in ROLE_WORDS if before else False
        if titled:
            score = max(score + 1.0, 3.4)
        elif role and (" " in name or name in family):
            score = max(score + 0.7, 2.6)
        elif score or (" " in name and name.split()[-1] in family):
            after = _AFTER.match(line, end)
            if after and (after[1] is None or after[1] in SAID or after[1] in ("who", "whose")):
                score = max(score + 0.5, 1.6)
        if score:
            yield start, end, "PERSON", score
    for match in _INITIALLED.finditer(line):
        if not match["name"].startswith(("U.S.", "U.N.", "U.K.")) and not line[: match.start()].endswith(
            "U."
        ):
            yield match.start("name"), match.end("name"), "PERSON", 2.9


_SPACED = re.compile(r"\S+")


def nicknamed(line: str) -> Iterator[Candidate]:
    """'Alejandro "Papu" Gomez' is one name."""
    for match in _NICKNAMED.finditer(line):
        yield *match.span(), "PERSON", 5.0


_NICKNAMED = re.compile(rf"{_WORD} [\"'(][A-Z][A-Za-z-]*(?: [A-Z][a-z]+)?[\"')] {_WORD}")


def places(line: str) -> Iterator[Candidate]:
    """Unknown capitals after "in" and "near", and those joined to them by commas and "and"."""
    for match in _IN.finditer(line):
        for name in re.finditer(_PLAIN_NAME, match["names"]):
            text = name.group()
            if text.split()[0] not in NEVER and not text.isupper() and not ORG_SUFFIX.search(text):
                start = match.start("names") + name.start()
                yield start, start + len(text), "LOCATION", 1.6


_PLAIN_NAME = r"[A-Z][a-z][\w'-]+(?: [A-Z][\w'-]+)?"
_IN = re.compile(
    rf"\b(?:in|near|outside) (?P<names>{_PLAIN_NAME}(?:, {_PLAIN_NAME}){{0,4}}(?:,? and "
    rf"{_PLAIN_NAME})?)(?=[\s.,;)'\"]|$)"
)


def _words_of(pattern: re.Pattern[str]) -> frozenset[str]:
    """The capitalised words of which one stands in whatever the pattern matches."""
    words = re.findall(r"[A-Za-z]{2,}", pattern.pattern)
    return frozenset(word for word in words if word[0].isupper() or word == "plc")


_NEEDED = {
    pattern: _words_of(pattern) for pattern in (_FIRM_WORD, _BODY_WORD, _PLACE_WORD, _OF_BODY, _PLACE_OF)
}
_WORDS = re.compile(r"[A-Za-z]+")


def bodies(line: str) -> Iterator[Candidate]:
    """Firms, institutions and places by the word that ends or opens their name."""
    words = frozenset(_WORDS.findall(line))
    for pattern, label, score in (
        (_FIRM_WORD, "ORGANIZATION", 3.1),
        (_BODY_WORD, "ORGANIZATION", 2.4),
        (_PLACE_WORD, "LOCATION", 2.2),
    ):
        if not words & _NEEDED[pattern]:
            continue
        for match in pattern.finditer(line):
            before = _LEFT_OF_FIRM if pattern is _FIRM_WORD else _LEFT
            left = before.search(line, max(0, match.start() - 70), match.start())
            if left:
                start = left.start()
                while line.startswith(("of ", "& "), start):
                    start = line.index(" ", start) + 1
                if start < match.start():
                    yield start, match.end(), label, score
    for match in _OF_BODY.finditer(line) if words & _NEEDED[_OF_BODY] else ():
        yield *match.span("name"), "ORGANIZATION", 2.4
    for match in _PLACE_OF.finditer(line) if words & _NEEDED[_PLACE_OF] else ():
        yield *match.span(), "LOCATION", 3.3


def credits(line: str) -> Iterator[Candidate]:
    """Names in "(Reporting by A in B; Editing by C)" and in a line "By A and B"."""
    for match in _CREDITS.finditer(line):
        for name in _CREDIT_NAME.finditer(match.group()):
            yield match.start() + name.start("name"), match.start() + name.end("name"), "PERSON", 4.2
    by = _BY.match(line)
    if by:
        for name in re.finditer(r"[^,;&]+?(?=\s*(?:,|;|&| and |$))", by["names"]):
            text = name.group().removeprefix(" and ").strip()
            start = by.start("names") + name.start() + name.group().index(text)
            if re.fullmatch(_FULL, text) and not ORG_SUFFIX.search(text):
                yield start, start + len(text), "PERSON", 4.2


_FIGURES = re.compile(r"\d.*\d.*\d")


def results(line: str) -> Iterator[Candidate]:
    """Names in tables and lists of results: "1-Simona Halep (Romania) beat …", "c Iyer b Natarajan"."""
    forms, codes = gazetteer().forms, country_codes()
    for match in _WITH_COUNTRY.finditer(line) if "(" in line else ():
        kinds = [form for form in forms.get(match["country"], ()) if form.strength >= 2]
        where = match["country"]
        if where in codes or any(form.kind in ("country", "state") for form in kinds):
            yield *match.span("country"), "LOCATION", 4.4
            yield *match.span("name"), "PERSON", 1.8 + (1.0 if " " in match["name"] else 0)
        elif any(form.type == "ORGANIZATION" for form in kinds):
            yield *match.span("name"), "PERSON", 1.7 + (1.0 if " " in match["name"] else 0)
    if re.search(r"\bb [A-Z]|\blbw\b|\brun out\b|\bnot out\b", line):
        for pattern in (_CRICKET, _BATSMAN):
            for match in pattern.finditer(line):
                yield *match.span("name"), "PERSON", 3.3
    for match in _LEADING_COUNT.finditer(line):
        yield *match.span("name"), "PERSON", 2.5 if person_like(match["name"]) else 1.2
    if _FIGURES.search(line):
        for match in _SCORER.finditer(line):
            if person_like(match["name"]):
                yield *match.span("name"), "PERSON", 2.4


def acronyms(line: str) -> Iterator[tuple[int, int, int, int]]:
    """(start, end, short_start, short_end) of names followed by their own initials in brackets."""
    for match in _ACRONYM.finditer(line):
        words = [word for word in re.split(r"[\s-]+", match["full"]) if word[0].isupper()]
        letters = "".join(word[0] for word in words)
        wanted = "".join(char for char in match["short"] if char.isupper())
        at = letters.find(wanted[0])
        while at >= 0 and len(wanted) >= 2:
            if _initials_fit(words[at:], wanted):
                start = match.start("full") + _offset_of_word(match["full"], at)
                yield start, match.end("full"), *match.span("short")
                break
            at = letters.find(wanted[0], at + 1)


def _initials_fit(words: list[str], wanted: str) -> bool:
    letters = "".join(word[0] for word in words)
    return letters == wanted or (
        len(wanted) > 2 and letters.startswith(wanted[:2]) and abs(len(letters) - len(wanted)) <= 1
    )


def _offset_of_word(text: str, count: int) -> int:
    capitals = [match.start() for match in re.finditer(r"(?:^|(?<=[\s-]))[A-Z]", text)]
    return capitals[count] if count < len(capitals) else 0
