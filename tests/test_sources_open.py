from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from ingest.errors import ConfigurationError, SourceError, SourceNotFoundError
from ingest.sources import FolderSource, JsonLinesSource, KnownSource, open_source


@pytest.fixture
def base(tmp_path):
    base = tmp_path / "project"
    for name in ["seeds/a.txt", "seeds/sub/b.txt", "seeds/x.jsonl", "other/seeds/c.txt", "y.jsonl.gz"]:
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text('{"id": 1, "text": "One."}\n')
    return base


SEEDS = KnownSource(name="seeds", kind="folder", address="seeds")


def test_a_folder_is_known_by_its_path_from_the_configuration(base):
    source = open_source(base / "seeds", base=base, max_bytes=5_000, time_zone="UTC")
    assert source == FolderSource(
        root=base / "seeds", name="seeds", address="seeds", only=(), max_bytes=5_000, time_zone="UTC"
    )


def test_a_folder_outside_is_known_by_its_absolute_path(base):
    source = open_source(base / "seeds", base=base / "other")
    assert source.address == str(base / "seeds")


def test_a_file_is_its_folder_with_only_that_file(base):
    source = open_source(base / "seeds" / "a.txt", base=base)
    assert (source.name, source.address, source.only) == ("seeds", "seeds", (PurePosixPath("a.txt"),))
    assert [page.key for page in source] == ["a.txt"]


@pytest.mark.parametrize(
    ("path", "only", "keys"),
    [
        ("seeds", (), ["a.txt", "sub/b.txt", "x.jsonl#1"]),
        ("seeds/sub", ("sub",), ["sub/b.txt"]),
        ("seeds/sub/b.txt", ("sub/b.txt",), ["sub/b.txt"]),
        ("seeds/x.jsonl", ("x.jsonl",), ["x.jsonl#1"]),
        ("seeds/../seeds/./sub", ("sub",), ["sub/b.txt"]),
    ],
)
def test_a_path_below_a_known_folder_belongs_to_it(base, path, only, keys):
    source = open_source(base / path, base=base, known=[SEEDS])
    assert (source.name, source.address, source.kind) == ("seeds", "seeds", "folder")
    assert source.only == tuple(map(PurePosixPath, only))
    assert [page.key for page in source] == keys


def test_the_innermost_of_two_known_folders_is_meant(base):
    inner = KnownSource(name="inner", kind="folder", address="seeds/sub")
    assert open_source(base / "seeds" / "sub" / "b.txt", base=base, known=[SEEDS, inner]).name == "inner"


def test_a_link_to_a_known_folder_is_that_folder(base):
    (base / "link").symlink_to("seeds")
    assert open_source(base / "link", base=base, known=[SEEDS]).address == "seeds"


def test_json_lines_are_a_source_of_their_own(base):
    source = open_source(base / "y.jsonl.gz", base=base)
    assert isinstance(source, JsonLinesSource)
    assert (source.name, source.address, source.kind) == ("y", "y.jsonl.gz", "jsonl")


def test_another_folder_of_the_same_name_gets_a_number(base):
    third = KnownSource(name="seeds-2", kind="folder", address="elsewhere")
    assert open_source(base / "other" / "seeds", base=base, known=[SEEDS]).name == "seeds-2"
    assert open_source(base / "other" / "seeds", base=base, known=[SEEDS, third]).name == "seeds-3"


def test_a_known_source_keeps_the_name_that_it_was_given(base):
    known = [KnownSource(name="press", kind="folder", address="seeds")]
    assert open_source(base / "seeds", base=base, known=known).name == "press"
    assert open_source(base / "seeds", base=base, known=known, name="press").name == "press"
    with pytest.raises(ConfigurationError, match="press"):
        open_source(base / "seeds", base=base, known=known, name="other")


def test_a_name_is_not_given_twice(base):
    with pytest.raises(ConfigurationError) as caught:
        open_source(base / "other", base=base, known=[SEEDS], name="seeds")
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("folder", "name"),
    [("two words", "two-words"), ("新闻", "新闻"), ("a\nb", "a-b"), ("...", "folder"), ("bad \udcff", "bad")],
)
def test_a_name_is_fit_to_print_and_to_type(base, folder, name):
    (base / folder).mkdir()
    source = open_source(base / folder, base=base)
    assert source.name == name
    source.address.encode()
    known = [KnownSource(name="again", kind="folder", address=source.address)]
    assert open_source(base / folder, base=base, known=known).name == "again"


@pytest.mark.parametrize("path", ["missing", "seeds/missing.txt", "seeds/a.txt/b.txt", "nul\0"])
def test_a_path_that_does_not_exist_is_an_error_of_usage(base, path):
    with pytest.raises(SourceNotFoundError) as caught:
        open_source(base / path, base=base)
    assert caught.value.exit_code == 2
    assert caught.value.remedy


def test_links_in_a_circle_are_an_error(base):
    (base / "one").symlink_to("two")
    (base / "two").symlink_to("one")
    with pytest.raises(SourceError) as caught:
        open_source(base / "one", base=base)
    assert caught.value.remedy
