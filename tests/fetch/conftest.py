from __future__ import annotations

import pytest
from web_server import serve

from ingest.fetch import Client, Terms, networks

LOOPBACK = networks("127.0.0.0/8")


@pytest.fixture
def site():
    with serve() as opened:
        yield opened


@pytest.fixture
def other_site():
    with serve() as opened:
        yield opened


@pytest.fixture
def client():
    with Client(Terms(agent="ingest-test/1", allowed=LOOPBACK, seconds=3, max_bytes=1_000_000)) as opened:
        yield opened
