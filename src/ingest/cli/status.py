"""`ingest status`."""

from __future__ import annotations

import click

from ingest.cli.listing import json_option
from ingest.cli.session import Session, command, pass_session
from ingest.report import status as shown
from ingest.store import read
from ingest.wire import dump

__all__ = ["status"]

_NEEDS_AN_EYE = 5


@command(
    "status",
    examples="""ingest status
    ingest status --json | jq .concerns
    ingest status --check --quiet >/dev/null || echo 'look at ingest'""",
)
@click.option("--check", is_flag=True, help="Return 5 where something needs an eye, for monitoring.")
@json_option()
@pass_session
def status(session: Session, *, check: bool, as_json: bool) -> int:
    """See at once how the pipeline is doing: failures, and what went quiet, come first.

    Each concern has the command that shows more. Then what waits and what is in hand, runs, what was stored and dropped
    in the last hour and day, alerts, sources, and how much is kept. It reads the store only, and says the same on any
    machine. With --json, one document of the form that 'ingest schema status' gives. The exit code is 0, with --check 5
    where there is a concern, and 1 where the store cannot be read.
    """
    with read.connect(session.database_url()) as connection:
        found = read.status(connection)
    if as_json:
        session.screen().data(dump(found, indent=2))
    else:
        session.screen().show(shown.blocks(found))
    return _NEEDS_AN_EYE if check and found.concerns else 0
