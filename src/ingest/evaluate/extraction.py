"""Pages with their hand-made text, against `ingest.extract`.

Texts are compared as bags of words, as Zyte's article-extraction-benchmark does with shingles of one word: precision
and recall of each page, then the means over pages, then f1 of the means. A Chinese, Japanese, Korean or Thai
character counts as a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from ingest.documents import Article, Dropped, Moment, Precision
from ingest.evaluate.counts import harmonic
from ingest.evaluate.lines import optional, required
from ingest.wire import Accuracy, Counted, ExtractionEvaluation, PageScore, TextQuality

__all__ = ["Expected", "Overlap", "Scored", "Verdict", "overlap", "parse", "score", "summarise"]

_T = TypeVar("_T")

_ALONE = "\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"  # written without spaces
_WORD = re.compile(rf"[{_ALONE}]|[^\W{_ALONE}]+")
_JOINTS = re.compile(r"\s*[;；,，、|/／&]\s*|\s+and\s+|\s+und\s+|\s+et\s+|\s+y\s+", re.IGNORECASE)
_BY = re.compile(r"^\s*by:?\s+", re.IGNORECASE)
_WORSE = 0.05  # of f1, by which a page may be worse than the baseline without being listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A page of the manifest. An empty text says that it has no article."""

    path: str
    url: str | None
    text: str
    title: str | None = None
    published: str | None = None
    bylines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far two bags of words agree."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return harmonic(self.precision, self.recall)


class Verdict(StrEnum):
    """What a value that was found is, against the one that is given."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """How one page was read. A verdict is None where nothing is given."""

    path: str
    has_article: bool
    dropped: str | None
    text: Overlap
    baseline: Overlap | None
    title: Verdict | None
    published: Verdict | None
    byline: Verdict | None

    @property
    def page(self) -> PageScore:
        """As it is listed."""
        return PageScore(
            path=self.path,
            precision=self.text.precision,
            recall=self.text.recall,
            f1=self.text.f1,
            baseline_f1=self.baseline.f1 if self.baseline else None,
            dropped=self.dropped,
        )


def parse(record: dict[str, object]) -> Expected:
    """Read `{"path","url","text","title"?,"published"?,"byline"?}`; a byline is a string, or an array of names.

    Raises:
        ValueError: It is something else.
    """
    path = required(record, "path")
    if not path.strip():
        raise ValueError('has an empty "path"')
    byline = record.get("byline")
    if isinstance(byline, list):
        names = tuple(name for name in byline if isinstance(name, str) and name.strip())
    else:
        given = optional(record, "byline")
        names = (given,) if given else ()
    return Expected(
        path=path,
        url=optional(record, "url"),
        text=required(record, "text"),
        title=optional(record, "title"),
        published=optional(record, "published"),
        bylines=names,
    )


def overlap(expected: str, found: str) -> Overlap:
    """Compare two texts as bags of words."""
    mine, theirs = Counter(_WORD.findall(expected)), Counter(_WORD.findall(found))
    both = (mine & theirs).total()
    if not mine and not theirs:
        return Overlap(1.0, 1.0)
    return Overlap(both / theirs.total() if theirs else 0.0, both / mine.total() if mine else 0.0)


def score(
    expected: Expected,
    found: Article | Dropped,
    *,
    read_moment: Callable[[str], Moment | None],
    baseline: str | None = None,
) -> Scored:
    """Compare what was read with what is given.

    Args:
        expected: What is given.
        found: What was read.
        read_moment: Reads the given date.
        baseline: What trafilatura alone read, where it was asked.
    """
    article = found if isinstance(found, Article) else None
    day = read_moment(expected.published) if expected.published else None
    return Scored(
        path=expected.path,
        has_article=bool(expected.text.strip()),
        dropped=found.reason if isinstance(found, Dropped) else None,
        text=overlap(expected.text, article.text if article else ""),
        baseline=None if baseline is None else overlap(expected.text, baseline),
        title=_verdict(expected.title, article.title if article else None, _same_words),
        published=_verdict(day, article.published if article else None, _same_day),
        byline=_verdict(
            _names(expected.bylines), _names([article.byline] if article and article.byline else []), frozenset.__eq__
        ),
    )


def summarise(scored: Sequence[Scored], *, worst: int, bad_lines: int) -> ExtractionEvaluation:
    """Add up.

    Args:
        scored: Every page.
        worst: How many of the worst pages to list; 0: none.
        bad_lines: How many lines could not be used.
    """
    articles = [page for page in scored if page.has_article]
    ranked = sorted(articles, key=lambda page: (page.text.f1, page.path))
    text = _mean([page.text for page in articles])
    baselines = [page.baseline for page in articles if page.baseline]
    compared = [(page.text.f1 - page.baseline.f1, page) for page in ranked if page.baseline]
    worse = sorted(((gain, page) for gain, page in compared if gain < -_WORSE), key=lambda item: item[0])
    reasons = Counter(page.dropped for page in articles if page.dropped)
    return ExtractionEvaluation(
        pages=len(scored),
        bad_lines=bad_lines,
        precision=text.precision,
        recall=text.recall,
        f1=text.f1,
        baseline=_mean(baselines) if baselines else None,
        title=_accuracy([page.title for page in scored]),
        published=_accuracy([page.published for page in scored]),
        byline=_accuracy([page.byline for page in scored]),
        without_article=len(scored) - len(articles),
        without_article_dropped=sum(page.dropped is not None and not page.has_article for page in scored),
        dropped=tuple(Counted(name=name, count=count) for name, count in sorted(reasons.items())),
        worse=tuple(page.page for _, page in worse) if baselines else None,
        worst=tuple(page.page for page in ranked[:worst]) if worst else None,
    )


def _mean(overlaps: Sequence[Overlap]) -> TextQuality:
    precision, recall = (
        sum(values) / len(overlaps) if overlaps else 0.0
        for values in ([each.precision for each in overlaps], [each.recall for each in overlaps])
    )
    return TextQuality(precision=precision, recall=recall, f1=harmonic(precision, recall))


def _accuracy(verdicts: Iterable[Verdict | None]) -> Accuracy | None:
    count = Counter(verdict for verdict in verdicts if verdict is not None)
    if not count:
        return None
    return Accuracy(accuracy=count[Verdict.RIGHT] / count.total(), missing=count[Verdict.MISSING], count=count.total())


def _verdict(given: _T | None, found: _T | None, same: Callable[[_T, _T], bool]) -> Verdict | None:
    if not given:
        return None
    if not found:
        return Verdict.MISSING
    return Verdict.RIGHT if same(given, found) else Verdict.WRONG


def _same_day(given: Moment, found: Moment) -> bool:
    """Whether two dates name one day, as far as the given one does; with times on both, the day in UTC will do."""
    if given.day == found.day[: len(given.day)]:
        return True
    timed = {Precision.MINUTE, Precision.SECOND}
    return {given.precision, found.precision} <= timed and given.earliest.date() == found.earliest.date()


def _same_words(a: str, b: str) -> bool:
    return _fold(a) == _fold(b)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(character for character in decomposed if character.isalnum())


def _names(bylines: Iterable[str]) -> frozenset[str]:
    """Folded names of all people in bylines."""
    people = (person for byline in bylines for person in _JOINTS.split(_BY.sub("", byline)))
    return frozenset(filter(None, map(_fold, people)))
