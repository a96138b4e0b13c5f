"""The views that analysts query, as typed data: names, columns, descriptions and SQL. Their columns are a contract.

The same text on both databases, with the same values: times and dates are text, flags are 0 or 1, lists are joined.
"""

from __future__ import annotations

from ingest.views import agreements, alerts, articles, counts, documents, rulings, samples, sources
from ingest.views.base import Column, ColumnType, Dialect, View, comments, render

__all__ = ["VIEWS", "Column", "ColumnType", "Dialect", "View", "create_statements", "drop_statements"]

VIEWS: tuple[View, ...] = (
    articles.VIEWS
    + agreements.VIEWS
    + rulings.VIEWS
    + counts.VIEWS
    + documents.VIEWS
    + sources.VIEWS
    + alerts.VIEWS
    + samples.VIEWS
)


def create_statements(dialect: Dialect) -> tuple[str, ...]:
    """The statements that create every view, and describe it, on a database that has the tables and no views."""
    made = tuple(render(view, dialect) for view in VIEWS)
    return made + tuple(comments(view) for view in VIEWS) if dialect is Dialect.POSTGRESQL else made


def drop_statements(names: tuple[str, ...]) -> tuple[str, ...]:
    """The statements that drop these views, in an order in which none is still needed by another."""
    return tuple(f"DROP VIEW {name}" for name in reversed(names))
