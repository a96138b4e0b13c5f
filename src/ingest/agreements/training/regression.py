"""Logistic regression on features that are present or not, with a penalty and a prior; without chance.

The loss is minimised by limited-memory BFGS (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 7.5) with
backtracking: the same rows give the same weights on every machine up to rounding, to which the weights are cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

__all__ = ["Row", "fit"]

_Vector = NDArray[np.float64]

_FEWEST = 3  # features seen less often are left out
_STEPS = 150
_MEMORY = 8
_FLAT = 1e-4  # a slope below which the minimum is reached
_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Something to learn from: features present, the answer, and how much it counts."""

    features: frozenset[str]
    answer: bool
    weight: float = 1.0


def fit(
    rows: Sequence[Row], prior: Mapping[str, float] = MappingProxyType({}), *, penalty: float = 8.0
) -> dict[str, float]:
    """Fit a regression.

    Args:
        rows: What to learn from.
        prior: What a weight is drawn to where the rows say little; nought where it names none.
        penalty: How strongly: that of a squared distance of one, in units of log-likelihood, halved.

    Returns:
        Weight by feature, `bias` among them.
    """
    seen = Counter(feature for row in rows for feature in row.features)
    known = sorted({*prior, *(feature for feature, number in seen.items() if number >= _FEWEST)} - {"bias"})
    column = {feature: at for at, feature in enumerate([*known, "bias"])}
    start = np.array([prior.get(feature, 0.0) for feature in column])
    if not rows:
        return {feature: float(weight) for feature, weight in zip(column, start, strict=True)}
    penalties = np.full(len(column), penalty)
    penalties[-1] = 0.01
    found = _minimise(_loss(rows, column, start, penalties), start)
    return {feature: round(float(weight), _DIGITS) for feature, weight in zip(column, found, strict=True)}


def _loss(
    rows: Sequence[Row], column: Mapping[str, int], start: _Vector, penalties: _Vector
) -> Callable[[_Vector], tuple[float, _Vector]]:
    """Penalised negative log-likelihood and its gradient, as a function of the weights."""
    places = [
        (at, column[feature])
        for at, row in enumerate(rows)
        for feature in [*sorted(row.features & column.keys()), "bias"]
    ]
    at_row, at_column = np.array(places).T
    answers = np.array([float(row.answer) for row in rows])
    counts = np.array([row.weight for row in rows])

    def loss(weights: _Vector) -> tuple[float, _Vector]:
        sums = np.bincount(at_row, weights=weights[at_column], minlength=len(rows))
        errors = counts * (1 / (1 + np.exp(-sums)) - answers)
        away = weights - start
        value = float((counts * (np.logaddexp(0, sums) - answers * sums)).sum() + (penalties * away**2).sum() / 2)
        slope = np.bincount(at_column, weights=errors[at_row], minlength=len(weights)) + penalties * away
        return value, slope

    return loss


def _minimise(loss: Callable[[_Vector], tuple[float, _Vector]], point: _Vector) -> _Vector:
    value, slope = loss(point)
    moves: list[tuple[_Vector, _Vector]] = []
    for _ in range(_STEPS):
        if np.abs(slope).max() < _FLAT:
            break
        direction = _direction(slope, moves)
        step, decrease = 1.0, float(slope @ direction)
        while True:
            reached = point - step * direction
            new_value, new_slope = loss(reached)
            if new_value <= value - 1e-4 * step * decrease or step < 1e-6:
                break
            step /= 2
        move, turn = reached - point, new_slope - slope
        if move @ turn > 1e-10:
            moves = [*moves[1 - _MEMORY :], (move, turn)]
        point, value, slope = reached, new_value, new_slope
    return point


def _direction(slope: _Vector, moves: Sequence[tuple[_Vector, _Vector]]) -> _Vector:
    """The slope times an estimate of the inverse curvature, by the two-loop recursion."""
    direction = slope.copy()
    shares = []
    for move, turn in reversed(moves):
        share = float(move @ direction) / float(move @ turn)
        direction -= share * turn
        shares.append(share)
    if moves:
        move, turn = moves[-1]
        direction *= float(move @ turn) / float(turn @ turn)
    else:
        direction /= max(1.0, float(np.abs(slope).sum()))
    for (move, turn), share in zip(moves, reversed(shares), strict=True):
        direction += move * (share - float(turn @ direction) / float(move @ turn))
    return direction
