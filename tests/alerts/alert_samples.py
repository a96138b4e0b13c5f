"""Made-up articles, channels and receivers for the tests of alerts."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

from sqlalchemy import text
from store_samples import FakeSource, annotated, mention, page, rows, take

from ingest.alerts.channel import Delivered, Undelivered
from ingest.alerts.dispatch import deliver_due
from ingest.documents import Status
from ingest.store.alerts.rules import add_rule, remove_rule

_NUMBERS = count()


def story(store, run, *names, key=None, words="", published=None, document=None, **more):
    """Take an article in whose first sentence says that these agreed; gives its outcome."""
    number = next(_NUMBERS)
    said = f"{' and '.join(names)} {more.get('status', Status.SIGNED)} an accord{words}."
    body = f"{said} Report {number} ends. Nothing else {number}."
    known = mention(*names, text=body, **more)
    arrived = page(document or key or f"{number}.txt", str(number))
    return take(store, run, arrived, annotated(body, published=published, mentions=[known]), source=FakeSource())


def passed(store, run):
    """Say that all that the source holds was taken in."""
    store.passed(run, FakeSource())


def only_rule(store, rule):
    """Have this rule in place of the default one."""
    remove_rule(store.database, "default")
    add_rule(store.database, rule)


def told(store):
    """What the outbox holds: rule, channel, kind, state, and why of each event, in order."""
    found = rows(
        store,
        "SELECT d.rule, d.channel, d.kind, d.state, e.why FROM v_alert_deliveries d"
        " JOIN v_alert_delivery_events e ON e.delivery_id = d.delivery_id ORDER BY e.event_id, d.rule, d.channel",
    )
    return [tuple(row.values()) for row in found]


def whys(store):
    """Why each event of the outbox is told, in order."""
    return [why for *_, why in told(store)]


def states(store):
    """State of each delivery, in the order in which they were made."""
    return [row["state"] for row in rows(store, "SELECT state FROM alert_deliveries ORDER BY id")]


def age(store, seconds):
    """Let time pass: every moment of the outbox moves that much into the past."""
    moments = ("scheduled_at", "due_at", "lease_until", "created_at", "sent_at")
    if store.database.dialect == "sqlite":
        moved = ", ".join(
            f"{name} = strftime('%Y-%m-%dT%H:%M:%f', {name}, '-{seconds} seconds') || '000Z'" for name in moments
        )
    else:
        moved = ", ".join(f"{name} = {name} - interval '{seconds} seconds'" for name in moments)
    store.database.write(lambda connection: connection.execute(text(f"UPDATE alert_deliveries SET {moved}")))  # noqa: S608 - columns of ours


@dataclass
class FakeChannel:
    """A receiver: what it answers, in turn (the last answer again and again), and what it was given."""

    name: str = "console"
    answers: list = field(default_factory=lambda: [Delivered(detail="thanks")])
    received: list = field(default_factory=list)
    is_closed: bool = False

    def deliver(self, notice):
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Delivered):
            self.received.append(notice)
        return answer

    def close(self):
        self.is_closed = True

    @property
    def whys(self):
        return [[item.why for item in notice.items] for notice in self.received]


DOWN = Undelivered(detail="connection refused")


def send(store, settings, *channels, **more):
    """Dispatch what is due to these receivers; gives what came of each attempt."""
    given = {channel.name: channel for channel in channels}
    settled = []
    deliver_due(
        store,
        settings,
        open_channel=lambda name, _: given[name],
        tell=settled.append,
        jitter=lambda: 0.5,
        **more,
    )
    return settled
