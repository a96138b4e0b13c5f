"""Examples → a model of each kind."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from ingest.documents import Article, Language
from ingest.topics.reading import FEATURES, Reading, features
from ingest.topics.scoring import Model, ModelKind, Score, Weights, Words, logistic
from ingest.topics.training.examples import Prepared, known_topics
from ingest.topics.training.regression import Numbers, kernel_logistic, logistic_regression
from ingest.topics.training.unseen import without_own_terms
from ingest.topics.training.worth import are_no_worse

if TYPE_CHECKING:
    from spacy.language import Language as Pipeline

__all__ = ["Categoriser", "Tell", "fit", "folds"]

Tell = Callable[[str], None]

_PENALTY = 1.0  # of the taxonomy's weights, an example; of 0.1 to 10 the likeliest answers under cross-validation
_OWN = 0.35  # how freely a topic departs from the weights of all; 0: not at all, 1: as freely as these from nothing
_WORDS_PENALTY = 0.2  # of the words' weights; likewise
_FEWEST_ARTICLES = 3  # with a word, or it says nothing
_MOST_WORDS = 20_000
_ENOUGH = 200  # articles to learn words from
_ENOUGH_OF_LANGUAGE = 50  # of them in a language, or its articles go by the taxonomy alone
_ENOUGH_OF_TOPIC = 60  # of them with a topic: with fewer, words of a few stories pass for words of the topic
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Categoriser:
    """A text categoriser that was just trained, and the taxonomy's weights for topics that it does not know."""

    plain: Model
    pipeline: Pipeline

    def scores(self, article: Article, reading: Reading, language: Language) -> dict[str, float]:
        """As `Model.scores`."""
        from ingest.topics.textcat import categorise  # noqa: PLC0415 - spaCy, where a model needs it

        scores = self.plain.scores(article, reading, language)
        said = categorise(self.pipeline, article)
        return {topic: said.get(topic, score) for topic, score in scores.items()}


