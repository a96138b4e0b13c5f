"""Mentions → agreements: each is attached to one that the ledger has, or opens a new one.

The rule is `ingest.agreements.ledger`, pure; here are the rows that it is asked about, and what follows from its word.
What people ruled goes before the rule: a mention that fits an agreement that was merged counts for the one that stands
for it, one that fits a dismissed agreement stays dismissed with it, and one that was moved by hand stays where it was.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update

from ingest.agreements.ledger import Entry
from ingest.documents import Article, Detected, Mention
from ingest.store import mentions as told
from ingest.store.alerts.occasions import Candidate, worth_telling
from ingest.store.articles import Stored, unused_id
from ingest.store.changes import Change, ChangeKind
from ingest.store.database import lock
from ingest.store.documents import Writing
from ingest.store.mentions import Known, Statement
from ingest.store.organisations import party_name, resolve, settled
from ingest.store.rules import Rules
from ingest.store.standing import Change as Turn
from ingest.store.standing import dated, moment, record, refresh
from ingest.tables import (
    Agreement,
    AgreementEventKind,
    AgreementMention,
    AgreementParty,
    Decision,
    DecisionKind,
    Organisation,
)

__all__ = ["Entered", "candidates", "enter", "party_locks"]

_ID_DIGITS = 10
_ENTRIES = 200  # agreements of the same parties that the rule looks at: those with most parties in common, newest first
_Row: TypeAlias = Row[tuple[Any, ...]]

_SHARED = (
    select(AgreementParty.agreement_id)
    .where(AgreementParty.organisation_id.in_(bindparam("organisations", expanding=True)))
    .group_by(AgreementParty.agreement_id)
    .order_by(func.count().desc(), AgreementParty.agreement_id.desc())
    .limit(_ENTRIES)
)
_COLUMNS = select(
    Agreement.id, Agreement.public_id, Agreement.kind, Agreement.status, Agreement.signed_on,
    Agreement.signed_on_precision, Agreement.first_published, Agreement.first_published_precision,
    Agreement.last_published, Agreement.last_published_precision, Agreement.merged_into_id, Agreement.dismissed_at,
)  # fmt: skip
_AGREEMENTS = _COLUMNS.where(Agreement.id.in_(bindparam("agreements", expanding=True)))
_SLUGS = (
    select(AgreementParty.agreement_id, Organisation.slug)
    .join(Organisation, Organisation.id == AgreementParty.organisation_id)
    .where(AgreementParty.agreement_id.in_(bindparam("agreements", expanding=True)))
)
_PUBLIC_ID = select(Agreement.id).where(Agreement.public_id == bindparam("wanted"))
_EMPTIED = _COLUMNS.where(
    Agreement.public_id == bindparam("wanted"),
    Agreement.merged_into_id.is_(None),
    Agreement.dismissed_at.is_(None),
    ~select(AgreementParty.agreement_id).where(AgreementParty.agreement_id == Agreement.id).exists(),
)
_ADD = insert(Agreement).returning(Agreement.id)
_SEEN = update(Agreement).where(Agreement.id == bindparam("row")).values(last_seen_at=bindparam("at"))
_SPLIT = select(Decision.agreement_id, Decision.other_agreement_id).where(
    Decision.kind == DecisionKind.NOT_SAME_AGREEMENT,
    Decision.revoked_at.is_(None),
    or_(
        Decision.agreement_id.in_(bindparam("agreements", expanding=True)),
        Decision.other_agreement_id.in_(bindparam("agreements", expanding=True)),
    ),
)
_SAME_WORDS = (
    select(func.coalesce(AgreementMention.attached_id, AgreementMention.agreement_id))
    .where(
        AgreementMention.agreement_id.in_(bindparam("agreements", expanding=True)),
        AgreementMention.evidence == bindparam("evidence"),
    )
    .order_by(AgreementMention.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What became of what an article says.

    Attributes:
        detected: For each agreement that the article newly tells of, what became of it, in the order of the mentions;
            dismissed ones are left out.
        changes: What is otherwise than before.
        candidates: Events that are worth an alert unless they were told already; one for each agreement at most.
    """

    detected: tuple[Detected, ...] = ()
    changes: tuple[Change, ...] = ()
    candidates: tuple[Candidate, ...] = ()


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
    former: int | None = None,
    is_new: bool = False,
) -> Entered:
    """See that the ledger has what an article says, and nothing that it does not say any more.

    What it said before and says still is left alone; what changed takes the place of the former mention, in the same
    agreement where that still fits; what is gone is superseded.

    Args:
        writing: A transaction that holds `party_locks`.
        rules: Who is who, and what belongs together.
        stored: The article.
        text_sha256: Of its text: with it, the same input opens agreements under the same ids in any store.
        article: For its date, and as the context of its names.
        mentions: What it says, in the order of the text.
        former: Row of the article whose place it takes, if it does: what that said is said by this one now, or not at
            all.
        is_new: Whether the article is new to the store, and so has said nothing yet.
    """
    before = () if is_new else told.in_force(writing.connection, stored.id)
    replaced = told.in_force(writing.connection, former) if former is not None else ()
    before += tuple(replace(known, key=(former, known.key)) for known in replaced)
    if not before and not mentions:
        return Entered()
    parties = resolve(writing, rules, mentions, article)
    resolved = {each.own: each for row in parties for each in row}
    # Two names of one organisation have two locks until here; from here on, one.
    organisations = {
        *(each.id for each in resolved.values()),
        *(each for known in before for each in known.organisations),
    }
    lock(writing.connection, {f"organisation {organisation}" for organisation in organisations})
    standing = settled(writing.connection, resolved)
    statements = [
        Statement(
            mention=mention,
            parties=tuple((party_name(p.name), standing[o.own]) for p, o in zip(mention.parties, row, strict=True)),
            published=article.published,
            article=stored,
            text_sha256=text_sha256,
        )
        for mention, row in zip(mentions, parties, strict=True)
    ]
    return _Entering(writing, rules, before).enter(statements)


