"""A file of JSON lines as a source of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ingest.documents import Dropped, Page
from ingest.errors import SourceNotFoundError
from ingest.sources.keys import file_key
from ingest.sources.reading import Disk, inflate, read_pieces
from ingest.sources.records import RecordFile

__all__ = ["JsonLinesSource", "record_keys", "record_pieces"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLinesSource:
    """Lines `{"id","url","title","text","published"}`, only `text` required; gzip too.

    A record's key is its id, else its URL, else the beginning of its line's SHA-256. What concerns the file as a whole
    is dropped under the file's name. Reads line by line: a file may be larger than memory.

    Attributes:
        path: The file.
        name: Name of the source.
        address: What the source is known by, as in `FolderSource`.
        max_bytes: Bytes of the longest line that is read.
        time_zone: As in `Page`.
        disk: The operating system.
    """

    path: Path
    name: str
    address: str
    max_bytes: int = 20_000_000
    time_zone: str = ""
    disk: Disk = field(default_factory=Disk, repr=False, compare=False)
    kind: str = field(default="jsonl", init=False)

    @property
    def is_whole(self) -> bool:
        """Always: a file is read from its first line to its last."""
        return True

    def __iter__(self) -> Iterator[Page | Dropped]:
        """Yield the records.

        Raises:
            SourceNotFoundError: There is no such file.
        """
        if not self.path.is_file():
            raise SourceNotFoundError(f"There is no file {self.address}.", remedy="Check the path.")
        yield from self._records.read(record_pieces(self.disk, self.path.parent, self.path.name))

    def holds(self, key: str) -> bool:
        """Tell whether a record is still there."""
        return key in record_keys(self.path, self._records)

    @property
    def _records(self) -> RecordFile:
        return RecordFile(
            source=self.name,
            file=file_key(self.path.name),
            prefix="",
            longest=self.max_bytes,
            time_zone=self.time_zone,
        )


def record_pieces(disk: Disk, root: Path, relative: str) -> Iterator[bytes]:
    """Stream a `.jsonl` or `.jsonl.gz` file, unpacked; raises as `read_pieces` and `inflate` do."""
    pieces = read_pieces(disk, root, relative)
    return inflate(pieces) if relative.lower().endswith(".gz") else pieces


def record_keys(path: Path, records: RecordFile) -> frozenset[str]:
    """Give the keys of all records of a file; none if it cannot be read. Asked again, an unchanged file is not read."""
    try:
        status = path.stat()
    except OSError:
        return frozenset()
    return _keys_of(path, (status.st_ino, status.st_size, status.st_mtime_ns), records)


@lru_cache(maxsize=1)
def _keys_of(path: Path, _version: tuple[int, int, int], records: RecordFile) -> frozenset[str]:
    pieces = record_pieces(Disk(), path.parent.resolve(), path.name)
    return frozenset(records.keys(pieces))
