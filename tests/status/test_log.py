"""Events as lines that programs read."""

from __future__ import annotations

import ast
import io
import json
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from status_samples import HOSTILE

from ingest import log
from ingest.documents import Detected, Dropped, Fate, Outcome, Reason, Stage
from ingest.log import EVENTS, Event

ROOT = Path(__file__).parents[2]


def logged(*events, level="debug", form="json"):
    """Lines that these events make, without their time."""
    stream = io.StringIO()
    log.start(level=level, form=form, stream=stream)
    for what, fields in events:
        log.event(what, **fields)
    log.stop()
    return stream.getvalue()


def parsed(text):
    return [json.loads(line) for line in text.splitlines()]


def test_an_event_is_a_line_of_json_with_its_time_level_and_name_first():
    (line,) = parsed(logged((Event.SOURCE_FAILED, {"source": "desk", "reason": "timed_out", "detail": None})))
    assert list(line) == ["at", "level", "event", "source", "reason"]
    assert datetime.fromisoformat(line["at"]).tzinfo
    assert (line["level"], line["event"], line["source"]) == ("warning", "source.failed", "desk")


def test_an_event_is_a_line_of_keys_and_values_as_text():
    line = logged((Event.RUN_FINISHED, {"run": 3, "seconds": 1.5, "kind": "an ingest"}), form="text")
    assert line.partition(" ")[2] == 'level=info event=run.finished run=3 seconds=1.5 kind="an ingest"\n'


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("debug", ["document.settled", "run.started", "source.failed", "run.failed"]),
        ("info", ["run.started", "source.failed", "run.failed"]),
        ("warning", ["source.failed", "run.failed"]),
        ("error", ["run.failed"]),
        ("off", []),
    ],
)
def test_events_of_less_weight_than_asked_for_are_left_out(level, expected):
    events = [(what, {}) for what in (Event.DOCUMENT_SETTLED, Event.RUN_STARTED, Event.SOURCE_FAILED, Event.RUN_FAILED)]
    assert [line["event"] for line in parsed(logged(*events, level=level))] == expected


def test_nothing_is_written_before_an_entry_point_has_asked_for_it(capsys):
    log.event(Event.RUN_FAILED, failure="x")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("form", log.FORMATS)
@pytest.mark.parametrize(
    "secret",
    [
        "postgresql://me:hunter2@host/news",
        "https://hooks.example/in?token=hunter2&x=1",
        "cannot reach https://me:hunter2@a.example/ now",
    ],
)
def test_secrets_in_addresses_are_masked(form, secret):
    assert "hunter2" not in logged((Event.SOURCE_FAILED, {"detail": secret}), form=form)


@pytest.mark.parametrize("form", log.FORMATS)
def test_text_from_the_web_makes_no_further_line_and_moves_no_cursor(form):
    text = logged(
        (Event.DOCUMENT_DROPPED, {"key": f"a\r\nevent=run.failed {HOSTILE}", "detail": "\x9b2J\ud800"}), form=form
    )
    assert text.count("\n") == 1
    assert not any(mark in text for mark in ("\r", "\x1b", "\x9b", "\u202e", "\ud800"))


@pytest.mark.parametrize("form", log.FORMATS)
@given(value=st.text())
def test_whatever_a_value_holds_an_event_is_one_printable_line(form, value):
    text = logged((Event.DOCUMENT_DROPPED, {"key": value}), form=form)
    assert text.endswith("\n")
    assert len(text.splitlines()) == 1
    if form == "json":
        assert json.loads(text)["event"] == "document.dropped"


def test_a_long_value_is_cut():
    (line,) = parsed(logged((Event.RUN_FAILED, {"failure": "x" * 100_000})))
    assert len(line["failure"]) == 2_000


def test_a_stream_that_cannot_write_chinese_gets_escapes():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    log.start(level="info", form="text", stream=stream)
    log.event(Event.SOURCE_FAILED, source="新华社")
    log.stop()
    assert rb"source=\u65b0\u534e\u793e" in raw.getvalue()


def test_what_became_of_a_document_is_told_with_the_agreements_that_are_new_or_changed():
    stream = io.StringIO()
    log.start(level="debug", form="json", stream=stream)
    dropped = Dropped(
        source="desk", key="b.txt", stage=Stage.EXTRACT, reason=Reason.NOT_TEXT, detail="It is a picture."
    )
    agreements = tuple(Detected(agreement_id=f"agr-{n}", is_new=n == 1, status_changed=n == 2) for n in (1, 2, 3))
    log.outcome(Outcome(source="desk", key="b.txt", fate=Fate.DROPPED, dropped=dropped))
    log.outcome(Outcome(source="desk", key="a.txt", fate=Fate.NEW, article_id="art-1", agreements=agreements))
    log.stop()
    lines = parsed(stream.getvalue())
    assert [line["event"] for line in lines] == [
        "document.dropped", "document.settled", "agreement.detected", "agreement.changed",
    ]  # fmt: skip
    assert (lines[0]["reason"], lines[0]["detail"]) == ("not_text", "It is a picture.")
    assert (lines[2]["agreement"], lines[2]["article"]) == ("agr-1", "art-1")


def test_an_event_can_be_put_in_a_line_for_another_logger():
    said = log.line(Event.DOCUMENT_DROPPED, source="a b", key="c\nd", detail=None)
    assert said == 'event=document.dropped source="a b" key=c\\nd'


def calls():
    """Every call that writes an event: its name, and the fields that it gives."""
    for path in [*ROOT.glob("src/**/*.py"), *ROOT.glob("flows/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) in {"log.event", "log.line", "event"}
                and node.args
                and isinstance(node.args[0], ast.Attribute)
                and ast.unparse(node.args[0].value) == "Event"
            ):
                yield Event[node.args[0].attr], {each.arg for each in node.keywords}


def test_each_event_is_written_with_no_field_that_its_table_does_not_name():
    assert [(what, fields) for what, fields in calls() if not fields <= set(EVENTS[what].fields)] == []


def test_each_event_of_the_table_is_written_somewhere():
    source = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("src/ingest/**/*.py"))
    used = {what for what in Event if source.count(f"Event.{what.name}") > 1}  # once in the table
    assert used == set(Event)
    assert set(EVENTS) == set(Event)
