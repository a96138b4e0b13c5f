"""What was removed by request does not come back with a store of an earlier day."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from store_samples import RULES, annotated, claim, page, rows

from ingest import removals
from ingest.archive import Archive
from ingest.backup.make import back_up
from ingest.backup.restore import restore
from ingest.backup.verify import verify_store
from ingest.documents import Fate, Reason
from ingest.errors import ArchiveError
from ingest.store import Claimed, check, open_store
from ingest.store.decisions import Ruling
from ingest.store.forgetting.forget import forget
from ingest.store.forgetting.records import records
from ingest.store.forgetting.tombstones import lift

ASKED = Ruling(person="A. Chan", note="court order")
STORY = "https://news.example/story"
TEXT = "Zanzibarium was glad. It rained there."


def silent(*_):
    pass


def bring(store, archive, key, content, text, **more):
    arrived = page(key, content, url=key if "://" in key else None)
    archive.put(arrived.content)
    run = store.start_run("ingest")
    (claimed,) = claim(store, run, arrived)
    return store.save(run, claimed, annotated(text, **more)) if isinstance(claimed, Claimed) else claimed


def remove(store, archive, given, *addresses):
    store.rule(lambda writing, rules: forget(writing, rules, ASKED, given=given, addresses=addresses))
    removals.keep_of(store, archive)
    removals.settle(store, archive)


def back(url, archive, folder, **given):
    options = {"replace": False, "tell": silent, "tell_pages": silent} | given
    return restore(options.pop("backup", folder), url, archive and archive.url, **options)


@pytest.fixture
def archive(tmp_path):
    return Archive(str(tmp_path / "archive"))


@pytest.fixture
def backups(tmp_path):
    return tmp_path / "backups"


@pytest.fixture
def backed_up(store, archive, backups, store_url):
    """A store with two articles, of which a backup was made."""
    bring(store, archive, STORY, "raw story", TEXT)
    bring(store, archive, "copy.txt", "raw copy", TEXT)
    bring(store, archive, "other.txt", "raw other", "The port opened. Ships came in.")
    back_up(store_url, archive.url, backups, tell=silent, tell_pages=silent)
    return store


def titles(url):
    with open_store(url, rules=RULES) as opened:
        return [each["text"] for each in rows(opened, "SELECT text FROM articles ORDER BY id")]


def bodies(folder):
    return len(list(Path(folder).rglob("*.gz")))


@pytest.mark.parametrize("given", [STORY, "copy.txt"], ids=["an address", "a file"])
def test_a_restored_backup_lacks_what_was_removed_since_and_keeps_it_out(
    backed_up, archive, backups, target_url, given
):
    remove(backed_up, archive, given)
    done = back(target_url, archive, backups)
    assert (done.removals, done.mismatches, done.missing) == (1, 0, 0)
    assert titles(target_url) == ["The port opened. Ships came in."]
    assert bodies(archive.url) == 1
    assert check(target_url) == ()
    with open_store(target_url, rules=RULES) as restored:
        for key, content in (("again.txt", "other bytes"), ("https://news.example/elsewhere", "raw story")):
            outcome = bring(restored, archive, key, content, TEXT)
            assert (outcome.fate, outcome.dropped.reason) == (Fate.DROPPED, Reason.FORGOTTEN)
        assert [each.person for each in restored.database.read(records)] == ["A. Chan"]


def test_the_address_of_a_removal_is_kept_out_after_a_restore_too(backed_up, archive, backups, target_url):
    remove(backed_up, archive, STORY)
    back(target_url, archive, backups)
    with open_store(target_url, rules=RULES) as restored:
        assert rows(restored, "SELECT state, reason FROM documents WHERE url IS NOT NULL") == [
            {"state": "dropped", "reason": "forgotten"}
        ]


def test_a_removal_that_was_lifted_is_not_carried_out_again(backed_up, archive, backups, target_url):
    remove(backed_up, archive, STORY)
    backed_up.rule(lambda writing, _: lift(writing, Ruling(person="B. Lee"), tombstone=1))
    removals.keep_of(backed_up, archive)
    back(target_url, archive, backups)
    assert len(titles(target_url)) == 2
    with open_store(target_url, rules=RULES) as restored:
        (known,) = restored.database.read(records)
    assert (known.lifted_by, known.marks) == ("B. Lee", ())


def test_a_store_of_an_earlier_day_does_not_unlift_what_the_archive_records(backed_up, archive):
    remove(backed_up, archive, STORY)
    active = backed_up.database.read(records)
    backed_up.rule(lambda writing, _: lift(writing, Ruling(person="B. Lee"), tombstone=1))
    removals.keep_of(backed_up, archive)
    removals.keep(archive, active)
    (kept,) = removals.kept(archive)
    assert kept.lifted_by == "B. Lee"


def test_backups_record_removals_so_that_an_older_one_knows_them_without_the_archive(
    backed_up, archive, backups, target_url, tmp_path, store_url
):
    remove(backed_up, archive, STORY)
    [first] = [each for each in sorted(backups.iterdir()) if each.name.startswith("2")]
    back_up(store_url, archive.url, backups, tell=silent, tell_pages=silent)
    shutil.rmtree(archive.url)
    elsewhere = Archive(str(tmp_path / "elsewhere"))
    done = back(target_url, elsewhere, backups, backup=first)
    assert done.removals == 1
    assert titles(target_url) == ["The port opened. Ships came in."]
    assert bodies(elsewhere.url) == 1
    assert len(removals.kept(elsewhere)) == 1


def test_the_store_that_is_replaced_hands_its_removals_on(backed_up, archive, backups, store_url):
    backed_up.rule(lambda writing, rules: forget(writing, rules, ASKED, given=STORY))
    backed_up.close()
    assert removals.kept(archive) == ()
    assert back(store_url, archive, backups, replace=True).removals == 1
    assert titles(store_url) == ["The port opened. Ships came in."]
    assert len(removals.kept(archive)) == 1


def test_a_store_that_was_brought_back_by_other_means_is_told_of_and_catches_up(
    backed_up, archive, backups, target_url
):
    """As after a base backup of PostgreSQL: nobody told the store what was removed since."""
    back(target_url, archive, backups)
    remove(backed_up, archive, STORY)

    def findings():
        found = verify_store(target_url, archive.url, quick=False, tell=silent, tell_pages=silent).findings
        return [(each.check, each.remedy) for each in found if each.check == "removals"]

    assert findings() == [("removals", "`ingest forget --again` carries them out")]
    with open_store(target_url, rules=RULES) as behind:
        lacking = removals.unknown_to(target_url, removals.kept(archive))
        (done,) = removals.carry_out_again(behind, lacking)
        assert len(done.documents) == 2
        assert removals.unknown_to(target_url, removals.kept(archive)) == ()
    assert findings() == []


def test_a_copy_elsewhere_goes_and_its_address_may_bring_other_things(store, archive, backups, target_url, store_url):
    other = "https://other.example/page"
    bring(store, archive, STORY, "raw story", TEXT)
    bring(store, archive, other, "raw copy", TEXT)
    back_up(store_url, archive.url, backups, tell=silent, tell_pages=silent)
    remove(store, archive, STORY)
    back(target_url, archive, backups)
    with open_store(target_url, rules=RULES) as restored:
        outcome = bring(restored, archive, other, "new bytes", "The ferry left. All went home.")
        assert outcome.fate is Fate.NEW
        assert bring(restored, archive, STORY, "new too", "The tram left.").dropped.reason is Reason.FORGOTTEN


@pytest.mark.usefixtures("backed_up")
def test_a_record_that_is_none_is_named_before_anything_is_restored(archive, backups, target_url):
    archive.put_record("20260101T000000.000000Z-0.json", b"{")
    with pytest.raises(ArchiveError, match=r"removals/20260101T000000\.000000Z-0\.json is no record") as refused:
        back(target_url, archive, backups)
    assert "backup" in refused.value.remedy


def test_records_hold_nothing_of_what_was_removed(backed_up, archive):
    remove(backed_up, archive, STORY)
    written = b"".join(archive.records().values())
    assert b"court order" in written
    assert b"Zanzibarium" not in written
    assert b"news.example" not in written
