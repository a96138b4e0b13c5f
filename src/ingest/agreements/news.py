"""News or background: how current a group of claims of one agreement is, as features for a second regression."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.agreements.claims import Claim
from ingest.documents import Moment, Precision

__all__ = ["news_features"]

_DISBELIEVED = 0.12  # below which a claim says nothing of when


def news_features(group: Sequence[Claim], published: Moment | None) -> frozenset[str]:
    """Features of a group of weighed claims: those of its most believed one, and what any of them has.

    Args:
        group: Claims of one agreement.
        published: When the article was published, against which what is dated is old.
    """
    lead = max(group, key=lambda claim: (claim.belief, -claim.place))
    found = set(lead.features)
    for claim in group:
        if claim is lead or claim.belief > _DISBELIEVED:
            found.update(f"any {feature}" for feature in claim.features)
    found.add(f"told={min(4, sum(claim.is_own for claim in group))}")
    ages = [_age(claim.signed_on, published) for claim in group if claim.signed_on and published]
    found.update(f"signed {age}" for age in ages)
    if ages:
        found.add(f"signed first {ages[0]}")
    if _is_old(lead.signed_on, published):
        found.add("old")
    return frozenset(found)


def _age(signed: Moment, published: Moment) -> str:
    days = (published.earliest - signed.earliest).days
    return next((name for name, most in (("week", 8), ("quarter", 92), ("year", 400)) if days <= most), "older")


def _is_old(signed: Moment | None, published: Moment | None) -> bool:
    """Whether an act lies in an earlier year, and not just before the turn of it."""
    if signed is None or published is None or signed.day[:4] >= published.day[:4]:
        return False
    return signed.precision is Precision.YEAR or (published.earliest - signed.earliest).days > 92
