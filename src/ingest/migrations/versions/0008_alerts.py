"""Alerts: rules in full, what there is to tell, and the default rule, which tells the console.

What the ledger was told of by runs of the pipeline counts as told, so that an upgrade alerts nobody of the past.

Revision: 0008, after 0007.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.String(27), "sqlite")
_LISTS = ("party_texts", "languages", "sources")


def upgrade() -> None:
    _rules()
    _occasions()
    _deliveries()
    _first_passes()
    _default_rule()


def _rules() -> None:
    for name in _LISTS:
        op.add_column("alert_rules", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    for column in (
        sa.Column("min_confidence", sa.Double()),
        sa.Column("first_contact", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("digest", sa.String(32)),
        sa.Column("digest_at", sa.String(5)),
        sa.Column("digest_weekday", _BIG),
        sa.Column("time_zone", sa.String(64), nullable=False, server_default="UTC"),
        sa.Column("quiet_from", sa.String(5)),
        sa.Column("quiet_until", sa.String(5)),
        sa.Column("ceiling", _BIG),
        sa.Column("removed_at", _TIME),
    ):
        op.add_column("alert_rules", column)
    op.drop_column("alert_rules", "digest_seconds")


def _occasions() -> None:
    table = "alert_occasions"
    op.create_table(
        table,
        sa.Column(
            "event_id",
            _BIG,
            sa.ForeignKey("agreement_events.id", name=op.f(f"fk_{table}_event_id_agreement_events")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column(
            "agreement_id",
            _BIG,
            sa.ForeignKey("agreements.id", name=op.f(f"fk_{table}_agreement_id_agreements")),
            nullable=False,
        ),
        sa.Column("why", sa.String(32), nullable=False),
        sa.Column("is_first_contact", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_agreement_id"), table, ["agreement_id"])
    # Which of them came on a first contact was not noted then: a preview takes them for ordinary news.
    op.execute(
        "INSERT INTO alert_occasions (event_id, agreement_id, why, is_first_contact)"
        " SELECT e.id, e.agreement_id, CASE e.event WHEN 'opened' THEN 'detected' ELSE 'status_changed' END, false"
        " FROM agreement_events e JOIN agreement_mentions m ON m.id = e.mention_id JOIN runs r ON r.id = e.run_id"
        " WHERE e.event IN ('opened', 'status_changed') AND m.is_news AND r.kind = 'ingest'"
    )


def _deliveries() -> None:
    table = "alert_deliveries"
    for column in (
        sa.Column("public_id", sa.String(64), nullable=False, server_default=""),
        sa.Column("kind", sa.String(32), nullable=False, server_default="instant"),
        sa.Column("scheduled_at", _TIME, nullable=False, server_default="1970-01-01T00:00:00.000000Z"),
        sa.Column("answer", sa.Text()),
    ):
        op.add_column(table, column)
    op.execute("UPDATE alert_deliveries SET public_id = 'alr-' || id, scheduled_at = due_at")
    op.execute("UPDATE alert_deliveries SET state = 'parked' WHERE state = 'failed'")
    op.create_index("uq_alert_deliveries_public_id", table, ["public_id"], unique=True)
    op.create_index(op.f("ix_alert_delivery_events_event_id"), "alert_delivery_events", ["event_id"])


def _first_passes() -> None:
    op.add_column("sources", sa.Column("first_pass_at", _TIME))
    op.execute(
        "UPDATE sources SET first_pass_at = coalesce(first_contact_at,"
        " (SELECT max(d.first_seen_at) FROM documents d WHERE d.source_id = sources.id))"
    )


def _default_rule() -> None:
    columns = ("parties", "party_texts", "topics", "kinds", "statuses", "languages", "sources")
    rules = sa.table(
        "alert_rules",
        sa.column("name", sa.String),
        sa.column("enabled", sa.Boolean),
        sa.column("channels", sa.JSON),
        *(sa.column(name, sa.JSON) for name in columns),
        sa.column("allows_undated", sa.Boolean),
        sa.column("first_contact", sa.Boolean),
        sa.column("time_zone", sa.String),
        sa.column("ceiling", _BIG),
        sa.column("created_at", _TIME),
    )
    at = datetime.now(UTC)
    values = {
        "name": "default",
        "enabled": True,
        "channels": ["console"],
        **{name: [] for name in columns},
        "allows_undated": True,
        "first_contact": True,
        "time_zone": "UTC",
        "ceiling": 20,
        "created_at": at if op.get_bind().dialect.name != "sqlite" else at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    if op.get_bind().execute(sa.select(rules.c.name).where(rules.c.name == "default")).first() is None:
        op.execute(rules.insert().values(**values))
