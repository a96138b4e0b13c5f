"""Visits of sources on a server that the tests start, on both databases."""

from __future__ import annotations

import gzip
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from visit_samples import article, listing, team
from web_server import Reply, serve

from ingest.documents import Dropped, FailureClass, Fate, Outcome, Page, Reason, SourceKind, Stage, Validators
from ingest.errors import ClaimLostError, ConfigurationError
from ingest.store import open_store
from ingest.store.leads import Listed, list_entries
from ingest.store.subscriptions import Changes, change_source, set_state
from ingest.store.visits import end_visit
from ingest.tables import SourceState
from ingest.visit import Visit, ask


def urls(site, *numbers):
    return [site.url(f"/{number}") for number in numbers]


def settle_all(visit, found):
    for each in found:
        fate = Fate.DROPPED if isinstance(each, Dropped) else Fate.NEW
        visit.settle(Outcome(source=each.source, key=each.key, fate=fate))


def test_a_source_that_is_added_is_due_and_brings_the_pages_that_its_listing_names(site, workers):
    site.routes |= {"/feed": listing(*urls(site, 1, 2), title="District news"), "/1": article(1), "/2": article(2)}
    workers.add("district", site.url("/feed"), time_zone="Asia/Hong_Kong")

    due = workers.claim()
    asked = ask(workers.worker, due)
    found = list(Visit(worker=workers.worker, due=due))

    assert (due.name, due.asks, due.is_first) == ("district", True, True)
    assert asked.listed == Listed(new=2)
    assert [(page.key, page.source, page.time_zone) for page in found] == [
        (site.url("/1"), "district", "Asia/Hong_Kong"),
        (site.url("/2"), "district", "Asia/Hong_Kong"),
    ]
    assert found[0].transport.status == 200
    assert workers.source("district")["title"] == "District news"


def test_nothing_is_asked_for_that_is_known_and_settled(site, workers):
    site.routes |= {"/feed": listing(*urls(site, 1)), "/1": article(1)}
    workers.add("district", site.url("/feed"))
    _, found, visit = workers.visit("district")
    settle_all(visit, found)
    site.routes["/feed"] = listing(*urls(site, 1), title="the same in other words")

    asked, found, _ = workers.visit("district")

    assert (asked.listed, found) == (Listed(known=1), [])
    assert site.paths().count("/1") == 1


def test_a_page_that_was_fetched_and_not_stored_is_fetched_again(site, workers):
    """As when a worker dies with it in hand."""
    site.routes |= {"/feed": listing(*urls(site, 1)), "/1": article(1)}
    workers.add("district", site.url("/feed"))
    workers.visit("district")

    _, found, _ = workers.visit("district")

    assert [page.key for page in found] == urls(site, 1)


def test_validators_are_sent_and_an_unchanged_listing_is_not_read(site, workers):
    site.routes["/feed"] = lambda asked: (
        Reply(status=304)
        if asked.headers.get("if-none-match") == '"1"'
        else Reply(listing().body, headers={"ETag": '"1"'})
    )
    workers.add("district", site.url("/feed"))
    workers.visit("district")

    asked, _, _ = workers.visit("district")

    assert (asked.failure, asked.listed) == (None, Listed())
    assert workers.source("district")["last_contact_at"] is not None


def test_a_listing_with_the_same_bytes_is_not_read_again(site, workers):
    site.routes["/feed"] = listing(*urls(site, 1))
    workers.add("district", site.url("/feed"))
    workers.visit("district")

    asked, _, _ = workers.visit("district")

    assert asked.listed == Listed()


def test_an_entry_is_known_by_its_id_when_its_address_changes(site, workers):
    site.routes["/feed"] = listing({"url": site.url("/1"), "id": "a"})
    workers.add("district", site.url("/feed"))
    workers.visit("district")
    site.routes["/feed"] = listing({"url": site.url("/moved"), "id": "a"})

    asked, _, _ = workers.visit("district")

    assert asked.listed == Listed(known=1)


def test_an_entry_without_id_is_known_by_its_canonical_address(site, workers):
    site.routes["/feed"] = listing(site.url("/1?utm_source=feed"))
    workers.add("district", site.url("/feed"))
    workers.visit("district")
    site.routes["/feed"] = listing(site.url("/1?utm_source=mail#top"))

    asked, _, _ = workers.visit("district")

    assert asked.listed == Listed(known=1)


