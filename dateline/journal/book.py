"""The journal itself, put together from its parts."""

from __future__ import annotations

from dateline.journal.alerting import Alerting
from dateline.journal.asking import Asking
from dateline.journal.copying import Copying
from dateline.journal.correcting import Correcting
from dateline.journal.fetching import Fetching
from dateline.journal.frontier import Frontier
from dateline.journal.keys import Keys
from dateline.journal.letters import Letters
from dateline.journal.naming import Naming
from dateline.journal.polls import Polls
from dateline.journal.positions import Positions
from dateline.journal.replaying import Replaying
from dateline.journal.turns import Turns
from dateline.journal.updates import Updates
from dateline.journal.versions import Versions


class Journal(
    Alerting,
    Asking,
    Copying,
    Correcting,
    Fetching,
    Frontier,
    Keys,
    Letters,
    Naming,
    Polls,
    Positions,
    Replaying,
    Turns,
    Updates,
    Versions,
):
    """The journal at a database URL ("sqlite:///…", "postgresql://…"), made where it is missing.

    Usable from several threads and processes; after a fork open a new one.

    Raises (all methods):
        JournalUnavailable: the database can't be reached now.
        JournalError: it can't be used, or was asked for what makes no sense.
    """

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
