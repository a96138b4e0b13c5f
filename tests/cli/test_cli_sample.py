"""`ingest sample` draws rows for people to judge; `ingest evaluate sample` says what their verdicts come to."""

from __future__ import annotations

import csv
import io
import json

import jsonschema
import pytest

from ingest.cli import main
from ingest.schemas import schema

STORY = (
    "Northbank signs\n\nNorthbank University and Eastlake Institute signed a memorandum of understanding on "
    "gene therapy on 3 March 2026.\n\nBoth will train doctors, test vaccines and study proteins in a shared biotech "
    "laboratory.\n"
)


@pytest.fixture
def sampled(store_url, tmp_path, capsys):
    """Run a command on a store, on either database, that has taken in one file; gives code, output and error."""
    (tmp_path / "press").mkdir()
    (tmp_path / "press/one.txt").write_text(STORY, encoding="utf-8")

    def run(*words):
        code = main([*words, "--database", store_url])
        said = capsys.readouterr()
        return code, said.out, said.err

    assert run("run", "press", "--quiet")[0] == 0
    return run


def drawn(run, path, *more):
    code, _, error = run("sample", "agreements", "--output", str(path), *more)
    assert code == 0, error
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def saved(path, rows, delimiter=","):
    columns = list(rows[0])[::-1]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, columns, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


@pytest.mark.parametrize(("verdict", "precision"), [("Right", 1.0), ("n", 0.0), ("对", 1.0), ("錯", 0.0)])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_sheet_that_comes_back_gives_precision_once(sampled, tmp_path, verdict, precision, delimiter):
    rows = drawn(sampled, tmp_path / "sheet.csv")
    sheet = saved(tmp_path / "back.csv", [row | {"verdict": verdict} for row in rows], delimiter)
    for _ in range(2):
        code, out, error = sampled("evaluate", "sample", sheet, "--by", "J. Lee", "--json")
        assert code == 0, error
        found = json.loads(out)
        assert found["precision"] == precision
        jsonschema.validate(found, schema("evaluation-sample"))
    assert len(sampled("evaluate", "sample", "--history", "--json")[1].splitlines()) == 1


def test_the_same_seed_draws_the_same_sample(sampled, tmp_path):
    assert drawn(sampled, tmp_path / "a.csv", "--seed", "7") == drawn(sampled, tmp_path / "b.csv", "--seed", "7")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"verdict": ""}, "has no verdict"),
        ({"verdict": "perhaps"}, "which is no verdict"),
        ({"verdict": "y", "id": "agr-none"}, "which the sample has not"),
        ({"verdict": "y", "evidence": "Other words."}, "says or evidence was changed"),
        ({"verdict": "y", "sample": "smp-none"}, "this store has no sample"),
    ],
)
def test_a_sheet_that_cannot_be_used_is_refused_in_words(sampled, tmp_path, change, said):
    rows = drawn(sampled, tmp_path / "sheet.csv")
    code, _, error = sampled("evaluate", "sample", saved(tmp_path / "back.csv", [rows[0] | change]), "--by", "J. Lee")
    assert code != 0
    assert said in error
    assert "Traceback" not in error
    assert sampled("evaluate", "sample", "--history")[1] == ""
