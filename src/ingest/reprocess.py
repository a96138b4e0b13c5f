"""Run a stage and the later ones again over what the store and the archive keep, after a rule or a model changed.

    for each window of articles, in the order in which they were stored:
        extract     archive → the bytes that arrived; later stages begin with the stored text
        annotate    (through `map`, pure)
        supersede   store.again    one short transaction an article, safe beside running workers

What is said as before is left alone, so running it twice changes nothing the second time. It never alerts: its runs are
of the kind `reprocess`. A run that was stopped is taken up where it stood by the next one that asks for the same.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

from ingest import agreements, topics
from ingest.archive import Archive
from ingest.documents import Annotated, Article, Dropped, Fingerprint, Language, Page, Reason, Stage, Tally
from ingest.errors import ArchiveError, IngestError
from ingest.pipeline import annotate, annotate_article
from ingest.settings import Settings
from ingest.store import Run, Store
from ingest.store.changes import Change, ChangeKind
from ingest.store.kept import Kept, Stretch, Wanted

__all__ = ["STAGES", "Map", "Redone", "Summary", "Task", "redo", "reprocess"]

STAGES = (Stage.EXTRACT, Stage.LANGUAGE, Stage.TOPICS, Stage.AGREEMENTS)
"""The stages that can be run again, in their order."""

_NO_FINGERPRINT = Fingerprint(text_sha256="", bands=(), scheme=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One article, for a worker.

    Attributes:
        stage: The first stage to run.
        page: The page with its bytes, where that is `extract`.
        article: As stored, for the later ones.
        language: As stored, for those that follow `language`.
    """

    stage: Stage
    page: Page = field(repr=False)
    article: Article = field(repr=False)
    language: Language


class Map(Protocol):
    """What `reprocess` asks of an executor, as `pipeline.Map`."""

    def __call__(
        self, function: Callable[[Task], Annotated | Dropped], tasks: Iterable[Task], /
    ) -> Iterable[Annotated | Dropped]:
        """Apply `function` to each task; results come in the order of the tasks."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Redone:
    """What became of one article.

    Attributes:
        article: Its public id, before.
        key: Of the document that speaks for it.
        title: Its headline.
        changes: What is otherwise than before.
    """

    article: str
    key: str
    title: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The counts of a run.

    Attributes:
        articles: How many were done again.
        changed: How many of them are otherwise than before.
        changes: How often each kind of change came about.
        failed: How many could not be done: no article is found any more, or the archive lacks the bytes.
        resumed: How many an earlier run had done, which this one took up.
    """

    articles: int
    changed: int
    changes: tuple[tuple[ChangeKind, int], ...]
    failed: int
    resumed: int
    elapsed: timedelta


def redo(task: Task) -> Annotated | Dropped:
    """Run the pure stages of one article again, from the task's stage on.

    Raises:
        IngestError: Something that every article needs cannot be had.
    """
    if task.stage is Stage.EXTRACT:
        return annotate(task.page)
    try:
        if task.stage is Stage.LANGUAGE:
            return annotate_article(task.article)
        return Annotated(
            article=task.article,
            fingerprint=_NO_FINGERPRINT,
            language=task.language,
            topics=topics.classify(task.article, task.language) if task.stage is Stage.TOPICS else (),
            mentions=agreements.find(task.article, task.language),
        )
    except IngestError:
        raise
    except Exception as defect:  # noqa: BLE001 - the boundary at which a defect becomes a recorded reason
        detail = f"{type(defect).__name__}: {defect}"
        page = task.page
        return Dropped(source=page.source, key=page.key, stage=task.stage, reason=Reason.STAGE_FAILED, detail=detail)


