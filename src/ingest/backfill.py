"""Web archives into the store: a range of an archive at a time, by as many workers as there are.

    name      what a person named → archives
    plan      each archive → ranges, written to the store
    read      (through `map`, on any executor) each range through the pipeline, its progress written as it goes

The ranges in the store are bookkeeping, and no queue: who reads which is for the executor to say, and a range that is
done, or that another worker has, is passed over. So it is safe to start twice, and to start again after a crash. Runs
are of the kind `backfill`, which alerts nobody.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ingest import pipeline
from ingest.documents import Packing
from ingest.errors import ClaimLostError, SourceError
from ingest.intake import known_sources
from ingest.settings import Settings
from ingest.sources import label_of
from ingest.sources.keys import file_key
from ingest.sources.warc import Counts, Named, Stretch, WarcSource, is_list, look_at, named_archives, packing_of
from ingest.sources.warc.places import is_remote
from ingest.store import Store, open_store, web_archives
from ingest.store.web_archives import ClaimedRange, Planned, Read
from ingest.topics.choice import choose

__all__ = ["Backfill", "Map", "RangeRead", "backfill", "plan", "ranges_of", "read_range"]

_LOOKERS = 8  # archives that are looked at together: it is waiting, for the most part


class Map(Protocol):
    """What `backfill` asks of an executor."""

    def __call__(self, ranges: Sequence[int], /) -> Iterable[RangeRead]:
        """Have `read_range` called with each range, in any order, and give what comes of it as it comes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeRead:
    """What became of a range.

    Attributes:
        range_id: Its row.
        archive: Name of its archive; empty where it was not ours to read.
        pages: Records that brought a page, this time.
        failure: Why it could not be read to its end.
    """

    range_id: int
    archive: str = ""
    pages: int = 0
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """Archives that are to be read.

    Attributes:
        source: Name of the source that they belong to.
        archives: Their names within it.
    """

    source: str
    archives: tuple[str, ...]


def plan(
    addresses: Sequence[str], settings: Settings, *, source: str | None = None, base: str | None = None
) -> tuple[Backfill, ...]:
    """Find the archives that are meant, and write their ranges to the store.

    Args:
        addresses: Archives, folders of them, or lists: paths, or addresses that fsspec takes. Each is a source.
        settings: The store, and how large a range is.
        source: What to call a source that is new; None: the last part of its address. The same name for several
            addresses makes one source of them.
        base: What the lines of a list count from.

    Raises:
        SourceNotFoundError: There is nothing at an address.
        SourceError: An address names no archive, or none of its archives can be read.
        ConfigurationError: The name is that of another source.
    """
    meant = [(address, named_archives(address, base=base)) for address in addresses]
    planned = []
    with open_store(settings.database_url) as store:
        for address, named in meant:
            known = known_sources(settings.database_url)
            shown = _shown_address(address)
            name = label_of(
                kind="warc", address=shown, stem=_stem(address), known=known, name=source, joins=source is not None
            )
            with ThreadPoolExecutor(_LOOKERS) as pool:
                archives = tuple(pool.map(lambda each: _plan(each, settings.backfill_range_bytes), named))
            web_archives.enter(store.database, WarcSource(name=name, address=shown, stretch=_NOWHERE), archives)
            planned.append(Backfill(source=name, archives=tuple(each.name for each in named)))
    return tuple(planned)


def backfill(
    planned: Backfill,
    settings: Settings,
    *,
    map: Map,  # noqa: A002 - named after the built-in that it stands for, as in `pipeline.run`
    tell: Callable[[RangeRead], None] = lambda _: None,
    stopping: Callable[[], bool] = lambda: False,
) -> None:
    """Read what is not read yet; ranges that fail are tried again, `max_attempts` times in all.

    Args:
        planned: What `plan` gave.
        settings: The store.
        map: Who reads.
        tell: Called with what became of each range.
        stopping: Whether to end early.

    Raises:
        StoreError: The store gave up.
    """
    for _ in range(settings.max_attempts):
        waiting = ranges_of(planned, settings)
        if not waiting or stopping():
            return
        try:
            for done in map(waiting):
                tell(done)
        except BrokenExecutor as killed:  # a worker was killed; what it had in hand is taken up again
            tell(RangeRead(range_id=0, failure=f"a worker ended without a word: {killed}"))


