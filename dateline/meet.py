"""Digest and page meet: one Article of what the digest printed and what the page shows.

The fuller text wins, both are kept, and where title, byline or date disagree the article says so.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from dateline.models import Article, Candidate, DigestItem, Link, Moment, Outcome
from dateline.texts.fingerprint import words
from dateline.urls import article_id, host_of

# A digest's text replaces the page's only where it holds clearly more: pages are the better record.
_FULLER = 1.2
# Only for these a feed's text stands in for the page: who shuts the page wants it read nowhere else.
_DEAD = (Outcome.GONE, Outcome.FAILED, Outcome.DIGEST_ONLY)


def meet(link: Link, page: Article | None, outcome: Outcome, reason: str) -> Article | None:
    """The article that stands for `link`, or None where neither digest nor page says anything.

    Args:
        link: what the source said.
        page: what the page shows, None where it can't be had.
        outcome: INDEXED or PAYWALLED for a page that counts, else why it does not.
        reason: the words that go with the outcome.
    """
    item = link.item
    if page is not None and outcome in (Outcome.INDEXED, Outcome.PAYWALLED):
        article = page
        article.outcome, article.outcome_reason = outcome, reason
        article.article_id = article_id(page.canonical_url or page.final_url or link.url or "")
        if item is not None:
            _join(article, item)
    elif item is not None and (item.text or item.title):
        article = from_item(link)
        article.outcome = Outcome.DIGEST_ONLY
        article.outcome_reason = reason or outcome.value
    elif item is None and outcome in _DEAD and link.hints.get("text"):
        article = _from_feed(link)
        article.outcome, article.outcome_reason = Outcome.DIGEST_ONLY, reason or outcome.value
    else:
        return None
    article.item = item
    article.sources = [link.source]
    article.received_at = link.received_at
    article.requested_url = link.url
    article.version = _version(article)
    return article


def from_item(link: Link) -> Article:
    """The article that a digest item is by itself; `link.item` must be there."""
    from dateline.dates.published_infer import infer_published
    from dateline.extract.language import detect

    item = link.item
    assert item is not None
    published, candidates = infer_published(
        item.text,
        [caption.text for caption in item.captions],
        item.printed_date,
        link.received_at,
        link.url,
    )
    return Article(
        article_id=link.link_id,
        requested_url=link.url,
        title=item.title,
        text=item.text,
        authors=list(item.authors),
        byline=item.byline,
        published_at=published,
        publisher=_publisher(link.url),
        agency=item.dateline.agency if item.dateline else None,
        section=item.section,
        language=detect(" ".join(filter(None, [item.title, item.text]))),
        captions=list(item.captions),
        dateline=item.dateline,
        method="digest",
        candidates={"published_at": candidates} if candidates else {},
    )


def _from_feed(link: Link) -> Article:
    """The article as its feed brought it whole; the page is dead."""
    hints = link.hints
    item = DigestItem(
        file=link.source,
        start_line=0,
        end_line=0,
        title=hints.get("title"),
        section=hints.get("section"),
        authors=hints["author"].split("; ") if hints.get("author") else [],
        printed_date=hints.get("published") or hints.get("updated"),
        text=hints["text"],
    )
    article = from_item(replace(link, item=item))
    article.language, article.method = article.language or hints.get("language"), "feed"
    return article


def _publisher(url: str | None) -> str | None:
    """A publisher's name from the address, where no page can say it: its host without www."""
    host = host_of(url)
    return host.removeprefix("www.") if host else None


def _join(article: Article, item: DigestItem) -> None:
    for name, page_value, digest_value in (
        ("title", article.title, item.title),
        ("authors", ", ".join(article.authors), ", ".join(item.authors)),
        ("section", article.section, item.section),
    ):
        if not digest_value:
            continue
        article.candidates.setdefault(name, []).append(
            Candidate(
                value=digest_value, place="digest", rule="as printed", confidence=0.4, chosen=not page_value
            )
        )
        if page_value and not _alike(page_value, digest_value) and name not in article.disagreements:
            article.disagreements.append(name)
    article.title = article.title or item.title
    article.authors = article.authors or list(item.authors)
    article.byline = article.byline or item.byline
    article.section = article.section or item.section
    article.captions = article.captions or list(item.captions)
    article.dateline = article.dateline or item.dateline
    if article.agency is None and item.dateline:
        article.agency = item.dateline.agency
    _join_date(article, item)
    if len(item.text) > len(article.text) * _FULLER:
        article.notes.append(
            f"the digest's text ({len(item.text)} characters) is fuller than the page's ({len(article.text)})"
        )
        article.text, article.method = item.text, "digest"


def _join_date(article: Article, item: DigestItem) -> None:
    from dateline.dates.published_moment import parse_moment

    printed = parse_moment(item.printed_date) if item.printed_date else None
    if printed is None:
        return
    article.candidates.setdefault("published_at", []).append(
        Candidate(
            value=printed.value,
            place="digest",
            rule="as printed",
            confidence=0.6,
            chosen=article.published_at is None,
        )
    )
    if article.published_at is None:
        article.published_at = printed
    elif (
        article.published_at.value[:10] != printed.value[:10] and "published_at" not in article.disagreements
    ):
        article.disagreements.append("published_at")


def _alike(one: str, other: str) -> bool:
    """Whether two values say the same words, or one is the other cut short."""
    a, b = words(one), words(other)
    shorter, longer = sorted((a, b), key=len)
    return longer[: len(shorter)] == shorter


def _version(article: Article) -> int:
    """Milliseconds of what the article was made from: a page's fetch outranks any digest."""
    if article.fetched_at is not None and article.outcome is not Outcome.DIGEST_ONLY:
        return int(article.fetched_at.timestamp() * 1000)
    return _day_number(article.received_at) if article.received_at else 1


def _day_number(moment: Moment) -> int:
    """Days since the year 1: orders digests among themselves, far below any page's milliseconds."""
    match = re.match(r"(\d{4})-(\d{2})-(\d{2})", moment.value)
    return dt.date(*map(int, match.groups())).toordinal() if match else 1
