from __future__ import annotations

import gzip
import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.documents import Dropped, Hints, MediaType, Page, Reason
from ingest.errors import SourceNotFoundError
from ingest.sources.jsonl import JsonLinesSource
from ingest.sources.reading import Flaw
from ingest.sources.records import Record, RecordFile, parse_record, split_lines


def read(*lines, longest=10_000):
    stream = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    records = RecordFile(source="wire", file="x.jsonl", prefix="", longest=longest, time_zone="UTC")
    return list(records.read([stream]))


def test_a_line_is_a_page_with_its_raw_bytes_and_what_it_says_of_itself(tmp_path):
    line = (
        b'{"id": "w1", "url": "https://example.org/1", "title": "A title", "text": "Text.", "published": "2024-03-14"}'
    )
    path = tmp_path / "x.jsonl"
    path.write_bytes(line + b"\r\n")
    (page,) = JsonLinesSource(path=path, name="wire", address="x.jsonl", time_zone="Asia/Hong_Kong")
    assert page == Page(
        source="wire",
        key="w1",
        content=line,
        media_type=MediaType.RECORD,
        url="https://example.org/1",
        hints=Hints(title="A title", published="2024-03-14"),
        time_zone="Asia/Hong_Kong",
    )


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"id": "w1", "url": "https://example.org/1"}, "w1"),
        ({"id": 17}, "17"),
        ({"id": None, "url": "https://example.org/1"}, "https://example.org/1"),
        ({"id": " ", "url": "https://example.org/1"}, "https://example.org/1"),
        ({}, "9085c0e7bc9f7b87"),
        ({"id": "a\nb\udcff"}, "a%0Ab%FF"),
        ({"id": "line:3"}, "line%3A3"),
    ],
)
def test_a_record_is_named_by_its_id_else_its_url_else_its_content(fields, key):
    (page,) = read({"text": "One.", **fields})
    assert page.key == key


def test_a_second_record_of_the_same_name_is_a_document_of_its_own_every_time():
    lines = [{"id": "a", "text": "One."}, {"id": "a~2", "text": "Two."}, {"id": "a", "text": "Three."}]
    assert [page.key for page in read(*lines)] == ["a", "a~2", "a~3"]
    assert [page.key for page in read(*lines)] == ["a", "a~2", "a~3"]


@pytest.mark.parametrize(
    ("line", "reason", "says"),
    [
        (b"not json", Reason.MALFORMED_RECORD, "not JSON"),
        (b'{"text": "cut', Reason.MALFORMED_RECORD, "not JSON"),
        (b'["text"]', Reason.MALFORMED_RECORD, "not an object"),
        (b'{"id": "x"}', Reason.MALFORMED_RECORD, '"text" is missing'),
        (b'{"text": null}', Reason.MALFORMED_RECORD, '"text" is missing'),
        (b'{"text": 5}', Reason.MALFORMED_RECORD, '"text" is not a string'),
        (b'{"text": "x", "url": ["y"]}', Reason.MALFORMED_RECORD, '"url" is not a string'),
        (b'{"text": "x", "id": true}', Reason.MALFORMED_RECORD, '"id" is not a string'),
        (b'{"text": " \\n "}', Reason.EMPTY, "blank"),
        (b"[" * 9_000, Reason.MALFORMED_RECORD, ""),
        (b'{"text": ' + b"9" * 5_000 + b"}", Reason.MALFORMED_RECORD, "not JSON"),
        (b'{"text": "' + b"x" * 10_001 + b'"}', Reason.MALFORMED_RECORD, "longer than 10,000 bytes"),
        (b"\xff\xff\x00\x81 noise", Reason.MALFORMED_RECORD, "not JSON"),
    ],
)
def test_a_malformed_line_is_dropped_with_its_number_and_the_rest_goes_on(line, reason, says):
    first, dropped, last = read({"id": "a", "text": "One."}, line, {"id": "b", "text": "Two."})
    assert (first.key, last.key) == ("a", "b")
    assert isinstance(dropped, Dropped)
    assert dropped.reason is reason
    assert dropped.detail.startswith("Line 2: ")
    assert says in dropped.detail


def test_a_file_of_nothing_but_copies_is_named_in_linear_time():
    items = read(*[b'{"id": "a", "text": "One."}'] * 20_000)
    assert items[-1].key == "a~20000"


def test_a_malformed_line_that_has_an_id_is_found_by_it():
    (dropped,) = read({"id": "a", "text": 5})
    assert (dropped.key, dropped.reason) == ("a", Reason.MALFORMED_RECORD)


