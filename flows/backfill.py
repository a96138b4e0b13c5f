"""The flow that reads web archives: a task for each range, on the runner that the settings name.

It wires and decorates; the work is done by `ingest.backfill`. The store knows which ranges are done, so Prefect's own
retries and caches are not asked for, and a run that was killed is simply started again. It sends no event of an
agreement: nobody is to be alerted of the past.

A task's parameter is the number of a range. Settings are read where it runs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, cast

from prefect import State, flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.states import Completed
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

from flows.announce import leave_table
from flows.ingest import TaskMap
from ingest.backfill import Backfill, RangeRead, backfill, plan, read_range
from ingest.errors import ConfigurationError
from ingest.settings import Settings, load
from ingest.store import read
from ingest.workers import handed_down, how_many, local_cluster

__all__ = ["FLOW_NAME", "Job", "backfill_archives", "run_job"]

FLOW_NAME = "backfill"
_AHEAD = 3  # tasks for each worker that are submitted at a time

Runner = TaskRunner[PrefectFuture[Any]]


@task(
    name="read range",
    task_run_name="read range {range_id}",
    cache_policy=NO_CACHE,  # the store knows what is done
    persist_result=False,
)
def read_one(range_id: int) -> RangeRead:
    """Read one range of a web archive."""
    return read_range(range_id, load(), flow_run=str(runtime.flow_run.id or "") or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a flow is to do, beside its parameters.

    Attributes:
        planned: The archives.
        settings: As for `ingest.backfill.backfill`.
        tell: Called with what became of each range.
        tasks: Counts what is submitted.
        stopping: Whether to end early.
    """

    planned: Sequence[Backfill]
    settings: Settings
    tell: Callable[[RangeRead], None]
    tasks: TaskMap
    stopping: Callable[[], bool] = lambda: False


# Not in a closure: with each task that goes to another process, Prefect sends the function of its flow.
_JOB: ContextVar[Job] = ContextVar("job")


def flow_run_name() -> str:
    """Name a run after what it reads: `backfill cc-news`; called by Prefect within the run."""
    return f"backfill {', '.join(runtime.flow_run.parameters.get('sources', ()))}".strip()


def _read_archives(sources: list[str]) -> int:
    """Read archives; how many pages were in what was read."""
    job, pages = _JOB.get(), 0
    job.tasks.flow_run = str(runtime.flow_run.id)

    def count(done: RangeRead) -> None:
        nonlocal pages
        pages += done.pages
        job.tell(done)

    for each in job.planned:
        if each.source in sources:
            backfill(each, job.settings, map=_submit, tell=count, stopping=job.stopping)
    _leave(job.settings, sources)
    return pages


def _submit(ranges: Sequence[int], /) -> Iterator[RangeRead]:
    """Submit ranges as workers get free, a few ahead of them, so that a run that is stopped leaves few behind."""
    job, under_way = _JOB.get(), deque[PrefectFuture[RangeRead]]()
    ahead = _AHEAD * how_many(job.settings)
    for each in ranges:
        if job.stopping():
            break
        under_way.append(read_one.submit(each))
        job.tasks.submitted += 1
        if len(under_way) >= ahead:
            yield under_way.popleft().result()
    for future in under_way:
        yield future.result()


def run_job(job: Job) -> int:
    """Run the flow for archives, on the runner that the settings name; how many pages were in what was read."""
    made = flow(name=FLOW_NAME, flow_run_name=flow_run_name, task_runner=_runner(job.settings))(_read_archives)
    before = _JOB.set(job)
    try:
        with handed_down(job.settings):
            return made(sorted({each.source for each in job.planned}))
    finally:
        _JOB.reset(before)


@flow(name=FLOW_NAME, flow_run_name="backfill")
def backfill_archives(addresses: list[str], source: str | None = None, base: str | None = None) -> State[int]:
    """Read web archives into the store: the flow that a deployment runs.

    Args:
        addresses: Archives, folders of them, or lists, as the worker sees them.
        source: Name under which the store keeps them; None: one made from each address.
        base: What the lines of a list count from.

    Returns:
        How many pages were read, as the data of the final state.
    """
    settings = load()
    planned = plan(addresses, settings, source=source, base=base)
    # A flow of its own, because only now it is known on which runner.
    pages = run_job(Job(planned=planned, settings=settings, tell=_log, tasks=TaskMap()))
    return Completed(data=pages, message=f"{pages:,} pages were in what was read")


def _runner(settings: Settings) -> Runner:
    workers = how_many(settings)
    if settings.backfill_on == "threads":
        return cast("Runner", ThreadPoolTaskRunner(max_workers=workers))
    if settings.backfill_on == "processes":
        return cast("Runner", ProcessPoolTaskRunner(max_workers=workers))
    try:
        from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415 - an extra
    except ImportError:
        raise ConfigurationError(
            "backfill_on is dask, and Dask is not installed.", remedy="Install it: pip install 'ingest[dask]'."
        ) from None
    if settings.dask_scheduler:
        return cast("Runner", DaskTaskRunner(address=settings.dask_scheduler))
    return cast("Runner", DaskTaskRunner(cluster_kwargs=local_cluster(workers)))


def _leave(settings: Settings, sources: Sequence[str]) -> None:
    with read.connect(settings.database_url) as connection:
        found = [each for name in sources for each in read.backfills(connection, source=name)]
    rows = [
        f"| {each.source} | {each.done:,} | {each.failed:,} | {each.records:,} | {each.pages:,} |" for each in found
    ]
    head = ["| source | ranges done | failed | records | pages |", "| --- | ---: | ---: | ---: | ---: |"]
    leave_table("\n".join([*head, *rows]), key=FLOW_NAME, description="How far web archives were read")


def _log(done: RangeRead) -> None:
    if done.failure is not None:
        get_run_logger().warning("%s: %s", done.archive or "a range", done.failure)
