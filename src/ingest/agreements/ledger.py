"""Which agreement in the ledger a mention tells of: a pure rule over frozen values.

The store calls it inside its save transaction, with the entries that have at least one party in common with the
mention. It never looks at text: parties arrive as keys (organisation ids, or folded names where the organisation is
unknown), so that names in two scripts compare equal.

    parties   the same set; a subset of at least two only where the dates are close
    dates     the same act: windows that overlap, or reports a few months apart where no act is dated
    kind      the same, or a looser word for it ('agreement', 'partnership'); any pair where the dates are close
    status    'planned' precedes 'signed'; 'renewed' and 'ended' attach to what was signed before
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ingest.documents import Kind, Moment, Precision, Status

__all__ = ["Entry", "Told", "choose", "next_status"]

_RANK = {Status.PLANNED: 0, Status.SIGNED: 1, Status.RENEWED: 2, Status.ENDED: 3}

# Words that outlets use for one another; the rest name documents of their own.
_LOOSE = frozenset({Kind.COOPERATION_AGREEMENT, Kind.STRATEGIC_PARTNERSHIP})

_CLOSE = 7  # days within which two reports of the same parties are of one event
_SAME_ACT = 3  # days by which two days given for one signing may differ: time zones, the day of the announcement
_REPORTED = 183  # days after the event in which an undated report still calls it news
_PLANNED_AHEAD = 731  # days that may lie between a plan and the signing
_LATE_PLAN = 31  # days after the signing in which an outlet may still say 'to be signed'


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one article says of one agreement.

    Attributes:
        parties: Organisation ids, or folded names of organisations that have none.
        kind: What sort.
        status: How far it has come.
        signed_on: When it was signed, if the article says so.
        published: When the article was published, if known.
        is_news: Whether the article reports it as current.
    """

    parties: frozenset[str]
    kind: Kind
    status: Status
    signed_on: Moment | None = None
    published: Moment | None = None
    is_news: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An agreement as the ledger has it.

    Attributes:
        agreement_id: Its public id.
        parties: Keys as in `Told`; the union over its mentions.
        kind: As first told.
        status: As now in force.
        signed_on: The date in force, the most precise that was told.
        first_published: Earliest publication among the articles that tell of it as news, else among all.
        last_published: Likewise the latest.
    """

    agreement_id: str
    parties: frozenset[str]
    kind: Kind
    status: Status
    signed_on: Moment | None = None
    first_published: Moment | None = None
    last_published: Moment | None = None


def choose(told: Told, entries: Iterable[Entry], *, taken: frozenset[str] = frozenset()) -> str | None:
    """Decide which agreement a mention tells of.

    Args:
        told: The mention.
        entries: Agreements with at least one party in common; others do no harm.
        taken: Agreements that other mentions of the same article were attached to already. An article lists an
            agreement once, so two mentions with equal parties are two documents.

    Returns:
        The id of the agreement, or None where the mention opens a new one. Of several that fit, the best: equal
        parties, then equal kind, then the nearest date, then the smallest id, whatever the order of `entries`.
    """
    fitting = [
        (told.parties != entry.parties, told.kind is not entry.kind, gap, entry.agreement_id)
        for entry in entries
        if entry.agreement_id not in taken and (gap := _gap(told, entry)) is not None and _fits(told, entry, gap)
    ]
    return min(fitting)[-1] if fitting else None


def next_status(entry: Status, told: Status) -> Status:
    """Status of an agreement once a further mention is attached: it only ever moves on.

    'Planned' told late, or 'signed' in the background of a story about the end, changes nothing.
    """
    return max(entry, told, key=_RANK.__getitem__)


def _fits(told: Told, entry: Entry, gap: int) -> bool:
    """Whether parties and kind agree, given how many days lie between the dates."""
    close = gap <= _CLOSE
    small, large = sorted((told.parties, entry.parties), key=len)
    if small != large and not (close and len(small) >= 2 and small < large):
        return False
    if len(small) == 1 and told.kind is not entry.kind:
        return False  # one named party says too little to bridge two words for the deal
    if told.kind is entry.kind or close or {told.kind, entry.kind} <= _LOOSE:
        return True
    return told.status is Status.ENDED and not _LOOSE.isdisjoint({told.kind, entry.kind})


def _gap(told: Told, entry: Entry) -> int | None:
    """Days between the acts that the two speak of; None where they cannot be one.

    Where neither is dated at all, the gap counts as the widest that a report may have.
    """
    if told.status in {Status.RENEWED, Status.ENDED} and entry.status in {Status.PLANNED, Status.SIGNED}:
        return _gap_to_successor(later=_act(told), earlier=_entry_act(entry))
    if entry.status in {Status.RENEWED, Status.ENDED} and told.status in {Status.PLANNED, Status.SIGNED}:
        return _gap_to_successor(later=_entry_act(entry), earlier=_act(told))
    if (told.status is Status.PLANNED) != (entry.status is Status.PLANNED):
        return _gap_to_plan(told, entry)
    mine, theirs = _own_date(told), _own_date_of_entry(entry)
    if mine and theirs:
        days = _apart(_window(mine), _window(theirs))
        return days if days <= _SAME_ACT else None
    return _gap_of_reports(told, entry)


def _own_date(told: Told) -> Moment | None:
    """When the act was done. News of a renewal that gives a date long past gives that of what is renewed."""
    late = told.is_news and _is_long_past(told.status, told.signed_on, told.published)
    return None if late else told.signed_on


def _own_date_of_entry(entry: Entry) -> Moment | None:
    late = _is_long_past(entry.status, entry.signed_on, entry.first_published)
    return None if late else entry.signed_on


def _is_long_past(status: Status, signed_on: Moment | None, published: Moment | None) -> bool:
    if status is not Status.RENEWED or signed_on is None or published is None:
        return False
    return (_window(published)[0] - _window(signed_on)[1]).days > _REPORTED


def _gap_of_reports(told: Told, entry: Entry) -> int | None:
    """Neither or only one says when it was signed: reports of one event come within some months."""
    mine, theirs = _act(told), _entry_act(entry)
    if mine is None or theirs is None:
        return _REPORTED
    days = _apart(mine, theirs)
    if told.is_news:
        return days if days <= _REPORTED else None
    # Background without a date looks back at anything earlier.
    return min(days, _REPORTED) if theirs[0] <= mine[1] else None


def _gap_to_plan(told: Told, entry: Entry) -> int | None:
    """One says 'to be signed', the other 'signed': the plan comes first, or is told a little late."""
    mine, theirs = _act(told), _entry_act(entry)
    if mine is None or theirs is None:
        return _REPORTED
    plan, signing = (mine, theirs) if told.status is Status.PLANNED else (theirs, mine)
    days = _apart(plan, signing)
    limit = _PLANNED_AHEAD if plan[0] <= signing[1] else _LATE_PLAN
    return days if days <= limit else None


def _gap_to_successor(*, later: tuple[date, date] | None, earlier: tuple[date, date] | None) -> int | None:
    """A renewal or an end attaches to what was signed before it, however long ago."""
    if later is None or earlier is None:
        return _REPORTED
    days = _apart(later, earlier)
    if later[1] < earlier[0] and days > _SAME_ACT:
        return None
    return min(days, _REPORTED)


def _act(told: Told) -> tuple[date, date] | None:
    """The days on which it may have happened: as dated, else as published."""
    moment = _own_date(told) or told.published
    return _window(moment) if moment else None


def _entry_act(entry: Entry) -> tuple[date, date] | None:
    """The days on which an entry's act may have happened: as dated, else from first to last report."""
    if own := _own_date_of_entry(entry):
        return _window(own)
    first, last = entry.first_published or entry.last_published, entry.last_published or entry.first_published
    return (_window(first)[0], _window(last)[1]) if first and last else None


def _window(moment: Moment) -> tuple[date, date]:
    """First and last day that a moment may mean."""
    first = date.fromisoformat(moment.day + "0001-01-01"[len(moment.day) :])
    if moment.precision is Precision.YEAR:
        return first, first.replace(month=12, day=31)
    if moment.precision is Precision.MONTH:
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    return first, first


def _apart(a: tuple[date, date], b: tuple[date, date]) -> int:
    """Days between two windows, 0 where they overlap."""
    return max(0, (b[0] - a[1]).days, (a[0] - b[1]).days)
