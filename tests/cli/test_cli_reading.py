"""What `articles`, `article`, `agreements`, `agreement`, `why` and `stats` show of a small store."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ingest import schemas
from ingest.cli.history import places
from ingest.cli.screen import Screen
from ingest.report import agreements as shown_agreements
from ingest.report import articles as shown_articles
from ingest.sources.keys import file_key
from ingest.store import read
from ingest.store.keys import stored_key


def rows(out):
    return [line.split("\t") for line in out.splitlines()]


def test_articles_in_a_pipe_are_tab_separated_lines_latest_first_and_undated_last(ingest, store):
    code, out, err = ingest("articles", "--database", store)
    assert (code, err) == (0, "")
    assert [row[0] for row in rows(out)] == ["art-000000000002", "art-000000000003"]
    assert rows(out)[0][1:] == ["2026-02-27", "en", "fintech", "University signs", "desk", "sub/signed.txt"]


def test_no_hostile_character_reaches_the_output(ingest, store):
    for command in (("articles",), ("article", "art-000000000003"), ("why", "hostile.txt"), ("articles", "--json")):
        _, out, _ = ingest("--database", store, *command)
        assert not set(out) & set("\x1b\x9b\u202e")
        assert "[bold]headline[/bold]" in out


@pytest.mark.parametrize("width", [80, 140])
def test_a_terminal_shows_hostile_text_as_text(store, width):
    with read.connect(store) as connection:
        listing = read.articles(connection, read.ArticleFilter(), limit=0)
    out = io.StringIO()
    Screen(out, io.StringIO(), colour=False, width=width).show(shown_articles.entries(listing.items))
    assert "[bold]headline[/bold]" in out.getvalue()
    assert "\x1b[31m" not in out.getvalue()
    assert "\u202e" not in out.getvalue()


@pytest.mark.parametrize("width", [60, 80, 140])
def test_nothing_on_a_terminal_is_wider_than_the_terminal_or_drawn_with_boxes(store, width):
    from rich.cells import cell_len

    with read.connect(store) as connection:
        agreements = read.agreements(connection, read.AgreementFilter(), limit=0).items
        article = read.article(connection, "art-000000000002")
    out = io.StringIO()
    blocks = [*shown_agreements.entries(agreements), *shown_articles.detail(article, {}), *shown_articles.cuts(article)]
    Screen(out, io.StringIO(), colour=False, width=width).show(blocks)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue()).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert not set(out.getvalue()) & set("│┃─━┏┌|")
    assert "Northbank University" in out.getvalue()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), ["2", "3"]),
        (("--topic", "fintech"), ["2"]),
        (("--language", "zh"), ["3"]),
        (("--language", "zh-Hant"), ["3"]),
        (("--language", "z"), []),
        (("--since", "2026-02-28"), ["3"]),
        (("--since", "2026"), ["2", "3"]),
        (("--source", "desk"), ["2", "3"]),
        (("--source", "other"), []),
        (("--title", "university"), ["2"]),
        (("--title", "%"), []),
        (("--limit", "1"), ["2"]),
    ],
)
def test_articles_are_filtered(ingest, store, options, expected):
    code, out, _ = ingest("articles", "--database", store, *options)
    assert code == 0
    assert [row[0][-1] for row in rows(out)] == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), ["a1", "a2"]),
        (("--all",), ["a1", "a2"]),
        (("--news",), ["a1"]),
        (("--background",), ["a2"]),
        (("--party", "harbour"), ["a1"]),
        (("--party", "海港"), ["a1"]),
        (("--party", "nbu"), ["a1", "a2"]),
        (("--party", "_"), []),
        (("--topic", "fintech"), ["a1", "a2"]),
        (("--topic", "biotech"), []),
        (("--kind", "mou", "--status", "signed"), ["a1", "a2"]),
        (("--status", "ended"), []),
        (("--since", "2026-02-23"), ["a1"]),
        (("--limit", "1"), ["a1"]),
    ],
)
def test_agreements_are_filtered(ingest, store, options, expected):
    code, out, _ = ingest("agreements", "--database", store, *options)
    assert code == 0
    assert [row[0][-2:] for row in rows(out)] == expected


def test_a_truncated_list_says_how_many_there_are_and_an_empty_one_that_it_is(ingest, store):
    assert "1 of 2 shown; --limit 0" in ingest("articles", "--database", store, "--limit", "1")[2]
    assert "no article is like that" in ingest("articles", "--database", store, "--topic", "x")[2]
    assert ingest("articles", "--database", store, "--topic", "x", "--quiet") == (0, "", "")


def test_every_json_document_meets_its_schema(ingest, store):
    for command, schema in (
        (("articles",), "article"),
        (("article", "art-000000000002"), "article"),
        (("agreements",), "agreement"),
        (("agreement", "agr-00000000a1"), "agreement"),
        (("why", "sub/signed.txt"), "history"),
        (("why", "picture.txt"), "history"),
        (("stats",), "statistics"),
    ):
        code, out, _ = ingest(*command, "--json", "--database", store)
        assert code == 0
        documents = (
            [json.loads(out)]
            if command[0] in {"article", "agreement", "stats"}
            else list(map(json.loads, out.splitlines()))
        )
        assert documents
        for document in documents:
            Draft202012Validator(schemas.schema(schema)).validate(document)


@pytest.mark.parametrize(
    "command",
    [
        ("articles",),
        ("articles", "--topic", "fintech", "--language", "en", "--since", "2026", "--source", "desk", "--title", "Uni"),
        ("articles", "--language", "zh", "--limit", "1"),
        ("article", "art-000000000002"),
        ("agreements",),
        ("agreements", "--news", "--party", "海港", "--topic", "fintech", "--kind", "mou", "--status", "signed"),
        ("agreements", "--since", "2026-01", "--limit", "1"),
        ("agreement", "agr-00000000a1"),
        ("why", "somewhere/sub/signed.txt"),
        ("why", "art-000000000001"),
        ("stats",),
    ],
)
def test_both_databases_give_the_same_answer(ingest, store, store_on_postgresql, command):
    code, out, err = ingest(*command, "--json", "--database", store)
    assert (code, err) == (0, "")
    assert out
    code, other, err = ingest(*command, "--json", "--database", store_on_postgresql)
    assert (code, err) == (0, "")
    masked = [re.sub('"database": "[^"]*"', "", one) for one in (out, other)]
    assert masked[0] == masked[1]


def test_what_is_not_in_a_postgresql_store_is_told(ingest, store_on_postgresql, postgresql):
    assert ingest("agreement", "agr-9", "--database", store_on_postgresql)[0] == 1
    code, _, err = ingest("articles", "--database", postgresql("postgres"))
    assert code == 1
    assert "ingest db upgrade" in err
    code, _, err = ingest("articles", "--database", postgresql("nowhere"))
    assert code == 1
    assert err.startswith("error: there is no store")


def test_an_article_as_json_has_its_text_its_cuts_and_offsets_that_fit(ingest, store):
    _, out, _ = ingest("article", "000000000002", "--json", "--database", store)
    article = json.loads(out)
    (evidence,) = article["topics"][0]["evidence"]
    assert article["text"][evidence["start"] : evidence["end"]] == evidence["text"] == "fintech"
    assert article["cuts"] == [{"position": 0, "reason": "byline", "text": "By A. Writer\n"}]
    assert [(r["number"], r["is_current"]) for r in article["revisions"]] == [(1, False), (2, True)]
    assert article["agreements"] == ["agr-00000000a2", "agr-00000000a1"]


def test_an_old_wording_stays_readable(ingest, store):
    _, out, _ = ingest("article", "art-000000000001", "--text", "--database", store)
    assert "The first wording." in out
    assert "no longer in force" in out


def test_an_agreement_as_json_has_its_parties_evidence_and_history(ingest, store):
    _, out, _ = ingest("agreement", "agr-00000000a1", "--json", "--database", store)
    agreement = json.loads(out)
    assert [party["organisation_id"] for party in agreement["parties"]] == ["northbank", "harbour-lab"]
    assert agreement["fields"] == ["batteries", "sensors"]
    assert agreement["mentions"][0]["key"] == "sub/signed.txt"
    assert agreement["events"][0]["event"] == "opened"


@pytest.mark.parametrize(
    ("given", "said"),
    [("art-0000", "several articles"), ("art-f", "there is no article"), ("%", "there is no article")],
)
def test_an_id_that_is_not_one_is_told(ingest, store, given, said):
    code, out, err = ingest("article", given, "--database", store)
    assert (code, out) == (1, "")
    assert said in err


@pytest.mark.parametrize(
    "called",
    [
        "sub/signed.txt",
        "./sub/signed.txt",
        "elsewhere/sub/signed.txt",
        "https://news.example/signed",
        "art-000000000002",
        "art-000000000001",
        "sub/old-name.txt",
        "./sub/old-name.txt",
        "elsewhere/sub/old-name.txt",
    ],
)
def test_a_document_is_known_by_path_key_url_article_and_former_name(ingest, store, called):
    code, out, err = ingest("why", called, "--database", store)
    assert (code, err) == (0, "")
    assert out.startswith("sub/signed.txt")
    assert "renamed from sub/old-name.txt" in out
    assert "revised: now art-000000000002, revision 2" in out


def test_why_tells_the_reason_of_a_drop_and_what_to_do(ingest, store):
    _, out, _ = ingest("why", "picture.txt", "--database", store)
    assert "dropped: not_text. It is a PNG image; remove it." in out


def test_whoever_has_a_name_now_goes_before_whoever_had_it_once(ingest, store, tmp_path):
    with sqlite3.connect(tmp_path / "small.db") as direct:
        direct.execute("UPDATE documents SET key = 'sub/old-name.txt' WHERE key = 'picture.txt'")
    direct.close()
    _, out, _ = ingest("why", "./sub/old-name.txt", "--database", store)
    assert out.startswith("sub/old-name.txt")
    assert "not_text" in out


def test_a_key_too_long_for_an_index_is_found_by_its_full_name(ingest, store, tmp_path):
    name = "long-" * 300 + ".txt"
    with sqlite3.connect(tmp_path / "small.db") as direct:
        direct.execute("UPDATE documents SET key = ? WHERE key = 'picture.txt'", [stored_key(file_key(name))])
    direct.close()
    for called in (name, file_key(name), f"./{name}"):
        code, out, _ = ingest("why", called, "--database", store)
        assert (code, "not_text" in out) == (0, True)


@pytest.mark.parametrize("taken_in", ["news", "news/list.jsonl"])
def test_of_a_file_of_json_lines_the_records_are_listed(ingest, tmp_path, taken_in):
    (tmp_path / "news").mkdir()
    records = [{"id": f"r{n}", "title": f"Quay {n}", "text": f"Quay number {n} opened on Monday."} for n in range(22)]
    lines = [*map(json.dumps, records), '{"id": "bad"}']
    (tmp_path / "news/list.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert ingest("run", taken_in)[0] == 3
    code, out, _ = ingest("why", "news/list.jsonl")
    assert code == 0
    assert out.startswith("news/list.jsonl  23 records\n")
    assert "malformed_record" in out
    assert "Quay 1 · art-" in out
    assert "… and 3 more: --json gives them all" in out
    _, every, _ = ingest("why", "news/list.jsonl", "--json")
    assert len(every.splitlines()) == 23
    assert ingest("why", "news/other.jsonl")[0] == 1


@pytest.mark.parametrize("command", ["articles", "agreements", "stats", "drops"])
@pytest.mark.parametrize(
    ("revision", "said"), [("9999", "made by a newer release (revision 9999"), ("0001", "made by an older release")]
)
def test_a_store_of_another_release_is_refused(ingest, store, tmp_path, command, revision, said):
    with sqlite3.connect(tmp_path / "small.db") as direct:
        direct.execute("UPDATE ingest_schema SET version_num = ?", [revision])
    direct.close()
    code, out, err = ingest(command, "--database", store)
    assert (code, out) == (1, "")
    assert said in err
    assert ("upgrade ingest" if revision == "9999" else "ingest db upgrade") in err


def test_the_command_that_shows_the_whole_text_names_the_store_too(ingest, store):
    _, out, _ = ingest("article", "art-000000000003", "--database", store)
    assert f"'ingest article art-000000000003 --text --database {store}' shows it all." in out


def test_an_unknown_document_is_told(ingest, store):
    code, _, err = ingest("why", "nothing.txt", "--database", store)
    assert code == 1
    assert "no document is known as 'nothing.txt'" in err


def test_a_path_is_looked_for_in_the_innermost_folder_that_holds_it_and_then_by_its_ends(tmp_path):
    sources = (("outer", "folder", "."), ("inner", "folder", "news"), ("list", "jsonl", "news/a.jsonl"))
    found = places("news/2024/a.txt", sources, base=tmp_path)
    assert found[:2] == (
        read.Place(source="inner", key="2024/a.txt"),
        read.Place(source="outer", key="news/2024/a.txt"),
    )
    assert found[-2:] == (read.Place(key="2024/a.txt"), read.Place(key="a.txt"))
    assert places("https://example.org/a.txt?utm_source=x", sources, base=tmp_path) == (
        read.Place(key="https://example.org/a.txt"),
    )


def test_stats_count_by_state_reason_language_and_topic(ingest, store):
    _, out, _ = ingest("stats", "--json", "--database", store)
    counts = json.loads(out)
    assert counts["documents"] == [{"name": "stored", "count": 2}, {"name": "dropped", "count": 1}]
    assert counts["drops"] == [{"name": "not_text", "count": 1}]
    assert counts["languages"] == [{"name": "en", "count": 1}, {"name": "zh-Hant", "count": 1}]
    assert counts["agreements"] == [{"name": "signed", "count": 2}]


def test_reading_does_not_write(ingest, store, tmp_path):
    before = (tmp_path / "small.db").read_bytes()
    ingest("stats", "--database", store)
    assert (tmp_path / "small.db").read_bytes() == before


def test_a_store_in_a_folder_that_cannot_be_written_is_read(filled):
    with tempfile.TemporaryDirectory() as folder:  # not tmp_path, which is open to its owner alone
        shutil.copy(filled, folder)
        Path(folder).chmod(0o555)
        user = os.geteuid()
        if user == 0:  # who may write anywhere; so be somebody else meanwhile
            os.seteuid(65534)
        try:
            with read.connect(f"sqlite:///{folder}/{filled.name}") as connection:
                assert read.statistics(connection).articles == 2
            assert [file.name for file in Path(folder).iterdir()] == [filled.name]
        finally:
            os.seteuid(user)
            Path(folder).chmod(0o755)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--min-confidence", "nan", "not a number from 0 to 1"),
        ("--min-confidence", "1.5", "not in the range"),
        ("--limit", "99999999999999999999", "not in the range"),
    ],
)
def test_a_number_that_no_list_can_take_is_refused(ingest, store, option, value, message):
    code, out, err = ingest("agreements", option, value, "--database", store)
    assert (code, out) == (2, "")
    assert message in err
