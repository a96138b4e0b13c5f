"""Paths that a person named, through the pipeline, into one store: what the command line and the flow both call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path, PurePosixPath

from ingest import pipeline
from ingest.documents import Fate, Outcome, Tally
from ingest.errors import NotFoundError, SourceError
from ingest.settings import Settings
from ingest.sources import FolderSource, KnownSource, open_source
from ingest.store import open_store, read

__all__ = ["add_up", "known_sources", "open_folder", "take_arrivals", "take_in"]


def take_in(
    paths: Iterable[str],
    *,
    source: str | None,
    settings: Settings,
    tell: Callable[[Outcome], None],
    map: pipeline.Map = map,  # noqa: A002 - named after the built-in that it stands for, as in `pipeline.run`
    flow_run: str | None = None,
) -> Tally:
    """Run the pipeline over each path in turn.

    Args:
        paths: Folders and files; relative ones count from the current folder.
        source: Name under which the store keeps a source that is new; None: one made from the path.
        settings: The store, the archive and the sizes of windows and leases.
        tell: Called with what became of each document, as soon as that is committed.
        map: How to apply the pure stages to a window of pages.
        flow_run: Id of the Prefect flow run, for the record of the run.

    Returns:
        Counts by fate, over all paths.

    Raises:
        IngestError: As `pipeline.run`.
    """
    tallies = []
    with open_store(settings.database_url) as store:
        for path in paths:
            found = open_source(
                Path(path),
                base=Path.cwd(),
                known=known_sources(settings.database_url),
                name=source,
                max_bytes=settings.max_bytes,
                time_zone=settings.time_zone,
            )
            tallies.append(pipeline.run(found, store, settings, map=map, tell=tell, flow_run=flow_run))
    return add_up(tallies)


def take_arrivals(
    source: str,
    paths: Sequence[str],
    *,
    settings: Settings,
    tell: Callable[[Outcome], None],
    map: pipeline.Map = map,  # noqa: A002 - as in `take_in`
    flow_run: str | None = None,
) -> Tally:
    """Run the pipeline over files that arrived in a folder which the store knows.

    Args:
        source: Name of the source that stands for the folder.
        paths: The files, relative to the folder; empty: all that it holds. Those that are gone again are passed over.
        settings: As for `take_in`.
        tell: As for `take_in`.
        map: As for `take_in`.
        flow_run: As for `take_in`.

    Returns:
        Counts by fate.

    Raises:
        NotFoundError: The store has no folder of that name.
        IngestError: As `pipeline.run`.
    """
    known = known_sources(settings.database_url)
    address = next((each.address for each in known if (each.name, each.kind) == (source, "folder")), None)
    if address is None:
        raise NotFoundError(
            f"there is no folder called {source!r}", remedy="`ingest sources` lists the sources that there are"
        )
    found = open_folder(Path(address), settings=settings)
    only = tuple(_inside(path) for path in paths)
    there = tuple(path for path in only if (found.root / path).exists() or (found.root / path).is_symlink())
    if only and not there:
        return add_up(())
    with open_store(settings.database_url, create=False) as store:
        return pipeline.run(replace(found, only=there), store, settings, map=map, tell=tell, flow_run=flow_run)


def _inside(path: str) -> PurePosixPath:
    """A relative path as an event names it, which anybody may have sent who reaches Prefect's API."""
    named = PurePosixPath(path)
    if named.is_absolute() or ".." in named.parts or not named.parts:
        raise SourceError(f"the path {path!r} does not lie in the folder", remedy="name files relative to the folder")
    return named


def open_folder(folder: Path, *, settings: Settings, name: str | None = None) -> FolderSource:
    """The source that stands for a folder, or for the known folder that it lies in.

    Raises:
        SourceNotFoundError: There is no such folder.
        SourceError: It is none, or cannot be followed.
        ConfigurationError: As `open_source`.
    """
    found = open_source(
        folder,
        base=Path.cwd(),
        known=known_sources(settings.database_url),
        name=name,
        max_bytes=settings.max_bytes,
        time_zone=settings.time_zone,
    )
    if not isinstance(found, FolderSource):
        raise SourceError(f"{folder} is not a folder")
    return found


def known_sources(database_url: str) -> tuple[KnownSource, ...]:
    """The sources that a store has seen, for `open_source`."""
    with read.connect(database_url) as connection:
        return tuple(
            KnownSource(name=name, kind=kind, address=address) for name, kind, address in read.sources(connection)
        )


def add_up(tallies: Iterable[Tally]) -> Tally:
    """The counts of several sources as one."""
    fates: Counter[Fate] = Counter()
    opened, elapsed = 0, timedelta()
    for tally in tallies:
        fates.update(dict(tally.fates))
        opened += tally.new_agreements
        elapsed += tally.elapsed
    return Tally(fates=tuple(sorted(fates.items())), new_agreements=opened, elapsed=elapsed)
