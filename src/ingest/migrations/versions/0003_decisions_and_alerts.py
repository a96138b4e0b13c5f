"""What people decide, and the outbox of alerts.

Revision: 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Portable types as they were when this revision was written: it does not follow later changes of `ingest.tables`.
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    _decisions()
    _alert_rules()
    _alert_deliveries()
    _alert_delivery_events()


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("revoked_at", _TIME, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("article_id", _ID, nullable=True),
        sa.Column("other_article_id", _ID, nullable=True),
        sa.Column("agreement_id", _ID, nullable=True),
        sa.Column("other_agreement_id", _ID, nullable=True),
        sa.Column("organisation_id", _ID, nullable=True),
        sa.Column("other_organisation_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"], name=op.f("fk_decisions_agreement_id_agreements")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_decisions_article_id_articles")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_decisions_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["other_agreement_id"], ["agreements.id"], name=op.f("fk_decisions_other_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(
            ["other_article_id"], ["articles.id"], name=op.f("fk_decisions_other_article_id_articles")
        ),
        sa.ForeignKeyConstraint(
            ["other_organisation_id"],
            ["organisations.id"],
            name=op.f("fk_decisions_other_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_agreement_id"), "decisions", ["agreement_id"], unique=False)
    op.create_index(op.f("ix_decisions_article_id"), "decisions", ["article_id"], unique=False)
    op.create_index(op.f("ix_decisions_organisation_id"), "decisions", ["organisation_id"], unique=False)


def _alert_rules() -> None:
    op.create_table(
        "alert_rules",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("parties", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("statuses", sa.JSON(), nullable=False),
        sa.Column("max_age_days", _ID, nullable=True),
        sa.Column("allows_undated", sa.Boolean(), nullable=False),
        sa.Column("digest_seconds", _ID, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rules")),
        sa.UniqueConstraint("name", name=op.f("uq_alert_rules_name")),
    )


def _alert_deliveries() -> None:
    op.create_table(
        "alert_deliveries",
        sa.Column("id", _ID, nullable=False),
        sa.Column("rule_id", _ID, nullable=False),
        sa.Column("channel", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("due_at", _TIME, nullable=False),
        sa.Column("attempts", _ID, nullable=False),
        sa.Column("token", _ID, nullable=False),
        sa.Column("lease_run_id", _ID, nullable=True),
        sa.Column("lease_until", _TIME, nullable=True),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("sent_at", _TIME, nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["lease_run_id"], ["runs.id"], name=op.f("fk_alert_deliveries_lease_run_id_runs")),
        sa.ForeignKeyConstraint(["rule_id"], ["alert_rules.id"], name=op.f("fk_alert_deliveries_rule_id_alert_rules")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_deliveries")),
        sa.UniqueConstraint("rule_id", "channel", "subject", name=op.f("uq_alert_deliveries_rule_id_channel_subject")),
    )
    op.create_index(op.f("ix_alert_deliveries_state_due_at"), "alert_deliveries", ["state", "due_at"], unique=False)


def _alert_delivery_events() -> None:
    op.create_table(
        "alert_delivery_events",
        sa.Column("delivery_id", _ID, nullable=False),
        sa.Column("event_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["alert_deliveries.id"], name=op.f("fk_alert_delivery_events_delivery_id_alert_deliveries")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["agreement_events.id"], name=op.f("fk_alert_delivery_events_event_id_agreement_events")
        ),
        sa.PrimaryKeyConstraint("delivery_id", "event_id", name=op.f("pk_alert_delivery_events")),
    )