def candidates(connection: Connection, organisations: Collection[int]) -> Mapping[str, tuple[Entry, _Row]]:
    """Agreements with a party in common, by public id; merged and dismissed ones too."""
    shared = connection.execute(_SHARED, {"organisations": sorted(organisations)}).scalars().all()
    if not shared:
        return {}
    rows = connection.execute(_AGREEMENTS, {"agreements": shared}).all()
    parties: dict[int, set[str]] = defaultdict(set)
    for agreement, slug in connection.execute(_SLUGS, {"agreements": shared}):
        parties[agreement].add(slug)
    return {row.public_id: (_entry(row, parties[row.id]), row) for row in rows}


@dataclass(slots=True)
class _Entering:
    """One article, while it is entered."""

    writing: Writing
    rules: Rules
    before: tuple[Known, ...]
    taken: set[str] = field(default_factory=set)
    detected: dict[str, Detected] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    stood: dict[int, Turn] = field(default_factory=dict)  # how agreements stood before the article
    candidates: dict[int, Candidate] = field(default_factory=dict)

    def enter(self, statements: Sequence[Statement]) -> Entered:
        said = {statement.key for statement in statements}
        gone = [known for known in self.before if known.key not in said]
        kept = {known.key for known in self.before} & said
        fresh = [statement for statement in statements if statement.key not in kept]
        self._take([known for known in self.before if known.key in kept])
        self._withdraw(gone)
        replaced = told.paired(fresh, gone)
        for position, statement in enumerate(fresh):
            self._settle(statement, replaced.get(position))
        lost = [known for known in gone if known not in replaced.values()]
        self._tell_of_lost(lost, gone)
        return Entered(
            detected=tuple(self.detected.values()),
            changes=tuple(self.changes),
            candidates=tuple(self.candidates.values()),
        )

    def _take(self, kept: Collection[Known]) -> None:
        if kept:
            places = {place for known in kept for place in (known.agreement, known.place)}
            rows = self.writing.connection.execute(_AGREEMENTS, {"agreements": sorted(places)})
            self.taken |= {row.public_id for row in rows}

    def _withdraw(self, gone: Collection[Known]) -> None:
        told.supersede(self.writing, gone)
        for agreement in sorted({place for known in gone for place in (known.agreement, known.place)}):
            self.stood.setdefault(agreement, refresh(self.writing, self.rules, agreement))

    def _settle(self, statement: Statement, was: Known | None) -> None:
        rows = candidates(self.writing.connection, statement.organisations)
        place = self._place(statement, was, rows)
        if place is None:
            self._open(statement, was)
        else:
            self._attach(statement, place, was)

    def _place(self, statement: Statement, was: Known | None, rows: Mapping[str, tuple[Entry, _Row]]) -> _Row | None:
        """The agreement that a mention belongs to, or None where it opens a new one."""
        connection = self.writing.connection
        old = _row(connection, was.place) if was else None
        if old is not None and (old.merged_into_id or old.dismissed_at or _is_split(connection, [old.id])):
            return old
        open_rows = {row.id: row for entry, row in rows.values() if entry.agreement_id not in self.taken}
        if open_rows and _is_split(connection, list(open_rows)):
            asked = {"agreements": list(open_rows), "evidence": statement.mention.evidence}
            precedent = connection.execute(_SAME_WORDS, asked).scalar_one_or_none()
            if precedent in open_rows:
                return open_rows[precedent]
        entries = [entry for entry, _ in rows.values()]
        chosen = self.rules.choose(statement.told(), entries, taken=frozenset(self.taken))
        if chosen is not None:
            return rows[chosen][1]
        # Its agreement stands for nothing else any more: the same agreement, read better.
        if old is not None and old.public_id not in self.taken:
            return connection.execute(_EMPTIED, {"wanted": old.public_id}).one_or_none()
        return None

    def _open(self, statement: Statement, was: Known | None) -> None:
        mention, writing = statement.mention, self.writing
        key = [statement.text_sha256, mention.start, mention.end, mention.kind, *sorted(statement.told().parties)]
        full = "agr-" + hashlib.sha256("\n".join(map(str, key)).encode()).hexdigest()
        emptied = writing.connection.execute(_EMPTIED, {"wanted": full[: 4 + _ID_DIGITS]}).one_or_none()
        if emptied is not None:
            self._attach(statement, emptied, was, opens=True)
            return
        public_id = unused_id(writing.connection, _PUBLIC_ID, full, 4 + _ID_DIGITS)
        values = {
            "public_id": public_id,
            "kind": mention.kind,
            "status": mention.status,
            "is_news": mention.is_news,
            **dated("signed_on", mention.signed_on),
            "fields": list(mention.fields),
            "value": mention.value,
            "confidence": mention.confidence,
            **dated("first_published", statement.published),
            **dated("last_published", statement.published),
            "first_seen_at": writing.at,
            "last_seen_at": writing.at,
            "run_id": writing.run.id,
        }
        identity = writing.connection.execute(_ADD, values).scalar_one()
        self._attach(statement, _row(writing.connection, identity), was, opens=True)

    def _attach(self, statement: Statement, place: _Row, was: Known | None, *, opens: bool = False) -> None:
        writing, root = self.writing, place.merged_into_id or place.id
        attached = place.id if root != place.id else None
        identity = told.put(writing, statement, agreement=root, attached=attached)
        if attached is not None:
            refresh(writing, self.rules, attached)
        change = refresh(writing, self.rules, root)
        if not opens:
            writing.connection.execute(_SEEN, {"row": root, "at": writing.at})
        changed = change.old is not change.new
        if opens:
            event = AgreementEventKind.OPENED
        elif was is not None:
            event = AgreementEventKind.CORRECTED
        else:
            event = AgreementEventKind.STATUS_CHANGED if changed else AgreementEventKind.CONFIRMED
        number = record(writing, root, event, mention=identity, status=(None if opens else change.old, change.new))
        self._consider(statement, place, change, event=number, mention=identity, opens=opens)
        self.taken |= {place.public_id, change.public_id}
        self._tell(statement, change.public_id, was, opens=opens)
        if not place.dismissed_at:
            self.detected[change.public_id] = Detected(
                agreement_id=change.public_id, is_new=opens, status_changed=changed and not opens
            )

    def _consider(
        self, statement: Statement, place: _Row, change: Turn, *, event: int, mention: int, opens: bool
    ) -> None:
        """Note an event that is worth an alert, of each agreement the first."""
        root = place.merged_into_id or place.id
        before = self.stood.setdefault(root, change)
        said = statement.mention
        why = worth_telling(
            before,
            change,
            status=said.status,
            is_news=said.is_news,
            opens=opens,
            next_status=self.rules.next_status,
        )
        if why is not None and not place.dismissed_at and root not in self.candidates:
            self.candidates[root] = Candidate(event=event, agreement=root, mention=mention, why=why, status=change.new)

    def _tell(self, statement: Statement, agreement: str, was: Known | None, *, opens: bool) -> None:
        kind = ChangeKind.MENTION_CHANGED if was else ChangeKind.MENTION_GAINED
        self.changes.append(
            Change(kind=kind, subject=agreement, before=was.words if was else None, after=statement.words)
        )
        if opens:
            self.changes.append(Change(kind=ChangeKind.OPENED, subject=agreement))

    def _tell_of_lost(self, lost: Sequence[Known], gone: Sequence[Known]) -> None:
        """Say what is not said any more, and which agreements nothing tells of now."""
        connection = self.writing.connection
        for known in lost:
            subject = _row(connection, known.agreement).public_id
            self.changes.append(Change(kind=ChangeKind.MENTION_LOST, subject=subject, before=known.words))
        for agreement in dict.fromkeys(known.agreement for known in gone):
            row = _row(connection, agreement)
            if refresh(self.writing, self.rules, agreement).mentions == 0:
                record(self.writing, agreement, AgreementEventKind.EMPTIED, status=(row.status, row.status))
                self.changes.append(Change(kind=ChangeKind.EMPTIED, subject=row.public_id))


def _row(connection: Connection, agreement: int) -> _Row:
    return connection.execute(_AGREEMENTS, {"agreements": [agreement]}).one()


def _is_split(connection: Connection, agreements: Collection[int]) -> bool:
    """Whether a person took one of these agreements apart."""
    return connection.execute(_SPLIT, {"agreements": list(agreements)}).first() is not None


def _entry(row: _Row, parties: Collection[str]) -> Entry:
    return Entry(
        agreement_id=row.public_id,
        parties=frozenset(parties),
        kind=row.kind,
        status=row.status,
        signed_on=moment(row.signed_on, row.signed_on_precision),
        first_published=moment(row.first_published, row.first_published_precision),
        last_published=moment(row.last_published, row.last_published_precision),
    )
