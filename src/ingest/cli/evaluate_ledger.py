"""`ingest evaluate ledger`: the pipeline over articles into a store of its own, and its ledger against a given one."""

from __future__ import annotations

import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingest.cli.files import opened
from ingest.cli.listing import json_option
from ingest.cli.progress import progress
from ingest.cli.screen import Screen
from ingest.cli.session import Command, Session, pass_session
from ingest.errors import ConfigurationError, SourceError, SourceNotFoundError
from ingest.evaluate.lines import BadLine, typed
from ingest.wire import dump

if TYPE_CHECKING:
    from ingest.documents import Annotated, Dropped, Mention, Outcome, Page
    from ingest.evaluate import ledger as pairs
    from ingest.settings import Settings

__all__ = ["ledger"]

_DROPPED = 3
_REMEDY = "it is one JSON object, {id: {'canonical_parties': [name, …], 'articles': [id, …]}}"


@click.command(
    "ledger",
    cls=Command,
    examples="ingest evaluate ledger articles.jsonl ledger.json --misses\n"
    "ingest evaluate ledger articles.jsonl ledger.json labels.jsonl --labelled-mentions",
)
@click.argument("articles", metavar="ARTICLES.jsonl")
@click.argument("given", metavar="LEDGER.json")
@click.argument("labels", metavar="[LABELS.jsonl]", required=False)
@click.option("--labelled-mentions", is_flag=True, help="Enter the agreements of LABELS, not what the pipeline finds.")
@click.option("--misses", is_flag=True, help="List each wrong pair, too.")
@json_option()
@pass_session
def ledger(
    session: Session,
    *,
    articles: str,
    given: str,
    labels: str | None,
    labelled_mentions: bool,
    misses: bool,
    as_json: bool,
) -> int:
    """Compare which mentions the ledger holds for one agreement with which are.

    ARTICLES are JSON lines as 'ingest run' takes them; they go through the pipeline into a store that is thrown away.
    LEDGER is {id: {"canonical_parties","articles"}}. A line of LABELS is {"id","agreements"}, an agreement with
    "ledger", its id there: then mentions are paired by the names that the article uses, and with --labelled-mentions
    they are the mentions, which tells the ledger's quality from that of detection.

    Figures count pairs of mentions: precision, of those held for one agreement, how many are; recall, of those that
    are one, how many were found and held for one; recall_of_found, the same of those that were found.
    """
    from ingest.evaluate import ledger as pairs  # noqa: PLC0415 - loaded when it is measured

    if labelled_mentions and labels is None:
        raise click.UsageError("--labelled-mentions needs LABELS, whose agreements it enters")
    settings, screen = session.settings(), session.screen()
    tellings = _tellings(given)
    labelled = _labelled(screen, labels, settings.max_bytes) if labels else _Labelled()
    if labels:
        tellings = labelled.tellings
    if not tellings:
        raise SourceError(f"nothing was measured: {labels or given} holds no agreement of a ledger", remedy=_REMEDY)
    run = _run(session, articles, settings, labelled.mentions if labelled_mentions else None)
    if run.articles.isdisjoint(telling.article for telling in tellings):
        raise SourceError(
            f"nothing was measured: {articles} holds no article that {labels or given} names",
            remedy="name files whose ids agree",
        )
    evaluation = pairs.score(
        tellings,
        run.found,
        canonical=(lambda name: name) if labels else _canonical,
        bad_lines=labelled.bad_lines + run.dropped,
        misses=misses,
    )
    if as_json:
        screen.data(dump(evaluation))
    else:
        from ingest.report.evaluation import lines  # noqa: PLC0415 - likewise

        screen.text("\n".join(lines(evaluation)))
    return _DROPPED if evaluation.bad_lines else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Labelled:
    """What LABELS say: the tellings of the ledger, and the agreements of each article."""

    tellings: tuple[pairs.Telling, ...] = ()
    mentions: Mapping[str, tuple[pairs.LabelledTelling, ...]] | None = None
    bad_lines: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ran:
    """What a store holds after the run, which articles it was given, and how many lines were dropped."""

    found: tuple[pairs.FoundMention, ...]
    articles: frozenset[str]
    dropped: int


def _tellings(given: str) -> tuple[pairs.Telling, ...]:
    from ingest.evaluate import ledger as pairs  # noqa: PLC0415 - loaded when it is measured

    with opened(given) as stream:
        content = stream.read()
    try:
        return pairs.parse_ledger(json.loads(content.decode("utf-8-sig")))
    except UnicodeDecodeError as broken:
        raise ConfigurationError(f"{given} is not UTF-8 text (byte {broken.start + 1})", remedy=_REMEDY) from None
    except (ValueError, RecursionError) as wrong:
        said = str(wrong) if not isinstance(wrong, json.JSONDecodeError | RecursionError) else f"is not JSON: {wrong}"
        raise ConfigurationError(f"{given} {said}", remedy=_REMEDY) from None


def _labelled(screen: Screen, file: str, max_bytes: int) -> _Labelled:
    from ingest.annotation import read_lines  # noqa: PLC0415 - loaded when it is measured
    from ingest.evaluate import ledger as pairs  # noqa: PLC0415 - likewise

    bad = 0
    mentions: dict[str, tuple[pairs.LabelledTelling, ...]] = {}
    with opened(file) as stream:
        for number, value in typed(read_lines(stream, max_bytes=max_bytes), pairs.parse_labels):
            if isinstance(value, BadLine):
                bad += 1
                screen.complain(f"error: {file} line {number} {value.why}")
            elif value:
                mentions[value[0].article] = value
    tellings = tuple(
        pairs.Telling(ledger=each.ledger, article=each.article, parties=each.agreement.parties)
        for row in mentions.values()
        for each in row
        if each.ledger
    )
    return _Labelled(tellings=tellings, mentions=mentions, bad_lines=bad)


