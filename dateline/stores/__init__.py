"""Where articles are kept and searched; `open_store` gives the one that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateline.corrections.overlay import Overlay
    from dateline.models import Article
    from dateline.settings import Settings
    from dateline.stores.base import Store


def open_store(settings: Settings) -> Store:
    """The store of the settings; nothing is made or asked before its first use.

    What people corrected is laid over all that is written to it.
    """
    store = _backend(settings)
    store.overlay = _Corrected(settings.journal_url)
    return store


class _Corrected:
    """The corrections of the journal at `url`, see `corrections.overlay`; loaded with the first write: a
    search does without."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._overlay: Overlay | None = None

    def __call__(self, articles: list[Article]) -> list[Article]:
        if self._overlay is None:
            from dateline.corrections.overlay import Overlay

            self._overlay = Overlay(self._url)
        return self._overlay(articles)

    def close(self) -> None:
        if self._overlay is not None:
            self._overlay.close()


def _backend(settings: Settings) -> Store:
    if settings.store == "opensearch":
        from dateline.stores.opensearch import OpenSearchStore

        return OpenSearchStore(settings.opensearch_url, settings.index)
    from dateline.stores.embedded import EmbeddedStore

    return EmbeddedStore(settings.index_folder)
