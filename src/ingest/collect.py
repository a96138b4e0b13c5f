"""Visit sources that are due, into one store: what `ingest run` without a path and the flow both call."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from ingest import __version__, log, pipeline
from ingest.documents import Failure, FailureClass, Fate, Outcome, Reason, SourceKind, Tally
from ingest.errors import ClaimLostError, SourceError
from ingest.fetch import Client, Terms, networks
from ingest.fetch.pace import Rhythm, back_off, next_visit
from ingest.fetch.polite import Manners, Polite
from ingest.intake import add_up
from ingest.log import Event
from ingest.settings import Settings
from ingest.sources import known_folder
from ingest.store import Store, open_store
from ingest.store.hosts import Hosts
from ingest.store.leads import waiting
from ingest.store.visits import Due, Heard, claim_source, end_visit, heard, not_heard
from ingest.visit import Asked, Given, Readers, Visit, VisitTerms, Worker, ask
from ingest.visit.given import GIVEN

__all__ = ["AGENT", "KINDS", "WEB_KINDS", "Visited", "collect", "fetch_terms", "take_urls", "user_agent", "worker"]

_T = TypeVar("_T")

_MOST_AT_ONCE = 16  # pages

AGENT = "ingest"
"""The product name that robots.txt may call us by."""

WEB_KINDS = (SourceKind.FEED, SourceKind.SITEMAP, SourceKind.URLS, SourceKind.PAGE)
KINDS = (*WEB_KINDS, SourceKind.FOLDER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """What came of the visit of a source.

    Attributes:
        source: Its name.
        asked: What came of asking for its listing; None where the visit was for pages that waited.
        tally: What became of its pages.
        postponed: Pages that could not be fetched, and are to be tried again.
        unchanged: Pages of which the server says that they have not changed.
    """

    source: str
    asked: Asked | None = None
    tally: Tally | None = None
    postponed: int = 0
    unchanged: int = 0


def user_agent(contact: str) -> str:
    """How requests introduce themselves."""
    return f"{AGENT}/{__version__}" + (f" (+{contact})" if contact else "")


def fetch_terms(settings: Settings) -> Terms:
    """On what terms requests are made."""
    return Terms(
        agent=user_agent(settings.contact),
        allowed=networks(settings.allowed_networks),
        seconds=settings.fetch_seconds,
        max_bytes=settings.max_bytes,
        proxy=settings.proxy_url,
    )


@contextmanager
def worker(
    store: Store,
    settings: Settings,
    readers: Readers,
    *,
    kind: str = "collect",
    stopping: threading.Event | None = None,
    flow_run: str | None = None,
) -> Iterator[Worker]:
    """Open a run that visits sources, and the client that it fetches with; closed with all that it still holds."""
    run = store.start_run(kind, flow_run=flow_run)
    stop = stopping or threading.Event()
    with Client(fetch_terms(settings)) as client:
        hosts = Hosts(
            database=store.database,
            run=run,
            at_once=settings.host_requests,
            lasts=timedelta(seconds=settings.fetch_seconds + 5),
        )
        manners = Manners(agent=AGENT, gap=timedelta(seconds=settings.host_gap_seconds))
        try:
            yield Worker(
                database=store.database,
                run=run,
                fetcher=Polite(client=client, turns=hosts, manners=manners, sleep=stop.wait, stopping=stop.is_set),
                readers=readers,
                terms=_visit_terms(settings),
                stopping=stop.is_set,
            )
        except BaseException as failure:
            store.finish_run(run, failure)
            raise
    store.finish_run(run, add_up(()))


def _visit_terms(settings: Settings) -> VisitTerms:
    return VisitTerms(
        first_entries=settings.first_entries,
        first_days=settings.first_days,
        pages=settings.visit_pages,
        seconds=settings.visit_seconds,
        attempts=settings.page_attempts,
        max_bytes=settings.max_bytes,
        time_zone=settings.time_zone,
    )


def collect(
    settings: Settings,
    readers: Readers,
    *,
    only: Sequence[str] = (),
    tell: Callable[[Outcome], None] = lambda _: None,
    tell_visit: Callable[[Visited], None] = lambda _: None,
    map: pipeline.Map = map,  # noqa: A002 - named after the built-in that it stands for, as in `pipeline.run`
    flow_run: str | None = None,
) -> Tally:
    """Visit every source that is due, several at once, until none is.

    Args:
        settings: The store, and how to visit.
        readers: Of listings.
        only: Names of the sources to visit, once each, due or not; empty: all that are due.
        tell: Called with what became of each page, as soon as that is committed; never from two threads at once.
        tell_visit: Called after each visit; likewise.
        map: How to apply the pure stages to a window of pages.
        flow_run: Id of the Prefect flow run, for the record of the run.

    Returns:
        Counts by fate, over all sources.

    Raises:
        IngestError: As `pipeline.run`.
    """
    stopping = threading.Event()
    with (
        open_store(settings.database_url) as store,
        worker(store, settings, readers, stopping=stopping, flow_run=flow_run) as who,
    ):
        names, telling = iter(only) if only else None, threading.Lock()
        work = _Collecting(who=who, store=store, settings=settings, names=names, tell=_in_turn(tell, telling), map=map)
        tell_of_visit = _in_turn(tell_visit, telling)

        def visit_on(_: int) -> Tally:
            tallies = []
            while not stopping.is_set() and (due := work.claim()) is not None:
                visited = work.visit(due)
                _log(visited)
                tell_of_visit(visited)
                tallies.append(visited.tally)
            return add_up(tally for tally in tallies if tally)

        visitors = min(settings.visitors, len(only)) if only else settings.visitors
        if visitors == 1:
            return visit_on(0)
        with ThreadPoolExecutor(visitors, thread_name_prefix="visitor") as threads:
            try:
                return add_up(threads.map(visit_on, range(visitors)))
            except BaseException:
                stopping.set()  # or an interrupt would wait until nothing is due any more
                raise


def _log(visited: Visited) -> None:
    """Log a visit, and what went wrong in it."""
    tally = visited.tally or add_up(())
    log.event(
        Event.SOURCE_VISITED,
        source=visited.source,
        documents=tally.documents,
        dropped=tally.count(Fate.DROPPED),
        postponed=visited.postponed,
        unchanged=visited.unchanged,
    )
    if visited.asked is not None and (failure := visited.asked.failure) is not None:
        log.event(
            Event.SOURCE_FAILED,
            source=visited.source,
            kind=failure.kind.value,
            reason=failure.reason.value,
            detail=failure.detail,
        )
    if visited.asked is not None and visited.asked.moved_to is not None:
        log.event(Event.SOURCE_MOVED, source=visited.source, address=visited.asked.moved_to)


def _in_turn(tell: Callable[[_T], None], lock: threading.Lock) -> Callable[[_T], None]:
    def tell_alone(what: _T) -> None:
        with lock:
            tell(what)

    return tell_alone


def take_urls(
    urls: Sequence[str],
    settings: Settings,
    readers: Readers,
    *,
    source: str | None = None,
    tell: Callable[[Outcome], None] = lambda _: None,
) -> Tally:
    """Take pages in at once, or those that feeds and sitemaps name, without adding a source that is visited again.

    Args:
        urls: Pages, feeds or sitemaps.
        settings: The store, and how to fetch.
        readers: Of listings.
        source: Name under which the store keeps them; None: that of all that is given so.
        tell: Called with what became of each page, as soon as that is committed.

    Returns:
        Counts by fate.

    Raises:
        IngestError: As `pipeline.run`.
    """
    with open_store(settings.database_url) as store, worker(store, settings, readers) as who:
        found = Given(worker=who, urls=urls, name=source or GIVEN)
        return pipeline.run(found, store, settings, tell=tell)


def _by_few(settings: Settings) -> Settings:
    """With small windows: what waits in one when a worker dies has to be fetched again."""
    return settings.model_copy(update={"window": min(settings.window, _MOST_AT_ONCE)})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Collecting:
    """What the visits of one call share."""

    who: Worker
    store: Store
    settings: Settings
    names: Iterator[str] | None
    tell: Callable[[Outcome], None]
    map: pipeline.Map

    def claim(self) -> Due | None:
        """The next source: of the names that were given, else the one that has been due for longest."""
        lease = self.settings.lease_seconds
        if self.names is None:
            return claim_source(self.who.database, self.who.run, kinds=KINDS, lease_seconds=lease)
        for name in self.names:
            due = claim_source(self.who.database, self.who.run, kinds=KINDS, lease_seconds=lease, only=(name,))
            if due is not None:
                return due
        return None

    def visit(self, due: Due) -> Visited:
        """Visit a source, and give it back whatever comes."""
        wait = timedelta()
        try:
            if due.kind is SourceKind.FOLDER:
                return self._visit_folder(due)
            asked = ask(self.who, due) if due.asks else None
            pages = Visit(worker=self.who, due=due)
            wait = asked.wait or wait if asked else wait
            tally = self._take(pages) if self._goes_on(due, asked) else None
            if asked is not None and pages.moved_to is not None:
                asked = replace(asked, moved_to=pages.moved_to)
        except ClaimLostError:
            return Visited(source=due.name)
        finally:
            end_visit(self.store.database, due, not_before=wait)
        return Visited(source=due.name, asked=asked, tally=tally, postponed=pages.postponed, unchanged=pages.unchanged)

    def _goes_on(self, due: Due, asked: Asked | None) -> bool:
        """Whether pages wait that their host may be asked for now."""
        if asked is not None and asked.wait is not None:
            return False
        return bool(waiting(self.who.database, due, limit=1))

    def _take(self, pages: Visit) -> Tally:
        def told(outcome: Outcome) -> None:
            pages.settle(outcome)
            self.tell(outcome)

        return pipeline.run(pages, self.store, _by_few(self.settings), map=self.map, tell=told)

    def _visit_folder(self, due: Due) -> Visited:
        now = self.who.now()
        wait = next_visit(Rhythm(fixed=due.interval), now=now, random=self.who.chance) - now
        try:
            found = known_folder(
                due.address,
                base=Path.cwd(),
                name=due.name,
                max_bytes=self.settings.max_bytes,
                time_zone=due.time_zone or self.settings.time_zone,
            )
            tally = pipeline.run(found, self.store, self.settings, map=self.map, tell=self.tell)
        except SourceError as unreadable:
            failure = Failure(kind=FailureClass.POLICY, reason=Reason.UNREADABLE, detail=str(unreadable))
            wait = back_off(due.failures + 1, random=self.who.chance)
            not_heard(self.store.database, self.who.run, due, failure, wait=wait)
            return Visited(source=due.name, asked=Asked(failure=failure))
        new = tally.count(Fate.NEW) + tally.count(Fate.NEAR_DUPLICATE) + tally.count(Fate.COPY)
        heard(self.store.database, self.who.run, due, Heard(wait=wait, entries=tally.documents, new=new))
        return Visited(source=due.name, asked=Asked(), tally=tally)
