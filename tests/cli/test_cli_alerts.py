"""`ingest alerts`: rules are kept, shown and tried; what is wrong is told with a remedy."""

from __future__ import annotations

import json

import pytest

from ingest.store import open_store, upgrade

SAID = """Northbank University and Acme Robotics signed a memorandum of understanding on batteries on 12 March 2026.

The two presidents attended the ceremony."""


@pytest.fixture
def url(tmp_path):
    address = f"sqlite:///{tmp_path}/store.db"
    upgrade(address)
    return address


@pytest.fixture
def taken(ingest, url, tmp_path):
    """A store that took one article in, and what was printed."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "one.txt").write_text(SAID, encoding="utf-8")
    code, out, err = ingest("run", "news", "--database", url)
    assert code == 0, err
    return out


def lines(out):
    return [json.loads(line) for line in out.splitlines()]


def test_a_newcomer_is_told_of_an_agreement_once_and_that_it_was_an_alert(ingest, url, taken):
    assert taken.count("Northbank University + Acme Robotics") == 1
    label, said = taken.splitlines()[-1].split(maxsplit=1)
    assert (label, said.partition(" --")[0]) == ("Alerts", "1 alert of the rule default, told above: ingest alerts log")
    code, out, _ = ingest("alerts", "log", "--json", "--database", url)
    (sent,) = lines(out)
    assert (code, sent["state"], sent["rule"], sent["channel"]) == (0, "sent", "default", "console")
    assert ingest("alerts", "run", "--database", url)[0] == 0


def test_a_file_that_comes_after_the_first_pass_is_told_to_rules_that_ask_for_no_first_contact(
    ingest, url, taken, tmp_path
):
    assert taken
    assert ingest("alerts", "add", "desk", "--database", url)[0] == 0
    other = SAID.replace("Acme Robotics", "Zenith Mobility")
    (tmp_path / "news" / "two.txt").write_text(other, encoding="utf-8")
    ingest("run", "news", "--database", url)
    _, out, _ = ingest("alerts", "log", "--rule", "desk", "--json", "--database", url)
    assert [each["state"] for each in lines(out)] == ["sent"]


def test_a_rule_is_kept_as_it_was_asked_for_and_can_be_changed(ingest, url, taken):
    assert taken
    asked = (
        *("--party", "Harbour", "--topic", "biotech", "--kind", "mou", "--status", "signed", "--language", "zh"),
        *("--source", "news", "--min-confidence", "0.6", "--max-age", "30", "--no-undated", "--ceiling", "7"),
        *("--digest", "weekly fri 18:30", "--time-zone", "Asia/Hong_Kong", "--quiet-hours", "22:00-07:00"),
    )
    code, _, err = ingest("alerts", "add", "desk", *asked, "--database", url)
    assert (code, err) == (0, "added desk, which tells console\n")
    _, out, _ = ingest("alerts", "show", "desk", "--json", "--database", url)
    rule = json.loads(out)
    assert rule["parties"] == ["Harbour"]
    assert (rule["kinds"], rule["statuses"], rule["languages"]) == (["mou"], ["signed"], ["zh"])
    assert (rule["topics"], rule["sources"], rule["channels"]) == (["biotech"], ["news"], ["console"])
    assert (rule["min_confidence"], rule["max_age_days"], rule["allows_undated"]) == (0.6, 30, False)
    assert (rule["digest"], rule["digest_at"], rule["digest_weekday"]) == ("weekly", "18:30", 4)
    assert (rule["time_zone"], rule["quiet_from"], rule["quiet_until"]) == ("Asia/Hong_Kong", "22:00", "07:00")
    cleared = [word for option in ("digest", "quiet-hours", "party", "topic") for word in ("--clear", option)]
    assert ingest("alerts", "set", "desk", *cleared, "--first-contact", "--database", url)[0] == 0
    _, out, _ = ingest("alerts", "show", "desk", "--json", "--database", url)
    after = json.loads(out)
    assert (after["digest"], after["quiet_from"], after["parties"], after["topics"]) == (None, None, [], [])
    assert (after["first_contact"], after["ceiling"], after["max_age_days"]) == (True, 7, 30)


def test_a_rule_is_paused_resumed_and_removed(ingest, url):
    for command, said in (
        ("pause", "default is paused"),
        ("pause", "default was paused already"),
        ("resume", "default is resumed"),
        ("remove", "removed default"),
    ):
        code, _, err = ingest("alerts", command, "default", "--database", url)
        assert (code, err) == (0, f"{said}\n")
    code, out, err = ingest("alerts", "--database", url)
    assert (code, out) == (0, "")
    assert "alerts add" in err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("show", "nobody"), 1, "there is no alert rule called 'nobody'"),
        (("add", "default"), 2, "there is a rule called 'default' already"),
        (("add", "two words"), 2, "cannot be the name of a rule"),
        (("add", "desk", "--channel", "nowhere"), 2, "there is no channel 'nowhere'"),
        (("add", "desk", "--topic", "astrology"), 2, "there is no topic 'astrology'"),
        (("add", "desk", "--source", "nowhere"), 2, "there is no source 'nowhere'"),
        (("add", "desk", "--language", "klingon"), 2, "there is no language 'klingon'"),
        (("add", "desk", "--language", "zh-hans"), 2, "there is no language 'zh-hans'"),
        (("add", "desk", "--org", "nobody"), 1, "there is no organisation 'nobody'"),
        (("add", "desk", "--party", " "), 2, "--party is empty"),
        (("add", "desk", "--digest", "hourly"), 2, "write 'daily 08:00'"),
        (("add", "desk", "--digest", "daily 25:00"), 2, "write 'daily 08:00'"),
        (("add", "desk", "--quiet-hours", "22:00-22:00"), 2, "write 22:00-07:00"),
        (("add", "desk", "--time-zone", "Mars/Olympus"), 2, "is not a time zone"),
        (("add", "desk", "--ceiling", "0"), 2, "0 is not in the range"),
        (("add", "desk", "--ceiling", "99999999999999999999"), 2, "is not in the range"),
        (("add", "desk", "--min-confidence", "nan"), 2, "not a number from 0 to 1"),
        (("run", "--channel", "nowhere"), 2, "there is no channel 'nowhere'"),
        (("retry", "--all", "--rule", "nobody"), 1, "there is no alert rule called 'nobody'"),
        (("set", "default"), 2, "nothing is to be changed"),
        (("retry",), 2, "give --all"),
        (("retry", "alr-none"), 1, "no parked delivery"),
        (("test",), 2, "--channel NAME, or --rule NAME"),
        (("preview", "--rule", "nobody"), 1, "there is no alert rule"),
        (("log", "--since", "yesterday"), 2, "is not a time"),
    ],
)
def test_what_is_wrong_is_told_with_its_remedy(ingest, url, arguments, code, said):
    got, out, err = ingest("alerts", *arguments, "--database", url)
    assert (got, out) == (code, "")
    assert said in err
    assert "Traceback" not in err


def test_a_preview_shows_what_a_rule_would_have_sent_and_why_the_rest_is_left_out(ingest, url, taken):
    assert taken
    code, out, err = ingest("alerts", "preview", "--rule", "default", "--since", "1d", "--json", "--database", url)
    (told,) = lines(out)
    assert (code, told["why"], told["message"], told["date"]) == (0, "detected", "instant", "2026-03-12")
    assert told["parties"] == ["Northbank University", "Acme Robotics"]
    assert "1 of 1 events" in err
    code, out, err = ingest("alerts", "preview", "--since", "1d", "--database", url)
    assert (code, out) == (0, "")
    assert "left out: 1 by first_contact" in err
    with open_store(url, create=False) as store:
        assert store.database.read(lambda connection: connection.exec_driver_sql(COUNT).scalar_one()) == 1


COUNT = "SELECT count(*) FROM alert_deliveries"


def test_a_channel_can_be_tried(ingest, url):
    code, out, err = ingest("alerts", "test", "--rule", "default", "--database", url)
    assert (code, err) == (0, "console took it\n")
    assert "est" in out


def test_channels_are_listed(ingest, url):
    code, out, _ = ingest("alerts", "channels", "--json", "--database", url)
    assert (code, [each["name"] for each in lines(out)]) == (0, ["console"])
