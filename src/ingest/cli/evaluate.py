"""`ingest evaluate`: figures of the stages on labelled data; loads a stage only where it is measured."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ingest.cli.annotate import stages
from ingest.cli.evaluate_ledger import ledger
from ingest.cli.evaluate_sample import evaluate_sample
from ingest.cli.files import opened
from ingest.cli.listing import json_option
from ingest.cli.screen import Screen
from ingest.cli.session import Command, Group, Session, pass_session
from ingest.errors import SourceError
from ingest.evaluate.lines import BadLine, typed
from ingest.wire import AnnotationError, dump

if TYPE_CHECKING:
    from ingest.annotation import Reader
    from ingest.documents import Article, Dropped, Page
    from ingest.evaluate import duplicates as pairs
    from ingest.evaluate import extraction as pages
    from ingest.evaluate import labels as marks

__all__ = ["evaluate"]

_T = TypeVar("_T")

_DROPPED = 3
_NO_ARTICLE = "{labels} holds no label for an article of {articles}"

_misses = click.option("--misses", is_flag=True, help="List each case that is wrong, too.")


@click.group("evaluate", cls=Group)
def evaluate() -> None:
    """Measure the stages on labelled data of your own.

    The data are JSON lines, plain or compressed with gzip. Each command prints a figure a line, its name first, and
    then the cases that were asked for, tab-separated; --json prints one object instead. A line that cannot be used is
    told with its number, and the exit code is 3.
    """


evaluate.add_command(ledger)
evaluate.add_command(evaluate_sample)


class _Bench:
    """What every evaluation needs: the files' lines, a count of the bad ones, progress, and where figures go."""

    def __init__(self, session: Session) -> None:
        self.settings = session.settings()
        self.screen: Screen = session.screen()
        self.bad_lines = 0

    def complain(self, file: str, number: int, why: str) -> None:
        """Tell of a line that cannot be used."""
        self.bad_lines += 1
        self.screen.complain(f"error: {file} line {number} {why}")

    def raw(self, file: str) -> Iterator[bytes | None]:
        """The lines of a file."""
        from ingest.annotation import read_lines  # noqa: PLC0415 - the group's help needs none of it

        with opened(file) as stream:
            yield from read_lines(stream, max_bytes=self.settings.max_bytes)

    def read(self, file: str, parse: Callable[[dict[str, object]], _T]) -> Iterator[tuple[int, _T]]:
        """The values of a file's good lines, with their numbers."""
        for number, value in typed(self.raw(file), parse):
            if isinstance(value, BadLine):
                self.complain(file, number, value.why)
            else:
                yield number, value

    def counted(self, items: Iterable[_T], things: str) -> Iterator[_T]:
        """The items, while a terminal shows how many are done."""
        if not self.screen.shows_progress:
            yield from items
            return
        with self.screen.console().status(f"0 {things}", spinner="dots") as status:
            for done, item in enumerate(items):
                status.update(f"{done:,} {things}")
                yield item

    def show(self, evaluation: Any, *, judged: int, files: str, as_json: bool) -> int:
        """Print an evaluation; the exit code.

        Raises:
            SourceError: Nothing was judged, so that every figure would be a zero that means nothing.
        """
        if not judged:
            raise SourceError(f"nothing was measured: {files}", remedy="--help says what a line holds")
        from ingest.report.evaluation import lines  # noqa: PLC0415 - likewise

        if as_json:
            self.screen.data(dump(evaluation))
        else:
            self.screen.text("\n".join(lines(evaluation)))
        return _DROPPED if self.bad_lines else 0


