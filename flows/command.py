"""What `ingest run --flow` calls: the flow in this process, through Prefect's API, with a quiet terminal.

Where `PREFECT_API_URL` is set, in the environment or in Prefect's active profile, the flow reports there. Otherwise a
server of its own lives as long as the run, its database and log in `PREFECT_HOME`, or `var/prefect` beside our own data
where that is not set: never in `~/.prefect`, whose database may be of another Prefect.

Prefect is imported after that server was started, so that the two seconds that it takes are not added to the server's.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from flows.temporary_server import LOG_NAME, ServerFailedError, TemporaryServer, temporary_server
from ingest.documents import Outcome, Tally
from ingest.errors import FlowServerError
from ingest.mask import mask
from ingest.settings import Settings

__all__ = ["api_is_set", "run_backfill", "run_folder", "run_reprocess", "run_sources"]

if TYPE_CHECKING:
    from flows.ingest import TaskMap
    from ingest.backfill import Backfill, RangeRead
    from ingest.collect import Visited
    from ingest.reprocess import Redone, Summary
    from ingest.store.kept import Wanted

T = TypeVar("T")

_HOME = Path("var/prefect")
_REMEDY = (
    "Set PREFECT_HOME to a folder that can be written, or PREFECT_API_URL to a server that runs; or leave --flow out: "
    "the rows are the same."
)
_LOGGING = Path(__file__).with_name("logging.yml")


def run_folder(
    paths: Sequence[str], *, source: str | None, settings: Settings, tell: Callable[[Outcome], None]
) -> Tally:
    """Run the flow over folders and files, and return when it is done.

    Args:
        paths: Folders and files.
        source: Name under which the store keeps them; None: each path's own.
        settings: As for `pipeline.run`; they stay in this process.
        tell: Called with what became of each document.

    Returns:
        Counts by fate.

    Raises:
        IngestError: Whatever the pipeline raises, and `FlowServerError` where Prefect's API cannot be started or does
            not answer.
    """

    def call(tasks: TaskMap) -> Tally:
        from flows.ingest import folder_flow  # noqa: PLC0415 - Prefect is loaded only where it is asked for

        return folder_flow(settings, tell, tasks)(list(paths), source)

    return _with_api(call)


def run_sources(*, settings: Settings, tell: Callable[[Outcome], None], tell_visit: Callable[[Visited], None]) -> Tally:
    """Run the flow that visits the sources which are due, and return when none is.

    Args:
        settings: As for `collect`; they stay in this process.
        tell: Called with what became of each document.
        tell_visit: Called after each visit.

    Returns:
        Counts by fate.

    Raises:
        IngestError: As `run_folder`.
    """

    def call(tasks: TaskMap) -> Tally:
        from flows.ingest import sources_flow  # noqa: PLC0415 - Prefect is loaded only where it is asked for

        return sources_flow(settings, tell, tell_visit, tasks)()

    return _with_api(call)


def run_reprocess(
    wanted: Wanted,
    *,
    stage: str,
    from_start: bool,
    settings: Settings,
    tell: Callable[[Redone, int], None],
) -> Summary:
    """Run the flow that runs stages again, and return when it is done.

    Args:
        wanted: Which articles.
        stage: The first stage.
        from_start: Whether to begin anew although an earlier run for the same was stopped.
        settings: As for `reprocess.reprocess`; they stay in this process.
        tell: Called with each article.

    Raises:
        IngestError: As `run_folder`.
    """

    def call(tasks: TaskMap) -> Summary:
        from flows.reprocess import reprocess_flow  # noqa: PLC0415 - Prefect is loaded only where it is asked for

        given = (stage, wanted.since, wanted.until, wanted.source, wanted.article, from_start)
        return reprocess_flow(settings, tell, tasks)(*given)

    return _with_api(call)


def run_backfill(
    planned: Sequence[Backfill],
    *,
    settings: Settings,
    tell: Callable[[RangeRead], None],
    stopping: Callable[[], bool],
) -> int:
    """Run the flow that reads web archives, and return how many pages were read.

    Args:
        planned: What `backfill.plan` gave.
        settings: As for `backfill.backfill`; they stay in this process and those that it starts.
        tell: Called with what became of each range.
        stopping: Whether to end early.

    Raises:
        IngestError: As `run_folder`.
    """

    def call(tasks: TaskMap) -> int:
        from flows.backfill import Job, run_job  # noqa: PLC0415 - Prefect is loaded only where it is asked for

        return run_job(Job(planned=planned, settings=settings, tell=tell, tasks=tasks, stopping=stopping))

    return _with_api(call)


def _with_api(call: Callable[[TaskMap], T]) -> T:
    """Call a flow where there is an API: the one that is set, else that of a temporary server."""
    if api_is_set(os.environ):
        home = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
        with _quiet(home):
            return _run(call)
    home = Path(os.environ.get("PREFECT_HOME", _HOME)).expanduser().resolve()
    try:
        with _quiet(home, PREFECT_LOGGING_TO_API_ENABLED="false"), temporary_server(home) as server:
            import flows.ingest  # noqa: F401, PLC0415 - loads Prefect and the pipeline while the server starts

            server.wait_until_ready()
            return _run(call, server=server)
    except ServerFailedError as failure:
        raise FlowServerError(str(failure), remedy=_REMEDY) from None


def api_is_set(environment: Mapping[str, str]) -> bool:
    """Whether an API is named, in the environment or in the active profile of Prefect's home."""
    if "PREFECT_API_URL" in environment:
        return bool(environment["PREFECT_API_URL"])
    profiles = Path(environment.get("PREFECT_HOME", "~/.prefect")).expanduser() / "profiles.toml"
    try:
        content = tomllib.loads(profiles.read_text(encoding="utf-8"))
        active = environment.get("PREFECT_PROFILE", content.get("active", ""))
        return bool(content.get("profiles", {}).get(active, {}).get("PREFECT_API_URL"))
    except (OSError, ValueError, AttributeError):  # there is none, or Prefect will say what is wrong with it
        return False


