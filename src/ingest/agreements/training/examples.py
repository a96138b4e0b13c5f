"""Labelled articles: what the reader claims of each, and the agreements that it should tell of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.agreements.claims import Claim
from ingest.agreements.english import claims_of
from ingest.documents import Article
from ingest.evaluate.matching import Agreement, matched_names

__all__ = ["Example", "example"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An article's claims and its labelled agreements.

    Attributes:
        id: Of the article; it decides the fold.
        article: The article.
        claims: All that the reader claims of it, not weighed.
        labelled: The agreements that careful readers found, news first.
    """

    id: str
    article: Article
    claims: tuple[Claim, ...]
    labelled: tuple[Agreement, ...]

    def told(self, claim: Claim) -> Agreement | None:
        """The labelled agreement that a claim tells of: two parties right or the only one, one too many at most."""
        names = tuple(party.full for party in claim.parties)
        for agreement in self.labelled:
            found = matched_names(agreement.parties, names)
            if found >= min(2, len(agreement.parties)) and len(names) <= len(agreement.parties) + 1:
                return agreement
        return None


def example(identity: str, article: Article, labelled: Sequence[Agreement]) -> Example:
    """Read an article and put its labels beside it."""
    return Example(
        id=identity,
        article=article,
        claims=claims_of(article),
        labelled=tuple(sorted(labelled, key=lambda agreement: not agreement.is_news)),
    )
