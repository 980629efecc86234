"""Mentions to entities: who and what an article names, under one id for all its names.

Importing this package costs nothing; the knowledge base is read at the first call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dateline.entities.user import UserEntities
    from dateline.models import Entity, Mention

__all__ = ["resolve"]


def resolve(
    mentions: Sequence[Mention],
    parts: Mapping[str, str],
    language: str = "en",
    user: UserEntities | None = None,
) -> list[Entity]:
    """Merges the mentions of one article into entities, in the order in which they first stand there.

    `parts` maps part names ("body", "title", "caption:0") to the texts that the mentions' offsets
    count in. `user` is what the user's entities.toml says, by default the one in DATELINE_HOME. The
    result does not depend on the order of `mentions`, and ids do not depend on other articles.

    Raises:
        UserEntitiesError: entities.toml is there and can't be read.
    """
    from dateline import settings
    from dateline.entities.resolver import resolve_mentions
    from dateline.entities.user import load_user

    if user is None:
        user = load_user(settings.load().home)
    return resolve_mentions(mentions, parts, language, user)
