"""Tables that `ingest search` finds articles by; `ingest.store.schema` fills them once the chain is at its end.

Revision: 0009, after 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TERMS = TSVECTOR().with_variant(sa.LargeBinary(), "sqlite")


def upgrade() -> None:
    table, parts = "article_search", "article_search_parts"
    op.create_table(
        table,
        sa.Column("place", _BIG, autoincrement=False, nullable=False),
        sa.Column(
            "article_id",
            _BIG,
            sa.ForeignKey("articles.id", name=op.f(f"fk_{table}_article_id_articles")),
            nullable=False,
        ),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("is_long", sa.Boolean(), nullable=False),
        sa.Column("terms", _TERMS, nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("article_id", name=op.f(f"uq_{table}_article_id")),
    )
    op.create_table(
        parts,
        sa.Column(
            "place",
            _BIG,
            sa.ForeignKey(f"{table}.place", name=op.f(f"fk_{parts}_place_{table}"), ondelete="CASCADE"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("part", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("terms", _TERMS, nullable=False),
        sa.PrimaryKeyConstraint("place", "part", name=op.f(f"pk_{parts}")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE INDEX ix_{table}_terms ON {table} USING gin (terms) WITH (fastupdate = off)")
    else:
        # `ascii` folds nothing that is not folded already and parts tokens at spaces only, since they hold neither
        # marks nor capital letters. Without content, it holds postings and nothing else.
        op.execute(
            "CREATE VIRTUAL TABLE article_terms USING fts5(terms, content = '', columnsize = 0, tokenize = 'ascii')"
        )
