"""What the ledger says of an agreement, given all that articles say of it: a pure fold over its mentions.

An agreement has no state of its own beside what people ruled: whenever a mention comes, goes or is moved, its row is
made again from the mentions that are left, in the order in which they came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.documents import Kind, Moment, Precision, Status

__all__ = ["Standing", "Telling", "settle"]

_ORDER = tuple(Precision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What one mention says.

    Attributes:
        published: Date of its article, if known.
        parties: Row of the organisation and name, in the order of the text.
    """

    kind: Kind
    status: Status
    is_news: bool
    confidence: float
    signed_on: Moment | None = None
    published: Moment | None = None
    fields: tuple[str, ...] = ()
    value: str | None = None
    parties: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the ledger says of an agreement.

    Attributes:
        kind: As first told, unless that was the loosest word and a later mention names the document.
        status: The furthest that any mention tells of.
        is_news: Whether any article reports it as current.
        signed_on: The most precise date that was told, of those the first; the date of a plan gives way to that of the
            signing.
        fields: In the order in which they were first named.
        value: As first given.
        confidence: Of the surest mention.
        first_published: Of the articles that report it as news, where any does, else of all; likewise the last.
        parties: Each organisation once, under the fullest name that a mention gave it.
    """

    kind: Kind
    status: Status
    is_news: bool
    confidence: float
    signed_on: Moment | None = None
    fields: tuple[str, ...] = ()
    value: str | None = None
    first_published: Moment | None = None
    last_published: Moment | None = None
    parties: tuple[tuple[int, str], ...] = ()


def settle(tellings: Iterable[Telling], next_status: Callable[[Status, Status], Status]) -> Standing | None:
    """Add up what mentions say.

    Args:
        tellings: In the order in which the store took them in.
        next_status: Status of an agreement once a further mention is attached.

    Returns:
        What they say together; None where there are none.
    """
    standing: Standing | None = None
    for telling in tellings:
        standing = _first(telling) if standing is None else _further(standing, telling, next_status)
    return standing


def _first(telling: Telling) -> Standing:
    return Standing(
        kind=telling.kind,
        status=telling.status,
        is_news=telling.is_news,
        confidence=telling.confidence,
        signed_on=telling.signed_on,
        fields=tuple(dict.fromkeys(telling.fields)),
        value=telling.value,
        first_published=telling.published,
        last_published=telling.published,
        parties=_named((), telling.parties),
    )


def _further(standing: Standing, telling: Telling, next_status: Callable[[Status, Status], Status]) -> Standing:
    status = next_status(standing.status, telling.status)
    first, last = _reports(standing, telling)
    return replace(
        standing,
        kind=telling.kind if standing.kind is Kind.COOPERATION_AGREEMENT else standing.kind,
        status=status,
        is_news=standing.is_news or telling.is_news,
        confidence=max(standing.confidence, telling.confidence),
        signed_on=_signed_on(standing, telling, changed=status is not standing.status),
        fields=tuple(dict.fromkeys([*standing.fields, *telling.fields])),
        value=standing.value or telling.value,
        first_published=first,
        last_published=last,
        parties=_named(standing.parties, telling.parties),
    )


def _signed_on(standing: Standing, telling: Telling, *, changed: bool) -> Moment | None:
    told, known = telling.signed_on, standing.signed_on
    if told is None:
        return known
    was_a_plan = changed and standing.status is Status.PLANNED
    if known is None or was_a_plan or _ORDER.index(told.precision) > _ORDER.index(known.precision):
        return told
    return known


def _reports(standing: Standing, telling: Telling) -> tuple[Moment | None, Moment | None]:
    first, last, published = standing.first_published, standing.last_published, telling.published
    if published is None or (standing.is_news and not telling.is_news):
        return first, last
    if first is None or last is None or (telling.is_news and not standing.is_news):
        return published, published
    return min(first, published, key=_instant), max(last, published, key=_instant)


def _instant(moment: Moment) -> tuple[datetime, str]:
    return moment.earliest, moment.iso


def _named(known: tuple[tuple[int, str], ...], told: Iterable[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    """Add the parties that are new, and keep the fuller of two names for one that is not."""
    names = dict(known)
    for organisation, name in told:
        before = names.get(organisation)
        if before is None or (before != name and before.casefold() in name.casefold()):
            names[organisation] = name
    return tuple(names.items())
