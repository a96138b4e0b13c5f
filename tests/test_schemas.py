from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ingest import schemas

FOLDER = Path(__file__).parent.parent / "schemas"


@pytest.mark.parametrize("name", schemas.NAMES)
def test_the_published_schema_is_what_the_types_say(name):
    published = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert published == schemas.text(name), "run: ingest schema --write schemas"


def test_no_schema_is_published_that_no_type_backs():
    assert {file.stem for file in FOLDER.glob("*.json")} == set(schemas.NAMES)


@pytest.mark.parametrize("name", schemas.NAMES)
def test_each_schema_is_valid_json_schema_2020_12_with_an_id_that_names_no_host(name):
    schema = schemas.schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:ingest:schema:{name}:1"


def properties(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "properties":
                yield from value.items()
            yield from properties(value)
    elif isinstance(node, list):
        for item in node:
            yield from properties(item)


@pytest.mark.parametrize("name", schemas.NAMES)
def test_every_property_is_described(name):
    found = list(properties(json.loads(schemas.text(name))))
    assert found
    assert [key for key, value in found if not value.get("description")] == []


def test_the_configuration_schema_refuses_an_unknown_setting():
    validator = Draft202012Validator(schemas.schema("configuration"))
    assert validator.is_valid({"window": 3})
    assert not validator.is_valid({"windw": 3})
    assert not validator.is_valid({"window": 0})
