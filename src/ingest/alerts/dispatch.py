"""Send what is due: claim a delivery, put its message together, give it to its channel, record what came of it.

    claim    a short transaction: lease and token, on the database's clock
    compose  the message, as the ledger stands now
    deliver  the channel; no transaction is open while a network is waited for
    record   a short transaction: sent; or when to try again; or parked

Each channel that has something due has a thread of its own, so that one that is slow or down keeps no other waiting. A
process that is killed between the second and the last of these leaves a delivery that is sent again, under the same id.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from ingest import log
from ingest.alerts.channel import Channel, Delivered, Undelivered
from ingest.alerts.compose import compose
from ingest.alerts.notice import Notice
from ingest.alerts.schedule import back_off
from ingest.documents import Tally
from ingest.errors import IngestError, StoreUnavailableError
from ingest.log import Event
from ingest.mask import mask
from ingest.settings import Settings
from ingest.store import Run, Store, read
from ingest.store.alerts import queue
from ingest.store.alerts.queue import ClaimedDelivery

__all__ = ["Opener", "Settled", "deliver_due", "keep_delivering"]

_MOST_CHANNELS = 16  # at once
_LOOK = 0.25  # seconds between two looks at whether to stop
_LONGEST_PAUSE = 5.0  # seconds between two attempts to record a result while the store is away


class Opener(Protocol):
    """Opens a channel by its name: `ingest.alerts.channels.open_channel`, or a fake one."""

    def __call__(self, name: str, settings: Settings, /) -> Channel:
        """Open it.

        Raises:
            IngestError: There is none of that name, or it lacks something.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What came of one attempt.

    Attributes:
        delivery: Public id.
        rule: Name of the rule.
        channel: Name of the channel.
        state: `sent`, `pending` (to be tried again), `parked` or `withdrawn`.
        detail: What the receiver said, or why it did not take it.
        wait: Until the next attempt, where there is to be one.
    """

    delivery: str
    rule: str
    channel: str
    state: str
    detail: str = ""
    wait: timedelta | None = None


def deliver_due(
    store: Store,
    settings: Settings,
    *,
    open_channel: Opener,
    only: Collection[str] = (),
    tell: Callable[[Settled], None] = lambda _: None,
    jitter: Callable[[], float] = random.random,
    stopping: Callable[[], bool] = lambda: False,
    flow_run: str | None = None,
) -> Mapping[str, int]:
    """Send everything that is due, each at most once, and return.

    Where nothing is, that is one look at an index.

    Args:
        store: The store.
        settings: Leases, how long to go on trying, and what channels need.
        open_channel: Opens a channel by its name; called at most once a channel.
        only: Names of channels; empty: all.
        tell: Called with what came of each attempt, as soon as that is recorded; never from two threads at once.
        jitter: 0 to 1, at random.
        stopping: Asked before each delivery whether to leave the rest.
        flow_run: Id of the Prefect flow run, for the record of the run.

    Returns:
        Attempts by the state in which they left their delivery.

    Raises:
        StoreError: The store gave up; what was sent until then is recorded, or is sent again under the same id.
    """
    names = [name for name in queue.due_channels(store.database) if not only or name in only]
    if not names:
        return {}
    run = store.start_run("alerts", flow_run=flow_run)
    telling = threading.Lock()
    sending = _Sending(
        store=store, settings=settings, run=run, open_channel=open_channel, jitter=jitter, stopping=stopping
    )

    def work(name: str) -> Counter[str]:
        counted: Counter[str] = Counter()
        for settled in sending.channel(name):
            counted[settled.state] += 1
            with telling:
                tell(settled)
        return counted

    try:
        counted = _summed(_mapped(work, names))
    except BaseException as failure:
        store.finish_run(run, failure)
        raise
    store.finish_run(run, Tally(fates=(), new_agreements=0, elapsed=timedelta()))
    return counted


def _mapped(work: Callable[[str], Counter[str]], names: list[str]) -> Iterable[Counter[str]]:
    if len(names) == 1:
        return [work(names[0])]
    with ThreadPoolExecutor(min(_MOST_CHANNELS, len(names)), thread_name_prefix="alerts") as threads:
        return list(threads.map(work, names))


def _summed(counters: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in counters:
        total.update(each)
    return total


def keep_delivering(
    store: Store,
    settings: Settings,
    *,
    open_channel: Opener,
    stop: threading.Event,
    wake: threading.Event,
    only: Collection[str] = (),
    tell: Callable[[Settled], None] = lambda _: None,
    complain: Callable[[IngestError], None] = lambda _: None,
) -> None:
    """Send what is due whenever `wake` is set, and every `alert_sweep_seconds` in any case, until `stop` is set.

    A store that is away is waited for.

    Args:
        store: The store.
        settings: As for `deliver_due`.
        open_channel: Likewise.
        stop: Ends it within half a second, and what is under way.
        wake: Set it after a commit; it is cleared here.
        only: As for `deliver_due`.
        tell: Likewise.
        complain: Called with what went wrong; the next sweep tries again.
    """
    while not stop.is_set():
        wake.clear()
        try:
            deliver_due(store, settings, open_channel=open_channel, only=only, tell=tell, stopping=stop.is_set)
        except IngestError as failure:
            complain(failure)
        until = time.monotonic() + settings.alert_sweep_seconds
        while not stop.is_set() and not wake.wait(_LOOK) and time.monotonic() < until:
            pass


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sending:
    """One call of `deliver_due`."""

    store: Store
    settings: Settings
    run: Run
    open_channel: Opener
    jitter: Callable[[], float]
    stopping: Callable[[], bool]

    def channel(self, name: str) -> Iterable[Settled]:
        """Send what is due on a channel, until nothing is or it fails: then the rest of it waits as well."""
        line = _Line(name=name, opener=lambda: self.open_channel(name, self.settings))
        try:
            while not self.stopping():
                claimed = queue.claim(self.store.database, self.run, name, lease_seconds=self.settings.lease_seconds)
                if claimed is None:
                    return
                settled = self._settle(claimed, line)
                _log(settled)
                yield settled
                if settled.state == "pending":
                    return
        finally:
            line.close()

    def _settle(self, claimed: ClaimedDelivery, line: _Line) -> Settled:
        try:
            with read.connect(self.settings.database_url) as connection:
                notice = compose(connection, claimed)
            result = None if notice is None else line.deliver(notice)
        except BaseException:
            # Nothing says that it arrived. Where the store is away, the lease runs out by itself.
            _quietly(lambda: queue.give_back(self.store.database, claimed))
            raise
        return self._recorded(lambda: self._record(claimed, result))

    def _record(self, claimed: ClaimedDelivery, result: Delivered | Undelivered | None) -> Settled:
        database = self.store.database
        if result is None:
            queue.withdrawn(database, claimed)
            return _settled(claimed, "withdrawn")
        detail = mask(result.detail)
        if isinstance(result, Delivered):
            queue.sent(database, claimed, answer=detail)
            return _settled(claimed, "sent", detail)
        wait = back_off(claimed.attempt, jitter=self.jitter(), retry_after=result.retry_after)
        last = claimed.scheduled_at + timedelta(hours=self.settings.alert_give_up_hours)
        if result.permanent or claimed.at + wait > last:
            queue.park(database, claimed, failure=detail)
            return _settled(claimed, "parked", detail)
        queue.try_again(database, claimed, failure=detail, wait=wait)
        if result.retry_after is not None:
            queue.rest(database, claimed.channel, wait=wait)
        return _settled(claimed, "pending", detail, wait)

    def _recorded(self, record: Callable[[], Settled]) -> Settled:
        """Record a result, and try again while the store is away and the lease holds: else it would be sent twice."""
        deadline = time.monotonic() + self.settings.lease_seconds / 2
        pause = 0.2
        while True:
            try:
                return record()
            except StoreUnavailableError:
                if time.monotonic() + pause > deadline or self.stopping():
                    raise
                time.sleep(pause)
                pause = min(_LONGEST_PAUSE, pause * 2)


_LOGGED = {
    "sent": Event.DELIVERY_SENT,
    "withdrawn": Event.DELIVERY_WITHDRAWN,
    "pending": Event.DELIVERY_FAILED,
    "parked": Event.DELIVERY_PARKED,
}


def _log(settled: Settled) -> None:
    log.event(
        _LOGGED[settled.state],
        delivery=settled.delivery,
        rule=settled.rule,
        channel=settled.channel,
        detail=settled.detail or None,
        wait_seconds=None if settled.wait is None else round(settled.wait.total_seconds()),
    )


@dataclass(slots=True, kw_only=True)
class _Line:
    """A channel, opened when something is to be sent on it."""

    name: str
    opener: Callable[[], Channel]
    opened: Channel | None = field(default=None)

    def deliver(self, notice: Notice) -> Delivered | Undelivered:
        """Send a notice; what goes wrong, also by a defect of the channel, is a value."""
        try:
            if self.opened is None:
                self.opened = self.opener()
            return self.opened.deliver(notice)
        except IngestError as failure:
            return Undelivered(detail=f"{failure} {failure.remedy}".strip())
        except Exception as defect:  # noqa: BLE001 - the boundary at which a defect becomes a recorded failure
            return Undelivered(detail=f"{type(defect).__name__}: {defect}")

    def close(self) -> None:
        """Give up what it holds open."""
        if self.opened is not None:
            self.opened.close()


def _settled(claimed: ClaimedDelivery, state: str, detail: str = "", wait: timedelta | None = None) -> Settled:
    return Settled(
        delivery=claimed.public_id,
        rule=claimed.rule,
        channel=claimed.channel,
        state=state,
        detail=detail,
        wait=wait,
    )


def _quietly(work: Callable[[], None]) -> None:
    with suppress(IngestError):
        work()
