"""Several documents in one transaction: what becomes of each is what would become of it alone."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event, select, text
from store_samples import (
    RULES,
    FakeSource,
    annotated,
    claim,
    dropped,
    label,
    mention,
    page,
    row,
    rows,
    take,
)

from ingest.documents import Boilerplate, Cut, CutReason, Fate, Language, Reason, Share
from ingest.errors import IngestError
from ingest.pipeline import run as run_pipeline
from ingest.search.places import place_of
from ingest.settings import Settings
from ingest.store import check, open_store
from ingest.store.decisions import Ruling
from ingest.store.forgetting.forget import forget
from ingest.tables import Base

SIGNED = "Harbour University signed an agreement with Acme. It was a fine day."
STORY = "One thing happened. Another followed. A third was seen. Then all was over."


def unlike(number, **more):
    return annotated(f"Story number {number}. Nothing else is like {number}.", title=f"Headline {number}", **more)


def rich(number):
    """An article of which there is a row in every table that knows articles."""
    plain = unlike(number, topics=[label(), label("energy", words="Story")], url=f"https://news.example/{number}")
    article = replace(
        plain.article,
        keywords=("one", "two"),
        cuts=(
            Cut(position=0, reason=CutReason.BYLINE, text="By me"),
            Cut(position=3, reason=CutReason.SHARE, text="x"),
        ),
        boilerplate=(Boilerplate(start=0, end=5, reason=CutReason.NAVIGATION),),
    )
    return replace(
        plain, article=article, language=Language(tag="en", confidence=0.9, others=(Share(tag="zh-Hans", share=0.2),))
    )


MIXED = [
    ("new", unlike(1)),
    ("rich", rich(2)),
    ("tells of an agreement", annotated(SIGNED, mentions=[mention("Harbour University", "Acme", text=SIGNED)])),
    ("story", annotated(STORY)),
    ("as rich", rich(3)),
    ("story again", annotated(STORY.upper())),
    ("story, edited", annotated(STORY.replace("over", "done"))),
    ("no article", dropped()),
    ("old", annotated("An old text. It was there before.")),
    ("old, edited", annotated("An old text. It was there before. Or was it.")),
    ("known", unlike(4)),
    ("undated", rich(5)),
    ("dated", unlike(6, published="2024-05-06")),
    ("last", unlike(7)),
]


def bring(store, *, together):
    """Bring the same in; outcomes in order."""
    run = store.start_run("ingest")
    take(store, run, page("before", "before"), annotated("An old text. It was there before."))
    take(store, run, page("known", "former"), unlike(0))
    pages = [page(key, content=f"bytes of {key.removesuffix(' again')}") for key, _ in MIXED]
    claimed = claim(store, run, *pages)
    results = [(each, result) for each, (_, result) in zip(claimed, MIXED, strict=True)]
    if together:
        return list(store.save_all(run, results))
    return [store.save(run, each, result) for each, result in results]


def all_rows(store):
    """Every row of what documents become, without times."""
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name.startswith(("run", "alert")):
            continue
        columns = [each for each in table.c if each.name not in {"at", "lease_until"} and not each.name.endswith("_at")]
        with store.database.engine.connect() as connection:
            found[table.name] = sorted(map(repr, connection.execute(select(*columns))))
    return found


def test_what_is_saved_together_is_what_it_is_when_it_is_saved_alone(store, empty_url):
    with open_store(empty_url, rules=RULES) as twin:
        alone = bring(twin, together=False)
        assert bring(store, together=True) == alone
        assert [each.fate for each in alone[3:10]] == [
            *(Fate.NEW, Fate.NEW, Fate.COPY, Fate.NEAR_DUPLICATE, Fate.DROPPED, Fate.COPY, Fate.NEAR_DUPLICATE)
        ]
        assert alone[10].fate is Fate.REVISED
        assert all_rows(store) == all_rows(twin)


def test_new_documents_share_a_transaction(store, run):
    claimed = claim(store, run, *(page(f"{number}", f"{number}") for number in range(16)))
    ended = []
    event.listen(store.database.engine, "commit", ended.append)
    told = [
        (outcome.fate, len(ended))
        for outcome in store.save_all(run, [(each, unlike(number)) for number, each in enumerate(claimed)])
    ]
    assert told == [(Fate.NEW, 1)] * 8 + [(Fate.NEW, 2)] * 8


def test_the_same_bytes_under_two_keys_are_two_documents_of_one_page(store, run):
    claimed = claim(store, run, page("a", "same"), page("b", "same"))
    fates = [each.fate for each in store.save_all(run, [(each, unlike(1)) for each in claimed])]
    assert fates == [Fate.NEW, Fate.COPY]
    assert row(store, "SELECT count(*) AS n FROM pages") == {"n": 1}


def test_a_document_that_another_worker_took_over_is_busy_and_its_neighbours_are_saved(store, run):
    claimed = claim(store, run, page("a", "a"), page("b", "b"), page("c", "c"), lease_seconds=-1)
    other = store.start_run("ingest")
    claim(store, other, page("b", "b"), alone=True)
    fates = [each.fate for each in store.save_all(run, [(each, unlike(n)) for n, each in enumerate(claimed)])]
    assert fates == [Fate.NEW, Fate.BUSY, Fate.NEW]
    states = rows(store, "SELECT key, state FROM documents ORDER BY key")
    assert [each["state"] for each in states] == ["stored", "found", "stored"]


def test_what_was_removed_by_request_is_kept_out_among_others(store, run):
    gone = take(store, run, page("gone", "gone"), unlike(1))
    store.rule(lambda writing, rules: forget(writing, rules, Ruling(person="Ann"), given=gone.article_id, addresses=()))
    claimed = claim(store, run, page("a", "a"), page("b", "b"), page("c", "c"))
    outcomes = list(store.save_all(run, [(each, unlike(n)) for n, each in enumerate(claimed)]))
    assert [each.fate for each in outcomes] == [Fate.NEW, Fate.DROPPED, Fate.NEW]
    assert outcomes[1].dropped.reason is Reason.FORGOTTEN
    assert row(store, "SELECT count(*) AS n FROM article_search") == {"n": 2}


def test_none_falls_with_another(store_url):
    def likeness(a, b):  # noqa: ARG001 - the port's signature
        raise ValueError("no likeness")

    with open_store(store_url, rules=replace(RULES, likeness=likeness)) as store:
        run = store.start_run("ingest")
        take(store, run, page("before", "before"), annotated(STORY))
        edited = annotated(STORY.replace("over", "done"))
        claimed = claim(store, run, page("a", "a"), page("b", "b"), page("c", "c"))
        results = zip(claimed, [unlike(1), edited, unlike(2)], strict=True)
        told = []
        with pytest.raises(ValueError, match="no likeness"):
            told.extend(outcome.key for outcome in store.save_all(run, list(results)))
        assert told == ["a"]
        stored = "SELECT key FROM documents WHERE state = 'stored' ORDER BY key"
        assert [each["key"] for each in rows(store, stored)] == ["a", "before"]


def test_an_article_whose_place_is_taken_goes_to_the_next(store, run):
    take(store, run, page("before", "before"), unlike(0))
    day = date(2024, 5, 6)
    with store.database.engine.begin() as connection:
        connection.execute(text("UPDATE article_search SET place = :taken"), {"taken": place_of(day, 2)})
    claimed = claim(store, run, page("a", "a"), page("b", "b"))
    dated = [(each, unlike(n + 1, published=day.isoformat())) for n, each in enumerate(claimed)]
    assert [each.fate for each in store.save_all(run, dated)] == [Fate.NEW, Fate.NEW]
    assert row(store, "SELECT count(*) AS n, count(DISTINCT place) AS places FROM article_search") == {
        "n": 3,
        "places": 3,
    }


class Pages(FakeSource):
    is_whole = True

    def __iter__(self):
        return iter(page(f"{number}", f"{number}") for number in range(5))


def test_results_that_came_before_a_failure_are_kept(store, store_url, tmp_path):
    def failing(function, pages):  # noqa: ARG001 - the port's signature
        yield from (unlike(number) for number in range(3))
        raise IngestError("no parser")

    told = []
    settings = Settings(database_url=store_url, archive_url=str(tmp_path / "archive"))
    with pytest.raises(IngestError, match="no parser"):
        run_pipeline(Pages(), store, settings, map=failing, tell=told.append)
    assert [(each.key, each.fate) for each in told] == [("0", Fate.NEW), ("1", Fate.NEW), ("2", Fate.NEW)]
    assert row(store, "SELECT count(*) AS n FROM v_articles") == {"n": 3}


ROUNDS = 24


def work(url, number, barrier):
    """One of two workers: both bring the same stories at the same moment, in opposite order."""
    with open_store(url, rules=RULES) as store:
        run = store.start_run("ingest")
        source = FakeSource(name=f"source {number}")
        turns = range(ROUNDS) if number else range(ROUNDS - 1, -1, -1)
        pages = [page(f"{turn}", f"{number} {turn}", source=source.name) for turn in turns]
        results = []
        for turn, claimed in zip(turns, claim(store, run, *pages, source=source), strict=True):
            more = "" if turn % 2 else f" Version {number}."
            results.append((claimed, annotated(f"Story {turn}. Came in. Two forms of {turn}. Of it.{more}")))
        barrier.wait(60)
        assert len(list(store.save_all(run, results))) == ROUNDS


def test_the_same_stories_at_once_in_opposite_order_are_one_each(store_url):
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(2)
    workers = [context.Process(target=work, args=(store_url, number, barrier)) for number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert check(store_url) == ()
    with open_store(store_url) as store:
        fates = rows(store, "SELECT fate, count(*) AS n FROM v_documents GROUP BY fate ORDER BY fate")
        assert {each["fate"]: each["n"] for each in fates} == {"new": 24, "copy": 12, "near_duplicate": 12}
