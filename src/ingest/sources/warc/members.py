"""Gzip in which each record is a member of its own: where records begin, and what they unpack to.

A record belongs to the range of bytes in which its member begins. A member is taken for the beginning of a record where
it unpacks to the first line of one, both when a range is entered and after a member that is broken, so that ranges
agree on their borders whoever reads them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.sources.warc.lines import starts_record
from ingest.sources.warc.scroll import Scroll

__all__ = ["MAGIC", "Member", "find_record", "inflate_member", "members"]

MAGIC = b"\x1f\x8b\x08"
_SLICE = 16_384  # of packed bytes at a time
_PIECE = 65_536  # of unpacked ones
_WINDOW = 1 << 16
_HEAD = 4_096
_MOST_DRAINED = 1 << 30  # of a record that nobody wants; beyond it, the next one is searched for


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member that begins with a record.

    Attributes:
        offset: Of its first byte in the archive.
        lost: Bytes before it that belong to no record.
        content: What it unpacks to, together with members after it that begin with no record.
    """

    offset: int
    lost: int
    content: Scroll


def members(packed: Scroll, *, stop: int | None) -> Iterator[Member]:
    """Find the members that begin before `stop`; what is left of one is passed over when the next is asked for."""
    was_broken = True  # what stands before the first record of a range is of the range before
    while (passed := find_record(packed)) is not None and (stop is None or packed.offset < stop):
        content = Scroll(_unpacked(packed))
        yield Member(offset=packed.offset, lost=0 if was_broken else passed, content=content)
        content.skip(_MOST_DRAINED)
        was_broken = content.failure is not None or bool(content.peek(1))  # bytes behind a broken member are its own


def find_record(packed: Scroll) -> int | None:
    """Go on to the next member that begins with a record.

    Returns:
        How many bytes, other than padding, were passed over; None where no record follows.
    """
    passed = 0
    while window := packed.peek(_WINDOW):
        found = window.find(MAGIC)
        before = window[: found if found >= 0 else max(len(window) - len(MAGIC) + 1, 1)]
        passed += len(before.strip(b"\0\r\n"))
        packed.skip(len(before))
        if found >= 0:
            if _begins_record(packed):
                return passed
            packed.skip(1)
            passed += 1
    return None


def inflate_member(packed: Scroll) -> Iterator[bytes]:
    """Unpack one member in pieces of at most 64 KiB.

    Raises:
        EOFError: It breaks off.
        zlib.error: It is damaged.
    """
    decoder = zlib.decompressobj(wbits=31)
    while not decoder.eof:
        piece = packed.peek(_SLICE)
        found = decoder.decompress(piece, _PIECE)
        packed.skip(len(piece) - len(decoder.unconsumed_tail) - len(decoder.unused_data))
        if found:
            yield found
        elif not piece:
            raise EOFError("it breaks off")


def _unpacked(packed: Scroll) -> Iterator[bytes]:
    yield from inflate_member(packed)
    # Some writers begin a further member in the middle of a record.
    while packed.peek(len(MAGIC)) == MAGIC and not _begins_record(packed):
        yield from inflate_member(packed)


def _begins_record(packed: Scroll) -> bool:
    try:
        return starts_record(zlib.decompressobj(wbits=31).decompress(packed.peek(_HEAD), _HEAD))
    except zlib.error:
        return False
