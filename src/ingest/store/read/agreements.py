"""The ledger as the views have it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from ingest import wire
from ingest.documents import Kind, Status
from ingest.store.read.connection import Connection, Listing, Row, like, where

__all__ = [
    "DATE_OF_AGREEMENT",
    "AgreementFilter",
    "agreement",
    "agreement_id",
    "agreements",
    "agreements_by_id",
    "count_news",
]

_SEPARATOR = " · "  # of the views' lists


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFilter:
    """Which agreements to list; None: whatever it is.

    Attributes:
        news: Whether reported as current.
        organisation: With this organisation, by its public id, as a party.
        party: With a party one of whose names holds this, whatever its case.
        topic: Told of by an article with that topic.
        kind: Of that kind.
        status: With that status.
        since: Signed, or reported where undated, on or after that ISO date.
        until: Likewise, on or before it; `2024` is until the end of that year.
        language: Told of by an article in that language; `zh` covers both scripts.
        source: Told of by an article of that source.
        min_confidence: At least so sure.
    """

    news: bool | None = None
    organisation: str | None = None
    party: str | None = None
    topic: str | None = None
    kind: Kind | None = None
    status: Status | None = None
    since: str | None = None
    until: str | None = None
    language: str | None = None
    source: str | None = None
    min_confidence: float | None = None


_PARTY = """EXISTS (SELECT 1 FROM v_agreement_parties p JOIN v_organisations o ON o.organisation_id = p.organisation_id
    WHERE p.agreement_id = g.agreement_id AND lower(p.name || ' ' || o.name || ' ' || o.names) LIKE ? ESCAPE '!')"""
_ORGANISATION = """EXISTS (SELECT 1 FROM v_agreement_parties p
    WHERE p.agreement_id = g.agreement_id AND p.organisation_id = ?)"""
_TOPIC = """EXISTS (SELECT 1 FROM v_agreement_mentions m JOIN v_article_topics t ON t.article_id = m.article_id
    WHERE m.agreement_id = g.agreement_id AND t.topic = ?)"""
_LANGUAGE = """EXISTS (SELECT 1 FROM v_agreement_mentions m JOIN v_articles a ON a.article_id = m.article_id
    WHERE m.agreement_id = g.agreement_id AND (a.language = ? OR a.language LIKE ? ESCAPE '!'))"""
_SOURCE = """EXISTS (SELECT 1 FROM v_agreement_mentions m JOIN v_appearances a ON a.article_id = m.article_id
    WHERE m.agreement_id = g.agreement_id AND a.source = ?)"""
DATE_OF_AGREEMENT = """coalesce(signed_on,
    (SELECT substr(a.published, 1, 10) FROM v_articles a WHERE a.article_id = g.article_id),
    substr(first_seen_at, 1, 10))"""
"""When an agreement was signed, or reported where undated: SQL on `v_agreements g`."""


def agreements(connection: Connection, wanted: AgreementFilter, *, limit: int) -> Listing[wire.Agreement]:
    """List agreements with their mentions, latest first.

    Args:
        connection: The store.
        wanted: Which ones.
        limit: How many at most; 0: all.
    """
    condition, parameters = where(
        ("1 = 1",),
        ("is_news = ?", None if wanted.news is None else int(wanted.news)),
        (_ORGANISATION, wanted.organisation),
        (_PARTY, wanted.party and f"%{like(wanted.party.lower())}%"),
        (_TOPIC, wanted.topic),
        ("kind = ?", wanted.kind and wanted.kind.value),
        ("status = ?", wanted.status and wanted.status.value),
        (f"{DATE_OF_AGREEMENT} >= ?", wanted.since),
        (f"substr({DATE_OF_AGREEMENT}, 1, ?) <= ?", wanted.until and len(wanted.until), wanted.until),
        (_LANGUAGE, wanted.language, wanted.language and f"{like(wanted.language)}-%"),
        (_SOURCE, wanted.source),
        ("confidence >= ?", wanted.min_confidence),
    )
    counted = connection.rows(f"SELECT count(*) AS total FROM v_agreements g WHERE {condition}", *parameters)  # noqa: S608 - joined of constants
    ids = connection.rows(
        f"""SELECT agreement_id FROM v_agreements g WHERE {condition}
        ORDER BY {DATE_OF_AGREEMENT} DESC, agreement_id LIMIT ?""",  # noqa: S608 - joined of constants
        *parameters,
        limit or counted[0]["total"],
    )
    wanted_ids = [row["agreement_id"] for row in ids]
    found = agreements_by_id(connection, wanted_ids)
    return Listing(items=tuple(found[identity] for identity in wanted_ids), total=counted[0]["total"])


def agreements_by_id(connection: Connection, identities: list[str]) -> dict[str, wire.Agreement]:
    """Agreements by their public ids, with parties and mentions, without history; unknown ids are left out."""
    rows = connection.rows_in(
        """SELECT agreement_id, kind, status, is_news, signed_on, fields, value, confidence, independent_sources,
        first_seen_at, last_seen_at FROM v_agreements WHERE agreement_id IN ({})""",
        identities,
    )
    parties: dict[str, list[wire.AgreementParty]] = defaultdict(list)
    for row in connection.rows_in(
        """SELECT agreement_id, name, organisation, organisation_id, region FROM v_agreement_parties
        WHERE agreement_id IN ({}) ORDER BY agreement_id, position""",
        identities,
    ):
        parties[row["agreement_id"]].append(
            wire.AgreementParty(
                name=row["name"],
                organisation=row["organisation"],
                organisation_id=row["organisation_id"],
                region=row["region"],
            )
        )
    mentions = _mentions(connection, identities)
    return {
        row["agreement_id"]: _agreement(
            row, parties=parties[row["agreement_id"]], mentions=mentions[row["agreement_id"]]
        )
        for row in rows
    }


def count_news(connection: Connection, identities: list[str]) -> int:
    """How many of these agreements some article reports as current."""
    counted = connection.rows_in(
        "SELECT count(*) AS total FROM v_agreements WHERE is_news = 1 AND agreement_id IN ({})", identities
    )
    return sum(row["total"] for row in counted)


def agreement(connection: Connection, given: str) -> wire.Agreement:
    """One agreement with all its evidence and its history.

    Args:
        connection: The store.
        given: Its public id, or the beginning of it that no other shares; that of one that was merged leads to the one
            that stands for it.

    Raises:
        NotFoundError: None has it, or several do.
    """
    asked = agreement_id(connection, given)
    (row,) = connection.rows("SELECT * FROM v_agreement_ids WHERE agreement_id = ?", asked)
    identity = row["stands_for"]
    found = agreements_by_id(connection, [identity]).get(identity) or _out_of_force(connection, identity)
    merged = connection.rows(
        "SELECT agreement_id FROM v_agreement_ids WHERE stands_for = ? AND agreement_id <> ? ORDER BY agreement_id",
        identity,
        identity,
    )
    rows = connection.rows(
        """SELECT at, event, old_status, new_status, article_id, other_agreement_id, person, detail
        FROM v_agreement_events WHERE agreement_id = ? ORDER BY event_id""",
        identity,
    )
    return replace(
        found,
        merged=tuple(row["agreement_id"] for row in merged),
        events=tuple(
            wire.AgreementEvent(
                at=row["at"],
                event=row["event"],
                old_status=_status(row["old_status"]),
                new_status=_status(row["new_status"]),
                article=row["article_id"],
                other=row["other_agreement_id"],
                person=row["person"],
                detail=row["detail"],
            )
            for row in rows
        ),
    )


def agreement_id(connection: Connection, given: str) -> str:
    """The public id that somebody means, of whatever the ledger ever held.

    Raises:
        NotFoundError: None begins so, or several do.
    """
    return connection.one_id("v_agreement_ids", "agreement_id", given, prefix="agr-", what="agreement")


def _out_of_force(connection: Connection, identity: str) -> wire.Agreement:
    """One that was dismissed, or that no article tells of any more: what is left of it."""
    (row,) = connection.rows("SELECT * FROM v_agreement_ids WHERE agreement_id = ?", identity)
    names = row["parties"].split(_SEPARATOR) if row["parties"] else []
    parties = [wire.AgreementParty(name=name, organisation=name, organisation_id="", region=None) for name in names]
    return replace(_agreement({**row, "independent_sources": 0}, parties=parties, mentions=[]), state=row["state"])


def _mentions(connection: Connection, identities: list[str]) -> dict[str, list[wire.AgreementMention]]:
    found: dict[str, list[wire.AgreementMention]] = defaultdict(list)
    for row in connection.rows_in(
        """SELECT m.agreement_id, m.mention_id, m.article_id, m.is_current, a.source, a.key, a.url, m.title,
            m.publisher, m.published, m.status, m.is_news, m.start_offset, m.end_offset, m.evidence, m.confidence
        FROM v_agreement_mentions m JOIN v_articles a ON a.article_id = m.article_id WHERE m.agreement_id IN ({})
        ORDER BY m.agreement_id, m.is_current DESC, m.is_news DESC, m.confidence DESC, m.mention_id""",
        identities,
    ):
        found[row["agreement_id"]].append(
            wire.AgreementMention(
                mention=row["mention_id"],
                article=row["article_id"],
                is_current=bool(row["is_current"]),
                source=row["source"],
                key=row["key"],
                url=row["url"],
                title=row["title"],
                publisher=row["publisher"],
                published_at=row["published"],
                status=Status(row["status"]),
                is_news=bool(row["is_news"]),
                start=row["start_offset"],
                end=row["end_offset"],
                evidence=row["evidence"],
                confidence=row["confidence"],
            )
        )
    return found


def _agreement(
    row: Row, *, parties: list[wire.AgreementParty], mentions: list[wire.AgreementMention]
) -> wire.Agreement:
    return wire.Agreement(
        id=row["agreement_id"],
        parties=tuple(parties),
        kind=Kind(row["kind"]),
        status=Status(row["status"]),
        is_news=bool(row["is_news"]),
        signed_on=row["signed_on"],
        fields=tuple(row["fields"].split(_SEPARATOR)) if row["fields"] else (),
        value=row["value"],
        confidence=row["confidence"],
        independent_sources=row["independent_sources"],
        first_seen_at=row["first_seen_at"],
        last_seen_at=row["last_seen_at"],
        mentions=tuple(mentions),
        events=None,
    )


def _status(value: str | None) -> Status | None:
    return Status(value) if value else None
