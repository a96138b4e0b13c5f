"""`ingest serve`: everything that runs by itself, on one machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingest.cli.session import Session, command, pass_session
from ingest.cli.stopping import until_told
from ingest.errors import FlowServerError, SourceNotFoundError
from ingest.mask import mask
from ingest.report.blocks import Block, Gap, Grid, Part, Tone, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.one_machine import Machine

__all__ = ["serve"]


@command(
    "serve",
    examples="""ingest serve
    ingest serve --watch /data/incoming --watch /data/releases
    ingest serve --port 4300
    PREFECT_API_URL=http://prefect.internal:4200/api ingest serve""",
)
@click.option("--watch", "folders", multiple=True, metavar="FOLDER", help="Watch a folder; may be given several times.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=4200, show_default=True, help="Of the Prefect server started here."
)
@pass_session
def serve(session: Session, *, folders: tuple[str, ...], port: int) -> None:
    """Run all that runs by itself: a Prefect server, a runner of all deployments, a sender of alerts, a watcher.

    Where PREFECT_API_URL is set, that server is used, and none is started. The one that is started listens on the
    loopback interface only, and asks for the password in var/prefect/auth (or in PREFECT_HOME). What dies is started
    again. Ctrl-C, or SIGTERM, ends all of it in order, and the exit code is 0; a second one ends it at once.
    """
    places = [Path(folder) for folder in folders]
    for place in places:
        if not place.is_dir():
            raise SourceNotFoundError(f"there is no folder {place}", remedy="make it, or check the path")
    from flows.one_machine import machine  # noqa: PLC0415 - other commands start no services
    from flows.services import ServiceFailedError, run  # noqa: PLC0415 - likewise
    from ingest.store import open_store  # noqa: PLC0415 - loads SQLAlchemy

    settings, screen = session.settings(), session.screen()
    with open_store(settings.database_url):
        pass  # made or upgraded now, rather than by several processes at once; and told now where it cannot be
    try:
        made = machine(os.environ, port=port, watched=places, options=_variables(session))
        screen.note("Starting …" if made.auth_file is None else "Starting Prefect; its first start takes longest …")
        if made.auth_file is None and not made.answers():
            screen.complain(
                f"Prefect's API at {mask(made.api_url)} does not answer; it is tried for some two minutes. "
                "Check PREFECT_API_URL; without it, a server is started here."
            )
        with until_told(screen) as stop:
            run(made.services, stop=stop, say=screen.complain, started=lambda: screen.show(_running(made, places)))
    except ServiceFailedError as failure:
        raise FlowServerError(str(failure)) from None
    screen.note("stopped")


def _variables(session: Session) -> dict[str, str]:
    """What the options of the command line set, for other processes; the environment shows no password to others."""
    given = {"INGEST_DATABASE_URL": session.database, "INGEST_CONFIG": session.config and str(Path(session.config))}
    return {name: value for name, value in given.items() if value}


def _running(made: Machine, places: Sequence[Path]) -> list[Block]:
    """What runs where, as a table."""
    from flows.deployments import available  # noqa: PLC0415 - other commands deploy nothing
    from flows.serve import DEPLOYMENTS, POLL  # noqa: PLC0415 - likewise

    page = mask(made.api_url.removesuffix("/api"))
    rows = [("Prefect", page or "the server of Prefect's active profile")]
    if made.auth_file is not None:
        rows.append(("password", f"in {_short(made.auth_file)}"))
    rows += [(f"deployment {each.name}", each.when()) for each in available(DEPLOYMENTS)]
    rows.append(("alerts", "sent as they arise; also by the deployment"))
    rows += [("watched", str(place)) for place in places]
    rows.append(("logs", f"{_short(made.home)}/*.log"))
    cells = tuple((Part(what, Tone.STRONG), Part(where)) for what, where in rows)
    return [
        Grid(header=("runs", "where or when"), rows=cells, flexible=1),
        Gap(),
        line(f"An event starts its run within some {POLL.total_seconds() + 4:.0f} seconds. Ctrl-C ends it all."),
    ]


def _short(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
