"""The search index, kept up in the transaction that changes what it is made of.

An article is in it while a copy of it is its document's latest wording. `renew` is called for articles whose text,
headline, date, language, topics or mentions may have changed; it reads how they stand and changes what is otherwise.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

from isal import isal_zlib
from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    Executable,
    Row,
    Text,
    bindparam,
    cast,
    delete,
    exists,
    literal,
    null,
    select,
    text,
    true,
    union_all,
)

from ingest.documents import Annotated
from ingest.search.places import place_of
from ingest.search.tokens import SCHEME, Entry, entry, language_marks, mark, prepared
from ingest.search.vectors import Vector, vector
from ingest.store.database import Database
from ingest.store.documents import Writing
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
from ingest.tables.base import clean
from ingest.views import Dialect

__all__ = ["Ready", "add_ready", "erase", "fill", "prepare", "ready", "renew", "rewrite"]

_BATCH = 200
_LEVEL = 3  # of 0 to 3: a seventh of zlib's time, for seven per cent more
_Row: TypeAlias = Row[tuple[Any, ...]]
_Values: TypeAlias = dict[str, object]

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
_NOTHING, _ALWAYS, _FIRST = cast(null(), Text), true(), literal(0)
# Topics, rulings on them, and mentions, in one statement.
_SAID: CompoundSelect[Any] = union_all(
    select(literal("topic").label("what"), ArticleTopic.article_id, ArticleTopic.topic.label("text"),
        _NOTHING.label("name"), _ALWAYS.label("holds"), ArticleTopic.id.label("number"), _FIRST.label("position"))
    .where(ArticleTopic.article_id.in_(_OF), ArticleTopic.superseded_run_id.is_(None)),
    select(literal("ruling"), Decision.article_id, Decision.topic, _NOTHING, Decision.holds, Decision.id, _FIRST)
    .where(Decision.article_id.in_(_OF), Decision.kind == DecisionKind.TOPIC, Decision.revoked_at.is_(None)),
    select(literal("mention"), AgreementMention.article_id, AgreementMention.evidence, MentionParty.name, _ALWAYS,
        AgreementMention.id, MentionParty.position)
    .outerjoin(MentionParty, MentionParty.mention_id == AgreementMention.id)
    .where(AgreementMention.article_id.in_(_OF), AgreementMention.superseded_run_id.is_(None)),
).order_by("number", "position")  # fmt: skip
_PLACES = select(ArticleSearch.place).where(ArticleSearch.article_id.in_(_OF))
_MERGE = text("INSERT INTO article_terms (article_terms, rank) VALUES ('merge', :pages)")
_CHANGES = text("SELECT total_changes()")
_MERGED_AT_ONCE = 1_000  # pages of the index, some 4 MB: a quarter of a second
_ANY = select(ArticleSearch.place).limit(1)
_DROP_INDEX = text("DROP INDEX ix_article_search_terms")
_MAKE_INDEX = text("CREATE INDEX ix_article_search_terms ON article_search USING gin (terms) WITH (fastupdate = off)")
_KEPT = select(ArticleSearch.terms).where(ArticleSearch.place == bindparam("wanted"))
_REMOVE = delete(ArticleSearch).where(ArticleSearch.place == bindparam("wanted"))
_COLUMNS = "article_search (place, article_id, digest, is_long, terms) VALUES (:place, :article_id, :digest, :is_long, "
_INSERT, _INSERT_VECTOR = f"INSERT INTO {_COLUMNS}:terms)", f"INSERT INTO {_COLUMNS}CAST(:terms AS tsvector))"
_ADD, _ADD_VECTOR = text(_INSERT), text(_INSERT_VECTOR)
# An insert of SQLAlchemy's with ON CONFLICT is compiled each time it runs.
_ADD_IF_FREE = text(f"{_INSERT} ON CONFLICT (place) DO NOTHING")
_ADD_VECTOR_IF_FREE = text(f"{_INSERT_VECTOR} ON CONFLICT (place) DO NOTHING")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What is to be indexed of an article that nobody had and that tells of no agreement.

    Attributes:
        title: As the store will have it.
        published_at: Likewise; None: it has no date.
        text_sha256: Of its text.
        marks: By which it is filtered.
        form: The entry, as the database takes it: tokens and the same deflated, or the vector.
    """

    title: str
    published_at: datetime | None
    text_sha256: str
    marks: tuple[str, ...]
    form: tuple[str, bytes] | Vector = field(repr=False)


