"""The frozen types that cross from one stage to the next.

A document's way, and the type it has on it:

    Page ── extract ──> Article ── annotate ──> Annotated ── store ──> Outcome
      └────────┴── Dropped ─────────────────────────────────────────────┘

Offsets are half-open and count Unicode code points of `Article.text`, unless a docstring says otherwise.
Times are aware; a `Moment` is a date as precise as its source gave it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

__all__ = [
    "Access",
    "Annotated",
    "Article",
    "Boilerplate",
    "Cut",
    "CutReason",
    "Detected",
    "Dropped",
    "Fate",
    "Fingerprint",
    "Hints",
    "Kind",
    "Label",
    "Language",
    "MediaType",
    "Mention",
    "Moment",
    "Origin",
    "Outcome",
    "Page",
    "Party",
    "Place",
    "Precision",
    "Reason",
    "Share",
    "Span",
    "Stage",
    "Status",
    "Tally",
    "TopicOrigin",
]


class Stage(StrEnum):
    """The stages of the pipeline, in the order in which `pipeline.py` runs them."""

    SOURCE = "source"
    FETCH = "fetch"
    EXTRACT = "extract"
    DEDUPLICATE = "deduplicate"
    LANGUAGE = "language"
    TOPICS = "topics"
    AGREEMENTS = "agreements"
    STORE = "store"


class Reason(StrEnum):
    """Why a document was dropped; a closed set, so that drops can be counted."""

    EMPTY = "empty"  # no bytes, or only white space
    TOO_LARGE = "too_large"  # above `Settings.max_bytes`, before or after decompression
    NOT_TEXT = "not_text"  # the bytes are an image, a PDF, an archive, … whatever the name says
    UNSUPPORTED_TYPE = "unsupported_type"  # a file name or media type that no reader takes
    UNDECODABLE = "undecodable"  # no encoding reads the bytes as text
    UNREADABLE = "unreadable"  # the operating system refused
    VANISHED = "vanished"  # listed, then gone before it was read
    STILL_CHANGING = "still_changing"  # was being written while it was read
    OUTSIDE_FOLDER = "outside_folder"  # a symbolic link that leaves the folder
    CORRUPT_ARCHIVE = "corrupt_archive"  # gzip that does not unpack
    MALFORMED_RECORD = "malformed_record"  # a line of JSON lines that is not a record
    NESTED_TOO_DEEP = "nested_too_deep"  # HTML that the parser cannot follow and that holds no plain text either
    NO_ARTICLE = "no_article"  # nothing was left once page furniture was cut
    INDEX_PAGE = "index_page"  # a front page, a section, a list of results
    GALLERY = "gallery"  # pictures and captions
    LOGIN_WALL = "login_wall"  # asks to log in, or to subscribe, and shows nothing
    CONSENT_PAGE = "consent_page"  # asks for consent to cookies first
    BOT_CHALLENGE = "bot_challenge"  # asks whether the reader is a robot
    ERROR_PAGE = "error_page"  # 'not found' and the like, served as if it were a page
    PARSER_FAILED = "parser_failed"  # the HTML parser raised; the detail says what
    PARSER_TIMED_OUT = "parser_timed_out"  # the parser ran over its time
    PARSER_OUT_OF_MEMORY = "parser_out_of_memory"  # the parser wanted more than a page may have
    CRASHED_REPEATEDLY = "crashed_repeatedly"  # killed its worker several times
    STAGE_FAILED = "stage_failed"  # a stage raised: a defect of ours, recorded so that the rest goes on


class MediaType(StrEnum):
    """What `extract` can read."""

    HTML = "text/html"
    PLAIN = "text/plain"
    MARKDOWN = "text/markdown"
    RECORD = "application/json"  # one line of JSON lines: {"id","url","title","text","published"}


class Access(StrEnum):
    """Who may read an article on its page."""

    FREE = "free"  # anybody, as the page says
    METERED = "metered"  # anybody, a few a month
    PAYWALLED = "paywalled"  # those who pay; the text may be whole all the same
    STUB = "stub"  # the text is only the beginning: the page asks to subscribe or log in for the rest


class Precision(StrEnum):
    """How much of a `Moment` its source gave."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


_LENGTHS = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}


