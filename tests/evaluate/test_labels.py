"""Topics and agreements against labels."""

from __future__ import annotations

import pytest

from ingest.evaluate.labels import Labels, Said, parse, summarise, tally
from ingest.evaluate.matching import Agreement


def labels(name="a", topics=(), agreements=()):
    return Labels(id=name, topics=tuple(Said(topic=each) for each in topics), agreements=tuple(agreements))


def deal(*parties, **more):
    return Agreement(parties=parties, **({"kind": "mou", "status": "signed"} | more))


def summary(*pairs, misses=False):
    tallies = [tally(wanted, found) for wanted, found in pairs]
    return summarise(tallies, bad_lines=0, unlabelled=0, absent=0, misses=misses)


def test_figures_are_counted_over_all_articles():
    told = summary(
        (labels("a", ["x", "y"], [deal("Aro", "Belo")]), labels("a", ["x"], [deal("Aro", "Belo", kind="licensing")])),
        (labels("b", ["x"], [deal("Ceno", "Duno", is_news=False)]), labels("b", ["x", "y"], [])),
        (labels("c"), labels("c", ["x"], [deal("Eno", "Fano")])),
    )
    x, y = told.topic
    assert (x.name, x.precision, x.recall, x.count) == ("x", 2 / 3, 1, 2)
    assert (y.name, y.f1, y.count) == ("y", 0, 1)
    assert told.topics.macro_f1 == pytest.approx((0.8 + 0) / 2)
    assert (told.articles_with_news.precision, told.articles_with_news.recall) == (0.5, 1)
    assert (told.agreements_news.precision, told.agreements_news.recall, told.agreements_news.count) == (0.5, 1, 1)
    assert (told.agreements_all.precision, told.agreements_all.recall, told.agreements_all.count) == (0.5, 0.5, 2)
    assert (told.parties.f1, told.kind.accuracy, told.status.accuracy, told.kind.count) == (1, 0, 1, 1)


def test_a_date_that_is_not_found_is_missing_and_one_that_is_invented_is_wrong():
    told = summary(
        (labels("a", (), [deal("Aro", signed_on="2026-03")]), labels("a", (), [deal("Aro")])),
        (labels("b", (), [deal("Belo")]), labels("b", (), [deal("Belo", signed_on="2026")])),
        (labels("c", (), [deal("Ceno")]), labels("c", (), [deal("Ceno")])),
    )
    assert (told.signed_on.accuracy, told.signed_on.missing, told.signed_on.count) == (1 / 3, 1, 3)


def test_each_status_has_its_own_figures():
    told = summary(
        (labels("a", (), [deal("Aro", status="planned")]), labels("a", (), [deal("Aro", status="signed")])),
        (labels("b", (), [deal("Belo")]), labels("b", (), [deal("Belo")])),
    )
    assert {(each.name, each.precision, each.recall) for each in told.status_of} == {
        ("planned", 0, 0),
        ("signed", 0.5, 1),
    }


def test_a_status_that_is_taken_for_another_is_told():
    told = summary(
        (labels("a", (), [deal("Aro", status="planned")]), labels("a", (), [deal("Aro", status="signed")])),
        (labels("b", (), [deal("Belo")]), labels("b", (), [deal("Belo")])),
    )
    assert {(each.name, each.count) for each in told.status_confusion} == {
        ("planned as signed", 1),
        ("signed as signed", 1),
    }


def test_the_confidence_of_agreements_is_held_against_what_is_labelled():
    found = labels(
        "a", (), [deal("Aro", confidence=0.91), deal("Belo", confidence=0.97), deal("Ceno", confidence=0.55)]
    )
    low, high = summary((labels("a", (), [deal("Aro"), deal("Ceno")]), found)).agreement_scores
    assert (low.name, low.count, low.right) == ("0.5-0.6", 1, 1)
    assert (high.name, high.count, high.score, high.right) == ("0.9-1.0", 2, pytest.approx(0.94), 0.5)


def test_the_interval_covers_the_figure_and_needs_ten_articles():
    right = [(labels(str(n), ["x"]), labels(str(n), ["x"])) for n in range(6)]
    wrong = [(labels(str(n), ["x"]), labels(str(n))) for n in range(6, 10)]
    few = summary(*right, *wrong[:3]).topics
    assert (few.macro_f1_low, few.macro_f1_high) == (None, None)
    enough = summary(*right, *wrong)
    assert enough.topics.macro_f1_low < enough.topics.macro_f1 < enough.topics.macro_f1_high <= 1
    assert summary(*right, *wrong) == enough, "the draws are the same each time"


def test_scores_are_held_against_what_came_true():
    found = Labels(id="a", topics=(Said(topic="x", score=0.92), Said(topic="y", score=0.98), Said(topic="z", score=1)))
    (top,) = summary((labels("a", ["x", "z"]), found)).topic_scores
    assert (top.name, top.count, top.score, top.right) == ("0.9-1.0", 3, pytest.approx(2.9 / 3), 2 / 3)


def test_misses_are_listed_with_their_evidence():
    wanted = labels("a", ["x"], [deal("Aro", "Belo", evidence="Aro and Belo signed.")])
    told = summary((wanted, labels("a", ["y"], [deal("Ceno")])), misses=True)
    assert [(miss.error, miss.what, miss.name, miss.evidence) for miss in told.misses] == [
        ("missed", "topic", "x", None),
        ("invented", "topic", "y", None),
        ("missed", "agreement", "Aro + Belo", "Aro and Belo signed."),
        ("invented", "agreement", "Ceno", None),
    ]


def test_nothing_labelled_and_nothing_found_is_no_error():
    told = summary()
    assert (told.topics.macro_f1, told.agreements_all.f1, told.kind.accuracy) == (0, 0, 0)


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"topics": []}, '"id"'),
        ({"id": "a", "topics": "x"}, '"topics"'),
        ({"id": "a", "topics": [3]}, "topic"),
        ({"id": "a", "topics": [{"topic": "x", "score": 2}]}, "score"),
        ({"id": "a", "agreements": ["x"]}, "agreement"),
        ({"id": "a", "agreements": [{"parties": "Aro"}]}, '"parties"'),
        ({"id": "a", "agreements": [{"parties": [], "is_news": "no"}]}, '"is_news"'),
        ({"id": "a", "agreements": [{"parties": [], "signed_on": 2026}]}, '"signed_on"'),
    ],
)
def test_what_is_no_label_is_refused_with_the_reason(record, why):
    with pytest.raises(ValueError, match=why):
        parse(record)


def test_topics_may_carry_a_score_and_news_is_what_is_not_said_otherwise():
    read = parse({"id": 7, "topics": ["x", {"topic": "y", "score": 0.5}], "agreements": [{"parties": ["Aro"]}]})
    assert read.id == "7"
    assert read.topics == (Said(topic="x"), Said(topic="y", score=0.5))
    assert read.agreements[0].is_news
