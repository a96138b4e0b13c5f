"""`ingest sql`: ask the views in SQL."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterable, Iterator

import click

from ingest.cli.listing import Range
from ingest.cli.session import Session, command, pass_session
from ingest.cli.watchdog import watched
from ingest.errors import ConfigurationError
from ingest.report import rows as written_rows
from ingest.report import views as listed_views
from ingest.report.blocks import Grid, Part, neutral
from ingest.report.rows import Format
from ingest.store.read.asking import Question, snapshot
from ingest.store.read.guards import one_select

__all__ = ["sql"]

_MOST_SHOWN = 120  # characters of a cell on a terminal
_ROWS_OF_TABLE = 2_000  # that are held, to know how wide its columns are
_PIECE, _SECONDS_HELD = 1 << 16, 0.2  # characters that are gathered, and for how long


@command(
    "sql",
    examples="""ingest sql 'select * from v_agreements'
    ingest sql 'select topic, count(*) from v_article_topics group by topic' --format markdown
    ingest sql --limit 0 --format csv "select * from v_articles where language = 'zh-Hant'" > articles.csv
    ingest sql - < question.sql
    ingest sql --views""",
)
@click.argument("query", required=False)
@click.option("--views", "lists_views", is_flag=True, help="List the views and their columns instead.")
@click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in Format]),
    help="Write rows down so, instead of a table or, in a pipe, lines with tabs.",
)
@click.option(
    "--limit", type=click.IntRange(min=0), default=1000, show_default=True, help="Rows at most; 0 gives them all."
)
@click.option(
    "--seconds",
    type=Range(min=0.001, max=86_400),
    default=30.0,
    show_default=True,
    help="A query that takes longer is ended.",
)
@pass_session
def sql(
    session: Session, *, query: str | None, lists_views: bool, form: str | None, limit: int, seconds: float
) -> None:
    """Ask the store in SQL: one SELECT over the views, in the SQL of the database; `-` reads it from standard input.

    It can read, and do nothing else: it writes nothing, attaches nothing, reads no files and loads no extensions. The
    tables behind the views are not for it: their columns change from release to release, those of views do not.

    A formula in a cell of --format csv has an apostrophe before it, so that a spreadsheet shows it as text. With more
    rows than --limit, that is said on standard error. The exit code is 2 for a query that is not right.
    """
    screen = session.screen()
    if lists_views:
        screen.show(listed_views.listed(terminal=screen.is_terminal))
        return
    text = one_select(_query(query))
    with (
        snapshot(session.database_url(), seconds=seconds) as look,
        watched(look, screen),
        look.ask(text, limit=limit) as question,
    ):
        if form:
            for piece in _gathered(written_rows.written(question.columns, question.rows(), Format(form))):
                screen.raw(piece)
        elif screen.is_terminal:
            for table in _tables(question):
                screen.show([table])
        else:
            for piece in _gathered(_lines(question)):
                screen.raw(piece)
        if question.left_out:
            screen.note(f"the first {limit:,} rows; --limit 0 gives them all")


def _query(given: str | None) -> str:
    if given is None:
        raise click.UsageError("Missing argument 'QUERY'.")
    if given != "-":
        return given
    try:
        return sys.stdin.read()
    except UnicodeDecodeError:
        raise ConfigurationError("standard input is not UTF-8", remedy="save the query as UTF-8") from None


def _tables(question: Question) -> Iterator[Grid]:
    """The rows as tables of so many rows: one, unless there are more than anybody looks at."""
    rows = question.rows()
    first = True
    while (part := tuple(itertools.islice(rows, _ROWS_OF_TABLE))) or first:
        first = False
        cells = tuple(tuple(Part(_cut(written_rows.shown(cell))) for cell in row) for row in part)
        widths = [max((len(row[column].text) for row in cells), default=0) for column in range(len(question.columns))]
        yield Grid(header=question.columns, rows=cells, flexible=widths.index(max(widths)) if widths else 0)


def _lines(question: Question) -> Iterator[str]:
    for row in question.rows():
        yield "\t".join(neutral(written_rows.shown(cell)) for cell in row) + "\n"


def _gathered(pieces: Iterable[str]) -> Iterator[str]:
    """Pieces in larger ones: each is handed to the system by itself."""
    held: list[str] = []
    size, since = 0, time.monotonic()
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _PIECE or time.monotonic() - since > _SECONDS_HELD:
            yield "".join(held)
            held, size, since = [], 0, time.monotonic()
    yield "".join(held)


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"
