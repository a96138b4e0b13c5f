"""What the commands about sources say."""

from __future__ import annotations

from ingest.documents import FailureClass, Reason, SourceKind
from ingest.health import Health
from ingest.wire.form import Count, form

__all__ = ["Source", "SourceCheck", "SourceEntry", "SourceEvent", "SourceFailure"]


@form
class SourceFailure:
    """A way in which a source failed."""

    kind: FailureClass
    """What sort."""
    reason: Reason
    """Why, out of a closed set."""
    number: Count
    """How often, in all."""
    last_at: str
    """When it last did, UTC."""
    detail: str
    """The last time in a sentence."""


@form
class SourceEvent:
    """A thing that happened to a source."""

    at: str
    """When, UTC."""
    event: str
    """`added`, `changed`, `paused`, `resumed`, `removed`, `moved`, `failed`, `recovered`."""
    detail: str | None
    """A sentence for people."""
    old_address: str | None
    """Where it was until then."""
    new_address: str | None
    """Where it is since then."""


@form
class Source:
    """A source, and how it is doing."""

    name: str
    """What it is called."""
    kind: str
    """`feed`, `sitemap`, `urls`, `page`, `folder`, `jsonl`."""
    address: str | None
    """Where it is; secrets are masked."""
    title: str | None
    """What it calls itself."""
    home: str | None
    """The page that it stands for."""
    time_zone: str
    """IANA zone of times that carry none; empty: not known."""
    interval_seconds: Count | None
    """Between visits, where an operator set it; null: by its own rhythm."""
    health: Health
    """How it is doing."""
    next_due_at: str | None
    """When it is visited next, UTC; null: only by hand."""
    last_success_at: str | None
    """When its listing was had last."""
    last_new_at: str | None
    """When its listing last held something new."""
    usual_seconds: float | None
    """The usual time between two new entries."""
    entries_last: Count | None
    """Entries of the last listing."""
    entries_usual: float | None
    """Entries that it usually holds."""
    waiting: Count
    """Pages that wait to be fetched."""
    stored: Count
    """Documents that are stored."""
    dropped: Count
    """Documents that stand dropped."""
    failures_in_a_row: Count
    """Since it last succeeded."""
    last_failure: str | None
    """The last failure in a sentence."""
    failures: tuple[SourceFailure, ...]
    """How often it failed in which way, the most frequent first; empty in lists."""
    events: tuple[SourceEvent, ...]
    """What happened to it, in order; empty in lists."""


@form
class SourceEntry:
    """What a listing names."""

    url: str
    """Its address."""
    title: str | None
    """Its title."""
    published: str | None
    """When it was published, as the listing says."""
    is_known: bool
    """Whether the store has seen it."""


@form
class SourceCheck:
    """What a source would bring, or a site offers."""

    address: str
    """Where it is."""
    kind: SourceKind
    """What sort."""
    title: str | None
    """What it calls itself."""
    entries: tuple[SourceEntry, ...]
    """What it names, in its order."""
    sitemaps: Count
    """Further sitemaps that it names."""
    problems: tuple[str, ...]
    """What is wrong with it, though it can be read."""
    failure: str | None
    """Why it cannot be had, if so."""
