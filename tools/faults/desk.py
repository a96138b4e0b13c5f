"""A desk on the loopback interface that takes alerts by webhook, and knows repetitions by their id."""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tools.faults.outlet import HOST

__all__ = ["Desk", "Told", "desk", "with_desk"]

Told = tuple[tuple[str, tuple[str, ...]], ...]
"""What a message tells: for each item why, and the parties."""

_LONGEST_SECONDS = 15.0  # a sender waits for 20


@dataclass(slots=True, kw_only=True)
class Desk:
    """What was received.

    Attributes:
        url: Where it takes alerts.
        taken: Id and content of each message, in the order in which they came; repetitions too.
        waiting: How many it has taken and not acknowledged, since it holds its answers back.
    """

    url: str
    taken: list[tuple[str, Told]] = field(default_factory=list)
    waiting: int = 0
    _answers: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hold(self) -> None:
        """From now on take messages, and acknowledge none."""
        self._answers.clear()

    def release(self) -> None:
        """Acknowledge again."""
        self._answers.set()

    def take(self, message: str, told: Told) -> None:
        """Take a message; return when it is to be acknowledged."""
        with self._lock:
            self.taken.append((message, told))
            self.waiting += 1
        self._answers.wait(_LONGEST_SECONDS)
        with self._lock:
            self.waiting -= 1

    def told(self) -> list[Told]:
        """What it was told, a message each, in an order of its own; a repetition under the same id does not count."""
        return sorted(dict(self.taken).values())

    def repeated(self) -> set[str]:
        """Ids that came more than once."""
        ids = [message for message, _ in self.taken]
        return {message for message in ids if ids.count(message) > 1}

    def at_odds(self) -> set[str]:
        """Ids under which different things came."""
        return {message for message, _ in self.taken if len({told for each, told in self.taken if each == message}) > 1}


def _parties(agreement: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(party["name"] for party in agreement["parties"]))


@contextmanager
def desk() -> Iterator[Desk]:
    """Listen for alerts."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            items = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["data"]["items"]
            made.take(self.headers["webhook-id"], tuple((item["why"], _parties(item["agreement"])) for item in items))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *about: object) -> None:
            """Say nothing of senders that were killed before they had their answer."""

    with Server((HOST, 0), Receiver) as server:
        made = Desk(url=f"http://{HOST}:{server.server_port}/alerts")
        made.release()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield made
        server.shutdown()


def with_desk(folder: Path, receiver: Desk) -> dict[str, str]:
    """Write the file of channels in which the desk stands as `desk`; settings that name it."""
    path = folder / "channels.toml"
    path.write_text(
        f'[desk]\nkind = "webhook"\nurl = "{receiver.url}"\nsecret = ["env:DESK_SECRET"]\n', encoding="utf-8"
    )
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    return {"INGEST_CHANNELS": str(path), "INGEST_ALLOWED_NETWORKS": HOST, "DESK_SECRET": secret}
