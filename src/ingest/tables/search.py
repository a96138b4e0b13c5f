"""What `ingest search` finds articles by. Derived from other tables, and made anew from them at any time.

The index of SQLite is a virtual table, `article_terms`, which only the migration and `ingest.store.search` name.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary, SmallInteger, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from ingest.tables.base import Base

__all__ = ["ArticleSearch", "ArticleSearchPart"]

_TERMS = TSVECTOR().with_variant(LargeBinary(), "sqlite")


class ArticleSearch(Base):
    """An article in force, as search finds it.

    Attributes:
        place: Where it stands among all: the later its day, the higher, and of one day the later it was stored.
        digest: Of what was indexed, so that nothing is done again where nothing changed.
        terms: PostgreSQL: the vector. SQLite: the indexed tokens, deflated, without which its index forgets nothing.
        is_long: Whether the vector has no positions, and `article_search_parts` has them.
    """

    __tablename__ = "article_search"
    __table_args__ = (UniqueConstraint("article_id"), {"info": {"derived": True}})

    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    digest: Mapped[str] = mapped_column(String(32))
    is_long: Mapped[bool]
    terms: Mapped[bytes] = mapped_column(_TERMS)


class ArticleSearchPart(Base):
    """A stretch of a long article, with positions; on PostgreSQL only."""

    __tablename__ = "article_search_parts"
    __table_args__ = {"info": {"derived": True}}  # noqa: RUF012 - SQLAlchemy's own hook

    place: Mapped[int] = mapped_column(ForeignKey("article_search.place", ondelete="CASCADE"), primary_key=True)
    part: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    terms: Mapped[bytes] = mapped_column(_TERMS)
