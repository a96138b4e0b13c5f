"""The commands about sources, and runs that fetch, against a site that the tests start."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from web_server import Reply, serve

from ingest.__main__ import main
from ingest.documents import SourceKind
from ingest.store import open_store
from ingest.store.visits import claim_source

WORDS = (
    "The council of the district has opened a bridge over the river, and said that it took two years to build. "
    "Engineers were on the site from the first day on, and the cost came to thirty million in all. "
    "Traffic on the old road is expected to fall by a third, a report of the transport bureau says. "
)


def page(number):
    text = f"<p>Bridge {number * 7919}: {WORDS} It is the {number}th of its kind near mile {number * 31}.</p>"
    more = "".join(
        f"<p>Span {number * 17 + n} was tested on day {number * 13 + n} by crew {number + n}.</p>" for n in range(5)
    )
    head = f"<head><title>Bridge {number} opens</title></head>"
    return Reply(
        f"<html>{head}<body><article><h1>Bridge {number} opens</h1>{text}{more}</article></body></html>".encode(),
        headers={"Content-Type": "text/html; charset=utf-8"},
    )


def feed(site, *numbers, title="District news"):
    items = "".join(
        f"<item><title>Bridge {n} opens</title><link>{site.url(f'/{n}')}</link><guid>{n}</guid></item>" for n in numbers
    )
    body = f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"
    return Reply(body.encode(), headers={"Content-Type": "application/rss+xml"})


@pytest.fixture
def site():
    with serve() as opened:
        opened.routes |= {
            "/": Reply(
                b"<html><head><link rel=alternate type='application/rss+xml' title='News' href='/feed'></head></html>",
                headers={"Content-Type": "text/html"},
            ),
            "/feed": feed(opened, 1, 2),
            "/1": page(1),
            "/2": page(2),
        }
        yield opened


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs the command line in an empty folder, and returns exit code, output and what was said on the way."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "INGEST_ALLOWED_NETWORKS": "127.0.0.1",
        "INGEST_HOST_GAP_SECONDS": "0",
        "INGEST_CONTACT": "desk@news.example",
        "INGEST_VISITORS": "1",
    }.items():
        monkeypatch.setenv(name, value)

    def call(*words):
        code = main(list(words))
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_a_site_is_added_by_the_feed_that_it_links_to_and_visited(run, site):
    code, out, err = run("sources", "add", site.url("/"), "--yes")
    assert (code, "added district-news" in err) == (0, True), err
    assert "Bridge 1 opens" in out

    code, out, _ = run("run")
    assert code == 0
    assert "2 new" in out
    assert site.asked[-1].headers["user-agent"].endswith("(+desk@news.example)")

    code, out, _ = run("sources", "--json")
    source = json.loads(out)
    assert (source["name"], source["health"], source["stored"], source["waiting"]) == ("district-news", "healthy", 2, 0)

    _, _, err = run("run")
    assert "no source is due; the next is at" in err


def test_what_a_site_offers_is_shown_and_not_guessed_at_in_a_pipe(run, site):
    code, out, err = run("sources", "add", site.url("/"))

    assert code == 2
    assert "/feed" in out
    assert "--yes" in err


def test_a_site_without_feeds_says_what_else_there_is(run, site):
    site.routes["/"] = Reply(b"<html><body>nothing</body></html>", headers={"Content-Type": "text/html"})
    site.routes.pop("/feed")

    code, _, err = run("sources", "add", site.url("/"))

    assert code == 1
    assert "--kind page" in err


def sitemap(site, *numbers):
    places = "".join(f"<url><loc>{site.url(f'/{n}')}</loc><lastmod>2026-03-03</lastmod></url>" for n in numbers)
    body = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{places}</urlset>"
    return Reply(body.encode(), headers={"Content-Type": "application/xml"})


@pytest.mark.parametrize(
    ("robots", "place", "kind"),
    [("Sitemap: {url}/news.xml", "/news.xml", "sitemap"), ("", "/sitemap.xml", "sitemap"), ("", "/feed", "feed")],
    ids=["named by robots.txt", "a sitemap at its usual place", "a feed at its usual place"],
)
def test_feeds_and_sitemaps_are_found_that_no_page_links_to(run, site, robots, place, kind):
    site.routes["/"] = Reply(b"<html><body>nothing</body></html>", headers={"Content-Type": "text/html"})
    site.routes.pop("/feed")
    site.routes["/robots.txt"] = Reply(robots.format(url=site.url("")).encode())
    site.routes[place] = feed(site, 1, 2) if kind == "feed" else sitemap(site, 1, 2)

    code, out, _ = run("sources", "check", site.url("/"), "--json")

    found = json.loads(out)
    assert code == 0
    assert (found["address"], found["kind"], len(found["entries"])) == (site.url(place), kind, 2)


def test_a_sitemap_of_old_and_new_pages_brings_the_new_ones(run, site, monkeypatch):
    monkeypatch.setenv("INGEST_FIRST_ENTRIES", "1")
    site.routes["/sitemap.xml"] = sitemap(site, 1, 2)
    run("sources", "add", site.url("/sitemap.xml"), "--kind", "sitemap", "--name", "district")

    monkeypatch.setenv("INGEST_FIRST_DAYS", "36500")
    code, out, _ = run("run")

    assert (code, "1 new" in out) == (0, True)
    assert "before_first_contact" in run("drops", "--count")[1]


def test_an_address_of_a_private_network_is_refused_with_the_remedy(run, site, monkeypatch):
    monkeypatch.setenv("INGEST_ALLOWED_NETWORKS", "")

    code, _, err = run("sources", "add", site.url("/"), "--yes")

    assert code == 1
    assert "allowed_networks" in err
    assert site.asked == []


def test_a_check_says_what_would_come_and_stores_no_article(run, site):
    run("sources", "add", site.url("/feed"), "--kind", "feed", "--name", "district")

    code, out, _ = run("sources", "check", "district", "--json")

    checked = json.loads(out)
    assert code == 0
    assert [(each["title"], each["is_known"]) for each in checked["entries"]] == [
        ("Bridge 1 opens", False),
        ("Bridge 2 opens", False),
    ]
    assert json.loads(run("stats", "--json")[1])["articles"] == 0


def test_a_source_that_fails_says_why_and_since_when(run, site):
    site.routes["/feed"] = Reply(b"<html><body>our new website</body></html>", headers={"Content-Type": "text/html"})
    run("sources", "add", site.url("/feed"), "--kind", "feed", "--name", "district")

    _, _, err = run("run")
    assert "district: not_a_listing" in err

    _, out, _ = run("sources", "show", "district")
    assert "failing" in out
    assert "1×" in out
    assert "parse: not_a_listing" in out


def test_an_interrupted_run_ends_at_once_and_the_next_goes_on(site, tmp_path):
    """It waits for a minute's turn at the host when it is interrupted."""
    environment = {**os.environ, "INGEST_ALLOWED_NETWORKS": "127.0.0.1", "INGEST_HOST_GAP_SECONDS": "50"}

    def start(*words):
        command = [sys.executable, "-m", "ingest", *words]
        return subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE)

    added = start("sources", "add", site.url("/feed"), "--kind", "feed")
    assert b"added" in added.communicate(timeout=60)[1]
    run = start("run")
    until = time.monotonic() + 60
    while "/robots.txt" not in site.paths() and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.5)
    run.send_signal(signal.SIGINT)
    began = time.monotonic()
    _, said = run.communicate(timeout=45)

    assert run.returncode == 130, said
    assert time.monotonic() - began < 20
    assert b"Traceback" not in said
    with sqlite3.connect(tmp_path / "var" / "ingest.db") as store:
        assert store.execute("SELECT count(*) FROM sources WHERE lease_run_id IS NOT NULL").fetchone() == (0,)
        assert store.execute("SELECT count(*) FROM host_turns").fetchone() == (0,)
    store.close()


