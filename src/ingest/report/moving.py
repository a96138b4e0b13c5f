"""How the copying, backing up and checking of whole stores is shown."""

from __future__ import annotations

from collections.abc import Iterator

from ingest import wire
from ingest.report.blocks import Block, Entry, Grid, Part, Tone, line
from ingest.report.words import number

__all__ = ["copied"]

_WIDTH = 11


def copied(copy: wire.StoreCopy) -> Iterator[Block]:
    """What a copy came to: the tables that hold something, then the sum."""
    yield Grid(
        header=("table", "rows", "compared"),
        rows=tuple(
            (Part(table.table), Part(f"{table.rows:,}"), _outcome(table))
            for table in copy.tables
            if table.rows or _differs(table)
        ),
        flexible=2,
    )
    if copy.mismatches:
        yield Entry(
            Part("differs", Tone.BAD),
            (
                line(f"{number(copy.mismatches, 'row')} of {copy.rows:,} differ; {copy.target} is not to be used"),
                line("give --restart to empty it and copy anew"),
            ),
            width=_WIDTH,
        )
        return
    begun = " (the rest of a copy that was broken off)" if copy.resumed else ""
    told = [line(f"{copy.copied:,} rows{begun} into {copy.target}, revision {copy.revision}")]
    told.append(line(f"{copy.rows:,} rows compared, all are the same"))
    if copy.nul_replaced:
        told.append(line(f"NUL was replaced by U+FFFD in {number(copy.nul_replaced, 'value')}"))
    if copy.running:
        told.append(
            line(f"{number(copy.running, 'run')} under way on {copy.source}: what it still writes there stays there")
        )
    yield Entry(Part("copied", Tone.GOOD), tuple(told), width=_WIDTH)


def _differs(table: wire.CopiedTable) -> int:
    return table.missing + table.added + table.changed


def _outcome(table: wire.CopiedTable) -> Part:
    if not _differs(table):
        return Part("the same", Tone.GOOD)
    counts = (("missing", table.missing), ("added", table.added), ("changed", table.changed))
    said = ", ".join(f"{count:,} {what}" for what, count in counts if count)
    return Part(f"{said}: {', '.join(table.examples)}", Tone.BAD)
