"""What reading web archives costs: records a second by executor, and memory over an archive of a gigabyte.

    read      records → pages only, over the whole archive: what reading itself costs, and whether memory grows
    pipeline  `ingest backfill` over the first part of it, on one and two processes and on Dask
    long      `ingest backfill` over the whole of it, memory noted as it goes

Figures go to docs/web-archives.json; docs/operators.md tells what follows from them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.documents import Page
from ingest.sources.warc import Stretch, WarcSource, packing_of
from tools.backfill.generate import generate

_OUT = Path("docs/web-archives.json")
_PART = 30_000_000
_RANGE = 3_000_000
_BYTES_A_PAGE = 29_000  # about: the looks need not be even
_LOOK = 2.0  # seconds between two looks at memory
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One figure.

    Attributes:
        what: Which part, and on what.
        records: Records read.
        pages: Pages among them.
        seconds: By the clock, start of the workers included.
        cpu_seconds: Of all processes.
        peak_mb: Largest sum of resident memory of all processes.
        memory_mb: The same as the work went on, at each tenth of it.
        load: Of the machine before it began.
    """

    what: str
    records: int
    pages: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    memory_mb: tuple[float, ...]
    load: float


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="make warc-bench")
    parser.add_argument("--only", choices=["read", "pipeline", "long"], action="append")
    parser.add_argument("--megabytes", type=int, default=1000, help="size of the archive")
    parser.add_argument("--keep", type=Path, help="folder of archives, made if missing; else a temporary one")
    given = parser.parse_args()
    wanted = given.only or ["read", "pipeline"]
    with tempfile.TemporaryDirectory(prefix="ingest-backfill-") as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        measured = list(_measure(wanted, folder, given.megabytes * 1_000_000, Path(temporary)))
    kept = json.loads(_OUT.read_text(encoding="utf-8")) if _OUT.exists() else {}
    kept |= {each.what: asdict(each) | {"python": platform.python_version()} for each in measured}
    _OUT.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _measure(wanted: Sequence[str], folder: Path, size: int, temporary: Path) -> Iterator[Measured]:
    whole, part = folder / f"whole-{size}.warc.gz", folder / f"part-{min(size, _PART)}.warc.gz"
    if {"read", "long"} & set(wanted):
        _made(whole, size)
    if "read" in wanted:
        yield _shown(_read(whole))
    if "pipeline" in wanted:
        _made(part, min(size, _PART))
        for on, workers in (("processes", 1), ("processes", 2), ("dask", 2)):
            yield _shown(_backfill(part, on, workers, temporary / f"{on}-{workers}"))
    if "long" in wanted:
        yield _shown(_backfill(whole, "processes", 2, temporary / "long", name="whole archive, "))


def _made(path: Path, size: int) -> None:
    if not path.exists():
        print(f"making {path.name} …", flush=True)  # noqa: T201 - a script that prints
        generate(path, size=size)


def _shown(measured: Measured) -> Measured:
    print(  # noqa: T201 - a script that prints
        f"{measured.what}: {measured.records:,} records, {measured.pages:,} pages, {measured.seconds:.1f} s, "
        f"{measured.records / measured.seconds:,.1f} records/s; {measured.cpu_seconds:.1f} s of CPU, "
        f"{1000 * measured.cpu_seconds / max(measured.pages, 1):.1f} ms a page; peak {measured.peak_mb:.0f} MB, "
        f"by tenths {[round(each) for each in measured.memory_mb]}; load {measured.load:.1f}",
        flush=True,
    )
    return measured


def _read(path: Path) -> Measured:
    """Read records in this process, and do nothing with the pages."""
    source = WarcSource(
        name="bench",
        address="bench",
        stretch=Stretch(archive="bench", address=str(path), packing=packing_of(str(path))),
    )
    load, began, before = os.getloadavg()[0], time.monotonic(), time.process_time()
    memory, pages, next_look, tenth = [], 0, 0, path.stat().st_size // 10
    size = 0
    for item in source:
        pages += isinstance(item, Page)
        size += _BYTES_A_PAGE
        if size >= next_look:
            memory.append(_resident(os.getpid()))
            next_look += tenth
    return Measured(
        what="read only",
        records=source.counts.records,
        pages=pages,
        seconds=time.monotonic() - began,
        cpu_seconds=time.process_time() - before,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        memory_mb=tuple(memory),
        load=load,
    )


def _backfill(path: Path, on: str, workers: int, folder: Path, *, name: str = "") -> Measured:
    """Run the command, and look at the memory of all its processes."""
    folder.mkdir()
    words = ["backfill", str(path.resolve()), "--on", on, "--workers", str(workers), "--json"]
    environment = {**os.environ, "INGEST_BACKFILL_RANGE_BYTES": str(_RANGE)}
    load, began, before = os.getloadavg()[0], time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "ingest", *words]
    with _started(command, folder, environment) as process:
        seen = []
        while process.poll() is None:
            seen.append(sum(map(_resident, _family(process.pid))))
            time.sleep(_LOOK)
        out, _ = process.communicate()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = json.loads(out)
    return Measured(
        what=f"{name}{on}, {workers}",
        records=said["records"],
        pages=said["pages"],
        seconds=time.monotonic() - began,
        cpu_seconds=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        peak_mb=max(seen),
        memory_mb=tuple(seen[len(seen) * tenth // 10] for tenth in range(10)),
        load=load,
    )


@contextmanager
def _started(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command, cwd=folder, env=dict(environment), stdout=subprocess.PIPE) as process:
        yield process


def _resident(pid: int) -> float:
    """Resident memory of a process in MB; none where it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE_BYTES / 1e6
    except (OSError, IndexError):
        return 0.0


def _family(pid: int) -> Iterator[int]:
    """A process and all that it started."""
    yield pid
    try:
        listed = [each.read_text(encoding="ascii") for each in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return
    for child in " ".join(listed).split():
        yield from _family(int(child))


if __name__ == "__main__":
    main()
