"""The benchmark's made-up pages, and the page that is made of its figures."""

from __future__ import annotations

import os
from pathlib import Path

from ingest.documents import Article, MediaType, Page
from ingest.extract import extract
from tools.bench.cost import cpu_seconds, peak_mb
from tools.bench.growth import Growth
from tools.bench.pages import pages
from tools.bench.race import Result
from tools.bench.report import Machine, Part, keep, write
from tools.bench.stages import Step

MACHINE = Machine.here(called="made-up pages", pages=24, page_bytes=1_000_000, quick=True)


def test_made_up_pages_are_the_same_each_time_and_hold_an_article():
    made = list(pages(3))
    assert made == list(pages(3))
    assert len(set(made)) == 3
    for content in made:
        article = extract(Page(source="bench", key="page", content=content, media_type=MediaType.HTML))
        assert isinstance(article, Article)
        assert "reader1" not in article.text


def test_the_page_tells_ratios_and_what_was_not_installed(tmp_path):
    results = tuple(
        Result(name=name, cores=1, rates=(rate - 1, rate, rate + 5), cpu_ms=(1000 / rate,), peak_mb=1)
        for name, rate in (("trafilatura alone", 20.0), ("whole pipeline, SQLite", 15.0))
    )
    keep(Part(name="speed", machine=MACHINE, results=results), tmp_path)
    text = write(tmp_path)
    assert "| whole pipeline of trafilatura alone, one core, SQLite | 0.75 | 0.75 | 0.6 |" in text
    assert "| whole pipeline, SQLite | 1 | 15.0 | 14.0 to 20.0 | 0.75 | 66.7 | 0.75 | 1 |" in text
    assert "made-up pages: 24, 1.0 MB" in text
    assert "news-please was not installed" in text
    assert "A quick run" in text


def test_a_part_that_is_measured_again_leaves_the_others_as_they_were(tmp_path):
    grown = tuple(
        Growth(articles=n, median_ms=ms, mean_ms=ms, p95_ms=ms, cpu_ms=ms, linked=1, measured=2, peak_mb=90)
        for n, ms in ((10, 2.0), (500, 3.0))
    )
    steps = (Step(name="extraction", ms=3), Step(name="decoding", ms=1, part_of="extraction"), Step(name="x", ms=1))
    keep(Part(name="growth-sqlite", machine=MACHINE, growth=grown), tmp_path)
    keep(Part(name="stages", machine=MACHINE, steps=()), tmp_path)
    keep(Part(name="stages", machine=MACHINE, steps=steps), tmp_path)
    text = write(tmp_path)
    assert "SQLite: 1.50 times as long by the mean, 1.50 by the median, 1.50 by processor time" in text
    assert "| extraction | 3.00 | 75% |\n| – of it decoding | 1.00 | 25% |\n| x | 1.00 | 25% |" in text


def test_cost_is_counted_for_this_process_and_what_it_started():
    before = cpu_seconds(os.getpid())
    sum(n * n for n in range(3_000_000))
    assert cpu_seconds(os.getpid()) > before
    assert peak_mb(os.getpid()) > 10


def test_the_page_is_written_from_every_figure_that_is_kept():
    docs = Path(__file__).parents[1] / "docs"
    assert write(docs / "benchmarks") == (docs / "benchmarks.md").read_text(encoding="utf-8")
