"""`ingest backfill` as it is typed."""

from __future__ import annotations

import json

import pytest
from jsonschema import validate
from warc_samples import Builder, archive, article

from ingest import schemas


@pytest.fixture
def old(tmp_path):
    (tmp_path / "old.warc.gz").write_bytes(archive(3).content)
    return "old.warc.gz"


def test_it_reads_an_archive_and_says_what_was_in_it(ingest, old):
    code, out, _ = ingest("backfill", old, "--on", "threads", "--workers", "1")
    assert code == 0
    lines = dict(line.split(None, 1) for line in out.splitlines())
    assert lines["ranges"] == "1 done"
    assert lines["records"] == "7, of which 3 pages"
    assert lines["skipped"] == "3 request, 1 warcinfo"
    assert lines["pages"] == "3 new"


def test_its_json_is_as_the_schema_says_while_it_reads_and_when_asked_later(ingest, old):
    _, out, _ = ingest("backfill", old, "--on", "threads", "--json")
    code, later, _ = ingest("backfill", "--status", "--json")
    for said in (out, later):
        validate(json.loads(said), schemas.schema("backfill"))
    assert (code, json.loads(later)) == (0, json.loads(out))


def test_asked_before_anything_was_read_it_says_so(ingest, store):
    code, out, err = ingest("--database", store, "backfill", "--status")
    assert (code, out) == (0, "")
    assert "no web archive was read yet" in err
    assert ingest("--database", store, "backfill", "--status", "lacking")[0] == 1


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("gone.warc.gz", None, "There is nothing at gone.warc.gz."),
        ("paper.warc.gz", b"%PDF-1.7", "paper.warc.gz is no web archive: it is a PDF document."),
        ("empty.warc", b"", "empty.warc is no web archive: no bytes are in it."),
    ],
)
def test_an_archive_that_cannot_be_read_makes_it_fail_with_the_reason(ingest, tmp_path, name, content, says):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    code, out, _ = ingest("backfill", name, "--on", "threads")
    assert code == 1
    assert says in out


def test_documents_that_were_dropped_give_the_exit_code_of_every_run(ingest, tmp_path):
    built = Builder().add("response", "https://news.example/1", article(1)).add("response", body=b"<html></html>")
    (tmp_path / "a.warc.gz").write_bytes(built.content)
    assert ingest("backfill", "a.warc.gz", "--on", "threads")[0] == 3
    assert ingest("backfill", "a.warc.gz", "--on", "threads")[0] == 0  # nothing was left to be done


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "name an archive, a folder of them or a list"),
        (("--on", "ships", "a.warc.gz"), "'ships' is not one of"),
        (("--workers", "-1", "a.warc.gz"), "-1 is not in the range"),
    ],
)
def test_what_makes_no_sense_is_refused(ingest, words, says):
    code, _, err = ingest("backfill", *words)
    assert code == 2
    assert says in err


def test_an_archive_given_to_run_is_sent_to_backfill(ingest, old):
    code, _, err = ingest("run", old)
    assert code == 2
    assert "`ingest backfill` reads web archives" in err
