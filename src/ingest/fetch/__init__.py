"""Requests over HTTP, for feeds, pages, robots.txt and alerts: guarded, bounded, polite; failures are values.

addresses    which addresses may be connected to
network      connections that go where they were checked to go, and that end on time
transport    httpx on a pool that uses them
client       one request with its redirects: Answer | Failure
bodies       unpacked, but no further than the limit; what a body is
failures     what can go wrong, as a closed set
robots       what robots.txt allows
pace         how long to wait: for a host's turn, after a failure
"""

from __future__ import annotations

from ingest.fetch.addresses import Network, networks
from ingest.fetch.bodies import media_type, unpacked
from ingest.fetch.client import Client, Gate, Terms

__all__ = ["Client", "Gate", "Network", "Terms", "media_type", "networks", "unpacked"]
