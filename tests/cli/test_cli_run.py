"""`ingest run`, `ingest watch` and `ingest annotate` as whole commands, through every stage into a store."""

from __future__ import annotations

import io
import json
import os
import queue
import shlex
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ingest import schemas
from ingest.cli.progress import progress
from ingest.cli.run import run
from ingest.cli.screen import Screen
from ingest.documents import Fate, Outcome

SEEDS = Path(__file__).parents[2] / "seeds"
SIGNED = (
    "Lakeside University and Harbour Biotech Ltd signed a memorandum of understanding on Monday to develop vaccines "
    "together. The biotech company will open a laboratory on the campus, where students will be trained.\n\n"
    "The two sides said that clinical trials of the first vaccine are to begin next year at the university hospital."
)
STORY = f"University and company to develop vaccines\n\n{SIGNED}\n"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "news"
    made.mkdir()
    (made / "signed.txt").write_text(STORY, encoding="utf-8")
    return made


def stored(ingest):
    _, out, _ = ingest("articles", "--json", "--limit", "0")
    return [json.loads(line) for line in out.splitlines()]


@pytest.mark.usefixtures("folder")
def test_a_run_reports_the_document_and_its_agreement_and_both_can_be_read_back(ingest):
    code, out, _ = ingest("run", "news")
    assert code == 0
    assert "1 document from news\n1 new" in out
    assert "University and company to develop vaccines" in out
    assert "Lakeside University" in out
    assert "Try next" in out
    (article,) = stored(ingest)
    assert article["key"] == "signed.txt"
    _, told, _ = ingest("agreements", "--json")
    assert "Harbour Biotech" in told
    assert article["id"] in told


@pytest.mark.usefixtures("folder")
def test_a_second_run_finds_everything_unchanged(ingest):
    ingest("run", "news")
    code, out, _ = ingest("run", "news")
    assert code == 0
    assert "1 unchanged" in out
    assert "University and company to develop vaccines" in out, "columns are read from the store"
    assert (
        "1 agreement, none newly detected\n\nknown      Lakeside University + Harbour Biotech Ltd · MOU · signed · agr-"
        in out
    )
    assert "“" not in out


def test_an_empty_folder_is_told_and_what_would_have_been_read(ingest, tmp_path):
    (tmp_path / "void").mkdir()
    code, out, _ = ingest("run", "void")
    assert code == 0
    assert "nothing to read in void: only .txt, .md, .html, .htm, .jsonl, and gzip of each, are read" in out


def test_a_failure_before_the_start_does_not_speak_of_a_stop(ingest, folder):
    code, _, err = ingest("run", "news", "--database", f"sqlite:///{folder}")
    assert code == 1
    assert err.startswith("error: ")
    assert "stopped" not in err


@pytest.mark.usefixtures("folder")
def test_what_is_to_be_tried_next_works_as_printed(ingest, tmp_path):
    (tmp_path / "own.toml").write_text('archive_url = "kept"', encoding="utf-8")
    _, out, _ = ingest("run", "news", "--database", "sqlite:///my store.db", "--config", "own.toml")
    tried = [line.split("ingest ", 1)[1] for line in out.partition("Try next")[2].splitlines()]
    assert len(tried) == 5
    for line in tried:
        assert ingest(*shlex.split(line))[0] == 0
    assert not (tmp_path / "var").exists()


def test_a_copy_without_headline_stands_under_its_own_name(ingest, folder):
    (folder / "signed.txt").unlink()
    for name in ("a.jsonl", "b.jsonl"):
        (folder / name).write_text(json.dumps({"id": name[0], "text": SIGNED}), encoding="utf-8")
    _, out, _ = ingest("run", "news")
    assert "new        a.jsonl#a\n" in out
    assert "copy       b.jsonl#b\n" in out


def test_the_examples_of_run_are_what_run_takes():
    for example in run.examples.splitlines():
        words = shlex.split(example.partition(" run ")[2])
        given = run.make_context("run", list(words)).params  # it takes them out of the list
        assert len(given["paths"]) == len(words) - sum(word.startswith("--") + (word == "--source") for word in words)
        assert given["source"] is None or len(given["paths"]) <= 1


