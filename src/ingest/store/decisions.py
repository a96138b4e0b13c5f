"""What people ruled: rows that are added and revoked, never changed otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from ingest.store.documents import Writing
from ingest.tables import Decision, DecisionKind

__all__ = ["Ruling", "in_force", "revoke", "roots", "rule"]

_Row: TypeAlias = Row[tuple[Any, ...]]

_ADD = insert(Decision).returning(Decision.id)
_REVOKE = (
    update(Decision)
    .where(Decision.id.in_(bindparam("decisions", expanding=True)))
    .values(revoked_at=bindparam("at"), revoked_by=bindparam("by_person"))
)
_IN_FORCE = select(
    Decision.id, Decision.agreement_id, Decision.other_agreement_id, Decision.organisation_id,
    Decision.other_organisation_id, Decision.name, Decision.person, Decision.made_at, Decision.note,
).where(Decision.kind == bindparam("of_kind"), Decision.revoked_at.is_(None)).order_by(Decision.id)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Who rules, and why.

    Attributes:
        person: Their name.
        note: Their reason, if they give one.
    """

    person: str
    note: str | None = None


def rule(writing: Writing, ruling: Ruling, kind: DecisionKind, *, holds: bool = True, **references: object) -> int:
    """Record a decision.

    Args:
        writing: In a transaction.
        ruling: Whose it is.
        kind: What is decided.
        holds: Whether it is affirmed.
        references: What it is about: columns of `decisions`.
    """
    values = {
        "kind": kind,
        "holds": holds,
        "person": ruling.person,
        "note": ruling.note,
        "made_at": writing.at,
        **references,
    }
    return writing.connection.execute(_ADD, values).scalar_one()


def revoke(writing: Writing, ruling: Ruling, decisions: Sequence[int]) -> None:
    """Take decisions back."""
    if decisions:
        asked = {"decisions": list(decisions), "at": writing.at, "by_person": ruling.person}
        writing.connection.execute(_REVOKE, asked)


def in_force(connection: Connection, kind: DecisionKind) -> Sequence[_Row]:
    """The decisions of a kind that nobody revoked, in the order in which they were made."""
    return connection.execute(_IN_FORCE, {"of_kind": kind}).all()


def roots(links: Sequence[tuple[int, int]]) -> dict[int, int]:
    """What each row stands for in the end, given which was merged into which; others are left out."""
    into = dict(links)
    ends: dict[int, int] = {}
    for start in into:
        end, seen = start, {start}
        while end in into and into[end] not in seen:
            end = into[end]
            seen.add(end)
        ends[start] = end
    return ends
