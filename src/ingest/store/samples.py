"""Random samples that were drawn, and what people found of them; both are kept once, however often they come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select

from ingest import __version__
from ingest.evaluate.sample import Estimate, Figure
from ingest.sampling import Sample, Verdict
from ingest.store.database import Database, lock, now
from ingest.tables import Sample as SampleTable
from ingest.tables import SampleEvaluation, SampleFigure, SampleRow, SampleStratum, SampleVerdict

__all__ = ["Found", "KeptEvaluation", "keep_evaluation", "keep_sample"]

_SAMPLE = select(SampleTable.id).where(SampleTable.public_id == bindparam("wanted"))
_SAME = select(SampleEvaluation.id, SampleEvaluation.at).where(
    SampleEvaluation.sample_id == bindparam("sample"),
    SampleEvaluation.person == bindparam("judge"),
    SampleEvaluation.verdicts_sha256 == bindparam("digest"),
)
_ADD_SAMPLE = insert(SampleTable).returning(SampleTable.id)
_ADD_EVALUATION = insert(SampleEvaluation).returning(SampleEvaluation.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a person found of a sample.

    Attributes:
        sample: Public id of the sample.
        person: Who judged.
        sheet_sha256: Of the sheet as it came back.
        verdicts_sha256: Of the verdicts and notes in it, however the sheet was saved.
        verdicts: By number of the row: the verdict and the note.
        figures: Of each stratum, in their order.
        overall: Of all of them.
    """

    sample: str
    person: str
    sheet_sha256: str
    verdicts_sha256: str
    verdicts: Mapping[int, tuple[Verdict, str | None]]
    figures: tuple[Figure, ...]
    overall: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEvaluation:
    """What became of an evaluation.

    Attributes:
        is_new: Whether the store did not have it before.
        at: When it was kept, ISO 8601 in UTC, to the second.
    """

    is_new: bool
    at: str


def keep_sample(database: Database, sample: Sample) -> bool:
    """Keep a sample, so that its sheet can be evaluated when it comes back.

    Returns:
        Whether the store did not have it before.

    Raises:
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> bool:
        lock(connection, [f"sample {sample.public_id}"])
        if connection.execute(_SAMPLE, {"wanted": sample.public_id}).first() is not None:
            return False
        values = {
            "public_id": sample.public_id,
            "subject": sample.subject,
            "grouping": sample.grouping,
            "seed": sample.seed,
            "wanted": sample.wanted,
            "population": sample.population,
            "drawn_at": now(connection),
            "code_version": __version__,
        }
        identity = connection.execute(_ADD_SAMPLE, values).scalar_one()
        strata = [
            {"sample_id": identity, "position": position, "name": each.name, "size": each.size, "drawn": each.drawn}
            for position, each in enumerate(sample.strata)
        ]
        rows = [
            {
                "sample_id": identity,
                "number": each.number,
                "stratum": each.stratum,
                "subject_id": each.subject_id,
                "said_sha256": each.said_sha256,
                "run_id": each.run_id,
            }
            for each in sample.rows
        ]
        connection.execute(insert(SampleStratum), strata)
        connection.execute(insert(SampleRow), rows)
        return True

    return database.write(work)


def keep_evaluation(database: Database, found: Found) -> KeptEvaluation:
    """Keep what a person found of a sample; what the same person found alike before is not kept twice.

    Raises:
        StoreError: The store cannot be written.
    """

    def work(connection: Connection) -> KeptEvaluation:
        lock(connection, [f"sample {found.sample}"])
        sample = connection.execute(_SAMPLE, {"wanted": found.sample}).scalar_one()
        asked = {"sample": sample, "judge": found.person, "digest": found.verdicts_sha256}
        same = connection.execute(_SAME, asked).one_or_none()
        if same is not None:
            return KeptEvaluation(is_new=False, at=_shown(same.at))
        at = now(connection)
        values = {
            "sample_id": sample,
            "at": at,
            "person": found.person,
            "sheet_sha256": found.sheet_sha256,
            "verdicts_sha256": found.verdicts_sha256,
            **_estimate(found.overall),
            "code_version": __version__,
        }
        identity = connection.execute(_ADD_EVALUATION, values).scalar_one()
        connection.execute(insert(SampleFigure), [_figure(identity, *each) for each in enumerate(found.figures)])
        verdicts = [
            {"evaluation_id": identity, "number": number, "verdict": verdict, "note": note}
            for number, (verdict, note) in sorted(found.verdicts.items())
        ]
        connection.execute(insert(SampleVerdict), verdicts)
        return KeptEvaluation(is_new=True, at=_shown(at))

    return database.write(work)


def _figure(evaluation: int, stratum: int, figure: Figure) -> dict[str, object]:
    return {
        "evaluation_id": evaluation,
        "stratum": stratum,
        "judged_right": figure.right,
        "judged_wrong": figure.wrong,
        "judged_unsure": figure.unsure,
        **_estimate(figure.estimate),
    }


def _estimate(estimate: Estimate) -> dict[str, object]:
    return {"precision": estimate.value, "precision_low": estimate.low, "precision_high": estimate.high}


def _shown(moment: object) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
