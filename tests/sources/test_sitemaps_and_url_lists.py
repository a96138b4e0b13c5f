"""Sitemaps of every kind, and lists of addresses."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.documents import Format, Limits, Listing, ListingFlaw, ProblemKind, Unlisted
from ingest.sources.sitemap import read_sitemap
from ingest.sources.urls import read_urls

NOW = datetime(2024, 6, 1, tzinfo=UTC)
USUAL = Limits()
BASE = "https://www.example.com/sitemaps/news.xml"
XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap(body: str | bytes, limits: Limits = USUAL) -> Listing | Unlisted:
    content = body.encode() if isinstance(body, str) else body
    return read_sitemap(content, content_type=None, base_url=BASE, now=NOW, limits=limits)


def urls(body: str | bytes, limits: Limits = USUAL) -> Listing | Unlisted:
    content = body.encode() if isinstance(body, str) else body
    return read_urls(content, content_type="text/plain", base_url=BASE, now=NOW, limits=limits)


def listing(found: Listing | Unlisted) -> Listing:
    assert isinstance(found, Listing), found
    return found


def problems(found: Listing) -> dict[ProblemKind, int]:
    return {problem.kind: problem.count for problem in found.problems}


NEWS = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset {XMLNS} xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url><loc> https://example.com/2024/port?a=1&amp;b=2 </loc><lastmod>2024-05-14</lastmod>
    <n:news><n:publication><n:name>Harbour Wire</n:name><n:language>en</n:language></n:publication>
      <n:publication_date>2024-05-14T09:30+08:00</n:publication_date><n:title>Port &amp;amp; rail</n:title></n:news>
    <image:image><image:loc>https://cdn.example.net/a.jpg</image:loc></image:image></url>
  <url><loc>/2024/rail</loc><lastmod>yesterday</lastmod></url>
  <url><loc>ftp://example.com/x</loc></url><url><lastmod>2024</lastmod></url>
  <url><loc>https://other.example.net/1</loc></url><url><loc>https://other.example.net/1</loc></url>
</urlset>"""


def test_a_news_sitemap_gives_titles_dates_and_languages_and_flags_other_hosts() -> None:
    found = listing(sitemap(NEWS))
    assert found.format is Format.SITEMAP
    first, second, third = found.entries
    assert (first.url, first.updated) == ("https://example.com/2024/port?a=1&b=2", "2024-05-14")
    assert (first.hints.title, first.hints.publisher, first.language) == ("Port & rail", "Harbour Wire", "en")
    assert first.hints.published == "2024-05-14T09:30+08:00"
    assert (second.url, second.updated) == ("https://www.example.com/2024/rail", None)
    assert third.url == "https://other.example.net/1"
    assert problems(found) == {
        ProblemKind.NO_LINK: 1,
        ProblemKind.BAD_LINK: 1,
        ProblemKind.DUPLICATE_LINK: 1,
        ProblemKind.BAD_DATE: 1,
        ProblemKind.OTHER_HOST: 1,
    }


def test_an_index_gives_further_sitemaps_once_each_and_no_more_than_allowed() -> None:
    places = "".join(f"<sitemap><loc>/{name}.xml.gz</loc><lastmod>2024-05</lastmod></sitemap>" for name in "abac")
    body = f"<sitemapindex {XMLNS}>{places}<sitemap/></sitemapindex>"
    found = listing(sitemap(body))
    assert found.format is Format.SITEMAP_INDEX
    assert [(child.url, child.updated) for child in found.children] == [
        (f"https://www.example.com/{name}.xml.gz", "2024-05") for name in "abc"
    ]
    assert problems(found) == {ProblemKind.NO_LINK: 1, ProblemKind.DUPLICATE_LINK: 1}
    few = listing(sitemap(body, Limits(children=2)))
    assert len(few.children) == 2
    assert problems(few)[ProblemKind.TOO_MANY_ENTRIES] == 3


