"""How far web archives were read: ranges that workers claim, and what they found there.

A range is claimed like a document, by a lease and a token that only ever grows. Its position and its counts are written
together, and only by whoever holds the latest token: a worker that is killed loses at most what was read since, which
is read again, and which the store knows to be settled.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from ingest.documents import Packing, RangeState, Tally
from ingest.errors import ClaimLostError
from ingest.store import runs
from ingest.store.articles import AnyRow
from ingest.store.database import Database, lock, now
from ingest.store.documents import Finder, begin, make_source
from ingest.store.runs import Run
from ingest.tables import Source, WebArchive, WebArchiveRange

__all__ = ["KIND", "ClaimedRange", "Planned", "Read", "advance", "claim", "enter", "fail", "finish", "unread"]

KIND = "backfill"
"""Runs of this kind alert nobody."""

_A, _R = WebArchive, WebArchiveRange
_FOUND = (
    select(
        _R.start, _R.stop, _R.position, _R.state, _R.token, _R.lease_run_id, _R.lease_until,
        _A.name, _A.address, _A.packing, Source.name.label("source"), Source.address.label("source_address"),
    )
    .join(_A, _A.id == _R.archive_id)
    .join(Source, Source.id == _A.source_id)
)  # fmt: skip
_NOTHING = Tally(fates=(), new_agreements=0, elapsed=timedelta(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A web archive that is to be read.

    Attributes:
        name: Within its source.
        address: Where it is.
        size: Its bytes, where they are known.
        version: Changes when the file does.
        packing: How it is packed; None where it cannot be read.
        ranges: Where each begins and ends, in order; without end, at the archive's.
        failure: Why it cannot be read.
    """

    name: str
    address: str
    size: int | None = None
    version: str = ""
    packing: Packing | None = None
    ranges: tuple[tuple[int, int | None], ...] = ()
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedRange:
    """A range that this worker has in hand.

    Attributes:
        id: Its row.
        run: The run that reads it.
        source: Name of the source.
        source_address: What the source is known by.
        archive: Name of the archive.
        address: Where the archive is.
        packing: How it is packed.
        position: Where to go on.
        stop: Where to end; None: at the archive's end.
        token: The fence.
        lease: How long the claim is respected without a sign of life.
    """

    id: int
    run: Run
    source: str
    source_address: str
    archive: str
    address: str
    packing: Packing
    position: int
    stop: int | None
    token: int
    lease: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read of a range since it was last told.

    Attributes:
        records: Records, and what cannot be read.
        pages: Records that brought a page.
        skipped: Records that did not, by reason.
        broken: What cannot be read, by reason.
        fates: What became of pages, and of what is broken.
        seconds: How long that took.
    """

    records: int = 0
    pages: int = 0
    skipped: Mapping[str, int]
    broken: Mapping[str, int]
    fates: Mapping[str, int]
    seconds: float = 0.0


def enter(database: Database, finder: Finder, planned: Sequence[Planned]) -> None:
    """Enter archives and their ranges; one that is known and has not changed stays as it is.

    Raises:
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> None:
        run = runs.start(connection, "plan", flow_run=None, versions={})
        source = make_source(begin(connection, run), finder)
        at = now(connection)
        known = {
            row.name: row for row in connection.execute(select(*_A.__table__.columns).where(_A.source_id == source))
        }
        for each in planned:
            _enter(connection, each, known.get(each.name), source=source, at=at)
        runs.finish(connection, run, _NOTHING)

    database.write(work)


def _enter(connection: Connection, planned: Planned, known: AnyRow | None, *, source: int, at: datetime) -> None:
    token = 0
    values = {
        "address": planned.address,
        "size": planned.size,
        "version": planned.version,
        "packing": planned.packing,
        "failure": planned.failure,
    }
    if known is None:
        added = insert(_A).values(source_id=source, name=planned.name, first_seen_at=at, **values).returning(_A.id)
        archive: int = connection.execute(added).scalar_one()
    elif planned.failure is not None:  # what was read of it before stands
        connection.execute(update(_A).where(_A.id == known.id).values(failure=planned.failure))
        return
    else:
        archive = known.id
        connection.execute(update(_A).where(_A.id == archive).values(**values))
        if known.version == planned.version and known.packing is planned.packing:
            return
        # A row's number may be given again: whoever still holds one of the old rows must not be taken for the new.
        token = connection.execute(select(func.max(_R.token)).where(_R.archive_id == archive)).scalar_one() or 0
        connection.execute(delete(_R).where(_R.archive_id == archive))
    rows: list[dict[str, object]] = [
        {
            "archive_id": archive,
            "start": start,
            "stop": stop,
            "position": start,
            "state": RangeState.WAITING,
            "token": token,
            **dict.fromkeys(("records", "pages", "attempts", "seconds"), 0),
            **{name: {} for name in ("skipped", "broken", "fates")},
        }
        for start, stop in planned.ranges
    ]
    if rows:
        connection.execute(insert(_R), rows)


