"""`ingest drops`."""

from __future__ import annotations

from dataclasses import replace

import click

from ingest.cli.listing import MOMENT, json_lines_option, limit_option, show_list
from ingest.cli.session import Session, command, pass_session
from ingest.documents import Reason
from ingest.report import drops as shown
from ingest.store import read
from ingest.wire import dump

__all__ = ["drops"]


@command(
    "drops",
    examples="""ingest drops
    ingest drops --reason not_text --since 1d
    ingest drops --since 1d --count
    ingest drops --json --limit 0 | jq -r .key""",
)
@click.option(
    "--reason",
    type=click.Choice([reason.value for reason in Reason]),
    metavar="REASON",
    help="Only for this reason, as the list and 'ingest stats' name it.",
)
@click.option("--source", metavar="NAME", help="Only of this source.")
@click.option("--since", type=MOMENT, help="Only dropped since: 1d, 12h, or a date or time such as 2024-03-14.")
@click.option("--count", "counted", is_flag=True, help="Only how many, by reason and source.")
@click.option("--all", "everything", is_flag=True, help="Those too that were set aside as not wanted.")
@limit_option(20)
@json_lines_option()
@pass_session
def drops(
    session: Session,
    *,
    reason: str | None,
    source: str | None,
    since: str | None,
    counted: bool,
    everything: bool,
    limit: int,
    as_json: bool,
) -> None:
    """List the documents that stand dropped, latest first, each with the reason and what to do about it.

    In a pipe, each is a line of source, key, stage, reason, detail and when, separated by tabs. With --json, each is a
    line of the form that 'ingest schema drop' gives. A document that was mended and taken in since is not listed.
    Pages that another source brings (known_elsewhere), that are older than a source's first contact asks for
    (before_first_contact), or that were removed by request (forgotten), are listed with --all, or by their reason.
    With --since, how many there are by reason and source is said below, on standard error; --count says only that.
    """
    wanted = read.DropFilter(
        reason=Reason(reason) if reason else None, source=source, since=since, set_aside=everything
    )
    if counted:
        _count(session, replace(wanted, set_aside=True), as_json=as_json)
        return
    with read.connect(session.database_url()) as connection:
        listing = read.drops(connection, wanted, limit=limit)
        found = read.count_drops(connection, wanted) if since and listing.total else ()
    nothing = "no document was dropped" + ("" if wanted == read.DropFilter() else " that is like that")
    show_list(session.screen(), listing, as_json=as_json, entries=shown.entries, grid=shown.grid, nothing=nothing)
    if found and not as_json:
        session.screen().note(shown.summed(found))


def _count(session: Session, wanted: read.DropFilter, *, as_json: bool) -> None:
    with read.connect(session.database_url()) as connection:
        found = read.count_drops(connection, wanted)
    screen = session.screen()
    if as_json:
        for each in found:
            screen.data(dump(each))
    elif found:
        screen.show(shown.counts(found))
    else:
        screen.note("no document was dropped that is like that")
