"""The soak over folders of feeds, on a small one."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tools.soak.expectations import Expected, expectations
from tools.soak.feeds import main


def expected(comment: str) -> list[tuple[int | None, str, object]]:
    return [(each.entry, each.field, each.value) for each in expectations(f"<!--\nExpect: {comment}\n-->".encode())]


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("not bozo and entries[0]['title'] == 'A'", [(0, "title", "A")]),
        ("feed.title == u'caf\\xe9'", [(None, "title", "café")]),
        ("entries[1]['guid'] == 'a' + 'b' and feed['link'] == 'c'", [(1, "id", "ab"), (None, "link", "c")]),
        (
            "entries[0]['updated_parsed'] == (2024, 5, 14, 9, 30, 5, 1, 135, 0)",
            [(0, "updated", (2024, 5, 14, 9, 30, 5))],
        ),
        ("feed['title_detail']['value'] == 'A'", [(None, "title", "A")]),
        ("entries[0]['id'] == entries[1]['id'] == 'A'", [(0, "id", "A"), (1, "id", "A")]),
        ("entries[0]['source']['title'] == 'A'", [(0, "publisher", "A")]),
        # of other fields, of something else, or not a literal
        ("entries[0]['summary'] == 'A'", []),
        ("bozo", []),
        ("version == 'rss20'", []),
        ("entries[0]['title'] == __import__('os').getcwd()", []),
        ("entries[0]['title'] != 'A'", []),
        ("entries[0]['title' == 'A'", []),
    ],
)
def test_comparisons_are_parsed_and_never_evaluated(comment: str, found: list[object]) -> None:
    assert expected(comment) == found


def test_a_file_that_expects_nothing_gives_nothing() -> None:
    assert list[Expected](expectations(b"<rss/>")) == []


def test_outcomes_and_agreement_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = "entries[0]['title'] == 'B' and entries[0]['id'] == 'x'"
    feed = (
        "<!--\nExpect: not bozo and {}\n--><rss><channel><item><title>A</title><link>/1</link></item></channel></rss>"
    )
    (tmp_path / "right.xml").write_text(feed.format("entries[0]['title'] == 'A'"))
    (tmp_path / "wrong.xml").write_text(feed.format(wrong))
    (tmp_path / "page.html").write_text("<html><body>A page</body></html>")
    (tmp_path / "sitemap.xml.gz").write_bytes(gzip.compress(b"<urlset><url><loc>/1</loc></url></urlset>"))
    (tmp_path / "notes.md").write_text("Not read.")
    assert main([str(tmp_path), "--unlisted"]) == 0
    said = capsys.readouterr().out
    assert "4 files, 3 entries" in said
    assert "    2 rss" in said
    assert "    1 sitemap" in said
    assert "html: page.html: It is a page of HTML, not a feed." in said
    assert "entry title         1 of 2" in said
    assert "wrong.xml: entries[0]['title'] == 'B'; read: ['A']" in said


def test_a_folder_without_feeds_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "holds no feeds" in capsys.readouterr().err