@evaluate.command(
    "extraction",
    cls=Command,
    examples="ingest evaluate extraction pages/manifest.jsonl --worst 10\n"
    "ingest evaluate extraction pages/manifest.jsonl --baseline",
)
@click.argument("manifest", metavar="MANIFEST.jsonl")
@click.option("--baseline", is_flag=True, help="Run trafilatura alone, too, and list the pages that it reads better.")
@click.option("--worst", type=click.IntRange(min=0), default=0, metavar="N", help="List the N worst pages.")
@json_option()
@pass_session
def extraction(session: Session, *, manifest: str, baseline: bool, worst: int, as_json: bool) -> int:
    """Compare extracted text, headline, date and byline with what is right.

    A line of MANIFEST is {"path","url","text","title"?,"published"?,"byline"?}; paths count from the manifest's folder,
    and an empty text says that the page has no article. Texts are compared as bags of words, a Chinese, Japanese,
    Korean or Thai character counting as one: precision and recall are means over pages, f1 is theirs.
    """
    from ingest.evaluate import extraction as pages  # noqa: PLC0415 - loaded when it is measured

    bench = _Bench(session)
    folder = Path.cwd() if manifest == "-" else Path(manifest).parent
    scored = []
    for number, expected in bench.counted(bench.read(manifest, pages.parse), "pages"):
        page = _page(bench, folder, expected)
        if isinstance(page, str):
            bench.complain(manifest, number, page)
        else:
            scored.append(_score(expected, page, bench.settings.time_zone, baseline=baseline))
    return bench.show(
        pages.summarise(scored, worst=worst, bad_lines=bench.bad_lines),
        judged=len(scored),
        files=f"{manifest} names no page that can be read",
        as_json=as_json,
    )


def _page(bench: _Bench, folder: Path, expected: pages.Expected) -> Page | Dropped | str:
    """The page that a line names; a string where there is none, in words that follow 'line N'."""
    from ingest.documents import Dropped  # noqa: PLC0415 - loaded when it is measured
    from ingest.sources import open_source  # noqa: PLC0415 - likewise

    path = folder / expected.path
    if path.is_dir():
        return f"names {expected.path}, which is a folder"
    try:
        found = list(open_source(path, base=folder, max_bytes=bench.settings.max_bytes))
    except SourceError as missing:
        return f"names {expected.path}: {missing}"
    if len(found) != 1:
        return f"names {expected.path}, which holds {len(found)} documents, not one"
    item = found[0]
    return item if isinstance(item, Dropped) else replace(item, url=expected.url, time_zone=bench.settings.time_zone)


def _score(expected: pages.Expected, page: Page | Dropped, time_zone: str, *, baseline: bool) -> pages.Scored:
    from ingest.documents import Dropped, Origin  # noqa: PLC0415 - loaded when it is measured
    from ingest.evaluate import baseline as plain  # noqa: PLC0415 - likewise
    from ingest.evaluate import extraction as pages  # noqa: PLC0415 - likewise
    from ingest.extract.dates import Clock, read_moment  # noqa: PLC0415 - likewise

    clock = Clock(now=datetime.now(UTC), time_zone=time_zone)
    alone = "" if isinstance(page, Dropped) or not baseline else plain.read(page.content)
    return pages.score(
        expected,
        page if isinstance(page, Dropped) else _extracted(page),
        read_moment=lambda given: read_moment(given, clock, Origin.RECORD),
        baseline=alone if baseline else None,
    )


def _extracted(page: Page) -> Article | Dropped:
    from ingest.documents import Dropped, Reason, Stage  # noqa: PLC0415 - loaded when it is measured
    from ingest.extract import extract  # noqa: PLC0415 - loads trafilatura

    try:
        return extract(page)
    except Exception as defect:  # noqa: BLE001 - a defect costs its page, not the others
        detail = f"A defect of ingest: {type(defect).__name__}: {defect}"
        return Dropped(source="", key=page.key, stage=Stage.EXTRACT, reason=Reason.STAGE_FAILED, detail=detail)


