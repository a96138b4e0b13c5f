"""What people rule about agreements and organisations, and that it lasts."""

from __future__ import annotations

import pytest
from store_samples import annotated, mention, page, row, rows, take

from ingest.documents import Kind, Status
from ingest.errors import NotFoundError, RulingError
from ingest.store import naming, rulings
from ingest.store.decisions import Ruling

CHAN = Ruling(person="A. Chan", note="one and the same")
TEXTS = {
    "a": "Harbour University and Acme signed a memorandum. It was sunny. Guests came.",
    "b": "Harbour University and Acme opened a laboratory. The mayor spoke. Rain fell.",
    "c": "HU and Acme again. Nobody knows when. We shall see.",
    "d": "Acme did so with HU once more. Words follow. They end.",
}


def tell(store, run, key, *names, text=None, published="2024-03-15", **what):
    text = text or TEXTS[key]
    result = annotated(text, published=published, mentions=[mention(*names, text=text, **what)])
    return take(store, run, page(key, key + text), result)


def agreement_of(outcome):
    (detected,) = outcome.agreements
    return detected.agreement_id


def in_force(store):
    return {each["agreement_id"]: each for each in rows(store, "SELECT * FROM v_agreements ORDER BY agreement_id")}


@pytest.fixture
def two(store, run):
    """Ids of two agreements of the same parties: a memorandum, and a laboratory a year later."""
    first = tell(store, run, "a", "Harbour University", "Acme")
    second = tell(
        store,
        run,
        "b",
        "Harbour University",
        "Acme",
        kind=Kind.JOINT_FACILITY,
        published="2025-06-01",
        fields=("genes",),
    )
    return agreement_of(first), agreement_of(second)


def merge(store, into, other, **options):
    return store.rule(lambda writing, rules: rulings.merge(writing, rules, CHAN, into=into, others=[other]), **options)


def restore(store, agreement):
    return store.rule(lambda writing, rules: rulings.restore(writing, rules, CHAN, agreement=agreement))


def test_a_merge_adds_up_what_both_say_and_keeps_both_ids(store, two):
    first, second = two
    (effect,) = merge(store, first, second)
    assert (effect.agreement, effect.other) == (second, first)
    found = in_force(store)
    assert list(found) == [first]
    assert (found[first]["mentions"], found[first]["fields"], found[first]["last_published"]) == (
        2,
        "genes",
        "2025-06-01",
    )
    leads = row(store, "SELECT stands_for, state FROM v_agreement_ids WHERE agreement_id = :id", id=second)
    assert leads == {"stands_for": first, "state": "merged"}
    decided = row(store, "SELECT kind, person, note, agreement_id, other_agreement_id FROM v_decisions")
    assert decided == {
        "kind": "same_agreement",
        "person": "A. Chan",
        "note": "one and the same",
        "agreement_id": second,
        "other_agreement_id": first,
    }
    event = (
        "SELECT event, person, other_agreement_id FROM v_agreement_events WHERE event = 'merged' AND agreement_id = :id"
    )
    assert row(store, event, id=first) == {"event": "merged", "person": "A. Chan", "other_agreement_id": second}


def test_a_rehearsed_merge_says_the_same_and_changes_nothing(store, two):
    first, second = two
    before = in_force(store), rows(store, "SELECT * FROM v_agreement_events"), rows(store, "SELECT * FROM v_runs")
    rehearsed = merge(store, first, second, rehearse=True)
    assert (
        in_force(store),
        rows(store, "SELECT * FROM v_agreement_events"),
        rows(store, "SELECT * FROM v_runs"),
    ) == before
    assert merge(store, first, second) == rehearsed


def test_what_fits_a_merged_agreement_counts_for_the_one_that_stands_for_it(store, run, two):
    first, second = two
    merge(store, first, second)
    late = tell(store, run, "c", "HU", "Acme", kind=Kind.JOINT_FACILITY, published="2025-06-03")
    (detected,) = late.agreements
    assert (detected.agreement_id, detected.is_new) == (first, False)
    assert in_force(store)[first]["mentions"] == 3


