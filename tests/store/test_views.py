"""The views say the same on both databases."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert, select, text
from store_samples import RULES, FakeSource, annotated, claim, dropped, label, mention, page, row, rows, take

from ingest.archive import Archive
from ingest.documents import (
    Boilerplate,
    Cut,
    CutReason,
    Entry,
    Failure,
    FailureClass,
    Fate,
    Language,
    Lead,
    Moment,
    Precision,
    Reason,
    Share,
    SourceKind,
    Stage,
    Status,
    Tally,
)
from ingest.evaluate.sample import figure, overall
from ingest.sampling import Grouping, Row, SizedStratum, Subject, Verdict, identify
from ingest.store import open_store, rulings
from ingest.store.decisions import Ruling
from ingest.store.kept import Wanted
from ingest.store.keys import stored_key
from ingest.store.leads import list_entries
from ingest.store.samples import Found, keep_evaluation, keep_sample
from ingest.store.subscriptions import NewSource, add_source
from ingest.store.visits import claim_source, not_heard
from ingest.tables import Base, Run, RunState
from ingest.views import VIEWS, ColumnType, Dialect, View
from ingest.views.base import Column, render

FIRST = "Harbour University and Acme signed a memorandum. It was sunny. Guests came."
SECOND = "HU and Acme Ltd have signed their memorandum. The mayor spoke. Rain fell."


def live(store):
    """A little of everything."""
    run = store.start_run("ingest", flow_run="flow", versions={"topics": "2"})
    told = mention(
        "Harbour University", "Acme", text=FIRST, status=Status.PLANNED, fields=("genes", "晶片"), value="HK$3m"
    )
    take(
        store,
        run,
        page("a.txt", "1", url="https://example.org/a"),
        annotated(FIRST, published="2024-03-14", topics=[label(), label("fintech", 0.5, "money")], mentions=[told]),
    )
    source = FakeSource(keys={"a.txt", "b.txt", "c.txt"})
    told = mention("HU", "Acme Ltd", text=SECOND, signed_on="2024-03-15", is_news=False)
    take(store, run, page("b.txt", "2"), annotated(SECOND, published="2024-03-16", mentions=[told]), source=source)
    ruling = Ruling(person="A. Chan", note="an order")
    told_of = row(store, "SELECT agreement_id FROM v_agreements")["agreement_id"]
    store.rule(lambda writing, _: rulings.dismiss(writing, ruling, agreement=told_of))
    store.rule(lambda writing, rules: rulings.restore(writing, rules, ruling, agreement=told_of))
    mixed = replace(
        annotated(FIRST + " More.", byline="Jo Lee"),
        language=Language(tag="en", confidence=0.5, others=(Share(tag="zh-Hans", share=0.4),)),
    )
    article = replace(
        mixed.article,
        cuts=(Cut(text="By Jo Lee", reason=CutReason.BYLINE, position=0),),
        boilerplate=(Boilerplate(start=0, end=3, reason=CutReason.ABOUT),),
    )
    take(store, run, page("c.txt", "3"), replace(mixed, article=article), source=source)
    take(store, run, page("d.txt", "4"), annotated(FIRST, title="Copied"), source=source)
    modified = Moment(iso="2024-03-14T12:10:00+08:00", precision=Precision.MINUTE)
    take(store, run, page("a.txt", "5"), annotated("Other words. Quite.", modified=modified), source=source)
    take(store, run, page("e.txt", "6"), dropped("e.txt"), source=source)
    (article,) = (row["article_id"] for row in rows(store, "SELECT article_id FROM v_appearances WHERE key = 'b.txt'"))
    store.rule_topics(article, given={"talent": True, "listings": False}, person="J. Lee", note="As it says.")
    store.drop(run, source, dropped("f.txt", stage=Stage.SOURCE, reason=Reason.VANISHED))
    claim(store, run, page("g.txt", "7"), lease_seconds=3600)
    claim(store, store.start_run("ingest"), page("h.txt", "8"), lease_seconds=0)
    visit(store, run)
    superseded(store, run)
    judged(store, run)
    store.finish_run(
        run, Tally(fates=((Fate.NEW, 3), (Fate.DROPPED, 1)), new_agreements=1, elapsed=timedelta(seconds=1))
    )


def superseded(store, run):
    """A text that a better extractor reads otherwise."""
    take(store, run, page("i.txt", "9"), annotated("Read badly. So it was."))
    stretch = store.stretch(after=0, every_copy=True)
    (known,) = (each for each in store.kept(Wanted(), stretch, limit=50) if each.key == "i.txt")
    store.again(run, known, annotated("Read well. So it is."), stage=Stage.EXTRACT)


def judged(store, run):
    """A sample of two strata that a person judged."""
    strata = (SizedStratum(name="0.0-0.5", size=3, drawn=1), SizedStratum(name="0.9-1.0", size=9, drawn=1))
    drawn = [Row(number=n, stratum=n - 1, subject_id=f"{n}", said_sha256="0" * 64, run_id=run.id) for n in (1, 2)]
    options = {"seed": "s", "wanted": 2, "strata": strata, "rows": drawn}
    sample = identify(Subject.MENTIONS, Grouping.CONFIDENCE, **options)
    keep_sample(store.database, sample)
    figures = (figure(size=3, right=0, wrong=0, unsure=1), figure(size=9, right=1, wrong=0, unsure=0))
    found = Found(
        sample=sample.public_id,
        person="A. Chan",
        sheet_sha256="1" * 64,
        verdicts_sha256="2" * 64,
        verdicts={1: (Verdict.UNSURE, "Which one?"), 2: (Verdict.RIGHT, None)},
        figures=figures,
        overall=overall(figures)[0],
    )
    keep_evaluation(store.database, found)


def visit(store, run):
    """A source that was added, and failed."""
    new = NewSource(name="district", kind=SourceKind.FEED, address="https://district.example/feed", title="區報")
    add_source(store.database, run, new)
    due = claim_source(store.database, run, kinds=[SourceKind.FEED], lease_seconds=60)
    failure = Failure(kind=FailureClass.HTTP, reason=Reason.NOT_FOUND, detail="Nothing there.")
    not_heard(store.database, run, due, failure, wait=timedelta(hours=1))
    lead = Lead(source="district", key="https://district.example/1", entry=Entry(url="https://district.example/1"))
    list_entries(store.database, run, due, [lead])


@pytest.fixture(scope="module")
def shown(sqlite_template, postgresql, postgresql_template, tmp_path_factory):
    """What each view shows after the same life on either database, with each column's type in Python."""
    path = tmp_path_factory.mktemp("views") / "store.db"
    shutil.copyfile(sqlite_template, path)
    with psycopg.connect(postgresql("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE views TEMPLATE {postgresql_template}")
    found = {}
    for url in (f"sqlite:///{path}", postgresql("views")):
        with open_store(url, rules=RULES) as store:
            live(store)
            found[store.database.dialect] = {view.name: store.database.read(reader(view)) for view in VIEWS}
    return found


def reader(view):
    query = text(f"SELECT * FROM {view.name}")  # noqa: S608 - our own constant

    def read(connection):
        result = connection.execute(query)
        assert list(result.keys()) == [column.name for column in view.columns]
        return [tuple(each) for each in result]

    return read


def test_every_column_is_described():
    for view in VIEWS:
        assert view.description.endswith(".")
        assert [column.name for column in view.columns if not column.description.rstrip().endswith((".", "…"))] == []


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_shows_the_same_on_both_databases(shown, view):
    on_sqlite, on_postgresql = (shown[dialect][view.name] for dialect in Dialect)
    assert on_sqlite
    assert timeless(view, on_sqlite) == timeless(view, on_postgresql)


def timeless(view, found):
    """Rows in one order, without the moments at which the two lives were lived."""
    lived = {place for place, column in enumerate(view.columns) if column.name in LIVED}
    kept = [tuple("then" if place in lived and value else value for place, value in enumerate(each)) for each in found]
    return sorted(kept, key=repr)


LIVED = frozenset(
    (
        *("first_seen_at", "last_seen_at", "seen_at", "settled_at", "held_until", "at", "started_at", "finished_at"),
        *("made_at", "revoked_at", "decided_at", "drawn_at", "next_due_at", "last_failure_at", "last_success_at"),
        *("last_contact_at", "last_new_at", "last_at", "since_at", "until_at", "day"),
        *("delivery_id", "created_at", "scheduled_at", "due_at", "sent_at"),
    )
)
FORMS = {
    ColumnType.TEXT: str,
    ColumnType.INTEGER: int,
    ColumnType.REAL: float,
    ColumnType.FLAG: int,
    ColumnType.TIME: str,
    ColumnType.DATE: str,
    ColumnType.LIST: str,
}


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
@pytest.mark.parametrize("dialect", Dialect)
def test_a_column_holds_what_its_type_promises(shown, view, dialect):
    for found in shown[dialect][view.name]:
        for column, value in zip(view.columns, found, strict=True):
            if value is None:
                assert column.nullable, column.name
                continue
            assert type(value) is FORMS[column.type], column.name
            if column.type is ColumnType.FLAG:
                assert value in {0, 1}
            if column.type is ColumnType.TIME:
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value), column.name


