"""What reading commands say of the store."""

from __future__ import annotations

from ingest.documents import Access, CutReason, Kind, Place, Precision, Reason, Stage, Status, TopicOrigin
from ingest.wire.form import Count, Score, form

__all__ = [
    "Agreement",
    "AgreementEvent",
    "AgreementMention",
    "AgreementParty",
    "Article",
    "ArticleCut",
    "ArticleTopic",
    "Copy",
    "Counted",
    "DropCount",
    "DroppedDocument",
    "Evidence",
    "History",
    "HistoryEvent",
    "Revision",
    "Statistics",
    "TopicDecision",
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
    """How sure the classifier is; 1 where an analyst ruled."""
    evidence: tuple[Evidence, ...]
    """The spans that earned it; empty in lists, and where only an analyst says so."""
    origin: TopicOrigin
    """Who says so; an analyst wins over the machine."""
    machine_score: Score | None
    """How sure the classifier is, whoever says so; null where it does not say so."""


@form
class TopicDecision:
    """What an analyst ruled on a topic of an article."""

    topic: str
    """The topic."""
    holds: bool
    """Whether the article has it."""
    person: str
    """Who ruled."""
    made_at: str
    """When, UTC."""
    note: str | None
    """Why, if they said."""
    ruled_on: str | None
    """Id of the earlier wording on which it was made, if it followed the document from there."""


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
    article: str
    """Id of the article that it was at that wording."""
    is_current: bool
    """Whether it is the latest."""
    seen_at: str
    """When it was stored, UTC."""
    title: str | None
    """Its headline."""


@form
class Copy:
    """A document that tells a story in the words of another, or nearly so."""

    article: str
    """Id of the article that it is: the same for an exact copy."""
    source: str
    """Name of the source that brought it."""
    key: str
    """Its identity in that source."""
    url: str | None
    """Where it was published."""
    title: str | None
    """Its own headline."""
    publisher: str | None
    """Its outlet."""
    published_at: str | None
    """When it was published, ISO 8601."""
    seen_at: str
    """When it was stored, UTC."""
    similarity: Score | None
    """How alike it is to the article that it was compared with; null for the text that leads the story."""
    leads: bool
    """Whether it speaks for the story: of its text, the first that was stored."""


@form
class Article:
    """A stored article, that is, a distinct text, with the headline and dates of the document that leads it."""

    id: str
    """Public id: `art-` and hex digits; stable for a text."""
    source: str
    """Name of the source that brought it."""
    key: str
    """The document's identity in that source: a path within the folder, a URL, or a record's id."""
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
    section: str | None
    """The desk or column that it ran in."""
    keywords: tuple[str, ...]
    """Its publisher's keywords."""
    image: str | None
    """Address of the picture that stands for it."""
    access: Access | None
    """Who may read it on its page; `stub`: only its beginning is here; null where the page does not say."""
    future_date: str | None
    """A stated date of publication that lay in the future; never believed."""
    language: str
    """BCP 47 tag, `und` where it cannot be told."""
    topics: tuple[ArticleTopic, ...]
    """Topics, best first."""
    decisions: tuple[TopicDecision, ...] | None
    """What analysts ruled on its topics, as far as it is in force; null in lists."""
    agreements: tuple[str, ...]
    """Ids of the agreements that it tells of."""
    revision: Count
    """Which wording of the document this is, from 1."""
    is_current: bool
    """Whether it is the document's latest wording."""
    copies: Count
    """Documents that carry this text now; 0 once it was revised away."""
    near_duplicate_of: str | None
    """Id of the article that leads the story, where this one only resembles it."""
    similarity: Score | None
    """How alike those two are."""
    first_seen_at: str
    """When the text was first stored, UTC."""
    characters: Count
    """Length of the text."""
    text: str | None
    """The body, an empty line between paragraphs; null in lists."""
    cuts: tuple[ArticleCut, ...] | None
    """What cleaning took out of the page; null in lists."""
    revisions: tuple[Revision, ...] | None
    """Every wording of the document, first to last; null in lists."""
    story: tuple[Copy, ...] | None
    """The documents that tell this story in these words, the one that leads first; at most 200; null in lists."""


@form
class AgreementParty:
    """A party to an agreement."""

    name: str
    """Its name, in the fullest form that articles gave."""
    organisation: str
    """The organisation's own name."""
    organisation_id: str
    """The organisation's public id."""
    region: str | None
    """Country or region, where known."""


@form
class AgreementMention:
    """A sentence of an article that tells of an agreement."""

    mention: Count
    """Number of the sentence: what `ingest agreement --split` takes."""
    article: str
    """Id of the article."""
    is_current: bool
    """Whether the article is some document's latest wording."""
    source: str
    """Name of the source that brought it."""
    key: str
    """The document's identity in that source."""
    url: str | None
    """Where it was published."""
    title: str | None
    """Its headline."""
    publisher: str | None
    """Its outlet."""
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
    """What: opened, status_changed, confirmed, corrected, merged, split, dismissed, restored or emptied."""
    old_status: Status | None
    """The status before."""
    new_status: Status | None
    """The status from then on."""
    article: str | None
    """Id of the article that led to it."""
    other: str | None
    """Of a merge or split: id of the other agreement."""
    person: str | None
    """By whom, where a person did it."""
    detail: str | None
    """A sentence for people."""


@form
class Agreement:
    """An agreement in the world, as the ledger has it now."""

    id: str
    """Public id: `agr-` and hex digits."""
    parties: tuple[AgreementParty, ...]
    """Who agreed."""
    kind: Kind
    """What sort of agreement."""
    status: Status
    """How far it has come."""
    is_news: bool
    """Whether any article reports it as current."""
    signed_on: str | None
    """When it was signed, cut to what is known."""
    fields: tuple[str, ...]
    """Fields of cooperation as articles name them."""
    value: str | None
    """Sum of money as given."""
    confidence: Score
    """Of the surest mention."""
    independent_sources: Count
    """Stories that tell of it; near-duplicates and revisions count once."""
    first_seen_at: str
    """When the ledger first had it, UTC."""
    last_seen_at: str
    """When a further article last told of it, UTC."""
    mentions: tuple[AgreementMention, ...]
    """Every sentence that tells of it, the best first."""
    events: tuple[AgreementEvent, ...] | None
    """Its history; null in lists."""
    state: str = "in_force"
    """`in_force`; or `dismissed` by a person; or `emptied`: no article tells of it any more."""
    merged: tuple[str, ...] = ()
    """Ids of agreements that became part of it, and lead here; empty in lists."""


@form
class HistoryEvent:
    """Something that happened to a document."""

    at: str
    """When, UTC."""
    run: int
    """The run in which it happened."""
    event: str
    """What: stored, copied, near_duplicate, revised, renamed, page_changed, restored, dropped or taken_over."""
    stage: str | None
    """The stage that gave up, where it was dropped."""
    reason: str | None
    """Why, where it was dropped."""
    detail: str | None
    """A sentence for people: what was found, and what to do about it."""
    other: str | None
    """Key of the document that it copies or resembles, or its own former key."""
    revision: Count | None
    """Revision that this made."""
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
    """How it stands: found (claimed, not settled yet), stored or dropped."""
    reason: str | None
    """Why it was dropped, if it was."""
    detail: str | None
    """The same in a sentence."""
    title: str | None
    """Its headline."""
    article: str | None
    """Id of the article that it stands for, if it ever had one."""
    first_seen_at: str
    """When it was first found, UTC."""
    last_seen_at: str
    """When it was last found, UTC."""
    held_by_run: int | None
    """Run of the worker that has it in hand now."""
    page_location: str | None
    """Where the archive keeps its raw bytes."""
    events: tuple[HistoryEvent, ...]
    """What happened, first to last."""


@form
class DropCount:
    """How many documents of a source stand dropped for a reason."""

    reason: Reason
    """Out of a closed set."""
    source: str
    """Name of the source."""
    count: Count
    """How many."""


@form
class DroppedDocument:
    """A document that stands dropped."""

    source: str
    """Name of the source that brought it."""
    key: str
    """Its identity in that source."""
    url: str | None
    """Where it was published."""
    stage: Stage
    """The stage that gave up."""
    reason: Reason
    """Why, out of a closed set."""
    detail: str
    """The same in a sentence: what was found, and what to do about it."""
    dropped_at: str
    """When it was dropped, UTC."""


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
