"""The shell around every command: help, exit codes, errors, what is loaded."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from ingest.cli import cli
from ingest.cli.failure import explain
from ingest.cli.root import COMMANDS, EXIT_CODES
from ingest.errors import SchemaNewerError, StoreMissingError

HEAVY = ("sqlalchemy", "alembic", "spacy", "trafilatura", "prefect", "dateparser", "numpy", "pydantic", "rich", "lxml")


def every_command():
    context = click.Context(cli)
    for name in COMMANDS:
        found = cli.get_command(context, name)
        if isinstance(found, click.Group):
            yield from ((f"{name} {sub}", command) for sub, command in found.commands.items())
        else:
            yield name, found


def test_the_help_lists_every_command_by_purpose_and_every_exit_code(ingest):
    code, out, _ = ingest("--help")
    assert code == 0
    for name, listed in COMMANDS.items():
        assert f"  {name} " in out
        assert listed.summary in out
        assert f"{listed.section}:" in out
    for number, _ in EXIT_CODES:
        assert f"\n  {number} " in out


@pytest.mark.parametrize(("name", "command"), list(every_command()))
def test_each_command_explains_itself_with_examples_that_start_with_ingest(ingest, name, command):
    code, out, _ = ingest(*name.split(), "--help")
    assert code == 0
    assert command.help
    examples = out.partition("Examples:")[2].strip().splitlines()
    assert examples
    assert all("ingest" in example and name.split()[-1] in example for example in examples)


@pytest.mark.parametrize(("name", "command"), list(every_command()))
def test_each_option_is_described(name, command):
    del name
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    assert all(option.help for option in options)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("articles",),
        ("agreements", "--json"),
        ("why", "hostile.txt"),
        ("sql", "select 1"),
        ("export", "runs", "--output", "runs.csv"),
    ],
)
def test_reading_loads_nothing_heavy(store, arguments):
    script = (
        "import sys; from ingest.cli import main; code = main(sys.argv[2:]);"
        "loaded = [name for name in sys.argv[1].split(',') if name in sys.modules];"
        "sys.exit(f'loaded: {loaded}' if loaded else code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, ",".join(HEAVY), "--database", store, *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("unknown",), "No such command"),
        (("articles", "--limit", "many"), "--limit"),
        (("articles", "--since", "yesterday"), "2024-03-14"),
        (("run", "--flow", "https://news.example/"), "without --flow"),
        (("run", "nowhere"), "there is no folder or file nowhere"),
        (("articles", "--database", "mysql://host/x"), "not the address of a database"),
        (("articles", "--config", "missing.toml"), "missing.toml"),
        (("schema", "nothing"), "agreement"),
        (("agreements", "--all", "--news"), "exclude each other"),
    ],
)
def test_wrong_usage_is_told_with_a_remedy_and_exits_with_2(ingest, arguments, said):
    code, out, err = ingest(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert said in err
    assert len(err.splitlines()) == 2
    assert "Traceback" not in err


def test_without_a_command_the_help_is_shown_and_the_code_is_2(ingest):
    code, out, err = ingest()
    assert (code, out) == (2, "")
    assert err.startswith("Usage: ingest")


def test_without_a_store_reading_says_how_to_make_one(ingest):
    code, _, err = ingest("articles")
    assert code == StoreMissingError.exit_code
    assert "ingest run" in err


def test_a_file_that_is_no_database_is_told_and_exits_with_1(ingest, tmp_path):
    (tmp_path / "notes.db").write_text("these are my notes, " * 100, encoding="utf-8")
    code, _, err = ingest("--database", "sqlite:///notes.db", "articles")
    assert code == 1
    assert "not a database" in err


def test_a_database_of_another_program_is_told(ingest, tmp_path):
    import sqlite3

    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE songs (title TEXT)")
    other.close()
    code, _, err = ingest("articles", "--database", "sqlite:///other.db")
    assert code == 1
    assert "ingest db upgrade" in err


def test_a_wrong_setting_names_the_file_and_the_key(ingest, tmp_path):
    (tmp_path / "ingest.toml").write_text("windw = 3", encoding="utf-8")
    code, _, err = ingest("articles")
    assert code == 2
    assert "ingest.toml" in err
    assert "windw" in err


def told(error, **arguments):
    stream = io.StringIO()
    return explain(error, stream, **arguments), stream.getvalue()


def test_an_error_of_ours_becomes_its_message_its_remedy_and_its_code():
    error = SchemaNewerError("made by a newer release", remedy="upgrade ingest")
    assert told(error) == (1, "error: made by a newer release\n  upgrade ingest\n")


def test_an_unexpected_error_names_the_file_that_has_its_traceback(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code, message = told(ValueError("odd: postgresql://me:secret@host/x"))
    assert code == 1
    assert "Traceback" not in message
    (log,) = tmp_path.glob("ingest-*.log")
    assert str(log) in message
    assert "secret" not in message + log.read_text(encoding="utf-8")


def test_with_debug_the_error_is_shown_in_full_and_no_file_is_named():
    code, message = told(ExceptionGroup("odd", [ValueError("inner")]), debug=True)
    assert code == 1
    assert "ValueError: inner" in message
    assert ".log" not in message


def test_an_interruption_says_that_what_was_committed_is_kept():
    code, message = told(click.Abort())
    assert code == 130
    assert "kept" in message


def test_hostile_text_in_an_error_cannot_reach_the_terminal():
    _, message = told(StoreMissingError("no \x1b]0;title\x07 here"))
    assert "\x1b" not in message
    assert "\x07" not in message


def test_a_reader_that_closes_the_pipe_is_met_with_silence(store):
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest", "--database", store, "articles", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
@pytest.mark.parametrize("arguments", [("articles",), ("articles", "--json"), ("schema", "article"), ("--help",)])
def test_an_output_that_is_full_is_told_in_one_line(store, arguments, tmp_path):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ingest", "--database", store, *arguments],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, env={**os.environ, "TMPDIR": str(tmp_path)},
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "error: the output cannot be written: No space left on device\n")
    assert list(tmp_path.glob("*.log")) == []


def test_a_terminal_that_is_not_utf8_gets_escapes_instead_of_a_crash(store):
    done = subprocess.run(
        [sys.executable, "-m", "ingest", "--database", store, "agreements"],
        capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert b"\\u6d77" in done.stdout


def test_the_shown_settings_name_where_each_came_from(ingest, tmp_path):
    (tmp_path / "ingest.toml").write_text("window = 3", encoding="utf-8")
    code, out, _ = ingest("config", "show", "--database", "postgresql://me:secret@host/x")
    assert code == 0
    rows = {line.split("\t")[0]: line.split("\t")[1:3] for line in out.splitlines()}
    assert rows["window"] == ["3", "ingest.toml"]
    assert rows["database_url"] == ["postgresql://me:***@host/x", "--database"]
    assert rows["lease_seconds"] == ["300", "default"]
    assert "secret" not in out


def test_schemas_are_written_to_a_folder(ingest, tmp_path):
    code, _, _ = ingest("schema", "--write", "out", "--quiet")
    assert code == 0
    published = Path(__file__).parents[2] / "schemas"
    assert {f.name: f.read_text("utf-8") for f in (tmp_path / "out").iterdir()} == {
        f.name: f.read_text("utf-8") for f in published.glob("*.json")
    }
