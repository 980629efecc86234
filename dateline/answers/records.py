"""Hits and articles as flat records: what the API, the command line and exports give away."""

from __future__ import annotations

from typing import Any

from dateline.stores.base import Hit


def hit_record(hit: Hit) -> dict[str, Any]:
    """A hit as one flat record, with the sentences that matched."""
    article = hit.article
    published = article.published_at
    return {
        "id": article.article_id,
        "title": article.title,
        "url": article.canonical_url or article.final_url or article.requested_url,
        "publisher": article.publisher,
        "published_at": published.value if published else None,
        "published_precision": published.precision if published else None,
        "published_zone": published.zone if published else None,
        "authors": article.authors,
        "section": article.section,
        "language": article.language,
        "outcome": article.outcome.value,
        "outcome_reason": article.outcome_reason,
        "sources": article.sources,
        "story": article.story,
        "score": round(hit.score, 4),
        "sentences": [{"text": snippet.text, "marks": snippet.marks} for snippet in hit.snippets],
    }
