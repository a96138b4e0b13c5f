"""What an operator does with sources: add, change, pause, resume, remove."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count

from sqlalchemy import Connection, bindparam, insert, select, update

from ingest.documents import SourceKind
from ingest.errors import ConfigurationError, NotFoundError
from ingest.store.articles import AnyRow
from ingest.store.database import Database, lock, now
from ingest.store.runs import Run, is_gone
from ingest.tables import Source, SourceEvent, SourceEventKind, SourceState

__all__ = ["Added", "Changes", "NewSource", "add_source", "change_source", "note", "set_state"]

_BY_NAME = select(Source.id, Source.name, Source.state, Source.next_due_at).where(Source.name == bindparam("wanted"))
_BY_ADDRESS = select(Source.id, Source.name, Source.state, Source.next_due_at).where(
    Source.address == bindparam("wanted"), Source.kind == bindparam("sort")
)
_NOTE = insert(SourceEvent)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """A source that is to be added.

    Attributes:
        name: What it is to be called; unique.
        kind: What sort.
        address: Where it is.
        time_zone: IANA zone for times that carry none.
        title: What it calls itself.
        home: The page that it stands for.
        interval_seconds: Between visits; None: by its own rhythm.
    """

    name: str
    kind: SourceKind
    address: str
    time_zone: str = ""
    title: str | None = None
    home: str | None = None
    interval_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of a source that was to be added.

    Attributes:
        name: What it is called.
        is_new: Whether it was not visited before: one that was removed, or only run by hand, is taken up, and counts.
    """

    name: str
    is_new: bool


def add_source(database: Database, run: Run, new: NewSource, *, exact_name: bool = True) -> Added:
    """Add a source; the same address of the same kind is the same source.

    Args:
        database: The store.
        run: For whom.
        new: What is to be added.
        exact_name: Whether a name that another source has is refused; else `-2`, `-3`, … is put behind it.

    Raises:
        ConfigurationError: Another source has that name.
        StoreError: The store cannot be written.
    """
    return database.write(lambda connection: _add(connection, run, new, exact_name=exact_name))


def _add(connection: Connection, run: Run, new: NewSource, *, exact_name: bool) -> Added:
    lock(connection, [f"source {new.name}", f"address {new.address}"])
    at = now(connection)
    values = {
        "kind": new.kind.value,
        "address": new.address,
        "time_zone": new.time_zone,
        "title": new.title,
        "home": new.home,
        "interval_seconds": new.interval_seconds,
        "state": SourceState.ACTIVE,
        "next_due_at": at,
        "listing_due_at": at,
    }
    same = connection.execute(_BY_ADDRESS, {"wanted": new.address, "sort": new.kind.value}).first()
    if same is not None:
        is_visited = same.next_due_at is not None  # a folder that was only ever run by hand is not
        if same.state is not SourceState.REMOVED and is_visited:
            return Added(name=same.name, is_new=False)
        connection.execute(update(Source).where(Source.id == same.id).values(**values))
        note(connection, same.id, SourceEventKind.ADDED, at=at, run=run, new_address=new.address)
        return Added(name=same.name, is_new=True)
    name = _free_name(connection, new.name, exact=exact_name)
    added = {**values, "name": name, "first_seen_at": at, "first_run_id": run.id}
    identity = connection.execute(insert(Source).returning(Source.id), added).scalar_one()
    note(connection, identity, SourceEventKind.ADDED, at=at, run=run, new_address=new.address)
    return Added(name=name, is_new=True)


