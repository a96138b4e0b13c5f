"""What `ingest trace` tells: from a row to the sentence, the page and the run that it rests on."""

from __future__ import annotations

from ingest.documents import CutReason, Kind, Status
from ingest.wire.form import Count, Score, form
from ingest.wire.record import AgreementParty, ArticleCut, Evidence, HistoryEvent

__all__ = [
    "Trace",
    "TracedAgreement",
    "TracedArticle",
    "TracedDocument",
    "TracedEvent",
    "TracedFetch",
    "TracedMention",
    "TracedPage",
    "TracedParty",
    "TracedReading",
    "TracedRuling",
    "TracedRun",
    "TracedStretch",
    "TracedTopic",
]


@form
class TracedRun:
    """A run that made something of what is traced."""

    run: int
    """Its number."""
    kind: str
    """`ingest`, `reprocess`, `ruling`, …"""
    state: str
    """`running`, `completed`, `failed` or `died`."""
    started_at: str
    """When it began, UTC."""
    finished_at: str | None
    """When it ended."""
    code_version: str
    """Version of the code, and of the rules and models that have one."""
    flow_run: str | None
    """Id of the Prefect flow run, if it was one."""


@form
class TracedFetch:
    """The answer that brought the bytes."""

    fetch: int
    """Its number."""
    at: str
    """When it came, UTC."""
    run: int
    """In which run."""
    url: str | None
    """Address that answered, after all redirects; of a file, what its record says."""
    status: int | None
    """HTTP status; null where nothing was fetched, since it is a file."""
    redirects: tuple[str, ...]
    """Addresses that led there, in their order."""
    media_type: str | None
    """How the bytes were to be read."""
    charset: str | None
    """As the answer states it."""
    etag: str | None
    """Validator of the answer."""
    last_modified: str | None
    """Validator of the answer."""


@form
class TracedPage:
    """Raw bytes that something was read from."""

    sha256: str
    """Their digest, in hex."""
    bytes: Count
    """How many they are."""
    media_type: str
    """How they are read."""
    location: str
    """Where the archive keeps them, relative to its address."""
    address: str | None
    """The same with the archive's address; null where the archive was left alone."""
    first_seen_at: str
    """When they first arrived, UTC."""
    run: int
    """In which run."""
    archive: str
    """`intact` (read, and the digest is right), `missing`, `damaged`, `unreadable`, `removed` (as asked), or
    `unchecked`."""
    problem: str | None
    """What is wrong with them in the archive, and what to do."""
    fetch: TracedFetch | None
    """The answer that brought them for this document; null where none is known."""


@form
class TracedDocument:
    """The document that carried a text."""

    source: str
    """Name of the source that brought it."""
    source_kind: str
    """`feed`, `folder`, …"""
    key: str
    """Its identity in that source."""
    url: str | None
    """Where it was published."""
    state: str
    """How it stands: found, stored or dropped."""
    detail: str | None
    """Where it was dropped, why."""
    code_version: str | None
    """Version of the code that settled it last."""
    events: tuple[HistoryEvent, ...]
    """What happened to it, first to last."""


@form
class TracedReading:
    """A text as a revision of a document carries it."""

    revision: Count
    """Which wording of the document it is, from 1."""
    is_current: bool
    """Whether it is the latest."""
    leads: bool
    """Whether it speaks for the article; offsets count in its text."""
    title: str | None
    """Its headline."""
    publisher: str | None
    """Its outlet."""
    published_at: str | None
    """When it was published, ISO 8601."""
    run: int
    """Run that read it."""
    superseded_run: int | None
    """Run of a later extractor whose reading took its place."""
    cuts: tuple[ArticleCut, ...]
    """What cleaning took out of the page, and why; not kept of what was superseded."""
    page: TracedPage | None
    """The bytes that it was read from."""
    document: TracedDocument
    """What carried it."""


@form
class TracedStretch:
    """A stretch of the text that says nothing of the story."""

    start: Count
    """Offset of its first character."""
    end: Count
    """Offset behind its last one."""
    reason: CutReason
    """What it is."""


@form
class TracedArticle:
    """An article, and what it was read from."""

    id: str
    """Its id."""
    state: str
    """`in_force`; `revised`: no document has these words now; `superseded`: a later extractor reads otherwise."""
    followed_by: tuple[str, ...]
    """Ids of the articles that took its place, where it is not in force."""
    supersedes: str | None
    """Id of what an earlier extractor read in the same bytes."""
    near_duplicate_of: str | None
    """Id of the article that leads the story, where this one only resembles it."""
    language: str
    """BCP 47 tag."""
    characters: Count
    """Length of its text."""
    run: int
    """Run that stored the text."""
    language_run: int
    """Run that told the language."""
    boilerplate: tuple[TracedStretch, ...]
    """Stretches of the text that say nothing of the story."""
    readings: tuple[TracedReading, ...]
    """The one that speaks for it first; of what is told of an agreement or a topic, only that one."""
    copies: Count
    """How many readings there are in all."""


