"""What is measured against each other. Each runs in a process of its own, pinned, and takes one round at a time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tools.bench.cost import cpu_seconds, peak_mb

__all__ = ["RACERS", "Lap", "Order", "Racer", "serve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A round: where the pages are, and a fresh store and archive for those that need them."""

    folder: str
    database_url: str
    archive_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lap:
    """What a round took, and the largest memory until then: of the process and of those that it started.

    Attributes:
        pages: Read.
        seconds: By the clock.
        cpu_seconds: Of processors; a database's server is not in it.
        peak_mb: Megabytes.
    """

    pages: int
    seconds: float
    cpu_seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Racer:
    """Something to be measured.

    Attributes:
        name: As the table calls it.
        store: `sqlite`, `postgresql`, or empty.
        cores: How many it is pinned to.
        needs: Module without which it is left out.
        rounds: In how many it takes part, at most.
        prepare: Loads what it needs and gives the function of one round, which returns how many pages it read.
    """

    name: str
    prepare: Callable[[], Callable[[Order], Callable[[], int]]]
    store: str = ""
    cores: int = 1
    needs: str = "trafilatura"
    rounds: int = 100


def _contents(folder: str) -> list[bytes]:
    return [file.read_bytes() for file in sorted(Path(folder).iterdir())]


def _reading(read: Callable[[bytes], object]) -> Callable[[Order], Callable[[], int]]:
    def ready(order: Order) -> Callable[[], int]:
        held = _contents(order.folder)

        def lap() -> int:
            for content in held:
                read(content)
            return len(held)

        return lap

    return ready


def _trafilatura() -> Callable[[Order], Callable[[], int]]:
    from ingest.evaluate import baseline  # noqa: PLC0415 - each process loads only what it measures

    return _reading(baseline.read)


def _extraction() -> Callable[[Order], Callable[[], int]]:
    from ingest.documents import MediaType, Page  # noqa: PLC0415 - likewise
    from ingest.extract import extract  # noqa: PLC0415 - likewise

    return _reading(
        lambda content: extract(Page(source="bench", key="page", content=content, media_type=MediaType.HTML))
    )


def _news_please() -> Callable[[Order], Callable[[], int]]:
    from newsplease import NewsPlease  # type: ignore[import-not-found, import-untyped, unused-ignore]  # noqa: PLC0415 - likewise

    def read(content: bytes) -> object:
        source = content.decode("utf-8", "replace")
        try:
            return NewsPlease.from_html(source, url="https://quay.example/s/1", fetch_images=False)
        except Exception:  # noqa: BLE001 - it fails on some pages; that costs it nothing here
            return None

    return _reading(read)


def _pipeline(processes: int) -> Callable[[Order], Callable[[], int]]:
    from ingest import pipeline  # noqa: PLC0415 - likewise
    from ingest.settings import Settings  # noqa: PLC0415 - likewise
    from ingest.sources import open_source  # noqa: PLC0415 - likewise
    from ingest.store import open_store  # noqa: PLC0415 - likewise

    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn")) if processes > 1 else None

    def spread(function: Callable[[Any], Any], pages: Iterable[Any], /) -> Iterable[Any]:
        if pool is None:
            return map(function, pages)
        listed: Sequence[Any] = list(pages)
        return pool.map(function, listed, chunksize=2)

    def ready(order: Order) -> Callable[[], int]:
        settings = Settings(database_url=order.database_url, archive_url=order.archive_url)
        store = open_store(order.database_url)
        found = open_source(Path(order.folder), base=Path(order.folder).parent)

        def lap() -> int:
            with store:
                return pipeline.run(found, store, settings, map=spread).documents

        return lap

    return ready


def _pipeline_alone() -> Callable[[Order], Callable[[], int]]:
    return _pipeline(1)


def _pipeline_on_two() -> Callable[[Order], Callable[[], int]]:
    return _pipeline(2)


RACERS = (
    Racer(name="trafilatura alone", prepare=_trafilatura),
    Racer(name="extraction", prepare=_extraction),
    Racer(name="whole pipeline, SQLite", prepare=_pipeline_alone, store="sqlite"),
    Racer(name="whole pipeline, PostgreSQL", prepare=_pipeline_alone, store="postgresql"),
    Racer(name="whole pipeline, SQLite, two cores", prepare=_pipeline_on_two, store="sqlite", cores=2),
    Racer(name="whole pipeline, PostgreSQL, two cores", prepare=_pipeline_on_two, store="postgresql", cores=2),
    Racer(name="news-please", prepare=_news_please, needs="newsplease", rounds=1),
)


def serve(racer: Racer, cores: Sequence[int], wire: Connection) -> None:
    """Take orders until there are none: the first, which loads and warms everything, as any other.

    Args:
        racer: What to run.
        cores: Where it may run.
        wire: Orders come in, laps go out; None ends it.
    """
    os.sched_setaffinity(0, cores)
    ready = racer.prepare()
    while (order := wire.recv()) is not None:
        lap = ready(order)
        begun, spent = time.perf_counter(), cpu_seconds(os.getpid())
        read = lap()
        seconds, cpu = time.perf_counter() - begun, cpu_seconds(os.getpid()) - spent
        wire.send(Lap(pages=read, seconds=seconds, cpu_seconds=cpu, peak_mb=peak_mb(os.getpid())))
    for child in active_children():  # a pool's workers, whom the end of this process would wait for
        child.terminate()