def test_a_merge_taken_back_leaves_each_with_its_own(store, run, two):
    first, second = two
    before = in_force(store)
    merge(store, first, second)
    tell(store, run, "c", "HU", "Acme", kind=Kind.JOINT_FACILITY, published="2025-06-03")
    restore(store, second)
    after = in_force(store)
    assert list(after) == list(before)
    assert (after[first]["mentions"], after[second]["mentions"]) == (1, 2)
    assert after[first] | {"last_seen_at": ""} == before[first] | {"last_seen_at": ""}
    assert row(store, "SELECT revoked_by FROM v_decisions") == {"revoked_by": "A. Chan"}


def test_merges_of_merged_agreements_lead_to_the_last(store, run, two):
    first, second = two
    third = agreement_of(tell(store, run, "c", "HU", "Acme", kind=Kind.LICENSING, published="2023-01-01"))
    merge(store, second, first)
    merge(store, third, second)
    assert {each["stands_for"] for each in rows(store, "SELECT stands_for FROM v_agreement_ids")} == {third}
    assert in_force(store)[third]["mentions"] == 3
    restore(store, second)
    assert (
        row(store, "SELECT stands_for FROM v_agreement_ids WHERE agreement_id = :id", id=first)["stands_for"] == second
    )
    assert {each["mentions"] for each in in_force(store).values()} == {1, 2}


def test_an_agreement_is_not_merged_into_itself(store, two):
    first, second = two
    merge(store, first, second)
    with pytest.raises(RulingError, match="one agreement already"):
        merge(store, first, second)
    with pytest.raises(NotFoundError, match="agr-none"):
        merge(store, first, "agr-none")


def dismiss(store, agreement):
    return store.rule(lambda writing, _: rulings.dismiss(writing, CHAN, agreement=agreement))


def test_what_was_dismissed_stays_out_however_often_it_is_told(store, run, two):
    first, _ = two
    dismiss(store, first)
    again = tell(store, run, "c", "HU", "Acme", published="2024-03-16")
    assert again.agreements == ()
    assert first not in in_force(store)
    assert row(store, "SELECT state FROM v_agreement_ids WHERE agreement_id = :id", id=first) == {"state": "dismissed"}
    restore(store, first)
    assert in_force(store)[first]["mentions"] == 2


def test_dismissing_twice_and_restoring_what_stands_say_so(store, two):
    first, second = two
    dismiss(store, first)
    with pytest.raises(RulingError, match="dismissed already"):
        dismiss(store, first)
    with pytest.raises(RulingError, match="in the ledger already"):
        restore(store, second)


def split(store, agreement, *mentions):
    return store.rule(
        lambda writing, rules: rulings.split(writing, rules, CHAN, agreement=agreement, mentions=mentions)
    )


def mentions_of(store, agreement):
    query = "SELECT mention_id FROM v_agreement_mentions WHERE agreement_id = :id ORDER BY mention_id"
    return [each["mention_id"] for each in rows(store, query, id=agreement)]


def test_a_split_makes_an_agreement_of_its_own(store, run):
    first = agreement_of(tell(store, run, "a", "Harbour University", "Acme"))
    tell(store, run, "c", "HU", "Acme", published="2024-03-17", status=Status.RENEWED)
    _, moved = mentions_of(store, first)
    new, old = (effect.agreement for effect in split(store, first, moved))
    assert old == first
    found = in_force(store)
    assert (found[first]["status"], found[first]["mentions"]) == ("signed", 1)
    assert (found[new]["status"], found[new]["mentions"]) == ("renewed", 1)
    assert found[new]["parties"] == "HU · Acme"


def test_the_same_sentence_in_another_article_follows_a_split(store, run):
    first = agreement_of(tell(store, run, "a", "Harbour University", "Acme"))
    tell(store, run, "c", "HU", "Acme", published="2024-03-16")
    _, moved = mentions_of(store, first)
    new = split(store, first, moved)[0].agreement
    words = TEXTS["c"].split(". ")[0] + ". Elsewhere all else is different. Quite so."
    again = tell(store, run, "e", "HU", "Acme", text=words, published="2024-03-16")
    assert agreement_of(again) == new


