"""Whose turn it is, and what is not new at all."""

from __future__ import annotations

import gzip
import subprocess
import sys

import pytest
from store_samples import FakeSource, annotated, claim, dropped, events, page, row, rows, take

from ingest.documents import Fate, MediaType, Outcome, Page, Reason, Stage, Tally
from ingest.errors import ClaimLostError
from ingest.store import Claimed

TEXT = "The port opened. Ships came in. People cheered. Flags flew."


def test_claims_come_in_the_order_of_the_pages(store, run):
    take(store, run, page("b.txt", "known"), annotated(TEXT))
    answers = claim(store, run, page("c.txt", "1"), page("b.txt", "known"), page("a.txt", "2"))
    assert [type(each).__name__ for each in answers] == ["Claimed", "Outcome", "Claimed"]
    assert [each.page.key for each in answers if isinstance(each, Claimed)] == ["c.txt", "a.txt"]


def test_an_empty_window_is_no_work(store, run):
    assert claim(store, run) == ()


def test_the_same_bytes_again_are_unchanged_and_leave_no_trace_but_when_they_were_seen(store, run):
    stored = take(store, run, page(), annotated(TEXT))
    before = row(store, "SELECT * FROM documents")
    later = store.start_run("ingest")
    (outcome,) = claim(store, later, page())
    assert (outcome.fate, outcome.article_id) == (Fate.UNCHANGED, stored.article_id)
    after = row(store, "SELECT * FROM documents")
    assert {name for name in after if after[name] != before[name]} == {"last_seen_at"}
    assert events(store) == ["stored"]


def test_what_was_dropped_is_tried_again_only_by_other_code(store, run):
    take(store, run, page(), dropped())
    (same,) = claim(store, store.start_run("ingest"), page())
    assert (same.fate, same.dropped.reason) == (Fate.UNCHANGED, Reason.NO_ARTICLE)
    (other,) = claim(store, store.start_run("ingest", versions={"extract": "2"}), page())
    assert isinstance(other, Claimed)


def test_what_the_source_could_not_read_is_tried_when_it_can(store, run):
    take(store, run, page(), annotated(TEXT))
    store.drop(run, FakeSource(), dropped(stage=Stage.SOURCE, reason=Reason.UNREADABLE))
    (claimed,) = claim(store, run, page())
    assert store.save(run, claimed, annotated(TEXT)).fate is Fate.UNCHANGED
    assert events(store) == ["stored", "dropped", "restored"]


def test_two_records_with_one_key_in_a_window_follow_each_other(store, run):
    first, second = claim(store, run, page(content="1"), page(content="2"))
    assert store.save(run, first, annotated(TEXT)).fate is Fate.NEW
    assert store.save(run, second, annotated("Other words. Quite others.")).fate is Fate.REVISED


def test_a_renamed_file_is_known_by_its_content(store, run):
    stored = take(store, run, page("old.txt"), annotated(TEXT))
    (outcome,) = claim(store, run, page("new.txt"), source=FakeSource(keys={"new.txt"}))
    assert (outcome.fate, outcome.key, outcome.other) == (Fate.RENAMED, "new.txt", "old.txt")
    assert outcome.article_id == stored.article_id
    assert row(store, "SELECT key, article_id FROM v_documents") == {"key": "new.txt", "article_id": stored.article_id}
    assert events(store, "new.txt") == ["stored", "renamed"]


def test_two_files_renamed_at_once_are_both_known(store, run):
    for key in ("1.txt", "2.txt"):
        take(store, run, page(key, key), annotated(f"Story {key[0]}. {TEXT}"))
    answers = claim(store, run, page("x.txt", "1.txt"), page("y.txt", "2.txt"))
    assert [(each.fate, each.other) for each in answers] == [(Fate.RENAMED, "1.txt"), (Fate.RENAMED, "2.txt")]


