"""`ingest evaluate sample`: the precision that a judged sheet gives, kept with its date."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

import click

from ingest.cli.files import opened
from ingest.cli.listing import json_option
from ingest.cli.rule import login
from ingest.cli.session import Command, Session, pass_session
from ingest.errors import SourceError
from ingest.wire import SampleEvaluation, dump

if TYPE_CHECKING:
    from ingest.cli.screen import Screen
    from ingest.evaluate.sheet import Judged
    from ingest.sampling import Sample
    from ingest.store.samples import Found

__all__ = ["evaluate_sample"]

_DROPPED = 3
_MOST_BYTES = 50_000_000  # of a sheet
_LONGEST_NAME = 200


@click.command(
    "sample",
    cls=Command,
    examples="ingest evaluate sample sheet.csv --by 'J. Lee'\ningest evaluate sample --history --json",
)
@click.argument("sheet", metavar="SHEET", required=False)
@click.option("--by", "person", metavar="NAME", help="Who judged; the name you are logged in with unless given.")
@click.option("--history", "lists", is_flag=True, help="List what was found of all samples, the earliest first.")
@json_option()
@pass_session
def evaluate_sample(session: Session, *, sheet: str | None, person: str | None, lists: bool, as_json: bool) -> int:
    """Turn a judged sheet of 'ingest sample' into precision with a 95 % interval, and keep it.

    A verdict is right, wrong or unsure, also y and n, 对 and 错. Strata are weighted by their size. Rows that cannot be
    used are told and left out, and the exit code is 3. The same verdicts of the same person count once.
    """
    from ingest.store.read import connect  # noqa: PLC0415 - the group's help needs none of it
    from ingest.store.read.samples import history  # noqa: PLC0415 - likewise

    if lists == (sheet is not None):
        raise click.UsageError("name a SHEET, or give --history")
    code, sample, at = 0, None, None
    if sheet is not None:
        person = " ".join((login() if person is None else person).split())
        if not person or len(person) > _LONGEST_NAME:
            raise click.UsageError(f"say who judged with --by NAME, of {_LONGEST_NAME} characters at most")
        code, sample, at = _keep(session, sheet, person)
    with connect(session.database_url()) as connection:
        found = history(connection, sample)
    if sheet is not None:
        found = tuple(each for each in found if each.at == at and each.person == person)[-1:]
    _show(session, found, as_json=as_json, lists=lists)
    return code


def _show(session: Session, found: tuple[SampleEvaluation, ...], *, as_json: bool, lists: bool) -> None:
    from ingest.report.blocks import neutral  # noqa: PLC0415 - likewise
    from ingest.report.evaluation import lines  # noqa: PLC0415 - likewise

    screen = session.screen()
    for each in found:
        if as_json:
            screen.data(dump(each))
            continue
        if lists:
            screen.text(neutral(f"{each.at} {each.sample} {each.subject} {each.person} {' '.join(each.versions)}"))
        screen.text("\n".join(neutral(line) for line in lines(each)))


def _keep(session: Session, file: str, person: str) -> tuple[int, str, str]:
    """Keep what a sheet says: the exit code, the sample, and when it was kept."""
    from ingest.evaluate.sheet import judge, read, sample_named  # noqa: PLC0415 - likewise
    from ingest.store import open_store  # noqa: PLC0415 - likewise
    from ingest.store.read import connect  # noqa: PLC0415 - likewise
    from ingest.store.read.samples import kept_sample  # noqa: PLC0415 - likewise
    from ingest.store.samples import keep_evaluation  # noqa: PLC0415 - likewise

    with opened(file) as stream:
        content = stream.read(_MOST_BYTES + 1)
    lines = read(content, name=file)
    with connect(session.database_url()) as connection:
        sample = kept_sample(connection, sample_named(lines, name=file))
    judged = judge(lines, sample)
    _tell(session.screen(), judged, file)
    if not judged.verdicts:
        raise SourceError(f"{file} has no verdict", remedy="write right, wrong or unsure in the column verdict")
    found = _found(sample, judged, person=person, sheet_sha256=hashlib.sha256(content).hexdigest())
    with open_store(session.database_url(), create=False) as store:
        kept = keep_evaluation(store.database, found)
    if not kept.is_new:
        session.screen().note(f"{file}: kept already at {kept.at}; it does not count twice")
    return _DROPPED if judged.problems else 0, sample.public_id, kept.at


def _tell(screen: Screen, judged: Judged, file: str) -> None:
    """Say what of a sheet cannot be used, and what it lacks."""
    for problem in judged.problems:
        screen.complain(f"error: {file} row {problem.row} {problem.why}")
    lacking = {"without a verdict": judged.blank, "missing": judged.missing, "repeated": judged.repeated}
    for what, count in lacking.items():
        if count:
            screen.note(f"{file}: {count} rows {what}")
    if not judged.is_checked:
        screen.note(f"{file}: without the columns says and evidence, nobody can tell whether a row was changed")


def _found(sample: Sample, judged: Judged, *, person: str, sheet_sha256: str) -> Found:
    from ingest.evaluate.sample import figure, overall  # noqa: PLC0415 - likewise
    from ingest.store.samples import Found  # noqa: PLC0415 - likewise

    rows = [row for row in sample.rows if row.number in judged.verdicts]
    tally = Counter((row.stratum, judged.verdicts[row.number][0].value) for row in rows)
    figures = tuple(
        figure(size=each.size, **{name: tally[position, name] for name in ("right", "wrong", "unsure")})
        for position, each in enumerate(sample.strata)
    )
    return Found(
        sample=sample.public_id,
        person=person,
        sheet_sha256=sheet_sha256,
        verdicts_sha256=judged.digest,
        verdicts=judged.verdicts,
        figures=figures,
        overall=overall(figures)[0],
    )
