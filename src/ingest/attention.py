"""What needs a person's eye, judged from a status: pure, with the limits that `ingest status --check` goes by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from ingest import wire
from ingest.health import Health

__all__ = ["OVERDUE", "is_troubled", "judged", "urgency"]

OVERDUE = timedelta(hours=1)
"""A visit, or a lease, that has been due for longer says that nobody is at work."""

_FAILURES = 3  # in a row; fewer are the web's weather
_ALERT_OVERDUE = timedelta(minutes=15)
_SILENCE = timedelta(days=2)  # a weekend is no silence
_FEWEST_DROPS = 20  # in a day; of fewer, nothing is told
_MOST_DROPPED = 0.5  # of what was settled
_NAMED = 3
_ORDER = (Health.FAILING, Health.EMPTY, Health.TRUNCATED, Health.QUIET)


def is_troubled(health: Health, failures: int) -> bool:
    """Whether a source needs an eye."""
    return failures >= _FAILURES if health is Health.FAILING else health in _ORDER


def urgency(source: wire.SourceConcern) -> tuple[int, int, str]:
    """A key that sorts the worst source first."""
    return _ORDER.index(source.health), -source.failures_in_a_row, source.name


def judged(status: wire.Status) -> wire.Status:
    """A status with what needs an eye: failures first, then what went quiet."""
    return replace(status, concerns=tuple(_concerns(status)))


def _concerns(status: wire.Status) -> Iterator[wire.Concern]:
    yield from _of_runs(status)
    yield from _of_alerts(status.deliveries)
    yield from _of_drops(status.flows[-1])
    if (lapsed := status.queue.oldest_lapsed_seconds) is not None and lapsed > OVERDUE.total_seconds():
        yield wire.Concern(
            kind="claims_lapsed",
            said=f"{_number(status.queue.lapsed, 'document')} in hand of a worker that went silent, and nobody took up",
            command="ingest run",
        )
    yield from _of_sources(status.sources)
    quiet = status.last_article_seconds
    is_collecting = any(each.name not in {Health.PAUSED, Health.UNTRIED} for each in status.sources.health)
    if quiet is not None and quiet > _SILENCE.total_seconds() and is_collecting:
        yield wire.Concern(
            kind="no_new_article",
            said=f"no new article for {quiet / 86_400:.0f} days, the last at {status.last_article_at}",
            command="ingest sources",
        )


def _of_runs(status: wire.Status) -> Iterator[wire.Concern]:
    gone = [run for run in status.running if run.is_gone]
    died = [run for run in status.failed if run.state == "died" and not run.has_recovered]
    failed = [run for run in status.failed if _has_failed(run)]
    if failed:
        last = failed[0]
        yield wire.Concern(
            kind="run_failed",
            said=f"{_number(len(failed), 'run')} failed, the last ({last.kind} {last.run}): "
            f"{last.failure or 'no reason given'}",
            command="ingest status --json",
        )
    if gone or died:
        last = (gone or died)[0]
        yield wire.Concern(
            kind="run_died",
            said=f"{_number(len(gone) + len(died), 'run')} died without a word, the last: {last.kind} {last.run}, "
            f"which began at {last.started_at}",
            command="ingest status --json",
        )


def _has_failed(run: wire.RunStatus) -> bool:
    """Whether a run failed, and neither a person stopped it nor a later one came to its end."""
    return run.state == "failed" and not run.has_recovered and run.failure != "interrupted"


def _of_alerts(deliveries: wire.Deliveries) -> Iterator[wire.Concern]:
    if deliveries.parked:
        yield wire.Concern(
            kind="alerts_parked",
            said=f"{_number(deliveries.parked, 'alert')} could not be delivered and waits for you"
            if deliveries.parked == 1
            else f"{_number(deliveries.parked, 'alert')} could not be delivered and wait for you",
            command="ingest alerts log --state parked",
        )
    overdue = deliveries.overdue_seconds
    if overdue is not None and overdue > _ALERT_OVERDUE.total_seconds():
        yield wire.Concern(
            kind="alerts_overdue",
            said=f"an alert has been due for {overdue / 60:,.0f} minutes, and nobody sends it",
            command="ingest alerts log --state pending",
        )


def _of_drops(day: wire.Flow) -> Iterator[wire.Concern]:
    settled = day.stored + day.duplicates + day.revised + day.dropped
    if day.dropped >= _FEWEST_DROPS and day.dropped > _MOST_DROPPED * settled:
        yield wire.Concern(
            kind="many_drops",
            said=f"{day.dropped:,} of {_number(settled, 'document')} of the last day were dropped",
            command="ingest drops --since 1d --count",
        )


def _of_sources(sources: wire.SourceStatus) -> Iterator[wire.Concern]:
    for health in _ORDER:
        found = [each.name for each in sources.concerns if each.health is health]
        if found:
            more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
            yield wire.Concern(
                kind="source_unhealthy",
                said=f"{_number(len(found), 'source')} {health.value}: {', '.join(found[:_NAMED])}{more}",
                command="ingest sources",
            )
    if sources.overdue:
        yield wire.Concern(
            kind="sources_overdue",
            said=f"{_number(sources.overdue, 'source')} should have been visited more than an hour ago",
            command="ingest run",
        )


def _number(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
