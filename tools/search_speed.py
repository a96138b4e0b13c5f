"""How long a search takes in a large store, and what the index costs an article: on SQLite and on PostgreSQL.

    make search-speed
    make search-speed ARGS='--articles 20000 --database sqlite'

The articles are made up: words, and words of Chinese characters, drawn by Zipf's law; half of them English, a quarter
each in Simplified and Traditional Chinese, over ten years, with sources and topics. A search is all that `ingest
search` does once it has begun: it reads the query, the index and the articles, and cuts their passages.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path

from sqlalchemy import Connection, insert, text

from ingest import tables
from ingest.store import Store, open_store, read
from ingest.store.search import fill, prepare, renew
from tools.bench.databases import databases

__all__ = ["main"]

_CHUNK = 5_000
_MEASURED = 200  # articles that are indexed each in a transaction of its own
_TOPICS = ("biotech", "fintech", "ai", "logistics", "energy", "rare_topic")
_COMMON = [
    "the",
    "of",
    "to",
    "and",
    "in",
    "a",
    "that",
    "for",
    "on",
    "with",
    "said",
    "by",
    "company",
    "from",
    "city",
    "market",
    "government",
    "business",
    "technology",
    "investment",
    "agreement",
    "university",
    "development",
    "signed",
    "bank",
    "research",
    "centre",
    "cooperation",
    "project",
    "joint",
    "laboratory",
    "memorandum",
]
_SYLLABLES = [first + last for first in "bdfgklmnprstvw" for last in ("a", "e", "i", "o", "u", "an", "er", "il")]
_HANT = "聯實驗學業開發資產國際東車電腦術義會議灣廣說話書報紙訊劃歷師機關經濟貿類"
_BEGAN = datetime(2016, 1, 1, tzinfo=UTC)


class _Language:
    """Words by rank, the most frequent first."""

    def __init__(self, words: Sequence[str], between: str) -> None:
        self.words = words
        self._between = between
        self._weights = list(accumulate(1 / (rank + 10) for rank in range(len(words))))

    def text(self, draw: random.Random, length: int) -> str:
        return self._between.join(draw.choices(self.words, cum_weights=self._weights, k=length))


def _english(draw: random.Random) -> _Language:
    made = {"".join(draw.choice(_SYLLABLES) for _ in range(draw.randint(2, 4))) for _ in range(40_000)}
    return _Language([*_COMMON, *sorted(made, key=lambda word: (len(word), word[::-1]))], " ")


def _chinese(draw: random.Random, further: str) -> _Language:
    characters = [*further, *map(chr, range(0x4E00, 0x4E00 + 2_500))]
    draw.shuffle(characters)
    made = {"".join(draw.choice(characters) for _ in range(draw.choice((2, 2, 2, 3, 4)))) for _ in range(30_000)}
    return _Language(["的", "在", "公司", "合作", "技术", *sorted(made, key=hash_of)], "")


def hash_of(word: str) -> str:
    """An order that is the same each time, and none."""
    return hashlib.sha256(word.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Corpus:
    """Where articles are drawn from."""

    english: _Language
    hans: _Language
    hant: _Language

    def article(self, number: int) -> tuple[str, str, str]:
        """Language, title and text of an article."""
        draw = random.Random(number)  # noqa: S311 - made-up text
        tag = ("en", "zh-Hans", "en", "zh-Hant")[number % 4]
        language = {"en": self.english, "zh-Hans": self.hans, "zh-Hant": self.hant}[tag]
        length = draw.randint(120, 600)
        sentences = [language.text(draw, 18) + (". " if tag == "en" else "。") for _ in range(length // 18)]
        return tag, language.text(draw, 8), "".join(sentences).strip()


def _corpus() -> _Corpus:
    draw = random.Random(5)  # noqa: S311 - made-up words
    return _Corpus(_english(draw), _chinese(draw, ""), _chinese(draw, _HANT))


def _fill(store: Store, corpus: _Corpus, first: int, last: int) -> None:
    """Add the rows of articles first to last, and index none."""
    for start in range(first, last + 1, _CHUNK):
        rows = [_row(corpus, number) for number in range(start, min(start + _CHUNK, last + 1))]
        store.database.write(partial(_insert, rows))


def _row(corpus: _Corpus, number: int) -> dict[str, object]:
    tag, title, body = corpus.article(number)
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    at = _BEGAN + timedelta(minutes=(number * 7919) % (60 * 24 * 3650))
    draw = random.Random(-number)  # noqa: S311 - made-up topics
    topics = draw.choices(_TOPICS, weights=(20, 12, 8, 4, 2, 0.1), k=1) if draw.random() < 0.6 else []
    return {
        "id": number, "public_id": f"art-{digest[:20]}", "text_sha256": digest, "folded_sha256": digest,
        "fingerprint_scheme": 1, "text": body, "characters": len(body), "language": tag, "language_confidence": 1.0,
        "language_run_id": 1, "first_seen_at": at, "run_id": 1, "source_id": 1 + number % 20, "key": f"{number}.txt",
        "title": title, "published_at": at, "published": at.isoformat(), "topics": topics,
    }  # fmt: skip


def _insert(rows: Sequence[Mapping[str, object]], connection: Connection) -> None:
    def put(table: type[tables.Base], *names: str, **more: object) -> None:
        connection.execute(insert(table), [{name: row[name] for name in names} | more for row in rows])

    put(tables.Article, "id", "public_id", "text_sha256", "folded_sha256", "fingerprint_scheme", "text", "characters",
        "language", "language_confidence", "language_run_id", "first_seen_at", "run_id")  # fmt: skip
    at = {"first_seen_at": _BEGAN, "run_id": 1}
    connection.execute(
        insert(tables.Page),
        [{"id": r["id"], "sha256": r["text_sha256"], "bytes": 1, "media_type": "text/plain", "location": "x", **at}
         for r in rows],
    )  # fmt: skip
    connection.execute(
        insert(tables.Document),
        [{"id": r["id"], "source_id": r["source_id"], "key": r["key"], "state": "stored", "revision": 1, "token": 0,
          "attempts": 0, "first_seen_at": _BEGAN, "last_seen_at": _BEGAN, "run_id": 1}
         for r in rows],
    )  # fmt: skip
    connection.execute(
        insert(tables.Appearance),
        [{"document_id": r["id"], "revision": 1, "article_id": r["id"], "leads": True, "page_id": r["id"],
          "text_sha256": r["text_sha256"], "title": r["title"], "published": r["published"],
          "published_precision": "minute", "published_at": r["published_at"], "seen_at": _BEGAN, "run_id": 1}
         for r in rows],
    )  # fmt: skip
    labels = [{"article_id": r["id"], "topic": topic, "score": 0.9, "run_id": 1} for r in rows for topic in r["topics"]]  # type: ignore[attr-defined]
    connection.execute(insert(tables.ArticleTopic), labels)


def _queries(corpus: _Corpus, articles: int) -> dict[str, list[tuple[str, read.SearchFilter]]]:
    """Searches by kind; phrases and beginnings are taken from articles, so that there are some to find."""
    draw = random.Random(11)  # noqa: S311 - made-up searches
    english, hans, hant = (language.words for language in (corpus.english, corpus.hans, corpus.hant))
    plain = read.SearchFilter()

    def phrase(step: int, length: int) -> str:
        _, _, body = corpus.article(draw.randrange(1, articles // 4) * 4 + step)
        words = body.split(". " if step % 2 == 0 else "。")[2].split() if step % 2 == 0 else body.split("。")[2]
        at = draw.randrange(len(words) - length)
        return " ".join(words[at : at + length]) if step % 2 == 0 else "".join(words[at : at + length])

    def some(make: Callable[[], str]) -> list[tuple[str, read.SearchFilter]]:
        return [(make(), plain) for _ in range(20)]

    filters = (
        read.SearchFilter(topic="biotech"), read.SearchFilter(topic="rare_topic"), read.SearchFilter(language="zh"),
        read.SearchFilter(language="en", since="2020", until="2021-06"), read.SearchFilter(source="source 3"),
        read.SearchFilter(topic="fintech", source="source 5", since="2024"),
    )  # fmt: skip
    return {
        "rare word": some(lambda: english[draw.randrange(15_000, 30_000)]),
        "common word": some(lambda: english[draw.randrange(40)]),
        "two words": some(lambda: f"{english[draw.randrange(60)]} {english[draw.randrange(2_000)]}"),
        "phrase": some(lambda: f'"{phrase(4, draw.choice((2, 3)))}"'),
        "beginning": some(lambda: english[draw.randrange(20, 30_000)][:5] + "*"),
        "either, without": some(
            lambda: f"{english[draw.randrange(3_000)]} OR laboratory -{english[draw.randrange(99)]}"
        ),
        "two characters": some(lambda: draw.choice((hans, hant))[draw.randrange(3_000)][:2]),
        "several characters": some(lambda: phrase(draw.choice((1, 3)), draw.choice((3, 4, 5)))),
        "one character": some(lambda: draw.choice(hans)[0]),
        "with filters": [
            (draw.choice((english[draw.randrange(40)], english[draw.randrange(4_000)], "合作", "公司 技術")), each)
            for each in filters
            for _ in range(4)
        ],
    }


def _measure(url: str, kinds: Mapping[str, Sequence[tuple[str, read.SearchFilter]]]) -> dict[str, list[float]]:
    """Milliseconds of each search, by kind, one connection for each as the command has."""
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for attempt in range(2):  # the first one fills caches
        for kind, asked in kinds.items():
            for words, wanted in asked:
                with read.connect(url) as connection:
                    begun = time.perf_counter()
                    read.search(connection, words, wanted, limit=20)
                    if attempt:
                        times[kind].append(1000 * (time.perf_counter() - begun))
    return times


def _cost(store: Store, corpus: _Corpus, last: int) -> tuple[list[float], list[float]]:
    """Milliseconds of cutting an article into terms, and of the transaction that indexes it."""
    _fill(store, corpus, last + 1, last + _MEASURED)
    cutting, indexing = [], []
    for number in range(last + 1, last + _MEASURED + 1):
        body = corpus.article(number)[2]
        begun = time.perf_counter()
        prepare(body)
        cut = time.perf_counter()
        store.database.write(lambda connection, number=number: renew(connection, [number]))  # type: ignore[misc]
        cutting.append(1000 * (cut - begun))
        indexing.append(1000 * (time.perf_counter() - cut))
    return cutting, indexing


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(0.95 * len(times))]


def _row_of(name: str, times: Sequence[float]) -> str:
    return f"  {name:<22}{statistics.median(times):>9.1f}{_p95(times):>9.1f}{max(times):>9.1f}"


def _prepare(store: Store) -> None:
    run = store.start_run("bench")
    rows = [
        {"id": number, "name": f"source {number}", "kind": "folder", "address": "x", "time_zone": "", "failures": 0,
         "first_seen_at": _BEGAN, "first_run_id": run.id, "state": "active"}
        for number in range(1, 21)
    ]  # fmt: skip
    store.database.write(lambda connection: connection.execute(insert(tables.Source), rows))


def _bench(url: str, articles: int) -> None:
    corpus = _corpus()
    with open_store(url) as store:
        _prepare(store)
        filled = 0
        for goal in (articles // 10, articles):
            _fill(store, corpus, filled + 1, goal)
            begun = time.perf_counter()
            number = store.database.write(fill)
            seconds = time.perf_counter() - begun
            if store.database.dialect.value == "postgresql":
                store.database.write(lambda connection: connection.execute(text("ANALYZE")))
            cutting, indexing = _cost(store, corpus, goal)
            filled = goal + _MEASURED
            say(f"{filled:,} articles: {1000 * seconds / number:.1f} ms an article indexed in batches;"
                f" each in a transaction of its own: {statistics.fmean(indexing):.1f} ms"
                f" (median {statistics.median(indexing):.1f}, 95th {_p95(indexing):.1f}),"
                f" and {statistics.fmean(cutting):.1f} ms before it")  # fmt: skip
    times = _measure(url, _queries(corpus, articles))
    say(f"  {'search, ms':<22}{'median':>9}{'95th':>9}{'longest':>9}")
    for kind, found in times.items():
        say(_row_of(kind, found))
    say(_row_of("all", [each for found in times.values() for each in found]))


def say(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Fill a store of each database, and time it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as servers:
        for kind in given.database or ("sqlite", "postgresql"):
            say(f"\n{kind}")
            _bench(servers.fresh(kind), given.articles)


if __name__ == "__main__":
    main()
