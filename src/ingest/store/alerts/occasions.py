"""Which agreement events are worth an alert, whatever rules there are, and what rules are asked about them.

    opened, or known as background only, and now told as news   detected: once
    its status moves on, by news                                status_changed: once for each status

Not for an agreement that stands for one that was told of (a merge), nor where the story was told already: what a
near-duplicate opens with the sentence of its story, or with nearly the same names, is the same news read otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, or_, select
from sqlalchemy.orm import aliased

from ingest.alerts.notice import Why
from ingest.alerts.rules import Occasion
from ingest.documents import Status
from ingest.store.articles import AnyRow
from ingest.store.documents import Writing
from ingest.store.rules import Rules
from ingest.store.standing import Change, moment
from ingest.tables import (
    Agreement,
    AgreementEvent,
    AgreementMention,
    AgreementParty,
    AlertOccasion,
    Appearance,
    Article,
    ArticleTopic,
    Decision,
    DecisionKind,
    Document,
    MentionParty,
    Organisation,
    OrganisationName,
    Source,
)

__all__ = ["Candidate", "Noted", "Told", "add", "note", "occasions", "public_ids", "since", "worth_telling"]

NextStatus = Callable[[Status, Status], Status]

_ADD = insert(AlertOccasion)
_GROUP = select(Agreement.id).where(
    or_(Agreement.id == bindparam("root"), Agreement.merged_into_id == bindparam("root"))
)
_TOLD = (
    select(AlertOccasion.why, AgreementEvent.new_status)
    .join(AgreementEvent, AgreementEvent.id == AlertOccasion.event_id)
    .where(AlertOccasion.agreement_id.in_(_GROUP), AlertOccasion.why != Why.WITHDRAWN)
)
_IS_DISMISSED = select(Agreement.id).where(Agreement.id == bindparam("root"), Agreement.dismissed_at.is_not(None))
_LEADER = (
    select(Article.near_duplicate_of_id)
    .join(AgreementMention, AgreementMention.article_id == Article.id)
    .where(AgreementMention.id == bindparam("mention"))
)
_OWN_PARTIES = select(MentionParty.organisation_id).where(MentionParty.mention_id == bindparam("mention"))
_EVIDENCE = select(AgreementMention.evidence).where(AgreementMention.id == bindparam("mention"))
_SAME_STORY = (
    select(AgreementMention.id, AgreementMention.evidence)
    .join(Article, Article.id == AgreementMention.article_id)
    .where(
        or_(Article.id == bindparam("leader"), Article.near_duplicate_of_id == bindparam("leader")),
        AgreementMention.id != bindparam("mention"),
        AgreementMention.agreement_id != bindparam("root"),
        AgreementMention.superseded_run_id.is_(None),
        AgreementMention.id.in_(select(MentionParty.mention_id).where(MentionParty.organisation_id.in_(_OWN_PARTIES))),
    )
)
_CALLED = select(MentionParty.mention_id, MentionParty.name).where(
    MentionParty.mention_id.in_(bindparam("mentions", expanding=True))
)
_FIRST_CONTACT = (
    select(Document.first_seen_at, Source.first_pass_at)
    .join(Source, Source.id == Document.source_id)
    .where(Document.id == bindparam("document"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An event of the ledger that is worth an alert unless that was told already.

    Attributes:
        event: Its row.
        agreement: Row of the agreement.
        mention: Row of the sentence.
        why: What happened.
        status: From then on.
    """

    event: int
    agreement: int
    mention: int
    why: Why
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """By what a candidate came.

    Attributes:
        document: Row of the document.
        is_new: Whether the document was no article before: a later wording is no first contact.
    """

    document: int
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """An occasion with the row of its event, and when it was."""

    event: int
    agreement: int
    at: datetime
    occasion: Occasion


def worth_telling(
    before: Change, after: Change, *, status: Status, is_news: bool, opens: bool, next_status: NextStatus
) -> Why | None:
    """What an attached mention is worth telling of, by how its agreement stood before the article and stands now.

    Args:
        before: How the agreement stood before the article.
        after: How it stands with the mention.
        status: What the mention says.
        is_news: Whether the mention is news; background is never worth it.
        opens: Whether it opened the agreement.
        next_status: How statuses follow each other.
    """
    if not is_news:
        return None
    if opens or not before.was_news:
        return Why.DETECTED
    moved_on = after.new is status and next_status(before.old, status) is not before.old
    return Why.STATUS_CHANGED if moved_on else None


