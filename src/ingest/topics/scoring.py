"""How sure a model is of each topic of an article.

    taxonomy   a logistic function of where the taxonomy's terms stand (`reading.FEATURES`); one set of weights serves
               all topics, so that one that was added yesterday is scored by the same measure; a topic that the fit has
               seen departs from it a little, and has a bias of its own
    combined   the same, and what a logistic regression over the article's words says, as one more feature
    textcat    a spaCy text categoriser; where it does not know a topic, the taxonomy's weights say

Only topics with a word of the taxonomy in the article are scored: a label has to show what earned it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from ingest.documents import Article, Language
from ingest.errors import ModelError
from ingest.topics.grams import grams
from ingest.topics.reading import FEATURES, Reading, features

__all__ = ["Model", "ModelKind", "Score", "Weights", "Words", "dump", "logistic", "parse"]

_FORM = 2


class ModelKind(StrEnum):
    """What a model scores with."""

    TAXONOMY = "taxonomy"
    COMBINED = "combined"
    TEXTCAT = "textcat"


class Score(Protocol):
    """Scores the topics of an article."""

    def scores(self, article: Article, reading: Reading, language: Language) -> dict[str, float]:
        """The probability of each topic of the reading."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each feature adds to the log-odds of a topic.

    Attributes:
        features: Of any topic, in the order of `reading.FEATURES`.
        own: By topic that the fit has seen, its weights in the place of those.
        bias: By topic.
        usual_bias: Of a topic that the fit has not seen.
    """

    features: tuple[float, ...]
    own: Mapping[str, tuple[float, ...]]
    bias: Mapping[str, float]
    usual_bias: float

    def odds(self, reading: Reading, topic: str) -> float:
        """The log-odds of a topic."""
        given = zip(self.own.get(topic, self.features), features(reading, topic), strict=True)
        return self.bias.get(topic, self.usual_bias) + sum(weight * value for weight, value in given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A logistic regression over words, whose log-odds are a feature of the combined model.

    Attributes:
        topics: Those that it knows.
        table: Hash of a word or pair (`grams`) → its inverse document frequency, and what it adds for each topic.
        bias: By topic, in the order of `topics`.
        languages: Tags for which there were enough articles to learn from; other articles go by the taxonomy alone.
        weight: What its log-odds add to those of the topic.
        weights: Of the taxonomy's features, beside it.
    """

    topics: tuple[str, ...]
    table: Mapping[int, tuple[float, ...]] = field(repr=False)
    bias: tuple[float, ...]
    languages: tuple[str, ...]
    weight: float
    weights: Weights

    def odds(self, found: frozenset[int]) -> dict[str, float]:
        """The log-odds of each topic, given the article's words; a text of unit length, whatever its size."""
        known = [self.table[gram] for gram in found if gram in self.table]
        length = math.sqrt(sum(entry[0] ** 2 for entry in known)) or 1.0
        return {
            topic: bias + sum(entry[0] * entry[1 + number] for entry in known) / length
            for number, (topic, bias) in enumerate(zip(self.topics, self.bias, strict=True))
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model as it is loaded.

    Attributes:
        kind: What it scores with.
        version: The first twelve hex digits of the SHA-256 of what it is made of.
        weights: Of the taxonomy's features.
        words: Of a combined model.
        textcat: Folder of the spaCy pipeline of a textcat model.
    """

    kind: ModelKind
    version: str
    weights: Weights
    words: Words | None = None
    textcat: Path | None = None

    def scores(self, article: Article, reading: Reading, language: Language) -> dict[str, float]:
        """The probability of each topic that has a word in the article.

        Raises:
            ModelError: The spaCy pipeline cannot be loaded.
        """
        if self.words is not None and language.tag in self.words.languages:
            further, weights = self.words.odds(grams(article)), self.words.weights
            odds = {
                topic: weights.odds(reading, topic) + self.words.weight * further[topic]
                if topic in further
                else self.weights.odds(reading, topic)
                for topic in reading.topics
            }
        else:
            odds = {topic: self.weights.odds(reading, topic) for topic in reading.topics}
        scores = {topic: logistic(value) for topic, value in odds.items()}
        if self.textcat is not None:
            from ingest.topics.textcat import categorise, load  # noqa: PLC0415 - spaCy, where a model needs it

            said = categorise(load(str(self.textcat)), article)
            scores |= {topic: said[topic] for topic in scores if topic in said}
        return scores


def logistic(odds: float) -> float:
    """Log-odds → probability."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def dump(kind: ModelKind, weights: Weights, words: Words | None = None, *, textcat_sha256: str = "") -> str:
    """A model as the JSON document that `parse` reads; the same model gives the same document."""
    document: dict[str, object] = {"form": _FORM, "kind": kind.value, "weights": _written(weights)}
    if words is not None:
        document["words"] = {
            "topics": words.topics,
            "bias": [round(each, 4) for each in words.bias],
            "languages": sorted(words.languages),
            "weight": round(words.weight, 4),
            "weights": _written(words.weights),
            "table": {str(gram): [round(each, 3) for each in entry] for gram, entry in sorted(words.table.items())},
        }
    if textcat_sha256:
        document["textcat_sha256"] = textcat_sha256
    return json.dumps(document, indent=None, sort_keys=True, separators=(",", ":")).replace('],"', '],\n"') + "\n"


def _written(weights: Weights) -> dict[str, object]:
    return {
        "features": _named(weights.features),
        "own": {topic: _named(own) for topic, own in weights.own.items()},
        "bias": {topic: round(value, 4) for topic, value in weights.bias.items()},
        "usual_bias": round(weights.usual_bias, 4),
    }


def _named(weights: Sequence[float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in zip(FEATURES, weights, strict=True)}


def parse(source: str, *, where: str, folder: Path | None = None) -> Model:
    """Read a model.

    Args:
        source: What `dump` made.
        where: Its name for messages.
        folder: Where the parts that are no JSON are kept.

    Raises:
        ModelError: It is something else, or a later release made it.
    """
    try:
        document = json.loads(source)
        if document["form"] != _FORM:
            raise ModelError(f"{where} was made by another release", remedy=_AGAIN)
        kind = ModelKind(document["kind"])
        return Model(
            kind=kind,
            version=sha256(source.encode()).hexdigest()[:12],
            weights=_weights(document["weights"]),
            words=_words(document["words"]) if "words" in document else None,
            textcat=folder / "textcat" if folder is not None and kind is ModelKind.TEXTCAT else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise ModelError(f"{where} is no model of topics: {type(wrong).__name__} {wrong}", remedy=_AGAIN) from None


_AGAIN = "'ingest models' lists the models there are, 'ingest models use VERSION' goes back to one"


def _weights(document: Mapping[str, Mapping[str, float]]) -> Weights:
    own: Mapping[str, Mapping[str, float]] = document["own"]  # type: ignore[assignment]  # checked by the conversion
    return Weights(
        features=_in_order(document["features"]),
        own=MappingProxyType({topic: _in_order(given) for topic, given in own.items()}),
        bias=MappingProxyType({topic: float(value) for topic, value in document["bias"].items()}),
        usual_bias=float(document["usual_bias"]),  # type: ignore[arg-type]  # checked by the conversion
    )


def _in_order(given: Mapping[str, float]) -> tuple[float, ...]:
    if set(given) != set(FEATURES):
        raise ValueError(f"it weighs other features: {', '.join(sorted(set(given) ^ set(FEATURES)))}")
    return tuple(float(given[name]) for name in FEATURES)


def _words(document: Mapping[str, Sequence[object]]) -> Words:
    table: Mapping[str, Sequence[float]] = document["table"]  # type: ignore[assignment]  # checked by the conversion
    return Words(
        topics=tuple(str(topic) for topic in document["topics"]),
        table={int(gram): tuple(map(float, entry)) for gram, entry in table.items()},
        bias=tuple(map(float, document["bias"])),  # type: ignore[arg-type]  # likewise
        languages=tuple(str(tag) for tag in document["languages"]),
        weight=float(document["weight"]),  # type: ignore[arg-type]  # likewise
        weights=_weights(document["weights"]),  # type: ignore[arg-type]  # likewise
    )
