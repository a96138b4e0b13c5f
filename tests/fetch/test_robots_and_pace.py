from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.documents import Answer, Failure, FailureClass, Reason
from ingest.fetch.pace import Rhythm, back_off, next_visit
from ingest.fetch.robots import Robots, read_robots

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOON = datetime(2026, 3, 3, 12, 30, tzinfo=UTC)  # a Tuesday


def answer(text):
    return Answer(url="http://news.example/robots.txt", status=200, content=text.encode())


def failure(status=None, kind=FailureClass.HTTP, reason=Reason.HTTP_ERROR, **more):
    return Failure(kind=kind, reason=reason, detail="", status=status, **more)


RULES = """
User-agent: *
Disallow: /private/
Crawl-delay: 7

User-agent: ingest
Disallow: /drafts/
Allow: /drafts/open
Crawl-delay: 2.5

Sitemap: https://news.example/sitemap.xml
"""


@pytest.mark.parametrize(
    ("url", "agent", "allowed"),
    [
        ("http://news.example/a", "ingest", True),
        ("http://news.example/private/a", "ingest", True),
        ("http://news.example/drafts/a", "ingest", False),
        ("http://news.example/drafts/open", "ingest", True),
        ("http://news.example/private/a", "other", False),
    ],
)
def test_the_rules_for_our_own_name_go_before_those_for_everybody(url, agent, allowed):
    assert Robots(RULES).allows(url, agent) is allowed


def test_crawl_delay_and_sitemaps_are_read():
    assert Robots(RULES).crawl_delay("ingest") == 2.5
    assert Robots(RULES).crawl_delay("other") == 7
    assert Robots("").crawl_delay("ingest") == 0
    assert Robots(RULES).sitemaps == ("https://news.example/sitemap.xml",)


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("99999999", 86_400), ("1e300", 86_400), ("inf", 0), ("nan", 0), ("-5", 0), ("soon", 0), ("0.5", 0.5)],
)
def test_a_crawl_delay_is_never_negative_nor_longer_than_a_day(asked, kept):
    assert Robots(f"User-agent: *\nCrawl-delay: {asked}\n").crawl_delay("ingest") == kept


@pytest.mark.parametrize(
    ("came", "allows", "reached"),
    [
        (answer(""), True, True),
        (answer("User-agent: *\nDisallow: /"), False, True),
        (answer("<html>no such page</html>"), True, True),
        (failure(404, reason=Reason.NOT_FOUND), True, True),
        (failure(403, reason=Reason.FORBIDDEN), True, True),
        (failure(410, reason=Reason.GONE), True, True),
        (failure(reason=Reason.TOO_MANY_REDIRECTS), True, True),
        (failure(429, reason=Reason.TOO_MANY_REQUESTS), False, False),
        (failure(500, reason=Reason.SERVER_ERROR), False, False),
        (failure(503, reason=Reason.SERVER_ERROR), False, False),
        (failure(kind=FailureClass.NETWORK, reason=Reason.TIMED_OUT), False, False),
    ],
)
def test_a_host_without_robots_allows_all_and_one_that_does_not_answer_nothing(came, allows, reached):
    read = read_robots(came, former=None, failures=0)

    assert read.robots.allows("http://news.example/a", "ingest") is allows
    assert read.reached is reached


def test_what_was_known_before_holds_while_robots_cannot_be_had():
    read = read_robots(failure(503, reason=Reason.SERVER_ERROR), former=Robots(RULES), failures=3)

    assert read.robots == Robots(RULES)
    assert read.good_for == 40 * MINUTE


def test_robots_that_cannot_be_had_are_asked_for_ever_later_but_never_later_than_in_six_hours():
    refused = failure(503, reason=Reason.SERVER_ERROR)

    assert [read_robots(refused, former=None, failures=n).good_for / MINUTE for n in (0, 1, 2, 9, 99)] == [
        5,
        10,
        20,
        360,
        360,
    ]


@given(st.binary(max_size=300))
def test_no_bytes_of_a_robots_file_raise(content):
    read = read_robots(Answer(url="http://a/robots.txt", status=200, content=content), former=None, failures=0)
    read.robots.allows("http://a/b", "ingest")
    read.robots.crawl_delay("ingest")


def test_waits_double_up_to_a_ceiling_and_never_end():
    assert [back_off(n, random=lambda: 0.5) / MINUTE for n in (1, 2, 3, 4)] == [5, 10, 20, 40]
    assert back_off(10_000, random=lambda: 0.5) == DAY
    assert back_off(10_000, random=lambda: 0.999) == DAY


def test_waits_are_spread_by_a_quarter_either_way():
    assert back_off(1, random=lambda: 0.0) == 0.75 * 5 * MINUTE
    assert back_off(1, random=lambda: 1.0) == 1.25 * 5 * MINUTE


def test_what_the_server_asked_for_goes_before_the_ceiling():
    assert back_off(1, random=lambda: 0.5, at_least=2 * DAY) == 2 * DAY


@pytest.mark.parametrize(
    ("rhythm", "wait"),
    [
        (Rhythm(), HOUR),
        (Rhythm(fixed=5 * MINUTE, usual=DAY), 5 * MINUTE),
        (Rhythm(usual=4 * HOUR), 2 * HOUR),
        (Rhythm(usual=MINUTE), 15 * MINUTE),
        (Rhythm(usual=30 * DAY), 12 * HOUR),
        (Rhythm(usual=HOUR, stated=3 * HOUR), 3 * HOUR),
        (Rhythm(usual=HOUR, stated=MINUTE), HOUR / 2),
    ],
)
def test_a_source_is_visited_twice_within_its_rhythm(rhythm, wait):
    assert next_visit(rhythm, now=NOON, random=lambda: 0.0) - NOON == wait


def test_hours_and_days_in_which_a_feed_asks_to_be_left_alone_are_passed_over():
    asks = Rhythm(skip_hours=frozenset({13, 14}), skip_days=frozenset({2}))

    assert next_visit(asks, now=NOON, random=lambda: 0.0) == datetime(2026, 3, 3, 15, tzinfo=UTC)
    assert next_visit(asks, now=NOON + 11 * HOUR, random=lambda: 0.0) == datetime(2026, 3, 5, 0, tzinfo=UTC)


def test_a_feed_that_asks_never_to_be_visited_is_visited_all_the_same():
    assert next_visit(Rhythm(skip_hours=frozenset(range(24))), now=NOON, random=lambda: 0.0) - NOON < 9 * DAY
