"""Sources that are visited over HTTP: what waits to be fetched, health, and whose turn it is at a host.

Revision: 0007, after 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    for column in (
        sa.Column("state", sa.String(32), nullable=False, server_default="active"),
        sa.Column("title", sa.Text()),
        sa.Column("home", sa.Text()),
        sa.Column("listing_due_at", _TIME),
        sa.Column("body_sha256", sa.String(64)),
        sa.Column("stated_seconds", _BIG),
        sa.Column("rhythm_seconds", sa.Double()),
        sa.Column("entries_last", _BIG),
        sa.Column("entries_usual", sa.Double()),
        sa.Column("first_contact_at", _TIME),
        sa.Column("last_contact_at", _TIME),
        sa.Column("last_new_at", _TIME),
        sa.Column("failure_kind", sa.String(32)),
        sa.Column("failure_reason", sa.String(32)),
        sa.Column("token", _BIG, nullable=False, server_default="0"),
        sa.Column("lease_run_id", _BIG),
        sa.Column("lease_until", _TIME),
    ):
        op.add_column("sources", column)
    _make_leads()
    _make_records()
    _make_hosts()


def _make_leads() -> None:
    op.create_table(
        "leads",
        sa.Column(
            "document_id",
            _BIG,
            sa.ForeignKey("documents.id", name=op.f("fk_leads_document_id_documents")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column(
            "source_id", _BIG, sa.ForeignKey("sources.id", name=op.f("fk_leads_source_id_sources")), nullable=False
        ),
        sa.Column("entry_id", sa.Text()),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("byline", sa.Text()),
        sa.Column("publisher", sa.Text()),
        sa.Column("published", sa.Text()),
        sa.Column("updated", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("position", _BIG, nullable=False),
        sa.Column("due_at", _TIME),
        sa.Column("attempts", _BIG, nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("listed_at", _TIME, nullable=False),
        sa.Column("fetched_at", _TIME),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_leads")),
        sa.UniqueConstraint("source_id", "entry_id", name=op.f("uq_leads_source_id_entry_id")),
    )
    op.create_index(op.f("ix_leads_source_id_due_at"), "leads", ["source_id", "due_at"])


def _source(table: str) -> sa.Column[int]:
    name = op.f(f"fk_{table}_source_id_sources")
    return sa.Column("source_id", _BIG, sa.ForeignKey("sources.id", name=name), nullable=False)


def _make_records() -> None:
    op.create_table(
        "source_parts",
        _source("source_parts"),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("updated", sa.Text()),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("body_sha256", sa.String(64)),
        sa.Column("read_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("source_id", "address", name=op.f("pk_source_parts")),
    )
    op.create_table(
        "source_events",
        sa.Column("id", _BIG, nullable=False),
        _source("source_events"),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("run_id", _BIG, sa.ForeignKey("runs.id", name=op.f("fk_source_events_run_id_runs"))),
        sa.Column("detail", sa.Text()),
        sa.Column("old_address", sa.Text()),
        sa.Column("new_address", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_events")),
    )
    op.create_index(op.f("ix_source_events_source_id_id"), "source_events", ["source_id", "id"])
    op.create_table(
        "source_failures",
        _source("source_failures"),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("number", _BIG, nullable=False),
        sa.Column("last_at", _TIME, nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "kind", "reason", name=op.f("pk_source_failures")),
    )


def _make_hosts() -> None:
    op.create_table(
        "hosts",
        sa.Column("authority", sa.String(300), nullable=False),
        sa.Column("next_at", _TIME, nullable=False),
        sa.Column("retry_at", _TIME),
        sa.Column("refusals", _BIG, nullable=False),
        sa.Column("robots_text", sa.Text()),
        sa.Column("robots_until", _TIME),
        sa.Column("robots_failures", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("authority", name=op.f("pk_hosts")),
    )
    op.create_table(
        "host_turns",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("authority", sa.String(300), nullable=False),
        sa.Column("run_id", _BIG, sa.ForeignKey("runs.id", name=op.f("fk_host_turns_run_id_runs")), nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_turns")),
    )
    op.create_index(op.f("ix_host_turns_authority"), "host_turns", ["authority"])
    op.create_index(op.f("ix_host_turns_run_id"), "host_turns", ["run_id"])
