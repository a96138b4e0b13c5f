"""What arrives, and what goes no further."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

__all__ = ["Dropped", "Hints", "MediaType", "Page", "Reason", "Stage", "Transport"]


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
    CORRUPT_ARCHIVE = "corrupt_archive"  # gzip that does not unpack, or a web archive that breaks off
    MALFORMED_RECORD = "malformed_record"  # a line of JSON lines, or a piece of a web archive, that is not a record
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
    BAD_URL = "bad_url"  # no address of http or https, or longer than any that is used
    CREDENTIALS_IN_URL = "credentials_in_url"  # a user name in an address; it would be stored and shown
    ADDRESS_REFUSED = "address_refused"  # the host is in a private or reserved network
    ROBOTS_DISALLOW = "robots_disallow"  # robots.txt asks to leave it alone
    ROBOTS_UNREACHABLE = "robots_unreachable"  # robots.txt cannot be had, so that nothing is allowed for a while
    NAME_NOT_FOUND = "name_not_found"  # DNS knows no such host
    CONNECTION_FAILED = "connection_failed"  # refused, reset, or closed in the middle
    TLS_FAILED = "tls_failed"  # the certificate is not that of the host, or the two found no common ground
    TIMED_OUT = "timed_out"  # not answered as a whole within the time that a request may take
    BAD_ANSWER = "bad_answer"  # no HTTP, or a header that no server may send
    UNSUPPORTED_ENCODING = "unsupported_encoding"  # packed in a way that was not asked for
    TOO_MANY_REDIRECTS = "too_many_redirects"
    REDIRECT_LOOP = "redirect_loop"
    NOT_FOUND = "not_found"  # 404
    GONE = "gone"  # 410
    FORBIDDEN = "forbidden"  # 401, 403, 451 and the like
    TOO_MANY_REQUESTS = "too_many_requests"  # 429
    SERVER_ERROR = "server_error"  # 5xx
    HTTP_ERROR = "http_error"  # any other status that brings no page
    NOT_A_LISTING = "not_a_listing"  # no feed, sitemap or list where one was expected
    BEFORE_FIRST_CONTACT = "before_first_contact"  # listed before the source was added, and older than was asked for
    KNOWN_ELSEWHERE = "known_elsewhere"  # another source brings the same address
    FORGOTTEN = "forgotten"  # removed by request, and kept out by its address, its text or its bytes
    STAGE_FAILED = "stage_failed"  # a stage raised: a defect of ours, recorded so that the rest goes on


class MediaType(StrEnum):
    """What `extract` can read."""

    HTML = "text/html"
    PLAIN = "text/plain"
    MARKDOWN = "text/markdown"
    RECORD = "application/json"  # one line of JSON lines: {"id","url","title","text","published"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a source says about a page outside the page's own bytes; a page's own statement wins over a hint."""

    title: str | None = None
    byline: str | None = None
    publisher: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport:
    """How a page came over HTTP, for the record.

    Attributes:
        status: Of the last answer.
        redirects: Addresses that were left behind, in order.
        etag: The validator for the next time; likewise `last_modified`.
        elapsed_ms: From the first request to the last byte.
    """

    status: int
    redirects: tuple[str, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    elapsed_ms: int = 0


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
        transport: How it came, where that was over HTTP.
        fetched_at: When it was captured, where that was not just now: of a web archive.
    """

    source: str
    key: str
    content: bytes = field(repr=False)
    media_type: MediaType
    url: str | None = None
    charset: str | None = None
    hints: Hints = field(default_factory=Hints)
    time_zone: str = ""
    transport: Transport | None = None
    fetched_at: datetime | None = None


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
