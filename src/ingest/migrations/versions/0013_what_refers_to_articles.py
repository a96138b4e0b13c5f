"""Indexes by which what hangs on an article is found when it is forgotten.

Revision: 0013, after 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_WHOLE = (
    ("appearances", "page_id"),
    ("document_events", "article_id"),
    ("documents", "page_id"),
    ("fingerprints", "article_id"),
    ("superseded_appearances", "article_id"),
)
_WHERE_THERE_IS_ONE = (
    ("agreement_events", "mention_id"),
    ("articles", "resembles_id"),
    ("articles", "supersedes_id"),
    ("decisions", "other_article_id"),
)


def upgrade() -> None:
    for table, column in _WHOLE:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    for table, column in _WHERE_THERE_IS_ONE:
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], sqlite_where=there, postgresql_where=there)
