"""Steps run again from journal and archive, without a fetch: what a replay reads, builds and compares.

Every replay is built apart and put in place at its end. One of the whole archive is a new index beside
the one that answers (`Store.begin_rebuild`), which is swapped in when its counts are right and can be
rolled back. One of a part (some days, one source) is built in a folder of its own and then laid over
what stands. A preview builds a sample and compares.

    extract   pages are read from the archive again, items from the journal; then enrich and index
    enrich    the articles that stand are enriched again; then index
    index     the articles that stand are written again: for a new mapping, and to group stories anew
"""

from dateline.replay.making import BATCH, put, redone, reread, standing, write_again
from dateline.replay.model import Asked, ReplayError, Step
from dateline.replay.placing import Running, finish, running
from dateline.replay.previewing import SAMPLE, Preview, preview

__all__ = [
    "BATCH",
    "SAMPLE",
    "Asked",
    "Preview",
    "ReplayError",
    "Running",
    "Step",
    "finish",
    "preview",
    "put",
    "redone",
    "reread",
    "running",
    "standing",
    "write_again",
]
