"""Ranges of web archives: claimed by one, taken up where they stood, counted once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from store_samples import FakeSource

from ingest.documents import Packing, Tally
from ingest.errors import ClaimLostError
from ingest.store import read, web_archives
from ingest.store.web_archives import Planned, Read

OLD = FakeSource(name="old", kind="warc", address="archives")
NOTHING = Tally(fates=(), new_agreements=0, elapsed=timedelta(0))


def planned(name="a.warc.gz", *, version="1", ranges=((0, 100), (100, None))):
    kept = {"address": f"archives/{name}", "size": 250, "packing": Packing.RECORDS}
    return Planned(name=name, version=version, ranges=ranges, **kept)


def found(records=0, pages=0, **more):
    counts = {"skipped": {"request": records - pages}, "broken": {}, "fates": {"new": pages}} | more
    return Read(records=records, pages=pages, seconds=2.0, **counts)


def claim(store, row, lease=60.0):
    return web_archives.claim(store.database, row, versions={"topics": "1"}, lease_seconds=lease)


def unread(store, *names):
    return web_archives.unread(store.database, "old", names or ("a.warc.gz",))


@pytest.fixture
def rows(store):
    web_archives.enter(store.database, OLD, [planned()])
    return unread(store)


def told(store_url, **more):
    with read.connect(store_url) as connection:
        (said,) = read.backfills(connection, **more)
    return said


def test_a_range_is_read_by_one_worker_and_then_done(store, store_url, rows):
    first = claim(store, rows[0])
    assert (first.archive, first.address, first.position, first.stop, first.packing) == (
        "a.warc.gz", "archives/a.warc.gz", 0, 100, Packing.RECORDS,
    )  # fmt: skip
    assert (first.source, first.run.kind) == ("old", "backfill")
    assert claim(store, rows[0]) is None
    web_archives.advance(store.database, first, 40, found(6, 2))
    web_archives.finish(store.database, first, found(4, 1))
    store.finish_run(first.run, NOTHING)
    assert claim(store, rows[0]) is None
    assert unread(store) == rows[1:]
    said = told(store_url)
    assert (said.done, said.waiting, said.records, said.pages) == (1, 1, 10, 3)
    assert (said.bytes_read, said.bytes, said.seconds, said.records_per_second) == (100, 250, 4.0, 2.5)
    assert [(each.name, each.count) for each in said.skipped] == [("request", 7)]


def test_a_range_that_is_given_back_is_taken_up_where_it_stood(store, rows):
    first = claim(store, rows[0])
    web_archives.advance(store.database, first, 40, found(6, 2))
    store.finish_run(first.run, RuntimeError("the disk is full"))
    second = claim(store, rows[0])
    assert (second.position, second.token) == (40, first.token + 1)


def test_a_worker_that_was_overtaken_changes_nothing(store, store_url, rows):
    slow = claim(store, rows[0], lease=0.0)
    quick = claim(store, rows[0])
    with pytest.raises(ClaimLostError):
        web_archives.advance(store.database, slow, 40, found(6, 2))
    with pytest.raises(ClaimLostError):
        web_archives.finish(store.database, slow, found(6, 2))
    web_archives.fail(store.database, slow, "too late")
    assert quick.position == 0
    said = told(store_url)
    assert (said.records, said.running, said.failed) == (0, 1, 0)


def test_a_range_of_a_process_that_is_gone_is_free_at_once(store, rows):
    dead = claim(store, rows[0])

    def kill(connection):
        connection.execute(text("UPDATE runs SET process_started = 'long ago' WHERE id = :run"), {"run": dead.run.id})

    store.database.write(kill)
    assert claim(store, rows[0]).token == dead.token + 1


def test_a_range_that_failed_says_why_and_is_tried_again(store, store_url, rows):
    first = claim(store, rows[1])
    web_archives.fail(store.database, first, "https://me:secret@host/a cannot be read")
    store.finish_run(first.run, NOTHING)
    said = told(store_url)
    assert (said.failed, [(each.archive, each.offset) for each in said.failures]) == (1, [("a.warc.gz", 100)])
    assert "secret" not in said.failures[0].failure
    assert unread(store) == rows
    assert claim(store, rows[1]) is not None


def test_a_range_whose_lease_ran_out_is_told_as_waiting(store, store_url, rows):
    claim(store, rows[0])
    assert told(store_url).running == 1
    assert told(store_url, now=datetime.now(UTC) + timedelta(hours=1)).waiting == 2


def test_an_archive_that_has_not_changed_keeps_what_was_read_of_it(store, rows):
    first = claim(store, rows[0])
    web_archives.finish(store.database, first, found(4, 1))
    web_archives.enter(store.database, OLD, [planned(ranges=((0, 50), (50, 100), (100, None)))])
    assert unread(store) == rows[1:]


def test_an_archive_that_has_changed_is_read_anew(store, store_url, rows):
    first = claim(store, rows[0])
    web_archives.finish(store.database, first, found(4, 1))
    store.finish_run(first.run, NOTHING)
    web_archives.enter(store.database, OLD, [planned(version="2", ranges=((0, None),))])
    assert len(unread(store)) == 1
    assert told(store_url).records == 0
    assert claim(store, unread(store)[0]).token > first.token  # though the row may have the number of an old one


def test_an_archive_that_cannot_be_read_is_told_and_another_try_may_do_better(store, store_url):
    lacking = Planned(name="b.warc.gz", address="archives/b.warc.gz", failure="There is nothing there.")
    web_archives.enter(store.database, OLD, [planned(), lacking])
    said = told(store_url)
    assert (said.archives, said.failed, said.failures[0].offset) == (2, 1, None)
    web_archives.enter(store.database, OLD, [planned("b.warc.gz")])
    assert told(store_url).failed == 0
    assert len(unread(store, "a.warc.gz", "b.warc.gz")) == 4


def test_what_was_read_of_an_archive_stands_when_it_is_away_for_a_while(store, store_url, rows):
    first = claim(store, rows[0])
    web_archives.finish(store.database, first, found(4, 1))
    gone = Planned(name="a.warc.gz", address="archives/a.warc.gz", failure="There is nothing there.")
    web_archives.enter(store.database, OLD, [gone])
    said = told(store_url)
    assert (said.done, said.records, said.failed) == (1, 4, 1)


def test_how_long_it_still_takes_follows_from_what_workers_read(store, store_url, rows):
    first = claim(store, rows[0])
    web_archives.advance(store.database, first, 50, found(6, 2))
    said = told(store_url)
    assert said.remaining_seconds == 200 * 2.0 / 50
    claim(store, rows[1])
    assert told(store_url).remaining_seconds == 200 * 2.0 / 50 / 2
