"""`ingest run` without a path: visits of the sources that are due."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from ingest.cli.alert_sending import tell_console
from ingest.cli.outcome import exit_code, known
from ingest.cli.progress import progress
from ingest.cli.session import Session
from ingest.documents import Outcome
from ingest.report import words
from ingest.report.blocks import Gap
from ingest.report.run import report, stopped
from ingest.store import read

if TYPE_CHECKING:
    from ingest.collect import Visited
    from ingest.settings import Settings

__all__ = ["visit_due"]

_NOTHING = "no source is due"


def visit_due(session: Session, *, flow: bool) -> int:
    """Visit the sources that are due until none is, report, and return the exit code."""
    settings, screen = session.settings(), session.screen()
    visits: list[Visited] = []
    started = time.monotonic()
    with progress(screen, "Visiting sources …") as shown:

        def tell(visited: Visited) -> None:
            visits.append(visited)
            if visited.asked and (failure := visited.asked.failure) is not None:
                screen.complain(f"{visited.source}: {failure.reason.value}: {failure.detail}")
            if visited.asked and visited.asked.moved_to is not None:
                screen.note(
                    f"{visited.source} has moved to {visited.asked.moved_to}, and is asked for there from now on"
                )

        try:
            (_as_flow if flow else _in_process)(settings, shown.tell, tell)
        except BaseException:
            if shown.collected.documents:
                screen.complain(stopped(shown.collected))
            raise
    if not visits:
        screen.note(_when(settings.database_url))
        return 0
    sources = words.number(len({visited.source for visited in visits}), "source")
    facts = known(shown.collected, settings, options=session.repeated)
    if tell_console(session, settings):
        screen.show([Gap()])
    screen.show(report(shown.collected, facts, seconds=time.monotonic() - started, paths=(sources,)))
    return exit_code(shown.collected)


def _in_process(settings: Settings, tell: Callable[[Outcome], None], tell_visit: Callable[[Visited], None]) -> None:
    from ingest.collect import collect  # noqa: PLC0415 - loads every stage and SQLAlchemy
    from ingest.visit import standard_readers  # noqa: PLC0415 - likewise

    collect(settings, standard_readers(), tell=tell, tell_visit=tell_visit)


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
