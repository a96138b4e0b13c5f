"""`ingest sources`: where articles come from, and how those places are doing."""

from __future__ import annotations

from dataclasses import replace

import click

from ingest.cli import adding, changing
from ingest.cli.listing import json_lines_option, json_option, limit_option, show_list
from ingest.cli.session import Command, Group, Session, pass_session
from ingest.documents import SourceKind
from ingest.mask import mask
from ingest.report import sources as shown
from ingest.store import read
from ingest.wire import Source, dump

__all__ = ["sources"]

_FAILED = 1


@click.group("sources", cls=Group, invoke_without_command=True)
@click.option("--removed", is_flag=True, help="Those too that were removed.")
@json_lines_option()
@click.pass_context
def sources(context: click.Context, *, removed: bool, as_json: bool) -> None:
    """List the sources and how they are doing; add, check, change, pause and remove them.

    A source is healthy, failing (it could not be had), quiet (nothing new for far longer than usual), empty or
    truncated (its listing holds nothing, or far less than it used to), or untried. Those that are due are visited by
    'ingest run' without a path. With --json, each is a line of the form that 'ingest schema source' gives.
    """
    if context.invoked_subcommand is None:
        _list(context.ensure_object(Session), removed=removed, as_json=as_json)


@sources.command("list", cls=Command, examples="ingest sources list\ningest sources list --json | jq .health")
@click.option("--removed", is_flag=True, help="Those too that were removed.")
@json_lines_option()
@pass_session
def list_sources(session: Session, *, removed: bool, as_json: bool) -> None:
    """List the sources and how they are doing."""
    _list(session, removed=removed, as_json=as_json)


def _list(session: Session, *, removed: bool, as_json: bool) -> None:
    with read.connect(session.database_url()) as connection:
        found = read.sources_with_health(connection, removed=removed)
    listing = read.Listing(items=tuple(found), total=len(found))
    nothing = "there is no source yet; 'ingest sources add URL' adds one"
    show_list(session.screen(), listing, as_json=as_json, entries=shown.table, grid=shown.table, nothing=nothing)


@sources.command("show", cls=Command, examples="ingest sources show district-news\ningest sources show NAME --json")
@click.argument("name")
@json_option()
@pass_session
def show(session: Session, name: str, *, as_json: bool) -> None:
    """Show one source: its health, its failures by class, and all that happened to it."""
    found = _source(session, name)
    if as_json:
        session.screen().data(dump(found, indent=2))
    else:
        session.screen().show(shown.show(found))


def _source(session: Session, name: str) -> Source:
    with read.connect(session.database_url()) as connection:
        return read.source(connection, name)


@sources.command(
    "check",
    cls=Command,
    examples="""ingest sources check district-news
    ingest sources check https://news.example/
    ingest sources check https://news.example/feed.xml --json | jq .entries[].url""",
)
@click.argument("what", metavar="NAME_OR_URL")
@limit_option(20)
@json_lines_option()
@pass_session
def check(session: Session, what: str, *, limit: int, as_json: bool) -> int:
    """Ask for a source's listing and say what would come; of a site, say what it offers. Stores no article.

    With --json, each is a line of the form that 'ingest schema source-check' gives.
    """
    from ingest.cli.exploring import check_source, explore_site  # noqa: PLC0415 - loads SQLAlchemy

    if "://" in what:
        found = explore_site(session.settings(), adding.checked_address(what, SourceKind.PAGE))
    else:
        source = _source(session, what)
        with read.connect(session.database_url()) as connection:
            # Unlike in what is shown, no secret in it is masked.
            address = next(address for name, _, address in read.sources(connection) if name == source.name)
        found = (check_source(session.settings(), address, SourceKind(source.kind)),)
    screen = session.screen()
    for each in found:
        if as_json:
            screen.data(dump(replace(each, address=mask(each.address))))
        else:
            screen.show(shown.check(each, limit=limit))
    if not found:
        screen.complain(f"{mask(what)} offers no feed and no sitemap that could be found")
    return 0 if found and all(each.failure is None for each in found) else _FAILED


for _command in (
    adding.add,
    adding.take_in,
    adding.write_out,
    changing.change,
    changing.pause,
    changing.resume,
    changing.remove,
):
    sources.add_command(_command)
