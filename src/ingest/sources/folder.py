"""A folder of documents, with everything below it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from ingest.decode import sniff
from ingest.documents import Dropped, MediaType, Page, Reason, Stage
from ingest.errors import SourceError, SourceNotFoundError
from ingest.sources.jsonl import record_keys, record_pieces
from ingest.sources.keys import file_key, file_of, is_shortened, record_file
from ingest.sources.reading import Disk, Flaw, not_a_file, read_file, refusal, unpack
from ingest.sources.records import RecordFile

__all__ = ["FolderSource", "is_passed_over"]

_MEDIA_TYPES = {
    ".txt": MediaType.PLAIN,
    ".md": MediaType.MARKDOWN,
    ".html": MediaType.HTML,
    ".htm": MediaType.HTML,
    ".jsonl": MediaType.RECORD,
}
_LEFTOVERS = ("~", ".tmp", ".part", ".swp", ".crdownload")
_BLANK = b" \t\r\n\v\f\xef\xbb\xbf"
_UNSUPPORTED = Flaw(
    reason=Reason.UNSUPPORTED_TYPE,
    detail="Only .txt, .md, .html, .htm and .jsonl files are read, and gzip of each; convert or remove it.",
)
_OUTSIDE = Flaw(
    reason=Reason.OUTSIDE_FOLDER,
    detail="It is a symbolic link that leaves the folder; copy the file into the folder, or name its real place.",
)
_NOWHERE = Flaw(
    reason=Reason.UNREADABLE,
    detail="It is a symbolic link that leads nowhere or in a circle; mend or remove it.",
)


def is_passed_over(relative: PurePosixPath) -> bool:
    """Tell whether a file is none of ours: hidden, or left over by an editor or a transfer, or in such a folder."""
    return any(part.startswith(".") or part.lower().endswith(_LEFTOVERS) for part in relative.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSource:
    """`.txt`, `.md`, `.html` and `.htm`, `.jsonl`, and gzip of each, in the order of their names.

    Hidden files and editor leftovers are passed over; everything else that cannot be read is a `Dropped`. A symbolic
    link that stays in the folder is followed where the file is not found under its own name anyway.

    Attributes:
        root: The folder, without links.
        name: Name of the source.
        address: What the source is known by: the folder's path, relative to the configuration's where it is inside.
        only: Files and folders below `root` to read; empty: everything.
        max_bytes: A larger document is dropped, before or after unpacking.
        time_zone: As in `Page`.
        disk: The operating system.
    """

    root: Path
    name: str
    address: str
    only: tuple[PurePosixPath, ...] = ()
    max_bytes: int = 20_000_000
    time_zone: str = ""
    disk: Disk = field(default_factory=Disk, repr=False, compare=False)
    kind: str = field(default="folder", init=False)

    @property
    def is_whole(self) -> bool:
        """Whether it yields everything."""
        return not self.only

    def __iter__(self) -> Iterator[Page | Dropped]:
        """Yield what the folder holds.

        Raises:
            SourceNotFoundError: There is no such folder.
            SourceError: It cannot be listed.
        """
        try:
            names = [entry.name for entry in self.root.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            raise SourceNotFoundError(
                f"There is no folder {self.address}.", remedy="Check the path, or create the folder."
            ) from None
        except OSError as problem:
            raise SourceError(
                f"The folder {self.address} cannot be listed: {problem.strerror}.", remedy="Check its permissions."
            ) from problem
        starts = _outermost(self.only) if self.only else _visible(names)
        yield from _Walk(self, starts).items()

    def holds(self, key: str) -> bool:
        """Tell whether a document is still there, anywhere in the folder."""
        if is_shortened(key):
            return any(item.key == key for item in replace(self, only=()))
        file = record_file(key)
        relative = file_of(key if file is None else file)
        if not relative or relative.startswith("/") or ".." in Path(relative).parts:
            return False
        if file is None:
            return (self.root / relative).is_file()
        return key in record_keys(self.root / relative, self.record_file(relative))

    def record_file(self, shown: str) -> RecordFile:
        """Describe a `.jsonl` file of the folder."""
        key = file_key(shown)
        return RecordFile(source=self.name, file=key, prefix=key, longest=self.max_bytes, time_zone=self.time_zone)


class _Walk:
    """One pass over a folder.

    A path is `shown` (what its key is made of) and `real` (what is opened: the same place, without links).
    """

    def __init__(self, source: FolderSource, starts: list[str]) -> None:
        self._source = source
        # A stack of our own: folders nest deeper than Python recurses.
        self._pending = [(start, start) for start in reversed(starts)]
        self._linked: set[str] = set()

    def items(self) -> Iterator[Page | Dropped]:
        while self._pending:
            shown, real = self._pending.pop()
            try:
                mode = (self._source.root / real).lstat().st_mode
                if stat.S_ISLNK(mode):
                    target = self._follow(real)
                    if target is None:
                        continue
                    real, mode = target, (self._source.root / target).lstat().st_mode
                if stat.S_ISDIR(mode):
                    names = _visible([entry.name for entry in (self._source.root / real).iterdir()])
                    self._pending += [(f"{shown}/{name}", f"{real}/{name}") for name in reversed(names)]
                    continue
            except _LinkError as problem:
                yield self._drop(shown, problem.flaw)
            except OSError as problem:
                yield self._drop(shown, refusal(problem))
            else:
                yield from self._file(shown, real, mode)

    def _follow(self, link: str) -> str | None:
        """Give the place that a link leads to; None if it is found without the link, or was already."""
        root = self._source.root.resolve()
        try:
            target = (root / link).resolve(strict=True)
        except (OSError, RuntimeError):  # RuntimeError: links in a circle
            raise _LinkError(_NOWHERE) from None
        if not target.is_relative_to(root):
            raise _LinkError(_OUTSIDE)
        real = str(target.relative_to(root))
        if self._is_found_anyway(PurePosixPath(real)) or real in self._linked:
            return None
        self._linked.add(real)
        return real

    def _is_found_anyway(self, real: PurePosixPath) -> bool:
        only = self._source.only
        if is_passed_over(real) or (only and not any(real.is_relative_to(start) for start in only)):
            return False
        return (self._source.root / real).is_dir() or _media_type(real.name) is not None

    def _file(self, shown: str, real: str, mode: int) -> Iterator[Page | Dropped]:
        media_type = _media_type(PurePosixPath(shown).name)
        if media_type is None:
            yield self._drop(shown, _UNSUPPORTED)
        elif not stat.S_ISREG(mode):
            yield self._drop(shown, not_a_file(mode))
        elif media_type is MediaType.RECORD:
            yield from self._source.record_file(shown).read(record_pieces(self._source.disk, self._source.root, real))
        else:
            yield self._page(shown, real, media_type)

    def _page(self, shown: str, real: str, media_type: MediaType) -> Page | Dropped:
        source = self._source
        content = read_file(source.disk, source.root, real, max_bytes=source.max_bytes)
        if isinstance(content, bytes) and content and shown.lower().endswith(".gz"):
            content = unpack(content, max_bytes=source.max_bytes)
        if isinstance(content, bytes):
            content = _unusable(content) or content
        if isinstance(content, Flaw):
            return self._drop(shown, content)
        return Page(
            source=source.name,
            key=file_key(shown),
            content=content,
            media_type=media_type,
            time_zone=source.time_zone,
        )

    def _drop(self, shown: str, flaw: Flaw) -> Dropped:
        return Dropped(
            source=self._source.name,
            key=file_key(shown),
            stage=Stage.SOURCE,
            reason=flaw.reason,
            detail=flaw.detail,
        )


class _LinkError(Exception):
    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.detail)
        self.flaw = flaw


def _visible(names: list[str]) -> list[str]:
    return sorted((name for name in names if not is_passed_over(PurePosixPath(name))), key=os.fsencode)


def _outermost(paths: tuple[PurePosixPath, ...]) -> list[str]:
    """Leave out what lies in another of the paths, so that nothing is read twice."""
    chosen = set(paths)
    outer = [path for path in chosen if not any(parent in chosen for parent in path.parents)]
    return sorted(map(str, outer), key=os.fsencode)


def _media_type(name: str) -> MediaType | None:
    return _MEDIA_TYPES.get(PurePosixPath(name.lower().removesuffix(".gz")).suffix)


def _unusable(content: bytes) -> Flaw | None:
    if not content.strip(_BLANK):
        return Flaw(reason=Reason.EMPTY, detail="The file is empty; nothing to read.")
    if (name := sniff(content)) is not None:
        return Flaw(
            reason=Reason.NOT_TEXT,
            detail=f"The file is not text but {name}, whatever its name says; export its text, or remove it.",
        )
    return None
