"""A printed credit → the names in it: "By Jane Roe and John Doe, Political Editor in Leeds" names two.

Openings, labels, roles and desks of many languages are data (`wording.txt`).
"""

from __future__ import annotations

import re

from dateline.extract import wording
from dateline.extract.agencies import agency
from dateline.extract.blocks import key_of, tidy

# "By Jane", "Von: Anna", "文／陳小明", "記者王大明": a preposition, or a label with its colon
_PREFIX = re.compile(
    rf"^[\W_]*(?:{wording.LABEL}\s*[:：／|]\s*|{wording.OPENER}\s*[:：/／|]\s*|{wording.OPENER}\s+"
    r"|(?:記者|记者|本报记者|本報記者|特派員|文)(?=[\u3400-\u9fff]{2,4}(?:[、，,／/]|$)))(?=\S)",
    re.I,
)
_LABELLED = re.compile(
    rf"^[\W_]*(?:{wording.LABEL}\s*[:：／]|{wording.OPENER}\s*[:：]|{wording.OPENER}\s+(?=\S))", re.I
)
# "Foto: Bo Ek" beside the names: who took the pictures did not write
_PICTURES = re.compile(rf"(?:^|[\s,;|/(])\(?{wording.PICTURE_LABEL}\s*[:：].*$", re.I)
_CODES = re.compile(r"[a-z]{2,6}(?:[/;,]\s?[a-z]{2,6})+")
_REPORTER = re.compile(
    r"(?:記者|记者)\s?([\u3400-\u9fff]{2,4}?)(?=[／/、，,]|\s|$|(?:台北|综合|綜合)?報導|报道)"
)
_COMPANY = re.compile(
    r"\b(?:GmbH|KG(?:aA)?|AG|SE|Inc\.?|LLC|Ltd\.?|S\.A\.|S\.L\.|S\.p\.A\.?|S\.r\.l\.?|B\.V\.|A/S|ApS)"
    r"\W*$"
)
_EDITED = re.compile(r"^(?:editing|edited|translat\w+|producing|compiled)\s+by\b.*", re.I)
_MORE = re.compile(
    r"^(?:more|mehr|plus|más|altro|mer|meer|więcej|all(?:e)?)\s+(?:artikel\s+|articles\s+|stories\s+)?"
    r"(?:by|from|von|de|di|av|van|od)\b.*",
    re.I,
)
_SPLIT = re.compile(r"\s*(?:;|\||·|•|、|，|/|／|\n|\s&\s|\s\+\s)\s*")
_AND = re.compile(
    r"\s+(?:and|und|et|y|e|og|och|en|i|ja|és|ir|i|và|ve|dan|και|и|та|sowie|with|mit|avec|con|com|med)\s+",
    re.I,
)
_CUT = re.compile(
    r"\s*(?:\(.*|\[.*|<.*|@\w.*|https?:.*|www\..*|\S+@\S+.*|\b\d{1,2}[./:h]\d.*|\b(?:19|20)\d\d\b.*|"
    r"\s[–—|-]\s.*|\s+(?:in|aus|at|for|für|à|from|special to|for the)\s+[A-ZÀ-Þ].*)$"
)
# what is said of the page behind the names ("Jane Roe Updated 2 hours ago"), and nameless helpers
_TAIL = re.compile(
    r"\s+(?:(?:last\s+)?(?:published|updated|posted|modified)|veröffentlicht|aktualisiert|stand|publié|mis\s+à\s+jour|"
    r"publicado|actualizado|atualizado|pubblicato|aggiornato|opublikowano|publisert|oppdatert|opdateret|uppdaterad|"
    r"publicerad|yayınlan\w+|güncellen\w+)\b.*$|\s+(?:and|und|et|y|e|og|och|en|with|mit|avec|con)\s+"
    r"(?:agencies|agency staff|wires|agenturen|agences|agencias|agências|agenzie|news services)\W*$",
    re.I,
)
ROLE = re.compile(
    rf"\b(?:{wording.ROLE_OF_A_PERSON}|{wording.NO_PERSON}|staff|freelance|director|chief|senior|deputy|professor|"
    r"lecturer|fellow|president|minister|analyst|expert|chef\w*|ressort\w*|leiter\w*|praktikant\w*|moderator\w*|"
    r"enviad[oa]|profesor\w*|universit\w+|instituto?|institute|contributed|updated?|published|veröffentlicht|"
    r"aktualisiert|publié|publicado|actualizado|posted|read|minutes?|min|uhr|twitter|facebook|instagram|email|e-mail|"
    r"follow|contact|subscribe|licensed|admin|administrator|webmaster|guest|anonymous|unknown|various)\b",
    re.I,
)
# "Senior Political Correspondent": the words of a person's role, for cutting it off
_A_ROLE = re.compile(rf"\b(?:(?:{wording.FIELD_OF_A_ROLE})\s+)*{wording.ROLE_OF_A_PERSON}\b", re.I)
_OFFICE = re.compile(r"Reporters?|Correspondents?|Writers?|Editors?")  # "Daily Bugle Reporter" is nobody
_PARTICLE = frozenset(
    """de da do dos das del della dello di du la le los las van von vom der den dem ter ten te zu zum zur af
    av bin bint ibn al el y e i st ben abu dr dr. prof prof. und op 't til mgr mgr.""".split()
)
_CJK = re.compile(r"^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af・\s]{2,12}$")
_CJK_ROLE = re.compile(r"\s*(?:记者|記者|기자|특파원|編集委員|論説委員|特派員|報導|报道|報道|電)$")
_CJK_OFFICE = re.compile(
    r"(?:編集部|編輯部|编辑部|取材班|社説|新聞|新闻|日報|日报|通信|通讯|综合|綜合|뉴스팀|편집국|중앙|台北|北京|東京)"
)
_SITE = re.compile(r"[|/:：;@#<>{}_]|\.(?:com|de|org|net|is|lt|pl|fr|es|it|no|se)\b")
_AGENCY_TAIL = re.compile(r"\s+((?:The\s+)?[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)?)$")


