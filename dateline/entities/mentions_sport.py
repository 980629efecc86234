"""Whether a place's name is its team: "Leicester beat Leeds", "Pittsburgh 1", but "in Leicester"."""

from __future__ import annotations

import re

_SPORT = re.compile(
    r"\b(?:goal|goals|striker|midfielder|defender|goalkeeper|penalty|kickoff|halftime|half-time|league|season|coach|touchdowns?|"
    r"quarterback|yards|innings|home run|pitcher|rebounds|assists|overtime|playoffs?|puck|power play|points|matches|match|fixtures?|"
    r"standings|relegation|champions|victory|scored|scorers?|defeat|draw|drew|unbeaten|seed|semi-finals?|wicket|try|tries|win|roundup|results)\b",
    re.I,
)
_TEAM_VERB = re.compile(
    r"'?\s?(?:beat|beats|thrashed|edged|edge|drew|draw|lost|won|win|wins|defeated|hosted|host|hosts|visit|face|faced|play|played|travel|"
    r"led|lead|trail|trailed|sit|are|were|have|had|moved|move|climbed|slumped|sank|stunned|snapped|rallied|outscored|ended|fell|scored|"
    r"sacked|signed|dropped|slipped|stay|remain|never|go|went|crashed|advanced|top|sealed|cruised|held|missed|v|vs|versus|"
    r"coach|manager|striker|midfielder|defender|goalkeeper|captain|quarterback|forward|guard|goalie|fans|players|boss)\b",
)
_AGAINST = re.compile(
    r"(?:\b(?:beat|beating|over|against|past|v|vs|versus|host|hosts|hosted|hosting|visit|visiting|visitors|hosts|defeat|defeated|by|thrashed|edged|"
    r"leaders|champions|rivals|neighbours|strugglers|side|club|for|with|joined|left|from|to|at|lead|sank|sink|stun|stunned|held|of|and)\s|[-(:;]\s?|,\s)$"
)
_AT_PLACE = re.compile(
    r"\b(?:in|near|around|outside|across|from|born in|city of|of|north of|south of)\s$", re.I
)
_SCORE_AFTER = re.compile(
    r"^\s?(?:\(\w+\)\s)?\d{1,3}(?:\b|[,;(])(?!\s?(?:million|billion|percent|%|people|years|km|miles|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))"
)
_SCORE_BEFORE = re.compile(r"\d{1,3}[,:]?\s(?:v\s)?$")
_FIXTURE = re.compile(r"^.{2,40}? (?:v|vs) .{2,40}$")


def is_sport(lines: list[str]) -> bool:
    """Whether an article reports on sport: several of its words in a line or two."""
    text = "\n".join(lines)[:6000]
    found = {match.group().lower() for match in _SPORT.finditer(text)}
    scores = len(re.findall(r"\b\d{1,3}-\d{1,3}\b", text)) + 2 * len(
        re.findall(r"(?m)^\D{3,30} \d{1,3}[, ]+\D{3,30} \d{1,3}\b", text)
    )
    return len(found) + min(scores, 4) >= 4


def is_score_line(line: str) -> bool:
    """Whether a line is a result or a row of a table: "Spezia 1 Lazio 2", "1. Bayern Munich 10 7 2 1"."""
    digits = len(re.findall(r"\b\d+\b", line))
    words = len(re.findall(r"[A-Za-z]{2,}", line))
    return (digits >= 2 and words <= 8 and digits * 3 >= words) or bool(_FIXTURE.match(line) and words <= 8)


def is_team(line: str, start: int, end: int, sport: bool) -> bool | None:
    """True where the name is a team, False where it is the place, None where nothing tells."""
    before, after = line[max(0, start - 30) : start], line[end : end + 40]
    if _SCORE_AFTER.match(after) and (sport or is_score_line(line)):
        return True
    if not sport:
        return None
    if _SCORE_BEFORE.search(before) and is_score_line(line):
        return True
    if (
        re.match(r",\s[A-Z]", after)
        and not re.match(r",\s(?:[A-Z]\w+\s){0,2}\d", after)
        and re.search(r"\bin\s$", before)
    ):
        return False
    if re.search(
        r"\b(?:in|near|around|outside|across|born in|city of|north|south|east|west|downtown|central)\s$",
        before,
        re.I,
    ):
        return False
    if re.match(r"\s(?:airport|hospital|police|court|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)", after):
        return False if not re.search(r"\b(?:at|over|against|beat)\s$", before) else None
    if re.match(r"'s?\s(?:[A-Z][a-z]+|manager|coach|striker|\w+ (?:goal|win|penalty|striker))", after):
        return True
    if _TEAM_VERB.match(after.lstrip()) and not _AT_PLACE.search(before):
        return True
    if re.search(
        r"\b(?:beat|beating|over|against|past|v|vs|versus|host|hosts|hosted|hosting|visit|visiting|defeated|thrashed|edged|leaders|champions|rivals|club|with|for|sank|sink|stun|stunned|by|joined|side)\s$",
        before,
    ):
        return True
    return None
