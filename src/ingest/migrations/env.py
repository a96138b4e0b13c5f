"""Runs the migrations on the connection that `ingest.store.schema` hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from ingest.migrations import VERSION_TABLE
from ingest.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,  # SQLite changes a table by copying it
)
context.run_migrations()