@evaluate.command("duplicates", cls=Command, examples="ingest evaluate duplicates pairs.jsonl docs.jsonl --misses")
@click.argument("pairs_file", metavar="PAIRS.jsonl")
@click.argument("docs_file", metavar="DOCS.jsonl")
@_misses
@json_option()
@pass_session
def duplicates(session: Session, *, pairs_file: str, docs_file: str, misses: bool, as_json: bool) -> int:
    """Compare which texts are taken for one story with which are.

    A line of PAIRS is {"a","b","label","basis"?}: two ids, 1 for near-duplicates and 0 for others, and what the label
    rests on; a line of DOCS is {"id","text"}. A pair is found where the two share a band of their fingerprints, as the
    store looks them up, and the exact comparison confirms it.
    """
    from ingest import deduplicate  # noqa: PLC0415 - loaded when it is measured
    from ingest.evaluate import duplicates as pairs  # noqa: PLC0415 - likewise

    bench = _Bench(session)
    texts = {document.id: document.text for _, document in bench.read(docs_file, pairs.parse_text)}
    rule = pairs.Rule(
        fingerprint=deduplicate.fingerprint,
        similarity=deduplicate.similarity,
        is_near_duplicate=deduplicate.is_near_duplicate,
    )
    judged: list[pairs.Judged] = []
    for number, pair in bench.counted(bench.read(pairs_file, pairs.parse_pair), "pairs"):
        unknown = [name for name in (pair.a, pair.b) if name not in texts]
        if unknown:
            bench.complain(pairs_file, number, f"names {unknown[0]!r}, which {docs_file} does not hold")
        else:
            judged.append(pairs.judge(pair, texts[pair.a], texts[pair.b], rule))
    return bench.show(
        pairs.summarise(judged, bad_lines=bench.bad_lines, misses=misses),
        judged=len(judged),
        files=f"{pairs_file} names no two texts of {docs_file}",
        as_json=as_json,
    )


