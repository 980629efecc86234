"""Names in languages without a model: known names, given names with what follows them, and triggers.

German, French and Spanish have their titles and the names of cities and countries as they write them;
any other language in Latin letters gets the knowledge base and Babel's names of countries. Precision
comes first: German capitalises every noun, so a capital alone proves nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from dateline.entities.knowledge_forms import (
    CERTAIN,
    LIKELY,
    Gazetteer,
    gazetteer,
    given_names,
    plain,
    surnames,
)
from dateline.entities.mentions_patterns import ORG_SUFFIX
from dateline.entities.mentions_text import Line

Found = tuple[int, int, str]
_NAME = (
    r"[A-Z][\w'-]+(?: (?:(?:von|van|de|del|della|di|da|du|der|den|la|le|y|dos|zu) ){0,2}[A-Z][\w'-]+){0,3}"
)
_TITLES = {
    "de": (
        "Herr|Herrn|Frau|Dr|Prof|Professor|Präsident|Präsidentin|Kanzler|Kanzlerin|Bundeskanzler|"
        "Bundeskanzlerin|Minister|Ministerin|Außenminister|Außenministerin|Finanzminister|"
        "Innenminister|Gesundheitsminister|Ministerpräsident|Premierminister|Regierungschef|Staatschef|"
        "Bürgermeister|Oberbürgermeister|Sprecher|Sprecherin|Trainer|Torwart|Stürmer|Kapitän|"
        "Vorstandschef|Papst|König|Königin|Prinz|Richter|Staatsanwalt|Bischof|Kardinal|Senator|General|"
        "US-Präsident"
    ),
    "fr": (
        "M|MM|Mme|Mlle|Dr|Pr|Me|monsieur|madame|président|présidente|ministre|premier ministre|"
        "chancelier|chancelière|maire|sénateur|sénatrice|député|députée|porte-parole|avocat|avocate|"
        "juge|procureur|général|colonel|roi|reine|prince|pape|entraîneur|attaquant|milieu|défenseur|"
        "gardien|capitaine|secrétaire d'Etat|chef de l'Etat"
    ),
    "es": (
        "Sr|Sra|Srta|Dr|Dra|Don|Doña|don|doña|señor|señora|presidente|presidenta|ministro|ministra|"
        "primer ministro|canciller|alcalde|alcaldesa|senador|senadora|diputado|diputada|portavoz|"
        "abogado|abogada|juez|jueza|fiscal|general|coronel|rey|reina|príncipe|papa|entrenador|"
        "delantero|portero|capitán|gobernador|gobernadora"
    ),
}
# Cities and peoples' countries as these languages write them, where the knowledge base has another name.
_PLACES = {
    "de": (
        "München Köln Nürnberg Wien Zürich Genf Moskau Peking Warschau Prag Rom Mailand Venedig Neapel "
        "Florenz Turin Lissabon Kopenhagen Brüssel Athen Kairo Tiflis Jerewan Teheran Damaskus Bagdad "
        "Krakau Danzig Breslau Straßburg Luxemburg Mexiko-Stadt Hongkong Singapur Nordrhein-Westfalen "
        "Bayern Hessen Sachsen Thüringen Niedersachsen Rheinland-Pfalz Baden-Württemberg "
        "Sachsen-Anhalt Schleswig-Holstein Mecklenburg-Vorpommern Europa Asien Afrika Nahost Kreml "
        "Ostsee Nordsee Mittelmeer Krim USA"
    ),
    "fr": (
        "Londres Bruxelles Moscou Pékin Genève Varsovie Vienne Lisbonne Athènes Barcelone Séville "
        "Venise Florence Naples Turin Édimbourg Copenhague Téhéran Bagdad Damas Beyrouth Jérusalem "
        "Le-Caire Alger Mexico Bogota Cologne Munich Francfort Hambourg Europe Asie Afrique Amérique "
        "Bretagne Normandie Bourgogne Catalogne Écosse Proche-Orient Moyen-Orient Élysée Matignon "
        "Kremlin Washington Strasbourg Marseille Lyon Toulouse Nantes Lille Rennes Nice Bordeaux"
    ),
    "es": (
        "Londres Bruselas Moscú Pekín Ginebra Varsovia Viena Lisboa Atenas Roma Milán Venecia "
        "Florencia Nápoles Turín Edimburgo Copenhague Teherán Bagdad Damasco Beirut Jerusalén Argel "
        "Estocolmo Múnich Colonia Fráncfort Hamburgo Bogotá Europa Asia África América Latinoamérica "
        "Cataluña Andalucía Galicia Castilla Aragón Euskadi Escocia Moncloa Kremlin Washington "
        "Nueva-York Sevilla"
    ),
}


_BODIES = {
    "de": (
        "Europäische Union|Europäischen Union|Vereinte Nationen|Vereinten Nationen|EU-Kommission|"
        "Europäische Kommission|Europäische Zentralbank|EZB|Weltgesundheitsorganisation|"
        "Internationaler Währungsfonds|IWF|Auswärtiges Amt|Bundesregierung|Bundesverfassungsgericht|"
        "Bundeswehr|Grüne|Grünen|Linkspartei|Deutsche Presse-Agentur"
    ),
    "fr": (
        "Union européenne|Nations unies|ONU|OTAN|OMS|FMI|UE|Commission européenne|"
        "Banque centrale européenne|BCE|Banque de France|Conseil de sécurité|Assemblée nationale|Sénat|"
        "Conseil constitutionnel|Parti socialiste|Agence France-Presse|Quai d'Orsay"
    ),
    "es": (
        "Unión Europea|Naciones Unidas|ONU|OTAN|OMS|FMI|UE|Comisión Europea|Banco Central Europeo|BCE|"
        "Banco de España|Tribunal Supremo|Tribunal Constitucional|Partido Popular|Partido Socialista|"
        "PSOE|Congreso de los Diputados|Consejo de Seguridad"
    ),
}


# What stands before a place, and what opens or is a body's name, where capitals prove more than in German.
_SMALL = r"(?:(?:de|du|des|del|de la|de los|de las|d'|al|et|y) ?){0,2}"
_CAPITALS = r"[A-Z][\w'-]*"
_RUNS = rf"{_CAPITALS}(?: {_SMALL}{_CAPITALS}){{0,4}}"
_WHERE = {
    "de": (
        r"\b(?:in|nach|aus|bei|Stadt|Insel|Lage in|Pegel der|Pegel des|Hochwasser in) "
        r"(?P<name>[A-Z][a-z-]{3,})(?=[ .,:;]|$)"
    ),
    "fr": (
        r"\b(?:près de|région de|ville de|village de|port de|île de|province de|quartier de|à|depuis|"
        r"vers|avaient pris|"
        rf"département de) (?P<name>{_CAPITALS}(?: (?:des |de |la |le ){{0,2}}{_CAPITALS}){{0,3}})"
    ),
    "es": (
        r"\b(?:en|desde|hacia|cerca de|ciudad de|isla de|provincia de|estado de|región de|municipio de|"
        r"vecin[ao] de|"
        rf"localidad de|volcán de|barrio de) (?P<name>(?:La |El |Los |"
        rf"Las )?{_CAPITALS}(?: {_SMALL}{_CAPITALS}){{0,2}})"
    ),
}
_BODY = {
    "de": (
        r"\b(?P<name>(?:1\. )?(?:FC|VfB|VfL|SV|TSG|RB|Borussia|Eintracht|Bayer|Hertha|Werder|SC|FSV|"
        r"Union|Arminia) "
        r"(?:St\. )?[A-Z][a-z]+(?: (?:[A-Z][a-z]+|\d\d))?|Technische Hilfswerk|"
        r"(?:Deutsche|Technische|Internationale)[rsn]? (?:Bank|Bahn|Universität|Gesellschaft|"
        r"Gewerkschaftsbund|Post|Telekom))"
    ),
    "fr": (
        rf"\b(?P<name>(?:[Mm]inistère|Institut|Université|Parti|Mouvement|Fédération|Conseil|Assemblée|"
        rf"Cour|Tribunal|"
        rf"Banque|Ligue|Union|Syndicat|Comité|Commission|Office|Agence|Olympique|Stade) (?:de la |de l'|"
        rf"des |du |de |d')?"
        rf"{_RUNS})"
    ),
    "es": (
        rf"\b(?P<name>(?:Ministerio|Instituto|Universidad|Partido|Movimiento|Federación|Consejo|"
        rf"Asamblea|Corte|Tribunal|"
        rf"Banco|Liga|Unión|Sindicato|Comité|Comisión|Agencia|Atlético|Deportivo|Real|Sporting|Racing|"
        rf"Club) "
        rf"(?:de la |de los |de las |del |de |al )?{_RUNS})|\b(?P<club>{_CAPITALS} (?:FC|CF))\b"
    ),
}
_LETTERED = re.compile(
    r"(?:\b(?:[Ll]a|[Ll]e|[Ee]l|[Ll]os|[Ll]as|[Dd]u|[Dd]el|[Aa]u|[Aa]l|[Dd]ie|[Dd]er|[Dd]as|[Dd]en|"
    r"[Zz]ur|[Zz]um) |\b[LlDd]')"
    r"(?P<name>[A-Z]{3,6})(?=[ .,:;)]|$)"
)


@cache
def _shapes(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """What a language's form words say: bodies, then places."""
    found = []
    if language in _BODY:
        found.append((re.compile(plain(_BODY[language])), "ORGANIZATION"))
    if language in _WHERE:
        found.append((re.compile(plain(_WHERE[language])), "LOCATION"))
    return tuple(found)


