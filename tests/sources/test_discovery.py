"""Feeds and sitemaps that a site's page, its robots.txt and its usual places lead to."""

from __future__ import annotations

import pytest

from ingest.documents import Candidate, Finding, SourceKind
from ingest.sources.discovery import find_feeds, ranked, robots_sitemaps, usual_places

BASE = "https://www.example.com/news/index.html"


def find(html: str | bytes, base: str = BASE) -> tuple[Candidate, ...]:
    content = html.encode() if isinstance(html, str) else html
    return find_feeds(content, content_type="text/html; charset=utf-8", base_url=base)


PAGE = """<!DOCTYPE html><html><head><base href="/site/"><base href="/ignored/">
<link rel="alternate" type="application/rss+xml" title="Comments on all" href="comments/feed/">
<link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" title="Alle &amp; Ältere" href="atom">
<link rel="alternate" type="application/rss+xml" href="https://www.example.com/site/atom?utm_source=page">
<link rel="alternate" type="text/html" hreflang="zh" href="/zh/"><link rel="stylesheet" href="/feed.css">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/7"><link rel="sitemap" href="/map.xml">
</head><body>
<a href="/rss/world.xml"><img alt=""> World <b>news</b></a><a href="/rss-help.html">What is RSS?</a>
<a href="https://feedly.com/i/subscription/feed/https://www.example.com/atom">Follow</a>
<a href="javascript:feed()">Feed</a><a href="/2024/animal-feed-imports">Animal feed imports rise</a>
<a href="https://feeds.example.net/all" title="All of it"></a><a href="/?feed=rss2&lang=zh">订阅</a>
</body></html>"""


def test_a_page_gives_what_it_declares_before_what_it_links_to_and_comments_last() -> None:
    assert [(found.url, found.kind.value, found.finding.value, found.title) for found in find(PAGE)] == [
        ("https://www.example.com/site/atom", "feed", "link", "Alle & Ältere"),
        ("https://www.example.com/map.xml", "sitemap", "link", None),
        ("https://www.example.com/rss/world.xml", "feed", "anchor", "World news"),
        ("https://feeds.example.net/all", "feed", "anchor", "All of it"),
        ("https://www.example.com/?feed=rss2&lang=zh", "feed", "anchor", "订阅"),
        ("https://www.example.com/site/comments/feed/", "feed", "link", "Comments on all"),
    ]


@pytest.mark.parametrize(
    ("href", "kind"),
    [
        ("/feed", SourceKind.FEED),
        ("/feed/", SourceKind.FEED),
        ("/blog/feeds/posts/default", SourceKind.FEED),
        ("/index.xml", SourceKind.FEED),
        ("/news.rss", SourceKind.FEED),
        ("/rss_politics.xml", SourceKind.FEED),
        ("/rss.php?channel=3", SourceKind.FEED),
        ("/node/3?format=atom", SourceKind.FEED),
        ("/sitemap-news.xml.gz", SourceKind.SITEMAP),
        ("/feed.png", None),
        ("/about-feeds.html", None),
        ("/2024/05/rss-turns-25", None),
        ("/data.xml", None),
        ("https://twitter.com/feed", None),
    ],
)
def test_an_address_is_judged_by_its_words(href: str, kind: SourceKind | None) -> None:
    found = find(f'<a href="{href}">x</a>')
    assert [candidate.kind for candidate in found] == ([] if kind is None else [kind])


@pytest.mark.parametrize(
    "html", [b"", b"\x89PNG\r\n\x1a\n" + bytes(50), b"<", b"<a href='https://[/feed'>x", b"<link rel=alternate href>"]
)
def test_what_is_no_page_has_none(html: bytes) -> None:
    assert find(html) == ()


def test_robots_txt_names_sitemaps_in_any_case_and_with_any_line_end() -> None:
    robots = b"User-agent: *\rDisallow: /x\r\nSitemap: https://www.example.com/a.xml\n  sitemap :/b.xml # two\n"
    robots += b"#Sitemap: /c\nSitemap:\n"
    found = robots_sitemaps(robots, base_url="https://www.example.com/robots.txt")
    assert [candidate.url for candidate in found] == ["https://www.example.com/a.xml", "https://www.example.com/b.xml"]
    assert {candidate.finding for candidate in found} == {Finding.ROBOTS}
    assert robots_sitemaps(b"\xff\xfe<html>", base_url=BASE) == ()


def test_the_usual_places_are_a_dozen_at_the_root_of_the_site() -> None:
    places = usual_places(BASE)
    assert len(places) == 12
    assert places[0].url == "https://www.example.com/feed"
    assert all(place.url.startswith("https://www.example.com/") for place in places)
    assert usual_places("nonsense") == ()


def test_of_two_candidates_for_one_place_the_surer_stays() -> None:
    def candidate(url: str, finding: Finding) -> Candidate:
        return Candidate(url=url, kind=SourceKind.FEED, finding=finding)

    found = ranked(
        [
            candidate("https://www.example.com/feed", Finding.USUAL_PLACE),
            candidate("http://www.example.com/feed/", Finding.LINK),
            candidate("https://www.example.com/rss", Finding.ANCHOR),
        ]
    )
    assert [each.url for each in found] == ["http://www.example.com/feed/", "https://www.example.com/rss"]


def test_a_page_of_a_thousand_feeds_gives_fifty() -> None:
    assert len(find("".join(f'<a href="/rss/{number}">x</a>' for number in range(1_000)))) == 50
