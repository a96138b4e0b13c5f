"""The guard around the HTML parser: one hostile page costs one page, from wherever it is called."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.documents import Article, Dropped, MediaType, Page, Reason
from ingest.errors import ParserUnavailableError
from ingest.extract.dates import Clock
from ingest.extract.guard import Guard, Limits

CLOCK = Clock(now=datetime(2026, 6, 1, tzinfo=UTC))
SECONDS = 0.5


def page(content: str) -> Page:
    return Page(source="test", key=content[:20], content=content.encode(), media_type=MediaType.HTML)


@pytest.fixture(scope="module")
def guard():
    limits = Limits(seconds=SECONDS, memory=600_000_000, content=1000)
    guard = Guard(read="hostile_readers:read", limits=limits)
    yield guard
    guard.close()


def child_of(guard: Guard) -> int:
    """Number of the process that reads the next page."""
    article = guard.read(page("who"), CLOCK)
    assert isinstance(article, Article)
    return int(article.text.split()[0])


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        ("loop", Reason.PARSER_TIMED_OUT),
        ("loop-in-c", Reason.PARSER_TIMED_OUT),
        ("sleep 60", Reason.PARSER_TIMED_OUT),
        ("hoard", Reason.PARSER_OUT_OF_MEMORY),
        ("hoard-and-hide", Reason.PARSER_OUT_OF_MEMORY),
        ("killed", Reason.PARSER_OUT_OF_MEMORY),
        ("segfault", Reason.PARSER_FAILED),
        ("exit", Reason.PARSER_FAILED),
        ("raise", Reason.PARSER_FAILED),
        ("x" * 1001, Reason.TOO_LARGE),
    ],
)
def test_a_hostile_page_is_dropped_with_its_reason_and_the_next_one_is_read(does, reason):
    guard = Guard(read="hostile_readers:read", limits=Limits(seconds=SECONDS, memory=300_000_000, content=1000))
    try:
        dropped = guard.read(page(does), CLOCK)
        assert isinstance(dropped, Dropped)
        assert (dropped.reason, dropped.key, bool(dropped.detail)) == (reason, does[:20], True)
        assert isinstance(guard.read(page("after"), CLOCK), Article)
    finally:
        guard.close()


def test_a_child_reads_page_after_page(guard):
    assert child_of(guard) == child_of(guard)


def test_the_size_of_the_parent_is_not_counted_as_the_childs():
    held = b"x" * 700_000_000
    guard = Guard(read="hostile_readers:read", limits=Limits(seconds=5, memory=600_000_000, content=1000))
    try:
        assert child_of(guard) == child_of(guard)
    finally:
        guard.close()
    assert len(held) == 700_000_000


def test_a_child_that_failed_on_a_page_reads_the_next(guard):
    before = child_of(guard)
    guard.read(page("raise"), CLOCK)
    assert child_of(guard) == before


def test_time_is_counted_for_each_page_anew(guard):
    for _ in range(3):
        assert isinstance(guard.read(page(f"sleep {0.6 * SECONDS}"), CLOCK), Article)


def test_what_the_parser_prints_is_no_reply(guard):
    assert "chatter" in guard.read(page("chatter"), CLOCK).text


def test_a_child_that_died_while_it_was_idle_costs_nothing(guard):
    os.kill(child_of(guard), signal.SIGKILL)
    time.sleep(0.05)
    assert isinstance(guard.read(page("after"), CLOCK), Article)


def test_a_child_that_is_stopped_is_killed_from_outside(guard):
    os.kill(child_of(guard), signal.SIGSTOP)
    assert guard.read(page("who"), CLOCK).reason is Reason.PARSER_TIMED_OUT


def test_threads_have_children_of_their_own_and_get_their_own_answers(guard):
    contents = [f"page {number}" for number in range(40)]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda content: guard.read(page(content), CLOCK).text, contents))
    assert [" ".join(answer.split()[1:3]) for answer in answers] == contents


def test_a_thread_that_waits_for_a_slow_page_does_not_hold_the_others_up():
    guard = Guard(read="hostile_readers:read")
    with ThreadPoolExecutor(1) as threads:
        assert isinstance(guard.read(page("warm"), CLOCK), Article)
        slow = threads.submit(guard.read, page("sleep 5"), CLOCK)
        for _ in range(5):
            assert isinstance(guard.read(page("quick"), CLOCK), Article)
        assert not slow.done()
    guard.close()


def _read_in_worker(content: str) -> tuple[int, str]:
    from ingest.extract import extract

    story = "The harbour authority will open a laboratory for ship safety next spring, it said on Monday morning. " * 3
    article = extract(page(f"<html><body><article><p>{content} {story}</p></article></body></html>"))
    return os.getpid(), article.text


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_workers_of_a_process_pool_start_children_of_their_own(start):
    _read_in_worker("first")  # so that there is a child that a forked worker must not use
    context = multiprocessing.get_context(start)
    with ProcessPoolExecutor(1, mp_context=context) as workers:
        told = list(workers.map(_read_in_worker, ["one", "two"]))
    assert [text.split()[0] for _, text in told] == ["one", "two"]
    assert _read_in_worker("again")[1].startswith("again")


def test_a_daemonic_worker_may_start_one_too():
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.map(_read_in_worker, ["one"])[0][1].startswith("one")


@pytest.mark.parametrize("read", ["no_such_module:read", "hostile_readers:no_such_function"])
def test_a_parser_that_cannot_start_is_no_fault_of_the_page(read):
    with pytest.raises(ParserUnavailableError, match="no_such"):
        Guard(read=read).read(page("x"), CLOCK)


def test_an_interrupted_call_does_not_leave_its_answer_to_the_next():
    code = """
import os, signal, sys, threading
from datetime import datetime, UTC
from test_extract_guard import CLOCK, page
from ingest.extract.guard import Guard
guard = Guard(read="hostile_readers:read")
guard.read(page("first"), CLOCK)
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    guard.read(page("sleep 1"), CLOCK)
except KeyboardInterrupt:
    print(guard.read(page("next"), CLOCK).text.split()[1])
"""
    path = os.pathsep.join(filter(None, sys.path))
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    assert (done.stdout.strip(), done.stderr) == ("next", "")


def test_children_do_not_outlive_a_parent_that_was_killed():
    code = """
import os, signal
from test_extract_guard import CLOCK, page
from ingest.extract.guard import Guard
print(Guard(read="hostile_readers:read").read(page("who"), CLOCK).text.split()[0], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    path = os.pathsep.join(filter(None, sys.path))
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    child = int(done.stdout)
    for _ in range(100):
        try:
            state = Path(f"/proc/{child}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
        except OSError:
            return
        if state == "Z":  # nobody has asked for its status yet
            return
        time.sleep(0.05)
    pytest.fail("the child still runs")
