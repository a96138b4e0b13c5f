"""The benchmark's figures as the page docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from tools.bench.scaling import Scale

__all__ = ["Machine", "Result", "write"]

_HEAD = """# Benchmarks

Written by `make bench` (`make bench ARGS=--quick` to try it); do not edit. Every racer reads the same pages, in a
process of its own that is pinned to its core or cores, as is PostgreSQL's server. They take turns, round after round,
after one round that does not count; figures are medians of rounds, and the spread shows how quiet the machine was.
'Whole pipeline' is claim, archive, extraction, language, topics, agreements, duplicates and store, into a fresh store
each round.
"""
_GROWTH = """Milliseconds that the save of one further article takes (look-up, comparison, insert), by articles in the
store. A third of the articles are near-copies of sixty templates, some of them thousands of times.

| store | articles | median | mean | 95th percentile | near-duplicates of measured |
| --- | --: | --: | --: | --: | --: |
"""
_TARGETS = (
    ("whole pipeline of trafilatura alone, one core, SQLite", "whole pipeline, SQLite", "trafilatura alone", 0.6),
    ("the same, PostgreSQL", "whole pipeline, PostgreSQL", "trafilatura alone", 0.6),
    ("whole pipeline of news-please's extraction, SQLite", "whole pipeline, SQLite", "news-please", 4.0),
    ("two cores of one, SQLite", "whole pipeline, SQLite, two cores", "whole pipeline, SQLite", 1.7),
    ("two cores of one, PostgreSQL", "whole pipeline, PostgreSQL, two cores", "whole pipeline, PostgreSQL", 1.7),
)
_MOST_GROWTH = 1.5
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where and on what it was measured."""

    at: str
    python: str
    processor: str
    load: float
    trafilatura: str
    made_up: bool
    page_bytes: int
    quick: bool

    @classmethod
    def here(cls, *, made_up: bool, page_bytes: int, quick: bool) -> Machine:
        """This machine, now."""
        return cls(
            at=datetime.now(UTC).strftime("%Y-%m-%d"),
            python=platform.python_version(),
            processor=f"{platform.machine()}, {os.cpu_count()} cores",
            load=os.getloadavg()[0],
            trafilatura=version("trafilatura"),
            made_up=made_up,
            page_bytes=page_bytes,
            quick=quick,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one racer did: pages a second, by round and their median, and its largest memory."""

    name: str
    cores: int
    rates: tuple[float, ...]
    rate: float
    peak_mb: float


def write(machine: Machine, results: Sequence[Result], scales: Mapping[str, Sequence[Scale]]) -> str:
    """The whole page."""
    what = "made-up pages" if machine.made_up else "real pages"
    where = (
        f"\n{machine.at}, Python {machine.python}, {machine.processor}, load {machine.load:.1f} before it began; "
        f"trafilatura {machine.trafilatura}; {what}, {machine.page_bytes / 1e6:.1f} MB.\n"
    )
    warning = "\n**A quick run: too short to go by.**\n" if machine.quick else ""
    parts = [_HEAD, where, warning]
    if results:
        parts += ["\n## Speed\n\n", *_speed(results), "\n", *_ratios(results)]
    if scales:
        parts += ["\n## A growing store\n\n", *_growth(scales)]
    return "".join(parts)


def _speed(results: Sequence[Result]) -> list[str]:
    first = results[0]
    rows = ["| | cores | pages/s | lowest to highest | of trafilatura alone | peak memory, MB |\n"]
    rows.append("| --- | --: | --: | --: | --: | --: |\n")
    rows += [
        f"| {each.name} | {each.cores} | {each.rate:.1f} | {min(each.rates):.1f} to {max(each.rates):.1f} "
        f"| {each.rate / first.rate:.2f} | {each.peak_mb:.0f} |\n"
        for each in results
    ]
    return rows


def _ratios(results: Sequence[Result]) -> list[str]:
    rates = {each.name: each.rate for each in results}
    rows = ["| ratio | measured | aimed at |\n", "| --- | --: | --: |\n"]
    rows += [
        f"| {name} | {rates[mine] / rates[theirs]:.2f} | {aim} |\n"
        for name, mine, theirs, aim in _TARGETS
        if mine in rates and theirs in rates
    ]
    missing = {theirs for _, _, theirs, _ in _TARGETS} - rates.keys()
    return [*rows, *(f"\n{name} was not installed: `pip install '.[bench]'`.\n" for name in sorted(missing))]


def _growth(scales: Mapping[str, Sequence[Scale]]) -> list[str]:
    rows = [_GROWTH]
    rows += [
        f"| {_NAMES[kind]} | {scale.articles:,} | {scale.median_ms:.2f} | {scale.mean_ms:.2f} | {scale.p95_ms:.2f} "
        f"| {scale.linked} of {scale.measured} |\n"
        for kind, sizes in scales.items()
        for scale in sizes
    ]
    rows.append("\n")
    rows += [
        f"{_NAMES[kind]}: {sizes[-1].mean_ms / sizes[0].mean_ms:.2f} times as long by the mean, "
        f"{sizes[-1].median_ms / sizes[0].median_ms:.2f} by the median (aimed at: at most {_MOST_GROWTH}).\n"
        for kind, sizes in scales.items()
    ]
    return rows
