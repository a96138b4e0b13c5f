"""Random samples of what the machine says, and what people found of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ingest.sampling import Grouping, Subject, Verdict
from ingest.tables.base import Base, Id, Prose, Sha256

__all__ = ["Sample", "SampleEvaluation", "SampleFigure", "SampleRow", "SampleStratum", "SampleVerdict"]


class Sample(Base):
    """A stratified random sample, as it was drawn. The same draw gives the same `public_id`, and so one row."""

    __tablename__ = "samples"
    __table_args__ = (UniqueConstraint("public_id"),)

    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(String(68))
    subject: Mapped[Subject]
    grouping: Mapped[Grouping]
    seed: Mapped[Prose]
    wanted: Mapped[int]
    population: Mapped[int]
    drawn_at: Mapped[datetime]
    code_version: Mapped[Prose]  # of the code that drew it


class SampleStratum(Base):
    """A stratum: how many there were in it, and how many of them were drawn."""

    __tablename__ = "sample_strata"

    sample_id: Mapped[int] = mapped_column(ForeignKey("samples.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    name: Mapped[Prose]
    size: Mapped[int]
    drawn: Mapped[int]


class SampleRow(Base):
    """What was drawn: by the id that its sheet shows, with a digest of what the sheet says of it, and no word of it.

    `run_id` is the run that said what is to be judged.
    """

    __tablename__ = "sample_rows"
    __table_args__ = (UniqueConstraint("sample_id", "subject_id"), Index(None, "run_id"))

    sample_id: Mapped[int] = mapped_column(ForeignKey("samples.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    stratum: Mapped[int] = mapped_column(SmallInteger)
    subject_id: Mapped[Prose]
    said_sha256: Mapped[Sha256]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))


class SampleEvaluation(Base):
    """What a person found of a sample. The last one of a person is in force; the same verdicts are one evaluation.

    `precision_low` and `precision_high` bound the 95 % interval of the share that is right. None: nothing was judged.
    """

    __tablename__ = "sample_evaluations"
    __table_args__ = (UniqueConstraint("sample_id", "person", "verdicts_sha256"),)

    id: Mapped[Id]
    sample_id: Mapped[int] = mapped_column(ForeignKey("samples.id"))
    at: Mapped[datetime]
    person: Mapped[str] = mapped_column(String(200))
    sheet_sha256: Mapped[Sha256]
    verdicts_sha256: Mapped[Sha256]
    precision: Mapped[float | None]
    precision_low: Mapped[float | None]
    precision_high: Mapped[float | None]
    code_version: Mapped[Prose]  # of the code that estimated


class SampleFigure(Base):
    """What an evaluation found in a stratum."""

    __tablename__ = "sample_figures"

    evaluation_id: Mapped[int] = mapped_column(ForeignKey("sample_evaluations.id"), primary_key=True)
    stratum: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    judged_right: Mapped[int]
    judged_wrong: Mapped[int]
    judged_unsure: Mapped[int]
    precision: Mapped[float | None]
    precision_low: Mapped[float | None]
    precision_high: Mapped[float | None]


class SampleVerdict(Base):
    """What an evaluation says of a row of its sample; rows that nobody judged have none."""

    __tablename__ = "sample_verdicts"

    evaluation_id: Mapped[int] = mapped_column(ForeignKey("sample_evaluations.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    verdict: Mapped[Verdict]
    note: Mapped[Prose | None]
