"""Which mentions are held for one agreement, against which are."""

from __future__ import annotations

import json

import pytest

from ingest.evaluate.ledger import FoundMention, Telling, parse_ledger, score


def telling(ledger, article, *parties):
    return Telling(ledger=ledger, article=article, parties=parties or ("Harbour Bank", "Acme Labs"))


def found(article, agreement, *parties):
    return FoundMention(article=article, agreement=agreement, parties=parties or ("Harbour Bank", "Acme Labs"))


def judge(tellings, mentions):
    return score(tellings, mentions, canonical=lambda name: name, bad_lines=0, misses=True)


TOLD = [telling("L1", "a"), telling("L1", "b"), telling("L1", "c"), telling("L2", "d")]


def test_a_ledger_that_is_right_has_no_misses():
    judged = judge(TOLD, [found("a", "x"), found("b", "x"), found("c", "x"), found("d", "y")])
    assert (judged.precision, judged.recall, judged.f1, judged.pairs, judged.misses) == (1.0, 1.0, 1.0, 3, ())


def test_two_agreements_held_for_one_cost_precision():
    judged = judge(TOLD, [found(article, "x") for article in "abcd"])
    assert (judged.precision, judged.recall) == (0.5, 1.0)
    assert [(miss.error, miss.a, miss.b) for miss in judged.misses] == [
        ("invented", "a", "d"),
        ("invented", "b", "d"),
        ("invented", "c", "d"),
    ]


def test_one_agreement_held_for_two_costs_recall():
    judged = judge(TOLD, [found("a", "x"), found("b", "x"), found("c", "z"), found("d", "y")])
    assert (judged.precision, judged.recall) == (1.0, pytest.approx(1 / 3))
    assert "held for two agreements" in judged.misses[0].why


def test_what_was_not_found_costs_recall_but_not_recall_of_found():
    judged = judge(TOLD, [found("a", "x"), found("b", "x"), found("d", "y")])
    assert (judged.recall, judged.recall_of_found) == (pytest.approx(1 / 3), 1.0)
    assert judged.misses[0].why == "not found in c"


def test_a_mention_of_other_parties_is_no_telling():
    judged = judge(TOLD, [found("a", "x", "Bolt Works", "Crane House")])
    assert (judged.found, judged.unpaired) == (0, 1)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ([], "not a JSON object"),
        ({"L1": []}, "no object for 'L1'"),
        ({"L1": {"articles": ["a"]}}, "canonical_parties"),
        ({"L1": {"canonical_parties": ["A"], "articles": "a"}}, "articles"),
        ({"L1": {"canonical_parties": [" "], "articles": ["a"]}}, "canonical_parties"),
    ],
)
def test_a_ledger_of_another_form_is_refused_in_words(content, why):
    with pytest.raises(ValueError, match=why):
        parse_ledger(content)


ARTICLE = (
    "Harbour Lane University and Acme Robotics signed a memorandum of understanding on {day} March 2024 in Leeds."
    "\n\n{more}"
)


@pytest.fixture
def files(tmp_path):
    articles = [
        {"id": "a", "title": "A pact", "text": ARTICLE.format(day=5, more="Robots walk."), "published": "2024-03-06"},
        {"id": "b", "title": "Pact made", "text": ARTICLE.format(day=5, more="Cats sleep."), "published": "2024-03-07"},
    ]
    said = {"parties": ["Harbour Lane University", "Acme Robotics"], "kind": "mou", "status": "signed", "ledger": "L1"}
    labels = [{"id": each["id"], "agreements": [{**said, "signed_on": "2024-03-05"}]} for each in articles]
    given = {"L1": {"canonical_parties": said["parties"], "articles": ["a", "b"]}}
    for name, lines in (("articles.jsonl", articles), ("labels.jsonl", labels)):
        (tmp_path / name).write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
    (tmp_path / "ledger.json").write_text(json.dumps(given), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("options", [(), ("labels.jsonl",), ("labels.jsonl", "--labelled-mentions")])
def test_the_command_measures_a_ledger_of_its_own(files, options, capsys, monkeypatch):
    from ingest.cli import main

    monkeypatch.chdir(files)
    code = main(["evaluate", "ledger", "articles.jsonl", "ledger.json", *options, "--json"])
    measured = json.loads(capsys.readouterr().out)
    assert (code, measured["pairs"], measured["precision"], measured["recall"]) == (0, 1, 1.0, 1.0)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("articles.jsonl", "none.json"), 2, "none.json"),
        (("none.jsonl", "ledger.json"), 2, "none.jsonl"),
        (("articles.jsonl", "articles.jsonl"), 2, "not JSON"),
        (("articles.jsonl", "ledger.json", "--labelled-mentions"), 2, "needs LABELS"),
    ],
)
def test_bad_input_of_the_command_is_named(files, arguments, code, said, capsys, monkeypatch):
    from ingest.cli import main

    monkeypatch.chdir(files)
    assert main(["evaluate", "ledger", *arguments]) == code
    assert said in capsys.readouterr().err
