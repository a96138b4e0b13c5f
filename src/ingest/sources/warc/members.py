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
_HEAD = 8_192
_STEP = 128
_PADDING = b"\0\r\n"
_MOST_DRAINED = 1 << 30  # of a record that nobody wants; beyond it, the next one is searched for


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member that begins with a record.

    Attributes:
        offset: Of its first byte in the archive.
        lost: The bytes before it that belong to no record.
        content: What it unpacks to, together with members after it that begin with no record.
    """

    offset: int
    lost: range
    content: Scroll


def members(packed: Scroll, *, stop: int | None) -> Iterator[Member]:
    """Find the members that begin before `stop`; what is left of one is passed over when the next is asked for."""
    was_broken = True  # what stands before the first record of a range is of the range before
    while (passed := find_record(packed)) is not None and (stop is None or packed.offset < stop):
        content = Scroll(_unpacked(packed))
        yield Member(offset=packed.offset, lost=range(0) if was_broken else passed, content=content)
        content.skip(_MOST_DRAINED)
        was_broken = content.failure is not None or bool(content.peek(1))  # bytes behind a broken member are its own


def find_record(packed: Scroll) -> range | None:
    """Go on to the next member that begins with a record.

    Returns:
        The bytes that were passed over, from the first that is no padding on; None where no record follows.
    """
    first = None
    while window := packed.peek(_WINDOW):
        found = window.find(MAGIC)
        before = window[: found if found >= 0 else max(len(window) - len(MAGIC) + 1, 1)]
        if first is None and before.strip(_PADDING):
            first = packed.offset + len(before) - len(before.lstrip(_PADDING))
        packed.skip(len(before))
        if found >= 0:
            if _begins_record(packed):
                return range(packed.offset if first is None else first, packed.offset)
            first = packed.offset if first is None else first
            packed.skip(1)
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
        try:
            found = decoder.decompress(piece, _PIECE)
        except zlib.error:
            packed.skip(len(MAGIC))  # where the damage is nobody knows; but this member is not to be found again
            raise
        packed.skip(len(piece) - _unused(decoder))
        if found:
            yield found
        elif not piece:
            raise EOFError("it breaks off")


def _unused(decoder: zlib._Decompress) -> int:
    """How many bytes a decoder has not used; at the end, zlib may have them in both places."""
    return len(decoder.unused_data if decoder.eof else decoder.unconsumed_tail)


def _unpacked(packed: Scroll) -> Iterator[bytes]:
    yield from inflate_member(packed)
    # Some writers begin a further member in the middle of a record.
    while packed.peek(len(MAGIC)) == MAGIC and (opening := _opening(packed)) and not starts_record(opening):
        yield from inflate_member(packed)


def _begins_record(packed: Scroll) -> bool:
    opening = _opening(packed)
    return opening is not None and starts_record(opening)


def _opening(packed: Scroll) -> bytes | None:
    """The first line, or more, that a member unpacks to; None where it does not unpack."""
    decoder, found, head = zlib.decompressobj(wbits=31), b"", packed.peek(_HEAD)
    try:
        # In small steps: damage behind the first line is no reason to overlook it.
        for start in range(0, len(head), _STEP):
            found += decoder.decompress(head[start : start + _STEP], _HEAD)
            if decoder.eof or b"\n" in found.lstrip(b"\r\n"):
                break
    except zlib.error:
        return None
    return found
