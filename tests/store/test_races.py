"""Two workers, one story: whoever comes first, the store ends with one."""

from __future__ import annotations

import multiprocessing

import pytest
from store_samples import RULES, FakeSource, annotated, claim, mention, page, row, rows

from ingest.store import Claimed, check, open_store

ROUNDS = 12


def work(url, number, barrier, scene):
    """One of two workers: claims apart, and saves with the other at the same moment."""
    with open_store(url, rules=RULES) as store:
        run = store.start_run("ingest")
        source = FakeSource(name=f"source {number}")
        pages = [page(f"{number}-{turn}", f"{number} {turn}", source=source.name) for turn in range(ROUNDS)]
        for turn, claimed in enumerate(claim(store, run, *pages, source=source)):
            result = scene(turn, number)
            barrier.wait(60)
            store.save(run, claimed, result)


def same_text(turn, number):
    return annotated(f"Story number {turn}. Nothing else is like {turn}.", title=f"By {number}")


def near_duplicates(turn, number):
    return annotated(f"Story {turn}. Came in. Two forms of {turn}. Of it. Version {number}.")


def same_agreement(turn, number):
    """Different stories; the same deal of the same year, its parties in another order and under other names."""
    text = f"Worker {number} of round {turn} says they signed. Nothing else in common {number} {turn}."
    names = ("Harbour University", "Acme") if number else ("Acme Ltd", "海港大學")
    return annotated(text, published=f"20{turn + 10}-03-15", mentions=[mention(*names, text=text)])


def same_new_names(turn, number):
    """Many names that nobody knows yet, in opposite order."""
    names = [f"Newcomer {turn} {each}" for each in range(6)]
    text = f"Worker {number} of round {turn} names them all. Nothing else in common {number} {turn}."
    return annotated(text, mentions=[mention(*(names if number else reversed(names)), text=text)])


@pytest.fixture
def race(store_url):
    """Runs a scene with two processes, and gives the store that they leave."""

    def run(scene):
        context = multiprocessing.get_context("fork")
        barrier = context.Barrier(2)
        workers = [context.Process(target=work, args=(store_url, number, barrier, scene)) for number in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(120)
        assert [worker.exitcode for worker in workers] == [0, 0]
        assert check(store_url) == ()
        return open_store(store_url)

    return run


def test_the_same_text_at_once_is_one_article_with_a_copy(race):
    with race(same_text) as store:
        articles = rows(store, "SELECT copies, near_duplicate_of FROM v_articles")
        assert articles == [{"copies": 2, "near_duplicate_of": None}] * ROUNDS
        fates = rows(store, "SELECT fate, count(*) AS n FROM v_documents GROUP BY fate ORDER BY fate")
        assert fates == [{"fate": "copy", "n": ROUNDS}, {"fate": "new", "n": ROUNDS}]


def test_the_same_story_in_two_forms_at_once_has_one_leader(race):
    with race(near_duplicates) as store:
        counted = "SELECT count(*) AS n, count(near_duplicate_of) AS near FROM v_articles"
        assert row(store, counted) == {"n": 2 * ROUNDS, "near": ROUNDS}


def test_the_same_agreement_in_two_stories_at_once_is_one(race):
    with race(same_agreement) as store:
        found = rows(store, "SELECT mentions, independent_sources FROM v_agreements")
        assert found == [{"mentions": 2, "independent_sources": 2}] * ROUNDS
        assert row(store, "SELECT count(*) AS n FROM organisations") == {"n": 2}


def test_names_that_nobody_knew_become_one_organisation_each(race):
    with race(same_new_names) as store:
        assert row(store, "SELECT count(*) AS n FROM v_organisations") == {"n": 6 * ROUNDS}
        assert row(store, "SELECT count(*) AS n FROM v_agreements") == {"n": ROUNDS}


def claim_all(url, barrier, answers):
    """One of two workers that go for the same window."""
    with open_store(url, rules=RULES) as store:
        run = store.start_run("ingest")
        barrier.wait(60)
        pages = [page(f"{key}", f"{key}") for key in range(50)]
        taken = [each.page.key for each in claim(store, run, *pages) if isinstance(each, Claimed)]
        answers.put(taken)
        barrier.wait(60)  # alive until the other has asked too


def test_of_two_workers_that_want_the_same_documents_each_gets_what_the_other_did_not(store_url):
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(2), context.Queue()
    workers = [context.Process(target=claim_all, args=(store_url, barrier, answers)) for _ in range(2)]
    for worker in workers:
        worker.start()
    taken = [answers.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(60)
    assert sorted(map(len, taken)) == [0, 50]
