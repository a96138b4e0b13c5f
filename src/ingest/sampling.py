"""Stratified random sampling with strata of known size, so that what was found can be weighted.

    frame of (row, stratum) ── draw ── Drawn: sizes of strata, and the rows of each

Each row has a number that follows from the seed and its own id alone, as if thrown at random for it; of a stratum, the
rows with the smallest numbers are drawn (permanent random numbers: E. Ohlsson, "Coordination of samples using permanent
random numbers", in Business Survey Methods, 1995). That is simple random sampling without replacement; it does not
depend on the order of the rows, takes one pass, and memory for the sample only.
"""

from __future__ import annotations

import hashlib
import heapq
import itertools
import json
import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

__all__ = [
    "GROUPINGS",
    "Drawn",
    "Grouping",
    "Row",
    "Sample",
    "SizedStratum",
    "Stratum",
    "Subject",
    "Verdict",
    "allocate",
    "band",
    "draw",
    "identify",
    "said_digest",
]

_BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 1.0)
_LEAST = 2  # rows of a stratum: one alone would say nothing of how the stratum varies


class Subject(StrEnum):
    """What is sampled."""

    AGREEMENTS = "agreements"
    TOPICS = "topics"
    MENTIONS = "mentions"


class Grouping(StrEnum):
    """By what the strata are told apart."""

    CONFIDENCE = "confidence"
    KIND = "kind"
    STATUS = "status"
    NEWS = "news"
    TOPIC = "topic"
    LANGUAGE = "language"
    SOURCE = "source"
    NONE = "none"  # one stratum: simple random sampling


GROUPINGS: Mapping[Subject, tuple[Grouping, ...]] = {
    Subject.AGREEMENTS: (
        *(Grouping.CONFIDENCE, Grouping.KIND, Grouping.STATUS, Grouping.NEWS),
        *(Grouping.LANGUAGE, Grouping.SOURCE, Grouping.NONE),
    ),
    Subject.TOPICS: (Grouping.CONFIDENCE, Grouping.TOPIC, Grouping.LANGUAGE, Grouping.SOURCE, Grouping.NONE),
    Subject.MENTIONS: (
        *(Grouping.CONFIDENCE, Grouping.KIND, Grouping.STATUS, Grouping.NEWS),
        *(Grouping.LANGUAGE, Grouping.SOURCE, Grouping.NONE),
    ),
}
"""By what each subject can be grouped."""