class Origin(StrEnum):
    """Where a piece of metadata was read."""

    RECORD = "record"  # a field of a JSON line, or what a feed said
    JSON_LD = "json-ld"
    OPEN_GRAPH = "open-graph"
    META = "meta"
    VISIBLE = "visible-text"
    URL = "url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date or time, no more precise than its source.

    Attributes:
        iso: ISO 8601, cut to the precision: `2024`, `2024-03`, `2024-03-14`, or, only where the zone is known,
            `2024-03-14T12:10:00+08:00`.
        precision: Which of these it is.
        origin: Where it was read.
    """

    iso: str
    precision: Precision
    origin: Origin = Origin.VISIBLE

    @property
    def earliest(self) -> datetime:
        """The first instant that it may mean, in UTC (a date without zone is taken as UTC)."""
        padded = self.iso + "0001-01-01"[len(self.iso) :] if len(self.iso) < 10 else self.iso
        read = datetime.fromisoformat(padded)
        return (read.replace(tzinfo=UTC) if read.tzinfo is None else read).astimezone(UTC)

    @property
    def day(self) -> str:
        """The ISO date part, cut to the precision: at most ten characters."""
        return self.iso[: _LENGTHS.get(self.precision, 10)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a source says about a page outside the page's own bytes; a page's own statement wins over a hint."""

    title: str | None = None
    byline: str | None = None
    publisher: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Raw bytes as they arrived.

    Attributes:
        source: Name of the source that found it.
        key: Its identity within the source: canonical URL, path relative to the folder (`/` as separator), or record
            id. Never an absolute path.
        content: The raw bytes, already unpacked where the file was compressed.
        media_type: How `extract` is to read them.
        url: Where it was published, if known.
        charset: What a transport said of the encoding (an HTTP header), if anything; the bytes' own evidence wins.
        hints: What the source says about it.
        time_zone: IANA zone for times that carry none; empty where the source has none, and then a time without a zone
            is believed to the day only.
    """

    source: str
    key: str
    content: bytes = field(repr=False)
    media_type: MediaType
    url: str | None = None
    charset: str | None = None
    hints: Hints = field(default_factory=Hints)
    time_zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A document that goes no further, and why. A value, never an exception: one bad item does not sink a batch.

    Attributes:
        source: Name of the source, empty where there is none (`ingest annotate`).
        key: As in `Page`.
        stage: The stage that gave up.
        reason: Out of the closed set.
        detail: One sentence for people: what was found, and what to do about it. Names no absolute path.
        url: Where it was published, if known.
    """

    source: str
    key: str
    stage: Stage
    reason: Reason
    detail: str
    url: str | None = None


