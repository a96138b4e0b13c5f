"""`ingest annotate`: topics and agreements of JSON lines, without a store."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from ingest.cli.files import opened
from ingest.cli.listing import always_json_option
from ingest.cli.session import Session, command, pass_session
from ingest.wire import AnnotationError, dump

if TYPE_CHECKING:
    from ingest.annotation import Reader
    from ingest.settings import Settings

__all__ = ["annotate", "stages"]

_DROPPED = 3
_TOLD = 20  # errors on standard error; every one of them is in the output


@command(
    "annotate",
    examples="ingest annotate articles.jsonl > annotations.jsonl\ncat articles.jsonl | ingest annotate - | jq .topics",
)
@click.argument("file", metavar="FILE.jsonl")
@always_json_option()
@pass_session
def annotate(session: Session, *, file: str) -> int:
    """Find the language, topics and agreements of each record; '-' reads standard input.

    A line of FILE is {"id","title","text","published","url"}; only "text" must be there. One line comes out for each,
    in the same order, as soon as it is done ('ingest schema annotation' has its form); offsets count characters of the
    given text, which is never changed. A line that cannot be read comes out as {"id","error"}, and the exit code is 3.
    Empty lines are skipped. FILE may be compressed with gzip.
    """
    from ingest.annotation import read_lines  # noqa: PLC0415 - other commands need no stages

    settings, screen = session.settings(), session.screen()
    reader = stages(settings)
    done = failed = 0
    with opened(file) as stream:
        for number, line in enumerate(read_lines(stream, max_bytes=settings.max_bytes), start=1):
            if line is not None and not line.strip():
                continue
            annotation = reader.read(line, number)
            done += 1
            if isinstance(annotation, AnnotationError):
                failed += 1
                if failed <= _TOLD:
                    screen.complain(f"error: {annotation.error}")
            screen.data(dump(annotation))
    if failed > _TOLD:
        screen.complain(f"error: {failed - _TOLD:,} more lines could not be read; is it a file of JSON lines?")
    screen.note(f"{done} records annotated" + (f", {failed} of them could not be read" if failed else ""))
    return _DROPPED if failed else 0


def stages(settings: Settings) -> Reader:
    """A reader that annotates with the stages of the pipeline; loads all of them.

    Args:
        settings: The zone of dates that carry none; the taxonomy and the models of topics.
    """
    from ingest import pipeline  # noqa: PLC0415 - loads every stage
    from ingest.annotation import Reader  # noqa: PLC0415 - likewise
    from ingest.documents import Origin  # noqa: PLC0415 - likewise
    from ingest.extract import boilerplate  # noqa: PLC0415 - likewise
    from ingest.extract.dates import Clock, read_moment  # noqa: PLC0415 - likewise
    from ingest.topics.choice import choose  # noqa: PLC0415 - likewise

    choice = choose(further=settings.taxonomy, models_dir=settings.models_dir)
    clock = Clock(now=datetime.now(UTC), time_zone=settings.time_zone)
    return Reader(
        annotate=partial(pipeline.annotate_article, choice=choice),
        boilerplate=boilerplate,
        read_moment=lambda published: read_moment(published, clock, Origin.RECORD),
    )
