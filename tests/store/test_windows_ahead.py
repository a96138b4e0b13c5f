"""An executor has the next window while the one before it is saved; what becomes of each document is as one by one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from store_samples import page, rows

from ingest import pipeline
from ingest.documents import Fate
from ingest.errors import SourceError
from ingest.settings import Settings

STORY = "The ferry of line {0} was late on day {0}7. Its captain, number {0}13, spoke of fog over bay {0}31. "
DROPPED = ""


@dataclass(frozen=True)
class Pages:
    """A source with these pages, and a failure at their end if one is given; `watch` is called as each is read."""

    pages: tuple
    failure: Exception | None = None
    watch: Callable[[], None] = lambda: None
    name: str = "desk"
    kind: str = "folder"
    address: str = "somewhere"
    is_whole: bool = False

    def __iter__(self):
        for each in self.pages:
            self.watch()
            yield each
        if self.failure:
            raise self.failure

    def holds(self, _key):
        return True


def story(number, *, key=None):
    return page(key or f"{number}.txt", STORY.format(number) * 3, source="desk")


@pytest.fixture
def take(store, store_url, tmp_path):
    """Take pages through the pipeline, two to a window; gives what was told, in order."""
    settings = Settings(database_url=store_url, archive_url=str(tmp_path / "archive"), window=2)

    def run(found, spread):
        told = []
        try:
            pipeline.run(found, store, settings, map=spread, tell=told.append)
        finally:
            run.told = [(each.key, each.fate) for each in told]
        return run.told

    return run


@pytest.fixture
def threads():
    with ThreadPoolExecutor(2) as pool:
        yield pool.map


@pytest.mark.parametrize(
    ("ahead", "stored"),
    [
        pytest.param(True, [0, 0, 0, 0, 2, 2], id="an executor has a window while the one before it is saved"),
        pytest.param(False, [0, 0, 2, 2, 4, 4], id="the built-in map takes one window after the other"),
    ],
)
def test_how_many_are_stored_when_each_is_read(store, take, threads, ahead, stored):
    seen = []
    pages = tuple(story(number) for number in range(1, 7))
    found = Pages(pages, watch=lambda: seen.append(len(rows(store, "SELECT 1 FROM v_articles"))))
    told = take(found, threads if ahead else map)
    assert told == [(f"{number}.txt", Fate.NEW) for number in range(1, 7)]
    assert seen == stored


@pytest.mark.parametrize("ahead", [True, False])
def test_a_document_that_comes_again_in_the_next_window_is_judged_by_what_became_of_the_first(take, threads, ahead):
    pages = (story(1), page("2.txt", DROPPED, source="desk"), story(1), story(4, key="2.txt"), story(5))
    told = take(Pages(pages), threads if ahead else map)
    assert told == [
        ("1.txt", Fate.NEW),
        ("2.txt", Fate.DROPPED),
        ("1.txt", Fate.UNCHANGED),
        ("2.txt", Fate.NEW),
        ("5.txt", Fate.NEW),
    ]


@pytest.mark.parametrize("ahead", [True, False])
def test_what_was_begun_before_a_source_failed_is_kept(store, take, threads, ahead):
    failure = SourceError("it ended in the midst", remedy="look at it")
    with pytest.raises(SourceError, match="in the midst"):
        take(Pages((story(1), story(2)), failure), threads if ahead else map)
    assert take.told == [("1.txt", Fate.NEW), ("2.txt", Fate.NEW)]
    assert len(rows(store, "SELECT 1 FROM v_articles")) == 2
    assert rows(store, "SELECT 1 FROM v_documents WHERE held_by_run IS NOT NULL") == []


def test_an_executor_that_breaks_ends_the_run_and_nothing_stays_claimed(store, take, threads):
    class BrokenError(Exception):
        """Of an executor."""

    def spread(function, pages):
        def results():
            yield from threads(function, pages)
            raise BrokenError

        return results()

    with pytest.raises(BrokenError):
        take(Pages(tuple(story(number) for number in range(1, 7))), spread)
    assert rows(store, "SELECT 1 FROM v_documents WHERE held_by_run IS NOT NULL") == []
    assert take.told[:2] == [("1.txt", Fate.NEW), ("2.txt", Fate.NEW)]
