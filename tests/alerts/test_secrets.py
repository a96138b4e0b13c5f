from __future__ import annotations

import pytest

from ingest.alerts.secrets import SecretMissingError, hidden, is_reference, missing, read


def test_a_secret_is_read_from_the_environment_without_the_line_break_of_a_file(monkeypatch):
    monkeypatch.setenv("DESK_SECRET", "abc def\n")
    assert read("env:DESK_SECRET") == "abc def"


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_variable_that_says_nothing_is_named_with_the_remedy(monkeypatch, value):
    monkeypatch.delenv("DESK_SECRET", raising=False)
    if value is not None:
        monkeypatch.setenv("DESK_SECRET", value)
    with pytest.raises(SecretMissingError, match="the variable DESK_SECRET is not set; set it where alerts are sent"):
        read("env:DESK_SECRET")
    assert missing(["env:DESK_SECRET", "prefect:desk"]) == ("env:DESK_SECRET",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("env:A_1", True),
        ("prefect:desk-one", True),
        ("env:", False),
        ("env:A B", False),
        ("env:1A", False),
        ("prefect:Desk", False),
        ("vault:a", False),
        ("env:A\n", False),
    ],
)
def test_only_names_of_variables_and_blocks_are_references(text, expected):
    assert is_reference(text) == expected


def test_secrets_are_hidden_the_longest_first_and_so_are_passwords_of_addresses():
    said = "tok-1234 and tok-1234-more at https://user:other@host/"
    assert hidden(said, ["tok-1234", "tok-1234-more", ""]) == "*** and *** at https://user:***@host/"
