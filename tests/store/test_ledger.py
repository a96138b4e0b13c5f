"""From mentions to agreements."""

from __future__ import annotations

import pytest
from store_samples import annotated, events, mention, page, row, rows, take

from ingest.documents import Fate, Kind, Party, Status
from ingest.store import open_store
from ingest.store.rules import standard

FIRST = "Harbour University and Acme signed a memorandum. It was sunny. Guests came."
SECOND = "HU and Acme Ltd have signed their memorandum. The mayor spoke. Rain fell."
THIRD = "Acme and the university will sign. Nobody knows when. We shall see."


def tell(store, run, key, text, *names, published="2024-03-15", **what):
    result = annotated(text, published=published, mentions=[mention(*names, text=text, **what)])
    return take(store, run, page(key, key), result)


def agreement(store):
    return row(store, "SELECT * FROM v_agreements")


def test_a_first_mention_opens_an_agreement(store, run):
    outcome = tell(
        store, run, "a", FIRST, "Harbour University", "Acme", signed_on="2024-03-14", fields=("genes", "chips")
    )
    found = agreement(store)
    (detected,) = outcome.agreements
    assert (detected.agreement_id, detected.is_new, detected.status_changed) == (found["agreement_id"], True, False)
    assert found["agreement_id"].startswith("agr-")
    assert len(found["agreement_id"]) == 14
    assert (found["kind"], found["status"], found["is_news"], found["signed_on"], found["signed_on_precision"]) == (
        "mou",
        "signed",
        1,
        "2024-03-14",
        "day",
    )
    assert (found["parties"], found["fields"]) == ("Harbour University · Acme", "genes · chips")
    assert (found["mentions"], found["independent_sources"], found["article_id"]) == (1, 1, outcome.article_id)
    assert found["evidence"] == FIRST[: FIRST.index(".") + 1]
    assert (found["first_published"], found["last_published"]) == ("2024-03-15", "2024-03-15")
    assert row(store, "SELECT event, new_status FROM v_agreement_events") == {"event": "opened", "new_status": "signed"}


def test_the_same_input_opens_the_same_agreement_in_any_store(store, run, tmp_path):
    from store_samples import RULES

    here = tell(store, run, "a", FIRST, "Harbour University", "Acme")
    with open_store(f"sqlite:///{tmp_path / 'other.db'}", rules=RULES) as other:
        other.finish_run(other.start_run("ingest"), RuntimeError())
        there = tell(other, other.start_run("ingest"), "elsewhere", FIRST, "Acme", "Harbour University")
    assert here.agreements == there.agreements


def test_another_article_under_other_names_attaches_to_the_agreement(store, run):
    first = tell(store, run, "a", FIRST, "Harbour University", "Acme")
    second = tell(store, run, "b", SECOND, "HU", "Acme Ltd", published="2024-03-16", fields=("genes",), confidence=0.95)
    (detected,) = second.agreements
    assert (detected.agreement_id, detected.is_new) == (first.agreements[0].agreement_id, False)
    found = agreement(store)
    assert (found["mentions"], found["independent_sources"]) == (2, 2)
    assert found["parties"] == "Harbour University · Acme Ltd"  # the fuller form
    assert (found["fields"], found["confidence"]) == ("genes", 0.95)
    assert (found["first_published"], found["last_published"]) == ("2024-03-15", "2024-03-16")
    assert found["article_id"] == second.article_id  # says it with more confidence
    assert [each["event"] for each in rows(store, "SELECT event FROM v_agreement_events ORDER BY event_id")] == [
        "opened",
        "confirmed",
    ]


def test_organisations_are_made_once_and_known_ones_with_all_their_names(store, run):
    tell(store, run, "a", FIRST, "Harbour University", "Acme")
    tell(store, run, "b", SECOND, "HU", "Acme Ltd")
    known, found = rows(store, "SELECT * FROM v_organisations ORDER BY origin DESC")
    assert (known["organisation_id"], known["region"], known["names"]) == (
        "harbour",
        "HK",
        "Harbour University · HU · 海港大學",
    )
    assert (found["name"], found["names"], found["agreements"]) == ("Acme", "Acme · Acme Ltd", 1)
    assert [each["organisation_id"] for each in rows(store, "SELECT * FROM v_agreement_parties ORDER BY position")] == [
        "harbour",
        found["organisation_id"],
    ]


