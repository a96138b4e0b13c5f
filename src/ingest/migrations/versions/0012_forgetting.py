"""What was removed by request, so that it stays away; and raw bytes that were deleted for their age.

Revision: 0012, after 0011.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tombstones",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("documents", _BIG, nullable=False),
        sa.Column("articles", _BIG, nullable=False),
        sa.Column("run_id", _BIG, sa.ForeignKey("runs.id", name=op.f("fk_tombstones_run_id_runs")), nullable=False),
        sa.Column("lifted_at", _TIME, nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstones")),
    )
    op.create_table(
        "tombstone_marks",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column(
            "tombstone_id",
            _BIG,
            sa.ForeignKey("tombstones.id", name=op.f("fk_tombstone_marks_tombstone_id_tombstones")),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("kind", "sha256", name=op.f("pk_tombstone_marks")),
    )
    op.add_column("pages", sa.Column("removed_at", _TIME, nullable=True))
