"""Captions with their credit, and the dateline that opens a report."""

# ruff: noqa: E501  (word lists and patterns: broken into short lines they read worse)

from __future__ import annotations

import re

from dateline.models import Caption, Dateline

from .words import AGENCIES, AGENCY_NAMES, LABELS

_AGENCY = "|".join(sorted((re.escape(name) for name in AGENCY_NAMES if len(name) > 1), key=len, reverse=True))
_CREDIT_WORD = (
    r"(?:photo(?:graph|graphy|graphs|s)?|pictures?|images?|infographics?|graphics?|illustrations?|credits?|foto(?:s|grafía|grafie|grafia)?|bild(?:er)?|grafik|illustration|crédits?(?:\ photos?)?"
    r"|photos?\ credit|image\ credit|picture\ credit|video|map|chart|source\ photo|bildquelle|bildnachweis|créditos?|imagen|immagine|ph\.?|animation|screenshot|file\ photo|archivfoto|symbolbild)"
)
# "(Lu Boan/Xinhua via AP)", "(AP Photo/Jane Roe)", "(Photo by Jane Roe)", "(Foto: dpa)" at a row's end
_PARENTHESIS = re.compile(r"\s*[(\[]([^()\[\]]{2,120})[)\]][.\s]*$")
_STRONG = re.compile(
    rf"(?:.*\bvia\s+\S.*|(?:{_AGENCY})\s+(?:photo|images?|file|archives?)\b.*|.*\b(?:getty\ images?|afp|shutterstock|alamy|epa|epa-efe|imago|picture\ alliance|zuma|nurphoto)\b.*"
    rf"|{_CREDIT_WORD}\s*(?:by|:|credit|courtesy|©|/|de|von|par|di|por|via|handout).*|{_CREDIT_WORD}/.*|(?:courtesy|©|copyright|handout|file).*"
    rf"|[^\d]{{2,40}}/\s?(?:{_AGENCY})(?:/.{{2,30}})?|(?:{_AGENCY})\s?/\s?[^\d]{{2,60}}|[A-ZÀ-Ý][\w.'’-]+(?:\s[\w.'’-]+){{0,3}}\s?/\s?[A-ZÀ-Ý][\w .&'’-]{{1,40}})",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(
    r"(?:reporting|editing|writing|additional|compiled|with|by|source|see|updated|published|corrects?|recasts?|adds?|graphic:|via (?:video|email|phone|zoom)|and/or|he/she|km/h|\w+/\w+ mehr)\b.*",
    re.IGNORECASE,
)
# "… meeting Infographic: Xu Zihe/GT", "… in Kyiv. Photo: Jane Roe / Reuters", "… | Photo Credit: AP"
_TRAILING = re.compile(
    rf"(?:^|(?<=[\s.!?:|”\"’'»)—–-]))[|—–-]?\s*({_CREDIT_WORD})\s*(?:\s(?:by|courtesy\ of|courtesy|credit|von|par|de|di|por)\b\s*:?|:|©|/(?=\s?[A-Z]))\s*([^.!?:;]{{2,70}}|[^:;]{{2,50}})[.\s]*$",
    re.IGNORECASE,
)
# "… in Kyiv. REUTERS/Jane Roe", "… AP Photo/Jane Roe", "© dpa / Jane Roe"
_BARE = re.compile(
    r"(?:^|(?<=[.!?”\"’»]\s)|(?<=[.!?]))\s*((?:REUTERS|AP\ Photo|AP|AFP|EPA|EPA-EFE|Xinhua|TASS|dpa|ANSA|EFE|Kyodo|Yonhap|Getty(?:\ Images)?|AFP\ PHOTO|Sputnik)\s?/\s?[^.!?]{2,60}|©\s?[^.!?]{2,70}|Getty\ Images|[A-ZÀ-Ý][\w'’.-]+(?:\s[A-ZÀ-Ý][\w'’.-]+){1,2}\s?/\s?(?:"
    + _AGENCY
    + r")(?:/[\w\ -]{2,30})?(?:\ via\ [\w\ ]{2,30})?)[.\s]*$"
)
_OPENS = re.compile(
    r"(?:\(?FILES?\)?\s*[-–—:]|FILE\s+(?:PHOTO|PICTURE|IMAGE)\b|file\ photo\s*[:.-]|in\ this\ (?:[\w,. ]{0,40})?(?:photo|image|picture|frame|handout|screen ?grab|combination|file)|this\ (?:[\w,. ]{0,30})?(?:photo|image|picture|combination|handout)(?:graph)?\s(?:released|taken|shows|provided|made|shot|by)"
    r"|(?:pictured|from left|left to right|clockwise)\b|(?:photos?|images?|pictures?|graphics?|caption|foto|bild|légende|bildunterschrift|archivbild|archivfoto|symbolbild|pie de foto|didascalia|handout)\s*[:–—]\s|archivfoto|symbolbild|auf diesem (?:bild|foto)|dieses (?:bild|foto)\b|sur cette (?:photo|image)|en esta (?:foto|imagen|fotografía)|photo d['’]archives?|foto de archivo|foto d['’]archivio)",
    re.IGNORECASE,
)
_CREDIT_LABELS = frozenset(name for name, field in LABELS.items() if field == "credit")
_EDGE = " -–—|:"


def caption(text: str, in_body: bool) -> Caption | None:
    """The caption that the row `text` is, or None.

    A row is a caption if it opens like one ("In this photo…", "FILE -", "Photo:") or ends in a
    picture credit. In the body, where prose may end in "(Reuters)", only a clear credit counts.
    """
    if len(text) > 1500:
        return None
    if text[:1] == "[" and text.endswith("]") and text.count("[") == 1:
        text = text[1:-1].strip()  # "[Image: …]"
    opens = _OPENS.match(text)
    tail = text[-200:]
    head = text[:-200] if len(text) > 200 else ""
    if match := _PARENTHESIS.search(tail):
        credit = match[1].strip()
        words = head + tail[: match.start()]
        sentence = words.rstrip().endswith(".") and len(words.split()) > 4
        weak = credit.casefold() in AGENCIES and (opens or (sentence and not in_body))
        if not _NO_CREDIT.match(credit) and (
            (_STRONG.fullmatch(credit) and credit.casefold() not in AGENCIES)
            or weak
            or (opens and len(credit) < 60)
        ):
            return Caption(text=_bare(head + tail[: match.start()]), credit=_credit(credit))
    if (match := _TRAILING.search(tail)) and _plausible(match[2]) and not (in_body and len(text) > 400):
        words = _bare(head + tail[: match.start()])
        # "Photo: The two ministers in Guilin on Monday" is a caption and no credit
        named = match[1].lower() not in ("caption", "video", "map", "chart") or "/" in match[2]
        if words or (named and len(match[2].split()) <= 6):
            return Caption(text=words, credit=match[2].strip(" .)]"))
    if match := _BARE.search(tail):
        return Caption(text=_bare(head + tail[: match.start()]), credit=match[1].strip(" .©"))
    if opens:
        return Caption(text=_bare(text), credit=None)
    return None


def _plausible(credit: str) -> bool:
    """Names and agencies, not a clause: few words, most with a capital."""
    words = re.findall(r"[^\W\d_]+", credit)
    if not 1 <= len(words) <= 9:
        return False
    capital = sum(
        1
        for word in words
        if word[0].isupper()
        or word.casefold() in AGENCIES
        or word in ("via", "for", "of", "the", "and", "von", "de")
    )
    return capital >= len(words) - 1 and (
        words[0][0].isupper() or words[0].casefold() in AGENCIES or words[0] in ("the",)
    )


def _bare(text: str) -> str:
    text = re.sub(
        r"^(?:\[?(?:photos?|images?|pictures?|graphics?|caption|foto|bild|légende|bildunterschrift|pie de foto|didascalia|bildtext|image caption|photo caption|picture caption)(?:\s*[:–—]|\])\s*)+",
        "",
        text.strip(),
        flags=re.IGNORECASE,
    )
    return text.strip().rstrip(_EDGE).strip()


def _credit(credit: str) -> str:
    """The credit without the word that says it is one: "Photo by Jane Roe" is Jane Roe's."""
    stripped = re.sub(
        rf"^{_CREDIT_WORD}\s*(?:(?:by|courtesy\ of|credit|von|par|de|di|por)\b\s*:?|:|©)\s*",
        "",
        credit,
        flags=re.IGNORECASE,
    )
    return stripped.strip(" .©") or credit


# --- datelines ------------------------------------------------------------------------------------

_CAPITALISED = r"[A-ZÀ-ÖØ-Þ][\w'’.-]*"
_PLACE_UPPER = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’.-]*(?:[ /][A-ZÀ-ÖØ-Þ&][A-ZÀ-ÖØ-Þ'’.-]*){0,4}"
_PLACE_TITLE = (
    rf"{_CAPITALISED}(?:(?:[ /-]|\s(?:de|del|la|am|an der|bei|upon|sur|di|im|ob der)\s){_CAPITALISED}){{0,4}}"
)
_REGION = r"(?:,\s(?:[A-ZÀ-Þ][\w'’.]*\.?)(?:\s[A-ZÀ-Þ][\w'’.]*){0,2})"
_DAY = r"(?:[,.]?\s(?:[A-Za-zÀ-ÿ]{3,10}\.?\s\d{1,2}|\d{1,2}\.?\s?(?:de\s)?[A-Za-zÀ-ÿ]{3,10}\.?|\d{1,2}[./]\d{1,2}\.?)(?:,?\s\d{4})?)"
_DASH = r"\s*(?:\.\s*[-–—]+|[-–—]{1,3}|:|_(?=\s))\s*"
_FORMS = tuple(
    re.compile(form)
    for form in (
        # BEIJING (AP) —   PARIS, March 3 (Reuters) -   Madrid, 3 mar (EFE).-   Berlin (dpa/lby) -
        rf"(?P<place>{_PLACE_UPPER}|{_PLACE_TITLE})(?P<region>{_REGION})?{_DAY}?\.?,?\s*[(/\[](?P<agency>[^()\[\]/]{{2,40}}(?:/[^()\[\]/]{{2,12}})?)[)/\]](?:{_DASH}|\s*\.\s*|\s+(?=[A-ZÀ-Þ\"“«„]))",
        # (ANSA) - ROMA, 03 MAR -   (Reuters) -
        rf"[(\[](?P<agency>[^()\[\]]{{2,30}})[)\]]\s*[-–—,]+\s*(?P<place>{_PLACE_UPPER})(?P<region>{_REGION})?{_DAY}?\s*[-–—]+\s+",
        rf"[(\[](?P<agency>[^()\[\]]{{2,30}})[)\]]{_DASH}",
        # AP — BEIJING:   is not used; PARIS, March 3 —   PARIS —   WASHINGTON, D.C. --
        rf"(?P<place>{_PLACE_UPPER})(?P<region>{_REGION})?{_DAY}?\s*(?:[—–]|--|\.\s?[-–—]+)\s*(?=\S)",
        rf"(?P<place>{_PLACE_UPPER})(?P<region>{_REGION})?{_DAY}?\s-\s(?=[A-ZÀ-Þ\"“])",
        rf"(?P<place>{_PLACE_TITLE})(?P<region>{_REGION})?,?{_DAY}\s*(?:[—–]|--|\s-\s)\s*(?=\S)",
        rf"(?P<place>{_PLACE_UPPER}|{_PLACE_TITLE})(?P<region>{_REGION})?,?{_DAY}?,?\s(?P<agency>{_AGENCY}|[A-Z]{{4,12}})(?:\s*[—–]|\s*--|\s-\s)\s*(?=\S)",
    )
)
# an agency in capitals behind the day is no month: before the forms without agencies
_ORDER = (0, 1, 2, 6, 3, 4, 5)
_NO_PLACE = re.compile(
    r"(?:UPDATE|BREAKING|FILE|FILES|EXCLUSIVE|ANALYSIS|FEATURE|OPINION|WATCH|CORRECTION|FACTBOX|URGENT|LIVE|Q|A|NOTE|TIMELINE|EXPLAINER|WRAPUP.*|EU|UN|US|UK|NATO|WHO|IMF|PHOTO|PHOTOS|VIDEO|BREAKINGVIEWS|REFILE|INSIGHT|INTERVIEW|SPECIAL REPORT|THE|AND|BUT|IN|ON|AT|I|CEO|GDP)\b",
)


def dateline(text: str) -> Dateline | None:
    """The place and agency that open a report's first paragraph, as printed; None if none do."""
    head = text[:160]
    for number in _ORDER:
        match = _FORMS[number].match(head)
        if not match:
            continue
        groups = match.groupdict()
        agency = (groups.get("agency") or "").strip(" .")
        place = groups.get("place")
        if agency and not _is_agency(agency) and not (number == 0 and re.fullmatch(r"[A-Z]{2,6}", agency)):
            continue  # an acronym between place and dash is an agency, known or not
        if place and (_NO_PLACE.match(place) or (len(place) < 3 and not agency)):
            continue
        if place and not agency and number >= 3 and place.casefold() in AGENCIES:
            continue
        if (
            place
            and (region := groups.get("region"))
            and not agency
            and number in (3, 4)
            and re.search(r"\d", region)
        ):
            continue
        if place:
            place = place.strip(" ,")
            if ((region := groups.get("region")) and not re.match(r",\s(?:\w{3,9}\.?)$", region)) or (
                region and not _month(region)
            ):
                place += (region or "").rstrip(" ,")
        return Dateline(place=place or None, agency=agency or None)
    return None


def _month(region: str) -> bool:
    from .dates import _MONTHS

    return region.strip(" ,.").casefold().rstrip(".") in _MONTHS


def _is_agency(name: str) -> bool:
    parts = [part.strip().casefold() for part in re.split(r"[/,]| - ", name)]
    return name.casefold() in AGENCIES or parts[0] in AGENCIES or (parts[-1] in AGENCIES and len(parts) > 1)
