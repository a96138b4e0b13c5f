"""An outlet on the loopback interface: a feed that grows, and its pages."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["HOST", "WIRE", "Outlet", "outlet"]

HOST = "127.0.0.2"
"""Of its own, so that a test may let it through (`allowed_networks`) and have other loopback addresses refused."""

WIRE = "wire"
"""Name of the source that stands for the feed."""


@dataclass(slots=True, kw_only=True)
class Outlet:
    """What is published.

    Attributes:
        address: Of the outlet, without a slash at its end.
        pages: Bodies by path, the oldest first.
    """

    address: str
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def feed(self) -> str:
        """Address of the feed."""
        return f"{self.address}/feed.xml"

    def publish(self, numbers: Iterable[int]) -> None:
        """Publish pages: news of agreements of its own, what dropped files tell as well, and now and then nothing.

        Args:
            numbers: Those of the files that are dropped at the same time; every tenth is published too.
        """
        for number in numbers:
            if number % 10 == 0:
                self.pages[f"/{number:05}.html"] = _page(number)

    def answer(self, path: str) -> tuple[str, str] | None:
        """The type and the body of what lies under a path; None: nothing."""
        if path == "/feed.xml":
            entries = "".join(
                f"<item><title>Wire {page}</title><link>{self.address}{page}</link><guid>{page}</guid></item>"
                for page in reversed(list(self.pages))
            )
            head = f"<title>Wire</title><link>{self.address}/</link>"
            return "application/rss+xml", f"<rss version='2.0'><channel>{head}{entries}</channel></rss>"
        body = self.pages.get(path)
        return None if body is None else ("text/html; charset=utf-8", body)


def _page(number: int) -> str:
    if number % 100 == 50:
        return "<html lang=en><head><title>Page not found</title></head><body><h1>Page not found</h1></body></html>"
    # Every second page repeats what the dropped files with this number tell.
    one, other = ("Northbank", "Eastlake") if number % 20 == 0 else ("Westhaven", "Southport")
    title = f"Wire report {number} from quay {number * 11}"
    story = (
        f"<p>{one}{number} University and {other}{number} University signed a memorandum of understanding on joint "
        f"research in gene therapy on 3 March 2025.</p><p>Guests of wire {number} came by ship {number * 17}, and the "
        f"deans of campus {number * 23} spoke for {number * 3} minutes about laboratory {number * 29}.</p>"
    )
    head = f"<head><title>{title}</title></head>"
    return f"<html lang=en>{head}<body><article><h1>{title}</h1>{story}</article></body></html>"


@contextmanager
def outlet() -> Iterator[Outlet]:
    """Serve an outlet that has published nothing yet."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = made.answer(self.path) or ("text/plain", "")
            content = body.encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *about: object) -> None:
            """Say nothing of connections that a killed worker left."""

    with Server((HOST, 0), Site) as server:
        made = Outlet(address=f"http://{HOST}:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield made
        server.shutdown()
