"""What a person named → archives, on a disk, at an address, or in a list."""

from __future__ import annotations

import contextlib
import gzip
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import fsspec
import pytest
from warc_samples import arc, archive

from ingest.documents import Packing, Page
from ingest.errors import ConfigurationError, SourceError, SourceNotFoundError
from ingest.sources import open_source
from ingest.sources.warc import Named, Stretch, WarcSource, look_at, named_archives, packing_of


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_folder_is_all_archives_below_it_in_order(folder):
    for name in ("2026/03/b.warc.gz", "2026/03/a.WARC", "2025/z.arc.gz", "notes.txt", "b.warc.gz.part"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
    assert [each.name for each in named_archives(str(folder))] == [
        "2025/z.arc.gz", "2026/03/a.WARC", "2026/03/b.warc.gz",
    ]  # fmt: skip


def test_a_file_is_an_archive_whatever_it_is_called():
    assert named_archives("kept.warc.gz.old") == (Named(name="kept.warc.gz.old", address="kept.warc.gz.old"),)


LINES = """
# March
crawl-data/CC-NEWS/2026/03/one.warc.gz
crawl-data/CC-NEWS/2026/03/two.warc.gz

https://mirror.example/crawl-data/CC-NEWS/2026/03/three.warc.gz
"""


@pytest.mark.parametrize(
    ("where", "base", "first"),
    [
        ("crawl-data/CC-NEWS/2026/03/warc.paths.gz", None, "crawl-data/CC-NEWS/2026/03/one.warc.gz"),
        ("copy/crawl-data/CC-NEWS/2026/03/warc.paths", None, "copy/crawl-data/CC-NEWS/2026/03/one.warc.gz"),
        ("lists/march.txt", None, "lists/crawl-data/CC-NEWS/2026/03/one.warc.gz"),
        ("march.lst", "s3://commoncrawl", "s3://commoncrawl/crawl-data/CC-NEWS/2026/03/one.warc.gz"),
    ],
)
def test_the_lines_of_a_list_count_from_where_it_says_that_it_lies(folder, where, base, first):
    (folder / where).parent.mkdir(parents=True, exist_ok=True)
    content = LINES.encode()
    (folder / where).write_bytes(gzip.compress(content) if where.endswith(".gz") else content)
    found = named_archives(where, base=base)
    assert found[0].address == first
    assert found[2].address == "https://mirror.example/crawl-data/CC-NEWS/2026/03/three.warc.gz"
    assert [each.name.rpartition("/")[2] for each in found] == ["one.warc.gz", "two.warc.gz", "three.warc.gz"]
    assert {each.name.rpartition("/")[0] for each in found} == {"crawl-data/CC-NEWS/2026/03"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\n# nothing\n", "names no archive"),
        (b"\x00\x01\x02\n", "Line 1 of list.paths is no address"),
        (b"a" * 100_000, "Line 1 of list.paths: the list is too long, or no list"),
    ],
)
def test_a_list_that_is_none_is_refused(folder, content, says):
    (folder / "list.paths").write_bytes(content)
    with pytest.raises(SourceError, match=says):
        named_archives("list.paths")


def test_a_packed_list_that_breaks_off_is_refused(folder):
    (folder / "list.paths.gz").write_bytes(gzip.compress(LINES.encode())[:-12])
    with pytest.raises(SourceError, match="does not unpack"):
        named_archives("list.paths.gz")


def test_a_folder_without_an_archive_is_refused(folder):
    with pytest.raises(SourceNotFoundError, match="no web archive below"):
        named_archives(str(folder))


PLAIN = archive(3, packed=False).content


