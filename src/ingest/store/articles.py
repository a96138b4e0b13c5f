"""Rows of articles and of their appearances."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Connection, Insert, Row, Select, bindparam, insert, literal, select, union_all, update

from ingest.documents import Annotated, Article, Language, Moment
from ingest.store.documents import Writing
from ingest.store.duplicates import Story
from ingest.tables import Appearance, AppearanceCut, ArticleBoilerplate, ArticleLanguage, Document
from ingest.tables import Article as ArticleTable

__all__ = [
    "ADD",
    "APPEAR",
    "BOILERPLATE",
    "CUTS",
    "HEADLINE",
    "LANGUAGES",
    "AnyRow",
    "Known",
    "Stored",
    "Values",
    "add",
    "add_rows",
    "appear",
    "appearance",
    "boilerplate",
    "columns",
    "cuts",
    "digest",
    "elect",
    "languages",
    "leading_key",
    "leads",
    "look_up",
    "same_headline",
    "short_id",
    "unused_id",
]

_ID_DIGITS = 12

AnyRow: TypeAlias = Row[tuple[Any, ...]]
Values: TypeAlias = dict[str, Any]

# What tells whether a document says the same as before.
HEADLINE = (
    Appearance.article_id,
    Appearance.text_sha256,
    Appearance.title,
    Appearance.byline,
    Appearance.publisher,
    Appearance.published,
    Appearance.modified,
)

_SAME_TEXT, _SAME_FOLDED, _SAME_ID = 1, 2, 3


def _like(how: int) -> Select[tuple[int, str, int]]:
    return select(ArticleTable.id, ArticleTable.public_id, literal(how, literal_execute=True).label("how"))


# Three looks at three indexes in one statement.
_LIKE = union_all(
    _like(_SAME_TEXT).where(ArticleTable.text_sha256 == bindparam("text_digest")),
    _like(_SAME_FOLDED)
    .where(ArticleTable.folded_sha256 == bindparam("folded_digest"))
    .where(ArticleTable.fingerprint_scheme == bindparam("scheme"), ArticleTable.language == bindparam("tag")),
    _like(_SAME_ID).where(ArticleTable.public_id == bindparam("short")),
)
_PUBLIC_ID = select(ArticleTable.id).where(ArticleTable.public_id == bindparam("wanted"))
ADD, APPEAR = insert(ArticleTable), insert(Appearance)
_ADD, _APPEAR = ADD.returning(ArticleTable.id), APPEAR.returning(Appearance.id)
CUTS, LANGUAGES, BOILERPLATE = insert(AppearanceCut), insert(ArticleLanguage), insert(ArticleBoilerplate)

_IS_CURRENT = Appearance.revision == Document.revision
_OF_ARTICLE = Appearance.article_id == bindparam("article")
_LEADER = (
    select(Appearance.id, Appearance.document_id, Document.key, _IS_CURRENT.label("is_current"))
    .join(Document, Document.id == Appearance.document_id)
    .where(_OF_ARTICLE, Appearance.leads)
)
_BEST = (
    select(Appearance.id)
    .join(Document, Document.id == Appearance.document_id)
    .where(_OF_ARTICLE)
    .order_by(_IS_CURRENT.desc(), Appearance.document_id, Appearance.revision.desc())
    .limit(1)
)
_LEAD = update(Appearance).where(Appearance.id == bindparam("appearance"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An article of the store: its row and its public id."""

    id: int
    public_id: str


def digest(text: str) -> str:
    """SHA-256 of a text, in hex: what tells articles apart."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store has of a text.

    Attributes:
        text: The article with exactly this text.
        folded: The oldest article that is this one once both are normalised. Normalising folds Chinese scripts too; a
            text in the other script is no copy, but the story's near-duplicate.
        is_id_taken: Whether another article has the public id that this one would get.
    """

    text: Stored | None
    folded: Stored | None
    is_id_taken: bool


def look_up(connection: Connection, annotated: Annotated, text_sha256: str) -> Known:
    """Ask what the store has of a text."""
    fingerprint = annotated.fingerprint
    wanted = {
        "text_digest": text_sha256,
        "folded_digest": fingerprint.text_sha256,
        "scheme": fingerprint.scheme,
        "tag": annotated.language.tag,
        "short": short_id(text_sha256),
    }
    found: dict[int, Stored] = {}
    for row in sorted(connection.execute(_LIKE, wanted), key=lambda row: row.id):
        found.setdefault(row.how, Stored(id=row.id, public_id=row.public_id))
    return Known(text=found.get(_SAME_TEXT), folded=found.get(_SAME_FOLDED), is_id_taken=_SAME_ID in found)


def short_id(text_sha256: str) -> str:
    """The public id of an article, unless another has it."""
    return f"art-{text_sha256}"[: 4 + _ID_DIGITS]


def add(writing: Writing, annotated: Annotated, known: Known, text_sha256: str, story: Story | None) -> Stored:
    """Store an article that nobody had."""
    connection, article = writing.connection, annotated.article
    public_id = short_id(text_sha256)
    if known.is_id_taken:
        public_id = unused_id(connection, _PUBLIC_ID, f"art-{text_sha256}", 4 + _ID_DIGITS)
    values = {
        **columns(writing, annotated, text_sha256, public_id),
        "near_duplicate_of_id": story.leader_id if story else None,
        "resembles_id": story.resembles_id if story else None,
        "similarity": story.similarity if story else None,
    }
    identity = connection.execute(_ADD, values).scalar_one()
    add_rows(connection, LANGUAGES, languages(identity, annotated.language))
    add_rows(connection, BOILERPLATE, boilerplate(identity, article))
    return Stored(id=identity, public_id=public_id)


