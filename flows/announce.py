"""What Prefect is told after a commit: events with the payloads of `ingest.wire.events`, a table of counts.

All of it are hints: a run never fails because Prefect does not take one.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.events import emit_event

from ingest import wire
from ingest.collect import Visited
from ingest.documents import Fate, Outcome, Tally
from ingest.errors import IngestError
from ingest.store import read
from ingest.wire.events import AGREEMENT_CHANGED, AGREEMENT_DETECTED, ARTICLE_STORED, SOURCE_UNHEALTHY

__all__ = [
    "Announcer",
    "leave_table",
    "said",
    "summary",
]

_EVERY_SECONDS = 2.0  # a batch is what was committed in that time
_NAMED = 50  # agreements in one event
_SHOWN_SOURCES = 3
_STORED = (Fate.NEW, Fate.REVISED, Fate.COPY, Fate.NEAR_DUPLICATE)


@dataclass(slots=True)
class _Batch:
    """Outcomes since the last event."""

    began: float = field(default_factory=time.monotonic)
    fates: Counter[Fate] = field(default_factory=Counter)
    sources: dict[str, None] = field(default_factory=dict)
    detected: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.fates[outcome.fate] += 1
        self.sources[outcome.source] = None
        for agreement in outcome.agreements:
            if agreement.is_new:
                self.detected.append(agreement.agreement_id)
            elif agreement.status_changed:
                self.changed.append(agreement.agreement_id)

    def shown_sources(self) -> str:
        more = f" and {len(self.sources) - _SHOWN_SOURCES} more" if len(self.sources) > _SHOWN_SOURCES else ""
        return ", ".join(list(self.sources)[:_SHOWN_SOURCES]) + more


def _emit(event: str, resource: dict[str, str], payload: dict[str, Any]) -> object:
    return emit_event(event, resource=resource, payload=payload)


@dataclass(slots=True)
class Announcer:
    """Sends one event of a kind for each batch of outcomes; safe to call from several threads.

    Attributes:
        database_url: The store, from which agreements are read back.
        flow_run: Id of the run, to which the events belong.
        emit: Sends an event: its name, its resource and its payload.
    """

    database_url: str
    flow_run: str
    emit: Callable[[str, dict[str, str], dict[str, Any]], object] = field(default=_emit)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _batch: _Batch = field(default_factory=_Batch)

    def tell(self, outcome: Outcome) -> None:
        """Take up what became of a document, committed already."""
        with self._lock:
            self._batch.add(outcome)
            batch = self._batch if time.monotonic() - self._batch.began >= _EVERY_SECONDS else None
            if batch is not None:
                self._batch = _Batch()
        if batch is not None:
            self._send(batch)

    def tell_visit(self, visited: Visited) -> None:
        """Tell of a source whose listing could not be had."""
        if visited.asked is None or visited.asked.failure is None:
            return
        failure = visited.asked.failure
        try:
            with read.connect(self.database_url) as connection:
                source = read.source(connection, visited.source)
        except IngestError:
            return
        payload = wire.SourceUnhealthy(
            source=visited.source,
            health=source.health,
            failures_in_a_row=source.failures_in_a_row,
            failure=failure.kind.value,
            reason=failure.reason.value,
            detail=failure.detail,
        )
        self._announce(SOURCE_UNHEALTHY, payload, source=visited.source)

    @contextmanager
    def until_done(self) -> Iterator[Announcer]:
        """Send what is left at the end of the block, whether it was left by an error or not: it is committed."""
        try:
            yield self
        finally:
            self._send(self._batch)

    def _send(self, batch: _Batch) -> None:
        source = batch.shown_sources()
        if any(batch.fates[fate] for fate in _STORED):
            counts = {fate.value: batch.fates[fate] for fate in Fate}
            stored = wire.ArticlesStored(source=source, documents=batch.fates.total(), **counts)
            self._announce(ARTICLE_STORED, stored, source=source)
        if batch.detected or batch.changed:
            known = self._read_back([*batch.detected, *batch.changed])
            if batch.detected:
                named = tuple(known[identity] for identity in batch.detected[:_NAMED] if identity in known)
                detected = wire.AgreementsDetected(
                    source=source,
                    number=len(batch.detected),
                    news=sum(each.is_news for each in named),
                    agreements=named,
                )
                self._announce(AGREEMENT_DETECTED, detected, source=source)
            if batch.changed:
                named = tuple(known[identity] for identity in batch.changed[:_NAMED] if identity in known)
                changed = wire.AgreementsChanged(source=source, number=len(batch.changed), agreements=named)
                self._announce(AGREEMENT_CHANGED, changed, source=source)

    def _read_back(self, identities: list[str]) -> dict[str, wire.EventAgreement]:
        try:
            with read.connect(self.database_url) as connection:
                found = read.agreements_by_id(connection, list(dict.fromkeys(identities)))
        except IngestError:
            return {}
        return {
            identity: wire.EventAgreement(
                id=identity,
                parties=tuple(party.name for party in each.parties),
                kind=each.kind,
                status=each.status,
                is_news=each.is_news,
            )
            for identity, each in found.items()
        }

    def _announce(self, event: str, payload: object, *, source: str) -> None:
        resource = {"prefect.resource.id": f"ingest.run.{self.flow_run}", "prefect.resource.name": source}
        self.emit(event, resource, asdict(payload))  # type: ignore[call-overload]


def summary(tally: Tally) -> str:
    """The counts of a run as a Markdown table: what the artifact shows."""
    rows = [f"| {fate.value.replace('_', ' ')} | {count} |" for fate, count in tally.fates]
    return "\n".join(
        ["| documents | |", "| --- | ---: |", *rows, f"| **agreements newly detected** | {tally.new_agreements} |"]
    )


def said(tally: Tally) -> str:
    """The counts of a run in a line: the message of its final state."""
    counts = ", ".join(f"{count} {fate.value.replace('_', ' ')}" for fate, count in tally.fates) or "nothing to do"
    return f"{counts}; {tally.new_agreements} new agreements" if tally.new_agreements else counts


def leave_table(markdown: str, *, key: str, description: str) -> None:
    """Leave a table with the run, as an artifact."""
    try:
        create_markdown_artifact(markdown, key=key, description=description)
    except Exception as lost:  # noqa: BLE001 - whatever the server answers, our rows are committed
        get_run_logger().warning("Prefect did not take the summary: %s", lost)
