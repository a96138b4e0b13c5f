"""What was removed by request is gone everywhere, and stays away."""

from __future__ import annotations

import made_rows
import pytest
import sqlalchemy as sa
from store_samples import RULES, FakeSource, annotated, claim, label, mention, page, row, rows, take

from ingest.documents import Fate, Reason, Status
from ingest.errors import ClaimLostError, NotFoundError
from ingest.store import Claimed, check, open_store
from ingest.store.decisions import Ruling
from ingest.store.forgetting import removal
from ingest.store.forgetting.forget import forget, lingering
from ingest.tables import Base

URL = "https://news.example/secret-story"
WORD = "Zanzibarium"  # in all that is to be forgotten
TEXT = f"{WORD} Alpha and {WORD} Beta signed a memorandum. {WORD} was glad. It rained in {WORD}."
ASKED = Ruling(person="A. Chan", note="court order")


def story(*, names=(f"{WORD} Alpha", f"{WORD} Beta"), text=TEXT, **more):
    return annotated(
        text,
        title=f"{WORD} signs",
        byline=f"{WORD} Reporter",
        published="2026-03-01",
        topics=[label(words=WORD)],
        mentions=[mention(*names, text=text, value=f"{WORD} 5m")],
        **more,
    )


def arrived(key=URL, content=f"raw {WORD}", **more):
    return page(key, content, url=key if "://" in key else None, **more)


def removed(store, given, *, addresses=(), rehearse=False):
    return store.rule(
        lambda writing, rules: forget(writing, rules, ASKED, given=given, addresses=addresses), rehearse=rehearse
    )


def everything(store):
    """All text of all rows, with where it stands."""
    found = {}
    for table in Base.metadata.sorted_tables:
        for each in rows(store, f"SELECT * FROM {table.name}"):  # noqa: S608 - names of the schema
            for column, value in each.items():
                if isinstance(value, str | list | dict):
                    found[table.name, column] = found.get((table.name, column), "") + str(value)
    return found


def places(store, word):
    return {place for place, text in everything(store).items() if word.casefold() in text.casefold()}


@pytest.fixture
def filled(store, run):
    take(store, run, page("other.txt", "other"), annotated("The port opened. Ships came in.", title="Harbour"))
    take(store, run, arrived(), story())
    return store


def test_nothing_of_a_forgotten_article_is_left_in_any_table(filled):
    assert places(filled, WORD) >= {
        ("articles", "text"),
        ("agreement_mentions", "evidence"),
        ("organisations", "name"),
    }
    done = removed(filled, URL)
    assert places(filled, WORD) == set()
    assert (len(done.documents), len(done.articles), len(done.pages)) == (1, 1, 1)
    assert check(url_of(filled)) == ()


def url_of(store):
    address = store.database.address
    return f"sqlite:///{address.path}" if address.path else address.dsn


def test_the_other_articles_stay(filled):
    removed(filled, URL)
    assert [each["title"] for each in rows(filled, "SELECT title FROM v_articles")] == ["Harbour"]
    assert made_row_counts(filled, "appearances", "fetches", "pages") == [1, 1, 1]


def made_row_counts(store, *tables):
    return [row(store, f"SELECT count(*) AS n FROM {table}")["n"] for table in tables]  # noqa: S608 - likewise


@pytest.mark.parametrize("by_id", [True, False])
def test_an_article_is_named_by_its_id_or_by_its_address(filled, by_id):
    public_id = row(filled, "SELECT article_id FROM v_articles WHERE title <> 'Harbour'")["article_id"]
    done = removed(filled, public_id if by_id else URL)
    assert done.articles == (public_id,)
    assert done.documents == (("inbox", URL),)


def test_a_rehearsal_tells_the_same_and_changes_nothing(filled):
    before = everything(filled)
    told = removed(filled, URL, rehearse=True)
    assert everything(filled) == before
    assert removed(filled, URL) == told


