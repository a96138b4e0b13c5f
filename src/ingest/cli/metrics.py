"""`ingest metrics`: the state of the pipeline for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ingest import log, wire
from ingest.cli.session import Session, command, pass_session
from ingest.cli.stopping import until_told
from ingest.errors import ConfigurationError
from ingest.log import Event
from ingest.store import read

if TYPE_CHECKING:
    from ingest.metrics import StatusCollector

__all__ = ["metrics"]

_LOOK = 0.5  # seconds between two looks at whether to stop


@command(
    "metrics",
    examples="""ingest metrics
    ingest metrics --host 10.1.2.3 --port 9464
    ingest metrics --once > ingest.prom.new && mv ingest.prom.new /var/lib/node_exporter/ingest.prom""",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; what is told is open to all who reach it.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=9464, show_default=True, help="0: any that is free.")
@click.option("--once", is_flag=True, help="Write the text to standard output and end; for node_exporter's textfiles.")
@pass_session
def metrics(session: Session, *, host: str, port: int, once: bool) -> None:
    """Answer Prometheus at /metrics, until Ctrl-C or SIGTERM; or write its text once.

    Each scrape reads the store, so the figures are right whatever workers there are; one instance for a store is
    enough. Where the store cannot be read, 'ingest_up 0' is answered (also with --once, and the exit code is 0), and
    the reason logged. docs/operators.md says what each metric means and what to alarm on.
    """
    from ingest.metrics import StatusCollector, text  # noqa: PLC0415 - only this command answers Prometheus

    settings, screen = session.settings(), session.screen()
    session.start_log(settings, steady=True)

    def look() -> wire.Status:
        with read.connect(settings.database_url) as connection:
            return read.status(connection)

    collector = StatusCollector(look, complain=lambda failure: screen.complain(f"the store cannot be read: {failure}"))
    if once:
        screen.text(text(collector).rstrip("\n"))
    else:
        _serve(session, collector, host=host, port=port)


def _serve(session: Session, collector: StatusCollector, *, host: str, port: int) -> None:
    from prometheus_client import start_http_server  # noqa: PLC0415 - only this command answers Prometheus

    from ingest.metrics import registry  # noqa: PLC0415 - likewise

    screen = session.screen()
    try:
        server, thread = start_http_server(port, addr=host, registry=registry(collector))
    except OSError as refused:
        raise ConfigurationError(
            f"cannot listen on {host}, port {port}: {refused.strerror or refused}",
            remedy="give another --host or --port; 'ingest metrics --once' listens on none",
        ) from None
    address = f"http://{host}:{server.server_port}/metrics"
    log.event(Event.METRICS_STARTED, address=address)
    try:
        with until_told(screen) as stop:
            screen.note(f"answering at {address}; Ctrl-C ends it")
            while not stop.wait(_LOOK):
                pass
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    screen.note("stopped")
