"""`ingest sample` draws rows for people to judge; `ingest evaluate sample` says what their verdicts come to."""

from __future__ import annotations

import csv
import io
import json

import jsonschema
import pytest

from ingest.sampling import GROUPINGS
from ingest.schemas import schema


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
def test_a_sheet_that_comes_back_gives_precision_once(press, tmp_path, verdict, precision, delimiter):
    rows = drawn(press, tmp_path / "sheet.csv")
    sheet = saved(tmp_path / "back.csv", [row | {"verdict": verdict} for row in rows], delimiter)
    for _ in range(2):
        code, out, error = press("evaluate", "sample", sheet, "--by", "J. Lee", "--json")
        assert code == 0, error
        found = json.loads(out)
        assert found["precision"] == precision
        jsonschema.validate(found, schema("evaluation-sample"))
    assert len(press("evaluate", "sample", "--history", "--json")[1].splitlines()) == 1


def test_the_same_seed_draws_the_same_sample(press, tmp_path):
    assert drawn(press, tmp_path / "a.csv", "--seed", "7") == drawn(press, tmp_path / "b.csv", "--seed", "7")


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
def test_a_sheet_that_cannot_be_used_is_refused_in_words(press, tmp_path, change, said):
    rows = drawn(press, tmp_path / "sheet.csv")
    code, _, error = press("evaluate", "sample", saved(tmp_path / "back.csv", [rows[0] | change]), "--by", "J. Lee")
    assert code != 0
    assert said in error
    assert "Traceback" not in error
    assert press("evaluate", "sample", "--history")[1] == ""


@pytest.mark.parametrize(
    ("subject", "grouping"),
    [(subject.value, each.value) for subject, groupings in GROUPINGS.items() for each in groupings],
)
def test_every_subject_can_be_drawn_by_all_that_tells_its_rows_apart(press, tmp_path, subject, grouping):
    sheet = tmp_path / "sheet.csv"
    code, _, error = press("sample", subject, "--by", grouping, "--output", str(sheet))
    assert code == 0, error
    rows = list(csv.DictReader(io.StringIO(sheet.read_text(encoding="utf-8-sig"))))
    assert len(rows) >= 2
    assert all(row["says"] and row["evidence"] and row["article"].startswith("art-") for row in rows)
    strata = {row["stratum"]: int(row["stratum_size"]) for row in rows}
    assert sum(strata.values()) == len(rows)  # of so few, all are drawn


def test_strata_that_differ_are_weighted_by_their_size(press, tmp_path):
    rows = drawn(press, tmp_path / "sheet.csv", "--by", "status")
    assert {row["stratum"] for row in rows} == {"planned", "signed"}
    judged = [row | {"verdict": "right" if row["stratum"] == "signed" else "wrong"} for row in rows]
    code, out, _ = press("evaluate", "sample", saved(tmp_path / "back.csv", judged), "--by", "J. Lee", "--json")
    found = json.loads(out)
    assert (code, found["precision"]) == (0, 0.5)
    assert {each["name"]: each["precision"] for each in found["strata"]} == {"planned": 0.0, "signed": 1.0}


def test_a_sheet_of_json_lines_or_in_utf_16_is_read_too(press, tmp_path):
    sheet = tmp_path / "sheet.jsonl"
    assert press("sample", "agreements", "--format", "jsonl", "--output", str(sheet))[0] == 0
    lines = [json.loads(line) | {"verdict": "y"} for line in sheet.read_text(encoding="utf-8").splitlines()]
    sheet.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    wide = tmp_path / "wide.txt"
    table = "\r\n".join(["\t".join(lines[0]), *("\t".join(map(str, line.values())) for line in lines)])
    wide.write_bytes(table.replace("None", "").encode("utf-16"))
    for file in (sheet, wide):
        code, out, error = press("evaluate", "sample", str(file), "--by", "J. Lee", "--json")
        assert (code, json.loads(out)["precision"]) == (0, 1.0), error


def test_a_row_that_is_missing_or_said_twice_is_told(press, tmp_path):
    rows = drawn(press, tmp_path / "sheet.csv")
    twice = [rows[0] | {"verdict": "right"}, rows[0] | {"verdict": "wrong"}]
    code, _, error = press("evaluate", "sample", saved(tmp_path / "back.csv", twice), "--by", "J. Lee")
    assert code != 0
    assert "row 3 judges" in error
    assert "otherwise than row 2" in error


def test_a_sheet_never_replaces_a_file(press, tmp_path):
    drawn(press, tmp_path / "sheet.csv")
    before = (tmp_path / "sheet.csv").read_bytes()
    code, _, error = press("sample", "agreements", "--output", str(tmp_path / "sheet.csv"))
    assert (code, "there already" in error) == (2, True)
    assert (tmp_path / "sheet.csv").read_bytes() == before


@pytest.mark.parametrize("grouping", ["topic", "nonsense"])
def test_what_tells_no_row_of_a_subject_apart_is_refused(press, tmp_path, grouping):
    code, _, error = press("sample", "agreements", "--by", grouping, "--output", str(tmp_path / "s.csv"))
    assert (code, grouping in error) == (2, True)


def test_more_strata_than_rows_is_refused_with_what_to_do(press, tmp_path):
    words = ("sample", "agreements", "--by", "status", "--n", "1", "--output", str(tmp_path / "s.csv"))
    code, _, error = press(*words)
    assert code != 0
    assert "raise --n" in error
