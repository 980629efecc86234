"""The commands that go on from a search or an article: who was first, the same story, similar articles."""

from __future__ import annotations

from typing import Annotated

import typer

from dateline.cli.output import BOLD, DIM, UserError, emit, paint, plain, say, wants_json

KINDS = {
    "first": "first",
    "agency": "agency copy",
    "copy": "copy",
    "reworked": "reworked",
}


def story(
    id: Annotated[str, typer.Argument(help="A story's id, or that of any article that tells it.")],
    json: Annotated[bool, typer.Option("--json", help="The whole lineage.")] = False,
) -> None:
    """Show who tells the same story: who was first, from which agency, and what each outlet added."""
    from dateline import settings
    from dateline.stores import open_store
    from dateline.stories.lineage import lineage, story_of

    found = story_of(open_store(settings.load()), id)
    if not found:
        raise UserError(f"no story or article {id}: `dateline search` prints the ids")
    line = lineage(found)
    if wants_json(json):
        emit(line)
        return
    outlets = f"{len(line.told)} outlet{'' if len(line.told) == 1 else 's'}"
    say(paint(f"{outlets}{f', from {line.agency}' if line.agency else ''}", BOLD))
    if not line.sure:
        say(paint("the known times do not tell who was first", DIM))
    for told in line.told:
        when = told.published_at.value.replace("T", " ") if told.published_at else "date unknown"
        kind = KINDS[told.kind] + (f" of {told.agency}" if told.kind == "agency" and told.agency else "")
        part = f", {told.share:.0%} of it stands in {told.comes_from}" if told.comes_from else ""
        say()
        say(paint(plain(f"{told.outlet}: {told.title or '(no title)'}"), BOLD))
        say(paint(plain(f"  {when} · {kind}{part} · {told.article_id}"), DIM))
        for other in told.also:
            say(paint(f"  also {other}", DIM))
        for sentence in told.added:
            say(plain(f"  + {' '.join(sentence.split())}"))


def first(
    search: Annotated[
        str,
        typer.Argument(help='A search\'s address: "speaker=Lavrov&said=sanctions", or a whole URL.'),
    ],
    json: Annotated[bool, typer.Option("--json", help="The whole answer.")] = False,
) -> None:
    """Show who reported first what answers a search: each outlet with its first article."""
    from dateline import settings
    from dateline.address import from_address
    from dateline.answers.first import first as told
    from dateline.stores import open_store

    found = told(open_store(settings.load()), from_address(search))
    if wants_json(json):
        emit(found)
        return
    say(paint(f"{found.total} article{'' if found.total == 1 else 's'}", BOLD))
    if len(found.reports) > 1 and not found.sure:
        say(paint("the known times do not tell who was first", DIM))
    for one in found.reports:
        when = one.published_at.value.replace("T", " ") if one.published_at else "date unknown"
        say()
        say(paint(plain(f"{one.outlet}: {one.title or '(no title)'}"), BOLD))
        more = f" · {one.more} more" if one.more else ""
        say(paint(plain(f"  {when} · {one.article_id}{more}"), DIM))
        if one.sentence:
            say(plain(f"  {' '.join(one.sentence.split())}"))
    if found.articles < found.total:
        say(paint(f"\nfrom the oldest {found.articles} of {found.total} articles", DIM))


def similar(
    article_id: Annotated[str, typer.Argument(help="The id that search prints.")],
    limit: Annotated[int, typer.Option(help="How many to show.")] = 10,
    json: Annotated[bool, typer.Option("--json", help="JSON lines, also on a terminal.")] = False,
) -> None:
    """Show articles about the same: they share its rarest words and names, but not its text."""
    from dateline import settings
    from dateline.answers.records import hit_record
    from dateline.cli.find import print_hit
    from dateline.stores import open_store

    store = open_store(settings.load())
    if store.get(article_id) is None:
        raise UserError(f"no article {article_id}: `dateline search` prints the ids")
    for hit in store.similar(article_id, limit):
        if wants_json(json):
            emit(hit_record(hit))
        else:
            print_hit(hit)
            say(paint(f"  {hit.score:.0%} alike", DIM))
