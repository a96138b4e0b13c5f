"""Which kind of model is to be in force: the best under cross-validation, if it is better by more than chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest import __version__, wire
from ingest.errors import ModelError
from ingest.evaluate.topics import Judged, measure
from ingest.topics import THRESHOLD
from ingest.topics.choice import Choice
from ingest.topics.scoring import Model, ModelKind, Score, dump, parse
from ingest.topics.training.examples import Prepared, digest, known_topics
from ingest.topics.training.fitting import Categoriser, Tell, fit
from ingest.topics.training.trial import compare, cross_validated, scored

__all__ = ["Contest", "Made", "hold", "make"]

_FEWEST = 20  # examples; fewer tell nothing of any model


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """How the kinds did.

    Attributes:
        incumbent: The kind in force.
        contenders: Each kind, the one in force first.
        held_out: What each said of articles that it had not seen.
        winner: The kind that is better than the one in force by more than chance; None where none is.
        in_force: What the very model in force says of the articles, some of which it may have been trained on.
    """

    incumbent: ModelKind
    contenders: tuple[wire.Contender, ...]
    held_out: dict[ModelKind, list[Judged]]
    winner: ModelKind | None
    in_force: wire.TopicFigures

    def figures(self, kind: ModelKind) -> wire.TopicFigures:
        """Those of a kind, under cross-validation."""
        return measure(self.held_out[kind], threshold=THRESHOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A model that can be kept.

    Attributes:
        document: What `scoring.parse` reads.
        card: Its figures and provenance.
        write: Writes whatever else it has into a folder; None: nothing.
    """

    document: str
    card: wire.TopicModel
    write: Callable[[Path], None] | None


def hold(
    prepared: Sequence[Prepared],
    choice: Choice,
    kinds: Sequence[ModelKind],
    *,
    number: int,
    tell: Tell = lambda _: None,
) -> Contest:
    """Cross-validate each kind, and the one in force, on the same folds.

    Args:
        prepared: What people said.
        choice: What is in force.
        kinds: Which to try, besides the kind in force.
        number: Of folds.
        tell: Called with how far it is.

    Raises:
        ModelError: There is too little to learn from.
    """
    topics = known_topics(prepared)
    if len(prepared) < _FEWEST or not topics:
        raise ModelError(
            f"there are {len(prepared)} judged articles, which is too little to learn from",
            remedy=f"at least {_FEWEST} are needed, and for some topic five that have it and five that have not: "
            "'ingest label' corrects articles, --labels and --articles give others",
        )
    model = choice.model()
    tried = tuple(dict.fromkeys([model.kind, *kinds]))
    held_out = {kind: cross_validated(kind, prepared, number=number, tell=tell) for kind in tried}
    contenders = compare(held_out, model.kind)
    better = [each for each in contenders if (each.difference_low or 0.0) > 0 and each.name != model.kind]
    best = max(better, key=lambda each: each.macro_f1, default=None)
    return Contest(
        incumbent=model.kind,
        contenders=contenders,
        held_out=held_out,
        winner=ModelKind(best.name) if best else None,
        in_force=measure([scored(model, each) for each in prepared], threshold=THRESHOLD),
    )


def make(
    kind: ModelKind,
    prepared: Sequence[Prepared],
    contest: Contest,
    choice: Choice,
    *,
    at: datetime,
    tell: Tell = lambda _: None,
) -> Made:
    """Fit a model of a kind to all examples, and write its card."""
    fitted = fit(kind, prepared, lambda how: tell(f"{kind.value}: all articles, {how}"))
    document, write = _document(fitted)
    having = Counter(topic for each in prepared for topic, has in each.example.judged.items() if has)
    card = wire.TopicModel(
        version=parse(document, where="the new model").version,
        kind=kind.value,
        is_in_force=False,
        is_shipped=False,
        made_at=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        code_version=__version__,
        taxonomy=choice.taxonomy().version,
        articles=len(prepared),
        corrections=sum(each.example.is_correction for each in prepared),
        labels=tuple(wire.Counted(name=topic, count=having[topic]) for topic in sorted(having)),
        data_sha256=digest(prepared),
        contenders=contest.contenders,
        figures=contest.figures(kind),
    )
    return Made(document=document, card=card, write=write)


def _document(fitted: Score) -> tuple[str, Callable[[Path], None] | None]:
    if isinstance(fitted, Model):
        return dump(fitted.kind, fitted.weights, fitted.words), None
    if not isinstance(fitted, Categoriser):
        raise TypeError(f"no model: {fitted!r}")
    pipeline = fitted.pipeline
    with TemporaryDirectory() as folder:
        pipeline.to_disk(Path(folder))
        whole = sha256()
        for path in sorted(each for each in Path(folder).rglob("*") if each.is_file()):
            whole.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    document = dump(ModelKind.TEXTCAT, fitted.plain.weights, textcat_sha256=whole.hexdigest())
    return document, lambda home: pipeline.to_disk(home / "textcat")
