"""`ingest trace`: from a row to the sentence, the bytes and the run that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from ingest import wire
from ingest.cli.files import write_new
from ingest.cli.listing import json_option
from ingest.cli.session import Session, command, pass_session
from ingest.errors import ArchiveError, NotFoundError, ObjectDamagedError, ObjectMissingError
from ingest.report import trace as shown
from ingest.store import read
from ingest.wire import dump

if TYPE_CHECKING:
    from ingest.archive import Archive

__all__ = ["trace"]

_GONE = "Somebody may have removed it, or `archive_url` names another archive."


@command(
    "trace",
    examples="""ingest trace agreement agr-1f3a
    ingest trace topic art-3f2a/biotech
    ingest trace party agr-1f3a/0
    ingest trace mention 12 --json | jq .runs
    ingest trace mention 12 --output page.html""",
)
@click.argument("what", metavar="WHAT", type=click.Choice(list(read.TRACED)))
@click.argument("identity", metavar="ID")
@click.option("--raw", is_flag=True, help="Write the raw bytes to standard output, their SHA-256 checked, and no more.")
@click.option("--output", "file", metavar="FILE", help="Write the raw bytes into this new file instead.")
@click.option("--no-archive", is_flag=True, help="Leave the archive alone: do not look whether the bytes are there.")
@json_option()
@pass_session
def trace(
    session: Session, *, what: str, identity: str, raw: bool, file: str | None, no_archive: bool, as_json: bool
) -> None:
    """Tell what a row of any view rests on: sentence, article, cuts, document, raw bytes, fetch, runs and versions.

    WHAT is agreement, article, topic, mention or party. ID is an id or the beginning of it; of a mention its number; of
    a topic ARTICLE/TOPIC; of a party AGREEMENT/ORGANISATION, or AGREEMENT/ and its position.

    On a terminal, what a thing rests on is indented below it. In a pipe, each step is a line of depth, thing, id, run
    and what is said of it, separated by tabs. Notes come first: that something was superseded, merged, dismissed, ruled
    by a person, or that its bytes are not in the archive. With --json, all comes in one document of the form that
    'ingest schema trace' gives.
    """
    with read.connect(session.database_url()) as connection:
        told = read.trace(connection, what, identity)
    screen = session.screen()
    if raw or file is not None:
        content = _bytes(session, told, to_terminal=file is None and screen.is_terminal)
        if file is None:
            screen.binary(content)
        else:
            write_new(file, content)
            screen.note(f"wrote {len(content):,} bytes to {file}")
        return
    if not no_archive:
        told = _looked_up(told, _archive(session))
    if as_json:
        screen.data(dump(told, indent=2))
    else:
        screen.show((shown.tree if screen.is_terminal else shown.lines)(told))


def _archive(session: Session) -> Archive:
    from ingest.archive import Archive  # noqa: PLC0415 - wanted only where somebody looks into it

    return Archive(session.archive_url())


def _bytes(session: Session, told: wire.Trace, *, to_terminal: bool) -> bytes:
    """The raw bytes that a row rests on.

    Raises:
        click.UsageError: It rests on several pages, or the bytes would go to a terminal.
        NotFoundError: None are known.
        ArchiveError: The archive does not have them, or has others.
    """
    pages = {article.id: article.readings[0].page for article in told.articles if article.readings}
    found = {page.sha256: article for article, page in pages.items() if page is not None}
    if not found:
        raise NotFoundError(
            f"no raw bytes are known for the {told.what} {told.id}",
            remedy=f"`ingest trace {told.what} {told.id}` says why",
        )
    if len(found) > 1:
        numbers = ", ".join(str(mention.mention) for mention in told.mentions[:10])
        more = ", …" if len(told.mentions) > 10 else ""
        raise click.UsageError(
            f"the {told.what} {told.id} rests on {len(found)} pages; name one of its sentences, as in"
            f" 'ingest trace mention {told.mentions[0].mention} --raw' (there are {numbers}{more})"
        )
    if to_terminal:
        raise click.UsageError("raw bytes are not for a terminal; write them into a pipe, or to --output FILE")
    return _archive(session).get(next(iter(found)))


def _looked_up(told: wire.Trace, archive: Archive) -> wire.Trace:
    """A trace that says of all bytes whether the archive has them."""
    digests = {
        reading.page.sha256
        for article in told.articles
        for reading in article.readings
        if reading.page is not None and reading.page.archive != "removed"
    }
    found = {digest: _state(archive, digest) for digest in sorted(digests)}
    articles = tuple(
        replace(article, readings=tuple(_with_archive(reading, archive, found) for reading in article.readings))
        for article in told.articles
    )
    problems = tuple(
        f"The bytes {digest} cannot be had: {problem}" for digest, (_, problem) in found.items() if problem
    )
    return replace(told, articles=articles, notes=told.notes + problems)


def _state(archive: Archive, digest: str) -> tuple[str, str | None]:
    """How some bytes stand in the archive, and what is wrong with them."""
    try:
        archive.get(digest)
    except ObjectMissingError as missing:
        return "missing", f"{missing} {_GONE} {missing.remedy}"
    except ObjectDamagedError as damaged:
        return "damaged", f"{damaged} {damaged.remedy}"
    except ArchiveError as unreadable:
        return "unreadable", f"{unreadable} {unreadable.remedy}"
    return "intact", None


def _with_archive(
    reading: wire.TracedReading, archive: Archive, found: Mapping[str, tuple[str, str | None]]
) -> wire.TracedReading:
    if reading.page is None or reading.page.archive == "removed":
        return reading
    state, problem = found[reading.page.sha256]
    address = f"{archive.shown.rstrip('/')}/{archive.location(reading.page.sha256)}"
    return replace(reading, page=replace(reading.page, archive=state, problem=problem, address=address))
