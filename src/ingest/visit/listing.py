"""Ask a source for its listing, and enter what is new in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from ingest.documents import (
    Answer,
    Child,
    Entry,
    Failure,
    Lead,
    Listing,
    SourceKind,
    Validators,
)
from ingest.extract.urls import canonical_url
from ingest.fetch.pace import Rhythm, back_off, next_visit
from ingest.fetch.turns import NotYet
from ingest.mask import mask
from ingest.store.keys import stored_key
from ingest.store.leads import Listed, list_entries
from ingest.store.parts import Part, keep_part, known_parts
from ingest.store.visits import Due, Heard, heard, heard_nothing_new, not_heard, part_not_heard, put_off
from ingest.visit.terms import LISTING_ACCEPT, Worker

__all__ = ["Asked", "ask", "first_contact", "hear_page", "to_leads"]

_MOST_PIECES = 5  # further pieces of a feed that are read when all of one was new
_MOST_CHILDREN = 20  # further sitemaps that are read in one visit
_TRUST = 3  # further sitemaps that cannot be had in a row, after which no more are asked for on this visit
_FEWEST_DATES = 3  # from which a rhythm is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of asking for a listing.

    Attributes:
        listed: What its entries were to the store.
        failure: Why there was none.
        wait: How long its host is to be left alone, or is busy with others.
        moved_to: Where it has moved for good.
    """

    listed: Listed = field(default_factory=Listed)
    failure: Failure | None = None
    wait: timedelta | None = None
    moved_to: str | None = None


def ask(worker: Worker, due: Due) -> Asked:
    """Ask for the listing of a source that is due, and record what came of it.

    Raises:
        ClaimLostError: Another worker visits the source.
        StoreError: The store cannot be written.
    """
    if due.kind is SourceKind.PAGE:
        return _single(worker, due)
    answer = worker.get(due.address, validators=due.validators, accept=LISTING_ACCEPT)
    if isinstance(answer, NotYet):
        return Asked(wait=answer.wait)
    if isinstance(answer, Failure):
        return _failed(worker, due, answer)
    if answer.is_unchanged or _digest(answer) == due.body_sha256:
        wait = _wait(worker, due, None)
        heard_nothing_new(worker.database, worker.run, due, wait=wait, moved_to=answer.moved_to)
        listed, _ = _children(worker, due, known_parts(worker.database, due), first=False)
        return Asked(listed=listed, moved_to=_other_place(due, answer))
    listing = worker.read(due.kind, answer)
    if isinstance(listing, Failure):
        return _failed(worker, due, listing)
    return _enter(worker, due, answer, listing)


def _failed(worker: Worker, due: Due, failure: Failure) -> Asked:
    wait = back_off(due.failures + 1, random=worker.chance, at_least=failure.retry_after)
    not_heard(worker.database, worker.run, due, failure, wait=wait)
    # A host that is down is not asked for the pages that wait either.
    return Asked(failure=failure, wait=wait if failure.passes else None)


def _single(worker: Worker, due: Due) -> Asked:
    """A single page is its own listing, and wanted anew on every visit; `hear_page` tells how it did."""
    entry = Entry(url=due.address, updated=worker.now().isoformat(timespec="seconds"))
    put_off(worker.database, due, wait=_wait(worker, due, None))
    return Asked(listed=list_entries(worker.database, worker.run, due, to_leads(due, [entry])))


def hear_page(worker: Worker, due: Due, came: Answer | Failure) -> str | None:
    """Record what came of asking for a single page that is a source.

    Returns:
        Where it has moved for good.

    Raises:
        ClaimLostError: Another worker visits the source.
        StoreError: The store cannot be written.
    """
    if isinstance(came, Failure):
        _failed(worker, due, came)
        return None
    wait, moved_to = _wait(worker, due, None), _other_place(due, came)
    if came.is_unchanged:
        heard_nothing_new(worker.database, worker.run, due, wait=wait, moved_to=moved_to)
        return moved_to
    said = Heard(wait=wait, entries=1, new=int(due.is_first), body_sha256=_digest(came), moved_to=moved_to)
    heard(worker.database, worker.run, due, said)
    return moved_to