def test_an_entry_that_changed_is_fetched_again_with_its_validators(site, workers):
    site.routes |= {
        "/feed": listing({"url": site.url("/1"), "id": "a", "updated": "2026-03-01"}),
        "/1": Reply(article(1).body, headers={"ETag": '"p"', "Content-Type": "text/html"}),
    }
    workers.add("district", site.url("/feed"))
    _, found, visit = workers.visit("district")
    settle_all(visit, found)
    site.routes["/feed"] = listing({"url": site.url("/1"), "id": "a", "updated": "2026-03-02"})

    asked, found, _ = workers.visit("district")

    assert asked.listed == Listed(changed=1)
    assert [page.key for page in found] == urls(site, 1)


def test_an_address_that_another_source_brings_is_dropped_and_says_so(site, workers):
    site.routes["/feed"] = listing(*urls(site, 1, 2))
    site.routes["/all"] = listing(*urls(site, 2, 3))
    workers.add("district", site.url("/feed"))
    workers.add("all", site.url("/all"))
    workers.visit("district")

    asked, _, _ = workers.visit("all")

    assert asked.listed == Listed(new=1, elsewhere=1)
    (row,) = workers.rows("SELECT key, reason, detail FROM v_documents WHERE source = 'all' AND state = 'dropped'")
    assert (row["key"], row["reason"]) == (site.url("/2"), "known_elsewhere")
    assert "district" in row["detail"]


def test_first_contact_takes_the_newest_entries_and_records_the_others(site, store):
    entries = [{"url": site.url(f"/{day}"), "published": f"2026-03-{day:02}T08:00:00+08:00"} for day in (1, 3, 2)] + [
        {"url": site.url("/old"), "published": "2025-12-31"}
    ]
    site.routes["/feed"] = listing(*entries)
    with team(store, first_entries=2, first_days=30) as workers:
        workers.add("district", site.url("/feed"))

        asked, _, _ = workers.visit("district")

        assert asked.listed == Listed(new=2, left=2)
        rows = workers.rows("SELECT key, state, reason FROM v_documents ORDER BY key")
    assert [(row["key"].rpartition("/")[2], row["state"], row["reason"]) for row in rows] == [
        ("1", "dropped", "before_first_contact"),
        ("2", "found", None),
        ("3", "found", None),
        ("old", "dropped", "before_first_contact"),
    ]


def test_an_old_entry_that_turns_up_later_is_left_too(site, workers):
    site.routes["/feed"] = listing({"url": site.url("/1"), "published": "2026-03-03"})
    workers.add("district", site.url("/feed"))
    workers.visit("district")
    site.routes["/feed"] = listing({"url": site.url("/2"), "published": "2019-01-01"}, site.url("/3"))

    asked, _, _ = workers.visit("district")

    assert asked.listed == Listed(new=1, left=1)


def test_further_pieces_of_a_feed_are_read_when_all_of_one_was_new(site, workers):
    site.routes["/feed"] = listing(*urls(site, 1))
    workers.add("district", site.url("/feed"))
    workers.visit("district")
    site.routes["/feed"] = listing(*urls(site, 4, 3), next=site.url("/feed?page=2"))
    site.routes["/feed?page=2"] = listing(*urls(site, 2, 1), next=site.url("/feed?page=3"))

    asked, _, _ = workers.visit("district")

    assert asked.listed == Listed(new=3, known=1)
    assert "/feed?page=3" not in site.paths()


def test_a_sitemap_index_reads_the_sitemaps_that_changed(site, workers):
    def index(second):
        children = [
            {"url": site.url("/a.xml.gz"), "updated": "2026-03-01"},
            {"url": site.url("/b.xml"), "updated": second},
        ]
        return listing(children=children)

    site.routes |= {"/sitemap.xml": index("2026-03-01"), "/b.xml": listing(*urls(site, 2))}
    site.routes["/a.xml.gz"] = Reply(gzip.compress(listing(*urls(site, 1)).body))
    workers.add("site", site.url("/sitemap.xml"), SourceKind.SITEMAP)

    first, _, _ = workers.visit("site")
    site.routes |= {"/sitemap.xml": index("2026-03-02"), "/b.xml": listing(*urls(site, 2, 3))}
    second, _, _ = workers.visit("site")

    assert first.listed == Listed(new=2)
    assert second.listed == Listed(new=1, known=1)
    assert site.paths().count("/a.xml.gz") == 1


