"""English articles: sentences that state an agreement, merged so that each agreement is listed once."""

from __future__ import annotations

from ingest.documents import Article, Language, Mention

__all__ = ["find"]


def find(article: Article, language: Language) -> tuple[Mention, ...]:  # noqa: ARG001 - filled in by the next commit
    """Find the agreements that an English article states."""
    return ()
