"""News agencies by the names that papers print, with one canonical name each."""

from __future__ import annotations

import re

# canonical name: other printed names
_AGENCIES = {
    "AP": ("Associated Press", "The Associated Press", "AP News"),
    "AFP": ("Agence France-Presse", "Agence France Presse", "afp.com"),
    "Reuters": ("Thomson Reuters", "Reuters News", "rtr"),
    "dpa": ("Deutsche Presse-Agentur", "dpa-AFX", "dpa-infocom", "dpa/lnw"),
    "UPI": ("United Press International",),
    "PA": ("PA Media", "Press Association", "PA News"),
    "Bloomberg": ("Bloomberg News",),
    "Xinhua": ("Xinhua News Agency", "新华社", "新華社"),
    "TASS": ("ITAR-TASS", "ТАСС"),
    "Interfax": ("Интерфакс",),
    "RIA Novosti": ("РИА Новости",),
    "EFE": ("Agencia EFE",),
    "Europa Press": (),
    "ANSA": ("Agenzia ANSA",),
    "Adnkronos": (),
    "Lusa": ("Agência Lusa",),
    "Agência Brasil": (),
    "epd": ("Evangelischer Pressedienst",),
    "KNA": ("Katholische Nachrichten-Agentur",),
    "SID": ("Sport-Informations-Dienst",),
    "APA": ("Austria Presse Agentur",),
    "Keystone-SDA": ("Keystone-ATS", "sda", "SDA", "ats"),
    "ANP": (),
    "Belga": ("Agence Belga",),
    "NTB": ("Norsk Telegrambyrå",),
    "TT": ("TT Nyhetsbyrån",),
    "Ritzau": (),
    "STT": (),
    "PAP": ("Polska Agencja Prasowa",),
    "ČTK": ("CTK",),
    "MTI": (),
    "BNS": ("Baltic News Service",),
    "Ukrinform": (),
    "Anadolu": ("Anadolu Agency", "Anadolu Ajansı", "AA"),
    "Kyodo": ("Kyodo News", "共同通信"),
    "Jiji": ("Jiji Press", "時事通信"),
    "Yonhap": ("Yonhap News", "Yonhap News Agency", "연합뉴스"),
    "PTI": ("Press Trust of India",),
    "ANI": ("Asian News International",),
    "IANS": (),
    "AAP": ("Australian Associated Press",),
    "CP": ("The Canadian Press", "Canadian Press", "La Presse Canadienne"),
    "CNA": ("Central News Agency", "中央社"),
    "KCNA": ("Korean Central News Agency",),
    "IRNA": (),
    "WAM": (),
    "SANA": (),
    "APTN": (),
}
_BY_KEY = {
    name.casefold().removeprefix("the ").strip(): canonical
    for canonical, names in _AGENCIES.items()
    for name in (canonical, *names)
}
# two capital letters alone ("PA", "TT", "AA") may be anything; these must be printed as they are
_EXACT = {"PA", "TT", "AA", "CP", "ats", "SID", "APA", "MTI", "ANI", "CNA", "STT", "WAM", "SANA", "rtr"}


def agency(name: str) -> str | None:
    """The canonical name of the agency printed as `name`, None if it is none."""
    name = re.sub(r"\s+", " ", name).strip(" .,;:()[]–—-")
    canonical = _BY_KEY.get(name.casefold().removeprefix("the ").strip())
    if canonical and name.casefold() in {exact.casefold() for exact in _EXACT} and name not in _EXACT:
        return None
    return canonical


def agencies_in(credit: str) -> list[str]:
    """The agencies in a printed credit ("dpa/AFP", "Le Monde avec AFP"), canonical, in order."""
    found: list[str] = []
    for part in re.split(r"\s*(?:[/,;|+&()]|\s(?:and|und|et|y|e|mit|avec|with|via|-)\s)\s*", credit):
        name = agency(part)
        if name and name not in found:
            found.append(name)
    return found
