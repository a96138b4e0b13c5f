"""Stages that are run again: what they say now takes the place of what they said, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from store_samples import RULES, annotated, events, label, mention, page, row, rows, take

from ingest.archive import Archive
from ingest.documents import Dropped, Fate, Kind, Reason, Stage, Status
from ingest.reprocess import reprocess
from ingest.settings import Settings
from ingest.store import open_store, rulings
from ingest.store.changes import ChangeKind
from ingest.store.decisions import Ruling
from ingest.store.forgetting.forget import forget
from ingest.store.kept import Wanted

CHAN = Ruling(person="A. Chan")
FIRST = "Harbour University and Acme signed a memorandum. It was sunny. Guests came."
SECOND = "HU and Acme Ltd have signed their memorandum. The mayor spoke. Rain fell."
OTHER = "Harbour University opened its gates. The band played. All went home."


def said(text, *names, topics=(), published="2024-03-15", **what):
    mentions = [mention(*(names or ("Harbour University", "Acme")), text=text, **what)]
    return annotated(text, published=published, topics=topics, mentions=mentions)


@pytest.fixture
def settings(tmp_path):
    return Settings(archive_url=str(tmp_path / "archive"), window=2)


@pytest.fixture
def archive(settings):
    return Archive(settings.archive_url)


@pytest.fixture
def again(store, settings):
    """Runs stages again that say what they are told to, by the text's first words; else what they said before."""

    def run(answers, *, stage=Stage.AGREEMENTS, rehearse=False, **wanted):
        told = []

        def answer(_, tasks):
            return [answers(task) if callable(answers) else answers[task.article.text] for task in tasks]

        summary = reprocess(
            store,
            settings,
            Wanted(**wanted),
            stage=stage,
            rehearse=rehearse,
            map=answer,
            tell=lambda redone, _: told.append(redone),
        )
        return summary, {change.kind: change for redone in told for change in redone.changes}

    return run


def ledger(store):
    return {each["agreement_id"]: each for each in rows(store, "SELECT * FROM v_agreements ORDER BY agreement_id")}


def everything(store):
    names = ("v_agreements", "v_agreement_mentions", "v_agreement_events", "v_article_topics", "v_articles", "v_runs")
    return {name: rows(store, f"SELECT * FROM {name}") for name in names}  # noqa: S608 - names of ours


def test_what_is_said_as_before_changes_nothing(store, run, again):
    take(store, run, page("a", "a"), said(FIRST, topics=[label()]))
    before = everything(store)
    for stage in (Stage.TOPICS, Stage.LANGUAGE):
        summary, changes = again({FIRST: said(FIRST, topics=[label()])}, stage=stage)
        assert (summary.articles, summary.changed, changes) == (1, 0, {})
    after = everything(store)
    assert {**after, "v_runs": []} == {**before, "v_runs": []}


def test_a_better_reading_keeps_the_agreement_and_supersedes_the_sentence(store, run, again):
    take(store, run, page("a", "a"), said(FIRST))
    (agreement,) = ledger(store)
    summary, changes = again({FIRST: said(FIRST, kind=Kind.JOINT_FACILITY, status=Status.RENEWED)})
    assert (summary.changed, set(changes)) == (1, {ChangeKind.MENTION_CHANGED})
    assert "mou · signed" in changes[ChangeKind.MENTION_CHANGED].before
    assert "joint_facility · renewed" in changes[ChangeKind.MENTION_CHANGED].after
    found = ledger(store)
    assert list(found) == [agreement]
    assert (found[agreement]["kind"], found[agreement]["status"], found[agreement]["mentions"]) == (
        "joint_facility",
        "renewed",
        1,
    )
    superseded = "SELECT count(*) AS n, count(superseded_run_id) AS gone FROM agreement_mentions"
    assert row(store, superseded) == {"n": 2, "gone": 1}
    last = rows(store, "SELECT event, old_status, new_status FROM v_agreement_events ORDER BY event_id")[-1]
    assert last == {"event": "corrected", "old_status": "signed", "new_status": "renewed"}


