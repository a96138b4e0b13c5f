"""Texts with a language tag each, against `ingest.language`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from ingest.documents import Language
from ingest.evaluate.lines import identity, required
from ingest.wire import LanguageAccuracy, LanguageEvaluation, LanguageMiss

__all__ = ["Judged", "Labelled", "groups", "judge", "parse", "summarise"]

_SHOWN = 160  # characters of a text that was missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A text and the tag of its language."""

    id: str
    tag: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a text was taken for, and in how many seconds."""

    label: Labelled
    found: Language
    seconds: float


def parse(record: dict[str, object]) -> Labelled:
    """Read `{"id","lang","text"}`.

    Raises:
        ValueError: It is something else.
    """
    return Labelled(id=identity(record), tag=required(record, "lang"), text=required(record, "text"))


def groups(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Tags that count as one another.

    Args:
        pairs: Two interchangeable tags each; `ms=id` and `id=jv` make all three one.

    Returns:
        For each tag that is named, in lower case, all that are as good.
    """
    found: dict[str, frozenset[str]] = {}
    for pair in pairs:
        a, b = (tag.lower() for tag in pair)
        joined = found.get(a, frozenset([a])) | found.get(b, frozenset([b]))
        found |= dict.fromkeys(joined, joined)
    return found


def judge(label: Labelled, detect: Callable[[str], Language], clock: Callable[[], float]) -> Judged:
    """Detect the language of a text, by the clock."""
    begun = clock()
    found = detect(label.text)
    return Judged(label=label, found=found, seconds=clock() - begun)


def summarise(
    judged: Sequence[Judged], *, same: dict[str, frozenset[str]], bad_lines: int, misses: bool
) -> LanguageEvaluation:
    """Add up.

    Args:
        judged: Every text.
        same: As `groups` gives them.
        bad_lines: How many lines could not be used.
        misses: Whether to list what is wrong.
    """
    right: dict[str, list[bool]] = defaultdict(list)
    for each in judged:
        right[each.label.tag].append(_is_right(each, same))
    by_tag = [
        LanguageAccuracy(name=tag, accuracy=_share(answers), count=len(answers))
        for tag, answers in sorted(right.items())
    ]
    wrong = [_miss(each) for each in judged if not _is_right(each, same)]
    return LanguageEvaluation(
        texts=len(judged),
        bad_lines=bad_lines,
        accuracy=_share([answer for answers in right.values() for answer in answers]),
        macro_accuracy=sum(each.accuracy for each in by_tag) / len(by_tag) if by_tag else 0.0,
        milliseconds=1000 * sum(each.seconds for each in judged) / len(judged) if judged else 0.0,
        languages=tuple(by_tag),
        misses=tuple(wrong) if misses else None,
    )


def _is_right(judged: Judged, same: dict[str, frozenset[str]]) -> bool:
    expected = judged.label.tag.lower()
    return judged.found.tag.lower() in same.get(expected, {expected})


def _share(answers: Collection[bool]) -> float:
    return sum(answers) / len(answers) if answers else 0.0


def _miss(judged: Judged) -> LanguageMiss:
    return LanguageMiss(
        id=judged.label.id,
        expected=judged.label.tag,
        found=judged.found.tag,
        confidence=judged.found.confidence,
        text=judged.label.text[:_SHOWN],
    )
