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
    from ingest.store.transfer.carry import Progress
    from ingest.store.transfer.compare import Compared
    from ingest.store.transfer.copy import Copied

__all__ = ["copy", "line", "steps"]

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
    with steps(screen, "looking at both sides") as say:
        copied = copy_store(
            source,
            target,
            restart=restart,
            replace_nul=replace_nul,
            tell=lambda progress: say(line(progress), progress.done, progress.total),
        )
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
        resumed=copied.carried.resumed,
        copied=copied.carried.copied,
        rows=sum(table.rows for table in copied.carried.tables),
        mismatches=copied.carried.mismatches,
        nul_replaced=copied.carried.replaced,
        running=copied.running,
        tables=tuple(_table(each) for each in copied.carried.tables),
    )


def _table(compared: Compared) -> CopiedTable:
    return CopiedTable(
        table=compared.table,
        rows=compared.rows,
        sha256=compared.sha256,
        missing=compared.missing,
        added=compared.added,
        changed=compared.changed,
        examples=compared.examples,
    )


@contextmanager
def steps(screen: Screen, begin: str) -> Iterator[Callable[[str, int, int], None]]:
    """How far long work has come: a line that changes on a terminal, a line a tenth in a pipe.

    Args:
        screen: Where.
        begin: What is said first.

    Yields:
        What is told a sentence, how much is done, and of how much.
    """
    if screen.shows_progress:
        with screen.console().status(begin, spinner="dots") as status:
            yield lambda said, done, total: status.update(said)  # noqa: ARG005 - a terminal shows each
        return
    last = ("", 0)

    def tell(said: str, done: int, total: int) -> None:
        nonlocal last
        now = (said.partition(" ")[0], done * 10 // max(1, total))
        if now != last:
            last = now
            screen.note(said)

    yield tell


def line(progress: Progress) -> str:
    """How far the rows are, in a sentence."""
    doing = "comparing" if progress.checking else "copying"
    share = progress.done * 100 // max(1, progress.total)
    return f"{doing} {progress.table}: {progress.done:,} of {progress.total:,} rows, {share} %"
