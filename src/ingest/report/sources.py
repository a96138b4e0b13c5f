"""How sources are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest import wire
from ingest.health import Health
from ingest.mask import mask
from ingest.report import words
from ingest.report.blocks import Block, Entry, Gap, Grid, Heading, Part, Tone, line

__all__ = ["check", "exact_duration", "offers", "show", "table"]

_TONES = {
    Health.HEALTHY: Tone.GOOD,
    Health.FAILING: Tone.BAD,
    Health.EMPTY: Tone.BAD,
    Health.TRUNCATED: Tone.NOTICE,
    Health.QUIET: Tone.NOTICE,
}
_HEADER = ("source", "kind", "health", "stored", "dropped", "waiting", "last new", "next visit", "address")
_WIDTH = 14
_SAMPLE = 3


def table(sources: Sequence[wire.Source]) -> list[Block]:
    """All sources, one a line."""
    rows = tuple(
        (
            Part(each.name, Tone.STRONG),
            Part(each.kind),
            Part(each.health.value, _TONES.get(each.health, Tone.FAINT)),
            Part(f"{each.stored:,}"),
            Part(f"{each.dropped:,}"),
            Part(f"{each.waiting:,}"),
            Part(_short(each.last_new_at)),
            Part(_short(each.next_due_at) or "by hand"),
            Part(each.address or "", Tone.FAINT),
        )
        for each in sources
    )
    return [Grid(_HEADER, rows, flexible=8)]


def _short(moment: str | None) -> str:
    """To the minute."""
    return "" if moment is None else moment[:16].replace("T", " ")


def show(found: wire.Source) -> list[Block]:
    """One source, with all that is known of it."""
    blocks: list[Block] = [Heading(found.name, found.title or ""), Gap()]
    blocks += [Entry(Part(label, Tone.FAINT), (line(value),), width=_WIDTH) for label, value in _facts(found)]
    if found.failures:
        blocks += [Gap(), Heading("Failures")]
        blocks += [
            Entry(
                Part(f"{each.number:,}×", Tone.BAD),
                (
                    line(f"{each.kind.value}: {each.reason.value}"),
                    line(Part(f"{each.detail} ({each.last_at})", Tone.FAINT)),
                ),
                width=6,
            )
            for each in found.failures
        ]
    if found.events:
        blocks += [Gap(), Heading("History")]
        blocks += [Entry(Part(each.at, Tone.FAINT), (line(_event(each)),), width=22) for each in found.events]
    return blocks


def _facts(found: wire.Source) -> Iterator[tuple[str, str]]:
    yield "Kind", found.kind
    yield "Address", found.address or "none"
    if found.home:
        yield "Page", found.home
    yield "Health", found.health.value
    if found.last_failure and found.failures_in_a_row:
        yield "Failing", f"{found.failures_in_a_row:,} in a row: {found.last_failure}"
    yield "Last success", found.last_success_at or "never"
    yield "Last new", found.last_new_at or "never"
    yield "Next visit", found.next_due_at or "only by hand"
    if found.interval_seconds:
        yield "Every", f"{exact_duration(found.interval_seconds)}, as was set"
    if found.usual_seconds:
        yield "Rhythm", f"something new every {words.lasting(found.usual_seconds)}"
    if found.entries_last is not None:
        usual = f", usually {found.entries_usual:.0f}" if found.entries_usual is not None else ""
        yield "Entries", f"{found.entries_last:,} in the last listing{usual}"
    yield "Documents", f"{found.stored:,} stored, {found.dropped:,} dropped, {found.waiting:,} waiting"
    yield "Time zone", found.time_zone or "that of the settings"


def exact_duration(seconds: int) -> str:
    """A duration in the largest unit that divides it: `90 minutes`, `2 hours`."""
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds % size == 0:
            return words.number(seconds // size, name)
    return words.number(seconds, "second")


def _event(event: wire.SourceEvent) -> str:
    if event.old_address and event.new_address:
        return f"{event.event}: from {event.old_address} to {event.new_address}"
    said = f"{event.event}: {event.new_address}" if event.new_address else event.event
    return f"{said}. {event.detail}" if event.detail else said


def offers(found: Sequence[wire.SourceCheck]) -> list[Block]:
    """What a site offers, numbered, each with a sample."""
    blocks: list[Block] = []
    for place, each in enumerate(found, start=1):
        lines = [line(Part(each.title or mask(each.address), Tone.STRONG), f"  {each.kind.value}, {_size(each)}")]
        lines.append(line(Part(mask(each.address), Tone.FAINT)))
        lines += [line(_entry(entry), indent=2) for entry in each.entries[:_SAMPLE]]
        blocks.append(Entry(Part(f"{place}", Tone.NOTICE), tuple(lines), width=4))
    return blocks


def check(found: wire.SourceCheck, *, limit: int) -> list[Block]:
    """What a source would bring."""
    if found.failure is not None:
        return [Entry(Part("failed", Tone.BAD), (line(mask(found.address)), line(found.failure)))]
    new = sum(not entry.is_known for entry in found.entries)
    blocks: list[Block] = [
        Heading(found.title or mask(found.address), f"{found.kind.value}, {_size(found)}, {new:,} new"),
        Gap(),
    ]
    shown = found.entries[:limit] if limit else found.entries
    blocks += [
        Entry(
            Part("known" if entry.is_known else "new", Tone.FAINT if entry.is_known else Tone.GOOD),
            (line(_entry(entry)), line(Part(entry.url, Tone.FAINT))),
            width=7,
        )
        for entry in shown
    ]
    blocks += [Entry(Part("note", Tone.NOTICE), (line(problem),), width=7) for problem in found.problems]
    return blocks


def _size(found: wire.SourceCheck) -> str:
    parts = [words.number(len(found.entries), "entry", "entries")] if found.entries or not found.sitemaps else []
    parts += [words.number(found.sitemaps, "further sitemap")] if found.sitemaps else []
    return ", ".join(parts)


def _entry(entry: wire.SourceEntry) -> str:
    return f"{entry.published[:10]}  {entry.title or entry.url}" if entry.published else entry.title or entry.url
