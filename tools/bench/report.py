"""The benchmark's figures: kept part by part, and written as the page docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pydantic import TypeAdapter

from tools.bench.growth import Growth
from tools.bench.race import Result
from tools.bench.stages import Step

__all__ = ["Machine", "Part", "keep", "write"]

_HEAD = """# Benchmarks

Written by `make bench` (`make bench ARGS=--quick` to try it); do not edit. `--only PART` measures one part again and
leaves the others as they were, `--pages FOLDER…` takes pages of your own.
"""
_SPEED = """Every racer reads the same pages, in a process of its own that is pinned to its core or cores, as is
PostgreSQL's server. They take turns, round after round, after one that does not count (news-please, which is slow,
in the first only); figures are medians of rounds. 'Whole pipeline' is claim, archive, extraction, language,
topics, agreements, duplicates and store, into a fresh store each round. Time by the clock shows the spread, and what
other work on the machine took; processor time counts only what the racer's processes used, and the database's server
with them.

"""
_STAGES = """Milliseconds of processor time a page, one stage after the other in one process, so that the sum is less
than a run's: there processes take turns, and find their caches cold.

"""
_LEFT = """
What is left: trafilatura's reading of a tree, its metadata and our rules by line are each a part of extraction,
and no part of any stage is more than a third of it. Beside what the table holds, a page costs two and a half to three
milliseconds in claim, archive, search index and store, of which half a millisecond is making, writing and syncing its
object; PostgreSQL's server takes two more.
"""
_GROWTH = """Milliseconds that the save of one further article takes (look-up, comparison, insert), by articles in the
store: by the clock, and of processor time, the server's included. A third of the articles are near-copies of sixty
templates, some of them thousands of times: to compare with these is what sets the mean apart from the median. Filling
and saving run in processes of their own; the memory is that of the one that saves.

| store | articles | median | mean | 95th percentile | CPU, mean | near-duplicates of measured | memory, MB |
| --- | --: | --: | --: | --: | --: | --: | --: |
"""
_TARGETS = (
    ("whole pipeline of trafilatura alone, one core, SQLite", "whole pipeline, SQLite", "trafilatura alone", 0.6),
    ("the same, PostgreSQL", "whole pipeline, PostgreSQL", "trafilatura alone", 0.6),
    ("whole pipeline of news-please's extraction, SQLite", "whole pipeline, SQLite", "news-please", 4.0),
    ("the same, PostgreSQL", "whole pipeline, PostgreSQL", "news-please", 4.0),
    ("two cores of one, SQLite", "whole pipeline, SQLite, two cores", "whole pipeline, SQLite", 1.7),
    ("two cores of one, PostgreSQL", "whole pipeline, PostgreSQL, two cores", "whole pipeline, PostgreSQL", 1.7),
)
_MOST_GROWTH = 1.5
_BUSY = 1.0  # load from which time by the clock is not the racers' own
_NAMES = {"growth-sqlite": "SQLite", "growth-postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where and on what it was measured."""

    at: str
    python: str
    processor: str
    load: float
    trafilatura: str
    called: str
    pages: int
    page_bytes: int
    quick: bool

    @classmethod
    def here(cls, *, called: str, pages: int, page_bytes: int, quick: bool) -> Machine:
        """This machine, now."""
        return cls(
            at=datetime.now(UTC).strftime("%Y-%m-%d"),
            python=platform.python_version(),
            processor=f"{platform.machine()}, {os.cpu_count()} cores",
            load=os.getloadavg()[0],
            trafilatura=version("trafilatura"),
            called=called,
            pages=pages,
            page_bytes=page_bytes,
            quick=quick,
        )

    def told(self, *, with_pages: bool) -> str:
        """A sentence about it."""
        where = f"{self.at}, Python {self.python}, {self.processor}, load {self.load:.1f} before it began"
        what = f"; trafilatura {self.trafilatura}; {self.called}: {self.pages}, {self.page_bytes / 1e6:.1f} MB"
        short = "\n\n**A quick run: too short to go by.**" if self.quick else ""
        busy = "\n\n**The machine had other work: go by processor time.**" if self.load > _BUSY else ""
        return f"{where}{what if with_pages else ''}.{short}{busy}\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one part of the benchmark found."""

    name: str
    machine: Machine
    results: tuple[Result, ...] = ()
    steps: tuple[Step, ...] = ()
    growth: tuple[Growth, ...] = ()


