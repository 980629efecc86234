"""The journal as handlers open it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fastapi import HTTPException, Request

from dateline.web.coverage import missing

if TYPE_CHECKING:
    from dateline.journal import Journal


@contextmanager
def journal_of(request: Request, *, make: bool = False) -> Iterator[Journal]:
    """The journal, opened; what is wrong with it, or with what it was asked, is an answer.

    Asking makes no journal where there is none: an empty one in memory answers.

    Raises:
        HTTPException: 503 where it can't be reached, 409 where it was asked for what can't be.
    """
    from dateline.journal import Journal, JournalError, JournalUnavailable

    url = request.app.state.settings.journal_url
    try:
        with Journal("sqlite://" if missing(url) and not make else url) as journal:
            yield journal
    except JournalUnavailable as error:
        raise HTTPException(503, f"The journal does not answer: {error}") from None
    except JournalError as error:
        raise HTTPException(409, str(error)) from None
