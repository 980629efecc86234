"""The dateline that opens a report: "BEIJING (AP) —", "WASHINGTON, March 3 (Reuters) -", "Berlin (dpa)."

`read_dateline` is shared by pages and digests.
"""

from __future__ import annotations

import re

from dateline.extract.agencies import agencies_in, agency
from dateline.models import Dateline

_MONTH = (
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
    r"|(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)"
)
_DATE = rf"(?:(?:{_MONTH})\s+\d{{1,2}}|\d{{1,2}}\.?\s+(?:{_MONTH}))(?:,?\s+\d{{4}})?"
_PLACE_WORD = r"[A-ZÀ-ÖØ-ÞŁŚŻČŠŽĐ](?:[\w’'.-]*\w|\.)?\.?"
_PLACE = rf"{_PLACE_WORD}(?:[ /-](?:{_PLACE_WORD}|de|del|la|el|di|am|an|der|the|of|upon|on|sur|in|al|ben|und|and)){{0,5}}"
_PLACES = rf"{_PLACE}(?:(?:,|\s*/|\sand\s|\sund\s)\s*{_PLACE}){{0,2}}"
_DASH = r"[–—―-]{1,2}"
# a place, maybe a date, an agency in brackets, and a dash, a colon or a full stop
_WITH_AGENCY = re.compile(
    rf"^\W{{0,3}}(?P<place>{_PLACES}),?\s*(?:,?\s*{_DATE}\s*)?[(\[](?P<agency>[^)\]]{{2,60}})[)\]]\s*(?:{_DASH}|:|\.|,)?\s+"
)
# "(Reuters) - …": an agency alone
_AGENCY_ALONE = re.compile(rf"^\W?[(\[](?P<agency>[^)\]]{{2,40}})[)\]]\s*(?:{_DASH}|:)\s+")
# a place and a dash; in capitals, or the whole of a few words before the dash
_PLACE_DASH = re.compile(rf"^(?P<place>{_PLACES})(?:,\s*{_DATE})?\s*(?:{_DASH})\s+(?=[\w“\"«„'‘])")
# "MOSCOW, April 2. /TASS/."
_SLASHES = re.compile(rf"^(?P<place>{_PLACES}),\s*{_DATE}\s*\.?\s*/(?P<agency>[^/]{{2,30}})/\s*\.?\s*")
# "From a correspondent in Paris" is left alone: it is a byline


def read_dateline(text: str) -> Dateline | None:
    """Place and agency that open `text`, None where it opens with neither.

    The place is returned as a reader writes it: "BEIJING" becomes "Beijing", "WASHINGTON, D.C." and
    "U.S." keep their points.
    """
    opening = text.lstrip()[:250].replace("\u00a0", " ")
    for pattern in (_WITH_AGENCY, _SLASHES):
        if match := pattern.match(opening):
            names = agencies_in(match["agency"])
            if names or match["place"].isupper():
                return Dateline(place=_spelled(match["place"]), agency="/".join(names) or None)
    if (match := _AGENCY_ALONE.match(opening)) and (names := agencies_in(match["agency"])):
        return Dateline(place=None, agency="/".join(names))
    if match := _PLACE_DASH.match(opening):
        place = match["place"]
        letters = [char for char in place if char.isalpha()]
        shouted = len(letters) > 2 and sum(char.isupper() for char in letters) >= 0.8 * len(letters)
        if shouted and not agency(place):
            return Dateline(place=_spelled(place), agency=None)
    return None


def _spelled(place: str) -> str:
    place = re.sub(r"\s+", " ", place).strip(" ,.-–—") + ("." if re.search(r"\.[A-Z]\.$", place) else "")
    return re.sub(r"[^\W\d_][\w’']*", lambda word: _word(word[0], place), place)


def _word(word: str, place: str) -> str:
    dotted = f"{word}." in place and len(word) == 1
    if not word.isupper() or dotted or word in {"US", "UK", "UN", "EU", "UAE", "DC", "NY"}:
        return word
    return word[:1] + word[1:].lower()
