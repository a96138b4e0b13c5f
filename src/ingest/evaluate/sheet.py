"""Sheets of a sample as they come back from a spreadsheet, a text editor or a script.

CSV with commas, semicolons or tabs, in any order of columns, with or without a byte order mark, in UTF-8, UTF-16 or an
older encoding; or JSON lines.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ingest.errors import ConfigurationError
from ingest.sampling import Row, Sample, Verdict, said_digest

__all__ = ["COLUMNS", "Judged", "Line", "Problem", "judge", "read", "sample_named"]

COLUMNS = (
    *("sample", "row", "id", "stratum", "stratum_size", "confidence"),
    *("says", "evidence", "title", "publisher", "published"),
    *("language", "url", "document", "article", "verdict", "note"),
)
"""What a sheet has; only the sample, the id and the verdict must come back."""

_NEEDED = ("sample", "id", "verdict")
_DELIMITERS = (",", ";", "\t")
_MOST_BYTES = 50_000_000
_EXCEL = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_WHOLE = re.compile(r"(\d+)[.,]0+")
_REMEDY = "save it as 'CSV UTF-8' with the columns sample, id and verdict that `ingest sample` wrote"

_SAID: Mapping[Verdict, str] = {
    Verdict.RIGHT: "right r correct yes y true 1 ok ✓ ✔ √ 对 對 是 正确 正確",
    Verdict.WRONG: "wrong w incorrect no n false 0 x ✗ ✘ × 错 錯 否 不是 错误 錯誤 不对 不對",
    Verdict.UNSURE: "unsure u unknown ? 不确定 不確定 不知道 未知",
}
_VERDICTS = {word: verdict for verdict, words in _SAID.items() for word in words.split()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a sheet.

    Attributes:
        number: As a spreadsheet counts it: the header is 1.
        cells: By name of the column, in small letters.
    """

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A row that cannot be used.

    Attributes:
        row: Which one.
        why: What is wrong with it and what to do, in words that follow 'row N'.
    """

    row: int
    why: str


@dataclass(slots=True)
class Judged:
    """What a sheet says.

    Attributes:
        verdicts: By number of the sample's row: the verdict and the note.
        problems: Rows that cannot be used.
        repeated: How many rows say again what another says.
        missing: How many rows of the sample are not in the sheet.
        blank: How many have no verdict.
        is_checked: Whether the sheet still has the columns that show whether somebody changed what was to be judged.
    """

    verdicts: dict[int, tuple[Verdict, str | None]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    repeated: int = 0
    missing: int = 0
    blank: int = 0
    is_checked: bool = True

    @property
    def digest(self) -> str:
        """SHA-256 of the verdicts and notes alone, in hex."""
        told = [(number, verdict.value, note) for number, (verdict, note) in sorted(self.verdicts.items())]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def read(content: bytes, *, name: str) -> tuple[Line, ...]:
    """Read a sheet.

    Args:
        content: The file.
        name: What it is called, for messages.

    Returns:
        Its rows but the header; those without any cell are left out.

    Raises:
        ConfigurationError: It is no sheet that can be read, or has not the columns of one.
    """
    if len(content) > _MOST_BYTES:
        raise ConfigurationError(f"{name} is too large for a sheet: {len(content):,} bytes", remedy=_REMEDY)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ConfigurationError(f"{name} is a spreadsheet's own file, not CSV", remedy=_REMEDY)
    text = _text(content, name)
    if text.lstrip().startswith("{"):
        return tuple(_json_lines(text, name))
    return tuple(_rows(text, name))


def _text(content: bytes, name: str) -> str:
    from ingest.decode import decode  # noqa: PLC0415 - wanted where a spreadsheet saved in an older encoding

    # Not by `decode` where a mark says what it is: that one cleans, and tabs part cells here.
    marked = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(marked)
    except UnicodeDecodeError:
        text = decode(content, charset=None, html=False)
    if text is None:
        raise ConfigurationError(f"{name} is not text", remedy=_REMEDY)
    return text


def _json_lines(text: str, name: str) -> Iterator[Line]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or not all(key in found for key in _NEEDED):
            raise ConfigurationError(
                f"{name} row {number} is not a JSON object with sample, id and verdict",
                remedy="mend or remove the line",
            )
        yield Line(number=number, cells={key: "" if cell is None else str(cell) for key, cell in found.items()})


def _rows(text: str, name: str) -> Iterator[Line]:
    named = _EXCEL.match(text)
    if named:
        text = text[named.end() :]
    skipped = 1 if named else 0
    lacking: tuple[str, ...] = _NEEDED
    for delimiter in (named[1],) if named else _DELIMITERS:
        try:
            records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error as broken:
            raise ConfigurationError(f"{name} is not CSV: {broken}", remedy=_REMEDY) from None
        if not records:
            break
        header = [_folded(cell) for cell in records[0]]
        found = tuple(column for column in _NEEDED if column not in header)
        if not found:
            yield from _lines(header, records[1:], skipped + 2)
            return
        lacking = min(lacking, found, key=len)
    raise ConfigurationError(f"{name} has no column {' and no column '.join(lacking)}", remedy=_REMEDY)


def _lines(header: list[str], records: Iterable[list[str]], first: int) -> Iterator[Line]:
    for number, record in enumerate(records, start=first):
        if any(cell.strip() for cell in record):
            yield Line(number=number, cells=dict(zip(header, record, strict=False)))


def sample_named(lines: Iterable[Line], *, name: str) -> str:
    """The sample that a sheet is of: what its first row says that says so.

    Raises:
        ConfigurationError: No row says so.
    """
    for line in lines:
        if found := line.cells.get("sample", "").strip():
            return found
    raise ConfigurationError(f"{name} does not say of which sample it is", remedy="put the column sample back")


def judge(lines: Iterable[Line], sample: Sample) -> Judged:
    """Hold a sheet against the sample that it is of.

    Args:
        lines: The rows of the sheet.
        sample: The sample as the store keeps it.
    """
    reading = _Reading(sample)
    for line in lines:
        reading.take(line)
    return reading.judged()


class _Reading:
    """A sheet while it is read."""

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self._rows = {row.subject_id: row for row in sample.rows}
        self._seen: dict[str, tuple[int, Verdict | None, str | None]] = {}
        self._void: set[str] = set()
        self._found = Judged()

    def take(self, line: Line) -> None:
        """Take a row of the sheet."""
        identity, said = _identity(line.cells["id"]), line.cells.get("verdict", "")
        why = self._misfit(line, identity)
        row = self._rows.get(identity)
        verdict, note = _VERDICTS.get(_folded(said)), " ".join(line.cells.get("note", "").split()) or None
        if why is None and said.strip() and verdict is None:
            why = f"says {_short(said)}, which is no verdict; write right, wrong or unsure"
        if why is None and row is not None and verdict is not None:
            why = self._edited(line, row)
        before = self._seen.get(identity)
        if why is None and before is not None:
            if verdict is None or before[1] in {None, verdict}:
                self._found.repeated += 1
                verdict, note = verdict or before[1], note or before[2]
            else:
                why = f"judges {identity} otherwise than row {before[0]} does; keep one of them"
        if why is not None:
            self._found.problems.append(Problem(row=line.number, why=why))
            self._void.add(identity)
            self._seen.setdefault(identity, (line.number, None, None))
            return
        self._seen[identity] = (before[0] if before else line.number, verdict, note)

    def judged(self) -> Judged:
        """What was found, once every row was taken."""
        found = self._found
        for identity, (_, verdict, note) in self._seen.items():
            if identity in self._void:
                continue
            if verdict is None:
                found.blank += 1
            else:
                found.verdicts[self._rows[identity].number] = (verdict, note)
        found.missing = len(self._rows.keys() - self._seen.keys())
        return found

    def _misfit(self, line: Line, identity: str) -> str | None:
        """Why a row is none of the sample's."""
        of = line.cells.get("sample", "").strip()
        if of and of != self._sample.public_id:
            return f"is of the sample {_short(of)}, not of {self._sample.public_id}; evaluate each sheet by itself"
        if not identity:
            return "has no id; put it back, or remove the row"
        if identity not in self._rows:
            return f"has the id {_short(identity)}, which the sample has not; put the right id back, or remove the row"
        return None

    def _edited(self, line: Line, row: Row) -> str | None:
        """Why what was judged may not be what was drawn."""
        cells = line.cells
        if "says" not in cells or "evidence" not in cells:
            self._found.is_checked = False
            return None
        if said_digest(cells["says"], cells["evidence"]) == row.said_sha256:
            return None
        return (
            f"does not show what was drawn for {row.subject_id}: says or evidence was changed; "
            "put the cells back (draw the sample again with its seed to see them)"
        )


def _identity(cell: str) -> str:
    """An id as it was; spreadsheets make 12.0 of 12."""
    identity = unicodedata.normalize("NFKC", cell).strip().removeprefix("'")
    whole = _WHOLE.fullmatch(identity)
    return whole[1] if whole else identity


def _folded(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip().strip("\ufeff'\"").strip().casefold()


def _short(said: str) -> str:
    cleaned = " ".join(said.split())
    return repr(cleaned if len(cleaned) <= 60 else cleaned[:59] + "…")