@cache
def _places(language: str) -> Gazetteer:
    from babel import Locale, UnknownLocaleError

    found = Gazetteer()
    for name in _PLACES.get(language, "").split():
        found.add(
            name.replace("-", " ") if name in ("Nueva-York", "Le-Caire") else name,
            "LOCATION",
            CERTAIN,
            "city",
        )
    for name in filter(None, _BODIES.get(language, "").split("|")):
        found.add(name, "ORGANIZATION", CERTAIN, "body")
    try:
        territories = Locale(language).territories
    except (UnknownLocaleError, ValueError, TypeError):
        return found
    for code, name in territories.items():
        if len(code) == 2 and len(name) > 3 and "(" not in name and code not in ("EU", "UN", "EZ", "QO"):
            found.add(name, "LOCATION", CERTAIN, "country")
    return found


_RUN = re.compile(_NAME)
_WORD = re.compile(r"[^\s]+")


@cache
def _titled(language: str) -> re.Pattern[str] | None:
    titles = plain(_TITLES.get(language, ""))
    return re.compile(rf"\b(?:{titles})\.? (?P<name>{_NAME})") if titles else None


def read(lines: Sequence[Line], language: str) -> Iterator[list[Found]]:
    """For each line, its names as (start, end, label), longest and surest first, none overlapping."""
    for line in lines:
        taken: list[Found] = []
        if line.place:
            taken.append((*line.place, "LOCATION"))
        if line.agency:
            taken.append((*line.agency, "ORGANIZATION"))
        for start, end, label in _candidates(line.text, language[:2]):
            if all(end <= low or start >= high for low, high, _ in taken):
                taken.append((start, end, label))
        yield sorted(taken)


