"""Look at what sources and sites offer, as politely as when they are visited, and store no article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ingest.collect import worker
from ingest.documents import SourceKind
from ingest.explore import explore, look, look_into
from ingest.settings import Settings
from ingest.sources import known_folder
from ingest.store import open_store, read
from ingest.visit import Worker, standard_readers
from ingest.wire import SourceCheck

__all__ = ["check_source", "explore_site"]


def explore_site(settings: Settings, url: str) -> tuple[SourceCheck, ...]:
    """What an address offers; see `ingest.explore.explore`."""
    with _worker(settings) as who:
        return explore(who.fetcher, who.readers, url)


def check_source(settings: Settings, address: str, kind: SourceKind) -> SourceCheck:
    """What a source would bring, and what of it is known."""
    with _worker(settings) as who, read.connect(settings.database_url) as connection:

        def known(keys: Sequence[str]) -> frozenset[str]:
            return read.known_urls(connection, keys)

        if kind is SourceKind.FOLDER:
            folder = known_folder(address, base=Path.cwd(), name="", max_bytes=settings.max_bytes)
            return look_into(folder, known=known)
        return look(who.fetcher, who.readers, address, kind, known=known)


@contextmanager
def _worker(settings: Settings) -> Iterator[Worker]:
    """Whose turn it is at a host is kept in the store: looking counts like visiting."""
    with open_store(settings.database_url) as store, worker(store, settings, standard_readers(), kind="explore") as who:
        yield who
