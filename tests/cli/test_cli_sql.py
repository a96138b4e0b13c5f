"""`ingest sql`: whatever is asked, it only reads; what is not right is said with a remedy."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import time
from contextlib import closing

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cli.failure import INTERRUPTED, OUTPUT_CLOSED
from ingest.cli.screen import Screen
from ingest.report.blocks import Grid, Part
from ingest.report.rows import Format, written
from ingest.store import make_reader, upgrade
from ingest.store.reader import READER
from ingest.views import VIEWS


@pytest.fixture(params=["sqlite", "postgresql"])
def asked(request):
    """The address of the small store, on either database; on PostgreSQL with the role for readers."""
    if request.param == "sqlite":
        return request.getfixturevalue("store")
    url = request.getfixturevalue("store_on_postgresql")
    make_reader(url)
    return url


@pytest.fixture
def on_postgresql(store_on_postgresql):
    make_reader(store_on_postgresql)
    return store_on_postgresql


def test_rows_in_a_pipe_are_lines_with_tabs(ingest, asked):
    query = "select title, published from v_articles where language = 'en' order by article_id limit 1"
    code, out, err = ingest("sql", query, "--database", asked)
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    assert out.count("\t") == 1


@pytest.mark.parametrize("view", [view.name for view in VIEWS])
def test_every_view_can_be_read_whole(ingest, asked, view):
    query = f"select * from {view}"  # noqa: S608 - a name of ours
    code, _, err = ingest("sql", query, "--format", "csv", "--limit", "0", "--database", asked)
    assert (code, err) == (0, "")


def test_a_text_that_a_pattern_or_a_percent_sign_stands_in_is_taken_as_it_is(ingest, asked):
    query = "select count(*) from v_articles where title like '%red%' or 5 % 3 = 1 -- ?"
    assert ingest("sql", query, "--database", asked)[0] == 0


def test_a_query_may_begin_with_a_comment_or_with_and_end_with_a_semicolon(ingest, asked):
    query = "/* first */ -- then\n with two as (select 2 as n) select n from two;\n"
    assert ingest("sql", query, "--database", asked) == (0, "2\n", "")


def test_a_query_comes_from_standard_input(ingest, asked, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("select 1 + 1"))
    assert ingest("sql", "-", "--database", asked) == (0, "2\n", "")


ATTACKS = [
    "delete from v_articles",
    "insert into v_articles default values",
    "update articles set title = 'x'",
    "drop view v_articles",
    "create table mine (n integer)",
    "create temp table mine as select 1",
    "begin",
    "commit",
    "vacuum",
    "with gone as (delete from articles returning id) select * from gone",
    "with gone as (select 1) delete from articles",
    "select 1; drop view v_articles",
    "select 1; commit; drop view v_articles",
    "select * from articles",
    "with mine as (select * from articles) select * from mine",
    "select * from (select body.* from articles body) inner_one",
]
ON_SQLITE = [
    "attach database 'other.db' as other",
    "select * from other.v_articles",
    "pragma query_only = off",
    "pragma writable_schema = on",
    "select * from pragma_database_list",
    "select load_extension('mine.so')",
    "select readfile('/etc/passwd')",
    "select writefile('mine', 'x')",
    "select * from sqlite_master",
    "select edit('x')",
    "select fts3_tokenizer('simple')",
    "values (zeroblob(900000000))",
    "explain delete from articles",
    "select randomblob(999999999)",
    "select group_concat(hex(zeroblob(10000000)), hex(zeroblob(10000000))) from v_agreement_parties",
    "select * from pragma_table_info('articles')",
    "select * from pragma_function_list",
    "select * from dbstat",
    "select sql from sqlite_schema",
    "create temp view mine as select * from articles",
    "reindex",
    "analyze",
    "detach main",
    "savepoint mine",
    "vacuum into 'mine'",
    "select fts5(1)",
]
# What would leave the role, hidden from whoever does not read texts, names and comments as PostgreSQL does.
HIDDEN = [
    "select E'\\'' || set_config('role', 'none', true) || ''",
    "select $$'$$ || set_config('role', 'none', true) || $$'$$",
    "select $a$'$a$ || set_config('role', 'none', true) || $a$'$a$",
    "select 1 as \"'\", set_config('role', 'none', true) as \"'x\"",
    "select 1 /* /* */ ' */, set_config('role', 'none', true) /* ' */",
    "select 1 --\r, set_config('role', 'none', true)",
    'select 1 as " COLLATE ""C""", set_config(\'role\', \'none\', true)',
    "select $$'$$, set_config('role', 'none', true), query_to_xml('select pg_ls_dir(''x'')', true, true, ''), $$'$$",
]
ON_POSTGRESQL = [
    *HIDDEN,
    "select pg_logical_emit_message(false, 'a', 'b')",
    "select txid_current()",
    "select pg_current_xact_id()",
    "select pg_export_snapshot()",
    "select pg_read_binary_file('/etc/passwd')",
    "select pg_stat_file('/etc/passwd')",
    "select current_setting('data_directory')",
    "select lo_get(1)",
    "select loid from pg_largeobject",
    "select pg_create_logical_replication_slot('a', 'test_decoding')",
    "select pg_stat_reset()",
    "select pg_switch_wal()",
    "select setval('articles_id_seq', 1)",
    "select dblink('', 'select 1')",
    "prepare mine as select 1",
    "listen mine",
    "copy articles to program 'cat > mine'",
    "copy (select 1) to '/tmp/mine'",
    "select pg_read_file('/etc/passwd')",
    "select pg_ls_dir('/')",
    "select lo_import('/etc/passwd')",
    "select set_config('role', 'none', true)",
    "select query_to_xml('select pg_read_file(''/etc/passwd'')', true, true, '')",
    "select set_config('transaction_read_only', 'off', true)",
    "select \"set_config\"('role', 'none', true)",
    "select U&\"set\\005fconfig\"('role', 'none', true)",
    "select pg_terminate_backend(pg_backend_pid())",
    "select pg_advisory_lock(1)",
    "select nextval('articles_id_seq')",
    "select * from pg_authid",
    "select * into mine from v_articles",
    "select * from v_articles for update",
    "do $$ begin perform 1; end $$",
    "set role none",
    "reset role",
    "execute mine",
]


