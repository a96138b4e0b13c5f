"""Two workers with the same news at the same moment tell it once."""

from __future__ import annotations

import threading

from alert_samples import story, whys


def test_two_workers_with_the_same_agreement_in_different_stories_tell_it_once(store):
    ready = threading.Barrier(2)
    failures = []

    def work(number):
        run = store.start_run("ingest")
        ready.wait()
        try:
            for turn in range(5):
                names = ("Northbank", f"Partner {turn}")
                story(store, run, *names, key=f"{number}-{turn}.txt", words=f" in hall {number}")
        except Exception as failure:  # noqa: BLE001 - told below, in the thread that judges
            failures.append(failure)

    both = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(60)
    assert failures == []
    assert whys(store) == ["detected"] * 5
