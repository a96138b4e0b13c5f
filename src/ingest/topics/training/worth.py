"""Whether words beside the taxonomy make the labels of a topic any better."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.topics import THRESHOLD

__all__ = ["are_no_worse"]

_CHANCE = 0.005  # by how much F1 may fall: less is chance


def are_no_worse(has: Sequence[bool], without: Sequence[float], beside: Sequence[float]) -> bool:
    """Whether a topic's labels are about as good or better with words than without.

    Likelier answers are not enough: words can make many sure answers surer and turn a few others.

    Args:
        has: Of each example, whether it has the topic.
        without: Its score by the taxonomy alone.
        beside: Its score with words that have not learnt from it.
    """
    return _f1(has, beside) >= _f1(has, without) - _CHANCE


def _f1(has: Sequence[bool], scores: Sequence[float]) -> float:
    said = [score >= THRESHOLD for score in scores]
    right = sum(each and given for each, given in zip(has, said, strict=True))
    return 2 * right / max(1, sum(has) + sum(said))