def test_merging_what_was_split_takes_the_split_back(store, run):
    first = agreement_of(tell(store, run, "a", "Harbour University", "Acme"))
    tell(store, run, "c", "HU", "Acme", published="2024-03-16")
    new = split(store, first, mentions_of(store, first)[1])[0].agreement
    merge(store, first, new)
    assert in_force(store)[first]["mentions"] == 2
    decided = rows(store, "SELECT kind, revoked_at FROM v_decisions ORDER BY decision_id")
    assert [(each["kind"], each["revoked_at"] is None) for each in decided] == [
        ("not_same_agreement", False),
        ("same_agreement", True),
    ]


def test_no_sentence_is_split_off_that_is_not_there_nor_all_of_them(store, run):
    first = agreement_of(tell(store, run, "a", "Harbour University", "Acme"))
    (only,) = mentions_of(store, first)
    with pytest.raises(NotFoundError, match="no sentence 999"):
        split(store, first, 999)
    with pytest.raises(RulingError, match="all the sentences"):
        split(store, first, only)


# Organisations.


def named(store, name):
    return row(store, "SELECT organisation_id FROM v_organisations WHERE name = :name", name=name)["organisation_id"]


def rule(store, work, **options):
    return store.rule(work, **options)


def join(store, into, *others, **options):
    return rule(store, lambda w, rules: naming.merge(w, rules, CHAN, into=into, others=others), **options)


def test_merging_organisations_makes_one_of_agreements_whose_parties_become_equal(store, run):
    first = agreement_of(tell(store, run, "a", "Harbour University", "Acme"))
    second = agreement_of(tell(store, run, "c", "HU", "Apex", published="2024-03-16"))
    assert first != second
    effects = join(store, "Acme", "Apex")
    assert [(each.agreement, each.other) for each in effects] == [(second, first)]
    found = in_force(store)
    assert (list(found), found[first]["mentions"], found[first]["parties"]) == ([first], 2, "Harbour University · Acme")
    later = tell(store, run, "d", "Apex", "HU", published="2024-03-17")
    assert agreement_of(later) == first


def test_taking_a_merge_of_organisations_back_parts_what_it_joined(store, run):
    first = agreement_of(tell(store, run, "a", "Harbour University", "Acme"))
    second = agreement_of(tell(store, run, "c", "HU", "Apex", published="2024-03-16"))
    apex = named(store, "Apex")
    join(store, "Acme", apex)
    tell(store, run, "d", "Apex", "HU", published="2024-03-17")
    rule(store, lambda w, rules: naming.restore(w, rules, CHAN, organisation=apex))
    found = in_force(store)
    assert {each: found[each]["parties"] for each in found} == {
        first: "Harbour University · Acme",
        second: "HU · Apex",
    }
    parties = {each["organisation_id"] for each in rows(store, "SELECT organisation_id FROM v_agreement_parties")}
    assert parties == {"harbour", named(store, "Acme"), apex}


def test_different_deals_of_merged_organisations_stay_apart(store, run):
    tell(store, run, "a", "Harbour University", "Acme")
    tell(store, run, "c", "HU", "Apex", published="2021-03-16", kind=Kind.LICENSING)
    join(store, "Acme", "Apex")
    assert len(in_force(store)) == 2


def test_an_alias_joins_what_articles_alone_called_so(store, run):
    tell(store, run, "a", "Harbour University", "Acme")
    tell(store, run, "c", "HU", "Apex", published="2024-03-16")
    effects = rule(store, lambda w, rules: naming.alias(w, rules, CHAN, organisation="Acme", names=["Apex"]))
    assert len(effects) == 1
    assert len(in_force(store)) == 1
    names = row(store, "SELECT names FROM v_organisations WHERE name = 'Acme'")["names"]
    assert names == "Acme · Apex · Apex" or set(names.split(" · ")) == {"Acme", "Apex"}


def test_an_alias_goes_before_what_the_package_data_say(store, run):
    tell(store, run, "a", "Harbour University", "Acme")
    rule(store, lambda w, rules: naming.alias(w, rules, CHAN, organisation="Acme", names=["HU"]))
    tell(store, run, "c", "HU", "Bolt")
    assert rows(store, "SELECT organisation FROM v_agreement_parties WHERE name = 'HU'") == [{"organisation": "Acme"}]
    rule(store, lambda w, rules: naming.forget(w, rules, CHAN, organisation="Acme", names=["HU"]))
    tell(store, run, "d", "HU", "Crane")
    found = rows(store, "SELECT organisation FROM v_agreement_parties WHERE name = 'HU' ORDER BY organisation")
    assert found == [{"organisation": "Acme"}, {"organisation": "Harbour University"}]


