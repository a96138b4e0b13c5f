"""Hits among what was found and what is labelled."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.wire import NamedQuality

__all__ = ["Counts", "harmonic"]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were found, how many are labelled, and how many are both."""

    hits: int = 0
    found: int = 0
    labelled: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.hits + other.hits, self.found + other.found, self.labelled + other.labelled)

    @property
    def precision(self) -> float:
        """Share of what was found that is labelled; 0 where nothing was found."""
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of what is labelled that was found; 0 where nothing is labelled."""
        return self.hits / self.labelled if self.labelled else 0.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return harmonic(self.precision, self.recall)

    def named(self, name: str) -> NamedQuality:
        """As one class of several."""
        return NamedQuality(name=name, precision=self.precision, recall=self.recall, f1=self.f1, count=self.labelled)


def harmonic(a: float, b: float) -> float:
    """Harmonic mean of two shares; 0 where both are."""
    return 2 * a * b / (a + b) if a + b else 0.0
