"""`ingest retention`: delete raw bodies that are older than is wanted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from ingest.cli.listing import DURATION, json_option
from ingest.cli.rule import confirm
from ingest.cli.session import Session, command, pass_session
from ingest.report import forgetting as shown
from ingest.wire import Retention, RetentionOfSource, dump

if TYPE_CHECKING:
    from ingest.settings import Settings
    from ingest.store.retention import Due, Terms

__all__ = ["retention"]

_DAY = 86_400


@command(
    "retention",
    examples="""ingest retention --dry-run
    ingest retention --older-than 180d --source district-news
    ingest retention --yes --json""",
)
@click.option("--older-than", type=DURATION, metavar="TIME", help="Instead of what the settings say, such as 180d.")
@click.option("--source", metavar="NAME", help="Only raw bodies of this source.")
@click.option("--dry-run", is_flag=True, help="Show what would go, and leave it.")
@click.option("--yes", "-y", is_flag=True, help="Do it without asking.")
@json_option()
@pass_session
def retention(
    session: Session, *, older_than: int | None, source: str | None, dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Delete raw bodies from the archive that are older than 'raw_days' and 'raw_days_by_source' allow.

    Articles, topics and agreements stay; only 'ingest reprocess --stage extract' cannot go over such a page again. A
    body's age counts from the last answer that brought it. One that several sources brought stays until each of them
    lets it go.

    What will go is shown first. With --json, the form is that of 'ingest schema retention'.
    """
    from ingest.archive import Archive  # noqa: PLC0415 - wanted by this command only
    from ingest.retention import delete  # noqa: PLC0415 - loads SQLAlchemy
    from ingest.store import open_store  # noqa: PLC0415 - likewise
    from ingest.store.retention import due  # noqa: PLC0415 - likewise

    screen, settings = session.screen(), session.settings()
    terms = _terms(settings, older_than, source)
    with open_store(settings.database_url, create=False) as store:
        found = store.database.read(lambda connection: due(connection, terms))
        if not as_json:
            screen.show(shown.retention(_told(found, is_done=False)))
        if not dry_run:
            if found.pages and not yes:
                confirm(screen, otherwise="--yes does it, --dry-run only shows it")
            delete(store, Archive(settings.archive_url), found)
    if as_json:
        screen.data(dump(_told(found, is_done=not dry_run), indent=2))
    screen.note("nothing was deleted: --dry-run" if dry_run else f"{len(found.pages):,} raw bodies deleted")


def _terms(settings: Settings, older_than: int | None, source: str | None) -> Terms:
    from ingest.retention import terms  # noqa: PLC0415 - loads SQLAlchemy
    from ingest.store.retention import Terms  # noqa: PLC0415 - likewise

    if older_than is not None:
        return Terms(days=max(1, older_than // _DAY), by_source={}, only=source)
    of_settings = terms(settings)
    if of_settings is None:
        raise click.UsageError(
            "raw bodies are kept for ever: set raw_days or raw_days_by_source, or say --older-than 180d"
        )
    return replace(of_settings, only=source)


def _told(found: Due, *, is_done: bool) -> Retention:
    return Retention(
        done=is_done,
        sources=tuple(
            RetentionOfSource(source=each.source, days=each.days, pages=each.pages, bytes=each.bytes)
            for each in found.sources
        ),
        pages=len(found.pages),
        bytes=found.bytes,
        needed=found.needed,
    )
