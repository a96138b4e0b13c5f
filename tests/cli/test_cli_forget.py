from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
from jsonschema import Draft202012Validator

from ingest import schemas

TEXT = "The harbour of Zanzibarium opened on Monday. Ships came in from the north, and the crews were glad.\n\n" * 6
WHY = ("--reason", "court order", "--by", "A. Chan")


@pytest.fixture
def site(tmp_path, monkeypatch, ingest):
    """A store with an archive and two articles."""
    monkeypatch.setenv("INGEST_DATABASE_URL", f"sqlite:///{tmp_path}/news.db")
    monkeypatch.setenv("INGEST_ARCHIVE_URL", str(tmp_path / "archive"))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "harbour.txt").write_text("Harbour opens\n\n" + TEXT)
    (tmp_path / "in" / "bridge.txt").write_text("Bridge closes\n\n" + TEXT.replace("harbour of Zanzibarium", "bridge"))
    assert ingest("run", str(tmp_path / "in"))[0] == 0
    return tmp_path


def bodies(site):
    return len(list((site / "archive").rglob("*.gz")))


def valid(name, out):
    told = json.loads(out)
    Draft202012Validator(schemas.schema(name)).validate(told)
    return told


def test_what_will_go_is_shown_and_nothing_goes_on_a_dry_run(ingest, site):
    code, out, err = ingest("forget", "harbour.txt", *WHY, "--dry-run")
    assert code == 0
    assert "in: harbour.txt, every revision" in out
    assert "1 raw body of the archive" in out
    assert "backups made before" in out
    assert "nothing was changed" in err
    assert bodies(site) == 2


def test_a_forgotten_article_is_gone_from_store_and_archive_and_stays_away(ingest, site):
    code, _, err = ingest("forget", "harbour.txt", *WHY, "--yes")
    assert code == 0
    assert "harbour.txt is forgotten" in err
    assert bodies(site) == 1
    assert "Zanzibarium" not in ingest("articles", "--json")[1]
    assert [path.name for path in site.glob("news.db*") if b"Zanzibarium" in path.read_bytes()] == []
    (site / "in" / "again.txt").write_text("Harbour opens\n\n" + TEXT)
    code, out, _ = ingest("run", str(site / "in"))
    assert code == 3
    assert "forgotten" in out
    assert bodies(site) == 1
    assert ingest("run", str(site / "in"))[0] == 0
    assert "removed by request" in ingest("why", "harbour.txt")[1]
    assert ingest("db", "verify")[0] == 0


def test_the_same_text_in_other_bytes_leaves_none_in_the_archive(ingest, site):
    ingest("forget", "harbour.txt", *WHY, "--yes")
    (site / "in" / "again.md").write_text("# Harbour opens\n\n" + TEXT)
    assert ingest("run", str(site / "in"))[0] == 3
    assert bodies(site) == 1


def test_a_removal_as_json_is_in_its_form(ingest, site):
    told = valid("removal", ingest("forget", "harbour.txt", *WHY, "--dry-run", "--json")[1])
    assert (told["done"], told["documents"]) == (False, [{"source": "in", "key": "harbour.txt"}])
    done = valid("removal", ingest("forget", "harbour.txt", *WHY, "--yes", "--json")[1])
    assert done == told | {"done": True}
    assert bodies(site) == 1


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("harbour.txt",), 2, "say why"),
        ((), 2, "give an address"),
        (("harbour.txt", "--list"), 2, "give an address"),
        (("--lift", "7", "--by", "A. Chan"), 1, "there is no removal 7"),
        (("harbour.txt", "--reason", " "), 2, "say why"),
        (("harbour.txt", *WHY), 2, "--yes does it"),
        (("nowhere.txt", *WHY, "--yes"), 1, "nothing is stored of 'nowhere.txt'"),
        (("art-nothing", *WHY, "--yes"), 1, "there is no article"),
    ],
)
def test_what_makes_no_sense_is_told_and_nothing_goes(ingest, arguments, code, said):
    found, _, err = ingest("forget", *arguments)
    assert found == code
    assert said in err
    assert len(ingest("articles", "--json")[1].splitlines()) == 2


def test_an_address_is_kept_out_before_anything_is_stored_of_it(ingest, site):
    code, out, _ = ingest("forget", "https://news.example/story?utm_source=x", *WHY, "--yes")
    assert code == 0
    assert "kept out    by 4 digests" in out
    line = {"id": "1", "url": "https://news.example/story", "title": "Harbour", "text": TEXT}
    (site / "lines.jsonl").write_text(json.dumps(line) + "\n")
    code, out, _ = ingest("run", str(site / "lines.jsonl"))
    assert code == 3
    assert "forgotten" in out


def test_raw_bodies_go_when_they_are_old_enough(ingest, site):
    code, _, err = ingest("retention", "--dry-run")
    assert code == 2
    assert "raw_days" in err
    (site / "ingest.toml").write_text("raw_days = 30\n[raw_days_by_source]\nin = 0\n")
    code, out, _ = ingest("retention", "--dry-run")
    assert code == 0
    assert "no raw body is old enough" in out
    (site / "ingest.toml").unlink()
    told = valid("retention", ingest("retention", "--older-than", "1d", "--dry-run", "--json")[1])
    assert (told["pages"], told["done"]) == (0, False)


