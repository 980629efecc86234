"""More of what form says: ships, storms, cups, courts, stations, scorers in brackets.

Rules of `mentions_candidates` like those of `mentions_patterns`: one regular expression without nested
repeats over one line, candidates with a score.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from dateline.entities.knowledge_forms import gazetteer
from dateline.entities.mentions_words import NEVER, NOT_NAMES

Candidate = tuple[int, int, str, float]

_CAPITAL = r"[A-Z][\w'-]*"
_SHIP = re.compile(
    rf"\b(?:USS|HMS|HMAS|HMCS|INS|MV|M/V|MS|MT|RMS|SS|USNS|ARA) {_CAPITAL}(?: (?:of the |of |"
    rf"the )?{_CAPITAL}){{0,3}}"
)
_STORM = re.compile(
    r"\b(?:(?:Super|super) )?(?:Hurricane|Typhoon|Cyclone|Tropical Storm|Tropical Depression|Storm|"
    r"Winter Storm) "
    r"[A-Z][a-z]+\b"
)
_CUP = re.compile(
    r"(?<![\w'.-])(?:(?:U\.S\.|[A-Z][\w-]*) ){1,3}(?:Grand Prix|Open|Masters|Championships?|Cup|Trophy|"
    r"Games|"
    r"Marathon|Invitational|Derby|Stakes|Prize|Awards?|Festival|Classic|Tournament|Olympics|"
    r"Super Series)\b(?! [A-Z])"
)
_CIRCUIT = re.compile(
    r"\b(?:U\.S\. )?\d{1,2}(?:st|nd|rd|th) (?:U\.S\. )?Circuit Court of Appeals\b|"
    r"\b\d{1,2}(?:st|nd|rd|th) (?:Infantry|Cavalry|Airborne|Armou?red|Marine|Mountain) (?:Division|"
    r"Brigade|Regiment)\b"
)
_OPENED_BY = re.compile(
    rf"\b(?:Banco|Banca|Banque|Grupo|Groupe|Aerol[ií]neas|Universidad|Universidade|Universit[aàé]|"
    rf"Instituto|Institut|"
    rf"Partido|Parti|Radio|TV|T[ée]l[ée]|Canal|Channel|Deutsche|Royal Dutch|Compa[gñ]nia|Cia|"
    rf"Soci[eé]t[eé]|Credit|"
    rf"Cr[eé]dit|Kantor|Bank|PT|Perusahaan) "
    rf"{_CAPITAL}(?: (?:(?:de|do|da|du|del|la|of) ){{0,2}}{_CAPITAL}){{0,2}}(?: \d\b)?(?: Live\b| Extra\b)?"
)
_NOT_OPENED = frozenset("Bank Radio Channel Credit Groupe TV".split())
_NUMBERED = re.compile(r"\b(?:BBC )?(?:Radio|Channel|BBC) \d(?: Live)?\b|\bBBC Radio \d(?: Live)?\b")
_UNKNOWN_BODY = re.compile(
    r"(?<=[a-z,] )(?P<name>[A-Z]{3,6})(?=[\s,.;:)]|'s)(?! \d)|(?<=^The )(?P<first>[A-Z]{3,6})(?= [a-z])"
)
# "the Lachin corridor", "the Petare slum": what the small word says the place is.
_IN_PLACE = re.compile(
    r"\b(?:the|of|in|near) (?P<name>[A-Z][a-z'-]+(?: [A-Z][a-z'-]+)?) (?:corridor|region|province|"
    r"district|village|valley|"
    r"peninsula|border|county|suburb|neighbou?rhood|slum|refugee camp|desert|mountains|island|islands|"
    r"prefecture|"
    r"municipality|township|crossing|crossroads|river|plateau|highlands|governorate|oblast|enclave|"
    r"exclave|favela)\b"
)
_MEDIUM = re.compile(
    r"(?<![\w.'-])(?P<name>[A-Z][A-Za-z'-]+(?: [A-Z][A-Za-z'-]+)?) (?:magazine|newspaper|newspapers|"
    r"television|radio|"
    r"news agency|news website|newswire|tabloid|broadsheet|broadcaster|think tank|airline|militia|"
    r"brokerage)\b"
)
_BODY_AFTER = re.compile(
    r"\b(?:newspaper|broadcaster|magazine|airline|carrier|carmaker|automaker|retailer|lender|brokerage|"
    r"insurer|"
    r"drugmaker|chipmaker|start-?up|conglomerate|miner|utility|subsidiary|think tank|charity|consultancy|"
    r"rights group|advocacy group|militant group|rebel group|insurgent group|news agency|tabloid|"
    r"planemaker|"
    r"steelmaker|brewer|pollster|publisher|weekly|developer|supermarket chain|energy firm|oil firm|"
    r"tech firm) "
    r"(?P<name>[A-Z][\w&'-]*(?: (?:[A-Z][\w&'-]*|&)){0,3})"
)
# "protesters from Espinar", "flew to Niamey"
_FROM = re.compile(
    r"\b(?:residents|protesters|people|farmers|villagers|migrants|refugees|students|workers|families|"
    r"miners|fishermen|"
    r"born|returned|arrived|fled|hails?|hailed) from (?P<name>[A-Z][a-z'-]{3,})(?=[\s.,;]|$)(?! [A-Z])"
)
_VESSEL = re.compile(
    r"(?:\bthe (?P<name>[A-Z][\w'-]+(?: [A-Z0-9][\w'-]*){0,2}) (?:survey ship|drill ?ship|research ship|"
    r"oil tanker|tanker|"
    r"frigate|destroyer|submarine|cruise ship|ferry|container ship|cargo ship|trawler|yacht|"
    r"aircraft carrier|spacecraft|"
    r"space probe|probe|rocket|lander|rover|drones?|fighter jets?|jets?|helicopters?|missiles?)\b"
    r"|\b(?:ship|vessel|tanker|ferry|trawler|yacht|submarine|frigate|destroyer|drillship|spacecraft|"
    r"capsule|rover) "
    r"(?P<after>[A-Z][\w'-]+(?: [A-Z0-9][\w'-]*){0,2}))"
)
_STAKE = re.compile(
    r"\b(?:stakes?|shares?|holdings?) (?:in|of) (?P<name>[A-Z][\w&'-]*(?: (?:[A-Z][\w&'-]*|"
    r"&)){0,3})(?=[\s.,;]|$)"
)
_CAMEL = re.compile(
    r"(?<![\w.@/'-])(?!Mac?[A-Z]|De[A-Z]|La[A-Z]|Le[A-Z]|Di[A-Z]|Du[A-Z]|Fitz|"
    r"Van[A-Z])[A-Z][a-z]+[A-Z]\w*\b(?![/@])"
)
_SCORERS = re.compile(r"(?<=\d )\((?P<names>[^()]{3,200})\)")
_SCORER = re.compile(
    r"(?:^|[,;:] )(?P<name>(?:[A-Z]\. ?)?(?:(?:[Vv]an|[Dd]e|[Dd]er|[Dd]i|[Dd]a|[Dd]os|[Dd]el|[Ll]a|"
    r"[Ee]l|[Tt]en)[ '])"
    r"{0,2}[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2})(?= (?:pen|og)? ?\d{1,2}\b| \d|$|,)"
)
_SIDE = r"[A-Z0-9][\w'.&/-]*(?: (?:[A-Z][\w'.&/-]*|0[45]|1860|96|98|de|of|and|la|el|&)){0,4}"
_SCORED = re.compile(
    rf"(?:^|(?<=[.;:] ))(?P<one>{_SIDE}) \d{{1,2}}(?: \([^()]{{3,120}}\))?,? (?P<two>{_SIDE}) "
    rf"\d{{1,2}}(?= \(|[.;,]|$)"
)
_APPOSED = re.compile(
    r"(?:^|(?<=[.!?] )|(?<=[.!?][\"'] )|(?<=, ))(?P<name>[A-Z][a-z'-]+(?: [A-Z]\.)?(?: (?:al-|bin |van |"
    r"de |von )?"
    r"[A-Z][A-Za-z'-]+){1,2}), (?=(?:who|whom|whose|a|an|the|its|his|her|their|\d\d,) )"
)


# One of these words stands where a rule can match: the others cost nothing in that line.
_WORDS = re.compile(r"[A-Za-z]+")
_WHEN = {
    pattern: frozenset(words.split())
    for pattern, words in (
        (_SHIP, "USS HMS HMAS HMCS INS MV V MS MT RMS SS USNS ARA"),
        (_STORM, "Hurricane Typhoon Cyclone Storm Depression"),
        (_CIRCUIT, "Circuit Division Brigade Regiment"),
        (_NUMBERED, "Radio Channel BBC"),
        (
            _CUP,
            "Prix Open Masters Championship Championships Cup Trophy Games Marathon Invitational "
            "Derby Stakes Prize Award Awards Festival Classic Tournament Olympics Series",
        ),
        (
            _IN_PLACE,
            "corridor region province district village valley peninsula border county suburb "
            "neighborhood neighbourhood slum camp desert mountains island islands prefecture "
            "municipality township crossing crossroads river plateau highlands governorate oblast "
            "enclave exclave favela",
        ),
        (_FROM, "from"),
        (
            _VESSEL,
            "ship drillship tanker frigate destroyer submarine ferry trawler yacht carrier spacecraft "
            "probe rocket lander rover drone drones jet jets helicopter helicopters missile missiles "
            "vessel capsule",
        ),
        (_STAKE, "stake stakes share shares holding holdings"),
        (
            _MEDIUM,
            "magazine newspaper newspapers television radio agency website newswire tabloid "
            "broadsheet broadcaster tank airline militia brokerage",
        ),
        (
            _BODY_AFTER,
            "newspaper broadcaster magazine airline carrier carmaker automaker retailer lender "
            "brokerage insurer drugmaker chipmaker start startup conglomerate miner utility "
            "subsidiary tank charity consultancy group agency tabloid planemaker steelmaker brewer "
            "pollster publisher weekly developer chain firm",
        ),
        (
            _OPENED_BY,
            "Banco Banca Banque Grupo Groupe Aerolineas Universidad Universidade Universita "
            "Universite Instituto Institut Partido Parti Radio TV Tele Canal Channel Deutsche Dutch "
            "Compagnia Companhia Cia Societe Credit Kantor Bank PT Perusahaan",
        ),
    )
}
_LETTERED = re.compile(r"[A-Z]{3}")
_MIXED = re.compile(r"[a-z][A-Z]")


def shapes(line: str) -> Iterator[Candidate]:
    """Names that their own form gives away."""
    words = frozenset(_WORDS.findall(line))

    def found(pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        return pattern.finditer(line) if words & _WHEN[pattern] else iter(())

    for pattern, label, score in (
        (_SHIP, "PRODUCT", 4.6),
        (_STORM, "EVENT", 4.6),
        (_CIRCUIT, "ORGANIZATION", 5.0),
        (_NUMBERED, "ORGANIZATION", 4.0),
    ):
        for match in found(pattern):
            yield *match.span(), label, score
    for match in found(_CUP):
        start = match.start() + (4 if match.group().startswith("The ") else 0)
        first = line[start : match.end()].split()[0]
        if first not in NEVER and first not in _ORDINARY and " " in line[start : match.end()]:
            yield start, match.end(), "EVENT", 4.2
    for match in (*found(_IN_PLACE), *found(_FROM)):
        if not gazetteer().forms.get(match["name"]) and match["name"] not in NEVER:
            yield *match.span("name"), "LOCATION", 2.7
    for match in found(_VESSEL):
        group = "name" if match["name"] else "after"
        if match[group].split()[0] not in NEVER:
            yield *match.span(group), "PRODUCT", 4.6
    yield from _bodies(line, found)
    for match in _APPOSED.finditer(line) if ", " in line else ():
        name = match["name"]
        if name.split()[0] not in NEVER and name not in gazetteer().forms:
            yield *match.span("name"), "PERSON", 2.4


def _bodies(line: str, found: Callable[[re.Pattern[str]], Iterator[re.Match[str]]]) -> Iterator[Candidate]:
    """Organisations by the noun beside them, by what opens their name, by capitals."""
    forms = gazetteer().forms
    for match in found(_STAKE):
        name = match["name"]
        if name.split()[0] not in NEVER and all(f.type == "ORGANIZATION" for f in forms.get(name, ())):
            yield *match.span("name"), "ORGANIZATION", 3.7
    for match in _CAMEL.finditer(line) if _MIXED.search(line) else ():
        if not forms.get(match.group()) and not match.group().endswith(("er", "ers")):
            yield *match.span(), "ORGANIZATION", 2.3
    for match in found(_MEDIUM):
        if match["name"].split()[0] not in NEVER and not forms.get(match["name"]):
            yield *match.span("name"), "ORGANIZATION", 2.7
    for match in found(_BODY_AFTER):
        if match["name"].split()[0] not in NEVER:
            yield *match.span("name"), "ORGANIZATION", 2.6
    for match in found(_OPENED_BY):
        if match.group().split()[0] not in _NOT_OPENED or " of " not in match.group():
            yield *match.span(), "ORGANIZATION", 2.4
    for match in _UNKNOWN_BODY.finditer(line) if _LETTERED.search(line) else ():
        group = "name" if match["name"] else "first"
        name = match[group]
        if name not in NOT_NAMES and name not in _NO_BODY and name not in forms:
            yield *match.span(group), "ORGANIZATION", 2.7 if line[: match.start()].endswith("the ") else 2.0


def scorers(line: str) -> Iterator[Candidate]:
    """ "Groningen 1 (Gorre 68th) Roda JC 1 (Vurens 1st)": clubs by their goals, people by their minutes."""
    if "(" not in line or not any(map(str.isdigit, line)) or len(line) > 400:
        return
    forms = gazetteer().forms
    for match in _SCORED.finditer(line):
        for side in ("one", "two"):
            country = any(form.kind == "country" for form in forms.get(match[side], ()))
            yield *match.span(side), "LOCATION" if country else "ORGANIZATION", 5.0
    for match in _SCORERS.finditer(line):
        inside = match["names"]
        if not any(map(str.isdigit, inside)):
            continue
        for name in _SCORER.finditer(inside):
            if name["name"] not in ("Halftime", "Aggregate", "Extra"):
                start = match.start("names") + name.start("name")
                yield start, start + len(name["name"]), "PERSON", 4.8


_ORDINARY = frozenset(
    """
    First Second Third Last Next Nearly About Best Top Every Each Both Two Three Four Five Six Seven Eight
    Nine Ten Winning Winners Winner Defending Reigning Men Women Boys Girls Results Indoor Outdoor
    """.split()
)
_NO_BODY = frozenset(
    """
    USD EUR GBP JPY CHF CNY AUD NOT AND THE YES FOR ALL NEW NOW TOP OUT TWO ONE MPH KPH KMH MPG BPD BPS
    RPM GPS SMS SIM USB PDF URL LED LCD ATM POW MIA VIP SOS DIY RIP LSD TNT AWOL SWAT SUV SUVS RBI ERA
    TDS CET EDT PDT CDT MDT MST CST HKT IST AEST WIB ICU ECG EEG ADHD PTSD BSE SPF IQS CCTV LNG LPG GMO
    NGO NGOS IED IEDS MBA BBQ MRI CAT WMD CFC DDT ICBM THC CBD FTSE
    """.split()
)
