"""`ingest train agreements`: the weights of the English agreement reader, from labelled articles."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from ingest.cli.files import opened
from ingest.cli.session import Command, Session, pass_session
from ingest.errors import ModelError

if TYPE_CHECKING:
    from ingest.agreements.training.crossfit import Made
    from ingest.agreements.training.examples import Example
    from ingest.documents import Article

__all__ = ["agreements"]

_T = TypeVar("_T")

_DROPPED = 3


@click.command(
    "agreements",
    cls=Command,
    examples="ingest train agreements --labels labels.jsonl --articles articles.jsonl --output weights.json\n"
    "ingest train agreements --labels a.jsonl --articles a_texts.jsonl --labels b.jsonl --articles b_texts.jsonl "
    "--output weights.json",
)
@click.option("--labels", multiple=True, required=True, metavar="LABELS.jsonl", help="Labels; may be repeated.")
@click.option("--articles", multiple=True, required=True, metavar="ARTICLES.jsonl", help="Their articles, in pairs.")
@click.option("--output", required=True, metavar="WEIGHTS.json", help="Where to write the weights.")
@pass_session
def agreements(session: Session, /, *, labels: Sequence[str], articles: Sequence[str], output: str) -> int:
    """Learn which claims of the English reader to believe, and which are news.

    A line of LABELS is {"id","agreements"}, an agreement {"parties","is_news"}; a line of ARTICLES is one that
    'ingest annotate' reads. Articles in Chinese are left out. The figures printed, and the thresholds written, come
    from cross-fitting: of each article by a fit that has not seen it. The same articles give the same weights. The file
    takes effect as ingest/knowledge/agreements_weights.json of the package.
    """
    if len(labels) != len(articles):
        raise click.UsageError("--labels and --articles come in pairs: give as many of one as of the other.")
    from ingest.agreements.training.crossfit import train  # noqa: PLC0415 - loads numpy

    screen = session.screen()
    files = _Files(session)
    examples: dict[str, Example] = {}
    for pair in zip(labels, articles, strict=True):
        screen.note(f"reading {pair[1]}")
        examples |= {each.id: each for each in files.examples(*pair)}
    if not examples:
        raise ModelError("none of the labels has an English article", remedy="name files whose ids agree")
    made = train(list(examples.values()), screen.note)
    try:
        Path(output).write_text(_document(made, examples, labels), encoding="utf-8")
    except OSError as refused:
        raise ModelError(f"{output} cannot be written: {refused.strerror}", remedy="name another file") from None
    screen.data(f"articles\t{len(examples)}")
    screen.data(f"agreements_news_f1_held_out\t{made.news_f1:.3f}")
    screen.data(f"articles_with_news_f1_held_out\t{made.article_f1:.3f}")
    screen.data(f"thresholds\t{made.weights.threshold:.2f}\t{made.weights.news_threshold:.2f}")
    return _DROPPED if files.bad_lines else 0


def _document(made: Made, examples: dict[str, Example], labels: Sequence[str]) -> str:
    """The weights, with where they come from."""
    of = made.weights
    provenance = {
        "articles": len(examples),
        "agreements": sum(len(each.labelled) for each in examples.values()),
        "labels_sha256": [sha256(Path(file).read_bytes()).hexdigest() for file in labels],
        "news_f1_held_out": round(made.news_f1, 3),
        "article_f1_held_out": round(made.article_f1, 3),
    }
    result = {
        "provenance": provenance,
        "threshold": of.threshold,
        "news_threshold": of.news_threshold,
        "belief": {feature: weight for feature, weight in of.belief.items() if weight},
        "news": {feature: weight for feature, weight in of.news.items() if weight},
    }
    return json.dumps(result, indent=0, sort_keys=True, ensure_ascii=False) + "\n"


class _Files:
    """Reads files of labels and articles, and tells of lines that cannot be used."""

    def __init__(self, session: Session) -> None:
        self._settings = session.settings()
        self._screen = session.screen()
        self.bad_lines = 0

    def examples(self, labels: str, articles: str) -> Iterator[Example]:
        """The English articles of a pair of files that have labels."""
        from ingest import language  # noqa: PLC0415 - not needed by the group's help
        from ingest.agreements.training.examples import example  # noqa: PLC0415 - likewise
        from ingest.evaluate import labels as marks  # noqa: PLC0415 - likewise

        labelled = {each.id: each for each in self._read(labels, marks.parse)}
        for identity, article in self._read(articles, _Records(self._settings.time_zone).article):
            if identity in labelled and language.detect(article.text).tag.partition("-")[0] == "en":
                yield example(identity, article, labelled[identity].agreements)

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


class _Records:
    """Reads articles from records, as `ingest annotate` does."""

    def __init__(self, time_zone: str) -> None:
        from ingest.extract.dates import Clock  # noqa: PLC0415 - likewise

        self._clock = Clock(now=datetime.now(UTC), time_zone=time_zone)

    def article(self, record: dict[str, object]) -> tuple[str, Article]:
        """A record's id and its article.

        Raises:
            ValueError: It lacks one of them.
        """
        from ingest.documents import Article, Origin  # noqa: PLC0415 - likewise
        from ingest.evaluate.lines import identity, optional, required  # noqa: PLC0415 - likewise
        from ingest.extract import boilerplate  # noqa: PLC0415 - likewise
        from ingest.extract.dates import read_moment  # noqa: PLC0415 - likewise

        text, title = required(record, "text"), optional(record, "title")
        return identity(record), Article(
            text=text,
            title=title,
            published=read_moment(optional(record, "published"), self._clock, Origin.RECORD),
            boilerplate=boilerplate(text, title),
        )
