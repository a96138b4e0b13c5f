"""What the store keeps of articles, in windows: what running a stage again begins with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, Select, Text, cast, func, select

from ingest.documents import Article, Boilerplate, Hints, Language, MediaType, Moment, Origin, Page, Precision, Share
from ingest.tables import Appearance, ArticleBoilerplate, ArticleLanguage, Document, Fetch, Source
from ingest.tables import Article as ArticleTable
from ingest.tables import Page as PageTable

__all__ = ["Kept", "Stretch", "Wanted", "count", "last", "window"]

_Row: TypeAlias = Row[tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which articles are to be done again; None: whatever they are.

    Attributes:
        since: Published, or first seen where undated, on or after that ISO date.
        until: Likewise, on or before it.
        source: Of that source.
        article: With that public id.
    """

    since: str | None = None
    until: str | None = None
    source: str | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Which rows of appearances are looked at.

    Attributes:
        after: The one that was done last; 0 begins.
        up_to: The last one that there was when the run began: what came later was read by the code of now.
        every_copy: Whether each document's latest revision counts, for what begins with its own bytes; else only the
            appearance that leads each article.
    """

    after: int
    up_to: int
    every_copy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A revision of a document, as the store has it.

    Attributes:
        appearance: Its row; windows follow in this order.
        article_id: Row of its article.
        public_id: Of its article.
        document: Row of its document.
        key: Of its document.
        revision: Which one it is.
        leads: Whether it speaks for the article.
        article: The article, without cuts and details.
        language: Of the text.
        page: The page without its bytes, which the archive has under `sha256`.
    """

    appearance: int
    article_id: int
    public_id: str
    document: int
    key: str
    revision: int
    leads: bool
    article: Article = field(repr=False)
    language: Language
    page: Page = field(repr=False)
    sha256: str


_FETCH = (
    select(func.max(Fetch.id))
    .where(Fetch.document_id == Appearance.document_id, Fetch.page_id == Appearance.page_id)
    .correlate(Appearance)
    .scalar_subquery()
)
_QUERY = (
    select(
        Appearance.id.label("appearance"), Appearance.article_id, Appearance.document_id, Appearance.revision,
        Appearance.leads, Appearance.title, Appearance.byline, Appearance.publisher, Appearance.url,
        Appearance.published, Appearance.published_precision, Appearance.published_origin, Appearance.modified,
        Appearance.modified_precision, Appearance.modified_origin,
        ArticleTable.public_id, ArticleTable.text, ArticleTable.language, ArticleTable.language_confidence,
        Document.key, Document.media_type, Source.name.label("source"), PageTable.sha256,
        Fetch.url.label("fetched_url"), Fetch.charset, Fetch.time_zone, Fetch.media_type.label("fetched_type"),
        Fetch.hint_title, Fetch.hint_byline, Fetch.hint_publisher, Fetch.hint_published,
    )
    .join(ArticleTable, ArticleTable.id == Appearance.article_id)
    .join(Document, Document.id == Appearance.document_id)
    .join(Source, Source.id == Document.source_id)
    .join(PageTable, PageTable.id == Appearance.page_id)
    .outerjoin(Fetch, Fetch.id == _FETCH)
)  # fmt: skip


def window(connection: Connection, wanted: Wanted, stretch: Stretch, *, limit: int) -> tuple[Kept, ...]:
    """The next articles to be done again.

    Args:
        connection: The store.
        wanted: Which ones.
        stretch: Where to look.
        limit: How many at most.
    """
    rows = connection.execute(_wanted(wanted, stretch).order_by(Appearance.id).limit(limit)).all()
    if not rows:
        return ()
    boilerplate, languages = _more(connection, sorted({row.article_id for row in rows}))
    return tuple(_kept(row, boilerplate, languages) for row in rows)


