from __future__ import annotations

import gzip
import os
import socket
import subprocess
import threading
import zlib
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.documents import Dropped, MediaType, Page, Reason
from ingest.errors import SourceNotFoundError
from ingest.sources.folder import FolderSource
from ingest.sources.keys import file_key, file_of, record_file, record_key
from ingest.sources.reading import Disk, inflate

TEXT = "The two universities signed an agreement on Friday.\n"


def source(root, **options):
    options.setdefault("max_bytes", 100_000)
    return FolderSource(root=Path(root), name="press", address="press", **options)


def found(root, **options):
    return {item.key: item for item in source(root, **options)}


def reason(item):
    assert isinstance(item, Dropped), item
    assert item.detail.endswith(".")
    return item.reason


def write(path, content=TEXT):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.txt", MediaType.PLAIN),
        ("a.md", MediaType.MARKDOWN),
        ("a.html", MediaType.HTML),
        ("A.HTM", MediaType.HTML),
        ("sub/folder/a.txt", MediaType.PLAIN),
        ("a.tar.txt", MediaType.PLAIN),
        ("新闻 稿.txt", MediaType.PLAIN),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_is_a_page_named_by_its_relative_path(tmp_path, name, media_type, packed):
    name += ".gz" if packed else ""
    write(tmp_path / name, gzip.compress(TEXT.encode()) if packed else TEXT)
    (page,) = source(tmp_path, time_zone="Asia/Hong_Kong")
    assert page == Page(
        source="press", key=name, content=TEXT.encode(), media_type=media_type, time_zone="Asia/Hong_Kong"
    )


def test_files_come_in_the_order_of_their_names_however_they_were_made(tmp_path):
    for name in ["b.txt", "a/z.txt", "c/a.txt", "a.txt", "B.txt"]:
        write(tmp_path / name)
    assert [page.key for page in source(tmp_path)] == ["B.txt", "a/z.txt", "a.txt", "b.txt", "c/a.txt"]


def test_hidden_files_and_leftovers_are_passed_over_silently(tmp_path):
    for name in [".a.txt", ".git/a.txt", "a.txt~", "a.txt.tmp", "a.part", ".a.txt.swp", "b.swp", "~/x.txt"]:
        write(tmp_path / name)
    assert list(source(tmp_path)) == []


def test_a_folder_that_is_empty_yields_nothing(tmp_path):
    assert list(source(tmp_path)) == []


def test_a_folder_that_does_not_exist_is_an_error_with_a_remedy(tmp_path):
    with pytest.raises(SourceNotFoundError) as caught:
        list(source(tmp_path / "missing"))
    assert caught.value.remedy


PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", b"", Reason.EMPTY),
        ("a.txt", b" \r\n\t\n", Reason.EMPTY),
        ("a.txt", b"\xef\xbb\xbf\n", Reason.EMPTY),
        ("a.txt.gz", b"", Reason.EMPTY),
        ("a.txt.gz", gzip.compress(b"", mtime=0), Reason.EMPTY),
        ("a.txt", PNG, Reason.NOT_TEXT),
        ("a.html", b"%PDF-1.4\n", Reason.NOT_TEXT),
        ("a.txt", gzip.compress(TEXT.encode(), mtime=0), Reason.NOT_TEXT),
        ("a.txt.gz", gzip.compress(PNG, mtime=0), Reason.NOT_TEXT),
        ("a.txt.gz", gzip.compress(gzip.compress(TEXT.encode(), mtime=0), mtime=0), Reason.NOT_TEXT),
        ("a.png", PNG, Reason.UNSUPPORTED_TYPE),
        ("a", TEXT.encode(), Reason.UNSUPPORTED_TYPE),
        ("a.tar.gz", b"", Reason.UNSUPPORTED_TYPE),
        ("a.txt", b"x" * 100_001, Reason.TOO_LARGE),
        ("a.txt.gz", b"x" * 100_001, Reason.TOO_LARGE),
        ("a.txt.gz", gzip.compress(b"x" * 100_001, mtime=0), Reason.TOO_LARGE),
        ("a.txt.gz", TEXT.encode(), Reason.CORRUPT_ARCHIVE),
        ("a.txt.gz", gzip.compress(TEXT.encode(), mtime=0)[:-9], Reason.CORRUPT_ARCHIVE),
        ("a.txt.gz", gzip.compress(TEXT.encode(), mtime=0)[:-8] + bytes(8), Reason.CORRUPT_ARCHIVE),
        ("a.jsonl", PNG, Reason.NOT_TEXT),
        ("a.jsonl", b"\n\n", Reason.EMPTY),
        ("a.jsonl.gz", b"", Reason.EMPTY),
        ("a.jsonl.gz", b"\x1f", Reason.CORRUPT_ARCHIVE),
    ],
)
def test_a_file_that_cannot_be_used_is_dropped_with_its_reason_and_the_rest_goes_on(tmp_path, name, content, expected):
    write(tmp_path / name, content)
    write(tmp_path / "good.txt")
    items = found(tmp_path)
    assert reason(items[name]) is expected
    assert isinstance(items["good.txt"], Page)


