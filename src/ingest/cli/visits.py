"""`ingest run` without a path: visits of the sources that are due."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.cli.alert_sending import tell_console
from ingest.cli.outcome import exit_code, known
from ingest.cli.progress import progress
from ingest.cli.screen import Screen
from ingest.cli.session import Session
from ingest.documents import Outcome
from ingest.errors import ConfigurationError
from ingest.health import Health
from ingest.mask import mask
from ingest.report import words
from ingest.report.run import listed, report, stopped
from ingest.store import read

if TYPE_CHECKING:
    from ingest.collect import Visited
    from ingest.settings import Settings

__all__ = ["visit_due"]

_LEFT = 4
_NOTHING = "no source is due"


def visit_due(session: Session, *, flow: bool, only: str | None = None) -> int:
    """Visit the sources that are due until none is, or one of them now; report, and return the exit code."""
    settings, screen = session.settings(), session.screen()
    session.start_log(settings, steady=False)
    if only is not None:
        _refuse_unvisitable(settings.database_url, only)
    visits: list[Visited] = []
    started = time.monotonic()
    with progress(screen, "Visiting sources …") as shown:
        tell = _teller(screen, visits)
        try:
            if flow:
                _as_flow(settings, shown.tell, tell)
            else:
                _in_process(settings, shown.tell, tell, only=() if only is None else (only,))
        except BaseException:
            if shown.collected.documents:
                screen.complain(stopped(shown.collected))
            raise
    if not visits:
        return _tell_of_none(screen, settings, only)
    for said in _beside(visits):
        screen.note(said)
    sources = words.number(len({visited.source for visited in visits}), "source")
    if not shown.collected.documents:
        screen.note(f"nothing new in {sources}")
        return 0
    facts = known(shown.collected, settings, options=session.repeated)
    screen.show(report(shown.collected, facts, seconds=time.monotonic() - started, paths=(sources,)))
    tell_console(session, settings, listed=listed(shown.collected, facts))
    return exit_code(shown.collected)


def _teller(screen: Screen, visits: list[Visited]) -> Callable[[Visited], None]:
    """Keeps visits, and tells at once of a source that failed or moved."""

    def tell(visited: Visited) -> None:
        visits.append(visited)
        if visited.asked and (failure := visited.asked.failure) is not None:
            screen.complain(f"{visited.source}: {failure.reason.value}: {failure.detail}")
        if visited.asked and visited.asked.moved_to is not None:
            place = mask(visited.asked.moved_to)
            screen.note(f"{visited.source} has moved to {place}, and is asked for there from now on")

    return tell


def _tell_of_none(screen: Screen, settings: Settings, only: str | None) -> int:
    if only is None:
        screen.note(_when(settings.database_url))
        return 0
    screen.complain(f"{only} is being visited by another worker; run again later")
    return _LEFT


def _refuse_unvisitable(url: str, name: str) -> None:
    with read.connect(url) as connection:
        found = read.source(connection, name)
    if found.health in {Health.PAUSED, Health.REMOVED}:
        raise ConfigurationError(
            f"{name} is {found.health.value}", remedy=f"`ingest sources {_UNDONE[found.health]}` takes it up again"
        )
    if found.next_due_at is None:
        raise ConfigurationError(
            f"{name} is no source that is visited",
            remedy="'ingest sources add' adds one, 'ingest run PATH' runs a path",
        )


_UNDONE = {Health.PAUSED: "resume NAME", Health.REMOVED: "add ADDRESS"}


def _beside(visits: Iterable[Visited]) -> Iterator[str]:
    """What became of pages of which nothing was settled."""
    postponed, unchanged = 0, 0
    for visited in visits:
        postponed += visited.postponed
        unchanged += visited.unchanged
    if unchanged:
        yield f"{words.number(unchanged, 'page')} said not to have changed"
    if postponed:
        pages = words.number(postponed, "page")
        yield f"{pages} could not be had for now, and will be tried again; 'ingest why URL' says why"


def _in_process(
    settings: Settings, tell: Callable[[Outcome], None], tell_visit: Callable[[Visited], None], *, only: Sequence[str]
) -> None:
    from ingest.collect import collect  # noqa: PLC0415 - loads every stage and SQLAlchemy
    from ingest.visit import standard_readers  # noqa: PLC0415 - likewise

    collect(settings, standard_readers(), only=only, tell=tell, tell_visit=tell_visit)


def _as_flow(settings: Settings, tell: Callable[[Outcome], None], tell_visit: Callable[[Visited], None]) -> None:
    from flows.command import run_sources  # noqa: PLC0415 - loads Prefect

    run_sources(settings=settings, tell=tell, tell_visit=tell_visit)


def _when(url: str) -> str:
    with read.connect(url) as connection:
        due = sorted(each.next_due_at for each in read.sources_with_health(connection) if each.next_due_at)
    if not due:
        return (
            f"{_NOTHING}: there is none yet; 'ingest sources add URL' adds one, 'ingest run FOLDER' takes a folder in"
        )
    return f"{_NOTHING}; the next is at {due[0]}"
