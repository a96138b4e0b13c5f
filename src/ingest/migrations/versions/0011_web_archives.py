"""Web archives, and how far they were read.

Revision: 0011, after 0010.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    op.create_table(
        "web_archives",
        sa.Column("id", _BIG, nullable=False),
        _reference("web_archives", "source_id", "sources", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("size", _BIG),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("packing", sa.String(32)),
        sa.Column("failure", sa.Text()),
        sa.Column("first_seen_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_archives")),
        sa.UniqueConstraint("source_id", "name", name=op.f("uq_web_archives_source_id_name")),
    )
    table = "web_archive_ranges"
    op.create_table(
        table,
        sa.Column("id", _BIG, nullable=False),
        _reference(table, "archive_id", "web_archives", nullable=False),
        sa.Column("start", _BIG, nullable=False),
        sa.Column("stop", _BIG),
        sa.Column("position", _BIG, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("records", _BIG, nullable=False),
        sa.Column("pages", _BIG, nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("broken", sa.JSON(), nullable=False),
        sa.Column("fates", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("attempts", _BIG, nullable=False),
        sa.Column("failure", sa.Text()),
        sa.Column("token", _BIG, nullable=False),
        _reference(table, "lease_run_id", "runs", nullable=True),
        sa.Column("lease_until", _TIME),
        sa.Column("settled_at", _TIME),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("archive_id", "start", name=op.f(f"uq_{table}_archive_id_start")),
    )
    op.create_index(op.f(f"ix_{table}_lease_run_id"), table, ["lease_run_id"])


def _reference(table: str, column: str, to: str, *, nullable: bool) -> sa.Column[int]:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.Column(column, _BIG, sa.ForeignKey(f"{to}.id", name=name), nullable=nullable)