def _run(
    session: Session,
    articles: str,
    settings: Settings,
    labelled: Mapping[str, Sequence[pairs.LabelledTelling]] | None,
) -> _Ran:
    """Take the articles through the pipeline into a store of their own."""
    from ingest.documents import Fate  # noqa: PLC0415 - loaded when it is measured
    from ingest.pipeline import run as run_pipeline  # noqa: PLC0415 - likewise
    from ingest.sources import open_source  # noqa: PLC0415 - likewise
    from ingest.store import open_store  # noqa: PLC0415 - likewise

    if not Path(articles).is_file():
        raise SourceNotFoundError(f"there is no file {articles}", remedy="check the path; a file of JSON lines is read")
    screen = session.screen()
    keys: dict[str, list[str]] = defaultdict(list)
    counts: Counter[Fate] = Counter()

    def tell(outcome: Outcome) -> None:
        shown.tell(outcome)
        counts[outcome.fate] += 1
        if outcome.dropped:
            screen.complain(f"error: {outcome.key}: {outcome.dropped.detail}")
        elif outcome.article_id:
            keys[outcome.article_id].append(outcome.key)

    with tempfile.TemporaryDirectory(prefix="ingest-evaluate-") as folder, progress(screen, "Starting …") as shown:
        url = f"sqlite:///{folder}/store.db"
        own = settings.model_copy(update={"database_url": url, "archive_url": f"{folder}/archive"})
        with open_store(url) as store:
            run_pipeline(
                open_source(Path(articles), base=Path.cwd(), max_bytes=own.max_bytes),
                store,
                own,
                map=map if labelled is None else _entered(labelled),
                tell=tell,
            )
        return _Ran(
            found=_found(url, keys),
            articles=frozenset(key for held in keys.values() for key in held),
            dropped=counts[Fate.DROPPED],
        )


def _entered(
    labelled: Mapping[str, Sequence[pairs.LabelledTelling]],
) -> Callable[[Callable[[Page], Annotated | Dropped], Iterable[Page]], Iterable[Annotated | Dropped]]:
    """A map that puts the labelled agreements in the place of those that were found."""
    from ingest.documents import Annotated  # noqa: PLC0415 - loaded when it is measured

    def apply(function: Callable[[Page], Annotated | Dropped], pages: Iterable[Page]) -> Iterable[Annotated | Dropped]:
        for page in pages:
            result = function(page)
            if isinstance(result, Annotated):
                mentions = tuple(
                    _mention(each, result) for each in labelled.get(page.key, ()) if each.agreement.parties
                )
                result = replace(result, mentions=mentions)
            yield result

    return apply


def _mention(labelled: pairs.LabelledTelling, annotated: Annotated) -> Mention:
    """A labelled agreement as the pipeline would have found it."""
    from ingest.documents import Kind, Mention, Origin, Party, Status  # noqa: PLC0415 - loaded when it is measured
    from ingest.extract.dates import Clock, read_moment  # noqa: PLC0415 - likewise

    agreement, text = labelled.agreement, annotated.article.text
    start = max(0, text.find(agreement.evidence or ""))
    end = start + len(agreement.evidence or "") if agreement.evidence and agreement.evidence in text else len(text)
    clock = Clock(now=datetime.now(UTC), time_zone="")
    places = [(name, text.find(name, start, end)) for name in agreement.parties]
    return Mention(
        parties=tuple(
            Party(name=name, start=at if at >= 0 else None, end=at + len(name) if at >= 0 else None)
            for name, at in places
        ),
        kind=Kind(agreement.kind or Kind.COOPERATION_AGREEMENT),
        status=Status(agreement.status or Status.SIGNED),
        is_news=agreement.is_news,
        signed_on=read_moment(agreement.signed_on, clock, Origin.RECORD) if agreement.signed_on else None,
        start=start,
        end=end,
        evidence=text[start:end],
        confidence=1.0,
    )


def _found(url: str, keys: Mapping[str, Sequence[str]]) -> tuple[pairs.FoundMention, ...]:
    from ingest.evaluate import ledger as pairs  # noqa: PLC0415 - loaded when it is measured
    from ingest.store import read  # noqa: PLC0415 - likewise

    with read.connect(url) as connection:
        rows = connection.rows(
            "SELECT agreement_id, article_id, parties FROM v_agreement_mentions WHERE is_current = 1"
            " ORDER BY mention_id"
        )
    return tuple(
        pairs.FoundMention(article=key, agreement=row["agreement_id"], parties=tuple(row["parties"].split(" · ")))
        for row in rows
        for key in keys.get(row["article_id"], ())
    )


def _canonical(name: str) -> str:
    """The organisation's own name, where the package data know it; else what it is and where, if its name is that."""
    from ingest.composed import composed  # noqa: PLC0415 - loaded when it is measured
    from ingest.organisations import resolve  # noqa: PLC0415 - likewise

    known = resolve(name)
    return known.name if known else composed(name) or name
