"""The order of results on the judged set, on both databases: `make search-relevance` prints it search by search."""

from __future__ import annotations

import pytest

from tools.search_relevance import Judged, Scores, judged, mean, measure, results, store_articles


@pytest.fixture
def scores(store, store_url):
    names = store_articles(store)
    return [measure(found, each.grades) for each, found in results(store_url, names)]


def test_results_are_ordered_as_well_as_they_were(scores):
    total = mean(scores)
    assert total.ndcg >= 0.96
    assert total.precision >= 0.98
    assert total.recall == 1


def test_the_judged_set_covers_both_scripts_and_english():
    queries = " ".join(each.query for each in judged())
    assert "实" in queries
    assert "實" in queries
    assert "laboratory" in queries


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (["best", "good"], Scores(ndcg=1.0, precision=1.0, recall=1.0)),
        (["none", "best"], Scores(ndcg=0.579, precision=0.5, recall=0.5)),
        ([], Scores(ndcg=0.0, precision=0.0, recall=0.0)),
    ],
)
def test_scores_are_those_of_the_definition(found, expected):
    got = measure(found, Judged("x", {"best": 3, "good": 1}).grades)
    assert (got.precision, got.recall) == (expected.precision, expected.recall)
    assert got.ndcg == pytest.approx(expected.ndcg, abs=1e-3)
