"""Canonical addresses: the ways to write one page's address fold to one."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.extract.urls import canonical_url

PAGE = "https://www.lamp.example/news/harbour"


@pytest.mark.parametrize(
    "written",
    [
        PAGE,
        PAGE + "#comments",
        PAGE + "?utm_source=mail&utm_campaign=x",
        PAGE + "?fbclid=1&gclid=2&spm=3&isappinstalled=0",
        PAGE + "?",
        "HTTPS://WWW.Lamp.Example/news/harbour",
        "https://www.lamp.example:443/news/harbour",
        "https://www.lamp.example./news/harbour",
        "https://reader:secret@www.lamp.example/news/harbour",
        "https://www.lamp.example/news/./x/../harbour",
        "https://www.lamp.example//news//harbour",
        "https://www.lamp.example/n%65ws/%68arbour",
        "https://m.lamp.example/news/harbour",
        "https://mobile.lamp.example/news/harbour",
        "https://amp.lamp.example/news/harbour",
        PAGE + "/amp",
        PAGE + "/amp/",
        PAGE + ".amp",
        PAGE + "?amp=1",
        PAGE + "?outputType=amp",
        "https://www.lamp.example/amp/news/harbour",
        "https://www.google.com/amp/s/www.lamp.example/news/harbour",
        "https://www-lamp-example.cdn.ampproject.org/c/s/www.lamp.example/news/harbour",
        f"  {PAGE}\n",
    ],
)
def test_the_ways_to_write_an_address_fold_to_one(written):
    assert canonical_url(written, ()).removesuffix("/") == PAGE


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("https://lamp.example", "https://lamp.example/"),
        ("http://lamp.example:8080/a", "http://lamp.example:8080/a"),
        ("https://lamp.example/a?b=2&a=1", "https://lamp.example/a?a=1&b=2"),
        ("https://lamp.example/a?id=amp", "https://lamp.example/a?id=amp"),
        ("https://lamp.example/%e6%b8%af口", "https://lamp.example/%E6%B8%AF%E5%8F%A3"),
        ("https://lamp.example/a%2fb%3Fc", "https://lamp.example/a%2Fb%3Fc"),
        ("https://lamp.example/100%", "https://lamp.example/100%25"),
        ("https://Bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://xn--bcher-kva.example/a", "https://xn--bcher-kva.example/a"),
        ("https://港口.example/a", "https://xn--6orv52d.example/a"),
        ("https://en.m.lamp.example/a", "https://en.lamp.example/a"),
        ("https://lamp.example/amp", "https://lamp.example/amp"),
        ("https://ramp.example/camp", "https://ramp.example/camp"),
        ("https://m.example/a", "https://m.example/a"),
    ],
)
def test_what_tells_pages_apart_stays(written, canonical):
    assert canonical_url(written, ()) == canonical


@given(
    st.builds(
        "{}://{}{}/{}?{}#{}".format,
        st.sampled_from(["http", "HTTPS", "https"]),
        st.sampled_from(["m.lamp.example", "Bücher.example", "a.m.m.lamp.example", "amp.m.co.uk", "1.2.3.4"]),
        st.sampled_from(["", ":80", ":443", ":8080"]),
        st.text("ab%2fF/.~ 港?&=+;@:'\"<>|\\^`{}[]\u00e9\u202e", max_size=20) | st.just("amp/x.amp.html/amp/amp"),
        st.text("ab&=%2F港+ ", max_size=12),
        st.text("ab", max_size=3),
    )
)
@example("https://www.google.com/amp/s/www.google.com/amp/s/lamp.example/a/amp/amp")
@settings(deadline=None)
def test_a_canonical_address_is_its_own_canonical_address(written):
    once = canonical_url(written, ())
    assert once is not None
    assert canonical_url(once, ()) == once


@given(st.text(max_size=60))
@settings(deadline=None)
def test_no_text_makes_reading_an_address_fail(written):
    once = canonical_url(written, (written,), written)
    assert once is None or canonical_url(once, ()) == once
