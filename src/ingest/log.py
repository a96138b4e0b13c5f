"""Structured logs: one event name each, out of a closed set, as `key=value` or as JSON lines on standard error.

    log.event(Event.DOCUMENT_DROPPED, source=…, key=…, reason=…)

Nothing is written until an entry point has called `start`. Values may come from the web: line breaks, controls and
marks that turn text are escaped, secrets masked, and what is long is cut, whatever the form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from ingest.documents import Outcome
from ingest.mask import mask

if TYPE_CHECKING:
    from structlog.typing import Processor

__all__ = ["EVENTS", "FORMATS", "LEVELS", "Event", "Told", "event", "line", "outcome", "start", "stop", "table"]

Value = str | int | float | bool | None

LEVELS = ("debug", "info", "warning", "error", "off")
"""What `log_level` may be besides `auto`, each with less than the one before."""

FORMATS = ("text", "json")

_MOST = 2_000  # characters of a value

# C0 and C1 controls, DEL, separators of lines, marks that turn text or hide in it, lone surrogates.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u206f\ufeff\ud800-\udfff]")


class Event(StrEnum):
    """What is logged; `EVENTS` says what each means."""

    RUN_STARTED = "run.started"
    RUN_FINISHED = "run.finished"
    RUN_FAILED = "run.failed"
    DOCUMENT_SETTLED = "document.settled"
    DOCUMENT_DROPPED = "document.dropped"
    AGREEMENT_DETECTED = "agreement.detected"
    AGREEMENT_CHANGED = "agreement.changed"
    SOURCE_VISITED = "source.visited"
    SOURCE_FAILED = "source.failed"
    SOURCE_MOVED = "source.moved"
    DELIVERY_SENT = "delivery.sent"
    DELIVERY_FAILED = "delivery.failed"
    DELIVERY_PARKED = "delivery.parked"
    DELIVERY_WITHDRAWN = "delivery.withdrawn"
    METRICS_STARTED = "metrics.started"
    METRICS_FAILED = "metrics.failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an event means.

    Attributes:
        level: How much weight it has: one of `LEVELS`.
        fields: What comes with it, where it is known.
        meaning: A sentence.
    """

    level: str
    fields: tuple[str, ...]
    meaning: str


_DELIVERY = ("delivery", "rule", "channel", "detail")

EVENTS: Mapping[Event, Told] = {
    Event.RUN_STARTED: Told(
        level="info", fields=("run", "kind", "flow_run", "subject"), meaning="A run of the pipeline or a stage begins."
    ),
    Event.RUN_FINISHED: Told(
        level="info",
        fields=("run", "kind", "seconds", "documents", "dropped", "agreements"),
        meaning="It came to its end; `agreements` counts those that are new.",
    ),
    Event.RUN_FAILED: Told(
        level="error",
        fields=("run", "kind", "failure"),
        meaning="It was broken off; what was committed until then is kept.",
    ),
    Event.DOCUMENT_SETTLED: Told(
        level="debug",
        fields=("source", "key", "fate", "article", "other"),
        meaning="A document was stored, or found as it was; `fate` says which.",
    ),
    Event.DOCUMENT_DROPPED: Told(
        level="info",
        fields=("source", "key", "stage", "reason", "detail"),
        meaning="A document was dropped; `ingest why` tells its story.",
    ),
    Event.AGREEMENT_DETECTED: Told(
        level="info", fields=("agreement", "article"), meaning="The ledger has an agreement that it did not have."
    ),
    Event.AGREEMENT_CHANGED: Told(
        level="info", fields=("agreement", "article"), meaning="The status of an agreement of the ledger changed."
    ),
    Event.SOURCE_VISITED: Told(
        level="info",
        fields=("source", "documents", "dropped", "postponed", "unchanged"),
        meaning="A source was visited.",
    ),
    Event.SOURCE_FAILED: Told(
        level="warning", fields=("source", "kind", "reason", "detail"), meaning="The listing of a source was not had."
    ),
    Event.SOURCE_MOVED: Told(
        level="warning", fields=("source", "address"), meaning="A source redirects for good; its address was changed."
    ),
    Event.DELIVERY_SENT: Told(level="info", fields=_DELIVERY, meaning="An alert was taken by its receiver."),
    Event.DELIVERY_FAILED: Told(
        level="warning",
        fields=(*_DELIVERY, "wait_seconds"),
        meaning="It was not taken, and is tried again after a while.",
    ),
    Event.DELIVERY_PARKED: Told(
        level="error", fields=_DELIVERY, meaning="It was given up; `ingest alerts retry` has it tried again."
    ),
    Event.DELIVERY_WITHDRAWN: Told(level="info", fields=_DELIVERY, meaning="There was nothing left to tell of."),
    Event.METRICS_STARTED: Told(level="info", fields=("address",), meaning="`ingest metrics` answers scrapes."),
    Event.METRICS_FAILED: Told(
        level="warning", fields=("failure",), meaning="A scrape was answered with `ingest_up 0`, for that reason."
    ),
}


