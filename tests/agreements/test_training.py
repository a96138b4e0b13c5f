import json

from ingest.agreements.train import Row, fit, main
from ingest.agreements.weighing import probability, weights


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


def test_training_twice_on_the_same_articles_gives_the_same_weights(tmp_path):
    labels, articles = tmp_path / "labels.jsonl", tmp_path / "articles.jsonl"
    texts = [
        (
            "Corvane University signed a memorandum of understanding with Tallis College.",
            [["Corvane University", "Tallis College"]],
        ),
        ("Corvane University may one day partner with Tallis College.", []),
    ] * 5
    with labels.open("w") as gold, articles.open("w") as given:
        for number, (text, sets) in enumerate(texts):
            stated = [{"parties": parties, "is_news": True} for parties in sets]
            gold.write(json.dumps({"id": f"a{number}", "agreements": stated}) + "\n")
            given.write(json.dumps({"id": f"a{number}", "title": None, "text": text, "published": None}) + "\n")
    told = []
    for output in (tmp_path / "one.json", tmp_path / "two.json"):
        main(["--labels", str(labels), "--articles", str(articles), "--output", str(output)], told.append)
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert "articles 10" in told[0]


def test_the_weights_that_ship_are_small_and_have_both_tables():
    assert 0 < weights().threshold < 1
    assert 20 < len(weights().belief) < 1000
    assert "bias" in weights().news
