"""`ingest export`: files that are whole, the same from both databases, and can be cited and checked."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click
import psycopg
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from ingest import schemas
from ingest.cli.failure import INTERRUPTED
from ingest.cli.screen import Screen
from ingest.errors import ConfigurationError, QueryError
from ingest.export import FileForm, Target, export, select
from ingest.export.condition import checked
from ingest.report import exports as shown
from ingest.store import make_reader, upgrade
from ingest.tables import Run, RunState
from ingest.views import VIEWS


@pytest.fixture(params=["sqlite", "postgresql"])
def asked(request):
    """The address of the small store, on either database; on PostgreSQL with the role for readers."""
    if request.param == "sqlite":
        return request.getfixturevalue("store")
    url = request.getfixturevalue("store_on_postgresql")
    make_reader(url)
    return url


def read_csv(path):
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_lines(path):
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def schema_holds(name, said):
    Draft202012Validator(schemas.schema(name)).validate(json.loads(said))


def test_every_view_can_be_exported_under_its_name_and_both_databases_give_the_same_bytes(
    ingest, store, store_on_postgresql
):
    make_reader(store_on_postgresql)
    names = [view.name.removeprefix("v_") for view in VIEWS]
    for url, folder in ((store, "one"), (store_on_postgresql, "other")):
        assert ingest("export", *names, "--database", url, "--output", folder)[::2] == (0, "")
    written = sorted(path.name for path in Path("one").iterdir())
    assert written == sorted([*(f"{name}.csv" for name in names), "manifest.json"])
    for name in (
        "articles", "appearances", "article_topics", "agreements", "agreement_parties", "agreement_mentions",
        "documents", "document_events", "organisations", "runs",
    ):  # fmt: skip
        assert Path("one", f"{name}.csv").read_bytes() == Path("other", f"{name}.csv").read_bytes(), name


def test_short_names_stand_for_views(ingest, store):
    assert ingest("export", "parties", "mentions", "topics", "names", "--database", store)[0] == 0
    manifest = json.loads(Path("export/manifest.json").read_text(encoding="utf-8"))
    assert [file["view"] for file in manifest["files"]] == [
        "v_agreement_parties", "v_agreement_mentions", "v_article_topics", "v_organisation_names",
    ]  # fmt: skip


def test_csv_is_read_right_by_a_spreadsheet(ingest, asked):
    assert ingest("export", "parties", "--output", "parties.csv", "--database", asked)[0] == 0
    written = Path("parties.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.count(b"\r\n") == written.count(b"\n") == 4
    rows = read_csv("parties.csv")
    assert [row["name"] for row in rows] == ["Northbank University", "海港實驗室", "Northbank University"]
    assert rows[1]["region"] == ""


def test_a_line_break_in_a_text_stays_within_its_cell(ingest, asked):
    assert ingest("export", "articles", "--output", "all.csv", "--database", asked)[0] == 0
    row = next(row for row in read_csv("all.csv") if row["title"] == "University signs")
    assert row["text"].startswith("Lede.\n\nNorthbank")


def test_json_lines_have_lists_flags_and_null(ingest, asked):
    assert ingest("export", "agreements", "--format", "jsonl", "--output", "x", "--database", asked)[0] == 0
    first, second = read_lines("x/agreements.jsonl")
    assert first["parties"] == ["Northbank University", "海港實驗室"]
    assert (first["is_news"], second["is_news"]) == (True, False)
    assert first["value"] is None


def test_parquet_has_typed_columns_with_their_meanings(ingest, asked):
    assert ingest("export", "agreements", "--output", "x.parquet", "--database", asked)[0] == 0
    table = pyarrow.parquet.read_table("x.parquet")
    row = table.to_pylist()[0]
    assert row["parties"] == ["Northbank University", "海港實驗室"]
    assert row["is_news"] is True
    assert row["confidence"] == pytest.approx(0.9)
    assert row["first_seen_at"] == datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    assert row["signed_on"] == "2026-02-23"
    assert b"Public id" in table.schema.field("agreement_id").metadata[b"description"]


def test_parquet_says_what_to_install_where_its_extra_is_not(store):
    script = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from ingest.cli import main; sys.exit(main(['export', 'runs', '--format', 'parquet', *sys.argv[1:]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "--database", store], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "pip install '.[parquet]'" in done.stderr
    assert list(Path("export").iterdir()) == []


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_a_view_without_rows_is_a_file_without_rows(ingest, asked, form):
    code, out, _ = ingest("export", "alert_deliveries", "--format", form, "--json", "--database", asked)
    assert code == 0
    assert json.loads(out)["manifest"]["files"][0]["rows"] == 0


def test_the_manifest_says_what_when_and_from_where(ingest, asked):
    arguments = (
        "--since",
        "2026",
        "--until",
        "2026-02",
        "--where",
        "confidence > 0.5",
        "--columns",
        "agreement_id,kind",
    )
    code, out, _ = ingest("export", "agreements", *arguments, "--json", "--database", asked)
    assert code == 0
    schema_holds("export", out)
    written = Path("export/manifest.json").read_text(encoding="utf-8")
    schema_holds("export-manifest", written)
    manifest = json.loads(written)
    assert manifest == json.loads(out)["manifest"]
    file = manifest["files"][0]
    assert (file["rows"], file["view"], file["bytes"]) == (
        1,
        "v_agreements",
        Path("export/agreements.csv").stat().st_size,
    )
    assert [column["name"] for column in file["columns"]] == ["agreement_id", "kind"]
    assert manifest["where"] == "confidence > 0.5"
    assert [(each["code_version"], each["runs"]) for each in file["versions"]] == [("0", 1)]
    code, out, _ = ingest("sql", file["query"], "--database", asked)
    assert (code, out) == (0, "agr-00000000a1\tmou\n")


def test_an_export_is_checked_against_its_manifest(ingest, store):
    ingest("export", "articles", "topics", "runs", "--database", store)
    code, out, _ = ingest("export", "--verify", "export/manifest.json", "--json")
    assert code == 0
    schema_holds("export-verification", out)
    with Path("export/topics.csv").open("ab") as file:
        file.write(b" ")
    Path("export/runs.csv").unlink()
    code, out, err = ingest("export", "--verify", "export/manifest.json")
    assert code == 1
    assert out.startswith("same\tarticles.csv\nchanged\ttopics.csv\nmissing\truns.csv\n")
    assert "not as exported: topics.csv, runs.csv" in err


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "is not the manifest"),
        ("[]", "is not the manifest"),
        ("[" * 100_000, "is not the manifest"),
        ('{"manifest": 2, "files": []}', "newer release"),
        ('{"manifest": 1, "files": [{"file": "../secret", "sha256": ""}]}', "not the name of a file"),
        ('{"manifest": 1, "files": [{"file": "..", "sha256": ""}]}', "not the name of a file"),
        ('{"manifest": 1, "files": [{"file": "a\\u0000", "sha256": ""}]}', "not the name of a file"),
    ],
)
def test_what_is_no_manifest_is_said_to_be_none(ingest, tmp_path, written, said):
    (tmp_path / "manifest.json").write_text(written, encoding="utf-8")
    code, out, err = ingest("export", "--verify", "manifest.json")
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("article",), "articles"),
        ((), "Missing argument"),
        (("articles", "articles"), "named twice"),
        (("articles", "--columns", "titel"), "is it title"),
        (("articles", "--columns", "title,title"), "named twice"),
        (("articles", "topics", "--columns", "article_id"), "one NAME"),
        (("articles", "topics", "--output", "x.csv"), "name a folder"),
        (("articles", "--output", "x.csv", "--format", "jsonl"), "does not end in .jsonl"),
        (("articles", "--output", "-"), "ingest sql"),
        (("organisations", "--since", "2026"), "has no date"),
        (("articles", "--since", "yesterday"), "2024-03-14"),
        (("articles", "--verify", "manifest.json"), "takes no NAME"),
        (("--verify", "nothing.json"), "there is no file nothing.json"),
    ],
)
def test_wrong_usage_is_told_with_a_remedy(ingest, store, arguments, said):
    code, out, err = ingest("export", *arguments, "--database", store)
    assert (code, out) == (2, "")
    assert said in err
    assert not Path("export").exists()


CONDITIONS = [
    "",
    " ",
    "1 = 1)",
    "(1 = 1",
    "1 = 1) union select * from (v_articles",
    "1 = 1) --",
    "1 = 1 -- )",
    "1 = 1 --\n",
    "1 = 1 /* ) */",
    "1 = 1; drop view v_articles",
    "title = 'open",
    'title = "open',
    "title = 'a''",
    "title = E'\\') or (1 = 1'",
    "title = e'\\'",
    "title = U&'\\0041'",
    "title = $$x$$",
    "title = $1",
    "title = ?",
    "title = :name",
    "[ ' ] ) union select * from (v_articles [ ' ] = 1",
    "` ' ` ) union select * from (v_articles ` ' ` = 1",
    "1 = 1 union select 1",
    "1 = 1 order by 1",
    "1 = 1 limit 1",
    "1 = 1 group by title",
    "article_id in (select public_id from articles)",
    "exists (select name from sqlite_master where sql is not null)",
    "exists (select 1 from pg_authid)",
    "exists (with gone as (delete from articles returning id) select 1 from gone)",
    "nope = 1",
    "title = 'a\0b'",
    "load_extension('mine') = 1",
    "pg_read_file('/etc/passwd') = ''",
    "set_config('role', 'none', true) = ''",
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_can_neither_leave_its_brackets_nor_read_what_is_not_a_view(ingest, asked, condition):
    code, out, err = ingest("export", "articles", "--where", condition, "--database", asked)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert "Traceback" not in err
    assert not Path("export").exists() or list(Path("export").iterdir()) == []


PIECES = [
    *(
        "'",
        "''",
        '"',
        "(",
        ")",
        "--",
        "/*",
        "*/",
        ";",
        "\n",
        "\r",
        " ",
        "1",
        "=",
        "or",
        "union",
        "all",
        "select",
        "1 = 1",
    ),
    *("$$", "$a$", "E'", "U&'", "\\", "[", "]", "`", "?", "a", ",", "*", "-", "/", "order by", "\u00a0", "é", ":", "@"),
    *(") or (", "1 = 1) or (1 = 1", ") or (1 = 1 -- ", "' or '", "x'"),
]
CONDITION = st.builds(str.join, st.sampled_from(["", " "]), st.lists(st.sampled_from(PIECES), max_size=14))


@pytest.fixture(scope="session")
def asking(postgresql):
    """Asks either database a SELECT on no table."""
    lite = sqlite3.connect(":memory:")
    with psycopg.connect(postgresql("postgres"), autocommit=True) as connection:

        def ask(query):
            rows = []
            with contextlib.suppress(sqlite3.Error, sqlite3.Warning):
                rows += lite.execute(query).fetchall()
            with contextlib.suppress(psycopg.Error):
                rows += connection.execute(query.encode()).fetchall()
            return rows

        yield ask
    lite.close()


@settings(max_examples=1_000)
@given(
    st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join)
    | st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
)
def test_no_condition_that_is_taken_reaches_beyond_its_brackets(asking, condition):
    try:
        taken = checked(condition)
    except QueryError:
        return
    assert asking(f"SELECT 1 WHERE (1 = 0) AND (\n{taken}\n)\nORDER BY 1") == []


def test_what_the_property_above_looks_for_it_would_find(asking):
    assert asking("SELECT 1 WHERE (1 = 0) AND (\n1 = 1) or (1 = 1\n)\nORDER BY 1") == [(1,), (1,)]


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("language = 'en'", 2),
        ("title = 'it''s (' or language = 'en'", 2),
        ("article_id in (select article_id from v_article_topics where topic = 'fintech')", 1),
        ("1 = 1 or 1 = 0", 3),
        ("title like '%signs%' and 5 % 3 = 2", 1),
        ("length(text) > 100\n", 1),
    ],
)
def test_a_condition_is_one_and_binds_as_if_it_stood_alone(ingest, asked, condition, rows):
    code, out, _ = ingest("export", "articles", "--since", "2026", "--where", condition, "--json", "--database", asked)
    assert code == 0
    assert json.loads(out)["manifest"]["files"][0]["rows"] == rows


@pytest.mark.parametrize(
    ("name", "since", "until", "rows"),
    [
        ("articles", "2026-03", None, 2),
        ("articles", None, "2026-02", 1),
        ("agreements", "2026", None, 1),
        ("agreements", None, "2019", 1),
        ("parties", "2026-02-23", "2026-02-23", 2),
        ("mentions", "2026-02-27", "2026-02-27", 2),
        ("topics", "2026-03", None, 0),
        ("runs", "2026-03-03", "2026-03-03", 1),
    ],
)
def test_since_and_until_count_the_date_that_a_row_has_or_belongs_to(ingest, asked, name, since, until, rows):
    given = [*(("--since", since) if since else ()), *(("--until", until) if until else ())]
    code, out, _ = ingest("export", name, *given, "--json", "--database", asked)
    assert code == 0
    assert json.loads(out)["manifest"]["files"][0]["rows"] == rows


def test_what_is_there_is_replaced_only_where_that_is_asked_for(ingest, store):
    assert ingest("export", "runs", "--database", store)[0] == 0
    before = Path("export/runs.csv").read_bytes()
    code, _, err = ingest("export", "runs", "--where", "run_id = 1", "--database", store)
    assert code == 2
    assert "--force" in err
    assert Path("export/runs.csv").read_bytes() == before
    assert ingest("export", "runs", "--where", "run_id = 1", "--force", "--database", store)[0] == 0
    assert len(read_csv("export/runs.csv")) == 1
    assert ingest("export", "--verify", "export/manifest.json")[0] == 0


def test_a_query_that_fails_leaves_the_files_of_the_last_export(ingest, store):
    ingest("export", "runs", "--database", store)
    before = {path.name: path.read_bytes() for path in Path("export").iterdir()}
    assert ingest("export", "runs", "--where", "nope = 1", "--force", "--database", store)[0] == 2
    assert {path.name: path.read_bytes() for path in Path("export").iterdir()} == before


def test_a_folder_that_cannot_be_made_is_told(ingest, store):
    Path("taken").write_text("", encoding="utf-8")
    code, _, err = ingest("export", "runs", "--output", "taken/below", "--database", store)
    assert code == 1
    assert "cannot be made" in err


@pytest.fixture
def large(store):
    """The small store with some megabytes in it."""
    engine = create_engine(store)
    with engine.begin() as connection:
        connection.execute(text("UPDATE articles SET text = hex(randomblob(1000000))"))
    engine.dispose()
    return store


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_a_disk_that_fills_leaves_nothing_and_says_what_to_do(large, form):
    done = subprocess.run(
        [sys.executable, "-m", "ingest", "export", "runs", "articles", "--format", form, "--database", large],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)),
    )
    assert done.returncode == 1, done.stderr
    assert f"export/articles.{form} cannot be written" in done.stderr
    assert "make room" in done.stderr
    assert list(Path("export").iterdir()) == []


ENDLESS = "(with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n) > 0"


def started(url, *arguments):
    command = [sys.executable, "-m", "ingest", "export", "runs", "articles", *arguments, "--database", url]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    while not list(Path().glob("export/.*.part")):
        assert time.monotonic() < until
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.01)
    time.sleep(0.2)  # the query is under way
    return process


def test_ctrl_c_leaves_nothing(asked):
    with started(asked, "--where", ENDLESS) as process:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == INTERRUPTED
    assert "Interrupted" in err
    assert list(Path("export").iterdir()) == []


def test_a_kill_leaves_no_file_under_a_final_name(store):
    with started(store, "--where", ENDLESS) as process:
        process.kill()
    assert all(path.name.startswith(".") and path.suffix == ".part" for path in Path("export").iterdir())


def test_a_condition_that_would_run_for_ever_is_ended(ingest, asked):
    code, out, err = ingest("export", "runs", "--where", ENDLESS, "--seconds", "0.3", "--database", asked)
    assert (code, out) == (2, "")
    assert "longer than 0.3 seconds" in err
    assert list(Path("export").iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_output_for_the_summary_is_told(store):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ingest", "export", "runs", "--database", store],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "cannot be written" in done.stderr


@pytest.fixture(params=["sqlite", "postgresql"])
def written(request, postgresql, tmp_path):
    """The address of a store that may be written, on either database, with a thousand runs in it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/moment.db"
    else:
        url = postgresql("moment")
        with psycopg.connect(postgresql("postgres"), autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS moment")
            connection.execute("CREATE DATABASE moment")
    upgrade(url)
    if request.param == "postgresql":
        make_reader(url)
    add_runs(url, range(10, 1_010))
    return url


def add_runs(url, numbers):
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with Session(engine) as session:
        session.add_all(
            Run(
                id=number, kind="ingest", state=RunState.COMPLETED, started_at=datetime(2026, 3, 1, tzinfo=UTC),
                code_version="1", versions={}, host="h", pid=1, process_started="1",
            )
            for number in numbers
        )  # fmt: skip
        session.commit()
    engine.dispose()


def test_all_files_are_of_one_moment(written):
    chosen = [select("runs"), select("runs", conditions=("run_id > 0",))]
    to = Target(files=(Path("first.csv"), Path("second.csv")), manifest=Path("manifest.json"), force=False)
    added = []

    def tell(name, rows):
        del name, rows
        if not added:  # while the first file is written
            added.extend(range(2_000, 2_010))
            add_runs(written, added)

    done = export(written, chosen, to, form=FileForm.CSV, seconds=60, tell=tell)
    assert added
    assert [file.rows for file in done.manifest.files] == [1_000, 1_000]
    assert Path("first.csv").read_bytes() == Path("second.csv").read_bytes()
    assert [(each.code_version, each.runs) for each in done.manifest.files[1].versions] == [("1", 1_000)]


def test_a_name_that_is_taken_meanwhile_is_kept_and_nothing_is_left_beside_it(written):
    to = Target(files=(Path("a.csv"), Path("b.csv")), manifest=Path("manifest.json"), force=False)
    chosen = [select("runs"), select("sources")]
    with pytest.raises(ConfigurationError, match=r"b\.csv is there already"):
        export(
            written, chosen, to, form=FileForm.CSV, seconds=60,
            tell=lambda name, rows: Path("b.csv").write_text(f"mine {name} {rows}", encoding="utf-8"),
        )  # fmt: skip
    assert Path("b.csv").read_text(encoding="utf-8") == "mine runs 1000"
    assert not Path("a.csv").exists()
    assert not Path("manifest.json").exists()
    assert not list(Path().glob(".*.part"))


def test_names_in_the_way_of_a_link_are_not_followed(ingest, store):
    Path("kept.txt").write_text("kept", encoding="utf-8")
    Path("export").mkdir()
    Path("export/runs.csv").symlink_to(Path("kept.txt").resolve())
    assert ingest("export", "runs", "--database", store)[0] == 2
    assert ingest("export", "runs", "--force", "--database", store)[0] == 0
    assert Path("kept.txt").read_text(encoding="utf-8") == "kept"


def test_a_terminal_of_eighty_columns_has_room_for_names_rows_and_what_to_cite(store):
    to = Target(files=(Path("runs.csv"),), manifest=Path("manifest.json"), force=False)
    done = export(store, [select("runs")], to, form=FileForm.CSV, seconds=60, tell=lambda *_: None)
    out = io.StringIO()
    Screen(out, io.StringIO(), colour=False, width=80).show(shown.exported(done, terminal=True))
    lines = [line.rstrip() for line in click.unstyle(out.getvalue()).splitlines()]
    assert lines[1].split()[:2] == ["runs.csv", "2"]
    assert lines[-1] == hashlib.sha256(Path("manifest.json").read_bytes()).hexdigest()
