"""What `ingest forget` and `ingest retention` say."""

from __future__ import annotations

from ingest.wire.form import Count, form

__all__ = [
    "Removal",
    "RemovalMark",
    "RemovalRecord",
    "RemovedDocument",
    "RemovedRows",
    "Retention",
    "RetentionOfSource",
    "Tombstone",
]


@form
class RemovedDocument:
    """A document, as `ingest why` names it."""

    source: str
    """Name of its source."""
    key: str
    """Its path, URL or record id within the source."""


@form
class RemovedRows:
    """Rows of a table that are deleted."""

    table: str
    """Its name."""
    rows: Count
    """How many."""


@form
class Removal:
    """What was removed by request, or would be."""

    asked: str
    """What was given: an address, an id or a key."""
    done: bool
    """Whether it was done; false with `--dry-run`."""
    documents: tuple[RemovedDocument, ...]
    """Documents that are forgotten as a whole, with every revision."""
    others: tuple[RemovedDocument, ...]
    """Other documents that carried one of the texts; what else they carried stays."""
    articles: tuple[str, ...]
    """Public ids of the texts."""
    agreements_emptied: tuple[str, ...]
    """Agreements of which nothing tells any more."""
    agreements_remade: tuple[str, ...]
    """Agreements that were made again from the articles that are left."""
    organisations: Count
    """Organisations that only these articles named."""
    near_duplicates: tuple[str, ...]
    """Articles that resemble one of the texts, and stay: the first 20."""
    pages: tuple[str, ...]
    """Digests of raw bodies that nothing needs any more; they leave the archive."""
    alerts_withdrawn: Count
    """Alerts that waited to be sent, and will not be."""
    alerts_sent: Count
    """Alerts about these agreements that were sent, and cannot be taken back."""
    marks: Count
    """Digests of addresses, texts and bytes that are kept out."""
    rows: tuple[RemovedRows, ...]
    """Deleted rows by table."""


@form
class RetentionOfSource:
    """Raw bodies of a source that are old enough to be deleted."""

    source: str
    """Its name."""
    days: Count
    """How long its raw bodies are kept."""
    pages: Count
    """How many go."""
    bytes: Count
    """Their size as they arrived."""


@form
class Retention:
    """What the retention of raw bodies came to, or would."""

    done: bool
    """Whether it was done; false with `--dry-run`."""
    sources: tuple[RetentionOfSource, ...]
    """Each source of which something goes."""
    pages: Count
    """Bodies that go, each once."""
    bytes: Count
    """Their size as they arrived."""
    needed: Count
    """Bodies that are old enough in one source, and stay for another one."""


@form
class Tombstone:
    """A removal by request."""

    id: Count
    """Its number."""
    made_at: str
    """When, `2026-03-14T04:10:00Z`."""
    person: str
    """Who asked for it."""
    reason: str
    """Why."""
    documents: Count
    """How many documents it reached."""
    articles: Count
    """How many texts."""
    marks: Count
    """Digests of addresses, texts and bytes that it keeps out; 0 once it was lifted."""
    lifted_at: str | None
    """When it was lifted."""
    lifted_by: str | None
    """By whom."""


@form
class RemovalMark:
    """What a removed thing is known again by."""

    kind: str
    """What the digest is of: `address`, `text`, `folded` (a text, normalised) or `page`."""
    sha256: str
    """The digest, in hex."""


@form
class RemovalRecord:
    """A removal as the archive keeps it, for a store that is brought back from an earlier day."""

    made_at: str
    """When it was asked for, UTC, to the microsecond."""
    person: str
    """Who asked for it."""
    reason: str
    """Why."""
    documents: Count
    """How many documents it reached."""
    articles: Count
    """How many texts."""
    marks: tuple[RemovalMark, ...]
    """What it keeps out; empty once it was lifted."""
    lifted_at: str | None
    """When it was lifted, UTC; null: it holds."""
    lifted_by: str | None
    """By whom."""
