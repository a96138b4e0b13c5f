"""Archives into the store, by whatever reads them: nothing lost, nothing twice, nobody alerted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from warc_samples import MORNING, Builder, archive, article, signed

from ingest import backfill as module
from ingest.backfill import backfill, plan, read_range
from ingest.documents import MediaType, Page
from ingest.errors import ConfigurationError, SourceError
from ingest.intake import take_in
from ingest.settings import Settings
from ingest.sources.warc import WarcSource
from ingest.store import open_store, read
from ingest.workers import readers

PARTIES = ("Northbank University", "Harbour Laboratories")
TOLD = [
    (3, signed(*PARTIES)),
    (9, signed("Westvale Institute", "the Orchard Museum of Science")),
    (17, signed(*PARTIES) + " It was the second time."),
]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"INGEST_{name.upper()}", raising=False)
    return tmp_path


def settings(url, **more):
    return Settings(database_url=url, **{"backfill_range_bytes": 65_536, "window": 8, **more})


def news(path, count=60, first=1):
    """An archive of articles, three of which tell of agreements, and one of which repeats another."""
    built = Builder().info()
    told = dict(TOLD)
    for number in range(first, first + count):
        body = article(number, says=told.get(number, ""))
        built.add("request", f"https://news.example/{number}")
        built.add("response", f"https://news.example/{number}", body)
    built.add("response", "https://other.example/copy", article(first))
    path.write_bytes(built.content)
    return built


def taken_in(planned, given, **more):
    with readers(given) as readers_map:
        for each in planned:
            backfill(each, given, map=readers_map, **more)


def one_by_one(given):
    return lambda ranges: (read_range(each, given) for each in ranges)


def rows(url, sql):
    with read.connect(url) as connection:
        return [tuple(row.values()) for row in connection.rows(sql)]


QUERIES = {
    "documents": "SELECT key, url, state, reason, page_sha256 FROM v_documents",
    "articles": "SELECT text FROM v_articles",
    "topics": "SELECT a.text, t.topic FROM v_article_topics t JOIN v_articles a ON a.article_id = t.article_id",
    "agreements": "SELECT kind, status, signed_on FROM v_agreements",
    "parties": "SELECT name FROM v_agreement_parties",
    "pages": "SELECT sha256, bytes FROM pages",
    "fetches": "SELECT d.key, f.status, f.url, f.at FROM fetches f JOIN documents d ON d.id = f.document_id",
}


def state(url):
    """What a store holds, but for numbers and ids: those may differ with the order in which ranges are read."""
    held = {name: Counter(rows(url, query)) for name, query in QUERIES.items()}
    said = found(url)[0]
    return held, (said.records, said.pages, said.skipped, said.broken, said.done)


def found(url):
    with read.connect(url) as connection:
        return read.backfills(connection)


def test_an_archive_becomes_articles_with_addresses_and_the_time_of_their_capture(store_url, folder):
    news(folder / "a.warc.gz", count=20)
    given = settings(store_url)
    (planned,) = plan(["a.warc.gz"], given)
    backfill(planned, given, map=one_by_one(given))
    assert planned.source == "a"
    (said,) = found(store_url)
    assert (said.records, said.pages, said.done, said.waiting, said.failed) == (42, 21, 1, 0, 0)
    assert {each.name: each.count for each in said.skipped} == {"request": 20, "warcinfo": 1}
    assert {each.name: each.count for each in said.fates} == {"new": 20, "copy": 1}
    assert rows(store_url, "SELECT DISTINCT at FROM fetches")[0][0] in {
        MORNING, MORNING.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }  # fmt: skip
    assert len(rows(store_url, "SELECT agreement_id FROM v_agreements")) == 2
    with open_store(store_url) as store, store.database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM alert_occasions").scalar_one() == 0
    assert len(list((folder / "var/archive").rglob("*.gz"))) == 20


def test_what_is_done_is_not_read_again(store_url, folder):
    news(folder / "a.warc.gz", count=5)
    given, told = settings(store_url), []
    for _ in range(2):
        (planned,) = plan(["a.warc.gz"], given)
        backfill(planned, given, map=one_by_one(given), tell=told.append)
    assert [done.pages for done in told] == [6]
    before, _ = state(store_url)
    (folder / "b.warc.gz").write_bytes((folder / "a.warc.gz").read_bytes())
    (planned,) = plan(["b.warc.gz"], given, source="a")  # the same captures from another file of the source
    backfill(planned, given, map=one_by_one(given))
    after, _ = state(store_url)
    assert after == before


def test_what_the_live_pipeline_learns_anew_is_told_and_what_the_past_said_is_not(store_url, folder):
    news(folder / "a.warc.gz", count=20)
    given = settings(store_url)
    (planned,) = plan(["a.warc.gz"], given)
    backfill(planned, given, map=one_by_one(given))
    live = folder / "live"
    live.mkdir()
    (live / "known.html").write_bytes(article(500, says=signed(*PARTIES)))
    (live / "fresh.html").write_bytes(article(501, says=signed("Eastvale University", "Quayside Bank")))
    take_in([str(live)], source="desk", settings=given, tell=lambda _: None)
    with open_store(store_url) as store, store.database.engine.connect() as connection:
        told = connection.exec_driver_sql(
            "SELECT a.public_id FROM alert_occasions o JOIN agreements a ON a.id = o.agreement_id"
        ).fetchall()
    parties = "SELECT name FROM v_agreement_parties WHERE agreement_id = ? ORDER BY position"
    with read.connect(store_url) as connection:
        names = [[row["name"] for row in connection.rows(parties, agreement)] for (agreement,) in told]
    assert names == [["Eastvale University", "Quayside Bank"]]


@pytest.mark.slow
@pytest.mark.parametrize("on", ["threads", "processes", "dask"])
def test_threads_processes_and_dask_bring_the_store_to_the_same_state(on, folder):
    news(folder / "a.warc.gz", count=150)
    urls = {}
    for name, chosen in (("one", ("threads", 1)), ("many", (on, 2))):
        urls[name] = f"sqlite:///{folder}/{name}.db"
        more = dict(zip(("backfill_on", "backfill_workers"), chosen, strict=True))
        given = settings(urls[name], archive_url=str(folder / name), **more)
        taken_in(plan(["a.warc.gz"], given), given)
    assert found(urls["many"])[0].done > 1
    assert state(urls["many"]) == state(urls["one"])


def test_several_workers_on_one_store_of_either_database_come_to_what_one_comes_to(store_url, folder):
    news(folder / "a.warc.gz", count=90)
    alone = settings(f"sqlite:///{folder}/alone.db", archive_url=str(folder / "alone"))
    (planned,) = plan(["a.warc.gz"], alone)
    backfill(planned, alone, map=one_by_one(alone))
    several = settings(store_url, backfill_on="threads", backfill_workers=3, backfill_range_bytes=65_536)
    taken_in(plan(["a.warc.gz"], several), several)
    assert moments(state(store_url)) == moments(state(alone.database_url))


def moments(state):
    """With times in one form: a database gives them as text, the other does not."""
    held, counts = state
    fetches = Counter()
    for (*known, at), number in held["fetches"].items():
        fetches[(*known, str(at).replace(" ", "T")[:19])] += number
    signed_on = Counter({tuple(map(str, row)): number for row, number in held["agreements"].items()})
    return held | {"fetches": fetches, "agreements": signed_on}, counts


KILLED = """
import os, signal, sys
from ingest.backfill import plan, read_range, ranges_of
from ingest.settings import load
from ingest.sources.warc import source
given, after = load(), int(sys.argv[1])
(planned,) = plan(["a.warc.gz"], given)
passed = 0
take = source.WarcSource.take
def counted(self, outcome):
    global passed
    take(self, outcome)
    passed += 1
    if passed == after:
        os.kill(os.getpid(), signal.SIGKILL)
