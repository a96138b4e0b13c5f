"""How good the stages are, on labelled data of anybody's own: pure scoring; `ingest.cli.evaluate` reads the files."""

from __future__ import annotations

__all__: tuple[str, ...] = ()
