"""Raw bytes by their SHA-256, compressed, in a local folder or at any address that fsspec takes.

    <archive>/ab/cd/abcd….gz        one gzip member without name or time, so that equal bytes give equal objects
    <archive>/removals/NAME.json    what is to be known though the store is lost: see `ingest.removals`

What arrived is kept: an object is written once, whole or not at all, and never changed. What is read back is what was
put in, or an error.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import re
import tempfile
import zlib
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, Self

from isal import igzip

from ingest.errors import ArchiveError, ObjectDamagedError, ObjectMissingError

__all__ = ["Archive"]

_TOGETHER = 64  # files that are open at a time
_LEVEL = 2  # of 0 to 3: a fifth of the time that gzip's third takes, for three per cent more
_RECORDS = "removals"
_RECORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*\.json")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?:::|://)")
_PASSWORD = re.compile(r"//[^/@]*@")
_REMEDIES = {
    errno.ENOSPC: "Free some space, or move the archive (`archive_url`).",
    errno.EDQUOT: "Free some space, or move the archive (`archive_url`).",
    errno.EROFS: "Make the place writable, or move the archive (`archive_url`).",
    errno.EACCES: "Make the place writable, or move the archive (`archive_url`).",
    errno.EPERM: "Make the place writable, or move the archive (`archive_url`).",
    errno.ENOTDIR: "`archive_url` must name a folder; a file is in its way.",
    errno.EEXIST: "`archive_url` must name a folder; a file is in its way.",
}


class _Shelf(Protocol):
    """Where objects stand: names and bytes."""

    def read(self, location: str) -> bytes: ...

    def write(self, objects: Iterable[tuple[str, bytes]]) -> None: ...

    def holds(self, location: str) -> bool: ...

    def remove(self, location: str) -> None: ...

    def names(self, folder: str) -> list[str]: ...


class Archive:
    """An archive of raw bytes.

    Attributes:
        url: A folder, or an address such as `s3://bucket/prefix`.
    """

    def __init__(self, url: str) -> None:
        """Name an archive; nothing is opened or made before it is used."""
        self.url = url

    @property
    def shown(self) -> str:
        """Its address, without user and password."""
        return _PASSWORD.sub("//…@", self.url)

    def put(self, content: bytes, *, sha256: str | None = None) -> str:
        """Keep some bytes. Bytes that are kept already are checked, and written again only if they are damaged.

        Args:
            content: The bytes.
            sha256: Their digest, where the caller has it already.

        Returns:
            Their SHA-256 in hex, by which `get` finds them.

        Raises:
            ArchiveError: They cannot be kept: the disk is full, the place is read-only, the service does not answer.
        """
        sha256 = sha256 or hashlib.sha256(content).hexdigest()
        self.put_all({sha256: content})
        return sha256

    def put_all(self, contents: Mapping[str, bytes]) -> None:
        """Keep several bodies, as `put` does each; a local disk is asked less often to have them for good.

        Args:
            contents: By their SHA-256 in hex.

        Raises:
            ArchiveError: One cannot be kept; of the others, those before it may be.
        """
        missing = [(sha256, content) for sha256, content in contents.items() if not self.is_intact(sha256)]
        for start in range(0, len(missing), _TOGETHER):
            self._write(
                # No time: the object depends on the bytes alone.
                (self.location(sha256), igzip.compress(content, compresslevel=_LEVEL, mtime=0))
                for sha256, content in missing[start : start + _TOGETHER]
            )

    def get(self, sha256: str) -> bytes:
        """Give back the bytes with that digest.

        Raises:
            ObjectMissingError: There are none.
            ObjectDamagedError: They are not what was put in.
            ArchiveError: The place cannot be read.
        """
        return self._checked(sha256)[1]

    def get_packed(self, sha256: str) -> bytes:
        """Give the object with that digest as it stands, once it was seen to be what it should be.

        Raises:
            ArchiveError: There is none, it is damaged, or the place cannot be read.
        """
        return self._checked(sha256)[0]

    def put_packed(self, sha256: str, packed: bytes) -> None:
        """Keep an object that `get_packed` gave, of another archive.

        Raises:
            ArchiveError: It cannot be kept.
        """
        self._write([(self.location(sha256), packed)])

    def holds(self, sha256: str) -> bool:
        """Whether there is an object with that digest; whether it is damaged is not looked at.

        Raises:
            ArchiveError: The place cannot be read.
        """
        try:
            return self._shelf.holds(self.location(sha256))
        except ArchiveError:
            raise
        except Exception as problem:
            raise self._error("cannot be read", problem) from problem

    def remove(self, sha256: str) -> None:
        """Delete the object with that digest, if there is one.

        Raises:
            ArchiveError: It cannot be deleted.
        """
        try:
            self._shelf.remove(self.location(sha256))
        except FileNotFoundError:
            return
        except Exception as problem:
            raise self._error("cannot be written", problem) from problem

    def put_record(self, name: str, content: bytes) -> None:
        """Keep a record under a name; one of that name is replaced.

        Raises:
            ArchiveError: It cannot be kept.
        """
        self._write([(f"{_RECORDS}/{name}", content)])

    def records(self) -> dict[str, bytes]:
        """All records, by name.

        Raises:
            ArchiveError: The place cannot be read.
        """
        try:
            names = [name for name in sorted(self._shelf.names(_RECORDS)) if _RECORD.fullmatch(name)]
            return {name: self._shelf.read(f"{_RECORDS}/{name}") for name in names}
        except FileNotFoundError:
            return {}
        except ArchiveError:
            raise
        except Exception as problem:
            raise self._error("cannot be read", problem) from problem

    def _checked(self, sha256: str) -> tuple[bytes, bytes]:
        """An object as it stands, and unpacked."""
        location = self.location(sha256)
        packed = b""
        try:
            packed = self._shelf.read(location)
            content = _unpack(packed)
        except FileNotFoundError:
            raise ObjectMissingError(
                f"The archive has no object {location}.",
                remedy="Check `archive_url`, or restore the object from a backup.",
            ) from None
        except _DamagedError:
            content = b""
        except Exception as problem:
            raise self._error("cannot be read", problem) from problem
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ObjectDamagedError(
                f"The archive's object {location} is damaged.",
                remedy="Restore it from a backup, or bring the document in again, which writes it anew.",
            )
        return packed, content

    def location(self, sha256: str) -> str:
        """Tell where the bytes with that digest stand, relative to the archive.

        Raises:
            ArchiveError: It is no digest.
        """
        if not _DIGEST.fullmatch(sha256):
            raise ArchiveError(f"{sha256!r} is not a SHA-256 digest.", remedy="Give 64 hexadecimal digits.")
        return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.gz"

    def is_intact(self, sha256: str) -> bool:
        """Whether there is an object with that digest, and holds what it should."""
        try:
            content = _unpack(self._shelf.read(self.location(sha256)))
        except ArchiveError:
            raise
        except Exception:  # noqa: BLE001 - not there or not readable: writing will tell
            return False
        return hashlib.sha256(content).hexdigest() == sha256

    def _write(self, objects: Iterable[tuple[str, bytes]]) -> None:
        try:
            self._shelf.write(objects)
        except Exception as problem:
            raise self._error("cannot be written", problem) from problem

    @cached_property
    def _shelf(self) -> _Shelf:
        local = self.url.removeprefix("file://")
        if not _SCHEME.match(local):
            return _Folder(Path(local))
        try:
            return _Remote(self.url)
        except Exception as problem:
            raise self._error("cannot be opened", problem) from problem

    def _error(self, what: str, problem: Exception) -> ArchiveError:
        said = getattr(problem, "strerror", None) or _PASSWORD.sub("//…@", str(problem)) or type(problem).__name__
        number = getattr(problem, "errno", None)
        default = (
            "Check `archive_url`, the network and the credentials, and that the package for this address is there."
        )
        return ArchiveError(f"The archive {self.shown} {what}: {said}.", remedy=_REMEDIES.get(number or 0, default))


class _DamagedError(Exception):
    """Bytes do not unpack."""


def _unpack(packed: bytes) -> bytes:
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as problem:
        raise _DamagedError from problem


class _Folder:
    """A folder on a local disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, location: str) -> bytes:
        return (self._root / location).read_bytes()

    def write(self, objects: Iterable[tuple[str, bytes]]) -> None:
        """Write objects so that after a crash or a power failure there is the whole of each, or nothing.

        All are written before the first is synced, so that the file system has one journal to close and not one for
        each; a folder is synced once for all the names that are new in it.
        """
        named: dict[Path, None] = {}
        with ExitStack() as drafts:
            begun = []
            for location, packed in objects:
                place = self._root / location
                named.update(dict.fromkeys([place.parent, *_make_folder(place.parent, within=self._root)]))
                begun.append((place, drafts.enter_context(_Draft(place.parent, packed))))
            for _, draft in begun:
                draft.sync()
            for place, draft in begun:
                draft.path.replace(place)
        # Names, of the objects and of folders made for them, are on disk only once the folders that hold them are.
        for folder in named:
            _sync_folder(folder)

    def holds(self, location: str) -> bool:
        return (self._root / location).is_file()

    def remove(self, location: str) -> None:
        place = self._root / location
        place.unlink()
        _sync_folder(place.parent)

    def names(self, folder: str) -> list[str]:
        return [each.name for each in (self._root / folder).iterdir()]


