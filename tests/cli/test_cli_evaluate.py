"""`ingest evaluate`: figures on data of the user's own."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ingest import schemas

PARAGRAPHS = [
    "Northbank harbour will close for three weeks in June while divers repair the old sea wall, it said on Monday.",
    "Ferries to the islands leave from the fish market instead, and the last one sails an hour earlier than usual.",
    "Traders on the quay welcomed the repair, though several asked why it could not wait until the season was over.",
]
TEXT = "\n".join(PARAGRAPHS)
PAGE = (
    "<html><head><title>Harbour to close</title></head><body><article><h1>Harbour to close</h1>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    + "</article></body></html>"
)


def lines(path, *records):
    Path(path).write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture
def manifest():
    Path("pages").mkdir()
    Path("pages/harbour.html").write_text(PAGE, encoding="utf-8")
    Path("pages/packed.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    Path("pages/empty.html").write_text("<html><body></body></html>", encoding="utf-8")
    good = {"url": "https://news.example/harbour", "text": TEXT, "title": "Harbour to close"}
    return lines(
        "pages/manifest.jsonl",
        {"path": "harbour.html", **good},
        {"path": "packed.html.gz", **good},
        {"path": "empty.html", "url": None, "text": ""},
    )


def figures(out):
    return dict(line.rsplit(" ", 1) for line in out.splitlines() if "\t" not in line)


@pytest.mark.parametrize(
    "arguments",
    [
        ("extraction", "none.jsonl"),
        ("duplicates", "none.jsonl", "none.jsonl"),
        ("language", "none.jsonl"),
        ("topics", "none.jsonl", "none.jsonl"),
        ("annotations", "none.jsonl", "none.jsonl"),
        ("ledger", "none.jsonl", "none.json"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_nothing_to_measure_is_said_and_no_figure_is_printed(ingest, arguments):
    Path("none.jsonl").write_text("", encoding="utf-8")
    Path("none.json").write_text("{}", encoding="utf-8")
    code, out, err = ingest("evaluate", *arguments)
    assert (code, out) == (1, "")
    assert "nothing was measured" in err


def test_labels_of_other_articles_measure_nothing(ingest):
    lines("labels.jsonl", {"id": "a", "topics": ["talent"], "agreements": []})
    lines("articles.jsonl", {"id": "b", "text": TEXT})
    code, out, err = ingest("evaluate", "annotations", "labels.jsonl", "articles.jsonl")
    assert (code, out) == (1, "")
    assert "labels.jsonl holds no label for an article of articles.jsonl" in err


def test_extraction_prints_a_figure_a_line(ingest, manifest):
    code, out, err = ingest("evaluate", "extraction", manifest)
    told = figures(out)
    assert (code, err) == (0, "")
    assert (told["pages"], told["f1"], told["title accuracy"]) == ("3", "1.000", "1.000")
    assert told["without_article_dropped"] == "1"


def test_extraction_compares_with_trafilatura_and_lists_the_worst(ingest, manifest):
    code, out, _ = ingest("evaluate", "extraction", manifest, "--baseline", "--worst", "1")
    assert code == 0
    assert float(figures(out)["baseline recall"]) > 0.9
    assert out.splitlines()[-1].split("\t")[:2] == ["worst", "harbour.html"]


PAIRS = [{"a": "1", "b": "2", "label": 1}, {"a": "1", "b": "3", "label": 0}]
DOCS = [
    {"id": "1", "text": TEXT},
    {"id": "2", "text": TEXT.replace("Monday", "Tuesday")},
    {"id": "3", "text": "Another story altogether, about the choir that sang for a whole night to keep the mill open."},
]
TAGGED = [
    {"id": "1", "lang": "en", "text": PARAGRAPHS[0]},
    {"id": "2", "lang": "yue", "text": "海港實驗室與北岸大學簽署合作備忘錄，雙方將共同培養學生。"},
    {"id": "3", "lang": "de", "text": PARAGRAPHS[1]},
]
DEAL = {"parties": ["Northbank University", "Eastport Institute"], "kind": "mou", "status": "signed"}
LABELS = [{"id": "1", "topics": ["talent"], "agreements": [DEAL]}, {"id": "2", "topics": [], "agreements": []}]
FOUND = [{"id": "1", "topics": [{"topic": "talent", "score": 0.9}], "agreements": [DEAL]}, {"id": "9", "topics": []}]
SIGNED = "Northbank University and Eastport Institute signed a memorandum of understanding on Monday."


@pytest.fixture
def files(manifest):
    assert Path(manifest).is_file()
    lines("pairs.jsonl", *PAIRS)
    lines("docs.jsonl", *DOCS)
    lines("tagged.jsonl", *TAGGED)
    lines("labels.jsonl", *LABELS)
    lines("found.jsonl", *FOUND)


COMMANDS = {
    "extraction": ("pages/manifest.jsonl", "--baseline", "--worst", "2"),
    "duplicates": ("pairs.jsonl", "docs.jsonl", "--misses"),
    "language": ("tagged.jsonl", "--misses"),
    "annotations": ("labels.jsonl", "found.jsonl", "--misses"),
}


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("name", COMMANDS)
def test_json_is_one_object_of_the_published_form(ingest, name):
    code, out, _ = ingest("evaluate", name, *COMMANDS[name], "--json")
    assert code == 0
    Draft202012Validator(schemas.schema(f"evaluation-{name}")).validate(json.loads(out))


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_bad_line_is_told_with_its_number_and_the_rest_is_measured(ingest, name):
    first = Path(COMMANDS[name][0])
    first.write_text("{broken\n\n[]\n" + first.read_text(encoding="utf-8"), encoding="utf-8")
    code, out, err = ingest("evaluate", name, *COMMANDS[name])
    assert code == 3
    assert f"{first} line 1 is not JSON" in err
    assert f"{first} line 3 is not a JSON object" in err
    assert figures(out)["bad_lines"] == "2"


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_file_that_does_not_exist_is_wrong_usage(ingest, name):
    Path(COMMANDS[name][0]).unlink()
    code, out, err = ingest("evaluate", name, *COMMANDS[name])
    assert (code, out) == (2, "")
    assert "there is no file" in err


def test_a_page_that_is_not_there_is_a_bad_line(ingest, manifest):
    lines(manifest, {"path": "gone.html", "text": "x"}, {"path": "../pages", "text": "x"})
    code, _, err = ingest("evaluate", "extraction", manifest)
    assert code == 1
    assert "line 1 names gone.html" in err
    assert "line 2 names ../pages, which is a folder" in err


@pytest.mark.usefixtures("files")
def test_duplicates_tell_what_bands_propose_and_what_is_confirmed(ingest):
    code, out, _ = ingest("evaluate", "duplicates", "pairs.jsonl", "docs.jsonl")
    told = figures(out)
    assert code == 0
    assert (told["precision"], told["recall"], told["bands_recall"]) == ("1.000", "1.000", "1.000")


@pytest.mark.usefixtures("files")
def test_a_pair_of_unknown_documents_is_a_bad_line(ingest):
    lines("pairs.jsonl", {"a": "1", "b": "7", "label": 1})
    code, _, err = ingest("evaluate", "duplicates", "pairs.jsonl", "docs.jsonl")
    assert code == 1
    assert "pairs.jsonl line 1 names '7', which docs.jsonl does not hold" in err


@pytest.mark.usefixtures("files")
def test_interchangeable_tags_are_counted_right(ingest):
    _, strict, _ = ingest("evaluate", "language", "tagged.jsonl")
    _, lenient, _ = ingest("evaluate", "language", "tagged.jsonl", "--same", "yue=zh-Hant")
    assert figures(strict)["languages yue accuracy"] == "0.000"
    assert figures(lenient)["languages yue accuracy"] == "1.000"
    assert figures(lenient)["accuracy"] == "0.667"


def test_a_pair_of_tags_that_is_none_is_wrong_usage(ingest):
    code, _, err = ingest("evaluate", "language", "tagged.jsonl", "--same", "yue")
    assert code == 2
    assert "TAG=TAG" in err


@pytest.mark.usefixtures("files")
def test_misses_follow_the_figures_tab_separated(ingest):
    _, out, _ = ingest("evaluate", "language", "tagged.jsonl", "--misses", "--same", "yue=zh-Hant")
    (miss,) = (line.split("\t") for line in out.splitlines() if "\t" in line)
    assert miss[:4] == ["misses", "3", "de", "en"]


@pytest.mark.usefixtures("files")
def test_annotations_are_taken_as_found_or_made_from_texts(ingest):
    _, out, _ = ingest("evaluate", "annotations", "labels.jsonl", "found.jsonl")
    told = figures(out)
    assert (told["agreements_news f1"], told["unlabelled"], told["absent"]) == ("1.000", "1", "1")
    assert told["topic_scores 0.9-1.0 right"] == "1.000"
    lines("articles.jsonl", {"id": "1", "text": SIGNED}, {"id": "2", "text": TEXT}, {"text": TEXT}, {"id": "3"})
    code, out, err = ingest("evaluate", "annotations", "labels.jsonl", "articles.jsonl")
    assert figures(out)["agreements_news f1"] == "1.000"
    assert code == 3
    assert 'line 3 has no "id"' in err


def test_help_loads_no_stage():
    script = """if True:
        import sys
        from ingest.cli import main
        main(["evaluate", "--help"])
        print({"spacy", "trafilatura", "sqlalchemy", "pydantic", "langdetect"} & set(sys.modules), file=sys.stderr)
    """
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "duplicates" in loaded.stdout
    assert loaded.stderr.strip() == "set()"
