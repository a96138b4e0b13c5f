from __future__ import annotations

import pytest
from visit_samples import team
from web_server import serve


@pytest.fixture
def site():
    with serve() as opened:
        yield opened


@pytest.fixture
def workers(store):
    with team(store) as made:
        yield made
