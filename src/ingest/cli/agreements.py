"""`ingest agreements` and `ingest agreement`."""

from __future__ import annotations

import click

from ingest.cli.listing import DAY, json_lines_option, json_option, limit_option, show_list
from ingest.cli.session import Session, command, pass_session
from ingest.documents import Kind, Status
from ingest.report import agreements as shown
from ingest.store import read
from ingest.wire import dump

__all__ = ["agreement", "agreements"]


@command(
    "agreements",
    examples="""ingest agreements --news
    ingest agreements --party HKSTP --topic biotech --since 2024-01-01 --status signed
    ingest agreements --json --limit 0 | jq -r '.parties[].name'""",
)
@click.option("--news/--background", default=None, help="Only those reported as current, or only the others.")
@click.option("--all", "everything", is_flag=True, help="News and background, which is the default.")
@click.option("--party", metavar="NAME", help="Only with a party one of whose names holds this.")
@click.option("--topic", metavar="NAME", help="Only told of by an article with this topic.")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Only of this kind.")
@click.option("--status", type=click.Choice([status.value for status in Status]), help="Only with this status.")
@click.option("--since", type=DAY, help="Only signed, or reported where undated, on or after this day.")
@limit_option(20)
@json_lines_option()
@pass_session
def agreements(  # noqa: PLR0913 - one parameter an option
    session: Session,
    *,
    news: bool | None,
    everything: bool,
    party: str | None,
    topic: str | None,
    kind: str | None,
    status: str | None,
    since: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List the agreements in the ledger, latest first, each with the sentence that says so.

    In a pipe, each is a line of id, date, status, kind, news or background, parties, evidence and article, separated by
    tabs. With --json, each is a line of the form that 'ingest schema agreement' gives, without events.
    """
    if everything and news is not None:
        raise click.UsageError("--all and --news or --background exclude each other")
    wanted = read.AgreementFilter(
        news=news,
        party=party,
        topic=topic,
        kind=Kind(kind) if kind else None,
        status=Status(status) if status else None,
        since=since,
    )
    with read.connect(session.database_url()) as connection:
        listing = read.agreements(connection, wanted, limit=limit)
    nothing = "the ledger holds no agreement" + ("" if wanted == read.AgreementFilter() else " like that")
    show_list(session.screen(), listing, as_json=as_json, entries=shown.entries, grid=shown.grid, nothing=nothing)


@command("agreement", examples="ingest agreement agr-91bc\ningest agreement agr-91bc --json | jq .mentions")
@click.argument("identity", metavar="ID")
@json_option()
@pass_session
def agreement(session: Session, *, identity: str, as_json: bool) -> None:
    """Show one agreement: its parties, what is known of it, every sentence that tells of it, and its history.

    ID is its id or the beginning of it. With --json, everything comes in one document of the form that 'ingest schema
    agreement' gives.
    """
    with read.connect(session.database_url()) as connection:
        found = read.agreement(connection, identity)
    screen = session.screen()
    if as_json:
        screen.data(dump(found, indent=2))
    else:
        screen.show(shown.detail(found))
