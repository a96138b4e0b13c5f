"""Records of a web archive, one after the other; a broken one costs itself.

    records   a gzip member each          the next record is found behind the member
    whole     gzip over the whole file    what is damaged in it ends the reading: nothing behind it unpacks
    plain     no gzip                     the next record is found by its first line

What a record says of its length is believed where the next record, or the end, stands behind it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO

from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException

from ingest.documents import Packing, Reason
from ingest.sources.reading import inflate
from ingest.sources.warc.lines import next_record, starts_record
from ingest.sources.warc.members import members
from ingest.sources.warc.scroll import Scroll

__all__ = ["Broken", "Record", "has_further_record", "read_records"]

_HEAD = 65_536  # bytes of a record's own headers
_LONGEST_LINE = 5_000  # of a record's first line
_WINDOW = 1 << 20
_PADDING = b"\r\n\0 "
_FORMATS = ArcWarcRecordLoader()  # its parsers of headers; its reader of blocks trusts every length
_HEADERS_END = re.compile(rb"\n\r?\n")
_LENGTH = re.compile(r"\d{1,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record as it stands in the archive.

    Attributes:
        offset: Where it begins: in the file, or, with gzip over the whole file, in what that unpacks to.
        kind: `response`, `request`, …; lower case.
        url: What it is a capture of.
        date: When it was captured, as given.
        truncated: Why the crawler did not take all of it, as given.
        block: What was captured, with its HTTP header; None where it has more bytes than are wanted.
        flaw: What is wrong with its end, where it has fewer bytes than it says.
    """

    offset: int
    kind: str
    url: str | None = None
    date: str | None = None
    truncated: str | None = None
    block: bytes | None = field(default=None, repr=False)
    flaw: Broken | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A piece of an archive that cannot be read.

    Attributes:
        offset: Where it begins, as in `Record`.
        reason: Out of the closed set.
        detail: One sentence for people.
        url: What it is a capture of, as far as it says so.
    """

    offset: int
    reason: Reason
    detail: str
    url: str | None = None


def read_records(
    pieces: Iterable[bytes], *, packing: Packing, offset: int, stop: int | None, most: int
) -> Iterator[Record | Broken]:
    """Read the records that begin before `stop`.

    Args:
        pieces: The bytes of the archive, from `offset` on; with gzip over the whole file, always from its beginning.
        packing: How it is packed.
        offset: Where to begin. With `records`, anywhere: the first record at or behind it is the first. Else where a
            record begins.
        stop: Records that begin there or later are left to others; None: there are no others.
        most: A larger block is not held in memory.
    """
    if packing is Packing.RECORDS:
        yield from _of_members(Scroll(pieces, offset=offset), stop=stop, most=most)
        return
    if packing is Packing.WHOLE:
        scroll = Scroll(inflate(pieces))
        scroll.skip(offset)
    else:
        scroll = Scroll(pieces, offset=offset)
    reader = _Reader(scroll, most=most)
    while (found := reader.next()) is not None and (stop is None or found.offset < stop):
        yield found


def _of_members(packed: Scroll, *, stop: int | None, most: int) -> Iterator[Record | Broken]:
    for member in members(packed, stop=stop):
        if member.lost:
            yield Broken(
                offset=member.lost.start,
                reason=Reason.CORRUPT_ARCHIVE,
                detail=f"Byte {member.lost.start:,} of the archive: {len(member.lost):,} bytes belong to no record.",
            )
        reader = _Reader(member.content, most=most, offset=member.offset)
        while (found := reader.next()) is not None:
            yield found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """What a record says of itself.

    Attributes:
        headers: With the names of WARC, also in ARC.
        begin: Of its block, counted from the record's first byte.
        end: Of its block, as it says.
    """

    headers: StatusAndHeaders
    begin: int
    end: int

    def said(self, name: str) -> str | None:
        """A header, if it is there and not blank."""
        value: str | None = self.headers.get_header(name)
        return value.strip() or None if value else None


class _Reader:
    """Reads one stream of records."""

    def __init__(self, scroll: Scroll, *, most: int, offset: int | None = None) -> None:
        self._scroll = scroll
        self._most = most
        self._shared = offset  # the offset of all its records, where these share a gzip member
        self._offset = 0
        self._is_told = False  # that the stream ends before its end
        self._is_warc = True

    def next(self) -> Record | Broken | None:
        """The next record, or what stands in its place; None at the end."""
        scroll = self._scroll
        while (blank := scroll.peek(_WINDOW)) and not blank.strip(_PADDING):
            scroll.skip(len(blank))
        scroll.skip(len(blank) - len(blank.lstrip(_PADDING)))
        self._offset = scroll.offset if self._shared is None else self._shared
        if not blank:
            return None if scroll.failure is None or self._is_told else self._broken_off(None, 0)
        seen = scroll.peek(_HEAD)
        head = self._head(seen)
        if isinstance(head, str):
            cut = len(seen) < _HEAD and starts_record(seen) and not _HEADERS_END.search(seen)
            return self._broken_off(None, 0) if cut else self._give_up(head, None)
        return self._large(head) if head.end - head.begin > self._most else self._small(head)

    def _head(self, seen: bytes) -> _Head | str:
        """The headers of a record, or why they are none."""
        if not starts_record(seen):
            return "no record begins here"
        stream = BytesIO(seen)
        try:
            self._is_warc = is_warc = seen.startswith(b"WARC/")
            headers = (_FORMATS.warc_parser if is_warc else _FORMATS.arc_parser).parse(stream)
        except (StatusAndHeadersParserException, EOFError, ValueError, IndexError):
            return "its headers cannot be read"
        begin, length = stream.tell(), (headers.get_header("Content-Length") or "").strip()
        if begin >= _HEAD:
            return f"its headers have more than {_HEAD:,} bytes"
        if not _LENGTH.fullmatch(length):
            return f"its length is no number but {length[:40]!r}"
        # In ARC, the two lines that describe the archive count as its first record's block, and were read with it.
        end = max(begin + int(length) - (0 if is_warc else headers.total_len), begin)
        return _Head(headers=headers, begin=begin, end=end)

    def _small(self, head: _Head) -> Record | Broken:
        """A record whose block is held in memory."""
        seen = self._scroll.peek(head.end + _HEAD)
        # What a damaged gzip member unpacks to may be wrong anywhere in it.
        damaged = self._scroll.failure is not None and self._shared is not None
        if len(seen) >= head.end and _is_border(seen[head.end :]) and not damaged:
            return self._whole(head, seen, head.end)
        behind = next_record(seen[head.begin :], warc=self._is_warc)
        border = None if behind is None else head.begin + behind
        if border is not None and border < head.end:
            short = self._give_up(f"it is said to have {head.end - head.begin:,} bytes, and does not", head)
            return self._record(head, seen[head.begin : border], flaw=short)
        if border is None and (len(seen) < head.end or damaged):
            short = self._broken_off(head, len(seen) - head.begin)
            return (
                short
                if isinstance(self._scroll.failure, zlib.error)
                else self._record(head, seen[head.begin :], flaw=short)
            )
        if border is None and len(seen) == head.end + _HEAD:
            return self._give_up(f"it is said to have {head.end - head.begin:,} bytes, and has more", head)
        return self._whole(head, seen, border or len(seen))  # it may have more bytes than it says

    def _whole(self, head: _Head, seen: bytes, end: int) -> Record:
        self._scroll.skip(end)
        return self._record(head, seen[head.begin : end])

    def _large(self, head: _Head) -> Record | Broken:
        """A record of which only the headers are wanted."""
        if next_record(self._scroll.peek(self._most)[head.begin :], warc=self._is_warc) is not None:
            return self._give_up(f"it is said to have {head.end - head.begin:,} bytes, and does not", head)
        passed = self._scroll.skip(head.end)
        behind = self._scroll.peek(_HEAD)
        if passed < head.end or self._scroll.failure is not None:
            return self._broken_off(head, passed - head.begin)
        if not _is_border(behind):
            return self._give_up(f"it is said to have {head.end - head.begin:,} bytes, and does not", head)
        return self._record(head, None)

    def _record(self, head: _Head, block: bytes | None, *, flaw: Broken | None = None) -> Record:
        return Record(
            offset=self._offset,
            kind=(head.said("WARC-Type") or "").lower(),
            url=head.said("WARC-Target-URI"),
            date=head.said("WARC-Date"),
            truncated=head.said("WARC-Truncated"),
            block=block,
            flaw=flaw,
        )

    def _give_up(self, problem: str, head: _Head | None) -> Broken:
        """Leave a record behind that cannot be read, and go on to the next one."""
        scroll = self._scroll
        scroll.skip(1)
        while (window := scroll.peek(_WINDOW)) and (following := next_record(window, warc=self._is_warc)) is None:
            # A first line may stand across the border of two windows.
            scroll.skip(len(window) if len(window) < _WINDOW else _WINDOW - _LONGEST_LINE)
        scroll.skip(following if window and following else 0)
        if scroll.failure is not None and not scroll.peek(1):
            return self._broken_off(head, 0)
        return Broken(
            offset=self._offset,
            reason=Reason.MALFORMED_RECORD,
            detail=f"Byte {self._offset:,} of the archive: {problem}.",
            url=head.said("WARC-Target-URI") if head else None,
        )

    def _broken_off(self, head: _Head | None, got: int) -> Broken:
        """What is left at the end of a stream, whose beginning was read."""
        while self._scroll.skip(_WINDOW):
            pass
        self._is_told = True
        problem = self._scroll.failure
        why = f"gzip does not unpack here ({problem})" if isinstance(problem, zlib.error) else "the archive breaks off"
        much = f" after {got:,} of its {head.end - head.begin:,} bytes" if head and got else ""
        return Broken(
            offset=self._offset,
            reason=Reason.CORRUPT_ARCHIVE,
            detail=f"Byte {self._offset:,} of the archive: in the record that begins here {why}{much}.",
            url=head.said("WARC-Target-URI") if head else None,
        )


def _is_border(behind: bytes) -> bool:
    """Whether a record may end where these bytes follow."""
    rest = behind.lstrip(_PADDING)
    return not rest or behind.startswith(b"\r\n\r\n") or starts_record(rest)


def has_further_record(scroll: Scroll) -> bool:
    """Tell whether a second record stands in a stream."""
    reader = _Reader(scroll, most=_WINDOW)
    return reader.next() is not None and reader.next() is not None