def test_other_parties_open_another_agreement(store, run):
    tell(store, run, "a", FIRST, "Harbour University", "Acme")
    tell(store, run, "b", SECOND, "Harbour University", "Bolt")
    assert len(rows(store, "SELECT * FROM v_agreements")) == 2


def test_two_mentions_of_one_article_are_two_agreements(store, run):
    texts = (
        mention("Harbour University", "Acme", text=FIRST),
        mention("Harbour University", "Acme", text=FIRST, kind=Kind.JOINT_FACILITY),
    )
    outcome = take(store, run, page(), annotated(FIRST, published="2024-03-15", mentions=texts))
    assert [each.is_new for each in outcome.agreements] == [True, True]
    assert len(rows(store, "SELECT * FROM v_agreement_mentions")) == 2


def test_what_was_planned_becomes_signed_once(store, run):
    tell(store, run, "a", THIRD, "Acme", "Harbour University", status=Status.PLANNED, signed_on="2024-03-20")
    signed = tell(store, run, "b", FIRST, "Harbour University", "Acme", published="2024-03-21", signed_on="2024-03-21")
    again = tell(store, run, "c", SECOND, "HU", "Acme", published="2024-03-22")
    assert [each.status_changed for each in (*signed.agreements, *again.agreements)] == [True, False]
    found = agreement(store)
    assert (found["status"], found["signed_on"]) == ("signed", "2024-03-21")
    assert [
        (each["event"], each["old_status"], each["new_status"])
        for each in rows(store, "SELECT * FROM v_agreement_events ORDER BY event_id")
    ] == [
        ("opened", None, "planned"),
        ("status_changed", "planned", "signed"),
        ("confirmed", "signed", "signed"),
    ]


def test_a_late_to_be_signed_does_not_undo_signed(store, run):
    tell(store, run, "a", FIRST, "Harbour University", "Acme")
    late = tell(store, run, "b", THIRD, "Acme", "Harbour University", status=Status.PLANNED, published="2024-03-18")
    assert (late.agreements[0].is_new, late.agreements[0].status_changed) == (False, False)
    assert agreement(store)["status"] == "signed"


def test_the_most_precise_date_is_in_force(store, run):
    from dataclasses import replace

    from ingest.documents import Moment, Precision

    rough = replace(
        mention("Harbour University", "Acme", text=FIRST), signed_on=Moment(iso="2024-03", precision=Precision.MONTH)
    )
    take(store, run, page("a", "a"), annotated(FIRST, published="2024-03-15", mentions=[rough]))
    tell(store, run, "b", SECOND, "HU", "Acme", signed_on="2024-03-14")
    tell(store, run, "c", THIRD, "HU", "Acme", signed_on="2024-03-13")
    assert agreement(store)["signed_on"] == "2024-03-14"


def test_dates_of_news_go_before_dates_of_background(store, run):
    tell(
        store,
        run,
        "a",
        FIRST,
        "Harbour University",
        "Acme",
        is_news=False,
        published="2024-06-01",
        signed_on="2024-03-14",
    )
    found = agreement(store)
    assert (found["is_news"], found["first_published"]) == (0, "2024-06-01")
    tell(store, run, "b", SECOND, "HU", "Acme", published="2024-03-15", signed_on="2024-03-14")
    tell(store, run, "c", THIRD, "HU", "Acme", is_news=False, published="2025-01-01", signed_on="2024-03-14")
    found = agreement(store)
    assert (found["is_news"], found["first_published"], found["last_published"]) == (1, "2024-03-15", "2024-03-15")