class CutReason(StrEnum):
    """Why a piece of a page is not part of its article."""

    REPEATED_HEADLINE = "repeated_headline"
    REPEATED_TEXT = "repeated_text"
    DATELINE = "dateline"
    BYLINE = "byline"
    RELEASE_TIME = "release_time"
    PUBLISHER = "publisher"
    CAPTION = "caption"
    SHARE = "share"  # share, subscribe, follow-us and newsletter lines
    READ_MORE = "read_more"
    RELATED_STORY = "related_story"  # teasers of other stories
    NAVIGATION = "navigation"
    PAGE_NUMBER = "page_number"
    GARBLED = "garbled"  # what is left of characters that an earlier hand could not encode
    CONTACT = "contact"  # press contacts: names, e-mail addresses, telephone numbers
    LEGAL = "legal"  # disclaimers, forward-looking statements, copyright
    ABOUT = "about"  # a release's 'About the company'


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A piece that cleaning took out of the text, kept so that it can be shown.

    Attributes:
        text: What was cut, as it stood.
        reason: Why.
        position: Offset in `Article.text` at which it stood.
    """

    text: str
    reason: CutReason
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Boilerplate:
    """A stretch that stays in the text but says nothing of the story: topics and agreements never come from it."""

    start: int
    end: int
    reason: CutReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A cleaned article.

    Attributes:
        text: Body without headline and page furniture, NFC, an empty line between paragraphs, no control characters but
            the line feed, no lone surrogates. Never empty.
        title: Headline, without the site's name where that can be told.
        byline: Authors as given, without 'By' and e-mail address; several are joined by '; '.
        publisher: Name of the outlet.
        url: Canonical URL.
        published: When it was published; None where the document does not say (never guessed).
        modified: When it was last changed, likewise.
        declared_language: Language tag that the page declares, if it does.
        cuts: What cleaning removed, in the order of the text.
        boilerplate: What stays in `text` but is not the story, in order, not overlapping.
        title_origin: Where the title was read; likewise for all that end so.
        section: The desk or column that it ran in, as its publisher calls it.
        keywords: Its publisher's keywords, without repetitions.
        image: Address of the picture that stands for it.
        access: Who may read it on its page; None where the page does not say.
        future_date: A date of publication that the page states and that lies in the future, ISO 8601 as far as given:
            never believed, and kept for whoever asks why there is none.
    """

    text: str
    title: str | None = None
    byline: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: Moment | None = None
    modified: Moment | None = None
    declared_language: str | None = None
    cuts: tuple[Cut, ...] = ()
    boilerplate: tuple[Boilerplate, ...] = ()
    title_origin: Origin | None = None
    byline_origin: Origin | None = None
    publisher_origin: Origin | None = None
    section: str | None = None
    section_origin: Origin | None = None
    keywords: tuple[str, ...] = ()
    keywords_origin: Origin | None = None
    image: str | None = None
    image_origin: Origin | None = None
    access: Access | None = None
    access_origin: Origin | None = None
    future_date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A language and the share of the text's letters that is written in it, 0 to 1."""

    tag: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The language of a text.

    Attributes:
        tag: BCP 47: `en`, `zh-Hans`, `zh-Hant`, `ja`, …; `und` where there is too little text to tell.
        confidence: 0 to 1.
        others: Further languages of a mixed document, largest share first.
    """

    tag: str
    confidence: float
    others: tuple[Share, ...] = ()


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


class TopicOrigin(StrEnum):
    """Who says that an article has a topic."""

    MACHINE = "machine"
    ANALYST = "analyst"  # added it, or confirmed what the machine said


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
class Fingerprint:
    """What `deduplicate` needs to find a text again.

    Attributes:
        text_sha256: Hex digest of the normalised text; equal digests are exact duplicates.
        bands: Keys of the MinHash bands, signed 64-bit.
        scheme: Version of normalisation, shingling and banding; bands of different schemes are not comparable.
    """

    text_sha256: str
    bands: tuple[int, ...]
    scheme: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """An article with everything that the stages say of it: ready to be stored."""

    article: Article
    fingerprint: Fingerprint
    language: Language
    topics: tuple[Label, ...]
    mentions: tuple[Mention, ...]


class Fate(StrEnum):
    """What became of a document in a run."""

    NEW = "new"
    REVISED = "revised"  # the same document with other words: a further revision
    UNCHANGED = "unchanged"
    RENAMED = "renamed"  # known by its content under another key that is gone
    COPY = "copy"  # the text of another document, kept as a further appearance of it
    NEAR_DUPLICATE = "near_duplicate"  # stored, and linked to the story it resembles
    DROPPED = "dropped"
    BUSY = "busy"  # another worker has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """An agreement that a document told of, as the ledger has it now."""

    agreement_id: str
    is_new: bool  # opened in the ledger by this document
    status_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one document.

    Attributes:
        source: Name of the source.
        key: As in `Page`.
        fate: What became of it.
        article_id: Public id of the article it now stands for, unless it was dropped before it ever had one.
        other: Key of the document that it copies, resembles or was renamed from.
        similarity: Of a near-duplicate, 0 to 1.
        dropped: Why, where it was dropped.
        agreements: What the ledger made of its mentions.
    """

    source: str
    key: str
    fate: Fate
    article_id: str | None = None
    other: str | None = None
    similarity: float | None = None
    dropped: Dropped | None = None
    agreements: tuple[Detected, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The counts of a run: documents by fate, and agreements newly detected."""

    fates: tuple[tuple[Fate, int], ...]
    new_agreements: int
    elapsed: timedelta

    def count(self, fate: Fate) -> int:
        """Documents of that fate."""
        return dict(self.fates).get(fate, 0)

    @property
    def documents(self) -> int:
        """Documents in all."""
        return sum(number for _, number in self.fates)
