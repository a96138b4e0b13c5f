"""Archives → records: whatever is broken costs itself, and ranges meet without a gap."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warc_samples import Builder, answer, arc, archive, article, members, raw

from ingest.documents import Packing, Reason
from ingest.sources.warc.records import Broken, Record, read_records

PAGE = answer(article(1))


def read(content, packing=Packing.PLAIN, *, offset=0, stop=None, most=1_000_000, piece=1000):
    begin = 0 if packing is Packing.WHOLE else offset
    pieces = (content[start : start + piece] for start in range(begin, len(content), piece))
    return list(read_records(pieces, packing=packing, offset=offset, stop=stop, most=most))


def records(found):
    return [each for each in found if isinstance(each, Record)]


def broken(found):
    return [each for each in found if isinstance(each, Broken)]


def test_each_record_is_given_with_what_it_says_of_itself():
    built = Builder().info().add("response", "https://news.example/1", article(1))
    info, page = read(built.content, Packing.RECORDS)
    assert (info.offset, info.kind) == (0, "warcinfo")
    assert (page.offset, page.kind, page.url, page.date) == (
        built.offsets[1], "response", "https://news.example/1", "2026-03-01T06:00:00Z",
    )  # fmt: skip
    assert page.block.startswith(b"HTTP/1.1 200 OK\r\n")
    assert page.block.endswith(article(1))


@pytest.mark.parametrize("piece", [1, 7, 1000, 1_000_000])
def test_it_does_not_matter_in_what_pieces_an_archive_arrives(piece):
    built = archive(4)
    plain = archive(4, packed=False)
    whole = gzip.compress(plain.content)
    expected = [(each.kind, each.url) for each in read(built.content, Packing.RECORDS)]
    for content, packing in (
        (built.content, Packing.RECORDS), (plain.content, Packing.PLAIN), (whole, Packing.WHOLE),
    ):  # fmt: skip
        found = read(content, packing, piece=piece)
        assert [(each.kind, each.url) for each in found] == expected


@given(
    borders=st.lists(st.integers(0, 8_000), max_size=6),
    packing=st.sampled_from([Packing.RECORDS, Packing.PLAIN]),
    seed=st.integers(0, 3),
)
def test_ranges_with_any_borders_give_each_record_once(borders, packing, seed):
    built = archive(6, first=1 + 10 * seed, packed=packing is Packing.RECORDS)
    if packing is Packing.PLAIN:  # only from where a record begins
        borders = [each for each in built.offsets if any(abs(each - border) < 400 for border in borders)]
    edges = [0, *sorted(set(borders) - {0}), None]
    found = [
        each.offset for start, stop in pairwise(edges) for each in read(built.content, packing, offset=start, stop=stop)
    ]
    assert found == built.offsets


def test_a_member_that_is_damaged_costs_its_record_and_says_where_it_begins():
    built = archive(5)
    content = bytearray(built.content)
    hit = built.offsets[4]
    content[hit + 60 : hit + 90] = bytes(30)
    found = read(bytes(content), Packing.RECORDS)
    assert [each.offset for each in records(found)] == [each for each in built.offsets if each != hit]
    (lost,) = broken(found)
    assert (lost.offset, lost.reason) == (hit, Reason.CORRUPT_ARCHIVE)
    assert f"Byte {hit:,}" in lost.detail


def test_bytes_between_members_that_belong_to_no_record_are_told_and_padding_is_not():
    first, second = (archive(1, first=number).content for number in (1, 2))
    found = read(first + b"\0" * 500 + second, Packing.RECORDS)
    assert (len(records(found)), broken(found)) == (6, [])
    found = read(first + b"not gzip, and no padding" + second, Packing.RECORDS)
    assert len(records(found)) == 6
    assert [(each.offset, each.reason) for each in broken(found)] == [(len(first), Reason.CORRUPT_ARCHIVE)]


@pytest.mark.parametrize("packing", list(Packing))
def test_an_archive_that_breaks_off_gives_what_stands_before(packing):
    built = archive(5, packed=packing is Packing.RECORDS)
    content = built.content if packing is not Packing.WHOLE else gzip.compress(built.content)
    found = read(content[: len(content) * 2 // 3], packing)
    whole = [each for each in records(found) if each.flaw is None]
    cut = [each.flaw if isinstance(each, Record) else each for each in found[len(whole) :]]
    assert 4 <= len(whole) < len(built.offsets)
    assert [each.reason for each in cut] == [Reason.CORRUPT_ARCHIVE]
    assert "breaks off" in cut[0].detail


def test_whole_file_gzip_that_is_damaged_gives_what_stands_before_the_damage():
    content = bytearray(gzip.compress(archive(40, packed=False).content))
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    found = read(bytes(content), Packing.WHOLE)
    assert [each.url for each in found[:10]] == [each.url for each in read(archive(40, packed=False).content)[:10]]
    assert found[-1].reason is Reason.CORRUPT_ARCHIVE


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        pytest.param(raw("https://a.example/2", PAGE, length=len(PAGE) + 900), "malformed_record", id="too many"),
        pytest.param(raw("https://a.example/2", PAGE, length=10**15), "malformed_record", id="far too many"),
        pytest.param(raw("https://a.example/2", PAGE, length="many"), "malformed_record", id="no number"),
        pytest.param(raw("https://a.example/2", PAGE, length=-5), "malformed_record", id="less than none"),
        pytest.param(raw("https://a.example/2", PAGE, version=b"WARC/9.9"), "malformed_record", id="no such version"),
        pytest.param(b"<p>left over</p>\r\n\r\n", "malformed_record", id="no record at all"),
        pytest.param(raw("https://a.example/2", PAGE, length=10), None, id="too few: read to the next record"),
        pytest.param(raw("https://a.example/2", PAGE, end=b""), None, id="no empty line behind it"),
    ],
)
def test_a_record_of_a_plain_archive_that_is_wrong_costs_itself(second, reason):
    others = [raw(f"https://a.example/{number}", PAGE) for number in (1, 3, 4)]
    found = read(b"".join([others[0], second, *others[1:]]))
    flaws = [each if isinstance(each, Broken) else each.flaw for each in found if isinstance(each, Broken) or each.flaw]
    fine = [each.url[-1] for each in records(found) if not each.flaw]
    assert ("".join(fine), [(each.reason.value, each.offset) for each in flaws]) == (
        ("134", [(reason, len(others[0]))]) if reason else ("1234", [])
    )


def test_a_record_may_go_on_in_a_further_member():
    record = raw("https://a.example/1", PAGE)
    content = members(record[:300], record[300:]) + members(raw("https://a.example/2", PAGE))
    found = read(content, Packing.RECORDS)
    assert [(each.url, each.block) for each in found] == [
        ("https://a.example/1", PAGE), ("https://a.example/2", PAGE),
    ]  # fmt: skip


def test_arc_is_read_as_well_and_may_have_spaces_in_addresses():
    content = arc(("http://old.example/a b", PAGE), ("http://old.example/c", PAGE))
    info, first, second = read(content)
    assert (info.kind, first.kind, first.url, first.date) == (
        "warcinfo", "response", "http://old.example/a b", "2026-03-01T06:00:00Z",
    )  # fmt: skip
    assert (second.url, second.block) == ("http://old.example/c", PAGE)


@pytest.mark.parametrize("length", ["-1", "abc"])
def test_a_capture_of_an_arc_file_with_a_wrong_length_costs_itself(length):
    content = arc(("http://old.example/a", PAGE), ("http://old.example/b", PAGE), ("http://old.example/c", PAGE))
    wrong = content.replace(f"text/html {len(PAGE)}".encode(), f"text/html {length}".encode(), 2).replace(
        f"text/html {length}".encode(), f"text/html {len(PAGE)}".encode(), 1
    )
    found = read(wrong)
    assert [each.url for each in records(found)[1:]] == ["http://old.example/a", "http://old.example/c"]
    assert [each.reason for each in broken(found)] == [Reason.MALFORMED_RECORD]


@pytest.mark.parametrize("packing", list(Packing))
def test_a_block_beyond_the_limit_is_passed_over_without_being_held(packing):
    bomb = raw("https://a.example/big", answer(bytes(60_000_000)))
    other = raw("https://a.example/2", PAGE)
    content = {
        Packing.PLAIN: bomb + other,
        Packing.WHOLE: gzip.compress(bomb + other, 1),
        Packing.RECORDS: members(bomb, other),
    }[packing]
    tracemalloc.start()
    found = read(content, packing, most=100_000, piece=100_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(each.url, each.block) for each in found] == [
        ("https://a.example/big", None),
        ("https://a.example/2", PAGE),
    ]
    assert peak < 8_000_000


def test_headers_without_end_are_no_record():
    endless = b"WARC/1.0\r\n" + b"X-Filler: " + b"a" * 200_000 + b"\r\n\r\n"
    found = read(endless + raw("https://a.example/2", PAGE))
    assert [each.url for each in records(found)] == ["https://a.example/2"]
    assert [each.reason for each in broken(found)] == [Reason.MALFORMED_RECORD]


@settings(max_examples=60)
@given(
    cuts=st.lists(st.tuples(st.integers(0, 6_000), st.binary(max_size=40)), max_size=4),
    packing=st.sampled_from(list(Packing)),
)
def test_whatever_is_done_to_an_archive_reading_ends_and_goes_forward(cuts, packing):
    content = archive(4, packed=packing is Packing.RECORDS).content
    damaged = bytearray(gzip.compress(content) if packing is Packing.WHOLE else content)
    for at, put in cuts:
        damaged[at : at + len(put)] = put
    found = read(bytes(damaged), packing)
    assert [each.offset for each in found] == sorted(each.offset for each in found)
    assert len(found) < 60


@settings(max_examples=60)
@given(noise=st.binary(max_size=3000), packed=st.booleans())
def test_noise_holds_no_record_and_raises_nothing(noise, packed):
    packing = Packing.RECORDS if packed else Packing.PLAIN
    assert records(read(noise, packing)) == []
    assert records(read(zlib.compress(noise), Packing.WHOLE)) == []
