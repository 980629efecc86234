"""What the embedded index holds of a `Document`, and how it is written down for tantivy."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from dateline.stores.calendar import UNITS, interval_terms
from dateline.stores.document import COUNTED, FILTERS, GAP, TEXTS, Document, digest_number

TOKENS = "tokens"  # cuts our own tokens apart again

_POSITIONAL = sorted({tokens for tokens, _ in TEXTS.values()})
_FORMS = sorted({forms for tokens, forms in TEXTS.values() if forms != tokens})
_PERIODS = tuple(f"{kind}_{unit}" for kind in ("published", "mentioned") for unit in UNITS)


@lru_cache
def schema() -> Any:
    """The schema: stored are only the id, the article's JSON and its scene."""
    import tantivy

    build = tantivy.SchemaBuilder()
    build.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    build.add_bytes_field("article", stored=True)
    build.add_bytes_field("scene", stored=True)
    build.add_unsigned_field("version", fast=True)
    build.add_unsigned_field("digest", fast=True)
    for name in _POSITIONAL:
        build.add_text_field(name, tokenizer_name=TOKENS, index_option="position")
    for name in _FORMS:
        build.add_text_field(name, tokenizer_name=TOKENS, index_option="basic")
    for name in COUNTED:
        build.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in FILTERS:
        build.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in _PERIODS:
        build.add_integer_field(name, fast=True)
    for name in ("published_start", "published_end", "newest", "oldest"):
        build.add_unsigned_field(name, fast=True, indexed=True)
    build.add_text_field("mentioned", tokenizer_name="raw", index_option="basic")
    build.add_text_field("marks", tokenizer_name="raw", index_option="position")
    return build.build()


def tokenizer() -> Any:
    """The tokeniser to register as `TOKENS`."""
    import tantivy

    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def entity_mark(entity_id: str) -> str:
    """An entity's term in the field `marks`, apart from the terms of intervals."""
    return f"entity {entity_id}"


def written(made: Document) -> Any:
    """The tantivy document."""
    import tantivy

    doc = tantivy.Document()
    doc.add_text("id", made.id)
    doc.add_bytes("article", made.article)
    doc.add_bytes("scene", made.scene)
    doc.add_unsigned("version", made.version)
    doc.add_unsigned("digest", digest_number(made.digest))
    doc.add_unsigned("newest", made.newest)
    doc.add_unsigned("oldest", made.oldest)
    for name, parts in made.texts.items():
        for part in parts[:1]:
            doc.add_text(name, part)
        for part in parts[1:]:  # short ones: titles, captions
            doc.add_pre_tokenized_text(name, _after_gap(part))
    for name, values in made.terms.items():
        if name in _FORMS:
            doc.add_text(name, " ".join(values))
        else:
            for value in values:
                doc.add_text(name, value)
    for name, numbers in made.numbers.items():
        for number in numbers:
            doc.add_integer(name, number)
    if made.published is not None:
        doc.add_unsigned("published_start", made.published[0])
        doc.add_unsigned("published_end", made.published[1])
    for value in dict.fromkeys(value for span in made.mentioned for value in interval_terms(span)):
        doc.add_text("mentioned", value)
    if made.sentences:
        doc.add_pre_tokenized_text("marks", _marks(made))
    return doc


def _after_gap(part: str) -> Any:
    """A part so far from the one before it that no phrase runs from one into the other."""
    import tantivy

    tokens = [tantivy.Token(token, place, 0, 0) for place, token in enumerate(part.split(" "), GAP)]
    return tantivy.PreTokenizedString("", tokens)


def _marks(made: Document) -> Any:
    """All that a sentence puts together, at the sentence's number as its position."""
    import tantivy

    tokens = []
    for place, (ids, spans) in enumerate(made.sentences):
        found = dict.fromkeys(map(entity_mark, ids))
        for span in spans:
            found.update(dict.fromkeys(interval_terms(span)))
        tokens += [tantivy.Token(value, place, 0, 0) for value in found]
    return tantivy.PreTokenizedString("", tokens)
