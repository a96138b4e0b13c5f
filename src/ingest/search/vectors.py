"""An entry of the index → PostgreSQL's `tsvector`, with positions of ours.

A vector keeps no position beyond 16,383, and no more than 256 of one lexeme: what comes later is lost without a word,
and a phrase that stands there with it. So the vector of a long article has no positions, and its sequences are cut into
parts that have them and that overlap by the length of a phrase.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ingest.search.query import LONGEST_PHRASE
from ingest.search.tokens import Entry, Sequence_

__all__ = ["Limits", "Vector", "vector"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one vector keeps.

    Attributes:
        positions: The last position.
        occurrences: Positions of one lexeme; more than `overlap`.
        size: Characters of all lexemes of a part; a vector has at most a million bytes.
        overlap: Positions that two parts share.
    """

    positions: int = 16_000
    occurrences: int = 250
    size: int = 100_000
    overlap: int = LONGEST_PHRASE - 1


@dataclass(frozen=True, slots=True)
class Vector:
    """The vectors of an article, as text.

    Attributes:
        whole: All lexemes; with their positions, where there are no parts.
        parts: Stretches of a long article, with positions.
    """

    whole: str
    parts: tuple[str, ...] = ()


_LIMITS = Limits()


def vector(entry: Entry, limits: Limits = _LIMITS) -> Vector:
    """Write an entry as PostgreSQL reads it."""
    others = [f"'{token}'" for token in entry.others]
    if all(_fits(sequence, limits) for sequence in entry.sequences):
        return Vector(" ".join([*(_positioned(each) for each in entry.sequences), *others]))
    lexemes = dict.fromkeys(token for sequence in entry.sequences for token in sequence if token)
    parts = tuple(_positioned(part) for sequence in entry.sequences for part in _parts(sequence, limits))
    return Vector(" ".join([*(f"'{lexeme}'" for lexeme in lexemes), *others]), parts)


def _fits(sequence: Sequence_, limits: Limits) -> bool:
    if len(sequence) <= limits.occurrences:
        return True
    return len(sequence) <= limits.positions and max(_counts(sequence).values(), default=0) <= limits.occurrences


def _counts(sequence: Iterable[str | None]) -> Counter[str | None]:
    counts = Counter(sequence)
    del counts[None]
    return counts


def _positioned(sequence: Sequence[str | None]) -> str:
    positions: dict[str | None, str] = {}
    for token, at in zip(sequence, _numerals(1 << len(sequence).bit_length()), strict=False):
        positions[token] = f"{positions[token]},{at}" if token in positions else at
    positions.pop(None, None)
    return " ".join([f"'{token}':{held}" for token, held in positions.items()])


@cache
def _numerals(size: int) -> tuple[str, ...]:
    """From 1 on."""
    return tuple(map(str, range(1, size + 1)))


def _parts(sequence: Sequence_, limits: Limits) -> Iterator[Sequence_]:
    start = 0
    while True:
        end = _end(sequence, start, limits)
        yield sequence[start:end]
        if end == len(sequence):
            return
        start = end - limits.overlap


def _end(sequence: Sequence_, start: int, limits: Limits) -> int:
    counts: Counter[str] = Counter()
    size = 0
    for at in range(start, min(len(sequence), start + limits.positions)):
        token = sequence[at]
        if token is None:
            continue
        counts[token] += 1
        size += len(token)
        if counts[token] > limits.occurrences or size > limits.size:
            return at
    return min(len(sequence), start + limits.positions)
