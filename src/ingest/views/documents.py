"""Views of documents, what happened to them, and the runs that did it."""

from __future__ import annotations

from ingest.views.base import Column, ColumnType, View

__all__ = ["VIEWS"]

_TEXT, _INTEGER, _TIME = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.TIME

_DOCUMENTS = View(
    name="v_documents",
    description="One row per document ever seen, whatever became of it.",
    columns=(
        Column(name="source", type=_TEXT, description="Name of the source."),
        Column(name="source_kind", type=_TEXT, description="`feed`, `sitemap`, `folder`, `jsonl`, …"),
        Column(name="key", type=_TEXT, description="Path, URL or record id within the source."),
        Column(name="url", type=_TEXT, nullable=True, description="Where it was published, if known."),
        Column(
            name="state",
            type=_TEXT,
            description="`found` (listed or claimed, not settled yet), `stored` or `dropped`.",
        ),
        Column(
            name="fate",
            type=_TEXT,
            nullable=True,
            description="What the last run that changed something made of it: `new`, `revised`, `copy`, `dropped`, …",
        ),
        Column(name="stage", type=_TEXT, nullable=True, description="Stage that dropped it."),
        Column(name="reason", type=_TEXT, nullable=True, description="Why it was dropped, out of a closed set."),
        Column(
            name="detail", type=_TEXT, nullable=True, description="The same in a sentence, with what to do about it."
        ),
        Column(
            name="article_id",
            type=_TEXT,
            nullable=True,
            description="Public id of the article that it now stands for; kept when a later reading was dropped.",
        ),
        Column(name="title", type=_TEXT, nullable=True, description="Its own headline."),
        Column(
            name="revision", type=_INTEGER, description="Number of its latest revision; 0 if it never was an article."
        ),
        Column(name="page_sha256", type=_TEXT, nullable=True, description="SHA-256 of its raw bytes, in hex."),
        Column(
            name="page_location",
            type=_TEXT,
            nullable=True,
            description="Where the archive keeps them; null once they were deleted for their age.",
        ),
        Column(name="page_bytes", type=_INTEGER, nullable=True, description="How many bytes they are."),
        Column(name="media_type", type=_TEXT, nullable=True, description="How they are read."),
        Column(name="first_seen_at", type=_TIME, description="When it was first found."),
        Column(name="last_seen_at", type=_TIME, description="When it was last found."),
        Column(name="settled_at", type=_TIME, nullable=True, description="When it was last stored or dropped."),
        Column(name="attempts", type=_INTEGER, description="Attempts on bytes that were not settled yet."),
        Column(
            name="held_by_run", type=_INTEGER, nullable=True, description="Run of the worker that has it in hand now."
        ),
        Column(name="held_until", type=_TIME, nullable=True, description="When its lease runs out."),
        Column(name="run_id", type=_INTEGER, description="Run that claimed or settled it last."),
        Column(
            name="code_version",
            type=_TEXT,
            nullable=True,
            description="Version of the code, and of the stages that have one, that settled it.",
        ),
    ),
    query="""
SELECT s.name, s.kind, d.key, d.url, d.state, d.fate, d.stage, d.reason, d.detail, a.public_id, c.title, d.revision,
    p.sha256, CASE WHEN p.removed_at IS NULL THEN p.location END, p.bytes,
    d.media_type, TIME(d.first_seen_at), TIME(d.last_seen_at), TIME(d.settled_at),
    d.attempts, d.lease_run_id, TIME(d.lease_until), d.run_id, d.code_version
FROM documents d
JOIN sources s ON s.id = d.source_id
LEFT JOIN pages p ON p.id = d.page_id
LEFT JOIN appearances c ON c.document_id = d.id AND c.revision = d.revision
LEFT JOIN articles a ON a.id = c.article_id
""",
)

_EVENTS = View(
    name="v_document_events",
    description="One row per thing that happened to a document, append-only.",
    columns=(
        Column(name="event_id", type=_INTEGER, description="Grows with time."),
        Column(name="source", type=_TEXT, description="Name of the source."),
        Column(
            name="key", type=_TEXT, description="The document's key as it is now; see `other_key` for a former one."
        ),
        Column(name="at", type=_TIME, description="When."),
        Column(name="run_id", type=_INTEGER, description="In which run."),
        Column(
            name="event",
            type=_TEXT,
            description="`listed`, `postponed`, `stored`, `copied`, `near_duplicate`, `revised`, `renamed`, "
            "`page_changed`, `restored`, `dropped` or `taken_over`.",
        ),
        Column(name="stage", type=_TEXT, nullable=True, description="Stage that dropped it."),
        Column(name="reason", type=_TEXT, nullable=True, description="Why it was dropped."),
        Column(name="detail", type=_TEXT, nullable=True, description="A sentence for people."),
        Column(
            name="other_key",
            type=_TEXT,
            nullable=True,
            description="Key of the document that it copies or resembles, or its own former key.",
        ),
        Column(name="revision", type=_INTEGER, nullable=True, description="Revision that this made."),
        Column(name="article_id", type=_TEXT, nullable=True, description="Public id of the article that it then was."),
    ),
    query="""
SELECT e.id, s.name, d.key, TIME(e.at), e.run_id, e.event, e.stage, e.reason, e.detail, e.other_key, e.revision,
    a.public_id
FROM document_events e
JOIN documents d ON d.id = e.document_id
JOIN sources s ON s.id = d.source_id
LEFT JOIN articles a ON a.id = e.article_id
""",
)