def test_an_index_of_more_sitemaps_than_one_visit_reads_is_read_on_by_the_next(site, workers):
    def index(day):
        return listing(children=[{"url": site.url(f"/{n}.xml"), "updated": day} for n in range(25)])

    site.routes |= {f"/{n}.xml": listing(site.url(f"/{n}/a")) for n in range(25)}
    site.routes["/sitemap.xml"] = index("2026-03-01")
    workers.add("site", site.url("/sitemap.xml"), SourceKind.SITEMAP)
    first, _, _ = workers.visit("site")
    second, _, _ = workers.visit("site")
    third, _, _ = workers.visit("site")

    assert [each.listed.new for each in (first, second, third)] == [20, 5, 0]
    assert site.paths().count("/sitemap.xml") == 3


def test_a_sitemap_that_cannot_be_had_is_asked_for_on_the_next_visit(site, workers):
    site.routes["/sitemap.xml"] = listing(children=[{"url": site.url("/a.xml"), "updated": "2026-03-01"}])
    site.routes["/a.xml"] = [Reply(b"", 500), listing(*urls(site, 1))]
    workers.add("site", site.url("/sitemap.xml"), SourceKind.SITEMAP)

    first, _, _ = workers.visit("site")
    second, _, _ = workers.visit("site")

    assert (first.listed, second.listed) == (Listed(), Listed(new=1))


def test_a_single_page_is_fetched_on_every_visit(site, workers):
    site.routes["/"] = article(1)
    workers.add("front", site.url("/"), SourceKind.PAGE)
    for visits in (1, 2):
        _, found, visit = workers.visit("front")
        settle_all(visit, found)
        workers.at += timedelta(hours=1)
        assert [type(each) for each in found] == [Page]
        assert site.paths().count("/") == visits


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(b"", 404), FailureClass.HTTP),
        (Reply(b"", 503), FailureClass.HTTP),
        (Reply(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(99)), FailureClass.PARSE),
    ],
    ids=["not found", "busy", "no page"],
)
def test_a_single_page_that_cannot_be_had_is_a_source_that_fails_until_it_can(site, workers, reply, kind):
    good = Reply(article(1).body, headers={**article(1).headers, "ETag": '"1"'})
    site.routes["/"] = [good, reply, article(1)]
    workers.add("front", site.url("/"), SourceKind.PAGE)

    _, found, visit = workers.visit("front")
    settle_all(visit, found)
    assert workers.source("front")["failures"] == 0

    workers.at += timedelta(hours=1)
    _, found, visit = workers.visit("front")
    settle_all(visit, found)
    assert (workers.source("front")["failures"], workers.source("front")["failure_kind"]) == (1, kind.value)
    workers.wait_over()

    workers.at += timedelta(hours=1)
    _, found, _ = workers.visit("front")
    assert [type(each) for each in found] == [Page]
    assert "if-none-match" not in site.asked[-1].headers
    assert workers.source("front")["failures"] == 0
    assert workers.events("front") == ["added", "failed", "recovered"]


def test_a_single_page_that_never_could_be_had_is_asked_for_again_and_not_without_end(site, workers):
    workers.add("front", site.url("/"), SourceKind.PAGE)
    for visits in (1, 2, 3):
        due = workers.claim(only=("front",))
        ask(workers.worker, due)
        visit = Visit(worker=workers.worker, due=due)
        settle_all(visit, visit)
        end_visit(workers.store.database, due)
        workers.at += timedelta(hours=1)
        assert (site.paths().count("/"), workers.source("front")["failures"]) == (visits, visits)
        assert workers.claim() is None


def test_a_single_page_that_a_feed_names_too_is_visited_all_the_same(site, workers):
    site.routes |= {"/feed": listing(*urls(site, 1)), "/1": article(1)}
    workers.add("district", site.url("/feed"))
    ask(workers.worker, workers.claim())
    workers.add("page", site.url("/1"), SourceKind.PAGE)

    _, found, _ = workers.visit("page")

    assert [type(each) for each in found] == [Page]


def test_a_visit_that_leaves_its_source_due_is_not_repeated_at_once(site, workers):
    workers.add("district", site.url("/feed"))
    end_visit(workers.store.database, workers.claim())

    assert workers.claim() is None


