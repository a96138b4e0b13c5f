from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from ingest import schemas
from ingest.archive import Archive


@pytest.fixture
def site(tmp_path, monkeypatch, ingest):
    """A store with its archive, as one run leaves it."""
    monkeypatch.setenv("INGEST_DATABASE_URL", f"sqlite:///{tmp_path}/news.db")
    monkeypatch.setenv("INGEST_ARCHIVE_URL", str(tmp_path / "archive"))
    (tmp_path / "in").mkdir()
    text = "The harbour opened on Monday. Ships came in from the north, and the crews were glad of it.\n\n" * 8
    (tmp_path / "in" / "harbour.txt").write_text("Harbour opens\n\n" + text)
    assert ingest("run", str(tmp_path / "in"))[0] == 0
    return tmp_path


def valid(name, out):
    told = json.loads(out)
    Draft202012Validator(schemas.schema(name)).validate(told)
    return told


def test_a_backup_and_its_restore_say_what_they_did(ingest, site, monkeypatch):
    code, out, _ = ingest("db", "backup", "kept")
    assert code == 0
    assert "backed up" in out
    assert "1 raw body, 1 of them new" in out
    code, out, _ = ingest("db", "verify", "kept")
    assert (code, "in order" in out) == (0, True)
    monkeypatch.setenv("INGEST_ARCHIVE_URL", str(site / "other"))
    code, out, _ = ingest("db", "restore", "kept", "--database", "sqlite:///back.db")
    assert code == 0
    assert "all compared" in out
    assert ingest("db", "verify", "--database", "sqlite:///back.db")[0] == 0


def test_all_three_as_json_are_in_their_forms(ingest, site):
    made = valid("backup", ingest("db", "backup", "kept", "--json")[1])
    assert valid("backup", (site / "kept" / made["name"] / "manifest.json").read_text()) == made
    restored = valid("restored", ingest("db", "restore", "kept", "--json", "--database", "sqlite:///back.db")[1])
    assert restored["mismatches"] == 0
    told = valid("verification", ingest("db", "verify", "--json")[1])
    assert told["findings"] == []
    assert told["tables"] == made["tables"]


def test_what_is_wrong_is_told_with_a_remedy_and_a_code(ingest, site):
    for path in (site / "archive").rglob("*.gz"):
        path.unlink()
    code, _, err = ingest("db", "verify")
    assert code == 1
    assert "archive: The archive has no object" in err
    assert valid("verification", ingest("db", "verify", "--json")[1])["pages_wrong"] == 1
    assert ingest("db", "verify", "--no-archive")[0] == 0
    code, out, _ = ingest("db", "backup", "kept")
    assert code == 3
    assert "ingest db verify" in out


@pytest.mark.usefixtures("site")
def test_a_store_is_replaced_only_by_somebody_who_says_so(ingest):
    ingest("db", "backup", "kept")
    code, _, err = ingest("db", "restore", "kept")
    assert code == 2
    assert "is not empty" in err
    code, _, err = ingest("db", "restore", "kept", "--replace")
    assert code == 2
    assert "--yes does it" in err
    assert ingest("db", "restore", "kept", "--replace", "--yes")[0] == 0
    assert ingest("db", "verify")[0] == 0


def test_only_so_many_backups_are_kept(ingest, site):
    ingest("db", "backup", "kept")
    code, _, err = ingest("db", "backup", "kept", "--keep", "1")
    assert code == 0
    assert "deleted: " in err
    assert len(list((site / "kept").glob("*/manifest.json"))) == 1


@pytest.mark.parametrize("command", [("verify", "none"), ("restore", "none")])
def test_a_folder_without_a_backup_is_told(ingest, command):
    code, _, err = ingest("db", *command)
    assert code == 1
    assert "there is no backup in none" in err


def test_a_body_of_the_archive_that_was_removed_is_brought_back(ingest, site):
    ingest("db", "backup", "kept")
    (only,) = (site / "archive").rglob("*.gz")
    sha256 = only.name.removesuffix(".gz")
    only.unlink()
    told = valid("restored", ingest("db", "restore", "kept", "--database", "sqlite:///b.db", "--json")[1])
    assert told["copied"] == 1
    assert Archive(str(site / "archive")).is_intact(sha256)
