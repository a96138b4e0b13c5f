"""Which events concern a rule, and when they are sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.alerts.notice import NoticeKind, Why
from ingest.alerts.rules import Cadence, Digest, LeftOut, Occasion, Quiet, Rule, left_out
from ingest.alerts.schedule import back_off, next_digest, slot, summary_slot
from ingest.documents import Kind, Moment, Precision, Status
from ingest.organisations import fold

AT = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
RULE = Rule(name="desk", channels=("console",))


def day(iso):
    return Moment(iso=iso, precision=Precision.DAY)


HAPPENED = Occasion(
    why=Why.DETECTED,
    kind=Kind.MOU,
    status=Status.SIGNED,
    language="zh-Hant",
    source="district",
    confidence=0.7,
    organisations=frozenset({"northbank", "old-northbank"}),
    names=frozenset({"Northbank University", "北岸大學"}),
    topics=frozenset({"biotech"}),
    published=day("2026-03-13"),
)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, None),
        ({"kinds": (Kind.MOU,)}, None),
        ({"kinds": (Kind.LICENSING,)}, LeftOut.KIND),
        ({"statuses": (Status.SIGNED, Status.ENDED)}, None),
        ({"statuses": (Status.PLANNED,)}, LeftOut.STATUS),
        ({"min_confidence": 0.7}, None),
        ({"min_confidence": 0.71}, LeftOut.CONFIDENCE),
        ({"sources": ("district",)}, None),
        ({"sources": ("dist",)}, LeftOut.SOURCE),
        ({"languages": ("zh",)}, None),
        ({"languages": ("zh-hant",)}, None),
        ({"languages": ("zh-Han",)}, LeftOut.LANGUAGE),
        ({"languages": ("en", "zh-Hans")}, LeftOut.LANGUAGE),
        ({"topics": ("fintech", "biotech")}, None),
        ({"topics": ("fintech",)}, LeftOut.TOPIC),
        ({"organisations": ("old-northbank",)}, None),
        ({"organisations": ("south",)}, LeftOut.PARTY),
        ({"parties": ("northbank",)}, None),
        ({"parties": ("北岸大学",)}, None),
        ({"organisations": ("south",), "parties": ("NORTHBANK univ",)}, None),
        ({"parties": ("Southbank",)}, LeftOut.PARTY),
        ({"max_age": timedelta(days=1)}, None),
        ({"max_age": timedelta(days=0)}, None),
        ({"allows_undated": False}, None),
    ],
)
def test_a_rule_tells_of_what_it_asks_for(wanted, expected):
    assert left_out(replace(RULE, **wanted), HAPPENED, at=AT, fold=fold) is expected


@pytest.mark.parametrize(
    ("happened", "wanted", "expected"),
    [
        ({"is_first_contact": True}, {}, LeftOut.FIRST_CONTACT),
        ({"is_first_contact": True}, {"first_contact": True}, None),
        ({"published": None}, {"allows_undated": True, "max_age": timedelta(days=1)}, None),
        ({"published": None}, {"allows_undated": False}, LeftOut.UNDATED),
        # The day of the signing counts before that of the report …
        ({"signed_on": day("2025-03-14")}, {"max_age": timedelta(days=30)}, LeftOut.TOO_OLD),
        # … but an end is not dated by the signing of what ended.
        ({"signed_on": day("2019-03-14"), "status": Status.ENDED}, {"max_age": timedelta(days=30)}, None),
        ({"published": day("2026-03-06")}, {"max_age": timedelta(days=7)}, None),
        ({"published": day("2026-03-05")}, {"max_age": timedelta(days=7)}, LeftOut.TOO_OLD),
        ({"published": Moment(iso="2026-03", precision=Precision.MONTH)}, {"max_age": timedelta(days=1)}, None),
        ({"published": Moment(iso="2025", precision=Precision.YEAR)}, {"max_age": timedelta(days=80)}, None),
        ({"published": Moment(iso="2025", precision=Precision.YEAR)}, {"max_age": timedelta(days=70)}, LeftOut.TOO_OLD),
        ({"signed_on": day("2026-09-01"), "status": Status.PLANNED}, {"max_age": timedelta(days=1)}, None),
    ],
)
def test_age_and_first_contact_are_looked_at(happened, wanted, expected):
    rule = replace(RULE, **wanted)
    assert left_out(rule, replace(HAPPENED, **happened), at=AT, fold=fold) is expected


DAILY = Digest(cadence=Cadence.DAILY, at=time(8, 0))


@pytest.mark.parametrize(
    ("digest", "zone", "after", "expected"),
    [
        (DAILY, "UTC", "2026-03-14T07:59", "2026-03-14T08:00"),
        (DAILY, "UTC", "2026-03-14T08:00", "2026-03-15T08:00"),
        (DAILY, "Asia/Hong_Kong", "2026-03-14T00:30", "2026-03-15T00:00"),
        # The clocks of Berlin go forward on 29 March and back on 25 October 2026.
        (DAILY, "Europe/Berlin", "2026-03-28T07:30", "2026-03-29T06:00"),
        (DAILY, "Europe/Berlin", "2026-10-24T06:30", "2026-10-25T07:00"),
        (Digest(cadence=Cadence.DAILY, at=time(2, 30)), "Europe/Berlin", "2026-03-29T00:00", "2026-03-29T01:30"),
        (Digest(cadence=Cadence.DAILY, at=time(2, 30)), "Europe/Berlin", "2026-10-25T00:00", "2026-10-25T00:30"),
        (Digest(cadence=Cadence.DAILY, at=time(2, 30)), "Europe/Berlin", "2026-10-25T00:30", "2026-10-26T01:30"),
        # 14 March 2026 is a Saturday.
        (Digest(cadence=Cadence.WEEKLY, at=time(9), weekday=0), "UTC", "2026-03-14T12:00", "2026-03-16T09:00"),
        (Digest(cadence=Cadence.WEEKLY, at=time(9), weekday=5), "UTC", "2026-03-14T12:00", "2026-03-21T09:00"),
    ],
)
def test_a_digest_comes_at_its_local_time(digest, zone, after, expected):
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert next_digest(digest, zone, after=moment).isoformat()[:16] == expected


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds it
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(["UTC", "Asia/Hong_Kong", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]),
    st.sampled_from(list(Cadence)),
)
def test_a_digest_is_always_ahead_and_never_further_than_its_cadence(after, at, zone, cadence):
    due = next_digest(Digest(cadence=cadence, at=at, weekday=2), zone, after=after)
    assert after < due <= after + timedelta(days=1 if cadence is Cadence.DAILY else 7, hours=3)


NIGHT = Quiet(start=time(22, 0), end=time(7, 0))


@pytest.mark.parametrize(
    ("quiet", "zone", "at", "expected"),
    [
        (None, "UTC", "2026-03-14T23:00", "2026-03-14T23:00"),
        (NIGHT, "UTC", "2026-03-14T21:59", "2026-03-14T21:59"),
        (NIGHT, "UTC", "2026-03-14T22:00", "2026-03-15T07:00"),
        (NIGHT, "UTC", "2026-03-15T06:59", "2026-03-15T07:00"),
        (NIGHT, "UTC", "2026-03-15T07:00", "2026-03-15T07:00"),
        (NIGHT, "Asia/Hong_Kong", "2026-03-14T15:00", "2026-03-14T23:00"),
        (Quiet(start=time(12), end=time(14)), "UTC", "2026-03-14T13:00", "2026-03-14T14:00"),
        (Quiet(start=time(12), end=time(14)), "UTC", "2026-03-14T14:30", "2026-03-14T14:30"),
        (NIGHT, "Europe/Berlin", "2026-03-28T22:00", "2026-03-29T05:00"),
    ],
)
def test_nothing_is_sent_in_quiet_hours(quiet, zone, at, expected):
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    place = slot(replace(RULE, quiet=quiet, time_zone=zone), after=moment)
    assert (place.kind, place.due.isoformat()[:16]) == (NoticeKind.INSTANT, expected)


def test_a_digest_within_quiet_hours_comes_at_their_end():
    rule = replace(RULE, digest=Digest(cadence=Cadence.DAILY, at=time(3)), quiet=NIGHT)
    assert slot(rule, after=AT).due == datetime(2026, 3, 15, 7, 0, tzinfo=UTC)


def test_a_summary_comes_at_the_end_of_the_hour_or_of_the_quiet_hours():
    assert summary_slot(RULE, due=AT + timedelta(minutes=5)).due == AT + timedelta(hours=1)
    late = datetime(2026, 3, 14, 21, 30, tzinfo=UTC)
    assert summary_slot(replace(RULE, quiet=NIGHT), due=late).due == datetime(2026, 3, 15, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "jitter", "retry_after", "seconds"),
    [
        (1, 0.5, None, 10),
        (2, 0.5, None, 20),
        (4, 0.0, None, 64),
        (4, 1.0, None, 96),
        (30, 0.5, None, 3 * 3600),
        (10**6, 0.5, None, 3 * 3600),
        (1, 0.5, timedelta(minutes=5), 300),
        (8, 0.5, timedelta(seconds=1), 1280),
        (1, 0.5, timedelta(days=400), 86_400),
    ],
)
def test_the_next_attempt_waits_longer_each_time(attempts, jitter, retry_after, seconds):
    assert back_off(attempts, jitter=jitter, retry_after=retry_after).total_seconds() == pytest.approx(seconds)
