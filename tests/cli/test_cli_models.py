"""`ingest train topics`, `ingest models` and `ingest evaluate topics`."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from topic_samples import records, write

from ingest.store import read

SCHEMAS = Path(__file__).parents[2] / "schemas"


@pytest.fixture
def labelled(tmp_path):
    """Options that name files of labelled articles."""
    labels, articles = write(tmp_path)
    return ("--labels", labels, "--articles", articles)


def listed(ingest):
    code, out, _ = ingest("models", "--json")
    assert code == 0
    schema = json.loads((SCHEMAS / "topic-model.json").read_text(encoding="utf-8"))
    models = [json.loads(line) for line in out.splitlines()]
    for each in models:
        jsonschema.validate(each, schema)
    return models


def in_force(ingest):
    (version,) = (each["version"] for each in listed(ingest) if each["is_in_force"])
    return version


def test_the_model_of_the_package_is_in_force_and_says_where_it_comes_from(ingest):
    (shipped,) = listed(ingest)
    assert (shipped["is_shipped"], shipped["is_in_force"]) == (True, True)
    assert {each["name"] for each in shipped["figures"]["topic"]} == {"fintech", "biotech", "talent", "listings"}
    assert shipped["figures"]["calibration_error"] < 0.1
    assert shipped["data_sha256"]
    assert shipped["articles"] > 300
    card = json.loads((resources.files("ingest") / "knowledge" / "topics" / "card.json").read_text(encoding="utf-8"))
    assert card["version"] == shipped["version"], "the card is of another model: train with --output again"


def test_nothing_changes_where_no_kind_is_better_by_more_than_chance(ingest, labelled):
    before = in_force(ingest)
    code, out, err = ingest("train", "topics", *labelled)
    assert code == 0
    assert "60 judged articles, 0 of them corrected in the store" in out
    assert [line.split("\t")[0] for line in out.splitlines() if "\t" in line] == ["combined", "taxonomy", "textcat"]
    assert "Nothing changes: no other kind is better than combined by more than chance." in out
    assert "taxonomy: fold 1 of 5" in err
    assert in_force(ingest) == before


def test_a_dry_run_changes_nothing(ingest, labelled):
    code, out, _ = ingest("train", "topics", *labelled, "--kind", "combined", "--refit", "--dry-run")
    assert code == 0
    assert "would be put in force" in out
    assert not Path("var").exists()


def test_a_refitted_model_is_in_force_and_one_can_go_back(ingest, labelled):
    shipped = in_force(ingest)
    assert ingest("train", "topics", *labelled, "--kind", "combined", "--refit")[0] == 0
    trained = in_force(ingest)
    assert trained != shipped
    (card,) = (each for each in listed(ingest) if each["version"] == trained)
    assert (card["kind"], card["articles"], card["corrections"]) == ("combined", 60, 0)
    assert [(each["name"], each["count"]) for each in card["labels"]] == [("biotech", 20), ("fintech", 20)]
    assert ingest("models", "use", "shipped")[0] == 0
    assert in_force(ingest) == shipped
    assert ingest("models", "use", trained[:6])[0] == 0
    assert in_force(ingest) == trained


def test_training_again_on_the_same_articles_gives_the_same_version(ingest, labelled):
    for _ in range(2):
        ingest("train", "topics", *labelled, "--kind", "combined", "--refit")
    assert len(listed(ingest)) == 2


def test_models_are_shown_with_figures_and_provenance(ingest, labelled):
    ingest("train", "topics", *labelled, "--kind", "combined", "--refit")
    _, out, _ = ingest("models")
    shipped, trained = (line.split("\t") for line in out.splitlines())
    assert (shipped[1:4], trained[1:4]) == (["combined", "", "shipped"], ["combined", "in-force", ""])


def test_the_model_is_written_to_a_folder_that_is_named_and_nothing_else_changes(ingest, labelled, tmp_path):
    code, out, _ = ingest("train", "topics", *labelled, "--kind", "combined", "--output", str(tmp_path / "made"))
    assert code == 0
    assert "nothing else changes" in out
    assert json.loads((tmp_path / "made" / "model.json").read_text(encoding="utf-8"))["kind"] == "combined"
    assert json.loads((tmp_path / "made" / "card.json").read_text(encoding="utf-8"))["articles"] == 60
    assert not Path("var").exists()


def test_corrections_in_the_store_are_learnt_from(ingest, store, labelled):
    ingest("label", "art-000000000002", "--topic", "+biotech", "--database", store)
    with read.connect(store) as connection:
        (correction,) = read.corrections(connection)
    assert (correction.article_id, correction.judged) == ("art-000000000002", {"biotech": True})
    code, out, _ = ingest("train", "topics", *labelled, "--kind", "combined", "--dry-run", "--database", store)
    assert code == 0
    assert "61 judged articles, 1 of them corrected in the store" in out


@pytest.mark.usefixtures("labelled")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--labels", "labels.jsonl"], 2, "come in pairs"),
        (["--labels", "none.jsonl", "--articles", "articles.jsonl"], 2, "there is no file none.jsonl"),
        ([], 1, "there are 0 judged articles"),
    ],
)
def test_what_cannot_be_learnt_from_is_said(ingest, arguments, code, said):
    got, _, err = ingest("train", "topics", *arguments)
    assert got == code
    assert said in err


def test_a_line_that_cannot_be_used_is_told_and_the_rest_is_used(ingest, labelled):
    with Path("labels.jsonl").open("a", encoding="utf-8") as file:
        file.write("{}\n")
    code, out, err = ingest("train", "topics", *labelled, "--kind", "combined")
    assert code == 3
    assert 'labels.jsonl line 61 has no "id"' in err
    assert "60 judged articles" in out


@pytest.mark.parametrize(
    ("version", "said"), [("none", "there is no model with the version 'none'"), ("", "there is no model")]
)
def test_a_version_that_is_not_there_is_said(ingest, version, said):
    code, _, err = ingest("models", "use", version)
    assert code == 1
    assert said in err


def test_a_file_that_names_no_model_is_said_with_the_way_back(ingest):
    Path("var/models/topics").mkdir(parents=True)
    Path("var/models/topics/in-force").write_text("0123456789ab\n", encoding="utf-8")
    (Path("one.jsonl")).write_text('{"id": 1, "text": "Nothing."}\n', encoding="utf-8")
    code, _, err = ingest("annotate", "one.jsonl")
    assert code == 1
    assert "the model 0123456789ab cannot be read" in err
    assert "ingest models use shipped" in err
    assert ingest("models", "use", "shipped")[0] == 0
    assert ingest("annotate", "one.jsonl")[0] == 0


def test_topics_are_measured_with_their_calibration(ingest, labelled):
    code, out, _ = ingest("evaluate", "topics", labelled[1], labelled[3], "--json")
    assert code == 0
    found = json.loads(out)
    jsonschema.validate(found, json.loads((SCHEMAS / "evaluation-topics.json").read_text(encoding="utf-8")))
    assert (found["articles"], found["absent"], found["misses"]) == (60, 0, None)
    assert found["figures"]["topics"]["macro_f1"] > 0.8
    assert sum(each["count"] for each in found["figures"]["reliability"]) >= 40


def test_the_run_that_labelled_an_article_names_the_model(ingest, labelled):
    Path("inbox").mkdir()
    article = records(2)[1][0]
    Path("inbox/a.txt").write_text(f"{article['title']}\n\n{article['text']}", encoding="utf-8")
    ingest("train", "topics", *labelled, "--kind", "combined", "--refit")
    assert ingest("run", "inbox", "--quiet")[0] == 0
    url = "sqlite:///var/ingest.db"
    with read.connect(url) as connection:
        (row,) = connection.rows(
            "SELECT r.code_version AS versions FROM v_article_topics t JOIN v_runs r ON r.run_id = t.run_id"
        )
    assert f"topics {in_force(ingest)}" in row["versions"]
