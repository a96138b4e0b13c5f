import json

import pytest
from click.testing import CliRunner

from ingest.agreements.training.crossfit import train
from ingest.agreements.training.examples import example
from ingest.agreements.training.regression import Row, fit
from ingest.agreements.weighing import probability, weights
from ingest.cli.root import cli
from ingest.documents import Article
from ingest.evaluate.matching import Agreement

STATED = "Corvane University signed a memorandum of understanding with Tallis College."
HOPED = "Corvane University may one day partner with Tallis College."
PARTIES = ("Corvane University", "Tallis College")


@pytest.fixture
def labelled(tmp_path):
    """Ten labelled articles, half of which state an agreement, as files of labels and of articles."""
    labels, articles = tmp_path / "labels.jsonl", tmp_path / "articles.jsonl"
    with labels.open("w") as gold, articles.open("w") as given:
        for number, text in enumerate([STATED, HOPED] * 5):
            stated = [{"parties": list(PARTIES), "is_news": True}] if text == STATED else []
            gold.write(json.dumps({"id": f"a{number}", "agreements": stated}) + "\n")
            given.write(json.dumps({"id": f"a{number}", "title": None, "text": text, "published": None}) + "\n")
    return labels, articles


def run(labelled, output):
    labels, articles = labelled
    return CliRunner().invoke(
        cli, ["train", "agreements", "--labels", str(labels), "--articles", str(articles), "--output", str(output)]
    )


def test_a_fit_learns_which_feature_decides():
    rows = [
        Row(features=frozenset({"good", "noise"}), answer=True),
        Row(features=frozenset({"noise"}), answer=False),
    ] * 20
    table = fit(rows)
    assert probability({"good", "noise"}, table) > 0.6
    assert probability({"noise"}, table) < 0.4


def test_rare_features_are_left_out_and_a_prior_stays_where_nothing_is_seen():
    rows = [Row(features=frozenset({"once"}), answer=True)]
    table = fit(rows, {"bias": 0.0, "known": 2.0})
    assert "once" not in table
    assert table["known"] == 2.0


def test_no_rows_leave_the_prior():
    assert fit([], {"bias": -1.0, "known": 2.0}) == {"known": 2.0, "bias": -1.0}


def test_an_example_says_which_labelled_agreement_a_claim_tells_of():
    gold = Agreement(parties=PARTIES, is_news=True)
    told = example("a", Article(text=STATED), [gold, Agreement(parties=("Ostrel Bank", "Duna Lab"))])
    assert [told.told(claim) for claim in told.claims] == [gold]


def test_the_thresholds_tell_what_is_stated_from_what_is_hoped():
    gold = [Agreement(parties=PARTIES, is_news=True)]
    examples = [example(f"s{n}", Article(text=STATED), gold) for n in range(10)]
    examples += [example(f"h{n}", Article(text=HOPED), []) for n in range(10)]
    made = train(examples, lambda _: None)
    assert (made.news_f1, made.article_f1) == (1.0, 1.0)


def test_training_twice_on_the_same_articles_gives_the_same_weights(labelled, tmp_path):
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    told = run(labelled, one)
    assert told.exit_code == 0
    run(labelled, two)
    assert one.read_bytes() == two.read_bytes()
    assert "articles\t10" in told.output


def test_the_weights_say_where_they_come_from(labelled, tmp_path):
    output = tmp_path / "weights.json"
    run(labelled, output)
    provenance = json.loads(output.read_text())["provenance"]
    assert (provenance["articles"], provenance["agreements"]) == (10, 5)
    assert len(provenance["labels_sha256"]) == 1


def test_labels_without_their_articles_are_refused(labelled, tmp_path):
    labels, _ = labelled
    told = CliRunner().invoke(cli, ["train", "agreements", "--labels", str(labels), "--output", str(tmp_path / "w")])
    assert told.exit_code == 2
    empty = tmp_path / "none.jsonl"
    empty.write_text("")
    told = run((labels, empty), tmp_path / "w")
    assert "English article" in str(told.exception)


def test_the_weights_that_ship_are_small_and_have_both_tables():
    assert 0 < weights().threshold < 1
    assert 20 < len(weights().belief) < 2000
    assert "bias" in weights().news
