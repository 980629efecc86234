"""The journal: each link ends each run in exactly one outcome, with a reason, written down before
the work and after it. SQLite by default, PostgreSQL by URL; SQLAlchemy takes over a second to
import, so nothing that search needs imports this.
"""

from dateline.journal.book import Journal
from dateline.journal.engine import JournalError, JournalUnavailable
from dateline.journal.keys import ApiKey
from dateline.journal.types import Coverage, DeadLetter, Entry, Known, Result, Run, Summary

__all__ = [
    "ApiKey",
    "Coverage",
    "DeadLetter",
    "Entry",
    "Journal",
    "JournalError",
    "JournalUnavailable",
    "Known",
    "Result",
    "Run",
    "Summary",
]
