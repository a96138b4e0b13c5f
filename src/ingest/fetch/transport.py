"""httpx on a connection pool of our own, which opens connections through `network.GuardedNetwork`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast
from urllib.parse import unquote

import httpcore
import httpx

from ingest.fetch.network import GuardedNetwork

__all__ = ["GuardedTransport", "pool"]

_CONNECTIONS = 64


def pool(network: GuardedNetwork, *, proxy: httpx.URL | None = None) -> httpcore.ConnectionPool:
    """Make the pool that a transport uses.

    Args:
        network: How connections are opened.
        proxy: The proxy to go through; its user name and password are taken from it.
    """
    context = httpx.create_ssl_context()
    if proxy is None:
        return httpcore.ConnectionPool(
            ssl_context=context, max_connections=_CONNECTIONS, keepalive_expiry=10.0, network_backend=network
        )
    secret = (unquote(proxy.username), unquote(proxy.password)) if proxy.userinfo else None
    return httpcore.HTTPProxy(
        proxy_url=_address(proxy.copy_with(username=None, password=None)),
        proxy_auth=secret,
        ssl_context=context,
        max_connections=_CONNECTIONS,
        keepalive_expiry=10.0,
        network_backend=network,
    )


class GuardedTransport(httpx.BaseTransport):
    """What an `httpx.Client` sends through. Raises httpcore's exceptions as they are; closing it closes nothing."""

    def __init__(self, connections: httpcore.ConnectionPool) -> None:
        self._connections = connections

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the body of the answer is read from its stream."""
        answer = self._connections.handle_request(
            httpcore.Request(
                method=request.method,
                url=_address(request.url),
                headers=request.headers.raw,
                content=cast("httpx.SyncByteStream", request.stream),
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Leave the pool open: each request has a client of its own, so that none sees another's cookies."""


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def _address(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
