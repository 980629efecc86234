"""The words that tell who speaks, by language: data for quotes.py."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Cues:
    """How a language attributes words.

    `saying`: verbs that report words, direct or not. `judging`: verbs that come with a few quoted words
    ("accused the West of “…”"). `source`: phrases right before the source ("according to").
    `inverted`: words that report only before a name ("…, so die Ministerin"). `he`, `she`, `they`:
    pronouns. `between`: words that may stand between subject and verb.
    """

    saying: re.Pattern[str]
    direct: re.Pattern[str]
    source: re.Pattern[str]
    he: frozenset[str]
    she: frozenset[str]
    they: frozenset[str]
    between: re.Pattern[str]
    that: re.Pattern[str]
    determiner: re.Pattern[str]
    needs_that: frozenset[str] = frozenset()
    inverted: frozenset[str] = frozenset()


# Verbs that take things as well as words: "denied any link", "announced a deal" report no speech.
_NEEDS_THAT = frozenset(
    """
    denied denies confirmed confirms announced announces acknowledged acknowledges admitted admits
    noted notes suggested suggests predicted stressed stresses emphasized emphasised reiterated
    maintained maintains promised pledged claimed asserted asserts explained explains declared
    declares believes believed added adds
    """.split()
)

_ENGLISH_SAYING = """
    said says say saying told tells added adds stated states claimed claims argued argues insisted
    insists warned warns announced announces explained explains replied replies confirmed confirms
    denied denies noted notes acknowledged acknowledges admitted admits alleged alleges testified
    declared declares remarked commented tweeted wrote writes stressed stresses emphasized
    emphasised reiterated asserted asserts maintained maintains predicted suggested suggests
    pointed|out vowed pledged promised believes believed
"""
_ENGLISH_JUDGING = """
    asked asks called calls accused accuses criticised criticized described describes condemned
    denounced urged urges praised labelled labeled dubbed branded quipped joked shouted yelled
    whispered cried muttered responded responds answered concluded conceded lamented mused observed
    agreed continued began demanded demands referred read reads boasted went|on complained hailed
    blamed signed|off
"""
_GERMAN_SAYING = """
    sagte sagt sagten sagen erklärte erklärt erklärten betonte betont teilte|mit teilt|mit meinte
    meint berichtete berichtet berichteten äußerte ergänzte fügte|hinzu kündigte|an warnte warnt
    schrieb schreibt behauptete behauptet bestätigte bestätigt versicherte räumte|ein gab|bekannt
    hieß|es
"""
_GERMAN_JUDGING = """
    fragte fragt rief forderte fordert nannte nennt kritisierte kritisiert bezeichnete lobte
    antwortete so
"""
_FRENCH_SAYING = """
    dit disait a|dit ont|dit a|déclaré ont|déclaré déclare déclarait a|affirmé affirme affirment
    a|expliqué explique a|ajouté ajoute a|indiqué indique a|annoncé annonce a|assuré assure a|estimé
    estime a|précisé précise a|souligné souligne a|rappelé rappelle a|confirmé confirme a|reconnu
    écrit a|écrit a|averti raconte a|raconté
"""
_FRENCH_JUDGING = """
    a|demandé demande s'est|exclamé a|lancé lance a|dénoncé dénonce a|critiqué a|répondu répond
    a-t-il|dit a-t-elle|dit a-t-il|déclaré a-t-elle|déclaré a-t-il|ajouté a-t-elle|ajouté
    a-t-il|affirmé a-t-elle|affirmé dit-il dit-elle
"""
_SPANISH_SAYING = """
    dijo dice dijeron dicen afirmó afirma afirmaron declaró declara declararon señaló señala aseguró
    asegura explicó explica añadió añade agregó agrega indicó indica anunció anuncia advirtió
    advierte sostuvo sostiene manifestó expresó confirmó confirma subrayó reconoció negó escribió
    ha|dicho ha|declarado ha|afirmado ha|asegurado
