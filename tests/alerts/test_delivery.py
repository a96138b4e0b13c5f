"""Sending what is due: nothing is lost, and each message goes out under one id, whatever the receiver does."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alert_samples import DOWN, FakeChannel, age, only_rule, send, states, story
from store_samples import row, rows

from ingest.alerts.channel import Delivered, Undelivered
from ingest.alerts.dispatch import deliver_due, keep_delivering
from ingest.alerts.rules import Rule
from ingest.errors import ConfigurationError, NotFoundError
from ingest.store.alerts import queue

DESK = Rule(name="desk", channels=("hook",), first_contact=True)


@pytest.fixture
def hook(store):
    only_rule(store, DESK)
    return FakeChannel("hook")


def delivery(store):
    return row(store, "SELECT * FROM v_alert_deliveries")


def test_what_is_due_is_sent_once_with_its_evidence(store, run, settings, hook):
    story(store, run, "Northbank", "Acme", words=" on Monday")
    (settled,) = send(store, settings, hook)
    assert (settled.state, settled.detail, settled.channel) == ("sent", "thanks", "hook")
    (notice,) = hook.received
    (item,) = notice.items
    assert (notice.id, notice.rule) == (settled.delivery, "desk")
    assert item.mention.evidence == "Northbank and Acme signed an accord on Monday."
    assert [party.name for party in item.agreement.parties] == ["Northbank", "Acme"]
    assert send(store, settings, hook) == []
    assert hook.is_closed
    assert (delivery(store)["state"], delivery(store)["answer"], delivery(store)["held_by_run"]) == (
        "sent",
        "thanks",
        None,
    )


def test_where_nothing_is_due_no_run_is_made(store, settings):
    before = rows(store, "SELECT count(*) AS n FROM runs")
    assert deliver_due(store, settings, open_channel=FakeChannel) == {}
    assert rows(store, "SELECT count(*) AS n FROM runs") == before


def test_a_receiver_that_is_down_for_an_hour_gets_everything_once_under_one_id(store, run, settings, hook):
    hook.answers = [DOWN]
    for name in ("Acme", "Zenith", "Apex"):
        story(store, run, "Northbank", name)
    ids = {each["delivery_id"] for each in rows(store, "SELECT delivery_id FROM v_alert_deliveries")}
    tries = 0
    for _ in range(60):
        tries += len(send(store, settings, hook))
        age(store, 60)
    assert set(states(store)) == {"pending"}
    assert tries <= 3 * 10  # back-off: it is left alone more and more
    assert hook.received == []
    hook.answers = [Delivered()]
    for _ in range(40):
        send(store, settings, hook)
        age(store, 60)
    assert set(states(store)) == {"sent"}
    assert sorted(notice.id for notice in hook.received) == sorted(ids)


@pytest.mark.parametrize(
    ("answer", "state", "said"),
    [
        (Undelivered(detail="answered 500"), "pending", "answered 500"),
        (Undelivered(detail="no answer within 10 s"), "pending", "no answer within 10 s"),
        (Undelivered(detail="answered 410: gone", permanent=True), "parked", "answered 410: gone"),
        (
            ConfigurationError("there is no channel 'hook'", remedy="add it"),
            "pending",
            "there is no channel 'hook' add it",
        ),
        (ValueError("a slip of ours"), "pending", "ValueError: a slip of ours"),
        (Undelivered(detail="https://me:pw@hook.example refused"), "pending", "https://me:***@hook.example refused"),
    ],
)
def test_what_a_receiver_does_is_recorded(store, settings, hook, answer, state, said):
    hook.answers = [answer]
    story(store, store.start_run("ingest"), "Northbank", "Acme")
    assert [each.state for each in send(store, settings, hook)] == [state]
    found = delivery(store)
    assert (found["state"], found["failure"], found["attempts"]) == (state, said, 1)


def test_a_receiver_that_asks_to_be_left_alone_is(store, run, settings, hook):
    hook.answers = [Undelivered(detail="answered 429", retry_after=timedelta(minutes=10)), Delivered()]
    for name in ("Acme", "Zenith"):
        story(store, run, "Northbank", name)
    send(store, settings, hook)
    age(store, 9 * 60)
    assert send(store, settings, hook) == []
    age(store, 70)
    assert [each.state for each in send(store, settings, hook)] == ["sent", "sent"]


def test_what_cannot_be_delivered_for_days_is_parked_until_an_operator_has_it_tried_again(store, run, settings, hook):
    hook.answers = [DOWN]
    story(store, run, "Northbank", "Acme")
    for _ in range(71):
        send(store, settings, hook)
        age(store, 3600)
    assert states(store) == ["pending"]
    for _ in range(3):
        send(store, settings, hook)
        age(store, 3600)
    assert states(store) == ["parked"]
    (given_up,) = (each["delivery_id"] for each in rows(store, "SELECT delivery_id FROM v_alert_deliveries"))
    with pytest.raises(NotFoundError, match="alr-none"):
        queue.retry(store.database, deliveries=["alr-none"])
    assert queue.retry(store.database, deliveries=[given_up]) == 1
    hook.answers = [Delivered()]
    send(store, settings, hook)
    assert [notice.id for notice in hook.received] == [given_up]


def test_a_channel_that_is_down_keeps_no_other_waiting(store, run, settings):
    only_rule(store, replace(DESK, channels=("hook", "mail")))
    hook, mail = FakeChannel("hook", answers=[DOWN]), FakeChannel("mail")
    for name in ("Acme", "Zenith"):
        story(store, run, "Northbank", name)
    send(store, settings, hook, mail)
    assert len(mail.received) == 2
    # One attempt tells that it is down; the rest of it is not tried in vain.
    assert [
        each["n"] for each in rows(store, "SELECT sum(attempts) AS n FROM v_alert_deliveries WHERE channel = 'hook'")
    ] == [1]


def test_a_claim_is_respected_while_it_holds_and_a_late_result_changes_nothing(store, run):
    only_rule(store, DESK)
    story(store, run, "Northbank", "Acme")
    one, other = store.start_run("alerts"), store.start_run("alerts")
    mine = queue.claim(store.database, one, "hook", lease_seconds=300)
    assert queue.claim(store.database, other, "hook", lease_seconds=300) is None
    age(store, 301)
    theirs = queue.claim(store.database, other, "hook", lease_seconds=300)
    assert (theirs.public_id, theirs.token, theirs.attempt) == (mine.public_id, mine.token + 1, 2)
    assert not queue.try_again(store.database, mine, failure="late", wait=timedelta(days=1))
    assert not queue.sent(store.database, mine, answer="late")
    assert queue.sent(store.database, theirs, answer="")
    assert states(store) == ["sent"]


def test_an_interrupted_delivery_is_given_back_and_counts_as_no_attempt(store, run, settings, hook):
    def interrupted(*_):
        raise KeyboardInterrupt

    story(store, run, "Northbank", "Acme")
    hook.deliver = interrupted
    with pytest.raises(KeyboardInterrupt):
        send(store, settings, hook)
    found = delivery(store)
    assert (found["state"], found["attempts"], found["held_by_run"]) == ("pending", 0, None)


def test_it_keeps_on_sending_until_it_is_told_to_stop(store, run, settings, hook):
    stop, wake, arrived = threading.Event(), threading.Event(), threading.Event()

    def tell(_):
        arrived.set()

    loop = threading.Thread(
        target=lambda: keep_delivering(
            store,
            settings.model_copy(update={"alert_sweep_seconds": 60}),
            open_channel=lambda *_: hook,
            stop=stop,
            wake=wake,
            tell=tell,
        )
    )
    loop.start()
    try:
        story(store, run, "Northbank", "Acme")
        wake.set()
        assert arrived.wait(20)
    finally:
        stop.set()
        loop.join(20)
    assert not loop.is_alive()
    assert states(store) == ["sent"]


# A sender of its own, whose receiver is a file: a line for each message that it accepted.
SENDER = textwrap.dedent("""
    import os, signal, sys
    from ingest.alerts.channel import Delivered
    from ingest.alerts.dispatch import deliver_due
    from ingest.settings import Settings
    from ingest.store import open_store

    url, path, dies = sys.argv[1:]

    def die(step):
        if dies == step:
            os.kill(os.getpid(), signal.SIGKILL)

    class Receiver:
        name = "hook"
        def deliver(self, notice):
            die("before sending")
            with open(path, "a") as file:
                file.write(notice.id + "\\n")
            die("after sending")
            return Delivered()
        def close(self):
            pass

    def open_channel(name, settings):
        die("after claiming")
        return Receiver()

    with open_store(url) as store:
        deliver_due(store, Settings(database_url=url), open_channel=open_channel)
