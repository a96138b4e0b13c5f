"""`ingest sample`: draw rows at random, in strata, into a sheet that a person judges."""

from __future__ import annotations

import click

from ingest.cli.files import write_new
from ingest.cli.session import Session, command, pass_session
from ingest.errors import ConfigurationError, NotFoundError
from ingest.evaluate.sheet import COLUMNS
from ingest.report.rows import Cell, Format, written
from ingest.sampling import GROUPINGS, Grouping, Row, Sample, SizedStratum, Subject, draw, identify, said_digest
from ingest.store.read import connect
from ingest.store.read.samples import Said, frame, said

__all__ = ["sample"]


@command(
    "sample",
    examples="""ingest sample agreements --n 50 --output sheet.csv
    ingest sample topics --by language --seed 2026-07 --output sheet.csv
    ingest evaluate sample sheet.csv --by 'J. Lee'""",
)
@click.argument("subject", type=click.Choice([each.value for each in Subject]))
@click.option("--n", "wanted", type=click.IntRange(1, 10_000), default=50, show_default=True, help="Rows to draw.")
@click.option(
    "--by",
    "grouping",
    type=click.Choice([each.value for each in Grouping]),
    default=Grouping.CONFIDENCE.value,
    show_default=True,
    help="What tells strata apart.",
)
@click.option("--seed", default="0", show_default=True, help="The same one draws the same rows of the same store.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "jsonl"]),
    default="csv",
    show_default=True,
    help="CSV for a spreadsheet, or JSON lines.",
)
@click.option("--output", "file", metavar="FILE", required=True, help="The new file to write.")
@pass_session
def sample(session: Session, *, subject: str, wanted: int, grouping: str, seed: str, form: str, file: str) -> None:
    """Draw rows at random for a person to judge.

    Mark each row of the sheet as right, wrong or unsure in the column verdict, save it as CSV, and give it to 'ingest
    evaluate sample'. Strata are drawn from in proportion to the square root of their size, two rows each at least.
    """
    what, by = Subject(subject), Grouping(grouping)
    if by not in GROUPINGS[what]:
        allowed = ", ".join(GROUPINGS[what])
        raise click.UsageError(f"{what} cannot be grouped by {by}; --by takes {allowed}")
    with connect(session.database_url()) as connection:
        try:
            drawn = draw(frame(connection, what, by), wanted=wanted, seed=seed)
        except ValueError as few:
            raise ConfigurationError(str(few), remedy="raise --n, or group by something else") from None
        if not drawn.size:
            raise NotFoundError(f"the store has no {what} to draw from", remedy="take articles in with `ingest run`")
        shown = said(connection, what, [row for stratum in drawn.strata for row in stratum.rows])
    strata = [SizedStratum(name=each.name, size=each.size, drawn=len(each.rows)) for each in drawn.strata]
    ids = [(position, row) for position, each in enumerate(drawn.strata) for row in each.rows]
    rows = [_row(number, position, shown[row]) for number, (position, row) in enumerate(ids, start=1)]
    made = identify(what, by, seed=seed, wanted=wanted, strata=strata, rows=rows)
    lines = written(COLUMNS, [_cells(made, row, shown[row.subject_id]) for row in rows], Format(form))
    text = "".join(lines)
    from ingest.store import open_store  # noqa: PLC0415 - loads SQLAlchemy, which what was wrong above need not pay
    from ingest.store.samples import keep_sample  # noqa: PLC0415 - likewise

    with open_store(session.database_url(), create=False) as store:
        keep_sample(store.database, made)
    write_new(file, text.encode("utf-8-sig" if form == "csv" else "utf-8"))
    session.screen().note(f"{made.public_id}: {len(rows)} of {made.population:,} {what} in {len(strata)} strata")


def _row(number: int, stratum: int, shown: Said) -> Row:
    digest = said_digest(shown.says, shown.evidence)
    return Row(number=number, stratum=stratum, subject_id=shown.id, said_sha256=digest, run_id=shown.run_id)


def _cells(made: Sample, row: Row, shown: Said) -> tuple[Cell, ...]:
    stratum = made.strata[row.stratum]
    return (
        *(made.public_id, row.number, row.subject_id, stratum.name, stratum.size, shown.confidence),
        *(shown.says, shown.evidence, shown.title, shown.publisher, shown.published),
        *(shown.language, shown.url, shown.document, shown.article, None, None),
    )
