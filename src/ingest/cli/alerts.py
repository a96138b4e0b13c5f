"""`ingest alerts`: what to tell whom of agreements that are newly detected, and what became of it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from ingest.alerts.rules import Rule
from ingest.cli import alert_sending
from ingest.cli.alert_options import CLEARED, Given, changed, rule_options
from ingest.cli.listing import MOMENT, json_lines_option, json_option, limit_option, show_list
from ingest.cli.session import Command, Group, Session, pass_session
from ingest.documents import Moment
from ingest.errors import ConfigurationError
from ingest.report import alerts as shown
from ingest.report.words import number
from ingest.store import read
from ingest.wire import AlertPreview, dump

if TYPE_CHECKING:
    from ingest.alerts.preview import Preview
    from ingest.store import Store

__all__ = ["alerts"]

_STATES = ("pending", "sent", "parked", "withdrawn")


@click.group("alerts", cls=Group, invoke_without_command=True)
@click.option("--removed", is_flag=True, help="Those too that were removed.")
@json_lines_option()
@click.pass_context
def alerts(context: click.Context, *, removed: bool, as_json: bool) -> None:
    """List the rules of alerts; add, try, pause and remove them; see what was sent.

    A rule says which newly detected agreements are told on which channels. The rule 'default' tells the console of all.
    With --json, each rule is a line of the form that 'ingest schema alert-rule' gives.
    """
    if context.invoked_subcommand is None:
        _list(context.ensure_object(Session), removed=removed, as_json=as_json)


@alerts.command("list", cls=Command, examples="ingest alerts list\ningest alerts list --json | jq .name")
@click.option("--removed", is_flag=True, help="Those too that were removed.")
@json_lines_option()
@pass_session
def list_rules(session: Session, *, removed: bool, as_json: bool) -> None:
    """List the rules, with how many messages wait, were sent, and were given up."""
    _list(session, removed=removed, as_json=as_json)


def _list(session: Session, *, removed: bool, as_json: bool) -> None:
    with read.connect(session.database_url()) as connection:
        found = read.alert_rules(connection, removed=removed)
    listing = read.Listing(items=tuple(found), total=len(found))
    nothing = "there is no rule; 'ingest alerts add NAME' adds one"
    show_list(session.screen(), listing, as_json=as_json, entries=shown.table, grid=shown.table, nothing=nothing)


@alerts.command("show", cls=Command, examples="ingest alerts show default\ningest alerts show desk --json")
@click.argument("name")
@json_option()
@pass_session
def show(session: Session, name: str, *, as_json: bool) -> None:
    """Show one rule in full."""
    with read.connect(session.database_url()) as connection:
        found = read.alert_rule(connection, name)
    if as_json:
        session.screen().data(dump(found, indent=2))
    else:
        session.screen().show(shown.show(found))


@alerts.command(
    "add",
    cls=Command,
    examples="""ingest alerts add desk --channel desk-chat --topic biotech --max-age 30
    ingest alerts add weekly --channel mail --digest 'weekly mon 08:00' --time-zone Asia/Hong_Kong
    ingest alerts add harbour --party 'Harbour University' --status signed --quiet-hours 22:00-07:00 --ceiling 10""",
)
@click.argument("name")
@rule_options
@pass_session
def add(session: Session, name: str, *, given: Given) -> None:
    """Add a rule. Without --channel it tells the console; what is not asked for matches everything.

    What a source holds when it is new is told only with --first-contact. A rule is asked once about an event, with the
    article that led to it. 'ingest alerts preview' shows beforehand what a rule would have sent.
    """
    from ingest.store.alerts.rules import add_rule  # noqa: PLC0415 - loads SQLAlchemy

    with _open(session) as store:
        rule = changed(session, Rule(name=_checked(name), channels=("console",)), given)
        add_rule(store.database, rule)
    session.screen().note(f"added {rule.name}, which tells {', '.join(rule.channels)}")


@alerts.command(
    "set",
    cls=Command,
    examples="""ingest alerts set default --ceiling 5
    ingest alerts set desk --status signed --status ended --clear topic
    ingest alerts set default --no-first-contact --max-age 14""",
)
@click.argument("name")
@rule_options
@click.option("--clear", multiple=True, type=click.Choice(CLEARED), help="Ask for that no more; may be given again.")
@pass_session
def set_rule(session: Session, name: str, *, clear: tuple[str, ...], given: Given) -> None:
    """Change a rule, for what happens from now on. An option that may be given again replaces the former list.

    Messages that wait are still sent, but on channels that the rule no longer names.
    """
    from ingest.store.alerts.rules import change_rule, named  # noqa: PLC0415 - loads SQLAlchemy

    with _open(session) as store:
        before = named(store.database, name)
        after = changed(session, before, given, clear=clear)
        if after == before:
            raise click.UsageError("nothing is to be changed; 'ingest alerts set --help' lists the options")
        withdrawn = change_rule(store.database, after)
    session.screen().note(f"{name} is changed" + (f"; {withdrawn:,} messages withdrawn" if withdrawn else ""))


@alerts.command("pause", cls=Command, examples="ingest alerts pause default")
@click.argument("name")
@pass_session
def pause(session: Session, name: str) -> None:
    """Have a rule rest: what happens meanwhile is not told, and messages that wait go on waiting."""
    _set_paused(session, name, paused=True)


@alerts.command("resume", cls=Command, examples="ingest alerts resume default")
@click.argument("name")
@pass_session
def resume(session: Session, name: str) -> None:
    """Have a rule go on. Messages that waited are sent."""
    _set_paused(session, name, paused=False)


def _set_paused(session: Session, name: str, *, paused: bool) -> None:
    from ingest.store.alerts.rules import set_paused  # noqa: PLC0415 - loads SQLAlchemy

    with _open(session) as store:
        did = set_paused(store.database, name, paused=paused)
    state = "paused" if paused else "resumed"
    session.screen().note(f"{name} is {state}" if did else f"{name} was {state} already")


@alerts.command("remove", cls=Command, examples="ingest alerts remove desk")
@click.argument("name")
@pass_session
def remove(session: Session, name: str) -> None:
    """Take a rule away. Messages that wait are withdrawn; what was sent stays in the log."""
    from ingest.store.alerts.rules import remove_rule  # noqa: PLC0415 - loads SQLAlchemy

    with _open(session) as store:
        withdrawn = remove_rule(store.database, name)
    session.screen().note(f"removed {name}" + (f"; {withdrawn:,} messages withdrawn" if withdrawn else ""))


@alerts.command(
    "log",
    cls=Command,
    examples="""ingest alerts log
    ingest alerts log --state parked
    ingest alerts log --rule desk --since 1d --json | jq .failure""",
)
@click.option("--rule", metavar="NAME", help="Only of this rule.")
@click.option("--channel", metavar="NAME", help="Only on this channel.")
@click.option("--state", type=click.Choice(_STATES), help="Only those that stand so.")
@click.option("--since", type=MOMENT, help="Only due since then: 90m, 12h, 1d, 2024-03-14.")
@limit_option(20)
@json_lines_option()
@pass_session
def log(
    session: Session,
    *,
    rule: str | None,
    channel: str | None,
    state: str | None,
    since: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List messages, the latest first: pending, sent, parked (given up) or withdrawn.

    In a pipe, each is a line of id, state, when, rule, channel, kind, agreements and failure, separated by tabs. With
    --json, each is a line of the form that 'ingest schema alert-delivery' gives.
    """
    wanted = read.DeliveryFilter(rule=rule, channel=channel, state=state, since=since)
    with read.connect(session.database_url()) as connection:
        listing = read.alert_deliveries(connection, wanted, limit=limit)
    nothing = "no message was made yet" if wanted == read.DeliveryFilter() else "no message is like that"
    show_list(session.screen(), listing, as_json=as_json, entries=shown.entries, grid=shown.grid, nothing=nothing)


