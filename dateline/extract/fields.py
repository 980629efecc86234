"""The order in which a page's fields are read, and what a failing reader costs: its field, no more."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from dateline.extract.agencies import agency
from dateline.extract.authors import read_authors, signature
from dateline.extract.blocks import Block, read_blocks
from dateline.extract.body import Body, closing_agency, read_body
from dateline.extract.captions import read_captions
from dateline.extract.credits import is_person, names_in
from dateline.extract.dateline import read_dateline
from dateline.extract.details import (
    disagree,
    read_canonical,
    read_image,
    read_next,
    read_paywall,
    read_section,
    read_topics,
)
from dateline.extract.headline import read_title
from dateline.extract.language import read_language
from dateline.extract.publisher import read_publisher, sites_of
from dateline.extract.reading import Reading, read_page
from dateline.extract.site_rules import Rule, apply_rule, rule_for, without_removed
from dateline.models import Article, Candidate, DigestItem, Page

T = TypeVar("T")
Read = tuple[str | None, list[Candidate]]  # a field and what it was chosen from


class ExtractError(Exception):
    """The page could not be read at all; the message says why. Nothing else is raised."""


def extract(
    source: Page | Reading,
    item: DigestItem | None = None,
    *,
    page: Page | None = None,
    hints: Mapping[str, str] | None = None,
) -> Article:
    """The article of a page; its fields are empty where the page has none.

    Args:
        source: the page, or the reading of it (saves a second parse).
        item: the digest item that led here; its values are kept as candidates.
        page: what the server answered, where `source` is a reading; for the addresses and times.
        hints: what a feed or sitemap said (`Link.hints`); kept as candidates, and taken where the page
            says nothing.

    Raises:
        ExtractError: the page could not be read at all.
    """
    try:
        if isinstance(source, Page):
            page, reading = source, read_page(source.body, source.headers, source.final_url)
        else:
            reading = source
        return _extract(reading, page, item, hints or {})
    except (MemoryError, RecursionError) as error:
        raise ExtractError(f"the page is too much to read: {type(error).__name__}") from error


def _extract(
    reading: Reading, page: Page | None, item: DigestItem | None, hints: Mapping[str, str]
) -> Article:
    article = Article(article_id="", final_url=reading.url, notes=list(reading.notes))
    article.charset = str(reading.charset) if reading.charset else None
    if page is not None:
        article.requested_url, article.final_url = page.requested_url, page.final_url
        article.fetched_at, article.archive = page.fetched_at, page.archive

    def attempt(field: str, read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except (MemoryError, RecursionError):
            raise
        except Exception as error:  # a stranger's page: one field lost, and a note
            article.notes.append(f"{field} not read: {type(error).__name__}: {error}"[:200])
            return otherwise

    no_rule: tuple[Rule | None, list[str]] = (None, [])
    rule, problems = attempt("site rules", lambda: _rule(reading, page, hints), no_rule)
    article.notes += problems
    if rule is not None:
        own = rule
        reading = attempt("site rules", lambda: without_removed(reading, own), reading)
    nothing: Read = (None, [])
    nobody: tuple[list[str], str | None, list[Candidate]] = ([], None, [])
    listed: tuple[list[str], list[Candidate]] = ([], [])
    free: tuple[bool, list[Candidate]] = (False, [])
    no_page: str | None = None
    unknown: tuple[str | None, str] = (None, "")
    unnamed: set[str] = set()
    candidates = article.candidates
    blocks: list[Block] = attempt("text", lambda: read_blocks(reading.tree), [])
    article.publisher, candidates["publisher"] = attempt(
        "publisher", lambda: read_publisher(reading), nothing
    )
    sites = attempt("publisher", lambda: sites_of(reading, candidates["publisher"]), unnamed)
    article.title, candidates["title"] = attempt("title", lambda: read_title(reading, sites), nothing)
    article.authors, article.byline, candidates["authors"] = attempt(
        "authors", lambda: read_authors(reading, sites, blocks), nobody
    )
    body = attempt("text", lambda: _body(reading, article, blocks), Body())
    attempt("authors", lambda: _signed(article, body), None)
    article.text, article.method = body.text, body.method
    candidates["text"] = [
        Candidate(
            value=f"{length} characters",
            place=name,
            rule="reading of the body",
            chosen=name in body.method or (name == "blocks" and "blocks" in body.method),
        )
        for name, length in body.readings.items()
        if length
    ]
    article.captions = attempt("captions", lambda: read_captions(body.blocks, body.container), [])
    article.section, candidates["section"] = attempt("section", lambda: read_section(reading), nothing)
    article.topics, candidates["topics"] = attempt("topics", lambda: read_topics(reading, sites), listed)
    article.image, candidates["image"] = attempt("image", lambda: read_image(reading), nothing)
    article.canonical_url, candidates["canonical_url"] = attempt(
        "canonical_url", lambda: read_canonical(reading), nothing
    )
    article.paywalled, candidates["paywalled"] = attempt("paywalled", lambda: read_paywall(reading), free)
    words = " ".join(filter(None, [article.title, article.text]))
    article.language, place = attempt("language", lambda: read_language(reading, words), unknown)
    if article.language:
        candidates["language"] = [Candidate(value=article.language, place=place, confidence=0.9, chosen=True)]
    article.dateline = attempt("dateline", lambda: read_dateline(_first_paragraph(article.text)), None)
    article.agency = _agency(article) or attempt("agency", lambda: closing_agency(body), None)
    if following := attempt("next page", lambda: read_next(reading), no_page):
        article.notes.append(f"the first of several pages: the text goes on at {following[:300]}")
    _dates(reading, page, item, hints, article, attempt)
    if rule is not None:
        attempt("site rules", lambda: apply_rule(article, reading, rule), None)
    if item is not None:
        _from_digest(article, item)
    _from_source(article, hints)
    article.disagreements += [
        field
        for field in ("title", "authors")
        if field not in article.disagreements and disagree(candidates[field])
    ]
    article.candidates = {field: values for field, values in candidates.items() if values}
    return article


def _rule(reading: Reading, page: Page | None, hints: Mapping[str, str]) -> tuple[Rule | None, list[str]]:
    """The site's rule for the layout that the page has: of the day it was fetched, else published."""
    day = page.fetched_at.date() if page is not None else None
    if day is None:
        day = (
            dt.date.fromisoformat(said[0])
            if (said := re.match(r"\d{4}-\d\d-\d\d", hints.get("published", "")))
            else None
        )
    return rule_for(reading.url or (page.final_url if page is not None else None), day, hints.get("rules"))


