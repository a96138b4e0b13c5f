"""Kinds of models against each other, by cross-validation: every article is scored by a model that has not seen it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ingest import wire
from ingest.evaluate.topics import Judged, measure
from ingest.topics import THRESHOLD
from ingest.topics.scoring import ModelKind, Score
from ingest.topics.training.examples import Prepared
from ingest.topics.training.fitting import Tell, fit, folds

__all__ = ["compare", "cross_validated", "scored"]

_DRAWS = 2000
_SEED = 11
_LOW, _HIGH = 5, 95  # per cent: whoever is better at the lower end is so by more than chance, one error in twenty
_LEAST_ARTICLES = 10  # below which an interval says nothing


def cross_validated(
    kind: ModelKind, prepared: Sequence[Prepared], *, number: int, tell: Tell = lambda _: None
) -> list[Judged]:
    """Score every example by a model of a kind that was fitted to the other folds."""
    parts = folds(prepared, number)
    found: list[Judged | None] = [None] * len(prepared)
    for part in range(number):
        tell(f"{kind.value}: fold {part + 1} of {number}")
        seen = [each for each, at in zip(prepared, parts, strict=True) if at != part]
        model = fit(kind, seen, lambda how: tell(f"{kind.value}: fold {part + 1} of {number}, {how}"))  # noqa: B023 - called before the next turn
        for at, each in enumerate(prepared):
            if parts[at] == part:
                found[at] = scored(model, each)
    return [each for each in found if each is not None]


def scored(model: Score, each: Prepared) -> Judged:
    """What a model makes of an example."""
    example = each.example
    return Judged(
        id=f"{example.key:064x}"[:12],
        labelled=example.judged,
        scores=model.scores(example.article, each.reading, example.language),
    )


def compare(held_out: Mapping[ModelKind, Sequence[Judged]], incumbent: ModelKind) -> tuple[wire.Contender, ...]:
    """Tell how much better or worse each kind is than the one in force.

    Args:
        held_out: What `cross_validated` gave for each, article by article in the same order.
        incumbent: The kind in force.
    """
    counts = {kind: _table(judged, sorted(_topics(judged))) for kind, judged in held_out.items()}
    size = len(next(iter(held_out.values())))
    weights = np.random.default_rng(_SEED).multinomial(size, np.full(size, 1 / size), size=_DRAWS).astype(float)
    drawn = {kind: _macro(np.einsum("di,itc->dtc", weights, table)) for kind, table in counts.items()}
    contenders = []
    for kind, judged in held_out.items():
        figures = measure(judged, threshold=THRESHOLD).topics
        base = measure(held_out[incumbent], threshold=THRESHOLD).topics.macro_f1
        low, high = np.percentile(drawn[kind] - drawn[incumbent], [_LOW, _HIGH])
        enough = size >= _LEAST_ARTICLES
        contenders.append(
            wire.Contender(
                name=kind.value,
                macro_f1=figures.macro_f1,
                macro_f1_low=figures.macro_f1_low,
                macro_f1_high=figures.macro_f1_high,
                difference=figures.macro_f1 - base,
                difference_low=float(low) if enough else None,
                difference_high=float(high) if enough else None,
            )
        )
    return tuple(contenders)


def _topics(judged: Sequence[Judged]) -> set[str]:
    return {topic for each in judged for topic in each.labelled}


def _table(judged: Sequence[Judged], topics: Sequence[str]) -> np.ndarray[tuple[int, int, int], np.dtype[np.float64]]:
    """Article by topic: right, given, labelled."""
    table = np.zeros((len(judged), len(topics), 3))
    for row, each in enumerate(judged):
        for column, topic in enumerate(topics):
            if topic in each.labelled:
                has, said = each.labelled[topic], each.scores.get(topic, 0.0) >= THRESHOLD
                table[row, column] = (has and said, said, has)
    return table


def _macro(
    sums: np.ndarray[tuple[int, int, int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Macro-F1 of each draw; a topic that a draw leaves out counts as nought for every kind alike."""
    f1 = 2 * sums[:, :, 0] / np.maximum(1, sums[:, :, 1] + sums[:, :, 2])
    mean: np.ndarray[tuple[int], np.dtype[np.float64]] = f1.mean(axis=1)
    return mean
