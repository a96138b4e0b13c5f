"""Whose turn it is at a host, over all workers of a store."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta
from itertools import pairwise

from ingest.fetch.turns import KnownRobots, NotYet, Turn
from ingest.store import open_store
from ingest.store.hosts import Hosts

SECOND = timedelta(seconds=1)
LONG = timedelta(minutes=5)


def hosts(store, *, at_once=9, lasts=LONG):
    return Hosts(database=store.database, run=store.start_run("collect"), at_once=at_once, lasts=lasts)


def test_turns_of_a_host_lie_a_gap_apart_whoever_takes_them(store):
    one, other = hosts(store), hosts(store)

    begin = [each.take_turn("news.example", gap=60 * SECOND, patience=LONG).begins for each in (one, other, one, other)]

    assert [(at - begin[0]).total_seconds() for at in begin] == [0, 60, 120, 180]


def test_hosts_do_not_wait_for_each_other(store):
    one = hosts(store)
    one.take_turn("news.example", gap=LONG, patience=LONG)

    assert one.take_turn("news.example:8080", gap=LONG, patience=LONG).wait == timedelta()


def test_a_turn_that_is_too_far_off_is_left_to_others(store):
    one = hosts(store)
    first = one.take_turn("news.example", gap=60 * SECOND, patience=LONG)

    later = one.take_turn("news.example", gap=60 * SECOND, patience=SECOND)
    turn = one.take_turn("news.example", gap=60 * SECOND, patience=LONG)

    assert isinstance(later, NotYet)
    assert 30 * SECOND < later.wait <= 60 * SECOND
    assert turn.begins - first.begins == 60 * SECOND


def test_no_more_requests_are_under_way_than_allowed(store):
    one, other = hosts(store, at_once=1), hosts(store, at_once=1)
    turn = one.take_turn("news.example", gap=timedelta(), patience=LONG)
    assert isinstance(other.take_turn("news.example", gap=timedelta(), patience=LONG), NotYet)

    one.end_turn(turn)

    assert isinstance(other.take_turn("news.example", gap=timedelta(), patience=LONG), Turn)


def test_a_request_that_never_ends_is_void_after_its_time(store):
    one, other = hosts(store, at_once=1, lasts=timedelta()), hosts(store, at_once=1)
    turn = one.take_turn("news.example", gap=timedelta(), patience=LONG)

    assert isinstance(other.take_turn("news.example", gap=timedelta(), patience=LONG), Turn)
    one.end_turn(turn)
    assert isinstance(one.take_turn("news.example", gap=timedelta(), patience=LONG), NotYet)


def test_the_turns_of_a_run_that_ended_are_void(store):
    one, other = hosts(store, at_once=1), hosts(store, at_once=1)
    one.take_turn("news.example", gap=timedelta(), patience=LONG)
    store.finish_run(one.run, RuntimeError("gave up"))

    assert isinstance(other.take_turn("news.example", gap=timedelta(), patience=LONG), Turn)


def test_a_host_that_asks_for_rest_gets_it_from_everybody_and_more_of_it_each_time(store):
    one, other = hosts(store), hosts(store)

    def rest(times):
        return timedelta(minutes=times)

    for _ in range(3):
        one.end_turn(one.take_turn("news.example", gap=timedelta(), patience=LONG), rest=rest)
    wait = other.take_turn("news.example", gap=timedelta(), patience=LONG).wait

    assert 175 < wait.total_seconds() <= 180


def test_an_answer_ends_a_run_of_refusals(store):
    one = hosts(store)
    seen = []

    def rest(times):
        seen.append(times)
        return timedelta()

    for each in (rest, rest, None, rest):
        one.end_turn(one.take_turn("news.example", gap=timedelta(), patience=LONG), rest=each)

    assert seen == [1, 2, 1]


def test_robots_are_kept_until_their_time_is_over(store):
    one = hosts(store)
    assert one.robots("news.example") == KnownRobots(text=None, is_fresh=False, failures=0)

    one.keep_robots("news.example", "User-agent: *", good_for=LONG, reached=True)
    assert one.robots("news.example") == KnownRobots(text="User-agent: *", is_fresh=True, failures=0)

    for failures in (1, 2):
        one.keep_robots("news.example", None, good_for=-LONG, reached=False)
        assert one.robots("news.example") == KnownRobots(text=None, is_fresh=False, failures=failures)


def test_a_host_with_a_name_beyond_all_measure_is_kept_too(store):
    one = hosts(store)

    one.end_turn(one.take_turn("x" * 5000, gap=timedelta(), patience=LONG))


def take_turns(url, number, begins):
    with open_store(url) as store:
        mine = hosts(store, at_once=99)
        for _ in range(number):
            begins.put(mine.take_turn("news.example", gap=SECOND, patience=LONG).begins)


def test_workers_in_processes_of_their_own_share_the_turns(store, store_url):
    store.close()
    context = multiprocessing.get_context("spawn")
    begins = context.Queue()
    workers = [context.Process(target=take_turns, args=(store_url, 4, begins)) for _ in range(3)]
    for each in workers:
        each.start()
    taken = sorted(begins.get(timeout=60) for _ in range(12))
    for each in workers:
        each.join(timeout=60)
        assert each.exitcode == 0

    assert all(later - earlier >= SECOND for earlier, later in pairwise(taken))
