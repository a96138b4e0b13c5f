"""The flow that runs stages again over what is stored.

It wires and decorates; the work is done by `ingest.reprocess`. It sends no event of a detected agreement: nobody is to
be alerted of what was known before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from prefect import Flow, flow, get_run_logger, runtime
from prefect.artifacts import create_markdown_artifact
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.ingest import TaskMap
from ingest.documents import Stage
from ingest.reprocess import Map, Redone, Summary, reprocess
from ingest.settings import Settings, load
from ingest.store import open_store
from ingest.store.kept import Wanted

__all__ = ["FLOW_NAME", "flow_run_name", "reprocess_articles", "reprocess_flow", "summary"]

FLOW_NAME = "reprocess"


def flow_run_name() -> str:
    """Name a run after what it does again: `reprocess agreements`; called by Prefect within the run."""
    return f"reprocess {runtime.flow_run.parameters.get('stage', '')}".strip()


def summary(done: Summary) -> str:
    """The counts of a run as a Markdown table: what the artifact shows."""
    rows = [f"| {kind.value.replace('_', ' ')} | {count} |" for kind, count in done.changes]
    head = ["| articles | |", "| --- | ---: |", f"| done again | {done.articles} |", f"| changed | {done.changed} |"]
    return "\n".join([*head, *rows])


def reprocess_flow(settings: Settings, tell: Callable[[Redone, int], None], tasks: TaskMap) -> Flow[..., Summary]:
    """Make the flow for given settings, which stay out of its parameters; `tasks` counts what it submits."""

    @flow(
        name=FLOW_NAME,
        flow_run_name=flow_run_name,
        task_runner=cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=tasks.workers)),
    )
    def reprocess_articles(
        stage: str,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        article: str | None = None,
        from_start: bool = False,  # noqa: FBT001, FBT002 - a parameter of a deployment
    ) -> Summary:
        with open_store(settings.database_url, create=False) as store:
            done = reprocess(
                store,
                settings,
                Wanted(since=since, until=until, source=source, article=article),
                stage=Stage(stage),
                from_start=from_start,
                map=cast("Map", tasks),
                tell=tell,
                flow_run=str(runtime.flow_run.id),
            )
        try:
            create_markdown_artifact(summary(done), key=FLOW_NAME, description=f"What {stage} says now")
        except Exception as lost:  # noqa: BLE001 - whatever the server answers, our rows are committed
            get_run_logger().warning("Prefect did not take the summary: %s", lost)
        return done

    return reprocess_articles


@flow(name=FLOW_NAME, flow_run_name=flow_run_name)
def reprocess_articles(
    stage: str,
    since: str | None = None,
    until: str | None = None,
    source: str | None = None,
    article: str | None = None,
    from_start: bool = False,  # noqa: FBT001, FBT002 - a parameter of a deployment
) -> Summary:
    """Run a stage and the later ones again: the flow that a deployment runs.

    Args:
        stage: `extract`, `language`, `topics` or `agreements`.
        since: Only articles published, or first seen where undated, on or after that ISO date.
        until: Likewise, on or before it.
        source: Only of this source.
        article: Only this one, by its public id.
        from_start: Whether to begin anew although an earlier run for the same was stopped.

    Returns:
        Counts.
    """
    return reprocess_flow(load(), _silent, TaskMap()).fn(stage, since, until, source, article, from_start)


def _silent(redone: Redone, total: int) -> None:
    """Every change is in the store."""
