"""All racers on the same pages, one after the other, round after round."""

from __future__ import annotations

import importlib.util
import os
import shutil
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

from tools.bench.databases import Databases
from tools.bench.racers import RACERS, Lap, Order, Racer, serve

__all__ = ["Result", "race"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one racer did.

    Attributes:
        name: Its name.
        cores: How many it was pinned to.
        rates: Pages a second by the clock, round by round.
        cpu_ms: Milliseconds of processor time a page, the database's server included, round by round.
        peak_mb: Largest memory of its processes, the server's left out.
    """

    name: str
    cores: int
    rates: tuple[float, ...]
    cpu_ms: tuple[float, ...]
    peak_mb: float

    @property
    def rate(self) -> float:
        """Median of the rates."""
        return statistics.median(self.rates)

    @property
    def cost(self) -> float:
        """Median of the processor times."""
        return statistics.median(self.cpu_ms)


@dataclass(slots=True, kw_only=True)
class _Lane:
    """A racer, its process, and what its laps came to."""

    racer: Racer
    cores: Sequence[int]
    process: SpawnProcess
    wire: Connection
    laps: list[Lap]
    server_seconds: list[float]

    def run(self, folder: Path, work: Path, stores: Databases) -> Lap:
        stores.pin(self.cores)
        archive = work / "archive"
        shutil.rmtree(archive, ignore_errors=True)
        url = stores.fresh(self.racer.store)
        before = stores.cpu_seconds()
        self.wire.send(Order(folder=str(folder), database_url=url, archive_url=str(archive)))
        lap: Lap = self.wire.recv()
        self.laps.append(lap)
        self.server_seconds.append(stores.cpu_seconds() - before if self.racer.store == "postgresql" else 0.0)
        return lap

    def result(self) -> Result:
        counted = list(zip(self.laps, self.server_seconds, strict=True))[1:]  # the first loads and warms everything
        return Result(
            name=self.racer.name,
            cores=self.racer.cores,
            rates=tuple(lap.pages / lap.seconds for lap, _ in counted),
            cpu_ms=tuple(1000 * (lap.cpu_seconds + server) / lap.pages for lap, server in counted),
            peak_mb=max(lap.peak_mb for lap, _ in counted),
        )


def race(work: Path, stores: Databases, *, rounds: int) -> tuple[Result, ...]:
    """Let all racers take turns, so that a slow moment of the machine hits all of them.

    Args:
        work: Holds the folders `pages` and `few`, the pages to warm up with.
        stores: Where stores are made.
        rounds: How many count.
    """
    lanes = _lanes(sorted(os.sched_getaffinity(0)))
    try:
        for turn in range(rounds + 1):
            for lane in lanes:
                if turn > lane.racer.rounds:
                    continue
                lap = lane.run(work / ("pages" if turn else "few"), work, stores)
                cpu_ms = 1000 * lap.cpu_seconds / lap.pages
                said = f"{lap.pages / lap.seconds:.1f} pages/s, {cpu_ms:.1f} ms of CPU a page"
                print(f"round {turn}: {lane.racer.name}: {said}", file=sys.stderr)
    finally:
        for lane in lanes:
            lane.wire.send(None)
            lane.process.join(10)
            lane.process.kill()
    return tuple(lane.result() for lane in lanes)


def _lanes(cores: Sequence[int]) -> list[_Lane]:
    spawn = get_context("spawn")
    lanes = []
    for racer in RACERS:
        if racer.cores > len(cores) or importlib.util.find_spec(racer.needs) is None:
            print(f"{racer.name}: left out", file=sys.stderr)
            continue
        here, there = spawn.Pipe()
        mine = cores[: racer.cores]
        process = spawn.Process(target=serve, args=(racer, mine, there))
        process.start()
        lanes.append(_Lane(racer=racer, cores=mine, process=process, wire=here, laps=[], server_seconds=[]))
    return lanes
