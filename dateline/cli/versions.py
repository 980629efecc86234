"""`dateline versions`: what a publisher changed in an article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dateline.cli.output import BOLD, DIM, UserError, emit, marked, paint, plain, say, wants_json

if TYPE_CHECKING:
    from dateline.versions import Change

SIGNS = {"added": "+", "removed": "-", "changed": "~", "moved": ">"}
COLOUR_OF = {"name": "entity", "date": "date", "number": "word", "word": "word"}


def versions(
    article_id: Annotated[str, typer.Argument(metavar="ID", help="The article, as search prints it.")],
    json: Annotated[bool, typer.Option("--json", help="JSON lines: one version each, with changes.")] = False,
) -> None:
    """Show an article's versions and what changed in each, sentence by sentence."""
    from dateline import settings
    from dateline.journal import Journal
    from dateline.versions import compare

    with Journal(settings.load().journal_url) as journal:
        found = journal.versions(article_id)
    if not found:
        # nothing is kept of an article that was never changed: the store has its one version
        from dateline.stores import open_store

        store = open_store(settings.load())
        standing = store.get(article_id)
        store.close()
        if standing is None:
            raise UserError(f"no article {article_id}: `dateline search` prints the ids")
        if not wants_json(json):
            say(f"{article_id} has one version only: its publisher has changed nothing that we saw")
    for before, version in zip([None, *found], found, strict=False):
        changes = compare(before, version) if before else []
        if wants_json(json):
            emit({"version": version, "changes": changes})
            continue
        silent = ", silently: its modified time is the same" if version.silent else ""
        modified = f", modified {version.modified_at.value}" if version.modified_at else ""
        say(
            paint(
                f"version {version.number}  seen {version.seen_at:%Y-%m-%d %H:%M} UTC{modified}{silent}", BOLD
            )
        )
        for change in changes:
            _show(change)


def _show(change: Change) -> None:
    what = ", ".join(
        sorted({f"{mark.kind} {plain(mark.text)}" for mark in change.marks if mark.kind != "word"})
    )
    head = f"  {SIGNS[change.kind]} {change.part}" if change.part == "title" else f"  {SIGNS[change.kind]}"
    for side, text in (("old", change.old), ("new", change.new)):
        if not text or (change.kind == "moved" and side == "old"):
            continue
        marks = [(m.start, m.end, COLOUR_OF[m.kind]) for m in change.marks if m.side == side]
        label = {"old": "was: ", "new": "now: "}[side] if change.kind == "changed" else ""
        say(f"{head} {label}{marked(text, marks)}")
    if what:
        say(paint(f"    changed: {what}", DIM))
