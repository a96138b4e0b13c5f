"""OPML and catalogues in TOML: what goes out comes back, and what is wrong is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.documents import ListingFlaw, SourceKind, Subscription, Unlisted
from ingest.sources.catalogue import read_catalogue, write_catalogue
from ingest.sources.opml import Outlines, read_opml, read_outlines, write_opml

OPML = """<?xml version="1.0"?><opml version="1.1"><head><title>Mine</title></head><body>
<outline text="News"><outline title="World &amp; Asia">
  <outline text="Harbour" title="Harbour Wire" type="rss" xmlUrl="https://news.example.com/rss" htmlUrl="/"/>
</outline><outline TEXT="Feed scheme" XMLURL="feed://atom.example.com/all"/></outline>
<outline text="https://bare.example.com/f" xmlUrl="https://bare.example.com/f" category="/China/Trade,/All"/>
<outline text="Again" xmlUrl="https://news.example.com/rss"/>
<outline text="Broken" type="rss"/><outline text="Bad" xmlUrl="javascript:x"/><outline text="A note"/>
</body></opml>"""

SOURCES = (
    Subscription(url="https://news.example.com/rss", name='Harbour "Wire" & Co', home="https://news.example.com/"),
    Subscription(url="https://example.org/sitemap.xml", kind=SourceKind.SITEMAP, categories=("新闻", "World")),
    Subscription(url="https://example.org/list.txt", kind=SourceKind.URLS, time_zone="Asia/Hong_Kong", every=7200),
    Subscription(url="https://example.net/feed", categories=("新闻",)),
)


def test_opml_gives_feeds_with_their_folders_and_tells_what_it_left_out() -> None:
    found = read_outlines(OPML.encode())
    assert isinstance(found, Outlines)
    assert found.subscriptions == (
        Subscription(
            url="https://news.example.com/rss",
            name="Harbour Wire",
            home="https://news.example.com/",
            categories=("News", "World & Asia"),
        ),
        Subscription(url="http://atom.example.com/all", name="Feed scheme", categories=("News",)),
        Subscription(url="https://bare.example.com/f", categories=("China", "Trade")),
    )
    assert found.left_out == (
        "The outline 'Broken' has no xmlUrl.",
        "The outline 'Bad' is left out: 'javascript:x' is no address of http or https.",
    )
    assert read_opml(OPML.encode()) == found.subscriptions


def test_opml_that_was_cut_off_gives_what_came_before_and_says_so() -> None:
    found = read_outlines(OPML.encode()[: OPML.index("<outline TEXT")])
    assert isinstance(found, Outlines)
    assert [source.name for source in found.subscriptions] == ["Harbour Wire"]
    assert "not well-formed" in found.left_out[-1]


@pytest.mark.parametrize(
    ("body", "flaw"),
    [
        (b"", ListingFlaw.EMPTY),
        (b"<rss/>", ListingFlaw.NOT_A_LISTING),
        (b"<html><body>x</body></html>", ListingFlaw.NOT_A_LISTING),
        (b"<opml><body><outline", ListingFlaw.MALFORMED),
        (b'<!DOCTYPE opml [<!ENTITY a "b">]><opml/>', ListingFlaw.ENTITIES),
        (b"<opml>" + b'<outline text="a">' * 200, ListingFlaw.TOO_DEEP),
    ],
)
def test_what_is_no_opml_is_said_to_be_what_it_is(body: bytes, flaw: ListingFlaw) -> None:
    found = read_opml(body)
    assert isinstance(found, Unlisted)
    assert found.flaw is flaw


def test_sources_come_back_from_opml_without_folders_of_this_machine() -> None:
    local = Subscription(url="/srv/articles", kind=SourceKind.FOLDER)
    written = write_opml((*SOURCES, local), title="All <of> it")
    read = read_opml(written)
    assert not isinstance(read, Unlisted)
    assert set(read) == set(SOURCES)  # in the order of their folders
    assert written.count("新闻".encode()) == 1


def test_sources_come_back_from_a_catalogue() -> None:
    local = Subscription(url="articles/2024", kind=SourceKind.FOLDER, name="Desk")
    assert read_catalogue(write_catalogue((*SOURCES, local))) == (*SOURCES, local)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "It names no source"),
        ("[[source]\n", "line 1"),
        ('[[source]]\nurl = "https://a.example/"\nurl = "b"\n', "line 3"),
        ("[source]\nurl = 'https://a.example/'", "begin each with [[source]]"),
        ("sources = 1", "the key 'sources'"),
        ("[[source]]\nname = 'A'", "Source 1 ('A'): it has no url"),
        ("[[source]]\nurl = 'example.com/feed'", "Source 1 ('example.com/feed'): 'example.com/feed' is no address"),
        ("[[source]]\nurl = 7", "Source 1: url is no text in quotes"),
        ("[[source]]\nurl = 'https://a.example/'\nkind = 'fed'", "'fed' is no kind of source; known are feed, sitemap"),
        ("[[source]]\nurl = 'https://a.example/'\ncolour = 'red'", "'colour' is no key of a source"),
        ("[[source]]\nurl = 'https://a.example/'\ntime_zone = 'Mars/Base'", "'Mars/Base' is no time zone"),
        ("[[source]]\nurl = 'https://a.example/'\ntime_zone = '../../etc/passwd'", "is no time zone"),
        ("[[source]]\nurl = 'https://a.example/'\nevery = 30", "every is no whole number of seconds from 60 on"),
        ("[[source]]\nurl = 'https://a.example/'\nevery = true", "every is no whole number"),
        ("[[source]]\nurl = 'a.jsonl'\nkind = 'jsonl'", "'jsonl' is no kind of source"),
        ("[[source]]\nurl = 'https://me:pass@a.example/'", "the address holds a user name"),
        ("[[source]]\nurl = 'https://a.example/'\ncategories = 'A'", "categories is no list of texts"),
        ("[[source]]\nurl = 'https://a.example/'\n" * 2, "Source 2: it has the url of source 1"),
        ("x = " + "9" * 5_000, "a number in it is too long"),
        ("x = " + "[" * 5_000, "nested deeper"),
        ("[" + "a." * 20_000, "Line 1 is longer"),
    ],
)
def test_a_fault_of_a_catalogue_is_named_with_its_source_or_line(text: str, said: str) -> None:
    found = read_catalogue(text.encode())
    assert isinstance(found, Unlisted)
    assert said in found.detail


def test_a_password_in_a_catalogue_is_not_repeated() -> None:
    found = read_catalogue(b"[[source]]\nurl = 'https://me:pass@a.example/'")
    assert isinstance(found, Unlisted)
    assert "pass@" not in found.detail


def test_opml_of_other_hands_is_taken_without_what_is_wrong_in_it() -> None:
    outlines = (
        '<outline xmlUrl="https://a.example/f" ingestTimeZone="Mars/Base" ingestEvery="5"/>'
        '<outline text="B" xmlUrl="https://me:pass@b.example/f"/>'
        '<outline xmlUrl="https://c.example/f" ingestEvery="often"/>'
    )
    found = read_outlines(f"<opml><body>{outlines}</body></opml>".encode())
    assert isinstance(found, Outlines)
    assert found.subscriptions == (
        Subscription(url="https://a.example/f", every=60),
        Subscription(url="https://c.example/f"),
    )
    assert found.left_out == (
        "The outline '(no text)' is taken without its zone: 'Mars/Base' is no time zone, as 'Asia/Shanghai' is.",
        "The outline 'B' is left out: the address holds a user name, which would be stored and shown.",
    )


def test_opml_beyond_all_measure_is_read_in_part_and_says_so() -> None:
    outlines = "".join(f'<outline xmlUrl="https://{number}.example/f"/>' for number in range(20_100))
    found = read_outlines(f"<opml><body>{outlines}</body></opml>".encode())
    assert isinstance(found, Outlines)
    assert len(found.subscriptions) == 20_000
    assert "Only its first 20,000 outlines were read" in found.left_out[-1]


def test_a_catalogue_in_another_encoding_is_refused_with_the_line() -> None:
    found = read_catalogue("# 来源\n[[source]]\nname = '来源'".encode("gb18030"))
    assert isinstance(found, Unlisted)
    assert "Line 1 is not in UTF-8" in found.detail


LINES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
WORDS = LINES.map(lambda text: " ".join(text.split())).filter(bool)


@given(
    st.lists(
        st.builds(
            Subscription,
            url=st.from_regex(r"https://[a-z]{1,10}\.example/[a-z0-9]{0,10}", fullmatch=True),
            kind=st.sampled_from([SourceKind.FEED, SourceKind.SITEMAP, SourceKind.URLS, SourceKind.PAGE]),
            name=st.none() | WORDS,
            home=st.none() | st.just("https://home.example/"),
            time_zone=st.sampled_from(["", "Asia/Shanghai"]),
            every=st.none() | st.integers(60, 10**9),
            categories=st.lists(WORDS, max_size=3).map(tuple),
        ),
        min_size=1,
        max_size=5,
        unique_by=lambda source: source.url,
    )
)
def test_any_sources_come_back_from_a_catalogue(sources: list[Subscription]) -> None:
    assert read_catalogue(write_catalogue(sources)) == tuple(sources)


@given(st.lists(st.tuples(LINES, st.lists(LINES, max_size=3)), max_size=4))
def test_any_names_make_opml_that_can_be_read(named: list[tuple[str, list[str]]]) -> None:
    sources = [
        Subscription(url=f"https://{number}.example/", name=name, categories=tuple(folders))
        for number, (name, folders) in enumerate(named)
    ]
    found = read_opml(write_opml(sources, title="T"))
    assert not isinstance(found, Unlisted)
    assert {source.url for source in found} == {source.url for source in sources}


@given(st.binary(max_size=300) | st.text(st.sampled_from("[]=\"'\n.source{}#1, a"), max_size=60).map(str.encode))
def test_no_bytes_make_the_readers_raise(body: bytes) -> None:
    for reader in (read_catalogue, read_opml):
        assert isinstance(reader(body), (tuple, Unlisted))
