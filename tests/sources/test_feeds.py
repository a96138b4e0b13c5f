"""Feeds of every kind: what stands in them beside what is read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from ingest.documents import Entry, Format, Limits, Listing, ListingFlaw, Problem, ProblemKind, Unlisted
from ingest.sources.feed import read_feed

NOW = datetime(2024, 6, 1, tzinfo=UTC)
USUAL = Limits()
BASE = "https://news.example.com/feeds/all.xml"


def read(body: str | bytes, content_type: str | None = None, limits: Limits = USUAL) -> Listing | Unlisted:
    content = body.encode() if isinstance(body, str) else body
    return read_feed(content, content_type=content_type, base_url=BASE, now=NOW, limits=limits)


def listing(body: str | bytes, content_type: str | None = None, limits: Limits = USUAL) -> Listing:
    found = read(body, content_type, limits)
    assert isinstance(found, Listing), found
    return found


def rss(items: str, head: str = "", attributes: str = "") -> str:
    return f'<rss version="2.0" {attributes}><channel><title>Wire</title>{head}{items}</channel></rss>'


def entry(item: str, attributes: str = "") -> Entry:
    found = listing(rss(f"<item>{item}</item>", attributes=attributes)).entries
    assert len(found) == 1
    return found[0]


def problems(found: Listing) -> dict[ProblemKind, int]:
    return {problem.kind: problem.count for problem in found.problems}


RSS_2 = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
  <title>Harbour Wire</title><link>https://news.example.com/</link><language>en-gb</language><ttl>30</ttl>
  <atom:link rel="self" href="/feeds/all.xml"/><atom:link rel="hub" href="https://hub.example.net/"/>
  <atom:link rel="next" href="?page=2"/>
  <skipHours><hour>1</hour><hour>24</hour></skipHours><skipDays><day>Sunday</day></skipDays>
  <image><title>Logo</title><link>https://news.example.com/logo</link></image>
  <item>
    <title>Port &amp; rail firms sign accord</title>
    <link>/2024/05/accord?a=1&amp;b=2</link>
    <guid isPermaLink="false">wire-1</guid>
    <pubDate>Tue, 14 May 2024 09:30:00 +0800</pubDate>
    <dc:creator>Ann Example</dc:creator>
    <source url="https://agency.example.org/rss">The Agency</source>
    <description>&lt;p&gt;Not kept.&lt;/p&gt;</description>
  </item>
</channel></rss>"""

ATOM_1 = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-Hans" xml:base="https://atom.example.com/a/">
  <title type="html">&lt;b&gt;港口&lt;/b&gt;快讯</title>
  <link href="/"/><link rel="self" href="feed.atom"/>
  <entry xml:base="b/">
    <id>tag:atom.example.com,2024:1</id>
    <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">两家<em>港口</em>签约</div></title>
    <link rel="replies" href="replies"/><link rel="enclosure" href="sound.mp3" type="audio/mpeg"/>
    <link rel="edit" href="edit"/><link type="application/pdf" href="one.pdf"/><link type="text/html" href="one"/>
    <author><name>李例</name><email>li@example.com</email></author><author><name>王样</name></author>
    <published>2024-05-14T09:30:00+08:00</published><updated>2024-05-14T10:00:00Z</updated>
    <source><title>通讯社</title><id>tag:other</id><link href="https://other.example.net/"/></source>
  </entry>
</feed>"""

RSS_1 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
  <channel rdf:about="https://rdf.example.com/"><title>RDF</title><link>https://rdf.example.com/</link>
    <dc:language>fr</dc:language><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency></channel>
  <image><title>No</title></image>
  <item rdf:about="https://rdf.example.com/1"><title>Un</title><dc:date>2024-05-14</dc:date></item>
  <item rdf:about="urn:2"><title>Deux</title><link>https://rdf.example.com/2</link></item>
</rdf:RDF>"""


