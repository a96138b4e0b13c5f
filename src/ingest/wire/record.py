"""What reading commands say of the store."""

from __future__ import annotations

from ingest.documents import CutReason, Kind, Place, Precision, Status
from ingest.wire.form import Count, Score, form

__all__ = [
    "Agreement",
    "AgreementEvent",
    "AgreementMention",
    "AgreementParty",
    "Article",
    "ArticleCut",
    "ArticleTopic",
    "Counted",
    "Evidence",
    "History",
    "HistoryEvent",
    "Revision",
    "Statistics",
]


@form
class Evidence:
    """Words of an article that earned a topic."""

    place: Place
    """Where they stand; in the title, offsets count from its start."""
    start: Count
    """Offset of the first character."""
    end: Count
    """Offset behind the last character."""
    text: str
    """The words."""


@form
class ArticleTopic:
    """A topic of a stored article."""

    topic: str
    """Its name in the taxonomy."""
    score: Score
    """How sure the classifier is."""
    evidence: tuple[Evidence, ...]
    """The spans that earned it; empty in lists."""


@form
class ArticleCut:
    """A piece of the page that is not part of the article."""

    position: Count
    """Offset in the article's text at which it stood."""
    reason: CutReason
    """Why it was cut."""
    text: str
    """What was cut, as it stood."""


@form
class Revision:
    """One wording of a document."""

    number: Count
    """1 for the first."""
    id: str
    """The article's id at that wording."""
    stored_at: str
    """When it was stored, UTC."""
    title: str | None
    """Its headline."""
    characters: Count
    """Length of its text."""


@form
class Article:
    """A stored article: what a document says, as it stands now."""

    id: str
    """Public id: `art-` and 12 hex digits."""
    source: str
    """Name of the source that brought it."""
    key: str
    """Its identity in that source: a path within the folder, a URL, or a record's id."""
    url: str | None
    """Where it was published."""
    title: str | None
    """Headline."""
    byline: str | None
    """Authors, joined by '; '."""
    publisher: str | None
    """Name of the outlet."""
    published_at: str | None
    """When it was published, ISO 8601, no more precise than the document says."""
    published_precision: Precision | None
    """How much of it the document says."""
    modified_at: str | None
    """When it was last changed, ISO 8601."""
    language: str
    """BCP 47 tag, `und` where it cannot be told."""
    topics: tuple[ArticleTopic, ...]
    """Topics, best first."""
    agreements: tuple[str, ...]
    """Ids of the agreements that it tells of."""
    revision: Count
    """Which wording of the document this is, from 1."""
    is_current: bool
    """Whether it is the wording that is in force."""
    similar_to: str | None
    """Id of the article that it nearly duplicates."""
    stored_at: str
    """When it was stored, UTC."""
    characters: Count
    """Length of the text."""
    text: str | None
    """The body; null in lists."""
    cuts: tuple[ArticleCut, ...] | None
    """What cleaning took out; null unless `--cuts` asks for it."""
    revisions: tuple[Revision, ...] | None
    """Every wording of the document, first to last; null unless `--revisions` asks for it."""


@form
class AgreementParty:
    """A party to an agreement."""

    name: str
    """The organisation's name, in the fullest form known."""
    organisation: str | None
    """Its id."""
    region: str | None
    """Country or region, where known."""


@form
class AgreementMention:
    """A sentence of an article that tells of an agreement."""

    article: str
    """Id of the article."""
    title: str | None
    """Its headline."""
    publisher: str | None
    """Its outlet."""
    source: str
    """Name of the source that brought it."""
    key: str
    """The document's identity in that source."""
    url: str | None
    """Where it was published."""
    published_at: str | None
    """When it was published, ISO 8601."""
    status: Status
    """How far the sentence says the agreement has come."""
    is_news: bool
    """Whether the article reports it as current."""
    start: Count
    """Offset of the sentence in the article's text."""
    end: Count
    """Offset behind it."""
    evidence: str
    """The sentence."""
    confidence: Score
    """How sure the rules are."""


@form
class AgreementEvent:
    """Something that happened to an agreement in the ledger."""

    at: str
    """When, UTC."""
    event: str
    """What: opened, status_changed, confirmed, corrected, merged or split."""
    status: Status | None
    """The status from then on."""
    article: str | None
    """Id of the article that led to it."""


@form
class Agreement:
    """An agreement in the world, as the ledger has it now."""

    id: str
    """Public id: `agr-` and 10 hex digits."""
    parties: tuple[AgreementParty, ...]
    """Who agreed."""
    kind: Kind
    """What sort of agreement."""
    status: Status
    """How far it has come."""
    is_news: bool
    """Whether some article reports it as current."""
    signed_on: str | None
    """When it was signed, cut to what is known."""
    first_seen_at: str
    """When the ledger first heard of it, UTC."""
    last_seen_at: str
    """When it last did, UTC."""
    merged_into: str | None
    """Id of the agreement that it turned out to be."""
    mentions: tuple[AgreementMention, ...]
    """Every sentence that tells of it."""
    events: tuple[AgreementEvent, ...] | None
    """Its history; null in lists."""


@form
class HistoryEvent:
    """Something that happened to a document."""

    at: str
    """When, UTC."""
    run: int
    """The run in which it happened."""
    event: str
    """What: a fate, such as new, revised or dropped, or a step on the way there, such as claimed."""
    stage: str | None
    """The stage that gave up, where it was dropped."""
    reason: str | None
    """Why, where it was dropped."""
    detail: str | None
    """What was found, and what to do about it."""
    article: str | None
    """Id of the article that it stood for from then on."""


@form
class History:
    """All that happened to one document, over all runs."""

    source: str
    """Name of the source that brought it."""
    key: str
    """Its identity in that source."""
    url: str | None
    """Where it was published."""
    state: str
    """The state that it is in."""
    article: str | None
    """Id of the article that it stands for, if it ever had one."""
    events: tuple[HistoryEvent, ...]
    """What happened, first to last."""


@form
class Counted:
    """How many there are of something."""

    name: str
    """What is counted."""
    count: Count
    """How many."""


@form
class Statistics:
    """What a store holds."""

    database: str
    """Where it lies, its password masked."""
    documents: tuple[Counted, ...]
    """Documents by the state that they are in."""
    drops: tuple[Counted, ...]
    """Dropped documents by reason."""
    articles: Count
    """Articles in force."""
    languages: tuple[Counted, ...]
    """Articles in force by language."""
    topics: tuple[Counted, ...]
    """Articles in force by topic."""
    agreements: tuple[Counted, ...]
    """Agreements by status."""
    runs: Count
    """Runs so far."""
    last_run_at: str | None
    """When the last one started, UTC."""