def _enter(worker: Worker, due: Due, answer: Answer, listing: Listing) -> Asked:
    children = [Part(address=child.url, updated=child.updated) for child in _newest(listing.children)]
    listed = _take(worker, due, listing.entries)
    listed += _further(worker, due, listing, listed)
    of_children, is_whole = _children(worker, due, children, first=due.is_first)
    listed += of_children
    # An index of which something is still to be read has to be read again, changed or not.
    said = Heard(
        wait=_wait(worker, due, listing),
        entries=len(listing.entries) + len(listing.children),
        new=listed.new,
        validators=answer.validators if is_whole else Validators(),
        body_sha256=_digest(answer) if is_whole else None,
        title=listing.title,
        home=listing.home,
        stated=listing.update_period,
        rhythm=_rhythm(listing.entries),
        moved_to=answer.moved_to,
        is_whole=is_whole or _has_met(worker, due, children),
    )
    heard(worker.database, worker.run, due, said)
    return Asked(listed=listed, moved_to=_other_place(due, answer))


def _has_met(worker: Worker, due: Due, children: Sequence[Part]) -> bool:
    """Whether each further sitemap was asked for once: one that can never be had does not keep a source new."""
    known = {part.address for part in known_parts(worker.database, due)}
    return all(stored_key(child.address) in known for child in children)


def _other_place(due: Due, answer: Answer) -> str | None:
    return answer.moved_to if answer.moved_to != due.address else None


def _take(worker: Worker, due: Due, entries: Sequence[Entry]) -> Listed:
    leads = to_leads(due, entries)
    left = first_contact(
        leads,
        since=(due.first_contact_at or worker.now()) - worker.oldest,
        most=worker.terms.first_entries if due.is_first else None,
    )
    return list_entries(worker.database, worker.run, due, leads, left=left)


def _further(worker: Worker, due: Due, listing: Listing, listed: Listed) -> Listed:
    """Older pieces of a feed: between two visits more came than one piece holds."""
    total = Listed()
    seen = {due.address}
    for _ in range(_MOST_PIECES):
        url = listing.next_url
        if due.is_first or url is None or url in seen or not listed.new or listed.known or listed.changed:
            break
        seen.add(url)
        answer = worker.get(url, accept=LISTING_ACCEPT)
        if not isinstance(answer, Answer):
            break
        read = worker.read(due.kind, answer)
        if isinstance(read, Failure):
            break
        listing, listed = read, _take(worker, due, read.entries)
        total += listed
    return total


def _children(worker: Worker, due: Due, children: Sequence[Part], *, first: bool) -> tuple[Listed, bool]:
    """Further sitemaps of an index that changed, or do not say: first those never read, then those longest ago.

    On the first contact those beyond what is wanted count as read: what is in them was there before.

    Returns:
        What their entries were to the store, and whether all was read that is to be.
    """
    total, is_whole, asked, in_vain = Listed(), True, 0, 0
    known = {part.address: part for part in known_parts(worker.database, due)} if children else {}
    turns = {address: turn for turn, address in enumerate(known)}
    for child in sorted(children, key=lambda each: turns.get(stored_key(each.address), -1)):
        part = known.get(stored_key(child.address))
        if part is not None and child.updated is not None and part.updated == child.updated:
            continue
        if first and total.new >= worker.terms.first_entries:
            keep_part(worker.database, due, child)
            continue
        if asked == _MOST_CHILDREN or in_vain == _TRUST:
            return total, False
        asked += 1
        listed = _child(worker, due, child, part)
        if isinstance(listed, NotYet):
            return total, False
        if isinstance(listed, Failure):
            said = f"{mask(child.address)}: {listed.detail}"
            part_not_heard(worker.database, due, replace(listed, detail=said))
            # As if read, so that it comes after the others the next time; without its date, so that it does come.
            keep_part(worker.database, due, replace(part or child, updated=None))
            is_whole, in_vain = False, in_vain + 1
            continue
        total, in_vain = total + listed, 0
    return total, is_whole


