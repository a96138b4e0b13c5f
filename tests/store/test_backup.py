"""Backups are made while the pipeline works, and come back as the same store on either database."""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import made_rows
import psycopg
import pytest
from store_samples import RULES, annotated, claim, mention, page, take

from ingest.archive import Archive
from ingest.backup import place
from ingest.backup.make import back_up, prune
from ingest.backup.restore import restore
from ingest.backup.verify import verify_backup, verify_store
from ingest.documents import Fate
from ingest.errors import (
    BackupError,
    IngestError,
    SchemaNewerError,
    StoreError,
    StoreMissingError,
    StoreUnfinishedError,
    TargetNotEmptyError,
)
from ingest.migrations import HEAD
from ingest.store import check, open_store
from ingest.store.address import parse
from ingest.store.database import Database
from ingest.store.schema import migrate


class StoppedError(Exception):
    """Stands in for whatever ends a backup."""


def silent(*_):
    pass


@dataclass
class Site:
    """A store with its archive, and a folder for its backups."""

    url: str
    archive: Archive
    folder: Path

    def bring(self, number, *, rules=RULES):
        text = f"Port {number} opened. Ships came in. Alpha and Beta signed {number}."
        arrived = page(f"{number}.txt", f"raw {number}")
        self.archive.put(arrived.content)
        with open_store(self.url, rules=rules) as store:
            take(
                store,
                store.start_run("ingest"),
                arrived,
                annotated(text, mentions=[mention("Alpha", f"Beta {number}", text=text)]),
            )

    def back_up(self, **given):
        options = {"tell": silent, "tell_pages": silent} | given
        return back_up(self.url, options.pop("archive", self.archive.url), self.folder, **options)

    @property
    def names(self):
        return sorted(path.name for path in self.folder.iterdir() if not path.name.startswith(".lock"))


@pytest.fixture
def site(store_url, tmp_path):
    return filled_site(store_url, tmp_path)


@pytest.fixture
def site_in_a_file(sqlite_template, tmp_path):
    """Where the database makes no difference: a backup is a file whatever it is of."""
    shutil.copyfile(sqlite_template, tmp_path / "store.db")
    return filled_site(f"sqlite:///{tmp_path / 'store.db'}", tmp_path)


def filled_site(url, tmp_path):
    made = Site(url, Archive(str(tmp_path / "archive")), tmp_path / "backups")
    for number in range(3):
        made.bring(number)
    return made


def bring_back(site, url, archive, **given):
    options = {"replace": False, "tell": silent, "tell_pages": silent} | given
    return restore(options.pop("backup", site.folder), url, archive, **options)


def verified(url, archive, *, quick=False):
    return verify_store(url, archive, quick=quick, tell=silent, tell_pages=silent)


def verified_backup(folder, *, quick=False):
    return verify_backup(folder, quick=quick, tell=silent, tell_pages=silent)


def test_a_backup_that_was_made_while_others_wrote_comes_back_whole(site, target_url, tmp_path):
    stop, numbers, begun = threading.Event(), itertools.count(100), threading.Semaphore(0)
    failures = []

    def write():
        try:
            while not stop.is_set():
                site.bring(next(numbers))
                begun.release()
        except Exception as failed:  # noqa: BLE001 - whatever it is, the test tells it
            failures.append(failed)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        for _ in range(4):
            assert begun.acquire(timeout=60)
        made = site.back_up(tell=lambda _: stop.wait(0.02))
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert failures == []
    assert made.missing == 0
    done = bring_back(site, target_url, str(tmp_path / "other"))
    assert (done.mismatches, done.missing, done.revision) == (0, 0, HEAD)
    assert check(target_url) == ()
    looked = verified(target_url, str(tmp_path / "other"))
    assert looked.findings == ()
    assert looked.tables == made.tables
    rows = {table.table: table.rows for table in made.tables}
    assert 3 < rows["articles"] == rows["pages"] == done.pages == looked.pages_read