@pytest.mark.parametrize(
    ("content", "packing"),
    [
        (archive(3).content, Packing.RECORDS),
        (PLAIN, Packing.PLAIN),
        (gzip.compress(PLAIN, mtime=0), Packing.WHOLE),
        (arc(("http://old.example/", b"HTTP/1.0 200 OK\r\n\r\nx")), Packing.PLAIN),
        (gzip.compress(arc(("http://old.example/", b"HTTP/1.0 200 OK\r\n\r\nx")), mtime=0), Packing.WHOLE),
        (b"\0" * 100 + PLAIN, Packing.PLAIN),
        (archive(3).content[40:], Packing.RECORDS),
    ],
)
def test_how_an_archive_is_packed_is_told_by_its_beginning(folder, content, packing):
    (folder / "any").write_bytes(content)
    assert packing_of("any") is packing


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no bytes are in it"),
        (b"%PDF-1.7 and more", "it is a PDF document"),
        (b"<html>A page</html>", "no record begins in it"),
        (gzip.compress(b"<html>A page</html>", mtime=0), "it is gzip, and no record begins in it"),
        (b"\x28\xb5\x2f\xfd" + bytes(100), "it is a Zstandard archive"),
    ],
)
def test_what_is_no_archive_is_refused_with_what_it_is(folder, content, says):
    (folder / "any.warc.gz").write_bytes(content)
    with pytest.raises(SourceError, match=says):
        packing_of("any.warc.gz")


@pytest.mark.parametrize("address", ["lacking.warc.gz", "memory://lacking.warc.gz", "file:///lacking.warc.gz"])
def test_what_is_not_there_is_said_to_be_missing(address):
    with pytest.raises(SourceNotFoundError, match=r"lacking\.warc\.gz"):
        look_at(address)


def test_an_address_whose_package_is_lacking_says_which_one():
    with pytest.raises(SourceError, match="cannot be read") as refused:
        look_at("s3://user:secret@bucket/one.warc.gz")
    assert "ingest[s3]" in refused.value.remedy or "credentials" in refused.value.remedy
    assert "secret" not in str(refused.value)


def urls(address, **stretch):
    source = WarcSource(
        name="old", address="x", stretch=Stretch(archive="a", address=address, packing=packing_of(address), **stretch)
    )
    return [item.key for item in source if isinstance(item, Page)]


def test_an_archive_is_read_from_any_address_and_from_any_offset():
    built = archive(6)
    with fsspec.open("memory://bucket/a.warc.gz", "wb") as file:
        file.write(built.content)
    assert look_at("memory://bucket/a.warc.gz").size == len(built.content)
    assert len(urls("memory://bucket/a.warc.gz")) == 6
    assert urls("memory://bucket/a.warc.gz", offset=built.offsets[3] + 1) == [
        f"https://news.example/{number}" for number in (2, 3, 4, 5, 6)
    ]
    assert [each.name for each in named_archives("memory://bucket/")] == ["a.warc.gz"]


class Ranges(BaseHTTPRequestHandler):
    """A web server that gives ranges, or none."""

    content = archive(2_000).content
    gives = True
    asked: ClassVar[list[str | None]] = []

    def do_HEAD(self):
        self._answer(body=False)

    def do_GET(self):
        self._answer(body=True)

    def _answer(self, *, body):
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "") if self.gives else None
        content = self.content[int(wanted[1]) : int(wanted[2] or len(self.content)) + 1] if wanted else self.content
        self.send_response(206 if wanted else 200)
        if self.gives:
            self.send_header("Accept-Ranges", "bytes")
        if wanted:
            self.asked.append(wanted[0])
            last = int(wanted[1]) + len(content) - 1
            self.send_header("Content-Range", f"bytes {wanted[1]}-{last}/{len(self.content)}")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if body:
            with contextlib.suppress(OSError):  # whoever asked has read enough
                self.wfile.write(content)

    def log_message(self, *_):
        """Quiet."""


@pytest.mark.parametrize("gives", [True, False])
def test_an_archive_is_read_from_a_web_server_whether_it_gives_ranges_or_not(gives):
    handler = type("Handler", (Ranges,), {"gives": gives, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/a.warc.gz"
        assert look_at(address).has_ranges is gives
        assert len(urls(address)) == 2_000
        late = len(Ranges.content) - 3_000
        assert urls(address, offset=late)[-1] == "https://news.example/2000"
    finally:
        server.shutdown()
        server.server_close()
    assert bool(handler.asked) is gives


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.arc", "A.ARC.GZ"])
def test_what_takes_files_in_sends_web_archives_to_backfill(folder, name):
    (folder / name).write_bytes(PLAIN)
    with pytest.raises(ConfigurationError, match="is a web archive") as refused:
        open_source(folder / name, base=folder)
    assert "ingest backfill" in refused.value.remedy