def test_addresses_beyond_the_limit_are_counted() -> None:
    places = "".join(f"<url><loc>/{number}</loc></url>" for number in range(7))
    found = listing(sitemap(f"<urlset {XMLNS}>{places}</urlset>", Limits(entries=5)))
    assert len(found.entries) == 5
    assert problems(found) == {ProblemKind.TOO_MANY_ENTRIES: 2}


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        # ampersands that nobody escaped, the commonest fault of sitemaps
        ("<urlset><url><loc>/?a=1&b=2</loc></url></urlset>", ["/?a=1&b=2"]),
        # no namespace, another one, a prefix
        ("<urlset xmlns='http://www.google.com/schemas/sitemap/0.84'><url><loc>/1</loc></url></urlset>", ["/1"]),
        (f"<s:urlset {XMLNS.replace('xmlns', 'xmlns:s')}><s:url><s:loc>/1</s:loc></s:url></s:urlset>", ["/1"]),
        # cut off in an address, which is then not believed
        ("<urlset><url><loc>/1</loc></url><url><loc>/2/lo", ["/1"]),
        ("<urlset><url><loc><![CDATA[/1]]></loc></url></urlset>", ["/1"]),
    ],
)
def test_a_sitemap_is_read_however_it_is_written(body: str, paths: list[str]) -> None:
    assert [entry.url for entry in listing(sitemap(body)).entries] == [
        f"https://www.example.com{path}" for path in paths
    ]


@pytest.mark.parametrize(
    ("body", "flaw"),
    [
        ("", ListingFlaw.EMPTY),
        ("<html><body>404</body></html>", ListingFlaw.HTML),
        ("<rss><channel><title>A feed</title></channel></rss>", ListingFlaw.NOT_A_LISTING),
        ("<sitemaps/>", ListingFlaw.NOT_A_LISTING),
        ('{"a": 1}', ListingFlaw.NOT_A_LISTING),
        ("Not found", ListingFlaw.NOT_A_LISTING),
        (b"\x1f\x8b\x08" + bytes(60), ListingFlaw.NOT_A_LISTING),
        ('<!DOCTYPE x [<!ENTITY a "b">]><urlset/>', ListingFlaw.ENTITIES),
        ("<urlset><url", ListingFlaw.MALFORMED),
        (f"<urlset>{'<a>' * 200}", ListingFlaw.TOO_DEEP),
    ],
)
def test_what_is_no_sitemap_is_said_to_be_what_it_is(body: str | bytes, flaw: ListingFlaw) -> None:
    found = sitemap(body)
    assert isinstance(found, Unlisted)
    assert found.flaw is flaw


def test_a_text_sitemap_is_a_list_of_addresses() -> None:
    found = listing(sitemap("https://www.example.com/1\nhttps://other.example.net/2\n"))
    assert (found.format, len(found.entries)) == (Format.URLS, 2)
    assert problems(found) == {ProblemKind.OTHER_HOST: 1}


def test_an_empty_sitemap_is_one() -> None:
    assert listing(sitemap(f"<urlset {XMLNS}/>")).entries == ()


def test_a_list_of_addresses_takes_a_line_each_and_counts_what_is_none() -> None:
    found = listing(
        urls(
            "\ufeff# pages\r\nhttps://example.com/1\r\n\r\n  https://example.com/2  # why\n"
            "/3\nnot an address\nhttps://example.com/1\n"
        )
    )
    assert found.format is Format.URLS
    assert [entry.url.rpartition("/")[2] for entry in found.entries] == ["1", "2", "3"]
    assert problems(found) == {ProblemKind.BAD_LINK: 1, ProblemKind.DUPLICATE_LINK: 1}


@pytest.mark.parametrize(
    ("body", "flaw"),
    [
        ("", ListingFlaw.EMPTY),
        ("# only\n# comments", ListingFlaw.NOT_A_LISTING),
        ("a line\nanother", ListingFlaw.NOT_A_LISTING),
        ("<html><p>https://example.com/1</p></html>", ListingFlaw.HTML),
        (NEWS, ListingFlaw.NOT_A_LISTING),
    ],
)
def test_what_is_no_list_of_addresses_is_said_to_be_what_it_is(body: str, flaw: ListingFlaw) -> None:
    found = urls(body)
    assert isinstance(found, Unlisted)
    assert found.flaw is flaw


def test_a_list_of_addresses_ends_at_the_limit() -> None:
    found = listing(urls("".join(f"https://example.com/{number}\n" for number in range(9)), Limits(entries=4)))
    assert len(found.entries) == 4
    assert problems(found) == {ProblemKind.TOO_MANY_ENTRIES: 5}
