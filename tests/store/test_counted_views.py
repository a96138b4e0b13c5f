"""The views that sum up, and how a source is doing, agree with what they are made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert
from store_samples import FakeSource, annotated, label, mention, page, row, rows, take

from ingest.documents import Language, Status
from ingest.health import judge
from ingest.store import rulings
from ingest.store.decisions import Ruling
from ingest.store.read.health import facts
from ingest.tables import Source, SourceState
from ingest.views import VIEWS

PLAN = "Harbour University and Acme will sign a memorandum. It was sunny. Guests came. Tea was had."
DONE = "Harbour University and Acme signed a memorandum. The mayor spoke. Rain fell."


def test_articles_count_on_the_day_that_their_page_states_else_when_they_came(store, run):
    take(store, run, page("a", "1"), annotated(PLAN, published="2024-03-14", topics=[label()]))
    take(store, run, page("b", "2"), annotated(DONE, topics=[label("fintech")]))
    today = row(store, "SELECT substr(first_seen_at, 1, 10) AS day FROM v_articles WHERE key = 'b'")["day"]
    assert rows(store, "SELECT day, dated_by, articles, stories FROM v_article_days ORDER BY day") == [
        {"day": "2024-03-14", "dated_by": "published", "articles": 1, "stories": 1},
        {"day": today, "dated_by": "first_seen", "articles": 1, "stories": 1},
    ]
    assert rows(store, "SELECT day, topic, articles FROM v_topic_days ORDER BY day") == [
        {"day": "2024-03-14", "topic": "biotech", "articles": 1},
        {"day": today, "topic": "fintech", "articles": 1},
    ]


def test_near_duplicates_are_one_story_and_languages_are_told_apart(store, run):
    first = annotated(PLAN, published="2024-03-14", topics=[label()])
    take(store, run, page("a", "1"), first)
    take(store, run, page("b", "2"), annotated(PLAN + " More.", published="2024-03-14", topics=[label()]))
    chinese = replace(annotated(DONE, published="2024-03-14"), language=Language(tag="zh-Hant", confidence=0.9))
    take(store, run, page("c", "3"), chinese)
    assert rows(store, "SELECT language, articles, stories FROM v_article_days ORDER BY language") == [
        {"language": "en", "articles": 2, "stories": 1},
        {"language": "zh-Hant", "articles": 1, "stories": 1},
    ]
    assert row(store, "SELECT articles, stories FROM v_topic_days") == {"articles": 2, "stories": 1}


def test_a_wording_that_was_revised_away_counts_no_more(store, run):
    take(store, run, page("a", "1"), annotated(PLAN, published="2024-03-14", topics=[label()]))
    take(store, run, page("a", "2"), annotated(DONE, published="2024-03-15"))
    assert rows(store, "SELECT day, articles FROM v_article_days") == [{"day": "2024-03-15", "articles": 1}]
    assert rows(store, "SELECT * FROM v_topic_days") == []


def test_a_ruling_of_an_analyst_moves_the_daily_counts(store, run):
    take(store, run, page("a", "1"), annotated(PLAN, published="2024-03-14", topics=[label()]))
    article = row(store, "SELECT article_id FROM v_articles")["article_id"]
    store.rule_topics(article, given={"biotech": False, "talent": True}, person="A. Chan")
    assert rows(store, "SELECT topic FROM v_topic_days") == [{"topic": "talent"}]


def two_tell_of_one(store, run):
    source = FakeSource(keys={"a", "b"})
    told = mention("Harbour University", "Acme", text=PLAN, status=Status.PLANNED)
    planned = annotated(PLAN, published="2024-03-14", topics=[label()], mentions=[told])
    take(store, run, page("a", "1"), planned, source=source)
    told = mention("HU", "Acme", text=DONE)
    done = annotated(DONE, published="2024-03-20", topics=[label(score=0.6)], mentions=[told])
    take(store, run, page("b", "2"), done, source=source)
    return row(store, "SELECT agreement_id FROM v_agreements")["agreement_id"]


def test_each_status_ends_when_the_next_begins(store, run):
    two_tell_of_one(store, run)
    planned, signed = rows(store, "SELECT * FROM v_agreement_statuses ORDER BY event_id")
    assert (planned["status"], planned["previous_status"], planned["published"]) == ("planned", None, "2024-03-14")
    assert (signed["status"], signed["previous_status"], signed["published"]) == ("signed", "planned", "2024-03-20")
    assert planned["until_at"] == signed["since_at"]
    assert signed["until_at"] is None


def test_an_agreement_has_the_topics_of_the_articles_that_tell_of_it(store, run):
    told_of = two_tell_of_one(store, run)
    assert rows(store, "SELECT * FROM v_agreement_topics") == [
        {"agreement_id": told_of, "topic": "biotech", "articles": 2, "score": 0.8}
    ]


def test_two_organisations_stand_once_as_a_pair_with_all_that_they_share(store, run):
    told_of = two_tell_of_one(store, run)
    pair = row(store, "SELECT * FROM v_organisation_pairs")
    assert {pair["organisation"], pair["other_organisation"]} == {"Harbour University", "Acme"}
    assert (pair["agreements"], pair["news"], pair["ended"]) == (1, 1, 0)
    assert (pair["first_published"], pair["last_published"]) == ("2024-03-14", "2024-03-20")
    assert pair["agreement_ids"] == told_of


def test_a_dismissed_agreement_makes_no_pair_and_has_no_topic(store, run):
    told_of = two_tell_of_one(store, run)
    store.rule(lambda writing, _: rulings.dismiss(writing, Ruling(person="A. Chan", note="no"), agreement=told_of))
    assert rows(store, "SELECT * FROM v_organisation_pairs") == []
    assert rows(store, "SELECT * FROM v_agreement_topics") == []


NOW = datetime.now(UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCES = {
    "removed": {"state": SourceState.REMOVED, "failures": 3},
    "paused": {"state": SourceState.PAUSED},
    "failing": {"failures": 1, "last_success_at": NOW - DAY},
    "untried": {},
    "empty": {"last_success_at": NOW, "entries_last": 0, "entries_usual": 2.0},
    "truncated": {"last_success_at": NOW, "entries_last": 2, "entries_usual": 20.0},
    "short and always so": {"last_success_at": NOW, "entries_last": 1, "entries_usual": 4.0},
    "quiet": {"last_success_at": NOW, "last_new_at": NOW - 3 * DAY, "rhythm_seconds": 3600.0},
    "slow": {"last_success_at": NOW, "last_new_at": NOW - 3 * DAY, "rhythm_seconds": 86400.0},
    "at rest": {"last_success_at": NOW, "last_new_at": NOW - DAY, "rhythm_seconds": 60.0},
    "of no rhythm": {"last_success_at": NOW, "last_new_at": NOW - 99 * DAY},
    "never new": {"last_success_at": NOW, "rhythm_seconds": 60.0},
    "entries not known": {"last_success_at": NOW, "entries_last": 0},
}
HEALTHY = {"short and always so", "slow", "at rest", "of no rhythm", "never new", "entries not known"}


def test_a_source_is_doing_in_sql_as_the_commands_say(store, run):
    stored = [
        {"name": name, "kind": "feed", "first_seen_at": NOW, "first_run_id": run.id, **given}
        for name, given in SOURCES.items()
    ]
    for each in stored:
        store.database.write(lambda connection, each=each: connection.execute(insert(Source).values(**each)))
    found = {each["source"]: each for each in rows(store, "SELECT * FROM v_sources")}
    said = {name: each["health"] for name, each in found.items()}
    assert said == {name: "healthy" if name in HEALTHY else name for name in SOURCES}
    assert said == {name: judge(facts(each), now=NOW) for name, each in found.items()}


POSTGRESQL_COMMENTS = """
SELECT c.relname AS view, a.attname AS column, col_description(c.oid, a.attnum) AS words
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relkind = 'v' AND c.relname LIKE 'v\\_%'
"""


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgresql_keeps_what_every_view_and_column_is(store):
    found = {(each["view"], each["column"]): each["words"] for each in rows(store, POSTGRESQL_COMMENTS)}
    assert found == {(view.name, column.name): column.description for view in VIEWS for column in view.columns}
    about = "SELECT relname AS view, obj_description(oid) AS words FROM pg_class WHERE relkind = 'v'"
    shown = {each["view"]: each["words"] for each in rows(store, about)}
    assert {view.name: shown[view.name] for view in VIEWS} == {view.name: view.description for view in VIEWS}