_FILE = TypeAdapter(Part)


def keep(part: Part, folder: Path) -> None:
    """Keep the figures of a part, in the place of earlier ones."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{part.name}.json").write_bytes(_FILE.dump_json(part, indent=1))


def write(folder: Path) -> str:
    """The whole page, of all parts whose figures are kept."""
    parts = {file.stem: _FILE.validate_json(file.read_bytes()) for file in sorted(folder.glob("*.json"))}
    text = [_HEAD]
    if "speed" in parts:
        speed = parts["speed"]
        text += ["\n## Speed\n\n", speed.machine.told(with_pages=True), _SPEED, *_speed(speed.results), "\n"]
        text += _ratios(speed.results)
    if "stages" in parts:
        stages = parts["stages"]
        text += [
            "\n## What costs most\n\n",
            stages.machine.told(with_pages=True),
            _STAGES,
            *_steps(stages.steps),
            _LEFT,
        ]
    grown = [parts[name] for name in _NAMES if name in parts]
    if grown:
        text += ["\n## A growing store\n\n", grown[0].machine.told(with_pages=False), *_growth(grown)]
    return "".join(text)


def _speed(results: Sequence[Result]) -> list[str]:
    first = results[0]
    rows = [
        "| | cores | pages/s | lowest to highest | of trafilatura alone | CPU, ms a page | by CPU | memory, MB |\n",
        "| --- | --: | --: | --: | --: | --: | --: | --: |\n",
    ]
    rows += [
        f"| {each.name} | {each.cores} | {each.rate:.1f} | {min(each.rates):.1f} to {max(each.rates):.1f} "
        f"| {each.rate / first.rate:.2f} | {each.cost:.1f} | {first.cost / each.cost:.2f} | {each.peak_mb:.0f} |\n"
        for each in results
    ]
    return rows


def _ratios(results: Sequence[Result]) -> list[str]:
    known = {each.name: each for each in results}
    rows = ["| ratio | by the clock | by processor time | aimed at |\n| --- | --: | --: | --: |\n"]
    for name, mine, theirs, aim in _TARGETS:
        if mine in known and theirs in known:
            one, other = known[mine], known[theirs]
            cpu = f"{other.cost / one.cost:.2f}" if one.cores == other.cores else ""
            rows.append(f"| {name} | {one.rate / other.rate:.2f} | {cpu} | {aim} |\n")
    missing = {theirs for _, _, theirs, _ in _TARGETS} - known.keys()
    return [*rows, *(f"\n{name} was not installed: `pip install '.[bench]'`.\n" for name in sorted(missing))]


def _steps(steps: Sequence[Step]) -> list[str]:
    whole = sum(step.ms for step in steps if step.part_of is None)
    rows = ["| stage | ms a page | share |\n| --- | --: | --: |\n"]
    for step in sorted((step for step in steps if step.part_of is None), key=lambda step: -step.ms):
        rows.append(f"| {step.name} | {step.ms:.2f} | {step.ms / whole:.0%} |\n")
        rows += [
            f"| – of it {part.name} | {part.ms:.2f} | {part.ms / whole:.0%} |\n"
            for part in sorted(steps, key=lambda part: -part.ms)
            if part.part_of == step.name
        ]
    return rows


def _growth(parts: Sequence[Part]) -> list[str]:
    rows = [_GROWTH]
    rows += [
        f"| {_NAMES[part.name]} | {size.articles:,} | {size.median_ms:.2f} | {size.mean_ms:.2f} | {size.p95_ms:.2f} "
        f"| {size.cpu_ms:.2f} | {size.linked} of {size.measured} | {size.peak_mb:.0f} |\n"
        for part in parts
        for size in part.growth
    ]
    rows.append("\n")
    for part in parts:
        few, many = part.growth[0], part.growth[-1]
        rows.append(
            f"{_NAMES[part.name]}: {many.mean_ms / few.mean_ms:.2f} times as long by the mean, "
            f"{many.median_ms / few.median_ms:.2f} by the median, {many.cpu_ms / few.cpu_ms:.2f} by processor time "
            f"(aimed at: at most {_MOST_GROWTH}).\n"
        )
    return rows
