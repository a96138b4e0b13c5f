"""The flow, its batches, and the server that it runs on where there is none."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from math import ceil
from pathlib import Path

import pytest

from flows.command import api_is_set
from ingest.documents import Fate, Tally
from ingest.intake import add_up

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("environment", "profiles", "expected"),
    [
        pytest.param({}, None, False, id="nothing says so"),
        pytest.param({"PREFECT_API_URL": "http://127.0.0.1:4200/api"}, None, True, id="the environment"),
        pytest.param({"PREFECT_API_URL": ""}, None, False, id="an empty variable"),
        pytest.param(
            {}, 'active = "ours"\n[profiles.ours]\nPREFECT_API_URL = "http://h/api"', True, id="the active profile"
        ),
        pytest.param(
            {},
            'active = "none"\n[profiles.none]\n[profiles.ours]\nPREFECT_API_URL = "http://h/api"',
            False,
            id="another",
        ),
        pytest.param(
            {"PREFECT_PROFILE": "ours"}, '[profiles.ours]\nPREFECT_API_URL = "http://h/api"', True, id="a named profile"
        ),
        pytest.param({}, "profiles = 3", False, id="profiles of another shape"),
        pytest.param({}, "not [ toml", False, id="no profiles at all"),
    ],
)
def test_an_api_is_set_by_the_environment_or_by_the_active_profile(tmp_path, environment, profiles, expected):
    if profiles is not None:
        (tmp_path / "profiles.toml").write_text(profiles, encoding="utf-8")
    assert api_is_set({"PREFECT_HOME": str(tmp_path), **environment}) is expected


def test_the_counts_of_several_sources_add_up():
    one = Tally(fates=((Fate.NEW, 2), (Fate.DROPPED, 1)), new_agreements=1, elapsed=timedelta(seconds=2))
    other = Tally(fates=((Fate.NEW, 3),), new_agreements=0, elapsed=timedelta(seconds=1))
    assert add_up([one, other]) == Tally(
        fates=((Fate.DROPPED, 1), (Fate.NEW, 5)), new_agreements=1, elapsed=timedelta(seconds=3)
    )
    assert add_up([]).documents == 0


# What follows imports Prefect or starts it, in a process of its own: it changes settings and logging of the whole one.


def run(code, folder, *, home=None, **environment):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "INGEST_"))}
    if home:
        environment["PREFECT_HOME"] = str(home)
    return subprocess.run(
        [sys.executable, *code],
        cwd=folder,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )


INSPECT = """
import json
from datetime import timedelta
from flows.ingest import batches, ingest_folder, summary
from ingest.documents import Fate, Tally
sizes = {n: [len(batch) for batch in batches(list(range(n)), workers=2)] for n in (0, 1, 32, 64, 65, 200)}
joined = all([p for b in batches(list(range(n)), workers=3) for p in b] == list(range(n)) for n in range(0, 300, 7))
tally = Tally(fates=((Fate.NEAR_DUPLICATE, 2), (Fate.NEW, 1)), new_agreements=3, elapsed=timedelta())
print(json.dumps([sizes, joined, sorted(ingest_folder.parameters.properties), summary(tally).splitlines()]))
"""


@pytest.fixture(scope="module")
def inspected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inspected")
    done = run(["-c", INSPECT], folder, home=folder / "prefect")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_small_window_is_one_batch_and_a_large_one_is_shared_among_the_workers(inspected):
    assert inspected[0] == {"0": [], "1": [1], "32": [32], "64": [32, 32], "65": [33, 32], "200": [100, 100]}


def test_batches_keep_every_page_and_their_order(inspected):
    assert inspected[1] is True


def test_the_parameters_of_the_flow_are_paths_and_a_source_and_no_settings(inspected):
    assert inspected[2] == ["paths", "source"]


def test_the_summary_for_prefect_is_a_table_of_counts(inspected):
    assert inspected[3] == [
        "| documents | |",
        "| --- | ---: |",
        "| near duplicate | 2 |",
        "| new | 1 |",
        "| **agreements newly detected** | 3 |",
    ]


def ingest(folder, *arguments, **environment):
    return run(["-m", "ingest", *arguments], folder, **environment)


def write(folder, count):
    """Documents of which some are dropped and some tell of agreements; enough for several tasks in a window."""
    news = folder / "news"
    news.mkdir()
    for number in range(count):
        (news / f"{number:03}.txt").write_text(
            f"Harbour notes, part {number}\n\nThe ferry of line {number} was late on day {number * 7}. "
            f"Its captain, number {number * 13}, spoke of fog over bay {number * 31} and of {number * 17} gulls.\n",
            encoding="utf-8",
        )
    (news / "signed.txt").write_text(
        "Two universities agree\n\nNorthbank University and Eastlake University signed a memorandum of understanding "
        "on joint research in gene therapy on 3 March 2025.\n",
        encoding="utf-8",
    )
    (news / "empty.txt").write_bytes(b"")


def rows(folder):
    """All that the store offers to a reader, without when and in which run it came there."""
    with sqlite3.connect(folder / "var/ingest.db") as database:
        views = [name for (name,) in database.execute("select name from sqlite_master where type = 'view'")]
        said = {}
        for view in views:
            answer = database.execute(f"select * from {view}")  # noqa: S608 - a name that the database gave
            kept = [n for n, column in enumerate(answer.description) if not f"_{column[0]}".endswith(STAMPS)]
            said[view] = sorted(repr([row[n] for n in kept]) for row in answer)
    database.close()
    return said


STAMPS = ("_at", "run_id", "flow_run", "elapsed", "delivery_id")


def prefect_says(home, query):
    with sqlite3.connect(home / "prefect.db") as database:
        answer = database.execute(query).fetchall()
    database.close()
    return answer


@pytest.mark.slow
def test_the_flow_and_the_process_itself_give_the_same_rows_and_a_quiet_terminal(tmp_path):
    alone, flowing, home = tmp_path / "alone", tmp_path / "flowing", tmp_path / "a home"
    for folder in (alone, flowing):
        folder.mkdir()
        write(folder, 70)
    window = {"INGEST_WINDOW": "72"}  # more than a batch
    in_process = ingest(alone, "run", "news", **window)
    as_flow = ingest(flowing, "run", "--flow", "news", home=home, **window)

    dropped = 3
    assert (in_process.returncode, as_flow.returncode) == (dropped, dropped), as_flow.stderr
    expected = rows(alone)
    assert rows(flowing) == expected
    assert len(expected["v_articles"]) == 71
    assert expected["v_agreements"]
    assert as_flow.stderr == in_process.stderr
    assert "Traceback" not in as_flow.stdout

    log = (home / "prefect.log").read_text(encoding="utf-8")
    assert "Finished in state Completed()" in log
    assert "Traceback" not in log
    assert prefect_says(home, "select name, state_type from flow_run") == [("ingest news", "COMPLETED")]
    # Each of the tasks is recorded, which a server that is stopped too early loses.
    tasks = ceil(71 / max(32, ceil(71 / os.cpu_count())))
    assert prefect_says(home, "select state_type, count(*) from task_run group by 1") == [("COMPLETED", tasks)]
    # An event a batch of some seconds: how many there are depends on the machine, what they tell of does not.
    told = "select sum(json_extract(payload, '$.new')) from events where event = 'ingest.article.stored'"
    assert prefect_says(home, told) == [(71,)]


@pytest.mark.slow
def test_an_api_that_does_not_answer_is_named_and_costs_no_traceback(tmp_path):
    write(tmp_path, 1)
    done = ingest(
        tmp_path, "run", "--flow", "news", home=tmp_path / "home", PREFECT_API_URL="http://me:pass@127.0.0.1:9/api"
    )
    assert done.returncode == 1
    assert "127.0.0.1:9/api" in done.stderr
    assert "does not answer" in done.stderr
    assert "pass@" not in done.stderr
    assert len(done.stderr.splitlines()) <= 3


def test_a_home_that_cannot_be_written_is_named_and_costs_no_traceback(tmp_path):
    write(tmp_path, 1)
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    done = ingest(tmp_path, "run", "--flow", "news", home=tmp_path / "file")
    assert done.returncode == 1
    assert "PREFECT_HOME" in done.stderr
    assert len(done.stderr.splitlines()) <= 3


START = """
import time
from pathlib import Path
from flows.temporary_server import temporary_server
with temporary_server(Path("home")) as server:
    print(server.process.pid, flush=True)
    time.sleep(120)
"""


@pytest.mark.slow
def test_a_server_whose_run_is_killed_leaves_by_itself(tmp_path):
    with subprocess.Popen([sys.executable, "-c", START], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as parent:
        server = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while alive(server) and time.monotonic() < until:
        time.sleep(0.2)
    assert not alive(server)


def alive(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
