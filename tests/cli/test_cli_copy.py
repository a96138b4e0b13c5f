from __future__ import annotations

import json

from jsonschema import Draft202012Validator

from ingest import schemas


def test_a_copy_tells_each_table_and_that_all_rows_are_the_same(ingest, store, tmp_path):
    code, out, err = ingest("db", "copy", store, f"sqlite:///{tmp_path}/copy.db")
    assert code == 0
    assert "articles\t" in out
    assert "rows compared, all are the same" in out
    assert "copying " in err
    assert "100 %" in err
    assert ingest("db", "check", "--database", f"sqlite:///{tmp_path}/copy.db")[0] == 0


def test_a_copy_as_json_is_in_its_form(ingest, store, tmp_path):
    code, out, _ = ingest("db", "copy", store, f"sqlite:///{tmp_path}/copy.db", "--json")
    told = json.loads(out)
    assert code == 0
    Draft202012Validator(schemas.schema("store-copy")).validate(told)
    assert told["mismatches"] == 0
    assert told["rows"] == told["copied"] == sum(table["rows"] for table in told["tables"])


def test_an_address_that_is_none_is_wrong_usage_and_shows_no_password(ingest, store):
    code, _, err = ingest("db", "copy", store, "mysql://me:hidden@host/news")
    assert code == 2
    assert "not the address of a database" in err
    assert "hidden" not in err


def test_a_target_that_does_not_answer_shows_no_password(ingest, store):
    code, _, err = ingest("db", "copy", store, "postgresql://me:hidden@127.0.0.1:1/news")
    assert code == 1
    assert "does not answer" in err
    assert "hidden" not in err


def test_a_target_that_holds_rows_is_wrong_usage(ingest, store, tmp_path):
    target = f"sqlite:///{tmp_path}/copy.db"
    assert ingest("db", "copy", store, target)[0] == 0
    code, _, err = ingest("db", "copy", store, target)
    assert code == 2
    assert "is not empty" in err