def test_lists_are_joined_in_their_order(shown):
    (agreement,) = shown[Dialect.POSTGRESQL]["v_agreements"]
    names = [column.name for column in next(view for view in VIEWS if view.name == "v_agreements").columns]
    found = dict(zip(names, agreement, strict=True))
    assert (found["parties"], found["fields"], found["status"]) == (
        "Harbour University · Acme Ltd",
        "genes · 晶片",
        "signed",
    )
    assert found["value"] == "HK$3m"


def test_a_page_lies_where_the_archive_keeps_it(store, run, tmp_path):
    take(store, run, page(), annotated(FIRST))
    document = row(store, "SELECT page_sha256, page_location FROM v_documents")
    assert document["page_location"] == Archive(str(tmp_path)).location(document["page_sha256"])


POSTGRESQL_TIME = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""


@pytest.mark.parametrize(
    ("query", "sqlite", "postgresql"),
    [
        ("FLAG(a = (b))", "CASE WHEN a = (b) THEN 1 ELSE 0 END", "CASE WHEN a = (b) THEN 1 ELSE 0 END"),
        (
            "TIME(x), TIME(y)",
            "substr(x, 1, 19) || 'Z', substr(y, 1, 19) || 'Z'",
            POSTGRESQL_TIME.format("x") + ", " + POSTGRESQL_TIME.format("y"),
        ),
    ],
)
def test_the_forms_of_a_query_are_written_out(query, sqlite, postgresql):
    view = View(
        name="v",
        description="",
        query=f"SELECT {query}",
        columns=(Column(name="c", type=ColumnType.TEXT, description=""),),
    )
    assert render(view, Dialect.SQLITE) == f"CREATE VIEW v (c) AS\nSELECT {sqlite}"
    assert render(view, Dialect.POSTGRESQL) == f"CREATE VIEW v (c) AS\nSELECT {postgresql}"


