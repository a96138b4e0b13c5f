"""Whether a score means what it says: how often what was scored so is right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ingest import wire

__all__ = ["reliability"]

_BINS = 10


def reliability(scores: Iterable[tuple[float, bool]]) -> tuple[wire.Bin, ...]:
    """Reliability bins of equal width, lowest first; empty ones are left out.

    Args:
        scores: Each score, 0 to 1, and whether what it was given to is right.
    """
    held: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for score, right in scores:
        held[min(int(score * _BINS), _BINS - 1)].append((score, right))
    return tuple(
        wire.Bin(
            name=f"{number / _BINS:.1f}-{(number + 1) / _BINS:.1f}",
            count=len(inside),
            score=sum(score for score, _ in inside) / len(inside),
            right=sum(right for _, right in inside) / len(inside),
        )
        for number, inside in sorted(held.items())
    )
