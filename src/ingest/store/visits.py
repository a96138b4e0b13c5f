"""Which source is due, who visits it, and what came of asking for its listing.

A source is claimed like a document, by a lease and a token that only ever grows: only whoever holds the latest token
may write what a visit found, so two workers never visit a source at once, and one that was paused changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, case, func, insert, select, update

from ingest.documents import Failure, SourceKind, Validators
from ingest.errors import ClaimLostError
from ingest.store.articles import AnyRow
from ingest.store.database import Database, lock, now
from ingest.store.runs import Run, is_gone
from ingest.store.subscriptions import note
from ingest.tables import Lead, Source, SourceEventKind, SourceFailure, SourceState

__all__ = [
    "Due",
    "Heard",
    "claim_source",
    "end_visit",
    "fenced",
    "heard",
    "heard_nothing_new",
    "keep_alive",
    "not_heard",
    "part_not_heard",
    "put_off",
]

_REST = timedelta(seconds=10)
_SHARE = 0.3  # of the newest observation in a moving mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A source that this worker visits.

    Attributes:
        id: Its row.
        name: What it is called.
        kind: What sort.
        address: Where it is.
        time_zone: IANA zone for times that carry none.
        token: The fence.
        lease: How long the claim is respected without a sign of life.
        asks: Whether its listing is to be asked for on this visit.
        validators: Of the listing that was read last; empty after a failure, so that 'not modified' cannot hide it.
        body_sha256: Of that listing.
        failures: In a row.
        first_contact_at: When a listing of it was first read, if one ever was.
        last_success_at: When one was read last.
        interval: Between visits, where an operator set it.
        stated: How often it says that it changes.
        rhythm: The usual time between two new entries.
    """

    id: int
    name: str
    kind: SourceKind
    address: str
    time_zone: str
    token: int
    lease: timedelta
    asks: bool
    validators: Validators
    body_sha256: str | None
    failures: int
    first_contact_at: datetime | None
    last_success_at: datetime | None
    interval: timedelta | None
    stated: timedelta | None
    rhythm: timedelta | None

    @property
    def is_first(self) -> bool:
        """Whether no listing of it was ever read."""
        return self.first_contact_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a listing said, that was read.

    Attributes:
        wait: How long until it is to be asked again.
        entries: How many it held.
        new: How many of them nobody knew.
        validators: For the next time.
        body_sha256: Of its bytes.
        title: What it calls itself.
        home: The page that it stands for.
        stated: How often it says that it changes.
        rhythm: The usual time between two entries, by their dates; believed while nothing better is known.
        moved_to: Where it has moved for good.
        is_whole: Whether all was asked for that is to be; of an index of sitemaps that may take several visits.
    """

    wait: timedelta
    entries: int
    new: int
    validators: Validators = field(default_factory=Validators)
    body_sha256: str | None = None
    title: str | None = None
    home: str | None = None
    stated: timedelta | None = None
    rhythm: timedelta | None = None
    moved_to: str | None = None
    is_whole: bool = True


def claim_source(
    database: Database,
    run: Run,
    *,
    kinds: Collection[SourceKind],
    lease_seconds: float,
    only: Collection[str] = (),
) -> Due | None:
    """Claim the source that has been due for longest; None where none is.

    Args:
        database: The store.
        run: For whom.
        kinds: Those that the worker can visit.
        lease_seconds: How long the claim is respected without a sign of life. A worker of this host that died loses it
            at once.
        only: Names of those to choose from, due or not; empty: all that are due.

    Raises:
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> Due | None:
        lock(connection, ["sources due"])
        at = now(connection)
        for row in connection.execute(_due(at, kinds, only)):
            if row.lease_run_id is None or row.lease_until <= at or is_gone(connection, row.lease_run_id):
                values = {
                    "token": row.token + 1,
                    "lease_run_id": run.id,
                    "lease_until": at + timedelta(seconds=lease_seconds),
                }
                connection.execute(update(Source).where(Source.id == row.id).values(**values))
                asks = bool(only) or row.listing_due_at is None or row.listing_due_at <= at
                return _read(row, asks=asks, lease=timedelta(seconds=lease_seconds))
        return None

    return database.write(work)


