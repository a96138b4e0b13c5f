"""What is said of models of topics: how good they are, and where they come from."""

from __future__ import annotations

from ingest.wire.evaluation import AnnotationMiss, Bin, Macro, NamedQuality
from ingest.wire.form import Count, Score, form
from ingest.wire.record import Counted

__all__ = ["Contender", "TopicFigures", "TopicModel", "TopicsEvaluation"]


@form
class TopicFigures:
    """How well topics agree with what people said."""

    topics: Macro
    """All topics, each counting alike."""
    topic: tuple[NamedQuality, ...]
    """Each topic."""
    calibration_error: Score
    """Expected calibration error: how far scores lie from the share that is right, mean over what was scored."""
    reliability: tuple[Bin, ...]
    """What was scored, given or not, by score: `score` is what was predicted, `right` what was observed."""


@form
class TopicsEvaluation:
    """What `ingest evaluate topics` measures."""

    articles: Count
    """Labelled articles that were given."""
    bad_lines: Count
    """Lines that could not be used."""
    unlabelled: Count
    """Articles without labels, which are not counted."""
    absent: Count
    """Labelled articles that were not given; they are not counted either."""
    model: str
    """Version of the model that was measured."""
    figures: TopicFigures
    """The figures."""
    misses: tuple[AnnotationMiss, ...] | None
    """What was missed or invented; null unless asked."""


@form
class Contender:
    """A kind of model under cross-validation."""

    name: str
    """`taxonomy`, `combined` or `textcat`."""
    macro_f1: Score
    """Mean of the topics' f1."""
    macro_f1_low: Score | None
    """Lower end of its 95 % interval (bootstrap over articles); null for fewer than ten articles."""
    macro_f1_high: Score | None
    """Upper end."""
    difference: float
    """How much better it is than the kind in force, which is refitted in the same folds."""
    difference_low: float | None
    """Lower end of the 90 % interval (paired bootstrap over articles): above nought, it is better."""
    difference_high: float | None
    """Upper end."""


@form
class TopicModel:
    """A model of topics, with its figures and provenance."""

    version: str
    """The first twelve hex digits of the SHA-256 of what it is made of."""
    kind: str
    """`taxonomy`, `combined` or `textcat`."""
    is_in_force: bool
    """Whether the topics stage works with it."""
    is_shipped: bool
    """Whether it is the one of the package."""
    made_at: str | None
    """When it was trained, UTC."""
    code_version: str | None
    """Release that trained it."""
    taxonomy: str | None
    """Version of the taxonomy that it was trained with."""
    articles: Count
    """Articles that it was trained on."""
    corrections: Count
    """Those of them that analysts corrected in the store."""
    labels: tuple[Counted, ...]
    """Articles that have each topic."""
    data_sha256: str | None
    """SHA-256 of the articles' texts and labels."""
    contenders: tuple[Contender, ...]
    """The kinds that were compared."""
    figures: TopicFigures | None
    """How good it is, under cross-validation."""