@alerts.command(
    "preview",
    cls=Command,
    examples="""ingest alerts preview --rule default --since 7d
    ingest alerts preview --topic biotech --max-age 30 --since 2024-01-01
    ingest alerts preview --digest 'daily 08:00' --since 2w --json | jq .due""",
)
@click.option("--rule", metavar="NAME", help="This rule; further options change it for the preview.")
@click.option("--since", type=MOMENT, default="7d", show_default=True, help="Of what happened since then.")
@rule_options
@json_lines_option()
@pass_session
def preview(session: Session, *, rule: str | None, since: str, as_json: bool, given: Given) -> None:
    """Show what a rule would have sent, had it been there, and when. Nothing is written or sent.

    With --json, each event is a line of the form that 'ingest schema alert-preview' gives.
    """
    from ingest.alerts.preview import preview as foresee  # noqa: PLC0415 - loads SQLAlchemy
    from ingest.store.alerts.occasions import since as happened  # noqa: PLC0415 - likewise
    from ingest.store.alerts.rules import named  # noqa: PLC0415 - likewise

    start = datetime.fromisoformat(since).astimezone(UTC)
    with _open(session) as store:
        base = named(store.database, rule) if rule else Rule(name="preview", channels=("console",))
        asked = changed(session, base, given)
        noted = store.database.read(lambda connection: happened(connection, start))
        found = foresee(asked, noted, fold=store.rules.fold)
        lines = _described(session, store, found)
    screen = session.screen()
    if as_json:
        for each in lines:
            screen.data(dump(each))
    else:
        screen.show(shown.previewed(lines))
    left = Counter(found.left_out)
    reasons = ", ".join(f"{count:,} by {why.value}" for why, count in sorted(left.items()))
    screen.note(
        f"{len(found.told):,} of {len(noted):,} events since {since}, in {number(found.messages, 'message')} a channel"
        + (f"; left out: {reasons}" if reasons else "")
    )