def ready(annotated: Annotated, text_sha256: str, *, source: int, dialect: Dialect) -> Ready:
    """Work out what `renew` would write for such an article, before the transaction that adds it is opened.

    Args:
        annotated: What the stages say of it.
        text_sha256: Of its text.
        source: The row of its document's source.
        dialect: Of the database.
    """
    article = annotated.article
    title = clean(article.title or "")
    marks = _marks(annotated.language.tag, source, sorted(label.topic for label in annotated.topics))
    indexed = entry(title=title, text=clean(article.text), marks=marks)
    return Ready(
        title=title,
        published_at=article.published.earliest.astimezone(UTC) if article.published else None,
        text_sha256=text_sha256,
        marks=marks,
        form=_tokens(indexed) if dialect is Dialect.SQLITE else vector(indexed),
    )


def add_ready(writing: Writing, articles: Mapping[int, Ready]) -> None:
    """Index articles that were added in this transaction.

    Args:
        writing: The transaction.
        articles: By their rows.

    Raises:
        sqlalchemy.exc.IntegrityError: Another has the place of one, as only `renew` can help.
    """
    rows: list[_Values] = []
    tokens: list[_Values] = []
    parts: list[_Values] = []
    for article, each in articles.items():
        at = each.published_at or writing.at
        place = place_of(at.date(), article)
        digest = _digest_of(each.text_sha256, at, each.title, each.marks)
        row = {"place": place, "article_id": article, "digest": digest, "is_long": False}
        if isinstance(each.form, Vector):
            rows.append({**row, "is_long": bool(each.form.parts), "terms": each.form.whole})
            parts += _numbered(place, each.form.parts)
        else:
            rows.append({**row, "terms": each.form[1]})
            tokens.append({"place": place, "terms": each.form[0]})
    connection = writing.connection
    connection.execute(_ADD if tokens else _ADD_VECTOR, rows)
    for statement, others in ((_ADD_TERMS, tokens), (_ADD_PART, parts)):
        if others:
            connection.execute(statement, others)


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


def erase(connection: Connection, articles: Collection[int]) -> None:
    """Take articles out of the index. In SQLite's file their words stay until `rewrite` was called.

    Args:
        connection: In a transaction.
        articles: Their rows.
    """
    asked = sorted(articles)
    for start in range(0, len(asked), _BATCH):
        for place in connection.execute(_PLACES, {"articles": asked[start : start + _BATCH]}).scalars().all():
            _remove(connection, place)


def rewrite(database: Database) -> None:
    """Write SQLite's index anew without what was taken out of it, in short transactions between which others write.

    What is deleted from it is only noted, and goes when it is merged with the rest.

    Raises:
        StoreError: The store cannot be written; the next call goes on from there.
    """
    if database.dialect is not Dialect.SQLITE:
        return
    pages = -_MERGED_AT_ONCE  # negative: begin to merge all there is into one
    while database.write(lambda connection, pages=pages: _merged(connection, pages)):  # type: ignore[misc]
        pages = _MERGED_AT_ONCE


def _merged(connection: Connection, pages: int) -> bool:
    """Merge some pages; whether there was something to merge, as SQLite's manual has it told."""
    connection.exec_driver_sql("PRAGMA secure_delete = ON")
    before = int(connection.execute(_CHANGES).scalar_one())
    connection.execute(_MERGE, {"pages": pages})
    return int(connection.execute(_CHANGES).scalar_one()) - before > 1


def fill(connection: Connection) -> int:
    """Index the articles in force that the index does not have, in batches; how many these were."""
    if connection.dialect.name == "postgresql" and connection.execute(_ANY).first() is None:
        return _fill_at_once(connection)
    return _fill(connection)


def _fill_at_once(connection: Connection) -> int:
    """Fill an empty index of PostgreSQL, which is made once the rows are there: in a third of the time."""
    connection.execute(_DROP_INDEX)
    number = _fill(connection)
    connection.execute(_MAKE_INDEX)
    connection.execute(text("ANALYZE article_search"))
    return number