def test_a_rehearsal_tells_the_same_and_leaves_the_store_as_it_is(store, run, again):
    take(store, run, page("a", "a"), said(FIRST, topics=[label()]))
    before = everything(store)
    better = {FIRST: said(FIRST, "Harbour University", "Bolt", topics=[label("fintech")])}
    rehearsed = again(better, stage=Stage.TOPICS, rehearse=True)[1]
    assert everything(store) == before
    assert again(better, stage=Stage.TOPICS)[1] == rehearsed
    assert set(rehearsed) >= {ChangeKind.LABEL_GAINED, ChangeKind.LABEL_LOST, ChangeKind.MENTION_CHANGED}


def test_an_agreement_that_nothing_tells_of_leaves_the_ledger_and_comes_back_under_its_id(store, run, again):
    take(store, run, page("a", "a"), said(FIRST))
    (agreement,) = ledger(store)
    _, changes = again({FIRST: annotated(FIRST, published="2024-03-15")})
    assert set(changes) == {ChangeKind.MENTION_LOST, ChangeKind.EMPTIED}
    assert ledger(store) == {}
    assert row(store, "SELECT state FROM v_agreement_ids") == {"state": "emptied"}
    _, changes = again({FIRST: said(FIRST)})
    assert set(changes) == {ChangeKind.MENTION_GAINED, ChangeKind.OPENED}
    assert list(ledger(store)) == [agreement]


def test_a_status_that_rested_on_a_mistake_goes_with_it(store, run, again):
    take(store, run, page("a", "a"), said(FIRST))
    take(store, run, page("b", "b"), said(SECOND, "HU", "Acme", status=Status.ENDED, published="2024-05-01"))
    again({FIRST: said(FIRST), SECOND: annotated(SECOND, published="2024-05-01")})
    (found,) = ledger(store).values()
    assert (found["status"], found["mentions"]) == ("signed", 1)


def test_other_parties_part_what_was_taken_for_one(store, run, again):
    take(store, run, page("a", "a"), said(FIRST))
    take(store, run, page("b", "b"), said(SECOND, "HU", "Acme"))
    (agreement,) = ledger(store)
    _, changes = again({FIRST: said(FIRST), SECOND: said(SECOND, "HU", "Bolt")})
    assert ChangeKind.OPENED in changes
    found = ledger(store)
    assert found[agreement]["parties"] == "Harbour University · Acme"
    assert {each["parties"] for each in found.values()} == {"Harbour University · Acme", "HU · Bolt"}


def test_what_people_decided_is_replayed(store, run, again):
    take(store, run, page("a", "a"), said(FIRST))
    take(store, run, page("b", "b"), said(SECOND, "HU", "Acme", kind=Kind.LICENSING, published="2021-01-01"))
    take(store, run, page("c", "c"), said(OTHER, "Harbour University", "Crane"))
    ids = {each["parties"]: key for key, each in ledger(store).items()}
    first, second, third = ids["Harbour University · Acme"], ids["HU · Acme"], ids["Harbour University · Crane"]
    store.rule(lambda w, rules: rulings.merge(w, rules, CHAN, into=first, others=[second]))
    store.rule(lambda w, _: rulings.dismiss(w, CHAN, agreement=third))
    again(
        {
            FIRST: said(FIRST),
            SECOND: said(SECOND, "HU", "Acme", kind=Kind.JOINT_VENTURE, published="2021-01-01"),
            OTHER: said(OTHER, "Harbour University", "Crane", status=Status.PLANNED),
        }
    )
    found = ledger(store)
    assert (list(found), found[first]["mentions"]) == ([first], 2)
    store.rule(lambda w, rules: rulings.restore(w, rules, CHAN, agreement=second))
    assert ledger(store)[second]["kind"] == "joint_venture"


