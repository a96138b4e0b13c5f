"""What `ingest search` says of an article that it found."""

from __future__ import annotations

from ingest.documents import Precision
from ingest.search.asking import Found
from ingest.wire.form import Count, form

__all__ = ["SearchPassage", "SearchResult", "SearchSpan"]


@form
class SearchSpan:
    """Words that were asked for."""

    start: Count
    """Offset of the first character, in the title or in the article's text."""
    end: Count
    """Offset behind the last character."""


@form
class SearchPassage:
    """The stretch of an article's text that holds most of what was asked for; else how it begins."""

    start: Count
    """Offset of its first character in the article's text."""
    end: Count
    """Offset behind its last character."""
    text: str
    """The article's text from start to end."""
    spans: tuple[SearchSpan, ...]
    """What was asked for in it, in order, none touching another; offsets count in the article's text."""


@form
class SearchResult:
    """An article that was found."""

    id: str
    """Public id: `art-` and hex digits."""
    found_in: Found
    """Where it holds all that was asked for, which decides its rank: in the title; in the opening (the title, the first
    sentence or two, the parties and the sentences that tell of agreements); or only in all of it together."""
    title: str | None
    """Headline."""
    title_spans: tuple[SearchSpan, ...]
    """What was asked for in the headline; offsets count in it."""
    passage: SearchPassage
    """Its best passage."""
    source: str
    """Name of the source that brought it."""
    key: str
    """The document's identity in that source."""
    url: str | None
    """Where it was published."""
    publisher: str | None
    """Name of the outlet."""
    published_at: str | None
    """When it was published, ISO 8601, no more precise than the document says."""
    published_precision: Precision | None
    """How much of it the document says."""
    first_seen_at: str
    """When the text was first stored, UTC: by this it is dated where it has no date of its own."""
    language: str
    """BCP 47 tag, `und` where it cannot be told."""
    topics: tuple[str, ...]
    """Topics in force, best first."""
    agreements: tuple[str, ...]
    """Ids of the agreements that it tells of."""
    near_duplicate_of: str | None
    """Id of the article that leads the story, where this one only resembles it."""
    cursor: str
    """What `--after` takes to go on behind this article."""
