"""The flows that bring articles in: paths that were named, files that arrived in a folder, sources that are due.

They wire and decorate; the work is done by `ingest.intake`, `ingest.collect` and the pipeline. Pages go to Prefect's
task runner in batches, because a task costs some 50 ms of CPU over all processes, more than a page does. After the
commits they tell Prefect what happened, by events and an artifact (`flows.announce`).

How a run ends: `Completed`, with the counts as its message, when every document is settled, also where some were
dropped, since each has its reason in the store; `Failed`, with the reason, when the run itself could not go on.

Parameters are paths and names of sources. Settings, which hold the database's password, are loaded inside, so that
no secret reaches Prefect's database, logs or pages.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any, TypeVar, cast

from prefect import Flow, State, flow, get_run_logger, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.states import Completed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.utilities.annotations import quote

from flows.announce import Announcer, leave_table, said, summary
from ingest import log
from ingest.collect import Visited, collect
from ingest.documents import Annotated, Dropped, Outcome, Page, Tally
from ingest.intake import add_up, take_arrivals, take_in
from ingest.log import Event
from ingest.settings import Settings, load
from ingest.visit import standard_readers

__all__ = [
    "FLOW_NAME",
    "TaskMap",
    "flow_run_name",
    "folder_flow",
    "ingest_arrivals",
    "ingest_folder",
    "ingest_sources",
    "sources_flow",
]

FLOW_NAME = "ingest-folder"
ARRIVALS_FLOW_NAME = "ingest-arrivals"
SOURCES_FLOW_NAME = "ingest-sources"

T = TypeVar("T")

_BATCH = 32  # pages: a second of work or more
_WORKERS = os.cpu_count() or 1
_SHOWN_PATHS = 3


def flow_run_name() -> str:
    """Name a run after what it takes in: `ingest seeds`; called by Prefect within the run."""
    names = [Path(path).resolve().name or path for path in runtime.flow_run.parameters.get("paths", ())]
    more = f" and {len(names) - _SHOWN_PATHS} more" if len(names) > _SHOWN_PATHS else ""
    return f"ingest {', '.join(names[:_SHOWN_PATHS])}{more}"


@task(
    name="annotate",
    task_run_name="annotate {count} documents",
    cache_policy=NO_CACHE,  # the store knows what was done already; a cache would hash every page first
    persist_result=False,
)
def annotate_batch(
    function: Callable[[Page], Annotated | Dropped],
    pages: Sequence[Page],
    count: int,  # noqa: ARG001 - shown in the run's name
) -> list[Annotated | Dropped]:
    """Apply the pure stages to one batch of pages."""
    return [function(page) for page in pages]


@dataclass(slots=True)
class TaskMap:
    """A `pipeline.Map` that gives batches of pages to the task runner of the flow in which it is called.

    Attributes:
        workers: Tasks that run at a time; a window of pages is spread over them once it is large enough.
        submitted: Tasks submitted so far.
        flow_run: Id of the run that they belong to, once there is one.
    """

    workers: int = _WORKERS
    submitted: int = 0
    flow_run: str = ""

    def __call__(
        self, function: Callable[[Page], Annotated | Dropped], pages: Iterable[Page], /
    ) -> Iterator[Annotated | Dropped]:
        """Apply `function` to each page; results come in the order of the pages."""
        futures: list[PrefectFuture[list[Annotated | Dropped]]] = []
        self.flow_run = str(runtime.flow_run.id)
        for batch in batches(list(pages), workers=self.workers):
            # Quoted, or Prefect would look for futures in every field of every page.
            quoted = cast("Sequence[Page]", quote(batch))
            futures.append(annotate_batch.submit(function, quoted, len(batch)))
            self.submitted += 1
        return (result for future in futures for result in future.result())


def batches(pages: Sequence[Page], *, workers: int) -> list[Sequence[Page]]:
    """Cut a window of pages into batches: one while it is small, else as even as the workers can share."""
    size = max(_BATCH, ceil(len(pages) / workers))
    return [pages[start : start + size] for start in range(0, len(pages), size)]


def folder_flow(settings: Settings, tell: Callable[[Outcome], None], tasks: TaskMap) -> Flow[..., Tally]:
    """Make the flow for given settings, which stay out of its parameters; `tasks` counts what it submits."""

    @flow(name=FLOW_NAME, flow_run_name=flow_run_name, task_runner=_threads(tasks))
    def take_folder(paths: list[str], source: str | None = None) -> Tally:
        return _take(
            lambda told, run: take_in(paths, source=source, settings=settings, tell=told, map=tasks, flow_run=run),
            settings=settings,
            tell=tell,
            what=source or runtime.flow_run.name.removeprefix("ingest "),
        )

    return take_folder


@flow(name=FLOW_NAME, flow_run_name=flow_run_name)
def ingest_folder(paths: list[str], source: str | None = None) -> State[Tally]:
    """Take folders and files through the pipeline: the flow that a deployment runs.

    Args:
        paths: Folders and files, as the worker sees them.
        source: Name under which the store keeps them; None: each path's own.

    Returns:
        Counts by fate, as the data of the final state.
    """
    return _completed(folder_flow(load(), _log, TaskMap()).fn(paths, source))


def arrivals_run_name() -> str:
    """Name a run after what it takes in: `ingest 3 files of desk`; called by Prefect within the run."""
    parameters = runtime.flow_run.parameters
    paths, source = parameters.get("paths") or (), parameters.get("source", "")
    many = "all" if not paths else "1 file" if len(paths) == 1 else f"{len(paths)} files"
    return f"ingest {many} of {source}"


@flow(name=ARRIVALS_FLOW_NAME, flow_run_name=arrivals_run_name)
def ingest_arrivals(source: str, paths: list[str] | None = None) -> State[Tally]:
    """Take files that arrived in a folder through the pipeline: what the event `ingest.folder.changed` starts.

    Args:
        source: Name of the source that stands for the folder; the store has its address.
        paths: The files, relative to the folder; None or empty: all that it holds.

    Returns:
        Counts by fate, as the data of the final state.
    """
    settings, tasks = load(), TaskMap()
    tally = _take(
        lambda told, run: take_arrivals(source, paths or (), settings=settings, tell=told, map=tasks, flow_run=run),
        settings=settings,
        tell=_log,
        what=source,
    )
    return _completed(tally)


@task(
    name="visit sources",
    task_run_name="visit sources, worker {number}",
    cache_policy=NO_CACHE,  # what is due changes with the clock
    persist_result=False,
)
def visit_sources(number: int, only: list[str]) -> Tally:  # noqa: ARG001 - shown in the run's name
    """Visit sources that are due, one after the other, until none is: one worker of several."""
    settings, flow_run = load(), str(runtime.flow_run.id)
    alone = settings.model_copy(update={"visitors": 1})
    with Announcer(settings.database_url, flow_run).until_done() as prefect:
        return collect(
            alone,
            standard_readers(),
            only=only,
            tell=_both(_log, prefect.tell),
            tell_visit=prefect.tell_visit,
            flow_run=flow_run,
        )


@flow(name=SOURCES_FLOW_NAME, flow_run_name="visit sources that are due")
def ingest_sources(only: list[str] | None = None) -> State[Tally]:
    """Visit every source that is due, several at once: the flow that a deployment runs on a schedule.

    Workers share the store's claims, so it does no harm when two runs overlap, or run on two machines.

    Args:
        only: Names of the sources to visit, due or not; None: all that are due.

    Returns:
        Counts by fate, as the data of the final state.
    """
    workers = load().visitors if not only else min(load().visitors, len(only))
    futures = [visit_sources.submit(number + 1, list(only or ())[number::workers]) for number in range(workers)]
    tally = add_up(future.result() for future in futures)
    _leave(tally, what=", ".join(only or ["sources that are due"]))
    return _completed(tally)


def sources_flow(
    settings: Settings, tell: Callable[[Outcome], None], tell_visit: Callable[[Visited], None], tasks: TaskMap
) -> Flow[..., Tally]:
    """Make the flow for given settings, which stay out of its parameters, in the process that calls it."""

    @flow(name=SOURCES_FLOW_NAME, flow_run_name="visit sources that are due")
    def visit_due() -> Tally:
        tasks.flow_run = str(runtime.flow_run.id)
        with Announcer(settings.database_url, tasks.flow_run).until_done() as prefect:
            tally = collect(
                settings,
                standard_readers(),
                tell=_both(tell, prefect.tell),
                tell_visit=_both(tell_visit, prefect.tell_visit),
                flow_run=tasks.flow_run,
            )
        _leave(tally, what="sources that are due")
        return tally

    return visit_due


def _take(
    work: Callable[[Callable[[Outcome], None], str], Tally],
    *,
    settings: Settings,
    tell: Callable[[Outcome], None],
    what: str,
) -> Tally:
    """Take documents in within a flow run, and tell Prefect of them."""
    flow_run = str(runtime.flow_run.id)
    with Announcer(settings.database_url, flow_run).until_done() as prefect:
        tally = work(_both(tell, prefect.tell), flow_run)
    _leave(tally, what=what)
    return tally


def _leave(tally: Tally, *, what: str) -> None:
    if tally.documents:
        leave_table(summary(tally), key=FLOW_NAME, description=f"What became of {what}")


def _completed(tally: Tally) -> State[Tally]:
    """The final state of a run that came to its end: what was dropped has its reason in the store."""
    return Completed(data=tally, message=said(tally))


def _threads(tasks: TaskMap) -> TaskRunner[PrefectFuture[Any]]:
    return cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=tasks.workers))


def _both(first: Callable[[T], None], second: Callable[[T], None]) -> Callable[[T], None]:
    def call(what: T) -> None:
        first(what)
        second(what)

    return call


def _log(outcome: Outcome) -> None:
    """Log what needs a person's eye; `ingest why` tells the rest."""
    if outcome.dropped:
        line = log.line(
            Event.DOCUMENT_DROPPED,
            source=outcome.source,
            key=outcome.key,
            stage=outcome.dropped.stage.value,
            reason=outcome.dropped.reason.value,
            detail=outcome.dropped.detail,
        )
        get_run_logger().warning("%s", line)
