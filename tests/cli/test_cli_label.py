"""`ingest label`: an analyst's word, and what is said where it cannot be taken."""

from __future__ import annotations

import json

import pytest

ARTICLE = "art-000000000002"
FORMER = "art-000000000001"
RESEMBLING = "art-000000000003"


@pytest.fixture
def ruled(ingest, store):
    """Rules on an article of a small store."""

    def run(*arguments, article=ARTICLE):
        return ingest("label", article, *arguments, "--database", store)

    return run


def shown(ingest, store):
    code, out, _ = ingest("article", ARTICLE, "--json", "--database", store)
    assert code == 0
    return json.loads(out)


def test_topics_are_said_as_they_are_spoken_and_stand_in_the_article_at_once(ingest, store, ruled):
    code, out, _ = ruled("--topic", "+biotech", "-fintech", "--by", "J. Lee", "--note", "It is about genes.")
    assert code == 0
    assert out == ("art-000000000002  University signs\n  +biotech: ruled\n  -fintech: ruled\n  topics now: biotech\n")
    article = shown(ingest, store)
    assert [(each["topic"], each["origin"], each["machine_score"]) for each in article["topics"]] == [
        ("biotech", "analyst", None)
    ]
    assert [(each["topic"], each["holds"], each["person"], each["note"]) for each in article["decisions"]] == [
        ("biotech", True, "J. Lee", "It is about genes."),
        ("fintech", False, "J. Lee", "It is about genes."),
    ]


def test_lists_and_the_article_tell_a_confirmed_label_from_the_machines(ingest, store, ruled):
    ruled("--topic", "+fintech", "--by", "J. Lee")
    _, out, _ = ingest("article", ARTICLE, "--database", store)
    assert "confirmed  machine 0.80" in out
    assert "+fintech" in out
    assert "J. Lee" in out
    assert len(ingest("articles", "--topic", "fintech", "--database", store)[1].splitlines()) == 1


def test_a_topic_that_was_ruled_out_is_found_no_more(ingest, store, ruled):
    ruled("--topic", "-fintech")
    assert ingest("articles", "--topic", "fintech", "--database", store)[1] == ""


def test_the_beginning_of_an_id_will_do_and_the_options_may_stand_anywhere(ruled):
    assert ruled("--by=J. Lee", "--topic=+talent", "--topic", "-listings", article="000000000002")[0] == 0


def test_a_ruling_is_withdrawn_and_the_machine_has_its_say_again(ingest, store, ruled):
    ruled("--topic", "-fintech", "--by", "J. Lee")
    code, out, _ = ruled("--withdraw", "fintech", "--withdraw", "talent")
    assert code == 0
    assert "fintech: withdrawn, was ruled by J. Lee" in out
    assert "talent: nobody had ruled" in out
    article = shown(ingest, store)
    assert [(each["topic"], each["origin"]) for each in article["topics"]] == [("fintech", "machine")]
    assert article["decisions"] == []


def test_who_rules_is_who_is_logged_in_unless_said(ingest, store, ruled, monkeypatch):
    monkeypatch.setenv("LOGNAME", "jlee")
    ruled("--topic", "+talent")
    assert shown(ingest, store)["decisions"][0]["person"] == "jlee"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--topic", "+sports"], 2, "there is no topic 'sports'"),
        (["--topic", "+biotech", "-biotech"], 2, "+biotech and -biotech contradict each other"),
        (["--topic", "+biotech", "--withdraw", "biotech"], 2, "ruled and withdrawn at once"),
        (["--topic", "biotech"], 2, "says neither + nor -"),
        (["--topic", "+"], 2, "'+' names no topic"),
        (["--topic", ""], 2, "'' names no topic"),
        ([], 2, "nothing is to be ruled"),
        (["--topic", "+biotech", "--by", " "], 2, "--by is empty"),
        (["--topic", "+biotech", "--reason", "x" * 2001], 2, "--reason has 2,001 characters"),
    ],
    ids=lambda value: " ".join(value)[:30] if isinstance(value, list) else None,
)
def test_what_cannot_be_ruled_is_said_and_nothing_is_written(ingest, store, ruled, arguments, code, said):
    got, out, err = ruled(*arguments)
    assert (got, out) == (code, "")
    assert said in err
    assert shown(ingest, store)["decisions"] == []


def test_an_article_that_is_not_there_is_said(ruled):
    code, _, err = ruled("--topic", "+biotech", article="art-ffff")
    assert code == 1
    assert "there is no article with the id 'art-ffff'" in err


def test_a_wording_that_its_document_no_longer_has_is_refused_and_the_present_one_named(ruled):
    code, _, err = ruled("--topic", "+biotech", article=FORMER)
    assert code == 2
    assert f"no longer has; it is {ARTICLE} now" in err


def test_one_that_resembles_a_story_is_ruled_on_alone_and_the_story_named(ruled):
    code, _, err = ruled("--topic", "+biotech", article=RESEMBLING)
    assert code == 0
    assert f"resembles {ARTICLE}, which leads the story" in err


def test_without_a_store_the_remedy_is_said(ingest):
    code, _, err = ingest("label", ARTICLE, "--topic", "+biotech")
    assert code == 1
    assert "no store at" in err


def test_a_topic_of_the_operators_own_file_can_be_ruled(ingest, store, tmp_path, monkeypatch):
    (tmp_path / "more.toml").write_text('[[topic]]\nname = "space"\nstrong = {en = ["rocket*"]}\n', encoding="utf-8")
    monkeypatch.setenv("INGEST_TAXONOMY", "more.toml")
    assert ingest("label", ARTICLE, "--topic", "+space", "--database", store)[0] == 0
