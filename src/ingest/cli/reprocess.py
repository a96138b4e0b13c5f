"""`ingest reprocess`: run stages again over what is kept, after a rule or a model changed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ingest.cli.listing import DAY, json_lines_option
from ingest.cli.screen import Screen
from ingest.cli.session import Session, command, pass_session
from ingest.errors import NotFoundError
from ingest.report import words
from ingest.report.blocks import Block, Entry, Part, Tone, line
from ingest.store import read
from ingest.wire import ArticleChange, Reprocessed, dump

if TYPE_CHECKING:
    from ingest.reprocess import Redone, Summary
    from ingest.store import Store
    from ingest.store.kept import Wanted

__all__ = ["reprocess"]

_DROPPED = 3
_EVERY = 100  # articles between two lines of progress in a pipe
_SHOWN = 200  # characters of what was said, and is said
_WIDTH = 20  # `agreement emptied` and room

Tell = Callable[["Redone", int], None]


@command(
    "reprocess",
    examples="""ingest reprocess --stage agreements --dry-run
    ingest reprocess --stage topics --since 2024-01-01 --yes
    ingest reprocess --stage extract --source desk
    ingest reprocess --stage agreements --article art-3f2a51b0c9d7""",
)
@click.option(
    "--stage",
    required=True,
    type=click.Choice(["extract", "language", "topics", "agreements"]),
    help="The first stage to run again; the later ones follow.",
)
@click.option("--since", type=DAY, help="Only articles published, or first seen where undated, on or after this day.")
@click.option("--until", type=DAY, help="Likewise, on or before it.")
@click.option("--source", metavar="NAME", help="Only of this source.")
@click.option("--article", metavar="ID", help="Only this article.")
@click.option("--dry-run", is_flag=True, help="Show what would change, row by row, and leave the store as it is.")
@click.option("--yes", "-y", is_flag=True, help="Do it without showing first and asking.")
@click.option("--from-start", is_flag=True, help="Begin anew although an earlier run for the same was stopped.")
@click.option("--flow", is_flag=True, help="Run it as a Prefect flow; with --yes only.")
@json_lines_option()
@pass_session
def reprocess(  # noqa: PLR0913 - one parameter an option
    session: Session,
    *,
    stage: str,
    since: str | None,
    until: str | None,
    source: str | None,
    article: str | None,
    dry_run: bool,
    yes: bool,
    from_start: bool,
    flow: bool,
    as_json: bool,
) -> int:
    """Run a stage and the later ones again over what is stored, after a rule or a model changed.

    First it shows what would change, then it asks; --dry-run stops there, --yes goes on at once. What is superseded
    stays in the store, what people decided is replayed, ids of agreements stay, nobody is alerted, and it is safe
    beside running workers. A run that was stopped is taken up where it stood.

    In a pipe, each change is a line of article, what changes, its id or topic, before and after, separated by tabs.
    With --json, each article that changes is a line of the form that 'ingest schema reprocessed' gives.
    """
    if dry_run and (yes or flow):
        raise click.UsageError("--dry-run changes nothing; leave out --yes and --flow")
    if flow and not yes:
        raise click.UsageError("--flow needs --yes: a flow asks nobody")
    if since and until and until < since[: len(until)]:
        raise click.UsageError(f"--until {until} is before --since {since}")
    wanted = _wanted(session, since=since, until=until, source=source, article=article)
    work = _Work(session, wanted, stage=stage, from_start=from_start, as_json=as_json)
    if flow:
        return work.flow()
    with work.opened() as store:
        if not yes:
            summary = work.run(store, rehearse=True)
            if dry_run or not summary.changed:
                return _DROPPED if summary.failed else 0
            _ask(work.screen)
        summary = work.run(store, rehearse=False, quiet=not yes)
    return _DROPPED if summary.failed else 0


class _Work:
    """One command: what is wanted, and where it is shown."""

    def __init__(self, session: Session, wanted: Wanted, *, stage: str, from_start: bool, as_json: bool) -> None:
        self.screen = session.screen()
        self._session = session
        self._wanted = wanted
        self._stage = stage
        self._from_start = from_start
        self._as_json = as_json

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """The store, which must be there."""
        from ingest.store import open_store  # noqa: PLC0415 - loads SQLAlchemy

        with open_store(self._session.database_url(), create=False) as store:
            yield store

    def run(self, store: Store, *, rehearse: bool, quiet: bool = False) -> Summary:
        """Do it, or only show what would change; `quiet` leaves out the rows that were shown before."""
        from ingest.documents import Stage  # noqa: PLC0415 - the help needs none of it
        from ingest.reprocess import reprocess as run_again  # noqa: PLC0415 - loads every stage

        with _progress(self.screen, rehearse=rehearse) as count:

            def tell(redone: Redone, total: int) -> None:
                count(redone, total)
                if redone.changes and not quiet:
                    self._show(redone)

            summary = run_again(
                store,
                self._session.settings(),
                self._wanted,
                stage=Stage(self._stage),
                rehearse=rehearse,
                from_start=self._from_start,
                tell=tell,
            )
        self.screen.note(_said(summary, rehearse=rehearse))
        return summary

    def flow(self) -> int:
        """Do it as a Prefect flow."""
        from flows.command import run_reprocess  # noqa: PLC0415 - loads Prefect

        summary = run_reprocess(
            self._wanted,
            stage=self._stage,
            from_start=self._from_start,
            settings=self._session.settings(),
            tell=lambda redone, _: self._show(redone) if redone.changes else None,
        )
        self.screen.note(_said(summary, rehearse=False))
        return _DROPPED if summary.failed else 0

    def _show(self, redone: Redone) -> None:
        if self._as_json:
            self.screen.data(dump(_wire(redone)))
        elif self.screen.is_terminal:
            self.screen.show(_blocks(redone))
        else:
            for change in redone.changes:
                cells = (redone.article, change.kind.value, change.subject, change.before or "-", change.after or "-")
                self.screen.show([line("\t".join(" ".join(cell.split()) for cell in cells))])


def _wanted(
    session: Session, *, since: str | None, until: str | None, source: str | None, article: str | None
) -> Wanted:
    """Which articles, once it is sure that there are such a source and such an article."""
    from ingest.store.kept import Wanted  # noqa: PLC0415 - loads SQLAlchemy

    with read.connect(session.database_url()) as connection:
        if article is not None:
            article = read.article(connection, article).id
        names = [name for name, _, _ in read.sources(connection)]
    if source is not None and source not in names:
        known = ", ".join(names[:5]) or "none yet"
        raise NotFoundError(f"there is no source called {source!r}", remedy=f"the store knows {known}")
    return Wanted(since=since, until=until, source=source, article=article)


@contextmanager
def _progress(screen: Screen, *, rehearse: bool) -> Iterator[Tell]:
    doing = "looking at what would change" if rehearse else "doing again"
    done = changed = 0

    def line_of(total: int) -> str:
        return f"{doing}: {done:,} of {words.number(total, 'article')}, {changed:,} changed"

    if not screen.shows_progress:

        def count(redone: Redone, total: int) -> None:
            nonlocal done, changed
            done, changed = done + 1, changed + bool(redone.changes)
            if done % _EVERY == 0:
                screen.note(line_of(total))

        yield count
        return
    with screen.console().status(f"{doing} …", spinner="dots") as status:

        def update(redone: Redone, total: int) -> None:
            nonlocal done, changed
            done, changed = done + 1, changed + bool(redone.changes)
            status.update(line_of(total))

        yield update


def _ask(screen: Screen) -> None:
    if not sys.stdin.isatty():
        raise click.UsageError("nothing was changed: nobody can be asked here; --yes does it, --dry-run only shows it")
    screen.complain("Do this? Type 'yes'.")
    if sys.stdin.readline().strip().casefold() not in {"y", "yes"}:
        raise click.ClickException("nothing was changed")


def _said(summary: Summary, *, rehearse: bool) -> str:
    verb = "would change" if rehearse else "changed"
    counts = ", ".join(f"{count:,} {kind.value.replace('_', ' ')}" for kind, count in summary.changes)
    taken_up = f"; {summary.resumed:,} were done by an earlier run" if summary.resumed else ""
    return (
        f"{summary.changed:,} of {words.number(summary.articles, 'article')} {verb}"
        + (f": {counts}" if counts else "")
        + f"{taken_up} · {summary.elapsed.total_seconds():.1f} s"
    )


def _blocks(redone: Redone) -> list[Block]:
    blocks: list[Block] = [line(Part(redone.title or redone.key, Tone.STRONG), Part(f"  {redone.article}", Tone.FAINT))]
    for change in redone.changes:
        label = Part(f"  {change.kind.value.replace('_', ' ')}", Tone.NOTICE)
        said = [line(change.subject)]
        said += [line(Part(f"− {words.shortened(change.before, _SHOWN)}", Tone.BAD))] if change.before else []
        said += [line(Part(f"+ {words.shortened(change.after, _SHOWN)}", Tone.GOOD))] if change.after else []
        blocks.append(Entry(label, tuple(said), width=_WIDTH))
    return blocks


def _wire(redone: Redone) -> Reprocessed:
    return Reprocessed(
        article=redone.article,
        key=redone.key,
        title=redone.title,
        changes=tuple(
            ArticleChange(change=each.kind.value, subject=each.subject, before=each.before, after=each.after)
            for each in redone.changes
        ),
    )
