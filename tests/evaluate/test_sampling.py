"""Drawing strata, sharing rows among them, and the intervals of what is found."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.evaluate.sample import figure, overall
from ingest.sampling import allocate, band, draw

SIZES = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 5000), min_size=1, max_size=6)


@given(SIZES, st.integers(6, 200))
def test_every_stratum_gets_rows_and_all_that_are_wanted_are_given(sizes, wanted):
    given_rows = allocate(sizes, wanted)
    assert sum(given_rows.values()) == min(wanted, sum(sizes.values()))
    assert all(1 <= given_rows[name] <= size for name, size in sizes.items())


def test_more_strata_than_rows_cannot_be_covered():
    with pytest.raises(ValueError, match="3 strata"):
        allocate({"a": 1, "b": 1, "c": 1}, 2)


@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_change_what_is_drawn(seed, chance):
    frame = [(f"row-{number}", "even" if number % 2 == 0 else "odd") for number in range(300)]
    shuffled = chance.sample(frame, len(frame))
    assert draw(frame, wanted=20, seed=str(seed)) == draw(shuffled, wanted=20, seed=str(seed))


def test_a_draw_takes_no_row_twice_and_tells_the_size_of_each_stratum():
    drawn = draw([(str(number), str(number % 3)) for number in range(1000)], wanted=30, seed="1")
    rows = [row for stratum in drawn.strata for row in stratum.rows]
    assert (len(rows), len(set(rows))) == (30, 30)
    assert {stratum.name: stratum.size for stratum in drawn.strata} == {"0": 334, "1": 333, "2": 333}


def test_every_row_is_drawn_about_as_often_as_every_other():
    counts = dict.fromkeys(map(str, range(40)), 0)
    for seed in range(2000):
        for stratum in draw(((row, "all") for row in counts), wanted=10, seed=str(seed)).strata:
            for row in stratum.rows:
                counts[row] += 1
    assert min(counts.values()) > 420  # 500 expected, 4 standard deviations are 77
    assert max(counts.values()) < 580


@pytest.mark.parametrize(
    ("confidence", "name"), [(0.0, "0.0-0.5"), (0.5, "0.5-0.7"), (0.8999, "0.8-0.9"), (1.0, "0.9-1.0")]
)
def test_a_band_leaves_its_upper_end_to_the_next_but_for_the_last(confidence, name):
    assert band(confidence) == name


def test_the_interval_of_a_stratum_is_wilson_s():
    # 8 of 10, of a population without end: as published tables have it.
    found = figure(size=10**9, right=8, wrong=2, unsure=5).estimate
    assert found.value == 0.8
    assert found.low == pytest.approx(0.4902, abs=0.0005)
    assert found.high == pytest.approx(0.9433, abs=0.0005)


def test_where_all_rows_were_judged_nothing_is_left_to_chance():
    found = figure(size=10, right=8, wrong=2, unsure=0).estimate
    assert (found.value, found.low, found.high) == (0.8, 0.8, 0.8)


def test_where_nothing_was_judged_nothing_is_said():
    assert figure(size=10, right=0, wrong=0, unsure=3).estimate.value is None
    assert overall([figure(size=10, right=0, wrong=0, unsure=3)])[0].value is None


def test_strata_count_by_their_size_and_those_that_nobody_judged_are_not_spoken_for():
    judged = [figure(size=900, right=9, wrong=1, unsure=0), figure(size=100, right=0, wrong=10, unsure=0)]
    estimate, covered = overall(judged)
    assert estimate.value == pytest.approx(0.81)
    assert covered == 1
    estimate, covered = overall([*judged, figure(size=1000, right=0, wrong=0, unsure=4)])
    assert (estimate.value, covered) == (pytest.approx(0.81), 0.5)


def test_the_overall_interval_holds_the_truth_about_as_often_as_it_says():
    chance = random.Random(5)  # noqa: S311 - no secrets
    sizes, shares, drawn = (5000, 800, 200), (0.95, 0.7, 0.4), (25, 15, 10)
    truth = sum(size * share for size, share in zip(sizes, shares, strict=True)) / sum(sizes)
    held = 0
    for _ in range(1000):
        figures = []
        for size, share, number in zip(sizes, shares, drawn, strict=True):
            right = sum(chance.random() < share for _ in range(number))
            figures.append(figure(size=size, right=right, wrong=number - right, unsure=0))
        estimate, _ = overall(figures)
        held += estimate.low <= truth <= estimate.high
    assert held > 910
