"""The one analysis: text to tokens, the same for both stores and for texts and queries.

Both stores index what this module gives (a whitespace tokeniser only cuts it apart again), so that
their answers can't differ by an analyser's version. A token has two shapes:

- `form`: folded (case, accents, width, dots of "U.S.", the 's of "Biden's"), for prefixes and for
  words typed without their accents;
- `stem`: the form that the Snowball stemmer of the text's language leaves (of one spelling, see
  `spelling`), then folded.

Texts of a language without a stemmer here are only folded. Scripts that write no spaces (Han, kana,
Hangul, Thai, Lao, Khmer, Burmese) give one token for each character; a word of them is searched as a
phrase, which finds it anywhere. The stemmers are those of tantivy: no further dependency, and 800
words take under a millisecond.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from dateline.stores.spelling import spelt
from dateline.stores.stopwords import STOPWORDS

DEFAULT = "xx"  # the analysis of every language that has none of its own
MAX_TOKEN = 100  # characters kept of a token

_STEMMERS = {
    "en": "english",
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "it": "italian",
    "pt": "portuguese",
    "nl": "dutch",
    "sv": "swedish",
    "da": "danish",
    "no": "norwegian",
    "ru": "russian",
}
ANALYSES = (*_STEMMERS, DEFAULT)
_SAME = {"nb": "no", "nn": "no"}
_ELIDING = frozenset({"fr", "it"})

_APOSTROPHE = "['’ʼ＇]"
# Compiled at every start of the command line, so kept cheap: classes of far letters cost 20 ms each.
# What they must part (scripts without spaces, words with an underscore) is parted afterwards.
_PATTERN = rf"""(?<![\w.])(?:[^\W\d_]\.)+[^\W\d_](?:\.(?!\w))?(?!\w)    # U.S., e.g.
    |\d+(?:[.,]\d+)+(?!\w)                                               # 10,000 and 3.5
    |\w+(?:{_APOSTROPHE}\w+)*                                            # Biden's, O'Brien, l'accord
    """
_TOKEN = re.compile(_PATTERN, re.VERBOSE)
# Marks that are no letters to Python but stand inside words: combining accents, vowel signs, joiners.
_INNER = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0966-\u0dff\u200c\u200d"
)
HAS_INNER = re.compile(f"[{_INNER}]")
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
_POSSESSIVE = re.compile(r"['’ʼ＇][sS]$")
_ELISION = re.compile(r"^(?:[ldjmtsncLDJMTSNC]|[Qq]u|[Dd]ell|[Aa]ll|[Nn]ell|[Ss]ull|[Dd]all|[Uu]n)['’ʼ＇]")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_ACCENT = re.compile(
    "[\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200c\u200d]+"
)
# letters that Unicode does not take apart
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


class Token(NamedTuple):
    """A token with its place in the text, in characters."""

    form: str
    stem: str
    start: int
    end: int


def analysis_of(language: str | None) -> str:
    """The key of the analysis for an ISO 639-1 code: "en" … or `DEFAULT`."""
    code = (language or "").lower().replace("_", "-").split("-")[0]
    code = _SAME.get(code, code)
    return code if code in _STEMMERS else DEFAULT


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """`text` without case, accents, width and compatibility forms, its spaces made one."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text.casefold()).casefold()
    plain = _ACCENT.sub("", plain).translate(_PLAIN)
    return " ".join(unicodedata.normalize("NFC", plain).split())


def analyse(text: str, analysis: str) -> list[Token]:
    """The tokens of `text` under an analysis of `ANALYSES`."""
    matches = list(raw_tokens(text))
    # in a headline all in capitals, WHO is more likely the pronoun than the organisation
    shouting = len(matches) > 2 and text.isupper()
    shapes = shapes_of([raw for raw, _, _ in matches], analysis, shouting)
    return [
        Token(*shape, start, end) for shape, (_, start, end) in zip(shapes, matches, strict=True) if shape[0]
    ]


def shapes(text: str, analysis: str) -> list[tuple[str, str]]:
    """(form, stem) of each token of `text`: what an index needs, without the places."""
    pattern = _whole(text)
    raws = pattern.findall(text) if pattern else [raw for raw, _, _ in raw_tokens(text)]
    return [shape for shape in shapes_of(raws, analysis, len(raws) > 2 and text.isupper()) if shape[0]]


def raw_tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """The raw tokens with their places."""
    if pattern := _whole(text):
        for match in pattern.finditer(text):
            yield match.group(), match.start(), match.end()
        return
    pattern = _rich() if HAS_INNER.search(text) else _TOKEN
    for match in pattern.finditer(text):
        raw, start = match[0], match.start()
        if "_" not in raw and max(raw) < _UNSPACED[0]:
            yield raw, start, match.end()
        else:
            for part in _parts().finditer(raw):
                yield part[0], start + part.start(), start + part.end()


