"""Precision of what the machine says, estimated from a stratified random sample that a person judged.

Of a stratum, precision is the share of judged rows that are right; rows that cannot be told are left out, as if they
had not been drawn. For all of them, strata are weighted by their size.

The intervals are at 95 %. That of a stratum is Wilson's (E. B. Wilson, "Probable inference, the law of succession, and
statistical inference", Journal of the American Statistical Association 22, 1927). That of all of them recovers the
variance from those of the strata (G. Y. Zou, W. Huang and X. Zhang, "A note on confidence interval estimation for a
linear function of binomial proportions", Computational Statistics & Data Analysis 53, 2009): with weights w, shares p
and Wilson's limits l and u of strata, the limits are Σwp - √Σw²(p-l)² and Σwp + √Σw²(u-p)². Unlike an interval from the
estimated variance, neither shrinks to a point where all judged rows are right. Both take the judged rows of a stratum
for more where they are much of it, by the finite population correction (W. G. Cochran, "Sampling Techniques", 3rd
edition, 1977, section 3.2): where all are judged, nothing is left to chance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Estimate", "Figure", "figure", "overall"]

_Z = 1.959963984540054  # the normal quantile of 0.975


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A share, 0 to 1, with its 95 % interval; None throughout where nothing was judged."""

    value: float | None
    low: float | None
    high: float | None


_NOTHING = Estimate(value=None, low=None, high=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was found in a stratum.

    Attributes:
        size: How many rows there are in it.
        right: How many of the judged ones are right.
        wrong: How many are wrong.
        unsure: How many cannot be told.
        estimate: The share of all its rows that is right.
    """

    size: int
    right: int
    wrong: int
    unsure: int
    estimate: Estimate


def figure(*, size: int, right: int, wrong: int, unsure: int) -> Figure:
    """Estimate the share of a stratum that is right.

    Args:
        size: How many rows there are in it.
        right: How many of the judged ones are right.
        wrong: How many are wrong.
        unsure: How many cannot be told.
    """
    return Figure(size=size, right=right, wrong=wrong, unsure=unsure, estimate=_wilson(right, right + wrong, size))


def overall(figures: Sequence[Figure]) -> tuple[Estimate, float]:
    """Estimate the share of all strata that is right.

    Returns:
        The estimate, and the share of all rows that it speaks for: those of strata of which some row was judged.
    """
    judged = [each for each in figures if each.estimate.value is not None]
    population = sum(each.size for each in judged)
    if not population:
        return _NOTHING, 0.0
    value = below = above = 0.0
    for each in judged:
        share, low, high = each.estimate.value, each.estimate.low, each.estimate.high
        if share is None or low is None or high is None:
            continue
        weight = each.size / population
        value += weight * share
        below += (weight * (share - low)) ** 2
        above += (weight * (high - share)) ** 2
    value = min(value, 1.0)
    estimate = Estimate(value=value, low=max(0.0, value - math.sqrt(below)), high=min(1.0, value + math.sqrt(above)))
    return estimate, population / sum(each.size for each in figures)


def _wilson(right: int, judged: int, size: int) -> Estimate:
    if not judged:
        return _NOTHING
    share = right / judged
    if judged >= size:
        return Estimate(value=share, low=share, high=share)
    number = judged * (size - 1) / (size - judged)
    middle = (share + _Z**2 / (2 * number)) / (1 + _Z**2 / number)
    half = _Z / (1 + _Z**2 / number) * math.sqrt(share * (1 - share) / number + _Z**2 / (4 * number**2))
    # At the ends, rounding would leave the share just outside.
    return Estimate(value=share, low=min(share, max(0.0, middle - half)), high=max(share, min(1.0, middle + half)))
