"""What people rule about agreements: same, not the same, none at all; and taking that back.

Each ruling is a decision that reprocessing replays, an entry in the history of the agreements, and rows made again from
their mentions, in one transaction under the locks of their parties.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update

from ingest.errors import NotFoundError, RulingError
from ingest.store import decisions
from ingest.store.alerts import outbox
from ingest.store.articles import unused_id
from ingest.store.changes import Effect
from ingest.store.database import lock
from ingest.store.decisions import Ruling
from ingest.store.documents import Writing
from ingest.store.rules import Rules
from ingest.store.standing import record, refresh
from ingest.tables import (
    Agreement,
    AgreementEventKind,
    AgreementMention,
    AgreementParty,
    DecisionKind,
    MentionParty,
)

__all__ = ["dismiss", "effects_of", "join", "lock_parties", "merge", "move", "part", "restore", "split", "unlink"]

_Row: TypeAlias = Row[tuple[Any, ...]]

Cause: TypeAlias = tuple[int, int]

_ID_DIGITS = 10
_AGREEMENT = select(
    Agreement.id, Agreement.public_id, Agreement.status, Agreement.merged_into_id, Agreement.dismissed_at
)
_BY_PUBLIC_ID = _AGREEMENT.where(Agreement.public_id == bindparam("wanted"))
_BY_ID = _AGREEMENT.where(Agreement.id == bindparam("wanted"))
_TAKEN = select(Agreement.id).where(Agreement.public_id == bindparam("wanted"))
_MERGED_INTO = update(Agreement).where(Agreement.id == bindparam("row")).values(merged_into_id=bindparam("into"))
_DISMISSED = update(Agreement).where(Agreement.id == bindparam("row")).values(dismissed_at=bindparam("at"))
_MEMBERS = select(Agreement.id, Agreement.merged_into_id).where(
    or_(Agreement.merged_into_id.is_not(None), Agreement.id.in_(bindparam("agreements", expanding=True)))
)
_OWN = func.coalesce(AgreementMention.attached_id, AgreementMention.agreement_id)
_COUNT_FOR = (
    update(AgreementMention)
    .where(bindparam("own") == _OWN)
    .values(agreement_id=bindparam("root"), attached_id=bindparam("attached"))
)
_MENTIONS = select(AgreementMention.id, AgreementMention.agreement_id, AgreementMention.attached_id).where(
    AgreementMention.agreement_id == bindparam("agreement"), AgreementMention.superseded_run_id.is_(None)
)
_MOVE = (
    update(AgreementMention)
    .where(AgreementMention.id.in_(bindparam("mentions", expanding=True)))
    .values(agreement_id=bindparam("to"), attached_id=None)
)
_NAMES = (
    select(AgreementParty.name)
    .where(AgreementParty.agreement_id == bindparam("agreement"))
    .order_by(AgreementParty.position)
)
_ORGANISATIONS = (
    select(MentionParty.organisation_id)
    .join(AgreementMention, AgreementMention.id == MentionParty.mention_id)
    .where(
        or_(
            AgreementMention.agreement_id.in_(bindparam("agreements", expanding=True)),
            AgreementMention.attached_id.in_(bindparam("agreements", expanding=True)),
        )
    )
    .distinct()
)
_COPIED = (
    "kind", "status", "is_news", "signed_on", "signed_on_precision", "fields", "value", "confidence", "first_published",
    "first_published_precision", "last_published", "last_published_precision", "first_seen_at", "last_seen_at",
)  # fmt: skip
_WHOLE = select(*(getattr(Agreement, name) for name in _COPIED)).where(Agreement.id == bindparam("wanted"))
_ADD = insert(Agreement).returning(Agreement.id)


def merge(writing: Writing, rules: Rules, ruling: Ruling, *, into: str, others: Sequence[str]) -> tuple[Effect, ...]:
    """Rule that agreements are one.

    Args:
        writing: A transaction.
        rules: How an agreement's row follows from its mentions.
        ruling: Who rules, and why.
        into: Public id of the agreement that stays.
        others: Of those that become part of it; their ids go on leading there.

    Returns:
        What becomes of each.

    Raises:
        NotFoundError: One of them is unknown.
        RulingError: It is the same as `into`, or part of it already.
    """
    connection = writing.connection
    target = _standing(connection, into)
    rows = [_standing(connection, other) for other in others]
    for row in rows:
        if row.id == target.id:
            raise RulingError(f"{row.public_id} and {into} are one agreement already", remedy="name another one")
    lock_parties(connection, [target.id, *(row.id for row in rows)])
    for row in dict.fromkeys(rows):
        join(writing, rules, ruling, row, target)
    return effects_of(connection, [(row, f"becomes part of {target.public_id}", target) for row in dict.fromkeys(rows)])


def split(
    writing: Writing, rules: Rules, ruling: Ruling, *, agreement: str, mentions: Collection[int]
) -> tuple[Effect, ...]:
    """Rule that some sentences tell of another agreement: they make one of their own.

    Args:
        writing: A transaction.
        rules: As for `merge`.
        ruling: Who rules, and why.
        agreement: Public id of the agreement.
        mentions: Numbers of the sentences.

    Raises:
        NotFoundError: The agreement is unknown, or has no such sentence.
        RulingError: None of its sentences would be left.
    """
    connection = writing.connection
    row = _standing(connection, agreement)
    lock_parties(connection, [row.id])
    held = {found.id for found in connection.execute(_MENTIONS, {"agreement": row.id})}
    strange = sorted(set(mentions) - held)
    if strange:
        raise NotFoundError(
            f"{row.public_id} has no sentence {', '.join(map(str, strange))}",
            remedy=f"`ingest agreement {row.public_id}` shows the number of each",
        )
    if held <= set(mentions):
        raise RulingError(f"these are all the sentences of {row.public_id}", remedy="leave one out, or use --dismiss")
    new = part(writing, rules, ruling, row, mentions)
    return effects_of(
        connection,
        [(_by_id(connection, new), f"is taken out of {row.public_id}", row), (row, "keeps the other sentences", None)],
    )


def dismiss(writing: Writing, ruling: Ruling, *, agreement: str) -> tuple[Effect, ...]:
    """Rule that something is no agreement. Sentences like its own go on finding it, and stay out of the ledger with it.

    Whoever was alerted of it is sent a correction.

    Raises:
        NotFoundError: It is unknown.
        RulingError: It is dismissed already.
    """
    connection = writing.connection
    row = _standing(connection, agreement)
    if row.dismissed_at is not None:
        raise RulingError(f"{row.public_id} is dismissed already", remedy="--restore takes that back")
    lock_parties(connection, [row.id])
    decisions.rule(writing, ruling, DecisionKind.NOT_AN_AGREEMENT, agreement_id=row.id)
    connection.execute(_DISMISSED, {"row": row.id, "at": writing.at})
    event = record(writing, row.id, AgreementEventKind.DISMISSED, person=ruling.person, detail=ruling.note)
    outbox.withdraw(writing, agreement=row.id, event=event)
    return effects_of(connection, [(row, "leaves the ledger", None)])


def restore(writing: Writing, rules: Rules, ruling: Ruling, *, agreement: str) -> tuple[Effect, ...]:
    """Take a dismissal or a merge back.

    Args:
        writing: A transaction.
        rules: As for `merge`.
        ruling: Who rules, and why.
        agreement: Public id of the agreement that was dismissed, or that was merged into another.

    Raises:
        NotFoundError: It is unknown.
        RulingError: It is neither.
    """
    connection = writing.connection
    row = connection.execute(_BY_PUBLIC_ID, {"wanted": agreement}).one_or_none()
    if row is None:
        raise _unknown(agreement)
    lock_parties(connection, [each for each in (row.id, row.merged_into_id) if each])
    if row.merged_into_id is not None:
        links = decisions.in_force(connection, DecisionKind.SAME_AGREEMENT)
        unlink(writing, rules, ruling, [link for link in links if link.agreement_id == row.id])
        other = _by_id(connection, row.merged_into_id)
        return effects_of(connection, [(row, f"is an agreement of its own again, apart from {other.public_id}", other)])
    if row.dismissed_at is None:
        raise RulingError(f"{agreement} is in the ledger already", remedy="there is nothing to take back")
    made = decisions.in_force(connection, DecisionKind.NOT_AN_AGREEMENT)
    decisions.revoke(writing, ruling, [each.id for each in made if each.agreement_id == row.id])
    connection.execute(_DISMISSED, {"row": row.id, "at": None})
    refresh(writing, rules, row.id)
    record(writing, row.id, AgreementEventKind.RESTORED, person=ruling.person, detail=ruling.note)
    return effects_of(connection, [(row, "is in the ledger again", None)])


def join(writing: Writing, rules: Rules, ruling: Ruling, row: _Row, target: _Row, cause: Cause | None = None) -> None:
    """Make one agreement part of another, and undo a split that parted them.

    Args:
        writing: A transaction that holds the locks of the parties of both.
        rules: As for `merge`.
        ruling: Who rules, and why.
        row: The one that becomes part of the other.
        target: The other.
        cause: Rows of the organisation that became part of another, and of that, where this follows from it.
    """
    connection = writing.connection
    both = {row.id, target.id}
    parted = decisions.in_force(connection, DecisionKind.NOT_SAME_AGREEMENT)
    decisions.revoke(
        writing, ruling, [each.id for each in parted if {each.agreement_id, each.other_agreement_id} == both]
    )
    decisions.rule(
        writing,
        ruling,
        DecisionKind.SAME_AGREEMENT,
        agreement_id=row.id,
        other_agreement_id=target.id,
        **_because(cause),
    )
    _reroot(writing, rules, both)
    detail = ruling.note
    for one, other in ((row, target), (target, row)):
        record(writing, one.id, AgreementEventKind.MERGED, other=other.id, person=ruling.person, detail=detail)


def unlink(writing: Writing, rules: Rules, ruling: Ruling, links: Sequence[_Row]) -> None:
    """Take merges back: what was part of another agreement stands for itself again."""
    decisions.revoke(writing, ruling, [link.id for link in links])
    _reroot(writing, rules, {each for link in links for each in (link.agreement_id, link.other_agreement_id)})
    for link in links:
        for one, other in (
            (link.agreement_id, link.other_agreement_id),
            (link.other_agreement_id, link.agreement_id),
        ):
            record(writing, one, AgreementEventKind.RESTORED, other=other, person=ruling.person, detail=ruling.note)


def part(
    writing: Writing, rules: Rules, ruling: Ruling, row: _Row, mentions: Collection[int], cause: Cause | None = None
) -> int:
    """Make an agreement of its own of some sentences of another; its row."""
    connection = writing.connection
    values = connection.execute(_WHOLE, {"wanted": row.id}).mappings().one()
    public_id = unused_id(connection, _TAKEN, _split_id(row.public_id, mentions), 4 + _ID_DIGITS)
    new = connection.execute(_ADD, {**values, "public_id": public_id, "run_id": writing.run.id}).scalar_one()
    move(connection, mentions, new)
    decisions.rule(
        writing, ruling, DecisionKind.NOT_SAME_AGREEMENT, agreement_id=row.id, other_agreement_id=new, **_because(cause)
    )
    for one, other in ((row.id, new), (new, row.id)):
        refresh(writing, rules, one)
        record(writing, one, AgreementEventKind.SPLIT, other=other, person=ruling.person, detail=ruling.note)
    return new


def move(connection: Connection, mentions: Collection[int], to: int) -> None:
    """Have sentences count for another agreement; both rows are to be made again then."""
    connection.execute(_MOVE, {"mentions": sorted(mentions), "to": to})


def lock_parties(connection: Connection, agreements: Collection[int]) -> None:
    """Keep other workers from attaching to these agreements until the transaction ends."""
    found = connection.execute(_ORGANISATIONS, {"agreements": list(agreements)}).scalars()
    lock(connection, {f"organisation {organisation}" for organisation in found})


def effects_of(connection: Connection, rulings: Iterable[tuple[_Row, str, _Row | None]]) -> tuple[Effect, ...]:
    """What becomes of each agreement, with the parties that it has now."""
    effects = []
    for row, what, other in rulings:
        names = connection.execute(_NAMES, {"agreement": row.id}).scalars()
        effects.append(
            Effect(
                agreement=row.public_id,
                parties=" + ".join(names),
                what=what,
                other=other.public_id if other is not None else None,
            )
        )
    return tuple(effects)


def _reroot(writing: Writing, rules: Rules, touched: Collection[int]) -> None:
    """See that each agreement, and each mention, counts for what the decisions in force make it stand for."""
    connection = writing.connection
    links = decisions.in_force(connection, DecisionKind.SAME_AGREEMENT)
    ends = decisions.roots([(link.agreement_id, link.other_agreement_id) for link in links])
    before = {row.id: row.merged_into_id for row in connection.execute(_MEMBERS, {"agreements": list(touched)})}
    changed = [agreement for agreement in sorted({*before, *ends}) if before.get(agreement) != ends.get(agreement)]
    refreshed = {*touched, *changed}
    for agreement in changed:
        root = ends.get(agreement, agreement)
        refreshed |= {each for each in (root, before.get(agreement)) if each}
        connection.execute(_MERGED_INTO, {"row": agreement, "into": ends.get(agreement)})
        attached = agreement if root != agreement else None
        connection.execute(_COUNT_FOR, {"own": agreement, "root": root, "attached": attached})
    # Those that are part of another first: the other's row is made from the mentions of both.
    for agreement in sorted(refreshed, key=lambda each: (each not in ends, each)):
        refresh(writing, rules, agreement)


def _standing(connection: Connection, public_id: str) -> _Row:
    """The agreement with an id, or the one that stands for it."""
    row = connection.execute(_BY_PUBLIC_ID, {"wanted": public_id}).one_or_none()
    if row is None:
        raise _unknown(public_id)
    return _by_id(connection, row.merged_into_id) if row.merged_into_id else row


def _by_id(connection: Connection, agreement: int) -> _Row:
    return connection.execute(_BY_ID, {"wanted": agreement}).one()


def _unknown(public_id: str) -> NotFoundError:
    return NotFoundError(
        f"there is no agreement with the id {public_id!r}", remedy="`ingest agreements` lists those there are"
    )


def _because(cause: Cause | None) -> dict[str, Any]:
    return {} if cause is None else {"organisation_id": cause[0], "other_organisation_id": cause[1]}


def _split_id(public_id: str, mentions: Collection[int]) -> str:
    key = "\n".join([public_id, *map(str, sorted(mentions))])
    return "agr-" + hashlib.sha256(key.encode()).hexdigest()
