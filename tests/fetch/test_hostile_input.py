"""Whatever a server or a feed writes, nothing raises but what is meant to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.documents import Failure, FailureClass, MediaType
from ingest.fetch.addresses import refusal
from ingest.fetch.bodies import media_type, read_body
from ingest.fetch.client import MAX_URL, parse_url
from ingest.fetch.failures import Refusal, retry_after

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
ADDRESSES = st.one_of(
    st.text(max_size=60),
    st.text(max_size=60).map("http://".__add__),
    st.text(max_size=20).map("http://xn--".__add__),
    st.from_regex(r"https?://[^\s]{0,30}(:[0-9]{0,6})?/[^\s]{0,20}", fullmatch=True),
)


def outcome(work):
    """What came of it, or the failure that it was refused with."""
    try:
        return work()
    except Refusal as refused:
        return refused.failure


@given(ADDRESSES)
def test_an_address_is_read_or_refused(url):
    read = outcome(lambda: parse_url(url))
    if isinstance(read, Failure):
        assert read.kind is FailureClass.POLICY
        return
    assert read.scheme in {"http", "https"}
    assert read.host
    assert not read.userinfo
    assert len(url) <= MAX_URL
    assert parse_url(str(read)).host == read.host  # as it would be read the next time


@given(st.one_of(st.text(max_size=40), st.ip_addresses().map(str)))
def test_what_may_be_connected_to_is_an_address(text):
    why = refusal(text)
    assert why is None or why


@given(st.text(max_size=60))
def test_a_wait_is_never_negative_nor_longer_than_a_day(value):
    wait = retry_after(value, now=NOW)
    assert wait is None or timedelta() <= wait <= timedelta(days=1)


@given(st.binary(max_size=300), st.text(max_size=30))
def test_a_body_is_read_or_refused(content, encoding):
    body = outcome(lambda: read_body([content], encoding=encoding, max_bytes=1000))
    assert isinstance(body, Failure) or len(body) <= 1000


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=30)))
def test_a_page_is_taken_or_refused(content, content_type):
    kind = outcome(lambda: media_type(content, content_type))
    assert kind.detail if isinstance(kind, Failure) else kind in MediaType
