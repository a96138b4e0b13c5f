"""From articles to documents, raw bytes and the answers that brought them, and from runs to their versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from ingest import wire
from ingest.documents import CutReason
from ingest.store.read.connection import Connection, Row
from ingest.store.read.documents import history_event

__all__ = ["articles", "runs"]

_ARTICLES = """SELECT a.public_id, a.language, a.characters, a.run_id, a.language_run_id, o.public_id AS resembled,
    e.public_id AS supersedes,
    (SELECT count(*) FROM appearances c WHERE c.article_id = a.id) AS copies
FROM articles a
LEFT JOIN articles o ON o.id = a.near_duplicate_of_id
LEFT JOIN articles e ON e.id = a.supersedes_id
WHERE a.public_id IN ({})"""
_READINGS = """SELECT a.public_id AS article, c.id AS appearance, c.document_id, c.page_id, c.revision, c.leads,
    c.revision = d.revision AS is_current, c.title, c.publisher, c.published, c.run_id, NULL AS superseded_run_id,
    n.public_id AS now
FROM appearances c
JOIN articles a ON a.id = c.article_id
JOIN documents d ON d.id = c.document_id
LEFT JOIN appearances l ON l.document_id = d.id AND l.revision = d.revision
LEFT JOIN articles n ON n.id = l.article_id
WHERE a.public_id IN ({})"""
_SUPERSEDED = """SELECT a.public_id AS article, NULL AS appearance, x.document_id, c.page_id, x.revision,
    0 AS leads, 0 AS is_current, x.title, x.publisher, x.published, x.run_id, x.superseded_run_id, n.public_id AS now
FROM superseded_appearances x
JOIN articles a ON a.id = x.article_id
LEFT JOIN appearances c ON c.document_id = x.document_id AND c.revision = x.revision
LEFT JOIN articles n ON n.id = c.article_id
WHERE a.public_id IN ({})"""
_PAGES = "SELECT id, sha256, bytes, media_type, location, first_seen_at, run_id, removed_at FROM pages WHERE id IN ({})"
_FETCHES = """SELECT id, document_id, page_id, at, run_id, url, status, redirects, media_type, charset, etag,
    last_modified FROM fetches WHERE page_id IN ({}) ORDER BY id"""
_DOCUMENTS = """SELECT d.id, s.name AS source, s.kind, d.key, d.url, d.state, d.detail, d.code_version
FROM documents d JOIN sources s ON s.id = d.source_id WHERE d.id IN ({})"""
_EVENTS = """SELECT e.document_id, e.at, e.run_id, e.event, e.stage, e.reason, e.detail, e.other_key, e.revision,
    a.public_id AS article
