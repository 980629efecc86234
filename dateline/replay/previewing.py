"""What a replay would change, on a sample of the archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice

from dateline.changes import Change, changes
from dateline.models import Article
from dateline.replay.making import former, parts, redone, reread, scratch, standing_one_by_one
from dateline.replay.model import Asked
from dateline.settle import settle
from dateline.stores.base import Store
from dateline.workshop import Workshop

SAMPLE = 100  # links or articles of a preview
MANY = 0.1  # of the sample: where more would change, a person is asked first


@dataclass(slots=True, kw_only=True)
class Preview:
    """What a replay would change: `changed` of `sampled` articles, `fields` counted, `added` that do not
    stand now, `lost` that stand and would not."""

    sampled: int = 0
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The part of the sample that would change, 0 to 1."""
        return (self.changed + len(self.lost)) / max(1, self.sampled)

    @property
    def many(self) -> bool:
        """Whether a person should look first."""
        return self.share > MANY

    @property
    def told(self) -> str:
        """In one line."""
        fields = ", ".join(f"{name} {count}" for name, count in self.fields.most_common())
        lost = f", {len(self.lost)} would be lost" if self.lost else ""
        added = f", {len(self.added)} would be new" if self.added else ""
        return f"{self.changed} of {self.sampled} articles would change ({fields or 'nothing'}){added}{lost}"


def preview(shop: Workshop, asked: Asked, sample: int = SAMPLE) -> Preview:
    """What would change, on a sample that is the same each time; nothing is written."""
    with scratch(shop) as built:
        if asked.step == "extract":
            pasts = shop.journal.pasts(_sampled(shop.journal.replayable(asked.since, asked.source), sample))
            same = {past.article_id for past in pasts if past.article_id}
            # all links that lead to these articles: each by itself would tell only its own side
            pasts = shop.journal.pasts([*(past.link.link_id for past in pasts), *shop.journal.links_of(same)])
            for part in parts(pasts):
                settle(built, reread(shop, part), former(part), set())
            old = shop.store.get_many(past.article_id for past in pasts if past.article_id)
        else:
            standing = list(islice(standing_one_by_one(shop.store, asked), 20 * sample))
            chosen = set(_sampled([article.article_id for article in standing], sample))
            old = {article.article_id: article for article in standing if article.article_id in chosen}
            for batch in parts(list(old.values())):
                built.write(redone(shop, asked, batch))
        return _compared(old, built.scan(), shop.store)


def _compared(old: dict[str, Article], built: Iterable[Article], store: Store) -> Preview:
    made = Preview()
    seen = set()
    for article in built:
        seen.add(article.article_id)
        standing = old.get(article.article_id) or store.get(article.article_id)
        made.sampled += 1
        if standing is None:
            made.added.append(article.article_id)
            continue
        found = changes(standing, article)
        made.changed += bool(found)
        made.fields.update(change.field for change in found)
        made.changes += found
    made.lost = sorted(old.keys() - seen)
    made.sampled += len(made.lost)
    return made


def _sampled(ids: Sequence[str], sample: int) -> list[str]:
    """A sample spread over all, the same each time."""
    return sorted(ids, key=lambda id: blake2b(id.encode(), digest_size=8).digest())[:sample]
