"""Documents, what happened to them, and what the store holds in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest import wire
from ingest.errors import NotFoundError
from ingest.store.keys import stored_key
from ingest.store.read.connection import Connection, Listing, Row, where

__all__ = ["Place", "histories", "history_event", "records", "source_names", "sources", "statistics"]

_DOCUMENT = """SELECT source, key, url, state, reason, detail, title, article_id, first_seen_at, last_seen_at,
    held_by_run, page_location FROM v_documents d WHERE """
_CALLED = """key = ? OR url = ? OR article_id = ? OR EXISTS (
    SELECT 1 FROM v_document_events e WHERE e.source = d.source AND e.key = d.key
    AND (e.other_key = ? AND e.event = 'renamed' OR e.article_id = ?))"""
_ONCE_CALLED = """EXISTS (SELECT 1 FROM v_document_events e WHERE e.source = d.source AND e.key = d.key
    AND e.event = 'renamed' AND e.other_key = ?)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a document may be.

    Attributes:
        key: Its key.
        source: Name of its source; None: any.
    """

    key: str
    source: str | None = None


def histories(connection: Connection, called: str, *, places: Sequence[Place] = ()) -> tuple[wire.History, ...]:
    """All that happened to the documents that somebody means.

    Args:
        connection: The store.
        called: A key, present or former, a URL or an article's id.
        places: Where it may be if it is called none of these, the likeliest first.

    Raises:
        NotFoundError: No document is called so.
    """
    key = stored_key(called)
    rows = connection.rows(f"{_DOCUMENT} {_CALLED} ORDER BY source, key", key, called, called, key, called)
    for place in places:
        # Whoever has the name now goes before whoever had it once.
        for calling in ("key = ?", _ONCE_CALLED):
            if not rows:
                condition, parameters = where((calling, stored_key(place.key)), ("source = ?", place.source))
                rows = connection.rows(f"{_DOCUMENT} {condition} ORDER BY source, key", *parameters)
    if not rows:
        raise NotFoundError(
            f"no document is known as {called!r}",
            remedy="give a path as `ingest run` takes it, a document's key, a URL, or an article's id",
        )
    return tuple(_history(connection, row) for row in rows)


def records(connection: Connection, places: Sequence[Place], *, limit: int) -> Listing[wire.History]:
    """All that happened to the records of one file, in the order of their keys.

    Args:
        connection: The store.
        places: Where they may be, the likeliest first: what their keys begin with, nothing for all of a source.
        limit: How many at most; 0: all.
    """
    for place in places:
        begun = stored_key(place.key)
        condition, parameters = where(("substr(key, 1, ?) = ?", len(begun), begun), ("source = ?", place.source))
        total = connection.rows(f"SELECT count(*) AS total FROM v_documents WHERE {condition}", *parameters)[0]["total"]  # noqa: S608 - joined of constants
        if total:
            rows = connection.rows(f"{_DOCUMENT} {condition} ORDER BY source, key LIMIT ?", *parameters, limit or total)
            return Listing(items=tuple(_history(connection, row) for row in rows), total=total)
    return Listing(items=(), total=0)


def sources(connection: Connection) -> tuple[tuple[str, str, str], ...]:
    """Name, kind and address of every source."""
    rows = connection.rows("SELECT name, kind, address FROM sources WHERE address IS NOT NULL ORDER BY name")
    return tuple((row["name"], row["kind"], row["address"]) for row in rows)


def source_names(connection: Connection) -> tuple[str, ...]:
    """Every source that articles may come from, those of files included."""
    return tuple(row["name"] for row in connection.rows("SELECT name FROM sources ORDER BY name"))


def _history(connection: Connection, document: Row) -> wire.History:
    events = connection.rows(
        """SELECT at, run_id, event, stage, reason, detail, other_key, revision, article_id FROM v_document_events
        WHERE source = ? AND key = ? ORDER BY event_id""",
        document["source"],
        document["key"],
    )
    return wire.History(
        source=document["source"],
        key=document["key"],
        url=document["url"],
        state=document["state"],
        reason=document["reason"],
        detail=document["detail"],
        title=document["title"],
        article=document["article_id"],
        first_seen_at=document["first_seen_at"],
        last_seen_at=document["last_seen_at"],
        held_by_run=document["held_by_run"],
        page_location=document["page_location"],
        events=tuple(history_event(event, at=event["at"], article=event["article_id"]) for event in events),
    )


def history_event(event: Row, *, at: str, article: str | None) -> wire.HistoryEvent:
    """What happened to a document, from a row of its view or of its table."""
    return wire.HistoryEvent(
        at=at,
        run=event["run_id"],
        event=event["event"],
        stage=event["stage"],
        reason=event["reason"],
        detail=event["detail"],
        other=event["other_key"],
        revision=event["revision"],
        article=article,
    )


def statistics(connection: Connection) -> wire.Statistics:
    """Count what the store holds."""
    runs = connection.rows("SELECT count(*) AS runs, max(started_at) AS last FROM v_runs")[0]
    articles = connection.rows("SELECT count(*) AS total FROM v_articles WHERE is_current = 1")[0]["total"]
    return wire.Statistics(
        database=connection.shown,
        documents=_counted(connection, "state", "v_documents"),
        drops=_counted(connection, "reason", "v_documents WHERE state = 'dropped'"),
        articles=articles,
        languages=_counted(connection, "language", "v_articles WHERE is_current = 1"),
        topics=_counted(
            connection,
            "t.topic",
            "v_article_topics t JOIN v_articles a ON a.article_id = t.article_id WHERE a.is_current = 1",
        ),
        agreements=_counted(connection, "status", "v_agreements"),
        runs=runs["runs"],
        last_run_at=runs["last"],
    )


def _counted(connection: Connection, column: str, rows: str) -> tuple[wire.Counted, ...]:
    found = connection.rows(
        f"SELECT {column} AS name, count(*) AS total FROM {rows} GROUP BY {column} ORDER BY count(*) DESC, {column}"  # noqa: S608 - names of ours
    )
    return tuple(wire.Counted(name=str(row["name"]), count=row["total"]) for row in found)
