"""`ingest sources add`, `import` and `export`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from ingest.cli.listing import json_lines_option
from ingest.cli.session import Command, Session, pass_session
from ingest.documents import SourceKind, Subscription, Unlisted
from ingest.errors import ConfigurationError, SourceError, SourceNotFoundError
from ingest.report import sources as shown
from ingest.store import read
from ingest.wire import Source, SourceCheck, dump

if TYPE_CHECKING:
    from ingest.settings import Settings

__all__ = ["add", "take_in", "write_out"]

_FAILED = 1
_KINDS = tuple(kind.value for kind in SourceKind if kind is not SourceKind.JSONL)


@click.command(
    "add",
    cls=Command,
    examples="""ingest sources add https://news.example/
    ingest sources add https://news.example/feed.xml --yes --name district
    ingest sources add https://news.example/sitemap.xml --kind sitemap --every 3600
    ingest sources add /data/releases --kind folder""",
)
@click.argument("address", metavar="URL_OR_FOLDER")
@click.option("--name", help="What to call it; else made from its title or address.")
@click.option(
    "--kind", type=click.Choice(_KINDS), help="Add the address as it is, as that kind, without looking at it first."
)
@click.option("--time-zone", default="", metavar="ZONE", help="Of times that carry none, such as Asia/Hong_Kong.")
@click.option("--every", type=click.IntRange(min=60), metavar="SECONDS", help="Between visits; else by its rhythm.")
@click.option("--yes", is_flag=True, help="Take the first that is found, without asking.")
@json_lines_option()
@pass_session
def add(
    session: Session,
    address: str,
    *,
    name: str | None,
    kind: str | None,
    time_zone: str,
    every: int | None,
    yes: bool,
    as_json: bool,
) -> int:
    """Add a source. Of a site, its feeds and sitemaps are found, and shown with a sample to choose from.

    With --json, what was added is a line of the form that 'ingest schema source' gives.
    """
    settings = session.settings()
    if kind is None and "://" not in address:
        kind = _kind_of_path(address).value
    if kind is not None:
        chosen = [Subscription(url=_checked(address, SourceKind(kind)), kind=SourceKind(kind), name=name)]
    else:
        chosen = [replace(each, name=name or each.name) for each in _choose(session, settings, address, yes=yes)]
    if not chosen:
        return _FAILED
    if name is not None and len(chosen) > 1:
        raise ConfigurationError("--name names one source, and several were chosen", remedy="add them one by one")
    zoned = [replace(each, time_zone=time_zone or each.time_zone) for each in chosen]
    labels = _add_all(session, settings, zoned, every=every, exact_name=name is not None)
    if as_json:
        for label in labels:
            session.screen().data(dump(_source(settings, label)))
    return 0


def _kind_of_path(address: str) -> SourceKind:
    if Path(address).is_dir():
        return SourceKind.FOLDER
    raise SourceNotFoundError(
        f"{address} is neither an address nor a folder", remedy="give an address with its https://, or a folder"
    )


def _checked(address: str, kind: SourceKind) -> str:
    """The address as it is kept: a folder's counts from the root, a page's must be one of the web."""
    if kind is SourceKind.FOLDER:
        return str(Path(address).resolve())
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError(f"{address} is no address of http or https", remedy="give one with its https://")
    if parts.username is not None:
        raise ConfigurationError(
            "the address holds a user name, which would be stored and shown", remedy="give an address without one"
        )
    return address


def _choose(session: Session, settings: Settings, address: str, *, yes: bool) -> list[Subscription]:
    """Look at an address, and let the user choose from what it offers."""
    from ingest.cli.exploring import explore_site  # noqa: PLC0415 - loads SQLAlchemy

    screen = session.screen()
    screen.note(f"looking at {_checked(address, SourceKind.PAGE)} …")
    found = explore_site(settings, address)
    for each in found:
        if each.failure is not None:
            screen.complain(f"{each.address}: {each.failure}")
    offers = [each for each in found if each.failure is None]
    if not offers:
        screen.complain(
            "no feed or sitemap was found there\n  add a page that changes with --kind page, or name the feed itself"
        )
        return []
    screen.show(shown.offers(offers))
    if yes:
        return [_offered(offers[0])]
    if not screen.is_terminal:
        raise click.UsageError("say which to add: --yes takes the first, or name one by its address with --kind")
    answer = click.prompt("Which to add? Numbers, or 'none'", default="1", err=True)
    return [_offered(offers[number - 1]) for number in _numbers(answer, len(offers))]


def _numbers(answer: str, most: int) -> list[int]:
    numbers = [int(each) for each in re.findall(r"\d+", answer)]
    return [number for number in dict.fromkeys(numbers) if 1 <= number <= most]


def _offered(offer: SourceCheck) -> Subscription:
    return Subscription(url=offer.address, kind=offer.kind, name=_slug(offer.title or "") or None)


def _add_all(
    session: Session,
    settings: Settings,
    wanted: Sequence[Subscription],
    *,
    every: int | None = None,
    exact_name: bool = False,
) -> list[str]:
    """Add sources, and say of each what came of it."""
    from ingest.intake import add_up  # noqa: PLC0415 - loads SQLAlchemy
    from ingest.store import open_store  # noqa: PLC0415 - likewise
    from ingest.store.subscriptions import NewSource, add_source  # noqa: PLC0415 - likewise

    labels = []
    with open_store(settings.database_url) as store:
        run = store.start_run("sources")
        for each in wanted:
            new = NewSource(
                name=each.name or _slug(urlsplit(each.url).hostname or Path(each.url).name) or "source",
                kind=each.kind,
                address=each.url,
                time_zone=each.time_zone,
                home=each.home,
                interval_seconds=every,
            )
            added = add_source(store.database, run, new, exact_name=exact_name)
            labels.append(added.name)
            session.screen().note(f"added {added.name}" if added.is_new else f"{added.name} is there already")
        store.finish_run(run, add_up(()))
    if not settings.contact:
        session.screen().note("set `contact`, so that publishers can reach you: it goes into the User-Agent")
    session.screen().note("'ingest run' visits what is due")
    return labels


def _slug(text: str) -> str:
    return re.sub(r"[^\w.]+", "-", text.lower())[:60].strip("-.")


def _source(settings: Settings, name: str) -> Source:
    with read.connect(settings.database_url) as connection:
        return read.source(connection, name)


@click.command("import", cls=Command, examples="ingest sources import feeds.opml\ningest sources import feeds.toml")
@click.argument("file", type=click.Path(path_type=Path))
@pass_session
def take_in(session: Session, file: Path) -> None:
    """Add the sources that an OPML or TOML file names. Those that are there already stay as they are."""
    from ingest.sources.catalogue import read_catalogue  # noqa: PLC0415 - other commands need none of it
    from ingest.sources.opml import Outlines, read_outlines  # noqa: PLC0415 - likewise

    try:
        body = file.read_bytes()
    except OSError as refused:
        raise SourceNotFoundError(f"{file} cannot be read: {refused.strerror}") from None
    found = read_catalogue(body) if file.suffix.lower() == ".toml" else read_outlines(body)
    if isinstance(found, Unlisted):
        raise SourceError(f"{file}: {found.detail}", remedy="give an OPML file, or TOML as 'export' writes it")
    if isinstance(found, Outlines):
        for why in found.left_out:
            session.screen().complain(f"{file}: {why}")
        found = found.subscriptions
    named = [replace(each, name=_slug(each.name or "") or None) for each in found]
    labels = _add_all(session, session.settings(), named)
    session.screen().note(f"{len(labels):,} sources from {file}")


@click.command("export", cls=Command, examples="ingest sources export > sources.toml\ningest sources export --opml")
@click.option("--opml", is_flag=True, help="OPML, for other readers of feeds, instead of TOML.")
@pass_session
def write_out(session: Session, *, opml: bool) -> None:
    """Print the sources that are visited, so that 'ingest sources import' can add them elsewhere."""
    from ingest.sources.catalogue import write_catalogue  # noqa: PLC0415 - other commands need none of it
    from ingest.sources.opml import write_opml  # noqa: PLC0415 - likewise

    with read.connect(session.database_url()) as connection:
        # Elsewhere secrets in addresses are masked; here they are needed to fetch by.
        addresses = {name: address for name, _, address in read.sources(connection)}
        found = [each for each in read.sources_with_health(connection) if each.next_due_at and each.name in addresses]
    listed = [
        Subscription(
            url=addresses[each.name],
            kind=SourceKind(each.kind),
            name=each.name,
            home=each.home,
            time_zone=each.time_zone,
        )
        for each in found
    ]
    body = write_opml(listed, title="Sources of ingest") if opml else write_catalogue(listed)
    session.screen().data(body.decode("utf-8").rstrip("\n"))
