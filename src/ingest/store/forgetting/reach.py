"""What a request to remove something reaches."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, or_, select

from ingest.errors import NotFoundError
from ingest.tables import AgreementMention, Appearance, Article, Document, Fetch, Page, SupersededAppearance

__all__ = ["Reach", "in_chunks", "of_address", "of_article", "of_rows"]

_CHUNK = 500
_Key = TypeVar("_Key", int, str)
_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Rows that a request reaches.

    Attributes:
        documents: That are forgotten as a whole, with every revision.
        others: Other documents that carry one of the articles; what else they carry stays.
        articles: Every text of the documents, and earlier readings of it.
        mentions: Sentences of the articles, superseded ones too.
        pages: Raw bodies that no document needs any more: row and digest.
    """

    documents: frozenset[int]
    others: frozenset[int]
    articles: frozenset[int]
    mentions: frozenset[int]
    pages: tuple[tuple[int, str], ...]


def in_chunks(connection: Connection, query: Select[Any], column: Any, values: Iterable[_Key]) -> list[Any]:
    """Rows of a query whose column is one of many values."""
    asked = sorted(values)
    return [
        row
        for start in range(0, len(asked), _CHUNK)
        for row in connection.execute(query.where(column.in_(asked[start : start + _CHUNK])))
    ]


def of_article(connection: Connection, given: str) -> Reach:
    """What hangs on an article.

    Args:
        connection: In a transaction.
        given: Its public id, or the beginning of it.

    Raises:
        NotFoundError: There is no such article, or several.
    """
    begun = given if given.startswith("art-") else f"art-{given}"
    like = begun.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
    query = select(Article.id, Article.public_id).where(Article.public_id.like(like, escape="!"))
    rows = connection.execute(query.order_by(Article.public_id).limit(_SHOWN)).all()
    exact = [row for row in rows if row.public_id == begun] or rows
    if not rows:
        raise NotFoundError(f"there is no article with the id {given!r}", remedy="`ingest articles` lists them")
    if len(exact) > 1:
        raise NotFoundError(
            f"several articles have an id that begins with {begun!r}: {', '.join(row.public_id for row in rows)}",
            remedy="give more of it",
        )
    carried = in_chunks(connection, select(Appearance.document_id), Appearance.article_id, [exact[0].id])
    read = in_chunks(
        connection, select(SupersededAppearance.document_id), SupersededAppearance.article_id, [exact[0].id]
    )
    return _reach(connection, {row.document_id for row in (*carried, *read)}, {exact[0].id})


def of_address(connection: Connection, given: Collection[str]) -> Reach:
    """What hangs on the documents with an address or key; maybe nothing.

    Args:
        connection: In a transaction.
        given: The address as it was written, and its canonical form.
    """
    texts = sorted(given)
    own = connection.execute(select(Document.id).where(or_(Document.url.in_(texts), Document.key.in_(texts))))
    said = connection.execute(select(Appearance.document_id).where(Appearance.url.in_(texts)))
    return _reach(connection, {*own.scalars(), *said.scalars()}, set())


def of_rows(connection: Connection, documents: set[int], articles: set[int]) -> Reach:
    """What hangs on documents and articles. A file that carried nothing but these is forgotten as a whole.

    A document with an address is so only where that is named: another one that carried a copy may carry other things.
    """
    reached = _reach(connection, documents, articles)
    carried = (
        select(Appearance.document_id, Appearance.article_id)
        .join(Document, Document.id == Appearance.document_id)
        .where(Document.url.is_(None))
    )
    rows = in_chunks(connection, carried, Appearance.document_id, reached.others)
    left = {row.document_id for row in rows if row.article_id not in reached.articles}
    emptied = {row.document_id for row in rows} - left
    return _reach(connection, documents | emptied, set(reached.articles)) if emptied else reached


def _reach(connection: Connection, documents: set[int], articles: set[int]) -> Reach:
    for table in (Appearance, SupersededAppearance):
        rows = in_chunks(connection, select(table.article_id), table.document_id, documents)
        articles |= {row.article_id for row in rows}
    articles |= _readings(connection, articles)
    carrying = {
        row.document_id
        for table in (Appearance, SupersededAppearance)
        for row in in_chunks(connection, select(table.document_id), table.article_id, articles)
    }
    mentions = in_chunks(connection, select(AgreementMention.id), AgreementMention.article_id, articles)
    return Reach(
        documents=frozenset(documents),
        others=frozenset(carrying - documents),
        articles=frozenset(articles),
        mentions=frozenset(row.id for row in mentions),
        pages=_pages(connection, documents, articles),
    )


def _readings(connection: Connection, articles: set[int]) -> set[int]:
    """Other readings of the same bytes: by a lesser extractor, or by a better one."""
    known, fresh = set(articles), set(articles)
    while fresh:
        older = in_chunks(connection, select(Article.supersedes_id), Article.id, fresh)
        newer = in_chunks(connection, select(Article.id), Article.supersedes_id, fresh)
        fresh = {row[0] for row in (*older, *newer) if row[0] is not None} - known
        known |= fresh
    return known


def _pages(connection: Connection, documents: set[int], articles: set[int]) -> tuple[tuple[int, str], ...]:
    """Bodies of these documents, and those that any document read one of the articles in, that no other one needs."""
    held = {row.page_id for row in in_chunks(connection, select(Fetch.page_id), Fetch.document_id, documents)}
    held |= {row.page_id for row in in_chunks(connection, select(Document.page_id), Document.id, documents)}
    held |= {row.page_id for row in in_chunks(connection, select(Appearance.page_id), Appearance.article_id, articles)}
    held.discard(None)
    needed = _needed(connection, documents, articles, held)
    rows = in_chunks(connection, select(Page.id, Page.sha256), Page.id, held - needed)
    return tuple(sorted((row.id, row.sha256) for row in rows))


def _needed(connection: Connection, documents: set[int], articles: set[int], pages: set[int]) -> set[int]:
    """Pages from which another document has an article that stays."""
    rows = in_chunks(
        connection, select(Appearance.page_id, Appearance.document_id, Appearance.article_id), Appearance.page_id, pages
    )
    return {row.page_id for row in rows if row.document_id not in documents and row.article_id not in articles}
