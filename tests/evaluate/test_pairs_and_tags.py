"""Duplicates and languages against labels."""

from __future__ import annotations

import pytest

from ingest.documents import Fingerprint, Language
from ingest.evaluate import duplicates, language


def rule(confirms):
    """Bands are the words of a text; the comparison confirms what it is told to."""
    return duplicates.Rule(
        fingerprint=lambda text: Fingerprint(text_sha256=text, bands=tuple(map(hash, text.split())), scheme=1),
        similarity=lambda _a, _b: 0.5,
        is_near_duplicate=lambda a, b: 0.9 if {a, b} in confirms else None,
    )


@pytest.mark.parametrize(
    ("a", "b", "confirmed", "found"),
    [
        ("x y", "y z", True, True),
        ("x y", "y z", False, False),  # proposed, but refused
        ("x y", "z", True, False),  # alike, but no band leads there
        ("x", "x", False, True),  # equal once normalised
    ],
)
def test_a_pair_is_found_when_a_band_proposes_and_the_comparison_confirms(a, b, confirmed, found):
    pair = duplicates.Pair(a="1", b="2", duplicate=True)
    assert duplicates.judge(pair, a, b, rule([{a, b}] if confirmed else [])).found is found


def judged(duplicate, *, proposed, confirmed):
    pair = duplicates.Pair(a="1", b="2", duplicate=duplicate, basis="resend")
    return duplicates.Judged(pair=pair, proposed=proposed, confirmed=confirmed, similarity=0.7)


def test_proposals_and_comparison_have_figures_of_their_own():
    told = duplicates.summarise(
        [
            judged(True, proposed=True, confirmed=True),
            judged(True, proposed=False, confirmed=True),
            judged(True, proposed=True, confirmed=False),
            judged(False, proposed=True, confirmed=True),
            judged(False, proposed=False, confirmed=True),
        ],
        bad_lines=0,
        misses=True,
    )
    assert (told.precision, told.recall, told.count) == (1 / 2, 1 / 3, 3)
    assert (told.bands_recall, told.bands_proposed) == (2 / 3, 1 / 2)
    assert (told.comparison.precision, told.comparison.recall) == (2 / 4, 2 / 3)
    assert [(miss.error, miss.proposed, miss.basis) for miss in told.misses] == [
        ("missed", False, "resend"),
        ("missed", True, "resend"),
        ("invented", True, "resend"),
    ]


@pytest.mark.parametrize(("label", "duplicate"), [(1, True), (True, True), (0, False), (False, False)])
def test_labels_are_numbers_or_truth_values(label, duplicate):
    assert duplicates.parse_pair({"a": 1, "b": "2", "label": label}).duplicate is duplicate


@pytest.mark.parametrize("record", [{"a": "1", "b": "2"}, {"a": "1", "b": "2", "label": "yes"}, {"a": "1", "label": 1}])
def test_what_is_no_pair_is_refused(record):
    with pytest.raises(ValueError, match="has no"):
        duplicates.parse_pair(record)


def text(tag, found, seconds=0.5):
    return language.Judged(
        label=language.Labelled(id="1", tag=tag, text="words"),
        found=Language(tag=found, confidence=0.9),
        seconds=seconds,
    )


def test_accuracy_is_of_all_texts_and_of_each_language():
    told = language.summarise(
        [text("en", "en"), text("en", "en"), text("en", "de"), text("ms", "id"), text("zh-Hant", "ZH-hant", 3)],
        same=language.groups([("ms", "id")]),
        bad_lines=0,
        misses=True,
    )
    assert (told.accuracy, told.macro_accuracy) == (4 / 5, pytest.approx((2 / 3 + 1 + 1) / 3))
    assert told.milliseconds == 1000
    assert [(each.name, each.accuracy, each.count) for each in told.languages] == [
        ("en", 2 / 3, 3),
        ("ms", 1, 1),
        ("zh-Hant", 1, 1),
    ]
    assert [(miss.expected, miss.found) for miss in told.misses] == [("en", "de")]


def test_interchangeable_tags_join_into_groups():
    groups = language.groups([("ms", "id"), ("nb", "no"), ("ID", "jv")])
    assert groups["jv"] == groups["ms"] == {"ms", "id", "jv"}
    assert groups["no"] == {"nb", "no"}


def test_a_text_is_timed_by_the_clock():
    ticks = iter([1.0, 1.25])
    label = language.Labelled(id="1", tag="en", text="words")
    timed = language.judge(label, lambda _: Language(tag="en", confidence=1), lambda: next(ticks))
    assert timed.seconds == 0.25
