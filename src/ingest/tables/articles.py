"""Articles, where they appear, what was cut from them, how they are found again, and their topics."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ingest.documents import Access, CutReason, Origin, Place, Precision
from ingest.tables.base import Base, Id, Json, Prose, Sha256

__all__ = [
    "Appearance",
    "AppearanceCut",
    "Article",
    "ArticleBoilerplate",
    "ArticleLanguage",
    "ArticleTopic",
    "ArticleTopicEvidence",
    "Fingerprint",
    "SupersededAppearance",
]


class Article(Base):
    """A distinct cleaned text.

    `text_sha256` is of the text as it stands and makes the public id; `folded_sha256` is the digest of the normalised
    text under a scheme of `ingest.deduplicate`, equal for exact duplicates. `near_duplicate_of_id` names the article
    that leads the story, never a link of a chain; `resembles_id` the one that it was compared with, `similarity` how
    alike those two are. `supersedes_id` is the older reading of the same bytes by a lesser extractor.
    """

    __tablename__ = "articles"
    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("text_sha256"),
        Index(None, "folded_sha256", "fingerprint_scheme"),
        Index(None, "near_duplicate_of_id"),
        Index(None, "first_seen_at"),
        *(
            Index(
                None, column, sqlite_where=text(f"{column} IS NOT NULL"), postgresql_where=text(f"{column} IS NOT NULL")
            )
            for column in ("resembles_id", "supersedes_id")
        ),
    )

    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(String(68))
    text_sha256: Mapped[Sha256]
    folded_sha256: Mapped[Sha256]
    fingerprint_scheme: Mapped[int]
    text: Mapped[Prose]
    characters: Mapped[int]
    language: Mapped[str] = mapped_column(String(35))
    language_confidence: Mapped[float]
    language_run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    near_duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    resembles_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    similarity: Mapped[float | None]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    first_seen_at: Mapped[datetime]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))


class Appearance(Base):
    """A revision of a document: an article as that document carries it, with its own headline, byline and dates.

    `text_sha256` is of this appearance's own text, which differs from its article's where only the normalised texts are
    equal. One appearance of an article `leads` and speaks for it.

    Attributes:
        keywords: JSON, a list of text.
        future_date: A stated date of publication that lay in the future and is not believed.
    """

    __tablename__ = "appearances"
    __table_args__ = (
        UniqueConstraint("document_id", "revision"),
        Index(None, "article_id", "document_id"),
        Index(
            "uq_appearances_leads",
            "article_id",
            unique=True,
            sqlite_where=text("leads"),
            postgresql_where=text("leads"),
        ),
        Index(None, "published_at"),
        Index(None, "page_id"),
    )

    id: Mapped[Id]
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    revision: Mapped[int]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    leads: Mapped[bool]
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"))
    text_sha256: Mapped[Sha256]
    title: Mapped[Prose | None]
    title_origin: Mapped[Origin | None]
    byline: Mapped[Prose | None]
    byline_origin: Mapped[Origin | None]
    publisher: Mapped[Prose | None]
    publisher_origin: Mapped[Origin | None]
    url: Mapped[Prose | None]
    published: Mapped[str | None] = mapped_column(String(40))
    published_precision: Mapped[Precision | None]
    published_origin: Mapped[Origin | None]
    published_at: Mapped[datetime | None]
    modified: Mapped[str | None] = mapped_column(String(40))
    modified_precision: Mapped[Precision | None]
    modified_origin: Mapped[Origin | None]
    modified_at: Mapped[datetime | None]
    declared_language: Mapped[Prose | None]
    section: Mapped[Prose | None]
    section_origin: Mapped[Origin | None]
    keywords: Mapped[list[str] | None] = mapped_column(Json)
    keywords_origin: Mapped[Origin | None]
    image: Mapped[Prose | None]
    image_origin: Mapped[Origin | None]
    access: Mapped[Access | None]
    access_origin: Mapped[Origin | None]
    future_date: Mapped[str | None] = mapped_column(String(40))
    seen_at: Mapped[datetime]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))


class AppearanceCut(Base):
    """A piece that cleaning took out of a page; the position counts in the text of the appearance."""

    __tablename__ = "appearance_cuts"

    appearance_id: Mapped[int] = mapped_column(ForeignKey("appearances.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    position: Mapped[int]
    reason: Mapped[CutReason]
    text: Mapped[Prose]


class SupersededAppearance(Base):
    """What an earlier extractor read of a revision of a document, before a later one read it otherwise."""

    __tablename__ = "superseded_appearances"
    __table_args__ = (Index(None, "document_id"), Index(None, "article_id"))

    id: Mapped[Id]
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    revision: Mapped[int]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    text_sha256: Mapped[Sha256]
    title: Mapped[Prose | None]
    byline: Mapped[Prose | None]
    publisher: Mapped[Prose | None]
    url: Mapped[Prose | None]
    published: Mapped[str | None] = mapped_column(String(40))
    modified: Mapped[str | None] = mapped_column(String(40))
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    superseded_run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))


class ArticleBoilerplate(Base):
    """A stretch that stays in an article's text but says nothing of the story."""

    __tablename__ = "article_boilerplate"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    start_offset: Mapped[int] = mapped_column(primary_key=True)
    end_offset: Mapped[int]
    reason: Mapped[CutReason]


class ArticleLanguage(Base):
    """A further language of a mixed article, and its share of the letters."""

    __tablename__ = "article_languages"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(35), primary_key=True)
    share: Mapped[float]


class Fingerprint(Base):
    """A band of an article's MinHash signature. Look-ups go by the primary key; the index is for forgetting."""

    __tablename__ = "fingerprints"
    __table_args__ = (Index(None, "article_id"), {"sqlite_with_rowid": False})

    scheme: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    band: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)


class ArticleTopic(Base):
    """A topic that a run gave an article; in force until another run supersedes it."""

    __tablename__ = "article_topics"
    __table_args__ = (UniqueConstraint("article_id", "topic", "run_id"), Index(None, "topic"))

    id: Mapped[Id]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    topic: Mapped[str] = mapped_column(String(64))
    score: Mapped[float]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    superseded_run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))


class ArticleTopicEvidence(Base):
    """A span that earned a topic: half-open offsets into the article's text, or the title where `place` says so."""

    __tablename__ = "article_topic_evidence"

    article_topic_id: Mapped[int] = mapped_column(ForeignKey("article_topics.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    start_offset: Mapped[int]
    end_offset: Mapped[int]
    place: Mapped[Place]
    text: Mapped[Prose]
