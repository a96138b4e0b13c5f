"""`ingest train`: models from what people said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from ingest.cli.files import opened
from ingest.cli.screen import Screen
from ingest.cli.session import Command, Group, Session, pass_session
from ingest.cli.train_agreements import agreements
from ingest.errors import ModelError, StoreMissingError

if TYPE_CHECKING:
    from ingest.settings import Settings
    from ingest.topics.scoring import ModelKind
    from ingest.topics.training.contest import Contest, Made
    from ingest.topics.training.examples import Example, Prepared
    from ingest.topics.training.fitting import Tell

__all__ = ["train"]

_T = TypeVar("_T")

_DROPPED = 3
_KINDS = ("taxonomy", "combined", "textcat")


@click.group("train", cls=Group)
def train() -> None:
    """Train a model on what people said, and put it in force where it is better than what runs now."""


train.add_command(agreements)


@train.command(
    "topics",
    cls=Command,
    examples="ingest train topics --dry-run\n"
    "ingest train topics --labels labels.jsonl --articles articles.jsonl\n"
    "ingest train topics --labels labels.jsonl --articles articles.jsonl --refit",
)
@click.option("--labels", multiple=True, metavar="LABELS.jsonl", help="Topics of further articles; may be repeated.")
@click.option(
    "--articles", multiple=True, metavar="ARTICLES.jsonl", help="Those articles; one file for each of labels."
)
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(_KINDS), help="Try only these kinds; all unless given."
)
@click.option("--folds", type=click.IntRange(2, 20), default=5, show_default=True, help="Of the cross-validation.")
@click.option("--refit", is_flag=True, help="Where no other kind is better, fit the kind in force to these articles.")
@click.option("--dry-run", is_flag=True, help="Compare, and change nothing.")
@click.option("--output", metavar="FOLDER", help="Write model.json and card.json there, and put nothing in force.")
@pass_session
def topics(
    session: Session,
    /,
    *,
    labels: Sequence[str],
    articles: Sequence[str],
    kinds: Sequence[str],
    folds: int,
    refit: bool,
    dry_run: bool,
    output: str | None,
) -> int:
    """Learn from corrections in the store ('ingest label') and from given labels.

    Three kinds of model are cross-validated on the same folds: the taxonomy's terms weighed by where they stand, these
    combined with the article's words, and a spaCy text categoriser. One takes the place of what runs now only where its
    macro-F1 is better by more than chance (paired bootstrap over articles); otherwise nothing changes, unless --refit
    is given. The same articles give the same model. Whatever interrupts it, what is in force stays in force.

    A line of LABELS is {"id","topics"}, one of ARTICLES {"id","title","text"}, as for 'ingest evaluate annotations'. In
    a file of labels, every topic that it names is judged for each of its articles.
    """
    if len(labels) != len(articles):
        raise click.UsageError("--labels and --articles come in pairs: give as many of one as of the other.")
    from ingest.topics.choice import choose  # noqa: PLC0415 - loads the taxonomy
    from ingest.topics.scoring import ModelKind  # noqa: PLC0415 - likewise
    from ingest.topics.training.contest import hold, make  # noqa: PLC0415 - loads numpy
    from ingest.topics.training.examples import prepare  # noqa: PLC0415 - likewise

    settings, screen = session.settings(), session.screen()
    choice = choose(further=settings.taxonomy, models_dir=settings.models_dir)
    files = _Files(settings, screen)
    with _progress(screen) as tell:
        tell("reading articles")
        examples = [each for pair in zip(labels, articles, strict=True) for each in files.examples(*pair)]
        examples += _corrections(session, screen)
        prepared = prepare(examples, choice.taxonomy())
        wanted = [ModelKind(kind) for kind in kinds or _KINDS]
        contest = hold(prepared, choice, wanted, number=folds, tell=tell)
        kind = _chosen(contest, wanted, refit=refit, output=output)
        made = make(kind, prepared, contest, choice, at=datetime.now(UTC), tell=tell) if kind else None
    _report(screen, prepared, contest)
    _settle(screen, settings, contest, made, output=output, dry_run=dry_run)
    return _DROPPED if files.bad_lines else 0


def _chosen(contest: Contest, wanted: Sequence[ModelKind], *, refit: bool, output: str | None) -> ModelKind | None:
    """The kind to make; None: nothing is to change."""
    if output:  # whoever asks for a file gets one: of the kind that they name, else of the best
        return wanted[0] if len(wanted) == 1 else contest.winner or contest.incumbent
    return contest.winner or (contest.incumbent if refit else None)


class _Files:
    """Reads files of labels and articles, and tells of lines that cannot be used."""

    def __init__(self, settings: Settings, screen: Screen) -> None:
        self._settings = settings
        self._screen = screen
        self.bad_lines = 0

    def examples(self, labels: str, articles: str) -> Iterator[Example]:
        """The articles of a pair of files that have labels."""
        from ingest.evaluate import labels as marks  # noqa: PLC0415 - not needed by the group's help
        from ingest.topics.training.reading import as_example, as_text  # noqa: PLC0415 - likewise

        labelled = {each.id: {said.topic for said in each.topics} for each in self._read(labels, marks.parse)}
        topics = sorted({topic for each in labelled.values() for topic in each})
        for given in self._read(articles, as_text):
            if given.id in labelled:
                judged = {topic: topic in labelled[given.id] for topic in topics}
                yield as_example(given, judged)

    def _read(self, file: str, parse: Callable[[dict[str, object]], _T]) -> Iterator[_T]:
        from ingest.annotation import read_lines  # noqa: PLC0415 - likewise
        from ingest.evaluate.lines import BadLine, typed  # noqa: PLC0415 - likewise

        with opened(file) as stream:
            for number, value in typed(read_lines(stream, max_bytes=self._settings.max_bytes), parse):
                if isinstance(value, BadLine):
                    self.bad_lines += 1
                    self._screen.complain(f"error: {file} line {number} {value.why}")
                else:
                    yield value


def _corrections(session: Session, screen: Screen) -> list[Example]:
    """What analysts corrected; nothing where there is no store yet."""
    from ingest.store import read  # noqa: PLC0415 - not needed by the group's help
    from ingest.topics.training.reading import from_correction  # noqa: PLC0415 - likewise

    try:
        with read.connect(session.database_url()) as connection:
            return [from_correction(each) for each in read.corrections(connection)]
    except StoreMissingError:
        screen.note("there is no store yet, so no corrections; given labels only")
        return []


@contextmanager
def _progress(screen: Screen) -> Iterator[Tell]:
    """Tell how far it is: a line that changes on a terminal, a line for each fold in a pipe."""
    if screen.shows_progress:
        with screen.console().status("…", spinner="dots") as status:
            yield status.update
        return
    said = ""

    def tell(how: str) -> None:
        nonlocal said
        step = how.partition(",")[0]
        if step != said:
            said = step
            screen.note(step)

    yield tell


def _settle(
    screen: Screen, settings: Settings, contest: Contest, made: Made | None, *, output: str | None, dry_run: bool
) -> None:
    """Keep the model and put it in force, or say why not."""
    from ingest.topics import models  # noqa: PLC0415 - not needed by the group's help
    from ingest.wire import dump  # noqa: PLC0415 - likewise

    if made is None:
        screen.text(f"Nothing changes: no other kind is better than {contest.incumbent.value} by more than chance.")
        return
    card = dump(made.card, indent=1) + "\n"
    if dry_run:
        screen.text(f"A model of the kind {made.card.kind} would be put in force; --dry-run changes nothing.")
        return
    if output:
        _write(Path(output), made, card)
        screen.text(f"{made.card.kind} {made.card.version} is written to {output}; nothing else changes.")
        return
    version = models.keep(settings.models_dir, made.document, card, write=made.write)
    models.use(settings.models_dir, version)
    screen.text(f"{made.card.kind} {version} is in force; 'ingest models' lists all, 'ingest models use' goes back.")


def _write(folder: Path, made: Made, card: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "model.json").write_text(made.document, encoding="utf-8")
        (folder / "card.json").write_text(card, encoding="utf-8")
        if made.write is not None:
            made.write(folder)
    except OSError as refused:
        raise ModelError(f"{folder} cannot be written: {refused}", remedy="name another folder with --output") from None


def _report(screen: Screen, prepared: Sequence[Prepared], contest: Contest) -> None:
    from ingest.report.models import contest as shown  # noqa: PLC0415 - not needed by the group's help

    corrected = sum(each.example.is_correction for each in prepared)
    screen.show(shown(len(prepared), corrected, contest.incumbent.value, contest.contenders, contest.in_force))
