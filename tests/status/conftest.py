from __future__ import annotations

import pytest

from ingest import log


@pytest.fixture(autouse=True)
def _no_log_of_another_test():
    yield
    log.stop()