FROM document_events e LEFT JOIN articles a ON a.id = e.article_id WHERE e.document_id IN ({}) ORDER BY e.id"""
_CUTS = """SELECT appearance_id, position, reason, text FROM appearance_cuts WHERE appearance_id IN ({})
    ORDER BY appearance_id, number"""
_STRETCHES = """SELECT article_id, start_offset, end_offset, reason FROM v_article_boilerplate
    WHERE article_id IN ({}) ORDER BY article_id, start_offset"""
_RUNS = """SELECT run_id, kind, state, started_at, finished_at, code_version, flow_run FROM v_runs
    WHERE run_id IN ({}) ORDER BY run_id"""


def articles(connection: Connection, identities: Collection[str], *, copies: int) -> tuple[wire.TracedArticle, ...]:
    """Articles, whatever became of them, with what they were read from.

    Args:
        connection: The store.
        identities: Whole public ids, in the order in which they are wanted.
        copies: How many readings of each at most; the one that speaks for it comes first.
    """
    wanted = list(dict.fromkeys(identities))
    rows = {row["public_id"]: row for row in connection.rows_in(_ARTICLES, wanted)}
    readings: dict[str, list[Row]] = defaultdict(list)
    for row in connection.rows_in(_READINGS, wanted):
        readings[row["article"]].append(row)
    for row in connection.rows_in(_SUPERSEDED, [each for each in wanted if each not in readings]):
        readings[row["article"]].append(row)
    chosen = {identity: sorted(readings[identity], key=_first)[:copies] for identity in wanted}
    shelves = _Shelves(connection, [row for each in chosen.values() for row in each])
    stretches: dict[str, list[wire.TracedStretch]] = defaultdict(list)
    for row in connection.rows_in(_STRETCHES, wanted):
        stretches[row["article_id"]].append(
            wire.TracedStretch(start=row["start_offset"], end=row["end_offset"], reason=CutReason(row["reason"]))
        )
    return tuple(
        _article(rows[identity], readings[identity], [shelves.reading(row) for row in chosen[identity]], stretches)
        for identity in wanted
        if identity in rows
    )


def _first(row: Row) -> tuple[bool, bool, int, int]:
    return (not row["leads"], not row["is_current"], row["document_id"], -row["revision"])


def _article(
    row: Row,
    known: list[Row],
    readings: list[wire.TracedReading],
    stretches: Mapping[str, list[wire.TracedStretch]],
) -> wire.TracedArticle:
    if any(each["is_current"] for each in known):
        state = "in_force"
    else:
        state = "superseded" if any(each["superseded_run_id"] for each in known) else "revised"
    followed = dict.fromkeys(each["now"] for each in known if each["now"] and each["now"] != row["public_id"])
    return wire.TracedArticle(
        id=row["public_id"],
        state=state,
        followed_by=tuple(sorted(followed)) if state != "in_force" else (),
        supersedes=row["supersedes"],
        near_duplicate_of=row["resembled"],
        language=row["language"],
        characters=row["characters"],
        run=row["run_id"],
        language_run=row["language_run_id"],
        boilerplate=tuple(stretches[row["public_id"]]),
        readings=tuple(readings),
        copies=row["copies"] or len(known),
    )


class _Shelves:
    """Documents, pages, fetches and cuts of some readings, each looked up once."""

    def __init__(self, connection: Connection, readings: list[Row]) -> None:
        pages = _some(row["page_id"] for row in readings)
        documents = _some(row["document_id"] for row in readings)
        self._pages = {row["id"]: row for row in connection.rows_in(_PAGES, pages)}
        self._fetches: dict[tuple[int, int], Row] = {}
        of_ours = set(documents)
        for row in connection.rows_in(_FETCHES, pages):
            if row["document_id"] in of_ours:
                self._fetches[row["document_id"], row["page_id"]] = row  # the last one counts, as for reprocessing
        events: dict[int, list[Row]] = defaultdict(list)
        for row in connection.rows_in(_EVENTS, documents):
            events[row["document_id"]].append(row)
        self._documents = {
            row["id"]: _document(row, events[row["id"]]) for row in connection.rows_in(_DOCUMENTS, documents)
        }
        self._cuts: dict[int, list[wire.ArticleCut]] = defaultdict(list)
        for row in connection.rows_in(_CUTS, _some(row["appearance"] for row in readings)):
            cut = wire.ArticleCut(position=row["position"], reason=CutReason(row["reason"]), text=row["text"])
            self._cuts[row["appearance_id"]].append(cut)

    def reading(self, row: Row) -> wire.TracedReading:
        """A reading with what it rests on."""
        page = self._pages.get(row["page_id"])
        fetch = self._fetches.get((row["document_id"], row["page_id"]))
        return wire.TracedReading(
            revision=row["revision"],
            is_current=bool(row["is_current"]),
            leads=bool(row["leads"]),
            title=row["title"],
            publisher=row["publisher"],
            published_at=row["published"],
            run=row["run_id"],
            superseded_run=row["superseded_run_id"],
            cuts=tuple(self._cuts[row["appearance"]]) if row["appearance"] is not None else (),
            page=None if page is None else _page(page, fetch),
            document=self._documents[row["document_id"]],
        )


def _page(row: Row, fetch: Row | None) -> wire.TracedPage:
    removed = None if row["removed_at"] is None else _shown(row["removed_at"])
    return wire.TracedPage(
        sha256=row["sha256"],
        bytes=row["bytes"],
        media_type=row["media_type"],
        location=row["location"],
        address=None,
        first_seen_at=_shown(row["first_seen_at"]),
        run=row["run_id"],
        archive="removed" if removed else "unchecked",
        problem=f"Deleted on {removed}, as `raw_days` or `ingest forget` asked." if removed else None,
        fetch=None if fetch is None else _fetch(fetch),
    )


def _fetch(row: Row) -> wire.TracedFetch:
    redirects = row["redirects"]
    if isinstance(redirects, str):  # SQLite keeps JSON as text
        import json  # noqa: PLC0415 - seldom wanted

        redirects = json.loads(redirects)
    return wire.TracedFetch(
        fetch=row["id"],
        at=_shown(row["at"]),
        run=row["run_id"],
        url=row["url"],
        status=row["status"],
        redirects=tuple(redirects or ()),
        media_type=row["media_type"],
        charset=row["charset"],
        etag=row["etag"],
        last_modified=row["last_modified"],
    )


def _document(row: Row, events: Iterable[Row]) -> wire.TracedDocument:
    return wire.TracedDocument(
        source=row["source"],
        source_kind=row["kind"],
        key=row["key"],
        url=row["url"],
        state=row["state"],
        detail=row["detail"],
        code_version=row["code_version"],
        events=tuple(history_event(event, at=_shown(event["at"]), article=event["article"]) for event in events),
    )


def runs(connection: Connection, numbers: Iterable[int | None]) -> tuple[wire.TracedRun, ...]:
    """Runs by their numbers, in the order of time."""
    return tuple(
        wire.TracedRun(
            run=row["run_id"],
            kind=row["kind"],
            state=row["state"],
            started_at=row["started_at"],
            finished_at=row["finished_at"],
            code_version=row["code_version"],
            flow_run=row["flow_run"],
        )
        for row in connection.rows_in(_RUNS, _some(numbers))
    )


def _some(numbers: Iterable[int | None]) -> list[int]:
    """Numbers, each once, in their order."""
    return sorted({number for number in numbers if number is not None})


def _shown(moment: str | datetime) -> str:
    """A time as the views show it, whichever driver gives it."""
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