def refused(ingest, url, query):
    code, out, err = ingest("sql", query, "--database", url, "--seconds", "5")
    assert code == 2
    assert out == ""
    assert err.startswith("error: ")
    assert "Traceback" not in err


@pytest.mark.parametrize("query", ATTACKS)
def test_what_would_write_or_go_behind_the_views_is_refused(ingest, asked, query):
    refused(ingest, asked, query)
    assert ingest("sql", "select count(*) from v_articles", "--database", asked) == (0, "3\n", "")


@pytest.mark.parametrize("query", ON_SQLITE)
def test_sqlite_attaches_loads_and_reads_no_files(ingest, store, query):
    refused(ingest, store, query)


@pytest.mark.parametrize("query", ON_POSTGRESQL)
def test_postgresql_reads_no_files_runs_no_programs_and_keeps_its_role(ingest, on_postgresql, query):
    refused(ingest, on_postgresql, query)


def test_a_query_of_many_comments_or_brackets_is_judged_at_once(ingest, asked):
    for query in ("/**/" * 5_000 + "x", "(" * 100_000 + "x", "/*" * 100_000, "select 1 " + "x" * 1_000_000):
        code, out, err = ingest("sql", query, "--database", asked)
        assert (code, out) == (2, "")
        assert err.startswith("error: ")


def test_a_query_that_names_a_word_of_the_refused_in_a_text_is_answered(ingest, on_postgresql):
    query = "select count(*) from v_articles where title = 'set_config of pg_sleep' -- lo_import"
    assert ingest("sql", query, "--database", on_postgresql) == (0, "0\n", "")


ENDLESS = "with recursive numbers(n) as (select 1 union all select n + 1 from numbers) select count(*) from numbers"


