"""What a person named → the web archives that are meant: one, all below a folder, or those of a list.

Lists are files such as Common Crawl's `warc.paths.gz`: an address or a path a line. A path counts from where the list
itself says that it lies: of a list at `…/crawl-data/CC-NEWS/2026/03/warc.paths.gz`, the line
`crawl-data/CC-NEWS/2026/03/one.warc.gz` is the file beside it; else from the list's folder, or from `base`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.decode import sniff
from ingest.documents import Packing
from ingest.errors import SourceError, SourceNotFoundError
from ingest.mask import mask
from ingest.sources.reading import inflate
from ingest.sources.records import split_lines
from ingest.sources.warc.lines import next_record, starts_record
from ingest.sources.warc.members import MAGIC, find_record, inflate_member
from ingest.sources.warc.places import find_archives, is_remote, read_from
from ingest.sources.warc.records import has_further_record
from ingest.sources.warc.scroll import Scroll

__all__ = ["Named", "is_list", "named_archives", "packing_of"]

_LISTS = (".paths", ".paths.gz", ".txt", ".txt.gz", ".lst")
_MOST_LINES = 1_000_000
_LONGEST_LINE = 4_000
_BEGINNING = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A web archive that is meant.

    Attributes:
        name: What it is called within its source, on every machine.
        address: Where it is.
    """

    name: str
    address: str


def named_archives(what: str, *, base: str | None = None) -> tuple[Named, ...]:
    """The web archives that are meant by a path or an address; at least one.

    Args:
        what: An archive, a folder of them, or a list.
        base: What the lines of a list count from.

    Raises:
        SourceNotFoundError: There is nothing there.
        SourceError: It cannot be read, or names no archive.
    """
    if is_list(what):
        found = tuple(_of_list(what, base))
        if not found:
            raise SourceError(f"The list {mask(what)} names no archive.", remedy="Write an address or a path a line.")
        return found
    if _is_folder(what):
        names = find_archives(what)
        if not names:
            raise SourceNotFoundError(
                f"There is no web archive below {mask(what)}.",
                remedy="Their names end in .warc, .warc.gz, .arc or .arc.gz; one of another name can be named itself.",
            )
        return tuple(Named(name=name, address=f"{what.rstrip('/')}/{name}") for name in names)
    return (Named(name=what.rstrip("/").rpartition("/")[2], address=what),)


def is_list(what: str) -> bool:
    """Whether a path or an address is, by its name, that of a list."""
    return what.lower().endswith(_LISTS)


def packing_of(address: str) -> Packing:
    """How an archive is packed, by its beginning.

    Raises:
        SourceNotFoundError: It is not there.
        SourceError: It cannot be read, or is no web archive.
    """
    scroll = Scroll(read_from(address))
    head = scroll.peek(_BEGINNING)
    if starts_record(head.lstrip(b"\0")) or next_record(head, warc=True) is not None:
        return Packing.PLAIN
    if MAGIC in head and find_record(Scroll([head])) is not None:
        find_record(scroll)
        return Packing.WHOLE if has_further_record(Scroll(inflate_member(scroll))) else Packing.RECORDS
    raise SourceError(f"{mask(address)} is no web archive: {_kind(head)}.", remedy="Name a WARC or ARC file.")


def _kind(head: bytes) -> str:
    if not head:
        return "no bytes are in it"
    if head.startswith(MAGIC):
        return "it is gzip, and no record begins in it"
    name = sniff(head)
    return f"it is a {name}" if name and name != "binary data" else "no record begins in it"


def _is_folder(what: str) -> bool:
    return what.endswith("/") if is_remote(what) else Path(what).is_dir()


def _of_list(address: str, base: str | None) -> Iterator[Named]:
    pieces = read_from(address)
    unpacked = inflate(pieces) if address.lower().endswith(".gz") else pieces
    try:
        for number, line in split_lines(unpacked, longest=_LONGEST_LINE):
            if number > _MOST_LINES or line is None:
                raise SourceError(f"Line {number:,} of {mask(address)}: the list is too long, or no list.")
            text = line.decode("utf-8", "replace").strip()
            if not text.isprintable():
                raise SourceError(f"Line {number:,} of {mask(address)} is no address.", remedy="It may be no list.")
            if text and not text.startswith("#"):
                yield Named(
                    name=_name(text), address=text if _is_whole(text) else f"{_root(address, text, base)}{text}"
                )
    except (EOFError, zlib.error) as problem:
        raise SourceError(f"The list {mask(address)} does not unpack: {problem}.") from problem


def _is_whole(text: str) -> bool:
    return is_remote(text) or PurePosixPath(text).is_absolute()


def _name(text: str) -> str:
    """What stands behind the host, so that a mirror's copy is the same archive."""
    return text.partition("://")[2].partition("/")[2] or text if is_remote(text) else text.lstrip("/")


def _root(address: str, line: str, base: str | None) -> str:
    """What a line counts from."""
    if base is not None:
        return base.rstrip("/") + "/"
    folder, first = address.rpartition("/")[0], line.partition("/")[0]
    before, found, _ = f"/{folder}/".rpartition(f"/{first}/")
    if "/" in line and found:
        return f"{before}/"[1:]
    return f"{folder}/" if folder else ""
