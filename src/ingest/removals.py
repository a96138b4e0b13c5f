"""Removals by request as the archive records them, so that a store of an earlier day learns of them.

    ingest forget        store → record in the archive
    ingest db backup     records of the archive and of the store → the backups' own
    ingest db restore    records of all these → the restored store, on which each is carried out again

A record holds who asked, why, and digests: nothing of what was removed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from ingest.archive import Archive
from ingest.errors import ArchiveError
from ingest.store import Store
from ingest.store.address import parse
from ingest.store.database import Database
from ingest.store.forgetting.forget import Forgotten, lingering, settle_file
from ingest.store.forgetting.records import Record, again, at_addresses, records
from ingest.tables import MarkKind
from ingest.wire import RemovalMark, RemovalRecord, dump

__all__ = ["carry_out_again", "keep", "keep_of", "kept", "known_to", "settle", "settle_archive", "told", "unknown_to"]


def kept(*archives: Archive) -> tuple[Record, ...]:
    """The removals that archives record, the first one first; of one that several record, what the last of them says.

    Raises:
        ArchiveError: One does not answer, or holds what is no record.
    """
    found: dict[str, Record] = {}
    for archive in archives:
        for name, content in archive.records().items():
            read = _read(content, f"{archive.shown}: removals/{name}")
            found[read.name] = read
    return tuple(found[name] for name in sorted(found))


def keep(archive: Archive, given: Iterable[Record]) -> None:
    """Record removals in an archive. What it records already is left alone, and so is one that it knows as lifted.

    Raises:
        ArchiveError: It does not answer, cannot be written, or holds what is no record.
    """
    there = {each.name: each for each in kept(archive)}
    for record in given:
        known = there.get(record.name)
        # A store of an earlier day does not know that it was lifted.
        is_newer = known is not None and known.lifted_at is not None and record.lifted_at is None
        if known != record and not is_newer:
            archive.put_record(f"{record.name}.json", _written(record))


def keep_of(store: Store, archive: Archive) -> None:
    """Record all removals that a store knows.

    Raises:
        StoreError: The store cannot be read.
        ArchiveError: The archive does not answer, or cannot be written.
    """
    keep(archive, store.database.read(records))


def known_to(url: str) -> tuple[Record, ...]:
    """The removals that a store knows, of this release or another one; none where there is no store.

    Raises:
        StoreError: It cannot be read.
    """
    address = parse(url)
    if address.path is not None and not address.path.exists():
        return ()
    database = Database(address, create=False)
    try:
        return database.read(records)
    finally:
        database.close()


def unknown_to(url: str, given: Iterable[Record]) -> tuple[Record, ...]:
    """Those that a store does not know, or not as lifted.

    Raises:
        StoreError: It cannot be read.
    """
    known = {each.name: each for each in known_to(url)}
    return tuple(
        each
        for each in given
        if each.name not in known or (each.lifted_at is not None and known[each.name].lifted_at is None)
    )


def carry_out_again(store: Store, given: Iterable[Record]) -> tuple[Forgotten, ...]:
    """Carry removals out on a store that does not know of them, each in a transaction of its own.

    Returns:
        What came of those that hold; one that was lifted removes nothing.

    Raises:
        StoreError: The store cannot be written; the same call takes up the rest.
    """
    wanted = tuple(given)
    documents = store.database.read(lambda connection: at_addresses(connection, wanted))
    done = []
    for record in wanted:
        there = documents.get(record.name, set())
        done.append(store.rule(lambda writing, rules, one=record, at=there: again(writing, rules, one, documents=at)))  # type: ignore[misc]
    return tuple(each for each in done if each is not None)


def settle(store: Store, archive: Archive) -> None:
    """After a removal: nothing of it stays in the store's file, nor in the archive.

    Raises:
        StoreError: The store does not answer.
        ArchiveError: A body cannot be deleted; the next call tries again.
    """
    settle_file(store.database)
    settle_archive(store, archive)


def settle_archive(store: Store, archive: Archive) -> None:
    """Delete raw bodies that were removed by request and are in the archive all the same.

    Raises:
        StoreError: The store does not answer.
        ArchiveError: A body cannot be deleted; the next call tries again.
    """
    for sha256 in store.database.read(lingering):
        archive.remove(sha256)


def told(record: Record) -> RemovalRecord:
    """A removal in the form in which it is recorded."""
    return RemovalRecord(
        made_at=_moment(record.made_at),
        person=record.person,
        reason=record.reason,
        documents=record.documents,
        articles=record.articles,
        marks=tuple(RemovalMark(kind=kind.value, sha256=digest) for kind, digest in record.marks),
        lifted_at=None if record.lifted_at is None else _moment(record.lifted_at),
        lifted_by=record.lifted_by,
    )


def _written(record: Record) -> bytes:
    return (dump(told(record), indent=2) + "\n").encode("utf-8", "surrogatepass")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _read(content: bytes, where: str) -> Record:
    from pydantic import TypeAdapter  # noqa: PLC0415 - costs a fifth of a second

    adapter: TypeAdapter[RemovalRecord] = TypeAdapter(RemovalRecord)
    try:
        read = adapter.validate_json(content)
        return Record(
            made_at=datetime.fromisoformat(read.made_at).astimezone(UTC),
            person=read.person,
            reason=read.reason,
            documents=read.documents,
            articles=read.articles,
            marks=tuple(sorted((MarkKind(mark.kind), mark.sha256) for mark in read.marks)),
            lifted_at=None if read.lifted_at is None else datetime.fromisoformat(read.lifted_at).astimezone(UTC),
            lifted_by=read.lifted_by,
        )
    except ValueError as wrong:
        raise ArchiveError(
            f"{where} is no record of a removal",
            remedy="put it back from a backup (`objects/removals`); or delete it, and ask for the removal anew",
        ) from wrong
