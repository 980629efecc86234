"""The commands that ask: search, show, entities, explain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qsl, urlsplit

import typer

from dateline.cli.output import BOLD, DIM, UserError, emit, marked, paint, plain, say, table, wants_json

if TYPE_CHECKING:
    from dateline.models import Article
    from dateline.query import Query
    from dateline.stores.base import Hit, Store


def _store() -> Store:
    from dateline import settings
    from dateline.stores import open_store

    return open_store(settings.load())


def search(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help='Words: sanctions "joint statement" AND NOT sport, sanct*; or a URL of the page.'
        ),
    ] = None,
    entity: Annotated[
        list[str] | None,
        typer.Option(
            "--entity", "-e", help="A name that must be there, by any alias; repeat for all of several."
        ),
    ] = None,
    any_entity: Annotated[list[str] | None, typer.Option(help="At least one of these.")] = None,
    no_entity: Annotated[list[str] | None, typer.Option(help="None of these.")] = None,
    role: Annotated[
        str | None,
        typer.Option(
            help="Where the entity stands: body, title, caption, credit, byline, dateline, speaker."
        ),
    ] = None,
    speaker: Annotated[
        list[str] | None, typer.Option(help="A name that is quoted; repeat for all of several.")
    ] = None,
    said: Annotated[
        str | None, typer.Option(help="Words in one sentence that quotes the speaker: sanctions OR embargo.")
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", help="Published on or after: 2021, 2021-03, 2021-03-22.")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", help="Published on or before.")] = None,
    mentioned: Annotated[str | None, typer.Option(help="FROM..TO: tells of something in these days.")] = None,
    near: Annotated[bool, typer.Option("--near", help="Entity and date stand in one sentence.")] = False,
    publisher: Annotated[list[str] | None, typer.Option(help="One of these publishers.")] = None,
    author: Annotated[list[str] | None, typer.Option(help="One of these authors.")] = None,
    section: Annotated[list[str] | None, typer.Option(help="One of these sections.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="en, de, fr…")] = None,
    outcome: Annotated[list[str] | None, typer.Option(help="indexed, digest_only, paywalled…")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Found in this source.")] = None,
    disagreeing: Annotated[
        bool, typer.Option(help="Only where digest and page, or two places of a page, disagree.")
    ] = False,
    story: Annotated[str | None, typer.Option(help="The id of a story: all who tell it.")] = None,
    correction: Annotated[
        list[str] | None, typer.Option(help="In which the correction of this number shows.")
    ] = None,
    url: Annotated[bool, typer.Option("--url", help="Only print the search's address.")] = False,
    sort: Annotated[str, typer.Option(help="relevance, newest or oldest.")] = "relevance",
    limit: Annotated[int, typer.Option(help="How many to show.")] = 10,
    cursor: Annotated[str | None, typer.Option(help="Go on after this page.")] = None,
    json: Annotated[bool, typer.Option("--json", help="JSON lines, also on a terminal.")] = False,
) -> None:
    """Search by words, entity and date. Without words: all that the filters allow."""
    from dateline.address import address, from_params

    several = {
        "entity": entity,
        "any": any_entity,
        "none": no_entity,
        "speaker": speaker,
        "publisher": publisher,
        "author": author,
        "section": section,
        "language": language,
        "outcome": outcome,
        "source": source,
        "correction": correction,
    }
    pairs = [(key, value) for key, values in several.items() for value in values or []]
    pairs += [("q", " ".join(words or [])), ("role", role or ""), ("from", from_ or ""), ("to", to or "")]
    pairs += [
        ("said", said or ""),
        ("mentioned", mentioned or ""),
        ("near", str(near)),
        ("disagreeing", str(disagreeing)),
    ]
    pairs += [("story", story or ""), ("sort", sort), ("limit", str(limit)), ("cursor", cursor or "")]
    if len(words or []) == 1 and words and re.match(r"https?://\S+\?", words[0]):
        # a search that somebody sent: what is given here besides is added to it, or takes its place
        silent = {("sort", "relevance"), ("limit", "10"), ("near", "False"), ("disagreeing", "False")}
        given = [pair for pair in pairs if pair[0] != "q" and pair[1] and pair not in silent]
        pairs = [*parse_qsl(urlsplit(words[0]).query), *given]
    query = from_params(pairs)
    if url:
        say(address(query))
        return
    _print_answer(query, wants_json(json))


def _print_answer(query: Query, as_json: bool) -> None:
    from dateline.answers.records import hit_record

    answer = _store().search(query)
    if as_json:
        for hit in answer.hits:
            emit(hit_record(hit))
        return
    say(paint(f"{answer.total} article{'' if answer.total == 1 else 's'}", BOLD))
    for hit in answer.hits:
        print_hit(hit)
    if answer.cursor:
        say(paint(f"\nmore: --cursor {answer.cursor}", DIM))


def print_hit(hit: Hit) -> None:
    """A hit for a person: headline, where and when, the sentences that matched."""
    article = hit.article
    published = article.published_at.value.replace("T", " ") if article.published_at else "date unknown"
    facts = [
        published,
        article.publisher or "",
        article.outcome.value if article.outcome != "indexed" else "",
    ]
    say()
    say(f"{paint(plain(article.title or first_words(article)), BOLD)}")
    say(paint("  " + " · ".join(fact for fact in facts if fact) + f" · {article.article_id}", DIM))
    for snippet in hit.snippets[:3]:
        say("  " + marked(snippet.text, snippet.marks))


def first_words(article: Article) -> str:
    """How an article without a title is called: its first words."""
    text = " ".join(article.text.split())
    return text[:80] + ("…" if len(text) > 80 else "") or "(no title)"


def _article(store: Store, article_id: str) -> Article:
    article = store.get(article_id)
    if article is None:
        raise UserError(f"no article {article_id}: `dateline search` prints the ids")
    return article


def show(
    article_id: Annotated[str, typer.Argument(help="The id that search prints.")],
    json: Annotated[bool, typer.Option("--json", help="The whole record.")] = False,
) -> None:
    """Show one article with its entities and dates marked."""
    article = _article(_store(), article_id)
    if wants_json(json):
        emit(article)
        return
    say(paint(plain(article.title or first_words(article)), BOLD))
    moment = article.published_at
    for name, value in (
        (
            "published",
            f"{moment.value} ({moment.precision}, zone {moment.zone or 'unknown'})" if moment else "unknown",
        ),
        ("publisher", article.publisher),
        ("authors", ", ".join(article.authors)),
        (
            "dateline",
            " / ".join(filter(None, [article.dateline.place, article.dateline.agency]))
            if article.dateline
            else None,
        ),
        ("section", article.section),
        ("url", article.canonical_url or article.final_url or article.requested_url),
        ("sources", ", ".join(article.sources)),
        ("outcome", f"{article.outcome.value} {article.outcome_reason}".strip()),
        ("disagreements", ", ".join(article.disagreements)),
    ):
        if value:
            say(f"{paint(name.rjust(13), DIM)}  {plain(value)}")
    marks = [
        (mention.start, mention.end, "entity")
        for entity in article.entities
        for mention in entity.mentions
        if mention.part == "body"
    ]
    marks += [(time.start, time.end, "date") for time in article.times]
    say("\n" + marked(article.text, marks))
    for caption in article.captions:
        say(paint(f"\n[caption] {plain(caption.text)} ({plain(caption.credit or 'no credit')})", DIM))
    say()
    table(
        ["entity", "type", "names"],
        [
            (entity.name, entity.type, ", ".join(dict.fromkeys(m.text for m in entity.mentions)))
            for entity in article.entities
        ],
    )
    say()
    table(
        ["date in text", "value", "from", "until before"],
        [
            (t.text, t.value, t.interval.start if t.interval else "", t.interval.end if t.interval else "")
            for t in article.times
        ],
    )


def entities(
    name: Annotated[str | None, typer.Argument(help="Any alias; without one, the most frequent.")] = None,
    limit: Annotated[int, typer.Option(help="How many to show.")] = 30,
    json: Annotated[bool, typer.Option("--json", help="JSON lines, also on a terminal.")] = False,
) -> None:
    """List the archive's entities, with all their names and how many articles name them."""
    found = _store().entities(name, limit)
    if wants_json(json):
        for entity in found:
            emit(entity)
        return
    table(
        ["articles", "type", "name", "id", "also called"],
        [
            (e.articles, e.type, e.name, e.entity_id, ", ".join(n for n in e.names[:8] if n != e.name))
            for e in found
        ],
    )


def explain(
    article_id: Annotated[str, typer.Argument(help="The id that search prints.")],
    field: Annotated[
        str | None, typer.Argument(help="title, authors, published_at… ; all without it.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="JSON lines, also on a terminal.")] = False,
) -> None:
    """Say where each field came from, and what it was chosen over."""
    article = _article(_store(), article_id)
    names = [field] if field else sorted(article.candidates)
    if field and field not in article.candidates:
        known = ", ".join(sorted(article.candidates)) or "none"
        raise UserError(f"nothing is on record for {field}: there is {known}")
    rows = [
        (name, candidate)
        for name in names
        for candidate in sorted(article.candidates[name], key=lambda c: (not c.chosen, -c.confidence))
    ]
    if wants_json(json):
        for name, candidate in rows:
            emit(
                {
                    "field": name,
                    "value": candidate.value,
                    "place": candidate.place,
                    "rule": candidate.rule,
                    "confidence": candidate.confidence,
                    "chosen": candidate.chosen,
                }
            )
        return
    table(
        ["field", "", "value", "place", "confidence", "rule"],
        [
            (name, "→" if c.chosen else "", c.value[:100], c.place, f"{c.confidence:.2f}", c.rule)
            for name, c in rows
        ],
    )
