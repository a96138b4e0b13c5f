"""How dropped documents are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest import wire
from ingest.report.blocks import Block, Entry, Grid, Part, Tone, line

__all__ = ["counts", "entries", "grid", "summed"]

_MOST_SUMMED = 6
_REASON_WIDTH = 20  # `crashed_repeatedly` and two spaces


def entries(drops: Iterable[wire.DroppedDocument]) -> list[Block]:
    """A list for a terminal: three lines a document."""
    return [
        Entry(
            Part(drop.reason.value, Tone.BAD),
            (
                line(Part(drop.key, Tone.STRONG)),
                line(drop.detail),
                line(Part(f"{drop.source} · stage {drop.stage.value} · {drop.dropped_at}", Tone.FAINT)),
            ),
            width=_REASON_WIDTH,
        )
        for drop in drops
    ]


def grid(drops: Iterable[wire.DroppedDocument]) -> list[Block]:
    """A list for a pipe: a line a document, tab-separated."""
    rows = tuple(
        tuple(
            Part(cell)
            for cell in (drop.source, drop.key, drop.stage.value, drop.reason.value, drop.detail, drop.dropped_at)
        )
        for drop in drops
    )
    return [Grid(("source", "key", "stage", "reason", "detail", "when"), rows, flexible=4)]


def counts(counted: Iterable[wire.DropCount]) -> list[Block]:
    """How many documents were dropped, by reason and source."""
    rows = tuple((Part(f"{each.count:,}"), Part(each.reason.value, Tone.BAD), Part(each.source)) for each in counted)
    return [Grid(("documents", "reason", "source"), rows, flexible=2)]


def summed(counted: Sequence[wire.DropCount]) -> str:
    """The same in one line, the most frequent first."""
    named = [f"{each.count:,} {each.reason.value} ({each.source})" for each in counted[:_MOST_SUMMED]]
    more = sum(each.count for each in counted[_MOST_SUMMED:])
    return f"by reason and source: {', '.join(named)}" + (f" and {more:,} more: --count has them all" if more else "")
