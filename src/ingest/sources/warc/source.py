"""A range of a web archive as a source of the pipeline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ingest.documents import Dropped, Fate, Outcome, Packing, Page, Reason, Skip, Stage
from ingest.sources.keys import file_key, record_key
from ingest.sources.warc.places import read_from
from ingest.sources.warc.records import Broken, Record, read_records
from ingest.sources.warc.responses import LONGEST_HEADER, Reading, to_page

__all__ = ["Counts", "Stretch", "WarcSource"]

_QUIET = 1_000  # records without a page after which progress is told all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Which part of which archive is to be read.

    Attributes:
        archive: What the archive is called within its source.
        address: Where it is.
        packing: How it is packed.
        offset: Where to begin; see `read_records`.
        stop: Where to end; None: at its end.
    """

    archive: str
    address: str
    packing: Packing
    offset: int = 0
    stop: int | None = None


@dataclass(slots=True, kw_only=True)
class Counts:
    """What was read since it was last told.

    Attributes:
        records: Pieces of the archive: records, and what cannot be read.
        pages: Records that brought a page.
        skipped: Records that did not, and why.
        broken: What cannot be read, and why.
        fates: What became of the pages and of what is broken.
    """

    records: int = 0
    pages: int = 0
    skipped: Counter[Skip] = field(default_factory=Counter)
    broken: Counter[Reason] = field(default_factory=Counter)
    fates: Counter[Fate] = field(default_factory=Counter)


@dataclass(slots=True, kw_only=True)
class WarcSource:
    """The pages of a stretch; what was read and is settled is told as it goes, so that it can be taken up there.

    Attributes:
        name: Name of the source.
        address: What the source is known by.
        stretch: What to read.
        max_bytes: As in `Reading`.
        time_zone: As in `Page`.
        settled: Called with the offset before which all is settled, and what was read up to there.
        stopping: Asked before each record whether to end early.
    """

    name: str
    address: str
    stretch: Stretch
    max_bytes: int = 20_000_000
    time_zone: str = ""
    settled: Callable[[int, Counts], None] = lambda _offset, _counts: None
    stopping: Callable[[], bool] = lambda: False
    kind: str = field(default="warc", init=False)
    is_ended: bool = field(default=False, init=False)
    """Whether it was read to its end."""
    is_held_up: bool = field(default=False, init=False)
    """Whether another worker had a page of it, so that from there on it is to be read once more."""
    counts: Counts = field(default_factory=Counts, init=False)
    """What was read and is not told yet."""
    _under_way: int = field(default=0, init=False)

    @property
    def is_whole(self) -> bool:
        """Never: a range is a part of an archive, which is a part of a source."""
        return False

    def holds(self, key: str) -> bool:  # noqa: ARG002 - the signature is that of every source
        """Tell that a page is still there: an archive loses nothing."""
        return True

    def take(self, outcome: Outcome) -> None:
        """Take note of what became of a page."""
        self._under_way -= 1
        self.counts.fates[outcome.fate] += 1
        self.is_held_up = self.is_held_up or outcome.fate is Fate.BUSY

    def __iter__(self) -> Iterator[Page | Dropped]:
        """Yield the pages, and what is broken.

        Raises:
            SourceError: The archive cannot be read, or no longer.
        """
        reading = Reading(source=self.name, max_bytes=self.max_bytes, time_zone=self.time_zone)
        last = self.stretch.offset
        for record in self._records():
            if not self._under_way and not self.is_held_up and record.offset > last and self._is_due:
                last = self._tell(record.offset)
            if self.stopping():
                return
            found = record if isinstance(record, Broken) else to_page(record, reading)
            self.counts.records += 1
            if isinstance(found, Skip):
                self.counts.skipped[found] += 1
                continue
            self._under_way += 1
            if isinstance(found, Page):
                self.counts.pages += 1
                yield found
            else:
                self.counts.broken[found.reason] += 1
                yield self._dropped(found)
        self.is_ended = True

    def _records(self) -> Iterator[Record | Broken]:
        stretch = self.stretch
        begin = 0 if stretch.packing is Packing.WHOLE else stretch.offset
        return read_records(
            read_from(stretch.address, begin),
            packing=stretch.packing,
            offset=stretch.offset,
            stop=stretch.stop,
            most=self.max_bytes + LONGEST_HEADER,
        )

    @property
    def _is_due(self) -> bool:
        """A window was settled, or many records passed without a page."""
        return self.counts.records >= _QUIET or bool(self.counts.fates)

    def _tell(self, offset: int) -> int:
        told, self.counts = self.counts, Counts()
        self.settled(offset, told)
        return offset

    def _dropped(self, broken: Broken) -> Dropped:
        """Under the archive's name, so that what is known of the address by another capture stands."""
        key = record_key("", f"{file_key(self.stretch.archive)}@{broken.offset}")
        return Dropped(
            source=self.name,
            key=key,
            url=broken.url,
            stage=Stage.SOURCE,
            reason=broken.reason,
            detail=f"{broken.detail} ({self.stretch.archive})",
        )