source.WarcSource.take = counted
for each in ranges_of(planned, given):
    read_range(each, given)
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", [[3], [8, 9, 10], [45, 1, 20]])
def test_a_worker_that_is_killed_loses_nothing_and_nothing_comes_twice(after, folder):
    news(folder / "a.warc.gz", count=120)
    calm = settings(f"sqlite:///{folder}/calm.db", archive_url=str(folder / "calm"))
    (planned,) = plan(["a.warc.gz"], calm)
    backfill(planned, calm, map=one_by_one(calm))
    url = f"sqlite:///{folder}/killed.db"
    environment = {
        **os.environ, "INGEST_DATABASE_URL": url, "INGEST_ARCHIVE_URL": str(folder / "killed"),
        "INGEST_WINDOW": "8", "INGEST_BACKFILL_RANGE_BYTES": "65536",
    }  # fmt: skip
    for each in after:
        done = subprocess.run([sys.executable, "-c", KILLED, str(each)], env=environment, timeout=100, check=False)
        assert done.returncode == -signal.SIGKILL
    rough = settings(url, archive_url=str(folder / "killed"))
    (planned,) = plan(["a.warc.gz"], rough)
    backfill(planned, rough, map=one_by_one(rough))
    assert state(url) == state(calm.database_url)
    events = "SELECT key, event FROM v_document_events WHERE event <> 'taken_over' ORDER BY key, event"
    assert rows(url, events) == rows(calm.database_url, events)


