"""A further topic needs a file and a setting; what is wrong in the file is said, with its name."""

from __future__ import annotations

import pytest

from ingest.documents import Article, Language
from ingest.errors import ConfigurationError
from ingest.topics import Choice, classify, taxonomy

ENGLISH = Language(tag="en", confidence=1.0)

SPACE = """
[[topic]]
name = "space"
description = "Rockets and what they carry."
strong = {en = ["rocket*", "launch … orbit", "satellite*"], zh = ["卫星", "火箭"]}
weak = {en = ["orbit*"]}
never = {en = ["rocket salad"]}
"""


@pytest.fixture
def further(tmp_path):
    """Writes a taxonomy file and gives its path."""

    def write(content):
        path = tmp_path / "more.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def topics(text, title, choice):
    return [label.topic for label in classify(Article(text=text, title=title), ENGLISH, choice)]


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Rocket carries satellite", "A rocket carried a satellite into orbit. The satellite works.", ["space"]),
        ("火箭升空", "火箭昨日把衛星送入軌道，衛星運作正常，科學家表示滿意。", ["space"]),
        ("A new lunch", "The cook serves a rocket salad with cheese. Guests like it.", []),
        ("Harbour tests stablecoin", "The harbour will test a stablecoin and a digital wallet in May.", ["fintech"]),
    ],
)
def test_a_topic_of_a_file_is_given_beside_those_of_the_package(further, title, text, expected):
    assert topics(text, title, Choice(further=further(SPACE))) == expected


def test_a_file_adds_words_to_a_topic_of_the_package(further):
    text = "The clearing house opened its quokkapay service. Every shop takes quokkapay now."
    words = '[[topic]]\nname = "fintech"\nstrong = {en = ["quokkapay"]}\n'
    assert topics(text, "Quokkapay opens", Choice()) == []
    assert topics(text, "Quokkapay opens", Choice(further=further(words))) == ["fintech"]


def test_the_version_of_the_taxonomy_changes_with_the_file(further):
    assert Choice(further=further(SPACE)).versions()["taxonomy"] != Choice().versions()["taxonomy"]
    assert Choice(further=further(SPACE)).versions()["topics"] == Choice().versions()["topics"]


def test_chinese_terms_may_be_written_in_either_script():
    for term in ("衛星", "卫星"):
        known = taxonomy.parse(f'[[topic]]\nname = "space"\nstrong = {{zh = ["{term}"]}}\n')
        assert [hit.term for hit in taxonomy.find("卫星", known)] == ["卫星"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[[topic", "Expected"),
        (b"\xff\xfe", "is not UTF-8 text"),
        ("", "it has no [[topic]]"),
        ("topic = 3", "it has no [[topic]]"),
        ("[weights]\ntitle = 1", "it has 'weights'"),
        ("[[topic]]\ndescription = 'x'", "a topic is named None"),
        ("[[topic]]\nname = 'Two Words'", "a topic is named 'Two Words'"),
        ("[[topic]]\nname = 'space'\nstrong = ['rocket']", "space: strong is to be"),
        ("[[topic]]\nname = 'space'\nstrong = {fr = ['fusee']}", "space: strong is to be"),
        ("[[topic]]\nname = 'space'\nstrong = {en = 'rocket'}", "space: strong holds something else than lists"),
        ("[[topic]]\nname = 'space'\nstrong = {en = [1]}", "space: strong holds something else than lists"),
        ("[[topic]]\nname = 'space'\nstrong = {en = ['']}", "space has an empty term"),
        ("[[topic]]\nname = 'space'\nstrong = {en = ['*']}", "space has an empty term"),
        ("[[topic]]\nname = 'space'\nstrong = {en = ['*naut']}", "not as '*naut' does"),
        ("[[topic]]\nname = 'space'\nstrong = {en = ['(x)']}", "not as '(x)' does"),
        ("[[topic]]\nname = 'space'\nstrong = {en = ['" + "a" * 300 + "']}", "is too long"),
        ("[[topic]]\nname = 'space'\nbias = 1.0", "space has 'bias'"),
        (
            "[[topic]]\nname = 'space'\nstrong = {en = ['a']}\nweak = {en = ['a']}",
            "space has 'a' both as strong and as",
        ),
        ("[[topic]]\nname = 'space'\ndescription = 3", "the description of space is no text"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_name_and_a_remedy(further, content, said):
    path = further(content)
    with pytest.raises(ConfigurationError) as raised:
        taxonomy.load(path)
    assert path in str(raised.value)
    assert said in str(raised.value)
    assert "Add a topic" in raised.value.remedy


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read") as raised:
        taxonomy.load(str(tmp_path / "none.toml"))
    assert "taxonomy" in raised.value.remedy


def test_topics_of_equal_score_come_by_name(further):
    alike = "".join(
        f'[[topic]]\nname = "{name}"\nstrong = {{en = ["tide gauge*"]}}\n'
        for name in ("quays", "moles", "basins", "piers")
    )

    found = topics("Tide gauges were read. A tide gauge broke.", "Tide gauges", Choice(further=further(alike)))

    assert found == ["basins", "moles", "piers", "quays"]
