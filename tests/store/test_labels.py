"""What analysts rule on topics wins over the machine, and outlives what comes later."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError
from store_samples import annotated, label, page, row, rows, take

from ingest.errors import NotFoundError
from ingest.store import open_store
from ingest.tables import Decision, DecisionKind

TEXT = "A gene was found. Banks were told. Rain fell."
LATER = "A gene was lost. Nobody was told at all. Snow fell and stayed."


@pytest.fixture
def article(store, run):
    """An article to which the machine gave biotech and fintech."""
    return take(store, run, page(), annotated(TEXT, topics=[label(), label("fintech", 0.6, "Banks")])).article_id


def in_force(store, article):
    """Topic → origin."""
    query = "SELECT topic, origin FROM v_article_topics WHERE article_id = :article"
    return {each["topic"]: each["origin"] for each in rows(store, query, article=article)}


def evident(store, article):
    query = "SELECT DISTINCT topic FROM v_article_topic_evidence WHERE article_id = :article"
    return {each["topic"] for each in rows(store, query, article=article)}


def test_a_ruling_is_in_force_at_once_with_who_and_when(store, article):
    store.rule_topics(article, given={"talent": True, "fintech": False}, person="J. Lee", note="read twice")
    assert in_force(store, article) == {"biotech": "machine", "talent": "analyst"}
    assert evident(store, article) == {"biotech"}
    ruled = row(store, "SELECT * FROM v_topic_decisions WHERE topic = 'talent'")
    assert (ruled["holds"], ruled["person"], ruled["note"], ruled["revoked_at"]) == (1, "J. Lee", "read twice", None)
    assert ruled["made_at"].endswith("Z")


def test_a_confirmed_label_keeps_its_evidence_and_what_the_machine_said(store, article):
    store.rule_topics(article, given={"biotech": True}, person="J. Lee")
    found = row(store, "SELECT * FROM v_article_topics WHERE topic = 'biotech'")
    assert (found["origin"], found["score"], found["machine_score"]) == ("analyst", 1.0, 0.8)
    assert (found["evidence"], found["person"]) == ("gene", "J. Lee")


def test_a_later_run_of_the_machine_changes_nothing_that_was_ruled(store, article):
    store.rule_topics(article, given={"talent": True, "biotech": False}, person="J. Lee")
    later = store.start_run("ingest")
    relabelled = annotated(TEXT, title="Another headline", topics=[label(score=0.95), label("listings", 0.7, "Rain")])
    take(store, later, page(content="other bytes"), relabelled)
    assert in_force(store, article) == {"listings": "machine", "talent": "analyst"}


def test_the_same_article_from_another_document_has_the_ruling(store, run, article):
    store.rule_topics(article, given={"biotech": False}, person="J. Lee")
    copy = take(store, run, page("b.txt", "copied"), annotated(TEXT, topics=[label()]))
    assert copy.article_id == article
    assert in_force(store, article) == {"fintech": "machine"}


def test_a_ruling_follows_its_document_to_a_revision(store, run, article):
    store.rule_topics(article, given={"talent": True, "biotech": False}, person="J. Lee", note="why")
    revised = take(store, run, page(content="revised"), annotated(LATER, topics=[label()])).article_id
    assert revised != article
    assert in_force(store, revised) == {"talent": "analyst"}
    ruled = rows(store, "SELECT person, note, ruled_on, made_at FROM v_topic_decisions WHERE revoked_at IS NULL")
    assert {(each["person"], each["note"]) for each in ruled} == {("J. Lee", "why")}
    assert {each["ruled_on"] for each in ruled} == {None, article}
    assert len({each["made_at"] for each in ruled}) == 1


@pytest.mark.parametrize("withdrawn", [False, True])
def test_what_was_ruled_or_withdrawn_on_a_revision_holds_when_the_document_goes_back(store, run, article, withdrawn):
    store.rule_topics(article, given={"biotech": False}, person="J. Lee")
    revised = take(store, run, page(content="revised"), annotated(LATER, topics=[label()])).article_id
    if withdrawn:
        store.rule_topics(revised, given={}, withdrawn=["biotech"], person="A. Wong")
    else:
        store.rule_topics(revised, given={"biotech": True}, person="A. Wong")
    back = take(
        store, run, page(content="as it was"), annotated(TEXT, topics=[label(), label("fintech", 0.6, "Banks")])
    )
    assert back.article_id == article
    assert in_force(store, article) == {"biotech": "machine" if withdrawn else "analyst", "fintech": "machine"}


def test_a_ruling_of_the_text_that_a_document_comes_to_is_not_undone_by_an_older_one(store, run, article):
    other = take(store, run, page("b.txt", "other"), annotated(LATER, topics=[label()])).article_id
    store.rule_topics(article, given={"biotech": False}, person="J. Lee")
    store.rule_topics(other, given={"biotech": True}, person="A. Wong")
    assert take(store, run, page(content="revised"), annotated(LATER, topics=[label()])).article_id == other
    assert in_force(store, other) == {"biotech": "analyst"}


def test_a_withdrawn_ruling_leaves_the_topic_to_the_machine_and_stays_on_record(store, article):
    store.rule_topics(article, given={"biotech": False}, person="J. Lee")
    (withdrawn,) = store.rule_topics(article, given={}, withdrawn=["biotech"], person="J. Lee")
    assert (withdrawn.holds, withdrawn.changed, withdrawn.person) == (None, True, "J. Lee")
    assert in_force(store, article) == {"biotech": "machine", "fintech": "machine"}
    assert row(store, "SELECT revoked_at FROM v_topic_decisions")["revoked_at"]


def test_another_ruling_takes_the_place_of_the_first_and_the_same_one_writes_nothing(store, article):
    store.rule_topics(article, given={"biotech": False}, person="J. Lee")
    (same,) = store.rule_topics(article, given={"biotech": False}, person="A. Wong")
    (other,) = store.rule_topics(article, given={"biotech": True}, person="A. Wong")
    assert (same.changed, same.person) == (False, "J. Lee")
    assert (other.changed, other.person) == (True, "J. Lee")
    found = rows(store, "SELECT holds, person, revoked_at FROM v_topic_decisions ORDER BY holds")
    assert [(each["holds"], each["person"], each["revoked_at"] is None) for each in found] == [
        (0, "J. Lee", False),
        (1, "A. Wong", True),
    ]


def test_nothing_can_be_ruled_on_an_article_that_is_not_there(store):
    with pytest.raises(NotFoundError, match="art-none"):
        store.rule_topics("art-none", given={"biotech": True}, person="J. Lee")


def test_the_database_refuses_two_rulings_in_force_on_one_topic(store_url, store, article):
    store.rule_topics(article, given={"biotech": False}, person="J. Lee")
    with open_store(store_url) as other, other.database.engine.connect() as connection, connection.begin():
        made = row(store, "SELECT * FROM decisions")
        values = {"holds": True, "person": "A. Wong", "topic": "biotech", "article_id": made["article_id"]}
        at = connection.execute(Decision.__table__.select()).one().made_at
        with pytest.raises(IntegrityError):
            connection.execute(Decision.__table__.insert(), {"kind": DecisionKind.TOPIC, "made_at": at, **values})
