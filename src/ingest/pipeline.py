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
        save      store.save_all   one short transaction a few: duplicate? revision? which agreement?

`annotate` is all that a worker runs; it touches neither database nor disk, so the same function serves one process, a
thread pool, a process pool or Dask, with equal output. Such an executor has the next window while this one is saved.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Protocol, TypeAlias

from ingest import agreements, deduplicate, language, log, topics
from ingest.archive import Archive
from ingest.documents import Annotated, Article, Dropped, Fate, Outcome, Page, Reason, Stage, Tally
from ingest.errors import IngestError
from ingest.extract import extract
from ingest.settings import Settings
from ingest.sources import Source
from ingest.store import Claimed, Run, Store
from ingest.topics.choice import SHIPPED, Choice, choose

__all__ = ["Map", "annotate", "annotate_article", "run"]

_Result: TypeAlias = tuple[Claimed, Annotated | Dropped]

_WHEN_ASKED = map  # does nothing before its results are asked for
_FEW = 8  # results that are saved together, if they come
_PATIENCE = 1.0  # seconds that one waits for others


class Map(Protocol):
    """What `run` asks of an executor: the built-in `map`, an executor's `map`, a Prefect or Dask one."""

    def __call__(
        self, function: Callable[[Page], Annotated | Dropped], pages: Iterable[Page], /
    ) -> Iterable[Annotated | Dropped]:
        """Apply `function` to each page; results come in the order of the pages.

        An executor should begin when it is called, not when the first result is asked for.
        """
        ...


def annotate_article(article: Article, choice: Choice = SHIPPED) -> Annotated:
    """Run the pure stages that follow extraction.

    Args:
        article: What was extracted.
        choice: The taxonomy and the model of the topics stage.
    """
    tag = language.detect(article.text)
    return Annotated(
        article=article,
        fingerprint=deduplicate.fingerprint(article.text),
        language=tag,
        topics=topics.classify(article, tag, choice),
        mentions=agreements.find(article, tag),
    )


def annotate(page: Page, *, choice: Choice = SHIPPED) -> Annotated | Dropped:
    """Run all pure stages on one page.

    A stage that raises is a defect of ours; it costs this page, which is recorded with the stage's own words, and not
    the batch.

    Raises:
        IngestError: Something that every page needs cannot be had; not this page's fault.
    """
    try:
        article = extract(page)
        return article if isinstance(article, Dropped) else annotate_article(article, choice)
    except IngestError:
        raise
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
    flow_run: str | None = None,
    ends_first_contact: bool | None = None,
    opened: Run | None = None,
) -> Tally:
    """Take everything that a source finds through the pipeline.

    Args:
        found: The source; its pages are read lazily, a window at a time.
        store: Where articles go.
        settings: Sizes of windows, leases, and where the archive is.
        map: How to apply `annotate` to a window of pages.
        tell: Called with what became of each document, as soon as that is committed.
        flow_run: Id of the Prefect flow run, for the record of the run.
        ends_first_contact: Whether what comes later is new at the source; None: if it is read as a whole.
        opened: The run that this is, where the caller opened it; it is closed here. None: a new one, of kind `ingest`.

    Returns:
        Counts by fate.

    Raises:
        SourceError: The source as a whole cannot be read.
        StoreError: The store gave up; what was settled until then is kept, the rest is taken up by the next run.
        ArchiveError: Raw bytes could not be kept; likewise.
        ParserUnavailableError: HTML cannot be parsed at all; likewise.
        ConfigurationError: The taxonomy file that the settings name is not right.
        ModelError: The model of topics in force cannot be read.
    """
    started = time.monotonic()
    fates: Counter[Fate] = Counter()
    detected = 0
    choice = choose(further=settings.taxonomy, models_dir=settings.models_dir)
    current = opened or store.start_run("ingest", flow_run=flow_run, versions=choice.versions())
    archive = Archive(settings.archive_url)
    work = _Work(found=found, store=store, settings=settings, archive=archive, map=map, run=current, choice=choice)
    try:
        for outcome in work.settle_all(_windows(found, settings)):
            fates[outcome.fate] += 1
            detected += sum(each.is_new for each in outcome.agreements)
            log.outcome(outcome)
            tell(outcome)
        if found.is_whole if ends_first_contact is None else ends_first_contact:
            store.passed(current, found)
    except BaseException as failure:
        store.finish_run(current, failure)
        raise
    tally = Tally(
        fates=tuple(sorted(fates.items())),
        new_agreements=detected,
        elapsed=timedelta(seconds=time.monotonic() - started),
    )
    store.finish_run(current, tally)
    return tally


