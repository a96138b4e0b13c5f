"""`ingest trace` leads from a row to the bytes and the run that it rests on, and says what does not stand any more."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from sqlalchemy import create_engine, update

from ingest.schemas import schema
from ingest.tables import Page


def listed(run, command, key):
    """Ids by title or by the names of the parties."""
    rows = [json.loads(line) for line in run(command, "--json")[1].splitlines()]
    return {row["title"] if key == "title" else parties(row): row["id"] for row in rows}


def parties(row):
    return " + ".join(party["name"] for party in row["parties"])


@pytest.fixture
def agreement(press):
    return listed(press, "agreements", "parties")["Northbank University + Eastlake Institute"]


@pytest.fixture
def article(press):
    return listed(press, "articles", "title")["Northbank signs"]


def steps(out):
    """The columns of a trace in a pipe: depth, thing, id, run, said."""
    return [line.split("\t") for line in out.splitlines()]


def of(out, thing):
    return [(identity, said) for _, each, identity, _, said in steps(out) if each == thing]


def test_an_agreement_leads_to_its_sentence_its_bytes_and_its_run(press, agreement, article):
    code, out, err = press("trace", "agreement", agreement)
    assert (code, err) == (0, "")
    ((_, sentence),) = of(out, "sentence")
    assert sentence.startswith("“Northbank University and Eastlake Institute signed")
    assert [identity for identity, _ in of(out, "article")] == [article]
    assert [identity for identity, _ in of(out, "document")] == ["one.txt"]
    assert [said for _, said in of(out, "archive")] == ["intact"]
    assert [said for _, said in of(out, "fetch")] == ["read from a file: nothing was fetched"]
    ((_, run),) = of(out, "run")
    assert "ingest · completed" in run
    assert "taxonomy" in run


@pytest.mark.parametrize("what", ["agreement", "party", "mention", "article", "topic"])
def test_as_json_a_trace_is_one_document_of_its_schema(press, agreement, article, what):
    mention = json.loads(press("trace", "agreement", agreement, "--json")[1])["mentions"][0]["mention"]
    asked = {"party": f"{agreement}/0", "mention": str(mention), "topic": f"{article}/biotech"}
    identity = asked.get(what, agreement if what == "agreement" else article)
    code, out, _ = press("trace", what, identity, "--json")
    told = json.loads(out)
    assert (code, told["what"]) == (0, what)
    jsonschema.validate(told, schema("trace"))
    assert told["articles"][0]["readings"][0]["page"]["archive"] == "intact"
    assert {run["run"] for run in told["runs"]} == {1}


def test_the_raw_bytes_are_those_that_arrived(press, agreement):
    assert press("trace", "agreement", agreement, "--output", "page.txt")[0] == 0
    assert Path("page.txt").read_text(encoding="utf-8").startswith("Northbank signs")
    code, _, err = press("trace", "agreement", agreement, "--output", "page.txt")
    assert (code, "page.txt" in err) == (2, True)


def bytes_of(run, article):
    """The object in the archive that an article was read from."""
    page = json.loads(run("trace", "article", article, "--json")[1])["articles"][0]["readings"][0]["page"]
    return next(Path.cwd().rglob(f"{page['sha256']}*"))


def test_bytes_that_are_gone_are_said_to_be(press, article):
    bytes_of(press, article).unlink()
    code, out, _ = press("trace", "article", article)
    assert (code, [said.split(" · ")[0] for _, said in of(out, "archive")]) == (0, ["missing"])
    assert any("cannot be had" in said for _, said in of(out, "note"))
    assert press("trace", "article", article, "--output", "page.txt")[0] == 1
    assert not Path("page.txt").exists()


def test_bytes_that_retention_deleted_are_said_to_be(press, article, store_url):
    engine = create_engine(store_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(update(Page).values(removed_at=datetime(2026, 3, 1, tzinfo=UTC)))
    engine.dispose()
    out = press("trace", "article", article)[1]
    ((_, said),) = of(out, "archive")
    assert said.startswith("removed · Deleted on 2026-03-01")


def test_bytes_that_are_not_what_arrived_are_not_given(press, article):
    bytes_of(press, article).write_bytes(b"quite something else")
    out = press("trace", "article", article)[1]
    assert [said.split(" · ")[0] for _, said in of(out, "archive")] == ["damaged"]
    assert press("trace", "article", article, "--output", "page.txt")[0] == 1


def test_the_archive_is_left_alone_where_asked(press, article):
    bytes_of(press, article).unlink()
    out = press("trace", "article", article, "--no-archive")[1]
    assert [said for _, said in of(out, "archive")] == ["unchecked"]


def test_a_wording_that_was_revised_away_says_so(press, article, tmp_path):
    with (tmp_path / "press/one.txt").open("a", encoding="utf-8") as story:
        story.write("\nRain fell on the harbour that day.\n")
    assert press("run", "press", "--quiet")[0] == 0
    out = press("trace", "article", article)[1]
    assert [said.split(" · ")[0] for _, said in of(out, "article")] == ["revised away"]
    assert of(out, "note")


def test_a_topic_leads_to_the_words_that_earned_it(press, article):
    out = press("trace", "topic", f"{article}/biotech")[1]
    assert any("gene therapy" in said or "vaccines" in said for _, said in of(out, "evidence"))
    assert "in force" in of(out, "topic")[0][1]


def test_a_topic_that_a_person_gave_leads_to_the_person(press, article):
    assert press("label", article, "--topic", "+listings", "-biotech", "--by", "A. Chan", "--reason", "doctors")[0] == 0
    given = press("trace", "topic", f"{article}/listings")[1]
    assert any("by A. Chan" in said and "doctors" in said for _, said in of(given, "ruling"))
    assert "not given by a machine" in of(given, "topic")[0][1]
    taken = press("trace", "topic", f"{article}/biotech")[1]
    assert "not in force" in of(taken, "topic")[0][1]


def test_a_dismissed_agreement_can_still_be_press(press, agreement):
    assert press("agreement", agreement, "--dismiss", "--by", "A. Chan", "--reason", "an order", "--yes")[0] == 0
    out = press("trace", "agreement", agreement)[1]
    assert "dismissed" in of(out, "agreement")[0][1]
    assert any("by A. Chan" in said for _, said in of(out, "ruling"))
    assert of(out, "sentence")


def test_a_merged_agreement_leads_to_its_own_sentence_and_to_the_one_that_stands_for_it(press, agreement):
    other = listed(press, "agreements", "parties")["Southport Hospital + Westhaven University"]
    assert press("agreement", agreement, "--merge", other, "--by", "A. Chan", "--yes")[0] == 0
    told = [json.loads(press("trace", "agreement", each, "--json")[1]) for each in (agreement, other)]
    states = {each["agreement"]["state"] for each in told}
    assert states == {"merged", "in_force"}
    gone = next(each for each in told if each["agreement"]["state"] == "merged")
    assert len(gone["mentions"]) == 1
    assert gone["notes"]


def test_the_beginning_of_an_id_will_do(press, agreement):
    assert press("trace", "agreement", agreement[:-2])[1].splitlines()[0].split("\t")[2] == agreement


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("agreement", "agr-none"), "agr-none"),
        (("article", "art-"), "several"),
        (("mention", "99999999999999999999999"), "no mention"),
        (("mention", "-1"), "no such option"),
        (("mention", "١"), "no mention"),
        (("topic", "art-"), "several"),
        (("party", "agr-none/0"), "agr-none"),
        (("article", "\x1b[31m'; drop table articles; --"), "article"),
    ],
)
def test_what_is_not_there_is_a_clear_error(press, words, said):
    code, out, err = press("trace", *words)
    assert code == (2 if words[1] == "-1" else 1)
    assert out == ""
    assert said in err.casefold()
    assert "Traceback" not in err
    assert "\x1b" not in err


def test_a_topic_or_party_that_the_row_has_not_is_told_with_those_that_it_has(press, agreement, article):
    code, _, err = press("trace", "topic", f"{article}/nonsense")
    assert (code, "biotech" in err) == (1, True)
    code, _, err = press("trace", "party", f"{agreement}/7")
    assert (code, f"{agreement}/PARTY" in err) == (1, True)