def _child(worker: Worker, due: Due, child: Part, part: Part | None) -> Listed | Failure | NotYet:
    """What one of them brings."""
    answer = worker.get(child.address, validators=part.validators if part else None, accept=LISTING_ACCEPT)
    if not isinstance(answer, Answer):
        return answer
    listed, digest = Listed(), part.body_sha256 if part else None
    if not answer.is_unchanged and _digest(answer) != digest:
        read = worker.read(due.kind, answer)
        if isinstance(read, Failure):
            return read
        listed, digest = _take(worker, due, read.entries), _digest(answer)
    keep_part(worker.database, due, replace(child, validators=answer.validators, body_sha256=digest))
    return listed


def _newest(children: Iterable[Child]) -> list[Child]:
    return sorted(children, key=lambda child: child.updated or "", reverse=True)


def to_leads(due: Due, entries: Iterable[Entry]) -> tuple[Lead, ...]:
    """Entries as leads, known by the canonical form of their addresses; of several with the same form the first."""
    found: dict[str, Lead] = {}
    for entry in entries:
        key = canonical_url(entry.url, ()) or entry.url
        found.setdefault(key, Lead(source=due.name, key=key, entry=entry, time_zone=due.time_zone))
    return tuple(found.values())


def first_contact(leads: Sequence[Lead], *, since: datetime, most: int | None) -> frozenset[str]:
    """Keys of leads that are older than is wanted of a source.

    Args:
        leads: In the order of the listing; those without a date count as new as their neighbours before them.
        since: The oldest that is wanted.
        most: So many of the newest at most; None: all.
    """
    dated = [(_instant(lead.entry), index, lead) for index, lead in enumerate(leads)]
    old = {lead.key for at, _, lead in dated if at is not None and at < since}
    if most is None:
        return frozenset(old)
    newest = [lead.key for at, index, lead in _by_age(dated) if lead.key not in old]
    return frozenset(old) | frozenset(newest[most:])


def _by_age(dated: Iterable[tuple[datetime | None, int, Lead]]) -> list[tuple[datetime, int, Lead]]:
    last = datetime.max.replace(tzinfo=UTC)
    filled = []
    for at, index, lead in dated:
        last = at if at is not None else last
        filled.append((last, index, lead))
    return sorted(filled, key=lambda each: (-each[0].timestamp(), each[1]))


def _instant(entry: Entry) -> datetime | None:
    """When an entry came, by what its listing says; a time without a zone is taken as UTC."""
    for stated in (entry.hints.published, entry.updated):
        try:
            at = datetime.fromisoformat(stated or "")
        except ValueError:
            continue
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return None


def _rhythm(entries: Sequence[Entry]) -> timedelta | None:
    dates = [at for entry in entries if (at := _instant(entry)) is not None]
    if len(dates) < _FEWEST_DATES:
        return None
    return (max(dates) - min(dates)) / (len(dates) - 1) or None


def _wait(worker: Worker, due: Due, listing: Listing | None) -> timedelta:
    rhythm = Rhythm(
        fixed=due.interval,
        usual=due.rhythm or (_rhythm(listing.entries) if listing else None),
        stated=listing.update_period if listing else due.stated,
        skip_hours=listing.skip_hours if listing else frozenset(),
        skip_days=listing.skip_days if listing else frozenset(),
    )
    now = worker.now()
    return next_visit(rhythm, now=now, random=worker.chance) - now


def _digest(answer: Answer) -> str:
    return hashlib.sha256(answer.content).hexdigest()