def is_person(name: str) -> bool:
    """Whether a printed name looks like one person's: two to six words, capitals or particles, no role."""
    if _CJK.match(name):
        return agency(name) is None and not _CJK_OFFICE.search(name)
    words = name.replace(" ", " ").split()
    if not 2 <= len(words) <= 6 or len(name) > 60 or any(char.isdigit() for char in name):
        return False
    if ROLE.search(name) or agency(name) or _SITE.search(name):
        return False
    if len(words) == 2 and (agency(words[0]) == words[0] or agency(words[1]) == words[1]):
        return False  # "AFP Deutschland", "ANSA Roma"
    capital = sum(word[:1].isupper() or (word[:1].isalpha() and not word[:1].islower()) for word in words)
    lower = [word for word in words if word[:1].islower() and word.casefold().strip(".") not in _PARTICLE]
    return capital >= 1 and not lower


def is_labelled(credit: str) -> bool:
    """Whether the credit opens as one: "By …", "Von …", "Autor: …", "文／…"."""
    return bool(_LABELLED.match(credit) or _PREFIX.match(credit) or _REPORTER.search(credit))


def names_in(credit: str) -> list[str]:
    """The names in a printed credit, in order, as printed but for capitals.

    People come without role, place, handle and "By"; "Last, First" stays whole. Agencies stay. A credit
    that holds neither ("Our reporters") is returned whole: the caller decides.
    """
    credit = tidy(credit.replace("\u00a0", " "))
    if _MORE.match(credit):
        return []
    if _COMPANY.search(credit):
        return [credit]  # "FAZ GmbH & Co. KG" is one, and nobody
    if not _PREFIX.match(credit) and (reporters := _REPORTER.findall(credit)):
        return list(dict.fromkeys(reporters))  # somewhere in a line of date, paper and place
    credit = _opened(_PICTURES.sub("", _opened(credit)))
    found: dict[str, str] = {}
    # a desk's own codes ("srf/hosb;kesm") are not agencies side by side ("dpa/AFP")
    codes = _CODES.fullmatch(credit) and not any(map(agency, re.split(r"\W+", credit)))
    for piece in re.split(r"\s*[;,]\s*", credit) if codes else _SPLIT.split(credit):
        for name in _from_piece(piece):
            name = _spelled(name)
            # a number in a name's place is a key of somebody's database
            if any(char.isalpha() for char in name):
                found.setdefault(key_of(name), name)
    return [name for key, name in found.items() if key]


def _opened(credit: str) -> str:
    for _ in range(3):  # "Text: Von Anna"
        shorter = _PREFIX.sub("", credit)
        if shorter == credit:
            break
        credit = shorter
    return credit.strip(" ,;:|–—-·")


def _stripped(piece: str) -> str:
    return piece.strip(" ,;:|" if piece.rstrip().endswith(("Jr.", "Sr.")) else " ,.;:|–—-·")


def _from_piece(piece: str) -> list[str]:
    piece = _stripped(_TAIL.sub("", piece))
    if not piece or _EDITED.match(piece):
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
    if bare:
        return [bare]
    tail = _AGENCY_TAIL.search(piece)  # "JANE ROE Associated Press"
    if tail and agency(tail[1]) and is_person(piece[: tail.start()]):
        return [piece[: tail.start()], tail[1]]
    return [piece]


def _bare(text: str) -> str | None:
    """A person's or agency's name without what stands around it, None if there is none."""
    text = _PREFIX.sub("", text).strip()
    if agency(text):
        return text
    cut = _stripped(_CUT.sub("", text)) if not text.endswith(("Jr.", "Sr.")) else text
    names = [cut, text.strip("()（）【】[]"), _CJK_ROLE.sub("", cut)]
    if re.search("[\u3400-\u9fff\uac00-\ud7af]", text):
        names.insert(0, names.pop())
        if bracket := re.match(r"^[\[【(][^\])】]{1,30}[\])】]\s*(.+)$", text):  # "[서울=뉴시스] 홍길동 기자"
            names.insert(0, _CJK_ROLE.sub("", _stripped(_CUT.sub("", bracket[1]))))
    if (role := _A_ROLE.search(cut)) and not _OFFICE.fullmatch(role[0]):
        names += [
            cut[: role.start()].strip(" ,–—-"),
            cut[[*_A_ROLE.finditer(cut)][-1].end() :].strip(" ,–—-"),
        ]
    if "@" in text and (inner := re.search(r"\(([^()@]+)\)", text)):
        names.append(inner[1].strip())  # "jane.roe@paper.example (Jane Roe)"
    return next((name for name in names if is_person(name)), None)


def _spelled(name: str) -> str:
    """SHOUTED names as names; all else as printed."""
    words = name.split()
    if len(words) >= 2 and name.isupper() and not agency(name):
        return " ".join(_capital(word, first=at == 0) for at, word in enumerate(words))
    return name


def _capital(word: str, *, first: bool) -> str:
    if len(word.rstrip(".")) <= 2 and word.endswith("."):
        return word
    if word.casefold() in _PARTICLE and len(word) <= 3 and not first:
        return word.lower()
    text = re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)
    text = re.sub(r"^(O['’])([a-z])", lambda m: m[1] + m[2].upper(), text)
    return re.sub(r"^(Mc)([a-z])", lambda m: m[1] + m[2].upper(), text)