def test_two_copies_renamed_at_once_take_one_old_key_each(store, run):
    take(store, run, page("1.txt"), annotated(TEXT))
    take(store, run, page("2.txt"), annotated(TEXT), source=FakeSource(keys={"1.txt", "2.txt"}))
    answers = claim(store, run, page("x.txt"), page("y.txt"), page("z.txt"))
    assert [getattr(each, "other", "claimed") for each in answers] == ["1.txt", "2.txt", "claimed"]


def test_a_copy_beside_the_original_is_no_renaming(store, run):
    take(store, run, page("old.txt"), annotated(TEXT))
    (answer,) = claim(store, run, page("new.txt"), source=FakeSource(keys={"old.txt", "new.txt"}))
    assert store.save(run, answer, annotated(TEXT)).fate is Fate.COPY


def test_a_file_of_another_kind_with_the_same_bytes_is_no_renaming(store, run):
    take(store, run, page("old.txt"), annotated(TEXT))
    (answer,) = claim(store, run, page("new.html", media_type=MediaType.HTML))
    assert isinstance(answer, Claimed)


def test_the_same_bytes_in_another_source_are_no_renaming(store, run):
    take(store, run, page("old.txt"), annotated(TEXT))
    (answer,) = claim(store, run, page("new.txt", source="other"), source=FakeSource(name="other"))
    assert isinstance(answer, Claimed)


def test_what_was_dropped_and_then_renamed_is_still_dropped(store, run):
    take(store, run, page("old.txt"), dropped("old.txt"))
    (outcome,) = claim(store, run, page("new.txt"))
    assert (outcome.fate, outcome.dropped.reason, outcome.dropped.key) == (
        Fate.RENAMED,
        Reason.NO_ARTICLE,
        "new.txt",
    )


def test_a_document_in_the_hands_of_a_living_worker_is_busy(store, run):
    claim(store, run, page())
    (outcome,) = claim(store, store.start_run("ingest"), page())
    assert outcome == Outcome(source="inbox", key="a.txt", fate=Fate.BUSY)


def test_a_lease_that_ran_out_is_taken_again_and_the_slow_worker_cannot_save(store, run):
    (slow,) = claim(store, run, page(), lease_seconds=0)
    other = store.start_run("ingest")
    (quick,) = claim(store, other, page(), alone=True)
    assert (quick.token, quick.attempt) == (slow.token + 1, 2)
    with pytest.raises(ClaimLostError, match=r"a\.txt"):
        store.save(run, slow, annotated("Words of the slow one."))
    assert store.save(other, quick, annotated(TEXT)).fate is Fate.NEW
    with pytest.raises(ClaimLostError):
        store.save(run, slow, annotated("Words of the slow one."))
    assert [each["text"] for each in rows(store, "SELECT text FROM articles")] == [TEXT]
    assert events(store) == ["taken_over", "stored"]


def test_a_lease_that_ran_out_unnoticed_still_saves(store, run):
    (slow,) = claim(store, run, page(), lease_seconds=0)
    assert store.save(run, slow, annotated(TEXT)).fate is Fate.NEW


def test_a_run_that_ends_gives_its_documents_back_and_that_counts_as_no_attempt(store, run):
    claim(store, run, page())
    store.finish_run(run, KeyboardInterrupt())
    (again,) = claim(store, store.start_run("ingest"), page())
    assert again.attempt == 1


def test_a_document_that_crashed_its_worker_is_handed_back_to_be_claimed_alone(store, run):
    pages = page("a.txt", "1"), page("b.txt", "2")
    claim(store, run, *pages, lease_seconds=0)
    later = store.start_run("ingest")
    assert claim(store, later, *pages, page("c.txt", "3"))[:2] == pages
    (alone,) = claim(store, later, pages[0], alone=True)
    assert alone.attempt == 2


