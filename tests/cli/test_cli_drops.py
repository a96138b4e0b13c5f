"""`ingest drops`: what was left out, and why."""

from __future__ import annotations

import io
import json
import re

import pytest
from jsonschema import Draft202012Validator

from ingest import schemas, wire
from ingest.cli.screen import Screen
from ingest.documents import Reason
from ingest.report import drops as shown
from ingest.store import read

ROW = "desk\tpicture.txt\textract\tnot_text\tIt is a PNG image; remove it.\t2026-03-06T08:00:00Z\n"


def test_drops_in_a_pipe_are_tab_separated_lines_with_reason_and_remedy(ingest, store):
    assert ingest("drops", "--database", store) == (0, ROW, "")


@pytest.mark.parametrize(
    ("options", "listed"),
    [
        (("--reason", "not_text"), True),
        (("--reason", "empty"), False),
        (("--source", "desk"), True),
        (("--source", "other"), False),
        (("--since", "2026"), True),
        (("--since", "2026-03"), True),
        (("--since", "2026-03-06"), True),
        (("--since", "2026-03-06T16:00:00+08:00"), True),
        (("--since", "2026-03-06T08:00:01Z"), False),
        (("--since", "2026-03-07"), False),
        (("--since", "5000w"), True),
    ],
)
def test_drops_are_filtered(ingest, store, options, listed):
    code, out, err = ingest("drops", "--database", store, *options)
    assert (code, out) == (0, ROW if listed else "")
    assert listed or "no document was dropped that is like that" in err


def test_with_since_they_are_counted_by_reason_and_source_too(ingest, store):
    assert ingest("drops", "--database", store, "--since", "2026")[2] == "by reason and source: 1 not_text (desk)\n"


def test_of_many_reasons_the_most_frequent_are_named():
    counted = [wire.DropCount(reason=Reason.EMPTY, source=f"s{n}", count=9 - n) for n in range(8)]
    said = shown.summed(counted)
    assert said.startswith("by reason and source: 9 empty (s0), 8 empty (s1)")
    assert said.endswith("4 empty (s5) and 5 more: --count has them all")


@pytest.mark.parametrize("since", ["yesterday", "1y", "2026-13", "99999999w", "999999w"])
def test_a_time_that_is_none_is_refused(ingest, store, since):
    code, _, err = ingest("drops", "--database", store, "--since", since)
    assert code == 2
    assert "is not a time; write 1d, 12h" in err


def test_drops_as_json_meet_their_schema_on_both_databases(ingest, store, store_on_postgresql):
    _, out, _ = ingest("drops", "--json", "--database", store, "--since", "2026-03-06")
    Draft202012Validator(schemas.schema("drop")).validate(json.loads(out))
    assert ingest("drops", "--json", "--database", store_on_postgresql, "--since", "2026-03-06")[1] == out


def test_a_terminal_shows_the_key_the_remedy_and_when(store):
    with read.connect(store) as connection:
        listing = read.drops(connection, read.DropFilter(), limit=20)
    out = io.StringIO()
    Screen(out, io.StringIO(), colour=False, width=80).show(shown.entries(listing.items))
    lines = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue()).splitlines()]
    assert lines == [
        "not_text            picture.txt",
        "                    It is a PNG image; remove it.",
        "                    desk · stage extract · 2026-03-06T08:00:00Z",
    ]