def test_a_gzip_bomb_is_not_unpacked(tmp_path):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    write(tmp_path / "a.txt.gz", bomb)
    assert reason(found(tmp_path)["a.txt.gz"]) is Reason.TOO_LARGE


def test_gzip_of_several_members_with_junk_behind_is_read_as_gzip_does():
    first, second = gzip.compress(b"one "), gzip.compress(b"two")
    for tail in [b"", bytes(50), b"junk", bytes(7) + b"junk"]:
        whole = first + second + tail
        for size in (1, 7, len(whole)):
            pieces = [whole[start : start + size] for start in range(0, len(whole), size)]
            assert b"".join(inflate(pieces)) == b"one two"


@given(st.binary(max_size=3_000), st.integers(1, 500), st.integers(1, 3))
@settings(deadline=None)
def test_what_was_packed_is_unpacked_whatever_the_pieces(content, size, repeat):
    whole = gzip.compress(content) * repeat
    assert b"".join(inflate(whole[start : start + size] for start in range(0, len(whole), size))) == content * repeat


def test_gzip_of_endless_empty_members_is_given_up(tmp_path):
    write(tmp_path / "a.txt.gz", gzip.compress(b"", mtime=0) * 4_000)
    assert reason(found(tmp_path)["a.txt.gz"]) is Reason.CORRUPT_ARCHIVE


def test_a_link_that_leaves_the_folder_is_dropped(tmp_path):
    outside = write(tmp_path / "outside.txt")
    root = tmp_path / "press"
    root.mkdir()
    (root / "a.txt").symlink_to(outside)
    (root / "b").symlink_to(tmp_path)
    (root / "c.txt").symlink_to("../press/../outside.txt")
    assert {key: reason(item) for key, item in found(root).items()} == dict.fromkeys(
        ["a.txt", "b", "c.txt"], Reason.OUTSIDE_FOLDER
    )


def test_a_folder_beside_with_the_same_beginning_is_outside(tmp_path):
    write(tmp_path / "press-2" / "x.txt")
    (tmp_path / "press").mkdir()
    (tmp_path / "press" / "a.txt").symlink_to(tmp_path / "press-2" / "x.txt")
    assert reason(found(tmp_path / "press")["a.txt"]) is Reason.OUTSIDE_FOLDER


def test_a_link_in_a_circle_or_to_nothing_is_dropped_and_ends(tmp_path):
    (tmp_path / "a.txt").symlink_to("b.txt")
    (tmp_path / "b.txt").symlink_to("a.txt")
    (tmp_path / "c.txt").symlink_to("nothing.txt")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "up").symlink_to("..")
    write(tmp_path / "d.txt")
    items = found(tmp_path)
    assert [reason(items[key]) for key in ("a.txt", "b.txt", "c.txt")] == [Reason.UNREADABLE] * 3
    assert isinstance(items["d.txt"], Page)
    assert len(items) == 4


def test_a_link_to_what_is_found_anyway_adds_nothing(tmp_path):
    write(tmp_path / "real" / "z.txt")
    (tmp_path / "a.txt").symlink_to("real/z.txt")
    (tmp_path / "b").symlink_to("real")
    assert list(found(tmp_path)) == ["real/z.txt"]


def test_a_link_to_what_is_not_found_otherwise_is_followed_once(tmp_path):
    write(tmp_path / "..data" / "z.txt", "mounted as volumes are\n")
    write(tmp_path / "article.bin", TEXT)
    (tmp_path / "z.txt").symlink_to("..data/z.txt")
    (tmp_path / "z-again.txt").symlink_to("..data/z.txt")
    (tmp_path / "article.txt").symlink_to("article.bin")
    items = found(tmp_path)
    assert {key for key, item in items.items() if isinstance(item, Page)} == {"z-again.txt", "article.txt"}
    assert items["z-again.txt"].content == b"mounted as volumes are\n"


def test_a_linked_hidden_folder_is_walked_under_the_name_of_the_link(tmp_path):
    write(tmp_path / ".store" / "sub" / "a.txt")
    (tmp_path / ".store" / "loop").symlink_to(".")
    (tmp_path / "shown").symlink_to(".store")
    assert list(found(tmp_path)) == ["shown/sub/a.txt"]


