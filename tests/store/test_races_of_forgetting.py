"""What is forgotten while workers store its copies is gone, or was turned away; never half."""

from __future__ import annotations

import threading

import pytest
from store_samples import RULES, annotated, claim, mention, page, rows

from ingest.errors import ClaimLostError
from ingest.store import Claimed, check, open_store
from ingest.store.decisions import Ruling
from ingest.store.forgetting.forget import forget

TEXT = "Alpha and Beta signed a memorandum. Zanzibarium was glad. It rained. It stopped. It rained again."
WORKERS = 3


def work(url, number, stop, failures):
    try:
        with open_store(url, rules=RULES) as store:
            run, count = store.start_run("ingest"), 0
            while not stop.is_set():
                count += 1
                key = f"{number}-{count}.txt"
                # Copies, and stories that resemble it.
                text = TEXT if count % 2 else TEXT.replace("It stopped", f"It stopped at {count}")
                said = annotated(text, mentions=[mention("Alpha", "Beta", text=text)])
                (answer,) = claim(store, run, page(key, f"raw {key}"))
                if isinstance(answer, Claimed):
                    try:
                        store.save(run, answer, said)
                    except ClaimLostError:
                        continue
    except Exception as failed:  # noqa: BLE001 - whatever it is, the test tells it
        failures.append(failed)


@pytest.mark.slow
def test_an_article_that_is_forgotten_while_others_store_copies_of_it_is_gone(store_url):
    stop, failures = threading.Event(), []
    workers = [threading.Thread(target=work, args=(store_url, number, stop, failures)) for number in range(WORKERS)]
    for worker in workers:
        worker.start()
    try:
        with open_store(store_url, rules=RULES) as store:
            for _ in range(3):
                stop.wait(0.4)
                found = rows(store, f"SELECT public_id FROM articles WHERE text = '{TEXT}'")  # noqa: S608 - our own
                for each in found:
                    given = each["public_id"]
                    store.rule(
                        lambda writing, rules, given=given: forget(
                            writing, rules, Ruling(person="A. Chan", note="asked"), given=given
                        )
                    )
            stop.wait(0.3)
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    assert failures == []
    assert check(store_url) == ()
    with open_store(store_url, rules=RULES) as store:
        assert rows(store, f"SELECT id FROM articles WHERE text = '{TEXT}'") == []  # noqa: S608 - our own
        drops = rows(store, "SELECT count(*) AS n FROM v_documents WHERE reason = 'forgotten'")
        assert drops[0]["n"] > 0
        leaders = "SELECT count(*) AS n FROM articles WHERE near_duplicate_of_id IS NULL"
        assert rows(store, leaders)[0]["n"] == 1
