"""Listings that were made to hang or to swell: bounded in time and memory, measured in a child process."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.documents import Entry, Limits, Listing, ListingFlaw, Unlisted
from ingest.sources.discovery import find_feeds, robots_sitemaps
from ingest.sources.feed import read_feed
from ingest.sources.opml import read_opml
from ingest.sources.sitemap import read_sitemap
from ingest.sources.urls import read_urls

NOW = datetime(2024, 6, 1, tzinfo=UTC)
BASE = "https://www.example.com/feed.xml"
FEW = Limits(entries=20)

CHILD = Path(__file__).with_name("hostile_bodies.py")


@pytest.mark.parametrize(
    ("name", "outcome", "seconds", "megabytes"),
    [
        ("billion laughs", ListingFlaw.ENTITIES, 1, 50),
        ("quadratic blow-up", ListingFlaw.ENTITIES, 1, 50),
        ("external entity", ListingFlaw.ENTITIES, 1, 50),
        ("ten thousand entries", 10_000, 10, 100),
        ("title of ten megabytes", 1, 5, 100),
        ("deep nesting", ListingFlaw.TOO_DEEP, 5, 100),
        ("twenty megabytes of nothing", 0, 20, 100),
        ("a million interrupted tags", 0, 10, 150),
        ("a million ampersands", 0, 10, 150),
        ("an author of a megabyte", 1, 5, 100),
        ("many categories", 0, 10, 150),
        ("ten megabytes of brackets", ListingFlaw.MALFORMED, 5, 100),
        ("a sitemap of two hundred thousand", 50_000, 20, 150),
    ],
)
def test_a_bomb_costs_bounded_time_and_memory(name: str, outcome: object, seconds: float, megabytes: int) -> None:
    run = subprocess.run([sys.executable, CHILD, name], capture_output=True, text=True, timeout=120, check=True)
    said, taken, grown = run.stdout.split()
    assert said == str(outcome)
    assert float(taken) < seconds
    assert int(grown) < megabytes * 1_000


def _feed(body: bytes) -> Listing | Unlisted:
    return read_feed(body, content_type=None, base_url=BASE, now=NOW, limits=FEW)


def _sitemap(body: bytes) -> Listing | Unlisted:
    return read_sitemap(body, content_type=None, base_url=BASE, now=NOW, limits=FEW)


def _urls(body: bytes) -> Listing | Unlisted:
    return read_urls(body, content_type=None, base_url=BASE, now=NOW, limits=FEW)


PIECES = (
    *(
        "<",
        ">",
        "&",
        "a",
        " ",
        "\n",
        '"',
        "<a",
        "<a ",
        "<a>",
        "</a>",
        "<a/>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?x ",
    ),
    *(
        "<!DOCTYPE ",
        "&amp;",
        "&a;",
        "<br ",
        "<item>",
        "<item/>",
        "<title>",
        "<link>",
        "a:",
        "<a:b ",
        "<b x='",
        "xmlns:a ",
    ),
    *(
        "<url>",
        "<url><loc>a</loc></url>",
        "<item><link>/a</link></item>",
        "https://e.example/",
        "\u0301",
        "中",
        "[",
        "{",
        "{},",
    ),
)
TOO_QUICK_TO_TELL = 0.3
SIZE = 20_000  # with less, what is quadratic is too quick to tell


def _seconds(reader: Callable[[bytes], object], body: bytes) -> float:
    taken = []
    for _ in range(2):
        began = time.process_time()
        reader(body)
        taken.append(time.process_time() - began)
        if taken[-1] < TOO_QUICK_TO_TELL:
            break
    return min(taken)


@pytest.mark.parametrize(
    ("start", "reader"),
    [
        ("<rss><channel>", _feed),
        ("<rss><channel>&<item>", _feed),
        ("<rss><channel>&<item><title>", _feed),
        ('<?xml version="1.0"?>', _feed),
        ("<!DOCTYPE r [", _feed),
        ('{"version":"https://jsonfeed.org/version/1","items":[', _feed),
        ("<urlset>", _sitemap),
        ("<opml><body>", read_opml),
        ("", _urls),
        ("<html>", lambda body: find_feeds(body, content_type=None, base_url=BASE)),
        ("<base href='a/b'>", lambda body: find_feeds(body, content_type=None, base_url=BASE)),
        ("Sitemap: ", lambda body: robots_sitemaps(body, base_url=BASE)),
    ],
)
def test_reading_takes_linear_time_for_one_piece_over_and_over(start: str, reader: Callable[[bytes], object]) -> None:
    slow = {}
    for piece in PIECES:
        few, many = (f"{start}{piece * (size // len(piece))}</x>".encode() for size in (SIZE, 8 * SIZE))
        taken = _seconds(reader, many)
        # eight times the text; quadratic time is 64 times as long
        if taken > TOO_QUICK_TO_TELL and taken > 24 * _seconds(reader, few):
            slow[piece] = taken
    assert slow == {}


TAGS = ("</item>", "<rss>", "</rss>", "<channel>", "<feed>", "<entry>", "<pubDate>", "</title>", "/x")
MARKUP = st.lists(st.sampled_from((*PIECES, *TAGS)), max_size=60).map("".join)
READERS = (_feed, _sitemap, _urls)


@given(st.binary(max_size=400) | MARKUP.map(str.encode) | MARKUP.map(lambda text: f"<rss>{text}".encode()))
def test_no_bytes_make_a_reader_raise_and_none_gives_more_than_the_limit(body: bytes) -> None:
    for reader in READERS:
        found = reader(body)
        if isinstance(found, Listing):
            _check(found.entries)
        else:
            assert found.detail
    find_feeds(body, content_type="text/html; charset=x", base_url=BASE)
    robots_sitemaps(body, base_url=BASE)


def _check(entries: tuple[Entry, ...]) -> None:
    assert len(entries) <= FEW.entries
    assert len({entry.url for entry in entries}) == len(entries)
    ids = [entry.id for entry in entries if entry.id is not None]
    assert len(set(ids)) == len(ids)
    assert all(entry.url.startswith(("http://", "https://")) for entry in entries)
    for entry in entries:
        title = entry.hints.title
        assert title is None or (title == " ".join(title.split()) and len(title) <= FEW.text)


RSS = """<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE rss SYSTEM "x">
<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>港口快讯</title><!-- a -->
<item><title><![CDATA[A & B]]></title><link>/1</link><dc:date>2024-05-14</dc:date></item>
<item><title>C &amp; D</title><link>/2</link><guid isPermaLink='false'>2</guid></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>
<entry><link href="/1"/><title type="html">&lt;b&gt;A</title><updated>2024-05-14T09:30:00Z</updated></entry>
<entry><link href='/2'/></entry></feed>"""
JSON = '{"version": "https://jsonfeed.org/version/1", "items": [{"url": "/1", "title": "A"}, {"url": "/2"}]}'
WHOLE = (RSS, ATOM, JSON)


@pytest.mark.parametrize("whole", WHOLE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_truncation_makes_a_reader_raise_and_entries_only_go_missing_from_the_end(whole: str, encoding: str) -> None:
    body = whole.encode(encoding)
    for length in range(len(body)):
        found = _feed(body[:length])
        if isinstance(found, Listing):
            addresses = [entry.url for entry in found.entries]
            assert addresses == ["https://www.example.com/1", "https://www.example.com/2"][: len(addresses)]


@settings(max_examples=200)
@given(st.sampled_from(WHOLE), st.data())
def test_no_damage_makes_a_reader_raise(whole: str, data: st.DataObject) -> None:
    body = bytearray(whole.encode())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
        if not body:
            return
    for reader in READERS:
        assert isinstance(reader(bytes(body)), (Listing, Unlisted))
