"""The search index, kept up in the transaction that changes what it is made of.

An article is in it while a copy of it is its document's latest wording. `renew` is called for articles whose text,
headline, date, language, topics or mentions may have changed; it reads how they stand and changes what is otherwise.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, Connection, Row, Text, bindparam, delete, exists, insert, select, text

from ingest.search.places import place_of
from ingest.search.tokens import SCHEME, Entry, entry, language_marks, mark, prepared
from ingest.search.vectors import vector
from ingest.tables import (
    AgreementMention,
    Appearance,
    Article,
    ArticleSearch,
    ArticleTopic,
    Decision,
    DecisionKind,
    Document,
    MentionParty,
)

__all__ = ["fill", "prepare", "renew"]

_BATCH = 200
_Row: TypeAlias = Row[tuple[Any, ...]]

_OF: BindParameter[Sequence[int]] = bindparam("articles", expanding=True)
_IS_CURRENT = Appearance.revision == Document.revision
_STATE = (
    select(
        Article.id, Article.text, Article.language, Article.text_sha256, Article.first_seen_at, Appearance.title,
        Appearance.published_at, Document.source_id, _IS_CURRENT.label("is_current"), ArticleSearch.place,
        ArticleSearch.digest,
    )
    .outerjoin(Appearance, (Appearance.article_id == Article.id) & Appearance.leads)
    .outerjoin(Document, Document.id == Appearance.document_id)
    .outerjoin(ArticleSearch, ArticleSearch.article_id == Article.id)
    .where(Article.id.in_(_OF))
    .order_by(Article.id)
)  # fmt: skip
_TOPICS = (
    select(ArticleTopic.article_id, ArticleTopic.topic)
    .where(
        ArticleTopic.article_id.in_(_OF),
        ArticleTopic.superseded_run_id.is_(None),
    )
    .order_by(ArticleTopic.topic)
)
_RULED = select(Decision.article_id, Decision.topic, Decision.holds).where(
    Decision.article_id.in_(_OF), Decision.kind == DecisionKind.TOPIC, Decision.revoked_at.is_(None)
)
_SAID = (
    select(AgreementMention.article_id, AgreementMention.evidence, MentionParty.name)
    .outerjoin(MentionParty, MentionParty.mention_id == AgreementMention.id)
    .where(AgreementMention.article_id.in_(_OF), AgreementMention.superseded_run_id.is_(None))
    .order_by(AgreementMention.id, MentionParty.position)
)
_IS_TAKEN = select(ArticleSearch.place).where(ArticleSearch.place == bindparam("wanted"))
_KEPT = select(ArticleSearch.terms).where(ArticleSearch.place == bindparam("wanted"))
_REMOVE = delete(ArticleSearch).where(ArticleSearch.place == bindparam("wanted"))
_ADD = insert(ArticleSearch)
_ADD_VECTOR = text(
    "INSERT INTO article_search (place, article_id, digest, is_long, terms)"
    " VALUES (:place, :article_id, :digest, :is_long, CAST(:terms AS tsvector))"
)
_ADD_PART = text(
    "INSERT INTO article_search_parts (place, part, terms) VALUES (:place, :part, CAST(:terms AS tsvector))"
)
_ADD_TERMS = text("INSERT INTO article_terms (rowid, terms) VALUES (:place, :terms)")
_REMOVE_TERMS = text(
    "INSERT INTO article_terms (article_terms, rowid, terms) VALUES ('delete', :place, :terms)"
).bindparams(bindparam("terms", type_=Text))
_MISSING = (
    select(Article.id)
    .where(
        Article.id > bindparam("after"),
        ~exists().where(ArticleSearch.article_id == Article.id),
        exists().where(
            Appearance.article_id == Article.id, Appearance.leads, Document.id == Appearance.document_id, _IS_CURRENT
        ),
    )
    .order_by(Article.id)
    .limit(_BATCH)
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What of an article is in other tables."""

    topics: tuple[str, ...]
    parties: tuple[str, ...]
    evidence: tuple[str, ...]


def prepare(words: str) -> None:
    """Cut the text of an article into terms before its transaction is opened, in which no work of that sort is done."""
    prepared(words)


