"""Run the benchmark and write docs/benchmarks.md; `make bench`, `make bench ARGS=--quick`."""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import Process, get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

from tools.bench.databases import Databases, databases
from tools.bench.pages import pages
from tools.bench.racers import RACERS, Lap, Order, Racer, serve
from tools.bench.report import Machine, Result, write
from tools.bench.scaling import Scale, measure

_SIZES = (10_000, 500_000)
_QUICK_SIZES = (2_000, 20_000)


@dataclass(slots=True, kw_only=True)
class _Lane:
    """A racer, its process, and the laps that it has run."""

    racer: Racer
    cores: Sequence[int]
    process: Process | SpawnProcess
    wire: Connection
    laps: list[Lap]


def _options() -> argparse.Namespace:
    ask = argparse.ArgumentParser(prog="make bench", description=__doc__)
    ask.add_argument("--quick", action="store_true", help="few pages, few rounds, small stores: to see that it works")
    ask.add_argument("--pages", type=Path, help="a folder of .html or .html.gz pages to use instead of made-up ones")
    ask.add_argument("--number", type=int, help="how many pages (default 300; quick: 24)")
    ask.add_argument("--rounds", type=int, help="how many rounds count (default 5; quick: 2)")
    ask.add_argument("--only", choices=["speed", "scale"], help="measure one part only, and print it without writing")
    ask.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"))
    return ask.parse_args()


def _lay_out(given: Path | None, number: int, folder: Path) -> int:
    """Put the pages into a folder; how many bytes they are."""
    folder.mkdir()
    if given is None:
        for at, content in enumerate(pages(number)):
            (folder / f"{at:05}.html").write_bytes(content)
    else:
        found = [file for file in sorted(given.rglob("*.htm*")) if file.is_file()][:number]
        for at, file in enumerate(found):
            content = file.read_bytes()
            unpacked = gzip.decompress(content) if file.suffix == ".gz" else content
            (folder / f"{at:05}.html").write_bytes(unpacked)
    return sum(file.stat().st_size for file in folder.iterdir())


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
        lanes.append(_Lane(racer=racer, cores=mine, process=process, wire=here, laps=[]))
    return lanes


def _race(folder: Path, work: Path, stores: Databases, *, rounds: int) -> list[Result]:
    """One racer after the other, round after round, so that a slow moment of the machine hits all of them."""
    lanes = _lanes(sorted(os.sched_getaffinity(0)))
    for turn in range(rounds + 1):
        for lane in lanes:
            stores.pin(lane.cores)
            archive = work / "archive"
            shutil.rmtree(archive, ignore_errors=True)
            url = stores.fresh(lane.racer.store)
            lane.wire.send(Order(folder=str(folder), database_url=url, archive_url=str(archive)))
            lap: Lap = lane.wire.recv()
            print(f"round {turn}: {lane.racer.name}: {lap.pages / lap.seconds:.1f} pages/s", file=sys.stderr)
            if turn:  # the round before the first loads and warms everything
                lane.laps.append(lap)
    for lane in lanes:
        lane.wire.send(None)
        lane.process.join()
    return [
        Result(
            name=lane.racer.name,
            cores=lane.racer.cores,
            rates=tuple(lap.pages / lap.seconds for lap in lane.laps),
            rate=statistics.median(lap.pages / lap.seconds for lap in lane.laps),
            peak_mb=max(lap.peak_mb for lap in lane.laps),
        )
        for lane in lanes
    ]


def _scale(stores: Databases, *, sizes: Sequence[int], measured: int) -> dict[str, list[Scale]]:
    core = sorted(os.sched_getaffinity(0))[:1]
    stores.pin(core)
    whole = os.sched_getaffinity(0)
    os.sched_setaffinity(0, core)
    found: dict[str, list[Scale]] = {}
    for kind in ("sqlite", "postgresql"):
        for size in sizes:
            scale = measure(stores.fresh(kind), size, measured)
            found.setdefault(kind, []).append(scale)
            print(f"{kind}, {size:,} articles: {scale.median_ms:.2f} ms", file=sys.stderr)
    os.sched_setaffinity(0, whole)
    return found


def main() -> None:
    """Measure, print, and write."""
    options = _options()
    quick: bool = options.quick
    rounds, number = options.rounds or (2 if quick else 5), options.number or (24 if quick else 300)
    sizes = _QUICK_SIZES if quick else _SIZES
    with tempfile.TemporaryDirectory(prefix="ingest-bench-") as temporary:
        work = Path(temporary)
        size = _lay_out(options.pages, number, work / "pages")
        machine = Machine.here(made_up=options.pages is None, page_bytes=size, quick=quick)
        with databases(work) as stores:
            results = [] if options.only == "scale" else _race(work / "pages", work, stores, rounds=rounds)
            scales = {} if options.only == "speed" else _scale(stores, sizes=sizes, measured=60 if quick else 400)
    text = write(machine, results, scales)
    print(text)
    if options.only is None:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
