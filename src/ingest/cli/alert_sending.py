"""`ingest alerts run`, `test`, `retry` and `channels`, and what `ingest run` tells the console."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import click

from ingest.cli.listing import json_lines_option
from ingest.cli.session import Command, Session, pass_session
from ingest.errors import ConfigurationError, IngestError
from ingest.report import alerts as shown
from ingest.store import read
from ingest.wire import dump

if TYPE_CHECKING:
    from collections.abc import Collection

    from ingest.alerts.dispatch import Settled
    from ingest.settings import Settings

__all__ = ["channels", "retry", "run", "tell_console", "test"]

_FAILED = 1
_CONSOLE = "console"


def tell_console(session: Session, settings: Settings, *, listed: Collection[str] = ()) -> None:
    """Print the alerts that are due on the console; what is due elsewhere is left to who looks after it.

    The work of the command is done by now, so a store that is away is only noted.

    Args:
        session: Of the command.
        settings: Where the store is.
        listed: Ids of agreements that the command just printed: alerts of these are counted in a line.
    """
    from ingest.alerts.channels.console import AfterReport, Console  # noqa: PLC0415 - loads what notices are made of
    from ingest.alerts.dispatch import deliver_due  # noqa: PLC0415 - loads SQLAlchemy
    from ingest.store import open_store  # noqa: PLC0415 - likewise

    channel = AfterReport(Console(_CONSOLE), listed=listed)
    try:
        with open_store(settings.database_url, create=False) as store:
            deliver_due(store, settings, open_channel=lambda *_: channel, only=(_CONSOLE,))
    except IngestError as failure:
        session.screen().note(f"alerts are told later: {failure}")
    if channel.counted:
        session.screen().show(shown.in_report(channel.counted, options=session.repeated))


@click.command(
    "run",
    cls=Command,
    examples="""ingest alerts run
    ingest alerts run --watch
    ingest alerts run --channel desk-chat""",
)
@click.option("--channel", "only", multiple=True, metavar="NAME", help="Only on this channel; may be given again.")
@click.option("--watch", is_flag=True, help="Keep on, until Ctrl-C or SIGTERM.")
@pass_session
def run(session: Session, *, only: tuple[str, ...], watch: bool) -> int:
    """Send what is due. Several may do so at once: each message is sent by one of them.

    What could not be delivered is tried again, at growing intervals and for days, by whoever runs this then. The exit
    code is 1 where something was not delivered.
    """
    from ingest.alerts.channels import channel_names, open_channel  # noqa: PLC0415 - loads SQLAlchemy
    from ingest.alerts.dispatch import deliver_due, keep_delivering  # noqa: PLC0415 - likewise
    from ingest.store import open_store  # noqa: PLC0415 - likewise

    settings, screen = session.settings(), session.screen()
    names = channel_names(settings)
    for name in only:
        if name not in names:
            raise ConfigurationError(f"there is no channel {name!r}", remedy=f"the channels are {', '.join(names)}")
    session.start_log(settings, steady=watch)

    def tell(settled: Settled) -> None:
        say = screen.note if settled.state in {"sent", "withdrawn"} else screen.complain
        say(shown.settled(settled))

    with open_store(settings.database_url, create=False) as store:
        if not watch:
            counted = deliver_due(store, settings, open_channel=open_channel, only=only, tell=tell)
            if not counted:
                screen.note("nothing is due")
            return _FAILED if counted.get("pending") or counted.get("parked") else 0
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        screen.note("sending what is due; Ctrl-C ends it")
        keep_delivering(
            store,
            settings,
            open_channel=open_channel,
            stop=stop,
            wake=threading.Event(),
            only=only,
            tell=tell,
            complain=lambda failure: screen.complain(f"{failure}; it is tried again"),
        )
    return 0


@click.command(
    "test",
    cls=Command,
    examples="ingest alerts test --channel desk-chat\ningest alerts test --rule default",
)
@click.option("--channel", "names", multiple=True, metavar="NAME", help="Try this channel; may be given again.")
@click.option("--rule", metavar="NAME", help="Try all channels of this rule.")
@pass_session
def test(session: Session, *, names: tuple[str, ...], rule: str | None) -> int:
    """Send a message that says it is a test, at once, and tell what the receiver said. It is not kept in the log."""
    if bool(names) == (rule is not None):
        raise click.UsageError("say what to try: --channel NAME, or --rule NAME")
    if rule is not None:
        with read.connect(session.database_url()) as connection:
            names = read.alert_rule(connection, rule).channels
    settings, failed = session.settings(), False
    for name in names:
        failed = not _try(session, settings, name, rule=rule or "test") or failed
    return _FAILED if failed else 0


def _try(session: Session, settings: Settings, name: str, *, rule: str) -> bool:
    import secrets  # noqa: PLC0415 - only this makes an id
    from datetime import UTC, datetime  # noqa: PLC0415 - likewise

    from ingest.alerts.channel import Delivered  # noqa: PLC0415 - loads what notices are made of
    from ingest.alerts.channels import open_channel  # noqa: PLC0415 - likewise
    from ingest.alerts.notice import Notice, NoticeKind  # noqa: PLC0415 - likewise

    channel = open_channel(name, settings)
    try:
        result = channel.deliver(
            Notice(id=f"alr-{secrets.token_hex(10)}", kind=NoticeKind.TEST, rule=rule, at=datetime.now(UTC), items=())
        )
    finally:
        channel.close()
    if isinstance(result, Delivered):
        session.screen().note(f"{name} took it" + (f": {result.detail}" if result.detail else ""))
        return True
    session.screen().complain(f"{name} did not take it: {result.detail}")
    return False


@click.command(
    "retry",
    cls=Command,
    examples="ingest alerts retry alr-0f3c…\ningest alerts retry --all\ningest alerts retry --all --rule desk",
)
@click.argument("deliveries", metavar="[ID]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that are parked.")
@click.option("--rule", metavar="NAME", help="With --all: only of this rule.")
@pass_session
def retry(session: Session, deliveries: tuple[str, ...], *, everything: bool, rule: str | None) -> None:
    """Have messages that were given up tried again, their back-off begun anew, by the next 'ingest alerts run'."""
    from ingest.store import open_store  # noqa: PLC0415 - loads SQLAlchemy
    from ingest.store.alerts.queue import retry as try_again  # noqa: PLC0415 - likewise
    from ingest.store.alerts.rules import named  # noqa: PLC0415 - likewise

    if bool(deliveries) == everything or (rule is not None and not everything):
        raise click.UsageError("name messages by their id, or give --all")
    with open_store(session.database_url(), create=False) as store:
        if rule is not None:
            named(store.database, rule)  # a slip is told, rather than that nothing is parked
        number = try_again(store.database, deliveries=deliveries, rule=rule)
    session.screen().note(f"{number:,} to be tried again; 'ingest alerts run' sends what is due")


@click.command("channels", cls=Command, examples="ingest alerts channels\ningest alerts channels --json | jq .missing")
@json_lines_option()
@pass_session
def channels(session: Session, *, as_json: bool) -> int:
    """List the channels: what they are, where they lead, and which secrets are not at hand.

    With --json, each is a line of the form that 'ingest schema alert-channel' gives.
    """
    from ingest.alerts.channels import listed  # noqa: PLC0415 - loads pydantic

    found = listed(session.settings())
    screen = session.screen()
    if as_json:
        for each in found:
            screen.data(dump(each))
    else:
        screen.show(shown.channels(found))
    return _FAILED if any(each.missing for each in found) else 0
