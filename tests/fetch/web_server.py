"""A web server on the loopback interface that answers as a test tells it to."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Reply:
    """What the server says: a status, headers, and a body as a whole or in pieces with pauses between them."""

    body: bytes | list = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float


class Site:
    """Routes by path; a route is a reply, a function of the request, or a list of replies, the last of which stays."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.routes: dict = {}
        self.asked: list[Asked] = []

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        route = self.routes.get(asked.path, Reply(b"nothing here", 404))
        if isinstance(route, list):
            route = route.pop(0) if len(route) > 1 else route[0]
        return route(asked) if callable(route) else route

    def paths(self) -> list[str]:
        return [each.path for each in self.asked]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body, time.monotonic())
        reply = self.server.site.answer(asked)
        with suppress(OSError):
            self._send(reply)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        whole = isinstance(reply.body, bytes)
        if whole and "Transfer-Encoding" not in reply.headers and reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        if not whole:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        for piece in [reply.body] if whole else reply.body:
            if isinstance(piece, bytes):
                self.wfile.write(piece)
            else:
                time.sleep(piece)

    do_GET = do_POST = _serve  # noqa: N815 - http.server's names

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serve() -> Iterator[Site]:
    """Run a site in a thread."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.site = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def speak(*says: bytes | float, times: int = 1) -> Iterator[str]:
    """A server below HTTP: says these bytes to whoever connects, pausing where a number stands. Yields its address."""
    listening = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        for _ in range(times):
            with suppress(OSError):
                connection, _ = listening.accept()
                with connection:
                    connection.recv(65_536)
                    for each in says:
                        if isinstance(each, bytes):
                            connection.sendall(each)
                        else:
                            time.sleep(each)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)  # or a thread that waits for a connection would keep it open
        listening.close()
        thread.join(timeout=5)
