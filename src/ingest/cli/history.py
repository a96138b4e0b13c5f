"""`ingest why` and `ingest stats`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PurePath

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
        where = places(document, read.sources(connection), base=Path.cwd())
        found = read.histories(connection, document, places=where)
    screen = session.screen()
    blocks: list[Block] = []
    for history in found:
        if as_json:
            screen.data(dump(history))
        else:
            blocks += [*([Gap(), Gap()] if blocks else []), *shown.history(history)]
    screen.show(blocks)


def places(typed: str, sources: Iterable[tuple[str, str, str]], *, base: Path) -> tuple[read.Place, ...]:
    """Where a document may be, given what somebody typed.

    Args:
        typed: A path, whether or not there is something now.
        sources: Name, kind and address of each.
        base: What relative addresses count from.

    Returns:
        Its place in each folder that holds the path, the innermost first; then every shorter end of the path, in any
        source, for a store that came from another machine.
    """
    if "://" in typed:
        return ()
    path = Path(os.path.abspath(typed))  # noqa: PTH100 - Path.resolve would follow links, which a deleted file has not
    folders = [(base / address, name) for name, kind, address in sources if kind == "folder"]
    folders.sort(key=lambda folder: len(folder[0].parts), reverse=True)
    inside = [
        read.Place(source=name, key=key)
        for folder, name in folders
        for own in (path, path.resolve())
        if own.is_relative_to(folder)
        for key in _keys(own.relative_to(folder))
    ]
    ends = [read.Place(key=key) for n in range(1, len(path.parts)) for key in _keys(PurePath(*path.parts[n:]))]
    return tuple(dict.fromkeys([*inside, *ends]))


def _keys(relative: PurePath) -> tuple[str, ...]:
    """The key of a file, and that of a record in a file, whose `#` stands for itself."""
    from ingest.sources.keys import file_key  # noqa: PLC0415 - other commands need no sources

    return (file_key(str(relative)), relative.as_posix())


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