@form
class TracedParty:
    """A party as a sentence names it."""

    name: str
    """Its name as the article gives it."""
    organisation: str
    """The own name of the organisation that it leads to."""
    organisation_id: str
    """Id of that organisation."""
    start: Count | None
    """Offset of the name in the article's text; null where the sentence carries it over."""
    end: Count | None
    """Offset behind it."""


@form
class TracedMention:
    """A sentence of an article that states an agreement."""

    mention: int
    """Its number."""
    agreement: str
    """Id of the agreement that it counts for."""
    attached: str | None
    """Id of the one that the rules attached it to, where a person merged that into another."""
    article: str
    """Id of the article."""
    start: Count
    """Offset of the sentence in the article's text."""
    end: Count
    """Offset behind it."""
    evidence: str
    """The sentence."""
    stands: bool
    """Whether the article's text has the sentence at these offsets."""
    parties: tuple[TracedParty, ...]
    """Who it names."""
    kind: Kind
    """What sort of agreement."""
    status: Status
    """How far it says it has come."""
    is_news: bool
    """Whether the article reports it as current."""
    signed_on: str | None
    """When it was signed, by this sentence."""
    confidence: Score
    """How sure the rules are."""
    run: int
    """Run that found it."""
    superseded_run: int | None
    """Run after which it is not said any more."""


@form
class TracedEvent:
    """Something that happened to an agreement in the ledger."""

    at: str
    """When, UTC."""
    event: str
    """What: opened, status_changed, confirmed, corrected, merged, split, dismissed, restored or emptied."""
    old_status: Status | None
    """The status before."""
    new_status: Status | None
    """The status from then on."""
    mention: int | None
    """Number of the sentence that led to it."""
    other: str | None
    """Of a merge or split: id of the other agreement."""
    run: int | None
    """In which run."""
    person: str | None
    """By whom, where a person did it."""
    detail: str | None
    """A sentence for people."""


@form
class TracedAgreement:
    """An agreement of the ledger, whatever became of it."""

    id: str
    """Its id."""
    state: str
    """`in_force`; `merged` into another; `dismissed` by a person; or `emptied`: no article tells of it any more."""
    stands_for: str
    """Id of the agreement that it leads to: its own, unless it was merged."""
    kind: Kind
    """What sort of agreement."""
    status: Status
    """How far it has come."""
    is_news: bool
    """Whether any article reports it as current."""
    signed_on: str | None
    """When it was signed, cut to what is known."""
    confidence: Score
    """Of the surest mention."""
    parties: tuple[AgreementParty, ...]
    """Who agreed."""
    run: int
    """Run that opened it."""
    events: tuple[TracedEvent, ...]
    """What happened to it, first to last."""


@form
class TracedRuling:
    """What a person ruled."""

    kind: str
    """topic, not_an_agreement, same_agreement, …"""
    holds: bool
    """Whether it is affirmed."""
    person: str
    """Who."""
    made_at: str
    """When, UTC."""
    note: str | None
    """Why, if they said."""
    other: str | None
    """Id of the other agreement, or of the earlier wording on which a ruling on a topic was made."""
    revoked_at: str | None
    """When it was taken back, UTC."""


@form
class TracedTopic:
    """A topic of an article: what the machine said, and what people ruled."""

    article: str
    """Id of the article."""
    topic: str
    """The topic."""
    is_in_force: bool
    """Whether the article has it now."""
    score: Score | None
    """What the machine said last; null where it never did."""
    evidence: tuple[Evidence, ...]
    """The words that earned it."""
    run: int | None
    """Run that gave it; null where only a person says so."""
    superseded_run: int | None
    """Run after which the machine does not say so any more."""


@form
class Trace:
    """What a row rests on, all the way to the raw bytes and the run that made it."""

    what: str
    """`agreement`, `article`, `topic`, `mention` or `party`."""
    id: str
    """Its whole id."""
    notes: tuple[str, ...]
    """What must be known of it, in sentences: that it was superseded, dismissed, ruled by a person, and the like."""
    agreement: TracedAgreement | None
    """The agreement, unless an article or topic is traced."""
    topic: TracedTopic | None
    """The topic, where one is traced."""
    party: str | None
    """Id of the organisation, where a party is traced."""
    mentions: tuple[TracedMention, ...]
    """The sentences that it rests on, the best first; of an article, those that state an agreement."""
    articles: tuple[TracedArticle, ...]
    """The articles in which they stand."""
    rulings: tuple[TracedRuling, ...]
    """What people ruled about it."""
    runs: tuple[TracedRun, ...]
    """Every run that is named above."""