def test_a_single_page_that_moves_for_good_is_followed(site, workers):
    site.routes |= {"/": Reply(status=301, headers={"Location": "/new"}), "/new": article(1)}
    workers.add("front", site.url("/"), SourceKind.PAGE)

    _, _, visit = workers.visit("front")

    assert visit.moved_to == site.url("/new") == workers.source("front")["address"]
    assert workers.events("front") == ["added", "moved"]


def test_an_index_that_says_nothing_of_its_sitemaps_is_read_in_turns(site, workers):
    """Of thirty sitemaps without a date twenty are asked for on a visit; none is passed over for ever."""
    site.routes |= {f"/{n}.xml": listing(site.url(f"/{n}/a")) for n in range(30)}
    site.routes["/sitemap.xml"] = listing(children=[{"url": site.url(f"/{n}.xml")} for n in range(30)])
    workers.add("site", site.url("/sitemap.xml"), SourceKind.SITEMAP)

    new = [workers.visit("site")[0].listed.new for _ in range(2)]
    asked = [path for path in site.paths() if path != "/sitemap.xml"]

    assert new == [20, 10]
    assert {asked.count(f"/{n}.xml") for n in range(30)} == {1, 2}


def test_a_sitemap_that_is_gone_is_counted_and_keeps_no_other_from_its_turn(site, workers):
    children = [{"url": site.url(f"/{n}.xml"), "updated": "2026-03-01"} for n in range(25)]
    site.routes |= {f"/{n}.xml": listing(site.url(f"/{n}/a")) for n in range(25) if n % 5}
    site.routes["/sitemap.xml"] = listing(children=children)
    workers.add("site", site.url("/sitemap.xml"), SourceKind.SITEMAP)

    new = [workers.visit("site")[0].listed.new for _ in range(2)]

    assert new == [16, 4]
    (failure,) = workers.rows("SELECT kind, reason, number, detail FROM source_failures")
    assert (failure["kind"], failure["reason"], failure["number"] >= 5) == ("http", "not_found", True)
    assert re.match(rf"{site.url('/')}\d+\.xml: The server has nothing", failure["detail"])
    assert workers.source("site")["failures"] == 0


def test_an_index_whose_host_asks_for_rest_is_left_alone_at_once(site, workers):
    site.routes |= {f"/{n}.xml": Reply(b"", 503, {"Retry-After": "3600"}) for n in range(9)}
    site.routes["/sitemap.xml"] = listing(children=[{"url": site.url(f"/{n}.xml")} for n in range(9)])
    workers.add("site", site.url("/sitemap.xml"), SourceKind.SITEMAP)

    workers.visit("site")

    assert sum(path.endswith(".xml") and path != "/sitemap.xml" for path in site.paths()) == 1


@pytest.mark.parametrize(
    ("reply", "stage", "reason"),
    [
        (Reply(b"", 404), Stage.FETCH, Reason.NOT_FOUND),
        (Reply(b"", 410), Stage.FETCH, Reason.GONE),
        (Reply(b"", 403), Stage.FETCH, Reason.FORBIDDEN),
        (Reply(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(99)), Stage.FETCH, Reason.NOT_TEXT),
        (Reply(b"\x89PNG\r\n\x1a\n" + bytes(99), headers={"Content-Type": "text/html"}), Stage.FETCH, Reason.NOT_TEXT),
        (Reply(b"hello", headers={"Content-Type": "image/svg+xml"}), Stage.FETCH, Reason.UNSUPPORTED_TYPE),
        (Reply(b"PK\x03\x04" + bytes(99)), Stage.FETCH, Reason.NOT_TEXT),
        (Reply(b"  \n"), Stage.FETCH, Reason.EMPTY),
    ],
)
def test_what_is_no_page_is_dropped_with_its_reason(site, workers, reply, stage, reason):
    site.routes |= {"/feed": listing(*urls(site, 1)), "/1": reply}
    workers.add("district", site.url("/feed"))

    _, (dropped,), _ = workers.visit("district")

    assert isinstance(dropped, Dropped)
    assert (dropped.stage, dropped.reason, dropped.key) == (stage, reason, site.url("/1"))


