"""Page → Article: title, text, authors and the other fields, each with the place it came from.

    reading = read_page(page.body, page.headers, page.final_url)
    article = extract(reading, item, page=page)
    outcome, reason = judge(reading, article)

One parse is shared by all. A stranger's page raises nothing but ExtractError; what was repaired, cut
or not found stands in `Article.notes`.
"""

from __future__ import annotations

from dateline.extract.fields import ExtractError, extract
from dateline.extract.reading import Reading, read_page
from dateline.extract.verdict import judge

__all__ = ["ExtractError", "Reading", "extract", "judge", "read_page"]