def test_near_duplicates_and_revisions_count_as_one_source(store, run):
    tell(store, run, "a", FIRST, "Harbour University", "Acme")
    near = FIRST.replace("Guests came.", "Guests came. They left.")
    assert tell(store, run, "b", near, "Harbour University", "Acme").fate is Fate.NEAR_DUPLICATE
    found = agreement(store)
    assert (found["mentions"], found["independent_sources"]) == (2, 1)
    text = FIRST.replace("Guests came.", "Guests came early.")
    revised = take(
        store,
        run,
        page("a", "other bytes"),
        annotated(text, published="2024-03-15", mentions=[mention("Harbour University", "Acme", text=text)]),
    )
    assert revised.fate is Fate.REVISED
    found = agreement(store)
    assert (found["mentions"], found["independent_sources"]) == (2, 1)
    assert sorted(each["is_current"] for each in rows(store, "SELECT * FROM v_agreement_mentions")) == [0, 1, 1]


def test_a_copy_tells_nothing_new(store, run):
    tell(store, run, "a", FIRST, "Harbour University", "Acme")
    copy = tell(store, run, "b", FIRST, "Harbour University", "Acme")
    assert (copy.fate, copy.agreements) == (Fate.COPY, ())
    assert agreement(store)["mentions"] == 1
    assert events(store, "b") == ["copied"]


def test_a_merged_organisation_stands_for_what_it_was_merged_into(store, run):
    tell(store, run, "a", FIRST, "Harbour University", "Acme")
    tell(store, run, "b", "Bolt was there. Nobody else.", "Bolt", "Crane")
    from sqlalchemy import text

    store.database.write(
        lambda connection: connection.execute(
            text(
                "UPDATE organisations SET merged_into_id = (SELECT id FROM organisations WHERE name = 'Acme')"
                " WHERE name = 'Bolt'"
            )
        )
    )
    outcome = tell(store, run, "c", SECOND, "HU", "Bolt")
    assert outcome.agreements[0].is_new is False


def test_a_persons_alias_goes_before_the_package_data(store, run):
    from sqlalchemy import text

    tell(store, run, "a", FIRST, "Harbour University", "Acme")
    store.database.write(
        lambda connection: connection.execute(
            text(
                "INSERT INTO organisation_names (organisation_id, name, folded, origin, run_id)"
                " SELECT id, 'HU', 'hu', 'person', run_id FROM organisations WHERE name = 'Acme'"
            )
        )
    )
    tell(store, run, "b", SECOND, "HU", "Bolt")
    parties = rows(store, "SELECT organisation FROM v_agreement_parties WHERE name = 'HU'")
    assert parties == [{"organisation": "Acme"}]


@pytest.mark.parametrize(
    "name", ["…", "A" * 5000, "line\nbroken  name", "nul\0 name"], ids=["mark", "long", "lines", "nul"]
)
def test_any_name_makes_a_party(store, run, name):
    text = "Someone signed something. That is all."
    told = mention(name, text=text)
    take(store, run, page(), annotated(text, mentions=[told]))
    party = row(store, "SELECT name FROM v_agreement_parties")["name"]
    assert 0 < len(party) <= 300
    assert "\n" not in party


def test_a_party_named_twice_is_one_party(store, run):
    from dataclasses import replace

    told = mention(text=FIRST)
    told = replace(
        told, parties=(Party(name="HU", start=0, end=2), Party(name="Harbour University"), Party(name="Acme"))
    )
    take(store, run, page(), annotated(FIRST, mentions=[told]))
    assert agreement(store)["parties"] == "HU · Acme"
    assert row(store, "SELECT parties FROM v_agreement_mentions")["parties"] == "HU · Harbour University · Acme"


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        ("香港與中東往來頻密。", "hk-monetary-authority"),
        ("澳門與中東往來頻密。", "mo-amcm"),
        ("香港與澳門均有派員。", None),
    ],
)
def test_the_short_name_of_an_authority_is_that_of_the_only_city_named(store_url, around, expected):
    text = f"金管局在利雅得與沙特央行簽署備忘錄. 沙特阿拉伯的沙特央行設宴。{around}"
    with open_store(store_url, rules=standard()) as real:
        tell(real, real.start_run("ingest"), "a", text, "金管局", "沙特央行")
        found = [each["organisation_id"] for each in rows(real, "SELECT * FROM v_agreement_parties ORDER BY position")]
    assert found[1] == "sa-sama"
    assert (found[0] if not found[0].startswith("org-") else None) == expected
