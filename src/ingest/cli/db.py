"""`ingest db`: create, upgrade, check, copy and back up the database."""

from __future__ import annotations

import click

from ingest.cli.backup import backup, restore, verify
from ingest.cli.copying import copy
from ingest.cli.session import Command, Group, Session, pass_session
from ingest.mask import mask

__all__ = ["db"]

_FAILED = 1


@click.group("db", cls=Group)
def db() -> None:
    """Create, upgrade, check, copy and back up the database.

    'ingest run' creates and upgrades its database by itself; these commands are for those who want to do it at a time
    of their own.
    """


@db.command(
    "upgrade", cls=Command, examples="ingest db upgrade\ningest --database postgresql://me@host/news db upgrade"
)
@pass_session
def upgrade(session: Session) -> None:
    """Create the database, or bring it to the schema of this release; does nothing where it is up to date."""
    from ingest.store import upgrade as upgrade_store  # noqa: PLC0415 - loads SQLAlchemy

    url = session.database_url()
    before, after = upgrade_store(url)
    screen = session.screen()
    if before == after:
        screen.note(f"{mask(url)} is up to date (revision {after})")
    elif before is None:
        screen.note(f"{mask(url)} is made (revision {after})")
    else:
        screen.note(f"{mask(url)} is upgraded from revision {before} to {after}")


@db.command("check", cls=Command, examples="ingest db check")
@pass_session
def check(session: Session) -> int:
    """See whether the database is whole and of this release; names what is wrong, and then the exit code is 1."""
    from ingest.store import check as check_store  # noqa: PLC0415 - loads SQLAlchemy

    url = session.database_url()
    findings = check_store(url)
    screen = session.screen()
    for finding in findings:
        screen.complain(f"error: {finding.check}: {finding.message}\n  {finding.remedy}")
    if not findings:
        screen.note(f"{mask(url)} is in order")
    return _FAILED if findings else 0


@db.command("reader", cls=Command, examples="ingest --database postgresql://me@host/news db reader")
@pass_session
def reader(session: Session) -> None:
    """Make the role that may read the views and nothing else (PostgreSQL), and let it read those of this store.

    Queries of 'ingest sql' then run as that role. To let a person in: GRANT ingest_reader TO alice. Upgrades keep what
    the role may read.
    """
    from ingest.store import make_reader  # noqa: PLC0415 - loads SQLAlchemy

    url = session.database_url()
    made = make_reader(url)
    session.screen().note(f"the role {made} may read the views of {mask(url)}")


for each in (backup, restore, verify, copy):
    db.add_command(each)
