"""A small soak of the same kind as `make soak`: two workers, one of them killed, and nothing lost or stored twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
@pytest.mark.parametrize("where", [(), ("--postgresql",)], ids=["sqlite", "postgresql"])
def test_workers_that_are_killed_lose_nothing_and_store_nothing_twice(where):
    command = [sys.executable, "-m", "tools.soak.visits", "--feeds", "6", "--articles", "12", "--kills", "2"]
    ran = subprocess.run([*command, *where], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "articles: 72" in ran.stdout
    assert "kills: 2" in ran.stdout
    assert "{'feed unchanged': 6}" in ran.stdout
