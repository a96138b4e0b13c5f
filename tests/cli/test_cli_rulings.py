"""`ingest agreement --merge …`, `ingest org …` and `ingest reprocess`, as typed."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from ingest import schemas
from ingest.cli import main

TEXT = "{a} and {b} signed a memorandum of understanding on {day} March 2024 in Leeds.\n\n{more}"
TOLD = [
    {"a": "Harbour Lane University", "b": "Acme Robotics", "day": 5, "more": "Robots walk about."},
    {"a": "Harbour Lane University", "b": "Apex Robotics", "day": 5, "more": "Cats sleep all day."},
    {"a": "Harbour Lane University", "b": "Crane House Limited", "day": 9, "more": "Rain fell in the north."},
]


@pytest.fixture
def at(tmp_path, store_url, monkeypatch, capsys):
    """Runs a command on a store of three articles; gives its code, output and messages."""
    monkeypatch.chdir(tmp_path)
    lines = [
        {"id": f"n{n}", "title": f"Pact {n}", "text": TEXT.format(**each), "published": "2024-03-10"}
        for n, each in enumerate(TOLD)
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")

    def run(*arguments):
        code = main(["--database", store_url, *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    assert run("run", "a.jsonl", "--source", "desk")[0] == 0
    return run


def ids(at):
    return {
        each["parties"][1]["name"]: each["id"]
        for each in map(json.loads, at("agreements", "--json", "--limit", "0")[1].splitlines())
    }


def test_agreements_are_merged_shown_and_parted_again(at):
    known = ids(at)
    first, second = known["Acme Robotics"], known["Crane House Limited"]
    code, out, err = at("agreement", first, "--merge", second, "--dry-run")
    assert (code, out.split("\t")[0].split()[0]) == (0, second)
    assert "nothing was changed" in err
    assert at("agreement", first, "--merge", second)[0] == 2
    assert at("agreement", first, "--merge", second, "--yes", "--by", "A. Chan", "--reason", "one")[0] == 0
    shown = json.loads(at("agreement", second, "--json")[1])
    assert (shown["id"], shown["merged"], len(shown["mentions"])) == (first, [second], 2)
    assert "A. Chan" in {event["person"] for event in shown["events"]}
    Draft202012Validator(schemas.schema("agreement")).validate(shown)
    assert at("agreement", second, "--restore", "--yes")[0] == 0
    assert ids(at) == known


def test_a_dismissed_agreement_is_shown_as_dismissed(at):
    first = ids(at)["Acme Robotics"]
    assert at("agreement", first, "--dismiss", "--yes")[0] == 0
    _, out, _ = at("agreement", first)
    assert "dismissed: no agreement" in out
    assert "Acme Robotics" in out
    assert "Acme Robotics" not in ids(at)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("agreement", "agr-0000000000", "--dismiss", "--yes"), "no agreement with the id"),
        (("agreement", "x", "--dismiss", "--restore"), "exclude each other"),
        (("agreement", "x", "--yes"), "go with --merge"),
        (("org", "show", "nobody"), "is called 'nobody'"),
        (("org", "alias", "nobody", "x", "--yes"), "no organisation called"),
        (("org", "alias", "HKSTP", "…", "--yes"), "must hold a letter"),
        (("org", "merge", "HKSTP", "hkstp", "--yes"), "one organisation already"),
        (("org", "restore", "nobody", "--yes"), "no organisation with the id"),
        (("org", "rename", "HKSTP", "x", "--region", "nowhere"), "not a code"),
        (("org", "alias", "HKSTP", "x", "--by", " "), "say who decides"),
        (("reprocess", "--stage", "everything"), "everything"),
        (("reprocess", "--stage", "topics", "--source", "none"), "no source called"),
        (("reprocess", "--stage", "topics", "--article", "art-none"), "no article"),
        (("reprocess", "--stage", "topics", "--dry-run", "--yes"), "leave out"),
        (("reprocess", "--stage", "topics", "--since", "2025", "--until", "2024"), "is before"),
        (("agreements", "--since", "2025", "--until", "2024"), "is before"),
    ],
)
def test_bad_input_is_told_in_words(at, arguments, said):
    code, _, err = at(*arguments)
    assert code in {1, 2}
    assert said in err
    assert "Traceback" not in err


def test_organisations_are_merged_and_listed(at):
    known = ids(at)
    code, out, _ = at("org", "merge", "Acme Robotics", "Apex Robotics", "--yes", "--by", "A. Chan")
    assert code == 0
    assert {known["Acme Robotics"], known["Apex Robotics"]} & {line.split()[0] for line in out.splitlines()}
    shown = json.loads(at("org", "show", "Apex Robotics", "--json")[1])
    Draft202012Validator(schemas.schema("organisation")).validate(shown)
    assert (shown["name"], shown["agreements"], shown["decisions"][0]["person"]) == ("Acme Robotics", 1, "A. Chan")
    _, listed, _ = at("org", "list", "--name", "robotics")
    assert len(listed.splitlines()) == 1


def test_doing_again_what_has_not_changed_changes_nothing(at):
    for stage in ("extract", "language", "topics", "agreements"):
        code, out, err = at("reprocess", "--stage", stage, "--yes")
        assert (code, out) == (0, "")
        assert "0 of 3 articles changed" in err


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--until", "2024-03-05"), 2),
        (("--language", "en"), 3),
        (("--language", "zh"), 0),
        (("--source", "desk"), 3),
        (("--source", "none"), 0),
        (("--min-confidence", "1"), 0),
    ],
)
def test_agreements_are_listed_by_more_than_their_parties(at, options, expected):
    assert len(at("agreements", *options)[1].splitlines()) == expected
