from __future__ import annotations

import pytest

from ingest.cli.session import DEFAULT_ARCHIVE, DEFAULT_DATABASE, Session
from ingest.errors import ConfigurationError
from ingest.mask import mask
from ingest.settings import Settings, in_force, load


@pytest.fixture(autouse=True)
def _an_empty_folder_and_no_variables(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", *(field.upper() for field in Settings.model_fields)):
        monkeypatch.delenv(f"INGEST_{name}", raising=False)


def test_without_any_setting_every_default_is_in_force():
    found = in_force()
    assert found.settings == Settings.model_construct()
    assert {value.origin for value in found.values} == {"default"}
    assert [value.name for value in found.values] == list(Settings.model_fields)
    assert all(value.description for value in found.values)


def test_an_option_wins_over_a_variable_over_the_file_over_the_default(tmp_path, monkeypatch):
    (tmp_path / "ingest.toml").write_text(
        'database_url = "sqlite:///file.db"\nwindow = 7\nmax_attempts = 5\n', encoding="utf-8"
    )
    monkeypatch.setenv("INGEST_DATABASE_URL", "sqlite:///variable.db")
    monkeypatch.setenv("INGEST_WINDOW", "8")
    found = in_force(options={"database_url": "sqlite:///option.db"})
    assert (found.settings.database_url, found.settings.window) == ("sqlite:///option.db", 8)
    assert (found.settings.max_attempts, found.settings.lease_seconds) == (5, 300)
    by_name = {value.name: value.origin for value in found.values}
    assert by_name["database_url"] == "--database"
    assert by_name["window"] == "INGEST_WINDOW"
    assert by_name["max_attempts"] == "ingest.toml"
    assert by_name["lease_seconds"] == "default"


def test_the_file_may_be_named_by_an_option_or_a_variable(tmp_path, monkeypatch):
    (tmp_path / "a.toml").write_text("window = 1", encoding="utf-8")
    (tmp_path / "b.toml").write_text("window = 2", encoding="utf-8")
    monkeypatch.setenv("INGEST_CONFIG", "b.toml")
    assert load().window == 2
    assert load(config="a.toml").window == 1


@pytest.mark.parametrize(
    ("content", "named", "remedy"),
    [
        ("windw = 3", "'windw'", "window"),
        ('window = "64"', "window", "in memory at a time"),
        ("window = true", "window", "in memory at a time"),
        ("window = 0", "greater than or equal to 1", "in memory at a time"),
        ("[database]\nurl = 1", "'database'", "database_url"),
        ('time_zone = "Asia/Nowhere"', "Asia/Nowhere", "IANA"),
        ('time_zone = "../../etc/passwd"', "time zone", "IANA"),
        ("window = ", "not a TOML file", "window = 64"),
    ],
)
def test_a_wrong_file_is_named_with_the_key_and_a_remedy(tmp_path, content, named, remedy):
    (tmp_path / "mine.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError) as raised:
        load(config="mine.toml")
    assert "mine.toml" in str(raised.value)
    assert named in str(raised.value)
    assert remedy in raised.value.remedy
    assert raised.value.exit_code == 2


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_can_stand_in_the_file(tmp_path, name):
    default = Settings.model_fields[name].default
    written = f'"{default}"' if isinstance(default, str) else str(default).lower()
    file = tmp_path / "ingest.toml"
    file.write_text(f"{name} = {written}\n", encoding="utf-8")
    shown = {value.name: value.origin for value in in_force(config=str(file)).values}
    assert shown[name] == str(file)


def test_a_file_that_is_not_text_is_a_configuration_error(tmp_path):
    (tmp_path / "ingest.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="not a TOML file"):
        load()


def test_a_named_file_that_is_missing_is_an_error_though_the_usual_one_may_be_missing():
    with pytest.raises(ConfigurationError, match="--config"):
        load(config="missing.toml")
    assert load().window == 64


def test_a_wrong_variable_is_named_as_it_was_set(monkeypatch):
    monkeypatch.setenv("INGEST_LEASE_SECONDS", "soon")
    with pytest.raises(ConfigurationError, match="INGEST_LEASE_SECONDS is not right"):
        load()


def test_a_wrong_option_is_named_as_it_was_typed():
    with pytest.raises(ConfigurationError, match="--database is not right"):
        load(options={"database_url": ""})


def test_an_empty_variable_sets_nothing(monkeypatch):
    monkeypatch.setenv("INGEST_DATABASE_URL", "")
    assert load().database_url == DEFAULT_DATABASE


def test_a_variable_that_names_no_setting_is_reported_as_ignored(monkeypatch):
    monkeypatch.setenv("INGEST_WINDOWS", "3")
    assert in_force().ignored == ("INGEST_WINDOWS",)


def test_a_password_is_kept_for_use_and_masked_for_show():
    found = in_force(options={"database_url": "postgresql://me:s3cret@host/news"})
    assert found.settings.database_url == "postgresql://me:s3cret@host/news"
    assert found.values[0].value == "postgresql://me:***@host/news"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("sqlite:///var/ingest.db", "sqlite:///var/ingest.db"),
        ("postgresql://me@host/news", "postgresql://me@host/news"),
        ("postgresql://me:p@ss:w@host/news", "postgresql://me:***@host/news"),
        ("postgresql:///news?user=me&password=abc&sslmode=require", "postgresql:///news?user=me&password=***&sslmode=require"),
        ("no route to postgresql://a:b@c/d, again", "no route to postgresql://a:***@c/d, again"),
        ("host=db password=abc dbname=news", "host=db password=*** dbname=news"),
        ("s3://bucket?key=AK&secret=xyz", "s3://bucket?key=AK&secret=***"),
        ("write to me@example.org", "write to me@example.org"),
    ],
)  # fmt: skip
def test_secrets_in_addresses_are_masked(text, masked):
    assert mask(text) == masked


def test_the_default_store_known_to_reading_commands_is_that_of_the_settings():
    assert Settings.model_fields["database_url"].default == DEFAULT_DATABASE
    assert Settings.model_fields["archive_url"].default == DEFAULT_ARCHIVE


@pytest.mark.parametrize(
    ("option", "variable", "file", "expected"),
    [
        (None, None, None, DEFAULT_DATABASE),
        ("sqlite:///o.db", "sqlite:///v.db", "f.db", "sqlite:///o.db"),
        (None, "sqlite:///v.db", "f.db", "sqlite:///v.db"),
        (None, None, "f.db", "sqlite:///f.db"),
    ],
)
def test_a_reading_command_finds_the_store_that_the_settings_name(
    tmp_path, monkeypatch, option, variable, file, expected
):
    if variable:
        monkeypatch.setenv("INGEST_DATABASE_URL", variable)
    if file:
        (tmp_path / "ingest.toml").write_text(f'database_url = "sqlite:///{file}"', encoding="utf-8")
    assert Session(database=option).database_url() == expected
    assert load(options=Session(database=option).options).database_url == expected
