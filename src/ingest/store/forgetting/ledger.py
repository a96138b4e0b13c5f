"""Agreements, and organisations, once sentences that told of them are gone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import delete, func, or_, select, update

from ingest.alerts.notice import NoticeKind
from ingest.store.decisions import Ruling
from ingest.store.documents import Writing
from ingest.store.forgetting.reach import in_chunks
from ingest.store.rules import Rules
from ingest.store.standing import record, refresh
from ingest.tables import (
    Agreement,
    AgreementEvent,
    AgreementEventKind,
    AgreementMention,
    AgreementParty,
    AlertDelivery,
    AlertDeliveryEvent,
    Decision,
    DeliveryState,
    MentionParty,
    NameOrigin,
    Organisation,
    OrganisationName,
)

__all__ = ["Concerned", "Named", "concerned", "forget_organisations", "named", "remake", "repoint"]

_M = AgreementMention
_DETAIL = "the article that told of it was removed by request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """What became of agreements.

    Attributes:
        emptied: Public ids of those of which no sentence tells any more.
        remade: Of those that were made again from the sentences that are left.
        withdrawn: Alerts that waited to be sent, and will not be.
        sent: Alerts about them that were sent, and cannot be taken back.
    """

    emptied: tuple[str, ...]
    remade: tuple[str, ...]
    withdrawn: int
    sent: int


def concerned(writing: Writing, mentions: Iterable[int]) -> set[int]:
    """Agreements that these sentences tell of."""
    rows = in_chunks(writing.connection, select(_M.agreement_id, _M.attached_id), _M.id, mentions)
    return {each for row in rows for each in row if each is not None}


def repoint(writing: Writing, mentions: Collection[int]) -> None:
    """Let events that a sentence led to name another one of the same agreement, if any is left in force.

    Alerts that wait are put together from the sentence that their event names.
    """
    connection = writing.connection
    events = in_chunks(
        connection, select(AgreementEvent.id, AgreementEvent.agreement_id), AgreementEvent.mention_id, mentions
    )
    left = {row.agreement_id for row in events}
    rows = in_chunks(
        connection, select(_M.agreement_id, _M.id).where(_M.superseded_run_id.is_(None)), _M.agreement_id, left
    )
    others: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        if row.id not in mentions:
            others[row.agreement_id].append(row.id)
    for event in events:
        other = min(others[event.agreement_id], default=None)
        connection.execute(update(AgreementEvent).where(AgreementEvent.id == event.id).values(mention_id=other))


def remake(writing: Writing, rules: Rules, ruling: Ruling, agreements: Collection[int]) -> Concerned:
    """Make agreements again from the sentences that are left.

    One of which none is left keeps its id and its history, for whoever asks for it, and nothing that was said of it.
    """
    emptied, remade = {}, []
    for agreement in sorted(agreements):
        change = refresh(writing, rules, agreement)
        if change.mentions:
            remade.append(change.public_id)
            continue
        emptied[agreement] = change.public_id
        _empty(writing, agreement)
        record(
            writing,
            agreement,
            AgreementEventKind.EMPTIED,
            status=(change.old, change.old),
            person=ruling.person,
            detail=_DETAIL,
        )
    return Concerned(
        emptied=tuple(emptied.values()),
        remade=tuple(remade),
        withdrawn=_withdraw(writing, emptied),
        sent=_deliveries(writing, agreements, DeliveryState.SENT),
    )


def _empty(writing: Writing, agreement: int) -> None:
    nothing = dict.fromkeys(
        (
            *("value", "signed_on", "signed_on_precision", "first_published", "first_published_precision"),
            *("last_published", "last_published_precision"),
        )
    )
    of_row = update(Agreement).where(Agreement.id == agreement)
    writing.connection.execute(of_row.values(fields=[], confidence=0.0, **nothing))
    history = update(AgreementEvent).where(AgreementEvent.agreement_id == agreement)
    writing.connection.execute(history.values(detail=None))


def _withdraw(writing: Writing, emptied: Collection[int]) -> int:
    """Alerts of their own that wait; a digest leaves out what nothing tells of when it is put together."""
    waiting = (
        select(AlertDelivery.id)
        .join(AlertDeliveryEvent, AlertDeliveryEvent.delivery_id == AlertDelivery.id)
        .join(AgreementEvent, AgreementEvent.id == AlertDeliveryEvent.event_id)
        .where(AlertDelivery.state == DeliveryState.PENDING, AlertDelivery.kind == NoticeKind.INSTANT)
    )
    rows = {row.id for row in in_chunks(writing.connection, waiting, AgreementEvent.agreement_id, emptied)}
    for row in rows:
        of_row = update(AlertDelivery).where(AlertDelivery.id == row)
        writing.connection.execute(of_row.values(state=DeliveryState.WITHDRAWN, token=AlertDelivery.token + 1))
    return len(rows)


def _deliveries(writing: Writing, agreements: Collection[int], state: DeliveryState) -> int:
    told = (
        select(AlertDelivery.id)
        .join(AlertDeliveryEvent, AlertDeliveryEvent.delivery_id == AlertDelivery.id)
        .join(AgreementEvent, AgreementEvent.id == AlertDeliveryEvent.event_id)
        .where(AlertDelivery.state == state)
    )
    return len({row.id for row in in_chunks(writing.connection, told, AgreementEvent.agreement_id, agreements)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What sentences called an organisation."""

    organisation: int
    names: frozenset[str]


