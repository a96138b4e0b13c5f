"""`ingest sources set`, `pause`, `resume` and `remove`."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import click

from ingest.cli.adding import checked_address
from ingest.cli.listing import DURATION, json_option
from ingest.cli.rule import confirm
from ingest.cli.session import Command, Session, pass_session
from ingest.documents import SourceKind
from ingest.errors import ConfigurationError
from ingest.health import Health
from ingest.report.words import number
from ingest.sources.validation import name_fault, zone_fault
from ingest.store import read
from ingest.wire import Source, dump

if TYPE_CHECKING:
    _IntType = click.ParamType[int]
else:
    _IntType = click.ParamType  # takes no argument at run time before click 8.4

__all__ = ["change", "pause", "remove", "resume"]

_OWN_RHYTHM = "auto"


class _Interval(_IntType):
    """A duration, or `auto`: 0."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        return 0 if value == _OWN_RHYTHM else DURATION.convert(value, param, ctx)


@click.command(
    "set",
    cls=Command,
    examples="""ingest sources set district-news --every 2h --time-zone Asia/Hong_Kong
    ingest sources set district-news --every auto --name district
    ingest sources set district-news --address https://news.example/new-feed.xml""",
)
@click.argument("name")
@click.option("--name", "new_name", metavar="NAME", help="What to call it from now on.")
@click.option(
    "--every", type=_Interval(), metavar="TIME", help="Between visits, such as 90m or 2h; auto: by its rhythm."
)
@click.option("--time-zone", metavar="ZONE", help="Of times that carry none; '' for that of the settings.")
@click.option("--address", metavar="URL", help="Where it is from now on; it is due at once.")
@json_option()
@pass_session
def change(
    session: Session,
    name: str,
    *,
    new_name: str | None,
    every: int | None,
    time_zone: str | None,
    address: str | None,
    as_json: bool,
) -> None:
    """Change the name, rhythm, time zone or address of a source. What it brought stays its own.

    With --json, the source is shown in the form that 'ingest schema source' gives.
    """
    from ingest.store import open_store  # noqa: PLC0415 - loads SQLAlchemy
    from ingest.store.subscriptions import Changes, change_source  # noqa: PLC0415 - likewise

    if new_name is None and every is None and time_zone is None and address is None:
        raise click.UsageError("say what to change: --name, --every, --time-zone or --address")
    fault = (new_name is not None and name_fault(new_name)) or zone_fault(time_zone or "")
    if fault:
        raise ConfigurationError(fault, remedy="give another one")
    if address is not None:
        address = checked_address(address, SourceKind(_source(session, name).kind))
    changes = Changes(name=new_name, address=address, time_zone=time_zone, interval_seconds=every)
    with open_store(session.database_url(), create=False) as store:
        changed = change_source(store.database, name, changes)
    _tell(session, new_name or name, f"{name} is changed" if changed else f"{name} was so already", as_json=as_json)


def _source(session: Session, name: str) -> Source:
    with read.connect(session.database_url()) as connection:
        return read.source(connection, name)


def _tell(session: Session, name: str, said: str, *, as_json: bool) -> None:
    screen = session.screen()
    screen.note(said)
    if as_json:
        screen.data(dump(_source(session, name), indent=2))


class SourceWish(StrEnum):
    """What an operator wants of a source."""

    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"


_DONE = {SourceWish.ACTIVE: "resumed", SourceWish.PAUSED: "paused", SourceWish.REMOVED: "removed"}


@click.command(
    "pause",
    cls=Command,
    examples="ingest sources pause district-news --why 'moved to a new site'",
)
@click.argument("name")
@click.option("--why", help="Kept in its history.")
@json_option()
@pass_session
def pause(session: Session, name: str, *, why: str | None, as_json: bool) -> None:
    """Visit a source no more until it is resumed; pages that wait go on waiting."""
    _set(session, name, SourceWish.PAUSED, why, as_json=as_json)


@click.command("resume", cls=Command, examples="ingest sources resume district-news")
@click.argument("name")
@click.option("--why", help="Kept in its history.")
@json_option()
@pass_session
def resume(session: Session, name: str, *, why: str | None, as_json: bool) -> None:
    """Visit a source again that was paused; it is due at once."""
    _set(session, name, SourceWish.ACTIVE, why, as_json=as_json)


@click.command(
    "remove", cls=Command, examples="ingest sources remove district-news\ningest sources remove district-news --yes"
)
@click.argument("name")
@click.option("--why", help="Kept in its history.")
@click.option("--yes", "-y", is_flag=True, help="Do it without asking.")
@json_option()
@pass_session
def remove(session: Session, name: str, *, why: str | None, yes: bool, as_json: bool) -> None:
    """Take a source out of the list. What it brought and its history stay; pages that wait are not fetched any more.

    Adding its address again takes it up where it was. One that brought something is asked about first.
    """
    found = _source(session, name)
    kept = f"{number(found.stored, 'document')} of {name} and its history stay"
    lost = f"; {number(found.waiting, 'page')} that {'waits' if found.waiting == 1 else 'wait'} will not be fetched"
    screen = session.screen()
    if found.health is not Health.REMOVED and (found.stored or found.waiting):
        screen.note(kept + (lost if found.waiting else ""))
        if not yes:
            confirm(screen, otherwise="--yes does it")
    _set(session, name, SourceWish.REMOVED, why, as_json=as_json)


def _set(session: Session, name: str, wish: SourceWish, why: str | None, *, as_json: bool) -> None:
    from ingest.store import open_store  # noqa: PLC0415 - loads SQLAlchemy
    from ingest.store.subscriptions import set_state  # noqa: PLC0415 - likewise
    from ingest.tables import SourceState  # noqa: PLC0415 - likewise

    detail = None if why is None else re.sub(r"[\s\x00]+", " ", why).strip() or None
    with open_store(session.database_url(), create=False) as store:
        changed = set_state(store.database, name, SourceState(wish.value), detail=detail)
    said = f"{name} is {_DONE[wish]}" if changed else f"{name} was {_DONE[wish]} already"
    _tell(session, name, said, as_json=as_json)
