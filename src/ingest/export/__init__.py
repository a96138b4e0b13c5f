"""Rows of the views as files: one snapshot, with a manifest by which it can be cited and checked."""

from __future__ import annotations

from ingest.export.exporting import Target, export, target
from ingest.export.forms import FileForm
from ingest.export.manifest import verify
from ingest.export.selection import NAMES, Selection, select

__all__ = ["NAMES", "FileForm", "Selection", "Target", "export", "select", "target", "verify"]