def test_a_restored_store_goes_on_where_it_was(site, target_url):
    site.back_up()
    bring_back(site, target_url, site.archive.url)
    restored = Site(target_url, site.archive, site.folder)
    restored.bring(77)
    with open_store(target_url, rules=RULES) as store:
        (known,) = claim(store, store.start_run("ingest"), page("0.txt", "raw 0"))
    assert known.fate is Fate.UNCHANGED
    counts = made_rows.counts(target_url)
    assert (counts["articles"], counts["documents"]) == (4, 4)


def test_a_backup_is_a_store_that_reading_commands_open(site):
    made = site.back_up()
    assert check(f"sqlite:///{site.folder / made.name / 'store.db'}?mode=ro") == ()
    assert sorted(path.name for path in (site.folder / made.name).iterdir()) == ["manifest.json", "store.db"]


def test_every_row_of_every_table_comes_back_on_either_database(store_url, any_target_url, tmp_path):
    filled = made_rows.fill(store_url)
    site = Site(store_url, Archive(str(tmp_path / "archive")), tmp_path / "backups")
    made = site.back_up(archive=None)
    assert {table.table: table.rows for table in made.tables} == filled
    done = bring_back(site, any_target_url, None)
    assert done.mismatches == 0
    assert made_rows.counts(any_target_url) == filled


def test_raw_bodies_are_copied_once_for_all_backups(site_in_a_file):
    site = site_in_a_file
    first = site.back_up()
    site.bring(3)
    second = site.back_up()
    assert (first.pages, first.copied, second.pages, second.copied) == (3, 3, 4, 1)
    assert first.name != second.name
    assert [backup.name for backup in place.backups(site.folder)] == sorted([first.name, second.name])


def test_a_body_that_the_archive_lost_is_counted_and_the_rest_is_backed_up(site_in_a_file):
    site = site_in_a_file
    lost = next(iter(_objects(site.archive)))
    lost.unlink()
    made = site.back_up()
    assert (made.pages, made.copied, made.missing) == (3, 2, 1)
    assert made.missing_pages == (lost.name.removesuffix(".gz"),)


def _objects(archive):
    return sorted(Path(archive.url).rglob("*.gz"))


def test_a_backup_that_breaks_off_leaves_none(site):
    def stop(*_):
        raise StoppedError

    for broken in ({"tell": stop}, {"tell_pages": stop}):
        with pytest.raises(StoppedError):
            site.back_up(**broken)
    assert set(site.names) <= {"objects"}
    with pytest.raises(BackupError, match="no backup in"):
        verified_backup(site.folder)


def run_script(text, *arguments):
    return subprocess.run(
        [sys.executable, "-c", text, *map(str, arguments)],
        check=False,
        env=os.environ,
        timeout=60,
        capture_output=True,
        text=True,
    )


_KILLED = """
import os, signal, sys
from pathlib import Path
from ingest.backup.make import back_up
def tell(*_):
    os.kill(os.getpid(), signal.SIGKILL)
back_up(sys.argv[1], sys.argv[2], Path(sys.argv[3]), tell=tell, tell_pages=tell)
"""


def test_what_a_killed_backup_left_is_no_backup_and_goes_with_the_next(site_in_a_file):
    site = site_in_a_file
    assert run_script(_KILLED, site.url, site.archive.url, site.folder).returncode == -signal.SIGKILL
    assert [name for name in site.names if name.startswith(".partial-")]
    assert place.backups(site.folder) == ()
    made = site.back_up()
    assert site.names == sorted([made.name, "objects"])


_FULL = """
import resource, signal, sys
from pathlib import Path
from ingest.backup.make import back_up
from ingest.errors import IngestError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    back_up(sys.argv[1], sys.argv[2], Path(sys.argv[3]), tell=lambda *_: None, tell_pages=lambda *_: None)
except IngestError as error:
    print(error, "|", error.remedy)
    sys.exit(error.exit_code)
"""


def test_a_disk_that_takes_no_more_is_told_and_leaves_no_backup(site):
    full = run_script(_FULL, site.url, site.archive.url, site.folder)
    assert full.returncode == 1, full.stderr
    assert "disk" in full.stdout
    assert set(site.names) <= {"objects"}


def test_only_one_backup_is_made_in_a_folder_at_a_time(site_in_a_file):
    site = site_in_a_file
    site.folder.mkdir()
    with (site.folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BackupError, match="another backup is being made"):
            site.back_up()
    assert site.back_up().missing == 0