@pytest.mark.slow
def test_the_command_is_killed_with_its_workers_and_started_again(folder):
    news(folder / "a.warc.gz", count=150)
    words = [sys.executable, "-m", "ingest", "backfill", "a.warc.gz", "--on", "processes", "--workers", "2"]
    environment = {**os.environ, "INGEST_BACKFILL_RANGE_BYTES": "65536", "INGEST_WINDOW": "8"}
    started = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"sqlite:///{folder}/var/ingest.db"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        time.sleep(0.1)
        if (folder / "var/ingest.db").exists() and any(each.pages for each in _patiently(url)):
            break
    started.kill()
    started.wait()
    assert 0 < found(url)[0].pages < 151
    done = subprocess.run([*words, "--json"], env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["records"], said["pages"], said["waiting"], said["running"], said["failed"]) == (302, 151, 0, 0, 0)
    calm = settings(f"sqlite:///{folder}/calm.db", archive_url=str(folder / "calm"))
    (planned,) = plan(["a.warc.gz"], calm)
    backfill(planned, calm, map=one_by_one(calm))
    assert state(url) == state(calm.database_url)


def _patiently(url):
    try:
        return found(url)
    except Exception:  # noqa: BLE001 - it is being made
        return ()


ANEW = "UPDATE web_archive_ranges SET state = 'waiting', position = 0"  # as if none had ever been read
CURRENT = "SELECT p.title FROM appearances p JOIN documents d ON d.id = p.document_id AND d.revision = p.revision"


def test_an_older_capture_never_takes_the_place_of_a_newer_one(store_url, folder):
    given = settings(store_url)
    for name, hour, number in (("late", 9, 1), ("early", 7, 2), ("latest", 11, 3)):
        built = Builder().add(
            "response", "https://news.example/1", article(number), WARC_Date=f"2026-03-01T{hour:02}:00:00Z"
        )
        (folder / f"{name}.warc.gz").write_bytes(built.content)
    current = []
    for name in ("late", "early", "early", "latest"):
        (planned,) = plan([f"{name}.warc.gz"], given, source="old")
        with open_store(store_url) as store:
            store.database.write(lambda connection: connection.exec_driver_sql(ANEW))
        backfill(planned, given, map=one_by_one(given))
        current += rows(store_url, CURRENT)[0]
    assert current == ["Report number 1", "Report number 1", "Report number 1", "Report number 3"]
    assert len(rows(store_url, "SELECT id FROM fetches")) == 3


def test_broken_records_are_drops_that_say_where_and_leave_the_page_alone(store_url, folder):
    built = archive(4)
    content = bytearray(built.content)
    content[built.offsets[4] + 60 : built.offsets[4] + 90] = bytes(30)
    (folder / "a.warc.gz").write_bytes(bytes(content))
    given = settings(store_url)
    (planned,) = plan(["a.warc.gz"], given)
    backfill(planned, given, map=one_by_one(given))
    (said,) = found(store_url)
    assert ([(each.name, each.count) for each in said.broken], said.pages) == ([("corrupt_archive", 1)], 3)
    ((key, reason, detail),) = rows(store_url, "SELECT key, reason, detail FROM v_documents WHERE state = 'dropped'")
    assert (key, reason) == (f"a.warc.gz@{built.offsets[4]}", "corrupt_archive")
    assert f"Byte {built.offsets[4]:,} of the archive" in detail


