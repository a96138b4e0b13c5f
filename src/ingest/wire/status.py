"""What `ingest status` says."""

from __future__ import annotations

from ingest.documents import Reason
from ingest.health import Health
from ingest.wire.form import Count, form
from ingest.wire.record import Counted

__all__ = [
    "Concern",
    "Deliveries",
    "DropRate",
    "Flow",
    "Queue",
    "RunStatus",
    "Sizes",
    "SourceConcern",
    "SourceStatus",
    "Status",
]


@form
class Concern:
    """Something that needs an eye."""

    kind: str
    """What sort: `run_failed`, `run_died`, `source_unhealthy`, `sources_overdue`, `claims_lapsed`, `alerts_parked`,
    `alerts_overdue`, `no_new_article`, `many_drops`."""
    said: str
    """The same in a sentence."""
    command: str
    """The command that shows more."""


@form
class Queue:
    """Documents by what they wait for."""

    waiting: Count
    """Pages that active sources have listed and that are still to be fetched."""
    due: Count
    """Those of them whose time has come."""
    oldest_due_seconds: float | None
    """For how long the first of these has been due."""
    claimed: Count
    """Documents that a worker has in hand."""
    oldest_claim_seconds: float | None
    """For how long the first of these has been in hand."""
    lapsed: Count
    """Documents in hand whose lease has run out: their worker is most likely gone."""
    oldest_lapsed_seconds: float | None
    """For how long the first of these leases has been over."""
    left: Count
    """Documents that an interrupted run gave back; the next run over their source takes them up."""
    stored: Count
    """Documents that stand stored."""
    dropped: Count
    """Documents that stand dropped."""


@form
class RunStatus:
    """A run that is under way, or that ended badly in the last day."""

    run: int
    """Its number."""
    kind: str
    """What it does: `ingest`, `collect`, `reprocess`, …"""
    state: str
    """`running`, `failed` or `died`."""
    is_gone: bool
    """Whether it says that it runs, and its process on this machine is gone."""
    has_recovered: bool
    """Whether a later run of the same kind came to its end."""
    started_at: str
    """When it began, UTC."""
    seconds: float
    """How long it has run, or ran."""
    failure: str | None
    """Why it failed."""
    flow_run: str | None
    """Id of the Prefect flow run, if it was one."""


@form
class Flow:
    """What became of documents in a while that ends now."""

    seconds: Count
    """How long that while is."""
    stored: Count
    """Documents with a text that nobody had."""
    duplicates: Count
    """Copies and near-duplicates of stored texts."""
    revised: Count
    """Documents that their publisher changed."""
    dropped: Count
    """Documents that were dropped, without those that were set aside."""
    set_aside: Count
    """Documents that nobody wanted: known from another source, or older than a source's first contact."""


@form
class DropRate:
    """How many documents were dropped for one reason in the last day."""

    reason: Reason
    """Why, out of a closed set."""
    count: Count
    """How many."""
    is_set_aside: bool
    """Whether this is no failure: nobody wanted them."""


@form
class Deliveries:
    """Alerts that are to be sent, or were."""

    states: tuple[Counted, ...]
    """How many there are in each state, by name."""
    parked: Count
    """Given up, until an operator has them tried again."""
    retrying: Count
    """Pending, and tried without success so far."""
    oldest_pending_seconds: float | None
    """The age of the oldest that is pending, without those of paused rules; one of a digest waits for its hour."""
    overdue_seconds: float | None
    """For how long the first pending one has been due; null: none is due."""


@form
class SourceConcern:
    """A source that needs an eye."""

    name: str
    """What it is called."""
    health: Health
    """How it is doing."""
    failures_in_a_row: Count
    """Since it last succeeded."""
    last_success_at: str | None
    """When its listing was had last, UTC."""
    last_new_at: str | None
    """When its listing last held something new, UTC."""
    last_failure: str | None
    """The last failure in a sentence, where it is failing."""


@form
class SourceStatus:
    """Sources by how they are doing."""

    health: tuple[Counted, ...]
    """How many there are of each health that some source has; removed ones are left out."""
    overdue: Count
    """Active sources whose visit has been due for more than an hour."""
    oldest_due_seconds: float | None
    """For how long the first visit has been due; null: none is due."""
    concerns: tuple[SourceConcern, ...]
    """Those that need an eye, the worst first."""


@form
class Sizes:
    """How much is kept."""

    database_bytes: Count
    """What the database takes on its disk."""
    archive_pages: Count
    """Distinct pages in the archive."""
    archive_bytes: Count
    """Their bytes as they arrived; the archive compresses them."""


@form
class Status:
    """How the pipeline is doing, as its store tells it."""

    at: str
    """When this was read, UTC, by the database's clock."""
    version: str
    """Version of this release."""
    revision: str
    """Revision of the database's schema."""
    database: str
    """The store's address; a password in it is masked."""
    concerns: tuple[Concern, ...]
    """What needs an eye, failures first; empty: nothing does."""
    queue: Queue
    """What waits, and what is in hand."""
    running: tuple[RunStatus, ...]
    """Runs that are under way, the latest first."""
    failed: tuple[RunStatus, ...]
    """Runs that failed or died in the last day, the latest first, at most 50."""
    flows: tuple[Flow, ...]
    """What became of documents in the last hour, and in the last day."""
    last_article_at: str | None
    """When a text was last stored that nobody had, UTC."""
    last_article_seconds: float | None
    """How long ago that is."""
    drops: tuple[DropRate, ...]
    """Drops of the last day by reason, the most frequent first."""
    deliveries: Deliveries
    """Alerts by state."""
    sources: SourceStatus
    """How many sources are well, and which are not."""
    sizes: Sizes
    """How large the database and the archive are."""
