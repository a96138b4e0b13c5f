"""Which events of the ledger are told, to whom, and that each is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from alert_samples import FakeChannel, age, only_rule, passed, send, states, story, told, whys
from store_samples import RULES, annotated, mention, page, row, rows, take

from ingest.alerts.notice import NoticeKind, Why
from ingest.alerts.rules import Cadence, Digest, Quiet, Rule
from ingest.documents import Status
from ingest.store import rulings
from ingest.store.alerts.rules import add_rule, change_rule, remove_rule, set_paused
from ingest.store.decisions import Ruling

DESK = Rule(name="desk", channels=("hook",))
RULING = Ruling(person="A. Chan", note="a supply order")


def agreement(store):
    return row(store, "SELECT agreement_id FROM v_agreements")["agreement_id"]


def dismiss(store, identity=None):
    found = identity or agreement(store)
    store.rule(lambda writing, _: rulings.dismiss(writing, RULING, agreement=found))
    return found


def test_the_default_rule_tells_the_console_of_what_a_new_source_holds(store, run):
    story(store, run, "Northbank", "Acme")
    assert told(store) == [("default", "console", "instant", "pending", "detected")]


def test_what_repeats_the_news_is_not_told(store, run):
    for _ in range(3):
        story(store, run, "Northbank", "Acme", published="2026-03-14")
    assert whys(store) == ["detected"]


def test_a_copy_and_a_near_duplicate_are_not_told(store, run):
    text = "Northbank and Acme signed an accord. The mayor spoke. Rain fell. Guests came."
    known = mention("Northbank", "Acme", text=text)
    take(store, run, page("a.txt", "1"), annotated(text, mentions=[known]))
    take(store, run, page("b.txt", "2"), annotated(text, title="Copied", mentions=[known]))
    # The same story, in which the reader took a name for a longer one.
    other = text.replace("Rain fell", "Snow fell")
    misread = mention("Northbank", "Acme Hall", text=other)
    assert take(store, run, page("c.txt", "3"), annotated(other, mentions=[misread])).fate == "near_duplicate"
    assert whys(store) == ["detected"]
    assert len(rows(store, "SELECT 1 FROM v_agreements")) == 2


def test_an_agreement_that_only_a_near_duplicate_has_is_told(store, run):
    text = "Northbank and Acme signed an accord. The mayor spoke. Rain fell. Guests came."
    take(store, run, page("a.txt", "1"), annotated(text, mentions=[mention("Northbank", "Acme", text=text)]))
    other = text.replace("Rain fell", "Southbank and Zenith signed as well")
    take(store, run, page("b.txt", "2"), annotated(other, mentions=[mention("Southbank", "Zenith", text=other)]))
    assert whys(store) == ["detected", "detected"]


def test_background_is_not_told_until_it_is_news(store, run):
    story(store, run, "Northbank", "Acme", is_news=False, published="2026-03-14")
    assert whys(store) == []
    story(store, run, "Northbank", "Acme", published="2026-03-15")
    story(store, run, "Northbank", "Acme", published="2026-03-16")
    assert whys(store) == ["detected"]


def test_a_status_is_told_once_as_it_moves_on_and_never_as_it_goes_back(store, run):
    for status, day in (
        (Status.PLANNED, "2026-03-01"),
        (Status.SIGNED, "2026-03-10"),
        (Status.PLANNED, "2026-03-11"),
        (Status.SIGNED, "2026-03-12"),
        (Status.ENDED, "2026-06-01"),
        (Status.SIGNED, "2026-06-02"),
        (Status.ENDED, "2026-06-03"),
    ):
        story(store, run, "Northbank", "Acme", status=status, published=day)
    assert whys(store) == ["detected", "status_changed", "status_changed"]
    changes = rows(store, "SELECT old_status, new_status FROM v_alert_delivery_events ORDER BY event_id")
    assert [tuple(change.values()) for change in changes] == [
        (None, "planned"),
        ("planned", "signed"),
        ("signed", "ended"),
    ]


def test_a_status_that_background_moved_on_is_not_told(store, run):
    story(store, run, "Northbank", "Acme", status=Status.PLANNED, published="2026-03-01")
    story(store, run, "Northbank", "Acme", is_news=False, published="2026-03-10")
    assert whys(store) == ["detected"]


def test_a_publisher_who_rewords_a_signing_tells_nothing_new(store, run):
    story(store, run, "Northbank", "Acme", status=Status.PLANNED, document="x.txt", published="2026-03-01")
    for words in ("", " at noon", " at dusk"):
        story(store, run, "Northbank", "Acme", words=words, document="x.txt", published="2026-03-02")
    assert whys(store) == ["detected", "status_changed"]


def test_an_article_that_opens_and_moves_an_agreement_on_is_told_once(store, run):
    text = "Northbank and Acme plan an accord. Then they signed it."
    known = [
        mention("Northbank", "Acme", text=text, status=Status.PLANNED),
        mention("Northbank", "Acme", "Zenith", text=text, signed_on="2026-03-14"),
    ]
    take(store, run, page("a.txt", "1"), annotated(text, published="2026-03-14", mentions=known))
    later = text.replace("plan", "will make")
    take(store, run, page("b.txt", "2"), annotated(later, published="2026-03-14", mentions=known))
    per_agreement = rows(store, "SELECT agreement_id, count(*) AS n FROM v_alert_delivery_events GROUP BY agreement_id")
    assert {row["n"] for row in per_agreement} == {1}


def test_a_merge_of_what_was_told_is_not_told_and_goes_on_as_one(store, run):
    for names in (("Northbank", "Acme"), ("Northbank Hall", "Acme")):
        story(store, run, *names, status=Status.PLANNED, published="2026-03-14")
    one, other = (each["agreement_id"] for each in rows(store, "SELECT agreement_id FROM v_agreements"))
    store.rule(lambda writing, rules: rulings.merge(writing, rules, RULING, into=one, others=[other]))
    assert whys(store) == ["detected", "detected"]
    for names in (("Northbank", "Acme"), ("Northbank Hall", "Acme")):
        story(store, run, *names, published="2026-03-20")
    assert whys(store) == ["detected", "detected", "status_changed"]


@pytest.mark.parametrize("kind", ["reprocess", "backfill", "ruling"])
def test_runs_over_the_past_tell_nothing_also_not_later(store, run, kind):
    story(store, store.start_run(kind), "Northbank", "Acme", published="2026-03-14")
    story(store, run, "Northbank", "Acme", published="2026-03-15")
    assert whys(store) == []
    story(store, run, "Northbank", "Acme", status=Status.ENDED, published="2026-06-15")
    assert whys(store) == ["status_changed"]


def test_the_first_contact_with_a_source_is_told_only_to_those_who_ask_for_it(store, run):
    add_rule(store.database, DESK)
    story(store, run, "Northbank", "Acme", document="old.txt")
    passed(store, run)
    story(store, run, "Southbank", "Acme", document="dropped-later.txt")
    assert [(rule, why) for rule, *_, why in told(store)] == [
        ("default", "detected"),
        ("default", "detected"),
        ("desk", "detected"),
    ]


def test_a_later_wording_of_a_document_of_the_first_contact_is_no_first_contact(store, run):
    only_rule(store, DESK)
    story(store, run, "Northbank", "Acme", document="page.txt")
    passed(store, run)
    story(store, run, "Southbank", "Zenith", document="page.txt")
    assert whys(store) == ["detected"]


def test_a_first_pass_is_noted_once(store, run):
    passed(store, run)
    before = row(store, "SELECT first_pass_at FROM sources")
    passed(store, run)
    assert row(store, "SELECT first_pass_at FROM sources") == before


def test_events_and_what_is_told_of_them_are_committed_together(store, run):
    def fail(_):
        raise RuntimeError("the power goes")

    broken = replace(store, given_rules=replace(RULES, fold=fail))
    add_rule(store.database, replace(DESK, parties=("north",), first_contact=True))
    with pytest.raises(RuntimeError, match="the power goes"):
        story(broken, run, "Northbank", "Acme")
    assert rows(store, "SELECT 1 FROM agreement_events") == rows(store, "SELECT 1 FROM alert_occasions") == []


def test_a_rule_may_tell_on_several_channels_under_an_id_for_each(store, run):
    only_rule(store, replace(DESK, channels=("hook", "mail"), first_contact=True))
    story(store, run, "Northbank", "Acme")
    ids = {each["delivery_id"] for each in rows(store, "SELECT delivery_id FROM v_alert_deliveries")}
    assert len(ids) == 2


def test_a_paused_rule_makes_nothing_and_what_it_made_waits(store, run, settings):
    hook = FakeChannel("hook")
    only_rule(store, replace(DESK, first_contact=True))
    story(store, run, "Northbank", "Acme")
    assert set_paused(store.database, "desk", paused=True)
    story(store, run, "Southbank", "Acme")
    assert send(store, settings, hook) == []
    assert set_paused(store.database, "desk", paused=False)
    send(store, settings, hook)
    assert states(store) == ["sent"]


def test_a_rule_that_is_removed_or_leaves_a_channel_withdraws_what_waits_there(store, run):
    only_rule(store, replace(DESK, channels=("hook", "mail"), first_contact=True))
    story(store, run, "Northbank", "Acme")
    assert change_rule(store.database, replace(DESK, channels=("mail",))) == 1
    assert states(store) == ["withdrawn", "pending"]
    assert remove_rule(store.database, "desk") == 1
    assert states(store) == ["withdrawn", "withdrawn"]
    add_rule(store.database, DESK)  # its name may be used again
    assert row(store, "SELECT state FROM v_alert_rules WHERE rule = 'desk'")["state"] == "active"


def test_what_happens_until_a_digest_is_told_in_one_message(store, run, settings):
    hook = FakeChannel("hook")
    daily = Digest(cadence=Cadence.DAILY, at=time(8))
    only_rule(store, replace(DESK, digest=daily, first_contact=True))
    for name in ("Acme", "Zenith", "Apex"):
        story(store, run, "Northbank", name)
    assert send(store, settings, hook) == []
    age(store, 86_400)
    send(store, settings, hook)
    ((notice, whys_),) = zip(hook.received, hook.whys, strict=True)
    assert (notice.kind, whys_) == (NoticeKind.DIGEST, [Why.DETECTED] * 3)
    story(store, run, "Northbank", "Crest")  # goes into another one
    assert states(store) == ["sent", "pending"]


def test_beyond_the_ceiling_of_an_hour_the_rest_is_summed_up(store, run, settings):
    hook = FakeChannel("hook")
    only_rule(store, replace(DESK, ceiling=2, first_contact=True, quiet=None))
    for name in ("Acme", "Zenith", "Apex", "Crest", "Dune"):
        story(store, run, "Northbank", name)
    kinds = [kind for _, _, kind, _, _ in told(store)]
    assert sorted(kinds) in (
        ["instant"] * 2 + ["summary"] * 3,
        ["instant"] * 3 + ["summary"] * 2,
        ["instant"] * 4 + ["summary"],
    )
    send(store, settings, hook)
    age(store, 3600)
    send(store, settings, hook)
    assert sum(len(each) for each in hook.whys) == 5
    assert hook.received[-1].kind is NoticeKind.SUMMARY


def test_quiet_hours_hold_a_message_back(store, run, settings):
    always = Quiet(start=time(0, 0), end=time(23, 59))
    only_rule(store, replace(DESK, quiet=always, first_contact=True))
    story(store, run, "Northbank", "Acme")
    assert send(store, settings, FakeChannel("hook")) == []
    assert states(store) == ["pending"]


def test_who_was_told_of_what_is_dismissed_is_sent_a_correction_and_nobody_else(store, run, settings):
    add_rule(store.database, replace(DESK, first_contact=True))
    console, hook = FakeChannel("console"), FakeChannel("hook")
    story(store, run, "Northbank", "Acme")
    send(store, settings, console, only=["console"])
    identity = dismiss(store)
    assert sorted(told(store)) == [
        ("default", "console", "instant", "pending", "withdrawn"),
        ("default", "console", "instant", "sent", "detected"),
        ("desk", "hook", "instant", "withdrawn", "detected"),
    ]
    send(store, settings, console, hook)
    assert console.whys == [[Why.DETECTED], [Why.WITHDRAWN]]
    (correction,) = console.received[1].items
    assert (correction.agreement.id, correction.agreement.state) == (identity, "dismissed")
    assert (correction.note, correction.mention) == ("a supply order", None)
    assert hook.received == []


def test_what_is_dismissed_before_its_digest_is_left_out_of_it(store, run, settings):
    hook = FakeChannel("hook")
    only_rule(store, replace(DESK, digest=Digest(cadence=Cadence.DAILY, at=time(8)), first_contact=True))
    story(store, run, "Northbank", "Acme")
    gone = dismiss(store)
    story(store, run, "Northbank", "Zenith")
    age(store, 86_400)
    send(store, settings, hook)
    assert [item.agreement.id for item in hook.received[0].items] != [gone]
    assert hook.whys == [[Why.DETECTED]]


def test_a_digest_of_which_nothing_is_left_is_withdrawn(store, run, settings):
    hook = FakeChannel("hook")
    only_rule(store, replace(DESK, digest=Digest(cadence=Cadence.DAILY, at=time(8)), first_contact=True))
    story(store, run, "Northbank", "Acme")
    dismiss(store)
    age(store, 86_400)
    assert [each.state for each in send(store, settings, hook)] == ["withdrawn"]
    assert hook.received == []


def test_a_correction_that_waits_is_not_sent_once_the_dismissal_is_taken_back(store, run, settings):
    hook = FakeChannel("hook")
    only_rule(store, replace(DESK, digest=Digest(cadence=Cadence.DAILY, at=time(8)), first_contact=True))
    story(store, run, "Northbank", "Acme")
    age(store, 86_400)
    send(store, settings, hook)
    identity = dismiss(store)
    store.rule(lambda writing, rules: rulings.restore(writing, rules, RULING, agreement=identity))
    age(store, 2 * 86_400)  # the digest of the first day is sent already
    assert [each.state for each in send(store, settings, hook)] == ["withdrawn"]
    assert hook.whys == [[Why.DETECTED]]


def test_what_was_merged_is_corrected_for_those_who_were_told_of_either(store, run, settings):
    console = FakeChannel("console")
    for names in (("Northbank", "Acme"), ("Northbank Hall", "Acme")):
        story(store, run, *names)
    send(store, settings, console)
    one, other = (each["agreement_id"] for each in rows(store, "SELECT agreement_id FROM v_agreements"))
    store.rule(lambda writing, rules: rulings.merge(writing, rules, RULING, into=one, others=[other]))
    dismiss(store, one)
    send(store, settings, console)
    assert console.whys[-1] == [Why.WITHDRAWN]
    assert len(console.received) == 3


def test_a_dismissed_agreement_is_not_told_when_it_moves_on(store, run):
    story(store, run, "Northbank", "Acme", published="2026-03-14")
    dismiss(store)
    story(store, run, "Northbank", "Acme", status=Status.ENDED, published="2026-06-14")
    assert whys(store) == ["detected"]


def test_too_old_and_undated_follow_the_rule(store, run):
    only_rule(store, replace(DESK, first_contact=True, max_age=timedelta(days=30), allows_undated=False))
    story(store, run, "Northbank", "Acme", published="2019-03-14")
    story(store, run, "Northbank", "Zenith")
    assert whys(store) == []
