"""Topics against what people said of them: F1, and whether scores mean what they say.

Macro-F1 has a 95 % interval from articles drawn with replacement (bootstrap, 500 draws, fixed seed). Calibration is
shown by reliability bins and summed up as the expected calibration error (Naeini, Cooper and Hauskrecht, 2015), over
every topic that was scored, whether it was given or not.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest import wire
from ingest.evaluate.calibration import reliability
from ingest.evaluate.counts import Counts

__all__ = ["Judged", "macro_f1", "measure", "misses"]

_DRAWS = 500
_OUTSIDE = 12  # draws left out at either end: 2.5 %
_LEAST_ARTICLES = 10  # below which an interval says nothing
_SEED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An article: what people said of its topics, and how sure a model is.

    Attributes:
        id: Of the article.
        labelled: By topic that was judged, whether the article has it.
        scores: By topic that was scored, its probability; a topic that is not here was not given.
    """

    id: str
    labelled: Mapping[str, bool]
    scores: Mapping[str, float]


def measure(judged: Sequence[Judged], *, threshold: float) -> wire.TopicFigures:
    """Add up.

    Args:
        judged: The articles; topics that nobody judged are not counted.
        threshold: Score from which a topic is given.
    """
    counted = [_counts(each, threshold) for each in judged]
    whole = _sum(counted, Counter(range(len(counted))))
    low, high = _interval(counted)
    bins = reliability(
        (each.scores[topic], has) for each in judged for topic, has in each.labelled.items() if topic in each.scores
    )
    scored = sum(each.count for each in bins)
    return wire.TopicFigures(
        topics=wire.Macro(macro_f1=macro_f1(whole), macro_f1_low=low, macro_f1_high=high),
        topic=tuple(whole[topic].named(topic) for topic in sorted(whole)),
        calibration_error=sum(each.count * abs(each.score - each.right) for each in bins) / scored if scored else 0.0,
        reliability=bins,
    )


def misses(judged: Iterable[Judged], *, threshold: float) -> tuple[wire.AnnotationMiss, ...]:
    """Topics that were missed or invented, those with the most telling score first."""
    found = [
        (
            abs(score - has),
            wire.AnnotationMiss(
                error="missed" if has else "invented", what="topic", id=each.id, name=topic, evidence=None
            ),
        )
        for each in judged
        for topic, has in each.labelled.items()
        if (((score := each.scores.get(topic, 0.0)) >= threshold) is not has)
    ]
    return tuple(miss for _, miss in sorted(found, key=lambda item: (-item[0], item[1].id, item[1].name)))


def macro_f1(counts: Mapping[str, Counts]) -> float:
    """The mean of the topics' f1; topics that are neither labelled nor found do not count."""
    values = [each.f1 for each in counts.values() if each.labelled or each.found]
    return sum(values) / len(values) if values else 0.0


def _counts(each: Judged, threshold: float) -> dict[str, Counts]:
    counts = {}
    for topic, has in each.labelled.items():
        said = each.scores.get(topic, 0.0) >= threshold
        counts[topic] = Counts(said and has, said, has)
    return counts


def _sum(counted: Sequence[Mapping[str, Counts]], weights: Mapping[int, int]) -> dict[str, Counts]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for number, weight in weights.items():
        for topic, counts in counted[number].items():
            row = sums[topic]
            row[0] += weight * counts.hits
            row[1] += weight * counts.found
            row[2] += weight * counts.labelled
    return {topic: Counts(*row) for topic, row in sums.items()}


def _interval(counted: Sequence[Mapping[str, Counts]]) -> tuple[float | None, float | None]:
    size = len(counted)
    if size < _LEAST_ARTICLES:
        return None, None
    draw = random.Random(_SEED)  # noqa: S311 - statistics; the same interval each time
    values = sorted(macro_f1(_sum(counted, Counter(draw.choices(range(size), k=size)))) for _ in range(_DRAWS))
    return values[_OUTSIDE], values[-_OUTSIDE - 1]