def test_what_became_of_each_document_is_told(ingest, folder):
    ingest("run", "news")
    (folder / "signed.txt").write_text(STORY.replace("Monday", "Tuesday"), encoding="utf-8")
    (folder / "z-again.txt").write_text(STORY.replace("Monday", "Tuesday"), encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    code, out, _ = ingest("run", "news")
    assert code == 3
    assert "revised    University" in out
    assert "copy       University" in out
    assert "dropped    empty.txt\n           empty: " in out
    _, why, _ = ingest("why", "news/empty.txt")
    assert "empty" in why
    _, revisions, _ = ingest("article", stored(ingest)[0]["id"], "--revisions")
    assert "revised" not in revisions
    assert "2 of 2" in revisions


def test_an_article_names_the_documents_that_tell_its_story_and_why_one_leads(ingest, folder):
    (folder / "signed.txt").unlink()
    corrected = SIGNED.replace("first vaccine", "second vaccine")
    for name, title, text in (("a", "One", SIGNED), ("b", "Two", SIGNED), ("c", "Three", corrected)):
        record = {"id": name, "title": f"{name}: headline {title}", "text": text}
        (folder / f"{name}.jsonl").write_text(json.dumps(record), encoding="utf-8")
    ingest("run", "news")
    leader, other = sorted((one for one in stored(ingest)), key=lambda one: one["key"])
    _, out, _ = ingest("article", other["id"], "--json")
    told = [(copy["key"], copy["title"], copy["leads"]) for copy in json.loads(out)["story"]]
    assert told == [
        ("a.jsonl#a", "a: headline One", True),
        ("b.jsonl#b", "b: headline Two", False),
        ("c.jsonl#c", "c: headline Three", False),
    ]
    similar = [copy["similarity"] for copy in json.loads(out)["story"]]
    assert similar[:2] == [None, None]
    assert 0.76 <= similar[2] < 1
    _, shown, _ = ingest("article", leader["id"], "--copies")
    assert "Leads        1 other text of the same story; it was stored first" in shown
    assert f"{leader['id']}  a: headline One\n                  leads: its text was stored first" in shown
    assert f"{other['id']}  c: headline Three" in shown


def test_the_seeds_are_taken_in(ingest):
    code, out, _ = ingest("run", str(SEEDS))
    assert code == 0
    assert "5 new" in out
    assert len(stored(ingest)) == 5


def test_annotate_gives_a_line_for_each_in_the_same_order(ingest, tmp_path):
    records = [
        {"id": "a", "title": "Vaccines", "text": SIGNED, "published": "2026-03-02"},
        {"id": 2, "text": ""},
        {"id": "c", "text": 5},
    ]
    lines = [*map(json.dumps, records), "", "{broken", json.dumps(records[0])]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    code, out, err = ingest("annotate", "in.jsonl")
    assert code == 3
    found = [json.loads(line) for line in out.splitlines()]
    assert [one["id"] for one in found] == ["a", 2, "c", None, "a"]
    assert "line 5 is not JSON" in found[3]["error"]
    assert "line 5 is not JSON" in err
    for one in found:
        Draft202012Validator(schemas.schema("annotation")).validate(one)
    first = found[0]
    assert first["language"] == "en"
    assert first == found[4]
    assert "biotech" in [topic["topic"] for topic in first["topics"]]
    for part in [*first["agreements"], *(e for topic in first["topics"] for e in topic["evidence"])]:
        assert SIGNED[part["start"] : part["end"]] == part.get("text", part.get("evidence"))
    assert first["agreements"][0]["parties"] == ["Lakeside University", "Harbour Biotech Ltd"]


def test_annotate_of_a_file_that_is_missing_exits_with_2(ingest):
    code, out, err = ingest("annotate", "missing.jsonl")
    assert (code, out) == (2, "")
    assert "missing.jsonl" in err


def test_progress_in_a_pipe_is_a_line_now_and_then():
    err = io.StringIO()
    with progress(Screen(io.StringIO(), err), "Starting") as shown:
        for number in range(250):
            shown.tell(Outcome(source="s", key=str(number), fate=Fate.NEW))
    assert err.getvalue().splitlines() == [
        "100 documents: 100 new · 0 agreements new to the ledger",
        "200 documents: 200 new · 0 agreements new to the ledger",
    ]


class Lines:
    """The lines of a stream as they come, each within a minute or not at all."""

    def __init__(self, stream):
        self.found = queue.Queue()
        threading.Thread(target=lambda: [self.found.put(line) for line in stream], daemon=True).start()

    def until(self, words):
        seen = []
        while not seen or words not in seen[-1]:
            seen.append(self.found.get(timeout=60))
        return seen


@pytest.mark.slow
def test_watch_tells_what_arrives_and_ends_cleanly_at_ctrl_c(folder, tmp_path):
    with subprocess.Popen(
        [sys.executable, "-m", "ingest", "watch", "news"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "INGEST_SETTLE_SECONDS": "0.1"},
    ) as process:  # fmt: skip
        try:
            out, err = Lines(process.stdout), Lines(process.stderr)
            (first,) = out.until("signed.txt")
            assert first.startswith("new        University and company")
            assert out.until("Lakeside University + Harbour Biotech")[-1].startswith("NEW ")
            (tmp_path / "arriving").write_text(STORY.replace("vaccines", "turbines"), encoding="utf-8")
            os.replace(tmp_path / "arriving", folder / "later.txt")  # noqa: PTH105 - as a transfer program would
            out.until("later.txt")
            process.send_signal(signal.SIGINT)
            told = err.until("stopped")
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()
    assert not [line for line in told if "Traceback" in line]