def test_a_key_in_an_address_is_shown_nowhere_and_still_fetched_with(run, site):
    site.routes["/feed?token=hush"] = feed(site, 1)
    run("sources", "add", site.url("/feed?token=hush"), "--kind", "feed", "--name", "district")

    words = [("sources",), ("sources", "show", "district"), ("run",), ("run",)]
    words += [("sources", "check", "district"), ("sources", "check", "district", "--json")]
    words += [("sources", "add", site.url("/feed?token=hush"), "--yes", "--json")]
    shown = [run(*each) for each in words]
    assert {code for code, _, _ in shown} == {0}

    site.routes["/feed?token=hush"] = Reply(status=302, headers={"Location": "/feed?token=hush"})
    shown += [
        run("run", "--source", "district"),
        run("sources", "show", "district"),
        run("sources", "check", "district"),
    ]
    assert "redirects lead back" in shown[-1][1]
    assert "hush" not in "".join(out + err for _, out, err in shown)
    assert json.loads(run("stats", "--json")[1])["articles"] == 1
    assert "token=hush" in run("sources", "export")[1]


def test_a_source_that_moves_is_followed_and_says_so(run, site):
    site.routes["/old"] = Reply(status=301, headers={"Location": "/feed"})
    run("sources", "add", site.url("/old"), "--kind", "feed", "--name", "district")

    code, _, err = run("run")

    assert code == 0
    assert f"district has moved to {site.url('/feed')}" in err
    assert f"from {site.url('/old')} to {site.url('/feed')}" in run("sources", "show", "district")[1]