"""
_SPANISH_JUDGING = """
    preguntó pregunta exclamó gritó respondió responde criticó calificó denunció acusó pidió exigió
    llamó
"""


def _verbs(words: str) -> re.Pattern[str]:
    alternatives = sorted((word.replace("|", r"\s+") for word in words.split()), key=len, reverse=True)
    return re.compile(rf"(?<![\w'’-])(?:was\s+quoted\s+as\s+saying|{'|'.join(alternatives)})(?![\w-])")


def _any(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})\s+", re.IGNORECASE)


def _between(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:\s+(?:{words}))*\s*$")


def _determiner(words: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|(?<=[\s,(]))(?:{words})\s+[^\s,.;:“”\"«»()]+(?:\s+[^\s,.;:“”\"«»()]+){{0,7}}$", re.IGNORECASE
    )


@lru_cache(maxsize=8)
def cues(language: str) -> Cues:
    """The cues of a language; English where it is not known, for the world's agencies write it."""
    if language == "de":
        return Cues(
            saying=_verbs(_GERMAN_SAYING + " so"),
            inverted=frozenset(("so",)),
            direct=_verbs(_GERMAN_SAYING + _GERMAN_JUDGING),
            source=_any("laut|nach angaben von|nach angaben des|nach angaben der|zufolge"),
            he=frozenset(("er",)),
            she=frozenset(("sie",)),
            they=frozenset(),
            between=_between("auch|dann|später|zudem|am \\w+"),
            that=re.compile(r"\s*,?\s*(?:dass\s+)?", re.IGNORECASE),
            determiner=_determiner("der|die|das|ein|eine|einer"),
        )
    if language == "fr":
        return Cues(
            saying=_verbs(_FRENCH_SAYING),
            direct=_verbs(_FRENCH_SAYING + _FRENCH_JUDGING),
            source=_any("selon|d'après|d’après"),
            he=frozenset(("il", "a-t-il", "dit-il")),
            she=frozenset(("elle", "a-t-elle", "dit-elle")),
            they=frozenset(("ils", "elles")),
            between=_between("aussi|également|ensuite|y|lui|leur|nous"),
            that=re.compile(r"\s*,?\s*(?:que\s+|qu['’])?", re.IGNORECASE),
            determiner=_determiner("le|la|les|un|une|l'|l’"),
        )
    if language == "es":
        return Cues(
            saying=_verbs(_SPANISH_SAYING),
            direct=_verbs(_SPANISH_SAYING + _SPANISH_JUDGING),
            source=_any("según|de acuerdo con"),
            he=frozenset(("él",)),
            she=frozenset(("ella",)),
            they=frozenset(("ellos", "ellas")),
            between=_between("también|luego|se|le|les|lo"),
            that=re.compile(r"\s*,?\s*(?:que\s+)?", re.IGNORECASE),
            determiner=_determiner("el|la|los|las|un|una"),
        )
    return Cues(
        saying=_verbs(_ENGLISH_SAYING),
        direct=_verbs(_ENGLISH_SAYING + _ENGLISH_JUDGING),
        source=_any("according to"),
        he=frozenset(("he",)),
        she=frozenset(("she",)),
        they=frozenset(("they", "it", "i", "we", "you", "who", "which", "that", "sources")),
        between=_between(
            "has|have|had|also|later|then|once|reportedly|repeatedly|previously|recently|earlier|often|again|still|yesterday"
            "|today|on \\w+day|last \\w+|\\w+ly|\\w+day"
        ),
        that=re.compile(
            r"(?:\s+(?:on|in|at|to|during|after|late|early|last)\s+[^,;:“”\"]{1,60}?(?=\s+that\s))?\s*,?\s*(?:that\s+)?"
        ),
        determiner=_determiner(
            "the|a|an|one|another|its|his|her|their|both|two|three|several|some|many|most|senior|other"
        ),
        needs_that=_NEEDS_THAT,
    )
