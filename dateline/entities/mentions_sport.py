"""Whether a place's name is its team: "Leicester beat Leeds", "Pittsburgh 1", but "in Leicester"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dateline.entities.knowledge_forms import LIKELY, gazetteer, given_names

KINDS = frozenset(
    (
        "football",
        "tennis",
        "motor racing",
        "cricket",
        "golf",
        "north american leagues",
        "other sports",
        "football clubs",
        "north american teams",
    )
)
CLUB_KINDS = ("football clubs", "north american teams", "leagues, federations and other clubs")
_SPORT = frozenset(
    """
    goal goals striker midfielder defender goalkeeper penalty kickoff halftime league season coach
    touchdown touchdowns quarterback yards innings pitcher rebounds assists overtime playoff playoffs
    puck points match matches fixture fixtures standings relegation champions victory scored scorer
    scorers defeat draw drew unbeaten seed semi semis wicket wickets try tries win roundup results team
    teams game games notebook nfl nba nhl mlb fit injured injury squad soccer football cricket tennis
    rugby midfield club baseball basketball title cup
    """.split()
)
_LETTERS = re.compile(r"[a-z]+")
_TEAM_VERB = re.compile(
    r"'?\s?(?:[a-z]{3,}ed|beat|beats|thrashed|edged|edge|drew|draw|lost|won|win|wins|defeated|hosted|"
    r"host|hosts|"
    r"visit|face|faced|play|played|travel|"
    r"led|lead|trail|trailed|sit|are|were|have|had|moved|move|climbed|slumped|sank|stunned|snapped|"
    r"rallied|outscored|ended|fell|scored|"
    r"sacked|signed|dropped|slipped|stay|remain|never|go|went|crashed|advanced|top|sealed|cruised|held|"
    r"missed|v|vs|versus|"
    r"coach|manager|striker|midfielder|defender|goalkeeper|captain|quarterback|forward|guard|goalie|"
    r"fans|linebacker|cornerback|kicker|safety|winger|goaltender|pitcher|catcher|shortstop|fullback|"
    r"skipper|owner|supporters|bench|lineup|roster|"
    r"players|boss)\b",
)
_SCORE_AFTER = re.compile(
    r"^\s?(?:\(\w+\)\s)?\d{1,3}(?:\b|[,;(])(?!\s?(?:million|billion|percent|%|people|years|km|miles|Jan|"
    r"Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))"
)
_SCORE_BEFORE = re.compile(r"\d{1,3}[,:]?\s(?:v\s)?$")
_FIXTURE = re.compile(r"^.{2,40}? (?:v|vs) .{2,40}$")


def is_sport(lines: list[str]) -> bool:
    """Whether an article reports on sport: several of its words, or results, near its start."""
    text = "\n".join(lines)[:2500]
    found = _SPORT.intersection(_LETTERS.findall(text.lower()))
    return (
        len(found) + min(len(_RESULT.findall(text)), 4) + 2 * min(sum(map(is_score_line, lines[:12])), 2) >= 5
    )


def is_score_line(line: str) -> bool:
    """Whether a line is a result or a row of a table: "Spezia 1 Lazio 2", "1. Bayern Munich 10 7 2 1"."""
    if len(line) > 90:
        return False
    digits = len(_NUMBER.findall(line))
    words = len(_WORDS.findall(line))
    return words <= 8 and ((digits >= 2 and digits * 3 >= words) or bool(_FIXTURE.match(line)))


def is_team(line: str, start: int, end: int, sport: bool) -> bool | None:
    """True where the name is a team, False where it is the place, None where nothing tells."""
    before, after = line[max(0, start - 30) : start], line[end : end + 40]
    if _SCORE_AFTER.match(after) and (sport or is_score_line(line)):
        return True
    if _VERSUS_AFTER.match(after) or _VERSUS_BEFORE.search(before):
        return True
    if not sport:
        return None
    if start == 0 and after.startswith(":"):
        return True
    if _SCORE_BEFORE.search(before) and is_score_line(line):
        return True
    if _PLACE_BEFORE.search(before):
        return False
    if _TRADED.search(line, max(0, start - 80), start):
        return True
    if _PLACE_AFTER.match(after):
        return None if _RIVAL_AT.search(before) else False
    if _OWNER_AFTER.match(after) or _RIVAL_BEFORE.search(before):
        return True
    if _TEAM_VERB.match(after.lstrip()) and not _OF_BEFORE.search(before):
        return True
    return None


_RESULT = re.compile(r"\b\d{1,3}-\d{1,3}\b")
_NUMBER = re.compile(r"\b\d+\b")
_WORDS = re.compile(r"[A-Za-z]{2,}")
_VERSUS_AFTER = re.compile(r"\s(?:versus|vs?\.?)\s[A-Z]")
_VERSUS_BEFORE = re.compile(r"[a-z]\s(?:versus|vs?\.?)\s$")
_PLACE_BEFORE = re.compile(
    r"\b(?:[Ii]n|near|around|outside|across|born in|city of|north|south|east|west|downtown|central)\s$"
)
_PLACE_AFTER = re.compile(
    r"\s(?:airport|hospital|police|court|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
)
_RIVAL_AT = re.compile(r"\b(?:at|over|against|beat)\s$")
_OWNER_AFTER = re.compile(r"'s?\s(?:[A-Z][a-z]+|manager|coach|striker|\w+ (?:goal|win|penalty|striker))")
_RIVAL_BEFORE = re.compile(
    r"\b(?:beat|beating|over|against|past|host|hosts|hosted|hosting|visit|visiting|defeated|thrashed|"
    r"edged|leaders|champions|"
    r"rivals|club|with|for|sank|sink|stun|stunned|by|joined|side|captain of|coach of|manager of)\s$"
)
_TRADED = re.compile(
    r"\b(?:acquired|traded|signed|claimed|loaned|joined|moved|transferred) .{3,60}\b(?:from|to)\s$"
)
_OF_BEFORE = re.compile(r"\b(?:in|near|around|outside|across|from|of)\s$", re.I)


_SIDE = r"(?:[A-Z0-9][\w'.&/-]*|de|of|and|la|el)(?: (?:[A-Z][\w'.&/-]*|0[45]|1860|96|98|de|of|and|la|el|&))*"
_PAIR = re.compile(
    rf"(?:^|[,;:] )(?P<one>(?!\d){_SIDE}) (?P<a>\d{{1,3}})[, ] ?"
    rf"(?P<two>(?!\d){_SIDE}) (?P<b>\d{{1,3}})(?=$|[,;.(\s])"
)
_VERSUS = re.compile(rf"(?:^|[,;:] |\d )(?P<one>{_SIDE}) v (?P<two>{_SIDE})(?=$|[,;(\s])")
_ROW = re.compile(rf"^(?:\d{{1,2}}[.)]? )?(?P<one>(?=[A-Z]){_SIDE})(?: [-+]?\d[\d.:]*){{4,}}\s*$")
_FINISH = re.compile(
    r"^(?:\d+[.)]|=?\d+\.?) (?P<who>[A-Z][\w'.-]*(?: [A-Z][\w'.-]*| (?:de|van|der|di|da|von))*) "
    r"\((?P<where>[A-Z][A-Za-z. ]+)\)"
    r"(?: (?P<team>[A-Z][\w'&/-]*(?: [A-Z][\w'&/-]*){0,3}))?(?= [-+\d]|$)"
)
_PREFIXED = re.compile(
    r"\b(?:FC|AC|AS|SC|CF|FK|NK|RB|SV|VfL|VfB|TSG|CSKA|CD|UD|SSC|SK|FSV|KRC|AZ|PSV|BK|IFK|Borussia|"
    r"Eintracht|Arminia|Fortuna|"
    r"Olympique|Deportivo|Atletico|Hapoel|Maccabi|Dynamo|Dinamo|Lokomotiv|Spartak|Torpedo|Zenit|Shakhtar|"
    r"Hertha|Werder|Sporting|"
    r"Racing|Girondins|Stade|Slavia|Sparta|Viktoria|Rapid|Sturm|Partizan|Real|Inter|Athletic|Hellas|Club|"
    r"Ajax) [A-Z][\w'-]+(?: \d\d)?"
)
_SUFFIXED = re.compile(
    r"\b[A-Z][\w'-]+(?: [A-Z][\w'-]+)? (?:City|United|Town|Rovers|Wanderers|Albion|Hotspur|County|FC|AFC|"
    r"SC|CF|Rangers|Argyle|Villa|"
    r"Palace|Forest|Wednesday|Athletic|04|05|96|98)\b"
)
Candidate = tuple[int, int, str, float]


def tables(line: str) -> Iterator[Candidate]:
    """Results, fixtures and rows of tables: what stands between the figures is one name."""
    digits = sum(map(str.isdigit, line[:200]))
    if digits >= 2 and len(line) < 400:
        for match in _PAIR.finditer(line):
            for side in ("one", "two"):
                yield *match.span(side), _kind(match[side]), 5.2
        if row := _ROW.match(line):
            yield *row.span("one"), _kind(row["one"]), 5.2
        if row := _FINISH.match(line):
            yield *row.span("who"), "PERSON", 5.2
            yield *row.span("where"), "LOCATION", 5.2
            if row["team"]:
                yield *row.span("team"), "ORGANIZATION", 5.2
    if " v " in line and len(line) < 400:
        for match in _VERSUS.finditer(line):
            for side in ("one", "two"):
                yield *match.span(side), _kind(match[side]), 4.2


def clubs(line: str) -> Iterator[Candidate]:
    """Clubs by the words that open or close their names, and a city with its team's nickname."""
    for pattern in (_PREFIXED, _SUFFIXED):
        for match in pattern.finditer(line):
            yield *match.span(), "ORGANIZATION", 3.4
    for start, end, forms in gazetteer().find(line):
        if any(form.kind in ("city", "state") and form.strength >= LIKELY for form in forms):
            nickname = _NICKNAME.match(line, end)
            if nickname:
                yield start, nickname.end(), "ORGANIZATION", 4.4


_NICKNAME = re.compile(r" (?:[A-Z][a-z]+ )?(?:[A-Z][a-z]{2,}s|\d\ders)(?![\w'-])(?! [A-Z])")


def _kind(name: str) -> str:
    forms = gazetteer().forms.get(name, ())
    if any(form.kind == "country" for form in forms):
        return "LOCATION"
    best = max(forms, key=lambda form: form.strength, default=None)
    if best and best.strength >= LIKELY and best.type == "PERSON":
        return "PERSON"
    first = name.split()[0]
    return "PERSON" if not forms and " " in name and first in given_names() else "ORGANIZATION"