def ranges_of(planned: Backfill, settings: Settings) -> tuple[int, ...]:
    """Rows of the ranges that are not done, in order."""
    with open_store(settings.database_url, create=False) as store:
        return web_archives.unread(store.database, planned.source, planned.archives)


def read_range(
    range_id: int, settings: Settings, *, flow_run: str | None = None, stopping: Callable[[], bool] = lambda: False
) -> RangeRead:
    """Take one range through the pipeline, from where it stands: what a worker does.

    Args:
        range_id: Its row.
        settings: The store, the archive of raw bytes, and sizes.
        flow_run: Id of the Prefect flow run, for the record of the run.
        stopping: Asked before each record whether to end early; what was settled stands.

    Raises:
        IngestError: As `pipeline.run`, but for an archive that cannot be read: that is in the answer.
    """
    with open_store(settings.database_url, create=False) as store:
        versions = choose(further=settings.taxonomy, models_dir=settings.models_dir).versions()
        claimed = web_archives.claim(
            store.database, range_id, versions=versions, lease_seconds=settings.lease_seconds, flow_run=flow_run
        )
        if claimed is None:
            return RangeRead(range_id=range_id)
        return _Reading(store, settings, claimed).read(stopping)


class _Reading:
    """One range in the hands of this worker."""

    def __init__(self, store: Store, settings: Settings, claimed: ClaimedRange) -> None:
        self._store = store
        self._settings = settings
        self._claimed = claimed
        self._since = time.monotonic()
        self._pages = 0

    def read(self, stopping: Callable[[], bool]) -> RangeRead:
        claimed = self._claimed
        found = WarcSource(
            name=claimed.source,
            address=claimed.source_address,
            stretch=Stretch(
                archive=claimed.archive,
                address=claimed.address,
                packing=claimed.packing,
                offset=claimed.position,
                stop=claimed.stop,
            ),
            max_bytes=self._settings.max_bytes,
            time_zone=self._settings.time_zone,
            settled=self._settled,
            stopping=stopping,
        )
        failure = None
        try:
            pipeline.run(found, self._store, self._settings, tell=found.take, opened=claimed.run)
            if found.is_ended and not found.is_held_up:
                web_archives.finish(self._store.database, claimed, self._told(found.counts))
        except SourceError as problem:
            failure = f"{problem} {problem.remedy}".strip()
            web_archives.fail(self._store.database, claimed, failure)
        except ClaimLostError:
            failure = "another worker has taken it over"
        return RangeRead(range_id=claimed.id, archive=claimed.archive, pages=self._pages, failure=failure)

    def _settled(self, offset: int, counts: Counts) -> None:
        web_archives.advance(self._store.database, self._claimed, offset, self._told(counts))

    def _told(self, counts: Counts) -> Read:
        before, self._since = self._since, time.monotonic()
        self._pages += counts.pages
        return Read(
            records=counts.records,
            pages=counts.pages,
            skipped={reason.value: number for reason, number in counts.skipped.items()},
            broken={reason.value: number for reason, number in counts.broken.items()},
            fates={fate.value: number for fate, number in counts.fates.items()},
            seconds=self._since - before,
        )


_NOWHERE = Stretch(archive="", address="", packing=Packing.PLAIN)


def _plan(named: Named, range_bytes: int) -> Planned:
    """Where the ranges of an archive begin and end; or why it cannot be read."""
    try:
        stand = look_at(named.address)
        packing = packing_of(named.address)
    except SourceError as problem:
        return Planned(name=named.name, address=named.address, failure=f"{problem} {problem.remedy}".strip())
    splits = packing is Packing.RECORDS and stand.has_ranges
    borders = range(0, stand.size or 1, range_bytes) if splits else range(1)
    return Planned(
        name=named.name,
        address=named.address,
        size=stand.size,
        version=stand.version,
        packing=packing,
        ranges=tuple(zip(borders, [*borders[1:], None], strict=True)),
    )


def _shown_address(address: str) -> str:
    """What a source is known by: an address, or a path, relative where it is below the current folder."""
    if is_remote(address):
        return address
    place = Path(address).resolve()
    return file_key(str(place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place))


def _stem(address: str) -> str:
    """What to call archives: after their folder, where the file is a list, and no folder by a number alone."""
    parts = [part for part in address.rstrip("/").split("/") if part]
    if len(parts) > 1 and is_list(address):
        parts = parts[:-1]
    last = len(parts) - 1
    while last and parts[last].isdigit():
        last -= 1
    return "-".join(parts[last:])