def _candidates(text: str, language: str) -> Iterator[Found]:
    known = [
        (start, end, max(forms, key=lambda form: form.strength))
        for start, end, forms in gazetteer().find(text)
    ]
    yield from (
        (start, end, form.type)
        for start, end, form in known
        if " " in text[start:end] and form.strength >= LIKELY
    )
    shapes = _shapes(language)
    for pattern, label in shapes[:1]:
        for match in pattern.finditer(text):
            group = "name" if match["name"] else "club"
            yield *match.span(group), label
    titled = _titled(language)
    for match in titled.finditer(text) if titled else ():
        yield *_person(text, *match.span("name")), "PERSON"
    yield from ((start, end, forms[0].type) for start, end, forms in _places(language).find(text))
    for match in _RUN.finditer(text):
        words = list(_WORD.finditer(match.group()))
        for word in words[:-1]:
            if word.group() in given_names() and not ORG_SUFFIX.search(match.group()):
                if words[-1].group() in surnames() or language != "de" or len(word.group()) > 3:
                    yield *_person(text, match.start() + word.start(), match.end()), "PERSON"
                break
    for match in _LETTERED.finditer(text) if shapes else ():
        if not gazetteer().forms.get(match["name"]) and not text.isupper():
            yield *match.span("name"), "ORGANIZATION"
    for pattern, label in shapes[1:]:
        for match in pattern.finditer(text):
            name = match["name"]  # German writes every noun with a capital: only known towns there
            town = any(form.type == "LOCATION" for form in gazetteer().forms.get(name, ()))
            if name.split()[0] not in _NO_PLACE and (town or language != "de"):
                yield *match.span("name"), label
    for start, end, form in known:
        name = text[start:end]
        sure = form.strength == CERTAIN or (
            form.strength == LIKELY and (language != "de" or form.kind != "city" or len(name) > 4)
        )
        if (
            sure
            and form.type != "GROUP"
            and not (name.isupper() and len(name) < 3 and name not in ("EU", "UN", "US", "UK"))
        ):
            yield start, end, form.type


_NO_PLACE = frozenset("Noel Enero Navidad Semana Al-Qaida Dios".split())


def _person(text: str, start: int, end: int) -> tuple[int, int]:
    """At most four words, and no further than a known name of another kind."""
    for low, _, forms in gazetteer().find(text[start:end]):
        if low and any(
            form.strength == CERTAIN and form.type in ("ORGANIZATION", "LOCATION") for form in forms
        ):
            cut = text[start : start + low].rstrip()
            if " " in cut:
                return start, start + len(cut)
    return start, end
