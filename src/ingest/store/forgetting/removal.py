"""Deleting rows with all that refers to them, as the schema itself says what that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, select, update

from ingest.tables import Base

__all__ = ["RULES", "Rule", "referring", "remove"]

_CHUNK = 500


class Rule(StrEnum):
    """What becomes of a row that refers to one that is deleted."""

    DELETE = "delete"
    EMPTY = "empty"  # the reference is emptied, and the row stays


# What was decided for each reference to something that `ingest forget` deletes. One that is not here is deleted; a test
# asks for a decision.
RULES = {
    ("agreement_events", "mention_id"): Rule.EMPTY,
    ("agreement_mentions", "article_id"): Rule.DELETE,
    ("appearance_cuts", "appearance_id"): Rule.DELETE,
    ("appearances", "article_id"): Rule.DELETE,
    ("appearances", "page_id"): Rule.DELETE,
    ("article_boilerplate", "article_id"): Rule.DELETE,
    ("article_languages", "article_id"): Rule.DELETE,
    ("article_search", "article_id"): Rule.DELETE,
    ("article_search_parts", "place"): Rule.DELETE,
    ("article_topic_evidence", "article_topic_id"): Rule.DELETE,
    ("article_topics", "article_id"): Rule.DELETE,
    ("articles", "near_duplicate_of_id"): Rule.EMPTY,
    ("articles", "resembles_id"): Rule.EMPTY,
    ("articles", "supersedes_id"): Rule.EMPTY,
    ("decisions", "article_id"): Rule.DELETE,
    ("decisions", "other_article_id"): Rule.EMPTY,  # a ruling that followed a document from an earlier text
    ("document_events", "article_id"): Rule.EMPTY,
    ("documents", "page_id"): Rule.EMPTY,
    ("fetches", "page_id"): Rule.DELETE,
    ("fingerprints", "article_id"): Rule.DELETE,
    ("mention_parties", "mention_id"): Rule.DELETE,
    ("superseded_appearances", "article_id"): Rule.DELETE,
}


def referring(table: Table) -> Iterator[tuple[Table, Column[Any]]]:
    """Each column that refers to a table, in a fixed order."""
    for other in Base.metadata.sorted_tables:
        for column in other.columns:
            if any(key.column.table is table for key in column.foreign_keys):
                yield other, column


def remove(connection: Connection, table: Table, rows: Collection[int], removed: Counter[str]) -> None:
    """Delete rows, and before them what refers to them.

    Args:
        connection: In a transaction.
        table: One whose key is one number.
        rows: Keys.
        removed: Gets how many rows of each table were deleted.
    """
    key = next(iter(table.primary_key.columns))
    asked = sorted(rows)
    for start in range(0, len(asked), _CHUNK):
        chunk = asked[start : start + _CHUNK]
        for other, column in referring(table):
            _let_go(connection, other, column, chunk, removed)
        removed[table.name] += connection.execute(delete(table).where(key.in_(chunk))).rowcount


def _let_go(
    connection: Connection, table: Table, column: Column[Any], referred: Collection[int], removed: Counter[str]
) -> None:
    concerned = column.in_(referred)
    if RULES.get((table.name, column.name)) is Rule.EMPTY:
        connection.execute(update(table).where(concerned).values({column: None}))
    elif any(True for _ in referring(table)):
        key = next(iter(table.primary_key.columns))
        rows = list(connection.execute(select(key).where(concerned)).scalars())
        remove(connection, table, rows, removed)
    else:
        removed[table.name] += connection.execute(delete(table).where(concerned)).rowcount
