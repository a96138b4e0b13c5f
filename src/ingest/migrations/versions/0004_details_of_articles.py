"""What pages say of an article besides headline, byline and dates.

Revision: 0004, after 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("section_origin", sa.String(32), nullable=True),
        sa.Column("keywords", sa.JSON(), nullable=True),
        sa.Column("keywords_origin", sa.String(32), nullable=True),
        sa.Column("image", sa.Text(), nullable=True),
        sa.Column("image_origin", sa.String(32), nullable=True),
        sa.Column("access", sa.String(32), nullable=True),
        sa.Column("access_origin", sa.String(32), nullable=True),
        sa.Column("future_date", sa.String(40), nullable=True),
    ):
        op.add_column("appearances", column)
