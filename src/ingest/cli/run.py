"""`ingest run`: folders and files through the pipeline, in this process or as a Prefect flow."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingest.cli.alert_sending import tell_console
from ingest.cli.outcome import exit_code, known
from ingest.cli.progress import progress
from ingest.cli.session import Session, command, pass_session
from ingest.cli.visits import visit_due
from ingest.documents import Outcome
from ingest.errors import ConfigurationError, SourceNotFoundError
from ingest.mask import mask
from ingest.report.run import listed, report, stopped

if TYPE_CHECKING:
    from ingest.settings import Settings

__all__ = ["run"]

Tell = Callable[[Outcome], None]


@command(
    "run",
    examples="""ingest run seeds
    ingest run news/2026 releases.jsonl
    ingest run news/2026 --source desk
    ingest run
    ingest run --source district-news
    ingest run https://news.example/2026/a-story
    ingest run --flow seeds
    ingest --database postgresql://me@host/news run /data/articles""",
)
@click.argument("paths", metavar="[PATH_OR_URL]...", nargs=-1)
@click.option(
    "--source",
    metavar="NAME",
    help="Name under which the store keeps a new source, of one PATH; without a PATH, the source to visit now.",
)
@click.option("--flow", is_flag=True, help="Run it as a Prefect flow; a server is started where none is set.")
@pass_session
def run(session: Session, *, paths: tuple[str, ...], source: str | None, flow: bool) -> int:
    """Take articles through the pipeline: extract, compare, label, find agreements, store.

    Without a PATH_OR_URL, visit the sources that are due ('ingest sources' lists them), until none is, or, due or not,
    the one that --source names. A path is a
    folder (.txt, .md, .html, .htm, .jsonl, and gzip of each, at any depth) or a file. A URL is a page, or a feed or
    sitemap of which the newest pages are wanted; it is fetched now, and never again by itself. What is known already
    and has not changed costs next to nothing, so it is safe to run again. The report at the end goes to standard
    output, after what rules of alerts tell the console.
    """
    if not paths:
        if source is not None and flow:
            raise click.UsageError("visit one source without --flow")
        return visit_due(session, flow=flow, only=source)
    urls, paths = tuple(each for each in paths if "://" in each), tuple(each for each in paths if "://" not in each)
    _check(paths, source)
    if urls and (paths or flow):
        raise click.UsageError("take URLs in by a run of their own, and without --flow")
    settings, screen = session.settings(), session.screen()
    session.start_log(settings, steady=False)
    started = time.monotonic()
    begin = "Starting Prefect; its first start makes a database and takes longest …" if flow else "Starting …"
    with progress(screen, begin) as shown:
        work = _from_web if urls else _as_flow if flow else _in_process
        try:
            work(urls or paths, source=source, settings=settings, tell=shown.tell)
        except BaseException:
            if shown.collected.documents:
                screen.complain(stopped(shown.collected))
            raise
    collected = shown.collected
    facts = known(collected, settings, options=session.repeated)
    shown_paths = tuple(map(mask, urls)) or paths
    screen.show(report(collected, facts, seconds=time.monotonic() - started, paths=shown_paths))
    tell_console(session, settings, listed=listed(collected, facts))
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


def _from_web(urls: Sequence[str], *, source: str | None, settings: Settings, tell: Tell) -> None:
    from ingest.collect import take_urls  # noqa: PLC0415 - loads every stage and SQLAlchemy
    from ingest.visit import standard_readers  # noqa: PLC0415 - likewise

    take_urls(urls, settings, standard_readers(), source=source, tell=tell)


def _as_flow(paths: Sequence[str], *, source: str | None, settings: Settings, tell: Tell) -> None:
    from flows.command import run_folder  # noqa: PLC0415 - loads Prefect

    run_folder(paths, source=source, settings=settings, tell=tell)
