"""How organisations are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ingest import wire
from ingest.report import words
from ingest.report.blocks import Block, Entry, Gap, Grid, Heading, Part, Tone, line

__all__ = ["detail", "entries", "grid"]

_ID_WIDTH = 28
_LABEL_WIDTH = 13
_NAMES = 6  # shown in a list


def entries(organisations: Iterable[wire.Organisation]) -> list[Block]:
    """A list for a terminal."""
    blocks: list[Block] = []
    for each in organisations:
        others = [name.name for name in each.names if name.name != each.name]
        more = f" and {len(others) - _NAMES} more" if len(others) > _NAMES else ""
        about = [each.region or "", words.number(each.agreements, "agreement"), " · ".join(others[:_NAMES]) + more]
        shown = " · ".join(part for part in about if part)
        lines = (line(Part(each.name, Tone.STRONG)), line(Part(shown, Tone.FAINT)))
        blocks.append(Entry(Part(each.id, Tone.NOTICE), lines, width=_ID_WIDTH))
    return blocks


def grid(organisations: Iterable[wire.Organisation]) -> list[Block]:
    """A list for a pipe: a line an organisation, tab-separated."""
    rows = tuple(
        tuple(
            Part(cell)
            for cell in (
                each.id,
                each.name,
                each.region or "",
                each.origin,
                str(each.agreements),
                " · ".join(name.name for name in each.names),
            )
        )
        for each in organisations
    )
    return [Grid(("id", "name", "region", "origin", "agreements", "names"), rows, flexible=5)]


def detail(organisation: wire.Organisation, agreements: Sequence[wire.Agreement]) -> list[Block]:
    """One organisation: its names, its agreements, and what people ruled about it."""
    blocks: list[Block] = [Heading(organisation.name), Gap()]
    blocks += [_labelled(label, value) for label, value in _properties(organisation) if value]
    blocks += [Gap(), Heading("Names", words.number(len(organisation.names), "name"))]
    for name in organisation.names:
        blocks.append(line(name.name, Part(f"  {name.origin}", Tone.FAINT), indent=2))
    if agreements:
        blocks += [Gap(), Heading("Agreements", words.number(organisation.agreements, "agreement"))]
        for each in agreements:
            about = f"  {words.kind(each.kind)} · {each.status.value} · {words.dated(each.signed_on)} · {each.id}"
            blocks.append(line(words.parties(each), Part(about, Tone.FAINT), indent=2))
    if organisation.decisions:
        blocks += [Gap(), Heading("Decisions")]
        blocks += [
            Entry(Part(each.made_at, Tone.FAINT), (line(_decision(each)),), width=22) for each in organisation.decisions
        ]
    return blocks


def _properties(organisation: wire.Organisation) -> Iterator[tuple[str, str | None]]:
    yield "Id", organisation.id
    yield "Region", organisation.region
    yield "Origin", organisation.origin
    yield "Merged", ", ".join(organisation.merged)


def _decision(decision: wire.Decision) -> str:
    said = decision.kind.replace("_", " ") + ("" if decision.holds else " taken back")
    back = f"taken back {decision.revoked_at} by {decision.revoked_by}" if decision.revoked_at else None
    parts = (said, decision.name, decision.other, f"by {decision.person}", decision.note, back)
    return " · ".join(part for part in parts if part)


def _labelled(label: str, value: str) -> Entry:
    return Entry(Part(label, Tone.FAINT), (line(value),), width=_LABEL_WIDTH)
