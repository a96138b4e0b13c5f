"""The way of an article, stated once.

    for each window of found pages:
        claim     store.claim      whose turn is it, and is it new at all?
        keep      archive.put      the raw bytes, by their sha-256
        annotate  (through `map`, on any executor; pure)
            extract       Page    → Article | Dropped
            deduplicate   text    → Fingerprint
            language      text    → Language
            topics        Article → Labels
            agreements    Article → Mentions
        save      store.save       one short transaction a document: duplicate? revision? which agreement?

`annotate` is all that a worker runs; it touches neither database nor disk, so the same function serves one process, a
thread pool, a process pool or Dask, with equal output.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Protocol

from ingest import agreements, deduplicate, language, topics
from ingest.archive import Archive
from ingest.documents import Annotated, Article, Dropped, Outcome, Page, Reason, Stage, Tally
from ingest.extract import extract
from ingest.settings import Settings
from ingest.sources import Source
from ingest.store import Claimed, Store

__all__ = ["Map", "annotate", "annotate_article", "run"]


class Map(Protocol):
    """What `run` asks of an executor: the built-in `map`, an executor's `map`, a Prefect or Dask one."""

    def __call__(
        self, function: Callable[[Page], Annotated | Dropped], pages: Iterable[Page], /
    ) -> Iterable[Annotated | Dropped]:
        """Apply `function` to each page; results come in the order of the pages."""
        ...


def annotate_article(article: Article) -> Annotated:
    """Run the pure stages that follow extraction."""
    tag = language.detect(article.text)
    return Annotated(
        article=article,
        fingerprint=deduplicate.fingerprint(article.text),
        language=tag,
        topics=topics.classify(article, tag),
        mentions=agreements.find(article, tag),
    )


def annotate(page: Page) -> Annotated | Dropped:
    """Run all pure stages on one page.

    A stage that raises is a defect of ours; it costs this page, which is recorded with the stage's own words, and not
    the batch.
    """
    try:
        article = extract(page)
        return article if isinstance(article, Dropped) else annotate_article(article)
    except Exception as defect:  # noqa: BLE001 - the boundary at which a defect becomes a recorded reason
        return Dropped(
            source=page.source,
            key=page.key,
            url=page.url,
            stage=Stage.EXTRACT,
            reason=Reason.STAGE_FAILED,
            detail=f"{type(defect).__name__}: {defect}",
        )


def run(
    found: Source,
    store: Store,
    settings: Settings,
    *,
    map: Map = map,  # noqa: A002 - named after the built-in that it stands for
    tell: Callable[[Outcome], None] = lambda _: None,
) -> Tally:
    """Take everything that a source finds through the pipeline.

    Args:
        found: The source; its pages are read lazily.
        store: Where articles go.
        settings: Sizes of windows and leases.
        map: How to apply `annotate` to a window of pages.
        tell: Called with what became of each document, as soon as that is committed.

    Returns:
        Counts by fate.

    Raises:
        StoreError: The store gave up; what was settled until then is kept, the rest is taken up by the next run.
        ArchiveError: Raw bytes could not be kept.
    """
    raise NotImplementedError