def folds(prepared: Sequence[Prepared], number: int = _FOLDS, *, salt: int = 7) -> list[int]:
    """The fold of each example; near-duplicates are in the same one."""
    return [each.story // salt % number for each in prepared]


def fit(kind: ModelKind, prepared: Sequence[Prepared], tell: Tell = lambda _: None) -> Score:
    """Fit a model of a kind.

    Args:
        kind: Which.
        prepared: What to learn from.
        tell: Called with how far a text categoriser is.

    Returns:
        A `Model` without a version; of the kind textcat a `Categoriser`.
    """
    weights, _ = _fit_both(prepared)
    plain = Model(kind=ModelKind.TAXONOMY, version="", weights=weights)
    if kind is ModelKind.TAXONOMY:
        return plain
    if kind is ModelKind.COMBINED:
        return Model(kind=kind, version="", weights=weights, words=_fit_words(prepared, weights))
    from ingest.topics import textcat  # noqa: PLC0415 - spaCy, where a model needs it

    pipeline = textcat.train(
        [(each.example.article, each.example.judged) for each in prepared],
        known_topics(prepared),
        tell=lambda done, passes: tell(f"pass {done} of {passes}"),
    )
    return Categoriser(plain, pipeline)


@dataclass(frozen=True, slots=True)
class _Row:
    """A topic with words in an example that was judged for it; `number` is that of the example."""

    number: int
    topic: str
    features: tuple[float, ...]
    has: bool


def _rows(prepared: Sequence[Prepared]) -> list[_Row]:
    """Each example as it is, and without the terms that it alone has."""
    whole = [each.reading for each in prepared]
    return [
        _Row(number, topic, features(reading, topic), has)
        for readings in (whole, without_own_terms(prepared))
        for number, (each, reading) in enumerate(zip(prepared, readings, strict=True))
        for topic, has in sorted(each.example.judged.items())
        if topic in reading.topics
    ]


def _fit_both(prepared: Sequence[Prepared], further: Sequence[Mapping[str, float]] = ()) -> tuple[Weights, float]:
    """The weights of the taxonomy's features and, beside them, of one more feature.

    A topic's own weights are shrunk towards those of all topics (partial pooling: Gelman and Hill, Data Analysis Using
    Regression and Multilevel/Hierarchical Models, 2006, chapter 12).

    Args:
        prepared: What to learn from.
        further: For each example that feature, by topic; rows without it are left out.
    """
    rows = [row for row in _rows(prepared) if not further or row.topic in further[row.number]]
    topics = sorted({row.topic for row in rows})
    if not rows:
        return _NOTHING, 0.0
    read = np.array([row.features for row in rows])
    more = np.array([[further[row.number][row.topic] if further else 0.0] for row in rows])
    of_topic = np.array([[float(row.topic == each) for each in topics] for row in rows])
    departing = (_OWN * of_topic[:, :, None] * read[:, None, :]).reshape(len(rows), -1)
    # Twice as many rows as there are examples: twice the penalty is the same penalty of an example.
    found, usual = logistic_regression(
        np.hstack([read, more, of_topic, departing]), np.array([float(row.has) for row in rows]), 2 * _PENALTY
    )
    width, number = len(FEATURES), len(topics)
    shared, biases = found[:width], found[width + 1 : width + 1 + number]
    own = shared + _OWN * found[width + 1 + number :].reshape(number, width)
    weights = Weights(
        features=tuple(map(float, shared)),
        own={topic: tuple(map(float, mine)) for topic, mine in zip(topics, own, strict=True)},
        bias={topic: usual + float(mine) for topic, mine in zip(topics, biases, strict=True)},
        usual_bias=usual,
    )
    return weights, float(found[width])


_NOTHING = Weights(features=(0.0,) * len(FEATURES), own=MappingProxyType({}), bias=MappingProxyType({}), usual_bias=0.0)


@dataclass(frozen=True, slots=True)
class _Regression:
    """A regression over words, before it is weighed against the taxonomy."""

    topics: tuple[str, ...]
    table: Mapping[int, tuple[float, ...]]
    bias: tuple[float, ...]


def _fit_words(prepared: Sequence[Prepared], plain: Weights) -> Words | None:
    """Words, their weights, and how much they count beside the taxonomy; None where there is too little to learn from.

    How much they count, and for which topics, is learnt from examples that the words' weights had not seen (stacking:
    Wolpert, 1992).

    Args:
        prepared: What to learn from.
        plain: The taxonomy's weights without words.
    """
    spoken = Counter(each.example.language.tag for each in prepared)
    languages = tuple(sorted(tag for tag, number in spoken.items() if number >= _ENOUGH_OF_LANGUAGE))
    used = [each for each in prepared if each.example.language.tag in languages]
    topics = known_topics(used, fewest=_ENOUGH_OF_TOPIC)
    if len(used) < _ENOUGH or not topics:
        return None
    held_out: list[Mapping[str, float]] = [{} for _ in used]
    parts = folds(used, salt=11)
    for part in range(_FOLDS):
        seen = [each for each, at in zip(used, parts, strict=True) if at != part]
        words = _unweighed(_regress(seen, topics), languages)
        for number, at in enumerate(parts):
            if at == part:
                held_out[number] = words.odds(used[number].grams)
    weights, weight = _fit_both(used, held_out)
    helped = tuple(topic for topic in topics if _helps(topic, used, held_out, plain, (weights, weight)))
    if not helped:
        return None
    if helped != topics:
        weights, weight = _fit_both(used, [{topic: odds[topic] for topic in helped} for odds in held_out])
    whole = _regress(used, helped)
    return Words(topics=helped, table=whole.table, bias=whole.bias, languages=languages, weight=weight, weights=weights)


def _helps(
    topic: str,
    prepared: Sequence[Prepared],
    held_out: Sequence[Mapping[str, float]],
    plain: Weights,
    combined: tuple[Weights, float],
) -> bool:
    """Whether labels of a topic are no worse with words, `combined`, than without, `plain`."""
    weights, weight = combined
    judged = [
        (each.example.judged[topic], each.reading, odds[topic])
        for each, odds in zip(prepared, held_out, strict=True)
        if topic in each.reading.topics and topic in each.example.judged
    ]
    return are_no_worse(
        [has for has, *_ in judged],
        [logistic(plain.odds(reading, topic)) for _, reading, _ in judged],
        [logistic(weights.odds(reading, topic) + weight * words) for _, reading, words in judged],
    )


def _unweighed(regression: _Regression, languages: tuple[str, ...]) -> Words:
    return Words(
        topics=regression.topics,
        table=regression.table,
        bias=regression.bias,
        languages=languages,
        weight=1.0,
        weights=_NOTHING,
    )


def _regress(prepared: Sequence[Prepared], topics: tuple[str, ...]) -> _Regression:
    """A logistic regression over words for each topic, on the examples that were judged for it."""
    seen = Counter(gram for each in prepared for gram in each.grams)
    kept = [gram for gram, number in seen.items() if number >= _FEWEST_ARTICLES]
    kept.sort(key=lambda gram: (-seen[gram], gram))
    vocabulary = {gram: number for number, gram in enumerate(kept[:_MOST_WORDS])}
    rarity = np.array([math.log((1 + len(prepared)) / (1 + seen[gram])) for gram in vocabulary])
    table = np.zeros((len(prepared), len(vocabulary)))
    for number, each in enumerate(prepared):
        known = [vocabulary[gram] for gram in each.grams if gram in vocabulary]
        table[number, known] = rarity[known]
    table /= np.linalg.norm(table, axis=1, keepdims=True) + 1e-9
    columns, biases = [], []
    kernel = table @ table.T
    for topic in topics:
        weights, bias = _of_topic(table, kernel, prepared, topic)
        columns.append(weights)
        biases.append(bias)
    whole = np.stack([rarity, *columns], axis=1)
    return _Regression(
        topics, {gram: tuple(map(float, whole[number])) for gram, number in vocabulary.items()}, tuple(biases)
    )


def _of_topic(table: Numbers, kernel: Numbers, prepared: Sequence[Prepared], topic: str) -> tuple[Numbers, float]:
    judged = [number for number, each in enumerate(prepared) if topic in each.example.judged]
    answers = np.array([float(prepared[number].example.judged[topic]) for number in judged])
    shares, bias = kernel_logistic(kernel[np.ix_(judged, judged)], answers, _WORDS_PENALTY)
    return table[judged].T @ shares, bias
