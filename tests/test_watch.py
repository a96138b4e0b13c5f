from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import PurePosixPath
from queue import Empty, Queue

import pytest

from ingest.sources.folder import FolderSource
from ingest.watch import Pace, _Arriving, watch, watch_folders

SETTLE = 0.25


class Watched:
    """A watch that runs on a thread; what it yields waits in a queue."""

    def __init__(self, folder, pace=None):
        self.bursts, self.stop, self.pace = Queue(), threading.Event(), pace or Pace(settle_seconds=SETTLE)
        self.thread = threading.Thread(target=self._run, args=(folder,), daemon=True)
        self.thread.start()

    def _run(self, folder):
        for burst in watch(folder, pace=self.pace, stop=self.stop):
            self.bursts.put(burst)

    def next(self, timeout=5.0):
        return self.bursts.get(timeout=timeout)

    def until(self, *names):
        """Wait until each of these has come, and return all that came."""
        wanted, came = set(map(PurePosixPath, names)), []
        while not wanted <= set(came):
            came += self.next()
        return [str(path) for path in came]

    def quiet(self, seconds=4 * SETTLE):
        with pytest.raises(Empty):
            self.next(timeout=seconds)
        return True


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "press"
    folder.mkdir()
    return folder


@pytest.fixture
def watching():
    started = []

    def start(folder, pace=None):
        started.append(Watched(folder, pace))
        return started[-1]

    yield start
    for watched in started:
        watched.stop.set()
        watched.thread.join(timeout=5)
        assert not watched.thread.is_alive(), "the watch did not stop"


def age(path, seconds=60):
    then = time.time() - seconds
    os.utime(path, (then, then))


def settled(watching, folder):
    """A watch that has finished its first sweep."""
    marker = folder / "marker.txt"
    marker.write_text("x")
    age(marker)
    watched = watching(folder)
    watched.until("marker.txt")
    return watched


def test_what_is_there_at_the_start_comes_first_and_once(folder, watching):
    for name in ["a.txt", "sub/b.html", ".hidden.txt", "c.txt~", ".git/x.txt"]:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
        age(path)
    watched = watching(folder)
    assert watched.next() == (PurePosixPath("a.txt"), PurePosixPath("sub/b.html"))
    assert watched.quiet()


class Clock:
    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def arriving(folder, clock):
    return _Arriving(folder=folder, settle_seconds=10, clock=clock)


def test_a_file_is_complete_once_it_has_not_changed_for_a_while(folder, clock, arriving):
    path = folder / "a.txt"
    for length in range(1, 5):
        path.write_text("x" * length)
        if length == 1:
            arriving.note([path])
        clock.now += 9
        assert arriving.take_complete() == ()
    clock.now += 9
    assert arriving.take_complete() == ()
    clock.now += 2
    assert arriving.take_complete() == (PurePosixPath("a.txt"),)
    assert arriving.take_complete() == ()


def test_further_events_without_a_change_do_not_put_a_file_off(folder, clock, arriving):
    (folder / "a.txt").write_text("x")
    for _ in range(3):
        arriving.note([folder / "a.txt"])
        clock.now += 4
    assert arriving.take_complete() == (PurePosixPath("a.txt"),)


def test_a_file_that_was_moved_in_is_complete_at_once(folder, arriving):
    (folder / "a.txt").write_text("x")
    age(folder / "a.txt")
    arriving.note([folder / "a.txt"])
    assert arriving.take_complete() == (PurePosixPath("a.txt"),)


def test_a_file_dated_in_the_future_is_waited_for(folder, clock, arriving):
    (folder / "a.txt").write_text("x")
    age(folder / "a.txt", seconds=-3_600)
    arriving.note([folder / "a.txt"])
    assert arriving.take_complete() == ()
    clock.now += 10
    assert arriving.take_complete() == (PurePosixPath("a.txt"),)


def test_a_file_that_is_gone_before_it_is_complete_is_forgotten(folder, clock, arriving):
    (folder / "a.txt").write_text("x")
    arriving.note([folder / "a.txt"])
    (folder / "a.txt").unlink()
    clock.now += 20
    assert arriving.take_complete() == ()


def test_a_file_comes_when_it_is_written(folder, watching):
    watched = settled(watching, folder)
    (folder / "a.txt").write_text("x")
    assert watched.next() == (PurePosixPath("a.txt"),)
    assert watched.quiet()


def test_a_file_whose_name_is_no_utf_8_comes(folder, watching):
    watched = settled(watching, folder)
    name = os.fsdecode(b"caf\xe9.txt")
    (folder / name).write_text("x")
    assert name in watched.until(name)


def test_a_file_that_changes_again_comes_again(folder, watching):
    watched = settled(watching, folder)
    (folder / "a.txt").write_text("one")
    watched.until("a.txt")
    (folder / "a.txt").write_text("two")
    assert watched.until("a.txt") == ["a.txt"]


def test_files_of_a_folder_that_is_moved_in_come(folder, watching, tmp_path):
    watched = settled(watching, folder)
    (tmp_path / "batch" / "deep").mkdir(parents=True)
    (tmp_path / "batch" / "deep" / "a.txt").write_text("x")
    (tmp_path / "batch" / "b.txt").write_text("x")
    (tmp_path / "batch").rename(folder / "batch")
    assert sorted(watched.until("batch/b.txt", "batch/deep/a.txt")) == ["batch/b.txt", "batch/deep/a.txt"]