def test_labels_that_are_gained_and_lost_are_told(store, run, again):
    take(store, run, page("a", "a"), annotated(FIRST, topics=[label("biotech"), label("talent", 0.5)]))
    _, changes = again({FIRST: annotated(FIRST, topics=[label("fintech"), label("talent", 0.7)])}, stage=Stage.TOPICS)
    assert {kind: change.subject for kind, change in changes.items()} == {
        ChangeKind.LABEL_GAINED: "fintech",
        ChangeKind.LABEL_LOST: "biotech",
        ChangeKind.LABEL_CHANGED: "talent",
    }


def test_agreements_alone_leave_topics_alone(store, run, again):
    take(store, run, page("a", "a"), annotated(FIRST, topics=[label("biotech")]))
    again({FIRST: annotated(FIRST)})
    assert row(store, "SELECT topic FROM v_article_topics") == {"topic": "biotech"}


def test_another_language_is_told_and_stored(store, run, again):
    take(store, run, page("a", "a"), annotated(FIRST))
    result = annotated(FIRST)
    changed = replace(result, language=replace(result.language, tag="fr"))
    _, changes = again({FIRST: changed}, stage=Stage.LANGUAGE)
    assert changes[ChangeKind.LANGUAGE].after == "fr"
    assert row(store, "SELECT language FROM v_articles") == {"language": "fr"}


CLEANER = FIRST.replace(" Guests came.", "")


def test_a_better_extractor_supersedes_and_makes_no_revision(store, run, again, archive):
    arrived = page("a", "a")
    archive.put(arrived.content)
    before = take(store, run, arrived, said(FIRST, topics=[label()]))
    (agreement,) = ledger(store)
    _, changes = again({FIRST: said(CLEANER, topics=[label()])}, stage=Stage.EXTRACT)
    assert set(changes) == {ChangeKind.TEXT, ChangeKind.MENTION_CHANGED}
    article = row(store, "SELECT article_id, text, revision FROM v_articles")
    assert (article["text"], article["revision"]) == (CLEANER, 1)
    assert article["article_id"] != before.article_id
    assert list(ledger(store)) == [agreement]
    assert ledger(store)[agreement]["mentions"] == 1
    assert events(store, "a") == ["stored", "superseded"]
    kept = row(store, "SELECT title, revision FROM superseded_appearances")
    assert kept == {"title": "A headline", "revision": 1}
    assert row(store, "SELECT topic FROM v_article_topics") == {"topic": "biotech"}
    assert row(store, "SELECT a.text FROM articles a JOIN articles b ON b.supersedes_id = a.id") == {"text": FIRST}


def test_what_an_analyst_ruled_on_topics_follows_a_better_reading(store, run, again, archive):
    arrived = page("a", "a")
    archive.put(arrived.content)
    before = take(store, run, arrived, said(FIRST, topics=[label()]))
    store.rule_topics(before.article_id, given={"biotech": False, "talent": True}, person="A. Chan", note="about staff")
    again({FIRST: said(CLEANER, topics=[label()])}, stage=Stage.EXTRACT)
    found = row(store, "SELECT t.topic, t.person FROM v_article_topics t JOIN v_articles a USING (article_id)")
    assert found == {"topic": "talent", "person": "A. Chan"}


def test_what_resembled_a_superseded_text_resembles_its_successor(store, run, again, archive):
    arrived = page("a", "a")
    archive.put(arrived.content)
    take(store, run, arrived, said(FIRST))
    near = FIRST.replace("Guests came.", "Guests came. They left.")
    archive.put(page("b", "b").content)
    assert take(store, run, page("b", "b"), said(near)).fate is Fate.NEAR_DUPLICATE
    again({FIRST: said(CLEANER), near: said(near)}, stage=Stage.EXTRACT)
    leader = row(store, "SELECT article_id FROM v_articles WHERE text = :text", text=CLEANER)["article_id"]
    follows = row(store, "SELECT near_duplicate_of FROM v_articles WHERE text = :text", text=near)
    assert follows == {"near_duplicate_of": leader}
    (found,) = ledger(store).values()
    assert (found["mentions"], found["independent_sources"]) == (2, 1)


