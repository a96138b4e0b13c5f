from __future__ import annotations

import pytest

from ingest.alerts.channels import channel_names, listed, open_channel
from ingest.errors import ConfigurationError
from ingest.settings import Settings

GOOD = """
[desk]
kind = "webhook"
url = "https://desk.example.org/alerts"
secret = ["env:INGEST_DESK_NEW", "prefect:desk-old"]

[chat]
kind = "apprise"
url = "env:CHAT_URL"

[post]
kind = "mail"
host = "mail.example.org"
user = "alerts"
password = "env:POST_PASSWORD"
from = "alerts@example.org"
to = "desk@example.org"

[feed]
kind = "atom"
path = "var/agreements.atom"

[lines]
kind = "jsonl"
path = "var/alerts.jsonl"
"""
SECRET = "xoxb-1234567890-abcdefghij-SECRET"  # noqa: S105 - of nobody


@pytest.fixture
def settings(tmp_path):
    def written(text):
        path = tmp_path / "channels.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return Settings(channels=str(path))

    return written


def test_the_console_is_there_without_any_configuration():
    assert channel_names(Settings()) == ("console",)
    assert open_channel("console", Settings()).name == "console"


def test_every_kind_opens_without_its_secrets_being_there(settings):
    for name in channel_names(given := settings(GOOD)):
        channel = open_channel(name, given)
        assert channel.name == name
        channel.close()


def test_channels_are_listed_with_where_they_lead_and_what_is_missing(settings, monkeypatch):
    monkeypatch.setenv("CHAT_URL", "json://user:password@host")
    monkeypatch.delenv("INGEST_DESK_NEW", raising=False)
    monkeypatch.delenv("POST_PASSWORD", raising=False)
    found = [(each.name, each.kind, each.target, each.secrets, each.missing) for each in listed(settings(GOOD))]
    assert found == [
        ("console", "console", "standard output", (), ()),
        (
            "desk",
            "webhook",
            "https://desk.example.org/alerts",
            ("env:INGEST_DESK_NEW", "prefect:desk-old"),
            ("env:INGEST_DESK_NEW",),
        ),
        ("chat", "apprise", "env:CHAT_URL", ("env:CHAT_URL",), ()),
        ("post", "mail", "desk@example.org by mail.example.org", ("env:POST_PASSWORD",), ("env:POST_PASSWORD",)),
        ("feed", "atom", "var/agreements.atom", (), ()),
        ("lines", "jsonl", "var/alerts.jsonl", (), ()),
    ]


def test_a_channel_that_is_not_there_is_named_with_those_that_are(settings):
    with pytest.raises(ConfigurationError, match="'dsk'; there are console, desk, chat, post, feed, lines"):
        open_channel("dsk", settings(GOOD))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f'[a]\nkind = "webhook"\nurl = "https://x.example/"\nsecret = "{SECRET}"', r"\[a\] secret.* not written into"),
        (f'[a]\nkind = "apprise"\nurl = "slack://{SECRET}"', r"\[a\] url .* not written into this file; write \"env:"),
        (f'[a]\nkind = "webhook"\nurl = "https://u:{SECRET}@x.example/"\nsecret = "env:A"', r"\[a\] url .* password"),
        (f'[a]\nkind = "webhook"\nurl = "https://x.example/{SECRET}"\nsecret = "env:A"', r"\[a\] url .* token"),
        (f'[a]\nkind = "webhook"\nurl = "https://x.example/?token={SECRET}"\nsecret = "env:A"', r"\[a\] url .* token"),
        (f'[a]\nkind = "webhook"\nurl = "ftp://{SECRET}"\nsecret = "env:A"', r"\[a\] url .* no address of http"),
        (f'[a]\nkind = "webhook"\nurl = "http://[{SECRET}"\nsecret = "env:A"', r"\[a\] url .* no address of http"),
        ('[a]\nkind = "webhook"\nurl = "https://x.example/"', r"\[a\] secret is not right: Field required"),
        ('[a]\nkind = "webhook"\nurl = "https://x.example/"\nsecret = []', r"\[a\] secret is not right"),
        (f'[a]\nkind = "jsonl"\npath = "x"\n"{SECRET[:5]}" = "{SECRET}"', r"\[a\] xoxb- is not right: Extra"),
        (f'[a]\nkind = "{SECRET}"', r"\[a\] kind is not right: there are webhook, apprise, mail, atom and jsonl"),
        ('[a]\npath = "x"', r"\[a\] kind is not right"),
        ('[a]\nkind = "atom"\npath = "x"\nentries = 0', r"\[a\] entries is not right"),
        (
            '[a]\nkind = "mail"\nhost = "h"\nfrom = "a@b.example\\nBcc: x@y"\nto = "a@b"',
            r"\[a\] from .* no mail address",
        ),
        ('[console]\nkind = "jsonl"\npath = "x"', "the channel console is built in"),
        ('["A b"]\nkind = "jsonl"\npath = "x"', "the channel A b is no name"),
        (f'secret = "{SECRET}"', "secret stands outside of a channel's table"),
        (f'[a]\nsecret = "{SECRET}', r"is not TOML \(at "),
        (b"\xff\xfe", "is not UTF-8"),
    ],
)
def test_a_wrong_file_is_told_by_file_and_key_and_never_by_what_stands_there(settings, text, says):
    given = settings(text)
    with pytest.raises(ConfigurationError, match=says) as caught:
        channel_names(given)
    said = f"{caught.value!r} {caught.value} {caught.value.remedy} {caught.value.__context__!r}"
    assert "channels.toml" in said
    assert caught.value.remedy
    assert "SECRET" not in str(caught.value) + caught.value.remedy
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_file_that_is_not_there_is_named_with_the_setting(tmp_path):
    with pytest.raises(ConfigurationError, match=r"none\.toml cannot be read: No such file") as caught:
        channel_names(Settings(channels=str(tmp_path / "none.toml")))
    assert "`channels`" in caught.value.remedy