def test_a_folder_that_cannot_be_made_is_named(site_in_a_file, tmp_path):
    site = site_in_a_file
    (tmp_path / "file").write_text("no folder")
    site.folder = tmp_path / "file" / "backups"
    with pytest.raises(BackupError, match=r"file/backups cannot be written"):
        site.back_up()


def test_a_store_that_may_only_be_read_is_backed_up_too(site_in_a_file):
    site_in_a_file.url += "?mode=ro"
    assert site_in_a_file.back_up().missing == 0


def test_nul_in_a_backup_is_named_and_replaced_only_where_that_is_asked_for(site_in_a_file, postgresql):
    with closing(sqlite3.connect(parse(site_in_a_file.url).path)) as raw:
        raw.execute("UPDATE runs SET failure = ? WHERE id = 1", ("before\0after",))
        raw.commit()
    site_in_a_file.back_up()
    with psycopg.connect(postgresql("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE nul_restored")
    target = postgresql("nul_restored")
    with pytest.raises(StoreError, match="runs, row 1: failure holds NUL"):
        bring_back(site_in_a_file, target, None)
    assert bring_back(site_in_a_file, target, None, replace_nul=True).mismatches == 0


def test_a_body_that_was_deleted_since_the_snapshot_is_not_missed(site_in_a_file):
    site = site_in_a_file
    (first, *_) = _objects(site.archive)

    def tell(*_):
        if first.exists():
            first.unlink()
            with closing(sqlite3.connect(parse(site.url).path)) as raw:
                raw.execute(
                    "UPDATE pages SET removed_at = '2026-03-01T08:00:00.000000Z' WHERE sha256 = ?",
                    (first.name.removesuffix(".gz"),),
                )
                raw.commit()

    made = site.back_up(tell=tell)
    assert (made.pages, made.copied, made.missing) == (2, 2, 0)
    assert verified_backup(site.folder).findings == ()


def test_a_store_that_is_missing_is_not_backed_up(tmp_path):
    site = Site(f"sqlite:///{tmp_path / 'none.db'}", Archive(str(tmp_path / "archive")), tmp_path / "backups")
    with pytest.raises(StoreMissingError):
        site.back_up()
    assert place.backups(site.folder) == ()


def test_a_store_with_rows_is_replaced_only_where_that_is_asked_for(site, target_url):
    site.back_up()
    other = Site(target_url, site.archive, site.folder)
    other.bring(50)
    with pytest.raises(TargetNotEmptyError, match="is not empty"):
        bring_back(site, target_url, site.archive.url)
    assert made_rows.counts(target_url)["articles"] == 1
    assert bring_back(site, target_url, site.archive.url, replace=True).mismatches == 0
    assert made_rows.counts(target_url) == made_rows.counts(site.url)
    assert check(target_url) == ()


def test_a_backup_takes_the_place_of_a_store_that_a_newer_release_upgraded(site, store_url):
    site.back_up()
    with closing(Database(parse(store_url), create=False)) as database:

        def upgraded_by_a_newer_release(connection):
            connection.exec_driver_sql("CREATE TABLE summaries (article_id BIGINT NOT NULL REFERENCES articles (id))")
            connection.exec_driver_sql("INSERT INTO summaries SELECT id FROM articles")
            connection.exec_driver_sql("UPDATE ingest_schema SET version_num = '9999'")

        database.write(upgraded_by_a_newer_release)
    with pytest.raises(SchemaNewerError, match="newer release"):
        bring_back(site, store_url, site.archive.url)
    done = bring_back(site, store_url, site.archive.url, replace=True)
    assert (done.mismatches, done.revision) == (0, HEAD)
    if store_url.startswith("postgresql"):  # whose database may hold tables of others, so that none goes by guess
        (left,) = check(store_url)
        assert "summaries" in left.message
        with closing(psycopg.connect(store_url, autocommit=True)) as raw:
            raw.execute("DROP TABLE summaries")
    assert check(store_url) == ()


def test_a_restore_that_broke_off_is_taken_up_by_the_same_call(site, target_url):
    site.back_up()

    def stop(progress):
        if progress.done > 20:
            raise StoppedError

    with pytest.raises(StoppedError):
        bring_back(site, target_url, site.archive.url, tell=stop)
    with pytest.raises(StoreUnfinishedError):
        open_store(target_url)
    done = bring_back(site, target_url, site.archive.url)
    assert (done.resumed, done.mismatches) == (True, 0)
    assert check(target_url) == ()


def test_an_unfinished_restore_of_another_backup_is_not_taken_up(site_in_a_file, tmp_path):
    site, target = site_in_a_file, f"sqlite:///{tmp_path / 'target.db'}"
    first = site.back_up()
    site.bring(3)
    site.back_up()

    def stop(_):
        raise StoppedError

    with pytest.raises(StoppedError):
        bring_back(site, target, site.archive.url, tell=stop, backup=site.folder / first.name)
    with pytest.raises(TargetNotEmptyError, match="unfinished copy of another store"):
        bring_back(site, target, site.archive.url)
    assert bring_back(site, target, site.archive.url, replace=True).mismatches == 0


@pytest.mark.parametrize("revision", ["0001", "0005", "0007"])
def test_a_store_of_an_earlier_release_is_backed_up_as_it_is_and_comes_back_upgraded(
    empty_url, target_url, tmp_path, revision
):
    database = Database(parse(empty_url), create=True)
    migrate(database, revision)
    database.close()
    filled = made_rows.fill(empty_url)
    site = Site(empty_url, Archive(str(tmp_path / "archive")), tmp_path / "backups")
    made = site.back_up(archive=None)
    assert made.revision == revision
    assert verified_backup(site.folder).findings == ()
    done = bring_back(site, target_url, None)
    assert (done.mismatches, done.revision) == (0, HEAD)
    assert made_rows.counts(target_url)["articles"] == filled["articles"]


def _change_manifest(site, **changes):
    path = place.find(site.folder) / place.MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_backup_of_a_newer_release_says_what_to_do(site_in_a_file, tmp_path):
    site, target = site_in_a_file, f"sqlite:///{tmp_path / 'target.db'}"
    site.back_up()
    _change_manifest(site, revision="9999")
    with pytest.raises(SchemaNewerError) as raised:
        bring_back(site, target, None)
    assert raised.value.remedy == "upgrade ingest"
    _change_manifest(site, revision=HEAD, format=2)
    with pytest.raises(BackupError, match="has form 2"):
        bring_back(site, target, None)


@pytest.mark.parametrize(
    ("manifest", "said"), [("", "Invalid JSON"), ("[]", "no manifest"), ('{"format": "one"}', "format")]
)
def test_a_manifest_that_is_none_is_named(tmp_path, manifest, said):
    (tmp_path / place.MANIFEST).write_text(manifest)
    with pytest.raises(BackupError, match=said):
        verified_backup(tmp_path)


def test_a_damaged_backup_is_found_and_not_restored(site_in_a_file, tmp_path):
    site, target = site_in_a_file, f"sqlite:///{tmp_path / 'target.db'}"
    site.back_up()
    store = place.find(site.folder) / place.STORE
    with store.open("r+b") as file:
        file.seek(store.stat().st_size // 2)
        file.write(b"damage")
    assert [finding.check for finding in verified_backup(site.folder).findings] == ["backup"]
    with pytest.raises(BackupError, match="damaged"):
        bring_back(site, target, None)


def test_rows_that_somebody_changed_in_a_backup_are_found(site_in_a_file):
    site = site_in_a_file
    site.back_up()
    store = place.find(site.folder) / place.STORE
    with closing(sqlite3.connect(store)) as raw:
        raw.execute("UPDATE articles SET language = 'fr'")
        raw.commit()
    _change_manifest(site, store_sha256=place.digest_of(store))
    (finding,) = verified_backup(site.folder).findings
    assert finding.message == "the rows of articles are not those that were backed up"


@pytest.mark.parametrize("quick", [False, True])
def test_a_whole_backup_and_a_whole_store_have_no_findings(site, quick):
    made = site.back_up()
    backup, store = verified_backup(site.folder, quick=quick), verified(site.url, site.archive.url, quick=quick)
    assert backup.findings == store.findings == ()
    assert backup.pages_read == store.pages_read == 3
    assert backup.tables == store.tables == (() if quick else made.tables)


@pytest.mark.parametrize("quick", [False, True])
def test_raw_bodies_that_are_missing_or_damaged_are_found_in_store_and_backup(site, quick):
    site.back_up()
    for archive in (site.archive, place.objects(site.folder)):
        lost, damaged, _ = _objects(archive)
        lost.unlink()
        damaged.write_bytes(b"no gzip")
    for told in (verified(site.url, site.archive.url, quick=quick), verified_backup(site.folder, quick=quick)):
        assert [finding.check for finding in told.findings] == ["archive", "archive"]
        assert told.pages_wrong == 2
        assert "has no object" in told.findings[0].message
        assert "is damaged" in told.findings[1].message


def test_a_restore_mends_bodies_that_the_archive_has_only_damaged(site, target_url):
    site.back_up()
    _objects(site.archive)[0].write_bytes(b"no gzip")
    done = bring_back(site, target_url, site.archive.url)
    assert (done.copied, done.missing) == (1, 0)
    assert verified(target_url, site.archive.url).findings == ()


def test_a_byte_of_a_text_that_was_turned_in_a_store_at_work_is_found(site):
    with open_store(site.url, rules=RULES) as store:
        store.database.write(
            lambda connection: connection.exec_driver_sql(
                "UPDATE articles SET text = replace(text, 'Port 1', 'Pout 1')"
            )
        )
    (found,) = verified(site.url, site.archive.url).findings
    assert found.check == "counts"
    assert found.message.startswith("1 texts are not what their digests say: art-")
    assert verified(site.url, site.archive.url, quick=True).findings == ()


def test_what_constraints_cannot_say_is_found(site):
    address = parse(site.url)
    statement = "INSERT INTO pages (sha256, bytes, media_type, location, first_seen_at, run_id) VALUES"
    values = f"('{'0' * 64}', 1, 'text/plain', 'x', '2026-03-01T08:00:00.000000Z', 1)"
    if address.path:
        with closing(sqlite3.connect(address.path)) as raw:
            raw.execute(f"{statement} {values}")
            raw.commit()
    else:
        with psycopg.connect(address.dsn, autocommit=True) as connection:
            connection.execute(f"{statement} {values}")
    told = verified(site.url, None)
    assert [(finding.check, finding.message) for finding in told.findings] == [
        ("counts", "1 of the pages belong to no document")
    ]


def test_an_article_that_search_does_not_know_is_found(site):
    database = Database(parse(site.url), create=False)
    database.write(lambda connection: connection.exec_driver_sql("DELETE FROM article_search"))
    database.close()
    told = verified(site.url, None)
    assert [finding.message for finding in told.findings] == ["3 articles are not in the index of `ingest search`"]


def test_a_store_of_an_earlier_release_is_told_and_not_read(site):
    database = Database(parse(site.url), create=False)
    database.write(lambda connection: connection.exec_driver_sql("UPDATE ingest_schema SET version_num = '0007'"))
    database.close()
    (finding,) = verified(site.url, None).findings
    assert (finding.check, finding.remedy) == ("schema", "run `ingest db upgrade`")


def test_old_backups_go_with_the_bodies_that_only_they_had(site_in_a_file):
    site = site_in_a_file
    first = site.back_up()
    site.bring(3)
    second = site.back_up()
    shutil.copytree(site.folder / first.name, site.folder / "20200101T000000Z")
    extra = place.objects(site.folder).put(b"of no backup that is left")
    assert prune(site.folder, keep=2) == ("20200101T000000Z",)
    assert not place.objects(site.folder).holds(extra)
    assert prune(site.folder, keep=1) == (first.name,)
    assert [backup.name for backup in place.backups(site.folder)] == [second.name]
    assert verified_backup(site.folder).findings == ()


def test_an_archive_that_does_not_answer_fails_the_backup(site_in_a_file):
    site = site_in_a_file
    with pytest.raises(IngestError):
        site.back_up(archive="nonsense://bucket")
    assert place.backups(site.folder) == ()
