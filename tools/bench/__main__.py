"""Run the benchmark and write docs/benchmarks.md; `make bench`, `make bench ARGS=--quick`.

Its parts can be run one at a time (`--only`), as a quiet machine is to be had: each leaves its figures in a folder, and
the page is made of all that are there.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from tools.bench.databases import Databases, databases
from tools.bench.growth import Growth, fill, measure
from tools.bench.pages import pages
from tools.bench.race import race
from tools.bench.report import Machine, Part, keep, write
from tools.bench.stages import Step, profile

_PARTS = ("speed", "stages", "growth-sqlite", "growth-postgresql")
_SIZES = (10_000, 500_000)
_QUICK_SIZES = (2_000, 20_000)
_FEW = 24  # pages that warm up


def _options() -> argparse.Namespace:
    ask = argparse.ArgumentParser(prog="make bench", description=__doc__)
    ask.add_argument("--quick", action="store_true", help="few pages, few rounds, small stores: to see that it works")
    ask.add_argument("--pages", type=Path, nargs="+", help="folders of .html or .html.gz pages, not made-up ones")
    ask.add_argument("--called", help="what the pages of --pages are, for the page that is written")
    ask.add_argument("--number", type=int, help="how many pages (default 300; quick: 24)")
    ask.add_argument("--rounds", type=int, help="how many rounds count (default 5; quick: 2)")
    ask.add_argument("--only", choices=_PARTS, action="append", help="measure this part; may be given again")
    ask.add_argument("--figures", type=Path, default=Path("var/bench"), help="where figures of parts are kept")
    ask.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"))
    return ask.parse_args()


def _contents(given: Sequence[Path] | None, number: int) -> Iterable[bytes]:
    if given is None:
        yield from pages(number)
        return
    found = (file for folder in given for file in sorted(folder.rglob("*.htm*")) if file.is_file())
    for _, file in zip(range(number), found, strict=False):
        content = file.read_bytes()
        yield gzip.decompress(content) if file.suffix == ".gz" else content


def _lay_out(contents: Iterable[bytes], work: Path) -> tuple[int, int]:
    """Put the pages into a folder, and the first few into another; how many there are, and their bytes."""
    for name in ("pages", "few"):
        (work / name).mkdir()
    number = size = 0
    for number, content in enumerate(contents, 1):
        (work / "pages" / f"{number:05}.html").write_bytes(content)
        if number <= _FEW:
            (work / "few" / f"{number:05}.html").write_bytes(content)
        size += len(content)
    return number, size


def _grow(stores: Databases, kind: str, *, sizes: Sequence[int], measured: int) -> tuple[Growth, ...]:
    """Fill and measure in processes of their own, so that the memory of one is not taken for the other's."""
    core = sorted(os.sched_getaffinity(0))[:1]
    stores.pin(core)
    found = []
    for size in sizes:
        url = stores.fresh(kind)
        with get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            pool.apply(fill, (url, size, core))
            before = stores.cpu_seconds()
            grown = pool.apply(measure, (url, size, measured, core))
            server = 1000 * (stores.cpu_seconds() - before) / measured if kind == "postgresql" else 0.0
        found.append(replace(grown, cpu_ms=grown.cpu_ms + server))
        print(f"{kind}, {size:,} articles: {found[-1].median_ms:.2f} ms", file=sys.stderr)
    return tuple(found)


def _profile(folder: Path, passes: int) -> tuple[Step, ...]:
    core = sorted(os.sched_getaffinity(0))[:1]
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(profile, (str(folder), passes, core))


def main() -> None:
    """Measure, keep the figures, and write the page."""
    options = _options()
    quick: bool = options.quick
    rounds, number = options.rounds or (2 if quick else 5), options.number or (24 if quick else 300)
    sizes, measured = (_QUICK_SIZES, 60) if quick else (_SIZES, 400)
    with tempfile.TemporaryDirectory(prefix="ingest-bench-") as temporary:
        work = Path(temporary)
        count, size = _lay_out(_contents(options.pages, number), work)
        called = options.called or ("made-up pages" if options.pages is None else "real pages")
        with databases(work) as stores:
            for name in options.only or _PARTS:
                machine = Machine.here(called=called, pages=count, page_bytes=size, quick=quick)
                part = Part(name=name, machine=machine)
                if name == "speed":
                    part = Part(name=name, machine=machine, results=race(work, stores, rounds=rounds))
                elif name == "stages":
                    part = Part(name=name, machine=machine, steps=_profile(work / "pages", rounds))
                else:
                    kind = name.removeprefix("growth-")
                    part = Part(name=name, machine=machine, growth=_grow(stores, kind, sizes=sizes, measured=measured))
                keep(part, options.figures)
    text = write(options.figures)
    print(text)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