def test_another_headline_alone_is_told(store, run, again, archive):
    arrived = page("a", "a")
    archive.put(arrived.content)
    take(store, run, arrived, said(FIRST))
    result = said(FIRST)
    better = replace(result, article=replace(result.article, title="A better headline"))
    _, changes = again({FIRST: better}, stage=Stage.EXTRACT)
    assert changes[ChangeKind.HEADLINE].after == "A better headline"
    assert row(store, "SELECT title FROM v_articles") == {"title": "A better headline"}
    assert len(rows(store, "SELECT * FROM v_appearances")) == 1


def test_a_page_that_holds_no_article_any_more_is_told_and_stays(store, run, again, archive):
    arrived = page("a", "a")
    archive.put(arrived.content)
    take(store, run, arrived, said(FIRST))
    dropped = Dropped(source="inbox", key="a", stage=Stage.EXTRACT, reason=Reason.GALLERY, detail="Pictures only.")
    summary, changes = again({FIRST: dropped}, stage=Stage.EXTRACT)
    assert (summary.failed, changes[ChangeKind.DROPPED].after) == (1, "gallery: Pictures only.")
    assert len(ledger(store)) == 1


@pytest.mark.parametrize("case", [str, str.upper], ids=["the same words", "in other letters"])
def test_a_text_that_was_removed_by_request_does_not_come_back_by_a_better_extractor(store, run, again, archive, case):
    archive.put(b"with a menu")
    take(store, run, page("a.txt", "the story"), said(FIRST))
    take(store, run, page("b.txt", "with a menu"), annotated(f"Home. News. Sport. {OTHER}"))
    store.rule(lambda writing, rules: forget(writing, rules, CHAN, given="a.txt"))
    before = everything(store) | {"v_runs": None}

    summary, changes = again(lambda _: said(case(FIRST)), stage=Stage.EXTRACT)

    assert (summary.failed, summary.changed) == (1, 1)
    assert changes[ChangeKind.DROPPED].after.startswith("forgotten: ")
    assert everything(store) | {"v_runs": None} == before


def test_bytes_that_the_archive_lacks_cost_their_article_only(store, run, again, archive):
    take(store, run, page("a", "lost"), said(FIRST))
    kept = page("b", "kept")
    archive.put(kept.content)
    take(store, run, kept, said(SECOND, "HU", "Acme"))
    summary, changes = again({SECOND: said(SECOND, "HU", "Acme")}, stage=Stage.EXTRACT)
    assert (summary.articles, summary.failed) == (2, 1)
    assert "archive has no object" in changes[ChangeKind.DROPPED].after


def test_a_document_that_was_revised_meanwhile_is_left_to_whoever_revised_it(store, run, again, archive):
    arrived = page("a", "a")
    archive.put(arrived.content)
    take(store, run, arrived, said(FIRST))

    def revise_first(task):
        take(store, run, page("a", "b"), said(SECOND, "HU", "Acme"))
        return said(CLEANER) if task.article.text == FIRST else said(SECOND, "HU", "Acme")

    summary, changes = again(revise_first, stage=Stage.EXTRACT)
    assert ChangeKind.TEXT not in changes
    assert row(store, "SELECT text FROM v_articles WHERE is_current = 1") == {"text": SECOND}
    assert summary.articles >= 1


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, 2),
        ({"since": "2024-03-16"}, 1),
        ({"since": "2024"}, 2),
        ({"until": "2024-03-15"}, 1),
        ({"until": "2023"}, 0),
        ({"source": "inbox"}, 2),
        ({"source": "elsewhere"}, 0),
    ],
)
def test_only_what_is_wanted_is_done_again(store, run, again, wanted, expected):
    take(store, run, page("a", "a"), said(FIRST, published="2024-03-15"))
    take(store, run, page("b", "b"), said(SECOND, "HU", "Acme", published="2024-03-16"))
    summary, _ = again(lambda task: said(task.article.text), rehearse=True, **wanted)
    assert summary.articles == expected