def note(writing: Writing, rules: Rules, candidates: Sequence[Candidate], told: Told) -> tuple[int, ...]:
    """Note those candidates that nobody was told of yet.

    Args:
        writing: The transaction of the events.
        rules: How statuses follow each other, and names compare.
        candidates: At least one.
        told: By what they came.

    Returns:
        Rows of their events.
    """
    connection = writing.connection
    fresh = [each for each in candidates if _is_fresh(connection, rules, each)]
    if not fresh:
        return ()
    first = told.is_new and _is_first_contact(connection, told.document)
    for each in fresh:
        add(writing, each.event, each.agreement, each.why, is_first_contact=first)
    return tuple(each.event for each in fresh)


def add(writing: Writing, event: int, agreement: int, why: Why, *, is_first_contact: bool = False) -> None:
    """Note an occasion."""
    values = {"event_id": event, "agreement_id": agreement, "why": why, "is_first_contact": is_first_contact}
    writing.connection.execute(_ADD, values)


def _is_fresh(connection: Connection, rules: Rules, candidate: Candidate) -> bool:
    asked = {"root": candidate.agreement}
    told = connection.execute(_TOLD, asked).all()
    if candidate.why is Why.DETECTED and told:
        return False
    if any(rules.next_status(row.new_status, candidate.status) is row.new_status for row in told if row.new_status):
        return False
    if connection.execute(_IS_DISMISSED, asked).first() is not None:
        return False
    return candidate.why is not Why.DETECTED or not _is_of_a_told_story(connection, candidate, rules.fold)


def _is_of_a_told_story(connection: Connection, candidate: Candidate, fold: Callable[[str], str]) -> bool:
    """Whether an article of the same story says so in the same sentence, or of parties with nearly the same names."""
    leader = connection.execute(_LEADER, {"mention": candidate.mention}).scalar_one()
    if leader is None:
        return False
    asked = {"leader": leader, "mention": candidate.mention, "root": candidate.agreement}
    story = connection.execute(_SAME_STORY, asked).all()
    if not story:
        return False
    evidence = connection.execute(_EVIDENCE, asked).scalar_one()
    called: dict[int, list[str]] = defaultdict(list)
    for mention, name in connection.execute(_CALLED, {"mentions": [candidate.mention, *(row.id for row in story)]}):
        called[mention].append(fold(name))
    own = called[candidate.mention]
    return any(row.evidence == evidence or _are_alike(own, called[row.id]) for row in story)


def _are_alike(own: Iterable[str], others: Collection[str]) -> bool:
    return all(any(name in other or other in name for other in others) for name in own)


def _is_first_contact(connection: Connection, document: int) -> bool:
    row = connection.execute(_FIRST_CONTACT, {"document": document}).one()
    return row.first_pass_at is None or row.first_seen_at <= row.first_pass_at


_O, _M = AlertOccasion, AgreementMention
_ROOT = aliased(Agreement)
_FACTS = (
    select(
        _O.event_id, _O.agreement_id, _O.why, _O.is_first_contact, AgreementEvent.at, AgreementEvent.new_status,
        func.coalesce(_ROOT.id, Agreement.id).label("root"),
        func.coalesce(_ROOT.kind, Agreement.kind).label("kind"),
        func.coalesce(_ROOT.confidence, Agreement.confidence).label("confidence"),
        Agreement.status, _M.signed_on, _M.signed_on_precision, _M.published, _M.published_precision,
        Article.id.label("article"), Article.language, Source.name.label("source"),
    )
    .join(AgreementEvent, AgreementEvent.id == _O.event_id)
    .join(Agreement, Agreement.id == _O.agreement_id)
    .outerjoin(_ROOT, _ROOT.id == Agreement.merged_into_id)
    .join(_M, _M.id == AgreementEvent.mention_id)
    .join(Article, Article.id == _M.article_id)
    .join(Appearance, (Appearance.article_id == Article.id) & Appearance.leads)
    .join(Document, Document.id == Appearance.document_id)
    .join(Source, Source.id == Document.source_id)
    .order_by(_O.event_id)
)  # fmt: skip
_OF_EVENTS = _FACTS.where(_O.event_id.in_(bindparam("events", expanding=True)))
_SINCE = _FACTS.where(
    AgreementEvent.at >= bindparam("since"), func.coalesce(_ROOT.dismissed_at, Agreement.dismissed_at).is_(None)
)
_OWN = func.coalesce(Organisation.merged_into_id, Organisation.id)
_PARTIES = select(AgreementParty.agreement_id, AgreementParty.organisation_id, AgreementParty.name).where(
    AgreementParty.agreement_id.in_(bindparam("agreements", expanding=True))
)
_NAMES = (
    select(_OWN.label("organisation"), Organisation.slug, Organisation.name, OrganisationName.name.label("alias"))
    .outerjoin(OrganisationName, OrganisationName.organisation_id == Organisation.id)
    .where(_OWN.in_(bindparam("organisations", expanding=True)))
)
_TOPICS = select(ArticleTopic.article_id, ArticleTopic.topic).where(
    ArticleTopic.article_id.in_(bindparam("articles", expanding=True)), ArticleTopic.superseded_run_id.is_(None)
)
_RULED = select(Decision.article_id, Decision.topic, Decision.holds).where(
    Decision.kind == DecisionKind.TOPIC,
    Decision.revoked_at.is_(None),
    Decision.article_id.in_(bindparam("articles", expanding=True)),
)
_PUBLIC_IDS = select(Agreement.id, Agreement.public_id).where(Agreement.id.in_(bindparam("agreements", expanding=True)))
_CHUNK = 500


