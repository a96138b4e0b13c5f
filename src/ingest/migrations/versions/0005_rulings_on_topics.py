"""At most one ruling in force for an article and topic; views that put rulings and machine labels together.

Revision: 0005, after 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    in_force = sa.text("topic IS NOT NULL AND revoked_at IS NULL")
    op.create_index(
        "uq_decisions_topic_in_force",
        "decisions",
        ["article_id", "topic"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )
