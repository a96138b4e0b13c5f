"""What `ingest search` prints, refuses and loads."""

from __future__ import annotations

import io
import json
import shlex
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from ingest import schemas
from ingest.cli.screen import Screen
from ingest.report import search as shown
from ingest.store import open_store, read
from ingest.store.search import fill


@pytest.fixture
def searched(store):
    """The small store, indexed."""
    with open_store(store) as opened:
        opened.database.write(fill)
    return store


def test_results_in_a_pipe_are_tab_separated_lines(ingest, searched):
    code, out, err = ingest("search", "university", "--database", searched)
    assert (code, err) == (0, "")
    (row,) = [line.split("\t") for line in out.splitlines()]
    assert row[:5] == ["art-000000000002", "2026-02-27", "en", "title", "University signs"]
    assert "Northbank University and 海港實驗室 signed" in row[5]
    assert row[6:] == ["desk", "sub/signed.txt"]


def test_json_lines_follow_the_schema_and_their_spans_hold_what_was_asked_for(ingest, searched):
    code, out, _ = ingest("search", "海港 universities", "--json", "--database", searched)
    assert code == 0
    (found,) = map(json.loads, out.splitlines())
    Draft202012Validator(schemas.schema("search-result")).validate(found)
    passage = found["passage"]
    words = [passage["text"][s["start"] - passage["start"] : s["end"] - passage["start"]] for s in passage["spans"]]
    assert words == ["University", "海港"]
    assert [found["title"][s["start"] : s["end"]] for s in found["title_spans"]] == ["University"]


def test_more_than_a_page_is_told_with_the_command_that_shows_it(ingest, searched):
    _, first, err = ingest("search", "lede OR headline", "--limit", "1", "--database", searched, "--since", "2026")
    cursor = err.rpartition("--after ")[2].split()[0]
    assert "ingest search" in err
    assert "--since 2026" in err
    _, second, err = ingest(
        "search", "lede OR headline", "--limit", "1", "--database", searched, "--since", "2026", "--after", cursor
    )
    assert (len(first.splitlines()), len(second.splitlines()), err) == (1, 1, "")
    assert first != second


def test_the_command_that_shows_more_can_be_pasted_back(ingest, searched):
    _, _, err = ingest("search", "--limit", "1", "--database", searched, "--", '-"hospital $(x)"', "lede OR headline")
    pasted = shlex.split(err.partition("There is more: ")[2])
    assert ingest(*pasted[1:])[0] == 0


def test_nothing_found_is_said_on_standard_error_and_is_no_failure(ingest, searched):
    assert ingest("search", "zeppelin", "--database", searched) == (0, "", "no article is like that\n")


def test_no_hostile_character_reaches_the_output(ingest, searched):
    for more in ((), ("--json",)):
        _, out, _ = ingest("search", "headline", "--database", searched, *more)
        assert not set(out) & set("\x1b\x9b\u202e")
        assert "[bold]headline[/bold]" in out


@pytest.mark.parametrize("width", [60, 140])
def test_a_terminal_shows_what_was_asked_for_in_colour_and_hostile_text_as_text(searched, width):
    with read.connect(searched) as connection:
        page = read.search(connection, "headline OR fintech", read.SearchFilter(), limit=5)
    out = io.StringIO()
    Screen(out, io.StringIO(), width=width).show(shown.entries(page.items))
    assert "\x1b[32mheadline" in out.getvalue()
    assert "\x1b[32mfintech" in out.getvalue()
    assert "\x1b[31mred" not in out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("search",), "Missing argument"),
        (("search", "NOT", "clinic"), "only says what to leave out"),
        (("search", "()"), "holds no word"),
        (("search", "a*"), "too short a beginning"),
        (("search", "word " * 300), "1500 characters"),
        (("search", "lab", "--limit", "0"), "--limit"),
        (("search", "lab", "--since", "soon"), "2024-03-14"),
        (("search", "lab", "--since", "2024-02-31"), "no day"),
        (("search", "lab", "--after", "x"), "no cursor"),
    ],
)
def test_wrong_usage_is_told_with_a_remedy_and_exits_with_2(ingest, searched, arguments, said):
    code, out, err = ingest(*arguments, "--database", searched)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert said in err
    assert len(err.splitlines()) == 2


def test_searching_loads_nothing_heavy(searched):
    script = (
        "import sys; from ingest.cli import main; code = main(sys.argv[1:]);"
        "loaded = {'sqlalchemy', 'spacy', 'prefect', 'trafilatura', 'pydantic', 'alembic'} & {*sys.modules};"
        "sys.exit(f'loaded: {loaded}' if loaded else code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "search", "university", "海港", "--database", searched],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout
