"""What the stages say of an article: topics, agreements, and the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ingest.documents.articles import Article, Fingerprint, Language
from ingest.documents.moments import Moment

__all__ = ["Annotated", "Kind", "Label", "Mention", "Party", "Place", "Span", "Status"]


class Place(StrEnum):
    """Where a piece of evidence stands."""

    TITLE = "title"  # offsets count from the start of the title
    LEDE = "lede"
    BODY = "body"
    FIELD = "field"  # named as a field of an agreement, policy or programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of evidence: half-open offsets into `Article.text`, or into the title where `place` is TITLE."""

    start: int
    end: int
    text: str
    place: Place = Place.BODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A topic of an article, with a score of 0 to 1 and the spans that earned it. At least one span."""

    topic: str
    score: float
    evidence: tuple[Span, ...]


class Kind(StrEnum):
    """What sort of agreement; a document type named in the text wins over its substance."""

    MOU = "mou"
    STRATEGIC_PARTNERSHIP = "strategic_partnership"
    JOINT_VENTURE = "joint_venture"
    JOINT_FACILITY = "joint_facility"
    LICENSING = "licensing"
    COOPERATION_AGREEMENT = "cooperation_agreement"


class Status(StrEnum):
    """How far an agreement has come."""

    PLANNED = "planned"
    SIGNED = "signed"
    RENEWED = "renewed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party to an agreement, in the fullest form in which the article names it.

    Attributes:
        name: That form, without ticker symbols, as it stands in the article.
        start: Where the mention that led to it stands in `Article.text`; None where it was carried over by reference
            ('both sides') and has no words of its own in the sentence.
        end: Likewise.
    """

    name: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """What an article states about one agreement.

    Attributes:
        parties: At least one, in the order of the text.
        kind: What sort.
        status: How far it has come.
        is_news: Whether the article reports it as current, as against background.
        signed_on: When it was signed, if the article says so or it follows from the published date.
        fields: Fields of cooperation as the sentence names them.
        value: Sum of money as given, if any.
        start: Where the evidence sentence begins in `Article.text`.
        end: Where it ends.
        evidence: `Article.text[start:end]`.
        confidence: 0 to 1.
    """

    parties: tuple[Party, ...]
    kind: Kind
    status: Status
    is_news: bool
    start: int
    end: int
    evidence: str
    confidence: float
    signed_on: Moment | None = None
    fields: tuple[str, ...] = ()
    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """An article with everything that the stages say of it: ready to be stored."""

    article: Article
    fingerprint: Fingerprint
    language: Language
    topics: tuple[Label, ...]
    mentions: tuple[Mention, ...]
