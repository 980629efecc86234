"""Rules for single publishers, in data files, each with the day from which it holds.

A team mends what one site's layout breaks without a release: a TOML file under DATELINE_HOME/rules
(they come first) or beside this module. Which rule holds is decided by the day on which the page was
fetched, because that is the layout that it has; where nobody knows it, by the day it was published.
The values are candidates with the place "site rule", chosen before all others; what a rule does not
find, the general readers do. `rules/example.toml` shows every key.
"""

from __future__ import annotations

import copy
import datetime as dt
import os
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from dateline.extract.credits import names_in
from dateline.extract.jsonld import clean
from dateline.extract.reading import Reading
from dateline.models import Article, Candidate

_SHIPPED = Path(__file__).with_name("rules")
_FIELDS = ("title", "authors", "date", "section", "body", "remove")
_ATTRIBUTE = re.compile(r"(.+?)@([A-Za-z][\w:-]*)$", re.S)
_MOST = 1_000  # elements that a selector may give
_PLACE = "site rule"


class RuleError(Exception):
    """A rule file can't be used; the message names file and key."""


@dataclass(frozen=True, slots=True)
class Selector:
    """Elements by XPath, or an attribute of theirs."""

    text: str  # as written
    path: Any
    attribute: str | None = None

    def elements(self, tree: Any) -> list[Any]:
        """The elements found, in document order."""
        found = self.path(tree)
        return (
            [each for each in found if isinstance(each, etree._Element)][:_MOST]
            if isinstance(found, list)
            else []
        )

    def values(self, tree: Any) -> list[str]:
        """The text, or the attribute, of each element found, on one line."""
        found = self.path(tree)
        if isinstance(found, str):
            return [value] if (value := clean(found)) else []
        values = []
        for each in found[:_MOST] if isinstance(found, list) else ():
            raw = (
                each
                if isinstance(each, str)
                else each.get(self.attribute)
                if self.attribute
                else " ".join(each.itertext())
            )
            if value := clean(raw or ""):
                values.append(value)
        return values


@dataclass(frozen=True, slots=True)
class Rule:
    """What one file says for pages from a day on; `since` is None for all before the first day named."""

    name: str  # of the file, without its ending
    hosts: tuple[str, ...]
    since: dt.date | None
    selectors: dict[str, tuple[Selector, ...]]

    @property
    def label(self) -> str:
        """How a candidate names it."""
        return self.name + (f" from {self.since}" if self.since else "")


def parse_rules(text: str, file: str) -> list[Rule]:
    """The rules of a file's text, oldest first.

    Raises:
        RuleError: the first mistake.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{file}: {error}") from error
    hosts = data.get("host")
    hosts = [hosts] if isinstance(hosts, str) else hosts
    if not isinstance(hosts, list) or not hosts or not all(isinstance(host, str) and host for host in hosts):
        raise RuleError(f"{file}: host: write the publisher's host, 'news.example', or a list of hosts")
    tables = data.get("rules")
    if not isinstance(tables, list) or not tables:
        raise RuleError(f"{file}: rules: write at least one [[rules]] table")
    unknown = data.keys() - {"host", "rules"}
    if unknown:
        raise RuleError(f"{file}: {min(unknown)}: no such key; there are host and [[rules]]")
    rules = [
        _rule(table, number, file, tuple(host.lower().removeprefix("www.") for host in hosts))
        for number, table in enumerate(tables, 1)
    ]
    days = [rule.since for rule in rules]
    if len(set(days)) < len(days):
        raise RuleError(f"{file}: from: two rules hold from the same day")
    return sorted(rules, key=lambda rule: rule.since or dt.date.min)


def _rule(table: Any, number: int, file: str, hosts: tuple[str, ...]) -> Rule:
    where = f"{file}: rule {number}"
    if not isinstance(table, dict):
        raise RuleError(f"{where}: write it as [[rules]]")
    since = table.get("from")
    if isinstance(since, dt.datetime):
        since = since.date()
    if since is not None and not isinstance(since, dt.date):
        raise RuleError(f"{where}: from: write a day, 2021-03-24, not {since!r}")
    selectors = {}
    for key, raw in table.items():
        if key == "from":
            continue
        if key not in _FIELDS:
            raise RuleError(f"{where}: {key}: no such key; known are from, {', '.join(_FIELDS)}")
        texts = [raw] if isinstance(raw, str) else raw
        if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
            raise RuleError(f"{where}: {key}: write a selector or a list of selectors")
        selectors[key] = tuple(_selector(text.strip(), f"{where}: {key}") for text in texts)
    if not selectors:
        raise RuleError(f"{where}: it says nothing: give one of {', '.join(_FIELDS)}")
    return Rule(Path(file).stem, hosts, since, selectors)


def _selector(text: str, where: str) -> Selector:
    try:
        if text.startswith(("/", "(", "./")):
            return Selector(text, etree.XPath(text))
        from lxml.cssselect import CSSSelector

        attribute = _ATTRIBUTE.fullmatch(text)
        css = attribute[1].strip() if attribute else text
        return Selector(text, CSSSelector(css, translator="html"), attribute[2] if attribute else None)
    except Exception as error:  # cssselect and lxml each have errors of their own
        raise RuleError(f"{where}: no selector: {text!r}: {error}") from error


def read_folder(folder: Path) -> tuple[list[Rule], list[str]]:
    """The rules of all files of a folder, and a line for each file that can't be used."""
    rules: list[Rule] = []
    problems: list[str] = []
    for file in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        try:
            rules += parse_rules(file.read_text(encoding="utf-8-sig"), str(file))
        except RuleError as error:
            problems.append(str(error))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{file}: can't be read: {error}")
    return rules, problems


