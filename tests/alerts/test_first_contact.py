"""What ends the first contact with a source, for folders, feeds and indexes of sitemaps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from alert_samples import only_rule, told
from store_samples import row, rows

from ingest import pipeline
from ingest.alerts.rules import Rule
from ingest.documents import SourceKind
from ingest.settings import Settings
from ingest.sources import FolderSource
from ingest.store.subscriptions import NewSource, add_source
from ingest.store.visits import Heard, claim_source, end_visit, heard

SAID = "{} and {} signed a memorandum of understanding on batteries on 12 March 2026."


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "news"
    place.mkdir()
    return FolderSource(root=place, name="news", address="news")


@pytest.fixture
def take_in(store, folder, tmp_path):
    only_rule(store, Rule(name="desk", channels=("console",)))
    settings = Settings(archive_url=str(tmp_path / "archive"))

    def run(*names, found=folder, **more):
        for name in names:
            said = SAID.format(f"{name} University", f"{name} Robotics")
            (folder.root / f"{name}.txt").write_text(said, encoding="utf-8")
        pipeline.run(found, store, settings, **more)
        return len(told(store))

    return run


def test_what_a_folder_holds_when_it_is_new_is_first_contact_and_what_is_dropped_later_is_not(take_in):
    assert take_in("Northbank", "Southbank") == 0
    assert take_in("Westbank") == 1
    assert take_in() == 1


def test_a_run_over_a_single_file_does_not_end_the_first_contact(take_in, folder):
    alone = replace(folder, only=(PurePosixPath("Northbank.txt"),))
    assert take_in("Northbank", found=alone) == 0
    assert take_in("Southbank") == 0
    assert take_in("Westbank", found=replace(folder, only=(PurePosixPath("Westbank.txt"),))) == 1


def test_the_first_sweep_of_a_watched_folder_ends_it(take_in, folder):
    swept = replace(folder, only=(PurePosixPath("Northbank.txt"),))
    assert take_in("Northbank", found=swept, ends_first_contact=True) == 0
    assert take_in("Southbank", found=replace(folder, only=(PurePosixPath("Southbank.txt"),))) == 1


def test_a_run_that_fails_does_not_end_the_first_contact(take_in, store):
    def fail(_):
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        take_in("Northbank", tell=fail)
    assert rows(store, "SELECT name FROM sources WHERE first_pass_at IS NOT NULL") == []
    assert take_in("Southbank") == 0
    assert take_in("Westbank") == 1


@pytest.mark.parametrize(("visits", "ended"), [((False,), False), ((False, True), True), ((True,), True)])
def test_a_listing_ends_it_when_all_of_it_was_read(store, run, visits, ended):
    add_source(store.database, run, NewSource(name="site", kind=SourceKind.SITEMAP, address="https://site.example/map"))
    for is_whole in visits:
        due = claim_source(store.database, run, kinds=[SourceKind.SITEMAP], lease_seconds=60, only=["site"])
        heard(store.database, run, due, Heard(wait=due.lease, entries=1, new=1, is_whole=is_whole))
        end_visit(store.database, due)
    found = row(store, "SELECT first_contact_at, first_pass_at FROM sources")
    assert found["first_contact_at"] is not None
    assert (found["first_pass_at"] is not None) is ended
