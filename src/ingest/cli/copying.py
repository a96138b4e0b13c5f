"""`ingest db copy`: a whole store into another database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ingest.cli.listing import json_option
from ingest.cli.screen import Screen
from ingest.cli.session import Command, Session, pass_session
from ingest.report import moving as shown
from ingest.wire import CopiedTable, StoreCopy, dump

if TYPE_CHECKING:
    from ingest.store.transfer.copy import Copied, Progress

__all__ = ["copy", "progress"]

_FAILED = 1


@click.command(
    "copy",
    cls=Command,
    examples="""ingest db copy sqlite:///var/ingest.db postgresql://ingest@db.example/news
    ingest db copy postgresql://ingest@db.example/news sqlite:///laptop.db --json""",
)
@click.argument("source")
@click.argument("target")
@click.option("--restart", is_flag=True, help="Empty a target that holds an unfinished copy, and begin anew.")
@click.option("--replace-nul", is_flag=True, help="Store U+FFFD where text holds NUL, which PostgreSQL refuses.")
@json_option()
@pass_session
def copy(session: Session, source: str, target: str, *, restart: bool, replace_nul: bool, as_json: bool) -> int:
    """Copy the store at the address SOURCE into the database TARGET, and compare every row.

    The target must hold nothing, or an unfinished copy of the same store, which is taken up. Until all is compared, no
    command takes it for a store. Nobody can write to the source meanwhile: workers wait, and give up after a while; so
    stop them first, and start them on the target. The archive is not copied: set `archive_url` to where it is, or
    bring it there, and have 'ingest db verify' look.

    The exit code is 1 where rows differ. With --json, the form is that of 'ingest schema store-copy'.
    """
    from ingest.store.transfer.copy import copy as copy_store  # noqa: PLC0415 - loads SQLAlchemy

    screen = session.screen()
    with progress(screen) as tell:
        copied = copy_store(source, target, restart=restart, replace_nul=replace_nul, tell=tell)
    told = _told(copied)
    if as_json:
        screen.data(dump(told, indent=2))
    else:
        screen.show(shown.copied(told))
    return _FAILED if told.mismatches else 0


def _told(copied: Copied) -> StoreCopy:
    return StoreCopy(
        source=copied.source,
        target=copied.target,
        revision=copied.revision,
        resumed=copied.resumed,
        copied=copied.copied,
        rows=sum(table.rows for table in copied.tables),
        mismatches=copied.mismatches,
        nul_replaced=copied.replaced,
        running=copied.running,
        tables=tuple(
            CopiedTable(
                table=each.table,
                rows=each.rows,
                sha256=each.sha256,
                missing=each.missing,
                added=each.added,
                changed=each.changed,
                examples=each.examples,
            )
            for each in copied.tables
        ),
    )


@contextmanager
def progress(screen: Screen) -> Iterator[Callable[[Progress], None]]:
    """How far a store has been moved: a line that changes on a terminal, a line a tenth in a pipe."""
    if screen.shows_progress:
        with screen.console().status("looking at both sides", spinner="dots") as status:
            yield lambda progress: status.update(_line(progress))
        return
    tenth = (False, 0)

    def tell(progress: Progress) -> None:
        nonlocal tenth
        now = (progress.checking, progress.done * 10 // max(1, progress.total))
        if now != tenth:
            tenth = now
            screen.note(_line(progress))

    yield tell


def _line(progress: Progress) -> str:
    doing = "comparing" if progress.checking else "copying"
    share = progress.done * 100 // max(1, progress.total)
    return f"{doing} {progress.table}: {progress.done:,} of {progress.total:,} rows, {share} %"