def folders() -> tuple[Path, ...]:
    """Where rules are looked for, the user's first."""
    from dateline import settings

    return settings.load().home / "rules", _SHIPPED


def rule_for(
    url: str | None, day: dt.date | None, name: str | None = None, where: Sequence[Path] | None = None
) -> tuple[Rule | None, list[str]]:
    """The rule that holds for a page, and what is wrong with rule files.

    Args:
        url: the page's address; its host chooses the file, the longest host that fits first.
        day: when it was fetched, else published; None takes the newest rule.
        name: of a rule file that is to be used whatever the host.
        where: folders, the first one's files before the others'.
    """
    host = _host(url)
    problems: list[str] = []
    for folder in where if where is not None else folders():
        rules, wrong = _cached(str(folder), _stamp(folder))
        problems += wrong
        fitting = [
            (max((len(own) for own in rule.hosts if _fits(host, own)), default=0), rule)
            for rule in rules
            if (rule.name == name if name else any(_fits(host, own) for own in rule.hosts))
        ]
        if not fitting:
            continue
        nearest = max(length for length, _ in fitting)
        file = next(rule.name for length, rule in fitting if length == nearest)
        held = [
            rule
            for _, rule in fitting
            if rule.name == file and (rule.since is None or day is None or rule.since <= day)
        ]
        if held:
            return max(held, key=lambda rule: rule.since or dt.date.min), problems
    return None, problems


def _fits(host: str, own: str) -> bool:
    return host == own or host.endswith(f".{own}")


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""


def _stamp(folder: Path) -> tuple[tuple[str, int], ...]:
    """What changes when a file of the folder does: a rule mended now holds for the next page."""
    try:
        with os.scandir(folder) as entries:
            return tuple(
                sorted(
                    (entry.name, entry.stat().st_mtime_ns)
                    for entry in entries
                    if entry.name.endswith(".toml")
                )
            )
    except OSError:
        return ()


@lru_cache(maxsize=8)
def _cached(folder: str, stamp: tuple[tuple[str, int], ...]) -> tuple[list[Rule], list[str]]:
    return read_folder(Path(folder)) if stamp else ([], [])


def without_removed(reading: Reading, rule: Rule) -> Reading:
    """The reading without what the rule removes; the same where it removes nothing."""
    selectors = rule.selectors.get("remove", ())
    if not any(selector.elements(reading.tree) for selector in selectors):
        return reading
    tree = copy.deepcopy(reading.tree)
    for selector in selectors:
        for element in selector.elements(tree):
            if element.getparent() is not None:
                element.drop_tree()
    return replace(reading, tree=tree)


def apply_rule(article: Article, reading: Reading, rule: Rule) -> None:
    """Put what the rule finds into the article, as chosen candidates; what it misses is noted."""
    for field in ("title", "section", "authors", "date", "body"):
        selectors = rule.selectors.get(field)
        if not selectors:
            continue
        if not _APPLY[field](article, reading, rule, selectors):
            article.notes.append(f"site rule {rule.label}: {field}: nothing found")


def _first(reading: Reading, selectors: Sequence[Selector]) -> list[str]:
    return next((values for selector in selectors if (values := selector.values(reading.tree))), [])


def _choose(article: Article, field: str, value: str, rule: Rule) -> None:
    for candidate in article.candidates.get(field, []):
        candidate.chosen = False
    chosen = Candidate(value=value, place=_PLACE, rule=rule.label, confidence=0.95, chosen=True)
    article.candidates.setdefault(field, []).insert(0, chosen)


def _title(article: Article, reading: Reading, rule: Rule, selectors: Sequence[Selector]) -> bool:
    if values := _first(reading, selectors):
        article.title = values[0]
        _choose(article, "title", values[0], rule)
    return bool(values)


def _section(article: Article, reading: Reading, rule: Rule, selectors: Sequence[Selector]) -> bool:
    if values := _first(reading, selectors):
        article.section = values[0]
        _choose(article, "section", values[0], rule)
    return bool(values)


def _authors(article: Article, reading: Reading, rule: Rule, selectors: Sequence[Selector]) -> bool:
    values = _first(reading, selectors)
    names = list(dict.fromkeys(name for value in values for name in names_in(value)))
    if names:
        article.authors, article.byline = names, "; ".join(values)
        _choose(article, "authors", "; ".join(names), rule)
    return bool(names)


def _date(article: Article, reading: Reading, rule: Rule, selectors: Sequence[Selector]) -> bool:
    from dateline.dates.published_moment import parse_moment

    for value in _first(reading, selectors):
        moment = parse_moment(value, article.language)
        if moment is not None:
            article.published_at = moment
            _choose(article, "published_at", moment.value, rule)
            return True
    return False


def _body(article: Article, reading: Reading, rule: Rule, selectors: Sequence[Selector]) -> bool:
    from dateline.extract.blocks import read_blocks

    for selector in selectors:
        paragraphs: list[str] = []
        covered: list[Any] = []
        for element in selector.elements(reading.tree):
            if any(above in covered for above in element.iterancestors()):
                continue  # it stands inside one that was read already
            covered.append(element)
            paragraphs += [text for block in read_blocks(element) if (text := block.text.strip())]
        if paragraphs:
            article.text, article.method = "\n\n".join(paragraphs), _PLACE
            _choose(article, "text", f"{len(article.text)} characters", rule)
            return True
    return False


_APPLY = {"title": _title, "section": _section, "authors": _authors, "date": _date, "body": _body}
