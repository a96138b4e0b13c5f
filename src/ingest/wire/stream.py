"""The lines that `ingest annotate` and `ingest extract` print."""

from __future__ import annotations

from ingest.documents import Access, Kind, Reason, Status
from ingest.wire.form import Count, Score, form

__all__ = [
    "AnnotatedAgreement",
    "AnnotatedTopic",
    "Annotation",
    "AnnotationError",
    "Drop",
    "Extraction",
    "TopicEvidence",
]


@form
class TopicEvidence:
    """Words of the given text that earned a topic."""

    start: Count
    """Offset of its first character in the given text."""
    end: Count
    """Offset behind its last character."""
    text: str
    """The words: the given text from start to end."""


@form
class AnnotatedTopic:
    """A topic that a given text is about."""

    topic: str
    """Its name in the taxonomy, such as `fintech`."""
    score: Score
    """How sure the classifier is."""
    evidence: tuple[TopicEvidence, ...]
    """Where the text says so; empty where only the title does."""


@form
class AnnotatedAgreement:
    """What a given text states about one agreement."""

    parties: tuple[str, ...]
    """Who agreed, in the fullest form in which the text names each, in the order of the text."""
    kind: Kind
    """What sort of agreement."""
    status: Status
    """How far it has come."""
    is_news: bool
    """Whether the text reports it as current, as against background."""
    signed_on: str | None
    """When it was signed, cut to what is known: `2024`, `2024-03` or `2024-03-14`."""
    evidence: str
    """The sentence that says so: the given text from start to end."""
    start: Count
    """Offset of its first character in the given text."""
    end: Count
    """Offset behind its last character."""
    confidence: Score
    """How sure the rules are."""


@form
class Annotation:
    """What `ingest annotate` prints for one record; offsets are half-open and count characters of the given text."""

    id: str | int | None
    """The record's own id; null where it has none."""
    language: str
    """BCP 47 tag of the text, `und` where it cannot be told."""
    topics: tuple[AnnotatedTopic, ...]
    """Topics, best first."""
    agreements: tuple[AnnotatedAgreement, ...]
    """Agreements, in the order of the text."""


@form
class AnnotationError:
    """What `ingest annotate` prints for a line that it cannot read."""

    id: str | int | None
    """The record's id, where that much could be read."""
    error: str
    """What is wrong with the line, and which line it is."""


@form
class Drop:
    """Why a document was dropped."""

    reason: Reason
    """Out of a closed set."""
    detail: str
    """What was found, and what to do about it."""


@form
class Extraction:
    """What `ingest extract` prints for one file."""

    path: str
    """The file, as it was named on the command line."""
    url: str | None
    """Where it was published, as far as the file or `--url` says."""
    title: str | None
    """Headline."""
    byline: str | None
    """Authors, joined by '; '."""
    publisher: str | None
    """Name of the outlet."""
    published_at: str | None
    """When it was published, ISO 8601, no more precise than the document says."""
    modified_at: str | None
    """When it was last changed, likewise."""
    language: str | None
    """BCP 47 tag of the text, `und` where it cannot be told; null where the file was dropped."""
    text: str | None
    """The body, an empty line between paragraphs; null where the file was dropped."""
    dropped: Drop | None
    """Why there is no article; null where there is one."""
    section: str | None = None
    """The desk or column that it ran in."""
    keywords: tuple[str, ...] = ()
    """Its publisher's keywords."""
    image: str | None = None
    """Address of the picture that stands for it."""
    access: Access | None = None
    """Who may read it on its page; `stub`: only its beginning is here; null where the page does not say."""
    future_date: str | None = None
    """A stated date of publication that lies in the future; never believed."""
