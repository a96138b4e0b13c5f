"""`ingest forget`: remove an article by request, with all that derives from it, and keep it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ingest.cli.listing import json_option, show_list
from ingest.cli.rule import RulingOptions, confirm, ruling_options
from ingest.cli.session import Session, command, pass_session
from ingest.report import forgetting as shown
from ingest.store.read import Listing
from ingest.wire import Removal, RemovedDocument, RemovedRows, Tombstone, dump

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.archive import Archive
    from ingest.store import Store
    from ingest.store.forgetting.forget import Forgotten
    from ingest.store.forgetting.tombstones import Kept

__all__ = ["forget"]


@command(
    "forget",
    examples="""ingest forget https://news.example/story --reason 'court order 12/26' --dry-run
    ingest forget art-1112a0f0593f --reason 'asked for by its author' --by 'A. Chan'
    ingest forget https://news.example/never --reason 'not to be taken in' --yes --json
    ingest forget --list
    ingest forget --lift 3 --by 'A. Chan'
    ingest forget --again""",
)
@click.argument("what", metavar="[URL|ID|KEY]", required=False)
@click.option("--list", "listed", is_flag=True, help="Say what was removed so far, by whom and why.")
@click.option("--lift", type=click.IntRange(min=1), metavar="N", help="Keep out no more what removal N kept out.")
@click.option("--again", is_flag=True, help="Remove again what the archive records and the store does not know.")
@ruling_options()
@json_option()
@pass_session
def forget(
    session: Session,
    what: str | None,
    *,
    listed: bool,
    lift: int | None,
    again: bool,
    options: RulingOptions,
    as_json: bool,
) -> None:
    """Remove an article, with all that derives from it, everywhere in the store and the archive; and keep it out.

    It is named by its address, its id or its key. What goes: every revision of its documents, copies of its text in
    others, topics, sentences of agreements, names that only it knew, fingerprints, raw bytes that nothing else needs,
    alerts that wait. Agreements are made again from the articles that are left, or emptied. What stays: the address of
    the document, and digests by which it is kept out from now on. Backups, exports, alerts that were sent and
    models that were trained are not reached.

    The archive records each removal, so that 'ingest db restore' does not bring back what was removed since. After a
    restore by other means (a base backup of PostgreSQL, a copied file), '--again' carries out what the archive records.

    What will go is shown first. With --json, the form is that of 'ingest schema removal'; with --list, each line has
    that of 'ingest schema tombstone'.
    """
    if (what is not None) + listed + (lift is not None) + again != 1:
        raise click.UsageError("give an address, an id or a key; or --list, --lift N, or --again")
    if listed:
        _list(session, as_json=as_json)
    elif lift is not None:
        _lift(session, lift, options)
    elif again:
        _again(session, options)
    elif what is not None:
        _forget(session, what, options, as_json=as_json)


def _list(session: Session, *, as_json: bool) -> None:
    from ingest.store import open_store  # noqa: PLC0415 - loads SQLAlchemy
    from ingest.store.forgetting.tombstones import tombstones  # noqa: PLC0415 - likewise

    with open_store(session.database_url(), create=False) as store:
        found = tuple(_tombstone(each) for each in store.database.read(tombstones))
    show_list(
        session.screen(),
        Listing(items=found, total=len(found)),
        as_json=as_json,
        entries=shown.tombstone_entries,
        grid=shown.tombstone_grid,
        nothing="nothing was removed by request",
    )


def _tombstone(kept: Kept) -> Tombstone:
    return Tombstone(
        id=kept.id,
        made_at=_moment(kept.made_at),
        person=kept.person,
        reason=kept.reason,
        documents=kept.documents,
        articles=kept.articles,
        marks=kept.marks,
        lifted_at=None if kept.lifted_at is None else _moment(kept.lifted_at),
        lifted_by=kept.lifted_by,
    )


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _lift(session: Session, number: int, options: RulingOptions) -> None:
    from ingest.archive import Archive  # noqa: PLC0415 - wanted once it is done
    from ingest.removals import keep_of  # noqa: PLC0415 - loads SQLAlchemy
    from ingest.store import open_store  # noqa: PLC0415 - likewise
    from ingest.store.forgetting.tombstones import lift  # noqa: PLC0415 - likewise

    ruling, screen, settings = options.ruling(), session.screen(), session.settings()
    with open_store(settings.database_url, create=False) as store:
        gone = store.rule(lambda writing, _: lift(writing, ruling, tombstone=number), rehearse=options.dry_run)
        if not options.dry_run:
            keep_of(store, Archive(settings.archive_url))
    screen.note(f"{gone} digests are kept out no more; nothing comes back by itself")
    if options.dry_run:
        screen.note("nothing was changed: --dry-run")


def _again(session: Session, options: RulingOptions) -> None:
    from ingest import removals  # noqa: PLC0415 - loads SQLAlchemy
    from ingest.archive import Archive  # noqa: PLC0415 - wanted by this command only
    from ingest.store import open_store  # noqa: PLC0415 - loads SQLAlchemy

    screen, settings = session.screen(), session.settings()
    archive = Archive(settings.archive_url)
    with open_store(settings.database_url, create=False) as store:
        lacking = removals.unknown_to(settings.database_url, removals.kept(archive))
        screen.show(shown.removed_again(tuple(map(removals.told, lacking))))
        if options.dry_run:
            screen.note("nothing was changed: --dry-run")
            return
        if lacking and not options.yes:
            confirm(screen, otherwise="--yes does it, --dry-run only shows it")
        done = removals.carry_out_again(store, lacking)
        removals.keep_of(store, archive)
        removals.settle(store, archive)
    articles = sum(len(each.articles) for each in done)
    screen.note(f"{len(lacking):,} removals carried out again, {articles:,} articles removed")


def _forget(session: Session, what: str, options: RulingOptions, *, as_json: bool) -> None:
    from ingest.archive import Archive  # noqa: PLC0415 - wanted once it is done
    from ingest.store import open_store  # noqa: PLC0415 - loads SQLAlchemy

    if not (options.reason or "").strip():
        raise click.UsageError("say why, as in --reason 'court order 12/26': the tombstone keeps it")
    screen, settings = session.screen(), session.settings()
    with open_store(settings.database_url, create=False) as store:
        planned = _told(_remove(store, what, options, rehearse=True), what, is_done=False)
        if not as_json:
            screen.show(shown.removal(planned))
        if options.dry_run:
            if as_json:
                screen.data(dump(planned, indent=2))
            screen.note("nothing was changed: --dry-run")
            return
        if not options.yes:
            confirm(screen, otherwise="--yes does it, --dry-run only shows it")
        done = _told(_remove(store, what, options, rehearse=False), what, is_done=True)
        _leave_the_archive(store, Archive(settings.archive_url), what)
    if as_json:
        screen.data(dump(done, indent=2))
    screen.note(f"{what} is forgotten, and kept out from now on")


def _leave_the_archive(store: Store, archive: Archive, what: str) -> None:
    from ingest import removals  # noqa: PLC0415 - loads SQLAlchemy
    from ingest.errors import ArchiveError  # noqa: PLC0415 - beside its only use

    try:
        removals.keep_of(store, archive)
        removals.settle(store, archive)
    except ArchiveError as lost:
        raise ArchiveError(
            f"{what} is forgotten in the store, but not in the archive: {lost}",
            remedy=f"{lost.remedy} Then run `ingest forget --again`.",
        ) from lost


def _remove(store: Store, what: str, options: RulingOptions, *, rehearse: bool) -> Forgotten:
    from ingest.extract.urls import canonical_url  # noqa: PLC0415 - brings a library in
    from ingest.store.forgetting.forget import forget as forget_in_store  # noqa: PLC0415 - loads SQLAlchemy

    is_address = what.partition("://")[0] in {"http", "https"}
    addresses = {each for each in (what, canonical_url(what, ())) if each} if is_address else set()
    ruling = options.ruling()
    return store.rule(
        lambda writing, rules: forget_in_store(writing, rules, ruling, given=what, addresses=addresses),
        rehearse=rehearse,
    )


def _told(forgotten: Forgotten, what: str, *, is_done: bool) -> Removal:
    return Removal(
        asked=what,
        done=is_done,
        documents=tuple(RemovedDocument(source=source, key=key) for source, key in forgotten.documents),
        others=tuple(RemovedDocument(source=source, key=key) for source, key in forgotten.others),
        articles=forgotten.articles,
        agreements_emptied=forgotten.emptied,
        agreements_remade=forgotten.remade,
        organisations=forgotten.organisations,
        near_duplicates=forgotten.resembling,
        pages=forgotten.pages,
        alerts_withdrawn=forgotten.withdrawn,
        alerts_sent=forgotten.sent,
        marks=forgotten.marks,
        rows=tuple(RemovedRows(table=table, rows=rows) for table, rows in forgotten.rows),
    )
