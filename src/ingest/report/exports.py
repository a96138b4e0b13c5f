"""What an export wrote, and whether files are still those that were exported."""

from __future__ import annotations

from pathlib import Path

from ingest import wire
from ingest.report.blocks import Block, Grid, Line, Part, Tone
from ingest.report.words import size

__all__ = ["exported", "verified"]

_STATES = {"same": Tone.GOOD, "changed": Tone.BAD, "missing": Tone.BAD}


def exported(export: wire.Export, *, terminal: bool) -> list[Block]:
    """A line for each file, and one for the manifest: where, rows, bytes, SHA-256."""
    folder = Path(export.path).parent
    rows = tuple(
        (
            Part(str(folder / file.file)),
            Part(f"{file.rows:,}" if terminal else str(file.rows)),
            Part(size(file.bytes) if terminal else str(file.bytes)),
            Part(file.sha256, Tone.FAINT),
        )
        for file in export.manifest.files
    )
    manifest = (Part(export.path), Part(""), Part(""), Part(export.sha256, Tone.FAINT))
    table = Grid(header=("file", "rows", "bytes", "SHA-256"), rows=(*rows, manifest), flexible=0)
    if not terminal:
        return [table]
    cite = f"As of {export.manifest.taken_at}. To cite all of it, give this time and the SHA-256 of the manifest."
    return [table, Line((Part(cite, Tone.FAINT),))]


def verified(verification: wire.ExportVerification) -> list[Block]:
    """A line for each file: what became of it, and the manifest's SHA-256."""
    rows = tuple((Part(each.state, _STATES[each.state]), Part(each.file)) for each in verification.files)
    head = (Part("manifest", Tone.FAINT), Part(verification.sha256))
    return [Grid(header=("", "file"), rows=(*rows, head), flexible=1)]
