"""`ingest db backup`, `restore` and `verify`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingest.cli.copying import line, steps
from ingest.cli.listing import json_option
from ingest.cli.rule import confirm
from ingest.cli.screen import Screen
from ingest.cli.session import Command, Session, pass_session
from ingest.mask import mask
from ingest.report import moving as shown
from ingest.wire import dump

if TYPE_CHECKING:
    from ingest.store.transfer.carry import Tell

__all__ = ["backup", "restore", "verify"]

_FAILED, _LOST = 1, 3

_FOLDER = click.Path(path_type=Path, file_okay=False)
_without_archive = click.option("--no-archive", is_flag=True, help="Leave the raw bodies out.")


@click.command(
    "backup",
    cls=Command,
    examples="""ingest db backup /backups/ingest
    ingest db backup /backups/ingest --keep 14 --json""",
)
@click.argument("folder", type=_FOLDER)
@_without_archive
@click.option("--keep", type=click.IntRange(min=1), metavar="N", help="Delete all but the newest N afterwards.")
@json_option()
@pass_session
def backup(session: Session, folder: Path, *, no_archive: bool, keep: int | None, as_json: bool) -> int:
    """Add a backup of the store and the archive to FOLDER, while the pipeline goes on.

    Each backup is a folder with the store as one SQLite file, whichever database it is of, and a manifest with
    digests; the raw bodies beside them are shared, so that each is copied once. A backup that breaks off leaves none.

    The exit code is 3 where the archive lacked a body that the store refers to. With --json, the form is that of
    'ingest schema backup'.
    """
    from ingest.backup.make import back_up, prune  # noqa: PLC0415 - loads SQLAlchemy

    screen, settings = session.screen(), session.settings()
    with _progress(screen) as (tell, tell_pages):
        made = back_up(
            settings.database_url,
            None if no_archive else settings.archive_url,
            folder,
            tell=tell,
            tell_pages=tell_pages,
        )
    deleted = () if keep is None else prune(folder, keep=keep)
    if as_json:
        screen.data(dump(made, indent=2))
    else:
        screen.show(shown.backed_up(made, folder=str(folder)))
    if deleted:
        screen.note(f"deleted: {', '.join(deleted)}")
    return _LOST if made.missing else 0


@click.command(
    "restore",
    cls=Command,
    examples="""ingest db restore /backups/ingest --database sqlite:///restored.db
    ingest db restore /backups/ingest/20260314T041000Z --database postgresql://me@host/news""",
)
@click.argument("backup", type=_FOLDER)
@_without_archive
@click.option("--replace", is_flag=True, help="Delete the store that the database holds now.")
@click.option("--replace-nul", is_flag=True, help="Store U+FFFD where text holds NUL, which PostgreSQL refuses.")
@click.option("--yes", "-y", is_flag=True, help="Do it without asking.")
@json_option()
@pass_session
def restore(
    session: Session,
    backup: Path,
    *,
    no_archive: bool,
    replace: bool,
    replace_nul: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Bring BACKUP, or the newest of a folder of backups, into the database and the archive that are set.

    Either database takes it. The store must hold nothing, unless --replace says that it may go; the archive keeps what
    it has. Every row is compared, and the schema is brought to this release. What was removed by request since the
    backup was made ('ingest forget') is removed again. A restore that breaks off is taken up by the same command;
    until then no command takes the database for a store.

    The exit code is 1 where rows differ, 3 where a raw body is nowhere. With --json, the form is that of
    'ingest schema restored'.
    """
    from ingest.backup.restore import restore as bring_back  # noqa: PLC0415 - loads SQLAlchemy

    screen, settings = session.screen(), session.settings()
    if replace and not yes:
        screen.note(f"all that {mask(settings.database_url)} holds is deleted")
        confirm(screen, otherwise="--yes does it")
    with _progress(screen) as (tell, tell_pages):
        done = bring_back(
            backup,
            settings.database_url,
            None if no_archive else settings.archive_url,
            replace=replace,
            tell=tell,
            tell_pages=tell_pages,
            replace_nul=replace_nul,
            removals_url=settings.archive_url,
        )
    if as_json:
        screen.data(dump(done, indent=2))
    else:
        screen.show(shown.restored(done))
    if done.mismatches:
        return _FAILED
    return _LOST if done.missing else 0


@click.command(
    "verify",
    cls=Command,
    examples="""ingest db verify
    ingest db verify --quick
    ingest db verify /backups/ingest --json | jq .findings""",
)
@click.argument("backup", type=_FOLDER, required=False)
@click.option("--quick", is_flag=True, help="Read a sample of the raw bodies, and not every row.")
@_without_archive
@json_option()
@pass_session
def verify(session: Session, backup: Path | None, *, quick: bool, no_archive: bool, as_json: bool) -> int:
    """Read the store and its archive from end to end, and say what is wrong; or BACKUP.

    A store may be at work meanwhile. What 'ingest db check' looks at is part of it; beyond that, every row is read,
    views are held against tables, and each raw body that the store refers to against its digest. A backup is held
    against its manifest.

    The exit code is 1 where something is wrong. With --json, the form is that of 'ingest schema verification'.
    """
    from ingest.backup.verify import verify_backup, verify_store  # noqa: PLC0415 - loads SQLAlchemy

    screen = session.screen()
    with _progress(screen) as (tell, tell_pages):
        if backup is not None:
            told = verify_backup(backup, quick=quick, tell=tell, tell_pages=tell_pages)
        else:
            settings = session.settings()
            archive = None if no_archive else settings.archive_url
            told = verify_store(settings.database_url, archive, quick=quick, tell=tell, tell_pages=tell_pages)
    if as_json:
        screen.data(dump(told, indent=2))
    else:
        for finding in told.findings:
            screen.complain(f"error: {finding.check}: {finding.message}\n  {finding.remedy}")
        screen.show(shown.verified(told))
    return _FAILED if told.findings else 0


@contextmanager
def _progress(screen: Screen) -> Iterator[tuple[Tell, Callable[[int, int], None]]]:
    """How far the rows are, and then the raw bodies."""
    with steps(screen, "looking") as say:
        yield (
            lambda progress: say(line(progress), progress.done, progress.total),
            lambda done, total: say(f"raw bodies: {done:,} of {total:,}", done, total),
        )
