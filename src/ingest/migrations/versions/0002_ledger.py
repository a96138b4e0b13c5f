"""Organisations and the ledger of agreements.

Revision: 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Portable types as they were when this revision was written: it does not follow later changes of `ingest.tables`.
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    _organisations()
    _organisation_names()
    _agreements()
    _agreement_parties()
    _agreement_mentions()
    _mention_parties()
    _agreement_events()


def _organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", _ID, nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region", sa.String(length=64), nullable=True),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.Column("merged_into_id", _ID, nullable=True),
        sa.Column("first_seen_at", _TIME, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["organisations.id"], name=op.f("fk_organisations_merged_into_id_organisations")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_organisations_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisations_slug")),
    )


def _organisation_names() -> None:
    op.create_table(
        "organisation_names",
        sa.Column("id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_organisation_names_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_organisation_names_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_names")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_organisation_names_organisation_id_name")),
    )
    op.create_index(op.f("ix_organisation_names_folded"), "organisation_names", ["folded"], unique=False)


def _agreements() -> None:
    op.create_table(
        "agreements",
        sa.Column("id", _ID, nullable=False),
        sa.Column("public_id", sa.String(length=68), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("is_news", sa.Boolean(), nullable=False),
        sa.Column("signed_on", sa.String(length=40), nullable=True),
        sa.Column("signed_on_precision", sa.String(32), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("first_published", sa.String(length=40), nullable=True),
        sa.Column("first_published_precision", sa.String(32), nullable=True),
        sa.Column("last_published", sa.String(length=40), nullable=True),
        sa.Column("last_published_precision", sa.String(32), nullable=True),
        sa.Column("first_seen_at", _TIME, nullable=False),
        sa.Column("last_seen_at", _TIME, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("merged_into_id", _ID, nullable=True),
        sa.Column("dismissed_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["agreements.id"], name=op.f("fk_agreements_merged_into_id_agreements")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_agreements_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("public_id", name=op.f("uq_agreements_public_id")),
    )
    op.create_index(op.f("ix_agreements_first_seen_at"), "agreements", ["first_seen_at"], unique=False)


def _agreement_parties() -> None:
    op.create_table(
        "agreement_parties",
        sa.Column("agreement_id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_agreement_parties_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_agreement_parties_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("agreement_id", "organisation_id", name=op.f("pk_agreement_parties")),
        sa.UniqueConstraint("agreement_id", "position", name=op.f("uq_agreement_parties_agreement_id_position")),
    )
    op.create_index(
        op.f("ix_agreement_parties_organisation_id"), "agreement_parties", ["organisation_id"], unique=False
    )


def _agreement_mentions() -> None:
    op.create_table(
        "agreement_mentions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("agreement_id", _ID, nullable=False),
        sa.Column("article_id", _ID, nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("start_offset", _ID, nullable=False),
        sa.Column("end_offset", _ID, nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("is_news", sa.Boolean(), nullable=False),
        sa.Column("signed_on", sa.String(length=40), nullable=True),
        sa.Column("signed_on_precision", sa.String(32), nullable=True),
        sa.Column("published", sa.String(length=40), nullable=True),
        sa.Column("published_precision", sa.String(32), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("superseded_run_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_agreement_mentions_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_agreement_mentions_article_id_articles")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_agreement_mentions_run_id_runs")),
        sa.ForeignKeyConstraint(
            ["superseded_run_id"], ["runs.id"], name=op.f("fk_agreement_mentions_superseded_run_id_runs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_mentions")),
        sa.UniqueConstraint(
            "article_id", "run_id", "number", name=op.f("uq_agreement_mentions_article_id_run_id_number")
        ),
    )
    op.create_index(op.f("ix_agreement_mentions_agreement_id"), "agreement_mentions", ["agreement_id"], unique=False)


def _mention_parties() -> None:
    op.create_table(
        "mention_parties",
        sa.Column("mention_id", _ID, nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("start_offset", _ID, nullable=True),
        sa.Column("end_offset", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["agreement_mentions.id"], name=op.f("fk_mention_parties_mention_id_agreement_mentions")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_mention_parties_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("mention_id", "position", name=op.f("pk_mention_parties")),
    )
    op.create_index(op.f("ix_mention_parties_organisation_id"), "mention_parties", ["organisation_id"], unique=False)


def _agreement_events() -> None:
    op.create_table(
        "agreement_events",
        sa.Column("id", _ID, nullable=False),
        sa.Column("agreement_id", _ID, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("run_id", _ID, nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("mention_id", _ID, nullable=True),
        sa.Column("other_agreement_id", _ID, nullable=True),
        sa.Column("old_status", sa.String(32), nullable=True),
        sa.Column("new_status", sa.String(32), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_agreement_events_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(
            ["mention_id"], ["agreement_mentions.id"], name=op.f("fk_agreement_events_mention_id_agreement_mentions")
        ),
        sa.ForeignKeyConstraint(
            ["other_agreement_id"], ["agreements.id"], name=op.f("fk_agreement_events_other_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_agreement_events_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_events")),
    )
    op.create_index(
        op.f("ix_agreement_events_agreement_id_id"), "agreement_events", ["agreement_id", "id"], unique=False
    )