def _same(context: click.Context, parameter: click.Parameter, given: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of interchangeable tags."""
    split = [tuple(part.strip() for part in pair.split("=")) for pair in given]
    for pair, said in zip(split, given, strict=True):
        if len(pair) != 2 or not all(pair):
            raise click.BadParameter(f"{said!r} is not of the form TAG=TAG", context, parameter)
    return [(pair[0], pair[1]) for pair in split]


@evaluate.command(
    "language",
    cls=Command,
    examples="ingest evaluate language sentences.jsonl\n"
    "ingest evaluate language sentences.jsonl --same ms=id --same yue=zh-Hant --misses",
)
@click.argument("file", metavar="FILE.jsonl")
@click.option(
    "--same", multiple=True, metavar="TAG=TAG", callback=_same, help="Count two tags as one; may be given again."
)
@_misses
@json_option()
@pass_session
def language(session: Session, *, file: str, same: list[tuple[str, str]], misses: bool, as_json: bool) -> int:
    """Compare the language tags that texts are given with the right ones.

    A line of FILE is {"id","lang","text"}; the tag is BCP 47, with script for Chinese (zh-Hans, zh-Hant).
    """
    from ingest.evaluate import language as texts  # noqa: PLC0415 - loaded when it is measured
    from ingest.language import detect  # noqa: PLC0415 - likewise

    bench = _Bench(session)
    judged: list[texts.Judged] = []
    for _, label in bench.counted(bench.read(file, texts.parse), "texts"):
        if not judged:
            detect(label.text)  # so that the first text's time is not that of loading
        judged.append(texts.judge(label, detect, time.perf_counter))
    summary = texts.summarise(judged, same=texts.groups(same), bad_lines=bench.bad_lines, misses=misses)
    return bench.show(summary, judged=len(judged), files=f"{file} holds no line that can be used", as_json=as_json)


@evaluate.command(
    "annotations", cls=Command, examples="ingest evaluate annotations labels.jsonl articles.jsonl --misses"
)
@click.argument("labels", metavar="LABELS.jsonl")
@click.argument("articles", metavar="ARTICLES.jsonl")
@_misses
@json_option()
@pass_session
def annotated(session: Session, *, labels: str, articles: str, misses: bool, as_json: bool) -> int:
    """Compare the topics and agreements found in articles with the labelled ones.

    A line of LABELS is {"id","topics","agreements"}, an agreement {"parties","kind","status","is_news","signed_on"}. A
    line of ARTICLES is one that 'ingest annotate' reads, or one that it prints: whatever has no text is taken as what
    was found. f1 has a 95 % interval (bootstrap over articles).
    """
    from ingest.evaluate import labels as marks  # noqa: PLC0415 - loaded when it is measured

    bench = _Bench(session)
    labelled = {label.id: label for _, label in bench.read(labels, marks.parse)}
    found: dict[str, marks.Labels] = {}
    for each in bench.counted(_found(bench, articles), "articles"):
        found[each.id] = each
    tallies = [marks.tally(label, found.get(name, marks.Labels(id=name))) for name, label in labelled.items()]
    summary = marks.summarise(
        tallies,
        bad_lines=bench.bad_lines,
        unlabelled=len(found.keys() - labelled.keys()),
        absent=len(labelled.keys() - found.keys()),
        misses=misses,
    )
    return bench.show(
        summary,
        judged=len(labelled.keys() & found.keys()),
        files=_NO_ARTICLE.format(labels=labels, articles=articles),
        as_json=as_json,
    )


@evaluate.command("topics", cls=Command, examples="ingest evaluate topics labels.jsonl articles.jsonl --misses")
@click.argument("labels", metavar="LABELS.jsonl")
@click.argument("articles", metavar="ARTICLES.jsonl")
@_misses
@json_option()
@pass_session
def topics(session: Session, *, labels: str, articles: str, misses: bool, as_json: bool) -> int:
    """Compare the topics of articles with the labelled ones, and the scores with the share that is right.

    A line of LABELS is {"id","topics"}, a line of ARTICLES one that 'ingest annotate' reads. Every topic with a word in
    an article is scored, whether it is given or not: in the bins, 'score' is what was predicted and 'right' the share
    observed; calibration_error is the expected calibration error. macro_f1 has a 95 % interval (bootstrap over
    articles). Topics of the taxonomy that the labels never name are left out.
    """
    from ingest import wire  # noqa: PLC0415 - loaded when it is measured
    from ingest.evaluate import labels as marks  # noqa: PLC0415 - likewise
    from ingest.evaluate import topics as judging  # noqa: PLC0415 - likewise
    from ingest.topics import THRESHOLD  # noqa: PLC0415 - likewise
    from ingest.topics.choice import choose  # noqa: PLC0415 - likewise
    from ingest.topics.training.reading import as_text, judge  # noqa: PLC0415 - likewise

    bench = _Bench(session)
    choice = choose(further=bench.settings.taxonomy, models_dir=bench.settings.models_dir)
    labelled = {each.id: {said.topic for said in each.topics} for _, each in bench.read(labels, marks.parse)}
    named = sorted({topic for each in labelled.values() for topic in each})
    judged, unlabelled = {}, 0
    for _, given in bench.counted(bench.read(articles, as_text), "articles"):
        if given.id in labelled:
            has = {topic: topic in labelled[given.id] for topic in named}
            judged[given.id] = judge(given, has, choice)
        else:
            unlabelled += 1
    found = list(judged.values())
    summary = wire.TopicsEvaluation(
        articles=len(found),
        bad_lines=bench.bad_lines,
        unlabelled=unlabelled,
        absent=len(labelled.keys() - judged.keys()),
        model=choice.model().version,
        figures=judging.measure(found, threshold=THRESHOLD),
        misses=judging.misses(found, threshold=THRESHOLD) if misses else None,
    )
    return bench.show(
        summary,
        judged=len(found) if named else 0,
        files=_NO_ARTICLE.format(labels=labels, articles=articles),
        as_json=as_json,
    )


def _found(bench: _Bench, file: str) -> Iterator[marks.Labels]:
    """What is said of each article, by the pipeline or by its line."""
    from ingest.evaluate import labels as marks  # noqa: PLC0415 - loaded when it is measured

    reader: Reader | None = None
    for number, line in enumerate(bench.raw(file), start=1):
        if line is not None and not line.strip():
            continue
        for _, said in typed([line], lambda record: None if "text" in record else marks.parse(record)):
            if isinstance(said, marks.Labels):
                yield said
            elif isinstance(said, BadLine):
                bench.complain(file, number, said.why)
            else:
                reader = reader or stages(bench.settings)
                annotation = reader.read(line, number)
                if isinstance(annotation, AnnotationError):
                    bench.complain(file, number, annotation.error.removeprefix(f"line {number} "))
                elif annotation.id is None:
                    bench.complain(file, number, 'has no "id"')
                else:
                    yield marks.from_annotation(annotation)
