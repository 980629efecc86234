"""The text form of a query's words, as people write it, to the tree of `query` and back.

Words stand side by side (all of them), `OR`, `NOT` or a leading minus, brackets, `"a phrase"`,
`"two words"~3` (in this order, at most three words between them), `sanct*`, and `title:` `caption:`
`author:` `publisher:` `section:` `agency:` `topic:` before a word, phrase or bracket.
"""

from __future__ import annotations

import re

from dateline.query import (
    MAX_DEPTH,
    MAX_TEXT,
    WORD_FIELDS,
    And,
    Node,
    Not,
    Or,
    Phrase,
    QueryError,
    Word,
    check_words,
)

# The text form. Quotes of any kind open and close a phrase; what is neither letter nor digit is
# dropped, as no index holds it.
_TOKEN = re.compile(
    r"""\s*(?:(?P<bracket>[()])
    |(?P<minus>-(?=[^\s)-]))
    |(?P<field>[A-Za-z_]+):(?=[^\s/)])
    |["“”„«](?P<phrase>[^"“”„«»]*)["“”»](?:~(?P<slop>\d{1,4}))?
    |(?P<quote>["“”„«»])
    |(?P<word>[^\s()"“”„«»]+))""",
    re.VERBOSE,
)


def parse_words(text: str) -> Node | None:
    """The tree of a query's text form; None where there is no word in it.

    Raises:
        QueryError: it can't be read, or asks for what no store should do (a leading wildcard, a
            regular expression, fuzzy words); the message says what to write instead.
    """
    if len(text) > MAX_TEXT:
        raise QueryError(f"a query has at most {MAX_TEXT:,} letters: leave some words out")
    tokens = list(_TOKEN.finditer(text.strip()))
    if quote := next((token for token in tokens if token["quote"]), None):
        raise QueryError(
            f"the quote at {text.strip()[quote.start('quote') :][:20]!r} has no partner: close it"
        )
    reader = _Reader(tokens)
    node = reader.either(0, None)
    if reader.token is not None:
        raise QueryError("there is a ) without its (")
    if node is not None:
        check_words(node)
    return node


class _Reader:
    """Recursive descent over the tokens: OR binds looser than AND, AND than NOT."""

    def __init__(self, tokens: list[re.Match[str]]) -> None:
        self.tokens = iter(tokens)
        self.step()

    def step(self) -> None:
        self.token = next(self.tokens, None)

    def word(self) -> str | None:
        return self.token["word"] if self.token else None

    def either(self, depth: int, field: str | None) -> Node | None:
        parts = [self.all(depth, field)]
        while self.word() == "OR":
            self.step()
            parts.append(self.all(depth, field))
        return _join(Or, parts)

    def all(self, depth: int, field: str | None) -> Node | None:
        parts: list[Node | None] = []
        while self.token is not None and self.token["bracket"] != ")" and self.word() != "OR":
            if self.word() == "AND":
                self.step()
            else:
                parts.append(self.one(depth, field))
        return _join(And, parts)

    def one(self, depth: int, field: str | None) -> Node | None:
        token = self.token
        if token is None or token["bracket"] == ")" or token["word"] in ("AND", "OR"):
            raise QueryError("a NOT or a field stands before nothing: write a word after it")
        self.step()
        if token["minus"] or token["word"] == "NOT":
            part = self.one(depth, field)
            return None if part is None else Not(part)
        if token["field"]:
            name = token["field"].lower()
            if name not in WORD_FIELDS:
                raise QueryError(
                    f"there is no field {name!r}: write one of {', '.join(WORD_FIELDS)}, "
                    "or put the words in quotes"
                )
            return self.one(depth, name)
        if token["bracket"]:
            return self.bracket(depth + 1, field)
        if token["phrase"] is not None:
            return _phrase(token["phrase"], int(token["slop"] or 0), field)
        return _word(token["word"], field)

    def bracket(self, depth: int, field: str | None) -> Node | None:
        if depth > MAX_DEPTH:
            raise QueryError(f"at most {MAX_DEPTH} brackets within brackets: write it flatter")
        node = self.either(depth, field)
        if self.token is None:
            raise QueryError("there is a ( without its )")
        self.step()
        return node


def _join(kind: type[And] | type[Or], parts: list[Node | None]) -> Node | None:
    """One node of `parts`, flat: a part of the same kind gives its parts."""
    flat: list[Node] = []
    for part in parts:
        if isinstance(part, kind):
            flat.extend(part.parts)
        elif part is not None:
            flat.append(part)
    return kind(tuple(flat)) if len(flat) > 1 else (flat[0] if flat else None)


def _phrase(text: str, slop: int, field: str | None) -> Node | None:
    words = tuple(word for word in text.split() if any(char.isalnum() for char in word))
    if any("*" in word for word in words):
        raise QueryError(
            "a * has no place in a phrase: write the words in full, or side by side without quotes"
        )
    return Phrase(words, slop, field) if words else None


def _word(text: str, field: str | None) -> Node | None:
    if text.startswith(("*", "?")):
        raise QueryError("a word can't begin with a wildcard: write its beginning, as in sanct*")
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        raise QueryError(
            "regular expressions are not searched: write words, or the beginning of one as in sanct*"
        )
    if re.search(r"~\d*$", text):
        raise QueryError('~ follows a phrase, as in "two words"~3; for other endings write sanct*')
    prefix = text.endswith("*")
    text = text.rstrip("*?") if prefix else text.rstrip("?")
    # an address may hold a ?; in a bare word it is meant as a wildcard
    if "*" in text or ("?" in text and re.fullmatch(r"[\w?]+", text)):
        raise QueryError("a * stands only at the end of a word: write its beginning, as in sanct*")
    return Word(text, prefix, field) if any(char.isalnum() for char in text) else None


def format_words(node: Node) -> str:
    """The text form of a tree: `parse_words` reads it back to the same tree.

    A word that the text form can't hold bare ("AND", "a b") is written as a phrase, which finds the
    same articles.
    """
    if isinstance(node, (And, Or)):
        written = (
            f"({format_words(part)})" if isinstance(part, (And, Or)) else format_words(part)
            for part in node.parts
        )
        return (" " if isinstance(node, And) else " OR ").join(written)
    if isinstance(node, Not):
        inner = format_words(node.part)
        return f"NOT ({inner})" if isinstance(node.part, (And, Or)) else f"NOT {inner}"
    name = f"{node.field}:" if node.field else ""
    if isinstance(node, Phrase):
        return f'{name}"{" ".join(node.words)}"' + (f"~{node.slop}" if node.slop else "")
    bare = f"{node.text}*" if node.prefix else node.text
    try:
        readable = parse_words(name + bare) == node
    except QueryError:
        readable = False
    return name + bare if readable else format_words(Phrase((node.text,), field=node.field))