_PAGES = View(
    name="v_pages",
    description="One row per distinct raw body that arrived.",
    columns=(
        Column(name="page_sha256", type=_TEXT, description="SHA-256 of the bytes, in hex."),
        Column(name="location", type=_TEXT, description="Where the archive keeps them, within its own folder."),
        Column(name="bytes", type=_INTEGER, description="How many bytes they are."),
        Column(name="media_type", type=_TEXT, description="How they are read."),
        Column(name="first_seen_at", type=_TIME, description="When they first arrived."),
        Column(name="run_id", type=_INTEGER, description="In which run."),
        Column(
            name="removed_at",
            type=_TIME,
            nullable=True,
            description="When `ingest retention` deleted them for their age; null while the archive has them.",
        ),
    ),
    query="SELECT sha256, location, bytes, media_type, TIME(first_seen_at), run_id, TIME(removed_at) FROM pages",
)

_FETCHES = View(
    name="v_fetches",
    description="One row per answer that was received for a document, over HTTP or from a disk, in the order of time.",
    columns=(
        Column(name="fetch_id", type=_INTEGER, description="Grows with time."),
        Column(name="source", type=_TEXT, description="Name of the source."),
        Column(name="key", type=_TEXT, description="The document's path, URL or record id within its source."),
        Column(name="at", type=_TIME, description="When."),
        Column(name="url", type=_TEXT, nullable=True, description="Address that answered, after all redirects."),
        Column(name="status", type=_INTEGER, nullable=True, description="HTTP status; none where it is a file."),
        Column(name="redirects", type=ColumnType.LIST, description="Addresses that led there, in their order."),
        Column(name="page_sha256", type=_TEXT, nullable=True, description="The body, as in `v_pages`, if one came."),
        Column(name="media_type", type=_TEXT, nullable=True, description="As the answer states it."),
        Column(name="charset", type=_TEXT, nullable=True, description="As the answer states it."),
        Column(name="etag", type=_TEXT, nullable=True, description="Validator of the answer."),
        Column(name="last_modified", type=_TEXT, nullable=True, description="Validator of the answer."),
        Column(name="elapsed_ms", type=_INTEGER, nullable=True, description="How long it took, in milliseconds."),
        Column(name="run_id", type=_INTEGER, description="In which run."),
    ),
    query="""
SELECT f.id, s.name, d.key, TIME(f.at), f.url, f.status, LISTED(f.redirects), p.sha256, f.media_type, f.charset,
    f.etag, f.last_modified, f.elapsed_ms, f.run_id
FROM fetches f
JOIN documents d ON d.id = f.document_id
JOIN sources s ON s.id = d.source_id
LEFT JOIN pages p ON p.id = f.page_id
""",
)

_RUNS = View(
    name="v_runs",
    description="One row per run of the pipeline or of a stage.",
    columns=(
        Column(name="run_id", type=_INTEGER, description="Grows with time."),
        Column(name="kind", type=_TEXT, description="`ingest`, …"),
        Column(name="state", type=_TEXT, description="`running`, `completed`, `failed` or `died`."),
        Column(name="started_at", type=_TIME, description="When it began."),
        Column(name="finished_at", type=_TIME, nullable=True, description="When it ended."),
        Column(name="code_version", type=_TEXT, description="Version of the code, and of the stages that have one."),
        Column(name="flow_run", type=_TEXT, nullable=True, description="Id of the Prefect flow run, if it was one."),
        Column(name="documents", type=_INTEGER, description="Documents that it settled or looked at."),
        Column(name="dropped", type=_INTEGER, description="Documents that it dropped."),
        Column(name="new_agreements", type=_INTEGER, description="Agreements that it opened in the ledger."),
        Column(name="failure", type=_TEXT, nullable=True, description="Why it failed."),
    ),
    query="""
SELECT r.id, r.kind, r.state, TIME(r.started_at), TIME(r.finished_at), r.code_version, r.flow_run,
    CAST(coalesce((SELECT sum(f.documents) FROM run_fates f WHERE f.run_id = r.id), 0) AS bigint),
    coalesce((SELECT f.documents FROM run_fates f WHERE f.run_id = r.id AND f.fate = 'dropped'), 0),
    r.new_agreements, r.failure
FROM runs r
""",
)

_RUN_FATES = View(
    name="v_run_fates",
    description="One row per run and fate: how many documents came to it.",
    columns=(
        Column(name="run_id", type=_INTEGER, description="The run."),
        Column(name="fate", type=_TEXT, description="`new`, `revised`, `unchanged`, `dropped`, …"),
        Column(name="documents", type=_INTEGER, description="How many."),
    ),
    query="SELECT run_id, fate, documents FROM run_fates",
)

VIEWS = (_DOCUMENTS, _EVENTS, _FETCHES, _PAGES, _RUNS, _RUN_FATES)