def test_a_page_tells_its_whole_story(run, site):
    site.routes["/2"] = Reply(b"", 404)
    run("sources", "add", site.url("/feed"), "--kind", "feed", "--name", "district")
    code, _, _ = run("run")
    assert code == 3

    _, out, _ = run("why", site.url("/1"))
    assert "named by its source" in out
    assert "stored as art-" in out

    _, out, _ = run("drops", "--since", "1d", "--source", "district", "--json")
    assert json.loads(out)["reason"] == "not_found"

    _, out, _ = run("drops", "--since", "1d", "--count", "--json")
    assert json.loads(out) == {"reason": "not_found", "source": "district", "count": 1}

    _, out, _ = run("why", site.url("/1?utm_source=mail"))
    assert "named by its source" in out


def test_what_nobody_wanted_is_counted_and_listed_when_asked_for(run, site):
    site.routes["/all"] = feed(site, 2)
    run("sources", "add", site.url("/feed"), "--kind", "feed", "--name", "district")
    run("run")
    run("sources", "add", site.url("/all"), "--kind", "feed", "--name", "all")
    assert run("run")[0] == 0

    assert run("drops")[1] == ""
    assert "known_elsewhere" in run("drops", "--all")[1]
    assert run("drops", "--count")[1].split() == ["1", "known_elsewhere", "all"]


def test_a_url_is_taken_in_at_once_a_page_or_the_pages_of_a_feed(run, site):
    code, out, _ = run("run", site.url("/1"))
    assert (code, "1 new" in out) == (0, True)

    code, out, _ = run("run", site.url("/feed"))
    assert (code, "1 new" in out, "1 unchanged" in out) == (0, True, True)


def test_sources_are_paused_resumed_and_removed_and_their_articles_stay(run, site):
    run("sources", "add", site.url("/feed"), "--kind", "feed", "--name", "district")
    run("run")

    assert run("sources", "pause", "district", "--why", "holidays")[0] == 0
    assert "paused" in run("sources", "list")[1]
    assert run("sources", "resume", "district")[0] == 0
    code, _, err = run("sources", "remove", "district")
    assert (code, "2 documents of district and its history stay" in err, "--yes does it" in err) == (2, True, True)
    assert "district" in run("sources", "list")[1]
    assert run("sources", "remove", "district", "--yes")[0] == 0
    assert run("sources", "list")[1] == ""
    assert run("sources", "remove", "district", "--yes")[0] == 1
    assert json.loads(run("stats", "--json")[1])["articles"] == 2
    assert "holidays" in run("sources", "show", "district")[1]


@pytest.mark.parametrize(("option", "file"), [((), "sources.toml"), (("--opml",), "sources.opml")])
def test_what_is_exported_can_be_imported_elsewhere(run, site, tmp_path, option, file):
    run("sources", "add", site.url("/feed"), "--kind", "feed", "--name", "district", "--time-zone", "Asia/Hong_Kong")
    run("sources", "add", site.url("/map"), "--kind", "sitemap", "--name", "map")
    _, out, _ = run("sources", "export", *option)
    (tmp_path / file).write_text(out, encoding="utf-8")

    other = ("--database", f"sqlite:///{tmp_path / 'other.db'}")
    code, _, _ = run(*other, "sources", "import", file)
    found = [json.loads(line) for line in run(*other, "sources", "--json")[1].splitlines()]

    assert code == 0
    assert [(each["name"], each["kind"], each["address"], each["time_zone"]) for each in found] == [
        ("district", "feed", site.url("/feed"), "Asia/Hong_Kong"),
        ("map", "sitemap", site.url("/map"), ""),
    ]


