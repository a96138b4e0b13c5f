"""The role of PostgreSQL that may read the views and nothing else. Imports neither SQLAlchemy nor a driver."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

__all__ = ["EXISTS", "READER", "create_statements", "grant_statements", "may_become_reader"]

READER = "ingest_reader"
"""Name of the role; roles belong to the server, so that all stores on it share one."""

EXISTS = f"SELECT 1 FROM pg_roles WHERE rolname = '{READER}'"  # noqa: S608 - a constant

_MIGHTY = f"""SELECT
    EXISTS ({EXISTS}) AND pg_has_role(current_user, (SELECT oid FROM pg_roles WHERE rolname = '{READER}'), 'MEMBER'),
    EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname IN ('pg_read_server_files', 'pg_write_server_files',
        'pg_execute_server_program') AND pg_has_role(current_user, r.oid, 'MEMBER'))"""  # noqa: S608 - constants


def create_statements() -> tuple[str, ...]:
    """The statements that make the role, which nobody logs in as, and let the current user take it."""
    return (
        f"CREATE ROLE {READER} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT",
        f"GRANT {READER} TO CURRENT_USER",
    )


def grant_statements(schema: str, views: Iterable[str]) -> tuple[str, ...]:
    """The statements that let the role read views.

    Args:
        schema: Where they are, quoted where it must be.
        views: Their names.
    """
    return (
        f"GRANT USAGE ON SCHEMA {schema} TO {READER}",
        *(f"GRANT SELECT ON {schema}.{name} TO {READER}" for name in views),
    )


def may_become_reader(raw: psycopg.Connection[Any]) -> tuple[bool, bool]:
    """Whether the current user may take the role, and whether it may touch the server's files."""
    row = raw.execute(_MIGHTY.encode()).fetchone()
    return (bool(row[0]), bool(row[1])) if row else (False, False)