def test_the_tombstone_says_who_and_why_and_holds_nothing_of_the_article(filled):
    removed(filled, URL)
    kept = row(filled, "SELECT person, reason, documents, articles FROM tombstones")
    assert tuple(kept.values()) == ("A. Chan", "court order", 1, 1)
    assert {each["kind"] for each in rows(filled, "SELECT kind FROM tombstone_marks")} == {
        "address",
        "text",
        "folded",
        "page",
    }


def test_the_document_says_that_it_was_forgotten(filled):
    removed(filled, URL)
    standing = row(filled, "SELECT state, reason, revision FROM v_documents WHERE key = :key", key=URL)
    assert (standing["state"], standing["reason"], standing["revision"]) == ("dropped", "forgotten", 0)


def outcome_of(store, run, given, result):
    (answer,) = claim(store, run, given)
    return store.save(run, answer, result) if isinstance(answer, Claimed) else answer


def test_the_same_page_is_not_taken_again(filled):
    removed(filled, URL)
    run = filled.start_run("ingest")
    again = outcome_of(filled, run, arrived(), story())
    assert again.fate is Fate.UNCHANGED
    assert again.dropped.reason is Reason.FORGOTTEN
    assert places(filled, WORD) == set()


@pytest.mark.parametrize(
    ("given", "by"),
    [
        (arrived(URL.replace("https", "http"), "written anew"), "its address"),
        (arrived("https://other.example/copy", f"raw {WORD}"), "its bytes"),
        (arrived("https://other.example/copy", "other bytes"), "its text"),
        (arrived("a-file.txt", "other bytes"), "its text"),
    ],
)
def test_it_is_kept_out_by_its_address_its_bytes_and_its_text(filled, given, by):
    removed(filled, URL)
    run = filled.start_run("ingest")
    outcome = outcome_of(filled, run, given, story())
    assert (outcome.fate, outcome.dropped.reason) == (Fate.DROPPED, Reason.FORGOTTEN)
    assert by in outcome.dropped.detail
    assert places(filled, WORD) == set()
    assert outcome_of(filled, run, given, story()).fate is Fate.UNCHANGED


def test_a_text_that_differs_in_case_only_is_kept_out_too(filled):
    removed(filled, URL)
    outcome = outcome_of(filled, filled.start_run("ingest"), arrived("b.txt", "b"), story(text=TEXT.upper()))
    assert outcome.dropped.reason is Reason.FORGOTTEN


def test_bytes_that_turned_out_to_hold_a_forgotten_text_are_known_by_themselves_next_time(filled):
    removed(filled, URL)
    outcome_of(filled, filled.start_run("ingest"), arrived("b.txt", "other bytes"), story())
    again = outcome_of(filled, filled.start_run("ingest"), arrived("c.txt", "other bytes"), story())
    assert "its bytes" in again.dropped.detail
    assert made_row_counts(filled, "pages") == [1]


def test_every_revision_of_a_document_goes(filled):
    run = filled.start_run("ingest")
    take(filled, run, arrived(content="newer"), story(text=TEXT + f" More of {WORD} came."))
    done = removed(filled, URL)
    assert len(done.articles) == 2
    assert len(done.pages) == 2
    assert places(filled, WORD) == set()


def test_a_copy_elsewhere_goes_and_what_else_its_document_carried_stays(filled):
    run = filled.start_run("ingest")
    take(filled, run, page("copy.txt", "first"), annotated("A bridge closed. Nobody came.", title="Bridge"))
    take(filled, run, page("copy.txt", "second"), story())
    done = removed(filled, URL)
    assert done.others == (("inbox", "copy.txt"),)
    standing = row(filled, "SELECT state, reason, revision FROM v_documents WHERE key = 'copy.txt'")
    assert tuple(standing.values()) == ("dropped", "forgotten", 1)
    assert {each["title"] for each in rows(filled, "SELECT title FROM v_articles")} == {"Harbour", "Bridge"}
    assert places(filled, WORD) == set()


