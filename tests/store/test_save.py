"""What becomes of a document when it is saved."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from store_samples import FakeSource, annotated, claim, dropped, events, label, page, row, rows, take

from ingest.documents import (
    Access,
    Boilerplate,
    Cut,
    CutReason,
    Fate,
    Language,
    Moment,
    Origin,
    Place,
    Precision,
    Reason,
    Share,
    Span,
    Stage,
)
from ingest.store import read

FIRST = "The port opened. Ships came in. People cheered. Flags flew."
SECOND = "Rain fell all day. The river rose. Fields were under water."


def test_a_new_document_becomes_an_article_named_by_its_text(store, run):
    outcome = take(store, run, page(url="https://example.org/1"), annotated(FIRST, published="2024-03-14"))
    article = row(store, "SELECT * FROM v_articles")
    assert outcome.fate is Fate.NEW
    assert outcome.article_id == article["article_id"] == "art-" + hashlib.sha256(FIRST.encode()).hexdigest()[:12]
    assert (article["text"], article["characters"], article["title"]) == (FIRST, len(FIRST), "A headline")
    assert (article["published"], article["published_at"]) == ("2024-03-14", "2024-03-14T00:00:00Z")
    assert (article["source"], article["key"], article["revision"], article["is_current"]) == ("inbox", "a.txt", 1, 1)
    assert (article["copies"], article["state"], article["run_id"]) == (1, "stored", run.id)
    assert events(store) == ["stored"]


def test_an_article_keeps_its_zone_precision_and_origins(store, run):
    published = Moment(iso="2024-03-14T12:10:00+08:00", precision=Precision.SECOND, origin=Origin.JSON_LD)
    modified = Moment(iso="2024", precision=Precision.YEAR, origin=Origin.META)
    base = annotated(FIRST)
    take(store, run, page(), annotated_with(base, published=published, modified=modified, byline="Jo Lee"))
    article = row(store, "SELECT * FROM v_articles")
    assert (article["published"], article["published_precision"], article["published_origin"]) == (
        "2024-03-14T12:10:00+08:00",
        "second",
        "json-ld",
    )
    assert article["published_at"] == "2024-03-14T04:10:00Z"
    assert (article["modified"], article["modified_precision"], article["modified_at"]) == (
        "2024",
        "year",
        "2024-01-01T00:00:00Z",
    )
    assert article["byline"] == "Jo Lee"


def annotated_with(base, **changes):
    return replace(base, article=replace(base.article, **changes))


def test_cuts_boilerplate_and_further_languages_are_kept_with_the_article(store, run):
    result = annotated_with(
        annotated(FIRST),
        cuts=(Cut(text="HONG KONG --", reason=CutReason.DATELINE, position=0),),
        boilerplate=(Boilerplate(start=17, end=31, reason=CutReason.ABOUT),),
    )
    language = Language(tag="en", confidence=0.7, others=(Share(tag="zh-Hant", share=0.3),))
    take(store, run, page(), replace(result, language=language))
    article_id = row(store, "SELECT article_id FROM v_articles")["article_id"]
    assert row(store, "SELECT * FROM v_article_cuts") == {
        "article_id": article_id,
        "number": 0,
        "position": 0,
        "reason": "dateline",
        "text": "HONG KONG --",
        "run_id": run.id,
    }
    assert row(store, "SELECT * FROM v_article_boilerplate") == {
        "article_id": article_id,
        "start_offset": 17,
        "end_offset": 31,
        "reason": "about",
    }
    assert row(store, "SELECT * FROM v_article_languages") == {
        "article_id": article_id,
        "language": "zh-Hant",
        "share": 0.3,
    }


def test_topics_come_with_their_evidence(store, run):
    spans = (Span(start=4, end=8, text="port"), Span(start=0, end=1, text="A", place=Place.TITLE))
    take(store, run, page(), annotated(FIRST, topics=[replace(label(), evidence=spans)]))
    topic = row(store, "SELECT * FROM v_article_topics")
    assert (topic["topic"], topic["score"], topic["evidence"]) == ("biotech", 0.8, "port · A")
    found = rows(store, "SELECT * FROM v_article_topic_evidence ORDER BY number")
    assert [(each["start_offset"], each["end_offset"], each["place"]) for each in found] == [
        (4, 8, "body"),
        (0, 1, "title"),
    ]


def test_other_words_make_a_revision_and_the_old_text_stays(store, run):
    first = take(store, run, page(content="1"), annotated(FIRST))
    second = take(store, run, page(content="2"), annotated(SECOND))
    assert second.fate is Fate.REVISED
    by_id = {each["article_id"]: each for each in rows(store, "SELECT * FROM v_articles")}
    old, new = by_id[first.article_id], by_id[second.article_id]
    assert (old["text"], old["is_current"], old["revision"], old["copies"]) == (FIRST, 0, 1, 0)
    assert (new["text"], new["is_current"], new["revision"], new["copies"]) == (SECOND, 1, 2, 1)
    assert row(store, "SELECT revision, article_id FROM v_documents") == {
        "revision": 2,
        "article_id": second.article_id,
    }
    assert events(store) == ["stored", "revised"]


@pytest.mark.parametrize(
    "change",
    [{"title": "Another headline"}, {"published": "2024-03-15"}, {"byline": "Jo Lee"}],
    ids=["title", "published", "byline"],
)
def test_another_headline_or_date_over_the_same_text_is_a_revision(store, run, change):
    first = take(store, run, page(content="1"), annotated(FIRST, published="2024-03-14"))
    second = take(store, run, page(content="2"), annotated(FIRST, **{"published": "2024-03-14", **change}))
    assert (second.fate, second.article_id) == (Fate.REVISED, first.article_id)
    article = row(store, "SELECT * FROM v_articles")
    assert (article["revision"], article["is_current"]) == (2, 1)
    assert {name: article[name] for name in change} == change
    assert len(rows(store, "SELECT * FROM v_appearances")) == 2


def test_another_headline_over_the_same_text_may_mean_other_topics(store, run):
    take(store, run, page(content="1"), annotated(FIRST, topics=[label("biotech")]))
    later = store.start_run("ingest")
    take(store, later, page(content="2"), annotated(FIRST, title="New", topics=[label("fintech")]))
    assert row(store, "SELECT topic, run_id FROM v_article_topics") == {"topic": "fintech", "run_id": later.id}
    assert len(rows(store, "SELECT * FROM article_topics")) == 2  # superseded, not overwritten


def test_bytes_that_change_without_the_article_are_no_revision(store, run):
    take(store, run, page(content="1"), annotated(FIRST))
    outcome = take(store, run, page(content="2"), annotated(FIRST))
    assert outcome.fate is Fate.UNCHANGED
    assert events(store) == ["stored", "page_changed"]
    document = row(store, "SELECT * FROM v_documents")
    assert (document["revision"], document["fate"]) == (1, "new")
    assert document["page_sha256"] == hashlib.sha256(b"2").hexdigest()
    assert len(rows(store, "SELECT * FROM fetches")) == 2


def test_a_text_that_returns_is_a_further_revision_of_the_earlier_article(store, run):
    first = take(store, run, page(content="1"), annotated(FIRST))
    take(store, run, page(content="2"), annotated(SECOND))
    third = take(store, run, page(content="1"), annotated(FIRST))
    assert (third.fate, third.article_id) == (Fate.REVISED, first.article_id)
    assert [
        (each["revision"], each["article_id"] == first.article_id, each["is_current"], each["leads"])
        for each in rows(store, "SELECT * FROM v_appearances ORDER BY revision")
    ] == [(1, True, 0, 0), (2, False, 0, 1), (3, True, 1, 1)]


def test_the_same_text_under_another_key_is_a_copy_with_its_own_headline(store, run):
    first = take(store, run, page("a.txt"), annotated(FIRST, title="Port opens"))
    copy = take(store, run, page("b.txt"), annotated(FIRST, title="Ships arrive"), source=FakeSource(keys={"a.txt"}))
    assert (copy.fate, copy.article_id, copy.other) == (Fate.COPY, first.article_id, "a.txt")
    article = row(store, "SELECT * FROM v_articles")
    assert (article["title"], article["key"], article["copies"]) == ("Port opens", "a.txt", 2)
    assert [each["title"] for each in rows(store, "SELECT title FROM v_appearances ORDER BY key")] == [
        "Port opens",
        "Ships arrive",
    ]
    assert events(store, "b.txt") == ["copied"]


def test_a_text_that_differs_in_white_space_and_case_only_is_a_copy(store, run):
    first = take(store, run, page("a.txt", "1"), annotated(FIRST))
    copy = take(store, run, page("b.txt", "2"), annotated(FIRST.upper().replace(" ", "  ")))
    assert (copy.fate, copy.article_id) == (Fate.COPY, first.article_id)
    again = take(store, run, page("b.txt", "3"), annotated(FIRST.upper().replace(" ", "  ")))
    assert again.fate is Fate.UNCHANGED


def test_the_same_story_in_the_other_chinese_script_keeps_its_own_text(store, run):
    first = take(store, run, page("a.txt", "1"), in_language(annotated(FIRST), "zh-Hans"))
    other = take(store, run, page("b.txt", "2"), in_language(annotated(FIRST.upper()), "zh-Hant"))
    assert (other.fate, other.other, other.similarity) == (Fate.NEAR_DUPLICATE, "a.txt", 1.0)
    texts = rows(store, "SELECT article_id, text, language, near_duplicate_of FROM v_articles ORDER BY language")
    assert [(each["text"], each["near_duplicate_of"]) for each in texts] == [
        (FIRST, None),
        (FIRST.upper(), first.article_id),
    ]


def in_language(result, tag):
    return replace(result, language=Language(tag=tag, confidence=0.9))


def test_when_the_leading_copy_is_revised_away_another_leads(store, run):
    article = take(store, run, page("a.txt", "1"), annotated(FIRST, title="First")).article_id
    take(store, run, page("b.txt", "2"), annotated(FIRST, title="Second"))
    take(store, run, page("c.txt", "3"), annotated(FIRST, title="Third"))
    take(store, run, page("a.txt", "4"), annotated(SECOND, title="First"))
    left = row(store, "SELECT * FROM v_articles WHERE article_id = :id", id=article)
    assert (left["key"], left["title"], left["copies"], left["is_current"]) == ("b.txt", "Second", 2, 1)


def test_a_similar_text_is_linked_to_the_story_it_resembles(store, run):
    first = take(store, run, page("a.txt", "1"), annotated(FIRST))
    near = take(store, run, page("b.txt", "2"), annotated(FIRST + " Bands played."))
    assert (near.fate, near.other, near.similarity) == (Fate.NEAR_DUPLICATE, "a.txt", 0.8)
    article = row(store, "SELECT * FROM v_articles WHERE article_id = :id", id=near.article_id)
    assert (article["near_duplicate_of"], article["similarity"]) == (first.article_id, 0.8)
    assert events(store, "b.txt") == ["near_duplicate"]


def test_a_chain_of_similar_texts_leads_to_the_first(store, run):
    texts = ["One. Two. Three. Four.", "Two. Three. Four. Five.", "Three. Four. Five. Six.", "Four. Five. Six. Seven."]
    outcomes = [
        take(store, run, page(f"{number}.txt", str(number)), annotated(text)) for number, text in enumerate(texts)
    ]
    leaders = {each["near_duplicate_of"] for each in rows(store, "SELECT near_duplicate_of FROM v_articles")}
    assert leaders == {None, outcomes[0].article_id}
    assert [each.other for each in outcomes] == [None, "0.txt", "0.txt", "0.txt"]


def test_of_two_stories_the_more_similar_one_is_chosen(store, run):
    take(store, run, page("a.txt", "1"), annotated("One. Two. Three. Alpha. Beta."))
    take(store, run, page("b.txt", "2"), annotated("One. Two. Gamma. Delta. Epsilon. Zeta. Eta."))
    near = take(store, run, page("c.txt", "3"), annotated("Two. Gamma. Delta. Epsilon. Zeta. Eta."))
    assert near.other == "b.txt"


def test_a_revision_is_no_near_duplicate_of_what_it_was(store, run):
    take(store, run, page("a.txt", "1"), annotated(FIRST))
    take(store, run, page("b.txt", "2"), annotated(FIRST + " Bands played."))
    revised = take(store, run, page("a.txt", "3"), annotated(FIRST + " Rain fell."))
    assert (revised.fate, revised.other, revised.similarity) == (Fate.REVISED, None, None)
    article = row(store, "SELECT * FROM v_articles WHERE article_id = :id", id=revised.article_id)
    assert article["near_duplicate_of"] is None


def test_a_template_with_many_copies_keeps_its_bucket_bounded(store, run):
    pages = [page(f"{number}.txt", str(number)) for number in range(80)]
    for number, claimed in enumerate(claim(store, run, *pages)):
        texts = ". ".join(["Shared sentence", *(f"Own {number} {part}" for part in range(5))]) + "."
        assert store.save(run, claimed, annotated(texts)).fate is Fate.NEW
    counted = row(store, "SELECT max(n) AS n FROM (SELECT count(*) AS n FROM fingerprints GROUP BY band) AS bands")
    assert counted["n"] == 64


def test_a_drop_is_kept_with_its_reason_and_its_bytes(store, run):
    outcome = take(store, run, page(content="\x89PNG"), dropped(reason=Reason.NOT_TEXT, detail="A picture."))
    assert (outcome.fate, outcome.article_id, outcome.dropped.reason) == (Fate.DROPPED, None, Reason.NOT_TEXT)
    document = row(store, "SELECT * FROM v_documents")
    assert (document["state"], document["stage"], document["reason"], document["detail"]) == (
        "dropped",
        "extract",
        "not_text",
        "A picture.",
    )
    assert (document["page_bytes"], document["revision"], document["held_by_run"]) == (5, 0, None)
    assert events(store) == ["dropped"]


def test_a_document_whose_later_reading_is_dropped_keeps_its_article(store, run):
    stored = take(store, run, page(content="1"), annotated(FIRST))
    outcome = take(store, run, page(content=""), dropped(reason=Reason.EMPTY))
    assert (outcome.fate, outcome.article_id) == (Fate.DROPPED, stored.article_id)
    assert row(store, "SELECT state, is_current FROM v_articles") == {"state": "dropped", "is_current": 1}
    back = take(store, run, page(content="1"), annotated(FIRST))
    assert back.fate is Fate.UNCHANGED
    assert row(store, "SELECT state, reason FROM v_documents") == {"state": "stored", "reason": None}
    assert events(store) == ["stored", "dropped", "restored"]


def test_a_drop_by_the_source_is_recorded_once_however_often_it_is_seen(store, run):
    unreadable = dropped(stage=Stage.SOURCE, reason=Reason.UNREADABLE, detail="Permission denied.")
    for _ in range(3):
        assert store.drop(run, FakeSource(), unreadable).fate is Fate.DROPPED
    assert events(store) == ["dropped"]
    vanished = dropped(stage=Stage.SOURCE, reason=Reason.VANISHED, detail="It is gone.")
    store.drop(run, FakeSource(), vanished)
    assert events(store) == ["dropped", "dropped"]
    assert row(store, "SELECT reason, page_sha256 FROM v_documents") == {"reason": "vanished", "page_sha256": None}


def test_what_a_database_refuses_in_text_is_replaced_one_for_one(store, run):
    odd = "Nul \0 and \ud800 half"
    take(store, run, page(url="https://example.org/\udc80"), annotated(FIRST, title=odd))
    assert row(store, "SELECT title FROM v_articles")["title"] == "Nul \ufffd and \ufffd half"


@pytest.mark.parametrize(
    "key", ["bad\udcff name.txt", "nul\0.txt", "long/" + "长" * 4000], ids=["bytes", "nul", "long"]
)
def test_any_key_can_be_stored_and_is_known_again(store, run, key):
    take(store, run, page(key), annotated(FIRST))
    (again,) = claim(store, run, page(key))
    assert (again.fate, again.key) == (Fate.UNCHANGED, key)


def test_saving_a_claim_a_second_time_changes_nothing(store, run):
    (claimed,) = claim(store, run, page())
    store.save(run, claimed, annotated(FIRST))
    assert store.save(run, claimed, annotated(FIRST)).fate is Fate.UNCHANGED
    assert events(store) == ["stored"]


def test_the_details_of_an_article_are_kept_and_shown(store, run, store_url):
    details = {
        "section": "Harbour",
        "section_origin": Origin.JSON_LD,
        "keywords": ("ships", "船舶"),
        "keywords_origin": Origin.META,
        "image": "https://lamp.example/a.jpg",
        "image_origin": Origin.OPEN_GRAPH,
        "access": Access.METERED,
        "access_origin": Origin.META,
        "future_date": "2099-01-01",
    }
    take(store, run, page(), annotated(FIRST, **details))
    with read.connect(store_url) as connection:
        (row,) = connection.rows("SELECT * FROM v_articles")
        shown = read.article(connection, row["article_id"])
    assert {name: row[name] for name in details} == details | {"keywords": "ships · 船舶"}
    assert (shown.section, shown.keywords, shown.access) == ("Harbour", ("ships", "船舶"), Access.METERED)
    assert (shown.image, shown.future_date) == ("https://lamp.example/a.jpg", "2099-01-01")
