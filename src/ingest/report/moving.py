"""How the copying, backing up and checking of whole stores is shown."""

from __future__ import annotations

from collections.abc import Iterator

from ingest import wire
from ingest.report.blocks import Block, Entry, Grid, Part, Tone, line
from ingest.report.words import number

__all__ = ["backed_up", "copied", "restored", "verified"]

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


def backed_up(made: wire.Backup, *, folder: str) -> Iterator[Block]:
    """What a backup came to."""
    rows = sum(table.rows for table in made.tables)
    told = [line(f"{rows:,} rows of {made.database}, revision {made.revision}, in {folder}/{made.name}")]
    if made.archive is not None:
        told.append(line(f"{number(made.pages, 'raw body', 'raw bodies')}, {made.copied:,} of them new to {folder}"))
    yield Entry(Part("backed up", Tone.GOOD), tuple(told), width=_WIDTH)
    if made.missing:
        lost = f"{made.archive} has {made.missing:,} of them not, or only damaged: {', '.join(made.missing_pages[:3])}"
        yield Entry(Part("missing", Tone.BAD), (line(lost), line("ingest db verify")), width=_WIDTH)


def restored(done: wire.Restored) -> Iterator[Block]:
    """What a restore came to."""
    if done.mismatches:
        said = f"{number(done.mismatches, 'row')} of {done.rows:,} differ; {done.database} is not to be used"
        yield Entry(Part("differs", Tone.BAD), (line(said),), width=_WIDTH)
        return
    told = [line(f"{done.rows:,} rows, all compared, into {done.database}, revision {done.revision}")]
    if done.archive is not None:
        told.append(
            line(f"{number(done.pages, 'raw body', 'raw bodies')}, {done.copied:,} of them new to {done.archive}")
        )
    if done.removals:
        told.append(line(f"{number(done.removals, 'removal')} by request since then carried out again"))
    yield Entry(Part("restored", Tone.GOOD), tuple(told), width=_WIDTH)
    if done.missing:
        yield Entry(
            Part("missing", Tone.BAD), (line(f"{done.missing:,} of them, in the backup and here"),), width=_WIDTH
        )


def verified(told: wire.Verification) -> Iterator[Block]:
    """What looking over came to; findings are told apart."""
    read = []
    if told.tables:
        read.append(f"{sum(table.rows for table in told.tables):,} rows")
    if told.archive is not None:
        sample = "a sample of " if told.pages_read < told.pages else ""
        read.append(f"{sample}{told.pages_read:,} raw bodies in {told.archive}")
    if told.findings:
        wrong = f"{number(len(told.findings), 'finding')}"
        if told.pages_wrong:
            wrong += f"; {told.pages_wrong:,} of {told.pages_read:,} raw bodies are missing or damaged"
        yield Entry(Part("not whole", Tone.BAD), (line(f"{told.subject}: {wrong}"),), width=_WIDTH)
        return
    yield Entry(
        Part("in order", Tone.GOOD), (line(told.subject), line(f"read {' and '.join(read) or 'no rows'}")), width=_WIDTH
    )