def _described(session: Session, store: Store, found: Preview) -> list[AlertPreview]:
    """Each event with its agreement as the ledger has it now."""
    from ingest.store.alerts.occasions import public_ids  # noqa: PLC0415 - loads SQLAlchemy

    rows = [would.noted.agreement for would in found.told]
    ids = store.database.read(lambda connection: public_ids(connection, rows))
    with read.connect(session.database_url()) as connection:
        agreements = read.agreements_by_id(connection, list(dict.fromkeys(ids.values())))
    lines = []
    for would in found.told:
        agreement = agreements.get(ids[would.noted.agreement])
        if agreement is None:
            continue  # no article tells of it any more
        occasion = would.noted.occasion
        date: Moment | None = occasion.date
        lines.append(
            AlertPreview(
                at=_text(would.noted.at),
                due=_text(would.slot.due),
                message=would.slot.kind.value,
                why=occasion.why.value,
                agreement=agreement.id,
                parties=tuple(party.name for party in agreement.parties),
                kind=occasion.kind,
                status=occasion.status,
                date=date.iso if date else None,
                evidence=agreement.mentions[0].evidence if agreement.mentions else None,
            )
        )
    return lines


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _open(session: Session) -> Store:
    from ingest.store import open_store  # noqa: PLC0415 - loads SQLAlchemy

    return open_store(session.database_url(), create=False)


def _checked(name: str) -> str:
    if not re.fullmatch(r"[\w.-]{1,100}", name):
        raise ConfigurationError(
            f"{name!r} cannot be the name of a rule", remedy="use up to 100 letters, digits, dots, hyphens"
        )
    return name


alerts.add_command(alert_sending.channels)
alerts.add_command(alert_sending.retry)
alerts.add_command(alert_sending.run)
alerts.add_command(alert_sending.test)
