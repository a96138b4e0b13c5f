"""Topics and agreements of labelled articles, against what was found in them.

Each article is tallied alone; figures are those of the sum, with a 95 % interval from sums over articles drawn with
replacement (bootstrap, 500 draws, fixed seed). `matching` says which agreements are one.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ingest import wire
from ingest.evaluate.calibration import reliability
from ingest.evaluate.counts import Counts
from ingest.evaluate.lines import identity, optional
from ingest.evaluate.matching import Agreement, match

__all__ = ["Labels", "Said", "Tally", "from_annotation", "parse", "summarise", "tally"]

_Key = tuple[str, str]  # group, name

_NEWS_ARTICLES = ("", "articles_with_news")
_NEWS = ("", "agreements_news")
_ALL = ("", "agreements_all")
_PARTIES = ("", "parties")
_FIELDS = ("kind", "status", "is_news", "signed_on")
_DRAWS = 500
_OUTSIDE = 12  # draws left out at either end: 2.5 %
_LEAST_ARTICLES = 10  # below which an interval says nothing
_SEED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A topic, and its score where one is given."""

    topic: str
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What is said of one article, by a person or by the pipeline."""

    id: str
    topics: tuple[Said, ...] = ()
    agreements: tuple[Agreement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One article: counts by group and name, and what is to be listed of it.

    Attributes:
        counts: By group and name.
        scores: Of each topic said, with whether it is labelled.
        confidences: Of each agreement found, with whether it is labelled.
        statuses: Of each pair of agreements, the labelled and the found one.
        misses: What was missed or invented.
    """

    counts: Mapping[_Key, Counts]
    scores: tuple[tuple[float, bool], ...]
    confidences: tuple[tuple[float, bool], ...]
    statuses: tuple[tuple[str, str], ...]
    misses: tuple[wire.AnnotationMiss, ...]


def parse(record: dict[str, object]) -> Labels:
    """Read `{"id","topics","agreements"}`; a topic is a string or `{"topic","score"?}`.

    Raises:
        ValueError: It is something else.
    """
    return Labels(
        id=identity(record),
        topics=tuple(_topic(item) for item in _array(record, "topics")),
        agreements=tuple(_agreement(item) for item in _array(record, "agreements")),
    )


def from_annotation(annotation: wire.Annotation) -> Labels:
    """What the pipeline said."""
    return Labels(
        id=str(annotation.id),
        topics=tuple(Said(topic=each.topic, score=each.score) for each in annotation.topics),
        agreements=tuple(
            Agreement(
                parties=each.parties,
                kind=each.kind,
                status=each.status,
                is_news=each.is_news,
                signed_on=each.signed_on,
                evidence=each.evidence,
                confidence=each.confidence,
            )
            for each in annotation.agreements
        ),
    )


def tally(labels: Labels, found: Labels) -> Tally:
    """Count what one article's labels and what was found in it have in common."""
    wanted, said = {each.topic for each in labels.topics}, {each.topic for each in found.topics}
    counts = [
        (("topic", topic), Counts(topic in wanted and topic in said, topic in said, topic in wanted))
        for topic in wanted | said
    ]
    mine, theirs = labels.agreements, found.agreements
    my_news, their_news = ([each for each in side if each.is_news] for side in (mine, theirs))
    has, says = bool(my_news), bool(their_news)
    pairs = match(mine, theirs)
    counts += [
        (_NEWS_ARTICLES, Counts(has and says, says, has)),
        (_NEWS, Counts(len(match(my_news, their_news)), len(their_news), len(my_news))),
        (_ALL, Counts(len(pairs), len(theirs), len(mine))),
    ]
    for pair in pairs:
        counts += _compared(mine[pair.labelled], theirs[pair.found], pair.parties)
    summed: dict[_Key, Counts] = defaultdict(Counts)
    for key, each in counts:
        summed[key] += each
    unpaired = (
        [each for at, each in enumerate(mine) if at not in {pair.labelled for pair in pairs}],
        [each for at, each in enumerate(theirs) if at not in {pair.found for pair in pairs}],
    )
    return Tally(
        counts=dict(summed),
        scores=tuple((each.score, each.topic in wanted) for each in found.topics if each.score is not None),
        confidences=tuple(
            (each.confidence, at in {pair.found for pair in pairs})
            for at, each in enumerate(theirs)
            if each.confidence is not None
        ),
        statuses=tuple((str(mine[pair.labelled].status), str(theirs[pair.found].status)) for pair in pairs),
        misses=(*_topic_misses(labels.id, wanted, said), *_agreement_misses(labels.id, *unpaired)),
    )


