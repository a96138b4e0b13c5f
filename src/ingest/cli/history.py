"""`ingest why` and `ingest stats`."""

from __future__ import annotations

from pathlib import PurePosixPath

import click

from ingest.cli.listing import json_lines_option, json_option
from ingest.cli.session import Session, command, pass_session
from ingest.report import documents as shown
from ingest.report.blocks import Block, Gap
from ingest.store import read
from ingest.wire import dump

__all__ = ["stats", "why"]


@command(
    "why",
    examples="""ingest why seeds/some-file.txt
    ingest why https://example.org/news/1
    ingest why art-3f2a51b0c9d7 --json""",
)
@click.argument("document", metavar="PATH_OR_URL")
@json_lines_option()
@pass_session
def why(session: Session, *, document: str, as_json: bool) -> None:
    """Tell all that happened to one document, over all runs, with reasons.

    PATH_OR_URL is a path as 'ingest run' takes it, a document's key, its URL, or an article's id. Where several
    documents are meant, such as copies of an article, each is told of. With --json, each is a line of the form that
    'ingest schema history' gives.
    """
    with read.connect(session.database_url()) as connection:
        found = read.histories(connection, meant(document))
    screen = session.screen()
    blocks: list[Block] = []
    for history in found:
        if as_json:
            screen.data(dump(history))
        else:
            blocks += [*([Gap(), Gap()] if blocks else []), *shown.history(history)]
    screen.show(blocks)


def meant(typed: str) -> tuple[str, ...]:
    """What a document may be called in the store, given what somebody typed: itself, then ever shorter ends of it."""
    if "://" in typed:
        return (typed,)
    parts = PurePosixPath(typed).parts
    ends = ("/".join(parts[start:]) for start in range(len(parts)) if parts[start] != "/")
    return tuple(dict.fromkeys((typed, *ends)))


@command("stats", examples="ingest stats\ningest stats --json | jq .agreements")
@json_option()
@pass_session
def stats(session: Session, *, as_json: bool) -> None:
    """Count what the store holds: documents, articles, topics, agreements, and what was dropped."""
    with read.connect(session.database_url()) as connection:
        found = read.statistics(connection)
    screen = session.screen()
    if as_json:
        screen.data(dump(found, indent=2))
    else:
        screen.show(shown.statistics(found))