def named(writing: Writing, mentions: Iterable[int]) -> tuple[Named, ...]:
    """Organisations that these sentences name, and how."""
    rows = in_chunks(
        writing.connection, select(MentionParty.organisation_id, MentionParty.name), MentionParty.mention_id, mentions
    )
    called: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        called[row.organisation_id].add(row.name)
    return tuple(Named(organisation=each, names=frozenset(names)) for each, names in sorted(called.items()))


def forget_organisations(writing: Writing, called: Iterable[Named], removed: Counter[str]) -> int:
    """Delete names that no other sentence has, and organisations that nothing else knows of; how many of these."""
    connection, gone = writing.connection, 0
    for each in called:
        left = select(MentionParty.name).where(MentionParty.organisation_id == each.organisation)
        lost = each.names - set(connection.execute(left).scalars())
        if _is_known_otherwise(writing, each.organisation):
            names = delete(OrganisationName).where(
                OrganisationName.organisation_id == each.organisation,
                OrganisationName.origin == NameOrigin.FOUND,
                OrganisationName.name.in_(sorted(lost)),
            )
            removed["organisation_names"] += connection.execute(names).rowcount
            continue
        every = delete(OrganisationName).where(OrganisationName.organisation_id == each.organisation)
        removed["organisation_names"] += connection.execute(every).rowcount
        row = delete(Organisation).where(Organisation.id == each.organisation)
        removed["organisations"] += connection.execute(row).rowcount
        gone += 1
    return gone


def _is_known_otherwise(writing: Writing, organisation: int) -> bool:
    """Whether the package, a person, another sentence or an agreement knows an organisation."""
    origins = (
        select(func.count())
        .select_from(OrganisationName)
        .where(OrganisationName.organisation_id == organisation, OrganisationName.origin != NameOrigin.FOUND)
    )
    own = select(func.count()).where(Organisation.id == organisation, Organisation.origin != NameOrigin.FOUND)
    uses = (
        select(func.count()).where(MentionParty.organisation_id == organisation),
        select(func.count()).where(AgreementParty.organisation_id == organisation),
        select(func.count()).where(Organisation.merged_into_id == organisation),
        select(func.count()).where(
            or_(Decision.organisation_id == organisation, Decision.other_organisation_id == organisation)
        ),
    )
    return any(writing.connection.execute(query).scalar_one() for query in (own, origins, *uses))
