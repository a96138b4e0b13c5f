"""`ingest agreements` and `ingest agreement`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from ingest.cli.listing import DAY, SHARE, json_lines_option, json_option, limit_option, show_list
from ingest.cli.rule import RulingOptions, carry_out, ruling_options
from ingest.cli.session import Session, command, pass_session
from ingest.documents import Kind, Status
from ingest.report import agreements as shown
from ingest.store import read
from ingest.wire import dump

if TYPE_CHECKING:
    from ingest.store.changes import Effect
    from ingest.store.decisions import Ruling
    from ingest.store.documents import Writing
    from ingest.store.rules import Rules

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
@click.option("--until", type=DAY, help="Likewise, on or before it; 2024 is until the end of that year.")
@click.option("--language", metavar="TAG", help="Only told of by an article in this language: en, zh, zh-Hant, …")
@click.option("--source", metavar="NAME", help="Only told of by an article of this source.")
@click.option("--min-confidence", type=SHARE, help="Only at least so sure, 0 to 1.")
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
    until: str | None,
    language: str | None,
    source: str | None,
    min_confidence: float | None,
    limit: int,
    as_json: bool,
) -> None:
    """List the agreements in the ledger, latest first, each with the sentence that says so.

    In a pipe, each is a line of id, date, status, kind, news or background, parties, evidence and article, separated by
    tabs. With --json, each is a line of the form that 'ingest schema agreement' gives, without events.
    """
    if since and until and until < since[: len(until)]:
        raise click.UsageError(f"--until {until} is before --since {since}")
    if everything and news is not None:
        raise click.UsageError("--all and --news or --background exclude each other")
    wanted = read.AgreementFilter(
        news=news,
        party=party,
        topic=topic,
        kind=Kind(kind) if kind else None,
        status=Status(status) if status else None,
        since=since,
        until=until,
        language=language,
        source=source,
        min_confidence=min_confidence,
    )
    with read.connect(session.database_url()) as connection:
        listing = read.agreements(connection, wanted, limit=limit)
    nothing = "the ledger holds no agreement" + ("" if wanted == read.AgreementFilter() else " like that")
    show_list(session.screen(), listing, as_json=as_json, entries=shown.entries, grid=shown.grid, nothing=nothing)


@command(
    "agreement",
    examples="""ingest agreement agr-91bc
    ingest agreement agr-91bc --json | jq .mentions
    ingest agreement agr-91bc --merge agr-7d02 --reason 'one memorandum'
    ingest agreement agr-91bc --split 17 --split 21
    ingest agreement agr-91bc --dismiss --reason 'a supply order'""",
)
@click.argument("identity", metavar="ID")
@click.option("--merge", "others", metavar="OTHER", multiple=True, help="OTHER is this agreement; may be given again.")
@click.option(
    "--split",
    "mentions",
    metavar="SENTENCE",
    type=int,
    multiple=True,
    help="The sentence of that number is of another.",
)
@click.option("--dismiss", is_flag=True, help="It is no agreement.")
@click.option("--restore", is_flag=True, help="Take its dismissal, or its having been merged, back.")
@ruling_options()
@json_option()
@pass_session
def agreement(
    session: Session,
    *,
    identity: str,
    others: tuple[str, ...],
    mentions: tuple[int, ...],
    dismiss: bool,
    restore: bool,
    options: RulingOptions,
    as_json: bool,
) -> None:
    """Show one agreement: its parties, what is known of it, every sentence that tells of it, and its history.

    ID is its id or the beginning of it; the id of one that was merged leads to the one that stands for it. With --json,
    everything comes in one document of the form that 'ingest schema agreement' gives.

    With --merge, --split, --dismiss or --restore, rule about it: what follows is shown first, kept with who decided and
    when, and replayed by reprocessing.
    """
    asked = [bool(others), bool(mentions), dismiss, restore]
    if sum(asked) > 1:
        raise click.UsageError("--merge, --split, --dismiss and --restore exclude each other")
    if any(asked):
        if as_json:
            raise click.UsageError("--json shows an agreement; leave it out to rule about one")
        rule = _rule(session, identity, others, mentions, dismiss=dismiss, made=options.ruling())
        carry_out(session, rule, done=f"done; 'ingest agreement {identity}' shows it", options=options)
        return
    if options.are_given:
        raise click.UsageError("--by, --reason, --dry-run and --yes go with --merge, --split, --dismiss or --restore")
    with read.connect(session.database_url()) as connection:
        found = read.agreement(connection, identity)
    screen = session.screen()
    if as_json:
        screen.data(dump(found, indent=2))
    else:
        screen.show(shown.detail(found))


def _rule(
    session: Session,
    identity: str,
    others: tuple[str, ...],
    mentions: tuple[int, ...],
    *,
    dismiss: bool,
    made: Ruling,
) -> Callable[[Writing, Rules], tuple[Effect, ...]]:
    """The ruling that the options ask for, ids in full."""
    from ingest.store import rulings  # noqa: PLC0415 - loads SQLAlchemy

    with read.connect(session.database_url()) as connection:
        full = read.agreement_id(connection, identity)
        merged = tuple(read.agreement_id(connection, other) for other in others)
    if merged:
        return lambda writing, rules: rulings.merge(writing, rules, made, into=full, others=merged)
    if mentions:
        return lambda writing, rules: rulings.split(writing, rules, made, agreement=full, mentions=mentions)
    if dismiss:
        return lambda writing, _: rulings.dismiss(writing, made, agreement=full)
    return lambda writing, rules: rulings.restore(writing, rules, made, agreement=full)
