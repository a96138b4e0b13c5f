"""What an operator does with sources: add, change, pause, resume, remove."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, count

from sqlalchemy import Connection, bindparam, insert, select, update

from ingest.documents import SourceKind
from ingest.errors import ConfigurationError, NotFoundError
from ingest.store.database import Database, lock, now
from ingest.store.runs import Run
from ingest.tables import Source, SourceEvent, SourceEventKind, SourceState

__all__ = ["Added", "NewSource", "add_source", "note", "set_state", "sweep_folder"]

_BY_NAME = select(Source.id, Source.name, Source.address, Source.state).where(Source.name == bindparam("wanted"))
_BY_ADDRESS = select(Source.id, Source.name, Source.state).where(
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
        is_new: Whether it was not there before; one that was removed is taken up again, and counts as new.
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
        if same.state is not SourceState.REMOVED:
            return Added(name=same.name, is_new=False)
        connection.execute(update(Source).where(Source.id == same.id).values(**values))
        note(connection, same.id, SourceEventKind.ADDED, at=at, run=run, new_address=new.address)
        return Added(name=same.name, is_new=True)
    name = _free_name(connection, new.name, exact=exact_name)
    added = {**values, "name": name, "first_seen_at": at, "first_run_id": run.id}
    identity = connection.execute(insert(Source).returning(Source.id), added).scalar_one()
    note(connection, identity, SourceEventKind.ADDED, at=at, run=run, new_address=new.address)
    return Added(name=name, is_new=True)


def sweep_folder(database: Database, run: Run, name: str, address: str, *, every: timedelta) -> bool:
    """See to it that a folder is looked through from time to time, whatever events get lost.

    One that is new, or was removed, is added and due at once; one that was only ever run by hand becomes due from now
    on. A rhythm that it has already, and its being paused, stay.

    Args:
        database: The store.
        run: For whom.
        name: Of the source.
        address: Of the folder, as the source has it.
        every: Between two looks.

    Returns:
        Whether that changed anything.

    Raises:
        ConfigurationError: Another source has that name.
        StoreError: The store cannot be written.
    """
    new = NewSource(name=name, kind=SourceKind.FOLDER, address=address, interval_seconds=int(every.total_seconds()))

    def work(connection: Connection) -> bool:
        if _add(connection, run, new, exact_name=True).is_new:
            return True
        at = now(connection)
        changed = connection.execute(
            update(Source)
            .where(
                Source.address == address,
                Source.kind == SourceKind.FOLDER.value,
                Source.state == SourceState.ACTIVE,
                Source.next_due_at.is_(None),
            )
            .values(next_due_at=at, listing_due_at=at, interval_seconds=new.interval_seconds)
        )
        return changed.rowcount > 0

    return database.write(work)


def _free_name(connection: Connection, wanted: str, *, exact: bool) -> str:
    for name in chain([wanted], (f"{wanted}-{number}" for number in count(2))):
        if connection.execute(_BY_NAME, {"wanted": name}).first() is None:
            return name
        if exact:
            break
    raise ConfigurationError(f"another source is called {wanted!r}", remedy="choose another name with --name")


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
        due = {"next_due_at": at, "listing_due_at": at} if state is SourceState.ACTIVE else {}
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