def _whole(text: str) -> re.Pattern[str] | None:
    """The pattern that cuts a text; None where it takes more than that (see `raw_tokens`)."""
    if "_" in text:
        return None
    if text.isascii():
        return _TOKEN
    return None if HAS_INNER.search(text) or unspaced().search(text) else _TOKEN


@lru_cache
def unspaced() -> re.Pattern[str]:
    return re.compile(f"[{_UNSPACED}]")


@lru_cache
def _rich() -> re.Pattern[str]:
    """The same pattern for texts with marks inside words."""
    return re.compile(
        _PATTERN.replace(r"\w+", rf"[\w{_INNER}]+").replace(r"(?!\w)", rf"(?![\w{_INNER}])"), re.VERBOSE
    )


@lru_cache
def _parts() -> re.Pattern[str]:
    """Single characters of scripts without spaces, and the runs between them and underscores."""
    return re.compile(f"[{_UNSPACED}]|[^_{_UNSPACED}]*[^\\W_{_UNSPACED}][^_{_UNSPACED}]*")


def is_stopword(form: str, analysis: str) -> bool:
    """Whether a token says nothing in that language ("the"; not "US", which is kept in capitals)."""
    return form in stopwords(analysis)


@lru_cache
def stopwords(analysis: str) -> frozenset[str]:
    """The folded stop words of an analysis."""
    return frozenset(map(fold, STOPWORDS.get(analysis, ())))


_known: dict[tuple[str, bool], dict[str, tuple[str, str]]] = {}


def shapes_of(raws: list[str], analysis: str, shouting: bool) -> list[tuple[str, str]]:
    """(form, stem) of each raw token; seen ones from memory, which is what makes this fast. Long figures
    are not remembered: few come twice, and a long run's memory would be full of them."""
    known = _known.setdefault((analysis, shouting), {})
    new = [raw for raw in dict.fromkeys(raws) if raw not in known]
    figures: dict[str, tuple[str, str]] = {}
    if new:
        if len(known) + len(new) > 200_000:
            # another, not this one emptied: a thread may be just about to look in it
            known = _known[analysis, shouting] = {}
            new = list(dict.fromkeys(raws))
        lower = [_lower(raw, analysis, shouting) for raw in new]
        # an acronym stays in capitals, so no stemmer touches it
        stemmed = _stems([spelt(word, analysis) if word.islower() else "" for word in lower], analysis)
        for raw, word, stem in zip(new, lower, stemmed, strict=True):
            form = word if word.isupper() else _joined(word)
            kept = figures if len(raw) > 4 and raw[0].isdecimal() else known
            kept[raw] = (form[:MAX_TOKEN], (_joined(stem) or form)[:MAX_TOKEN])
    if figures:
        return [known[raw] if raw in known else figures[raw] for raw in raws]
    return [known[raw] for raw in raws]


def _joined(word: str) -> str:
    """A word without case, folded, in one piece."""
    return word.lower() if word.isascii() and " " not in word else fold(word).replace(" ", "")


def _lower(raw: str, analysis: str, shouting: bool) -> str:
    """The token without case and apostrophes, its accents kept for the stemmer; an acronym that
    would else be taken for a stop word (US, IT, WHO) stays in capitals."""
    if raw[0].isdecimal() and raw.lower() == raw.upper():  # a figure; "52DB" is a word
        if _GROUPED.fullmatch(raw):
            return raw.replace(",", "").replace(".", "")
        return raw.replace(",", ".")
    dotted = False
    if raw.isascii() and raw.isalpha():  # most words, and nothing to take off
        word, lower = raw, raw.lower()
    else:
        word = _POSSESSIVE.sub("", raw)
        if analysis in _ELIDING:
            word = _ELISION.sub("", word)
        dotted = "." in word
        word = re.sub("['’ʼ＇.]", "", word)
        lower = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    acronym = dotted or (word.isupper() and len(word) <= 5 and not shouting)
    if acronym and len(word) > 1 and fold(lower) in stopwords(analysis):
        return fold(lower).upper()
    return lower


def _stems(words: list[str], analysis: str) -> list[str]:
    """Snowball's stems, one for each word; "" for "" and where there is no stemmer."""
    if analysis == DEFAULT or not any(words):
        return [""] * len(words)
    one_word = ["".join(word.split()) for word in words]
    stems = iter(_stemmer(analysis).analyze(" ".join(filter(None, one_word))))
    return [next(stems) if word else "" for word in one_word]


@lru_cache
def _stemmer(analysis: str) -> Any:
    import tantivy

    cut = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    return cut.filter(tantivy.Filter.stemmer(_STEMMERS[analysis])).build()
