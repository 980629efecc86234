"""How a story went round: who had it first, from which agency, and what each outlet added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from dateline.models import Article, Moment
from dateline.query import Query
from dateline.stores.analysis import fold
from dateline.stores.document import read_moment
from dateline.stories.grouping import article_in, members
from dateline.texts.copies import Telling, host_of, share, stands_in, telling

if TYPE_CHECKING:
    from dateline.stores.base import Store
    from dateline.texts.scenes import Card

# "first": nobody known had it earlier. "agency": it names the agency as its source. "copy": at least
# half of it stands in an earlier one. "reworked": less than that.
Kind = Literal["first", "agency", "copy", "reworked"]


@dataclass(slots=True, kw_only=True)
class Told:
    """The story at one outlet; `also` are its other articles of the same story: later versions.

    `share` is how much of the text stands in the article that it comes from (0 to 1), `added` the
    sentences that do not stand in the first one, in order.
    """

    article_id: str
    outlet: str
    title: str | None
    url: str | None
    published_at: Moment | None
    kind: Kind
    agency: str | None = None
    comes_from: str | None = None  # article id of the earlier telling that it has most of its text from
    share: float = 0.0
    added: list[str] = field(default_factory=list)
    also: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Lineage:
    """A story's outlets, the first to publish first.

    `sure` is false where the published times that are known (to the day, or in no known zone) do not
    tell which of two outlets was first; `agency` is the one that most of them credit.
    """

    story: str | None
    agency: str | None
    sure: bool
    told: list[Told]


def lineage(articles: Sequence[Article]) -> Lineage:
    """The lineage of articles that tell one story (`grouping.members`), in whatever order they come."""
    ordered = sorted(articles, key=_when)
    outlets: list[list[Article]] = []
    for article in ordered:
        theirs = next((versions for versions in outlets if _of_one_outlet(versions[0], article)), None)
        if theirs is None:
            outlets.append([article])
        else:
            theirs.append(article)
    firsts = [versions[0] for versions in outlets]
    told = [_told(firsts[:number], article) for number, article in enumerate(firsts)]
    for one, versions in zip(told, outlets, strict=True):
        one.also = [article.article_id for article in versions[1:]]
    credited = Counter(one.agency for one in told if one.agency)
    return Lineage(
        story=next((article.story for article in ordered if article.story), None),
        agency=min(credited, key=lambda name: (-credited[name], name)) if credited else None,
        sure=len(firsts) < 2 or surely_before(firsts[0], firsts[1:]),
        told=told,
    )


def _of_one_outlet(one: Article, other: Article) -> bool:
    """Whether two articles come from one host, and their publishers' names, where both are printed, have
    a word in common: a host may carry several papers, and one paper print its name in several ways."""
    if host_of(telling(one)) != host_of(telling(other)):
        return False
    names = [set(fold(article.publisher or "").split()) - {"the"} for article in (one, other)]
    return not all(names) or bool(names[0] & names[1])


def story_of(store: Store, asked: str) -> list[Article]:
    """The articles of a story, by its id, or by the id of any article that tells it (alone, if alone)."""
    found = list(members(store, asked))
    if not found and (article := store.get(article_in(asked))) is not None:
        found = list(members(store, article.story)) if article.story else [article]
    return found


def others(store: Store, article: Article, limit: int = 20) -> list[Article]:
    """The articles that tell the same story, the first to publish first."""
    if not article.story:
        return []
    told = store.skim(Query(story=article.story, sort="oldest", limit=limit + 1), Article).articles
    return [one for one in told if one.article_id != article.article_id][:limit]


def _told(earlier: Sequence[Article], article: Article) -> Told:
    one = telling(article)
    credit = _agency_of(one)
    made = Told(
        article_id=article.article_id,
        outlet=article.publisher or host_of(one),
        title=article.title,
        url=article.canonical_url or article.final_url or article.requested_url,
        published_at=article.published_at,
        kind="first",
        agency=credit,
    )
    if not earlier:
        return made
    shares = [(share(article.text, other.text), -number) for number, other in enumerate(earlier)]
    made.share, number = max(shares)
    made.comes_from = earlier[-number].article_id
    made.kind = "agency" if credit else "copy" if made.share >= 0.5 else "reworked"
    made.share = round(made.share, 3)
    made.added = [sentence for sentence in _sentences(article) if not stands_in(sentence, earlier[0].text)]
    return made


def _sentences(article: Article) -> list[str]:
    from dateline.texts.sentences import split

    return [article.text[start:end] for start, end in split(article.text, article.language or "en")]


def _agency_of(one: Telling) -> str | None:
    """The agency that the article credits, or that published it."""
    from dateline.extract.agencies import agency  # its package loads the extractor

    named = one.agency or (one.dateline.agency if one.dateline else None)
    return agency(named or "") or named or agency(one.publisher or "")


def _span(article: Article | Card) -> tuple[int, int] | None:
    """The seconds (UTC where the zone is known) within which it was published."""
    read = read_moment(article.published_at) if article.published_at else None
    if read is None:
        return None
    (start, end), offset = read
    shift = int(offset.total_seconds())
    return start - shift, end - shift


def _when(article: Article) -> tuple[bool, int, str]:
    span = _span(article)
    return span is None, span[0] if span else 0, article.article_id


def surely_before(first: Article | Card, later: Sequence[Article] | Sequence[Card]) -> bool:
    """Whether the published times that are known tell that `first` came before all of `later`."""
    mine = _span(first)
    spans = [_span(article) for article in later]
    return mine is not None and all(span is not None and span[0] >= mine[1] for span in spans)
