"""How these tests make pages and read them, at a fixed moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ingest.documents import Article, Dropped, Hints, MediaType, Page
from ingest.extract import extract

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

Reader = Callable[..., Article]


def _read(content: str | bytes, media_type: MediaType, **more: object) -> Article | Dropped:
    raw = content.encode() if isinstance(content, str) else content
    page = Page(source="test", key="page", content=raw, media_type=media_type, **more)
    return extract(page, now=NOW)


@pytest.fixture
def read() -> Reader:
    """Extract an article from plain text; `media_type` and other fields of a page by keyword."""

    def reader(content: str | bytes, media_type: MediaType = MediaType.PLAIN, **more: object) -> Article:
        article = _read(content, media_type, **more)
        assert isinstance(article, Article), article
        return article

    return reader


@pytest.fixture
def read_html(read: Reader) -> Reader:
    """Extract an article from HTML."""

    def reader(content: str | bytes, **more: object) -> Article:
        return read(content, MediaType.HTML, **more)

    return reader


@pytest.fixture
def refuse() -> Callable[..., Dropped]:
    """Extract from a page that holds no article."""

    def reader(content: str | bytes, media_type: MediaType = MediaType.HTML, **more: object) -> Dropped:
        dropped = _read(content, media_type, **more)
        assert isinstance(dropped, Dropped), dropped
        return dropped

    return reader


@pytest.fixture
def hints() -> type[Hints]:
    """What a source says about a page."""
    return Hints