def summarise(
    tallies: Sequence[Tally], *, bad_lines: int, unlabelled: int, absent: int, misses: bool
) -> wire.AnnotationsEvaluation:
    """Add up.

    Args:
        tallies: One for each labelled article.
        bad_lines: How many lines could not be used.
        unlabelled: How many articles have no labels.
        absent: How many labelled articles were not given.
        misses: Whether to list what was missed and invented.
    """
    sums = _Sums(tallies)
    whole = sums.whole
    topics = sorted(key for key in whole if key[0] == "topic")
    low, high = sums.interval(lambda draw: _macro(draw, topics))
    return wire.AnnotationsEvaluation(
        articles=len(tallies),
        bad_lines=bad_lines,
        unlabelled=unlabelled,
        absent=absent,
        topics=wire.Macro(macro_f1=_macro(whole, topics), macro_f1_low=low, macro_f1_high=high),
        topic=tuple(whole[key].named(key[1]) for key in topics),
        articles_with_news=sums.quality(_NEWS_ARTICLES),
        agreements_news=sums.quality(_NEWS),
        agreements_all=sums.quality(_ALL),
        parties=sums.quality(_PARTIES),
        kind=_accuracy(whole, "kind"),
        status=_accuracy(whole, "status"),
        is_news=_accuracy(whole, "is_news"),
        signed_on=_accuracy(whole, "signed_on"),
        status_of=tuple(whole[key].named(key[1]) for key in sorted(whole) if key[0] == "status"),
        status_confusion=tuple(
            wire.Confusion(name=f"{labelled} as {found}", count=count)
            for (labelled, found), count in sorted(
                Counter(pair for tally in tallies for pair in tally.statuses).items()
            )
        ),
        topic_scores=reliability([score for tally in tallies for score in tally.scores]),
        agreement_scores=reliability([score for tally in tallies for score in tally.confidences]),
        misses=tuple(miss for tally in tallies for miss in tally.misses) if misses else None,
    )


class _Sums:
    """Counts over all articles, and over articles drawn with replacement."""

    def __init__(self, tallies: Sequence[Tally]) -> None:
        self._columns: dict[_Key, list[tuple[int, Counts]]] = defaultdict(list)
        for number, tally in enumerate(tallies):
            for key, counts in tally.counts.items():
                self._columns[key].append((number, counts))
        size = len(tallies)
        draw = random.Random(_SEED)  # noqa: S311 - statistics; the same interval each time
        enough = size >= _LEAST_ARTICLES
        self.whole = self._summed(Counter(range(size)))
        self._draws = [self._summed(Counter(draw.choices(range(size), k=size))) for _ in range(_DRAWS if enough else 0)]

    def interval(self, figure: Callable[[Mapping[_Key, Counts]], float]) -> tuple[float | None, float | None]:
        """95 % interval of a figure; None where there are too few articles."""
        values = sorted(map(figure, self._draws))
        return (values[_OUTSIDE], values[-_OUTSIDE - 1]) if values else (None, None)

    def quality(self, key: _Key) -> wire.Quality:
        """Precision, recall and f1 of a group, with the interval of f1."""
        counts = self.whole.get(key, Counts())
        low, high = self.interval(lambda draw: draw[key].f1 if key in draw else 0.0)
        return wire.Quality(
            precision=counts.precision,
            recall=counts.recall,
            f1=counts.f1,
            f1_low=low,
            f1_high=high,
            count=counts.labelled,
        )

    def _summed(self, weights: Mapping[int, int]) -> dict[_Key, Counts]:
        summed = {}
        for key, column in self._columns.items():
            hits = found = labelled = 0
            for number, counts in column:
                weight = weights.get(number, 0)
                hits += weight * counts.hits
                found += weight * counts.found
                labelled += weight * counts.labelled
            summed[key] = Counts(hits, found, labelled)
        return summed