def test_rss_2_is_read_with_all_that_its_head_says() -> None:
    found = listing(RSS_2)
    assert found.format is Format.RSS
    assert (found.title, found.home, found.language) == ("Harbour Wire", "https://news.example.com/", "en-gb")
    assert found.url == "https://news.example.com/feeds/all.xml"
    assert found.next_url == "https://news.example.com/feeds/all.xml?page=2"
    assert found.hub == "https://hub.example.net/"
    assert found.update_period == timedelta(minutes=30)
    assert (found.skip_hours, found.skip_days) == (frozenset({0, 1}), frozenset({6}))
    assert found.problems == ()
    (item,) = found.entries
    assert (item.url, item.id) == ("https://news.example.com/2024/05/accord?a=1&b=2", "wire-1")
    assert (item.hints.title, item.hints.byline) == ("Port & rail firms sign accord", "Ann Example")
    assert (item.hints.publisher, item.hints.published) == ("The Agency", "2024-05-14T09:30:00+08:00")


def test_atom_takes_the_link_to_the_page_and_resolves_it_against_every_base() -> None:
    found = listing(ATOM_1)
    assert (found.format, found.title, found.language) == (Format.ATOM, "港口快讯", "zh-Hans")
    assert (found.home, found.url) == ("https://atom.example.com/", "https://atom.example.com/a/feed.atom")
    (item,) = found.entries
    assert (item.url, item.id) == ("https://atom.example.com/a/b/one", "tag:atom.example.com,2024:1")
    assert (item.hints.title, item.hints.byline) == ("两家港口签约", "李例, 王样")
    assert (item.hints.publisher, item.language) == ("通讯社", "zh-Hans")
    assert (item.hints.published, item.updated) == ("2024-05-14T09:30:00+08:00", "2024-05-14T10:00:00+00:00")


def test_rss_1_items_beside_the_channel_are_read_and_rdf_about_stands_in_for_a_link() -> None:
    found = listing(RSS_1)
    assert (found.title, found.language, found.update_period) == ("RDF", "fr", timedelta(hours=6))
    assert [(item.url, item.id) for item in found.entries] == [
        ("https://rdf.example.com/1", "https://rdf.example.com/1"),
        ("https://rdf.example.com/2", "urn:2"),
    ]
    assert found.entries[0].hints.published == "2024-05-14"


def test_cdf_is_read() -> None:
    item = '<item href="/1" lastmod="2024-05-14"><title>One</title></item>'
    found = listing(f'<CHANNEL HREF="https://cdf.example.com/"><TITLE>Old</TITLE>{item}</CHANNEL>')
    assert (found.title, found.home) == ("Old", "https://cdf.example.com/")
    assert [(entry.url, entry.hints.title, entry.updated) for entry in found.entries] == [
        ("https://news.example.com/1", "One", "2024-05-14")
    ]


def test_a_json_feed_is_read() -> None:
    found = listing(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "JSON",
                "home_page_url": "https://json.example.com/",
                "feed_url": "https://json.example.com/feed.json",
                "next_url": "?page=2",
                "hubs": [{"type": "WebSub", "url": "https://hub.example.net/"}],
                "authors": [{"name": "Desk"}],
                "language": "en",
                "items": [
                    {"id": 7, "url": "/7", "title": "A &amp; B", "date_published": "2024-05-14T09:30:00Z"},
                    {"id": "https://json.example.com/8", "authors": [{"name": "Ann"}], "date_modified": "2024-05-15"},
                    "no item",
                ],
            }
        )
    )
    assert (found.format, found.title, found.home) == (Format.JSON_FEED, "JSON", "https://json.example.com/")
    assert (found.next_url, found.hub) == ("https://news.example.com/feeds/all.xml?page=2", "https://hub.example.net/")
    first, second = found.entries
    assert (first.url, first.id, first.hints.title) == ("https://news.example.com/7", "7", "A & B")
    assert (first.hints.byline, first.hints.published) == ("Desk", "2024-05-14T09:30:00+00:00")
    assert (second.url, second.hints.byline, second.updated) == ("https://json.example.com/8", "Ann", "2024-05-15")


