"""A generated site of feeds and articles on the loopback interface, which counts what it is asked for.

python -m tools.soak.site FEEDS ARTICLES    # of each feed; prints its port, and serves until standard input closes
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
import threading
from collections import Counter
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["main"]

_WORDS = """
harbour council bridge ferry market budget river engineer station permit storm library school train
museum ticket garden hospital airport cargo tunnel festival election mayor survey forest island factory
contract battery solar turbine cable satellite clinic vaccine protein mineral copper textile fishery
tariff auction mortgage pension audit archive lecture stadium orchestra sculpture bakery orchard
vineyard glacier canyon lighthouse reservoir quarry
""".split()  # noqa: SIM905 - a line of words is read more easily than a list of strings
_DATE = "Tue, 03 Mar 2026 10:00:00 GMT"


@lru_cache(maxsize=4096)
def article(feed: int, number: int) -> bytes:
    """A page with a text unlike that of every other."""
    chance = random.Random(feed * 100_003 + number)  # noqa: S311 - made-up words, no secrets
    title = f"Report {feed}-{number}: {' '.join(chance.sample(_WORDS, 3))}"
    paragraphs = [
        " ".join(
            f"{' '.join(chance.sample(_WORDS, chance.randint(7, 14)))} {chance.randint(1, 10**6)}.".capitalize()
            for _ in range(4)
        )
        for _ in range(5)
    ]
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    head = f"<head><title>{title}</title><meta property='article:published_time' content='2026-03-03T10:00:00Z'></head>"
    return f"<!doctype html><html lang=en>{head}<body><article><h1>{title}</h1>{body}</article></body></html>".encode()


@lru_cache(maxsize=512)
def rss(feed: int, articles: int) -> bytes:
    """A feed that names its articles by relative addresses."""
    items = "".join(
        f"<item><title>Report {feed}-{number}</title><link>/{feed}/{number}.html</link>"
        f"<guid isPermaLink='false'>{feed}-{number}</guid><pubDate>{_DATE}</pubDate></item>"
        for number in range(articles)
    )
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>Desk {feed}</title>{items}</channel></rss>".encode()
    )


class _Site(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, articles: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.articles = articles
        self.asked: Counter[str] = Counter()
        self.lock = threading.Lock()

    def count(self, what: str) -> None:
        with self.lock:
            self.asked[what] += 1

    def handle_error(self, *_: object) -> None:
        """Say nothing of connections that a killed worker left."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Site

    def do_GET(self) -> None:
        """Answer a request."""
        name = self.path.strip("/")
        if name == "counts":
            with self.server.lock:
                self._send(json.dumps(self.server.asked).encode(), "application/json")
        elif name.endswith(".rss"):
            self._conditional("feed", rss(int(name.removesuffix(".rss")), self.server.articles), "application/rss+xml")
        elif name.endswith(".html"):
            feed, _, number = name.removesuffix(".html").partition("/")
            self._conditional("article", article(int(feed), int(number)), "text/html; charset=utf-8")
        else:
            self.server.count("other")
            self._send(b"", "text/plain", status=404)

    def _conditional(self, what: str, body: bytes, kind: str) -> None:
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        unchanged = self.headers.get("If-None-Match") == tag
        self.server.count(f"{what} unchanged" if unchanged else what)
        self._send(b"" if unchanged else body, kind, status=304 if unchanged else 200, tag=tag)

    def _send(self, body: bytes, kind: str, *, status: int = 200, tag: str = "") -> None:
        self.send_response(status)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Type", kind)
        if tag:
            self.send_header("ETag", tag)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve until standard input closes."""
    site = _Site(int(sys.argv[2]))
    threading.Thread(target=site.serve_forever, daemon=True).start()
    print(site.server_address[1], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
