"""A port of the loopback interface that leads to a Unix socket: PostgreSQL as a container has it, by host and port."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

__all__ = ["relayed"]


@contextmanager
def relayed(path: str) -> Iterator[int]:
    """Lead whoever connects to a port to a Unix socket; yields the port."""

    class Relay(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.socket(socket.AF_UNIX) as there:
                there.connect(path)
                back = threading.Thread(target=pass_on, args=(there, self.request), daemon=True)
                back.start()
                pass_on(self.request, there)
                back.join()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Relay) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def pass_on(source: socket.socket, sink: socket.socket) -> None:
    """Copy what comes in until it ends, and end the other side, too."""
    with suppress(OSError):
        while part := source.recv(65536):
            sink.sendall(part)
    for each in (source, sink):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
