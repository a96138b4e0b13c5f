from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from notices import AT, DISMISSED, ENDED, NEW, hostile, notice

from ingest.alerts.channel import Delivered, Undelivered
from ingest.alerts.channels.atom import Atom
from ingest.alerts.channels.configured import AtomEntry, JsonlEntry
from ingest.alerts.channels.console import AfterReport, Console
from ingest.alerts.channels.jsonl import Jsonl
from ingest.alerts.notice import NoticeKind

ATOM = "{http://www.w3.org/2005/Atom}"


def lines_of(path):
    return Jsonl("lines", JsonlEntry(kind="jsonl", path=str(path)))


def feed_of(path, **options):
    return Atom("feed", AtomEntry(kind="atom", path=str(path), **options))


def ids(path):
    return [json.loads(line)["data"]["id"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_message_is_a_line_and_a_repetition_is_none_whoever_wrote_the_first(tmp_path):
    path = tmp_path / "new" / "alerts.jsonl"
    first, second = lines_of(path), lines_of(path)
    assert first.deliver(notice(NEW, number="alr-1")) == Delivered()
    assert second.deliver(notice(ENDED, number="alr-2")) == Delivered()
    for channel in (first, second, lines_of(path)):
        for known in ("alr-1", "alr-2"):
            assert channel.deliver(notice(NEW, number=known)) == Delivered(detail="it was there already")
    assert ids(path) == ["alr-1", "alr-2"]


@pytest.mark.parametrize("torn", [1, 50, -1])
def test_a_line_that_a_crash_tore_is_taken_off_and_the_message_is_written_whole(tmp_path, torn):
    path = tmp_path / "alerts.jsonl"
    lines_of(path).deliver(notice(NEW, number="alr-1"))
    whole = path.read_bytes()
    lines_of(path).deliver(notice(NEW, number="alr-2"))
    path.write_bytes(path.read_bytes()[: len(whole) + (torn if torn > 0 else len(whole) - 1)])
    assert lines_of(path).deliver(notice(NEW, number="alr-2")) == Delivered()
    assert ids(path) == ["alr-1", "alr-2"]


def test_two_writers_at_once_write_whole_lines_and_each_message_once(tmp_path):
    path = tmp_path / "alerts.jsonl"
    numbers = [f"alr-{number}" for number in range(20)]

    def write(_):
        channel = lines_of(path)
        return [channel.deliver(notice(NEW, number=each)) for each in numbers]

    with ThreadPoolExecutor(3) as pool:
        outcomes = [each for one in pool.map(write, range(3)) for each in one]
    assert sorted(ids(path)) == sorted(numbers)
    assert outcomes.count(Delivered()) == len(numbers)


_KILLED = """
import sys
sys.path.insert(0, sys.argv[2])
from notices import NEW, notice
from ingest.alerts.channels.configured import JsonlEntry
from ingest.alerts.channels.jsonl import Jsonl
channel = Jsonl("lines", JsonlEntry(kind="jsonl", path=sys.argv[1]))
print("ready", flush=True)
for number in range(1_000_000):
    channel.deliver(notice(NEW, number=f"alr-{number}"))
"""


def test_a_writer_that_is_killed_leaves_nothing_that_the_next_one_cannot_mend(tmp_path):
    path = tmp_path / "alerts.jsonl"
    arguments = [sys.executable, "-c", _KILLED, str(path), str(Path(__file__).parent)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as writer:
        writer.stdout.readline()
        while not path.exists() or path.stat().st_size < 20_000:
            time.sleep(0.01)
        writer.kill()
    written = path.read_bytes().count(b"\n")
    for number in range(written + 2):
        assert isinstance(lines_of(path).deliver(notice(NEW, number=f"alr-{number}")), Delivered)
    assert ids(path) == [f"alr-{number}" for number in range(written + 2)]


def test_a_file_that_was_rotated_away_begins_anew(tmp_path):
    path = tmp_path / "alerts.jsonl"
    channel = lines_of(path)
    channel.deliver(notice(NEW, number="alr-1"))
    path.rename(tmp_path / "alerts.jsonl.1")
    channel.deliver(notice(NEW, number="alr-2"))
    assert ids(path) == ["alr-2"]


@pytest.mark.parametrize("channel", [lines_of, feed_of])
def test_a_file_that_cannot_be_written_is_tried_again(tmp_path, channel):
    (tmp_path / "folder").write_text("a file")
    outcome = channel(tmp_path / "folder" / "alerts").deliver(notice(NEW))
    assert isinstance(outcome, Undelivered)
    assert not outcome.permanent
    assert "cannot be written" in outcome.detail


def test_a_feed_is_valid_and_has_an_entry_for_each_event_the_newest_first(tmp_path):
    path = tmp_path / "agreements.atom"
    feed_of(path).deliver(notice(NEW))
    feed_of(path).deliver(replace(notice(ENDED, DISMISSED), at=AT + timedelta(hours=1)))
    feed_of(path).deliver(replace(notice(NEW, number="alr-of-another-rule"), at=AT + timedelta(hours=2)))
    feed = etree.parse(path).getroot()
    assert feed.tag == ATOM + "feed"
    assert [feed.findtext(ATOM + name) for name in ("id", "title", "updated")] == [
        "tag:ingest.invalid,2026:ingest/feed/feed",
        "Agreements",
        "2026-03-04T07:06:07Z",
    ]
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "ingest"
    entries = feed.findall(ATOM + "entry")
    assert [each.findtext(ATOM + "id").rpartition("/")[2] for each in entries] == ["17", "19", "18"]
    assert entries[0].find(ATOM + "link").attrib == {
        "rel": "alternate",
        "href": "https://news.example.com/2026/03/batteries.html",
    }
    assert entries[0].findtext(ATOM + "title") == "New agreement: Norrland Cells + 江川新能源 (MOU, signed)"
    assert entries[0].find(ATOM + "content").get("type") == "html"
    assert "签署谅解备忘录" in entries[0].findtext(ATOM + "content")


def test_a_feed_keeps_the_newest_entries_only(tmp_path):
    path = tmp_path / "agreements.atom"
    channel = feed_of(path, entries=3)
    for number in range(5):
        channel.deliver(notice(replace(NEW, event=number)))
    found = [each.text.rpartition("/")[2] for each in etree.parse(path).iterfind(f"{ATOM}entry/{ATOM}id")]
    assert found == ["4", "3", "2"]


@given(st.text(max_size=100))
def test_a_feed_stays_well_formed_whatever_pages_say(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("feed") / "agreements.atom"
    assert feed_of(path).deliver(notice(hostile(text))) == Delivered()
    assert len(etree.parse(path).findall(ATOM + "entry")) == 1


def test_a_file_that_is_no_feed_is_left_alone(tmp_path):
    path = tmp_path / "agreements.atom"
    path.write_text("something else")
    outcome = feed_of(path).deliver(notice(NEW))
    assert isinstance(outcome, Undelivered)
    assert outcome.permanent
    assert path.read_text() == "something else"


def test_the_console_prints_plain_lines_also_where_its_encoding_has_no_chinese():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    assert Console(stream=stream).deliver(notice(NEW)) == Delivered()
    assert raw.getvalue().startswith(b"New agreement: Norrland Cells + ?????")
    assert raw.getvalue().count(b"\n") == 2


def test_a_console_that_is_closed_is_a_failure_and_no_exception():
    stream = io.StringIO()
    stream.close()
    assert isinstance(Console(stream=stream).deliver(notice(NEW)), Undelivered)


@pytest.mark.parametrize(
    ("told", "is_printed"),
    [
        (notice(NEW), False),
        (notice(NEW, ENDED, kind=NoticeKind.DIGEST), False),
        (notice(NEW, left_out=3, kind=NoticeKind.SUMMARY), True),
        (notice(DISMISSED), True),
    ],
)
def test_after_a_report_only_what_it_does_not_list_is_printed(told, is_printed):
    stream = io.StringIO()
    after = AfterReport(Console(stream=stream), listed={item.agreement.id for item in told.items})
    assert isinstance(after.deliver(told), Delivered)
    assert (bool(stream.getvalue()), after.counted.total()) == (is_printed, 0 if is_printed else 1)


def test_an_alert_of_an_agreement_that_a_report_left_out_is_printed_after_it():
    stream = io.StringIO()
    after = AfterReport(Console(stream=stream), listed={"agr-another"})
    assert after.deliver(notice(NEW)) == Delivered()
    assert "New agreement: " in stream.getvalue()


def test_the_console_names_a_reason_as_one():
    stream = io.StringIO()
    Console(stream=stream).deliver(notice(DISMISSED))
    assert "\n  Reason: " in stream.getvalue()
