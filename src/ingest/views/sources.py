"""Views of sources, what happened to them, and how they failed."""

from __future__ import annotations

from ingest.health import FEWEST_USUAL, LEAST_QUIET, QUIET_AFTER, TRUNCATED, Health
from ingest.views.base import Column, ColumnType, View

__all__ = ["VIEWS"]

_TEXT, _INTEGER, _TIME, _REAL = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.TIME, ColumnType.REAL

# As `ingest.health.judge` says it; a test holds the two against each other.
_HEALTH = f"""CASE WHEN s.state IN ('removed', 'paused') THEN s.state
        WHEN s.failures > 0 THEN 'failing'
        WHEN s.last_success_at IS NULL THEN 'untried'
        WHEN s.entries_last = 0 AND s.entries_usual IS NOT NULL THEN 'empty'
        WHEN s.entries_usual >= {FEWEST_USUAL} AND s.entries_last < {TRUNCATED} * s.entries_usual THEN 'truncated'
        WHEN AGE(s.last_new_at) > {LEAST_QUIET.total_seconds()}
            AND AGE(s.last_new_at) > {QUIET_AFTER} * s.rhythm_seconds THEN 'quiet'
        ELSE 'healthy' END"""

_SOURCES = View(
    name="v_sources",
    description="One row per source, whatever an operator wants of it.",
    columns=(
        Column(name="source", type=_TEXT, description="Its name."),
        Column(name="kind", type=_TEXT, description="`feed`, `sitemap`, `urls`, `page`, `folder`, `jsonl`."),
        Column(name="address", type=_TEXT, nullable=True, description="Where it is."),
        Column(name="state", type=_TEXT, description="`active`, `paused` or `removed`."),
        Column(name="title", type=_TEXT, nullable=True, description="What it calls itself."),
        Column(name="home", type=_TEXT, nullable=True, description="The page that it stands for."),
        Column(name="time_zone", type=_TEXT, description="Of times that carry none; empty: not known."),
        Column(
            name="interval_seconds", type=_INTEGER, nullable=True, description="Between visits, where that was set."
        ),
        Column(name="next_due_at", type=_TIME, nullable=True, description="When it is visited next, if ever."),
        Column(name="failures", type=_INTEGER, description="Failures in a row."),
        Column(name="failure_kind", type=_TEXT, nullable=True, description="Class of the last failure."),
        Column(name="failure_reason", type=_TEXT, nullable=True, description="Why it failed last."),
        Column(name="last_failure", type=_TEXT, nullable=True, description="The same in a sentence."),
        Column(name="last_failure_at", type=_TIME, nullable=True, description="When it failed last."),
        Column(name="last_success_at", type=_TIME, nullable=True, description="When its listing was had last."),
        Column(name="last_contact_at", type=_TIME, nullable=True, description="When it answered last."),
        Column(name="last_new_at", type=_TIME, nullable=True, description="When its listing last held something new."),
        Column(name="rhythm_seconds", type=_REAL, nullable=True, description="The usual time between two new entries."),
        Column(name="entries_last", type=_INTEGER, nullable=True, description="Entries of the last listing."),
        Column(name="entries_usual", type=_REAL, nullable=True, description="Entries that it usually holds."),
        Column(name="first_seen_at", type=_TIME, description="When it was added."),
        Column(name="waiting", type=_INTEGER, description="Pages that wait to be fetched."),
        Column(
            name="health",
            type=_TEXT,
            description="How it is doing now: "
            + ", ".join(f"`{each}`" for each in Health if each is not Health.HEALTHY)
            + f" or `{Health.HEALTHY}`; the first that holds.",
        ),
    ),
    query=f"""
SELECT s.name, s.kind, s.address, s.state, s.title, s.home, s.time_zone, s.interval_seconds, TIME(s.next_due_at),
    s.failures, s.failure_kind, s.failure_reason, s.last_failure, TIME(s.last_failure_at), TIME(s.last_success_at),
    TIME(s.last_contact_at), TIME(s.last_new_at), s.rhythm_seconds, s.entries_last, s.entries_usual,
    TIME(s.first_seen_at), (SELECT count(*) FROM leads l WHERE l.source_id = s.id AND l.due_at IS NOT NULL),
    {_HEALTH}
FROM sources s
""",  # noqa: S608 - joined of constants
)

_EVENTS = View(
    name="v_source_events",
    description="One row per thing that happened to a source, append-only.",
    columns=(
        Column(name="event_id", type=_INTEGER, description="Grows with time."),
        Column(name="source", type=_TEXT, description="Its name."),
        Column(name="at", type=_TIME, description="When."),
        Column(
            name="event",
            type=_TEXT,
            description="`added`, `changed`, `paused`, `resumed`, `removed`, `moved`, `failed` or `recovered`.",
        ),
        Column(name="run_id", type=_INTEGER, nullable=True, description="In which run, if in one."),
        Column(name="detail", type=_TEXT, nullable=True, description="A sentence for people."),
        Column(name="old_address", type=_TEXT, nullable=True, description="Where it was until then."),
        Column(name="new_address", type=_TEXT, nullable=True, description="Where it is since then."),
    ),
    query="""
SELECT e.id, s.name, TIME(e.at), e.event, e.run_id, e.detail, e.old_address, e.new_address
FROM source_events e
JOIN sources s ON s.id = e.source_id
""",
)

_FAILURES = View(
    name="v_source_failures",
    description="One row per source and way in which it failed: how often, in all.",
    columns=(
        Column(name="source", type=_TEXT, description="Its name."),
        Column(name="kind", type=_TEXT, description="`network`, `http`, `parse` or `policy`."),
        Column(name="reason", type=_TEXT, description="Why, out of a closed set."),
        Column(name="number", type=_INTEGER, description="How often."),
        Column(name="last_at", type=_TIME, description="When it last did."),
        Column(name="detail", type=_TEXT, description="The last time in a sentence."),
    ),
    query="""
SELECT s.name, f.kind, f.reason, f.number, TIME(f.last_at), f.detail
FROM source_failures f
JOIN sources s ON s.id = f.source_id
""",
)

VIEWS = (_SOURCES, _EVENTS, _FAILURES)