def test_what_is_no_file_never_blocks(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    os.mkfifo(tmp_path / "b.jsonl")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "c.html"))
        items = found(tmp_path)
    assert {reason(item) for item in items.values()} == {Reason.UNSUPPORTED_TYPE}
    assert list(items) == ["a.txt", "b.jsonl", "c.html"]


class PipeInPlaceOfFile(Disk):
    """A file that another process replaced by a pipe after it was listed."""

    def open(self, root, relative):
        (root / relative).unlink()
        os.mkfifo(root / relative)
        return super().open(root, relative)


def test_a_pipe_that_took_the_place_of_a_file_does_not_block(tmp_path):
    write(tmp_path / "a.txt")
    assert reason(found(tmp_path, disk=PipeInPlaceOfFile())["a.txt"]) is Reason.UNSUPPORTED_TYPE


class LinkInPlaceOfFolder(Disk):
    """A folder that another process replaced by a link to elsewhere after it was listed."""

    def open(self, root, relative):
        (root / "sub").rename(root.parent / "elsewhere")
        (root / "sub").symlink_to(root.parent / "elsewhere")
        return super().open(root, relative)


def test_a_link_that_took_the_place_of_a_folder_is_not_followed(tmp_path):
    write(tmp_path / "press" / "sub" / "a.txt")
    assert isinstance(found(tmp_path / "press", disk=LinkInPlaceOfFolder())["sub/a.txt"], Dropped)


class Refusing(Disk):
    def open(self, root, relative):
        raise PermissionError(13, "Permission denied", str(root / relative))


class Failing(Disk):
    def read(self, descriptor, size):  # noqa: ARG002 - the port's signature
        raise OSError(5, "Input/output error")


@pytest.mark.parametrize("disk", [Refusing(), Failing()])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.jsonl.gz"])
def test_a_file_that_cannot_be_read_is_dropped_without_its_absolute_path(tmp_path, disk, name):
    write(tmp_path / name)
    dropped = found(tmp_path, disk=disk)[name]
    assert reason(dropped) is Reason.UNREADABLE
    assert str(tmp_path) not in dropped.detail


class Vanishing(Disk):
    def open(self, root, relative):
        (root / relative).unlink()
        return super().open(root, relative)


def test_a_file_that_is_gone_before_it_is_read_is_dropped(tmp_path):
    write(tmp_path / "a.txt")
    assert reason(found(tmp_path, disk=Vanishing())["a.txt"]) is Reason.VANISHED


class Growing(Disk):
    """Somebody appends to the file between each look at it and the next, `times` times."""

    def __init__(self, path, times):
        self.path, self.times, self.pauses = path, times, 0

    def stat(self, descriptor):
        status = super().stat(descriptor)
        if self.times:
            self.times -= 1
            with self.path.open("ab") as file:
                file.write(b"More. ")
        return status

    def pause(self):
        self.pauses += 1


def test_a_file_that_is_still_being_written_is_dropped_after_some_attempts(tmp_path):
    disk = Growing(write(tmp_path / "a.txt"), times=1_000)
    assert reason(found(tmp_path, disk=disk)["a.txt"]) is Reason.STILL_CHANGING
    assert disk.pauses > 0


def test_a_file_that_was_being_written_is_read_whole_once_it_is_complete(tmp_path):
    path = write(tmp_path / "a.txt")
    page = found(tmp_path, disk=Growing(path, times=2))["a.txt"]
    assert page.content == path.read_bytes()


def test_a_file_that_grows_over_the_limit_while_it_is_read_is_too_large(tmp_path):
    disk = Growing(write(tmp_path / "a.txt", "x" * 99_999), times=1)
    assert reason(found(tmp_path, disk=disk)["a.txt"]) is Reason.TOO_LARGE


def test_only_what_was_asked_for_is_read_and_once(tmp_path):
    for name in ["a.txt", "sub/b.txt", "sub/c.txt", ".hidden.txt"]:
        write(tmp_path / name)

    def only(*names):
        return list(found(tmp_path, only=tuple(map(PurePosixPath, names))))

    assert only("sub/b.txt") == ["sub/b.txt"]
    assert only("sub") == ["sub/b.txt", "sub/c.txt"]
    assert only("sub/c.txt", "sub", "a.txt") == ["a.txt", "sub/b.txt", "sub/c.txt"]
    assert only(".hidden.txt") == [".hidden.txt"]
    assert reason(found(tmp_path, only=(PurePosixPath("gone.txt"),))["gone.txt"]) is Reason.VANISHED


def test_records_of_a_file_in_a_folder_are_named_by_file_and_id(tmp_path):
    write(tmp_path / "sub" / "x.jsonl", '{"id": "r1", "text": "One."}\n{"id": "r2", "text": "Two."}\n')
    assert list(found(tmp_path)) == ["sub/x.jsonl#r1", "sub/x.jsonl#r2"]