def occasions(connection: Connection, events: Collection[int]) -> tuple[Noted, ...]:
    """What rules are asked about these events, in their order."""
    return _read(connection, _OF_EVENTS, events=sorted(events))


def since(connection: Connection, moment_: datetime) -> tuple[Noted, ...]:
    """What rules would be asked about all that happened since, as the ledger has it now; dismissed ones left out."""
    return _read(connection, _SINCE, since=moment_)


def public_ids(connection: Connection, agreements: Collection[int]) -> dict[int, str]:
    """Public ids of agreements by their rows."""
    asked = sorted(set(agreements))
    found: dict[int, str] = {}
    for start in range(0, len(asked), _CHUNK):
        rows = connection.execute(_PUBLIC_IDS, {"agreements": asked[start : start + _CHUNK]})
        found |= {row.id: row.public_id for row in rows}
    return found


def _read(connection: Connection, query: Select[tuple[Any, ...]], **asked: object) -> tuple[Noted, ...]:
    rows: Sequence[AnyRow] = connection.execute(query, asked).all()
    found: list[Noted] = []
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        slugs, names = _parties(connection, {row.root for row in chunk})
        topics = _topics(connection, {row.article for row in chunk})
        found += [
            Noted(
                event=row.event_id,
                agreement=row.root,
                at=row.at,
                occasion=_occasion(row, slugs[row.root], names[row.root], topics[row.article]),
            )
            for row in chunk
        ]
    return tuple(found)


def _occasion(row: AnyRow, slugs: Iterable[str], names: Iterable[str], topics: Iterable[str]) -> Occasion:
    return Occasion(
        why=row.why,
        kind=row.kind,
        status=row.new_status or row.status,
        language=row.language,
        source=row.source,
        confidence=row.confidence,
        organisations=frozenset(slugs),
        names=frozenset(names),
        topics=frozenset(topics),
        signed_on=moment(row.signed_on, row.signed_on_precision),
        published=moment(row.published, row.published_precision),
        is_first_contact=row.is_first_contact,
    )


def _parties(connection: Connection, agreements: Collection[int]) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """By agreement: ids and names of its parties, and of what became part of them."""
    parties = connection.execute(_PARTIES, {"agreements": sorted(agreements)}).all()
    slugs: dict[int, set[str]] = defaultdict(set)
    names: dict[int, set[str]] = defaultdict(set)
    asked = {"organisations": sorted({row.organisation_id for row in parties})}
    for organisation, slug, name, alias in connection.execute(_NAMES, asked):
        slugs[organisation].add(slug)
        names[organisation] |= {name, alias or name}
    of_agreement: dict[int, set[str]] = defaultdict(set)
    called: dict[int, set[str]] = defaultdict(set)
    for row in parties:
        of_agreement[row.agreement_id] |= slugs[row.organisation_id]
        called[row.agreement_id] |= {row.name, *names[row.organisation_id]}
    return of_agreement, called


def _topics(connection: Connection, articles: Collection[int]) -> dict[int, set[str]]:
    """By article: the topics in force; what an analyst ruled wins."""
    asked = {"articles": sorted(articles)}
    found: dict[int, set[str]] = defaultdict(set)
    for article, topic in connection.execute(_TOPICS, asked):
        found[article].add(topic)
    for row in connection.execute(_RULED, asked):
        (found[row.article_id].add if row.holds else found[row.article_id].discard)(row.topic)
    return found
