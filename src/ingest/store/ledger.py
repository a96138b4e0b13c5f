"""Mentions → agreements: each is attached to one that the ledger has, or opens a new one.

The rule is `ingest.agreements.ledger`, pure; here are the rows that it is asked about, and what follows from its word.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from ingest.agreements.ledger import Entry, Told
from ingest.documents import Article, Detected, Mention, Moment, Precision, Status
from ingest.store.articles import Stored, unused_id
from ingest.store.database import lock
from ingest.store.documents import Writing
from ingest.store.organisations import Resolved, party_name, resolve
from ingest.store.rules import Rules
from ingest.tables import (
    Agreement,
    AgreementEvent,
    AgreementEventKind,
    AgreementMention,
    AgreementParty,
    MentionParty,
    Organisation,
)

__all__ = ["enter", "party_locks"]

_ID_DIGITS = 10
_ENTRIES = 200  # agreements of the same parties that the rule looks at: those with most parties in common, newest first
_ORDER = tuple(Precision)
_COLUMNS = (
    Agreement.id,
    Agreement.public_id,
    Agreement.kind,
    Agreement.status,
    Agreement.is_news,
    Agreement.signed_on,
    Agreement.signed_on_precision,
    Agreement.fields,
    Agreement.value,
    Agreement.confidence,
    Agreement.first_published,
    Agreement.first_published_precision,
    Agreement.last_published,
    Agreement.last_published_precision,
)
_Row: TypeAlias = Row[*tuple[Any, ...]]

_SHARED = (
    select(AgreementParty.agreement_id)
    .where(AgreementParty.organisation_id.in_(bindparam("organisations", expanding=True)))
    .group_by(AgreementParty.agreement_id)
    .order_by(func.count().desc(), AgreementParty.agreement_id.desc())
    .limit(_ENTRIES)
)
_AGREEMENTS = select(*_COLUMNS).where(
    Agreement.id.in_(bindparam("agreements", expanding=True)),
    Agreement.merged_into_id.is_(None),
    Agreement.dismissed_at.is_(None),
)
_SLUGS = (
    select(AgreementParty.agreement_id, Organisation.slug)
    .join(Organisation, Organisation.id == AgreementParty.organisation_id)
    .where(AgreementParty.agreement_id.in_(bindparam("agreements", expanding=True)))
)
_PUBLIC_ID = select(Agreement.id).where(Agreement.public_id == bindparam("wanted"))
_ADD = insert(Agreement).returning(Agreement.id)
_CHANGE = update(Agreement).where(Agreement.id == bindparam("row"))
_PARTIES = select(AgreementParty.organisation_id, AgreementParty.name, AgreementParty.position).where(
    AgreementParty.agreement_id == bindparam("agreement")
)
_ADD_PARTY = insert(AgreementParty)
_NAME_PARTY = update(AgreementParty).where(
    AgreementParty.agreement_id == bindparam("of"), AgreementParty.organisation_id == bindparam("who")
)
_ADD_MENTION = insert(AgreementMention).returning(AgreementMention.id)
_ADD_MENTION_PARTIES = insert(MentionParty)
_RECORD = insert(AgreementEvent)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """A mention with its parties resolved, and the article that it stands in."""

    mention: Mention
    number: int
    parties: tuple[tuple[str, Resolved], ...]
    published: Moment | None
    article: Stored
    text_sha256: str

    def told(self) -> Told:
        return Told(
            parties=frozenset(organisation.slug for _, organisation in self.parties),
            kind=self.mention.kind,
            status=self.mention.status,
            signed_on=self.mention.signed_on,
            published=self.published,
            is_news=self.mention.is_news,
        )


def party_locks(rules: Rules, mentions: Sequence[Mention]) -> set[str]:
    """Names of the locks under which the parties of these mentions are resolved."""
    names = {party_name(party.name) for mention in mentions for party in mention.parties}
    return {f"party {rules.fold(name) or name}" for name in names}


def enter(
    writing: Writing,
    rules: Rules,
    *,
    stored: Stored,
    text_sha256: str,
    article: Article,
    mentions: Sequence[Mention],
) -> tuple[Detected, ...]:
    """Enter what an article says into the ledger.

    Args:
        writing: A transaction that holds `party_locks`.
        rules: Who is who, and what belongs together.
        stored: The article.
        text_sha256: Of its text: with it, the same input opens agreements under the same ids in any store.
        article: For its date.
        mentions: What it says, in the order of the text.

    Returns:
        For each agreement that was told of, what became of it, in the order of the mentions.
    """
    names = dict.fromkeys(party_name(party.name) for mention in mentions for party in mention.parties)
    resolved = resolve(writing, rules, names)
    # Two names of one organisation have two locks until here; from here on, one.
    lock(writing.connection, {f"organisation {organisation.id}" for organisation in resolved.values()})
    detected: dict[str, Detected] = {}
    for number, mention in enumerate(mentions):
        telling = _Telling(
            mention=mention,
            number=number,
            parties=tuple((party_name(party.name), resolved[party_name(party.name)]) for party in mention.parties),
            published=article.published,
            article=stored,
            text_sha256=text_sha256,
        )
        outcome = _settle(writing, rules, telling, taken=frozenset(detected))
        detected[outcome.agreement_id] = outcome
    return tuple(detected.values())


def _settle(writing: Writing, rules: Rules, telling: _Telling, *, taken: frozenset[str]) -> Detected:
    rows = _candidates(writing.connection, [organisation.id for _, organisation in telling.parties])
    chosen = rules.choose(telling.told(), [entry for entry, _ in rows.values()], taken=taken)
    if chosen is None:
        return _open(writing, telling)
    return _attach(writing, rules, telling, rows[chosen][1])


def _candidates(connection: Connection, organisations: Collection[int]) -> Mapping[str, tuple[Entry, _Row]]:
    """Agreements in force with a party in common, by public id."""
    shared = connection.execute(_SHARED, {"organisations": sorted(organisations)}).scalars().all()
    if not shared:
        return {}
    rows = connection.execute(_AGREEMENTS, {"agreements": shared}).all()
    parties: dict[int, set[str]] = defaultdict(set)
    for agreement, slug in connection.execute(_SLUGS, {"agreements": shared}):
        parties[agreement].add(slug)
    return {row.public_id: (_entry(row, parties[row.id]), row) for row in rows}


def _entry(row: _Row, parties: Collection[str]) -> Entry:
    return Entry(
        agreement_id=row.public_id,
        parties=frozenset(parties),
        kind=row.kind,
        status=row.status,
        signed_on=_moment(row.signed_on, row.signed_on_precision),
        first_published=_moment(row.first_published, row.first_published_precision),
        last_published=_moment(row.last_published, row.last_published_precision),
    )


def _open(writing: Writing, telling: _Telling) -> Detected:
    mention, published = telling.mention, telling.published
    key = [telling.text_sha256, mention.start, mention.end, mention.kind, *sorted(telling.told().parties)]
    full = "agr-" + hashlib.sha256("\n".join(map(str, key)).encode()).hexdigest()
    public_id = unused_id(writing.connection, _PUBLIC_ID, full, 4 + _ID_DIGITS)
    values = {
        "public_id": public_id,
        "kind": mention.kind,
        "status": mention.status,
        "is_news": mention.is_news,
        **_dated("signed_on", mention.signed_on),
        "fields": list(mention.fields),
        "value": mention.value,
        "confidence": mention.confidence,
        **_dated("first_published", published),
        **_dated("last_published", published),
        "first_seen_at": writing.at,
        "last_seen_at": writing.at,
        "run_id": writing.run.id,
    }
    identity = writing.connection.execute(_ADD, values).scalar_one()
    _put_parties(writing.connection, identity, telling)
    _put_mention(writing, identity, telling, AgreementEventKind.OPENED, new=mention.status)
    return Detected(agreement_id=public_id, is_new=True, status_changed=False)


def _attach(writing: Writing, rules: Rules, telling: _Telling, row: _Row) -> Detected:
    mention = telling.mention
    status = rules.next_status(row.status, mention.status)
    changed = status is not row.status
    first, last = _reports(row, telling)
    signed_on = _moment(row.signed_on, row.signed_on_precision)
    was_planned = changed and row.status is Status.PLANNED  # then its date was that of a plan
    if mention.signed_on and (signed_on is None or was_planned or _finer(mention.signed_on, signed_on)):
        signed_on = mention.signed_on
    values = {
        "row": row.id,
        "status": status,
        "is_news": row.is_news or mention.is_news,
        **_dated("signed_on", signed_on),
        "fields": list(dict.fromkeys([*row.fields, *mention.fields])),
        "value": row.value or mention.value,
        "confidence": max(row.confidence, mention.confidence),
        **_dated("first_published", first),
        **_dated("last_published", last),
        "last_seen_at": writing.at,
    }
    writing.connection.execute(_CHANGE, values)
    _put_parties(writing.connection, row.id, telling)
    event = AgreementEventKind.STATUS_CHANGED if changed else AgreementEventKind.CONFIRMED
    _put_mention(writing, row.id, telling, event, old=row.status, new=status)
    return Detected(agreement_id=row.public_id, is_new=False, status_changed=changed)


def _put_parties(connection: Connection, agreement: int, telling: _Telling) -> None:
    """Add the parties that are new to an agreement, and keep the fuller of two names for one that is not."""
    rows = connection.execute(_PARTIES, {"agreement": agreement}).all()
    names = {row.organisation_id: row.name for row in rows}
    position = max((row.position for row in rows), default=-1)
    for name, organisation in telling.parties:
        before = names.get(organisation.id)
        if before is None:
            position += 1
            values = {"agreement_id": agreement, "organisation_id": organisation.id, "position": position, "name": name}
            connection.execute(_ADD_PARTY, values)
            names[organisation.id] = name
        elif before != name and before.casefold() in name.casefold():
            connection.execute(_NAME_PARTY, {"of": agreement, "who": organisation.id, "name": name})
            names[organisation.id] = name


def _put_mention(
    writing: Writing,
    agreement: int,
    telling: _Telling,
    event: AgreementEventKind,
    *,
    old: Status | None = None,
    new: Status,
) -> None:
    mention = telling.mention
    values = {
        "agreement_id": agreement,
        "article_id": telling.article.id,
        "number": telling.number,
        "start_offset": mention.start,
        "end_offset": mention.end,
        "evidence": mention.evidence,
        "kind": mention.kind,
        "status": mention.status,
        "is_news": mention.is_news,
        **_dated("signed_on", mention.signed_on),
        **_dated("published", telling.published),
        "fields": list(mention.fields),
        "value": mention.value,
        "confidence": mention.confidence,
        "run_id": writing.run.id,
    }
    identity = writing.connection.execute(_ADD_MENTION, values).scalar_one()
    parties = [
        {
            "mention_id": identity,
            "position": position,
            "organisation_id": organisation.id,
            "name": name,
            "start_offset": party.start,
            "end_offset": party.end,
        }
        for position, (party, (name, organisation)) in enumerate(zip(mention.parties, telling.parties, strict=True))
    ]
    if parties:
        writing.connection.execute(_ADD_MENTION_PARTIES, parties)
    happened = {
        "agreement_id": agreement,
        "at": writing.at,
        "event": event,
        "run_id": writing.run.id,
        "mention_id": identity,
        "old_status": old,
        "new_status": new,
    }
    writing.connection.execute(_RECORD, happened)


def _reports(row: _Row, telling: _Telling) -> tuple[Moment | None, Moment | None]:
    """Dates of the first and last article that tells of an agreement: as news, where any does."""
    first = _moment(row.first_published, row.first_published_precision)
    last = _moment(row.last_published, row.last_published_precision)
    published = telling.published
    if published is None or (row.is_news and not telling.mention.is_news):
        return first, last
    if first is None or last is None or (telling.mention.is_news and not row.is_news):
        return published, published
    return min(first, published, key=_instant), max(last, published, key=_instant)


def _instant(moment: Moment) -> tuple[datetime, str]:
    return moment.earliest, moment.iso


def _finer(new: Moment, old: Moment) -> bool:
    return _ORDER.index(new.precision) > _ORDER.index(old.precision)


def _moment(iso: str | None, precision: Precision | None) -> Moment | None:
    return Moment(iso=iso, precision=precision) if iso and precision else None


def _dated(name: str, moment: Moment | None) -> dict[str, object]:
    """The two columns in which a table keeps a date."""
    return {name: moment.iso if moment else None, f"{name}_precision": moment.precision if moment else None}
