"""Rows from one end to the other, in batches that are taken up behind, and their comparison."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, text

from ingest.errors import SchemaNewerError, StoreError, StoreMissingError, StoreUnfinishedError, TargetNotEmptyError
from ingest.migrations import HEAD, VERSION_TABLE
from ingest.store import search, unfinished
from ingest.store.database import Database
from ingest.store.schema import drop, migrate, version
from ingest.store.transfer.compare import Compared, compare
from ingest.store.transfer.end import End, Row, Value
from ingest.store.transfer.forms import Form, Kind, forms
from ingest.views import Dialect

__all__ = ["BATCH", "Carried", "Carrying", "Progress", "Tell"]

BATCH = 2_000  # rows a transaction

_IDENTITY = 16  # hex digits of it that fit where the revision stands
_NEWER = "newer"
_SEEDED = "alert_rules"  # migrations put a row into it
_NUL_IN_JSON = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a copy has come.

    Attributes:
        checking: Whether rows are being compared, rather than copied.
        table: Which table.
        done: Rows of all tables that are done.
        total: Rows of all tables.
    """

    checking: bool
    table: str
    done: int
    total: int


Tell = Callable[[Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What carrying came to.

    Attributes:
        resumed: Whether it took up what was broken off.
        copied: Rows that were written this time.
        replaced: Values in which NUL was replaced.
        tables: Each table as it compares.
    """

    resumed: bool
    copied: int
    replaced: int
    tables: tuple[Compared, ...]

    @property
    def mismatches(self) -> int:
        """Rows that differ."""
        return sum(table.mismatches for table in self.tables)


class Carrying:
    """A store on its way into a database that is empty, or that an earlier attempt left unfinished."""

    def __init__(
        self,
        source: End,
        target: Database,
        *,
        revision: str,
        tell: Tell,
        replace_nul: bool = False,
        batch: int = BATCH,
        identity: str | None = None,
    ) -> None:
        """Name both ends.

        Args:
            source: Within a transaction that sees one state of the store.
            target: Where rows go.
            revision: Of the source's schema; the target gets the same.
            tell: Told how far it has come, each batch.
            replace_nul: Whether text with NUL, which PostgreSQL refuses, is stored with U+FFFD in its place.
            batch: Rows that are written in a transaction.
            identity: In hex, what tells the source from others; None: its first run does.
        """
        self._source = source
        self._target = target
        self._revision = revision
        self._tell = tell
        self._replace_nul = replace_nul
        self._checks_nul = target.dialect is Dialect.POSTGRESQL and source.address.dialect is Dialect.SQLITE
        self._batch = batch
        self._replaced = 0
        self._copied = 0
        self._mark = f"{unfinished.PREFIX}{revision}-{(identity or _identity(source))[:_IDENTITY]}"
        self._resumed: bool | None = None
        self._known: tuple[Form, ...] = ()

    def begin(self, *, restart: bool = False, replace: bool = False) -> None:
        """See that the target may be written, make its schema, and mark it.

        Args:
            restart: Whether to begin anew where the target holds an unfinished copy.
            replace: Whether to delete whatever store the target holds.

        Raises:
            TargetNotEmptyError: The target holds rows, or a copy of something else.
            StoreError: It does not answer, or cannot be written.
        """
        self._resumed = self._prepare(restart=restart, replace=replace)

    def run(self) -> Carried:
        """Write the rows, and compare them.

        Raises:
            StoreError: Something does not answer, is locked, or refuses a row.
        """
        if self._resumed is None:
            self.begin()
        counts = {name: self._source.count(form) for name, form in self._source.forms.items()}
        total, done = sum(counts.values()), 0
        for form in self._source.forms.values():
            self._table(form, done=done, total=total)
            done += counts[form.name]
        self._target.write(lambda connection: self._end(connection).number_on())
        compared = self._compare(total)
        if not any(table.mismatches for table in compared):
            if self._revision == HEAD:
                self._target.write(search.fill)
            self._target.write(_marking(self._revision))
        return Carried(resumed=bool(self._resumed), copied=self._copied, replaced=self._replaced, tables=compared)

    def _end(self, connection: Connection) -> End:
        return End(connection, self._target.address, self._known or None)

    def _prepare(self, *, restart: bool, replace: bool) -> bool:
        """See that the target may be written, and mark it; whether it holds a part already."""
        found = self._found(replace=replace)
        is_unfinished = found is not None and found.startswith(unfinished.PREFIX)
        if found == self._mark and not restart:
            self._known = self._target.read(forms)
            return True
        if is_unfinished and not restart and not replace:
            raise TargetNotEmptyError(
                f"{self._target.address.shown} holds an unfinished copy of another store, or of another release",
                remedy="name another target, or empty it: `ingest db copy --restart`, `ingest db restore --replace`",
            )
        if found is not None and not is_unfinished and not replace:
            self._target.read(lambda connection: _see_that_it_is_empty(End(connection, self._target.address)))
        if replace or found not in {None, self._revision}:
            self._target.write(drop)
        migrate(self._target, self._revision)
        self._known = self._target.read(forms)
        self._target.write(self._begin)
        return False

    def _found(self, *, replace: bool) -> str | None:
        try:
            return self._target.read(lambda connection: version(connection, self._target.address))
        except StoreUnfinishedError as found:
            return found.mark
        except StoreMissingError:
            return None
        except SchemaNewerError:
            if not replace:
                raise
            return _NEWER  # who goes back to this release puts a backup in the place of what the newer one upgraded

    def _begin(self, connection: Connection) -> None:
        self._end(connection).clear()
        _marking(self._mark)(connection)

    def _table(self, form: Form, *, done: int, total: int) -> None:
        after = self._target.read(lambda connection: self._end(connection).last_key(form))
        if after is not None:
            done += self._target.read(lambda connection: self._end(connection).count(form))
        rows = self._source.rows(form, after=after)
        while batch := [self._cleaned(form, row) for row in islice(rows, self._batch)]:
            written = [_without_forward(form, row) for row in batch]
            self._target.write(lambda connection, rows=written: self._end(connection).write(form, rows))  # type: ignore[misc]
            done += len(batch)
            self._copied += len(batch)
            self._tell(Progress(checking=False, table=form.name, done=done, total=total))
        if form.inward:
            self._point_forward(form)

    def _point_forward(self, form: Form) -> None:
        """Fill in references to rows that came later in the same table."""
        rows = self._source.forward(form)
        while batch := list(islice(rows, self._batch)):

            def work(connection: Connection, batch: list[Row] = batch) -> None:
                end = self._end(connection)
                for row in batch:
                    end.point(form, tuple(row[at] for at in form.key), row)

            self._target.write(work)

    def _compare(self, total: int) -> tuple[Compared, ...]:
        def work(connection: Connection) -> tuple[Compared, ...]:
            end, found, done = self._end(connection), [], 0
            self._replaced = 0
            for form in self._source.forms.values():
                self._tell(Progress(checking=True, table=form.name, done=done, total=total))
                expected = (self._cleaned(form, row) for row in self._source.rows(form))
                found.append(compare(form, expected, end.rows(form)))
                done += found[-1].rows
            return tuple(found)

        return self._target.read(work)

    def _cleaned(self, form: Form, row: Row) -> Row:
        """A row that the target takes; NUL in a text is refused, or replaced where that was asked for."""
        if not self._checks_nul or not any(isinstance(value, str) and _has_nul(value) for value in row):
            return row
        values: list[Value] = []
        for column, value in zip(form.columns, row, strict=True):
            clean = _without_nul(value, is_json=column.kind is Kind.JSON) if isinstance(value, str) else value
            if clean != value and not self._replace_nul:
                key = "/".join(str(row[at]) for at in form.key)
                raise StoreError(
                    f"{form.name}, row {key}: {column.name} holds NUL, which PostgreSQL cannot store",
                    remedy="give `--replace-nul` to store U+FFFD in its place; what was copied so far is kept",
                )
            self._replaced += clean != value
            values.append(clean)
        return tuple(values)


def _see_that_it_is_empty(end: End) -> None:
    held = {name: end.count(form) for name, form in end.forms.items()}
    held[_SEEDED] = max(0, held.get(_SEEDED, 0) - 1)
    if any(held.values()):
        fullest = max(held, key=lambda name: held[name])
        raise TargetNotEmptyError(
            f"{end.address.shown} is not empty: {fullest} has {held[fullest]:,} rows",
            remedy="name a database in which there is nothing; `ingest db restore --replace` empties one",
        )


def _has_nul(value: str) -> bool:
    return "\0" in value or "\\u0000" in value


def _without_nul(value: str, *, is_json: bool) -> str:
    clean = value.replace("\0", "\ufffd")
    return _NUL_IN_JSON.sub(r"\1\\ufffd", clean) if is_json else clean


def _without_forward(form: Form, row: Row) -> Row:
    """A row without references to later rows of its own table, which are not there yet."""
    if not form.inward:
        return row
    key = row[form.key[0]]
    ahead = {at for at in form.inward if _is_later(row[at], key)}
    return tuple(None if at in ahead else value for at, value in enumerate(row)) if ahead else row


def _is_later(value: Value, key: Value) -> bool:
    return isinstance(value, int) and isinstance(key, int) and value > key


def _identity(source: End) -> str:
    """What tells a store from others: its first run."""
    sql = "SELECT host, pid, process_started FROM runs ORDER BY id LIMIT 1"
    first = source.connection.execute(text(sql)).first()
    return hashlib.sha256(json.dumps(None if first is None else list(first)).encode()).hexdigest()


def _marking(revision: str) -> Callable[[Connection], None]:
    def work(connection: Connection) -> None:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = :revision"), {"revision": revision})  # noqa: S608 - a constant

    return work
