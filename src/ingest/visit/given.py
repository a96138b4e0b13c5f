"""Addresses that a person gave: pages, or listings whose pages are wanted, taken in at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from ingest.documents import Answer, Dropped, Entry, Failure, Lead, Listing, Page, Reason, SourceKind, Stage
from ingest.extract.urls import canonical_url
from ingest.fetch.turns import NotYet
from ingest.mask import mask_user
from ingest.visit.pages import dropped, to_page
from ingest.visit.terms import LISTING_ACCEPT, Worker

__all__ = ["GIVEN", "Given"]

GIVEN = "given"
"""Name of the source under which such pages are kept; it is never due."""

_LISTINGS = (SourceKind.FEED, SourceKind.SITEMAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A source of the pipeline: what is at some addresses.

    Attributes:
        worker: Who fetches.
        urls: Pages, feeds or sitemaps.
        name: What people call it.
        kind: What sort it is.
        address: What it is known by.
    """

    worker: Worker
    urls: Sequence[str]
    name: str = GIVEN
    kind: str = SourceKind.PAGE.value
    address: str = field(default=GIVEN)

    @property
    def is_whole(self) -> bool:
        """Never: what a person gives by hand is always a first contact."""
        return False

    def holds(self, key: str) -> bool:  # noqa: ARG002 - the signature is that of every source
        """Tell that a page is still there: nobody can know without asking."""
        return True

    def __iter__(self) -> Iterator[Page | Dropped]:
        """Fetch each; of a listing, the newest pages that it names, as many as of a source that is new."""
        for url in self.urls:
            lead = self._lead(Entry(url=url))
            answer = self.worker.get(url, accept=LISTING_ACCEPT)
            listing = self._listing(answer) if isinstance(answer, Answer) else None
            if listing is None:
                yield self._page(lead, answer)
                continue
            for entry in listing.entries[: self.worker.terms.first_entries]:
                named = self._lead(entry)
                yield self._page(named, self.worker.get(entry.url))

    def _lead(self, entry: Entry) -> Lead:
        shown = replace(entry, url=mask_user(entry.url))
        return Lead(source=self.name, key=canonical_url(shown.url, ()) or shown.url, entry=shown)

    def _listing(self, answer: Answer) -> Listing | None:
        read = (self.worker.read(kind, answer) for kind in _LISTINGS)
        return next((each for each in read if isinstance(each, Listing)), None)

    def _page(self, lead: Lead, answer: Answer | Failure | NotYet) -> Page | Dropped:
        if isinstance(answer, NotYet):
            return Dropped(
                source=lead.source,
                key=lead.key,
                url=lead.entry.url,
                stage=Stage.FETCH,
                reason=Reason.TOO_MANY_REQUESTS,
                detail=f"Its host is to be left alone for {_rounded(answer.wait)}; run it again then.",
            )
        if isinstance(answer, Failure):
            return dropped(lead, answer)
        return to_page(lead, answer, time_zone=self.worker.terms.time_zone)


def _rounded(wait: timedelta) -> timedelta:
    return timedelta(seconds=round(wait.total_seconds()))
