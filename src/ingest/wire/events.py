"""The payloads of the events that are sent to Prefect: hints for automations; the rows in the store are the truth."""

from __future__ import annotations

from ingest.documents import Kind, Status
from ingest.wire.form import Count, form

__all__ = [
    "AGREEMENT_CHANGED",
    "AGREEMENT_DETECTED",
    "ARTICLE_STORED",
    "FOLDER_CHANGED",
    "SOURCE_UNHEALTHY",
    "AgreementsChanged",
    "AgreementsDetected",
    "ArticlesStored",
    "EventAgreement",
    "FolderChanged",
    "SourceUnhealthy",
]

ARTICLE_STORED = "ingest.article.stored"
AGREEMENT_DETECTED = "ingest.agreement.detected"
AGREEMENT_CHANGED = "ingest.agreement.changed"
SOURCE_UNHEALTHY = "ingest.source.unhealthy"
FOLDER_CHANGED = "ingest.folder.changed"


@form
class FolderChanged:
    """`ingest.folder.changed`: files of a watched folder are complete, and wait to be taken in."""

    source: str
    """Name of the source that stands for the folder; the store has its address."""
    files: Count
    """How many files."""
    paths: tuple[str, ...]
    """The files, relative to the folder; empty where they are too many to name, or some were missed: all of it then."""


@form
class ArticlesStored:
    """`ingest.article.stored`: what became of a batch of documents, some of which were stored."""

    source: str
    """Where they came from: names of sources."""
    documents: Count
    """How many documents."""
    new: Count
    """Stored, and resembling nothing that was there."""
    revised: Count
    """Known documents with other words: a further revision."""
    copy: Count
    """With the text of an article that was there."""
    near_duplicate: Count
    """Stored, and linked to the story that they resemble."""
    unchanged: Count
    """Known, and as they were."""
    renamed: Count
    """Known under another name that is gone."""
    dropped: Count
    """Left out, with a reason that `ingest drops` tells."""
    busy: Count
    """In the hands of another worker."""


@form
class EventAgreement:
    """An agreement of the ledger, in brief."""

    id: str
    """Public id: `agr-` and hex digits."""
    parties: tuple[str, ...]
    """Names of those who agreed."""
    kind: Kind
    """What sort of agreement."""
    status: Status
    """How far it has come."""
    is_news: bool
    """Whether any article reports it as current."""


@form
class AgreementsDetected:
    """`ingest.agreement.detected`: a batch of documents told of agreements that the ledger did not have."""

    source: str
    """Where the documents came from: names of sources."""
    number: Count
    """How many agreements."""
    news: Count
    """How many of those named are reported as current."""
    agreements: tuple[EventAgreement, ...]
    """The agreements; the first 50 where there are more."""


@form
class AgreementsChanged:
    """`ingest.agreement.changed`: a batch of documents told of another status of agreements in the ledger."""

    source: str
    """Where the documents came from: names of sources."""
    number: Count
    """How many agreements."""
    agreements: tuple[EventAgreement, ...]
    """The agreements with the status that they have now; the first 50 where there are more."""


@form
class SourceUnhealthy:
    """`ingest.source.unhealthy`: a source was visited, and its listing could not be had."""

    source: str
    """Its name."""
    health: str
    """As `ingest sources` shows it, such as `failing`."""
    failures_in_a_row: Count
    """Visits that failed since the last that did not; 1 is the first."""
    failure: str
    """Of which class: `network`, `http`, `parse`, `policy`."""
    reason: str
    """Why, out of a closed set."""
    detail: str
    """A sentence for people."""