@pytest.mark.parametrize(
    ("item", "url", "identity"),
    [
        ("<link>https://e.example/1</link><guid>x</guid>", "https://e.example/1", "x"),
        ("<guid>https://e.example/1</guid>", "https://e.example/1", "https://e.example/1"),
        ('<guid isPermaLink="true"> https://e.example/1 </guid>', "https://e.example/1", "https://e.example/1"),
        ("<link>//e.example/1</link>", "https://e.example/1", None),
        ("<link>\n https://e.example/a\n b </link>", "https://e.example/a b", None),
        ("<link><![CDATA[https://e.example/?a=1&b=2]]></link>", "https://e.example/?a=1&b=2", None),
        ("<link>https://e.example/?a=1&amp;amp;b=2</link>", "https://e.example/?a=1&b=2", None),
        ("<link>feed:https://e.example/1</link>", "https://e.example/1", None),
        ("<link>feed://e.example/1</link>", "http://e.example/1", None),
        (
            "<link>javascript:alert(1)</link><guid>https://e.example/1</guid>",
            "https://e.example/1",
            "https://e.example/1",
        ),
        (
            "<link>https://count.example/?u=1</link><fb:origLink>https://e.example/1</fb:origLink>",
            "https://e.example/1",
            None,
        ),
    ],
)
def test_the_address_of_an_rss_item(item: str, url: str, identity: str | None) -> None:
    found = entry(item, 'xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0"')
    assert (found.url, found.id) == (url, identity)


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ("<title>Nothing</title>", ProblemKind.NO_LINK),
        ("<guid>just-a-name</guid>", ProblemKind.NO_LINK),
        ('<guid isPermaLink="false">https://e.example/1</guid>', ProblemKind.NO_LINK),
        ("<link>javascript:alert(1)</link>", ProblemKind.BAD_LINK),
        ("<link>mailto:a@example.com</link>", ProblemKind.BAD_LINK),
        ("<link>file:///etc/passwd</link>", ProblemKind.BAD_LINK),
        ("<link>https://[::1</link>", ProblemKind.BAD_LINK),
        ("<link>https://e.example:99999/</link>", ProblemKind.BAD_LINK),
        ("<link>https://</link>", ProblemKind.BAD_LINK),
        (f"<link>https://e.example/{'a' * 2_000}</link>", ProblemKind.BAD_LINK),
    ],
)
def test_an_item_without_an_address_of_the_web_is_left_out_and_counted(item: str, kind: ProblemKind) -> None:
    found = listing(rss(f"<item>{item}</item>"))
    assert found.entries == ()
    assert problems(found) == {kind: 1}


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<title>  Two\n words </title>", "Two words"),
        ("<title>A &amp;amp; B</title>", "A & B"),
        ("<title>&lt;b&gt;Bold&lt;/b&gt; move&lt;br/&gt;now</title>", "Bold move now"),
        ("<title><![CDATA[<em>R&amp;D</em> & more]]></title>", "R&D & more"),
        ("<title>if a &lt; b and c &gt; d</title>", "if a < b and c > d"),
        ("<title>&lt;script&gt;alert(1)&lt;/script&gt;Safe</title>", "Safe"),
        ("<title>Bell\u0007 and &#8203;zero</title>", "Bell and zero"),
        ("<title></title><m:title>Media</m:title>", "Media"),
        ("<title><![CDATA[]]></title>", None),
        (f"<title>{'a' * 5_000}</title>", "a" * 1_000),
    ],
)
def test_a_title_is_plain_text(markup: str, title: str | None) -> None:
    item = f"<link>https://e.example/1</link>{markup}"
    assert entry(item, 'xmlns:m="http://search.yahoo.com/mrss/"').hints.title == title


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ("<author>ann@example.com (Ann Example)</author>", "Ann Example"),
        ("<author>Ann Example &lt;ann@example.com&gt;</author>", "Ann Example"),
        ("<author>ann@example.com</author>", None),
        ("<author>Ann Example</author><author>Bo</author>", "Ann Example, Bo"),
        ("<author>Ann</author><author>Ann</author>", "Ann"),
    ],
)
def test_a_byline_is_names_without_mail_addresses(author: str, byline: str | None) -> None:
    assert entry(f"<link>https://e.example/1</link>{author}").hints.byline == byline


def test_dates_that_cannot_be_or_lie_ahead_are_no_hints_and_are_counted() -> None:
    found = listing(
        rss(
            "".join(
                f"<item><link>/{number}</link><pubDate>{date}</pubDate></item>"
                for number, date in enumerate(("someday", "2024-06-01T23:00:00Z", "2031-01-01", "", "2024-05-01 10:00"))
            )
        )
    )
    dates = [item.hints.published for item in found.entries]
    assert dates == [None, "2024-06-01T23:00:00+00:00", None, None, "2024-05-01T10:00"]
    assert found.problems == (
        Problem(kind=ProblemKind.BAD_DATE, count=1, example="someday"),
        Problem(kind=ProblemKind.FUTURE_DATE, count=1, example="2031-01-01"),
    )


