"""`ingest org`: organisations, their names, and which of them are one."""

from __future__ import annotations

import re

import click

from ingest.cli.listing import json_lines_option, json_option, limit_option, show_list
from ingest.cli.rule import RulingOptions, carry_out, ruling_options
from ingest.cli.session import Command, Group, Session, pass_session
from ingest.errors import NotFoundError
from ingest.report import organisations as shown
from ingest.store import read
from ingest.wire import dump

__all__ = ["org"]

_AGREEMENTS = 20  # shown of one organisation


@click.group("org", cls=Group)
def org() -> None:
    """List organisations, give them names, and rule which of them are one.

    An ORGANISATION is named by its id, or by a name that only it bears. A ruling is kept with who made it and when;
    what it does to the ledger is shown before it is done, and reprocessing replays it.
    """


@org.command(
    "list", cls=Command, examples="ingest org list --name harbour\ningest org list --region CN --json | jq -r .id"
)
@click.option("--name", metavar="TEXT", help="Only those one of whose names holds this.")
@click.option("--region", metavar="CODE", help="Only of this country or region: HK, CN (with its provinces), CN-SH, …")
@click.option(
    "--origin",
    type=click.Choice(["known", "found", "person"]),
    help="Only of the package data, found in articles, or made by a person.",
)
@limit_option(20)
@json_lines_option()
@pass_session
def list_(
    session: Session, *, name: str | None, region: str | None, origin: str | None, limit: int, as_json: bool
) -> None:
    """List the organisations of the store, those with most agreements first.

    The store has those that articles or people named; the package knows many more, which join it when they are named.
    """
    wanted = read.OrganisationFilter(name=name, region=region, origin=origin)
    with read.connect(session.database_url()) as connection:
        listing = read.organisations(connection, wanted, limit=limit)
    nothing = "the store holds no organisation" + ("" if wanted == read.OrganisationFilter() else " like that")
    show_list(session.screen(), listing, as_json=as_json, entries=shown.entries, grid=shown.grid, nothing=nothing)


@org.command("show", cls=Command, examples="ingest org show HKSTP\ningest org show hk-hkstp --json | jq .names")
@click.argument("organisation")
@json_option()
@pass_session
def show(session: Session, *, organisation: str, as_json: bool) -> None:
    """Show one organisation: its names, its agreements, and what people ruled about it."""
    with read.connect(session.database_url()) as connection:
        identity = read.organisation_id(connection, organisation)
        if identity is None:
            raise NotFoundError(
                f"no organisation, or more than one, is called {organisation!r}",
                remedy="`ingest org list --name …` searches for it; give its id",
            )
        found = read.organisation(connection, identity)
        wanted = read.AgreementFilter(organisation=identity)
        agreements = read.agreements(connection, wanted, limit=_AGREEMENTS).items
    screen = session.screen()
    if as_json:
        screen.data(dump(found, indent=2))
    else:
        screen.show(shown.detail(found, agreements))


@org.command(
    "alias",
    cls=Command,
    examples="ingest org alias HKSTP 'The Science Park'\ningest org alias hk-hkstp 'Old Name' --remove",
)
@click.argument("organisation")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.option("--remove", is_flag=True, help="Take names back that people gave it.")
@ruling_options()
@pass_session
def alias(
    session: Session,
    *,
    organisation: str,
    names: tuple[str, ...],
    remove: bool,
    options: RulingOptions,
) -> None:
    """Give an organisation further names: from now on they mean this one.

    An organisation that only articles know, and that is called so, becomes one with it, and with it the agreements that
    then have equal parties.
    """
    from ingest.store import naming  # noqa: PLC0415 - loads SQLAlchemy

    made = options.ruling()
    listed = ", ".join(names)
    if remove:
        carry_out(
            session,
            lambda writing, rules: naming.forget(writing, rules, made, organisation=organisation, names=names) or (),
            done=f"{organisation} is not called {listed} any more",
            options=options,
        )
        return
    carry_out(
        session,
        lambda writing, rules: naming.alias(writing, rules, made, organisation=organisation, names=names),
        done=f"{organisation} goes by {listed}",
        options=options,
    )


@org.command("merge", cls=Command, examples="ingest org merge hk-hkstp org-5c1e2f0a9b --reason 'its former name'")
@click.argument("organisation")
@click.argument("others", metavar="OTHER...", nargs=-1, required=True)
@ruling_options()
@pass_session
def merge(
    session: Session,
    *,
    organisation: str,
    others: tuple[str, ...],
    options: RulingOptions,
) -> None:
    """Make OTHER part of ORGANISATION, which stays; 'ingest org restore OTHER' takes it back.

    Agreements whose parties become equal become one where the ledger's rule says so.
    """
    from ingest.store import naming  # noqa: PLC0415 - loads SQLAlchemy

    made = options.ruling()
    carry_out(
        session,
        lambda writing, rules: naming.merge(writing, rules, made, into=organisation, others=others),
        done=f"{organisation} stands for {', '.join(others)} now",
        options=options,
    )


@org.command("restore", cls=Command, examples="ingest org restore org-5c1e2f0a9b")
@click.argument("organisation", metavar="ID")
@ruling_options()
@pass_session
def restore(session: Session, *, organisation: str, options: RulingOptions) -> None:
    """Take the merge of the organisation with this id back, and what followed from it in the ledger."""
    from ingest.store import naming  # noqa: PLC0415 - loads SQLAlchemy

    made = options.ruling()
    carry_out(
        session,
        lambda writing, rules: naming.restore(writing, rules, made, organisation=organisation),
        done=f"{organisation} stands for itself again",
        options=options,
    )


@org.command("split", cls=Command, examples="ingest org split org-5c1e2f0a9b 'Harbour Bank (Macao)'")
@click.argument("organisation")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@ruling_options()
@pass_session
def split(
    session: Session,
    *,
    organisation: str,
    names: tuple[str, ...],
    options: RulingOptions,
) -> None:
    """Rule that NAMEs are those of another organisation, which is made and called by the first of them.

    Sentences that use these names go with it; an agreement of which only some do is parted. 'ingest org merge' takes it
    back.
    """
    from ingest.store import naming  # noqa: PLC0415 - loads SQLAlchemy

    made = options.ruling()
    carry_out(
        session,
        lambda writing, rules: naming.split(writing, rules, made, organisation=organisation, names=names),
        done=f"{', '.join(names)} is an organisation of its own",
        options=options,
    )


@org.command("rename", cls=Command, examples="ingest org rename org-5c1e2f0a9b 'Harbour Institute' --region HK")
@click.argument("organisation")
@click.argument("name")
@click.option("--region", metavar="CODE", help="Where it is: an ISO 3166 code such as HK, CN-SH, GB.")
@ruling_options()
@pass_session
def rename(
    session: Session,
    *,
    organisation: str,
    name: str,
    region: str | None,
    options: RulingOptions,
) -> None:
    """Give an organisation another own name, or a region; it goes on going by the former name."""
    from ingest.store import naming  # noqa: PLC0415 - loads SQLAlchemy

    if region is not None and not _is_region(region):
        raise click.BadParameter(f"{region!r} is not a code such as HK, CN-SH or INT", param_hint="--region")
    made = options.ruling()
    placed = region.upper() if region else None
    carry_out(
        session,
        lambda writing, rules: naming.rename(writing, rules, made, organisation=organisation, name=name, region=placed),
        done=f"{organisation} is called {name}",
        options=options,
    )


def _is_region(code: str) -> bool:
    return re.fullmatch(r"(?i)[a-z]{2}(?:-[a-z0-9]{1,3})?|int", code) is not None