def test_a_download_comes_under_its_final_name_only(folder, watching):
    watched = settled(watching, folder)
    (folder / "a.txt.part").write_text("x")
    time.sleep(SETTLE * 2)
    (folder / "a.txt.part").rename(folder / "a.txt")
    assert watched.until("a.txt") == ["a.txt"]


def test_a_folder_that_is_deleted_and_returns_is_watched_again(folder, watching):
    watched = settled(watching, folder)
    shutil.rmtree(folder)
    time.sleep(SETTLE * 2)
    folder.mkdir()
    (folder / "a.txt").write_text("x")
    watched.until("a.txt")
    (folder / "b.txt").write_text("x")
    watched.until("b.txt")


def test_a_folder_that_does_not_exist_yet_is_waited_for(tmp_path, watching):
    watched = watching(tmp_path / "later")
    time.sleep(SETTLE)
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "a.txt").write_text("x")
    watched.until("a.txt")


def test_a_burst_is_what_a_folder_source_can_be_asked_for(folder, watching):
    watched = settled(watching, folder)
    (folder / "a.txt").write_text("One.")
    (folder / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    burst = tuple(map(PurePosixPath, watched.until("a.txt", "b.png")))
    source = FolderSource(root=folder, name="press", address="press", only=burst)
    assert [item.key for item in source] == ["a.txt", "b.png"]


def test_files_that_are_still_arriving_are_waited_for_where_a_burst_is_to_be_one(folder, watching):
    (folder / "old.txt").write_text("x")
    age(folder / "old.txt")
    watched = watching(folder, Pace(settle_seconds=SETTLE, gather_seconds=20))
    watched.until("old.txt")
    for number in range(8):
        (folder / f"{number}.txt").write_text("x")
        time.sleep(SETTLE / 2)
    assert [str(path) for path in watched.next()] == [f"{number}.txt" for number in range(8)]


def test_files_that_keep_arriving_are_not_waited_for_for_ever(folder, watching):
    watched = watching(folder, Pace(settle_seconds=SETTLE, gather_seconds=2 * SETTLE))
    began = time.monotonic()
    for number in range(20):
        (folder / f"{number:02}.txt").write_text("x")
        time.sleep(SETTLE / 2)
    assert len(watched.next(timeout=1)) < 20
    assert time.monotonic() - began < 20 * SETTLE


def test_a_file_whose_event_was_lost_is_found_by_the_next_sweep(folder, clock):
    arriving = _Arriving(folder=folder, settle_seconds=10, clock=clock)
    (folder / "a.txt").write_text("x")
    age(folder / "a.txt")
    arriving.note([folder])
    assert arriving.take_complete() == (PurePosixPath("a.txt"),)
    (folder / "b.txt").write_text("x")
    age(folder / "b.txt")
    arriving.note([])
    assert arriving.take_complete() == ()
    arriving.note([folder])
    assert arriving.take_complete() == (PurePosixPath("b.txt"),)


def test_several_folders_are_watched_at_once_and_one_that_goes_and_returns_is_told_of(tmp_path):
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    stop, told, came = threading.Event(), [], []
    bursts = watch_folders(
        folders, pace=Pace(settle_seconds=SETTLE), stop=stop, missing=lambda path, gone: told.append((path.name, gone))
    )

    def take_until(look):
        until = time.monotonic() + 10
        while not look():
            assert time.monotonic() < until, (came, told)
            if (burst := next(bursts)) is not None:
                came.extend((burst.folder.name, str(path)) for path in burst.paths)

    for folder in folders:
        (folder / "a.txt").write_text("x")
    take_until(lambda: {("one", "a.txt"), ("two", "a.txt")} <= set(came))
    shutil.rmtree(folders[0])
    take_until(lambda: ("one", True) in told)
    folders[0].mkdir()
    (folders[0] / "b.txt").write_text("x")
    (folders[1] / "b.txt").write_text("x")
    take_until(lambda: {("one", "b.txt"), ("two", "b.txt")} <= set(came))
    assert told == [("one", True), ("one", False)]
    bursts.close()
    assert stop.is_set()


BURST = """
import resource, sys, threading, time
from pathlib import Path
from ingest.watch import Pace, watch
folder, number = Path(sys.argv[1]), int(sys.argv[2])
stop, came, bursts = threading.Event(), 0, 0
def write():
    for n in range(number):
        (folder / f"{n:05}.txt").write_text("x")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
threading.Timer(1.0, write).start()
began = time.monotonic()
for burst in watch(folder, pace=Pace(settle_seconds=0.25, gather_seconds=10), stop=stop):
    came, bursts = came + len(burst), bursts + 1
    if came >= number:
        stop.set()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(came, bursts, round(time.process_time(), 1), (peak - before) // 1024, round(time.monotonic() - began, 1))
"""


def test_a_burst_of_ten_thousand_files_comes_once_each_and_costs_little(folder):
    done = subprocess.run(
        [sys.executable, "-c", BURST, str(folder), "10000"], capture_output=True, text=True, timeout=120, check=True
    )
    came, bursts, seconds, megabytes, _ = map(float, done.stdout.split())
    assert came == 10_000
    assert bursts <= 5
    assert seconds < 60
    assert megabytes < 100
