"""A record → the page that it is a capture of, or the reason why it brings none."""

from __future__ import annotations

import gzip
import tracemalloc
from datetime import UTC, datetime

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warc_samples import answer, article, chunked, deflated

from ingest.documents import MediaType, Page, Reason, Skip, Transport
from ingest.sources.warc.records import Broken, Record
from ingest.sources.warc.responses import Reading, to_page

HTML = article(7)
CUT = Broken(offset=12, reason=Reason.CORRUPT_ARCHIVE, detail="Byte 12 of the archive: it breaks off.")


def read(block, *, url="https://news.example/7", kind="response", most=100_000, **more):
    record = Record(offset=12, kind=kind, url=url, block=block, **more)
    return to_page(record, Reading(source="old", max_bytes=most, time_zone="Asia/Hong_Kong"))


def test_a_page_has_its_address_its_headers_and_the_time_of_its_capture():
    block = answer(HTML, 'ETag: "a1"', "Last-Modified: Sun, 01 Mar 2026 05:00:00 GMT").replace(
        b"text/html", b"text/html; charset=GB18030"
    )
    found = read(block, url="HTTPS://News.Example:443/7?utm_source=feed#top", date="2026-03-01T14:00:00+08:00")
    assert found == Page(
        source="old",
        key="https://news.example/7",
        content=HTML,
        media_type=MediaType.HTML,
        url="HTTPS://News.Example:443/7?utm_source=feed#top",
        charset="GB18030",
        time_zone="Asia/Hong_Kong",
        transport=Transport(status=200, etag='"a1"', last_modified="Sun, 01 Mar 2026 05:00:00 GMT"),
        fetched_at=datetime(2026, 3, 1, 6, tzinfo=UTC),
    )


@pytest.mark.parametrize("date", [None, "", "yesterday", "2026-13-45T00:00:00Z"])
def test_a_capture_whose_time_cannot_be_read_is_a_page_all_the_same(date):
    assert read(answer(HTML), date=date).fetched_at is None


@pytest.mark.parametrize(
    ("header", "body"),
    [
        pytest.param("Content-Encoding: gzip", gzip.compress(HTML, mtime=0), id="gzip"),
        pytest.param("Content-Encoding: X-GZIP", gzip.compress(HTML, mtime=0), id="its old name"),
        pytest.param("Content-Encoding: deflate", deflated(HTML), id="deflate"),
        pytest.param("Content-Encoding: deflate", deflated(HTML, bare=True), id="deflate without envelope"),
        pytest.param("Content-Encoding: br", brotli.compress(HTML), id="brotli"),
        pytest.param("Content-Encoding: gzip, br", brotli.compress(gzip.compress(HTML)), id="one in the other"),
        pytest.param("Content-Encoding: identity", HTML, id="none"),
        pytest.param("Content-Encoding: gzip", HTML, id="unpacked by the archive: gzip"),
        pytest.param("Content-Encoding: br", HTML, id="unpacked by the archive: brotli"),
        pytest.param("Content-Encoding: deflate", HTML, id="unpacked by the archive: deflate"),
        pytest.param("Transfer-Encoding: chunked", chunked(HTML), id="chunked"),
        pytest.param("Transfer-Encoding: chunked", HTML, id="chunked by its header only"),
        pytest.param("Transfer-Encoding: chunked\r\nContent-Encoding: gzip", chunked(gzip.compress(HTML)), id="both"),
        pytest.param("Content-Encoding: gzip", gzip.compress(HTML, mtime=0)[:-6], id="without the end of its checksum"),
    ],
)
def test_a_body_is_unpacked_as_its_headers_say(header, body):
    assert read(answer(body, header)).content == HTML


@pytest.mark.parametrize(
    ("header", "body", "reason", "says"),
    [
        ("Content-Encoding: gzip", gzip.compress(HTML, mtime=0)[:200], Reason.CORRUPT_ARCHIVE, "gzip"),
        ("Content-Encoding: gzip", b"\x1f\x8b" + bytes(300), Reason.CORRUPT_ARCHIVE, "gzip"),
        ("Content-Encoding: br", brotli.compress(HTML)[:200], Reason.CORRUPT_ARCHIVE, "br"),
        ("Content-Encoding: zstd", b"\x28\xb5\x2f\xfd...", Reason.UNSUPPORTED_ENCODING, "'zstd'"),
    ],
)
def test_a_body_that_does_not_unpack_is_broken_and_says_where(header, body, reason, says):
    found = read(answer(body, header))
    assert (found.offset, found.reason, found.url) == (12, reason, "https://news.example/7")
    assert says in found.detail
    assert "Byte 12 of the archive" in found.detail


