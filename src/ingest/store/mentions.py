"""Rows of mentions: what an article's sentences state, as it stands in the ledger and as a run says it now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Connection, bindparam, func, insert, select, update

from ingest.agreements.ledger import Told
from ingest.documents import Kind, Mention, Moment, Status
from ingest.store.articles import Stored
from ingest.store.documents import Writing
from ingest.store.organisations import Resolved
from ingest.store.standing import dated, moment
from ingest.tables import AgreementMention, MentionParty, Organisation

__all__ = ["Known", "Statement", "in_force", "paired", "put", "supersede"]

_Key: TypeAlias = tuple[object, ...]

_M = AgreementMention
_IN_FORCE = (
    select(
        _M.id, _M.agreement_id, _M.attached_id, _M.start_offset, _M.end_offset, _M.evidence, _M.kind, _M.status,
        _M.is_news, _M.signed_on, _M.signed_on_precision, _M.published, _M.published_precision, _M.fields, _M.value,
        _M.confidence,
    )
    .where(_M.article_id == bindparam("article"), _M.superseded_run_id.is_(None))
    .order_by(_M.id)
)  # fmt: skip
_PARTIES = (
    select(MentionParty.mention_id, func.coalesce(Organisation.merged_into_id, Organisation.id), MentionParty.name)
    .join(Organisation, Organisation.id == MentionParty.organisation_id)
    .where(MentionParty.mention_id.in_(bindparam("mentions", expanding=True)))
    .order_by(MentionParty.mention_id, MentionParty.position)
)
_NEXT_NUMBER = select(func.coalesce(func.max(_M.number), -1) + 1).where(
    _M.article_id == bindparam("article"), _M.run_id == bindparam("by_run")
)
_SUPERSEDE = (
    update(_M).where(_M.id.in_(bindparam("mentions", expanding=True))).values(superseded_run_id=bindparam("by_run"))
)
_ADD = insert(_M).returning(_M.id)
_ADD_PARTIES = insert(MentionParty)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A mention with its parties resolved, and the article that it stands in."""

    mention: Mention
    parties: tuple[tuple[str, Resolved], ...]
    published: Moment | None
    article: Stored
    text_sha256: str

    def told(self) -> Told:
        """What the ledger's rule is asked about."""
        return Told(
            parties=frozenset(organisation.slug for _, organisation in self.parties),
            kind=self.mention.kind,
            status=self.mention.status,
            signed_on=self.mention.signed_on,
            published=self.published,
            is_news=self.mention.is_news,
        )

    @property
    def organisations(self) -> frozenset[int]:
        """Rows of its parties."""
        return frozenset(organisation.id for _, organisation in self.parties)

    @property
    def key(self) -> _Key:
        """Equal where a run says nothing new."""
        mention = self.mention
        return (
            *(mention.start, mention.end, mention.kind, mention.status, mention.is_news),
            *(mention.signed_on and mention.signed_on.iso, self.published and self.published.iso),
            *(tuple(mention.fields), mention.value, round(mention.confidence, 2)),
            tuple((organisation.id, name) for name, organisation in self.parties),
        )

    @property
    def words(self) -> str:
        """For people: parties, what it is, and the sentence."""
        mention = self.mention
        names = " + ".join(name for name, _ in self.parties)
        return _words(
            names,
            (mention.kind, mention.status),
            mention.evidence,
            signed_on=mention.signed_on,
            is_news=mention.is_news,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A mention that is in force.

    Attributes:
        agreement: Row of the agreement that it counts for.
        attached: Row of the one that the rules attached it to, where a person merged that into the other.
        organisations: Rows of its parties, merged ones as what they were merged into.
    """

    id: int
    agreement: int
    attached: int | None
    start: int
    end: int
    evidence: str
    organisations: frozenset[int]
    key: _Key
    words: str

    @property
    def place(self) -> int:
        """Row of the agreement whose description it is part of."""
        return self.attached or self.agreement


def in_force(connection: Connection, article: int) -> tuple[Known, ...]:
    """The mentions in force of an article."""
    rows = connection.execute(_IN_FORCE, {"article": article}).all()
    if not rows:
        return ()
    parties: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for mention, organisation, name in connection.execute(_PARTIES, {"mentions": [row.id for row in rows]}):
        parties[mention].append((organisation, name))
    return tuple(
        Known(
            id=row.id,
            agreement=row.agreement_id,
            attached=row.attached_id,
            start=row.start_offset,
            end=row.end_offset,
            evidence=row.evidence,
            organisations=frozenset(organisation for organisation, _ in parties[row.id]),
            key=(
                *(row.start_offset, row.end_offset, row.kind, row.status, row.is_news, row.signed_on, row.published),
                *(tuple(row.fields), row.value, round(row.confidence, 2)),
                tuple(parties[row.id]),
            ),
            words=_words(
                " + ".join(name for _, name in parties[row.id]),
                (row.kind, row.status),
                row.evidence,
                signed_on=moment(row.signed_on, row.signed_on_precision),
                is_news=row.is_news,
            ),
        )
        for row in rows
    )


def paired(fresh: Sequence[Statement], gone: Sequence[Known]) -> Mapping[int, Known]:
    """Which of the mentions that are gone a fresh one takes the place of: the same parties, then the same sentence.

    Returns:
        By position in `fresh`; each of `gone` at most once.
    """
    left = list(gone)
    pairs: dict[int, Known] = {}
    for fits in (_is_reworded, _has_same_parties, _is_reread):
        for position, statement in enumerate(fresh):
            found = next((old for old in left if position not in pairs and fits(statement, old)), None)
            if found is not None:
                pairs[position] = found
                left.remove(found)
    return pairs


def put(writing: Writing, statement: Statement, *, agreement: int, attached: int | None) -> int:
    """Store a mention.

    Args:
        writing: In whose run.
        statement: The mention.
        agreement: Row of the agreement that it counts for.
        attached: Of the one that it was attached to, where that was merged into the other.

    Returns:
        Its row.
    """
    mention, connection = statement.mention, writing.connection
    counted = {"article": statement.article.id, "by_run": writing.run.id}
    values = {
        "agreement_id": agreement,
        "attached_id": attached,
        "article_id": statement.article.id,
        "number": connection.execute(_NEXT_NUMBER, counted).scalar_one(),
        "start_offset": mention.start,
        "end_offset": mention.end,
        "evidence": mention.evidence,
        "kind": mention.kind,
        "status": mention.status,
        "is_news": mention.is_news,
        **dated("signed_on", mention.signed_on),
        **dated("published", statement.published),
        "fields": list(mention.fields),
        "value": mention.value,
        "confidence": mention.confidence,
        "run_id": writing.run.id,
    }
    identity = connection.execute(_ADD, values).scalar_one()
    rows = [
        {
            "mention_id": identity,
            "position": position,
            "organisation_id": organisation.own,
            "name": name,
            "start_offset": party.start,
            "end_offset": party.end,
        }
        for position, (party, (name, organisation)) in enumerate(zip(mention.parties, statement.parties, strict=True))
    ]
    if rows:
        connection.execute(_ADD_PARTIES, rows)
    return identity


def supersede(writing: Writing, gone: Collection[Known]) -> None:
    """Put mentions out of force; they stay in the store, with the run that said otherwise."""
    if gone:
        writing.connection.execute(_SUPERSEDE, {"mentions": [each.id for each in gone], "by_run": writing.run.id})


def _is_reworded(new: Statement, old: Known) -> bool:
    return _has_same_parties(new, old) and _overlap(new, old)


def _has_same_parties(new: Statement, old: Known) -> bool:
    return new.organisations == old.organisations


def _is_reread(new: Statement, old: Known) -> bool:
    return _overlap(new, old) and bool(new.organisations & old.organisations)


def _overlap(new: Statement, old: Known) -> bool:
    return new.mention.start < old.end and old.start < new.mention.end


def _words(names: str, what: tuple[Kind, Status], evidence: str, *, signed_on: Moment | None, is_news: bool) -> str:
    """A mention for people: parties, what it is, and the sentence."""
    kind, status = what
    said = " · ".join(
        [kind.value, status.value, *([signed_on.iso] if signed_on else []), "news" if is_news else "background"]
    )
    return f"{names} · {said} · {evidence}"