def test_a_query_that_would_run_for_ever_is_ended(ingest, asked):
    code, out, err = ingest("sql", ENDLESS, "--database", asked, "--seconds", "0.2")
    assert (code, out) == (2, "")
    assert "longer than 0.2 seconds" in err


def started(url, query, *options):
    return subprocess.Popen(
        [sys.executable, "-m", "ingest", "sql", query, *options, "--database", url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


STUBBORN = "select instr(printf('%.*c', 20000000, 'a'), printf('%.*c', 9000000, 'a') || 'b')"


def test_a_function_that_hears_of_no_time_limit_is_ended_all_the_same(store):
    with started(store, STUBBORN, "--seconds", "0.2") as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert "longer than 0.2 seconds" in err


def test_ctrl_c_ends_a_function_that_hears_of_nothing(store):
    with started(store, STUBBORN, "--seconds", "600") as process:
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED
    assert "Interrupted" in err


def test_ctrl_c_ends_a_query_and_is_not_taken_for_its_time_limit(asked):
    with started(asked, ENDLESS, "--seconds", "600") as process:
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED
    assert err.strip() == "Interrupted. What was committed until now is kept; the next run takes up the rest."


NUMBERS = "with recursive u(n) as (select 1 union all select n + 1 from u where n < {}) select {} from u"


def test_a_reader_who_has_had_enough_ends_it_without_a_word(asked):
    with started(asked, NUMBERS.format(10**9, "n"), "--limit", "0", "--seconds", "600") as process:
        assert process.stdout.readline() == "1\n"
        process.stdout.close()
        assert process.wait(60) == OUTPUT_CLOSED
        assert process.stderr.read() == ""


@pytest.mark.parametrize(
    ("rows", "cell", "form"),
    [
        (12_000, f"'{'x' * 5_000}'", ()),
        (12_000, f"'{'x' * 5_000}'", ("--format", "csv")),
        (70, f"'{'x' * 900_000}'", ("--format", "csv")),
    ],
    ids=["lines", "csv", "large"],
)
def test_rows_without_a_limit_pass_through_a_memory_that_does_not_grow(asked, rows, cell, form):
    script = (
        "import re, sys; from ingest.cli import main; code = main(sys.argv[1:])\n"
        "held = re.search(r'VmHWM:\\s+(\\d+) kB', open('/proc/self/status').read())\n"
        "print(code, int(held[1]) // 1024, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "sql", "-", *form, "--limit", "0", "--seconds", "600", "--database", asked],
        input=NUMBERS.format(rows, cell),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    code, megabytes = map(int, done.stderr.split())
    assert code == 0
    assert megabytes < 75  # some 45 of them are Python and the driver; the rows are 60


def test_a_value_that_is_too_large_for_sqlite_is_too_large_for_postgresql(ingest, on_postgresql):
    code, out, err = ingest("sql", "select repeat('x', 60000000)", "--database", on_postgresql)
    assert (code, out) == (2, "")
    assert "too large" in err


def test_rows_that_never_end_are_ended_while_they_are_read(ingest, asked):
    query = "with recursive numbers(n) as (select 1 union all select n + 1 from numbers) select n from numbers"
    code, _, err = ingest("sql", query, "--database", asked, "--seconds", "0.5", "--limit", "0")
    assert code == 2
    assert "longer than 0.5 seconds" in err


def test_more_rows_than_the_limit_are_left_out_and_said_to_be(ingest, asked):
    query = "select 1 union all select 2 union all select 3"
    assert ingest("sql", query, "--database", asked, "--limit", "3")[2] == ""
    code, out, err = ingest("sql", query, "--database", asked, "--limit", "2")
    assert (code, out.count("\n")) == (0, 2)
    assert "--limit 0" in err


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select * from v_articls", "v_articles"),
        ("select nope from v_articles", "nope"),
        ("selec 1", "not a SELECT"),
        ("select from where", "not right"),
        ("select (1", "not right"),
        ("", "there is no query"),
        (" ; ", "there is no query"),
        ("select 'a\0b'", "NUL"),
    ],
)
def test_a_query_that_is_not_right_is_explained(ingest, asked, query, said):
    code, out, err = ingest("sql", query, "--database", asked)
    assert (code, out) == (2, "")
    assert said in err


def test_without_a_query_its_use_is_shown(ingest, store):
    code, _, err = ingest("sql", "--database", store)
    assert code == 2
    assert "QUERY" in err


def test_a_store_that_is_not_there_is_said_to_be_missing(ingest, tmp_path):
    code, _, err = ingest("sql", "select 1", "--database", f"sqlite:///{tmp_path}/none.db")
    assert code == 1
    assert "there is no store" in err


def test_a_time_that_is_no_number_is_refused(ingest, asked):
    code, _, err = ingest("sql", "select 1", "--seconds", "nan", "--database", asked)
    assert (code, "not a number" in err) == (2, True)


def test_sums_of_postgresql_are_numbers_as_those_of_sqlite_are(ingest, asked):
    query = "select sum(n) as total, round(100.0 * sum(n) / 4) as percent from (select 1 as n union all select 2) t"
    code, out, _ = ingest("sql", query, "--database", asked, "--format", "json")
    assert (code, json.loads(out)) == (0, [{"total": 3, "percent": 75}])


def test_what_is_no_number_stays_text(ingest, on_postgresql):
    code, out, _ = ingest("sql", "select 'NaN'::numeric as n", "--database", on_postgresql, "--format", "json")
    assert (code, json.loads(out)) == (0, [{"n": "NaN"}])


def test_dates_and_arrays_of_postgresql_come_as_text(ingest, on_postgresql):
    query = "select date '2024-03-14', array[1, 2], 1.5::numeric, '{\"a\": 1}'::json, true, '\\x00ff'::bytea"
    code, out, _ = ingest("sql", query, "--database", on_postgresql, "--format", "json")
    assert code == 0
    assert list(json.loads(out)[0].values()) == ["2024-03-14", "{1,2}", 1.5, '{"a": 1}', True, "00ff"]


def test_views_are_listed_with_what_each_column_is(ingest):
    code, out, _ = ingest("sql", "--views")
    assert code == 0
    assert out.count("\n") == sum(len(view.columns) for view in VIEWS)
    assert "v_agreements\tagreement_id\ttext\t" in out


class TestTheRoleForReaders:
    def test_it_reads_views_and_nothing_else(self, on_postgresql):
        with closing(psycopg.connect(on_postgresql)) as connection:
            connection.execute(f"SET ROLE {READER}")
            assert connection.execute("SELECT count(*) FROM v_articles").fetchone() == (3,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("SELECT count(*) FROM articles")

    def test_it_reads_the_views_of_every_store_that_is_made_or_upgraded_later(self, postgresql, ingest, on_postgresql):
        del on_postgresql  # it made the role
        with psycopg.connect(postgresql("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE later")
        upgrade(postgresql("later"))
        assert ingest("sql", "select count(*) from v_articles", "--database", postgresql("later")) == (0, "0\n", "")
        with closing(psycopg.connect(postgresql("later"))) as connection:
            connection.execute(f"SET ROLE {READER}")
            assert connection.execute("SELECT count(*) FROM v_articles").fetchone() == (0,)

    def test_sqlite_has_none_and_says_why_that_is_well(self, ingest, store):
        code, _, err = ingest("db", "reader", "--database", store)
        assert code == 2
        assert "SQLite knows no roles" in err


CELLS = st.one_of(st.none(), st.integers(), st.text(), st.binary(max_size=4), st.booleans())


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_csv_is_read_back_as_it_was_but_for_formulas(rows):
    read = list(csv.reader(io.StringIO("".join(written(("a", "b"), rows, Format.CSV)), newline="")))
    assert read[0] == ["a", "b"]
    for before, after in zip(rows, read[1:], strict=True):
        for cell, field in zip(before, after, strict=True):
            expected = "" if cell is None else cell.hex() if isinstance(cell, bytes) else str(cell)
            assert field.removeprefix("'") == expected.removeprefix("'") or field == expected
            assert not (isinstance(cell, str) and field.startswith(("=", "+", "-", "@", "\t", "\r", "\n")))


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_json_is_one_array_of_objects_whose_names_are_all_there(rows):
    read = json.loads("".join(written(("a", "a"), rows, Format.JSON)))
    assert [set(each) for each in read] == [{"a", "a_2"}] * len(rows)
    lines = "".join(written(("a", "a"), rows, Format.JSONL)).split("\n")
    assert [json.loads(line) for line in lines if line] == read


@given(st.lists(st.tuples(CELLS), max_size=5))
def test_a_markdown_table_has_a_line_for_each_row_whatever_is_in_it(rows):
    assert "".join(written(("a",), rows, Format.MARKDOWN)).count("\n") == len(rows) + 2


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠SUM(A1)", "'＠SUM(A1)"),
        (" =1+1", "' =1+1"),
        ("\u3000=1+1", "'\u3000=1+1"),
        ("\ufeff=1+1", "'\ufeff=1+1"),
        ("\u200b=1+1", "'\u200b=1+1"),
        ("\t=1+1", "'\t=1+1"),
        ("\r=1+1", "'\r=1+1"),
        ("\n=1+1", "'\n=1+1"),
        ("\tplain", "'\tplain"),
        ("=", "'="),
        ("-12.5", "-12.5"),
        ("+3e-4", "+3e-4"),
        ("-", "'-"),
        ("-1\n", "'-1\n"),
        (-12.5, "-12.5"),
        (-3, "-3"),
        (True, "True"),
        ("a=b", "a=b"),
        ("'=1", "'=1"),
        (None, ""),
    ],
)
def test_a_cell_that_a_spreadsheet_would_take_for_a_formula_is_a_text(cell, expected):
    text = "".join(written(("a", "b"), [(cell, "x")], Format.CSV))
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == [expected, "x"]


def test_a_name_of_a_column_is_guarded_too():
    assert "".join(written(("=1+1", "b"), [], Format.CSV)) == "'=1+1,b\r\n"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("a | b", "a \\| b"),
        ("a\nb", "a b"),
        ("<script>", "&lt;script&gt;"),
        ("&lt;", "&amp;lt;"),
        ("![x](http://evil.example/p)", "\\!\\[x\\](http:&#47;/evil.example/p)"),
        ("http://evil.example", "http:&#47;/evil.example"),
        ("www.evil.example", "www&#46;evil.example"),
        ("`code` *b* _i_ ~s~", "\\`code\\` \\*b\\* \\_i\\_ \\~s\\~"),
        ("\\|", "\\\\\\|"),
        ("\x1b[31m", "\ufffd\\[31m"),
    ],
)
def test_markup_in_a_cell_is_text_in_markdown(cell, expected):
    assert "".join(written(("a",), [(cell,)], Format.MARKDOWN)).splitlines()[2] == f"| {expected} |"


def test_a_number_that_json_does_not_know_is_a_text_there():
    text = "".join(written(("a", "b"), [(float("inf"), float("nan"))], Format.JSON))
    assert json.loads(text, parse_constant=pytest.fail) == [{"a": "inf", "b": "nan"}]


def test_a_terminal_is_spared_the_controls_of_cells_and_of_names_of_columns():
    out = io.StringIO()
    screen = Screen(out, io.StringIO(), width=80)
    screen.raw("a\x1b[31m\u202e\x9b2J\r\nb\r\n")
    screen.show([Grid(header=("\x1b[31mname", "x"), rows=((Part("\x1b]0;title\x07"), Part("y")),), flexible=0)])
    assert not set(out.getvalue()) & {"\x07", "\u202e", "\x9b", "\r"}
    assert "\x1b[31m" not in out.getvalue()
    assert "\x1b]0" not in out.getvalue()
    assert out.getvalue().startswith("a\ufffd[31m\ufffd\ufffd2J\nb\n")