def test_a_source_is_given_another_name_rhythm_zone_and_address(run, site):
    run("sources", "add", site.url("/feed"), "--kind", "feed", "--name", "district")
    run("run")

    code, out, _ = run(
        "sources", "set", "district", "--name", "ward", "--every", "2h", "--time-zone", "Asia/Macau", "--json"
    )
    changed = json.loads(out)
    assert (code, changed["name"], changed["interval_seconds"], changed["time_zone"]) == (0, "ward", 7200, "Asia/Macau")
    assert changed["events"][-1]["event"] == "changed"
    assert "name: district → ward" in changed["events"][-1]["detail"]
    assert changed["stored"] == 2

    assert "was so already" in run("sources", "set", "ward", "--every", "2h")[2]
    assert "2 hours, as was set" in run("sources", "show", "ward")[1]
    run("sources", "set", "ward", "--every", "90m")
    assert "90 minutes, as was set" in run("sources", "show", "ward")[1]
    again = json.loads(run("sources", "set", "ward", "--every", "auto", "--time-zone", "", "--json")[1])
    assert (again["interval_seconds"], again["time_zone"]) == (None, "")

    site.routes |= {"/new": feed(site, 2, 3), "/3": page(3)}
    assert run("sources", "set", "ward", "--address", site.url("/new"))[0] == 0
    code, out, _ = run("run")
    assert (code, "1 new" in out) == (0, True)
    assert site.url("/new") in run("sources")[1]


def test_a_source_is_not_given_the_name_or_address_of_another(run, site):
    run("sources", "add", site.url("/feed"), "--kind", "feed", "--name", "district")
    run("sources", "add", site.url("/other"), "--kind", "feed", "--name", "other")

    code, _, err = run("sources", "set", "other", "--name", "district")
    assert (code, "another source is called 'district'" in err) == (2, True)
    code, _, err = run("sources", "set", "other", "--address", site.url("/feed"))
    assert (code, "the source district has that address" in err) == (2, True)


@pytest.mark.parametrize(("command", "health"), [("pause", "paused"), ("resume", "untried"), ("remove", "removed")])
def test_what_changes_a_source_shows_it_as_json_when_asked(run, site, command, health):
    run("sources", "add", site.url("/feed"), "--kind", "feed", "--name", "district")

    code, out, _ = run("sources", command, "district", "--json", "--why", "a\ntest")

    assert (code, json.loads(out)["health"]) == (0, health)


def test_adding_with_json_prints_nothing_but_what_was_added(run, site):
    code, out, _ = run("sources", "add", site.url("/"), "--yes", "--json")
    assert (code, json.loads(out)["name"]) == (0, "district-news")

    code, out, err = run("sources", "add", site.url("/feed"), "--kind", "feed", "--json")
    assert (code, json.loads(out)["name"]) == (0, "district-news")
    assert "'ingest sources set' changes it" in err


def test_a_catalogue_keeps_the_names_in_it_and_its_folders_count_from_here(run, tmp_path):
    (tmp_path / "desk").mkdir()
    text = "[[source]]\nname = 'The Desk'\nurl = 'desk'\nkind = 'folder'\nevery = 600\n"
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")

    code, _, err = run("sources", "import", "mine.toml")
    assert (code, "1 source from mine.toml" in err) == (0, True)
    added = json.loads(run("sources", "--json")[1])
    assert (added["name"], added["address"], added["interval_seconds"]) == ("The Desk", "desk", 600)

    (tmp_path / "mine.toml").write_text(text.replace("'desk'", "'gone'"), encoding="utf-8")
    code, _, err = run("sources", "import", "mine.toml")
    assert (code, "no folder or file gone" in err) == (2, True)