def test_a_form_that_is_not_closed_is_a_mistake():
    with pytest.raises(ValueError, match="bracket"):
        render(View(name="v", description="", columns=(), query="SELECT FLAG(a = (b)"), Dialect.SQLITE)


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=2000))
def test_a_stored_key_is_short_clean_and_its_own_stored_key(key):
    stored = stored_key(key)
    assert len(stored.encode()) <= 1000
    assert "\0" not in stored
    assert stored_key(stored) == stored


@given(st.text(min_size=990, max_size=1200), st.text(min_size=990, max_size=1200))
def test_two_long_keys_stay_two(one, other):
    assert (stored_key(one) == stored_key(other)) == (one.replace("\0", "\\x00") == other.replace("\0", "\\x00"))


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=ZONES)  # noqa: DTZ001 - hypothesis adds zones


@given(st.lists(MOMENTS, min_size=1, max_size=20))
def test_times_come_back_as_they_were_and_sort_by_time(moments):
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, tables=[Run.__table__])
    with closing(engine.connect()) as connection:
        rows = [
            {
                "kind": "ingest",
                "state": RunState.RUNNING,
                "started_at": moment,
                "code_version": "",
                "versions": {},
                "host": "",
                "pid": 0,
                "process_started": "",
            }
            for moment in moments
        ]
        connection.execute(insert(Run), rows)
        found = connection.execute(select(Run.started_at).order_by(Run.started_at)).scalars().all()
    assert found == sorted(moments)
    assert {each.tzinfo for each in found} == {UTC}
    engine.dispose()


def test_a_time_without_zone_is_refused(store):
    naive = datetime(2024, 1, 1)  # noqa: DTZ001 - that is the point
    with pytest.raises(Exception, match="aware times only"):
        store.database.write(lambda connection: connection.execute(select(Run.id).where(Run.started_at == naive)))