def test_the_same_address_twice_is_one_entry_and_the_same_id_twice_is_the_first_ones() -> None:
    found = listing(
        rss(
            "<item><link>/1</link><guid>a</guid></item><item><link>/1</link><guid>b</guid></item>"
            "<item><link>/2</link><guid>a</guid></item><item><link>/3</link></item>"
        )
    )
    assert [(item.url.rpartition("/")[2], item.id, item.position) for item in found.entries] == [
        ("1", "a", 0),
        ("2", None, 2),
        ("3", None, 3),
    ]
    assert problems(found) == {ProblemKind.DUPLICATE_ID: 1, ProblemKind.DUPLICATE_LINK: 1}


def test_entries_beyond_the_limit_are_counted() -> None:
    items = "".join(f"<item><link>/{number}</link></item>" for number in range(7))
    found = listing(rss(items), limits=Limits(entries=5))
    assert len(found.entries) == 5
    assert problems(found) == {ProblemKind.TOO_MANY_ENTRIES: 2}


@pytest.mark.parametrize(
    ("body", "flaw"),
    [
        (b"", ListingFlaw.EMPTY),
        (b" \n\t", ListingFlaw.EMPTY),
        (b"\xef\xbb\xbf \n", ListingFlaw.EMPTY),
        (b"<!DOCTYPE html><html><body><p>Feeds</p></body></html>", ListingFlaw.HTML),
        (b"<div>A part of a page</div>", ListingFlaw.HTML),
        (b"<!doctype html><custom-app></custom-app>", ListingFlaw.HTML),
        (b"Service unavailable", ListingFlaw.NOT_A_LISTING),
        (b"<note><to>you</to></note>", ListingFlaw.NOT_A_LISTING),
        (b"<urlset><url><loc>https://e.example/</loc></url></urlset>", ListingFlaw.NOT_A_LISTING),
        (b"<opml><body/></opml>", ListingFlaw.NOT_A_LISTING),
        (b'{"error": "not found"}', ListingFlaw.NOT_A_LISTING),
        (b"[1, 2]", ListingFlaw.NOT_A_LISTING),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), ListingFlaw.NOT_A_LISTING),
        (b"<rss", ListingFlaw.MALFORMED),
        (b"<rss ver", ListingFlaw.MALFORMED),
        (b"<rss version='2.0'><channel><ti", ListingFlaw.MALFORMED),
        (b'{"items": [', ListingFlaw.MALFORMED),
        (b"<!DOCTYPE rss [<!ENTITY x 'y'>]><rss/>", ListingFlaw.ENTITIES),
        (b"<!DOCTYPE rss [<!-- <a> --><!entity % x SYSTEM 'http://e.example/x'>]><rss/>", ListingFlaw.ENTITIES),
        (b"<rss>" + b"<a>" * 101 + b"</a>" * 101 + b"</rss>", ListingFlaw.TOO_DEEP),
        (b"\x07\x01\x02 \x05" * 30, ListingFlaw.NOT_A_LISTING),
    ],
)
def test_what_is_no_feed_is_said_to_be_what_it_is(body: bytes, flaw: ListingFlaw) -> None:
    found = read(body)
    assert isinstance(found, Unlisted)
    assert found.flaw is flaw
    assert found.detail.endswith(".")


def test_an_external_dtd_is_neither_fetched_nor_minded() -> None:
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://dtd.example/rss-0.91.dtd">'
    found = listing(
        f'<?xml version="1.0"?>\n{doctype}\n{rss("<item><link>/1</link><title>Caf&eacute;</title></item>")}'
    )
    assert found.entries[0].hints.title == "Café"


