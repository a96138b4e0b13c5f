"""Files that a person named: JSON lines to read, plain or compressed; and new ones to write, whole or not at all."""

from __future__ import annotations

import contextlib
import gzip
import os
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from ingest.errors import ConfigurationError, SourceError, SourceNotFoundError

__all__ = ["opened", "write_new"]


@contextlib.contextmanager
def opened(file: str) -> Iterator[BinaryIO]:
    """Open a file for reading bytes, unpacked if it is gzip.

    Args:
        file: Its path as it was typed; `-`: standard input.

    Raises:
        SourceNotFoundError: There is none.
        SourceError: It cannot be read.
    """
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        with open(file, "rb") as plain:  # noqa: PTH123 - the path is shown as it was typed
            packed = plain.peek(2)[:2] == b"\x1f\x8b"
            yield cast("BinaryIO", gzip.GzipFile(fileobj=plain)) if packed else plain
    except FileNotFoundError:
        raise SourceNotFoundError(f"there is no file {file}", remedy="name a file of JSON lines, or `-`") from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as broken:
        raise SourceError(f"{file} is a gzip file that does not unpack: {broken}") from None
    except IsADirectoryError:
        raise SourceNotFoundError(f"{file} is a folder", remedy="name a file of JSON lines, or `-`") from None
    except PermissionError:
        raise SourceError(f"{file} cannot be read: permission denied") from None


def write_new(file: str, content: bytes) -> None:
    """Write a file that was not there, so that the whole of it is there under its name, or nothing.

    Args:
        file: Its path as it was typed.
        content: What it is to hold.

    Raises:
        ConfigurationError: It is there already, or cannot be written.
    """
    path = Path(file)
    draft = None
    try:
        descriptor, draft = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".tmp", dir=path.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(draft).chmod(0o666 & ~_umask())
        os.link(draft, path)  # unlike a rename, it replaces nothing
    except FileExistsError:
        raise ConfigurationError(
            f"{file} is there already, and is left as it is", remedy="name another file, or remove it first"
        ) from None
    except OSError as refused:
        raise ConfigurationError(
            f"{file} cannot be written: {refused.strerror or refused}",
            remedy="name a file in a folder that can be written",
        ) from None
    finally:
        if draft is not None:
            Path(draft).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