def test_one_source_is_visited_now_due_or_not(run, site):
    for name in ("one", "two"):
        run("sources", "add", site.url(f"/{name}.xml"), "--kind", "feed", "--name", name)
    site.routes |= {"/one.xml": feed(site, 1), "/two.xml": feed(site, 2)}

    code, out, _ = run("run", "--source", "two")
    assert (code, "1 document from 1 source" in out) == (0, True)
    code, _, err = run("run", "--source", "two")
    assert (code, "nothing new in 1 source" in err) == (0, True)
    assert site.paths().count("/two.xml") == 2
    assert "/one.xml" not in site.paths()

    run("sources", "pause", "two")
    code, _, err = run("run", "--source", "two")
    assert (code, "two is paused" in err, "resume" in err) == (2, True, True)
    code, _, err = run("run", "--source", "three")
    assert (code, "no source called 'three'" in err) == (1, True)


def test_a_run_ends_though_a_page_of_its_own_fails_that_a_feed_names_too(run, site):
    site.routes["/feed"] = feed(site, 1, 404)
    run("sources", "add", site.url("/feed"), "--kind", "feed", "--name", "district")
    run("sources", "add", site.url("/404"), "--kind", "page", "--name", "bad")

    assert run("run")[0] == 3
    health = {each["name"]: each["health"] for each in map(json.loads, run("sources", "--json")[1].splitlines())}
    assert health == {"bad": "failing", "district": "healthy"}
    assert "no source is due" in run("run")[2]


def test_what_was_given_by_hand_never_becomes_due(run, site):
    run("run", site.url("/1"))

    assert run("sources", "pause", "given")[0] == 0
    assert run("sources", "resume", "given")[0] == 0
    code, _, err = run("sources", "set", "given", "--every", "2h")
    assert (code, "only ever run by hand" in err) == (2, True)
    code, _, err = run("run", "--source", "given")
    assert (code, "no source that is visited" in err) == (2, True)
    assert "no source is due" in run("run")[2]


def test_a_source_that_another_worker_visits_is_not_visited_twice(run, site, tmp_path):
    run("sources", "add", site.url("/feed"), "--kind", "feed", "--name", "district")
    with open_store(f"sqlite:///{tmp_path}/var/ingest.db") as store:
        claim_source(store.database, store.start_run("collect"), kinds=[SourceKind.FEED], lease_seconds=60)
        code, _, err = run("run", "--source", "district")

    assert (code, "another worker" in err) == (4, True)
    assert "/feed" not in site.paths()


def test_a_page_that_cannot_be_had_for_now_is_told(run, site):
    site.routes["/2"] = Reply(b"", 500)
    run("sources", "add", site.url("/feed"), "--kind", "feed", "--name", "district")

    code, out, err = run("run")

    assert (code, "1 document from 1 source" in out) == (0, True)
    assert "1 page could not be had for now" in err


def test_a_user_name_in_a_link_is_kept_nowhere(run, site, tmp_path):
    link = site.url("/1").replace("://", "://me:geheim@")
    item = f"<item><title>Bridge</title><link>{link}</link><guid>{link}</guid></item>"
    body = f"<rss version='2.0'><channel><title>Odd</title>{item}</channel></rss>"
    site.routes["/feed"] = Reply(body.encode(), headers={"Content-Type": "application/rss+xml"})
    run("sources", "add", site.url("/feed"), "--kind", "feed", "--name", "district")

    code, out, err = run("run")
    assert (code, "credentials_in_url" in out) == (3, True)
    code, again, said = run("run", link)
    assert (code, "credentials_in_url" in again) == (3, True)

    assert "geheim" not in out + err + again + said
    assert all(b"geheim" not in file.read_bytes() for file in (tmp_path / "var").rglob("*") if file.is_file())


def test_a_folder_is_a_source_that_is_visited_again(run, tmp_path):
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "a.txt").write_text(f"Bridge opens\n\n{WORDS}", encoding="utf-8")
    assert run("sources", "add", str(folder))[0] == 0

    (folder / "b.pdf").write_bytes(b"%PDF-1.7")

    code, out, _ = run("sources", "check", "desk", "--json")
    checked = json.loads(out)
    assert (code, [each["url"] for each in checked["entries"]]) == (0, ["a.txt"])
    assert checked["problems"] == ["unsupported_type: 1 time"]

    code, out, _ = run("run")
    assert (code, "1 new" in out) == (3, True)
    (source,) = [json.loads(line) for line in run("sources", "--json")[1].splitlines()]
    assert (source["name"], source["address"], source["stored"], source["health"]) == ("desk", "desk", 1, "healthy")