def columns(writing: Writing, annotated: Annotated, text_sha256: str, public_id: str) -> Values:
    """Columns of an article that belongs to no earlier story."""
    return {
        "public_id": public_id,
        "text_sha256": text_sha256,
        "folded_sha256": annotated.fingerprint.text_sha256,
        "fingerprint_scheme": annotated.fingerprint.scheme,
        "text": annotated.article.text,
        "characters": len(annotated.article.text),
        "language": annotated.language.tag,
        "language_confidence": annotated.language.confidence,
        "language_run_id": writing.run.id,
        "first_seen_at": writing.at,
        "run_id": writing.run.id,
    }


def appear(
    writing: Writing,
    article: Article,
    *,
    stored: Stored,
    document: int,
    revision: int,
    page: int,
    text_sha256: str,
    leads: bool,
) -> None:
    """Store a revision of a document: an article as the document has it.

    Args:
        writing: The transaction.
        article: What the document says.
        stored: The article's row.
        document: The document's row.
        revision: Its number, from 1.
        page: The row of the bytes.
        text_sha256: Of the document's own text.
        leads: Whether it leads the article, which nobody else has; otherwise `elect` decides.
    """
    values = {
        **appearance(writing, article, text_sha256),
        "document_id": document,
        "revision": revision,
        "article_id": stored.id,
        "leads": leads,
        "page_id": page,
    }
    identity = writing.connection.execute(_APPEAR, values).scalar_one()
    add_rows(writing.connection, CUTS, cuts(identity, article))


def appearance(writing: Writing, article: Article, text_sha256: str) -> Values:
    """Columns of what a document says, without what it belongs to."""
    return {
        "text_sha256": text_sha256,
        "title": article.title,
        "title_origin": article.title_origin,
        "byline": article.byline,
        "byline_origin": article.byline_origin,
        "publisher": article.publisher,
        "publisher_origin": article.publisher_origin,
        "url": article.url,
        **_dated("published", article.published),
        **_dated("modified", article.modified),
        "declared_language": article.declared_language,
        "section": article.section,
        "section_origin": article.section_origin,
        "keywords": list(article.keywords),
        "keywords_origin": article.keywords_origin,
        "image": article.image,
        "image_origin": article.image_origin,
        "access": article.access,
        "access_origin": article.access_origin,
        "future_date": article.future_date,
        "seen_at": writing.at,
        "run_id": writing.run.id,
    }


def cuts(identity: int, article: Article) -> list[Values]:
    """Rows of what cleaning took out of an appearance."""
    return [
        {"appearance_id": identity, "number": number, "position": cut.position, "reason": cut.reason, "text": cut.text}
        for number, cut in enumerate(article.cuts)
    ]


def same_headline(before: AnyRow, article: Article) -> bool:
    """Whether an appearance says of headline, byline, outlet and dates what an article says now."""
    return (before.title, before.byline, before.publisher, before.published, before.modified) == (
        article.title,
        article.byline,
        article.publisher,
        article.published.iso if article.published else None,
        article.modified.iso if article.modified else None,
    )


def elect(connection: Connection, article: int, document: int) -> None:
    """See that one appearance leads an article, after `document` came to it or left it.

    A document's latest revision goes before what was revised away, then the document that was found first. Who leads
    well goes on leading: only a change of the leader's own document, or its having moved on, calls for a choice.
    """
    leader = connection.execute(_LEADER, {"article": article}).one_or_none()
    if leader is not None and leader.is_current and leader.document_id != document:
        return
    best = connection.execute(_BEST, {"article": article}).scalar_one_or_none()
    if leader is not None and leader.id != best:
        connection.execute(_LEAD, {"appearance": leader.id, "leads": False})
    if best is not None and (leader is None or leader.id != best):
        connection.execute(_LEAD, {"appearance": best, "leads": True})


def leads(connection: Connection, article: int, document: int) -> bool:
    """Whether a document's appearance leads an article."""
    leader = connection.execute(_LEADER, {"article": article}).one_or_none()
    return leader is not None and leader.document_id == document


def leading_key(connection: Connection, article: int) -> str | None:
    """Key of the document that leads an article."""
    leader = connection.execute(_LEADER, {"article": article}).one_or_none()
    return leader.key if leader else None


def unused_id(connection: Connection, by_public_id: Select[tuple[int]], full: str, digits: int) -> str:
    """The shortest beginning of a digest, from `digits` characters on, that is no public id yet.

    Args:
        connection: In a transaction.
        by_public_id: Finds a row by `wanted`.
        full: The id with the whole digest.
        digits: Characters that the id has, unless they are taken.
    """
    for length in range(digits, len(full) + 1):
        if connection.execute(by_public_id, {"wanted": full[:length]}).first() is None:
            return full[:length]
    raise AssertionError(f"two rows have one digest: {full}")


def _dated(name: str, moment: Moment | None) -> dict[str, object]:
    """The four columns in which an appearance keeps a date."""
    return {
        name: moment.iso if moment else None,
        f"{name}_precision": moment.precision if moment else None,
        f"{name}_origin": moment.origin if moment else None,
        f"{name}_at": moment.earliest if moment else None,
    }


def languages(identity: int, language: Language) -> list[Values]:
    """Rows of the further languages of an article."""
    return [{"article_id": identity, "tag": other.tag, "share": other.share} for other in language.others]


def boilerplate(identity: int, article: Article) -> list[Values]:
    """Rows of the stretches of an article that say nothing of the story."""
    return [
        {"article_id": identity, "start_offset": span.start, "end_offset": span.end, "reason": span.reason}
        for span in article.boilerplate
    ]


def add_rows(connection: Connection, insertion: Insert, rows: Sequence[Values]) -> None:
    """Insert rows, if there are any, by one statement."""
    if rows:
        connection.execute(insertion, rows)
