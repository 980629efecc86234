"""Words by which papers name the parts of a page, and phrases that are no part of any report.

The lists are data, in wording.txt: a language or a habit more is a line more. Class names are matched
after `names_of` made them lower-case words joined by "-"; they are the words that content systems and
papers of many countries use, and no publisher has an entry of its own. Phrases are matched at the
start of a block, so a report that speaks of a newsletter keeps its sentence.
"""

from __future__ import annotations

import re
from importlib.resources import files


def _lists() -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {}
    current: list[str] = []
    for line in files("dateline.extract").joinpath("wording.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            current = lists.setdefault(line[3:].strip(), [])
        elif line.strip() and not line.startswith("#"):
            current.append(line)
    return lists


_LISTS = _lists()


def _names(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s-])(?:{'|'.join(_LISTS[name])})(?=$|[\s-]|\d)")


def _anywhere(name: str) -> re.Pattern[str]:
    return re.compile("|".join(_LISTS[name]), re.I)


PROMO_CLASS = _names("PROMO_CLASS")  # related stories, newsletters, adverts, sharing, tags, author boxes
COMMENT_CLASS = _names("COMMENT_CLASS")
CAPTION_CLASS = _names("CAPTION_CLASS")
CREDIT_CLASS = _names("CREDIT_CLASS")  # of a picture
BYLINE_CLASS = _names("BYLINE_CLASS")
BOX_CLASS = _names("BOX_CLASS")  # fact boxes
LEAD_CLASS = _names("LEAD_CLASS")
PULL_CLASS = _names("PULL_CLASS")

# what opens a block that is a call or a pointer, never a sentence of the report
POINTER = re.compile(rf"^[\W_]{{0,6}}(?:{'|'.join(_LISTS['POINTER'])})", re.I)

# a call to the reader, wherever in a short block with a link or at the end
CALL = _anywhere("CALL")
# an address to write to, and the words that ask for it
WRITE_TO = re.compile(
    r"\b(?:touch|contact|e-?mail|reach|tips?|story|write|mail|kontakt|hinweise|schreiben)\b.*\S@\w[\w.-]+\.\w{2,}",
    re.I,
)
# "Jane Roe is …": a paragraph that may be about its author
ABOUT = re.compile(
    r"^(?:(?:Dr|Prof|Professor|Sir|Dame)\.?\s+)?[^\W\d_a-zß-ÿ][\w'’-]+(?:\s[^\W\d_][\w'’.-]+){1,3},?\s+"
    r"(?:is|was|are|ist|war|est|es|è|er|är|writes|covers|reports|schreibt|berichtet|arbeitet)\b"
)

# how a printed credit opens: "By", "Von", and labels such as "Autor:", "文／"
OPENER = rf"(?:{'|'.join(_LISTS['OPENER'])})"
LABEL = rf"(?:{'|'.join(_LISTS['LABEL'])})"
PICTURE_LABEL = rf"(?:{'|'.join(_LISTS['PICTURE_LABEL'])})"
ROLE_OF_A_PERSON = rf"(?:{'|'.join(_LISTS['ROLE_OF_A_PERSON'])})"
FIELD_OF_A_ROLE = rf"(?:{'|'.join(_LISTS['FIELD_OF_A_ROLE'])})"
NO_PERSON = rf"(?:{'|'.join(_LISTS['NO_PERSON'])})"

# the heading of other stories: what follows in the same box is theirs
RELATED = re.compile(rf"^[\W_]{{0,4}}(?:{'|'.join(_LISTS['RELATED'])})", re.I)

# what pages that are no article say
ERROR = _anywhere("ERROR")
ROBOT = _anywhere("ROBOT")
CONSENT = _anywhere("CONSENT")
CONSENT_TITLE = _anywhere("CONSENT_TITLE")
PAYWALL = _anywhere("PAYWALL")

# what stands below a picture
CREDIT = re.compile(
    r"^[\W_]{0,3}(?:quelle|source|photo|foto|bild|image|picture|credit|copyright|©|fuente|crédits?|zdjęcie|фото|ảnh)"
    r"(?:\s*:|\s+(?:by|par|von|de|via)\b|\s*©).{0,80}$|^©.{0,80}$",
    re.I,
)
# who else worked on a report, wherever the block says so
CONTRIBUTORS = re.compile(
    r"\bcontributed\s+(?:reporting|(?:to\s+)?(?:this|the)\s+(?:report|story|article))\b"
    r"|^[\W_]*(?:the\s+)?(?:associated\s+press|reuters|ap|afp)\b.{0,80}\bcontributed\b",
    re.I,
)
# what says that a paragraph is about its author
ROLE = re.compile(
    r"\b(?:reporter|correspondent|editor|writer|columnist|journalist|author|contributor|fellow|professor"
    r"|lecturer|redakteur\w*|korrespondent\w*|reporterin|journalistin|autorin|autor|volont\w+|chefredak\w+"
    r"|leitet|berichtet|schreibt|journaliste|r[ée]dact\w+|periodista|redactora?|giornalista|journalist\w*"
    r"|dziennikarz\w*)\b",
    re.I,
)
# nothing but a place for an address or a handle
CONTACT = re.compile(r"^(?:[^.!?]{0,60}(?:@[\w.-]+\.\w{2,}|@\w{3,})[^.!?]{0,40})$", re.I)
BYLINE = re.compile(
    r"^(?:by|von|par|por|di|da|af|av|door|przez|text(?:\s+by)?|words\s+by|story\s+by|written\s+by|reported\s+by)"
    r"\s*:?\s+(?!(?:the|a|an|now|then|all|der|den|dem|la|el|un)\b)[^.!?:;]{3,90}$",
    re.I,
)
DATE_LINE = re.compile(
    r"^(?:19|20)\d\d[年년]\s?\d{1,2}[月월]\s?\d{1,2}[日일].{0,45}$"
    r"|^(?:(?:last|first|dernière|última|ultimo|letzte|sidst|sist|senast|laatste?)\s+)?(?:publ|updat|upd\b|aktuali[sz]|veröff"
    r"|erstellt|stand\b|mis(?:e)?\s+à\s+jour|actuali[sz]|atuali[sz]|aggiorn|modifi|opubl|publik|oppdat|opdat|uppdat|geüpd"
    r"|bijgewerkt|geplaatst|gepubl|giriş|yayın|güncel|обновл|опубл|入力|更新|公開|入稿|발행|입력|수정|发布|發布)[^.!?]{0,12}[^!?]{0,90}\d"
    r"[^!?]{0,12}$"
    r"|^[^.!?]{0,40}(?:\d{1,2}[./:-]\d{1,2}[./:-]\d{2,4}|\b(?:19|20)\d\d\b)[^.!?]{0,12}"
    r"(?:[|,–-]?\s*(?:um|at|à|a las|kl\.?|ore)?\s*\d{1,2}[:.h]\d{2}[^.!?]{0,30})?$",
    re.I,
)