def _due(at: datetime, kinds: Collection[SourceKind], only: Collection[str]) -> Select[tuple[Any, ...]]:
    query = select(*Source.__table__.columns).where(
        Source.state == SourceState.ACTIVE, Source.kind.in_([kind.value for kind in kinds])
    )
    query = query.where(Source.name.in_(only)) if only else query.where(Source.next_due_at <= at)
    # What some worker left behind comes last: it may be what the worker died of.
    return query.order_by(Source.lease_run_id.is_not(None), Source.next_due_at, Source.id)


def fenced(connection: Connection, due: Due) -> datetime:
    """See that a visit is still ours, and show that we live.

    Returns:
        The time, by the database's clock.

    Raises:
        ClaimLostError: Another worker visits the source.
    """
    at = now(connection)
    renewed = connection.execute(
        update(Source).where(Source.id == due.id, Source.token == due.token).values(lease_until=at + due.lease)
    )
    if renewed.rowcount != 1:
        raise ClaimLostError(f"another worker visits {due.name}", remedy="nothing is lost: that one goes on")
    return at


def keep_alive(database: Database, due: Due) -> None:
    """Show that we still visit a source.

    Raises:
        ClaimLostError: Another worker visits it.
        StoreError: The store cannot be written.
    """
    database.write(lambda connection: fenced(connection, due))


def heard(database: Database, run: Run, due: Due, said: Heard) -> None:
    """Record that a listing was read.

    Raises:
        ClaimLostError: Another worker visits the source.
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> None:
        at = fenced(connection, due)
        row = connection.execute(select(*Source.__table__.columns).where(Source.id == due.id)).one()
        values: dict[str, object] = {
            "last_contact_at": at,
            "last_success_at": at,
            "failures": 0,
            "etag": said.validators.etag,
            "last_modified": said.validators.last_modified,
            "body_sha256": said.body_sha256,
            "title": said.title or row.title,
            "home": said.home or row.home,
            "stated_seconds": int(said.stated.total_seconds()) if said.stated else None,
            "entries_last": said.entries,
            "entries_usual": _mean(row.entries_usual, said.entries) if said.entries else row.entries_usual,
            "first_contact_at": row.first_contact_at or at,
            "first_pass_at": row.first_pass_at or (at if said.is_whole else None),
            "listing_due_at": at + said.wait,
        }
        if said.new:
            values["last_new_at"] = at
            values["rhythm_seconds"] = _rhythm(row, said, at)
        values |= _moved(connection, run, due, said.moved_to, at)
        connection.execute(update(Source).where(Source.id == due.id).values(**values))
        if row.failures:
            note(connection, due.id, SourceEventKind.RECOVERED, at=at, run=run)

    database.write(work)


def _moved(connection: Connection, run: Run, due: Due, moved_to: str | None, at: datetime) -> dict[str, object]:
    """What changes where a source has moved for good; its history says so."""
    if moved_to is None or moved_to == due.address:
        return {}
    places = {"old_address": due.address, "new_address": moved_to}
    note(connection, due.id, SourceEventKind.MOVED, at=at, run=run, **places)
    return {"address": moved_to}


def _mean(before: float | None, value: float) -> float:
    return float(value) if before is None else before + _SHARE * (value - before)


def _rhythm(row: AnyRow, said: Heard, at: datetime) -> float | None:
    if row.last_new_at is None:
        return said.rhythm.total_seconds() if said.rhythm else row.rhythm_seconds
    return _mean(row.rhythm_seconds, (at - row.last_new_at).total_seconds() / said.new)


def heard_nothing_new(database: Database, run: Run, due: Due, *, wait: timedelta, moved_to: str | None = None) -> None:
    """Record that a source says it has not changed. That alone ends no run of failures.

    Args:
        database: The store.
        run: For whom.
        due: The visit.
        wait: How long until it is to be asked again.
        moved_to: Where it has moved for good.

    Raises:
        ClaimLostError: Another worker visits the source.
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> None:
        at = fenced(connection, due)
        succeeded = case((Source.failures == 0, at), else_=Source.last_success_at)
        connection.execute(
            update(Source)
            .where(Source.id == due.id)
            .values(
                last_contact_at=at,
                last_success_at=succeeded,
                listing_due_at=at + wait,
                **_moved(connection, run, due, moved_to, at),
            )
        )

    database.write(work)