class _Writer(Protocol):
    """What writes a line of a level: a bound logger of structlog."""

    def log(self, level: int, event: str, /, **fields: Any) -> Any: ...


_writers: list[_Writer] = []  # none or one: what `start` made


def start(*, level: str, form: str, stream: TextIO) -> None:
    """Begin to write events, instead of where they went until now.

    Args:
        level: One of `LEVELS`: events of less weight are left out.
        form: One of `FORMATS`.
        stream: Where to.
    """
    stop()
    if level == "off":
        return
    import structlog  # noqa: PLC0415 - costs what a command that logs nothing need not pay

    processors: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _ordered,
        structlog.processors.JSONRenderer(ensure_ascii=False) if form == "json" else _logfmt(),
    ]
    _writers.append(
        structlog.wrap_logger(
            structlog.WriteLogger(_Encodable(stream)),  # type: ignore[arg-type] # it only writes and flushes
            processors=processors,
            wrapper_class=structlog.make_filtering_bound_logger(level),
            cache_logger_on_first_use=True,
        )
    )


def stop() -> None:
    """Write no events any more."""
    _writers.clear()


def event(what: Event, **fields: Value) -> None:
    """Write one event.

    Args:
        what: Which; its level is its own.
        fields: Those that `EVENTS` names for it; None: not known.
    """
    for writer in _writers:
        writer.log(_NUMBERS[EVENTS[what].level], what.value, **_clean(fields))


def line(what: Event, **fields: Value) -> str:
    """An event as one line of text, for a logger of somebody else's, such as Prefect's."""
    return str(_logfmt()(None, "", {"event": what.value, **_clean(fields)}))


def table() -> str:
    """The table of events in docs/operators.md."""
    rows = [
        f"| `{what.value}` | {told.level} | {', '.join(f'`{name}`' for name in told.fields)} | {told.meaning} |\n"
        for what, told in EVENTS.items()
    ]
    return "".join(("| event | level | fields | means |\n", "| --- | --- | --- | --- |\n", *rows))


def outcome(settled: Outcome) -> None:
    """Write what became of a document."""
    if not _writers:
        return
    if settled.dropped is not None:
        event(
            Event.DOCUMENT_DROPPED,
            source=settled.source,
            key=settled.key,
            stage=settled.dropped.stage.value,
            reason=settled.dropped.reason.value,
            detail=settled.dropped.detail,
        )
        return
    event(
        Event.DOCUMENT_SETTLED,
        source=settled.source,
        key=settled.key,
        fate=settled.fate.value,
        article=settled.article_id,
        other=settled.other,
    )
    for found in settled.agreements:
        if found.is_new or found.status_changed:
            told = Event.AGREEMENT_DETECTED if found.is_new else Event.AGREEMENT_CHANGED
            event(told, agreement=found.agreement_id, article=settled.article_id)


_NUMBERS = {"debug": 10, "info": 20, "warning": 30, "error": 40}  # as the standard library numbers them
_FIRST = ("at", "level", "event")


def _clean(fields: Mapping[str, Value]) -> dict[str, Value]:
    return {
        name: _escaped(value) if isinstance(value, str) else value
        for name, value in fields.items()
        if value is not None
    }


def _escaped(value: str) -> str:
    masked = mask(value)
    cut = masked if len(masked) <= _MOST else masked[: _MOST - 1] + "…"
    return _UNSAFE.sub(_escape, cut)


def _escape(found: re.Match[str]) -> str:
    number = ord(found.group())
    return _SHORT.get(found.group()) or (f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}")


_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _logfmt() -> Processor:
    from structlog.processors import LogfmtRenderer  # noqa: PLC0415 - see `start`

    return LogfmtRenderer(key_order=_FIRST, drop_missing=True, bool_as_flag=False)


def _ordered(_: object, __: str, found: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: found[name] for name in _FIRST} | {name: found[name] for name in found if name not in _FIRST}


class _Encodable:
    """A stream that takes whatever its encoding cannot write as escapes. A line that cannot be written is left out.

    Work goes on when nobody can be told of it: standard error may be closed, or the disk behind it full.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        with suppress(OSError, ValueError):
            self._stream.write(text.encode(encoding, "backslashreplace").decode(encoding))

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()