def renew(connection: Connection, articles: Collection[int]) -> None:
    """See that the index says of articles what the store says of them now.

    Args:
        connection: In the transaction that changed them.
        articles: Their rows.
    """
    asked = sorted(set(articles))
    for start in range(0, len(asked), _BATCH):
        wanted = {"articles": asked[start : start + _BATCH]}
        said = _said(connection, wanted)
        for row in connection.execute(_STATE, wanted).all():
            _renew(connection, row, said[row.id])


def fill(connection: Connection) -> int:
    """Index the articles in force that the index does not have, in batches; how many these were."""
    number = after = 0
    while batch := connection.execute(_MISSING, {"after": after}).scalars().all():
        renew(connection, batch)
        number += len(batch)
        after = batch[-1]
    if number and connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE article_search"))
    return number


def _said(connection: Connection, wanted: dict[str, list[int]]) -> dict[int, _Said]:
    topics: dict[int, dict[str, bool]] = defaultdict(dict)
    for article, topic in connection.execute(_TOPICS, wanted):
        topics[article][topic] = True
    for article, topic, holds in connection.execute(_RULED, wanted):
        topics[article or 0][topic or ""] = holds
    parties: dict[int, list[str]] = defaultdict(list)
    evidence: dict[int, list[str]] = defaultdict(list)
    for article, sentence, name in connection.execute(_SAID, wanted):
        evidence[article].append(sentence)
        parties[article] += filter(None, [name])
    return {
        article: _Said(
            topics=tuple(sorted(topic for topic, holds in topics[article].items() if holds)),
            parties=tuple(dict.fromkeys(parties[article])),
            evidence=tuple(dict.fromkeys(evidence[article])),
        )
        for article in wanted["articles"]
    }


def _renew(connection: Connection, row: _Row, said: _Said) -> None:
    if not row.is_current:
        if row.place is not None:
            _remove(connection, row.place)
        return
    at: datetime = row.published_at or row.first_seen_at
    marks = (
        *language_marks(row.language),
        mark("s", row.source_id),
        *(mark("t", topic) for topic in said.topics),
    )
    digest = _digest(
        [str(SCHEME), row.text_sha256, at.date().isoformat(), row.title or ""], said.parties, said.evidence, marks
    )
    if row.place is not None:
        if digest == row.digest:
            return
        _remove(connection, row.place)
    place = _free(connection, place_of(at.date(), row.id))
    indexed = entry(title=row.title or "", text=row.text, parties=said.parties, evidence=said.evidence, marks=marks)
    _add(connection, indexed, {"place": place, "article_id": row.id, "digest": digest})


def _digest(*parts: Iterable[str]) -> str:
    """Of lists of texts, told apart."""
    written = "\n".join(repr(list(part)) for part in parts)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _free(connection: Connection, place: int) -> int:
    """The place, or the next that nobody has: the numbers of articles may repeat beyond 16 million."""
    while connection.execute(_IS_TAKEN, {"wanted": place}).first() is not None:
        place += 1
    return place


def _add(connection: Connection, indexed: Entry, row: dict[str, object]) -> None:
    if connection.dialect.name == "sqlite":
        tokens = indexed.text
        connection.execute(_ADD, {**row, "is_long": False, "terms": zlib.compress(tokens.encode())})
        connection.execute(_ADD_TERMS, {"place": row["place"], "terms": tokens})
        return
    vectors = vector(indexed)
    connection.execute(_ADD_VECTOR, {**row, "is_long": bool(vectors.parts), "terms": vectors.whole})
    if vectors.parts:
        connection.execute(_ADD_PART, list(_numbered(row["place"], vectors.parts)))


def _numbered(place: object, parts: Sequence[str]) -> Iterator[dict[str, object]]:
    for number, terms in enumerate(parts):
        yield {"place": place, "part": number, "terms": terms}


def _remove(connection: Connection, place: int) -> None:
    if connection.dialect.name == "sqlite":
        # FTS5 without content forgets a row only when it is told exactly what it was told of it.
        kept = connection.execute(_KEPT, {"wanted": place}).scalar_one()
        connection.execute(_REMOVE_TERMS, {"place": place, "terms": zlib.decompress(kept).decode()})
    connection.execute(_REMOVE, {"wanted": place})
