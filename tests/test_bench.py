"""The benchmark's made-up pages."""

from __future__ import annotations

from ingest.documents import Article, MediaType, Page
from ingest.extract import extract
from tools.bench.pages import pages
from tools.bench.report import Machine, Result, write


def test_made_up_pages_are_the_same_each_time_and_hold_an_article():
    made = list(pages(3))
    assert made == list(pages(3))
    assert len(set(made)) == 3
    for content in made:
        article = extract(Page(source="bench", key="page", content=content, media_type=MediaType.HTML))
        assert isinstance(article, Article)
        assert "reader1" not in article.text


def test_the_page_tells_ratios_and_what_was_not_installed():
    machine = Machine.here(made_up=True, page_bytes=1_000_000, quick=True)
    results = [
        Result(name=name, cores=1, rates=(rate,), rate=rate, peak_mb=1)
        for name, rate in (("trafilatura alone", 20.0), ("whole pipeline, SQLite", 15.0))
    ]
    text = write(machine, results, {})
    assert "| whole pipeline of trafilatura alone, one core, SQLite | 0.75 | 0.6 |" in text
    assert "news-please was not installed" in text
    assert "A quick run" in text
