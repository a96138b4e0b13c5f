"""What a rule finds in a text: a stretch that is not the story, and what it tells about the article."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ingest.documents import CutReason, Moment

__all__ = ["Evidence", "Finding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Metadata that the visible text states; None where it does not.

    Attributes:
        title: Headline.
        byline: Authors, several joined by '; '.
        publisher: Name of the outlet.
        published: When it was published.
        modified: When it was last changed.
    """

    title: str | None = None
    byline: str | None = None
    publisher: str | None = None
    published: Moment | None = None
    modified: Moment | None = None

    def or_else(self, other: Evidence) -> Evidence:
        """These values, with the gaps filled from `other`."""
        return replace(
            self,
            title=self.title or other.title,
            byline=self.byline or other.byline,
            publisher=self.publisher or other.publisher,
            published=self.published or other.published,
            modified=self.modified or other.modified,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A stretch of a text that is not the story.

    Attributes:
        start: Where it begins.
        end: Where it ends, half-open.
        reason: What it is.
        stays: Cleaning leaves it in the text as boilerplate, because it may hold matter of its own.
        evidence: What it says about the article.
    """

    start: int
    end: int
    reason: CutReason
    stays: bool = False
    evidence: Evidence = Evidence()
