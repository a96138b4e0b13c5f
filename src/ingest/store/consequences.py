"""What follows in the ledger when people rule about organisations: parties change, agreements become one, or part."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, bindparam, or_, select, update

from ingest.agreements.ledger import Told
from ingest.store import decisions, rulings
from ingest.store.changes import Effect
from ingest.store.database import lock
from ingest.store.decisions import Ruling
from ingest.store.documents import Writing
from ingest.store.ledger import candidates
from ingest.store.rules import Rules
from ingest.store.standing import refresh
from ingest.tables import Agreement, AgreementMention, AgreementParty, DecisionKind, MentionParty, Organisation

__all__ = ["affected_by", "become_equal", "lock_all", "part_by", "remade", "reroot"]

_MERGED = select(Organisation.id, Organisation.merged_into_id).where(Organisation.merged_into_id.is_not(None))
_INTO = update(Organisation).where(Organisation.id == bindparam("row")).values(merged_into_id=bindparam("into"))
_TOLD_OF = (
    select(AgreementMention.agreement_id, AgreementMention.attached_id)
    .join(MentionParty, MentionParty.mention_id == AgreementMention.id)
    .where(
        MentionParty.organisation_id.in_(bindparam("organisations", expanding=True)),
        AgreementMention.superseded_run_id.is_(None),
    )
    .distinct()
)
_MENTIONS = select(AgreementMention.id).where(
    AgreementMention.agreement_id == bindparam("agreement"), AgreementMention.superseded_run_id.is_(None)
)
_NAMING = (
    select(MentionParty.mention_id)
    .join(AgreementMention, AgreementMention.id == MentionParty.mention_id)
    .where(
        AgreementMention.agreement_id == bindparam("agreement"),
        MentionParty.organisation_id.in_(bindparam("organisations", expanding=True)),
    )
)
_STANDING = select(
    Agreement.id, Agreement.public_id, Agreement.status, Agreement.merged_into_id, Agreement.dismissed_at
).where(Agreement.id == bindparam("agreement"))


def become_equal(
    writing: Writing, rules: Rules, ruling: Ruling, affected: Collection[int], *, cause: tuple[int, int]
) -> tuple[Effect, ...]:
    """Merge agreements that the rule takes for one now that their parties are equal; the older one stays."""
    connection = writing.connection
    effects: list[Effect] = []
    for agreement in sorted(affected):
        row = connection.execute(_STANDING, {"agreement": agreement}).one()
        if row.merged_into_id or row.dismissed_at:
            continue
        organisations = _parties(connection, agreement)
        rows = candidates(connection, organisations) if organisations else {}
        entry = rows[row.public_id][0] if row.public_id in rows else None
        older = [
            each
            for each, other in rows.values()
            if other.id < agreement and not other.merged_into_id and not other.dismissed_at
        ]
        if entry is None or not older:
            continue
        told = Told(
            parties=entry.parties,
            kind=entry.kind,
            status=entry.status,
            signed_on=entry.signed_on,
            published=entry.first_published,
        )
        equal = [each for each in older if each.parties == entry.parties]
        chosen = rules.choose(told, equal, taken=frozenset())
        if chosen is not None:
            target = connection.execute(_STANDING, {"agreement": rows[chosen][1].id}).one()
            rulings.join(writing, rules, ruling, row, target, cause=cause)
            effects += rulings.effects_of(connection, [(row, f"becomes part of {chosen}", target)])
    return tuple(effects)


def _parties(connection: Connection, agreement: int) -> list[int]:
    asked = select(AgreementParty.organisation_id).where(AgreementParty.agreement_id == agreement)
    return list(connection.execute(asked).scalars())


def part_by(
    writing: Writing,
    rules: Rules,
    ruling: Ruling,
    organisations: Collection[int],
    affected: Collection[int],
    *,
    homes: Mapping[int, int],
) -> None:
    """Part agreements of which only some sentences name an organisation that is another one now.

    Args:
        writing: A transaction that holds the locks of all parties.
        rules: As for `remade`.
        ruling: Who rules, and why.
        organisations: Rows of the organisation, and of those that were merged into it.
        affected: Agreements that may be concerned.
        homes: Agreement → the one that its sentences with that organisation came from; else they make one of their own.
    """
    connection = writing.connection
    for agreement in sorted(affected):
        held = set(connection.execute(_MENTIONS, {"agreement": agreement}).scalars())
        asked = {"agreement": agreement, "organisations": sorted(organisations)}
        moved = set(connection.execute(_NAMING, asked).scalars()) & held
        if not moved or moved == held:
            continue
        home = homes.get(agreement)
        if home is None:
            row = connection.execute(_STANDING, {"agreement": agreement}).one()
            rulings.part(writing, rules, ruling, row, moved)
        else:
            rulings.move(connection, moved, home)
            refresh(writing, rules, home)


def affected_by(connection: Connection, organisations: Sequence[int]) -> set[int]:
    """Agreements whose mentions name one of these organisations, or one that was merged into it."""
    merged = select(Organisation.id).where(
        or_(Organisation.merged_into_id.in_(organisations), Organisation.id.in_(organisations))
    )
    every = list(connection.execute(merged).scalars())
    rows = connection.execute(_TOLD_OF, {"organisations": every}).all()
    return {each for row in rows for each in (row.agreement_id, row.attached_id) if each}


def lock_all(connection: Connection, organisations: Sequence[int], affected: Collection[int]) -> None:
    """Keep other workers from naming these organisations, and from attaching to these agreements."""
    lock(connection, ["organisations", *(f"organisation {each}" for each in organisations)])
    rulings.lock_parties(connection, affected)


def reroot(connection: Connection) -> None:
    """See that each organisation stands for what the decisions in force say."""
    links = decisions.in_force(connection, DecisionKind.SAME_ORGANISATION)
    ends = decisions.roots([(link.organisation_id, link.other_organisation_id) for link in links])
    before = {row.id: row.merged_into_id for row in connection.execute(_MERGED)}
    for organisation in {*before, *ends}:
        if before.get(organisation) != ends.get(organisation):
            connection.execute(_INTO, {"row": organisation, "into": ends.get(organisation)})


def remade(writing: Writing, rules: Rules, affected: Collection[int]) -> tuple[Effect, ...]:
    """Make agreements again from their mentions, and tell whose parties changed."""
    connection = writing.connection
    effects: list[Effect] = []
    for agreement in sorted(affected):
        row = connection.execute(_STANDING, {"agreement": agreement}).one()
        before = _parties(connection, agreement)
        refresh(writing, rules, agreement)
        if _parties(connection, agreement) != before and not row.merged_into_id:
            effects += rulings.effects_of(connection, [(row, "its parties change", None)])
    return tuple(effects)
