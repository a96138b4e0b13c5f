"""Two logistic regressions with an L2 penalty, by Newton's method: exact, without chance, seconds at most.

Both minimise the negative log-likelihood plus half the penalty times the squared weights; see Hastie, Tibshirani and
Friedman, The Elements of Statistical Learning, 2nd edition, 4.4.1 (iteratively reweighted least squares) and 5.8 (the
kernel form, where there are more features than rows).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Numbers", "kernel_logistic", "logistic_regression"]

Numbers = NDArray[np.float64]

_STEPS = 50
_SMALL = 1e-6


def logistic_regression(rows: Numbers, answers: Numbers, penalty: float) -> tuple[Numbers, float]:
    """Fit weights and a bias.

    Args:
        rows: Features, a row an example.
        answers: 0 or 1.
        penalty: Of the squared weights; the bias has next to none.
    """
    full = np.hstack([rows, np.ones((len(rows), 1))])
    penalties = np.full(full.shape[1], penalty)
    penalties[-1] = 1e-3  # so that there is an answer where all answers are equal
    weights = np.zeros(full.shape[1])
    for _ in range(_STEPS):
        belief = _logistic(full @ weights)
        slope = full.T @ (belief - answers) + penalties * weights
        curve = (full * (belief * (1 - belief))[:, None]).T @ full + np.diag(penalties)
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.abs(step).max() < _SMALL:
            break
    return weights[:-1], float(weights[-1])


def kernel_logistic(kernel: Numbers, answers: Numbers, penalty: float) -> tuple[Numbers, float]:
    """Fit a weight for each example, and a bias.

    Args:
        kernel: Inner products of the examples.
        answers: 0 or 1.
        penalty: As above.

    Returns:
        What each example's features, added up so weighted, make the weights of the features; and the bias.
    """
    number = len(answers)
    shares, bias = np.zeros(number), 0.0
    for _ in range(_STEPS):
        odds = kernel @ shares + bias
        belief = _logistic(odds)
        curve = np.maximum(belief * (1 - belief), 1e-5)
        system = np.ones((number + 1, number + 1))
        system[:number, :number] = kernel + np.diag(penalty / curve)
        system[number, number] = 0.0
        solved = np.linalg.solve(system, np.append(odds + (answers - belief) / curve, 0.0))
        change = np.abs(solved[:number] - shares).max()
        shares, bias = solved[:number], float(solved[number])
        if change < _SMALL * 10:
            break
    return shares, bias


def _logistic(odds: Numbers) -> Numbers:
    belief: Numbers = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return belief