def _windows(found: Iterable[Page | Dropped], settings: Settings) -> Iterator[list[Page | Dropped]]:
    """Group what a source finds, bounded in number and in bytes, so that memory does not grow with the input."""
    window: list[Page | Dropped] = []
    size = 0
    for item in found:
        window.append(item)
        size += len(item.content) if isinstance(item, Page) else 0
        if len(window) >= settings.window or size >= settings.window_bytes:
            yield window
            window, size = [], 0
    if window:
        yield window


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """A window that is claimed, and on its way through the stages.

    Attributes:
        keys: Of its documents.
        dropped: What the source itself gave up.
        answers: Of the store, to its claims.
        results: What the stages make of what is claimed, to be asked for once.
    """

    keys: frozenset[str]
    dropped: Sequence[Dropped]
    answers: Sequence[Claimed | Outcome | Page]
    results: Iterable[_Result]

    def holds_one_of(self, window: Iterable[Page | Dropped]) -> bool:
        """Whether a document of another window is among its own."""
        return not self.keys.isdisjoint(each.key for each in window)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What every window of one run shares."""

    found: Source
    store: Store
    settings: Settings
    archive: Archive
    map: Map
    run: Run
    choice: Choice

    def settle_all(self, windows: Iterable[Sequence[Page | Dropped]]) -> Iterator[Outcome]:
        """Take every window to its end: one outcome for each item, in order."""
        if self.map is not _WHEN_ASKED:
            yield from self._settle_ahead(iter(windows))
            return
        for window in windows:
            yield from self._end(self._begin(window))

    def _settle_ahead(self, windows: Iterator[Sequence[Page | Dropped]]) -> Iterator[Outcome]:
        """Begin each window before the one before it is saved, so that an executor is never without work.

        Not where both hold the same document: what its second coming is follows from what became of the first.
        """
        under_way: _Begun | None = None
        while True:
            begun, failure = None, None
            try:
                window = next(windows, None)
                if window and not (under_way and under_way.holds_one_of(window)):
                    begun, window = self._begin(window), None
            except Exception as problem:  # noqa: BLE001 - raised below, once what is under way is settled
                window, failure = None, problem
            if under_way:
                yield from self._end(under_way)
            if failure:
                raise failure
            under_way = self._begin(window) if window else begun
            if under_way is None:
                return

    def _begin(self, window: Sequence[Page | Dropped]) -> _Begun:
        """Claim a window, have an executor annotate it, and keep its bytes meanwhile."""
        pages = [item for item in window if isinstance(item, Page)]
        answers = self._claim(pages, alone=False)
        return _Begun(
            keys=frozenset(each.key for each in window),
            dropped=[item for item in window if isinstance(item, Dropped)],
            answers=answers,
            results=self._annotate([answer for answer in answers if isinstance(answer, Claimed)]),
        )

    def _end(self, begun: _Begun) -> Iterator[Outcome]:
        for item in begun.dropped:
            yield self.store.drop(self.run, self.found, item)
        yield from (answer for answer in begun.answers if isinstance(answer, Outcome))
        yield from self._save(begun.results)
        # What crashed its worker before is taken alone, so that it does not spend its neighbours' attempts.
        for page in (answer for answer in begun.answers if isinstance(answer, Page)):
            for answer in self._claim([page], alone=True):
                if isinstance(answer, Outcome):
                    yield answer
                elif isinstance(answer, Claimed):
                    yield from self._save(self._annotate([answer]))

    def _claim(self, pages: Sequence[Page], *, alone: bool) -> Sequence[Claimed | Outcome | Page]:
        return self.store.claim(
            self.run,
            self.found,
            pages,
            lease_seconds=self.settings.lease_seconds,
            max_attempts=self.settings.max_attempts,
            alone=alone,
        )

    def _annotate(self, claimed: Sequence[Claimed]) -> Iterable[_Result]:
        # An executor begins here and works while the bytes are kept; the built-in `map` begins when it is asked.
        results = self.map(partial(annotate, choice=self.choice), [each.page for each in claimed])
        self.archive.put_all({each.sha256: each.page.content for each in claimed})
        return zip(claimed, results, strict=True)

    def _save(self, results: Iterable[_Result]) -> Iterator[Outcome]:
        for few in _few(results):
            for (each, _), outcome in zip(few, self.store.save_all(self.run, few), strict=True):
                if outcome.dropped is not None and outcome.dropped.reason is Reason.FORGOTTEN:
                    self.archive.remove(each.sha256)  # only its text told that it was removed by request
                yield outcome


def _few(results: Iterable[_Result]) -> Iterator[list[_Result]]:
    """A few results at a time, so that they share what a transaction costs and none waits for long.

    Where a further one cannot be had, those that are there go on before it is told why.
    """
    few: list[_Result] = []
    begun = time.monotonic()
    try:
        for result in results:
            few.append(result)
            if len(few) >= _FEW or time.monotonic() - begun >= _PATIENCE:
                yield few
                few, begun = [], time.monotonic()
    except Exception:
        if few:
            yield few
        raise
    if few:
        yield few
