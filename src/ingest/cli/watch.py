"""`ingest watch`: each file that arrives in a folder, as soon as it is complete."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeVar

import click

from ingest.cli.alert_sending import tell_console
from ingest.cli.outcome import known
from ingest.cli.screen import Screen
from ingest.cli.session import Session, command, pass_session
from ingest.cli.stopping import until_told
from ingest.documents import SourceKind
from ingest.errors import (
    ArchiveError,
    ConfigurationError,
    FlowServerError,
    SourceNotFoundError,
    StoreUnavailableError,
)
from ingest.mask import mask
from ingest.report import words
from ingest.report.blocks import Block, Gap
from ingest.report.run import Collected, Known, brief, listed, news

if TYPE_CHECKING:
    from ingest.settings import Settings
    from ingest.sources import FolderSource
    from ingest.store import Store
    from ingest.watch import Burst

__all__ = ["told", "watch"]

_T = TypeVar("_T")

_RETRY_SECONDS = 5.0
_GATHER_SECONDS = 10.0  # a flow run costs seconds: a burst that is still growing is waited for
_SWEEP_SECONDS = 15 * 60


@command(
    "watch",
    examples="""ingest watch
    ingest watch /data/incoming /data/releases --quiet
    PREFECT_API_URL=http://127.0.0.1:4200/api ingest watch --flow /data/incoming""",
)
@click.argument("folders", nargs=-1, metavar="[FOLDER]...")
@click.option("--source", metavar="NAME", help="Name under which the store keeps a new source; one FOLDER only.")
@click.option(
    "--flow/--no-flow",
    default=None,
    help="Tell Prefect, whose deployment takes the files in; or take them in here. Without either: tell Prefect where "
    "its API is set.",
)
@pass_session
def watch(session: Session, *, folders: tuple[str, ...], source: str | None, flow: bool | None) -> None:
    """Take each file that arrives in FOLDERs (the current one unless told) through the pipeline, once it is complete.

    What is there already is taken in first. A document is one line, a newly detected agreement a block of its own.
    Ctrl-C, or SIGTERM, ends it when what is in hand is done, and the exit code is 0; a second one ends it at once.

    Alerts of what is detected are sent at once.

    With Prefect, the watcher sends one event for a burst of files, and the deployment 'folder' (see 'ingest serve')
    takes them in. The folder becomes a source that is looked through every 15 minutes besides.
    """
    places = [Path(folder) for folder in folders or (".",)]
    for place in places:
        if not place.is_dir():
            raise SourceNotFoundError(f"there is no folder {place}", remedy="make it, or check the path")
    if source is not None and len(places) > 1:
        raise ConfigurationError("--source names one source, and there are several folders", remedy="watch one of them")
    from flows.command import api_is_set  # noqa: PLC0415 - other commands ask for no API

    settings, screen = session.settings(), session.screen()
    session.start_log(settings, steady=True)
    with until_told(screen) as stop:
        watching = _Watching(session=session, settings=settings, screen=screen, name=source, stop=stop)
        if flow and not api_is_set(os.environ):
            raise FlowServerError(
                "no API of Prefect is set", remedy="set PREFECT_API_URL, or start 'ingest serve --watch FOLDER' instead"
            )
        if api_is_set(os.environ) if flow is None else flow:
            watching.tell_prefect(places)
        else:
            watching.take_in(places)
    screen.note("stopped")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watching:
    """What one call of the command shares."""

    session: Session
    settings: Settings
    screen: Screen
    name: str | None
    stop: threading.Event

    def take_in(self, places: Sequence[Path]) -> None:
        """Take what arrives through the pipeline, in this process."""
        from ingest.store import open_store  # noqa: PLC0415 - loads SQLAlchemy

        store = self._once_there(lambda: open_store(self.settings.database_url))
        if store is None:
            return
        with store:
            found = {place: self._source(place) for place in places}
            unswept = {place for place in places if any(place.iterdir())}
            for place in set(places) - unswept:
                self._once_there(partial(self._take, found[place][0], store, is_sweep=True))
            with self._sending(store) as wake:
                for burst in self._bursts(places, gather_seconds=0.0):
                    if burst is not None:
                        source, inside = found[burst.folder]
                        taken = replace(source, only=tuple(inside / path for path in burst.paths))
                        sweeps = burst.folder in unswept
                        shown = self._once_there(partial(self._take, taken, store, is_sweep=sweeps))
                        unswept.discard(burst.folder)
                        wake.set()
                        tell_console(self.session, self.settings, listed=shown or ())

    @contextmanager
    def _sending(self, store: Store) -> Iterator[threading.Event]:
        """Send alerts from a thread, at once when the event is set; the console's are told in between."""
        from ingest.alerts.channels import channel_names, open_channel  # noqa: PLC0415 - other commands send nothing
        from ingest.alerts.dispatch import keep_delivering  # noqa: PLC0415 - likewise

        wake, away = threading.Event(), channel_names(self.settings)[1:]  # the console is the first
        if not away:
            yield wake
            return

        def send() -> None:
            keep_delivering(
                store,
                self.settings,
                open_channel=open_channel,
                stop=self.stop,
                wake=wake,
                only=away,
                complain=lambda failure: self.screen.complain(f"{failure}; it is tried again"),
            )

        sender = threading.Thread(target=send, name="alerts")
        sender.start()
        try:
            yield wake
        finally:
            self.stop.set()
            sender.join()

    def tell_prefect(self, places: Sequence[Path]) -> None:
        """Tell Prefect of what arrives; rows in the store see to it that nothing stays behind."""
        from flows.hints import FolderHints  # noqa: PLC0415 - loads Prefect

        found = self._once_there(lambda: self._swept(places))
        if found is None:
            return
        hints, retry_at = FolderHints(self.screen.complain), 0.0
        unswept = {source.name for place, (source, _) in found.items() if any(place.iterdir())}
        for burst in self._bursts(places, gather_seconds=_GATHER_SECONDS):
            if burst is not None:
                source, inside = found[burst.folder]
                # What is there at the start is the whole, after which everything else is news.
                hints.note(source.name, tuple(str(inside / path) for path in burst.paths), whole=source.name in unswept)
                unswept.discard(source.name)
                self.screen.note(f"{source.name}: {words.number(len(burst.paths), 'file')}")
            if burst is not None or time.monotonic() >= retry_at:
                hints.send()
                retry_at = time.monotonic() + _RETRY_SECONDS

    def _swept(self, places: Sequence[Path]) -> dict[Path, tuple[FolderSource, PurePosixPath]]:
        """The sources of the folders, which are looked through from time to time from now on."""
        from ingest.intake import add_up  # noqa: PLC0415 - loads every stage
        from ingest.store import open_store  # noqa: PLC0415 - loads SQLAlchemy
        from ingest.store.subscriptions import NewSource, add_source  # noqa: PLC0415 - likewise

        with open_store(self.settings.database_url) as store:
            found = {place: self._source(place) for place in places}
            run = store.start_run("sources")
            for source, _ in found.values():
                add_source(
                    store.database,
                    run,
                    NewSource(
                        name=source.name,
                        kind=SourceKind.FOLDER,
                        address=source.address,
                        interval_seconds=_SWEEP_SECONDS,
                    ),
                )
            store.finish_run(run, add_up(()))
            for place in (place for place in places if not any(place.iterdir())):
                self._take(found[place][0], store, is_sweep=True)
        return found

    def _bursts(self, places: Sequence[Path], *, gather_seconds: float) -> Iterator[Burst | None]:
        from ingest.watch import Pace, watch_folders  # noqa: PLC0415 - other commands watch nothing

        def missing(folder: Path, gone: bool) -> None:  # noqa: FBT001 - as `watch_folders` calls it
            self.screen.complain(f"{folder} is gone; waiting for it" if gone else f"{folder} is there again")

        self.screen.note(f"watching {', '.join(map(str, places))}; Ctrl-C ends it")
        pace = Pace(settle_seconds=self.settings.settle_seconds, gather_seconds=gather_seconds)
        return watch_folders(places, pace=pace, stop=self.stop, missing=missing)

    def _source(self, folder: Path) -> tuple[FolderSource, PurePosixPath]:
        """The source that stands for a folder, and where the folder lies in it."""
        from ingest.intake import open_folder  # noqa: PLC0415 - loads every stage

        found = open_folder(folder, settings=self.settings, name=self.name)
        return found, PurePosixPath(folder.resolve().relative_to(found.root).as_posix())

    def _take(self, found: FolderSource, store: Store, *, is_sweep: bool) -> frozenset[str]:
        """Take a burst through the pipeline; the first sweep of a folder is the first contact with it.

        Returns:
            Ids of the agreements that were shown.
        """
        from ingest import pipeline  # noqa: PLC0415 - loads every stage

        collected = Collected()
        try:
            pipeline.run(found, store, self.settings, tell=collected.add, ends_first_contact=is_sweep)
        except SourceNotFoundError:
            return frozenset()  # the folder went meanwhile; when it returns, all of it comes again
        if not collected.documents:
            return frozenset()
        facts = known(collected, self.settings, options=self.session.repeated)
        self.screen.show(told(collected, facts))
        return listed(collected, facts)

    def _once_there(self, work: Callable[[], _T]) -> _T | None:
        """Do something, again and again while the store or the archive is away; None: told to stop meanwhile."""
        told_so = False
        while True:
            try:
                return work()
            except (StoreUnavailableError, ArchiveError) as away:
                if not told_so:
                    self.screen.complain(f"{mask(str(away))}; trying on")
                told_so = True
            if self.stop.wait(_RETRY_SECONDS):
                return None


def told(collected: Collected, facts: Known) -> list[Block]:
    """What to say of one burst: a line for each document that is not as it was, then each agreement that is news.

    Args:
        collected: What the burst told of.
        facts: What the store says of it.
    """
    blocks: list[Block] = [*brief(collected, facts)]
    for identity, agreement in facts.agreements.items():
        detected = collected.detected.get(identity)
        if agreement.is_news and detected is not None and (detected.is_new or detected.status_changed):
            blocks += [Gap(), news(detected, agreement)]
    return [*blocks, Gap()] if any(isinstance(block, Gap) for block in blocks) else blocks
