"""What people are shown of runs, articles and agreements: pure functions from what is known to blocks of text."""

from __future__ import annotations
