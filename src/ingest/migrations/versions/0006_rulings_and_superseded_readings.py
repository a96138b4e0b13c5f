"""What undoing a person's merge needs, and what an earlier extractor read.

Revision: 0006, after 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ATTACHED = "fk_agreement_mentions_attached_id_agreements"


def upgrade() -> None:
    _attached()
    op.add_column("decisions", sa.Column("revoked_by", sa.Text(), nullable=True))
    op.add_column("decisions", sa.Column("name", sa.Text(), nullable=True))
    op.add_column("runs", sa.Column("subject", sa.Text(), nullable=True))
    op.add_column("runs", sa.Column("position", _ID, nullable=True))
    op.create_index(op.f("ix_agreements_merged_into_id"), "agreements", ["merged_into_id"])
    op.create_index(op.f("ix_organisations_merged_into_id"), "organisations", ["merged_into_id"])
    op.create_index(op.f("ix_decisions_kind"), "decisions", ["kind"])
    _superseded_appearances()


def _attached() -> None:
    number = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    # Not by Alembic, which would copy SQLite's table for the sake of the constraint.
    op.execute(
        f"ALTER TABLE agreement_mentions ADD COLUMN attached_id {number}"
        f" CONSTRAINT {_ATTACHED} REFERENCES agreements (id)"
    )
    op.create_index(op.f("ix_agreement_mentions_attached_id"), "agreement_mentions", ["attached_id"])


def _superseded_appearances() -> None:
    table = "superseded_appearances"
    op.create_table(
        table,
        sa.Column("id", _ID, nullable=False),
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("revision", _ID, nullable=False),
        sa.Column("article_id", _ID, nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("byline", sa.Text(), nullable=True),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("published", sa.String(40), nullable=True),
        sa.Column("modified", sa.String(40), nullable=True),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("superseded_run_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f(f"fk_{table}_document_id_documents")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f(f"fk_{table}_article_id_articles")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f(f"fk_{table}_run_id_runs")),
        sa.ForeignKeyConstraint(["superseded_run_id"], ["runs.id"], name=op.f(f"fk_{table}_superseded_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_document_id"), table, ["document_id"])
