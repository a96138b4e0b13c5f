"""`ingest.query`: the same typed frames from both databases."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from ingest import query
from ingest.errors import ConfigurationError, QueryError, StoreMissingError
from ingest.export import NAMES
from ingest.store import make_reader
from ingest.views import ColumnType

ANALYSTS = Path(__file__).parents[2] / "docs" / "analysts.md"


@pytest.fixture(params=["sqlite", "postgresql"])
def asked(request):
    """The address of the small store, on either database; on PostgreSQL with the role for readers."""
    if request.param == "sqlite":
        return request.getfixturevalue("store")
    url = request.getfixturevalue("store_on_postgresql")
    make_reader(url)
    return url


POLARS = {
    ColumnType.TEXT: pl.String,
    ColumnType.INTEGER: pl.Int64,
    ColumnType.REAL: pl.Float64,
    ColumnType.FLAG: pl.Boolean,
    ColumnType.TIME: pl.Datetime("us", "UTC"),
    ColumnType.DATE: pl.Date,
    ColumnType.LIST: pl.List(pl.String),
}
PANDAS = {
    ColumnType.TEXT: "string",
    ColumnType.INTEGER: "Int64",
    ColumnType.REAL: "Float64",
    ColumnType.FLAG: "boolean",
    ColumnType.TIME: "datetime64[us, UTC]",
    ColumnType.DATE: "datetime64[s]",
    ColumnType.LIST: "object",
}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_column_of_every_view_has_its_type_in_both_frames(asked, name):
    columns = NAMES[name].columns
    polars, pandas = query.rows(name, asked), query.rows(name, asked, frame="pandas")
    assert polars.schema == {column.name: POLARS[column.type] for column in columns}
    assert [str(kind) for kind in pandas.dtypes] == [PANDAS[column.type] for column in columns]
    assert len(polars) == len(pandas)


def test_an_empty_frame_has_the_same_types_as_a_full_one(asked):
    full, empty = (query.agreements(asked, where=where) for where in (None, "1 = 0"))
    assert (len(full), len(empty)) == (2, 0)
    assert full.schema == empty.schema
    assert list(query.agreements(asked, where="1 = 0", frame="pandas").dtypes) == list(
        query.agreements(asked, frame="pandas").dtypes
    )


def test_cells_are_times_days_lists_and_flags(asked):
    row = query.agreements(asked, status="signed", since="2026").row(0, named=True)
    assert row["first_seen_at"] == datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    assert row["signed_on"] == date(2026, 2, 23)
    assert row["parties"] == ["Northbank University", "海港實驗室"]
    assert row["fields"] == ["batteries", "sensors"]
    assert row["is_news"] is True
    assert row["value"] is None
    pandas = query.agreements(asked, since="2026", frame="pandas").iloc[0]
    assert pandas["first_seen_at"] == pd.Timestamp("2026-03-01T08:00Z")
    assert pandas["parties"] == ["Northbank University", "海港實驗室"]
    assert pd.isna(pandas["value"])


def test_a_date_is_its_first_day_or_the_text_that_says_how_much_is_known(asked):
    background = {"news": False, "columns": ["signed_on", "signed_on_precision"]}
    assert query.agreements(asked, **background)["signed_on"].to_list() == [date(2019, 1, 1)]
    assert query.agreements(asked, **background, dates="text")["signed_on"].to_list() == ["2019"]


@pytest.mark.parametrize(
    ("function", "filters", "rows"),
    [
        (query.articles, {}, 2),
        (query.articles, {"current": False}, 3),
        (query.articles, {"topic": "fintech"}, 1),
        (query.articles, {"language": "zh"}, 1),
        (query.articles, {"language": "z"}, 0),
        (query.articles, {"language": "%"}, 0),
        (query.articles, {"source": "desk", "since": date(2026, 3, 1)}, 1),
        (query.articles, {"until": datetime(2026, 2, 27, 12, tzinfo=UTC)}, 1),
        (query.articles, {"limit": 1}, 1),
        (query.articles, {"topic": "it's') or ('1' = '1"}, 0),
        (query.agreements, {"party": "NBU"}, 2),
        (query.agreements, {"party": "海港"}, 1),
        (query.agreements, {"party": "100%"}, 0),
        (query.agreements, {"topic": "fintech", "kind": "mou", "news": True}, 1),
        (query.parties, {"region": "United Kingdom"}, 2),
        (query.parties, {"organisation": "harbour-lab", "since": "2026"}, 1),
        (query.mentions, {"agreement": "agr-00000000a2"}, 1),
        (query.mentions, {"current": False, "where": "confidence > 0.95"}, 0),
        (query.topics, {"topic": "fintech", "origin": "machine"}, 1),
        (query.sources, {"state": "active"}, 1),
        (query.sources, {"state": "removed"}, 0),
    ],
)
def test_filters_choose_rows(asked, function, filters, rows):
    assert len(function(asked, **filters)) == rows


def test_columns_come_in_the_order_in_which_they_were_named(asked):
    assert query.articles(asked, columns=["title", "article_id"]).columns == ["title", "article_id"]


def test_sql_gives_a_frame_of_whatever_it_selects(asked):
    selected = (
        "select kind, count(*) as n, avg(confidence) as mean, min(first_seen_at) as first from v_agreements group by 1"
    )
    frame = query.sql(selected, asked, types={"first": "time"})
    assert frame.schema == {"kind": pl.String, "n": pl.Int64, "mean": pl.Float64, "first": pl.Datetime("us", "UTC")}
    assert frame.row(0) == ("mou", 2, pytest.approx(0.9), datetime(2026, 3, 1, 8, 0, tzinfo=UTC))
    pandas = query.sql(selected, asked, types={"first": "time"}, frame="pandas")
    assert [str(kind) for kind in pandas.dtypes] == ["string", "Int64", "Float64", "datetime64[us, UTC]"]


def test_what_postgresql_knows_more_of_has_its_type(store_on_postgresql):
    make_reader(store_on_postgresql)
    frame = query.sql(
        "select 1.5::numeric a, date '2026-03-01' b, timestamptz '2026-03-01 08:00+08' c, true d", store_on_postgresql
    )
    assert frame.row(0) == (1.5, date(2026, 3, 1), datetime(2026, 3, 1, tzinfo=UTC), True)


@pytest.mark.parametrize(
    ("ask", "error", "remedy"),
    [
        (lambda store: query.sql("delete from articles", store), QueryError, "SELECT"),
        (lambda store: query.sql("select * from articles", store), QueryError, "v_articles"),
        (lambda store: query.sql("select 1 as a, 2 as a", store), ConfigurationError, "AS"),
        (lambda store: query.sql("select 1 as a", store, types={"b": "time"}), ConfigurationError, "columns are a"),
        (lambda store: query.sql("select 1 as a", store, types={"a": "moment"}), ConfigurationError, "types are text"),
        (lambda store: query.articles(store, where="1 = 1) or (1 = 1"), QueryError, None),
        (lambda store: query.articles(store, where="1 = 1; select 1"), QueryError, "condition"),
        (lambda store: query.articles(store, since="yesterday"), ConfigurationError, "2024-03-14"),
        (lambda store: query.articles(store, columns=["titel"]), ConfigurationError, "title"),
        (lambda store: query.articles(store, frame="arrow"), ConfigurationError, "polars"),
        (lambda store: query.rows("article", store), ConfigurationError, "articles"),
        (lambda store: query.articles(store + "x"), StoreMissingError, "ingest"),
    ],
)
def test_what_is_not_right_is_an_error_whose_note_says_what_to_do(store, ask, error, remedy):
    if remedy is None:
        with pytest.raises(error):
            ask(store)
        return
    with pytest.raises(error) as raised:
        ask(store)
    assert remedy in raised.value.__notes__[0]


def test_a_store_is_an_address_a_file_or_the_configured_one(store, tmp_path, monkeypatch):
    assert len(query.articles(tmp_path / "small.db")) == len(query.articles("small.db")) == 2
    monkeypatch.setenv("INGEST_DATABASE_URL", store)
    assert len(query.articles()) == 2


@pytest.mark.parametrize("library", ["polars", "pandas"])
def test_a_library_that_is_not_installed_is_said_to_be_missing(store, library):
    script = (
        f"import sys; sys.modules[{library!r}] = None\nfrom ingest import query\n"
        f"query.articles(sys.argv[1], frame={library!r})"
    )
    done = subprocess.run([sys.executable, "-c", script, store], capture_output=True, text=True, check=False)
    assert f"{library} is not installed" in done.stderr
    assert f"pip install '.[{library}]'" in done.stderr


def test_importing_it_loads_neither_library(store):
    script = (
        "import sys; import ingest.query\n"
        "sys.exit(bool({'polars', 'pandas', 'sqlalchemy', 'pyarrow'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script, store], check=False).returncode == 0


def test_the_worked_example_of_the_docs_runs(asked, monkeypatch):
    monkeypatch.setenv("INGEST_DATABASE_URL", asked)
    chapter = ANALYSTS.read_text(encoding="utf-8").partition("## In a notebook")[2].partition("\n## ")[0]
    cells = re.findall(r"```python\n(.*?)```", chapter, re.DOTALL)
    assert len(cells) >= 4
    names = {}
    for cell in cells:
        *before, last = compiled(cell)
        for part in before:
            exec(part, names)  # noqa: S102 - our own documentation
        assert len(eval(last, names)) > 0, cell  # noqa: S307 - likewise


def compiled(cell):
    """The statements of a cell, of which a notebook shows the last one."""
    import ast

    *before, last = ast.parse(cell).body
    assert isinstance(last, ast.Expr), cell
    yield compile(ast.Module(before, []), "analysts.md", "exec")
    yield compile(ast.Expression(last.value), "analysts.md", "eval")