def test_a_page_that_fails_is_tried_again_and_in_the_end_dropped(site, store):
    site.routes |= {"/feed": listing(*urls(site, 1)), "/1": Reply(b"", 500)}
    with team(store, attempts=3) as workers:
        workers.add("district", site.url("/feed"))
        for _ in range(2):
            _, found, visit = workers.visit("district")
            assert (found, visit.postponed) == ([], 1)
            assert workers.visit("district")[1] == []  # not yet
            workers.wait_over()
        _, (dropped,), _ = workers.visit("district")
        rows = workers.rows("SELECT event FROM v_document_events ORDER BY event_id")

    assert dropped.reason is Reason.SERVER_ERROR
    assert "tried 3 times" in dropped.detail
    assert [row["event"] for row in rows] == ["listed", "postponed", "postponed"]


def test_a_host_that_fails_three_times_in_a_row_is_asked_no_more_on_this_visit(site, workers):
    site.routes["/feed"] = listing(*urls(site, *range(9)))
    site.routes |= {f"/{number}": Reply(b"", 500) for number in range(9)}
    workers.add("district", site.url("/feed"))

    _, _, visit = workers.visit("district")

    assert site.paths() == ["/robots.txt", "/feed", "/0", "/1", "/2"]
    assert (visit.postponed, waits(workers)) == (3, [10] * 9)


def waits(workers):
    """Minutes from now until each page that waits is due, to the nearest."""
    now = datetime.now(UTC)
    rows = workers.rows("SELECT due_at FROM leads WHERE due_at IS NOT NULL ORDER BY position")
    due = (datetime.fromisoformat(str(row["due_at"])) for row in rows)
    return [round((at - now).total_seconds() / 60) for at in due]


def test_a_host_that_asks_for_rest_or_fails_keeps_no_page_of_another_host_waiting(site, workers):
    with serve() as busy, serve() as down:
        pages = [busy.url("/1"), busy.url("/2"), *(down.url(f"/{n}") for n in range(5)), site.url("/1"), site.url("/2")]
        site.routes |= {"/feed": listing(*pages), "/1": article(1), "/2": article(2)}
        busy.routes["/1"] = Reply(b"", 429, headers={"Retry-After": "3600"})
        down.routes |= {f"/{n}": Reply(b"", 500) for n in range(5)}
        workers.add("district", site.url("/feed"))

        _, found, visit = workers.visit("district")

    assert [page.key for page in found] == [site.url("/1"), site.url("/2")]
    assert visit.postponed == 4
    assert waits(workers)[:7] == [60, 60, 10, 10, 10, 10, 10]
    assert (busy.paths(), down.paths()[1:]) == (["/robots.txt", "/1"], ["/0", "/1", "/2"])


def test_a_page_that_another_worker_has_in_hand_is_left_alone_for_a_while(site, workers):
    site.routes |= {"/feed": listing(*urls(site, 1)), "/1": article(1)}
    workers.add("district", site.url("/feed"))
    _, (page,), visit = workers.visit("district")
    visit.due = workers.claim(only=("district",))

    visit.settle(Outcome(source="district", key=page.key, fate=Fate.BUSY))

    assert list(Visit(worker=workers.worker, due=visit.due)) == []


def test_a_source_whose_host_is_down_rests_with_all_its_pages(site, workers):
    site.routes["/feed"] = Reply(b"", 500)
    workers.add("district", site.url("/feed"))

    asked, _, _ = workers.visit("district")

    assert asked.wait == timedelta(minutes=5)


def test_a_source_that_fails_is_asked_ever_later_and_for_ever(site, workers):
    site.routes["/feed"] = Reply(b"<html>an error page</html>")
    workers.add("district", site.url("/feed"))
    for failures in range(1, 13):
        asked, _, _ = workers.visit("district")
        row = workers.source("district")
        assert (asked.failure.kind, asked.failure.reason) == (FailureClass.PARSE, Reason.NOT_A_LISTING)
        assert row["failures"] == failures
        assert row["next_due_at"] is not None
    (counted,) = workers.rows("SELECT kind, reason, number FROM source_failures")
    assert (counted["kind"], counted["reason"], counted["number"]) == ("parse", "not_a_listing", 12)
    assert workers.events("district") == ["added", "failed"]


def test_a_304_after_failures_does_not_make_a_source_healthy(site, workers):
    site.routes["/feed"] = Reply(listing().body, headers={"ETag": '"1"'})
    workers.add("district", site.url("/feed"))
    workers.visit("district")
    site.routes["/feed"] = Reply(b"", 500)
    workers.visit("district")
    site.routes["/feed"] = Reply(status=304)

    workers.visit("district")

    assert "if-none-match" not in site.asked[-1].headers
    assert workers.source("district")["failures"] == 2
    site.routes["/feed"] = listing()
    workers.wait_over()
    workers.visit("district")
    assert workers.source("district")["failures"] == 0
    assert workers.events("district") == ["added", "failed", "recovered"]


