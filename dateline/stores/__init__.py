"""Where articles are kept and searched; `open_store` gives the one that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateline.settings import Settings
    from dateline.stores.base import Store


def open_store(settings: Settings) -> Store:
    """The store of the settings; nothing is made or asked before its first use.

    What people corrected is laid over all that is written to it.
    """
    from dateline.corrections.overlay import Overlay

    store = _backend(settings)
    store.overlay = Overlay(settings.journal_url)
    return store


def _backend(settings: Settings) -> Store:
    if settings.store == "opensearch":
        from dateline.stores.opensearch import OpenSearchStore

        return OpenSearchStore(settings.opensearch_url, settings.index)
    from dateline.stores.embedded import EmbeddedStore

    return EmbeddedStore(settings.index_folder)
