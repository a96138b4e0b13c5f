"""News or background: how current a group of claims of one agreement is, as features for a second regression."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.agreements.claims import Claim
from ingest.agreements.dates import find_dates
from ingest.documents import Moment, Precision

__all__ = ["news_features", "told_of"]

_DISBELIEVED = 0.12  # below which a claim says nothing of when
_QUARTER = 92  # days


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


def told_of(words: str, published: Moment | None) -> str | None:
    """How long ago the latest date of a sentence was that was not to come, as a feature; None where it has none."""
    if published is None:
        return None
    dates = [dated.moment for dated in find_dates(words, published) if dated.moment]
    past = [moment for moment in dates if moment.earliest <= published.earliest]
    if not past:
        return None
    last = max(past, key=lambda moment: moment.earliest)
    return f"told of {'this year' if _is_this_year(last, published) else _age(last, published)}"


def _is_this_year(moment: Moment, published: Moment) -> bool:
    return moment.precision is Precision.YEAR and moment.day[:4] == published.day[:4]


def _age(signed: Moment, published: Moment) -> str:
    days = (published.earliest - signed.earliest).days
    return next((name for name, most in (("week", 8), ("quarter", _QUARTER), ("year", 400)) if days <= most), "older")


def _is_old(signed: Moment | None, published: Moment | None) -> bool:
    """Whether an act lies more than a quarter back, or in an earlier year where no more is known."""
    if signed is None or published is None:
        return False
    if signed.precision is Precision.YEAR:
        return signed.day[:4] < published.day[:4]
    return (published.earliest - signed.earliest).days > _QUARTER
