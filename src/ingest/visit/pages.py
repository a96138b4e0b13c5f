"""The pages of a source that wait, fetched one after the other: what the pipeline takes from a visit."""

from __future__ import annotations

import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from ingest.documents import (
    Answer,
    Dropped,
    Failure,
    FailureClass,
    Fate,
    Lead,
    Outcome,
    Page,
    SourceKind,
    Stage,
    Transport,
    Validators,
)
from ingest.fetch import media_type
from ingest.fetch.bodies import charset
from ingest.fetch.failures import Refusal
from ingest.fetch.pace import back_off
from ingest.fetch.turns import NotYet
from ingest.store.leads import Waiting, defer, postpone, settle, waiting
from ingest.store.visits import Due, keep_alive
from ingest.visit.listing import hear_page
from ingest.visit.terms import Worker

__all__ = ["Visit", "dropped", "to_page"]

_TRUST = 3  # failures in a row that pass, after which a host is not asked for more on this visit
_FIRST_RETRY = timedelta(minutes=10)


@dataclass(slots=True, kw_only=True)
class Visit:
    """A source of the pipeline: the pages of one visit.

    Attributes:
        worker: Who visits.
        due: The source.
        postponed: Pages that could not be fetched and are to be tried again.
        unchanged: Pages of which the server says that they have not changed.
        moved_to: Where a single page that is the source has moved for good.
    """

    worker: Worker
    due: Due
    postponed: int = 0
    unchanged: int = 0
    moved_to: str | None = None
    _fetched: dict[str, tuple[int, Validators | None]] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """What people call the source."""
        return self.due.name

    @property
    def kind(self) -> str:
        """What sort it is."""
        return self.due.kind.value

    @property
    def address(self) -> str:
        """Where it is."""
        return self.due.address

    @property
    def is_whole(self) -> bool:
        """Never: its listing is recorded apart, and pages may wait for a later visit."""
        return False

    def holds(self, key: str) -> bool:  # noqa: ARG002 - the signature is that of every source
        """Tell that a page is still there: that a listing has dropped it says nothing of it."""
        return True

    def __iter__(self) -> Iterator[Page | Dropped]:
        """Fetch what waits, and yield it. A host that is not to be asked keeps only its own pages waiting."""
        terms = self.worker.terms
        until = time.monotonic() + terms.seconds
        hosts = _Resting()
        for each in waiting(self.worker.database, self.due, limit=terms.pages):
            if time.monotonic() > until or self.worker.stopping():
                break
            if hosts.keeps(each):
                continue
            # After a failure a page that is a source is asked for unconditionally, as listings are.
            believed = self.due.kind is not SourceKind.PAGE or self.due.failures == 0
            came = self.worker.get(each.lead.entry.url, validators=each.validators if believed else None)
            if isinstance(came, NotYet):
                hosts.rest(each, came.wait)
                continue
            keep_alive(self.worker.database, self.due)  # a host may have kept us waiting for longer than a lease
            hosts.count(each, in_vain=isinstance(came, Failure) and came.passes)
            found = self._take(each, came)
            if self.due.kind is SourceKind.PAGE:
                self.moved_to = hear_page(self.worker, self.due, _as_listing(came, found))
            if found is not None:
                yield found
        for documents, wait in hosts.kept():
            defer(self.worker.database, self.due, documents, wait=wait)

    def _take(self, each: Waiting, came: Answer | Failure) -> Page | Dropped | None:
        """What the pipeline is to have of an answer, if anything."""
        if isinstance(came, Failure):
            if came.passes and each.attempts + 1 < self.worker.terms.attempts:
                self._postpone(each, came)
                return None
            self._fetched[each.lead.key] = (each.document_id, None)
            return dropped(each.lead, came, attempts=each.attempts + 1)
        if came.is_unchanged:
            self.unchanged += 1
            settle(self.worker.database, self.due, each.document_id, validators=None)
            return None
        self._fetched[each.lead.key] = (each.document_id, came.validators)
        return to_page(each.lead, came, time_zone=self.worker.terms.time_zone)

    def _postpone(self, each: Waiting, failure: Failure) -> None:
        self.postponed += 1
        wait = back_off(each.attempts + 1, random=self.worker.chance, first=_FIRST_RETRY, at_least=failure.retry_after)
        postpone(self.worker.database, self.worker.run, self.due, each, failure, wait=wait)

    def settle(self, outcome: Outcome) -> None:
        """Take note of what became of a page: it need not be fetched any more; if another worker has it, not soon.

        Raises:
            ClaimLostError: Another worker visits the source.
            StoreError: The store cannot be written.
        """
        document, validators = self._fetched.pop(outcome.key, (None, None))
        if document is None:
            return
        if outcome.fate is Fate.BUSY:
            defer(self.worker.database, self.due, (document,), wait=_FIRST_RETRY)
        else:
            settle(self.worker.database, self.due, document, validators=validators)