def test_a_source_knows_what_it_still_holds(tmp_path):
    write(tmp_path / "sub" / "a.txt")
    write(tmp_path / "x.jsonl", '{"id": "r1", "text": "One."}\n')
    folder = source(tmp_path, only=(PurePosixPath("x.jsonl"),))
    assert folder.holds("sub/a.txt")
    assert folder.holds("x.jsonl#r1")
    assert not folder.holds("x.jsonl#r2")
    assert not folder.holds("sub/b.txt")
    assert not folder.holds("sub")
    assert not folder.holds("../" + tmp_path.name + "/sub/a.txt")
    assert not folder.holds("")
    write(tmp_path / "x.jsonl", '{"id": "r2", "text": "Two, and longer."}\n')
    assert folder.holds("x.jsonl#r2")
    assert not folder.holds("x.jsonl#r1")


HOSTILE = [
    b"line\nfeed.txt",
    b"bell\x07.txt",
    b"not utf-8 \xff\xfe.txt",
    b"%0A.txt",
    b"%250A.txt",
    b"\n.txt",
    "right\u202eto left.txt".encode(),
    "ideographic\u3000space.txt".encode(),
    b"hash # mark.txt",
    b"x.jsonl#1.txt",
    b" leading and trailing .txt",
    b"'; DROP TABLE documents; --.txt",
    "名".encode() * 80 + b".txt",
]


def test_hostile_names_neither_crash_nor_collide_and_lead_back_to_their_files(tmp_path):
    root = os.fsencode(tmp_path)
    for name in HOSTILE:
        with open(os.path.join(root, name), "wb") as file:  # noqa: PTH118, PTH123 - a name of bytes
            file.write(TEXT.encode())
    write(tmp_path / "x.jsonl", '{"id": "1.txt", "text": "One."}\n')
    items = list(source(tmp_path))
    keys = [item.key for item in items]
    assert all(isinstance(item, Page) for item in items)
    assert len(set(keys)) == len(HOSTILE) + 1
    for key in keys:
        key.encode()
        assert not any(character in key for character in "\n\x07\u202e\udcff")
        assert source(tmp_path).holds(key)
    assert "hash # mark.txt" in keys
    assert "ideographic\u3000space.txt" in keys


def test_a_path_longer_than_a_key_may_be_is_shortened_but_still_its_own(tmp_path):
    deep = tmp_path.joinpath(*["d" * 200] * 6)
    write(deep / "a.txt")
    write(deep / "b.txt")
    keys = list(found(tmp_path))
    assert len(set(keys)) == 2
    assert all(len(key.encode()) <= 1_000 and source(tmp_path).holds(key) for key in keys)


NAMES = st.text(st.characters(blacklist_characters="/\0", blacklist_categories=("Cs",)), min_size=1, max_size=30)
PATHS = st.one_of(
    NAMES,
    st.binary(min_size=1, max_size=20).map(os.fsdecode).filter(lambda name: "\0" not in name),
    st.text(st.sampled_from("%#0aAfF.jsonlgz\n\udcff/"), min_size=1, max_size=20),
)


@given(PATHS, PATHS)
@settings(deadline=None)
def test_keys_are_reversible_and_so_never_collide(one, other):
    assert file_of(file_key(one)) == one
    assert (file_key(one) == file_key(other)) == (one == other)
    assert record_file(file_key(one)) is None
    assert record_file(record_key("x.jsonl", one)) == "x.jsonl"
    file_key(one).encode()


def test_a_folder_nested_deeper_than_python_recurses_is_walked(tmp_path):
    deep = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1_200):
        os.mkdir("d", dir_fd=deep)
        below = os.open("d", os.O_RDONLY, dir_fd=deep)
        os.close(deep)
        deep = below
    os.close(os.open("a.txt", os.O_WRONLY | os.O_CREAT, dir_fd=deep))
    os.close(deep)
    try:
        (item,) = source(tmp_path)
        assert reason(item) is Reason.EMPTY
    finally:  # pytest itself would recurse too deep when it tidies up
        subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)


def test_a_source_can_be_read_by_two_threads(tmp_path):
    for number in range(20):
        write(tmp_path / f"{number}.txt")
    folder, counts = source(tmp_path), []
    threads = [threading.Thread(target=lambda: counts.append(len(list(folder)))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [20, 20]


def test_the_seeds_are_five_pages():
    seeds = Path(__file__).parent.parent / "seeds"
    pages = list(FolderSource(root=seeds, name="seeds", address="seeds"))
    assert [type(page) for page in pages] == [Page] * 5
    assert [(seeds / page.key).read_bytes() for page in pages] == [page.content for page in pages]
