"""Records: lines of JSON lines, `{"id","url","title","text","published"}`.

Only `text` is required. A line that is no record costs that line. Two lines with the same id are two documents: the
second is called `ID~2`, so that a file read twice gives the same documents both times.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from ingest.decode import clean, decode, sniff
from ingest.documents import Dropped, Hints, MediaType, Page, Reason, Stage
from ingest.sources.keys import line_key, record_key
from ingest.sources.reading import Flaw, corrupt, refusal

__all__ = ["Record", "RecordFile", "parse_record", "split_lines"]

_FIELDS = ("id", "url", "title", "text", "published")
_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line of JSON lines, as it was given.

    Attributes:
        text: Exactly as given: offsets may count on it. It may hold anything that JSON can, lone surrogates too; what
            is stored goes through `ingest.decode.clean` first.
        id: What the line calls itself; a number is taken as its digits.
        url: Where it was published.
        title: Headline.
        published: Date or time, unparsed.
    """

    text: str
    id: str | None = None
    url: str | None = None
    title: str | None = None
    published: str | None = None


def parse_record(content: bytes) -> Record | Flaw:
    """Read one line.

    Args:
        content: The line's bytes: UTF-8 (with or without a byte order mark), or what `ingest.decode` can tell.

    Returns:
        The record, its optional fields None where they are missing, null or blank; or why it is none.
    """
    fields = _parse_object(content)
    return fields if isinstance(fields, Flaw) else _make_record(fields)


def _parse_object(content: bytes) -> dict[str, object] | Flaw:
    try:
        text: str | None = content.removeprefix(_BOM).decode()
    except UnicodeDecodeError:
        text = decode(content, charset=None, html=False)
    try:
        value = json.loads(text or "")
    except RecursionError:
        return _malformed("it is nested too deep")
    except ValueError as problem:
        return _malformed(f"it is not JSON: {getattr(problem, 'msg', problem)}")
    if not isinstance(value, dict):
        return _malformed("it is JSON, but not an object")
    return value


def _make_record(fields: dict[str, object]) -> Record | Flaw:
    identity = fields.get("id")
    if isinstance(identity, int) and not isinstance(identity, bool):
        fields = {**fields, "id": str(identity)}
    for name in _FIELDS:
        if not isinstance(fields.get(name), str | None):
            return _malformed(f'"{name}" is not a string')
    given = {name: value for name in _FIELDS if isinstance(value := fields.get(name), str) and value.strip()}
    if "text" in given:
        return Record(
            text=given["text"],
            id=given.get("id"),
            url=given.get("url"),
            title=given.get("title"),
            published=given.get("published"),
        )
    if isinstance(fields.get("text"), str):
        return Flaw(reason=Reason.EMPTY, detail='The record\'s "text" is blank; nothing to read.')
    return _malformed('"text" is missing')


def _malformed(problem: str) -> Flaw:
    return Flaw(
        reason=Reason.MALFORMED_RECORD,
        detail=f'The line is not a record: {problem}; write {{"id", "url", "title", "text", "published"}} on one line.',
    )


