"""Read one file of a folder: bounded, whole, never through a link, never waiting for a pipe."""

from __future__ import annotations

import errno
import os
import stat
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.documents import Reason

__all__ = ["Disk", "Flaw", "corrupt", "inflate", "not_a_file", "read_file", "read_pieces", "refusal", "unpack"]

_PIECE = 65_536
# Small, since zlib copies what follows a member's end: a file of tiny members would be copied whole for each of them.
_SLICE = 16_384
_MOST_EMPTY_MEMBERS = 1_000
_ATTEMPTS = 4
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """Why bytes cannot be used: what becomes a `Dropped` once its source and key are known."""

    reason: Reason
    detail: str


class Disk:
    """What is asked of the operating system; tests put another in its place."""

    def open(self, root: Path, relative: str) -> int:
        """Open a file below `root` for reading and return its descriptor; follows no link on the way below it.

        Raises:
            OSError: It is not there, is a link, or may not be read.
        """
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW
        *folders, name = Path(relative).parts
        at = os.open(root, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
        for folder in folders:
            try:
                below = os.open(folder, flags | os.O_DIRECTORY, dir_fd=at)
            finally:
                os.close(at)
            at = below
        try:
            return os.open(name, flags | os.O_NONBLOCK | os.O_NOCTTY, dir_fd=at)
        finally:
            os.close(at)

    def stat(self, descriptor: int) -> os.stat_result:
        """Return what the operating system knows of an open file."""
        return os.fstat(descriptor)

    def read(self, descriptor: int, size: int) -> bytes:
        """Read at most `size` bytes; empty at the end."""
        return os.read(descriptor, size)

    def pause(self) -> None:
        """Give whoever writes a file a moment."""
        time.sleep(0.05)


def read_file(disk: Disk, root: Path, relative: str, *, max_bytes: int) -> bytes | Flaw:
    """Read a whole file, and make sure that it was not written meanwhile.

    Args:
        disk: The operating system.
        root: The folder, without links.
        relative: Path of the file in it, without links.
        max_bytes: A larger one is not read.
    """
    for attempt in range(_ATTEMPTS):
        if attempt:
            disk.pause()
        try:
            descriptor = disk.open(root, relative)
        except OSError as problem:
            return refusal(problem)
        try:
            found = _read_once(disk, descriptor, max_bytes)
        except OSError as problem:
            return refusal(problem)
        finally:
            os.close(descriptor)
        if found is not None:
            return found
    return Flaw(
        reason=Reason.STILL_CHANGING,
        detail="The file was being written while it was read; run again once it is complete.",
    )


def _read_once(disk: Disk, descriptor: int, max_bytes: int) -> bytes | Flaw | None:
    before = disk.stat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        return not_a_file(before.st_mode)
    if before.st_size > max_bytes:
        return _too_large(f"has {before.st_size:,} bytes", max_bytes)
    content = bytearray()
    while len(content) <= max_bytes and (piece := disk.read(descriptor, min(1 << 20, max_bytes + 1 - len(content)))):
        content += piece
    if len(content) > max_bytes:
        return _too_large("grew while it was read", max_bytes)
    after = disk.stat(descriptor)
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return bytes(content) if same and len(content) == after.st_size else None


def read_pieces(disk: Disk, root: Path, relative: str) -> Iterator[bytes]:
    """Read a regular file piece by piece, however large.

    Raises:
        OSError: It cannot be read, or is no regular file.
    """
    descriptor = disk.open(root, relative)
    try:
        if not stat.S_ISREG(disk.stat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        while piece := disk.read(descriptor, _PIECE):
            yield piece
    finally:
        os.close(descriptor)


def inflate(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack gzip in pieces of at most 64 KiB: several members, NUL padding and trailing junk are taken as gzip does.

    Raises:
        EOFError: It ends in the middle; no bytes at all are no error.
        zlib.error: It is no gzip, or damaged.
    """
    decoder, members, empty, length = None, 0, 0, 0
    for piece in _sliced(pieces):
        rest, full = piece, False
        while rest or full:
            if decoder is None:
                rest = rest.lstrip(b"\0") if members else rest
                if members and not _GZIP_MAGIC.startswith(rest[:2]):
                    return
                if not rest:
                    break
                decoder, length = zlib.decompressobj(wbits=31), 0
            found = decoder.decompress(rest, _PIECE)
            full = len(found) == _PIECE
            length += len(found)
            rest = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
            if found:
                yield found
            if decoder.eof:
                decoder, full, members, empty = None, False, members + 1, empty + (length == 0)
                if empty > _MOST_EMPTY_MEMBERS:
                    raise zlib.error("it consists of empty members")
    if decoder is not None:
        raise EOFError("it ends in the middle")


def _sliced(pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        for start in range(0, len(piece), _SLICE):
            yield piece[start : start + _SLICE]


def unpack(content: bytes, *, max_bytes: int) -> bytes | Flaw:
    """Unpack gzip, but no further than `max_bytes`."""
    unpacked = bytearray()
    try:
        for piece in inflate([content]):
            unpacked += piece
            if len(unpacked) > max_bytes:
                return _too_large("has more bytes once unpacked", max_bytes)
    except (EOFError, zlib.error) as problem:
        return corrupt(problem)
    return bytes(unpacked)


def corrupt(problem: EOFError | zlib.error) -> Flaw:
    """Say that gzip did not unpack."""
    return Flaw(
        reason=Reason.CORRUPT_ARCHIVE,
        detail=f"The gzip file does not unpack ({problem}); fetch or pack it again.",
    )


def refusal(problem: OSError) -> Flaw:
    """Say what the operating system said, without the path."""
    if isinstance(problem, FileNotFoundError | NotADirectoryError):
        return Flaw(reason=Reason.VANISHED, detail="The file was gone before it could be read; nothing to do.")
    said = problem.strerror or type(problem).__name__
    return Flaw(
        reason=Reason.UNREADABLE,
        detail=f"The operating system refused to read it ({said}); check its permissions and its disk.",
    )


def not_a_file(mode: int) -> Flaw:
    """Say that something is neither file nor folder."""
    kinds = {stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket", stat.S_IFDIR: "a folder"}
    kind = kinds.get(stat.S_IFMT(mode), "a device")
    return Flaw(
        reason=Reason.UNSUPPORTED_TYPE,
        detail=f"It is {kind}, not a file; put the text into a regular file.",
    )


def _too_large(what: str, max_bytes: int) -> Flaw:
    return Flaw(
        reason=Reason.TOO_LARGE,
        detail=f"The file {what}; the limit is {max_bytes:,} (`max_bytes`): raise it, or split the file.",
    )