def test_a_permanent_redirect_changes_the_address_and_is_told(site, workers):
    site.routes |= {"/feed": Reply(status=301, headers={"Location": "/new"}), "/new": listing(*urls(site, 1))}
    workers.add("district", site.url("/feed"))

    asked, _, _ = workers.visit("district")

    assert asked.moved_to == site.url("/new")
    assert workers.source("district")["address"] == site.url("/new")
    (event,) = workers.rows("SELECT old_address, new_address FROM source_events WHERE event = 'moved'")
    assert (event["old_address"], event["new_address"]) == (site.url("/feed"), site.url("/new"))


def test_a_permanent_redirect_to_the_same_listing_changes_the_address_too(site, workers):
    site.routes["/feed"] = [listing(*urls(site, 1)), Reply(status=301, headers={"Location": "/new"})]
    site.routes["/new"] = listing(*urls(site, 1))
    workers.add("district", site.url("/feed"))
    workers.visit("district")

    asked, _, _ = workers.visit("district")

    assert asked.moved_to == site.url("/new") == workers.source("district")["address"]
    assert workers.events("district") == ["added", "moved"]


def test_a_permanent_redirect_to_what_is_no_listing_changes_nothing(site, workers):
    site.routes |= {"/feed": Reply(status=301, headers={"Location": "/"}), "/": Reply(b"<html>parked</html>")}
    workers.add("district", site.url("/feed"))

    workers.visit("district")

    assert workers.source("district")["address"] == site.url("/feed")


class Defective:
    """A client with a defect at some addresses, and what it was asked for."""

    def __init__(self, fetcher, *addresses):
        self.fetcher = fetcher
        self.addresses = addresses

    def get(self, url, **terms):
        if url in self.addresses:
            raise RuntimeError("a defect")
        return self.fetcher.get(url, **terms)


def test_a_defect_at_one_page_costs_that_page_alone(site, workers):
    site.routes |= {"/feed": listing(*urls(site, 1, 2)), "/1": article(1), "/2": article(2)}
    workers.add("district", site.url("/feed"))
    workers.worker = replace(workers.worker, fetcher=Defective(workers.worker.fetcher, site.url("/1")))

    _, found, _ = workers.visit("district")

    assert [type(each) for each in found] == [Dropped, Page]
    assert (found[0].reason, "RuntimeError: a defect" in found[0].detail) == (Reason.STAGE_FAILED, True)


def test_a_defect_at_one_source_makes_it_fail_like_any_other(site, workers):
    workers.add("district", site.url("/feed"))
    workers.worker = replace(workers.worker, fetcher=Defective(workers.worker.fetcher, site.url("/feed")))

    asked, _, _ = workers.visit("district")

    assert asked.failure.reason is Reason.STAGE_FAILED
    assert workers.source("district")["failures"] == 1


def test_a_reader_with_a_defect_makes_its_source_fail(site, workers):
    def defective(*_, **__):
        raise RecursionError("a defect")

    site.routes["/feed"] = listing(*urls(site, 1))
    workers.add("district", site.url("/feed"))
    workers.worker = replace(workers.worker, readers={SourceKind.FEED: defective})

    asked, _, _ = workers.visit("district")

    assert (asked.failure.reason, workers.source("district")["failures"]) == (Reason.STAGE_FAILED, 1)


def test_a_feed_of_addresses_that_are_none_sinks_nothing(site, workers):
    odd = ["http://xn--/a", "http://xn--a.example/b", "http://[/c", "http://0x7f.1:1/d"]
    site.routes |= {"/feed": listing(*odd, *urls(site, 1)), "/1": article(1)}
    workers.add("district", site.url("/feed"))

    _, found, visit = workers.visit("district")

    assert [type(each) for each in found][-1] is Page
    assert len(found) + visit.postponed == 5


