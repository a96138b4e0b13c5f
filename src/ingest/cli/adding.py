"""`ingest sources add`, `import` and `export`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from ingest.cli.listing import DURATION, json_lines_option
from ingest.cli.session import Command, Session, pass_session
from ingest.documents import SourceKind, Subscription, Unlisted
from ingest.errors import ConfigurationError, SourceError, SourceNotFoundError
from ingest.mask import mask
from ingest.report import sources as shown
from ingest.report.words import number
from ingest.sources import folder_address
from ingest.sources.validation import address_fault, name_fault, zone_fault
from ingest.store import read
from ingest.wire import Source, SourceCheck, dump

if TYPE_CHECKING:
    from ingest.settings import Settings

__all__ = ["add", "checked_address", "take_in", "write_out"]

_FAILED = 1
_KINDS = tuple(kind.value for kind in SourceKind if kind not in {SourceKind.JSONL, SourceKind.WARC})


@click.command(
    "add",
    cls=Command,
    examples="""ingest sources add https://news.example/
    ingest sources add https://news.example/feed.xml --yes --name district
    ingest sources add https://news.example/sitemap.xml --kind sitemap --every 2h
    ingest sources add /data/releases --kind folder""",
)
@click.argument("address", metavar="URL_OR_FOLDER")
@click.option("--name", help="What to call it; else made from its title or address.")
@click.option(
    "--kind", type=click.Choice(_KINDS), help="Add the address as it is, as that kind, without looking at it first."
)
@click.option("--time-zone", default="", metavar="ZONE", help="Of times that carry none, such as Asia/Hong_Kong.")
@click.option("--every", type=DURATION, metavar="TIME", help="Between visits, such as 90m or 2h; else by its rhythm.")
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
    _refuse_faults(name, time_zone)
    if kind is None and "://" not in address:
        kind = _kind_of_path(address).value
    if kind is not None:
        chosen = [Subscription(url=checked_address(address, SourceKind(kind)), kind=SourceKind(kind), name=name)]
    else:
        chosen = [
            replace(each, name=name or each.name)
            for each in _choose(session, settings, address, yes=yes, as_json=as_json)
        ]
    if not chosen:
        return _FAILED
    if name is not None and len(chosen) > 1:
        raise ConfigurationError("--name names one source, and several were chosen", remedy="add them one by one")
    wanted = [replace(each, time_zone=time_zone or each.time_zone, every=every) for each in chosen]
    labels = _add_all(session, settings, wanted, exact_name=name is not None)
    if as_json:
        for label in labels:
            session.screen().data(dump(_source(settings, label)))
    return 0


def _refuse_faults(name: str | None, time_zone: str) -> None:
    fault = name_fault(name) if name is not None else None
    if (said := fault or zone_fault(time_zone)) is not None:
        raise ConfigurationError(said, remedy="give another with " + ("--name" if fault else "--time-zone"))


def _kind_of_path(address: str) -> SourceKind:
    if address and Path(address).is_dir():
        return SourceKind.FOLDER
    raise SourceNotFoundError(
        f"{address!r} is neither an address nor a folder", remedy="give an address with its https://, or a folder"
    )


def checked_address(address: str, kind: SourceKind) -> str:
    """The address as it is kept: a folder's as 'ingest run' keeps it, a page's must be one of the web.

    Raises:
        SourceNotFoundError: There is no such folder.
        ConfigurationError: It is no address, or holds a user name.
    """
    if kind is SourceKind.FOLDER:
        if not address:
            raise SourceNotFoundError("there is no folder ''", remedy="check the path")
        return folder_address(Path(address), base=Path.cwd())
    if (fault := address_fault(address)) is not None:
        raise ConfigurationError(fault, remedy="give an address with its https://, and without a user name")
    return address


def _choose(session: Session, settings: Settings, address: str, *, yes: bool, as_json: bool) -> list[Subscription]:
    """Look at an address, and let the user choose from what it offers."""
    from ingest.cli.exploring import explore_site  # noqa: PLC0415 - loads SQLAlchemy

    screen = session.screen()
    screen.note(f"looking at {mask(checked_address(address, SourceKind.PAGE))} …")
    found = explore_site(settings, address)
    for each in found:
        if each.failure is not None:
            screen.complain(f"{mask(each.address)}: {each.failure}")
    offers = [each for each in found if each.failure is None]
    if not offers:
        screen.complain(
            "no feed or sitemap was found there\n  add a page that changes with --kind page, or name the feed itself"
        )
        return []
    if not as_json:
        screen.show(shown.offers(offers))
    if yes:
        return [_offered(offers[0])]
    if as_json or not screen.is_terminal:
        raise click.UsageError("say which to add: --yes takes the first, or name one by its address with --kind")
    numbers = click.prompt(
        "Which to add? Numbers, 'all' or 'none'",
        default="1",
        err=True,
        value_proc=lambda given: _numbers(given, len(offers)),
    )
    if not numbers:
        raise click.ClickException("nothing was added")
    return [_offered(offers[number - 1]) for number in numbers]


def _numbers(answer: str, most: int) -> list[int]:
    """Which were chosen: `2`, `1 3`, `1,3`, `2-4`, `all`, `none`."""
    if answer.strip().casefold() in {"none", "all"}:
        return list(range(1, most + 1)) if answer.strip().casefold() == "all" else []
    found: list[int] = []
    for part in answer.replace(",", " ").split():
        span = re.fullmatch(r"(\d{1,4})(?:-(\d{1,4}))?", part)
        first, last = (int(span[1]), int(span[2] or span[1])) if span else (0, 0)
        if not 1 <= first <= last <= most:
            raise click.UsageError(f"{part!r} is none of 1 to {most}; write numbers such as 1 or 1,3, 'all' or 'none'")
        found += range(first, last + 1)
    return list(dict.fromkeys(found))


def _offered(offer: SourceCheck) -> Subscription:
    return Subscription(url=offer.address, kind=offer.kind, name=_slug(offer.title or "") or None)


def _add_all(
    session: Session, settings: Settings, wanted: Sequence[Subscription], *, exact_name: bool = False
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
                interval_seconds=each.every,
            )
            added = add_source(store.database, run, new, exact_name=exact_name)
            labels.append(added.name)
            session.screen().note(f"added {added.name}" if added.is_new else _there(added.name))
        store.finish_run(run, add_up(()))
    if not settings.contact:
        session.screen().note("set `contact`, so that publishers can reach you: it goes into the User-Agent")
    session.screen().note("'ingest run' visits what is due")
    return labels


def _there(name: str) -> str:
    return f"{name} is there already and stays as it is; 'ingest sources set' changes it"


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
    else:  # whoever writes a catalogue by hand, or exports one, means the names in it
        named = [replace(each, name=_own_name(each.name), url=checked_address(each.url, each.kind)) for each in found]
    labels = _add_all(session, session.settings(), named)
    session.screen().note(f"{number(len(labels), 'source')} from {file}")


def _own_name(name: str | None) -> str | None:
    return name if name is None or name_fault(name) is None else _slug(name) or None


@click.command("export", cls=Command, examples="ingest sources export > sources.toml\ningest sources export --opml")
@click.option("--opml", is_flag=True, help="OPML, for other readers of feeds, instead of TOML.")
@pass_session
def write_out(session: Session, *, opml: bool) -> None:
    """Print the sources that are visited, so that 'ingest sources import' can add them elsewhere.

    Those that are paused are among them; OPML leaves folders out. Keys in addresses are written in clear: without them
    the feed could not be asked for, so keep the file like a password.
    """
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
            every=each.interval_seconds,
        )
        for each in found
    ]
    body = write_opml(listed, title="Sources of ingest") if opml else write_catalogue(listed)
    session.screen().data(body.decode("utf-8").rstrip("\n"))
