"""Connections that go where they were checked to go, and that end on time.

A name is resolved here, every record of it is checked, and the connection is made to an address that was checked: a
second look-up, which might say something else, never happens. TLS still names and checks the host, not the address.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from typing import Any

import httpcore

from ingest.fetch.addresses import Network, refusal

__all__ = [
    "DEADLINE",
    "AddressRefusedError",
    "GuardedNetwork",
    "NameNotFoundError",
    "NotTrustedError",
    "Resolver",
    "resolve",
]

DEADLINE: ContextVar[float] = ContextVar("deadline")
"""By the monotonic clock: when the request that this thread is at has to be over."""

Resolver = Callable[[str, int], Sequence[str]]
"""Host and port → every address of it."""


class AddressRefusedError(httpcore.ConnectError):
    """The host is in a network that may not be connected to."""


class NameNotFoundError(httpcore.ConnectError):
    """DNS knows no such host."""


def resolve(host: str, port: int) -> tuple[str, ...]:
    """Every address of a host, by the system's resolver, as numbers.

    Raises:
        OSError: There is none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


class NotTrustedError(httpcore.ConnectError):
    """There is no TLS with the host, or its certificate is not its own."""


class GuardedNetwork(httpcore.NetworkBackend):
    """What httpcore opens connections with.

    Args:
        allowed: Networks that are let through although they are private or reserved.
        resolver: How names become addresses.
        trusted: Hosts that are not checked: the proxy that an operator set.
    """

    def __init__(
        self, *, allowed: Sequence[Network] = (), resolver: Resolver = resolve, trusted: frozenset[str] = frozenset()
    ) -> None:
        self._allowed = allowed
        self._resolver = resolver
        self._trusted = trusted
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers, unless any of them is refused."""
        failure: Exception | None = None
        for address in self._checked(host, port, timeout):
            try:
                opened = self._sockets.connect_tcp(address, port, _left(timeout), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as refused:
                failure = refused
                continue
            return _TimedStream(opened)
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002 - the signature is httpcore's
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - likewise
    ) -> httpcore.NetworkStream:
        """Refuse: no address that a feed can name leads to one."""
        raise AddressRefusedError(f"{path} is a socket of this machine")

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def _checked(self, host: str, port: int, timeout: float | None) -> Sequence[str]:
        addresses = _in_time(lambda: self._resolver(host, port), host=host, seconds=_left(timeout))
        if host not in self._trusted:
            for address in addresses:
                if (why := refusal(address, allowed=self._allowed)) is not None:
                    raise AddressRefusedError(f"{host} is at {address}, which is {why}")
        return addresses


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends when the whole request has to."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))
        except httpcore.ConnectError as refused:
            if isinstance(refused.__cause__, ssl.SSLError):
                raise NotTrustedError(str(refused)) from refused
            raise

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None, late: type[Exception] = httpcore.ConnectTimeout) -> float:
    """Seconds that a step may take: its own limit, or what is left of the request's, whichever is less."""
    left = DEADLINE.get() - time.monotonic()
    if left <= 0:
        raise late("the request took too long as a whole")
    return left if timeout is None else min(timeout, left)


def _in_time(work: Callable[[], Sequence[str]], *, host: str, seconds: float) -> Sequence[str]:
    """Look a name up, but wait no longer than that: the system's resolver has no limit that could be set."""
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(work())
        except (OSError, UnicodeError) as unknown:
            answers.put(unknown)

    threading.Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
    try:
        found = answers.get(timeout=seconds)
    except queue.Empty:
        raise httpcore.ConnectTimeout(f"the look-up of {host} took too long") from None
    if isinstance(found, Exception) or not found:
        raise NameNotFoundError(f"DNS knows no host {host}") from None
    return found