def test_a_copy_that_was_revised_away_leaves_its_document_as_it_is(filled):
    run = filled.start_run("ingest")
    take(filled, run, page("copy.txt", "first"), story())
    take(filled, run, page("copy.txt", "second"), annotated("A bridge closed. Nobody came.", title="Bridge"))
    removed(filled, URL)
    standing = row(filled, "SELECT state, revision FROM v_documents WHERE key = 'copy.txt'")
    assert tuple(standing.values()) == ("stored", 2)
    assert places(filled, WORD) == set()


def test_an_agreement_that_rests_on_the_article_alone_is_emptied(filled):
    done = removed(filled, URL)
    (agreement,) = done.emptied
    assert rows(filled, "SELECT agreement_id FROM v_agreements") == []
    kept = row(filled, "SELECT value, signed_on, confidence FROM agreements")
    assert tuple(kept.values()) == (None, None, 0.0)
    events = rows(filled, "SELECT event, person FROM agreement_events ORDER BY id")
    assert events[-1] == {"event": "emptied", "person": "A. Chan"}
    assert agreement.startswith("agr-")


def test_an_agreement_that_others_tell_of_is_made_again_from_them(filled):
    run = filled.start_run("ingest")
    names = ("Alpha Group", "Beta Group")
    first = "Alpha Group and Beta Group signed a memorandum. It was Monday."
    second = f"Alpha Group and Beta Group ended it, says {WORD}. It was Tuesday."
    for key, text, status in (("one.txt", first, "signed"), ("https://news.example/two", second, "ended")):
        said = mention(*names, text=text, status=Status(status))
        take(filled, run, arrived(key, text), annotated(text, published="2026-03-01", mentions=[said]))
    assert row(filled, "SELECT status FROM v_agreements WHERE parties LIKE 'Alpha Group%'")["status"] == "ended"
    done = removed(filled, "https://news.example/two")
    assert (len(done.remade), done.emptied) == (1, ())
    assert row(filled, "SELECT status FROM v_agreements WHERE parties LIKE 'Alpha Group%'")["status"] == "signed"


def test_an_organisation_that_another_article_names_stays(filled):
    run = filled.start_run("ingest")
    text = f"{WORD} Beta and Gamma signed a memorandum. It was Monday."
    take(filled, run, page("b.txt", text), annotated(text, mentions=[mention(f"{WORD} Beta", "Gamma", text=text)]))
    done = removed(filled, URL)
    assert done.organisations == 1
    names = [each["name"] for each in rows(filled, "SELECT name FROM organisations ORDER BY name")]
    assert names == ["Gamma", f"{WORD} Beta"]


def test_an_alert_that_waits_is_withdrawn_and_one_that_was_sent_is_counted(filled):
    states = rows(filled, "SELECT state FROM alert_deliveries")
    assert [each["state"] for each in states] == ["pending"]
    assert removed(filled, URL, rehearse=True).withdrawn == 1
    filled.database.write(lambda connection: connection.execute(sa.text("UPDATE alert_deliveries SET state = 'sent'")))
    done = removed(filled, URL)
    assert (done.withdrawn, done.sent) == (0, 1)


def test_a_near_duplicate_stays_and_leads_its_story(filled):
    run = filled.start_run("ingest")
    alike = TEXT.replace("It rained in", "It snowed in")
    other = alike.replace("was glad", "was sad")
    for key, text in (("b.txt", alike), ("c.txt", other)):
        take(filled, run, page(key, key), annotated(text))
    done = removed(filled, URL)
    stories = rows(
        filled, "SELECT article_id, near_duplicate_of FROM v_articles WHERE title = 'A headline' ORDER BY key"
    )
    assert set(done.resembling) == {each["article_id"] for each in stories}
    assert [each["near_duplicate_of"] for each in stories] == [None, stories[0]["article_id"]]


