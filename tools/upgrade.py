"""How long an upgrade takes: a store of an early revision with many articles, brought to head, and moved.

python -m tools.upgrade --articles 100000 --from 0002
python -m tools.upgrade --articles 100000 --from 0002 --postgresql
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import sqlalchemy as sa

from ingest.migrations import REVISIONS
from ingest.store import check, upgrade
from ingest.store.address import Address, parse
from ingest.store.database import Database
from ingest.store.schema import migrate
from ingest.store.transfer.copy import copy
from ingest.store.transfer.end import End, Row, Value
from ingest.store.transfer.forms import Form
from ingest.tables import Base
from tools.bench.databases import databases

# Rows of a table for each article, where it is not one; negative: so many in all.
_SHARES = {
    "fingerprints": 20.0,
    "appearance_cuts": 3.0,
    "article_topic_evidence": 2.0,
    "mention_parties": 0.8,
    "agreement_parties": 0.6,
    "agreement_mentions": 0.4,
    "agreement_events": 0.4,
    "agreements": 0.3,
    "organisation_names": 0.1,
    "organisations": 0.05,
    "article_languages": 0.05,
    "alert_occasions": 0.3,
    "alert_deliveries": 0.02,
    "alert_delivery_events": 0.02,
    "decisions": 0.01,
    "runs": -200.0,
    "run_fates": -200.0,
    "source_failures": -50.0,
    "hosts": -50.0,
    "sources": -50.0,
    "alert_rules": -1.0,
}
_BATCH = 2_000
_TEXT = "The harbour opened on Monday, and the two universities signed a memorandum. " * 40  # 3 kB


@dataclass(frozen=True)
class _Table:
    """A table of the old revision, and how many rows it gets."""

    table: sa.Table
    rows: int
    sizes: Mapping[str, int]

    def made(self) -> Iterator[Row]:
        for number in range(self.rows):
            yield tuple(self._value(column, number) for column in self.table.columns)

    @property
    def _parent(self) -> str:
        """The table that rows of this one belong to."""
        owners = (key.column.table.name for column in self.table.columns for key in column.foreign_keys)
        return next((name for name in owners if name != "runs"), "runs")

    def _value(self, column: sa.Column[object], number: int) -> Value:
        for key in column.foreign_keys:
            if key.column.table is self.table:
                return None
            there = self.sizes[key.column.table.name]
            # The second party of an agreement is another one.
            round_ = number // self.sizes["agreements"] if column.name == "organisation_id" else 0
            return (number + round_) % there + 1
        if column.name == "id":
            return number + 1
        if column.name in {"number", "position"}:
            return number // self.sizes[self._parent]
        if column.nullable and column.name in {"topic", "superseded_run_id"}:
            return None
        return _made(column, number)


def _made(column: sa.Column[object], number: int) -> Value:
    kind = column.type
    if isinstance(kind, sa.TIMESTAMP) or getattr(kind, "length", None) == 27:
        return f"2026-03-{number % 28 + 1:02}T08:00:00.{number % 1_000_000:06}Z"
    if isinstance(kind, sa.Boolean):
        return 1
    if isinstance(kind, sa.JSON):
        return "[]" if column.name != "versions" else "{}"
    if isinstance(kind, sa.Float):
        return 0.5
    if isinstance(kind, sa.Integer):
        return number if column.name == "band" else 1
    return _text(column, number)


def _text(column: sa.Column[object], number: int) -> str:
    ours = Base.metadata.tables[column.table.name].columns
    known = ours[column.name].type if column.name in ours else column.type
    if isinstance(known, sa.Enum):
        return str(known.enums[0])
    length = getattr(column.type, "length", None)
    if column.name == "text" and column.table.name == "articles":
        return f"{number} {_TEXT}"
    if length == 64 and column.name.endswith("sha256"):
        return f"{number:064x}"
    return f"{column.name[:4]}{number}"[: length or 500]


def fill(url: str, revision: str, articles: int) -> int:
    """Make a store as a revision had it; gives how many rows it has."""
    address = parse(url)
    database = Database(address, create=True)
    try:
        migrate(database, revision)
        with database.engine.connect() as connection:
            known = End(connection, address).forms  # without what is made from other rows
            found = sa.MetaData()
            found.reflect(connection, only=lambda name, _: name in known)
        database.write(lambda connection: End(connection, address).clear())  # migrations put a rule there
        sizes = {table.name: _size(table.name, articles) for table in found.sorted_tables}
        for table in found.sorted_tables:
            rows = _Table(table, sizes[table.name], sizes).made()
            while batch := list(islice(rows, _BATCH)):
                database.write(_writing(address, known[table.name], batch))
        database.write(lambda connection: End(connection, address).number_on())
    finally:
        database.close()
    return sum(sizes.values())


def _size(name: str, articles: int) -> int:
    share = _SHARES.get(name, 1.0)
    return int(-share) if share < 0 else max(1, int(articles * share))


def _writing(address: Address, form: Form, batch: list[Row]) -> Callable[[sa.Connection], None]:
    return lambda connection: End(connection, address, (form,)).write(form, batch)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _timed(what: str, work: Callable[[], object]) -> None:
    began, used = time.monotonic(), time.process_time()
    work()
    _say(f"{what}: {time.monotonic() - began:.1f} s, of which {time.process_time() - used:.1f} s in this process")


def _measure(url: str, target: str, revision: str, articles: int) -> None:
    began = time.monotonic()
    rows = fill(url, revision, articles)
    _say(f"{rows:,} rows, {articles:,} articles at revision {revision}, made in {time.monotonic() - began:.0f} s")
    _timed("upgrade", lambda: upgrade(url))
    wrong = [each.message for each in check(url) if each.check != "rows"]
    _say(f"check: {'; '.join(wrong) or 'in order'}")
    _timed("copy to the other database, compared", lambda: copy(url, target, tell=lambda _: None))
    _say(f"peak memory {_peak() / 1e6:.0f} MB")


def _peak() -> int:
    import resource  # noqa: PLC0415 - not there on every system

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Read the arguments, and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--from", dest="revision", choices=REVISIONS, default="0002")
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as stores:
        kinds = ("postgresql", "sqlite") if given.postgresql else ("sqlite", "postgresql")
        url, target = (stores.fresh(kind) for kind in kinds)
        _measure(url, target, given.revision, given.articles)


if __name__ == "__main__":
    main()