def reprocess(  # noqa: PLR0913 - keywords, each a choice of its own
    store: Store,
    settings: Settings,
    wanted: Wanted,
    *,
    stage: Stage,
    rehearse: bool = False,
    from_start: bool = False,
    map: Map = map,  # noqa: A002 - named after the built-in that it stands for
    tell: Callable[[Redone, int], None] = lambda _redone, _total: None,
    flow_run: str | None = None,
) -> Summary:
    """Run a stage and the later ones again.

    Args:
        store: Where articles are.
        settings: The size of windows, and where the archive is.
        wanted: Which articles.
        stage: The first stage; one of `STAGES`.
        rehearse: Whether to tell what would change, and leave the store as it is. Windows are rehearsed apart: what an
            earlier one would have opened is not there for a later one.
        from_start: Whether to begin anew although an earlier run for the same stopped half-way.
        map: How to apply `redo` to a window.
        tell: Called with each article as soon as it is committed, and how many there are in all.
        flow_run: Id of the Prefect flow run, for the record of the run.

    Raises:
        StoreError: The store gave up; what was done until then is kept, and the next run goes on from there.
    """
    started = time.monotonic()
    subject = f"{stage.value} {wanted}"
    position = 0 if rehearse or from_start else store.stopped_at("reprocess", subject)
    whole = store.stretch(after=0, every_copy=stage is Stage.EXTRACT)
    total = store.count_kept(wanted, whole)
    run = None if rehearse else store.start_run("reprocess", flow_run=flow_run, subject=subject)
    stretch = replace(whole, after=position)
    left = store.count_kept(wanted, stretch)
    work = _Work(store=store, settings=settings, stage=stage, run=run, map=map)
    changes: Counter[ChangeKind] = Counter()
    done = changed = 0
    try:
        for redone in work.windows(wanted, stretch):
            done += 1
            changed += bool(redone.changes)
            changes.update(change.kind for change in redone.changes)
            tell(redone, total)
    except BaseException as failure:
        if run is not None:
            store.finish_run(run, failure)
        raise
    elapsed = timedelta(seconds=time.monotonic() - started)
    if run is not None:
        store.finish_run(run, Tally(fates=(), new_agreements=changes[ChangeKind.OPENED], elapsed=elapsed))
    return Summary(
        articles=done,
        changed=changed,
        changes=tuple(sorted(changes.items())),
        failed=changes[ChangeKind.DROPPED],
        resumed=total - left,
        elapsed=elapsed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What every window of one run shares; without a run, it is a rehearsal."""

    store: Store
    settings: Settings
    stage: Stage
    run: Run | None
    map: Map

    def windows(self, wanted: Wanted, stretch: Stretch) -> Iterator[Redone]:
        """Take windows to their end, one after the other."""
        while window := self.store.kept(wanted, stretch, limit=self.settings.window):
            yield from self._redo(window)
            stretch = replace(stretch, after=window[-1].appearance)
            if self.run is not None:
                self.store.advance(self.run, stretch.after)

    def _redo(self, window: tuple[Kept, ...]) -> Iterator[Redone]:
        tasks = [self._task(kept) for kept in window]
        ready = [task for task in tasks if isinstance(task, Task)]
        answers = iter(self.map(redo, ready))
        results = [next(answers) if isinstance(task, Task) else task for task in tasks]
        pairs = list(zip(window, results, strict=True))
        for kept, each in zip(window, self._changes(pairs), strict=True):
            yield Redone(article=kept.public_id, key=kept.key, title=kept.article.title, changes=each)

    def _changes(self, pairs: Sequence[tuple[Kept, Annotated | Dropped]]) -> Iterator[tuple[Change, ...]]:
        if self.run is None:
            yield from self.store.rehearse(pairs, stage=self.stage)
            return
        for kept, result in pairs:
            yield self.store.again(self.run, kept, result, stage=self.stage)

    def _task(self, kept: Kept) -> Task | Dropped:
        """What a worker needs; why it cannot be had, where the archive lacks the bytes."""
        page = kept.page
        if self.stage is Stage.EXTRACT:
            try:
                page = replace(page, content=Archive(self.settings.archive_url).get(kept.sha256))
            except ArchiveError as lacking:
                return Dropped(
                    source=page.source,
                    key=page.key,
                    stage=Stage.EXTRACT,
                    reason=Reason.VANISHED,
                    detail=f"{lacking} {lacking.remedy}",
                )
        return Task(stage=self.stage, page=page, article=kept.article, language=kept.language)
