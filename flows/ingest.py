"""The flow that brings a folder in.

It wires and decorates; the work is done by `ingest.intake` and the pipeline. Pages go to Prefect's task runner in
batches, because a task costs some 50 ms of CPU over all processes, more than a page does. After the commits it tells
Prefect what happened, in one event for articles, one for agreements and one artifact: hints, since the rows in our
database are the truth.

Parameters are paths and the name of a source. Settings, which hold the database's password, are loaded inside, so that
no secret reaches Prefect's database, logs or pages.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any, cast

from prefect import Flow, flow, get_run_logger, runtime, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.events import emit_event
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.utilities.annotations import quote

from ingest import log
from ingest.collect import Visited, collect
from ingest.documents import Annotated, Dropped, Fate, Outcome, Page, Tally
from ingest.intake import add_up, take_in
from ingest.log import Event
from ingest.settings import Settings, load
from ingest.visit import standard_readers

__all__ = [
    "FLOW_NAME",
    "TaskMap",
    "flow_run_name",
    "folder_flow",
    "ingest_folder",
    "ingest_sources",
    "sources_flow",
    "summary",
]

FLOW_NAME = "ingest-folder"
SOURCES_FLOW_NAME = "ingest-sources"

_BATCH = 32  # pages: a second of work or more
_WORKERS = os.cpu_count() or 1
_STORED = (Fate.NEW, Fate.REVISED, Fate.COPY, Fate.NEAR_DUPLICATE)
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


def summary(tally: Tally) -> str:
    """The counts of a run as a Markdown table: what the artifact shows."""
    rows = [f"| {fate.value.replace('_', ' ')} | {count} |" for fate, count in tally.fates]
    return "\n".join(
        ["| documents | |", "| --- | ---: |", *rows, f"| **agreements newly detected** | {tally.new_agreements} |"]
    )


def _tell_prefect(tally: Tally, *, source: str, flow_run: str) -> None:
    """Tell Prefect what was committed; a hint that may get lost, and never a reason to fail."""
    resource = {"prefect.resource.id": f"ingest.run.{flow_run}", "prefect.resource.name": source}
    counts = {fate.value: count for fate, count in tally.fates}
    if any(tally.count(fate) for fate in _STORED):
        emit_event("ingest.article.stored", resource=resource, payload={"documents": counts})
    if tally.new_agreements:
        emit_event("ingest.agreement.detected", resource=resource, payload={"new": tally.new_agreements})
    try:
        create_markdown_artifact(summary(tally), key=FLOW_NAME, description=f"What became of {source}")
    except Exception as lost:  # noqa: BLE001 - whatever the server answers, our rows are committed
        get_run_logger().warning("Prefect did not take the summary: %s", lost)


def folder_flow(settings: Settings, tell: Callable[[Outcome], None], tasks: TaskMap) -> Flow[..., Tally]:
    """Make the flow for given settings, which stay out of its parameters; `tasks` counts what it submits."""

    @flow(
        name=FLOW_NAME,
        flow_run_name=flow_run_name,
        task_runner=cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=tasks.workers)),
    )
    def ingest_folder(paths: list[str], source: str | None = None) -> Tally:
        flow_run = str(runtime.flow_run.id)
        tally = take_in(paths, source=source, settings=settings, tell=tell, map=tasks, flow_run=flow_run)
        _tell_prefect(tally, source=source or runtime.flow_run.name.removeprefix("ingest "), flow_run=flow_run)
        return tally

    return ingest_folder


@flow(name=FLOW_NAME, flow_run_name=flow_run_name)
def ingest_folder(paths: list[str], source: str | None = None) -> Tally:
    """Take folders and files through the pipeline: the flow that a deployment runs.

    Args:
        paths: Folders and files, as the worker sees them.
        source: Name under which the store keeps them; None: each path's own.

    Returns:
        Counts by fate.
    """
    return folder_flow(load(), _log, TaskMap()).fn(paths, source)


@task(
    name="visit sources",
    task_run_name="visit sources, worker {number}",
    cache_policy=NO_CACHE,  # what is due changes with the clock
    persist_result=False,
)
def visit_sources(number: int, only: list[str]) -> Tally:  # noqa: ARG001 - shown in the run's name
    """Visit sources that are due, one after the other, until none is: one worker of several."""
    alone = load().model_copy(update={"visitors": 1})
    return collect(alone, standard_readers(), only=only, tell=_log, flow_run=str(runtime.flow_run.id))


@flow(name=SOURCES_FLOW_NAME)
def ingest_sources(only: list[str] | None = None) -> Tally:
    """Visit every source that is due, several at once: the flow that a deployment runs on a schedule.

    Workers share the store's claims, so it does no harm when two runs overlap, or run on two machines.

    Args:
        only: Names of the sources to visit, due or not; None: all that are due.

    Returns:
        Counts by fate.
    """
    workers = load().visitors if not only else min(load().visitors, len(only))
    futures = [visit_sources.submit(number + 1, list(only or ())[number::workers]) for number in range(workers)]
    tally = add_up(future.result() for future in futures)
    _tell_prefect(tally, source=", ".join(only or ["sources"]), flow_run=str(runtime.flow_run.id))
    return tally


def sources_flow(
    settings: Settings, tell: Callable[[Outcome], None], tell_visit: Callable[[Visited], None], tasks: TaskMap
) -> Flow[..., Tally]:
    """Make the flow for given settings, which stay out of its parameters, in the process that calls it."""

    @flow(name=SOURCES_FLOW_NAME)
    def visit_due() -> Tally:
        tasks.flow_run = str(runtime.flow_run.id)
        readers = standard_readers()
        tally = collect(settings, readers, tell=tell, tell_visit=tell_visit, flow_run=tasks.flow_run)
        _tell_prefect(tally, source="sources", flow_run=tasks.flow_run)
        return tally

    return visit_due


def _log(outcome: Outcome) -> None:
    """Log what needs a person's eye; `ingest why` tells the rest."""
    if outcome.dropped:
        said = log.line(
            Event.DOCUMENT_DROPPED,
            source=outcome.source,
            key=outcome.key,
            stage=outcome.dropped.stage.value,
            reason=outcome.dropped.reason.value,
            detail=outcome.dropped.detail,
        )
        get_run_logger().warning("%s", said)
