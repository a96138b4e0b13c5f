"""Which names, and which agreements, are the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.evaluate.matching import Agreement, match, matched_names


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Northbank Ltd.", "The NORTHBANK", True),
        ("Northbank & Sons", "Northbank and Sons", True),
        ("University of Eastport", "Eastport University of Technology", True),  # 3 of 4 words
        ("Eastport", "Eastport University", False),  # one word inside is not enough
        ("Eastport University", "School of Law, Eastport University", True),  # two words inside, three around
        ("Eastport University", "The Law School at the Old Town Hall of Eastport University", False),
        ("海港科技有限公司", "海港科技", True),
        ("海港科技", "北岸科技", False),
        ("The Company", "The Company", True),  # nothing but form words: all of them count
        ("", "Northbank", False),
        ("—", "—", False),
    ],
)
def test_names_are_the_same_but_for_form_and_a_few_words(a, b, same):
    assert matched_names([a], [b]) == same
    assert matched_names([b], [a]) == same


def test_a_name_is_matched_once_and_gives_way_so_that_more_find_a_partner():
    assert matched_names(["North Bank", "North Bank"], ["North Bank"]) == 1
    # Taken greedily, the first would hold the only partner of the second.
    assert matched_names(["North Bank", "North Bank Hall"], ["North Bank Hall", "North Bank Hall House"]) == 2


def agreement(*parties, **more):
    return Agreement(parties=parties, **more)


@pytest.mark.parametrize(
    ("labelled", "found", "pairs"),
    [
        ([agreement("Aro", "Belo")], [agreement("Aro", "Belo")], [(0, 0, 2)]),
        ([agreement("Aro", "Belo")], [agreement("Aro", "Ceno")], []),  # one of two parties is not enough
        ([agreement("Aro")], [agreement("Aro", "Ceno")], [(0, 0, 1)]),  # the only one is
        ([agreement("Aro", "Belo")], [agreement("Aro", "Belo"), agreement("Aro", "Belo")], [(0, 0, 2)]),
        ([agreement("Aro", "Belo", "Ceno")], [agreement("Aro", "Belo"), agreement("Aro", "Belo", "Ceno")], [(0, 1, 3)]),
        (
            [agreement("Aro", "Belo", kind="mou"), agreement("Aro", "Belo", kind="licensing")],
            [agreement("Aro", "Belo", kind="licensing"), agreement("Aro", "Belo", kind="mou")],
            [(0, 1, 2), (1, 0, 2)],
        ),
        ([], [agreement("Aro")], []),
    ],
)
def test_agreements_are_paired_one_to_one_the_best_first(labelled, found, pairs):
    assert [(pair.labelled, pair.found, pair.parties) for pair in match(labelled, found)] == pairs


_NAMES = st.lists(st.sampled_from(["Aro", "Belo Hall", "Belo Town Hall", "北岸大学", "北岸大學", "x"]), max_size=4)


@settings(deadline=None)
@given(_NAMES, _NAMES)
def test_a_matching_is_no_larger_than_either_side_and_the_same_from_both(mine, theirs):
    size = matched_names(mine, theirs)
    assert size <= min(len(mine), len(theirs))
    assert size == matched_names(theirs, mine)
