"""Files that an event names are taken in from the folder that the store knows, and from nowhere else."""

from __future__ import annotations

import pytest

from ingest.documents import Fate
from ingest.errors import NotFoundError, SourceError
from ingest.intake import take_arrivals, take_in
from ingest.settings import Settings
from ingest.store import read

WORDS = "The ferry was late. Its captain spoke of fog over the bay and of a hundred gulls on the quay."


@pytest.fixture
def press(tmp_path, monkeypatch):
    """A folder that the store knows under the name `press`, with one file in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "press").mkdir()
    (tmp_path / "press" / "known.txt").write_text(f"Harbour notes\n\n{WORDS} It was the first.\n")
    settings = Settings(database_url=f"sqlite:///{tmp_path}/store.db", archive_url=str(tmp_path / "archive"))
    take_in(["press"], source=None, settings=settings, tell=lambda _: None)
    return tmp_path / "press", settings


def arrive(settings, paths, source="press"):
    outcomes = []
    take_arrivals(source, paths, settings=settings, tell=outcomes.append)
    return sorted((outcome.key, outcome.fate) for outcome in outcomes)


def test_only_the_files_that_are_named_are_read(press):
    folder, settings = press
    (folder / "sub").mkdir()
    for name in ("a.txt", "sub/b.txt"):
        (folder / name).write_text(f"News of {name}\n\n{WORDS} So says {name}.\n")
    assert [key for key, _ in arrive(settings, ["sub/b.txt"])] == ["sub/b.txt"]


def test_none_named_means_all_of_the_folder(press):
    folder, settings = press
    (folder / "a.txt").write_text(
        "Another thing\n\nQuite other words about a railway, its bridges and its timetable.\n"
    )
    assert arrive(settings, []) == [("a.txt", Fate.NEW), ("known.txt", Fate.UNCHANGED)]


def test_a_file_that_is_gone_again_is_passed_over_and_leaves_no_drop(press):
    _, settings = press
    assert arrive(settings, ["gone.txt"]) == []
    assert arrive(settings, ["gone.txt", "known.txt"]) == [("known.txt", Fate.UNCHANGED)]


@pytest.mark.parametrize("path", ["../secret.txt", "sub/../../secret.txt", "/etc/hostname", "", "."])
def test_a_path_that_does_not_lie_in_the_folder_is_refused(press, path):
    folder, settings = press
    (folder.parent / "secret.txt").write_text("not for anybody")
    with pytest.raises(SourceError, match="does not lie in the folder"):
        arrive(settings, ["known.txt", path])


def test_a_source_that_is_not_there_is_named(press):
    with pytest.raises(NotFoundError, match="there is no folder called 'wire'"):
        arrive(press[1], ["a.txt"], source="wire")


def test_a_folder_that_was_added_with_its_whole_path_is_the_same_source_when_it_is_run(tmp_path, monkeypatch):
    from ingest.cli import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "press").mkdir()
    (tmp_path / "press" / "a.txt").write_text(f"Harbour notes\n\n{WORDS}\n")
    database = f"sqlite:///{tmp_path}/store.db"
    assert main(["--database", database, "--quiet", "sources", "add", "press", "--name", "desk"]) == 0
    assert main(["--database", database, "--quiet", "run"]) == 0
    with read.connect(database) as connection:
        assert [source.name for source in read.sources_with_health(connection)] == ["desk"]
