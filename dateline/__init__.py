"""Dateline: news digests, feeds and sitemaps into an archive searched by entity and by date.

The domain, without Prefect: `flows → tasks → dateline` is the only direction of imports.
"""

__version__ = "0.1.0"