def count(connection: Connection, wanted: Wanted, stretch: Stretch) -> int:
    """How many articles are to be done again."""
    return connection.execute(select(func.count()).select_from(_wanted(wanted, stretch).subquery())).scalar_one()


def last(connection: Connection) -> int:
    """The last row of appearances that there is; 0 where there is none."""
    return connection.execute(select(func.coalesce(func.max(Appearance.id), 0))).scalar_one()


def _wanted(wanted: Wanted, stretch: Stretch) -> Select[tuple[Any, ...]]:
    seen = func.substr(cast(ArticleTable.first_seen_at, Text), 1, 10)
    date = func.coalesce(func.substr(Appearance.published, 1, 10), seen)
    conditions: list[ColumnElement[bool]] = [Appearance.id > stretch.after, Appearance.id <= stretch.up_to]
    conditions.append(Appearance.revision == Document.revision if stretch.every_copy else Appearance.leads.is_(True))
    if stretch.every_copy:  # from the bytes on; retention may have deleted them
        conditions.append(PageTable.removed_at.is_(None))
    if wanted.since:
        conditions.append(date >= wanted.since)
    if wanted.until:
        conditions.append(func.substr(date, 1, len(wanted.until)) <= wanted.until)
    if wanted.source:
        conditions.append(Source.name == wanted.source)
    if wanted.article:
        conditions.append(ArticleTable.public_id == wanted.article)
    return _QUERY.where(*conditions)


_More: TypeAlias = tuple[dict[int, list[Boilerplate]], dict[int, list[Share]]]


def _more(connection: Connection, articles: Sequence[int]) -> _More:
    """Boilerplate and further languages of articles."""
    boilerplate: dict[int, list[Boilerplate]] = defaultdict(list)
    spans = select(ArticleBoilerplate.__table__).where(ArticleBoilerplate.article_id.in_(articles))
    table = ArticleBoilerplate
    for row in connection.execute(spans.order_by(table.article_id, table.start_offset)):
        boilerplate[row.article_id].append(Boilerplate(start=row.start_offset, end=row.end_offset, reason=row.reason))
    languages: dict[int, list[Share]] = defaultdict(list)
    tags = select(ArticleLanguage.__table__).where(ArticleLanguage.article_id.in_(articles))
    for other in connection.execute(tags.order_by(ArticleLanguage.article_id, ArticleLanguage.share.desc())):
        languages[other.article_id].append(Share(tag=other.tag, share=other.share))
    return boilerplate, languages


def _kept(row: _Row, boilerplate: dict[int, list[Boilerplate]], languages: dict[int, list[Share]]) -> Kept:
    article = Article(
        text=row.text,
        title=row.title,
        byline=row.byline,
        publisher=row.publisher,
        url=row.url,
        published=_moment(row.published, row.published_precision, row.published_origin),
        modified=_moment(row.modified, row.modified_precision, row.modified_origin),
        boilerplate=tuple(boilerplate[row.article_id]),
    )
    page = Page(
        source=row.source,
        key=row.key,
        content=b"",
        media_type=row.fetched_type or row.media_type or MediaType.PLAIN,
        url=row.fetched_url,
        charset=row.charset,
        hints=Hints(
            title=row.hint_title,
            byline=row.hint_byline,
            publisher=row.hint_publisher,
            published=row.hint_published,
        ),
        time_zone=row.time_zone or "",
    )
    return Kept(
        appearance=row.appearance,
        article_id=row.article_id,
        public_id=row.public_id,
        document=row.document_id,
        key=row.key,
        revision=row.revision,
        leads=row.leads,
        article=article,
        language=Language(
            tag=row.language, confidence=row.language_confidence, others=tuple(languages[row.article_id])
        ),
        page=page,
        sha256=row.sha256,
    )


def _moment(iso: str | None, precision: Precision | None, origin: Origin | None) -> Moment | None:
    return Moment(iso=iso, precision=precision, origin=origin or Origin.RECORD) if iso and precision else None
