"""The store as the pipeline sees it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from types import MappingProxyType, TracebackType
from typing import Self, TypeVar

from sqlalchemy import Connection

from ingest import log
from ingest.documents import Annotated, Dropped, Fate, Outcome, Page, Stage, Tally
from ingest.log import Event
from ingest.store import kept, runs, search
from ingest.store.address import parse
from ingest.store.changes import Change
from ingest.store.claim import Claimed, Terms, claim
from ingest.store.database import Database
from ingest.store.documents import Finder, Writing, begin, note_pass
from ingest.store.drop import drop_by_source
from ingest.store.failures import missing
from ingest.store.kept import Kept, Stretch, Wanted
from ingest.store.labels import Ruled
from ingest.store.labels import rule as rule_topics
from ingest.store.reprocess import again
from ingest.store.rules import Rules, standard
from ingest.store.runs import Run
from ingest.store.save import save
from ingest.store.schema import ensure, make_room, see_that_it_is_current
from ingest.store.together import save_all

__all__ = ["Store", "open_store"]

T = TypeVar("T")

_NO_VERSIONS: Mapping[str, str] = MappingProxyType({})


def open_store(url: str, *, create: bool = True, rules: Rules | None = None) -> Store:
    """Open a store for writing.

    Args:
        url: `sqlite:///PATH` or `postgresql://…`.
        create: Make it where there is none (PostgreSQL's database itself must exist), and upgrade it where it is older.
        rules: What decides about duplicates, organisations and agreements; those of the stages unless given.

    Raises:
        ConfigurationError: The URL is neither.
        StoreMissingError: There is none, and `create` is off.
        SchemaOutdatedError: It is older, and `create` is off.
        SchemaNewerError: A newer release made it.
        NotADatabaseError: The file, or the database, is something else.
        StoreReadOnlyError: It cannot be made.
        StoreUnavailableError: It does not answer, or stays locked.
    """
    address = parse(url)
    if create:
        make_room(address)
    elif address.path is not None and not address.path.exists():
        raise missing(address)
    database = Database(address, create=create)
    try:
        ensure(database, create=create)
    except BaseException:
        database.close()
        raise
    return Store(database=database, given_rules=rules)


@dataclass(frozen=True, kw_only=True)
class Store:
    """A store that is open; a context manager. Threads may share one, processes may not."""

    database: Database = field(repr=False)
    given_rules: Rules | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def url_shown(self) -> str:
        """Its address, with the password masked."""
        return self.database.address.shown

    @cached_property
    def rules(self) -> Rules:
        """What decides; loaded when first asked."""
        return self.given_rules or standard()

    def close(self) -> None:
        """Close its connections."""
        self.database.close()

    def start_run(
        self,
        kind: str,
        *,
        flow_run: str | None = None,
        versions: Mapping[str, str] = _NO_VERSIONS,
        subject: str | None = None,
    ) -> Run:
        """Open a run. Runs of this host whose process is gone are marked `died`.

        Args:
            kind: `ingest`, `reprocess`, …
            flow_run: Id of the Prefect flow run, where it is one.
            versions: Versions of stages, rule sets and models that have their own. What was dropped under other ones is
                tried again.
            subject: Of a run that can be taken up again: what it is about.

        Raises:
            StoreError: The store cannot be written, or was upgraded since this process opened it.
        """

        def work(connection: Connection) -> Run:
            see_that_it_is_current(connection, self.database.address)
            return runs.start(connection, kind, flow_run=flow_run, versions=versions, subject=subject)

        run = self.database.write(work)
        log.event(Event.RUN_STARTED, run=run.id, kind=kind, flow_run=flow_run, subject=subject)
        return run

    def finish_run(self, run: Run, result: Tally | BaseException) -> None:
        """Close a run, completed or failed, and give back whatever it still holds.

        Raises:
            StoreError: The store cannot be written.
        """
        self.database.write(lambda connection: runs.finish(connection, run, result))
        if isinstance(result, BaseException):
            log.event(Event.RUN_FAILED, run=run.id, kind=run.kind, failure=runs.describe(result))
        else:
            log.event(
                Event.RUN_FINISHED,
                run=run.id,
                kind=run.kind,
                seconds=round(result.elapsed.total_seconds(), 3),
                documents=result.documents,
                dropped=result.count(Fate.DROPPED),
                agreements=result.new_agreements,
            )

    def passed(self, run: Run, source: Finder) -> None:
        """Note that all a source holds was taken in, if it is the first time: what comes later is no first contact.

        Raises:
            StoreError: The store cannot be written.
        """
        self.database.write(lambda connection: note_pass(begin(connection, run), source))

    def claim(
        self,
        run: Run,
        source: Finder,
        pages: Sequence[Page],
        *,
        lease_seconds: float,
        max_attempts: int,
        alone: bool = False,
    ) -> tuple[Claimed | Outcome | Page, ...]:
        """Claim a window of pages in one short transaction.

        Args:
            run: For whom.
            source: Where the pages come from; asked whether it still holds a key, to know a renamed document.
            pages: The window.
            lease_seconds: How long the claim is respected, by the database's clock, while the worker shows no life. A
                worker of this host that died loses its claims at once.
            max_attempts: A document that crashed its worker so often is dropped; never before it was claimed alone
                once, since a window does not tell which of its documents was to blame.
            alone: Whether to take documents that crashed their worker before; give them one at a time.

        Returns:
            For each page, in their order: the claim; or what became of it, where that is settled (unchanged, renamed,
            busy, dropped); or the page itself, where it crashed its worker before and is to be claimed `alone`.

        Raises:
            StoreError: The store cannot be written.
        """
        terms = Terms(lease=timedelta(seconds=lease_seconds), max_attempts=max_attempts, alone=alone)
        return claim(self.database, run, source, pages, terms)

    def save(self, run: Run, claimed: Claimed, result: Annotated | Dropped, *, location: str | None = None) -> Outcome:
        """Settle a document in one short transaction: its page, article, revision, story, topics and agreements.

        Args:
            run: For whom.
            claimed: The claim.
            result: What the stages made of it.
            location: Where the archive keeps the page, relative to its address.

        Returns:
            What became of it.

        Raises:
            ClaimLostError: Another worker has taken the document over; nothing was written.
            StoreError: The store cannot be written.
        """
        where = location if location is not None else _location(claimed.sha256)
        return save(self.database, run, claimed, result, rules=self.rules, location=where)

    def save_all(self, run: Run, results: Sequence[tuple[Claimed, Annotated | Dropped]]) -> Iterator[Outcome]:
        """Settle several documents, those that have nothing to do with one another in one short transaction.

        What becomes of each is what `save` would make of it in its turn, and none fails because another does.

        Args:
            run: For whom.
            results: Claims, and what the stages made of them.

        Yields:
            What became of each, in their order, as soon as it is committed; `busy` where another worker has taken the
            document over.

        Raises:
            StoreError: The store cannot be written; what was told until then is kept.
        """
        return save_all(self.database, run, results, rules=self.rules, locate=_location)

    def drop(self, run: Run, source: Finder, dropped: Dropped) -> Outcome:
        """Record a document that its source gave up on, so that there are no bytes. A repeated drop is no new event.

        Raises:
            StoreError: The store cannot be written.
        """

        def work(connection: Connection) -> Outcome:
            return drop_by_source(begin(connection, run), source, dropped)

        return self.database.write(work)

    def rule_topics(
        self,
        article: str,
        *,
        given: Mapping[str, bool],
        withdrawn: Collection[str] = (),
        person: str,
        note: str | None = None,
    ) -> tuple[Ruled, ...]:
        """Record what a person rules of an article's topics: in force at once, and against whatever the machine says.

        Args:
            article: Its whole public id.
            given: By topic, whether the article has it.
            withdrawn: Topics on which no ruling is to hold any more.
            person: Who rules.
            note: Why, if they say.

        Returns:
            What each came to; nothing is written where the same was ruled before.

        Raises:
            NotFoundError: There is no such article.
            StoreError: The store cannot be written.
        """
        return rule_topics(self.database, article, given=given, withdrawn=withdrawn, person=person, note=note)

    def stopped_at(self, kind: str, subject: str) -> int:
        """How far the last run of this kind about this subject came, by the code of this release, if it was stopped."""
        return self.database.read(lambda connection: runs.stopped_at(connection, kind, subject))

    def advance(self, run: Run, position: int) -> None:
        """Note how far a run has come.

        Raises:
            StoreError: The store cannot be written.
        """
        self.database.write(lambda connection: runs.advance(connection, run, position))

    def stretch(self, *, after: int, every_copy: bool) -> Stretch:
        """The rows from `after` to the last that there is now; see `kept.Stretch`."""
        return self.database.read(
            lambda connection: Stretch(after=after, up_to=kept.last(connection), every_copy=every_copy)
        )

    def kept(self, wanted: Wanted, stretch: Stretch, *, limit: int) -> tuple[Kept, ...]:
        """The next articles to be done again; see `kept.window`."""
        return self.database.read(lambda connection: kept.window(connection, wanted, stretch, limit=limit))

    def count_kept(self, wanted: Wanted, stretch: Stretch) -> int:
        """How many articles are to be done again."""
        return self.database.read(lambda connection: kept.count(connection, wanted, stretch))

    def again(self, run: Run, known: Kept, result: Annotated | Dropped, *, stage: Stage) -> tuple[Change, ...]:
        """Have what stages say now take the place of what they said before, in one short transaction.

        Returns:
            What is otherwise than before.

        Raises:
            StoreError: The store cannot be written.
        """
        if isinstance(result, Annotated):
            search.prepare(result.article.text)
        return self.database.write(
            lambda connection: again(begin(connection, run), self.rules, known, result, stage=stage)
        )

    def rehearse(
        self, results: Sequence[tuple[Kept, Annotated | Dropped]], *, stage: Stage
    ) -> tuple[tuple[Change, ...], ...]:
        """Tell what `again` would change, one article after the other, and leave the store as it is.

        Raises:
            StoreError: The store cannot be written.
        """

        def work(connection: Connection) -> tuple[tuple[Change, ...], ...]:
            run = runs.start(connection, "rehearsal", flow_run=None, versions=_NO_VERSIONS)
            writing = begin(connection, run)
            return tuple(again(writing, self.rules, known, result, stage=stage) for known, result in results)

        return self.database.rehearse(work)

    def rule(self, work: Callable[[Writing, Rules], T], *, rehearse: bool = False) -> T:
        """Do what a person rules, in one transaction and a run of its own.

        Args:
            work: A function of `ingest.store.rulings` or `ingest.store.naming`, its other arguments bound.
            rehearse: Whether to tell what would happen, and leave the store as it is.

        Raises:
            NotFoundError, RulingError: As `work` raises them.
            StoreError: The store cannot be written.
        """

        def ruled(connection: Connection) -> T:
            run = runs.start(connection, "ruling", flow_run=None, versions=_NO_VERSIONS)
            result = work(begin(connection, run), self.rules)
            runs.finish(connection, run, Tally(fates=(), new_agreements=0, elapsed=timedelta(0)))
            return result

        return self.database.rehearse(ruled) if rehearse else self.database.write(ruled)


def _location(sha256: str) -> str:
    """Where the archive keeps a page by its own rule."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.gz"