def _run(call: Callable[[TaskMap], T], *, server: TemporaryServer | None = None) -> T:
    """Run a flow against the server given, else against the one that Prefect's settings name."""
    from prefect.settings import temporary_settings  # noqa: PLC0415 - Prefect is loaded only where it is asked for

    from flows import ingest  # noqa: PLC0415 - likewise

    # A heartbeat thread costs up to a second at the end of each run, and only this turns it off.
    updates: dict[str, Any] = {"flows.heartbeat_frequency": None}
    if server is not None:
        updates |= {"api.url": server.api_url, "api.auth_string": server.auth_string}
    tasks = ingest.TaskMap()
    with temporary_settings(updates):
        _check_api()
        try:
            return call(tasks)
        finally:
            _flush()
            if server is not None:
                server.settle(flow_run=tasks.flow_run, tasks=tasks.submitted)


def _check_api() -> None:
    """Ask the API for a sign of life: a flow would say the same in pages of traceback."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - Prefect is loaded only where it is asked for

    with get_client(sync_client=True) as client:
        if client.api_healthcheck() is not None:
            raise FlowServerError(
                f"Prefect's API at {mask(str(client.api_url))} does not answer.",
                remedy="Start it with 'prefect server start', correct or unset PREFECT_API_URL, or leave --flow out: "
                "the rows are the same.",
            )


def _flush() -> None:
    """Send the events that wait in this process, while there is still somebody to receive them."""
    from prefect.events.worker import EventsWorker  # noqa: PLC0415 - Prefect is loaded only where it is asked for

    EventsWorker.drain_all(timeout=5, at_exit=False)


@contextmanager
def _quiet(home: Path, **more: str) -> Iterator[None]:
    """Set what Prefect reads from the environment when it is imported; restored at the end of the block.

    What the user has set stays. Sub-processes inherit it.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        raise FlowServerError(f"Prefect's folder {home} cannot be made: {refused.strerror}.", remedy=_REMEDY) from None
    wanted = {
        "PREFECT_HOME": str(home),
        "PREFECT_LOGGING_SETTINGS_PATH": str(_LOGGING),
        "PREFECT_LOGGING_HANDLERS_FILE_FILENAME": str(home / LOG_NAME),
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        **more,
    }
    added = [name for name in wanted if name not in os.environ]
    os.environ.update({name: wanted[name] for name in added})
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)
