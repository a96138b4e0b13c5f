"""`ingest why` and `ingest stats`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PurePath

import click

from ingest import wire
from ingest.cli.listing import json_lines_option, json_option
from ingest.cli.session import Session, command, pass_session
from ingest.errors import NotFoundError
from ingest.report import documents as shown
from ingest.report.blocks import Block, Gap
from ingest.store import read
from ingest.wire import dump

__all__ = ["places", "record_places", "stats", "why"]

_RECORDS = 20  # of a file that are listed
_RECORD_FILES = (".jsonl", ".jsonl.gz")


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

    PATH_OR_URL is a path as 'ingest run' takes it, now or before it was renamed, a document's key, its URL, or an
    article's id. Where several documents are meant, such as copies of an article, each is told of; of a file of JSON
    lines, its records are listed. With --json, each is a line of the form that 'ingest schema history' gives.
    """
    found, records = _found(session.database_url(), document, limit=0 if as_json else _RECORDS)
    screen = session.screen()
    blocks: list[Block] = []
    for history in (*found, *(records.items if as_json else ())):
        if as_json:
            screen.data(dump(history))
        else:
            blocks += [*([Gap(), Gap()] if blocks else []), *shown.history(history)]
    if records.items and not as_json:
        listed = shown.records(document, records.items, total=records.total, options=session.repeated)
        blocks += [*([Gap(), Gap()] if blocks else []), *listed]
    screen.show(blocks)


def _found(url: str, document: str, *, limit: int) -> tuple[tuple[wire.History, ...], read.Listing[wire.History]]:
    """The documents that are called so, and, of a file of JSON lines, its records, as many as the limit allows."""
    with read.connect(url) as connection:
        sources = read.sources(connection)
        inside = record_places(document, sources, base=Path.cwd())
        records = read.records(connection, inside, limit=limit)
        try:
            found = read.histories(connection, document, places=places(document, sources, base=Path.cwd()))
        except NotFoundError:
            if not records.items:
                raise
            found = ()
    return found, records


def record_places(typed: str, sources: Iterable[tuple[str, str, str]], *, base: Path) -> tuple[read.Place, ...]:
    """Where the records of a file of JSON lines may be, given what somebody typed.

    Args:
        typed: A path; nothing is found for one that is not that of such a file.
        sources: Name, kind and address of each.
        base: What relative addresses count from.

    Returns:
        The source that the file is, then what its records' keys begin with in each folder, as in `places`, then any
        source that is a file of that name, for a store that came from another machine.
    """
    if "://" in typed or not typed.lower().endswith(_RECORD_FILES):
        return ()
    known = tuple(sources)
    path = Path(os.path.abspath(typed))  # noqa: PTH100 - as in `places`
    files = [(base / address, name) for name, kind, address in known if kind == "jsonl"]
    itself = [read.Place(source=name, key="") for place, name in files if place in {path, path.resolve()}]
    below = [read.Place(source=place.source, key=f"{place.key}#") for place in places(typed, known, base=base)]
    elsewhere = [read.Place(source=name, key="") for place, name in files if place.name == path.name]
    return tuple(dict.fromkeys([*itself, *below, *elsewhere]))


def places(typed: str, sources: Iterable[tuple[str, str, str]], *, base: Path) -> tuple[read.Place, ...]:
    """Where a document may be, given what somebody typed.

    Args:
        typed: A path, whether or not there is something now.
        sources: Name, kind and address of each.
        base: What relative addresses count from.

    Returns:
        Its place in each folder that holds the path, the innermost first; then every shorter end of the path, in any
        source, for a store that came from another machine. Of a URL, its canonical form.
    """
    if "://" in typed:
        from ingest.extract.urls import canonical_url  # noqa: PLC0415 - brings a network library in

        return tuple(read.Place(key=key) for key in (canonical_url(typed, ()),) if key)
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
