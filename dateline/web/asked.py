"""The parameters of a search, declared once for the API's description.

They arrive as text and are read by `dateline.address`, whose errors say what to write instead; here
they are only described, so that programs know what there is.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request

from dateline import query as model
from dateline.address import from_params


def asked(
    request: Request,
    q: Annotated[
        str,
        Query(
            description='Words, "phrases", "near words"~3, AND OR NOT, prefix*, title:word',
            examples=['sanctions "joint statement" NOT sport'],
        ),
    ] = "",
    entity: Annotated[
        list[str] | None,
        Query(description="Names or entity ids, all of which must be there", examples=["Ada Vell"]),
    ] = None,
    any_: Annotated[list[str] | None, Query(alias="any", description="At least one of these names")] = None,
    none: Annotated[list[str] | None, Query(description="None of these names")] = None,
    role: Annotated[
        str,
        Query(description="Where they stand: body, title, caption, credit, byline, dateline, speaker"),
    ] = "",
    speaker: Annotated[
        list[str] | None, Query(description="Names, each of which is quoted", examples=["Ada Vell"])
    ] = None,
    said: Annotated[
        str,
        Query(
            description="Words in a sentence that quotes each speaker, or anybody; side by side, or with OR",
            examples=["offer"],
        ),
    ] = "",
    from_: Annotated[
        str, Query(alias="from", description="Published on or after", examples=["2024-03-04", "2024-03"])
    ] = "",
    to: Annotated[str, Query(description="Published on or before", examples=["2024-03-10"])] = "",
    mentioned: Annotated[
        str,
        Query(
            description="Tells of a time in FROM..TO, each 2024, 2024-03 or 2024-03-22; one end may lack",
            examples=["2024-03-11..2024-03-17"],
        ),
    ] = "",
    near: Annotated[
        str, Query(description="1: entity and mentioned time stand in one sentence", examples=["1"])
    ] = "",
    publisher: Annotated[list[str] | None, Query(description="One of these publishers")] = None,
    author: Annotated[list[str] | None, Query(description="One of these authors")] = None,
    section: Annotated[list[str] | None, Query(description="One of these sections")] = None,
    language: Annotated[
        list[str] | None, Query(description="One of these languages, ISO 639-1", examples=["en", "de"])
    ] = None,
    outcome: Annotated[
        list[str] | None,
        Query(description="What became of the link: one of these", examples=["indexed", "paywalled"]),
    ] = None,
    source: Annotated[list[str] | None, Query(description="Found in one of these sources")] = None,
    correction: Annotated[
        list[str] | None, Query(description="In which the correction of this number shows")
    ] = None,
    article: Annotated[list[str] | None, Query(description="Only these ids")] = None,
    disagreeing: Annotated[str, Query(description="1: only where sources disagree on a field")] = "",
    story: Annotated[str, Query(description="The id of a story: all who tell it")] = "",
    sort: Annotated[str, Query(description="relevance, newest or oldest", examples=["newest"])] = "",
    limit: Annotated[
        str,
        Query(
            description="Hits of one page",
            json_schema_extra={"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
        ),
    ] = "",
    cursor: Annotated[str, Query(description="Go on after a page: what its answer gave")] = "",
) -> model.Query:
    """The query of a request.

    Raises:
        QueryError: a value means nothing.
    """
    return from_params(request.query_params.multi_items())