def put_off(database: Database, due: Due, *, wait: timedelta) -> None:
    """Record when a source is to be asked again, before anything is known of how it does.

    Raises:
        ClaimLostError: Another worker visits the source.
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> None:
        at = fenced(connection, due)
        connection.execute(update(Source).where(Source.id == due.id).values(listing_due_at=at + wait))

    database.write(work)


def not_heard(database: Database, run: Run, due: Due, failure: Failure, *, wait: timedelta) -> None:
    """Record that a listing could not be had, and when to ask again.

    Raises:
        ClaimLostError: Another worker visits the source.
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> None:
        at = fenced(connection, due)
        connection.execute(
            update(Source)
            .where(Source.id == due.id)
            .values(
                failures=Source.failures + 1,
                last_failure_at=at,
                last_failure=failure.detail,
                failure_kind=failure.kind,
                failure_reason=failure.reason,
                listing_due_at=at + wait,
            )
        )
        _count(connection, due, failure, at)
        if due.failures == 0:
            note(connection, due.id, SourceEventKind.FAILED, at=at, run=run, detail=failure.detail)

    database.write(work)


def part_not_heard(database: Database, due: Due, failure: Failure) -> None:
    """Count that a part of a source, such as a sitemap of an index, could not be had; the source has not failed.

    Raises:
        ClaimLostError: Another worker visits the source.
        StoreError: The store cannot be written.
    """
    database.write(lambda connection: _count(connection, due, failure, fenced(connection, due)))


def _count(connection: Connection, due: Due, failure: Failure, at: datetime) -> None:
    same = (
        SourceFailure.source_id == due.id,
        SourceFailure.kind == failure.kind,
        SourceFailure.reason == failure.reason,
    )
    last = {"last_at": at, "detail": failure.detail}
    counted = connection.execute(update(SourceFailure).where(*same).values(number=SourceFailure.number + 1, **last))
    if counted.rowcount == 0:
        row = {"source_id": due.id, "kind": failure.kind, "reason": failure.reason, "number": 1, **last}
        connection.execute(insert(SourceFailure), row)


def end_visit(database: Database, due: Due, *, not_before: timedelta = timedelta()) -> None:
    """Give a source back. It is due again when its listing is, or a page that waits.

    Args:
        database: The store.
        due: The visit.
        not_before: How long its host asks to be left alone.

    Raises:
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> None:
        at = now(connection)
        page = connection.execute(select(func.min(Lead.due_at)).where(Lead.source_id == due.id)).scalar_one_or_none()
        listing = connection.execute(select(Source.listing_due_at).where(Source.id == due.id)).scalar_one()
        # Whatever was forgotten: a source that is still due after it was asked must not be visited without end.
        listing = max(listing, at + _REST) if due.asks and listing else listing
        next_at = max(min(each for each in (page, listing, at + timedelta(days=1)) if each), at + not_before)
        connection.execute(
            update(Source)
            .where(Source.id == due.id, Source.token == due.token)
            .values(lease_run_id=None, lease_until=None, next_due_at=next_at)
        )

    database.write(work)


def _seconds(value: float | None) -> timedelta | None:
    return None if value is None else timedelta(seconds=value)


def _read(row: AnyRow, *, asks: bool, lease: timedelta) -> Due:
    believed = row.failures == 0
    return Due(
        id=row.id,
        name=row.name,
        kind=SourceKind(row.kind),
        address=row.address,
        time_zone=row.time_zone,
        token=row.token + 1,
        lease=lease,
        asks=asks,
        validators=Validators(etag=row.etag, last_modified=row.last_modified) if believed else Validators(),
        body_sha256=row.body_sha256 if believed else None,
        failures=row.failures,
        first_contact_at=row.first_contact_at,
        last_success_at=row.last_success_at,
        interval=_seconds(row.interval_seconds),
        stated=_seconds(row.stated_seconds),
        rhythm=_seconds(row.rhythm_seconds),
    )
