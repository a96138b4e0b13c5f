"""`ingest export`: rows of the views as files that can be cited."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ingest.cli.listing import DAY, Range, json_option
from ingest.cli.screen import Screen
from ingest.cli.session import Session, command, pass_session
from ingest.errors import ExportError
from ingest.export import NAMES, FileForm, select, target
from ingest.export import export as exported
from ingest.export import verify as verified
from ingest.export.exporting import Tell
from ingest.report import exports as shown
from ingest.wire import dump

__all__ = ["export"]

_EVERY = 50_000  # rows between two lines in a pipe


@command(
    "export",
    examples="""ingest export articles topics --since 2026-01 --output january
    ingest export agreements parties mentions --format parquet --output ledger
    ingest export articles --where "language like 'zh%' and is_current = 1" --output chinese.csv
    ingest export articles --where "article_id in (select article_id from v_article_topics where topic = 'biotech')"
    ingest export agreements --columns agreement_id,kind,status,parties --format jsonl
    ingest export --verify ledger/manifest.json""",
)
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in FileForm]),
    help="Form of the files; without it, that of --output's ending, else csv.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("export"),
    show_default=True,
    help="Folder of the files, made where it is not there; for one NAME also a file, by its ending.",
)
@click.option("--since", type=DAY, help="Only rows whose date is on or after this day.")
@click.option("--until", type=DAY, help="Likewise, on or before it; 2024 is until the end of that year.")
@click.option("--where", "condition", metavar="SQL", help="Only rows for which this condition on columns holds.")
@click.option("--columns", metavar="A,B,…", help="Only these columns, in this order; for one NAME.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@click.option(
    "--seconds",
    type=Range(min=0.001, max=604_800),
    default=3_600.0,
    show_default=True,
    help="An export that takes longer is ended.",
)
@click.option(
    "--verify",
    "manifest",
    type=click.Path(path_type=Path),
    metavar="MANIFEST",
    help="Compare the files of an export with its manifest instead.",
)
@json_option()
@pass_session
def export(  # noqa: PLR0913 - one parameter an option
    session: Session,
    *,
    names: tuple[str, ...],
    form: str | None,
    output: Path,
    since: str | None,
    until: str | None,
    condition: str | None,
    columns: str | None,
    force: bool,
    seconds: float,
    manifest: Path | None,
    as_json: bool,
) -> None:
    """Write rows to files, all as of one moment, with a manifest by which they can be cited and checked.

    NAME is a view without its 'v_' ('ingest sql --views' lists them); parties, mentions, topics and names stand for
    v_agreement_parties, v_agreement_mentions, v_article_topics and v_organisation_names.

    A date is that of publication of an article, of signing (or reporting) of an agreement, and of the article or
    agreement that a row belongs to; of others, when they happened or were first seen.

    CSV is UTF-8 as spreadsheets read it; a text that one would take for a formula has an apostrophe before it. The
    condition of --where is SQL of the database that the store is on, and can only read views. No part of a file stands
    under its name before all are whole. The exit code is 2 for a wrong condition, 1 where a file cannot be written or
    --verify finds that one was changed or is missing.
    """
    screen = session.screen()
    if manifest is not None:
        if names:
            raise click.UsageError("--verify compares what was exported; it takes no NAME.")
        _verify(screen, manifest, as_json=as_json)
        return
    if not names:
        raise click.UsageError(f"Missing argument 'NAME...'; there is {', '.join(NAMES)}.")
    if columns is not None and len(names) > 1:
        raise click.UsageError("--columns chooses those of one NAME.")
    chosen = [
        select(
            name,
            columns=[each.strip() for each in columns.split(",")] if columns is not None else (),
            since=since,
            until=until,
            conditions=() if condition is None else (condition,),
        )
        for name in names
    ]
    ending = output.suffix.removeprefix(".")
    file_form = FileForm(form or (ending if ending in set(FileForm) and not output.is_dir() else "csv"))
    url = session.database_url()
    to = target(chosen, output=output, form=file_form, force=force)
    with _progress(screen) as tell:
        done = exported(url, chosen, to, form=file_form, seconds=seconds, tell=tell)
    if as_json:
        screen.data(dump(done))
    else:
        screen.show(shown.exported(done, terminal=screen.is_terminal))


def _verify(screen: Screen, manifest: Path, *, as_json: bool) -> None:
    found = verified(manifest)
    if as_json:
        screen.data(dump(found))
    else:
        screen.show(shown.verified(found))
    if not found.is_same:
        other = [each.file for each in found.files if each.state != "same"]
        raise ExportError(
            f"not as exported: {', '.join(other)}", remedy="do not cite these files under that manifest; export again"
        )


@contextmanager
def _progress(screen: Screen) -> Iterator[Tell]:
    """Tells how far it is, on standard error: one line that changes on a terminal, a line now and then in a pipe."""

    def note(name: str, rows: int) -> None:
        if rows % _EVERY == 0:
            screen.note(f"{name}: {rows:,} rows")

    if not screen.shows_progress:
        yield note
        return
    with screen.console().status("Exporting…", spinner="dots") as status:
        yield lambda name, rows: status.update(f"{name}: {rows:,} rows")
