"""Printed dates: whether a row is nothing but a date, and the digest's own date.

Here a date is only recognised and kept as printed; what it means is dateline.dates' work. The one
exception is the digest's own date, which must be a day to anchor what its items say.
"""

# ruff: noqa: E501  (word lists and patterns: broken into short lines they read worse)

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime

from dateline.models import Moment

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "января january jan januar jän jänner janvier janv enero ene gennaio gen januari janeiro",
            "февраля february feb febr februar februaris février févr fév fevrier febrero febbraio februari fevereiro fev",
            "марта march mar märz mrz maerz mars marzo maart mrt março marco",
            "апреля april apr avril avr abril abr aprile",
            "мая may mai mayo maggio mag mei maio",
            "июня june jun juni juin junio giugno giu junho",
            "июля july jul juli juillet juil julio luglio lug julho",
            "августа august aug août aout agosto ago augustus",
            "сентября september sept sep septembre septiembre setiembre settembre set setembro",
            "октября october oct oktober okt octobre octubre ottobre ott outubro out",
            "ноября november nov novembre noviembre novembro",
            "декабря december dec dez dezember décembre déc decembre diciembre dic dicembre dezembro",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAYS = frozenset(
    """понедельник вторник среда четверг пятница суббота воскресенье monday mon tuesday tue tues wednesday wed thursday thu thur thurs friday fri saturday sat sunday sun
    montag mo dienstag di mittwoch mi donnerstag do freitag fr samstag sa sonnabend sonntag so
    lundi lun mardi mar mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim
    lunes martes miércoles miercoles mié jueves jue viernes vie sábado sabado sáb domingo dom
    lunedì lunedi martedì martedi mercoledì mercoledi giovedì giovedi venerdì venerdi sabato domenica
    maandag ma dinsdag woensdag wo donderdag vrijdag vr zaterdag za zondag zo segunda-feira terça-feira
    quarta-feira quinta-feira sexta-feira""".split()
)
_RELATIVE = frozenset(
    """сегодня вчера today yesterday tonight now heute gestern vorgestern hier aujourd'hui aujourd’hui hoy ayer oggi ieri vandaag
    gisteren hoje ontem""".split()
)
_UNITS = frozenset(
    """second seconds sec secs minute minutes min mins hour hours hr hrs h day days week weeks month months d
    sekunde sekunden minuten stunde stunden std tag tagen tage woche wochen heure heures jour jours semaine semaines
    minuto minutos hora horas día días semana semanas ora ore minuti giorno giorni settimana uur dagen dag""".split()
)
_AGO = frozenset("ago vor il-y-a hace fa geleden há past last".split())
_FILLERS = frozenset(
    """года г в at on the of um am à a le de del den der el alle il op om y a.m p.m a.m. p.m. am pm uhr h o'clock noon midnight
    local time hours hrs st nd rd th er vom gmt utc bst est edt et cst cdt ct mst mdt mt pst pdt pt cet cest mez mesz
    msk ist jst hkt sgt aest aedt eet eest wib z bjt afternoon morning evening night just an one week ora ore alle
    las les dès beijing brussels late early und and clock""".split()
)
_LABEL = re.compile(
    r"\(?(?:(?:first |date |originally )?(?:published|posted|publication date|date|dated|issued|released|filed|created|pub\.?)"
    r"(?: on| at| date)?|veröffentlicht(?: am)?|erschienen(?: am)?|erstellt(?: am)?|datum|publié(?:e)?(?: le| à)?|paru(?: le)?"
    r"|publicado(?: el| em)?|publicada(?: el)?|fecha|data|pubblicato(?: il)?|gepubliceerd(?: op)?|geplaatst(?: op)?|publicatiedatum|issue date|as of)\s*[:：]?\s+",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"\(?(?:last )?(?:updated|modified|revised|amended|aktualisiert|zuletzt aktualisiert|stand|mis(?:e)? à jour|modifié|actualizado|actualizada|aggiornato|bijgewerkt)"
    r"(?: on| at| am| le| el| il| op)?\s*[:：]?\s+",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W\d_]+(?:[.'’-][^\W\d_]+)*\.?|\d+|[^\w\s]", re.UNICODE)
_CLOCK = re.compile(
    r"\b\d{1,2}(?::|h|\.(?=\d\d\s*(?:uhr|h\b|a\.?m|p\.?m)))\d{2}(?::\d{2}(?:\.\d+)?)?\b", re.IGNORECASE
)
_NUMERIC = re.compile(
    r"\b(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?(?:\d{4}|\d{2}))(?=\D|$)"
)
_CJK = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日|(?:\d{4}년\s*)?\d{1,2}월\s*\d{1,2}일|今天|昨天|今日|昨日")
_ZONE = re.compile(r"(?:[+-]\d{2}:?\d{2}|\b(?:UTC|GMT)\s?[+-]\s?\d{1,2}(?::\d{2})?)")
_CUT = re.compile(
    r"\s*(?:[|·•⋅]|\s[-–—]\s)\s*(?=\(?(?:last )?(?:updated|modified|aktualisiert|mis à jour|actualizado|aggiornato))",
    re.I,
)


_DIGIT = re.compile(r"\d")
_LAST = _MONTHS.keys() | _WEEKDAYS | _RELATIVE | _UNITS | _AGO | _FILLERS


_PAGE = re.compile(
    r"[,;]?\s*\(?(?:(?:pp?|pgs?|págs?|pags?|pág|pag|s|seite|page|página|pagina|blz)\b\.?\s?)"
    r"[A-Z]?\d{1,3}[A-Z]?(?:\s?[-–]\s?\d{1,3})?\)?$|[,;]\s*[A-Z]\d{1,2}$",
    re.IGNORECASE,
)


def without_page(text: str) -> str:
    """ "The Tide, 24 March 2021, p. 3" without the page that a clipping was cut from."""
    return _PAGE.sub("", text).rstrip(" ,;")


def may_end_date(word: str) -> bool:
    """Whether a date can end in this word: a cheap test before the dear one."""
    bare = word.strip("().,;:|[]").casefold()
    return any(char.isdigit() for char in bare) or bare in _LAST


def printed_date(text: str) -> str | None:
    """`text` without its label if it is nothing but a date or a time, as printed; else None.

    "Published: Apr 01, 2021 08:01 PM" gives "Apr 01, 2021 08:01 PM"; "Today" gives itself.
    """
    if not text or len(text) > 120:
        return None
    if len(text) > 28 and not _DIGIT.search(text):
        return None  # without a number, only a few words are a date
    label = _LABEL.match(text)
    rest = text[label.end() :] if label else text
    rest = _CUT.split(rest)[0].strip(" ,;|·•()[]")
    return rest if rest and is_date(rest, labelled=label is not None) else None


def updated_date(text: str) -> str | None:
    """The date of a row that says when a story was changed ("Updated: …"), or None."""
    if len(text) > 120 or not (label := _UPDATED.match(text)):
        return None
    rest = text[label.end() :].strip(" ,;|·•()[]")
    return rest if rest and is_date(rest, labelled=True) else None


def is_date(text: str, labelled: bool = False) -> bool:
    """Whether every word of `text` belongs to one date, and enough of them to name a day or an age."""
    if len(text) > 90:
        return False
    if _CJK.fullmatch(re.sub(r"\s*\d{1,2}[:時时]\d{2}分?\s*$", "", text.strip())):
        return True
    strength = 0
    rest = text.replace("T", " ", 1) if re.match(r"\d{4}-\d\d-\d\dT\d", text) else text
    rest = _ZONE.sub(" ", rest) if _CLOCK.search(rest) else rest
    rest, clocks = _CLOCK.subn(" ", rest)
    rest, numeric = _NUMERIC.subn(" ", rest)
    rest, relative = re.subn(r"(?i)\bil y a\b", " ", rest)
    numbers = months = weekdays = units = words = 0
    agos = relative
    for part in _TOKEN.findall(rest):
        word = part.casefold().rstrip(".")
        if part.isdigit():
            numbers += 1
            if (
                len(part) > 4
                or (len(part) == 3)
                or (len(part) == 4 and not 1500 < int(part) < 2200 and not clocks)
            ):
                return False
        elif not part[0].isalpha():
            if part not in ",.;:|·•⋅-–—()/'’[]":
                return False
        elif word in _MONTHS and (numbers or word not in _WEEKDAYS or numeric == 0):
            if word in _WEEKDAYS and (months or numeric):
                weekdays += 1
            else:
                months += 1
        elif word in _RELATIVE:
            strength += 2
        elif word in _WEEKDAYS:
            weekdays += 1
            words += len(word) > 4 and word not in _FILLERS
        elif word in _AGO:
            agos += 1
        elif word in _UNITS:
            units += 1
        elif re.fullmatch(r"\d*(?:st|nd|rd|th|er)", word):
            continue
        elif word not in _FILLERS:
            return False
    if months > 2 or weekdays > 2 or numbers > 6:
        return False
    if numeric or (months and numbers):
        return True
    if (units and agos) or (units and re.fullmatch(r"\d{1,2}\s?(?:h|d|m|min|hrs?)\.?", text.strip(), re.I)):
        return True
    if strength:
        return not units
    if words and not months and (labelled or clocks or text[:1].isupper()):
        return numbers == 0 or bool(clocks)
    return labelled and bool(clocks or (numbers == 1 and len(text) == 4))


_ISO_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
_DMY_NAME = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])[-_.](0?[1-9]|1[0-2])[-_.]((?:19|20)\d\d)(?!\d)")
_WORDED = re.compile(
    r"(?:(?P<d1>\d{1,2})(?:st|nd|rd|th|er|\.)?[\s._-]*(?:de |of )?(?P<m1>[^\W\d_]{3,10})\.?,?[\s._-]*(?:de |del )?(?P<y1>(?:19|20)\d\d)"
    r"|(?P<m2>[^\W\d_]{3,10})\.?[\s._-]*(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?[\s._-]+(?P<y2>(?:19|20)\d\d))(?!\d)",
    re.IGNORECASE,
)