def test_an_archive_that_cannot_be_read_is_told_and_the_others_are_read(store_url, folder):
    news(folder / "a.warc.gz", count=3)
    (folder / "b.warc.gz").write_bytes(b"%PDF-1.7 no archive")
    given = settings(store_url)
    (planned,) = plan([str(folder)], given, source="old")
    backfill(planned, given, map=one_by_one(given))
    (said,) = found(store_url)
    assert (said.archives, said.pages, said.failed) == (2, 4, 1)
    assert "it is a PDF document" in said.failures[0].failure


def test_an_archive_that_goes_away_in_the_middle_is_tried_again_and_then_told(store_url, folder):
    news(folder / "a.warc.gz", count=5)
    given, told = settings(store_url, max_attempts=2), []
    (planned,) = plan(["a.warc.gz"], given)
    (folder / "a.warc.gz").rename(folder / "away")
    backfill(planned, given, map=one_by_one(given), tell=told.append)
    assert [done.failure is not None for done in told] == [True, True]
    (folder / "away").rename(folder / "a.warc.gz")
    backfill(planned, given, map=one_by_one(given))
    (said,) = found(store_url)
    assert (said.done, said.failed, said.pages) == (1, 0, 6)


def test_a_backfill_that_is_told_to_stop_settles_what_it_has_and_goes_on_later(store_url, folder):
    news(folder / "a.warc.gz", count=30)
    given, asked = settings(store_url, window=4), []

    def stopping():
        asked.append(1)
        return len(asked) > 20

    (planned,) = plan(["a.warc.gz"], given)
    (row,) = module.ranges_of(planned, given)[:1]
    read_range(row, given, stopping=stopping)
    stopped = found(store_url)[0]
    assert 0 < stopped.pages < 31
    backfill(planned, given, map=one_by_one(given))
    assert (found(store_url)[0].pages, found(store_url)[0].records) == (31, 62)


def test_a_page_that_another_worker_has_is_read_again_with_what_follows(store_url, folder):
    news(folder / "a.warc.gz", count=12)
    given = settings(store_url, window=4)
    (planned,) = plan(["a.warc.gz"], given)
    (row,) = module.ranges_of(planned, given)
    with open_store(store_url) as store:
        other = store.start_run("backfill")
        source = WarcSource(name="a", address="a.warc.gz", stretch=module._NOWHERE)
        held = Page(source="a", key="https://news.example/6", content=b"x", media_type=MediaType.HTML)
        store.claim(other, source, [held], lease_seconds=300, max_attempts=3)
        read_range(row, given)
        assert (found(store_url)[0].waiting, found(store_url)[0].pages) == (1, 4)
        store.finish_run(other, RuntimeError("it gave the page back"))
    backfill(planned, given, map=one_by_one(given))
    (said,) = found(store_url)
    assert (said.done, said.pages, said.records) == (1, 13, 26)
    assert {each.name for each in said.fates} == {"new", "unchanged"}
    assert len(rows(store_url, "SELECT key FROM v_documents WHERE state = 'stored'")) == 13


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("one.warc.gz", "one"),
        ("https://data.example/crawl-data/CC-NEWS/2026/03/warc.paths.gz", "CC-NEWS-2026-03"),
        ("archives/2026/", "archives-2026"),
        ("s3://bucket/site/", "site"),
        ("list.paths", "list.paths"),
    ],
)
def test_a_source_is_called_after_its_archives(address, name):
    assert module._stem(address).removesuffix(".warc.gz") == name


def test_the_name_of_another_sort_of_source_is_refused(store_url, folder):
    news(folder / "a.warc.gz", count=1)
    with open_store(store_url) as store:
        run = store.start_run("ingest")
        store.passed(run, type("Desk", (), {"name": "desk", "kind": "folder", "address": "desk", "holds": None})())
    with pytest.raises(ConfigurationError, match="Another source is called 'desk'"):
        plan(["a.warc.gz"], settings(store_url), source="desk")


def test_a_name_that_leads_nowhere_makes_no_source(store_url):
    with pytest.raises(SourceError, match="There is nothing at gone"):
        plan(["gone.paths"], settings(store_url))
    assert found(store_url) == ()
