"""`ingest watch`: each file that arrives in a folder, as soon as it is complete."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from ingest.cli.alert_sending import tell_console
from ingest.cli.outcome import known
from ingest.cli.screen import Screen
from ingest.cli.session import Session, command, pass_session
from ingest.errors import SourceNotFoundError
from ingest.report.blocks import Block, Gap
from ingest.report.run import Collected, brief, news

if TYPE_CHECKING:
    from ingest.settings import Settings
    from ingest.sources import FolderSource
    from ingest.store import Store

__all__ = ["told", "watch"]


@command("watch", examples="ingest watch\ningest watch /data/incoming --quiet")
@click.argument("folder", default=".", metavar="[FOLDER]")
@click.option("--source", metavar="NAME", help="Name under which the store keeps a new source.")
@pass_session
def watch(session: Session, *, folder: str, source: str | None) -> None:
    """Take each file that arrives in FOLDER (the current one unless told) through the pipeline, once it is complete.

    What is there already is taken in first. A document is one line, a newly detected agreement a block of its own.
    Ctrl-C, or SIGTERM, ends it when what is in hand is done, and the exit code is 0; a second one ends it at once.
    """
    place = Path(folder)
    if not place.is_dir():
        raise SourceNotFoundError(f"there is no folder {folder}", remedy="make it, or check the path")
    settings, screen = session.settings(), session.screen()
    with _until_told(screen) as stop:
        _watch(place, source=source, settings=settings, session=session, stop=stop)
    screen.note("stopped")


def _watch(folder: Path, *, source: str | None, settings: Settings, session: Session, stop: threading.Event) -> None:
    from ingest.store import open_store  # noqa: PLC0415 - loads SQLAlchemy
    from ingest.watch import watch as arrivals  # noqa: PLC0415 - other commands watch nothing

    screen = session.screen()
    with open_store(settings.database_url) as store:
        found = _source(folder, source, settings)
        inside = PurePosixPath(folder.resolve().relative_to(found.root).as_posix())
        is_sweep = any(folder.iterdir())  # else the first burst is of files that came later
        if not is_sweep:
            _taken_in(found, store, settings, is_sweep=True)
        screen.note(f"watching {folder}; Ctrl-C ends it")
        for burst in arrivals(folder, settle_seconds=settings.settle_seconds, stop=stop):
            only = tuple(inside / path for path in burst)
            collected = _taken_in(replace(found, only=only), store, settings, is_sweep=is_sweep)
            is_sweep = False
            screen.show(told(collected, settings, options=session.repeated))
            tell_console(session, settings)


def _source(folder: Path, name: str | None, settings: Settings) -> FolderSource:
    from ingest.intake import known_sources  # noqa: PLC0415 - loads every stage
    from ingest.sources import FolderSource, open_source  # noqa: PLC0415 - other commands read no files

    found = open_source(
        folder,
        base=Path.cwd(),
        known=known_sources(settings.database_url),
        name=name,
        max_bytes=settings.max_bytes,
        time_zone=settings.time_zone,
    )
    if not isinstance(found, FolderSource):
        raise SourceNotFoundError(f"{folder} is not a folder")
    return found


def _taken_in(found: FolderSource, store: Store, settings: Settings, *, is_sweep: bool) -> Collected:
    """Take a burst in; the first sweep of what is there already is the first contact with the folder."""
    from ingest import pipeline  # noqa: PLC0415 - loads every stage

    collected = Collected()
    pipeline.run(found, store, settings, tell=collected.add, ends_first_contact=is_sweep)
    return collected


def told(collected: Collected, settings: Settings, *, options: tuple[str, ...] = ()) -> list[Block]:
    """What to say of one burst: a line for each document that is not as it was, then each agreement that is news.

    Args:
        collected: What the burst told of.
        settings: Where the store is.
        options: As in `ingest.report.run.Known`.
    """
    facts = known(collected, settings, options=options)
    blocks: list[Block] = [*brief(collected, facts)]
    for identity, agreement in facts.agreements.items():
        detected = collected.detected.get(identity)
        if agreement.is_news and detected is not None and (detected.is_new or detected.status_changed):
            blocks += [Gap(), news(detected, agreement)]
    return [*blocks, Gap()] if any(isinstance(block, Gap) for block in blocks) else blocks


@contextmanager
def _until_told(screen: Screen) -> Iterator[threading.Event]:
    """An event that the first Ctrl-C or SIGTERM sets; the second acts as it always does."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def leave(number: int, frame: object) -> None:
        del number, frame
        restore()
        stop.set()
        screen.note("finishing what is in hand; once more ends it at once")

    for number in before:
        signal.signal(number, leave)
    try:
        yield stop
    finally:
        restore()
