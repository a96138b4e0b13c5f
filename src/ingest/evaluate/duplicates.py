"""Labelled pairs of texts, against `ingest.deduplicate`: what bands propose, and what the comparison confirms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.documents import Fingerprint
from ingest.evaluate.counts import Counts
from ingest.evaluate.lines import identity, optional, required
from ingest.wire import DuplicateMiss, DuplicatesEvaluation

__all__ = ["Judged", "Pair", "Rule", "Text", "judge", "parse_pair", "parse_text", "summarise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A document."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two documents, whether they are near-duplicates, and what the label rests on."""

    a: str
    b: str
    duplicate: bool
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is judged: the functions of `ingest.deduplicate`."""

    fingerprint: Callable[[str], Fingerprint]
    similarity: Callable[[str, str], float]
    is_near_duplicate: Callable[[str, str], float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A pair, whether the store would compare it at all, and what the comparison says."""

    pair: Pair
    proposed: bool
    confirmed: bool
    similarity: float

    @property
    def found(self) -> bool:
        """Whether the store would link the two."""
        return self.proposed and self.confirmed


def parse_text(record: dict[str, object]) -> Text:
    """Read `{"id","text"}`.

    Raises:
        ValueError: It is something else.
    """
    return Text(id=identity(record), text=required(record, "text"))


def parse_pair(record: dict[str, object]) -> Pair:
    """Read `{"a","b","label","basis"?}`; the label is 1 or true for near-duplicates, 0 or false for others.

    Raises:
        ValueError: It is something else.
    """
    label = record.get("label")
    if label not in (0, 1):  # true and false are these as well
        raise ValueError('has no "label" of 0 or 1')
    return Pair(
        a=identity(record, "a"), b=identity(record, "b"), duplicate=bool(label), basis=optional(record, "basis")
    )


def judge(pair: Pair, a: str, b: str, rule: Rule) -> Judged:
    """Judge a pair as the store does: equal once normalised, or proposed by a band and confirmed by the comparison."""
    mine, theirs = rule.fingerprint(a), rule.fingerprint(b)
    equal = mine.text_sha256 == theirs.text_sha256
    return Judged(
        pair=pair,
        proposed=equal or not set(mine.bands).isdisjoint(theirs.bands),
        confirmed=equal or rule.is_near_duplicate(a, b) is not None,
        similarity=1.0 if equal else rule.similarity(a, b),
    )


def summarise(judged: Sequence[Judged], *, bad_lines: int, misses: bool) -> DuplicatesEvaluation:
    """Add up.

    Args:
        judged: Every pair.
        bad_lines: How many lines could not be used.
        misses: Whether to list what is wrong.
    """
    whole = _counted([(each.found, each.pair.duplicate) for each in judged])
    comparison = _counted([(each.confirmed, each.pair.duplicate) for each in judged])
    bands = _counted([(each.proposed, each.pair.duplicate) for each in judged])
    others = len(judged) - whole.labelled
    wrong = [_miss(each) for each in judged if each.found is not each.pair.duplicate]
    return DuplicatesEvaluation(
        pairs=len(judged),
        bad_lines=bad_lines,
        precision=whole.precision,
        recall=whole.recall,
        f1=whole.f1,
        count=whole.labelled,
        bands_recall=bands.recall,
        bands_proposed=(bands.found - bands.hits) / others if others else 0.0,
        comparison=comparison.named("alone"),
        misses=tuple(wrong) if misses else None,
    )


def _counted(answers: Sequence[tuple[bool, bool]]) -> Counts:
    """Counts of (found, labelled)."""
    return Counts(
        hits=sum(found and labelled for found, labelled in answers),
        found=sum(found for found, _ in answers),
        labelled=sum(labelled for _, labelled in answers),
    )


def _miss(judged: Judged) -> DuplicateMiss:
    return DuplicateMiss(
        error="missed" if judged.pair.duplicate else "invented",
        a=judged.pair.a,
        b=judged.pair.b,
        similarity=judged.similarity,
        proposed=judged.proposed,
        basis=judged.pair.basis,
    )
