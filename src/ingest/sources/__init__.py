"""Where articles come from: a source yields what it holds, piece by piece, readable or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Protocol

from ingest.documents import WEB_ARCHIVE_ENDINGS, Dropped, Page
from ingest.errors import ConfigurationError, SourceError, SourceNotFoundError
from ingest.mask import mask
from ingest.sources.folder import FolderSource
from ingest.sources.jsonl import JsonLinesSource
from ingest.sources.keys import file_key, file_of

__all__ = [
    "FolderSource",
    "JsonLinesSource",
    "KnownSource",
    "Source",
    "folder_address",
    "known_folder",
    "label_of",
    "open_source",
]


class Source(Protocol):
    """What the pipeline asks of a source."""

    @property
    def name(self) -> str:
        """What people call it; unique in a store."""
        ...

    @property
    def kind(self) -> str:
        """What sort it is: `folder`, `jsonl`, `warc`."""
        ...

    @property
    def address(self) -> str:
        """What it is known by again: a path or a URL."""
        ...

    @property
    def is_whole(self) -> bool:
        """Whether it yields all that its place holds: once that was taken in, what comes later is new there."""
        ...

    def __iter__(self) -> Iterator[Page | Dropped]:
        """Yield what it holds, always in the same order."""
        ...

    def holds(self, key: str) -> bool:
        """Tell whether a document is still there under that key."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSource:
    """A source that the store has seen before."""

    name: str
    kind: str
    address: str


def open_source(
    path: Path,
    *,
    base: Path,
    known: Sequence[KnownSource] = (),
    name: str | None = None,
    max_bytes: int = 20_000_000,
    time_zone: str = "",
) -> FolderSource | JsonLinesSource:
    """Make a source of a path that a person gave.

    The same place is the same source, whatever path leads there, so that a file which is read alone today is known when
    its folder is read tomorrow:

    - in or below a known folder: that folder, reading only what was asked for;
    - a folder: itself;
    - a `.jsonl` or `.jsonl.gz` file: itself;
    - another file: its folder, reading only the file.

    Args:
        path: A folder or a file.
        base: The configuration's folder: addresses are relative to it where they are inside.
        known: The sources of the store.
        name: What to call a source that is new; else the last part of its path, made unique by `-2`, `-3`, ….
        max_bytes: As in `FolderSource`.
        time_zone: As in `Page`.

    Raises:
        SourceNotFoundError: There is nothing at `path`.
        SourceError: The path cannot be followed.
        ConfigurationError: `name` belongs to another source, or the source has another name already.
    """
    place, base = _resolve(path), base.resolve()
    identity = _identity(place, base, known)
    label = label_of(kind=identity.kind, address=identity.address, stem=identity.place.name, known=known, name=name)
    if identity.kind == "jsonl":
        return JsonLinesSource(
            path=place, name=label, address=identity.address, max_bytes=max_bytes, time_zone=time_zone
        )
    return FolderSource(
        root=identity.place,
        name=label,
        address=identity.address,
        only=() if place == identity.place else (PurePosixPath(place.relative_to(identity.place)),),
        max_bytes=max_bytes,
        time_zone=time_zone,
    )


def folder_address(path: Path, *, base: Path) -> str:
    """What a folder is known by: its path, relative to `base` where it is inside; links are followed.

    Raises:
        SourceNotFoundError: There is no such folder.
        SourceError: The path cannot be followed.
    """
    place = _resolve(path)
    if not place.is_dir():
        raise SourceNotFoundError(f"{path} is no folder.", remedy="Check the path.")
    return _address(place, base.resolve())


def known_folder(
    address: str, *, base: Path, name: str, max_bytes: int = 20_000_000, time_zone: str = ""
) -> FolderSource:
    """The folder that an address of `folder_address` leads to, under the name by which the store knows it."""
    root = (base / file_of(address)).resolve()
    return FolderSource(root=root, name=name, address=address, max_bytes=max_bytes, time_zone=time_zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Identity:
    kind: str
    place: Path
    address: str


def _resolve(path: Path) -> Path:
    try:
        return path.resolve(strict=True)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise SourceNotFoundError(
            f"There is no folder or file {path}.", remedy="Check the path; it counts from the folder you are in."
        ) from None
    except (OSError, RuntimeError) as problem:  # RuntimeError: links in a circle
        said = getattr(problem, "strerror", None) or "its links lead in a circle"
        raise SourceError(f"{path} cannot be followed: {said}.", remedy="Check its permissions and links.") from problem


def _address(place: Path, base: Path) -> str:
    return file_key(str(place.relative_to(base) if place.is_relative_to(base) else place))


def _identity(place: Path, base: Path, known: Iterable[KnownSource]) -> _Identity:
    def identity(kind: str, at: Path) -> _Identity:
        return _Identity(kind=kind, place=at, address=_address(at, base))

    addresses = {source.address for source in known if source.kind == "folder"}
    # The innermost known folder, if one is inside another; `ingest sources add` keeps the whole path.
    for folder in (place, *place.parents):
        if (found := identity("folder", folder)).address in addresses:
            return found
        if (whole := file_key(str(folder))) in addresses:
            return _Identity(kind="folder", place=folder, address=whole)
    if place.is_dir():
        return identity("folder", place)
    if place.name.lower().endswith(WEB_ARCHIVE_ENDINGS):
        raise ConfigurationError(f"{place.name} is a web archive.", remedy="`ingest backfill` reads web archives.")
    if place.name.lower().endswith((".jsonl", ".jsonl.gz")):
        return identity("jsonl", place)
    return identity("folder", place.parent)


def label_of(
    *, kind: str, address: str, stem: str, known: Sequence[KnownSource], name: str | None, joins: bool = False
) -> str:
    """What a source is called.

    Args:
        kind: What sort it is.
        address: What it is known by.
        stem: What to make a name of where none is given.
        known: The sources of the store.
        name: What a person wants to call it.
        joins: Whether the name may be that of another source of the kind, which then stands for both.

    Raises:
        ConfigurationError: `name` belongs to another source, or the source has another name already.
    """
    taken = {source.name for source in known}
    joined = joins and any((source.name, source.kind) == (name, kind) for source in known)
    same = (source.name for source in known if (source.kind, source.address) == (kind, address))
    if name is not None and joined:
        return name
    if (given := next(same, None)) is not None:
        if name not in {None, given}:
            raise ConfigurationError(
                f"{mask(address)} is known as the source {given!r} already.",
                remedy=f"Leave the name out, or use {given!r}.",
            )
        return given
    if name is not None:
        if name in taken:
            raise ConfigurationError(f"Another source is called {name!r}.", remedy="Choose another name.")
        return name
    slug = _slug(stem) or kind
    numbered = (f"{slug}-{number}" for number in count(2))
    return slug if slug not in taken else next(label for label in numbered if label not in taken)


def _slug(file: str) -> str:
    stem = re.sub(r"\.(?:jsonl|w?arc)(?:\.gz)?$", "", file, flags=re.IGNORECASE)
    return re.sub(r"[^\w.-]+", "-", stem)[:100].strip("-.")
