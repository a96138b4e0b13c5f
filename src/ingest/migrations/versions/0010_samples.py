"""Random samples of what the machine says, and what people found of them; ids in the views that a trace needs.

Revision: 0010, after 0009.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    _samples()
    _evaluations()


def _samples() -> None:
    op.create_table(
        "samples",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("public_id", sa.String(68), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("grouping", sa.String(32), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("wanted", _BIG, nullable=False),
        sa.Column("population", _BIG, nullable=False),
        sa.Column("drawn_at", _TIME, nullable=False),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
        sa.UniqueConstraint("public_id", name=op.f("uq_samples_public_id")),
    )
    op.create_table(
        "sample_strata",
        _reference("sample_id", "sample_strata", "samples"),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", _BIG, nullable=False),
        sa.Column("drawn", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("sample_id", "position", name=op.f("pk_sample_strata")),
    )
    op.create_table(
        "sample_rows",
        _reference("sample_id", "sample_rows", "samples"),
        sa.Column("number", _BIG, nullable=False),
        sa.Column("stratum", sa.SmallInteger(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("said_sha256", sa.String(64), nullable=False),
        _reference("run_id", "sample_rows", "runs"),
        sa.PrimaryKeyConstraint("sample_id", "number", name=op.f("pk_sample_rows")),
        sa.UniqueConstraint("sample_id", "subject_id", name=op.f("uq_sample_rows_sample_id_subject_id")),
    )
    op.create_index(op.f("ix_sample_rows_run_id"), "sample_rows", ["run_id"])


def _evaluations() -> None:
    table = "sample_evaluations"
    unique = ("sample_id", "person", "verdicts_sha256")
    op.create_table(
        table,
        sa.Column("id", _BIG, nullable=False),
        _reference("sample_id", table, "samples"),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("sheet_sha256", sa.String(64), nullable=False),
        sa.Column("verdicts_sha256", sa.String(64), nullable=False),
        *_estimate(),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_{table}_{'_'.join(unique)}")),
    )
    op.create_table(
        "sample_figures",
        _reference("evaluation_id", "sample_figures", table),
        sa.Column("stratum", sa.SmallInteger(), nullable=False),
        sa.Column("judged_right", _BIG, nullable=False),
        sa.Column("judged_wrong", _BIG, nullable=False),
        sa.Column("judged_unsure", _BIG, nullable=False),
        *_estimate(),
        sa.PrimaryKeyConstraint("evaluation_id", "stratum", name=op.f("pk_sample_figures")),
    )
    op.create_table(
        "sample_verdicts",
        _reference("evaluation_id", "sample_verdicts", table),
        sa.Column("number", _BIG, nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("note", sa.Text()),
        sa.PrimaryKeyConstraint("evaluation_id", "number", name=op.f("pk_sample_verdicts")),
    )


def _estimate() -> tuple[sa.Column[float], ...]:
    return tuple(sa.Column(name, sa.Double()) for name in ("precision", "precision_low", "precision_high"))


def _reference(name: str, table: str, to: str) -> sa.Column[int]:
    key = sa.ForeignKey(f"{to}.id", name=op.f(f"fk_{table}_{name}_{to}"))
    return sa.Column(name, _BIG, key, nullable=False)
