"""`ingest run`: folders and files through the pipeline, in this process or as a Prefect flow."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingest.cli.progress import progress
from ingest.cli.session import Session, command, pass_session
from ingest.documents import Detected, Fate, Outcome
from ingest.errors import ConfigurationError, SourceNotFoundError
from ingest.mask import mask
from ingest.report.run import Collected, Known, report, stopped
from ingest.store import read
from ingest.wire import Agreement

if TYPE_CHECKING:
    from ingest.settings import Settings

__all__ = ["exit_code", "known", "run"]

_DROPPED, _LEFT = 3, 4

Tell = Callable[[Outcome], None]


@command(
    "run",
    examples="""ingest run seeds
    ingest run news/2026 releases.jsonl
    ingest run news/2026 --source desk
    ingest run --flow seeds
    ingest --database postgresql://me@host/news run /data/articles""",
)
@click.argument("paths", metavar="PATH...", nargs=-1)
@click.option("--source", metavar="NAME", help="Name under which the store keeps a new source; one PATH only.")
@click.option("--flow", is_flag=True, help="Run it as a Prefect flow; a server is started where none is set.")
@pass_session
def run(session: Session, *, paths: tuple[str, ...], source: str | None, flow: bool) -> int:
    """Take folders and files through the pipeline: extract, compare, label, find agreements, store.

    A PATH is a folder (.txt, .md, .html, .htm, .jsonl, and gzip of each, at any depth) or a file. What is known already
    and has not changed costs next to nothing, so it is safe to run again. The report at the end goes to standard
    output.
    """
    if not paths:
        raise click.UsageError(
            "say which folder or file to take in, as in 'ingest run seeds'; 'ingest watch FOLDER' takes what arrives"
        )
    _check(paths, source)
    settings, screen = session.settings(), session.screen()
    started = time.monotonic()
    begin = "Starting Prefect; its first start makes a database and takes longest …" if flow else "Starting …"
    with progress(screen, begin) as shown:
        work = _as_flow if flow else _in_process
        try:
            work(paths, source=source, settings=settings, tell=shown.tell)
        except BaseException:
            if shown.collected.documents:
                screen.complain(stopped(shown.collected))
            raise
    collected = shown.collected
    facts = known(collected, settings, options=session.repeated)
    screen.show(report(collected, facts, seconds=time.monotonic() - started, paths=paths))
    return exit_code(collected)


def _check(paths: Sequence[str], source: str | None) -> None:
    if source is not None and len(paths) > 1:
        raise ConfigurationError("--source names one source, and there are several paths", remedy="run them one by one")
    for path in paths:
        if not Path(path).exists():
            raise SourceNotFoundError(
                f"there is no folder or file {path}", remedy="check the path; it counts from the folder you are in"
            )


def _in_process(paths: Sequence[str], *, source: str | None, settings: Settings, tell: Tell) -> None:
    from ingest.intake import take_in  # noqa: PLC0415 - loads every stage and SQLAlchemy

    take_in(paths, source=source, settings=settings, tell=tell)


def _as_flow(paths: Sequence[str], *, source: str | None, settings: Settings, tell: Tell) -> None:
    from flows.command import run_folder  # noqa: PLC0415 - loads Prefect

    run_folder(paths, source=source, settings=settings, tell=tell)


def known(collected: Collected, settings: Settings, *, options: tuple[str, ...] = ()) -> Known:
    """Read back from the store what a report shows.

    Args:
        collected: What the run told of.
        settings: Where the store is.
        options: As in `Known`.
    """
    ids = [outcome.article_id for outcome in collected.shown if outcome.article_id]
    with read.connect(settings.database_url) as connection:
        articles = read.articles_by_id(connection, list(dict.fromkeys(ids)))
        told = [identity for article in articles.values() for identity in article.agreements]
        wanted = list(dict.fromkeys([*collected.detected, *told]))
        found = read.agreements_by_id(connection, wanted)
        news = read.count_news(connection, list(dict.fromkeys(collected.new)))
        database = connection.shown
    order = sorted(found, key=lambda identity: _rank(collected.detected.get(identity), found[identity]))
    return Known(
        articles=articles,
        agreements={identity: found[identity] for identity in order},
        news=news,
        database=database,
        archive=mask(settings.archive_url),
        options=options,
    )


def _rank(detected: Detected | None, agreement: Agreement) -> int:
    """What the run was for comes first: news, then changes, then background that is new, then what was known."""
    if detected is None or not (detected.is_new or detected.status_changed):
        return 3
    if detected.is_new:
        return 0 if agreement.is_news else 2
    return 1


def exit_code(collected: Collected) -> int:
    """What the process returns for a run that came to its end."""
    if collected.fates[Fate.DROPPED]:
        return _DROPPED
    return _LEFT if collected.fates[Fate.BUSY] else 0
