"""What an article costs in a store that holds few or many: look-up and insert, in one save.

Wires are skewed: a third of what they bring is made from templates (weather, results, filings), some of which have
thousands of near-copies. The store is filled by rows rather than through the pipeline, so that half a million take
minutes: for each article its document, page, appearance and bands. The articles that are measured go through
`Store.claim` and `Store.save` like any other.
"""

from __future__ import annotations

import hashlib
import os
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection, Executable, insert, text

from ingest import deduplicate, tables
from ingest.documents import Annotated, Article, Fate, Fingerprint, Language, MediaType, Page
from ingest.store import Claimed, Run, Store, open_store
from ingest.store.documents import begin, make_source
from tools.bench.cost import peak_mb
from tools.bench.pages import story

__all__ = ["Growth", "fill", "measure"]

_CHUNK = 5_000
_TEMPLATES = 60
_TEMPLATED = 1 / 3
_BUCKET = 64  # what the store keeps under one band
_VARIANTS = 40  # texts of a template whose bands the filling draws from
_SYLLABLES = [first + last for first in "bdfgklmnprstvw" for last in ("a", "e", "i", "o", "u", "an", "er", "il")]
_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What a store of so many articles costs.

    Attributes:
        articles: In the store.
        median_ms: Milliseconds that a save takes by the clock; likewise the mean and the 95th percentile.
        cpu_ms: Milliseconds of processor time of a save, the mean.
        linked: Near-duplicates among the measured.
        measured: Saves.
        peak_mb: Largest memory of the process that saves.
    """

    articles: int
    median_ms: float
    mean_ms: float
    p95_ms: float
    cpu_ms: float
    linked: int
    measured: int
    peak_mb: float


class _Source:
    name = "wire"
    kind = "jsonl"
    address = "wire.jsonl"

    def __iter__(self) -> Iterator[Page]:
        return iter(())

    def holds(self, key: str) -> bool:
        return bool(key)


def fill(url: str, articles: int, cores: Sequence[int]) -> None:
    """Fill a fresh store with so many articles."""
    os.sched_setaffinity(0, cores)
    with open_store(url) as store:
        _fill(store, store.start_run("bench"), articles)


def measure(url: str, articles: int, measured: int, cores: Sequence[int]) -> Growth:
    """Time the saves of further articles in a store that was filled."""
    os.sched_setaffinity(0, cores)
    with open_store(url) as store:
        run = store.start_run("bench")
        draw = random.Random(articles)  # noqa: S311 - made-up text
        times: list[float] = []
        cpu = 0.0
        fates: Counter[Fate] = Counter()
        for number in range(measured + 10):
            claimed, annotated = _next(store, run, draw, number)
            begun, spent = time.perf_counter(), time.process_time()
            fate = store.save(run, claimed, annotated).fate
            if number >= 10:  # the first ones open connections and warm caches
                times.append(1000 * (time.perf_counter() - begun))
                cpu += time.process_time() - spent
                fates[fate] += 1
        return Growth(
            articles=articles,
            median_ms=statistics.median(times),
            mean_ms=statistics.fmean(times),
            p95_ms=sorted(times)[int(0.95 * len(times))],
            cpu_ms=1000 * cpu / len(times),
            linked=fates[Fate.NEAR_DUPLICATE],
            measured=measured,
            peak_mb=peak_mb(os.getpid()),
        )


def _template(number: int, draw: random.Random) -> str:
    """A near-copy of a template: the same words but for a few figures."""
    _, paragraphs = story(random.Random(f"template {number}"))  # noqa: S311 - made-up text
    paragraphs[0] = f"Notice {draw.randrange(10**6)} of day {draw.randrange(365)}. {paragraphs[0]}"
    return "\n\n".join(paragraphs)


def _zipf(draw: random.Random) -> int:
    """The first template makes a fifth of all copies, the sixtieth hardly any."""
    return draw.choices(range(_TEMPLATES), weights=[1 / (rank + 1) for rank in range(_TEMPLATES)])[0]


def _text(draw: random.Random) -> str:
    if draw.random() < _TEMPLATED:
        return _template(_zipf(draw), draw)
    return " ".join(_word(draw) for _ in range(400))  # like no other


def _word(draw: random.Random) -> str:
    return "".join(draw.choice(_SYLLABLES) for _ in range(draw.randint(1, 3)))


def _next(store: Store, run: Run, draw: random.Random, number: int) -> tuple[Claimed, Annotated]:
    body = _text(draw)
    page = Page(source="wire", key=f"new {number}", content=body.encode(), media_type=MediaType.PLAIN)
    (claimed,) = store.claim(run, _Source(), [page], lease_seconds=300, max_attempts=3)
    if not isinstance(claimed, Claimed):
        raise TypeError(f"nothing to measure: {claimed}")
    annotated = Annotated(
        article=Article(text=body),
        fingerprint=deduplicate.fingerprint(body),
        language=Language(tag="en", confidence=1.0),
        topics=(),
        mentions=(),
    )
    return claimed, annotated


def _fill(store: Store, run: Run, articles: int) -> None:
    draw = random.Random(7)  # noqa: S311 - made-up text
    copies = {number: [_Copy.of(_template(number, draw)) for _ in range(_VARIANTS)] for number in range(_TEMPLATES)}
    held: Counter[int] = Counter()
    scheme = copies[0][0].fingerprint.scheme
    plain = "\n\n".join(story(draw)[1])[:600]  # never compared; short, so that half a million fit anywhere
    leaders: dict[int, int] = {}
    source = store.database.write(lambda connection: make_source(begin(connection, run), _Source()))
    for first in range(1, articles + 1, _CHUNK):
        rows, bands = [], []
        for identity in range(first, min(first + _CHUNK, articles + 1)):
            template = _zipf(draw) if draw.random() < _TEMPLATED else None
            copy = None if template is None else draw.choice(copies[template])
            leader = None if template is None else leaders.setdefault(template, identity)
            keys = copy.fingerprint.bands if copy else tuple(draw.getrandbits(64) - 2**63 for _ in range(20))
            for band in set(keys):
                if held[band] < _BUCKET:
                    held[band] += bool(copy)  # bands of other articles never meet
                    bands.append({"scheme": scheme, "band": band, "article_id": identity})
            row = _row(identity, copy.text if copy else plain, scheme, run)
            rows.append(row | {"near_duplicate_of_id": None if leader == identity else leader})
        _insert(store, source, rows, bands)
    if store.database.dialect.value == "postgresql":
        for table in ("articles", "documents", "pages"):
            sequence = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608 - fixed names
            store.database.write(partial(_execute, text(sequence), []))
        store.database.write(partial(_execute, text("ANALYZE"), []))


@dataclass(frozen=True, slots=True)
class _Copy:
    text: str
    fingerprint: Fingerprint

    @classmethod
    def of(cls, body: str) -> _Copy:
        return cls(body, deduplicate.fingerprint(body))


def _row(identity: int, body: str, scheme: int, run: Run) -> dict[str, object]:
    digest = hashlib.sha256(str(identity).encode()).hexdigest()
    return {
        "id": identity,
        "public_id": f"art-{digest[:20]}",
        "text_sha256": digest,
        "folded_sha256": digest,
        "fingerprint_scheme": scheme,
        "text": body,
        "characters": len(body),
        "language": "en",
        "language_confidence": 1.0,
        "language_run_id": run.id,
        "first_seen_at": _AT,
        "run_id": run.id,
    }


def _carried(article: dict[str, object], source: int) -> tuple[dict[str, object], dict[str, object], dict[str, object]]:
    """Rows of the page, the document and the appearance that brought an article, all under the article's number."""
    identity, digest, run = article["id"], article["text_sha256"], article["run_id"]
    page = {
        "id": identity,
        "sha256": digest,
        "bytes": article["characters"],
        "media_type": MediaType.PLAIN,
        "location": f"{digest}.gz",
        "first_seen_at": _AT,
        "run_id": run,
    }
    document = {
        "id": identity,
        "source_id": source,
        "key": f"old {identity}",
        "state": tables.DocumentState.STORED,
        "fate": Fate.NEW,
        "revision": 1,
        "page_id": identity,
        "content_sha256": digest,
        "first_seen_at": _AT,
        "last_seen_at": _AT,
        "run_id": run,
        "token": 1,
        "attempts": 0,
    }
    appearance = {
        "document_id": identity,
        "revision": 1,
        "article_id": identity,
        "leads": True,
        "page_id": identity,
        "text_sha256": digest,
        "keywords": [],
        "seen_at": _AT,
        "run_id": run,
    }
    return page, document, appearance


def _execute(statement: Executable, values: Sequence[Mapping[str, object]], connection: Connection) -> None:
    connection.execute(statement, values)


def _insert(store: Store, source: int, rows: list[dict[str, object]], bands: list[dict[str, int]]) -> None:
    pages, documents, appearances = zip(*(_carried(row, source) for row in rows), strict=True)
    for table, values in (
        (tables.Page, list(pages)),
        (tables.Document, list(documents)),
        (tables.Article, rows),
        (tables.Appearance, list(appearances)),
        (tables.Fingerprint, bands),
    ):
        store.database.write(partial(_execute, insert(table), values))