def test_the_own_name_of_a_known_organisation_is_no_alias_of_another(store, run):
    tell(store, run, "a", "Harbour University", "Acme")
    with pytest.raises(RulingError, match="is what harbour is called"):
        rule(store, lambda w, rules: naming.alias(w, rules, CHAN, organisation="Acme", names=["Harbour University"]))


@pytest.mark.parametrize(
    ("names", "message"),
    [(["Bolt"], "does not go by 'Bolt'"), (["Acme"], "goes by no other name")],
)
def test_only_names_that_an_organisation_has_are_split_off_and_not_all(store, run, names, message):
    tell(store, run, "a", "Harbour University", "Acme")
    with pytest.raises(RulingError, match=message):
        rule(store, lambda w, rules: naming.split(w, rules, CHAN, organisation="Acme", names=names))


def test_names_split_off_take_their_sentences_along(store, run):
    first = agreement_of(tell(store, run, "a", "Harbour University", "Acme"))
    tell(store, run, "c", "HU", "ACME Ltd", published="2024-03-16")
    rule(store, lambda w, rules: naming.alias(w, rules, CHAN, organisation="Acme", names=["Apex"]))
    tell(store, run, "d", "HU", "Apex", published="2024-03-17")
    assert list(in_force(store)) == [first]
    rule(store, lambda w, rules: naming.split(w, rules, CHAN, organisation="Acme", names=["Apex"]))
    found = in_force(store)
    assert sorted(each["mentions"] for each in found.values()) == [1, 2]
    later = tell(store, run, "b", "HU", "Apex", published="2024-03-18")
    assert in_force(store)[agreement_of(later)]["parties"] == "HU · Apex"


def test_a_renamed_organisation_still_goes_by_its_former_name(store, run):
    first = agreement_of(tell(store, run, "a", "Harbour University", "Acme"))
    rule(
        store,
        lambda w, rules: naming.rename(w, rules, CHAN, organisation="Acme", name="Acme Works", region="HK"),
    )
    assert row(store, "SELECT region FROM v_organisations WHERE name = 'Acme Works'") == {"region": "HK"}
    assert agreement_of(tell(store, run, "c", "HU", "Acme", published="2024-03-16")) == first


@pytest.mark.parametrize(
    ("given", "message"),
    [("nobody at all", "no organisation called"), ("…", "no organisation called")],
)
def test_an_unknown_organisation_is_named_in_the_message(store, given, message):
    with pytest.raises(NotFoundError, match=message):
        join(store, given, "Acme")


@pytest.mark.parametrize("name", ["", " \n", "…", "x" * 5000], ids=["none", "blank", "mark", "long"])
def test_an_impossible_name_is_refused(store, run, name):
    tell(store, run, "a", "Harbour University", "Acme")
    with pytest.raises(RulingError, match="a name") as refused:
        rule(store, lambda w, rules: naming.alias(w, rules, CHAN, organisation="Acme", names=[name]))
    assert refused.value.remedy


def test_controls_in_a_name_are_left_out(store, run):
    tell(store, run, "a", "Harbour University", "Acme")
    rule(store, lambda w, rules: naming.alias(w, rules, CHAN, organisation="Acme", names=["\u202eAp\x1b[31mex"]))
    names = row(store, "SELECT names FROM v_organisations WHERE name = 'Acme'")["names"]
    assert names.isprintable()
    assert "\u202e" not in names


def test_an_organisation_of_the_package_data_joins_the_store_when_it_is_named(store_url):
    from ingest.store import open_store

    with open_store(store_url) as store:
        store.rule(lambda w, rules: naming.alias(w, rules, CHAN, organisation="HKSTP", names=["The Science Park"]))
        found = row(store, "SELECT organisation_id, region FROM v_organisations")
    assert found == {"organisation_id": "hk-hkstp", "region": "HK"}
