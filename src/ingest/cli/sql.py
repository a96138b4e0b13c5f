"""`ingest sql`: ask the views in SQL."""

from __future__ import annotations

import sys

import click

from ingest.cli.session import Session, command, pass_session
from ingest.errors import ConfigurationError
from ingest.report import rows as written_rows
from ingest.report import views as listed_views
from ingest.report.blocks import Grid, Part
from ingest.report.rows import Format
from ingest.store.read.asking import Question, ask

__all__ = ["sql"]

_MOST_SHOWN = 120  # characters of a cell on a terminal


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
    type=click.FloatRange(min=0.001, max=86_400),
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
    with ask(session.database_url(), _query(query), seconds=seconds, limit=limit) as question:
        if form:
            for text in written_rows.written(question.columns, question.rows(), Format(form)):
                screen.raw(text)
        elif screen.is_terminal:
            screen.show([_table(question)])
        else:
            for row in question.rows():
                screen.show(
                    [Grid(header=(), rows=(tuple(Part(written_rows.shown(cell)) for cell in row),), flexible=0)]
                )
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


def _table(question: Question) -> Grid:
    rows = tuple(tuple(Part(_cut(written_rows.shown(cell))) for cell in row) for row in question.rows())
    widths = [max((len(row[column].text) for row in rows), default=0) for column in range(len(question.columns))]
    return Grid(header=question.columns, rows=rows, flexible=widths.index(max(widths)) if widths else 0)


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"
