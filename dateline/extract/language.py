"""The language of a text, from the text; the page's own tag only where that can't tell.

py3langid is the one identifier that is small, fast and knows 97 languages. It never says that it
does not know, so texts of a few words are left alone, and between languages that it confuses the tag
of the page decides.
"""

from __future__ import annotations

import re

from dateline.extract.reading import Reading

_ENOUGH = 20  # letters; fewer tell no language
_SAMPLE = 1200  # characters read: more changes nothing
# close relatives: where the text says one and the page another, the page knows better
_FAMILIES = (
    {"no", "nb", "nn", "da"},
    {"hr", "sr", "bs"},
    {"id", "ms"},
    {"xh", "zu", "st", "tn"},
    {"hi", "ne", "mr"},
    {"cs", "sk"},
    {"pt", "gl", "es"},
    {"af", "nl"},
    {"ru", "uk", "be", "bg", "mk"},
    {"de", "lb"},
    {"fa", "ur", "ar"},
)
# letters alone: Chinese prints the middle dot of the same block between the parts of foreign names
_KANA, _HANGUL = re.compile("[\u3041-\u3096\u30a1-\u30fa]"), re.compile("[\uac00-\ud7af]")
_FEW = 0.05  # of the letters; fewer are a name or a quotation in a text of another language


def detect(text: str) -> str | None:
    """ISO 639-1 of `text`, None for text too short to tell."""
    sample = text[:_SAMPLE]
    letters = sum(char.isalpha() for char in sample)
    if len(_KANA.findall(sample)) > _FEW * letters:
        return "ja"
    if len(_HANGUL.findall(sample)) > 2 * _FEW * letters:
        return "ko"
    if letters < _ENOUGH and not any("\u3400" <= char <= "\u9fff" for char in sample):
        return None
    import py3langid

    # py3langid takes case for meaning: a headline in capitals is another language to it
    language, _ = py3langid.classify(sample.lower() if sample.isupper() else sample)
    return _one_code(str(language))


def read_language(reading: Reading, text: str) -> tuple[str | None, str]:
    """(language, where it was read): "text" or "tag"."""
    tag = tag_of(reading)
    found = detect(text)
    if found is None:
        return (tag, "tag") if tag else (None, "")
    if tag and tag != found and (len(text) < 150 or any({tag, found} <= family for family in _FAMILIES)):
        return tag, "tag"
    return found, "text"


def tag_of(reading: Reading) -> str | None:
    """The language that the page declares, ISO 639-1."""
    root = reading.tree.getroottree().getroot()
    node = reading.article_node or {}
    declared = node.get("inLanguage")
    for value in (
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang"),
        declared if isinstance(declared, str) else None,
        reading.meta("og:locale", "content-language", "language", "dc.language"),
    ):
        if value and (match := re.match(r"([a-z]{2})(?![a-z])", value.strip().lower())):
            return _one_code(match[1])
    return None


def _one_code(language: str) -> str:
    return "no" if language in ("nb", "nn") else language
