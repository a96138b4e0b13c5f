"""Where web archives lie: on a disk, or at any address that fsspec takes."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from ingest.documents import WEB_ARCHIVE_ENDINGS
from ingest.errors import SourceError, SourceNotFoundError
from ingest.mask import mask

__all__ = ["Stand", "find_archives", "is_remote", "look_at", "read_from"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?:::|://)")
_HTTP = re.compile(r"https?://", re.IGNORECASE)
_PIECE = 1 << 20
_LEAST = 3  # bytes that a file must have for it to matter
_BLOCK = 4 << 20  # bytes asked of a server at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """What can be known of an archive without reading it.

    Attributes:
        size: Its bytes; None where its server does not say.
        version: Something that changes when it does: a time, a validator; may be empty.
        has_ranges: Whether it can be read from anywhere, not only from its beginning.
    """

    size: int | None
    version: str
    has_ranges: bool


def is_remote(address: str) -> bool:
    """Whether an address is one of fsspec, not a path."""
    return _SCHEME.match(address) is not None


def look_at(address: str) -> Stand:
    """Ask what there is.

    Raises:
        SourceNotFoundError: Nothing.
        SourceError: It cannot be asked, or is no file.
    """
    with _explained(address):
        if not is_remote(address):
            status = Path(address).stat()
            if not stat.S_ISREG(status.st_mode):
                raise SourceError(f"{address} is not a file.", remedy="Name a web archive, a list of them or a folder.")
            return Stand(size=status.st_size, version=f"{status.st_size}-{status.st_mtime_ns}", has_ranges=True)
        files, path = _files(address)
        known = files.info(path)
        marks = (known.get(name) for name in ("ETag", "etag", "mtime", "LastModified", "last_modified"))
        version = next((str(mark) for mark in marks if mark), "")
        size = known.get("size")
        return Stand(size=size, version=f"{size}-{version}"[:200], has_ranges=_has_ranges(address, files, path, known))


def read_from(address: str, offset: int = 0) -> Iterator[bytes]:
    """Stream a file from a byte on, in pieces of at most a megabyte.

    Raises:
        SourceNotFoundError: It is not there.
        SourceError: It cannot be read, or no longer.
    """
    with _explained(address), _opened(address, offset) as file:
        while piece := file.read(_PIECE):
            yield piece


def find_archives(folder: str) -> tuple[str, ...]:
    """The web archives below a folder, by their paths relative to it, in order.

    Raises:
        SourceNotFoundError: There is no such folder.
        SourceError: It cannot be listed.
    """
    with _explained(folder):
        if not is_remote(folder):
            root = Path(folder)
            found = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
        else:
            files, path = _files(folder)
            root_path = path.rstrip("/") + "/"
            found = (str(each).removeprefix(root_path) for each in files.find(path))
        return tuple(sorted(name for name in found if name.lower().endswith(WEB_ARCHIVE_ENDINGS)))


@contextmanager
def _opened(address: str, offset: int) -> Iterator[BinaryIO]:
    """A file, at a byte."""
    if not is_remote(address):
        with Path(address).open("rb") as file:
            file.seek(offset)
            yield file
        return
    files, path = _files(address)
    if not _HTTP.match(address) or (offset and _has_ranges(address, files, path, files.info(path))):
        with files.open(path, "rb", block_size=_BLOCK, cache_type="readahead") as remote:
            remote.seek(offset)
            yield cast("BinaryIO", remote)
        return
    with files.open(path, "rb", block_size=0) as remote:  # as one stream
        left = offset
        while left and (passed := len(remote.read(min(left, _PIECE)))):
            left -= passed
        yield cast("BinaryIO", remote)


def _has_ranges(address: str, files: Any, path: str, known: Mapping[str, object]) -> bool:
    """Whether a file can be read from anywhere: some web servers give it from its beginning only, and must be asked."""
    size = known.get("size")
    if not isinstance(size, int) or size < _LEAST or known.get("partial") is False:
        return False
    if not _HTTP.match(address):
        return True
    try:
        with files.open(path, "rb", block_size=1, cache_type="none") as file:
            file.seek(1)
            return len(file.read(1)) == 1
    except ValueError:
        return False


def _files(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it; fsspec publishes no types."""
    from fsspec.core import url_to_fs  # noqa: PLC0415 - costs 60 ms, and what is on a disk needs none of it

    files, path = url_to_fs(address)
    return files, path


@contextmanager
def _explained(address: str) -> Iterator[None]:
    """Say in our words what cannot be read, without secrets."""
    shown = mask(address)
    try:
        yield
    except (SourceError, GeneratorExit):
        raise
    except (FileNotFoundError, NotADirectoryError):
        raise SourceNotFoundError(f"There is nothing at {shown}.", remedy="Check the address.") from None
    except ImportError as lacking:
        raise SourceError(
            f"{shown} cannot be read: {lacking}.",
            remedy="Install the package for that address: for s3:// `pip install 'ingest[s3]'`.",
        ) from None
    except Exception as problem:
        said = getattr(problem, "strerror", None) or mask(str(problem)) or type(problem).__name__
        raise SourceError(
            f"{shown} cannot be read: {said}.", remedy="Check the address, the network and the credentials."
        ) from problem