def _free_name(connection: Connection, wanted: str, *, exact: bool) -> str:
    for name in chain([wanted], (f"{wanted}-{number}" for number in count(2))):
        if connection.execute(_BY_NAME, {"wanted": name}).first() is None:
            return name
        if exact:
            break
    raise ConfigurationError(f"another source is called {wanted!r}", remedy="choose another name with --name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is to be changed of a source; None: nothing.

    Attributes:
        name: What it is to be called.
        address: Where it is from now on.
        time_zone: IANA zone for times that carry none; empty: that of the settings.
        interval_seconds: Between visits; 0: by its own rhythm.
    """

    name: str | None = None
    address: str | None = None
    time_zone: str | None = None
    interval_seconds: int | None = None


def change_source(database: Database, name: str, changes: Changes) -> bool:
    """Change what an operator may say of a source. What it brought stays its own; another zone holds for new pages.

    Args:
        database: The store.
        name: Of the source, until now.
        changes: What is to be changed. A source whose address or interval changes is due at once.

    Returns:
        Whether that changed anything.

    Raises:
        NotFoundError: There is no such source, or it was removed.
        ConfigurationError: Another source has that name or address, or a worker visits the source, by those it has.
        StoreError: The store cannot be written.
    """
    return database.write(lambda connection: _change(connection, name, changes))


def _change(connection: Connection, name: str, changes: Changes) -> bool:
    lock(connection, ["sources due", *(f"source {each}" for each in (name, changes.name) if each)])
    row = connection.execute(select(*Source.__table__.columns).where(Source.name == name)).first()
    if row is None or row.state is SourceState.REMOVED:
        raise NotFoundError(f"there is no source called {name!r}", remedy="`ingest sources` lists those there are")
    wanted = {
        "name": changes.name,
        "address": changes.address,
        "time_zone": changes.time_zone,
        "interval_seconds": changes.interval_seconds,
    }
    before = {key: getattr(row, key) for key in wanted}
    values: dict[str, object] = {
        key: value or (None if key == "interval_seconds" else value)
        for key, value in wanted.items()
        if value is not None and (value or None) != (before[key] or None)
    }
    if not values:
        return False
    if {"address", "interval_seconds"} & set(values) and row.next_due_at is None:
        raise ConfigurationError(
            f"{name} is only ever run by hand, and has neither rhythm nor another address",
            remedy="`ingest sources add` adds a source that is visited",
        )
    at = now(connection)
    if {"name", "address"} & set(values):
        _see_that_nobody_visits(connection, row, at)
    if "name" in values:
        _free_name(connection, str(changes.name), exact=True)
    if "address" in values:
        _see_that_nobody_has(connection, row, str(changes.address))
        values |= {"etag": None, "last_modified": None, "body_sha256": None}
    said = ", ".join(
        f"{key}: {before[key] or 'none'} → {value or 'none'}" for key, value in values.items() if key in _TOLD
    )
    moved = {"old_address": row.address, "new_address": changes.address} if "address" in values else {}
    note(connection, row.id, SourceEventKind.CHANGED, at=at, detail=said or None, **moved)
    if {"address", "interval_seconds"} & set(values):
        values |= {"next_due_at": at, "listing_due_at": at}
    connection.execute(update(Source).where(Source.id == row.id).values(**values))
    return True


_TOLD = frozenset({"name", "time_zone", "interval_seconds"})  # an address has columns of its own


def _see_that_nobody_visits(connection: Connection, row: AnyRow, at: datetime) -> None:
    is_held = row.lease_run_id is not None and row.lease_until > at and not is_gone(connection, row.lease_run_id)
    if is_held:
        raise ConfigurationError(
            f"{row.name} is being visited, by the name and address that it has", remedy="try again in a minute"
        )


def _see_that_nobody_has(connection: Connection, row: AnyRow, address: str) -> None:
    same = connection.execute(_BY_ADDRESS, {"wanted": address, "sort": row.kind}).first()
    if same is not None:
        raise ConfigurationError(f"the source {same.name} has that address", remedy="remove or change one of the two")


_EVENTS = {
    SourceState.ACTIVE: SourceEventKind.RESUMED,
    SourceState.PAUSED: SourceEventKind.PAUSED,
    SourceState.REMOVED: SourceEventKind.REMOVED,
}


def set_state(database: Database, name: str, state: SourceState, *, detail: str | None = None) -> bool:
    """Pause, resume or remove a source. Its documents, articles and history stay in any case.

    Args:
        database: The store.
        name: Of the source.
        state: What is wanted. A source that is resumed is due at once.
        detail: Why, as somebody put it.

    Returns:
        Whether that changed anything.

    Raises:
        NotFoundError: There is no such source, or it was removed.
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> bool:
        found = connection.execute(_BY_NAME, {"wanted": name}).first()
        if found is None or found.state is SourceState.REMOVED:
            raise NotFoundError(f"there is no source called {name!r}", remedy="`ingest sources` lists those there are")
        if found.state is state:
            return False
        at = now(connection)
        is_visited = found.next_due_at is not None  # what is only ever run by hand does not become due
        due = {"next_due_at": at, "listing_due_at": at} if state is SourceState.ACTIVE and is_visited else {}
        connection.execute(update(Source).where(Source.id == found.id).values(state=state, **due))
        note(connection, found.id, _EVENTS[state], at=at, detail=detail)
        return True

    return database.write(work)


def note(
    connection: Connection,
    source: int,
    event: SourceEventKind,
    *,
    at: datetime,
    run: Run | None = None,
    detail: str | None = None,
    old_address: str | None = None,
    new_address: str | None = None,
) -> None:
    """Append to what happened to a source."""
    connection.execute(
        _NOTE,
        {
            "source_id": source,
            "at": at,
            "event": event,
            "run_id": run.id if run else None,
            "detail": detail,
            "old_address": old_address,
            "new_address": new_address,
        },
    )
