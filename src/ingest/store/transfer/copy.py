"""`ingest db copy`: a whole store into another database, in batches that a broken copy is taken up behind.

The source is locked against writers while it is read, so that nothing is written behind the reader's back; the target
carries a mark instead of its revision until every row was compared, so that no release takes it for a store.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, text

from ingest.errors import ConfigurationError, StoreError, StoreUnfinishedError, TargetNotEmptyError
from ingest.migrations import HEAD, VERSION_TABLE
from ingest.store import unfinished
from ingest.store.address import Address, parse
from ingest.store.database import Database
from ingest.store.failures import missing, translated
from ingest.store.schema import ensure, make_room
from ingest.store.transfer.compare import Compared, compare
from ingest.store.transfer.end import End, Row, Value
from ingest.store.transfer.forms import Form, Kind, forms
from ingest.views import Dialect

__all__ = ["Copied", "Progress", "Tell", "copy"]

BATCH = 2_000  # rows a transaction

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
class Copied:
    """What a copy came to.

    Attributes:
        source: Address, password masked.
        target: Likewise.
        revision: Of both schemas.
        resumed: Whether it took up one that was broken off.
        copied: Rows that were written this time.
        replaced: Values in which NUL was replaced.
        running: Runs that the source says are under way.
        tables: Each table as it compares.
    """

    source: str
    target: str
    revision: str
    resumed: bool
    copied: int
    replaced: int
    running: int
    tables: tuple[Compared, ...]

    @property
    def mismatches(self) -> int:
        """Rows that differ."""
        return sum(table.mismatches for table in self.tables)


def copy(
    source_url: str,
    target_url: str,
    *,
    restart: bool = False,
    replace_nul: bool = False,
    tell: Tell,
    batch: int = BATCH,
) -> Copied:
    """Copy a store into a database that is empty, or holds an unfinished copy of the same store.

    Args:
        source_url: A store of this release's revision, as `ingest.store.address.parse` takes it.
        target_url: Likewise; the schema is made where there is none.
        restart: Whether to begin anew where the target holds an unfinished copy.
        replace_nul: Whether text with NUL, which PostgreSQL refuses, is stored with U+FFFD in its place.
        tell: Told how far it has come, each batch.
        batch: Rows that are written in a transaction.

    Raises:
        ConfigurationError: An address is wrong, or both are the same.
        TargetNotEmptyError: The target holds rows, or a copy of something else.
        StoreError: Something does not answer, is locked, or refuses a row.
    """
    source, target = parse(source_url), parse(target_url)
    if _same(source, target):
        raise ConfigurationError(f"{source.shown} is both source and target", remedy="name another target")
    if source.path is not None and not source.path.exists():
        raise missing(source)
    make_room(target)
    reading, writing = Database(source, create=False), Database(target, create=True)
    try:
        ensure(reading, create=False)
        with _locked(reading) as connection:
            work = _Copying(End(connection, source), writing, replace_nul=replace_nul, tell=tell, batch=batch)
            return work.run(restart=restart)
    finally:
        reading.close()
        writing.close()


def _same(one: Address, other: Address) -> bool:
    if one.path is not None and other.path is not None:
        return one.path.resolve() == other.path.resolve()
    return one.dsn == other.dsn


@contextmanager
def _locked(database: Database) -> Iterator[Connection]:
    """A transaction in which nobody else writes to the store, and that sees all that was written before."""
    with translated(database.address), database.engine.connect() as connection:
        names = []
        if database.dialect is Dialect.POSTGRESQL:
            names = [form.name for form in forms(connection)]
            connection.rollback()
            connection.execution_options(isolation_level="REPEATABLE READ")
        else:
            connection.execution_options(writes=not database.address.read_only)
        with connection.begin():
            if names:
                connection.execute(text(f"LOCK TABLE {', '.join(names)} IN SHARE MODE"))
            yield connection


class _Copying:
    """One copy under way."""

    def __init__(self, source: End, target: Database, *, replace_nul: bool, tell: Tell, batch: int) -> None:
        self._batch = batch
        self._source = source
        self._target = target
        self._tell = tell
        self._replace_nul = replace_nul
        self._checks_nul = target.dialect is Dialect.POSTGRESQL and source.address.dialect is Dialect.SQLITE
        self._replaced = 0
        self._copied = 0
        self._mark = f"{unfinished.PREFIX}{HEAD}-{_identity(source)}"
        self._known: tuple[Form, ...] = ()

    def run(self, *, restart: bool) -> Copied:
        resumed = self._prepare(restart=restart)
        counts = {name: self._source.count(form) for name, form in self._source.forms.items()}
        total, done = sum(counts.values()), 0
        for form in self._source.forms.values():
            self._table(form, done=done, total=total)
            done += counts[form.name]
        self._target.write(lambda connection: self._end(connection).number_on())
        compared = self._compare(total)
        if not any(table.mismatches for table in compared):
            self._target.write(_marking(HEAD))
        return Copied(
            source=self._source.address.shown,
            target=self._target.address.shown,
            revision=HEAD,
            resumed=resumed,
            copied=self._copied,
            replaced=self._replaced,
            running=_running(self._source.connection),
            tables=compared,
        )

    def _end(self, connection: Connection) -> End:
        return End(connection, self._target.address, self._known or None)

    def _prepare(self, *, restart: bool) -> bool:
        """See that the target may be written, and mark it; whether it holds a part already."""
        mark = None
        try:
            ensure(self._target, create=True)
        except StoreUnfinishedError as found:
            mark = found.mark
        self._known = self._target.read(forms)
        if mark is not None and mark != self._mark and not restart:
            raise TargetNotEmptyError(
                f"{self._target.address.shown} holds an unfinished copy of another store, or of another release",
                remedy="name another target, or give `--restart` to empty it and begin anew",
            )
        if mark is None or restart:
            self._target.write(lambda connection: self._begin(connection, anew=mark is not None))
        return mark is not None and not restart

    def _begin(self, connection: Connection, *, anew: bool) -> None:
        end = self._end(connection)
        held = {name: end.count(form) for name, form in end.forms.items()}
        held[_SEEDED] = max(0, held.get(_SEEDED, 0) - 1)
        if any(held.values()) and not anew:
            fullest = max(held, key=lambda name: held[name])
            raise TargetNotEmptyError(
                f"{end.address.shown} is not empty: {fullest} has {held[fullest]:,} rows",
                remedy="name a database in which there is nothing",
            )
        end.clear()
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
    return hashlib.sha256(json.dumps(None if first is None else list(first)).encode()).hexdigest()[:12]


def _running(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM runs WHERE state = 'running'")).scalar_one())


def _marking(revision: str) -> Callable[[Connection], None]:
    def work(connection: Connection) -> None:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = :revision"), {"revision": revision})  # noqa: S608 - a constant

    return work
