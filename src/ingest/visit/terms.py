"""What every visit of a worker shares."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeAlias

from ingest.documents import Answer, Failure, FailureClass, Listing, Reason, SourceKind, Unlisted, Validators
from ingest.errors import IngestError
from ingest.fetch import unpacked
from ingest.fetch.failures import Refusal
from ingest.fetch.turns import NotYet
from ingest.store.database import Database
from ingest.store.runs import Run

__all__ = ["LISTING_ACCEPT", "PAGE_ACCEPT", "Fetcher", "Reader", "Readers", "VisitTerms", "Worker", "standard_readers"]

LISTING_ACCEPT = (
    "application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,text/xml;q=0.9,"
    "application/json;q=0.8,*/*;q=0.5"
)
PAGE_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5"


class Reader(Protocol):
    """Reads one form of listing."""

    def __call__(self, body: bytes, *, content_type: str | None, base_url: str, now: datetime) -> Listing | Unlisted:
        """Read it; nothing raises on any bytes."""
        ...


Readers: TypeAlias = Mapping[SourceKind, Reader]


class Fetcher(Protocol):
    """Brings what is at an address; `fetch.polite.Polite` is one."""

    def get(
        self, url: str, *, validators: Validators | None = None, accept: str = "*/*", max_bytes: int | None = None
    ) -> Answer | Failure | NotYet:
        """Ask for an address."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTerms:
    """On what terms sources are visited.

    Attributes:
        first_entries: Of the newest entries of a source that is new, so many at most.
        first_days: Entries older than that when the source was new are never fetched.
        pages: At most so many in one visit; the rest waits for the next.
        seconds: A visit begins no further page after that.
        attempts: A page that could not be fetched so often is dropped.
        max_bytes: Of a listing or page.
        time_zone: IANA zone for times that carry none, of sources that have none of their own.
    """

    first_entries: int = 50
    first_days: int = 30
    pages: int = 100
    seconds: float = 300.0
    attempts: int = 6
    max_bytes: int = 20_000_000
    time_zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Who visits: its run, and what it visits with.

    Attributes:
        database: The store.
        run: That holds the claims.
        fetcher: Brings what is at an address.
        readers: Of listings, by the kind of source.
        terms: On what terms.
        now: Tells the time.
        chance: Gives numbers from 0 up to 1, to spread waits with.
        stopping: Whether no further page is to be begun.
    """

    database: Database
    run: Run
    fetcher: Fetcher
    readers: Readers
    terms: VisitTerms = field(default_factory=VisitTerms)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    chance: Callable[[], float] = random.random
    stopping: Callable[[], bool] = lambda: False

    @property
    def oldest(self) -> timedelta:
        """How old an entry of a new source may be."""
        return timedelta(days=self.terms.first_days)

    def get(
        self, url: str, *, validators: Validators | None = None, accept: str = PAGE_ACCEPT
    ) -> Answer | Failure | NotYet:
        """Ask for an address; a defect of ours on the way costs this address, and not all others.

        Raises:
            IngestError: The store gave up.
        """
        try:
            return self.fetcher.get(url, validators=validators, accept=accept, max_bytes=self.terms.max_bytes)
        except IngestError:
            raise
        except Exception as defect:  # noqa: BLE001 - the boundary at which a defect becomes a recorded reason
            return _defective(defect)

    def read(self, kind: SourceKind, answer: Answer) -> Listing | Failure:
        """Read the listing that came, unpacked where it came packed; a defect of ours costs this listing alone."""
        try:
            body = unpacked(answer.content, max_bytes=self.terms.max_bytes)
            read = self.readers[kind](body, content_type=answer.content_type, base_url=answer.url, now=self.now())
        except Refusal as refusal:
            return refusal.failure
        except Exception as defect:  # noqa: BLE001 - as in `get`
            return _defective(defect)
        if isinstance(read, Unlisted):
            return Failure(
                kind=FailureClass.PARSE, reason=Reason.NOT_A_LISTING, detail=read.detail, status=answer.status
            )
        return read


def _defective(defect: Exception) -> Failure:
    detail = f"This is a defect of ingest ({type(defect).__name__}: {str(defect)[:300]}); please report it."
    return Failure(kind=FailureClass.PARSE, reason=Reason.STAGE_FAILED, detail=detail)


def standard_readers() -> Readers:
    """The readers of all kinds of listing."""
    from ingest.sources.feed import read_feed  # noqa: PLC0415 - brings XML parsers in
    from ingest.sources.sitemap import read_sitemap  # noqa: PLC0415 - likewise
    from ingest.sources.urls import read_urls  # noqa: PLC0415 - likewise

    return {SourceKind.FEED: read_feed, SourceKind.SITEMAP: read_sitemap, SourceKind.URLS: read_urls}
