"""Answers as the API's description shows them; of an invented archive."""

from __future__ import annotations

from typing import Any

Responses = dict[int | str, dict[str, Any]]

_HIT = {
    "id": "3f6a2c1d9b7e4a50",
    "title": "Cranes stand still as strike begins",
    "url": "https://courier.example/2024/03/11/strike",
    "publisher": "Lindhaven Courier",
    "published_at": "2024-03-11T18:02",
    "published_precision": "minute",
    "published_zone": None,
    "authors": ["Mira Solberg"],
    "section": "Economy",
    "language": "en",
    "outcome": "indexed",
    "outcome_reason": "",
    "sources": ["digest:morning.txt"],
    "story": None,
    "score": 3.1416,
    "sentences": [
        {
            "text": "Ada Vell said talks could resume on Wednesday.",
            "marks": [[0, 8, "entity"], [33, 45, "date"]],
        }
    ],
}
COVERAGE = {
    "known": True,
    "note": "",
    "expected": 48,
    "fetched": 41,
    "blocked": 2,
    "paywalled": 3,
    "gone": 1,
    "failed": 1,
    "pending": 0,
    "other": 0,
    "sources": 3,
    "first": "2024-03-11",
    "last": "2024-03-18",
}
SEARCH: Responses = {
    200: {
        "description": "`total` counts all hits; `cursor` goes on after this page, null at the end",
        "content": {
            "application/json": {
                "example": {
                    "total": 1,
                    "cursor": None,
                    "hits": [_HIT],
                    "facets": {"publisher": [{"key": "Lindhaven Courier", "count": 1, "label": ""}]},
                    "entities": {"Ada Vell": ["person/ada-vell"]},
                    "coverage": COVERAGE,
                }
            }
        },
    }
}
_REPORT = {
    "outlet": "Lindhaven Courier",
    "article_id": "3f6a2c1d9b7e4a50",
    "title": "Cranes stand still as strike begins",
    "url": "https://courier.example/2024/03/11/strike",
    "published_at": {"value": "2024-03-11T18:02+01:00", "precision": "minute", "zone": "+01:00"},
    "sentence": "Ada Vell said talks could resume on Wednesday.",
    "more": 1,
}
FIRST: Responses = {
    200: {
        "description": "`sure` is false where the known times do not tell who was first",
        "content": {
            "application/json": {"example": {"total": 2, "articles": 2, "sure": True, "reports": [_REPORT]}}
        },
    }
}
CSV: Responses = {200: {"description": "RFC 4180 with a header, UTF-8", "content": {"text/csv": {}}}}
JSONL: Responses = {200: {"description": "One object a line", "content": {"application/x-ndjson": {}}}}
RSS: Responses = {200: {"description": "RSS 2.0", "content": {"application/rss+xml": {}}}}
ATOM: Responses = {200: {"description": "RFC 4287", "content": {"application/atom+xml": {}}}}
FACETS: Responses = {
    200: {
        "description": "Buckets by facet; an entity's `key` is its id",
        "content": {
            "application/json": {
                "example": {
                    "total": 214,
                    "facets": {
                        "publisher": [{"key": "Lindhaven Courier", "count": 120, "label": ""}],
                        "type:PERSON": [{"key": "person/ada-vell", "count": 80, "label": "Ada Vell"}],
                    },
                }
            }
        },
    }
}
HISTOGRAM: Responses = {
    200: {
        "description": "`key` is the first day of each period",
        "content": {
            "application/json": {
                "example": {"total": 214, "periods": [{"key": "2024-03-01", "count": 214, "label": ""}]}
            }
        },
    }
}
SEMANTIC: Responses = {
    200: {"description": "Best first", "content": {"application/json": {"example": {"hits": [_HIT]}}}},
    404: {
        "description": "The extra is not installed, or no vectors were made",
        "content": {"application/problem+json": {}},
    },
}
SIMILAR: Responses = {
    200: {
        "description": "`score` is how much alike they are, 0 to 1",
        "content": {"application/json": {"example": [_HIT]}},
    }
}
VERSIONS: Responses = {
    200: {
        "description": "None of both for an article whose text never changed",
        "content": {
            "application/json": {
                "example": {
                    "versions": [],
                    "edits": [
                        {
                            "number": 2,
                            "changes": [
                                {
                                    "kind": "changed",
                                    "part": "body",
                                    "old": "9 cranes stand still.",
                                    "new": "12 cranes stand still.",
                                    "marks": [
                                        {
                                            "side": "old",
                                            "start": 0,
                                            "end": 6,
                                            "text": "Twelve",
                                            "kind": "number",
                                        }
                                    ],
                                }
                            ],
                        }
                    ],
                }
            }
        },
    }
}
MANIFEST: Responses = {
    200: {
        "description": "What was asked and what came out",
        "content": {
            "application/json": {
                "example": {
                    "query": "entity=Ada+Vell&sort=newest",
                    "format": "csv",
                    "version": "0.1.0",
                    "index": 2,
                    "articles": 12873,
                    "total": 214,
                    "rows": 214,
                    "bytes": 98211,
                    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    "made_at": "2024-04-02T09:30:00Z",
                }
            }
        },
    }
}
ENTITY: Responses = {
    200: {
        "description": "The entity, its names by how often they stand in the archive",
        "content": {
            "application/json": {
                "example": {
                    "entity_id": "person/ada-vell",
                    "name": "Ada Vell",
                    "type": "PERSON",
                    "names": ["Ada Vell", "Ms Vell"],
                    "articles": 214,
                }
            }
        },
    }
}
CONFLICT: Responses = {
    403: {"description": "It came from another site", "content": {"application/problem+json": {}}},
    409: {"description": "It was undone before", "content": {"application/problem+json": {}}},
}
CORRECTIONS: dict[str, Any] = {
    "merge": {
        "summary": "Two entities are one",
        "value": {"kind": "merge", "entity_id": "person/a-vell", "into": "person/ada-vell", "who": "Mira"},
    },
    "split": {
        "summary": "A name is somebody else's, in one article",
        "value": {
            "kind": "split",
            "article_id": "3f6a2c1d9b7e4a50",
            "entity_id": "person/ada-vell",
            "names": ["Mr Vell"],
            "into": "Jon Vell",
            "who": "Mira",
        },
    },
    "date": {
        "summary": "An article appeared on another day",
        "value": {
            "kind": "set",
            "article_id": "3f6a2c1d9b7e4a50",
            "field": "published_at",
            "value": "2024-03-12",
            "who": "Mira",
            "note": "as printed in the paper",
        },
    },
}
ALERTS: dict[str, Any] = {
    "mail": {
        "summary": "A mail for each story in which Ada Vell speaks of sanctions",
        "value": {
            "address": "q=sanctions&entity=Ada+Vell&role=speaker",
            "channels": ["mailto:desk@news.example"],
            "owner": "Mira",
        },
    }
}
