"""Words of dates and times as data: month names of many languages, zones, the order of day and month.

Month names and orders come from babel's CLDR tables, so that a language costs a line and not a list.
Locales are loaded when first asked for: 10 ms each.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Literal

Order = Literal["DMY", "MDY", "YMD"]

# asked in this order where the page's own language and English do not know a month's name
_COMMON = tuple("de fr es it pt nl sv da nb pl cs ru uk tr fi hu ro el ca hr sk id".split())
# printed by papers, and not in CLDR
_ALSO = {
    "en": {"sept": 9, "jly": 7},
    "de": {"jänner": 1, "feber": 2, "maerz": 3, "mrz": 3},
    "es": {"setiembre": 9, "ene": 1, "set": 9},
    "fr": {"fevrier": 2, "aout": 8, "decembre": 12, "fev": 2, "dec": 12},
    "pt": {"marco": 3},
    "nl": {"mrt": 3},
    # the eastern Arab countries' names, often printed beside the others ("نيسان / أبريل")
    "ar": {
        "شباط": 2,
        "آذار": 3,
        "اذار": 3,
        "نيسان": 4,
        "أيار": 5,
        "ايار": 5,
        "حزيران": 6,
        "تموز": 7,
        "أيلول": 9,
        "ايلول": 9,
        "ابريل": 4,
        "اغسطس": 8,
        "اكتوبر": 10,
    },
    # the Persian calendar's own months; the year (13xx, 14xx) says that it is meant
    "fa": {
        "فروردین": 1,
        "اردیبهشت": 2,
        "خرداد": 3,
        "تیر": 4,
        "مرداد": 5,
        "شهریور": 6,
        "مهر": 7,
        "آبان": 8,
        "آذر": 9,
        "دی": 10,
        "بهمن": 11,
        "اسفند": 12,
    },
    "el": {"μαΐου": 5, "ιουλίου": 7},
}
# hours east of Greenwich; a name that means several places (CST, IST) gives no offset
_OFFSETS = {
    "z": 0.0,
    "utc": 0.0,
    "gmt": 0.0,
    "wet": 0.0,
    "bst": 1.0,
    "west": 1.0,
    "cet": 1.0,
    "mez": 1.0,
    "cest": 2.0,
    "mesz": 2.0,
    "eet": 2.0,
    "sast": 2.0,
    "eest": 3.0,
    "msk": 3.0,
    "pkt": 5.0,
    "hkt": 8.0,
    "sgt": 8.0,
    "awst": 8.0,
    "jst": 9.0,
    "kst": 9.0,
    "aest": 10.0,
    "aedt": 11.0,
    "nzst": 12.0,
    "nzdt": 13.0,
    "est": -5.0,
    "edt": -4.0,
    "cdt": -5.0,
    "mst": -7.0,
    "mdt": -6.0,
    "pst": -8.0,
    "pdt": -7.0,
    "akst": -9.0,
    "akdt": -8.0,
    "hst": -10.0,
    "brt": -3.0,
}
# names that papers print the whole year round
_PLACES = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}
_NO_OFFSET = ("cst", "ist", "ast", "wib", "art")
_NAMES = "|".join(sorted((*_OFFSETS, *_PLACES, *_NO_OFFSET), key=len, reverse=True))
ZONE = rf"(?:(?:UTC|GMT)\s?[+\-−]\s?\d{{1,2}}(?::?\d\d)?|[+\-−]\d\d:?\d\d|[+\-−]\d\d\b|(?:{_NAMES})\b)"
_NUMERIC = re.compile(r"(?:utc|gmt)?\s*([+\-−])\s*(\d{1,2}):?(\d\d)?$", re.I)


_PERSIAN = {ord("ي"): "ی", ord("ك"): "ک"}


def month_of(word: str, language: str | None = None) -> int | None:
    """The month (1 to 12) that a word names, in the language, in English, else in another common one."""
    # Arabic keyboards write Persian's yeh and kaf as their own
    key = word.casefold().rstrip(".").translate(_PERSIAN)
    if len(key) < 3 and not key.isascii():
        key = word.casefold()
    common = ("ar", "fa") if "\u0600" <= key[:1] <= "\u06ff" else _COMMON
    for code in dict.fromkeys((base(language), "en", *common)):
        if code and (month := _months(code).get(key)):
            return month
    return None


def order_of(language: str | None) -> Order | None:
    """How the language (with its region, "en-GB") writes a short date; None where it is not known.

    English without a region is None: the two halves of its readers disagree.
    """
    if not language or language.replace("_", "-").lower() == "en":
        return None
    return _order(language.replace("_", "-"))


def base(language: str | None) -> str | None:
    """'pt' of "pt-BR"; None where nothing is given."""
    return re.split(r"[-_]", language.strip().lower())[0] or None if language else None


def offset_of(zone: str, day: dt.date) -> dt.timedelta | None:
    """A printed zone's offset on that day; None for a name that means several places."""
    key = " ".join(zone.lower().split())
    if key in _PLACES:
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            noon = dt.datetime.combine(day, dt.time(12), ZoneInfo(_PLACES[key]))
        except ZoneInfoNotFoundError:  # a machine without time zone data
            return None
        return noon.utcoffset()
    if key in _OFFSETS:
        return dt.timedelta(hours=_OFFSETS[key])
    if match := _NUMERIC.match(key):
        hours, minutes = int(match[2]), int(match[3] or 0)
        if hours > 14 or minutes > 59:
            return None
        return dt.timedelta(hours=hours, minutes=minutes) * (1 if match[1] == "+" else -1)
    return None


@cache
def _months(code: str) -> dict[str, int]:
    from babel import Locale, UnknownLocaleError

    found: dict[str, int] = {}
    try:
        locale = Locale.parse("nb" if code == "no" else code)
    except (UnknownLocaleError, ValueError):
        return found
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months[context][width].items():
                key = name.casefold().rstrip(".")
                # Catalan's "de març", Latvian's "2. mēn."
                key = re.sub(r"^(?:de |d['’])", "", key)
                if len(key) >= 3 and not key.isdigit():
                    found.setdefault(key.translate(_PERSIAN), number)
    return found | {key.translate(_PERSIAN): number for key, number in _ALSO.get(code, {}).items()}


@cache
def _order(language: str) -> Order | None:
    from babel import Locale, UnknownLocaleError

    try:
        pattern = str(Locale.parse(language, sep="-").date_formats["short"].pattern).lower()
    except (UnknownLocaleError, ValueError):
        code = base(language)
        return _order(code) if code and code not in ("en", language) else None
    letters = "".join(dict.fromkeys(letter for letter in pattern if letter in "dmy")).upper()
    return letters if letters in ("DMY", "MDY", "YMD") else None  # type: ignore[return-value]
