"""Raw bodies go when every source that brought them lets them go; what was read from them stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from store_samples import FakeSource, annotated, claim, page, row, rows

from ingest.errors import NotFoundError
from ingest.store import check
from ingest.store.kept import Stretch, Wanted, window
from ingest.store.retention import Terms, due, mark_removed
from ingest.tables import Fetch


def old(store, key, *, days):
    """Let the answers that brought a document be so old."""
    document = row(store, "SELECT id FROM documents WHERE key = :key", key=key)["id"]

    def work(connection):
        at = sa.select(Fetch.id, Fetch.at).where(Fetch.document_id == document)
        for each in connection.execute(at).all():
            change = sa.update(Fetch).where(Fetch.id == each.id).values(at=each.at - timedelta(days=days))
            connection.execute(change)

    store.database.write(work)


def bring(store, run, key, *, source="inbox", content=None):
    text = f"The port {key} opened. Ships came in."
    given = page(key, content or f"raw {key}", source=source)
    (claimed,) = claim(store, run, given, source=FakeSource(name=source, keys={key}))
    store.save(run, claimed, annotated(text, title=key))


def found(store, **terms):
    wanted = Terms(**{"days": 0, "by_source": {}} | terms)
    return store.database.read(lambda connection: due(connection, wanted))


@pytest.fixture
def filled(store, run):
    for key, source, days in (("new.txt", "inbox", 1), ("old.txt", "inbox", 40), ("wire.txt", "wire", 40)):
        bring(store, run, key, source=source)
        old(store, key, days=days)
    return store


def test_bodies_that_are_older_than_wanted_are_due_by_source(filled):
    told = found(filled, days=30)
    assert [(each.source, each.days, each.pages) for each in told.sources] == [("inbox", 30, 1), ("wire", 30, 1)]
    assert (len(told.pages), told.bytes) == (2, len("raw old.txt") + len("raw wire.txt"))


@pytest.mark.parametrize(
    ("terms", "sources"),
    [
        ({"days": 0}, []),
        ({"days": 100}, []),
        ({"days": 0, "by_source": {"wire": 30}}, ["wire"]),
        ({"days": 30, "by_source": {"wire": 0}}, ["inbox"]),
        ({"days": 30, "only": "wire"}, ["wire"]),
    ],
)
def test_a_source_has_days_of_its_own(filled, terms, sources):
    assert [each.source for each in found(filled, **terms).sources] == sources


def test_a_body_that_another_source_needs_stays(filled):
    run = filled.start_run("ingest")
    bring(filled, run, "copy.txt", source="slow", content="raw wire.txt")
    told = found(filled, days=30)
    assert (len(told.pages), told.needed) == (1, 1)


def test_a_source_that_is_not_there_is_told(filled):
    with pytest.raises(NotFoundError, match="'wier'"):
        found(filled, by_source={"wier": 3})


def remove(store, **terms):
    pages = found(store, **terms).pages
    store.database.write(lambda connection: mark_removed(connection, [each for each, _ in pages]))


def test_what_was_read_from_a_body_stays_and_says_that_the_body_went(filled):
    remove(filled, days=30)
    assert found(filled, days=30).pages == ()
    assert len(rows(filled, "SELECT article_id FROM v_articles")) == 3
    places = {each["key"]: each["page_location"] for each in rows(filled, "SELECT key, page_location FROM v_documents")}
    assert places["old.txt"] is None
    assert places["new.txt"] is not None
    address = filled.database.address
    assert check(f"sqlite:///{address.path}" if address.path else address.dsn) == ()


def test_stages_that_begin_with_the_bytes_leave_such_pages_out(filled):
    remove(filled, days=30)

    def kept(*, every_copy):
        stretch = Stretch(after=0, up_to=100, every_copy=every_copy)
        return filled.database.read(
            lambda connection: [each.key for each in window(connection, Wanted(), stretch, limit=9)]
        )

    assert kept(every_copy=True) == ["new.txt"]
    assert len(kept(every_copy=False)) == 3


def test_bytes_that_come_again_are_there_again(filled):
    remove(filled, days=30)
    run = filled.start_run("ingest")
    bring(filled, run, "again.txt", source="slow", content="raw old.txt")
    query = "SELECT removed_at FROM pages p JOIN documents d ON d.page_id = p.id WHERE d.key = 'again.txt'"
    assert row(filled, query) == {"removed_at": None}