def test_a_folder_that_was_run_by_hand_can_be_added_to_those_that_are_visited(run, tmp_path):
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "a.txt").write_text(f"Bridge opens\n\n{WORDS}", encoding="utf-8")
    run("run", "desk")

    code, _, err = run("sources", "add", "desk")
    assert (code, "added desk" in err) == (0, True)
    (source,) = [json.loads(line) for line in run("sources", "--json")[1].splitlines()]
    assert source["next_due_at"] is not None


def test_a_check_of_a_single_page_asks_for_it(run, site):
    run("sources", "add", site.url("/1"), "--kind", "page", "--name", "good")
    run("sources", "add", site.url("/gone"), "--kind", "page", "--name", "bad")

    code, out, _ = run("sources", "check", "good")
    assert (code, "1 entry, 1 new" in out) == (0, True)
    code, out, _ = run("sources", "check", "bad")
    assert (code, "nothing at that address" in out) == (1, True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("sources", "add", "https://me:secret@news.example/feed", "--kind", "feed"), "user name"),
        (("sources", "add", "news.example"), "https://"),
        (("sources", "add", "ftp://news.example/", "--kind", "feed"), "http or https"),
        (("sources", "show", "nobody"), "no source called"),
        (("sources", "import", "missing.opml"), "cannot be read"),
        (("sources", "add", ""), "neither an address nor a folder"),
        (("sources", "add", "nowhere", "--kind", "folder"), "no folder or file nowhere"),
        (("sources", "add", "http://[", "--kind", "feed"), "no address"),
        (("sources", "add", "http://news.example/\n", "--kind", "feed"), "no address"),
        (("sources", "add", "https://news.example/" + "a" * 3000, "--kind", "feed"), "more than 2,000 characters"),
        (("sources", "add", "https://news.example/", "--kind", "feed", "--name", ""), "a name is no blank"),
        (("sources", "add", "https://news.example/", "--kind", "feed", "--name", "a\nb"), "one line"),
        (("sources", "add", "https://news.example/", "--kind", "feed", "--name", "a" * 300), "200 characters"),
        (("sources", "add", "https://news.example/", "--kind", "feed", "--every", "5s"), "90m, 2h"),
        (("sources", "add", "https://news.example/", "--time-zone", "Mars/Base"), "no time zone"),
        (("sources", "add", "https://news.example/", "--time-zone", "../../etc/passwd"), "no time zone"),
        (("sources", "set", "nobody", "--every", "2h"), "no source called"),
        (("sources", "set", "nobody"), "say what to change"),
        (("sources", "check", "https://me:secret@news.example/feed"), "user name"),
        (("run", "https://news.example/", "seeds"), "run of their own"),
    ],
)
def test_what_is_wrong_is_told_with_a_remedy_and_without_secrets(run, tmp_path, words, says):
    (tmp_path / "seeds").mkdir()
    run("db", "upgrade")

    code, out, err = run(*words)

    assert code in {1, 2}
    assert says in err
    assert "secret" not in out + err
    assert "Traceback" not in err


def test_an_import_names_the_outlines_that_it_leaves_out(run, tmp_path):
    file = tmp_path / "feeds.opml"
    good, bad = (
        '<outline text="Good" xmlUrl="https://feeds.example/a"/>',
        '<outline text="Bad" xmlUrl="javascript:x()"/>',
    )
    file.write_text(f'<opml version="2.0"><body>{good}{bad}</body></opml>', encoding="utf-8")
    code, _, err = run("sources", "import", str(file))
    assert code == 0
    assert "added good" in err
    assert "'Bad' is left out: 'javascript:x()' is no address" in err


def test_the_starting_list_can_be_imported_whole(run):
    file = Path(__file__).parent.parent.parent / "examples" / "feeds.toml"

    code, _, _ = run("sources", "import", str(file))
    found = [json.loads(line) for line in run("sources", "--json")[1].splitlines()]

    assert code == 0
    assert len(found) == file.read_text(encoding="utf-8").count("[[source]]")
    assert {each["health"] for each in found} == {"untried"}
