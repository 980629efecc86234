"""Words that look like dates and are none: "May said", "March on Washington", "the Sun", "1,984 people".

Only what stands bare is judged here: a month with a day, a year or "last" beside it has proved itself in
the grammar. The words are the language's ([guard]); a language without them gets no doubt.
"""

from __future__ import annotations

import re
from typing import Final

from dateline.dates.timex_cascade import Item
from dateline.dates.timex_language import Language
from dateline.dates.timex_lexer import Token

_NAME: Final = re.compile(r"\b(?:[Mm]rs?|[Mm]s|Theresa|Minister|Sir|Dr|Lady|Lord)\.? (?:Theresa )?May\b")
_EDGES: Final = ("", "stop", "para")
USUAL_YEARS: Final = range(1900, 2036)  # outside these a bare number needs a preposition to be a year


class Guard:
    """The doubts of one text: `keeps(item)` is whether an item of the cascade is a time expression."""

    def __init__(self, text: str, tokens: list[Token], language: Language) -> None:
        self.tokens = tokens
        self.words = language.guard
        self.sport: bool | None = None
        self.strict_may = "May" in text and _NAME.search(text) is not None

    def keeps(self, item: Item) -> bool:
        """Whether it is one; items that the grammar made of several words are."""
        if not self.words:
            return True
        if self.tokens[item.last].kind in ("quarter", "half") and item.first >= item.last - 2:
            return not self._sport()
        if item.node is not None and item.name == "set" and self._titled(item):
            return False  # "Apple Daily"
        match item.name:
            case "month":
                return self._month(item)
            case "weekday":
                return self._weekday(item)
            case "season":
                return self._season(item)
            case "year":
                return self._year(item)
            case "part":
                return self._part(item)
            case "deictic":
                return self._deictic(item)
            case "decade":
                return self._decade(item)
        return True

    def _sport(self) -> bool:
        """Whether the text tells of matches, whose halves and quarters are no part of a year."""
        if self.sport is None:
            words = self.words.get("sport", frozenset())
            self.sport = len({token.low for token in self.tokens if token.low in words}) >= 2
        return self.sport

    def _titled(self, item: Item) -> bool:
        """Whether one capitalised word ends a name."""
        token = self.tokens[item.first]
        return item.first == item.last and token.raw[:1].isupper() and self._named(item.first - 1)

    def generic(self, item: Item) -> bool:
        """Whether "today" speaks of our times, not of the day: "today's world", "even today"."""
        if item.name != "deictic" or self.tokens[item.last].value != 0:
            return False
        before, after = self._low(item.first - 1), self._low(item.last + 1)
        if after in ("'s", "’s"):
            return self._low(item.last + 2) in self.words.get("generic_today", ())
        return before in self.words.get("generic_before", ())

    def any_weekday(self, item: Item) -> bool:
        """Whether "a Sunday" is one of them all: "it fell on a Sunday", but not "a Sunday deadline"."""
        if item.name != "weekday" or self._low(item.first - 1) not in self.words.get("indefinite", ()):
            return False
        return self._kind(item.last + 1) != "word"

    def _low(self, index: int) -> str:
        return self.tokens[index].low if 0 <= index < len(self.tokens) else ""

    def _kind(self, index: int) -> str:
        return self.tokens[index].kind if 0 <= index < len(self.tokens) else ""

    def _named(self, index: int) -> bool:
        """Whether a capitalised word that is no sentence's first stands there: part of a name."""
        if not 0 <= index < len(self.tokens) or self.tokens[index].kind != "word":
            return False
        return self.tokens[index].raw[:1].isupper()

    def _month(self, item: Item) -> bool:
        index = item.last
        before, after = self._low(index - 1), self._low(index + 1)
        if before in self.words.get("titles", ()):
            return False
        if self.tokens[index].kind == "month_short":
            dotted = self.tokens[index].end - self.tokens[index].start > len(self.tokens[index].low)
            return before in self.words.get("strong", ()) or (
                dotted and before in self.words.get("month_before", ())
            )
        low = self.tokens[index].low
        if low == "may":
            allowed = "sure" if self.strict_may else "strong"
            if before in self.words.get(allowed, ()):
                return True
            return (
                not self.strict_may and self._adjective(index) and before in ("a", "the", "of", "by", "its")
            )
        if low in self.words.get("strict_months", ()) and before not in self.words["strong"]:
            return False
        if low == "march" and before not in self.words.get("strong", ()):
            if after in self.words.get("march_after", ()) or self._named(index - 1) or before == "'s":
                return False
            return before in self.words.get("month_before", ()) and (
                before not in ("a", "the") or self._adjective(index)
            )
        if before in self.words.get("month_before", ()):
            return True
        return not self._named(index + 1) and not self._named(index - 1)

    def _adjective(self, index: int) -> bool:
        """Whether a common noun follows: "a May ruling"."""
        after = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        return after is not None and after.kind == "word" and after.raw[:1].islower()

    def _weekday(self, item: Item) -> bool:
        token, before = self.tokens[item.first], self._low(item.first - 1)
        if token.kind == "weekday_short":
            dotted = token.end - token.start > len(token.low)
            return dotted or (len(token.low) > 3 and token.raw[0].isupper())
        return before not in self.words.get("honorifics", ())

    def _season(self, item: Item) -> bool:
        if "days_of" not in self.words:
            return False
        low, after = self.tokens[item.last].low, self._low(item.last + 1)
        index = item.first - 1
        if low == "fall" and after in self.words.get("fall_after", ()) and self._low(item.last - 1) != "the":
            return False
        if after == "of" or self._kind(item.last + 1) == "dash" or self._adjective(item.last):
            return False
        if item.first == item.last:
            return self._low(index) in ("in", "since", "by", "until")
        return self._low(index) in self.words.get("days_of", ())

    def _year(self, item: Item) -> bool:
        token = self.tokens[item.last]
        if token.kind == "short":
            return True
        before, after = self._low(item.first - 1), self._low(item.last + 1)
        if item.first != item.last:
            return True
        if before in self.words.get("not_year_after", ()) or after in self.words.get("not_year_before", ()):
            return False
        previous = self.tokens[item.first - 1] if item.first else None
        if previous is not None and previous.end == token.start and previous.kind not in ("lpar",):
            joined = self._low(item.first - 2) in self.words.get("pre_year", ()) and previous.kind == "dash"
            if not joined and previous.raw not in "\"'“‘[—–":
                return False
        following = self.tokens[item.last + 1] if item.last + 1 < len(self.tokens) else None
        if following is not None and following.start == token.end and following.kind in ("dash", "slash"):
            far = self.tokens[item.last + 2] if item.last + 2 < len(self.tokens) else None
            if following.raw == "-" and far is not None and far.start == following.end:
                return False
        if token.value in USUAL_YEARS:
            return True
        if "strong" not in self.words:
            return True
        plural = self._kind(item.last + 1) == "word" and after.endswith("s") and len(after) > 3
        return before in self.words["strong"] | {"of", "by", "to"} and not plural and token.value >= 1100

    def _part(self, item: Item) -> bool:
        low, before = self.tokens[item.last].low, self._low(item.first - 1)
        if item.first == item.last:
            return before == "at" and low not in ("night", "breakfast")
        return before in self.words.get("part_before", ()) and self._low(item.last + 1) != "of"

    def _deictic(self, item: Item) -> bool:
        token = self.tokens[item.first]
        if not token.raw[:1].isupper() or token.raw.isupper() or item.first == 0:
            return True
        return not (self._named(item.first - 1) or self._low(item.first - 1) == "the")

    def _decade(self, item: Item) -> bool:
        token, before = self.tokens[item.last], self._low(item.first - 1)
        if item.first == item.last:
            before = self._low(item.first - 1)
        if before in self.words.get("ages", ()):
            return False
        return (
            token.low[:1] in "'’‘"
            or token.low[:2] in ("17", "18", "19", "20", "16")
            or item.first != item.last
        )