def test_robots_are_obeyed_for_listings_and_pages_and_asked_for_once(site, workers):
    site.routes |= {
        "/robots.txt": Reply(b"User-agent: *\nDisallow: /2\n"),
        "/feed": listing(*urls(site, 1, 2)),
        "/1": article(1),
    }
    workers.add("district", site.url("/feed"))

    _, (page, dropped), _ = workers.visit("district")

    assert page.key == site.url("/1")
    assert (dropped.key, dropped.reason) == (site.url("/2"), Reason.ROBOTS_DISALLOW)
    assert site.paths() == ["/robots.txt", "/feed", "/1"]


def test_robots_that_cannot_be_had_allow_nothing_for_a_while(site, workers):
    site.routes |= {"/robots.txt": Reply(b"", 500), "/feed": listing()}
    workers.add("district", site.url("/feed"))

    asked, _, _ = workers.visit("district")
    again, _, _ = workers.visit("district")

    assert asked.failure.reason is again.failure.reason is Reason.ROBOTS_UNREACHABLE
    assert site.paths() == ["/robots.txt"]


def test_crawl_delay_is_kept_between_requests(site, store):
    site.routes |= {
        "/robots.txt": Reply(b"User-agent: *\nCrawl-delay: 300\n"),
        "/feed": listing(*urls(site, 1)),
        "/1": article(1),
    }
    with team(store, patience=1000.0) as workers:
        workers.add("district", site.url("/feed"))

        workers.visit("district")

    assert [round(wait, -2) for wait in workers.slept] == [0, 0, 300]


@pytest.mark.parametrize("value", ["7200", "Tue, 03 Mar 2099 12:00:00 GMT"])
def test_a_host_that_asks_to_be_left_alone_is_left_alone_by_all_its_sources(site, workers, value):
    site.routes |= {"/feed": Reply(b"", 429, headers={"Retry-After": value}), "/other": listing()}
    workers.add("district", site.url("/feed"))
    workers.add("other", site.url("/other"))

    asked, _, _ = workers.visit("district")
    other, _, _ = workers.visit("other")

    assert asked.failure.reason is Reason.TOO_MANY_REQUESTS
    assert other.wait > timedelta(hours=1, minutes=59)
    assert site.paths() == ["/robots.txt", "/feed"]


def test_a_source_is_claimed_by_one_worker_only_and_when_it_is_due(site, store):
    site.routes["/feed"] = listing()
    with team(store) as first, team(store) as second:
        first.add("district", site.url("/feed"))
        due = first.claim()
        assert second.claim() is None
        ask(first.worker, due)
        store.finish_run(first.worker.run, RuntimeError("gave up"))

        again = second.claim()

    assert again.token == due.token + 1


def test_workers_that_claim_at_the_same_moment_never_get_the_same_source(store, store_url):
    with team(store) as boss:
        for number in range(12):
            boss.add(f"desk-{number}", f"https://desk-{number}.example/feed")
    start = threading.Barrier(4)

    def claim_all(_):
        with open_store(store_url) as own, team(own) as worker:
            start.wait(timeout=30)
            claimed = []
            while (due := worker.claim()) is not None:
                claimed.append(due.name)
            return claimed

    with ThreadPoolExecutor(4) as threads:
        claimed = [name for names in threads.map(claim_all, range(4)) for name in names]

    assert sorted(claimed) == sorted(f"desk-{number}" for number in range(12))


def test_a_worker_whose_lease_ran_out_can_write_nothing_any_more(site, store):
    site.routes["/feed"] = listing(*urls(site, 1))
    with team(store) as slow, team(store) as quick:
        slow.add("district", site.url("/feed"))
        due = slow.claim(lease_seconds=-1)
        quick.claim()

        with pytest.raises(ClaimLostError, match="district"):
            ask(slow.worker, due)
        with pytest.raises(ClaimLostError, match="district"):
            list_entries(store.database, slow.worker.run, due, [None])
    assert quick.rows("SELECT * FROM leads") == []


def test_what_a_worker_left_behind_comes_after_all_else_that_is_due(site, store):
    site.routes["/feed"] = listing()
    with team(store) as first, team(store) as second:
        first.add("poison", site.url("/feed"))
        first.claim(lease_seconds=-1)
        first.add("district", site.url("/other"))

        assert [second.claim().name, second.claim().name] == ["district", "poison"]


