"""Processes that are looked after: started again when they die, given up when they do not stay up, ended in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from flows.services import Service, ServiceFailedError, run


def write(folder, name, code):
    (folder / f"{name}.py").write_text(code, encoding="utf-8")


def service(folder, module, **more):
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{Path(__file__).parents[1]}"}
    return Service(name=module, module=module, environment=environment, log=folder / f"{module}.log", **more)


def alive(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def until(look, seconds=20.0):
    end = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


STAYS = """
import os, signal, sys, time
with open("pids", "a") as file:
    print(os.getpid(), file=file)
def leave(*_):
    print("left in order", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
while True:
    time.sleep(0.05)
"""

DEAF = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with open("pids", "a") as file:
    print(child.pid, file=file)
while True:
    time.sleep(0.05)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pids(folder):
    path = folder / "pids"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


@pytest.fixture
def looked_after():
    """Run services on a thread; gives what was said."""
    stop, said, threads = threading.Event(), [], []

    def start(*services):
        started = threading.Event()
        threads.append(
            threading.Thread(
                target=run, args=(services,), kwargs={"stop": stop, "say": said.append, "started": started.set}
            )
        )
        threads[-1].start()
        assert started.wait(20)
        return said

    yield start
    stop.set()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


def test_a_service_that_dies_is_started_again_and_that_is_said(folder, looked_after):
    write(folder, "stays", STAYS)
    said = looked_after(service(folder, "stays"))
    until(lambda: len(pids(folder)) == 1)
    os.kill(pids(folder)[0], signal.SIGKILL)
    until(lambda: len(pids(folder)) == 2)
    assert said == [f"the stays ended (signal 9); it is started again in 1 s; its log is {folder}/stays.log"]


def test_at_the_end_each_is_told_to_leave_and_may_do_so_in_order(folder):
    write(folder, "stays", STAYS)
    stop = threading.Event()
    kept = service(folder, "stays")
    run([kept], stop=stop, say=pytest.fail, started=lambda: (until(lambda: pids(folder)), stop.set()))
    assert not alive(pids(folder)[0])
    assert "left in order" in (folder / "stays.log").read_text()


def test_one_that_does_not_leave_is_killed_with_all_that_it_started(folder):
    write(folder, "deaf", DEAF)
    stop = threading.Event()
    run(
        [service(folder, "deaf", stop_seconds=0.3)],
        stop=stop,
        say=pytest.fail,
        started=lambda: (until(lambda: pids(folder)), stop.set()),
    )
    until(lambda: not alive(pids(folder)[0]))


def test_one_that_does_not_stay_up_ends_the_whole_and_names_its_log(folder):
    write(folder, "stays", STAYS)
    write(folder, "fails", "raise SystemExit(7)")
    said = []
    with pytest.raises(ServiceFailedError, match=r"fails does not stay up \(exit code 7\); its log is .*fails\.log"):
        run(
            [service(folder, "stays"), service(folder, "fails", first_pause=0.01)],
            stop=threading.Event(),
            say=said.append,
            started=lambda: None,
        )
    assert len(said) == 7
    until(lambda: not alive(pids(folder)[0]))


PARENT = """
import sys, threading
from pathlib import Path
sys.path.insert(0, str(Path.cwd()))
import test_services as t
t.run([t.service(Path.cwd(), "stays")], stop=threading.Event(), say=print, started=lambda: print("up", flush=True))
"""


def test_services_leave_by_themselves_when_the_one_that_started_them_is_killed(folder):
    write(folder, "stays", STAYS)
    path = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1])])
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout.readline() == "up\n"
        until(lambda: pids(folder))
        parent.kill()
    until(lambda: not alive(pids(folder)[0]))
    assert "left in order" in (folder / "stays.log").read_text()