class _Draft:
    """An object that does not have its name yet; it is gone if it does not get one."""

    def __init__(self, folder: Path, packed: bytes) -> None:
        self._descriptor, path = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=folder)
        self.path = Path(path)
        self._packed = packed

    def __enter__(self) -> Self:
        with open(self._descriptor, "wb", closefd=False) as file:
            file.write(self._packed)
        os.fchmod(self._descriptor, 0o644)
        self._packed = b""
        return self

    def sync(self) -> None:
        os.fsync(self._descriptor)

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)
        self.path.unlink(missing_ok=True)


def _make_folder(folder: Path, *, within: Path) -> list[Path]:
    """Make a folder where it is missing; the folders that hold a new name, up to `within`."""
    if folder.is_dir():
        return []
    folder.mkdir(parents=True, exist_ok=True)
    # Another process may have made some of them a moment ago, and not have synced them: better once too often.
    holding = [folder.parent]
    while holding[-1] != within:
        holding.append(holding[-1].parent)
    return holding


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _Remote:
    """Any address that fsspec takes. Object stores write an object whole or not at all."""

    def __init__(self, url: str) -> None:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - costs 60 ms, and most archives are local

        # fsspec publishes no types.
        files: Any
        files, root = url_to_fs(url)
        self._files = files
        self._root = root.rstrip("/")

    def read(self, location: str) -> bytes:
        content: bytes = self._files.cat_file(f"{self._root}/{location}")
        return content

    def write(self, objects: Iterable[tuple[str, bytes]]) -> None:
        for location, packed in objects:
            place = f"{self._root}/{location}"
            self._files.makedirs(place.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(place, packed)

    def holds(self, location: str) -> bool:
        return bool(self._files.exists(f"{self._root}/{location}"))

    def remove(self, location: str) -> None:
        self._files.rm_file(f"{self._root}/{location}")

    def names(self, folder: str) -> list[str]:
        listed: list[str] = self._files.ls(f"{self._root}/{folder}", detail=False, refresh=True)
        return [each.rstrip("/").rpartition("/")[2] for each in listed]