def test_a_source_that_is_paused_or_removed_is_not_visited_and_can_be_taken_up_again(site, workers):
    workers.add("district", site.url("/feed"))
    assert set_state(workers.store.database, "district", SourceState.PAUSED) is True
    assert workers.claim() is None
    assert set_state(workers.store.database, "district", SourceState.PAUSED) is False
    set_state(workers.store.database, "district", SourceState.ACTIVE)
    set_state(workers.store.database, "district", SourceState.REMOVED)
    assert workers.claim() is None
    assert workers.add("again", site.url("/feed")).name == "district"
    assert workers.claim().name == "district"
    assert workers.events("district") == ["added", "paused", "resumed", "removed", "added"]


@pytest.mark.parametrize("changes", [Changes(name="ward"), Changes(address="https://news.example/other")])
def test_a_source_keeps_its_name_and_address_while_it_is_visited(site, workers, changes):
    workers.add("district", site.url("/feed"))
    due = workers.claim()

    with pytest.raises(ConfigurationError, match="is being visited"):
        change_source(workers.store.database, "district", changes)
    assert change_source(workers.store.database, "district", Changes(time_zone="Asia/Hong_Kong"))

    end_visit(workers.store.database, due)
    assert change_source(workers.store.database, "district", changes)
    assert workers.events(changes.name or "district") == ["added", "changed", "changed"]


def test_another_address_is_read_from_the_start(site, workers):
    """What was known of the former address, such as its validators, says nothing of this one."""
    site.routes |= {
        "/feed": Reply(listing(*urls(site, 1)).body, headers={"ETag": '"1"'}),
        "/new": listing(*urls(site, 1)),
    }
    workers.add("district", site.url("/feed"))
    workers.visit("district")
    change_source(workers.store.database, "district", Changes(address=site.url("/new")))

    due = workers.claim()

    assert (due.address, due.validators, due.body_sha256) == (site.url("/new"), Validators(), None)
    assert ask(workers.worker, due).listed == Listed(known=1)


def test_a_source_is_due_again_by_its_rhythm(site, workers):
    days = [f"2026-03-0{day}T12:00:00+00:00" for day in (1, 2, 3)]
    site.routes["/feed"] = listing(*({"url": site.url(f"/{day}"), "published": day} for day in days))
    workers.add("district", site.url("/feed"))

    workers.visit("district")

    row = workers.source("district")
    assert row["rhythm_seconds"] == 86_400
    until, at = (datetime.fromisoformat(str(row[name])) for name in ("listing_due_at", "last_success_at"))
    assert timedelta(hours=12) <= until - at <= timedelta(hours=14)


def test_a_listing_of_ten_thousand_entries_is_entered_whole_and_taken_in_batches(site, store):
    site.routes["/feed"] = listing(*urls(site, *range(10_000)))
    site.routes |= {f"/{number}": article(number) for number in range(10)}
    with team(store, first_entries=10_000, pages=3) as workers:
        workers.add("district", site.url("/feed"))

        asked, found, visit = workers.visit("district")
        settle_all(visit, found)
        due = workers.claim()

    assert asked.listed == Listed(new=10_000)
    assert [page.key for page in found] == urls(site, 0, 1, 2)
    assert (due.name, due.asks) == ("district", False)


def test_a_visit_that_takes_long_shows_that_it_lives(site, store):
    """Between two pages its lease runs out; nobody has taken the source over, so it goes on and holds it again."""
    site.routes |= {"/feed": listing(*urls(site, 1, 2)), "/1": article(1), "/2": article(2)}
    with team(store) as slow, team(store) as quick:
        slow.add("district", site.url("/feed"))
        due = slow.claim()
        ask(slow.worker, due)
        pages = iter(Visit(worker=slow.worker, due=due))
        next(pages)

        assert quick.claim(only=("district",)) is None
        set_lease = "UPDATE sources SET lease_until = '2020-01-01T00:00:00.000000Z'"
        with store.database.engine.begin() as connection:
            connection.exec_driver_sql(set_lease)
        next(pages)
        assert quick.claim(only=("district",)) is None


def test_two_workers_share_a_hosts_rate_over_all_its_sources(site, store):
    """Three sources of one host: what each waited adds up as if there were one worker."""
    site.routes |= {"/a": listing(), "/b": listing(), "/c": listing()}
    with team(store, gap=100.0, patience=1000.0) as first, team(store, gap=100.0, patience=1000.0) as second:
        for name in ("a", "b", "c"):
            first.add(name, site.url(f"/{name}"))
        for worker in (first, second, first):
            ask(worker.worker, worker.claim())

        assert [round(wait, -2) for wait in first.slept + second.slept] == [0, 100, 300, 200]
