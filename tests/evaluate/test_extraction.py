"""Extracted pages against hand-made ones."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.documents import Article, Dropped, Moment, Precision, Reason, Stage
from ingest.evaluate.extraction import Expected, Verdict, overlap, parse, score, summarise


@pytest.mark.parametrize(
    ("expected", "found", "precision", "recall"),
    [
        ("one two three", "one two three", 1, 1),
        ("one two three", "three two\n\none", 1, 1),  # a bag: order and white space do not count
        ("one two", "one two three four", 0.5, 1),
        ("one one two", "one two", 1, 2 / 3),
        ("海港实验室", "海港", 1, 0.4),  # a character is a word
        ("港 lab", "港lab", 1, 1),
        ("one", "", 0, 0),
        ("", "", 1, 1),
    ],
)
def test_texts_are_compared_as_bags_of_words(expected, found, precision, recall):
    both = overlap(expected, found)
    assert (both.precision, both.recall) == (pytest.approx(precision), pytest.approx(recall))


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_a_share_is_between_nought_and_one_and_swaps_with_its_texts(a, b):
    there, back = overlap(a, b), overlap(b, a)
    assert 0 <= there.precision <= 1
    assert (there.precision, there.recall) == (back.recall, back.precision)


def moment(iso, precision=Precision.DAY):
    return Moment(iso=iso, precision=precision)


def scored(expected=None, article=None, **more):
    given = Expected(**({"path": "a.html", "url": None, "text": "one two"} | (expected or {})))
    found = Article(**({"text": "one two"} | (article or {})))
    return score(given, more.get("dropped") or found, read_moment=moment, baseline=more.get("baseline"))


@pytest.mark.parametrize(
    ("given", "found", "verdict"),
    [
        ("A Headline, Indeed", "a headline indeed", Verdict.RIGHT),
        ("A Headline", "A Headline | The Site", Verdict.WRONG),
        ("A Headline", None, Verdict.MISSING),
        (None, "A Headline", None),
    ],
)
def test_headlines_are_the_same_but_for_case_and_punctuation(given, found, verdict):
    assert scored({"title": given}, {"title": found}).title == verdict


@pytest.mark.parametrize(
    ("given", "found", "verdict"),
    [
        (("Jane Doe and John Roe",), "John Roe; Jane Doe", Verdict.RIGHT),
        (("Jane Doe", "John Roe"), "Jane Doe", Verdict.WRONG),
        (("By José Roe",), "Jose Roe", Verdict.RIGHT),
        (("张三、李四",), "李四; 张三", Verdict.RIGHT),
        (("Jane Doe",), None, Verdict.MISSING),
        ((), "Jane Doe", None),
    ],
)
def test_bylines_are_the_same_names_in_any_order(given, found, verdict):
    assert scored({"bylines": given}, {"byline": found}).byline == verdict


@pytest.mark.parametrize(
    ("given", "found", "verdict"),
    [
        ("2026-03-14", moment("2026-03-14T09:30:00+08:00", Precision.SECOND), Verdict.RIGHT),
        ("2026-03-14", moment("2026-03-15"), Verdict.WRONG),
        ("2026-03-14", moment("2026-03", Precision.MONTH), Verdict.WRONG),
        ("2026-03-14", None, Verdict.MISSING),
        (None, moment("2026-03-15"), None),
    ],
)
def test_dates_are_compared_by_day(given, found, verdict):
    assert scored({"published": given}, {"published": found}).published == verdict


def test_one_instant_in_two_zones_is_one_date():
    given = Expected(path="a", url=None, text="x", published="2026-03-14T23:30:00+00:00")
    found = Article(text="x", published=moment("2026-03-15T07:30:00+08:00", Precision.SECOND))
    read = score(given, found, read_moment=lambda iso: moment(iso, Precision.SECOND))
    assert read.published is Verdict.RIGHT


def dropped():
    return Dropped(source="", key="k", stage=Stage.EXTRACT, reason=Reason.NO_ARTICLE, detail="Nothing.")


def test_figures_are_means_over_pages_with_an_article():
    pages = [
        scored(),
        scored(article={"text": "one two three four"}),
        scored({"path": "b.html"}, dropped=dropped()),
        scored({"text": ""}, dropped=dropped()),
        scored({"text": ""}, {"text": "one"}),
    ]
    told = summarise(pages, worst=1, bad_lines=2)
    assert (told.pages, told.bad_lines) == (5, 2)
    assert (told.precision, told.recall) == (pytest.approx(0.5), pytest.approx(2 / 3))
    assert told.f1 == pytest.approx(2 * 0.5 * (2 / 3) / (0.5 + 2 / 3))
    assert [(each.name, each.count) for each in told.dropped] == [("no_article", 1)]
    assert (told.without_article, told.without_article_dropped) == (2, 1)
    assert [(page.path, page.dropped) for page in told.worst] == [("b.html", "no_article")]
    assert (told.title, told.baseline, told.worse) == (None, None, None)


def test_pages_that_the_baseline_reads_clearly_better_are_listed():
    pages = [
        scored({"path": "same.html"}, baseline="one two"),
        scored({"path": "worse.html"}, {"text": "one"}, baseline="one two"),
        scored({"path": "better.html"}, baseline="one"),
    ]
    told = summarise(pages, worst=0, bad_lines=0)
    assert [(page.path, page.baseline_f1) for page in told.worse] == [("worse.html", 1)]
    assert told.baseline.recall == pytest.approx(2.5 / 3)


def test_no_pages_make_no_figures():
    told = summarise([], worst=3, bad_lines=0)
    assert (told.f1, told.pages, told.worst) == (0, 0, ())


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"text": "x"}, '"path"'),
        ({"path": " ", "text": "x"}, '"path"'),
        ({"path": "a.html"}, '"text"'),
        ({"path": "a.html", "text": "x", "title": 3}, '"title"'),
        ({"path": "a.html", "text": "x", "byline": 3}, '"byline"'),
    ],
)
def test_what_is_no_page_is_refused_with_the_reason(record, why):
    with pytest.raises(ValueError, match=why):
        parse(record)


def test_a_byline_may_be_a_list():
    assert parse({"path": "a", "text": "x", "byline": ["Jane Doe", None, ""]}).bylines == ("Jane Doe",)