def unread(database: Database, source: str, archives: Collection[str]) -> tuple[int, ...]:
    """Rows of the ranges of these archives that are not done, in the order in which they are to be read."""

    def work(connection: Connection) -> tuple[int, ...]:
        query = (
            select(_R.id, _A.name)
            .join(_A, _A.id == _R.archive_id)
            .join(Source, Source.id == _A.source_id)
            .where(Source.name == source, _R.state != RangeState.DONE)
            .order_by(_A.name, _R.start)
        )
        wanted = frozenset(archives)
        return tuple(row.id for row in connection.execute(query) if row.name in wanted)

    return database.read(work)


def claim(
    database: Database, row: int, *, versions: Mapping[str, str], lease_seconds: float, flow_run: str | None = None
) -> ClaimedRange | None:
    """Claim a range, and open the run that reads it; None where it is done, or another worker has it.

    Raises:
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> ClaimedRange | None:
        lock(connection, [f"web archive range {row}"])
        found = connection.execute(_FOUND.where(_R.id == row)).one_or_none()
        at = now(connection)
        if found is None or found.state is RangeState.DONE or _is_held(connection, found, at):
            return None
        subject = f"{found.source} {found.name} {found.start}"
        run = runs.start(connection, KIND, flow_run=flow_run, versions=versions, subject=subject)
        values = {
            "state": RangeState.RUNNING,
            "token": found.token + 1,
            "lease_run_id": run.id,
            "lease_until": at + timedelta(seconds=lease_seconds),
            "failure": None,
        }
        connection.execute(update(_R).where(_R.id == row).values(**values))
        return ClaimedRange(
            id=row,
            run=run,
            source=found.source,
            source_address=found.source_address or "",
            archive=found.name,
            address=found.address,
            packing=found.packing,
            position=found.position,
            stop=found.stop,
            token=found.token + 1,
            lease=timedelta(seconds=lease_seconds),
        )

    return database.write(work)


def advance(database: Database, claimed: ClaimedRange, position: int, read: Read) -> None:
    """Note that all before a position is settled, and what was found up to there; shows that we live, too.

    Raises:
        ClaimLostError: Another worker reads the range.
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> None:
        _note(connection, claimed, read, position=position, lease_until=now(connection) + claimed.lease)

    database.write(work)


def finish(database: Database, claimed: ClaimedRange, read: Read) -> None:
    """Note that a range was read to its end.

    Raises:
        ClaimLostError: Another worker reads it.
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> None:
        done = {"state": RangeState.DONE, "attempts": 0, "lease_run_id": None, "lease_until": None}
        _note(connection, claimed, read, settled_at=now(connection), **done)

    database.write(work)


def fail(database: Database, claimed: ClaimedRange, failure: str) -> None:
    """Note that a range cannot be read for now; what was settled stands.

    Raises:
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> None:
        values = {"state": RangeState.FAILED, "failure": failure[:1000], "attempts": _R.attempts + 1}
        ours = (_R.id == claimed.id) & (_R.token == claimed.token)
        connection.execute(update(_R).where(ours).values(lease_run_id=None, lease_until=None, **values))

    database.write(work)


def _note(connection: Connection, claimed: ClaimedRange, read: Read, **values: object) -> None:
    ours = (_R.id == claimed.id) & (_R.token == claimed.token)
    query = select(_R.records, _R.pages, _R.skipped, _R.broken, _R.fates, _R.seconds).where(ours)
    before = connection.execute(query.with_for_update()).one_or_none()
    if before is None:
        raise ClaimLostError(f"another worker reads {claimed.archive}", remedy="nothing is lost: that one goes on")
    connection.execute(
        update(_R)
        .where(ours)
        .values(
            records=before.records + read.records,
            pages=before.pages + read.pages,
            skipped=_sum(before.skipped, read.skipped),
            broken=_sum(before.broken, read.broken),
            fates=_sum(before.fates, read.fates),
            seconds=before.seconds + read.seconds,
            **values,
        )
    )


def _sum(before: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {name: before.get(name, 0) + more.get(name, 0) for name in sorted({*before, *more})}


def _is_held(connection: Connection, found: AnyRow, at: datetime) -> bool:
    """Whether a worker that lives has it, within its lease."""
    if found.lease_run_id is None or found.lease_until is None or found.lease_until <= at:
        return False
    return not runs.is_gone(connection, found.lease_run_id)