def test_a_malformed_line_without_an_id_is_named_by_its_number():
    assert [item.key for item in read(b"{}", b"", b"{}")] == ["line:1", "line:3"]


def test_a_byte_order_mark_and_blank_lines_are_no_records():
    (page,) = read(b'\xef\xbb\xbf{"id": "a", "text": "One."}', b"  ", b"")
    assert page.content == b'{"id": "a", "text": "One."}'


def test_a_file_in_utf_16_is_dropped_once():
    (dropped,) = read('{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}'.encode("utf-16"))
    assert dropped.key == "x.jsonl"
    assert "UTF-8" in dropped.detail


def test_a_line_in_another_encoding_is_read():
    line = '{"id": "甲", "text": "两所大学周五签署合作协议，将共建联合实验室。"}'
    record = parse_record(line.encode("gb18030"))
    assert record == Record(id="甲", text="两所大学周五签署合作协议，将共建联合实验室。")


def test_text_stays_as_given_and_hints_are_cleaned():
    line = json.dumps({"text": "a\r\n\ud800b\u200b", "title": "A\x00 \ud800title", "url": "https://e.org/\ud800"})
    record = parse_record(line.encode())
    assert isinstance(record, Record)
    assert record.text == "a\r\n\ud800b\u200b"
    (page,) = read(line.encode())
    assert page.hints.title == "A title"
    assert page.url == "https://e.org/"


def test_gzip_is_unpacked_and_what_stands_before_the_damage_is_kept(tmp_path):
    noise = "".join(chr(0x4E00 + (i * i * 31) % 20_000) for i in range(40_000))
    packed = gzip.compress(
        b'{"id": "a", "text": "One."}\n' + json.dumps({"id": "b", "text": noise}, ensure_ascii=False).encode()
    )
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(packed)
    whole = JsonLinesSource(path=path, name="wire", address="x.jsonl.gz")
    assert [item.key for item in whole] == ["a", "b"]
    path.write_bytes(packed[:-20_000])
    page, dropped = whole
    assert page.key == "a"
    assert (dropped.key, dropped.reason) == ("x.jsonl.gz", Reason.CORRUPT_ARCHIVE)


def test_a_missing_file_is_an_error_with_a_remedy(tmp_path):
    with pytest.raises(SourceNotFoundError) as caught:
        list(JsonLinesSource(path=tmp_path / "x.jsonl", name="wire", address="x.jsonl"))
    assert caught.value.remedy


def test_a_source_knows_which_records_it_holds(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "a", "text": "One."}\n{"id": "a", "text": "Two."}\n{"id": "c"}\n')
    wire = JsonLinesSource(path=path, name="wire", address="x.jsonl")
    assert [wire.holds(key) for key in ("a", "a~2", "b", "c")] == [True, True, False, False]
    path.unlink()
    assert not wire.holds("a")


def test_memory_holds_a_line_and_not_the_file(tmp_path):
    path = tmp_path / "x.jsonl.gz"
    line = json.dumps({"text": "x" * 10_000}).encode() + b"\n"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(100):
            file.write(line * 10)
        file.write(b'{"text": "' + b"y" * 10_000_000)
    tracemalloc.start()
    items = JsonLinesSource(path=path, name="wire", address="x.jsonl.gz", max_bytes=100_000)
    count = sum(1 for _ in items)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 1_001
    assert peak < 5_000_000


@given(st.lists(st.binary(max_size=30)), st.integers(1, 40), st.integers(0, 25))
@settings(deadline=None)
def test_lines_are_cut_the_same_whatever_the_pieces(lines, size, longest):
    lines = [line.replace(b"\n", b"").replace(b"\r", b"") for line in lines]
    stream = b"".join(line + b"\n" for line in lines)
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    expected = [(i, line if len(line) <= longest else None) for i, line in enumerate(lines, 1)]
    assert list(split_lines(pieces, longest=longest)) == expected


@given(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)))
@settings(deadline=None)
def test_any_bytes_are_a_record_or_a_flaw(content):
    assert isinstance(parse_record(content), Record | Flaw)


JSON = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.lists(st.text(max_size=3))


@given(
    st.lists(st.dictionaries(st.sampled_from(["id", "url", "title", "text", "published", "more"]), JSON), max_size=9)
)
@settings(deadline=None)
def test_nothing_vanishes_and_no_two_pages_share_a_key(values):
    items = read(*[json.dumps(value).encode() for value in values], longest=100_000)
    assert len(items) == max(1, len(values))
    keys = [item.key for item in items if isinstance(item, Page)]
    assert len(set(keys)) == len(keys)
    for item in items:
        item.key.encode()