def test_a_worker_that_has_it_in_hand_stores_nothing(filled):
    run = filled.start_run("ingest")
    changed = arrived(content="changed")
    (held,) = claim(filled, run, changed)
    removed(filled, URL)
    with pytest.raises(ClaimLostError):
        filled.save(run, held, story(text="Other words. Of it."))
    assert places(filled, WORD) == set()


def test_an_address_of_which_nothing_is_stored_is_kept_out_from_now_on(store):
    done = removed(store, "https://news.example/not-yet", addresses=["https://news.example/not-yet"])
    assert (done.documents, done.articles, done.marks) == ((), (), 2)
    run = store.start_run("ingest")
    outcome = outcome_of(store, run, arrived("https://news.example/not-yet"), story())
    assert outcome.dropped.reason is Reason.FORGOTTEN


@pytest.mark.parametrize("given", ["art-0000", "no-such-file.txt"])
def test_what_is_not_there_is_told(store, given):
    with pytest.raises(NotFoundError):
        removed(store, given)


def test_a_request_that_is_repeated_finds_the_document_and_nothing_else(filled):
    removed(filled, URL)
    done = removed(filled, URL)
    assert (done.documents, done.articles, done.rows) == ((("inbox", URL),), (), ())


def test_raw_bytes_that_another_document_needs_stay(filled):
    run = filled.start_run("ingest")
    shared = page("shared.txt", f"raw {WORD}")
    (held,) = claim(filled, run, shared, source=FakeSource(name="elsewhere", keys={"shared.txt"}))
    filled.save(run, held, annotated("Another reading of these bytes. It differs."))
    done = removed(filled, URL)
    assert done.pages == ()
    assert made_row_counts(filled, "pages") == [2]


def test_raw_bytes_that_the_archive_may_still_have_are_known(filled):
    done = removed(filled, URL)
    assert filled.database.read(lingering) == done.pages


REACHED = ("articles", "agreement_mentions", "appearances", "article_search", "article_topics", "pages")


def test_each_reference_to_what_is_deleted_was_decided_about():
    """A new table that refers to articles: say in `removal.RULES` what becomes of its rows, and test it."""
    found = {
        (other.name, column.name)
        for table in Base.metadata.sorted_tables
        if table.name in REACHED
        for other, column in removal.referring(table)
    }
    assert found == set(removal.RULES)


def test_every_table_that_derives_from_articles_is_reached():
    reached = {"articles"}
    for _ in range(5):
        reached |= {
            other.name
            for table in Base.metadata.sorted_tables
            if table.name in reached
            for other, column in removal.referring(table)
            if removal.RULES.get((other.name, column.name)) is not removal.Rule.EMPTY
        }
    derived = reached - {"articles", "decisions"}
    assert derived == {
        *("agreement_mentions", "appearances", "appearance_cuts", "article_boilerplate", "article_languages"),
        *(
            "article_search",
            "article_search_parts",
            "article_topics",
            "article_topic_evidence",
            "fingerprints",
            "mention_parties",
            "superseded_appearances",
        ),
    }


def test_rows_of_every_table_that_hang_on_an_article_go_with_it(store_url):
    made_rows.fill(store_url)
    with open_store(store_url, rules=RULES) as store:
        change = "UPDATE articles SET supersedes_id = NULL, public_id = 'art-' || id"
        store.database.write(lambda connection: connection.execute(sa.text(change)))
        assert places(store, "text 3 tab") >= {("articles", "text"), ("article_topic_evidence", "text")}
        removed(store, "art-3")
        assert rows(store, "SELECT id FROM articles WHERE id = 3") == []
        for table in ("appearances", "article_topics", "article_languages", "fingerprints", "superseded_appearances"):
            assert rows(store, f"SELECT * FROM {table} WHERE article_id = 3") == []  # noqa: S608 - likewise
        assert places(store, "text 3 tab") == {("hosts", "robots_text")}
