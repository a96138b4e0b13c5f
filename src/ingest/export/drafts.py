"""Files that take their name only when they are whole: written beside it, flushed to the disk, then renamed."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ingest.errors import ConfigurationError, ExportError

__all__ = ["Draft", "publish"]


class Draft:
    """A file that is being written; what is written is counted, and goes into a SHA-256.

    Attributes:
        final: The name that it will have.
        bytes: Written so far.
    """

    def __init__(self, final: Path) -> None:
        """Open it beside its final name.

        Raises:
            ExportError: It cannot be written there.
        """
        self.final = final
        self.bytes = 0
        self._digest = hashlib.sha256()
        self._path = final.with_name(f".{final.name}.{secrets.token_hex(4)}.part")
        with _explained(final):
            self._file: BinaryIO = self._path.open("xb")

    @property
    def sha256(self) -> str:
        """Of what was written so far, in hex."""
        return self._digest.hexdigest()

    def write(self, piece: bytes) -> None:
        """Write the next piece.

        Raises:
            ExportError: The disk is full, or the file may not grow so large.
        """
        with _explained(self.final):
            self._file.write(piece)
        self._digest.update(piece)
        self.bytes += len(piece)

    def finish(self) -> None:
        """Bring all of it to the disk.

        Raises:
            ExportError: It does not fit.
        """
        with _explained(self.final):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def take_name(self, *, force: bool) -> None:
        """Give it its final name.

        Args:
            force: Whether it may take the place of another file.

        Raises:
            ExportError: It may not, and there is one by now.
        """
        with _explained(self.final):
            if not force and _linked(self._path, self.final):
                self._path.unlink()
            else:
                self._path.replace(self.final)

    def discard(self) -> None:
        """Remove what was written, unless it has its name."""
        with suppress(OSError):  # what cannot be flushed is not wanted either
            self._file.close()
        with suppress(OSError):
            self._path.unlink()


def publish(drafts: list[Draft], last: Draft, *, force: bool) -> None:
    """Give finished drafts their names, the last one after all others: it vouches for them.

    Args:
        drafts: The others.
        last: The manifest. Where it takes the place of another, that one goes first.
        force: Whether other files may be replaced.
    """
    if force:
        with _explained(last.final):
            last.final.unlink(missing_ok=True)
    named: list[Draft] = []
    try:
        for draft in (*drafts, last):
            draft.take_name(force=force)
            named.append(draft)
    except BaseException:
        for draft in named:  # without a manifest nobody knows what they are
            draft.final.unlink(missing_ok=True)
        raise
    _sync(last.final.parent)


def _linked(path: Path, final: Path) -> bool:
    """Give a file a second name unless that is taken; False where the file system knows no second names."""
    try:
        final.hardlink_to(path)
    except FileExistsError:
        raise
    except OSError:
        if final.exists():
            raise FileExistsError(errno.EEXIST, "File exists") from None
        return False
    return True


def _sync(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system lets a folder be opened."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _explained(final: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise ConfigurationError(
            f"{final} is there already", remedy="--force replaces it; --output names another place"
        ) from None
    except OSError as refused:
        why = refused.strerror or str(refused)
        raise ExportError(f"{final} cannot be written: {why}", remedy=_remedy(refused)) from None


def _remedy(refused: OSError) -> str:
    if refused.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "nothing was left under that name; make room, or name another place with --output, and export again"
    return "name a folder that this user may write with --output"