def _signed(article: Article, body: Body) -> None:
    """The name below the text as the author, where no person is named elsewhere; it is no paragraph then."""
    if any(is_person(name) for name in article.authors) or not (line := signature(body.kept)):
        return
    for candidate in article.candidates["authors"]:
        candidate.chosen = False
    article.authors, article.byline = names_in(line), line
    value = "; ".join(article.authors)
    found = Candidate(value=value, place="signature", rule="below the text", confidence=0.5, chosen=True)
    article.candidates["authors"].insert(0, found)
    body.paragraphs = [text for text in body.paragraphs if text != line]


def _body(reading: Reading, article: Article, blocks: list[Block]) -> Body:
    titles = [candidate.value for candidate in article.candidates.get("title", [])]
    description = reading.meta("og:description", "description", "twitter:description")
    return read_body(reading, titles, description, article.authors, blocks)


def _first_paragraph(text: str) -> str:
    """The paragraph that opens the report: a standfirst carries no dateline, the next one may."""
    paragraphs = text.split("\n\n", 3)[:3]
    return next((p for p in paragraphs if read_dateline(p)), paragraphs[0] if paragraphs else "")


def _agency(article: Article) -> str | None:
    if article.dateline is not None and article.dateline.agency:
        return article.dateline.agency
    named = next((name for author in article.authors if (name := agency(author))), None)
    return named or agency(article.publisher or "")


def _dates(
    reading: Reading,
    page: Page | None,
    item: DigestItem | None,
    hints: Mapping[str, str],
    article: Article,
    attempt: Callable[[str, Callable[[], None], None], None],
) -> None:
    from dateline.dates.published import published

    def read() -> None:
        ledger = published(
            reading,
            url=reading.url,
            fetched_at=page.fetched_at if page is not None else None,
            hints=hints,
            item=item,
            text=article.text,
        )
        article.published_at, article.modified_at = ledger.published, ledger.modified
        article.candidates.update(ledger.candidates)
        article.notes += ledger.notes
        if ledger.disagreement:
            article.disagreements.append("published_at")

    attempt("published_at", read, None)


def _from_digest(article: Article, item: DigestItem) -> None:
    """The digest's values as candidates; which of two wins is decided where digest and page meet."""
    for field, value in (
        ("title", item.title),
        ("authors", "; ".join(item.authors) or item.byline),
        ("section", item.section),
    ):
        if value:
            candidate = Candidate(value=value, place="digest", rule="as printed", confidence=0.4)
            article.candidates.setdefault(field, []).append(candidate)


# a field → the hint that names it, and how much its word counts beside the page's own
_HINTED = (("title", "title", 0.5), ("authors", "author", 0.4), ("section", "section", 0.4))


def _from_source(article: Article, hints: Mapping[str, str]) -> None:
    """What a feed or sitemap said as candidates; it stands where the page itself says nothing."""
    place = hints.get("place", "feed")
    for field, hint, confidence in _HINTED:
        value = hints.get(hint)
        if not value:
            continue
        if field == "authors":
            names = [name.strip() for name in value.split(";") if name.strip()]
            taken = not article.authors
            article.authors = article.authors or names
        else:
            taken = not getattr(article, field)
            if taken:
                setattr(article, field, value)
        article.candidates.setdefault(field, []).append(
            Candidate(
                value=value, place=place, rule=f"{hint} of the entry", confidence=confidence, chosen=taken
            )
        )
    if article.language is None and (language := hints.get("language")):
        article.language = language
        article.candidates.setdefault("language", []).append(
            Candidate(value=language, place=place, rule="language of the entry", confidence=0.5, chosen=True)
        )