def _fill(connection: Connection) -> int:
    number = after = 0
    while batch := connection.execute(_MISSING, {"after": after}).scalars().all():
        renew(connection, batch)
        number += len(batch)
        after = batch[-1]
    return number


def _said(connection: Connection, wanted: dict[str, list[int]]) -> dict[int, _Said]:
    found: dict[int, list[_Row]] = defaultdict(list)
    for row in connection.execute(_SAID, wanted):
        found[row.article_id].append(row)
    return {article: _told(found[article]) for article in wanted["articles"]}


def _told(rows: Sequence[_Row]) -> _Said:
    ruled = {row.text: row.holds for row in rows if row.what == "ruling"}
    topics = {row.text: True for row in rows if row.what == "topic"} | ruled
    mentions = [row for row in rows if row.what == "mention"]
    return _Said(
        topics=tuple(sorted(topic for topic, holds in topics.items() if holds)),
        parties=tuple(dict.fromkeys(row.name for row in mentions if row.name)),
        evidence=tuple(dict.fromkeys(row.text for row in mentions)),
    )


def _renew(connection: Connection, row: _Row, said: _Said) -> None:
    if not row.is_current:
        if row.place is not None:
            _remove(connection, row.place)
        return
    at: datetime = row.published_at or row.first_seen_at
    marks = _marks(row.language, row.source_id, said.topics)
    digest = _digest_of(row.text_sha256, at, row.title or "", marks, parties=said.parties, evidence=said.evidence)
    if row.place is not None:
        if digest == row.digest:
            return
        _remove(connection, row.place)
    indexed = entry(title=row.title or "", text=row.text, parties=said.parties, evidence=said.evidence, marks=marks)
    _add(connection, indexed, place_of(at.date(), row.id), {"article_id": row.id, "digest": digest})


def _marks(language: str, source: int, topics: Iterable[str]) -> tuple[str, ...]:
    return (*language_marks(language), mark("s", source), *(mark("t", topic) for topic in topics))


def _digest_of(
    text_sha256: str,
    at: datetime,
    title: str,
    marks: Iterable[str],
    *,
    parties: Iterable[str] = (),
    evidence: Iterable[str] = (),
) -> str:
    """Of all that is indexed of an article."""
    first = [str(SCHEME), text_sha256, at.date().isoformat(), title]
    written = "\n".join(repr(list(part)) for part in (first, parties, evidence, marks))
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _add(connection: Connection, indexed: Entry, place: int, row: dict[str, object]) -> None:
    """Add an article at its place, or the next that nobody has."""
    if connection.dialect.name == "sqlite":
        tokens, deflated = _tokens(indexed)
        values = {**row, "is_long": False, "terms": deflated}
        taken = _put(connection, _ADD_IF_FREE, place, values)
        connection.execute(_ADD_TERMS, {"place": taken, "terms": tokens})
        return
    vectors = vector(indexed)
    taken = _put(
        connection, _ADD_VECTOR_IF_FREE, place, {**row, "is_long": bool(vectors.parts), "terms": vectors.whole}
    )
    if vectors.parts:
        connection.execute(_ADD_PART, list(_numbered(taken, vectors.parts)))


def _tokens(indexed: Entry) -> tuple[str, bytes]:
    """As SQLite indexes them, and as it keeps them."""
    tokens = indexed.text
    return tokens, isal_zlib.compress(tokens.encode(), _LEVEL)


def _put(connection: Connection, statement: Executable, place: int, values: dict[str, object]) -> int:
    while connection.execute(statement, {**values, "place": place}).rowcount == 0:
        place += 1
    return place


def _numbered(place: int, parts: Sequence[str]) -> Iterator[dict[str, object]]:
    for number, terms in enumerate(parts):
        yield {"place": place, "part": number, "terms": terms}


def _remove(connection: Connection, place: int) -> None:
    if connection.dialect.name == "sqlite":
        # FTS5 without content forgets a row only when it is told exactly what it was told of it.
        kept = connection.execute(_KEPT, {"wanted": place}).scalar_one()
        connection.execute(_REMOVE_TERMS, {"place": place, "terms": zlib.decompress(kept).decode()})
    connection.execute(_REMOVE, {"wanted": place})
