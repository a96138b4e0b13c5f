"""Agreements and the sentences that state them, whatever became of either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ingest import wire
from ingest.documents import Kind, Status
from ingest.store.read.connection import Connection, Row

__all__ = ["agreement", "mentions", "rulings"]

_AGREEMENT = """SELECT agreement_id, state, stands_for, kind, status, is_news, signed_on, confidence, run_id
FROM v_agreement_ids WHERE agreement_id = ?"""
_PARTIES = """SELECT p.name, o.name AS organisation, o.slug, o.region
FROM agreement_parties p JOIN agreements g ON g.id = p.agreement_id JOIN organisations o ON o.id = p.organisation_id
WHERE g.public_id = ? ORDER BY p.position"""
_EVENTS = """SELECT at, event, old_status, new_status, mention_id, other_agreement_id, run_id, person, detail
FROM v_agreement_events WHERE agreement_id = ? ORDER BY event_id"""
_RULINGS = """SELECT kind, holds, person, made_at, note, agreement_id, other_agreement_id, revoked_at FROM v_decisions
WHERE agreement_id = ? OR other_agreement_id = ? ORDER BY decision_id"""
# What is said now goes first, then news, and of those the surest.
_MENTIONS = """SELECT m.id, g.public_id AS agreement, t.public_id AS attached, a.public_id AS article, m.start_offset,
    m.end_offset, m.evidence, substr(a.text, CAST(m.start_offset + 1 AS integer),
        CAST(m.end_offset - m.start_offset AS integer)) = m.evidence AS stands,
    m.kind, m.status, m.is_news, m.signed_on, m.confidence, m.run_id, m.superseded_run_id
FROM agreement_mentions m
JOIN agreements g ON g.id = m.agreement_id
JOIN articles a ON a.id = m.article_id
LEFT JOIN agreements t ON t.id = m.attached_id
WHERE {where}
ORDER BY CASE WHEN m.superseded_run_id IS NULL THEN 0 ELSE 1 END, CASE WHEN m.is_news THEN 0 ELSE 1 END,
    m.confidence DESC, m.id"""
_NAMED = """SELECT p.mention_id, p.name, p.start_offset, p.end_offset, o.slug AS own, o.name AS own_name, r.slug,
    r.name AS organisation
FROM mention_parties p
JOIN organisations o ON o.id = p.organisation_id
LEFT JOIN organisations r ON r.id = o.merged_into_id
WHERE p.mention_id IN ({}) ORDER BY p.mention_id, p.position"""


def agreement(connection: Connection, identity: str) -> wire.TracedAgreement:
    """An agreement by its whole public id, whatever became of it."""
    (row,) = connection.rows(_AGREEMENT, identity)
    return wire.TracedAgreement(
        id=row["agreement_id"],
        state=row["state"],
        stands_for=row["stands_for"],
        kind=Kind(row["kind"]),
        status=Status(row["status"]),
        is_news=bool(row["is_news"]),
        signed_on=row["signed_on"],
        confidence=row["confidence"],
        parties=tuple(
            wire.AgreementParty(
                name=party["name"],
                organisation=party["organisation"],
                organisation_id=party["slug"],
                region=party["region"],
            )
            for party in connection.rows(_PARTIES, identity)
        ),
        run=row["run_id"],
        events=tuple(_event(event) for event in connection.rows(_EVENTS, identity)),
    )


def _event(row: Row) -> wire.TracedEvent:
    return wire.TracedEvent(
        at=row["at"],
        event=row["event"],
        old_status=Status(row["old_status"]) if row["old_status"] else None,
        new_status=Status(row["new_status"]) if row["new_status"] else None,
        mention=row["mention_id"],
        other=row["other_agreement_id"],
        run=row["run_id"],
        person=row["person"],
        detail=row["detail"],
    )


def rulings(connection: Connection, identity: str) -> tuple[wire.TracedRuling, ...]:
    """What people ruled about an agreement."""
    return tuple(
        wire.TracedRuling(
            kind=row["kind"],
            holds=bool(row["holds"]),
            person=row["person"],
            made_at=row["made_at"],
            note=row["note"],
            other=row["other_agreement_id"] if row["agreement_id"] == identity else row["agreement_id"],
            revoked_at=row["revoked_at"],
        )
        for row in connection.rows(_RULINGS, identity, identity)
    )


def mentions(connection: Connection, condition: str, *parameters: object) -> tuple[wire.TracedMention, ...]:
    """Sentences that state agreements, the best first.

    Args:
        connection: The store.
        condition: SQL of ours over the mention `m`, its agreement `g`, the one that it is attached to `t`, and its
            article `a`.
        parameters: For its placeholders.
    """
    rows = connection.rows(_MENTIONS.format(where=condition), *parameters)
    named: dict[int, list[wire.TracedParty]] = defaultdict(list)
    for row in connection.rows_in(_NAMED, [row["id"] for row in rows]):
        named[row["mention_id"]].append(
            wire.TracedParty(
                name=row["name"],
                organisation=row["organisation"] or row["own_name"],
                organisation_id=row["slug"] or row["own"],
                start=row["start_offset"],
                end=row["end_offset"],
            )
        )
    return tuple(_mention(row, named[row["id"]]) for row in rows)


def _mention(row: Row, parties: Sequence[wire.TracedParty]) -> wire.TracedMention:
    return wire.TracedMention(
        mention=row["id"],
        agreement=row["agreement"],
        attached=row["attached"],
        article=row["article"],
        start=row["start_offset"],
        end=row["end_offset"],
        evidence=row["evidence"],
        stands=bool(row["stands"]),
        parties=tuple(parties),
        kind=Kind(row["kind"]),
        status=Status(row["status"]),
        is_news=bool(row["is_news"]),
        signed_on=row["signed_on"],
        confidence=row["confidence"],
        run=row["run_id"],
        superseded_run=row["superseded_run_id"],
    )
