"""Files of JSON lines that a person named, plain or compressed."""

from __future__ import annotations

import contextlib
import gzip
import sys
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from ingest.errors import SourceError, SourceNotFoundError

__all__ = ["opened"]


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
