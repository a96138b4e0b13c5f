"""What an export wrote, and whether files are still those that were exported."""

from __future__ import annotations

from pathlib import Path

from ingest import wire
from ingest.report.blocks import Block, Gap, Grid, Line, Part, Tone
from ingest.report.words import size

__all__ = ["exported", "verified"]

_STATES = {"same": Tone.GOOD, "changed": Tone.BAD, "missing": Tone.BAD}


def exported(export: wire.Export, *, terminal: bool) -> list[Block]:
    """The files and the manifest; in a pipe a line for each: where, rows, bytes, SHA-256."""
    folder = Path(export.path).parent
    files = export.manifest.files
    if not terminal:
        rows = tuple(
            tuple(map(Part, (str(folder / file.file), str(file.rows), str(file.bytes), file.sha256))) for file in files
        )
        manifest = tuple(map(Part, (export.path, "", "", export.sha256)))
        return [Grid(header=("file", "rows", "bytes", "SHA-256"), rows=(*rows, manifest), flexible=0)]
    shown = tuple((Part(str(folder / file.file)), Part(f"{file.rows:,}"), Part(size(file.bytes))) for file in files)
    return [
        Grid(header=("file", "rows", "size"), rows=shown, flexible=0),
        Gap(),
        Line((Part(f"To cite all of it: as of {export.manifest.taken_at}, {export.path} with the SHA-256"),)),
        Line((Part(export.sha256, Tone.STRONG),)),
    ]


def verified(verification: wire.ExportVerification) -> list[Block]:
    """A line for each file: what became of it, and the manifest's SHA-256."""
    rows = tuple((Part(each.state, _STATES[each.state]), Part(each.file)) for each in verification.files)
    head = (Part("manifest", Tone.FAINT), Part(verification.sha256))
    return [Grid(header=("", "file"), rows=(*rows, head), flexible=1)]