def split_lines(pieces: Iterable[bytes], *, longest: int) -> Iterator[tuple[int, bytes | None]]:
    """Cut a stream into lines, numbered from 1, without holding more than one of them.

    Returns:
        Number and line, without its end; None in place of one that is longer than `longest` bytes.
    """
    number, line, too_long = 1, bytearray(), False
    for piece in pieces:
        *ended, rest = piece.split(b"\n")
        for part in ended:
            too_long = too_long or len(line) + len(part) > longest
            yield number, None if too_long else bytes(line + part).removesuffix(b"\r")
            number, too_long = number + 1, False
            line.clear()
        line += b"" if too_long else rest
        if len(line) > longest:
            too_long = True
            line.clear()
    if line or too_long:
        yield number, None if too_long else bytes(line)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFile:
    """A file of JSON lines, as part of a source.

    Attributes:
        source: Name of the source.
        file: Key of the file, for what concerns it as a whole.
        prefix: What precedes `#` in its records' keys: the file's key, or empty where the file is the source.
        longest: Bytes of the longest line that is read.
        time_zone: As in `Page`.
    """

    source: str
    file: str
    prefix: str
    longest: int
    time_zone: str

    def read(self, pieces: Iterable[bytes]) -> Iterator[Page | Dropped]:
        """Read the records of a stream.

        Args:
            pieces: The stream, unpacked. What reading and unpacking raise ends it with a `Dropped`; what was read until
                then stands.
        """
        names = _Names(self.prefix)
        found = False
        try:
            for number, line in self._lines(pieces):
                found = True
                yield line if isinstance(line, Dropped) else self._page(number, line, names)
        except (EOFError, zlib.error) as problem:
            yield self._drop(self.file, corrupt(problem))
        except OSError as problem:
            yield self._drop(self.file, refusal(problem))
        else:
            if not found:
                yield self._drop(self.file, Flaw(reason=Reason.EMPTY, detail="The file holds no record."))

    def keys(self, pieces: Iterable[bytes]) -> Iterator[str]:
        """Give the keys of the records of a stream."""
        return (item.key for item in self.read(pieces) if isinstance(item, Page))

    def _lines(self, pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes | Dropped]]:
        stream = iter(pieces)
        first = next(stream, b"")
        if (flaw := _not_lines(first)) is not None:
            yield 1, self._drop(self.file, flaw)
            return
        for number, line in split_lines(chain([first.removeprefix(_BOM)], stream), longest=self.longest):
            if line is None:
                flaw = _malformed(f"it is longer than {self.longest:,} bytes")
                yield number, self._drop(line_key(self.prefix, number), _at(number, flaw))
            elif line.strip():
                yield number, line

    def _page(self, number: int, line: bytes, names: _Names) -> Page | Dropped:
        record = parse_record(line)
        if isinstance(record, Flaw):
            key = names.take(identity) if (identity := _identity(line)) else line_key(self.prefix, number)
            return self._drop(key, _at(number, record))
        return Page(
            source=self.source,
            key=names.take(record.id or record.url or hashlib.sha256(line).hexdigest()[:16]),
            content=line,
            media_type=MediaType.RECORD,
            url=clean(record.url).strip() if record.url else None,
            hints=Hints(title=_hint(record.title), published=_hint(record.published)),
            time_zone=self.time_zone,
        )

    def _drop(self, key: str, flaw: Flaw) -> Dropped:
        return Dropped(source=self.source, key=key, stage=Stage.SOURCE, reason=flaw.reason, detail=flaw.detail)


class _Names:
    """Gives each record of a file a key that no earlier one has."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        # How often each key was wanted, by digest: eight bytes, whatever a record is called.
        self._wanted: dict[int, int] = {}

    def take(self, identity: str) -> str:
        key = record_key(self._prefix, identity)
        first = _digest(key)
        while _digest(key) in self._wanted:
            # Counting on from where the name was last asked for keeps a file of nothing but copies linear.
            self._wanted[first] += 1
            key = record_key(self._prefix, f"{identity}~{self._wanted[first]}")
        self._wanted[_digest(key)] = 1
        return key


def _digest(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest())


def _not_lines(beginning: bytes) -> Flaw | None:
    """Tell a file that holds no lines of JSON at all, so that it is dropped once and not line by line."""
    if (name := sniff(beginning)) is not None:
        return Flaw(reason=Reason.NOT_TEXT, detail=f"The file is not JSON lines but {name}; give it its proper name.")
    if beginning.startswith(_WIDE_BOMS):
        return Flaw(reason=Reason.MALFORMED_RECORD, detail="The file is in UTF-16; save it as UTF-8.")
    return None


def _identity(line: bytes) -> str | None:
    fields = _parse_object(line)
    identity = None if isinstance(fields, Flaw) else fields.get("id")
    return identity if isinstance(identity, str) and identity.strip() else None


def _at(number: int, flaw: Flaw) -> Flaw:
    return replace(flaw, detail=f"Line {number}: {flaw.detail[0].lower()}{flaw.detail[1:]}")


def _hint(value: str | None) -> str | None:
    return (clean(value).strip() or None) if value else None