def test_a_source_of_the_settings_that_is_not_there_is_told(ingest, site):
    (site / "ingest.toml").write_text("[raw_days_by_source]\nnowhere = 3\n")
    code, _, err = ingest("retention", "--yes")
    assert code == 1
    assert "there is no source 'nowhere'" in err


def test_bodies_that_went_are_missed_by_nobody(ingest, site):
    with closing(sqlite3.connect(site / "news.db")) as raw:
        raw.execute("UPDATE fetches SET at = '2020-01-01T00:00:00.000000Z' WHERE id = 1")
        raw.commit()
    told = valid("retention", ingest("retention", "--older-than", "30d", "--yes", "--json")[1])
    assert (told["pages"], told["done"], [each["source"] for each in told["sources"]]) == (1, True, ["in"])
    assert bodies(site) == 1
    assert ingest("db", "verify")[0] == 0
    assert ingest("db", "backup", "kept")[0] == 0
    assert ingest("db", "restore", "kept", "--database", "sqlite:///back.db")[0] == 0
    assert ingest("articles", "--json")[1].count("\n") == 2


def test_what_was_removed_is_listed_and_may_come_in_again_once_that_is_lifted(ingest, site):
    assert "nothing was removed" in ingest("forget", "--list")[2]
    ingest("forget", "harbour.txt", *WHY, "--yes")
    told = valid("tombstone", ingest("forget", "--list", "--json")[1])
    assert (told["id"], told["person"], told["reason"], told["documents"]) == (1, "A. Chan", "court order", 1)
    assert "1\t" in ingest("forget", "--list")[1]
    assert ingest("forget", "--lift", "1", "--by", "B. Wong")[0] == 0
    assert valid("tombstone", ingest("forget", "--list", "--json")[1])["lifted_by"] == "B. Wong"
    code, _, err = ingest("forget", "--lift", "1", "--by", "B. Wong")
    assert code == 2
    assert "lifted before" in err
    code, out, _ = ingest("run", str(site / "in"))
    assert code == 0
    assert "Harbour opens" in out
    assert bodies(site) == 2


def test_a_restore_says_that_it_removed_again_what_was_removed_since(ingest, site):
    assert ingest("db", "backup", str(site / "backups"))[0] == 0
    assert ingest("forget", "harbour.txt", *WHY, "--yes")[0] == 0
    code, out, _ = ingest("db", "restore", str(site / "backups"), "--replace", "--yes")
    assert (code, "1 removal by request since then carried out again" in out) == (0, True)
    assert "Zanzibarium" not in ingest("articles", "--json")[1]
    assert bodies(site) == 1
    assert ingest("db", "verify")[0] == 0


def test_a_file_that_was_copied_back_is_told_of_and_removes_again_what_was_removed_since(ingest, site):
    ingest("db", "backup", str(site / "backups"))
    (old,) = (site / "backups").glob("2*/store.db")
    ingest("forget", "harbour.txt", *WHY, "--yes")
    for file in site.glob("news.db*"):
        file.unlink()
    (site / "news.db").write_bytes(old.read_bytes())
    code, _, err = ingest("db", "verify")
    assert code == 1
    assert "1 removals by request" in err
    assert "`ingest forget --again`" in err
    code, out, err = ingest("forget", "--again", "--dry-run")
    assert (code, "by A. Chan: court order" in out, "nothing was changed" in err) == (0, True, True)
    assert "Zanzibarium" in ingest("articles", "--json")[1] + ingest("sql", "select text from v_articles")[1]
    assert ingest("forget", "--again", "--yes")[0] == 0
    assert "Zanzibarium" not in ingest("sql", "select text from v_articles")[1]
    assert ingest("db", "verify")[0] == 0
    assert "the store knows every removal" in ingest("forget", "--again", "--yes")[1]


def test_an_archive_that_cannot_be_written_is_told_of_and_catches_up(ingest, site):
    (site / "archive").rename(site / "away")
    (site / "archive").write_text("in the way")
    code, _, err = ingest("forget", "harbour.txt", *WHY, "--yes")
    assert code == 1
    assert "harbour.txt is forgotten in the store, but not in the archive" in err
    assert "`ingest forget --again`" in err
    (site / "archive").unlink()
    (site / "away").rename(site / "archive")
    assert bodies(site) == 2
    assert ingest("forget", "--again", "--yes")[0] == 0
    assert bodies(site) == 1
    assert len(list((site / "archive" / "removals").iterdir())) == 1


def test_a_removal_in_the_archive_is_in_its_form(ingest, site):
    ingest("forget", "harbour.txt", *WHY, "--yes")
    (written,) = (site / "archive" / "removals").glob("*.json")
    told = valid("removal-record", written.read_text())
    assert (told["person"], told["reason"], told["lifted_at"]) == ("A. Chan", "court order", None)
    ingest("forget", "--lift", "1", "--by", "B. Lee")
    told = valid("removal-record", written.read_text())
    assert (told["marks"], told["lifted_by"]) == ([], "B. Lee")
