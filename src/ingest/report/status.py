"""How the state of the pipeline is shown: what needs an eye first."""

from __future__ import annotations

from collections.abc import Iterator

from ingest import wire
from ingest.health import Health
from ingest.report import words
from ingest.report.blocks import Block, Entry, Gap, Line, Part, Tone, line

__all__ = ["blocks"]

_WIDTH = 14
_SOURCES = 10  # named
_RUNS = 5  # of each sort
_REASON = 300  # characters of why a run failed
_TONES = {Health.FAILING: Tone.BAD, Health.EMPTY: Tone.BAD}


def blocks(status: wire.Status) -> list[Block]:
    """The whole state, on a screen."""
    shown: list[Block] = [_concern(each) for each in status.concerns]
    if not shown:
        shown.append(Entry(Part("in order", Tone.GOOD), (line("nothing needs an eye"),), width=_WIDTH))
    shown.append(Gap())
    shown += [
        Entry(Part(label, Tone.FAINT), tuple(lines), width=_WIDTH) for label, lines in _rows(status) if len(lines)
    ]
    return shown


def _concern(concern: wire.Concern) -> Entry:
    return Entry(
        Part("look", Tone.BAD), (line(concern.said), line(Part(concern.command, Tone.FAINT), indent=2)), width=_WIDTH
    )


def _rows(status: wire.Status) -> Iterator[tuple[str, list[Line]]]:
    yield "Queue", [line(each) for each in _queue(status.queue)]
    yield "Running", [_run(run) for run in status.running[:_RUNS]] or [line(Part("no run", Tone.FAINT))]
    yield "Failed", [_run(run) for run in status.failed[:_RUNS]]
    for flow in status.flows:
        yield f"Last {_span(flow.seconds)}", [line(_flow(flow))]
    drops = [f"{each.reason.value} {each.count:,}" for each in status.drops if not each.is_set_aside]
    yield "Drops", [line(", ".join(drops))] if drops else []
    last = "none yet"
    if status.last_article_seconds is not None:
        last = f"{words.lasting(status.last_article_seconds)} ago, at {status.last_article_at}"
    yield "Last article", [line(last)]
    yield "Alerts", [line(_alerts(status.deliveries))]
    yield "Sources", [line(_healths(status.sources)), *_troubled(status.sources)]
    yield (
        "Stored",
        [
            line(f"{status.queue.stored:,} documents, {status.queue.dropped:,} stand dropped"),
            line(_sizes(status.sizes)),
        ],
    )
    yield "Release", [line(f"{status.version}, schema {status.revision}, {status.database}")]


def _queue(queue: wire.Queue) -> Iterator[str]:
    since = f", the first for {words.lasting(queue.oldest_due_seconds)}" if queue.oldest_due_seconds else ""
    yield f"{words.number(queue.due, 'page')} due{since}; {queue.waiting - queue.due:,} for later"
    since = f", the first for {words.lasting(queue.oldest_claim_seconds)}" if queue.oldest_claim_seconds else ""
    lapsed = f"; {queue.lapsed:,} of a worker that went silent" if queue.lapsed else ""
    yield f"{words.number(queue.claimed, 'document')} in hand{since}{lapsed}"
    if queue.left:
        yield f"{words.number(queue.left, 'document')} left by an interrupted run; the next one takes them up"


def _run(run: wire.RunStatus) -> Line:
    if run.state == "running":
        state = Part("died", Tone.BAD) if run.is_gone else Part("running", Tone.GOOD)
        return line(f"{run.kind} {run.run} ", state, f" for {words.lasting(run.seconds)}, since {run.started_at}")
    tone = Tone.FAINT if run.has_recovered else Tone.BAD
    since = "; a later run came to its end" if run.has_recovered else ""
    why = words.shortened(run.failure or "without a word", _REASON)
    return line(f"{run.kind} {run.run} ", Part(run.state, tone), f", began {run.started_at}: {why}{since}")


def _flow(flow: wire.Flow) -> str:
    parts = [
        f"{flow.stored:,} stored",
        words.number(flow.duplicates, "duplicate"),
        f"{flow.revised:,} revised",
        f"{flow.dropped:,} dropped",
    ]
    if flow.set_aside:
        parts.append(f"{flow.set_aside:,} set aside")
    return ", ".join(parts)


def _alerts(deliveries: wire.Deliveries) -> str:
    if not deliveries.states:
        return "none"
    parts = [f"{each.count:,} {each.name}" for each in deliveries.states]
    if deliveries.retrying:
        parts.append(f"{deliveries.retrying:,} tried without success so far")
    if deliveries.oldest_pending_seconds is not None:
        parts.append(f"the oldest pending for {words.lasting(deliveries.oldest_pending_seconds)}")
    return ", ".join(parts)


def _healths(sources: wire.SourceStatus) -> str:
    said = ", ".join(f"{each.count:,} {each.name}" for each in sources.health) or "none"
    late = sources.oldest_due_seconds
    return said if late is None else f"{said}; the first visit has been due for {words.lasting(late)}"


def _troubled(sources: wire.SourceStatus) -> Iterator[Line]:
    for each in sources.concerns[:_SOURCES]:
        said = f", {each.failures_in_a_row:,} times in a row: {each.last_failure}" if each.last_failure else ""
        new = "" if said else f", nothing new since {each.last_new_at}" if each.last_new_at else ""
        tone = _TONES.get(each.health, Tone.NOTICE)
        yield line(f"{words.shortened(each.name, 80)} ", Part(each.health.value, tone), f"{said}{new}", indent=2)
    if len(sources.concerns) > _SOURCES:
        yield line(f"and {len(sources.concerns) - _SOURCES:,} more: ingest sources", indent=2)


def _sizes(sizes: wire.Sizes) -> str:
    archive = f"{words.number(sizes.archive_pages, 'page')}, {words.size(sizes.archive_bytes)} as they arrived"
    return f"database {words.size(sizes.database_bytes)}; archive {archive}"


def _span(seconds: int) -> str:
    return "hour" if seconds == 3_600 else "day"
