"""Who reads ranges of web archives: threads or processes of this machine, or a Dask cluster.

Each is a `backfill.Map`. Processes and Dask workers read the settings themselves, from the environment: arguments
travel, and are shown where a task fails. What workers of this machine are to know is put there while they live.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import import_module
from multiprocessing import connection, get_context, parent_process
from multiprocessing.synchronize import Event
from typing import Any

from ingest.backfill import Map, RangeRead, read_range
from ingest.errors import ConfigurationError
from ingest.mask import mask
from ingest.settings import Settings, load

__all__ = ["handed_down", "how_many", "local_cluster", "readers"]

Stopping = Callable[[], bool]

_PREFIX = "INGEST_"
_STOP: list[Event] = []  # of a process of a pool: whether it is to end early


def how_many(settings: Settings) -> int:
    """How many ranges are read at once."""
    return settings.backfill_workers or os.cpu_count() or 1


@contextmanager
def readers(settings: Settings, *, stopping: Stopping = lambda: False) -> Iterator[Map]:
    """Open what the settings name, until the end of the block.

    Args:
        settings: `backfill_on`, `backfill_workers` and `dask_scheduler`, and all that a worker needs.
        stopping: Whether workers are to end early, what they have in hand settled.

    Raises:
        ConfigurationError: Dask is not installed, or its scheduler does not answer.
    """
    workers = how_many(settings)
    with ExitStack() as stack:
        if settings.backfill_on == "dask":
            yield stack.enter_context(_dask(settings, workers, stopping))
        elif settings.backfill_on == "processes" and workers > 1:
            yield stack.enter_context(_processes(settings, workers, stopping))
        else:
            yield stack.enter_context(_threads(settings, workers, stopping))


@contextmanager
def handed_down(settings: Settings) -> Iterator[None]:
    """Put settings into the environment, which processes that are started inherit, until the end of the block."""
    given = {f"{_PREFIX}{name.upper()}": str(value) for name, value in settings if str(value)}
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _threads(settings: Settings, workers: int, stopping: Stopping) -> Iterator[Map]:
    read = partial(read_range, settings=settings, stopping=stopping)
    with ThreadPoolExecutor(workers, thread_name_prefix="backfill") as pool:

        def call(ranges: Sequence[int], /) -> Iterable[RangeRead]:
            return _results([pool.submit(_unless, stopping, read, each) for each in ranges])

        yield call


def _unless(stopping: Stopping, read: Callable[[int], RangeRead], range_id: int) -> RangeRead:
    return RangeRead(range_id=range_id) if stopping() else read(range_id)


@contextmanager
def _processes(settings: Settings, workers: int, stopping: Stopping) -> Iterator[Map]:
    spawn = get_context("spawn")  # a copy of this process would hold its connections and threads
    stop = spawn.Event()

    def call(ranges: Sequence[int], /) -> Iterable[RangeRead]:
        # A pool whose process was killed takes no more work: each call has one of its own.
        with ProcessPoolExecutor(workers, mp_context=spawn, initializer=_begin, initargs=(stop,)) as pool:
            try:
                futures = [pool.submit(_read_here, each) for each in ranges]
                for done in _results(futures):
                    yield done
                    if stopping():
                        stop.set()
            except BaseException:
                stop.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    with handed_down(settings), _passed_on(stopping, stop):
        yield call


@contextmanager
def _passed_on(stopping: Stopping, stop: Event) -> Iterator[None]:
    """Tell processes to stop when this one is told."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.2):
            if stopping():
                stop.set()

    watcher = threading.Thread(target=watch, name="backfill-stop", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _begin(stop: Event) -> None:
    """Begin a process of a pool: it ends with the one that began it, and leaves Ctrl-C to that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _STOP[:] = [stop]
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), name="backfill-parent", daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _read_here(range_id: int) -> RangeRead:
    """Read a range in a process that knows its settings by the environment."""
    stopping: Stopping = _STOP[0].is_set if _STOP else lambda: False
    return _unless(stopping, partial(read_range, settings=load(), stopping=stopping), range_id)


def _results(futures: Sequence[Future[RangeRead]]) -> Iterator[RangeRead]:
    try:
        for future in as_completed(futures):
            yield future.result()
    finally:
        for future in futures:
            future.cancel()


@contextmanager
def _dask(settings: Settings, workers: int, stopping: Stopping) -> Iterator[Map]:
    with handed_down(settings), _client(settings, workers) as (distributed, client):

        def call(ranges: Sequence[int], /) -> Iterable[RangeRead]:
            futures = client.map(_read_here, list(ranges), pure=False, key="read-range")
            for future in distributed.as_completed(futures):
                failure = future.exception()
                yield future.result() if failure is None else _failed(failure)
                if stopping():
                    client.cancel(futures)
                    return

        yield call


def _failed(failure: BaseException) -> RangeRead:
    return RangeRead(range_id=0, failure=mask(f"{type(failure).__name__}: {failure}")[:500])


@contextmanager
def _client(settings: Settings, workers: int) -> Iterator[tuple[Any, Any]]:
    """The package, which publishes types of little use, and a client of a cluster."""
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise ConfigurationError(
            "backfill_on is dask, and Dask is not installed.", remedy="Install it: pip install 'ingest[dask]'."
        ) from None
    with ExitStack() as stack:
        address = settings.dask_scheduler or stack.enter_context(distributed.LocalCluster(**local_cluster(workers)))
        try:
            client = stack.enter_context(distributed.Client(address, timeout=10))
        except (OSError, ValueError) as refused:
            raise ConfigurationError(
                f"The Dask scheduler {settings.dask_scheduler} does not answer: {refused}.",
                remedy="Check dask_scheduler, or leave it empty for a cluster of this machine's own.",
            ) from None
        yield distributed, client


def local_cluster(workers: int) -> dict[str, str | int | None]:
    """A Dask cluster of this machine's own, on the loopback interface alone."""
    return {
        "n_workers": workers,
        "threads_per_worker": 1,
        "host": "127.0.0.1",
        "dashboard_address": None,
        "silence_logs": logging.CRITICAL,
    }