def day_in(text: str) -> Moment | None:
    """The first full day (with its year) that `text` names, or None; day first in "24.03.2021"."""
    found: list[tuple[int, dt.date]] = []
    for match in _ISO_NAME.finditer(text):
        _try(found, match.start(), match[1], match[2], match[3])
    for match in _DMY_NAME.finditer(text):
        _try(found, match.start(), match[3], match[2], match[1])
    for match in _WORDED.finditer(text):
        month = _MONTHS.get((match["m1"] or match["m2"]).casefold())
        if month:
            _try(found, match.start(), match["y1"] or match["y2"], str(month), match["d1"] or match["d2"])
    return Moment(value=min(found)[1].isoformat(), precision="day") if found else None


def _try(found: list[tuple[int, dt.date]], at: int, year: str, month: str, day: str) -> None:
    try:
        found.append((at, dt.date(int(year), int(month), int(day))))
    except ValueError:
        return


def header_moment(value: str) -> Moment | None:
    """The Date of a message's header, with its offset as printed; None if it is none."""
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return day_in(value)
    zone = re.search(r"([+-]\d{4})\b|\b([A-Z]{2,5})\s*$", re.sub(r"\(.*?\)", "", value).strip())
    return Moment(
        value=when.isoformat(timespec="seconds"),
        precision="second",
        zone=(zone[1] or zone[2]) if zone else None,
    )


def received_moment(value: str) -> Moment:
    """What the user gave with --received: a day, or a day and a time, in ISO 8601.

    Raises:
        ValueError: it is neither.
    """
    value = value.strip()
    try:
        when = dt.datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value!r} is no date: write 2021-03-24 or 2021-03-24T08:00") from None
    if re.fullmatch(r"\d{4}-?\d\d-?\d\d|\d{4}-?W\d\d-?\d", value):
        return Moment(value=when.date().isoformat(), precision="day")
    zone = re.search(r"(Z|[+-]\d\d:?\d\d)$", value)
    seconds = when.second or when.microsecond or value.count(":") - (":" in (zone[0] if zone else "")) > 1
    return Moment(
        value=when.isoformat(timespec="seconds" if seconds else "minutes"),
        precision="second" if seconds else "minute",
        zone=zone[1] if zone else None,
    )
