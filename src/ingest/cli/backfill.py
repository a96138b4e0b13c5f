"""`ingest backfill`: web archives into the store."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ingest import wire
from ingest.cli.listing import json_lines_option
from ingest.cli.screen import Screen
from ingest.cli.session import Session, command, pass_session
from ingest.cli.stopping import until_told
from ingest.errors import NotFoundError, StoreError
from ingest.report import backfill as shown
from ingest.store import read
from ingest.wire import dump

if TYPE_CHECKING:
    from ingest.backfill import Backfill, RangeRead
    from ingest.settings import Settings

__all__ = ["backfill"]

_FAILED, _DROPPED, _LEFT = 1, 3, 4
_IN_PLACE, _IN_LINES = 1.0, 15.0  # seconds between two looks at how far it is
_SHARE = 20  # a look at a long list of ranges takes at most this part of the time


@command(
    "backfill",
    examples="""ingest backfill CC-NEWS-20260301.warc.gz
    ingest backfill archives/ --source old-site --workers 4
    ingest backfill https://data.commoncrawl.org/crawl-data/CC-NEWS/2026/03/warc.paths.gz
    ingest backfill march.paths --base s3://commoncrawl --on dask
    ingest backfill --status""",
)
@click.argument("addresses", metavar="[PATH_OR_URL]...", nargs=-1)
@click.option(
    "--source", metavar="NAME", help="Name under which the store keeps the archives; all of them are one source."
)
@click.option("--base", metavar="URL", help="What the lines of a list count from, where the archives are elsewhere.")
@click.option("--on", type=click.Choice(["threads", "processes", "dask"]), help="Instead of the setting backfill_on.")
@click.option("--workers", type=click.IntRange(0, 1024), help="Instead of the setting backfill_workers.")
@click.option("--flow", is_flag=True, help="Run it as a Prefect flow; a server is started where none is set.")
@click.option("--status", is_flag=True, help="Only tell how far web archives were read.")
@json_lines_option()
@pass_session
def backfill(  # noqa: PLR0913 - one parameter an option
    session: Session,
    *,
    addresses: tuple[str, ...],
    source: str | None,
    base: str | None,
    on: str | None,
    workers: int | None,
    flow: bool,
    status: bool,
    as_json: bool,
) -> int:
    """Read web archives (WARC, ARC) into the store, from a disk or any address that fsspec takes.

    An address is an archive, a folder of them, or a list of them (.paths, .paths.gz, .txt), such as Common Crawl
    publishes. Archives are cut into ranges, several of which are read at once; how far each came is in the store, so it
    is safe to stop it, to kill it and to start it again, on several machines too. Only answers that brought HTML become
    pages; whatever else stands in an archive is counted by reason, what cannot be read is dropped with its offset.
    Nobody is alerted.

    With --json, each source is a line of the form that 'ingest schema backfill' gives. The exit code is 1 where an
    archive or a range could not be read, 4 where another worker still has some of it, 3 where documents were dropped.
    """
    screen = session.screen()
    if status:
        return _status(session, screen, source or (addresses[0] if addresses else None), as_json=as_json)
    if not addresses:
        raise click.UsageError("name an archive, a folder of them or a list; or ask for --status")
    given = {"backfill_on": on, "backfill_workers": workers}
    settings = session.settings().model_copy(update={name: value for name, value in given.items() if value is not None})
    session.start_log(settings, steady=False)
    screen.note("looking at the archives …")
    from ingest.backfill import plan  # noqa: PLC0415 - loads every stage and SQLAlchemy

    planned = plan(addresses, settings, source=source, base=base)
    before = _dropped(_found(settings, planned))
    with until_told(screen) as stop, _progress(screen, settings, planned):
        (_as_flow if flow else _in_process)(planned, settings, stopping=stop.is_set, tell=_complaints(screen))
    found = _found(settings, planned)
    _show(screen, found, as_json=as_json)
    if any(each.failed for each in found):
        return _FAILED
    if any(each.waiting or each.running for each in found):
        return _LEFT
    return _DROPPED if _dropped(found) > before else 0


def _status(session: Session, screen: Screen, source: str | None, *, as_json: bool) -> int:
    with read.connect(session.database_url()) as connection:
        found = read.backfills(connection, source=source)
    if source is not None and not found:
        raise NotFoundError(
            f"there are no web archives of a source {source!r}", remedy="`ingest backfill --status` lists all"
        )
    _show(screen, found, as_json=as_json)
    if not found:
        screen.note("no web archive was read yet; 'ingest backfill --help' says how")
    return 0


def _show(screen: Screen, found: Sequence[wire.Backfill], *, as_json: bool) -> None:
    if not as_json:
        screen.show(shown.blocks(found))
        return
    for each in found:
        screen.data(dump(each))


def _found(settings: Settings, planned: Sequence[Backfill]) -> list[wire.Backfill]:
    with read.connect(settings.database_url) as connection:
        names = dict.fromkeys(each.source for each in planned)
        return [found for name in names for found in read.backfills(connection, source=name)]


def _dropped(found: Sequence[wire.Backfill]) -> int:
    return sum(count.count for each in found for count in each.fates if count.name == "dropped")


def _complaints(screen: Screen) -> Callable[[RangeRead], None]:
    def tell(done: RangeRead) -> None:
        if done.failure is not None:
            screen.complain(f"{done.archive or 'a range'}: {done.failure}")

    return tell


def _in_process(
    planned: Sequence[Backfill],
    settings: Settings,
    *,
    stopping: Callable[[], bool],
    tell: Callable[[RangeRead], None],
) -> None:
    from ingest.backfill import backfill as run  # noqa: PLC0415 - loads every stage and SQLAlchemy
    from ingest.workers import readers  # noqa: PLC0415 - likewise

    with readers(settings, stopping=stopping) as readers_map:
        for each in planned:
            run(each, settings, map=readers_map, tell=tell, stopping=stopping)


def _as_flow(
    planned: Sequence[Backfill],
    settings: Settings,
    *,
    stopping: Callable[[], bool],
    tell: Callable[[RangeRead], None],
) -> None:
    from flows.command import run_backfill  # noqa: PLC0415 - loads Prefect

    run_backfill(planned, settings=settings, tell=tell, stopping=stopping)


@contextmanager
def _progress(screen: Screen, settings: Settings, planned: Sequence[Backfill]) -> Iterator[None]:
    """Look now and then how far it is, whoever reads, and say so."""
    if not screen.shows_progress:
        with _every(_IN_LINES, settings, planned, screen.note):
            yield
        return
    with (
        screen.console().status("reading …", spinner="dots") as status,
        _every(_IN_PLACE, settings, planned, status.update),
    ):
        yield


@contextmanager
def _every(
    seconds: float, settings: Settings, planned: Sequence[Backfill], say: Callable[[str], None]
) -> Iterator[None]:
    over = threading.Event()

    def watch() -> None:
        pause = seconds
        while not over.wait(pause):
            began = time.monotonic()
            with contextlib.suppress(StoreError):  # it is busy; whoever reads will say if there is more to it
                say(shown.in_a_line(_found(settings, planned)))
            pause = max(seconds, _SHARE * (time.monotonic() - began))

    watcher = threading.Thread(target=watch, name="backfill-progress", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
