"""Who is at work: a row per run, its end, and those that died without a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from ingest import __version__
from ingest.documents import RangeState, Tally
from ingest.mask import mask
from ingest.store.database import now
from ingest.store.worker import Worker, is_alive, myself
from ingest.tables import Document, HostTurn, RunFate, RunState, Source, WebArchiveRange
from ingest.tables import Run as RunTable

__all__ = ["Run", "advance", "describe", "finish", "is_gone", "start", "stopped_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run that is under way.

    Attributes:
        id: Its row; grows with time.
        kind: `ingest`, …
        code_version: Version of the package and of the stages that have their own: what dropped a document under one
            version may do better under another.
        started_at: By the database's clock.
    """

    id: int
    kind: str
    code_version: str
    started_at: datetime


def start(
    connection: Connection,
    kind: str,
    *,
    flow_run: str | None,
    versions: Mapping[str, str],
    subject: str | None = None,
) -> Run:
    """Open a run, and close those of this host whose process is gone."""
    at = now(connection)
    worker = myself()
    _bury_the_dead(connection, worker, at)
    code_version = "; ".join([__version__, *(f"{name} {version}" for name, version in sorted(versions.items()))])
    identity = connection.execute(
        insert(RunTable)
        .values(
            kind=kind,
            state=RunState.RUNNING,
            started_at=at,
            code_version=code_version,
            versions=dict(versions),
            flow_run=flow_run,
            host=worker.host,
            pid=worker.pid,
            process_started=worker.started,
            new_agreements=0,
            subject=subject,
        )
        .returning(RunTable.id)
    ).scalar_one()
    return Run(id=identity, kind=kind, code_version=code_version, started_at=at)


def finish(connection: Connection, run: Run, result: Tally | BaseException) -> None:
    """Close a run, and give back what it still holds: that counts as no attempt, since the worker did not crash."""
    failed = isinstance(result, BaseException)
    connection.execute(
        update(RunTable)
        .where(RunTable.id == run.id)
        .values(
            state=RunState.FAILED if failed else RunState.COMPLETED,
            finished_at=now(connection),
            failure=describe(result) if isinstance(result, BaseException) else None,
            new_agreements=0 if isinstance(result, BaseException) else result.new_agreements,
        )
    )
    if not isinstance(result, BaseException) and result.fates:
        rows = [{"run_id": run.id, "fate": fate, "documents": number} for fate, number in result.fates]
        connection.execute(insert(RunFate), rows)
    connection.execute(
        update(Document)
        .where(Document.lease_run_id == run.id)
        .values(lease_run_id=None, lease_until=None, attempts=Document.attempts - 1)
    )
    held = {"lease_run_id": None, "lease_until": None}
    connection.execute(update(Source).where(Source.lease_run_id == run.id).values(**held))
    connection.execute(delete(HostTurn).where(HostTurn.run_id == run.id))
    unread = WebArchiveRange.lease_run_id == run.id
    connection.execute(update(WebArchiveRange).where(unread).values(state=RangeState.WAITING, **held))


def advance(connection: Connection, run: Run, position: int) -> None:
    """Note how far a run has come."""
    connection.execute(update(RunTable).where(RunTable.id == run.id).values(position=position))


def stopped_at(connection: Connection, kind: str, subject: str) -> int:
    """How far the last run of a kind about a subject came, if it was stopped and the code is still the same; else 0."""
    last = connection.execute(
        select(RunTable.state, RunTable.position, RunTable.code_version, RunTable.id)
        .where(RunTable.kind == kind, RunTable.subject == subject)
        .order_by(RunTable.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None or last.state is RunState.COMPLETED or last.code_version != __version__:
        return 0
    if last.state is RunState.RUNNING and not is_gone(connection, last.id):
        return 0  # it is at work; what both do is done once
    return last.position or 0


def is_gone(connection: Connection, run_id: int) -> bool:
    """Whether the process of a run has ended, as far as can be told from here."""
    row = connection.execute(
        select(RunTable.state, RunTable.host, RunTable.pid, RunTable.process_started).where(RunTable.id == run_id)
    ).one()
    if row.state is not RunState.RUNNING:
        return True
    return is_alive(Worker(host=row.host, pid=row.pid, started=row.process_started)) is False


def _bury_the_dead(connection: Connection, worker: Worker, at: datetime) -> None:
    running = connection.execute(
        select(RunTable.id, RunTable.pid, RunTable.process_started).where(
            RunTable.state == RunState.RUNNING, RunTable.host == worker.host
        )
    ).all()
    dead = [
        row.id
        for row in running
        if is_alive(Worker(host=worker.host, pid=row.pid, started=row.process_started)) is False
    ]
    if dead:
        connection.execute(update(RunTable).where(RunTable.id.in_(dead)).values(state=RunState.DIED, finished_at=at))


def describe(failure: BaseException) -> str:
    """Why a run failed, in a line without secrets."""
    if isinstance(failure, KeyboardInterrupt):
        return "interrupted"
    return mask(f"{type(failure).__name__}: {failure}")[:1000]
