"""A body whose name nobody knows is the one that another script names, where the same partner and week say so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from store_samples import RULES, annotated, mention, page, row, rows, take

from ingest.store import open_store
from ingest.translated import may_translate

INSTITUTE, YUAN = "Foshan Institute of Marine Robotics", "佛山海洋机器人研究院"
ENGLISH = "A memorandum was signed on Friday. Robots will dive."
CHINESE = "双方周五签署备忘录."


@pytest.fixture
def store(store_url):
    with open_store(store_url, rules=replace(RULES, translates=may_translate)) as opened:
        yield opened


def tell(store, run, text, *names, published="2024-03-15"):
    result = annotated(text, published=published, mentions=[mention(*names, text=text)])
    return take(store, run, page(text, text), result)


def test_one_event_told_in_two_scripts_is_one_agreement_of_one_body(store, run):
    tell(store, run, ENGLISH, "Harbour University", INSTITUTE)
    tell(store, run, CHINESE, "海港大學", YUAN, published="2024-03-17")
    assert row(store, "SELECT mentions, parties FROM v_agreements")["mentions"] == 2
    assert row(store, "SELECT names FROM v_organisations WHERE origin = 'found'")["names"] in (
        f"{INSTITUTE} · {YUAN}",
        f"{YUAN} · {INSTITUTE}",
    )


def test_the_name_is_known_from_then_on(store, run):
    tell(store, run, ENGLISH, "Harbour University", INSTITUTE)
    tell(store, run, CHINESE, "海港大學", YUAN, published="2024-03-17")
    tell(store, run, "三年后双方又签一份备忘录.", YUAN, "Acme", published="2027-03-17")
    assert len(rows(store, "SELECT * FROM v_organisations WHERE origin = 'found'")) == 2


@pytest.mark.parametrize(
    ("names", "published"),
    [
        pytest.param(("海港大學", YUAN), "2024-04-15", id="a month later"),
        pytest.param(("Acme", YUAN), "2024-03-15", id="with somebody else"),
        pytest.param(("海港大學", "佛山海洋生物研究院"), "2024-03-15", id="another field"),
        pytest.param(("海港大學", YUAN), None, id="on no day"),
    ],
)
def test_without_the_same_partner_week_and_meaning_two_bodies_stay_apart(store, run, names, published):
    tell(store, run, ENGLISH, "Harbour University", INSTITUTE)
    tell(store, run, CHINESE, *names, published=published)
    assert len(rows(store, "SELECT * FROM v_agreements")) == 2


def test_where_two_bodies_of_the_week_fit_nothing_is_decided(store, run):
    tell(store, run, ENGLISH, "Harbour University", INSTITUTE)
    tell(store, run, "Another was signed on Monday. It rained.", "Harbour University", "Foshan Marine Robot Institute")
    tell(store, run, CHINESE, "海港大學", YUAN)
    assert len(rows(store, "SELECT * FROM v_agreements")) == 3


def test_two_names_of_one_sentence_are_not_taken_for_the_same_body(store, run):
    tell(store, run, ENGLISH, "Harbour University", INSTITUTE)
    tell(store, run, CHINESE, "海港大學", YUAN, "佛山海洋机器人研究所")
    assert len(rows(store, "SELECT * FROM v_organisations WHERE origin = 'found'")) == 3
