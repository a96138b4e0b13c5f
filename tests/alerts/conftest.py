from __future__ import annotations

import pytest
from web_server import serve


@pytest.fixture
def site():
    with serve() as opened:
        yield opened
