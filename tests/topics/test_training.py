"""Models from labelled articles: the same from the same articles, and in force only where they are better."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from topic_samples import records

from ingest import wire
from ingest.documents import Article, Language
from ingest.errors import ModelError
from ingest.evaluate.topics import Judged
from ingest.topics import Choice, classify, models, taxonomy
from ingest.topics.reading import FEATURES, read
from ingest.topics.scoring import Model, ModelKind, Weights, dump, parse
from ingest.topics.training.contest import Contest, hold, make
from ingest.topics.training.examples import Example, digest, known_topics, prepare
from ingest.topics.training.fitting import fit, folds
from ingest.topics.training.regression import kernel_logistic, logistic_regression
from ingest.topics.training.trial import compare, cross_validated
from ingest.topics.training.unseen import without_own_terms
from ingest.topics.training.worth import are_no_worse
from ingest.wire import dump as as_json

ENGLISH = Language(tag="en", confidence=1.0)
KINDS = tuple(ModelKind)
AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def example(record, topics, **more):
    return Example(
        article=Article(text=record["text"], title=record["title"]),
        language=ENGLISH,
        judged={topic: topic in topics for topic in ("fintech", "biotech")},
        **more,
    )


@pytest.fixture(scope="module")
def prepared():
    return prepare([example(*record) for record in records()], taxonomy.load())


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_of_each_kind_tells_what_it_was_shown(prepared, kind):
    model = fit(kind, prepared)
    wrong = [
        each.example.article.title
        for each in prepared
        for topic, has in each.example.judged.items()
        if (model.scores(each.example.article, each.reading, ENGLISH).get(topic, 0.0) >= 0.5) is not has
    ]
    assert wrong == []


@pytest.mark.parametrize("kind", [ModelKind.TAXONOMY, ModelKind.TEXTCAT])
def test_the_same_articles_give_the_same_model_whatever_their_order(kind, prepared):
    contest = _contest(kind)
    at = AT
    turned = prepare([example(*record) for record in reversed(records())], taxonomy.load())
    first, second = (make(kind, each, contest, Choice(), at=at) for each in (prepared, turned))
    assert first.document == second.document
    assert first.card == second.card


def _contest(kind):
    figures = wire.TopicFigures(
        topics=wire.Macro(macro_f1=0.0, macro_f1_low=None, macro_f1_high=None),
        topic=(),
        calibration_error=0.0,
        reliability=(),
    )
    return Contest(incumbent=kind, contenders=(), held_out={kind: []}, winner=None, in_force=figures)


def test_a_text_counts_once_and_the_last_word_on_a_topic_wins():
    record, _ = records(1)[0]
    first = example(record, ["fintech"])
    again = Example(article=first.article, language=ENGLISH, judged={"fintech": False}, is_correction=True)
    (only,) = prepare([first, again], taxonomy.load())
    assert only.example.judged == {"fintech": False, "biotech": False}
    assert only.example.is_correction


def test_the_digest_tells_other_labels_but_no_other_order(prepared):
    turned = prepare([example(*record) for record in reversed(records())], taxonomy.load())
    fewer = prepare([example(*record) for record in records(59)], taxonomy.load())
    assert digest(prepared) == digest(turned)
    assert digest(prepared) != digest(fewer)


def test_a_topic_with_few_articles_teaches_nothing(prepared):
    assert known_topics(prepared) == ("biotech", "fintech")
    assert known_topics(prepared, fewest=30) == ()


def test_every_article_is_scored_by_a_model_that_has_not_seen_it(prepared):
    seen = cross_validated(ModelKind.TAXONOMY, prepared, number=5)
    assert [each.labelled for each in seen] == [each.example.judged for each in prepared]
    assert sorted(set(folds(prepared))) == [0, 1, 2, 3, 4]


def test_near_duplicates_are_in_one_fold():
    record, topics = records(1)[0]
    copies = [{**record, "text": f"{record['text']} Updated at {hour}:00."} for hour in range(12)]
    others = records(20)[1:]
    known = prepare([example(each, topics) for each in copies] + [example(*each) for each in others], taxonomy.load())
    of_copies = {
        fold for fold, each in zip(folds(known), known, strict=True) if "Updated at" in each.example.article.text
    }
    assert len(of_copies) == 1
    assert len({each.story for each in known}) == 20


def test_a_topic_departs_from_the_weights_of_all_where_its_articles_say_so(prepared):
    weights = fit(ModelKind.TAXONOMY, prepared).weights
    assert set(weights.own) == {"fintech", "biotech"}
    assert weights.own["fintech"] != weights.own["biotech"]
    assert np.allclose(weights.own["fintech"], weights.features, atol=1.0)


def judged(scores):
    """Thirty articles that have a topic, thirty that have not, with these scores."""
    return [Judged(id=str(at), labelled={"fintech": at < 30}, scores={"fintech": scores(at)}) for at in range(60)]


@pytest.mark.parametrize(
    ("incumbent", "better"),
    [
        (lambda at: 0.9 if at % 2 else 0.1, True),
        (lambda at: 0.9 if at < 29 else 0.1, False),
        (lambda at: 0.9 if at < 30 else 0.1, False),
    ],
    ids=["by far", "by one article", "not at all"],
)
def test_a_kind_is_better_only_by_more_than_chance(incumbent, better):
    held_out = {
        ModelKind.TAXONOMY: judged(incumbent),
        ModelKind.COMBINED: judged(lambda at: 0.9 if at < 30 else 0.1),
    }
    _, challenger = compare(held_out, ModelKind.TAXONOMY)
    assert challenger.difference >= 0
    assert (challenger.difference_low > 0) is better


def test_a_term_that_one_article_alone_has_is_not_learnt_from_there():
    shared, alone = "The fair let five issuers test stablecoins.", "A memecoin was sold at the gate."
    texts = [f"{shared} {alone} The band played.", f"{shared} The rain came.", "The band played until late."]
    known = prepare([example({"text": text, "title": None}, []) for text in texts], taxonomy.load())
    left = {
        each.example.article.text: {hit.term for sentence in reading.body for hit in sentence.hits}
        for each, reading in zip(known, without_own_terms(known), strict=True)
    }
    assert left == {texts[0]: {"stablecoin*"}, texts[1]: {"stablecoin*"}, texts[2]: set()}


def test_a_term_that_only_copies_of_a_story_have_is_that_story_s_own():
    record, _ = records(1)[0]
    copies = [{**record, "text": f"{record['text']} A memecoin was sold. Updated at {hour}:00."} for hour in (7, 8)]
    known = prepare([example(each, []) for each in copies], taxonomy.load())
    assert len({each.story for each in known}) == 1
    assert not any(reading.topics for reading in without_own_terms(known))


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ([0.9, 0.9, 0.9, 0.1], True),
        ([0.6, 0.6, 0.4, 0.3], True),
        ([0.99, 0.99, 0.2, 0.01], False),
        ([0.99, 0.99, 0.99, 0.5], False),
    ],
    ids=["the same", "the same, less sure", "surer, and one missed", "surer, and one invented"],
)
def test_words_count_only_where_they_turn_no_right_label(beside, expected):
    assert are_no_worse([True, True, True, False], [0.9, 0.9, 0.9, 0.1], beside) is expected


def test_too_few_articles_are_refused_with_a_remedy():
    few = prepare([example(*record) for record in records(9)], taxonomy.load())
    with pytest.raises(ModelError, match="9 judged articles") as raised:
        hold(few, Choice(), KINDS, number=5)
    assert "ingest label" in raised.value.remedy


def test_weights_that_the_articles_call_for_are_found():
    rows = np.array([[float(a), float(b)] for a in (0, 1) for b in (0, 1) for _ in range(25)])
    answers = rows[:, 0]
    (first, second), bias = logistic_regression(rows, answers, 1.0)
    assert first > 3
    assert abs(second) < 0.1
    assert bias < 0
    shares, kernel_bias = kernel_logistic(rows @ rows.T, answers, 1.0)
    assert np.allclose(rows.T @ shares, [first, second], atol=0.15)
    assert kernel_bias == pytest.approx(bias, abs=0.15)


feature_weights = st.lists(st.floats(-9, 9), min_size=len(FEATURES), max_size=len(FEATURES)).map(
    lambda values: tuple(round(value, 4) for value in values)
)
weights = st.builds(
    Weights,
    features=feature_weights,
    own=st.dictionaries(st.sampled_from(["fintech", "biotech"]), feature_weights),
    bias=st.dictionaries(st.sampled_from(["fintech", "biotech"]), st.integers(-9, 9).map(float)),
    usual_bias=st.integers(-9, 9).map(float),
)


@given(weights)
@settings(max_examples=50)
def test_a_model_that_was_written_is_read_as_it_was(given):
    document = dump(ModelKind.TAXONOMY, given)
    model = parse(document, where="it")
    assert model.weights == given
    assert dump(model.kind, model.weights) == document


@pytest.mark.parametrize(
    "document",
    ["", "[]", "{}", '{"form": 1}', '{"form": 2, "kind": "other"}', '{"form": 2, "kind": "taxonomy", "weights": {}}'],
)
def test_what_is_no_model_is_refused_with_a_remedy(document):
    with pytest.raises(ModelError) as raised:
        parse(document, where="the file")
    assert "the file" in str(raised.value)
    assert "ingest models use" in raised.value.remedy


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_that_was_kept_scores_as_when_it_was_trained(kind, prepared, tmp_path):
    folder = str(tmp_path / "models")
    fitted = fit(kind, prepared)
    made = make(kind, prepared, _contest(kind), Choice(), at=AT)
    version = models.keep(folder, made.document, as_json(made.card), write=made.write)
    assert version == made.card.version
    models.use(folder, version)
    choice = Choice(models_dir=folder, version=models.in_force(folder))
    each = next(each for each in prepared if any(each.example.judged.values()))
    again = choice.model().scores(each.example.article, each.reading, ENGLISH)
    assert again == pytest.approx(fitted.scores(each.example.article, each.reading, ENGLISH), abs=2e-3)
    assert choice.versions()["topics"] == version
    assert classify(each.example.article, ENGLISH, choice)


def test_a_topic_without_weights_of_its_own_is_scored_by_the_usual_ones(prepared):
    model = fit(ModelKind.TAXONOMY, prepared)
    article = Article(text="Meadow filed a listing application. The IPO is due in autumn.", title="Meadow plans IPO")
    scores = model.scores(article, read(article, taxonomy.load()), ENGLISH)
    assert 0 < scores["listings"] < 1


def test_a_changed_model_is_refused(tmp_path):
    folder = str(tmp_path)
    document = dump(ModelKind.TAXONOMY, Weights(features=(0.0,) * len(FEATURES), own={}, bias={}, usual_bias=0.0))
    version = models.keep(folder, document, "{}")
    path = tmp_path / "topics" / version / "model.json"
    path.write_text(document.replace('"usual_bias":0.0', '"usual_bias":9.0'), encoding="utf-8")
    with pytest.raises(ModelError, match="was changed"):
        models.use(folder, version)


def test_whoever_is_interrupted_while_keeping_a_model_leaves_nothing_behind(tmp_path):
    folder = str(tmp_path)
    document = dump(ModelKind.TAXONOMY, Weights(features=(0.0,) * len(FEATURES), own={}, bias={}, usual_bias=0.0))

    def interrupted(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        models.keep(folder, document, "{}", write=interrupted)
    assert models.cards(folder) == {}
    assert models.in_force(folder) == ""
    assert list((tmp_path / "topics").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="cannot be") as raised:
        models.use(str(tmp_path / "file"), "")
    assert "models_dir" in raised.value.remedy


def test_a_model_has_no_words_where_a_language_has_few_articles(prepared):
    model = fit(ModelKind.COMBINED, prepared)
    assert isinstance(model, Model)
    assert model.words is None
    assert parse(dump(model.kind, model.weights, model.words), where="it").words is None
