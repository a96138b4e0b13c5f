from __future__ import annotations

import errno
import gzip
import hashlib
import multiprocessing
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.archive import Archive
from ingest.errors import ArchiveError

CONTENT = "The two universities signed an agreement. 两所大学签署协议。".encode() * 20


@pytest.fixture(params=["folder", "file", "memory"])
def archive(request, tmp_path):
    urls = {
        "folder": str(tmp_path / "archive"),
        "file": f"file://{tmp_path}/archive",
        "memory": f"memory://{tmp_path.name}/archive",
    }
    return Archive(urls[request.param])


def test_what_was_put_in_comes_back_by_its_digest(archive):
    sha256 = archive.put(CONTENT)
    assert sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert archive.get(sha256) == CONTENT
    assert Archive(archive.url).get(sha256) == CONTENT


def test_the_same_bytes_put_in_twice_are_one_object(archive):
    assert archive.put(CONTENT) == archive.put(CONTENT)
    assert archive.get(archive.put(CONTENT)) == CONTENT


def test_several_bodies_are_kept_at_once_and_one_that_is_damaged_is_mended(tmp_path):
    bodies = [CONTENT, b"another", b""]
    contents = {hashlib.sha256(body).hexdigest(): body for body in bodies}
    archive = Archive(str(tmp_path))
    (tmp_path / archive.location(archive.put(CONTENT))).write_bytes(b"no gzip")
    archive.put_all(contents)
    assert [archive.get(sha256) for sha256 in contents] == bodies
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 3


def test_of_bodies_that_cannot_all_be_kept_no_draft_is_left(tmp_path):
    archive = Archive(str(tmp_path))
    contents = {hashlib.sha256(body).hexdigest(): body for body in (b"one", b"two")}
    in_the_way = tmp_path / archive.location(list(contents)[1])
    in_the_way.parent.parent.mkdir()
    in_the_way.parent.write_bytes(b"")
    with pytest.raises(ArchiveError, match="cannot be written"):
        archive.put_all(contents)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [in_the_way.parent]


def test_an_object_is_sharded_gzip_without_a_time(tmp_path):
    archive = Archive(str(tmp_path / "a"))
    sha256 = archive.put(CONTENT)
    assert archive.location(sha256) == f"{sha256[:2]}/{sha256[2:4]}/{sha256}.gz"
    packed = (tmp_path / "a" / archive.location(sha256)).read_bytes()
    assert gzip.decompress(packed) == CONTENT
    assert packed[4:8] == bytes(4)
    other = Archive(str(tmp_path / "b"))
    other.put(CONTENT)
    assert (tmp_path / "b" / other.location(sha256)).read_bytes() == packed


def test_nothing_is_left_beside_the_object(tmp_path):
    archive = Archive(str(tmp_path))
    sha256 = archive.put(CONTENT)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [f"{sha256}.gz"]


def test_a_missing_object_is_an_error_with_a_remedy(archive):
    with pytest.raises(ArchiveError, match="has no object") as caught:
        archive.get("0" * 64)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "damage",
    [lambda packed: packed[:-9], lambda _: b"", lambda _: gzip.compress(b"something else"), lambda _: b"no gzip"],
)
def test_a_damaged_object_is_never_given_out_and_mended_when_put_in_again(tmp_path, damage):
    archive = Archive(str(tmp_path))
    sha256 = archive.put(CONTENT)
    path = tmp_path / archive.location(sha256)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ArchiveError, match="is damaged") as caught:
        archive.get(sha256)
    assert caught.value.remedy
    assert archive.put(CONTENT) == sha256
    assert archive.get(sha256) == CONTENT


@pytest.mark.parametrize("digest", ["", "abc", "../../etc/passwd", "A" * 64, "g" * 64, "0" * 65, "0" * 64 + "\n"])
def test_what_is_no_digest_is_refused(tmp_path, digest):
    with pytest.raises(ArchiveError, match="not a SHA-256"):
        Archive(str(tmp_path)).get(digest)


def test_a_file_in_the_way_is_an_error_with_a_remedy(tmp_path):
    (tmp_path / "archive").write_text("a file")
    with pytest.raises(ArchiveError) as caught:
        Archive(str(tmp_path / "archive")).put(CONTENT)
    assert "folder" in caught.value.remedy


class Refusing:
    def __init__(self, number):
        self.number = number

    def read(self, location):
        raise FileNotFoundError(location)

    def write(self, objects):  # noqa: ARG002 - the port's signature
        raise OSError(self.number, "refused")


@pytest.mark.parametrize(
    ("number", "says"), [(errno.ENOSPC, "space"), (errno.EROFS, "writable"), (errno.EACCES, "writable"), (5, "Check")]
)
def test_a_disk_that_refuses_is_an_error_that_says_what_to_do(number, says):
    class Shelved(Archive):
        _shelf = Refusing(number)

    with pytest.raises(ArchiveError) as caught:
        Shelved("somewhere").put(CONTENT)
    assert says in caught.value.remedy


@pytest.mark.parametrize("url", ["nosuchscheme://bucket/prefix", "simplecache::nosuch://x"])
def test_an_address_that_nothing_takes_is_an_error(url):
    with pytest.raises(ArchiveError) as caught:
        Archive(url).put(CONTENT)
    assert caught.value.remedy


def test_an_error_shows_no_password():
    with pytest.raises(ArchiveError) as caught:
        Archive("nosuch://user:secret@host/x").get("0" * 64)
    assert "secret" not in str(caught.value)


def test_a_local_archive_does_not_load_fsspec(tmp_path):
    code = f"from ingest.archive import Archive; Archive({str(tmp_path)!r}).put(b'x')"
    code += "; import sys; print('fsspec' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def _put_many(url):
    archive = Archive(url)
    for number in range(20):
        archive.put(CONTENT + bytes([number]))


def test_processes_that_put_the_same_in_at_once_do_not_disturb_each_other(tmp_path):
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_put_many, args=(str(tmp_path),)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 20
    archive = Archive(str(tmp_path))
    assert archive.get(hashlib.sha256(CONTENT + b"\x07").hexdigest()) == CONTENT + b"\x07"


@given(st.binary(max_size=500))
@settings(deadline=None)
def test_any_bytes_come_back(content):
    archive = Archive("memory://any-bytes")
    assert archive.get(archive.put(content)) == content


def test_an_object_goes_from_one_archive_to_another_as_it_stands(archive, tmp_path):
    sha256, other = archive.put(CONTENT), Archive(str(tmp_path / "other"))
    assert not other.holds(sha256)
    other.put_packed(sha256, archive.get_packed(sha256))
    assert other.holds(sha256)
    assert other.get(sha256) == CONTENT


def test_an_object_that_is_removed_is_gone_and_removing_it_again_is_nothing(archive):
    sha256 = archive.put(CONTENT)
    archive.remove(sha256)
    archive.remove(sha256)
    assert not archive.holds(sha256)
    assert archive.put(CONTENT) == sha256
    assert archive.get(sha256) == CONTENT
