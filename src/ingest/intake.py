"""Paths that a person named, through the pipeline, into one store: what the command line and the flow both call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

from ingest import pipeline
from ingest.documents import Fate, Outcome, Tally
from ingest.settings import Settings
from ingest.sources import KnownSource, open_source
from ingest.store import open_store, read

__all__ = ["add_up", "known_sources", "take_in"]


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