def test_a_run_that_was_stopped_is_taken_up_where_it_stood(store, run, settings):
    for number in range(6):
        text = f"Story {number} says nothing. And {number} more. Of {number} things."
        take(store, run, page(str(number), str(number)), annotated(text, published="2024-03-15"))
    seen = []

    def failing(_, tasks):
        if len(seen) >= 4:
            raise OSError("the machine stops")
        seen.extend(task.article.text for task in tasks)
        return [annotated(task.article.text, published="2024-03-15") for task in tasks]

    with pytest.raises(OSError, match="stops"):
        reprocess(store, settings, Wanted(), stage=Stage.AGREEMENTS, map=failing)
    done = list(seen)
    rest = []

    def going(_, tasks):
        rest.extend(task.article.text for task in tasks)
        return [annotated(task.article.text, published="2024-03-15") for task in tasks]

    summary = reprocess(store, settings, Wanted(), stage=Stage.AGREEMENTS, map=going)
    assert (len(done), len(rest), summary.resumed) == (4, 2, 4)
    assert not set(done) & set(rest)
    whole = reprocess(store, settings, Wanted(), stage=Stage.AGREEMENTS, map=going)
    assert (whole.articles, whole.resumed) == (6, 0)


def test_another_headline_of_the_publisher_changes_the_agreements_too(store, run):
    take(store, run, page("a", "1"), said(FIRST, published=None))
    later = said(FIRST, published="2024-03-15", signed_on="2024-03-14")
    outcome = take(store, run, page("a", "2"), later)
    assert outcome.fate is Fate.REVISED
    (found,) = ledger(store).values()
    assert (found["signed_on"], found["first_published"], found["mentions"]) == ("2024-03-14", "2024-03-15", 1)


def test_running_it_beside_a_worker_that_tells_of_the_same_agreement_ends_with_one(store_url, tmp_path):
    """Every article is done again by one process while another brings in stories of the same agreements."""
    import multiprocessing

    context = multiprocessing.get_context("fork")
    with open_store(store_url, rules=RULES) as store:
        run = store.start_run("ingest")
        for turn in range(8):
            text = f"In round {turn} they signed. Nothing else of {turn}."
            take(store, run, page(str(turn), str(turn)), annotated(text, published=f"20{turn + 10}-03-15"))
    barrier = context.Barrier(2)
    workers = [
        context.Process(target=_redo_all, args=(store_url, str(tmp_path), barrier)),
        context.Process(target=_bring_in, args=(store_url, barrier)),
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0]
    with open_store(store_url, rules=RULES) as store:
        assert [each["mentions"] for each in ledger(store).values()] == [2] * 8


def _told(text, turn, *names):
    return annotated(text, published=f"20{turn + 10}-03-15", mentions=[mention(*names, text=text)])


def _redo_all(url, archive, barrier):
    settings = Settings(archive_url=archive, window=1)

    def answer(_, tasks):
        results = []
        for task in tasks:
            turn = int(task.article.text.split()[2 if task.article.text.startswith("In") else 4])
            if task.article.text.startswith("In"):
                barrier.wait(60)
            results.append(_told(task.article.text, turn, "Harbour University", "Acme"))
        return results

    with open_store(url, rules=RULES) as store:
        reprocess(store, settings, Wanted(until="2017"), stage=Stage.AGREEMENTS, map=answer)


def _bring_in(url, barrier):
    with open_store(url, rules=RULES) as store:
        run = store.start_run("ingest")
        for turn in range(8):
            text = f"A worker of round {turn} saw it. It is another story {turn}."
            result = _told(text, turn, "Acme Ltd", "HU")
            barrier.wait(60)
            take(store, run, page(f"new {turn}", f"new {turn}"), result)