@dataclass(slots=True, kw_only=True)
class _Resting:
    """The hosts that are not asked for more on a visit, and the pages that wait for them."""

    waits: dict[str, timedelta] = field(default_factory=dict)
    pages: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    in_vain: Counter[str] = field(default_factory=Counter)

    def keeps(self, page: Waiting) -> bool:
        """Whether a page's host rests; the page then waits for it."""
        host = _host(page)
        if host not in self.waits:
            return False
        self.pages[host].append(page.document_id)
        return True

    def rest(self, page: Waiting, wait: timedelta) -> None:
        """Ask a page's host for no more, for so long."""
        self.waits[_host(page)] = wait
        self.keeps(page)

    def count(self, page: Waiting, *, in_vain: bool) -> None:
        """Count failures of a host in a row, and ask it for no more after a few."""
        host = _host(page)
        self.in_vain[host] = self.in_vain[host] + 1 if in_vain else 0
        if self.in_vain[host] >= _TRUST:
            self.waits[host] = _FIRST_RETRY

    def kept(self) -> Iterator[tuple[Sequence[int], timedelta]]:
        """The pages of each host, and how long they wait."""
        return ((documents, self.waits[host]) for host, documents in self.pages.items())


def _host(page: Waiting) -> str:
    """What stands for the host in a page's address, port included; an address that is none has one of its own."""
    return re.split(r"[/?#]", page.lead.entry.url.partition("://")[2], maxsplit=1)[0].lower()


def _as_listing(came: Answer | Failure, found: Page | Dropped | None) -> Answer | Failure:
    """What a single page was as a source: one that is no page has failed."""
    if isinstance(came, Answer) and isinstance(found, Dropped):
        return Failure(kind=FailureClass.PARSE, reason=found.reason, detail=found.detail, status=came.status)
    return came


def to_page(lead: Lead, answer: Answer, *, time_zone: str = "") -> Page | Dropped:
    """What arrived, as the pipeline takes it, or why it is no page; `time_zone` is for sources that have none."""
    try:
        kind = media_type(answer.content, answer.content_type)
    except Refusal as refusal:
        return dropped(lead, refusal.failure)
    return Page(
        source=lead.source,
        key=lead.key,
        content=answer.content,
        media_type=kind,
        url=answer.url,
        charset=charset(answer.content_type),
        hints=lead.entry.hints,
        time_zone=lead.time_zone or time_zone,
        transport=Transport(
            status=answer.status,
            redirects=answer.redirects,
            etag=answer.validators.etag,
            last_modified=answer.validators.last_modified,
            elapsed_ms=int(answer.elapsed.total_seconds() * 1000),
        ),
    )


def dropped(lead: Lead, failure: Failure, *, attempts: int = 1) -> Dropped:
    """A page that cannot be had, and why."""
    url, detail = lead.entry.url, failure.detail
    if failure.passes:
        times = f" It was tried {attempts} times." if attempts > 1 else ""
        detail = f"{detail}{times} `ingest run {url}` tries again."
    return Dropped(source=lead.source, key=lead.key, url=url, stage=Stage.FETCH, reason=failure.reason, detail=detail)