""")


def sender(url, path, dies="never"):
    return subprocess.Popen([sys.executable, "-c", SENDER, url, str(path), dies], stderr=subprocess.PIPE, text=True)


def finished(process):
    said = process.communicate(timeout=120)[1]
    assert process.returncode in {0, -signal.SIGKILL}, said
    return process.returncode


def received(path):
    return Path(path).read_text().split() if Path(path).exists() else []


@pytest.mark.slow
@pytest.mark.parametrize("step", ["after claiming", "before sending", "after sending"])
def test_a_sender_that_is_killed_loses_nothing_and_repeats_only_under_the_same_id(
    store, run, store_url, tmp_path, step
):
    only_rule(store, DESK)
    for name in ("Acme", "Zenith"):
        story(store, run, "Northbank", name)
    path = tmp_path / "received"
    assert finished(sender(store_url, path, step)) == -signal.SIGKILL
    assert finished(sender(store_url, path)) == 0
    assert states(store) == ["sent", "sent"]
    arrived = received(path)
    assert len(set(arrived)) == 2
    # Accepted, and killed before that was recorded: the one case in which a receiver sees a message twice.
    assert len(arrived) == (3 if step == "after sending" else 2)


@pytest.mark.slow
def test_two_senders_at_once_send_nothing_twice(store, run, store_url, tmp_path):
    only_rule(store, DESK)
    for number in range(30):
        story(store, run, "Northbank", f"Partner {number}")
    path = tmp_path / "received"
    both = [sender(store_url, path) for _ in range(2)]
    assert [finished(each) for each in both] == [0, 0]
    assert set(states(store)) == {"sent"}
    assert len(received(path)) == len(set(received(path))) == 30
