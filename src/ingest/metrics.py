"""The state of the pipeline as Prometheus reads it: the same read side as `ingest status`, asked on each scrape.

No process counts anything, so figures are right whatever number of workers there are, and outlive their restarts. What
each metric means and what to alarm on stands once, in `METRICS`; the table in docs/operators.md is made of it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest import log, wire
from ingest.errors import IngestError
from ingest.health import Health
from ingest.log import Event
from ingest.mask import mask
from ingest.report.blocks import neutral

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.core import GaugeMetricFamily

__all__ = ["METRICS", "UP", "Metric", "StatusCollector", "registry", "table", "text"]

Sample = tuple[tuple[str, ...], float]

_MOST_NAMED = 50  # sources; their names come from the web
_LONGEST_NAME = 100  # characters
_KEPT_SECONDS = 5.0  # one look serves all who scrape at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A gauge.

    Attributes:
        name: As Prometheus sees it.
        meaning: A sentence; the HELP text.
        alarm: An expression to alarm on, or empty.
        labels: Names of its labels.
        read: Its samples: values of the labels, and the figure.
    """

    name: str
    meaning: str
    alarm: str = ""
    labels: tuple[str, ...] = ()
    read: Callable[[wire.Status], Iterable[Sample]]


def _one(read: Callable[[wire.Status], float | None]) -> Callable[[wire.Status], Iterable[Sample]]:
    """A figure without labels; none counts as 0."""
    return lambda status: [((), float(read(status) or 0))]


def _documents(status: wire.Status) -> Iterable[Sample]:
    queue = status.queue
    counts = {"stored": queue.stored, "dropped": queue.dropped, "claimed": queue.claimed, "left": queue.left}
    return [((state,), float(count)) for state, count in counts.items()]


def _events(status: wire.Status) -> Iterable[Sample]:
    for flow in status.flows:
        window = "1h" if flow.seconds == 3_600 else "1d"
        counts = {
            "stored": flow.stored,
            "duplicate": flow.duplicates,
            "revised": flow.revised,
            "dropped": flow.dropped,
            "set_aside": flow.set_aside,
        }
        yield from (((outcome, window), float(count)) for outcome, count in counts.items())


def _runs(status: wire.Status) -> Iterable[Sample]:
    counts = dict.fromkeys(("running", "gone", "failed", "died"), 0)
    for run in (*status.running, *status.failed):
        counts["gone" if run.is_gone else run.state] += 1
    return [((state,), float(count)) for state, count in counts.items()]


def _healths(status: wire.Status) -> Iterable[Sample]:
    counts = {each.name: each.count for each in status.sources.health}
    return [((health.value,), float(counts.get(health, 0))) for health in Health if health is not Health.REMOVED]


def _troubled(status: wire.Status) -> Iterable[Sample]:
    """The worst ones by name; names that are one when cut are one."""
    named = {
        (neutral(each.name)[:_LONGEST_NAME], each.health.value): 1.0 for each in status.sources.concerns[:_MOST_NAMED]
    }
    return named.items()


def _concerns(status: wire.Status) -> Iterable[Sample]:
    counts: dict[tuple[str, ...], float] = {}
    for concern in status.concerns:
        counts[concern.kind,] = counts.get((concern.kind,), 0) + 1
    return counts.items()


UP = "ingest_up"