@pytest.mark.parametrize(
    ("header", "body"),
    [
        pytest.param("Content-Encoding: gzip", gzip.compress(bytes(200_000_000)), id="gzip"),
        pytest.param("Content-Encoding: br", brotli.compress(bytes(200_000_000), quality=1), id="brotli"),
        pytest.param("Content-Encoding: deflate", deflated(bytes(200_000_000)), id="deflate"),
    ],
)
def test_a_body_that_would_fill_the_memory_is_left_at_the_limit(header, body):
    block = answer(body, header)
    tracemalloc.start()
    found = read(block, most=1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found is Skip.TOO_LARGE
    assert peak < 12_000_000


@pytest.mark.parametrize(
    ("given", "skip"),
    [
        *(({"kind": kind.value}, kind) for kind in list(Skip)[:6]),
        ({"kind": "continuation"}, Skip.OTHER_RECORD),
        ({"kind": ""}, Skip.OTHER_RECORD),
        ({"url": "dns:news.example"}, Skip.NOT_HTTP),
        ({"url": None}, Skip.NOT_HTTP),
        ({"url": "https://"}, Skip.BAD_URL),
        ({"url": "https://user:secret@news.example/7"}, Skip.BAD_URL),
        ({"url": "https://news.example/" + "a" * 3000}, Skip.BAD_URL),
        ({"url": "https://news.example/\x1b[31m"}, Skip.BAD_URL),
        ({"block": None}, Skip.TOO_LARGE),
        ({"block": answer(HTML + bytes(200_000))}, Skip.TOO_LARGE),
        ({"truncated": "disconnect"}, Skip.CUT),
        ({"block": HTML}, Skip.NOT_HTTP),
        ({"block": b"HTTP/1.1 OK\r\n\r\n" + HTML}, Skip.NOT_HTTP),
        ({"block": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 90_000 + b"\r\n\r\n" + HTML}, Skip.NOT_HTTP),
        ({"block": answer(HTML, status="301 Moved")}, Skip.REDIRECT),
        ({"block": answer(HTML, status="404 Not Found")}, Skip.HTTP_STATUS),
        ({"block": answer(HTML, status="206 Partial Content")}, Skip.HTTP_STATUS),
        ({"block": answer(b" \r\n ")}, Skip.EMPTY),
        ({"block": answer(b"%PDF-1.7 ...")}, Skip.NOT_HTML),
        ({"block": answer(b'{"a": 1}').replace(b"text/html", b"application/json")}, Skip.NOT_HTML),
        ({"block": answer(b"Only words.").replace(b"text/html", b"text/plain")}, Skip.NOT_HTML),
    ],
)  # fmt: skip
def test_what_brings_no_page_has_a_reason_of_the_closed_set(given, skip):
    assert read(**{"block": answer(HTML), **given}) is skip


def test_every_reason_to_skip_a_record_can_come_about():
    cases = test_what_brings_no_page_has_a_reason_of_the_closed_set.pytestmark[0].args[1]
    assert {skip for _, skip in cases} == set(Skip)


def test_a_page_that_the_crawler_cut_at_a_length_is_read():
    assert read(answer(HTML), truncated="length").content == HTML


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        pytest.param(answer(HTML, f"Content-Length: {len(HTML)}"), HTML, id="as many bytes as the server says"),
        pytest.param(answer(HTML, f"Content-Length: {len(HTML) + 1}"), CUT, id="fewer"),
        pytest.param(answer(HTML), CUT, id="nobody says how many"),
    ],
)
def test_a_record_that_ends_too_early_is_a_page_only_where_its_body_is_whole(block, expected):
    found = read(block, flaw=CUT)
    assert (found.content if isinstance(found, Page) else found) == expected
    assert read(block, flaw=CUT, kind="metadata") == CUT


@pytest.mark.parametrize(
    ("given", "url", "key"),
    [
        ("<https://news.example/7>", "https://news.example/7", "https://news.example/7"),
        ("https://news.example/a b", "https://news.example/a%20b", "https://news.example/a%20b"),
        ("https://新聞.example/7", "https://新聞.example/7", "https://xn--efvv70d.example/7"),
    ],
)
def test_addresses_are_mended_where_it_is_known_what_was_meant(given, url, key):
    found = read(answer(HTML), url=given)
    assert (found.url, found.key) == (url, key)


@settings(max_examples=150)
@given(block=st.binary(max_size=400), encoding=st.sampled_from(["gzip", "br", "deflate", "gzip, br", "zstd"]))
def test_no_body_raises(block, encoding):
    found = read(answer(block, f"Content-Encoding: {encoding}", "Transfer-Encoding: chunked"))
    assert isinstance(found, Page | Skip | Broken)
    assert isinstance(read(b"HTTP/1.1 " + block), Page | Skip | Broken)
