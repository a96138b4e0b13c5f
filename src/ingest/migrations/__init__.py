"""The migration chain, one for SQLite and PostgreSQL, run by `ingest.store` and by no configuration file.

`HEAD` and `REVISIONS` say without importing Alembic what this release knows; a test holds them against the scripts. The
views are no part of the chain: they are dropped before an upgrade and made anew after it, so that they never stand in
the way of a changed table. A change of `ingest.views` alone still needs an (empty) revision.
"""

from __future__ import annotations

__all__ = ["HEAD", "REVISIONS", "VERSION_TABLE"]

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012", "0013")
HEAD = REVISIONS[-1]

# Not Alembic's default name: Prefect's server may live in the same database, and it has that one.
VERSION_TABLE = "ingest_schema"