@pytest.mark.parametrize(
    ("body", "titles"),
    [
        # an ampersand and a bracket that nobody escaped
        (rss("<item><title>R&D & a < b</title><link>/?a=1&b=2</link></item>"), ["R&D & a < b"]),
        # a prefix that nobody declared
        (rss("<item><title>One</title><link>/1</link><dc:date>2024-05-01</dc:date></item>"), ["One"]),
        # tags that are closed in the wrong order, or not at all
        (rss("<item><title>A</titel><link>/1</link></item><item><title>B</title><link>/2</link></item>"), ["A", "B"]),
        (rss("<item><description><p>x<br>y</description><title>One</title><link>/1</link></item>"), ["One"]),
        # references to what is no character
        (rss("<item><title>A&#xD800;&#0;&#X42;</title><link>/1</link></item>"), ["AB"]),
        # a warning of the server before the feed, and rubbish after it
        ("<br />\n<b>Warning</b>: x in y\n" + rss("<item><title>One</title><link>/1</link></item>"), ["One"]),
        (rss("<item><title>One</title><link>/1</link></item>") + "</html>", ["One"]),
        # cut off: in the next item, in a title, in a CDATA section
        (rss("<item><title>One</title><link>/1</link></item><item><title>Tw")[:-16], ["One"]),
        (rss("<item><title>A</title><link>/1</link></item><item><link>/2</link><title><![CDATA[B")[:-16], ["A", None]),
    ],
)  # fmt: skip
def test_a_feed_that_is_not_well_formed_is_read_as_far_as_it_goes(body: str, titles: list[str | None]) -> None:
    found = listing(body)
    assert [item.hints.title for item in found.entries] == titles
    assert problems(found).get(ProblemKind.NOT_WELL_FORMED) == 1


def test_a_module_whose_prefix_nobody_declared_is_known_by_its_prefix() -> None:
    found = listing(
        rss("<item><x:title>No</x:title><title>Yes</title><link>/1</link><dc:date>2024-05-01</dc:date></item>")
    )
    assert (found.entries[0].hints.title, found.entries[0].hints.published) == ("Yes", "2024-05-01")
    assert problems(found) == {ProblemKind.NOT_WELL_FORMED: 1}


def test_an_address_that_was_cut_off_is_not_believed() -> None:
    whole = rss("<item><link>/1</link></item><item><link>https://e.example/long/path</link></item>")
    found = listing(whole[: whole.index("/path")])
    assert [item.url for item in found.entries] == ["https://news.example.com/1"]


def test_a_json_feed_that_was_cut_off_keeps_its_whole_items() -> None:
    body = '{"version": "https://jsonfeed.org/version/1", "title": "T", "items": [{"url": "/1"}, {"url": "/2", "ti'
    found = listing(body)
    assert (found.title, [item.url for item in found.entries]) == ("T", ["https://news.example.com/1"])
    assert problems(found) == {ProblemKind.NOT_WELL_FORMED: 1}


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("utf-8-sig", "utf-8", None),
        ("utf-16", "utf-16", None),
        ("gb18030", "gb2312", None),
        ("gb18030", "utf-8", "text/xml; charset=gb2312"),
        ("utf-8", "iso-8859-1", "text/xml; charset=iso-8859-1"),
        ("big5", "big5", "application/rss+xml"),
    ],
)
def test_the_bytes_decide_on_the_encoding(encoding: str, declared: str, content_type: str | None) -> None:
    title = "兩家港口簽署合作協議" if encoding == "big5" else "两家港口签署合作协议"
    items = f"<item><title>{title}，双方将共同建设码头</title><link>/1</link></item>".replace(
        "，双方将共同建设码头", "，共同建設" if encoding == "big5" else "，双方将共同建设码头"
    )
    body = f'<?xml version="1.0" encoding="{declared}"?>\n{rss(items)}'.encode(encoding)
    assert (listing(body, content_type).entries[0].hints.title or "").startswith(title)


def test_a_feed_without_entries_is_a_feed() -> None:
    assert listing(rss("")).entries == ()
    assert listing('<feed xmlns="http://www.w3.org/2005/Atom"/>').format is Format.ATOM


def test_elements_of_other_namespaces_are_not_taken_for_the_feeds_own() -> None:
    item = "<x:title>Other</x:title><x:link>https://other.example/</x:link><link>https://e.example/1</link><title>Own</title>"
    found = entry(item, 'xmlns:x="https://unknown.example/ns"')
    assert (found.url, found.hints.title) == ("https://e.example/1", "Own")