class Verdict(StrEnum):
    """What a person says of a row."""

    RIGHT = "right"
    WRONG = "wrong"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """A stratum of a sample.

    Attributes:
        name: What its rows have in common.
        size: How many there are.
        rows: Those that were drawn, in the order of their random numbers.
    """

    name: str
    size: int
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A sample.

    Attributes:
        strata: In the order of their names.
    """

    strata: tuple[Stratum, ...]

    @property
    def population(self) -> int:
        """How many rows there are in all."""
        return sum(stratum.size for stratum in self.strata)

    @property
    def size(self) -> int:
        """How many were drawn."""
        return sum(len(stratum.rows) for stratum in self.strata)


@dataclass(frozen=True, slots=True, kw_only=True)
class SizedStratum:
    """A stratum of a sample that the store keeps.

    Attributes:
        name: What its rows have in common.
        size: How many there were when it was drawn.
        drawn: How many were drawn.
    """

    name: str
    size: int
    drawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a sample that the store keeps.

    Attributes:
        number: From 1, in the order of the sheet.
        stratum: Position of its stratum.
        subject_id: Id of what is to be judged, as the sheet shows it.
        said_sha256: Of what the sheet says of it: see `said_digest`.
        run_id: Run that said so.
    """

    number: int
    stratum: int
    subject_id: str
    said_sha256: str
    run_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A sample that the store keeps.

    Attributes:
        public_id: `smp-` and hex digits; follows from all that is below.
        subject: What was sampled.
        grouping: By what the strata are told apart.
        seed: Of the draw.
        wanted: How many rows were asked for.
        strata: In the order of their names.
        rows: In the order of the sheet.
    """

    public_id: str
    subject: Subject
    grouping: Grouping
    seed: str
    wanted: int
    strata: tuple[SizedStratum, ...]
    rows: tuple[Row, ...]

    @property
    def population(self) -> int:
        """How many rows there were to draw from."""
        return sum(stratum.size for stratum in self.strata)


def identify(
    subject: Subject,
    grouping: Grouping,
    *,
    seed: str,
    wanted: int,
    strata: Sequence[SizedStratum],
    rows: Sequence[Row],
) -> Sample:
    """Give a sample the id that follows from what it is: drawing the same again gives the same id."""
    told = [
        subject.value,
        grouping.value,
        seed,
        wanted,
        [(each.name, each.size, each.drawn) for each in strata],
        [(each.subject_id, each.said_sha256) for each in rows],
    ]
    digest = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    return Sample(
        public_id=f"smp-{digest[:12]}",
        subject=subject,
        grouping=grouping,
        seed=seed,
        wanted=wanted,
        strata=tuple(strata),
        rows=tuple(rows),
    )


def said_digest(says: str, evidence: str) -> str:
    """A digest of what a sheet says of a row, in which what spreadsheets change of themselves does not count.

    White space is one space, letters are composed, and an apostrophe at the beginning, which guards a formula, is none.
    """
    folded = (" ".join(unicodedata.normalize("NFC", text).split()).lstrip("'") for text in (says, evidence))
    return hashlib.sha256("\n".join(folded).encode("utf-8", "surrogatepass")).hexdigest()


def band(confidence: float) -> str:
    """The stratum of a confidence or score, 0 to 1: its range, the upper end left out, but for the last."""
    for low, high in itertools.pairwise(_BANDS):
        if confidence < high:
            return f"{low:.1f}-{high:.1f}"
    return f"{_BANDS[-2]:.1f}-{_BANDS[-1]:.1f}"


def draw(frame: Iterable[tuple[str, str]], *, wanted: int, seed: str) -> Drawn:
    """Draw a stratified sample.

    Args:
        frame: The id of every row that could be drawn, with the name of its stratum, in any order.
        wanted: How many to draw in all; all there are, where there are fewer.
        seed: The same one gives the same sample of the same frame.

    Raises:
        ValueError: There are more strata than rows wanted.
    """
    strata: dict[str, _Reservoir] = {}
    for row, name in frame:
        held = strata.get(name)
        if held is None:
            held = strata[name] = _Reservoir(wanted)
        held.offer(_number(seed, row), row)
    numbers = allocate({name: held.size for name, held in strata.items()}, wanted)
    return Drawn(
        strata=tuple(
            Stratum(name=name, size=strata[name].size, rows=strata[name].first(numbers[name]))
            for name in sorted(strata)
        )
    )


def allocate(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    """How many rows to draw of each stratum.

    In proportion to the square root of its size, and two at least: between shares that are best for the whole and equal
    ones, which are best for each stratum (M. D. Bankier, "Power allocations", The American Statistician 42, 1988).

    Args:
        sizes: How many there are, by stratum.
        wanted: How many in all.

    Returns:
        A number for each, never more than there are; together `wanted`, or all that there are.

    Raises:
        ValueError: There are more strata than rows wanted.
    """
    if len(sizes) > wanted:
        raise ValueError(f"{wanted} rows cannot cover {len(sizes)} strata")
    least = _LEAST if wanted >= _LEAST * len(sizes) else 1
    given = {name: min(least, size) for name, size in sizes.items()}
    while (left := min(wanted, sum(sizes.values())) - sum(given.values())) > 0:
        # What a full stratum cannot take goes to the others.
        open_ones = [name for name, size in sizes.items() if given[name] < size]
        weights = {name: math.sqrt(sizes[name]) for name in open_ones}
        for name, more in _shared(left, weights).items():
            given[name] = min(sizes[name], given[name] + more)
    return given


def _shared(number: int, weights: Mapping[str, float]) -> dict[str, int]:
    """A whole number in shares after weights, by largest remainder; of equal ones, the name decides."""
    total = sum(weights.values())
    exact = {name: Fraction(number * weight / total) for name, weight in weights.items()}
    shares = {name: int(share) for name, share in exact.items()}
    by_remainder: Sequence[str] = sorted(exact, key=lambda name: (shares[name] - exact[name], name))
    for name in by_remainder[: number - sum(shares.values())]:
        shares[name] += 1
    return shares


@dataclass(slots=True)
class _Reservoir:
    """The rows of a stratum with the smallest numbers, as many as might be drawn."""

    most: int
    size: int = 0
    held: list[tuple[int, str]] = field(default_factory=list)  # a heap with the largest number first, negated

    def offer(self, number: int, row: str) -> None:
        self.size += 1
        if len(self.held) < self.most:
            heapq.heappush(self.held, (-number, row))
        elif -number > self.held[0][0]:
            heapq.heapreplace(self.held, (-number, row))

    def first(self, count: int) -> tuple[str, ...]:
        return tuple(row for _, row in sorted(self.held, reverse=True)[:count])


def _number(seed: str, row: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{row}\n{seed}".encode(), digest_size=8).digest())