def _compared(mine: Agreement, theirs: Agreement, parties: int) -> list[tuple[_Key, Counts]]:
    """Parties, fields and statuses of two agreements that are one."""
    counts = [(_PARTIES, Counts(parties, len(theirs.parties), len(mine.parties)))]
    for name in _FIELDS:
        a, b = getattr(mine, name), getattr(theirs, name)
        counts.append((("field", name), Counts(a == b, a is None or b is not None, 1)))
    a, b = str(mine.status), str(theirs.status)
    counts += [(("status", name), Counts(a == b, name == b, name == a)) for name in sorted({a, b})]
    return counts


def _macro(counts: Mapping[_Key, Counts], topics: Sequence[_Key]) -> float:
    return sum(counts[topic].f1 for topic in topics) / len(topics) if topics else 0.0


def _accuracy(counts: Mapping[_Key, Counts], field: str) -> wire.Accuracy:
    seen = counts.get(("field", field), Counts())
    return wire.Accuracy(accuracy=seen.recall, missing=seen.labelled - seen.found, count=seen.labelled)


def _topic_misses(article: str, wanted: set[str], said: set[str]) -> list[wire.AnnotationMiss]:
    return [
        wire.AnnotationMiss(
            error="invented" if topic in said else "missed", what="topic", id=article, name=topic, evidence=None
        )
        for topic in sorted(wanted ^ said)
    ]


def _agreement_misses(
    article: str, missed: Sequence[Agreement], invented: Sequence[Agreement]
) -> list[wire.AnnotationMiss]:
    return [
        wire.AnnotationMiss(
            error=error, what="agreement", id=article, name=" + ".join(each.parties), evidence=each.evidence
        )
        for error, side in (("missed", missed), ("invented", invented))
        for each in side
    ]


def _array(record: Mapping[str, object], key: str) -> Sequence[object]:
    value = record.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ValueError(f'has a "{key}" that is not an array')  # noqa: TRY004 - a line is a value, not an argument
    return value


def _topic(item: object) -> Said:
    if isinstance(item, str):
        return Said(topic=item)
    if not isinstance(item, dict) or not isinstance(item.get("topic"), str):
        raise ValueError("has a topic that is neither a string nor an object with one")  # noqa: TRY004 - likewise
    score = item.get("score")
    if score is None:
        return Said(topic=item["topic"])
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        raise ValueError("has a topic whose score is not a number between 0 and 1")
    return Said(topic=item["topic"], score=float(score))


def _agreement(item: object) -> Agreement:
    if not isinstance(item, dict):
        raise ValueError("has an agreement that is not an object")  # noqa: TRY004 - likewise
    parties, is_news = item.get("parties"), item.get("is_news", True)
    if not isinstance(parties, list) or not all(isinstance(party, str) for party in parties):
        raise ValueError('has an agreement whose "parties" are not an array of strings')
    if not isinstance(is_news, bool):
        raise ValueError('has an agreement whose "is_news" is not true or false')  # noqa: TRY004 - likewise
    confidence = item.get("confidence")
    if isinstance(confidence, bool) or not isinstance(confidence, int | float | None):
        raise ValueError('has an agreement whose "confidence" is not a number')  # noqa: TRY004 - likewise
    return Agreement(
        parties=tuple(parties),
        kind=optional(item, "kind"),
        status=optional(item, "status"),
        is_news=is_news,
        signed_on=optional(item, "signed_on"),
        evidence=optional(item, "evidence"),
        confidence=confidence,
    )