METRICS = (
    Metric(
        name=UP,
        meaning="1 where the store could be read, else 0; the other metrics are absent then.",
        alarm="ingest_up == 0 or absent(ingest_up)",
        read=_one(lambda _: 1),
    ),
    Metric(
        name="ingest_info",
        meaning="Always 1; the labels tell the version of the release, and the revision of the schema.",
        labels=("version", "revision"),
        read=lambda status: [((status.version, status.revision), 1.0)],
    ),
    Metric(
        name="ingest_concerns",
        meaning="Concerns that `ingest status` puts first, by kind.",
        alarm="sum(ingest_concerns) > 0",
        labels=("kind",),
        read=_concerns,
    ),
    Metric(
        name="ingest_documents",
        meaning="Documents that stand stored or dropped, that a worker has in hand, or that an interrupted run left.",
        labels=("state",),
        read=_documents,
    ),
    Metric(
        name="ingest_pages_waiting",
        meaning="Pages that active sources have listed and that are still to be fetched.",
        read=_one(lambda status: status.queue.waiting),
    ),
    Metric(
        name="ingest_pages_due",
        meaning="Those of them whose time has come.",
        read=_one(lambda status: status.queue.due),
    ),
    Metric(
        name="ingest_pages_due_oldest_seconds",
        meaning="For how long the first of these has been due; 0 where none is.",
        alarm="ingest_pages_due_oldest_seconds > 6 * 3600",
        read=_one(lambda status: status.queue.oldest_due_seconds),
    ),
    Metric(
        name="ingest_claim_oldest_seconds",
        meaning="For how long the first document in hand has been so; 0 where none is.",
        read=_one(lambda status: status.queue.oldest_claim_seconds),
    ),
    Metric(
        name="ingest_claims_lapsed",
        meaning="Documents in hand whose lease has run out: their worker is most likely gone.",
        alarm="min_over_time(ingest_claims_lapsed[1h]) > 0",
        read=_one(lambda status: status.queue.lapsed),
    ),
    Metric(
        name="ingest_recent_documents",
        meaning="What became of documents in the last hour (1h) and the last day (1d); gauges, not counters.",
        labels=("outcome", "window"),
        read=_events,
    ),
    Metric(
        name="ingest_dropped_documents",
        meaning="Documents dropped in the last day; known_elsewhere, before_first_contact, forgotten are no failures.",
        labels=("reason",),
        read=lambda status: [((each.reason.value,), float(each.count)) for each in status.drops],
    ),
    Metric(
        name="ingest_last_article_seconds",
        meaning="How long ago a text was last stored that nobody had; 0 where there is none.",
        alarm="ingest_last_article_seconds > 2 * 86400",
        read=_one(lambda status: status.last_article_seconds),
    ),
    Metric(
        name="ingest_runs",
        meaning="Runs under way, those whose process here is gone, and those that failed or died in the last day.",
        alarm='ingest_runs{state="gone"} > 0',
        labels=("state",),
        read=_runs,
    ),
    Metric(
        name="ingest_sources",
        meaning="Sources by health.",
        labels=("health",),
        read=_healths,
    ),
    Metric(
        name="ingest_source_troubled",
        meaning=f"Always 1: a source that needs an eye, the worst {_MOST_NAMED} of them.",
        alarm="ingest_source_troubled == 1",
        labels=("source", "health"),
        read=_troubled,
    ),
    Metric(
        name="ingest_sources_overdue",
        meaning="Active sources whose visit has been due for more than an hour: nobody visits them.",
        alarm="ingest_sources_overdue > 0",
        read=_one(lambda status: status.sources.overdue),
    ),
    Metric(
        name="ingest_alert_deliveries",
        meaning="Alerts by state of their delivery.",
        alarm='ingest_alert_deliveries{state="parked"} > 0',
        labels=("state",),
        read=lambda status: [((each.name,), float(each.count)) for each in status.deliveries.states],
    ),
    Metric(
        name="ingest_alerts_retrying",
        meaning="Alerts that are pending, and were tried without success so far.",
        read=_one(lambda status: status.deliveries.retrying),
    ),
    Metric(
        name="ingest_alert_pending_oldest_seconds",
        meaning="The age of the oldest alert that is pending, digests too, which wait for their hour; 0 where none is.",
        read=_one(lambda status: status.deliveries.oldest_pending_seconds),
    ),
    Metric(
        name="ingest_alert_overdue_seconds",
        meaning="For how long the first pending alert has been due; 0 where none is. Nobody sends where it grows.",
        alarm="ingest_alert_overdue_seconds > 900",
        read=_one(lambda status: status.deliveries.overdue_seconds),
    ),
    Metric(
        name="ingest_database_bytes",
        meaning="What the database takes on its disk.",
        read=_one(lambda status: status.sizes.database_bytes),
    ),
    Metric(
        name="ingest_archive_pages",
        meaning="Distinct pages in the archive.",
        read=_one(lambda status: status.sizes.archive_pages),
    ),
    Metric(
        name="ingest_archive_bytes",
        meaning="Their bytes as they arrived; the archive compresses them.",
        read=_one(lambda status: status.sizes.archive_bytes),
    ),
)


class StatusCollector:
    """A collector of the Prometheus client over a way to read the status; never raises.

    Args:
        read: Reads the status.
        complain: Told why it could not be read, once until it can be again.
        clock: Seconds, monotonic.
    """

    def __init__(
        self,
        read: Callable[[], wire.Status],
        *,
        complain: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._complain = complain
        self._clock = clock
        self._is_down = False
        self._lock = threading.Lock()
        self._kept: tuple[float, wire.Status | None] | None = None

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing: registering must not read the store."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """All metrics, or only that there are none."""
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - the table of metrics needs no client

        status = self.status()
        for metric in METRICS if status is not None else METRICS[:1]:
            family = GaugeMetricFamily(metric.name, metric.meaning, labels=metric.labels)
            samples = [((), 0.0)] if status is None else metric.read(status)
            for labels, value in samples:
                family.add_metric(labels, value)
            yield family

    def status(self) -> wire.Status | None:
        """The status, of a few seconds ago at most; None where it cannot be read, which is logged."""
        with self._lock:
            now = self._clock()
            if self._kept is None or now - self._kept[0] >= _KEPT_SECONDS:
                self._kept = now, self._looked()
            return self._kept[1]

    def _looked(self) -> wire.Status | None:
        try:
            found = self._read()
        except IngestError as failure:
            self._failed(str(failure))
        except Exception as defect:  # noqa: BLE001 - a scrape is answered, whatever comes
            self._failed(f"{type(defect).__name__}: {defect}")
        else:
            self._is_down = False
            return found
        return None

    def _failed(self, why: str) -> None:
        log.event(Event.METRICS_FAILED, failure=why)
        if not self._is_down:
            self._complain(mask(why))
        self._is_down = True


def registry(collector: StatusCollector) -> CollectorRegistry:
    """A registry of nothing but our own metrics."""
    from prometheus_client import CollectorRegistry  # noqa: PLC0415 - see `StatusCollector.collect`

    made = CollectorRegistry(auto_describe=False)
    made.register(collector)
    return made


def table() -> str:
    """The table of metrics in docs/operators.md."""
    rows = [
        f"| `{each.name}`{''.join(f' `{label}`' for label in each.labels)} | {each.meaning} | "
        f"{f'`{each.alarm}`' if each.alarm else ''} |\n"
        for each in METRICS
    ]
    return "".join(("| metric, its labels | means | alarm on |\n", "| --- | --- | --- |\n", *rows))


def text(collector: StatusCollector) -> str:
    """The exposition text, as node_exporter's textfile collector takes it."""
    from prometheus_client import generate_latest  # noqa: PLC0415 - see `StatusCollector.collect`

    return generate_latest(registry(collector)).decode()
