"""Whose turn is it, and is it new at all? A window of pages is claimed in one short transaction.

known key, same bytes, settled            → unchanged
new key, bytes of a document that is gone → renamed
held by a worker that lives               → busy
crashed its worker before                 → handed back, to be claimed alone; too often: dropped
removed by request, and known again       → dropped: forgotten
else                                      → claimed: a lease, an attempt more, a token that only ever grows
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import Connection, bindparam, update

from ingest.documents import Dropped, Fate, Outcome, Page, Reason, Stage
from ingest.store.database import Database
from ingest.store.documents import (
    Finder,
    Standing,
    Writing,
    add,
    begin,
    by_content,
    by_id,
    by_keys,
    change,
    known_source,
    make_source,
    record,
)
from ingest.store.drop import mark_dropped
from ingest.store.forgetting import marks
from ingest.store.keys import stored_key
from ingest.store.runs import Run, is_gone
from ingest.tables import Document, DocumentEventKind, DocumentState, MarkKind

__all__ = ["Claimed", "Terms", "claim"]

# A window's first crash does not say which of its documents was to blame, so none is given up before it was alone.
_FEWEST_ATTEMPTS = 2

_SEEN = (
    update(Document).where(Document.id.in_(bindparam("documents", expanding=True))).values(last_seen_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A document that this worker has in hand.

    Attributes:
        page: What arrived.
        document_id: Its row.
        source_id: The row of its source.
        sha256: Of the page's bytes, in hex.
        token: The fence: `save` takes it only while no later claim has been made.
        attempt: Which attempt on these bytes it is, from 1.
        is_first: Whether nothing was stored of the document when it was claimed, and nobody but this claim can have.
    """

    page: Page
    document_id: int
    source_id: int
    sha256: str
    token: int
    attempt: int
    is_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms a window is claimed; see `Store.claim`."""

    lease: timedelta
    max_attempts: int
    alone: bool


def claim(
    database: Database, run: Run, finder: Finder, pages: Sequence[Page], terms: Terms
) -> tuple[Claimed | Outcome | Page, ...]:
    """Claim a window; see `Store.claim`."""
    arrived = [
        _Arrived(page=page, key=stored_key(page.key), sha256=hashlib.sha256(page.content).hexdigest()) for page in pages
    ]
    gone = _gone(database, finder, arrived)

    def work(connection: Connection) -> tuple[Claimed | Outcome | Page, ...]:
        return _Window(begin(connection, run), finder, terms, arrived=arrived, gone=gone).settle()

    return database.write(work) if arrived else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrived:
    """A page, its key as the store has it, and its digest."""

    page: Page = field(repr=False)
    key: str
    sha256: str


def _gone(database: Database, finder: Finder, arrived: Sequence[_Arrived]) -> frozenset[int]:
    """Documents with the bytes of a page under a new key, whose own key the source no longer holds.

    Asked before the writing transaction, because `holds` looks at a disk or a network.
    """

    def work(connection: Connection) -> tuple[Standing, ...]:
        source = known_source(connection, finder)
        if source is None:
            return ()
        known = by_keys(connection, source, {each.key for each in arrived})
        return by_content(connection, source, {each.sha256 for each in arrived if each.key not in known})

    present = {each.key for each in arrived}
    alike = database.read(work)
    return frozenset(each.id for each in alike if each.key not in present and not finder.holds(each.key))


def _claimed(each: _Arrived, held: Standing, source: int, *, is_first: bool) -> Claimed:
    return Claimed(
        page=each.page,
        document_id=held.id,
        source_id=source,
        sha256=each.sha256,
        token=held.token,
        attempt=held.attempts,
        is_first=is_first,
    )


def _marks(each: _Arrived) -> set[marks.Mark]:
    return {(MarkKind.PAGE, each.sha256), *marks.addresses(each.page.url, each.page.key)}


class _Window:
    """One claim transaction: what it has read, and what it makes of each page, in their order."""

    def __init__(
        self,
        writing: Writing,
        finder: Finder,
        terms: Terms,
        *,
        arrived: Sequence[_Arrived],
        gone: frozenset[int],
    ) -> None:
        self.writing = writing
        self.connection, self.run, self.at = writing.connection, writing.run, writing.at
        self.finder = finder
        self.terms = terms
        self.arrived = arrived
        self.source = make_source(writing, finder)
        self.standing = by_keys(self.connection, self.source, {each.key for each in arrived}, hold=True)
        self.gone = self._still_gone(gone)
        self.seen: list[int] = []
        wanted = {(each.key, each.sha256): _marks(each) for each in arrived}
        forgotten = marks.found(self.connection, set().union(*wanted.values()))
        self.forgotten = {each: min(known) for each, own in wanted.items() if (known := own & forgotten)}

    def settle(self) -> tuple[Claimed | Outcome | Page, ...]:
        answers = tuple(self._answer(each) for each in self.arrived)
        if self.seen:
            self.connection.execute(_SEEN, {"at": self.at, "documents": self.seen})
        return answers

    def _still_gone(self, gone: frozenset[int]) -> list[Standing]:
        new = {each.sha256 for each in self.arrived if each.key not in self.standing}
        if not gone or not new:
            return []
        found = by_content(self.connection, self.source, new, hold=True)
        return [each for each in found if each.id in gone and not self._is_held(each)]

    def _answer(self, each: _Arrived) -> Claimed | Outcome | Page:
        standing = self.standing.get(each.key)
        if (each.key, each.sha256) in self.forgotten:
            return self._keep_out(each, standing)
        if standing is not None:
            return self._answer_known(each, standing)
        former = self._former(each)
        if former is None:
            return self._claim_new(each)
        standing = self._rename(each, former)
        if self._is_settled(standing, each):
            return self._outcome(each, standing, Fate.RENAMED, other=former.key)
        return self._answer_known(each, standing)

    def _answer_known(self, each: _Arrived, standing: Standing) -> Claimed | Outcome | Page:
        if self._is_held(standing):
            return self._outcome(each, standing, Fate.BUSY)
        if self._is_settled(standing, each):
            self.seen.append(standing.id)
            return self._outcome(each, standing, Fate.UNCHANGED)
        crashed = (
            standing.lease_run_id != self.run.id
            and standing.attempts > 0  # neither settled nor given back
            and standing.claimed_sha256 == each.sha256
        )
        if crashed and not self.terms.alone:
            return each.page
        if crashed and standing.attempts >= max(self.terms.max_attempts, _FEWEST_ATTEMPTS):
            return self._give_up(each, standing)
        return self._claim_again(each, standing, crashed=crashed)

    def _keep_out(self, each: _Arrived, standing: Standing | None) -> Outcome:
        """Take nothing of what was removed by request, and say so once."""
        if standing is not None and self._is_held(standing):
            return self._outcome(each, standing, Fate.BUSY)
        if standing is not None and standing.reason is Reason.FORGOTTEN:
            self.seen.append(standing.id)
            return self._outcome(each, standing, Fate.UNCHANGED)
        page = each.page
        if standing is None:
            standing = add(self.writing, self.source, each.key, url=page.url, media_type=page.media_type)
        dropped = marks.dropped(
            source=self.finder.name, key=page.key, url=page.url, by=self.forgotten[each.key, each.sha256][0]
        )
        mark_dropped(self.writing, standing, dropped)
        self.standing[each.key] = by_id(self.connection, standing.id)
        return replace(self._outcome(each, standing, Fate.DROPPED), dropped=dropped)

    def _is_held(self, standing: Standing) -> bool:
        """Whether another worker that lives has it, within its lease."""
        if standing.lease_run_id is None or standing.lease_run_id == self.run.id:
            return False
        expired = standing.lease_until is None or standing.lease_until <= self.at
        return not expired and not is_gone(self.connection, standing.lease_run_id)

    def _is_settled(self, standing: Standing, each: _Arrived) -> bool:
        """Whether these very bytes were judged, by code that would judge them so again."""
        if standing.lease_run_id is not None or standing.content_sha256 != each.sha256:
            return False
        if standing.state is DocumentState.DROPPED:
            # A source drops what it could not even read; that says nothing of these bytes.
            judged = standing.stage not in {Stage.SOURCE, Stage.FETCH}
            return judged and standing.code_version == self.run.code_version
        return standing.state is DocumentState.STORED

    def _former(self, each: _Arrived) -> Standing | None:
        """The document that is gone and whose bytes these are, if there is one."""
        alike = (
            gone for gone in self.gone if gone.content_sha256 == each.sha256 and gone.media_type is each.page.media_type
        )
        return next(alike, None)

    def _rename(self, each: _Arrived, former: Standing) -> Standing:
        self.gone.remove(former)
        change(self.writing, former.id, key=each.key, url=each.page.url, fate=Fate.RENAMED)
        record(self.writing, former.id, DocumentEventKind.RENAMED, other_key=former.key)
        self.standing[each.key] = replace(former, key=each.key, url=each.page.url)
        return self.standing[each.key]

    def _claim_new(self, each: _Arrived) -> Claimed:
        lease = {
            "token": 1,
            "attempts": 1,
            "claimed_sha256": each.sha256,
            "lease_run_id": self.run.id,
            "lease_until": self.at + self.terms.lease,
        }
        page = each.page
        held = add(self.writing, self.source, each.key, url=page.url, media_type=page.media_type, **lease)
        self.standing[each.key] = held
        return _claimed(each, held, self.source, is_first=True)

    def _claim_again(self, each: _Arrived, standing: Standing, *, crashed: bool) -> Claimed:
        mine = standing.lease_run_id == self.run.id  # a window holds the key twice: both go on under one token
        attempts_before = standing.attempts if crashed else 0
        held = replace(
            standing,
            token=standing.token + (0 if mine else 1),
            attempts=standing.attempts if mine else attempts_before + 1,
            claimed_sha256=each.sha256,
            lease_run_id=self.run.id,
            lease_until=self.at + self.terms.lease,
        )
        change(
            self.writing,
            standing.id,
            token=held.token,
            attempts=held.attempts,
            claimed_sha256=held.claimed_sha256,
            lease_run_id=held.lease_run_id,
            lease_until=held.lease_until,
        )
        if crashed and standing.lease_run_id is not None:
            detail = f"run {standing.lease_run_id} never finished with it; this is attempt {held.attempts}"
            record(self.writing, standing.id, DocumentEventKind.TAKEN_OVER, detail=detail)
        self.standing[each.key] = held
        return _claimed(each, held, self.source, is_first=standing.revision == 0 and not mine)

    def _give_up(self, each: _Arrived, standing: Standing) -> Outcome:
        dropped = Dropped(
            source=self.finder.name,
            key=each.page.key,
            url=each.page.url,
            stage=Stage.STORE,
            reason=Reason.CRASHED_REPEATEDLY,
            detail=(
                f"{standing.attempts} workers in a row ended while they had it in hand; it is tried again when its"
                " content or the release changes"
            ),
        )
        change(
            self.writing,
            standing.id,
            media_type=each.page.media_type,
            content_sha256=each.sha256,
            token=standing.token + 1,
            attempts=0,
            lease_run_id=None,
            lease_until=None,
        )
        mark_dropped(self.writing, standing, dropped)
        return replace(self._outcome(each, standing, Fate.DROPPED), dropped=dropped)

    def _outcome(self, each: _Arrived, standing: Standing, fate: Fate, *, other: str | None = None) -> Outcome:
        return Outcome(
            source=self.finder.name,
            key=each.page.key,
            fate=fate,
            article_id=standing.article,
            other=other,
            dropped=None if fate is Fate.BUSY else standing.dropped(self.finder.name),
        )