@pytest.mark.parametrize(("max_attempts", "attempts"), [(1, 2), (2, 2), (4, 4)])
def test_a_document_that_crashed_its_workers_too_often_is_dropped(store, max_attempts, attempts):
    for number in range(attempts):
        terms = {"lease_seconds": 0, "max_attempts": max_attempts, "alone": number > 0}
        (claimed,) = claim(store, store.start_run("ingest"), page(), **terms)
        assert claimed.attempt == number + 1
    (outcome,) = claim(store, store.start_run("ingest"), page(), max_attempts=max_attempts, alone=True)
    assert (outcome.fate, outcome.dropped.reason) == (Fate.DROPPED, Reason.CRASHED_REPEATEDLY)
    assert row(store, "SELECT reason FROM v_documents")["reason"] == "crashed_repeatedly"
    assert events(store)[-1] == "dropped"
    (again,) = claim(store, store.start_run("ingest"), page())
    assert again.fate is Fate.UNCHANGED


def test_other_bytes_under_the_key_start_counting_anew(store, run):
    claim(store, run, page(content="poison"), lease_seconds=0)
    (claimed,) = claim(store, store.start_run("ingest"), page(content="cure"))
    assert claimed.attempt == 1


KILLED = """
import os, signal, sys
sys.path[:0] = sys.argv[2:]
from store_samples import RULES, annotated, claim, page
from ingest.store import open_store
store = open_store(sys.argv[1], rules=RULES)
run = store.start_run("ingest")
first, second, third = claim(store, run, *(page(f"{n}.txt", str(n)) for n in range(3)), lease_seconds=3600)
store.save(run, first, annotated("Saved in time. Before the end."))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_after_kill_9_the_next_run_goes_on_at_once_and_loses_nothing(store, store_url, run):
    killed = subprocess.run([sys.executable, "-c", KILLED, store_url, *sys.path], check=False)
    assert killed.returncode == -9
    died = row(store, "SELECT id, state FROM runs WHERE id <> :mine", mine=run.id)
    next_run = store.start_run("ingest")
    assert (died["state"], row(store, "SELECT state FROM runs WHERE id = :id", id=died["id"])["state"]) == (
        "running",
        "died",
    )
    pages = [page(f"{number}.txt", str(number)) for number in range(3)]
    saved, *crashed = claim(store, next_run, *pages)
    assert saved.fate is Fate.UNCHANGED
    assert crashed == pages[1:]
    for each in crashed:
        (claimed,) = claim(store, next_run, each, alone=True)
        store.save(next_run, claimed, annotated(f"Saved later. It was {each.key}."))
    assert {each["state"] for each in rows(store, "SELECT state FROM v_documents")} == {"stored"}
    assert events(store, "1.txt") == ["taken_over", "stored"]


def test_a_large_window_is_one_claim(store, run):
    pages = [
        Page(source="inbox", key=f"{n}", content=gzip.compress(b"%d" % n), media_type=MediaType.PLAIN)
        for n in range(1200)
    ]
    assert len(claim(store, run, *pages)) == 1200
    store.finish_run(run, RuntimeError("stopped"))


def test_a_run_tells_how_it_ended(store):
    from datetime import timedelta

    done, failed = store.start_run("ingest", flow_run="f-1", versions={"topics": "3"}), store.start_run("ingest")
    store.finish_run(
        done, Tally(fates=((Fate.NEW, 2), (Fate.DROPPED, 1)), new_agreements=4, elapsed=timedelta(seconds=1))
    )
    store.finish_run(failed, ValueError("postgresql://me:secret@host/db went away"))
    first, second = rows(store, "SELECT * FROM v_runs ORDER BY run_id")
    assert (first["state"], first["documents"], first["dropped"], first["new_agreements"], first["flow_run"]) == (
        "completed",
        3,
        1,
        4,
        "f-1",
    )
    assert first["code_version"].endswith("; topics 3")
    assert (second["state"], second["documents"]) == ("failed", 0)
    assert second["failure"] == "ValueError: postgresql://me:***@host/db went away"
