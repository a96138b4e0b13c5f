"""How the history of a document, and the state of the store, are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest import wire
from ingest.report import words
from ingest.report.blocks import Block, Entry, Gap, Heading, Part, Tone, line

__all__ = ["history", "records", "statistics"]

_TIME_WIDTH = 22
_LABEL_WIDTH = 13


def history(found: wire.History) -> list[Block]:
    """All that happened to one document."""
    blocks: list[Block] = [Heading(found.key, f"source {found.source}"), Gap()]
    blocks += [Entry(Part(label, Tone.FAINT), (line(value),), width=_LABEL_WIDTH) for label, value in _facts(found)]
    blocks += [Gap(), Heading("What happened")]
    blocks += [
        Entry(
            Part(event.at, Tone.FAINT),
            (line(_event(event), Part(f"  run {event.run}", Tone.FAINT)),),
            width=_TIME_WIDTH,
        )
        for event in found.events
    ]
    if not found.events:
        blocks.append(line(Part("nothing yet", Tone.FAINT)))
    return blocks


def records(file: str, found: Sequence[wire.History], *, total: int, options: Sequence[str] = ()) -> list[Block]:
    """The records of a file of JSON lines, a few lines each.

    Args:
        file: What somebody called it.
        found: Those that are listed.
        total: How many there are.
        options: What a further command must repeat to see the same store.
    """
    blocks: list[Block] = [Heading(file, words.number(total, "record")), Gap()]
    for each in found:
        told = f"{each.reason}: {each.detail}" if each.reason else " · ".join(filter(None, (each.title, each.article)))
        label = Part(each.state, Tone.BAD if each.reason else Tone.FAINT)
        blocks.append(Entry(label, (line(Part(each.key, Tone.STRONG)), *([line(told)] if told else []))))
    if total > len(found):
        blocks.append(line(Part(f"… and {total - len(found):,} more: --json gives them all", Tone.FAINT)))
    one = words.command("why", "KEY", options=options)
    return [*blocks, Gap(), line(Part(f"'{one}' tells all that happened to one of them.", Tone.FAINT))]


def _facts(found: wire.History) -> Iterable[tuple[str, str]]:
    state = found.state
    if found.reason:
        state += f": {found.reason}. {found.detail or ''}".rstrip()
    if found.held_by_run is not None:
        state += f"; in the hands of run {found.held_by_run}"
    yield "State", state
    optional = (
        ("Title", found.title),
        ("Article", found.article),
        ("URL", found.url),
        ("Raw bytes", found.page_location),
    )
    yield from ((label, value) for label, value in optional if value)
    yield "First seen", found.first_seen_at
    yield "Last seen", found.last_seen_at


_SAID = {
    "taken_over": "taken over from a worker that died or was too slow",
    "listed": "named by its source; waits to be fetched",
    "postponed": "could not be fetched",
}


def _event(event: wire.HistoryEvent) -> str:
    article = event.article or "an article"
    revision = f", revision {event.revision}" if event.revision else ""
    match event.event:
        case "stored":
            said = f"stored as {article}{revision}"
        case "copied":
            said = f"a copy of {event.other or 'another document'}: stands for {article}"
        case "near_duplicate":
            said = f"stored as {article}; nearly a duplicate of {event.other or 'another document'}"
        case "revised":
            said = f"revised: now {article}{revision}"
        case "renamed":
            said = f"renamed from {event.other or 'another name'}; still {article}"
        case "page_changed":
            said = f"other bytes, the same article: {article}"
        case "restored":
            said = f"restored: {article} again"
        case "dropped":
            said = f"dropped by the stage {event.stage}: {event.reason}"
        case other:
            said = _SAID.get(other) or other.replace("_", " ")
    return f"{said}. {event.detail}" if event.detail else said


def statistics(found: wire.Statistics) -> list[Block]:
    """What the store holds."""
    rows = (
        ("Database", found.database),
        ("Documents", _counts(found.documents)),
        ("Dropped", _counts(found.drops)),
        ("Articles", f"{found.articles:,} in force"),
        ("Languages", _counts(found.languages)),
        ("Topics", _counts(found.topics)),
        ("Agreements", _counts(found.agreements)),
        (
            "Runs",
            words.number(found.runs, "run") + (f", the last began {found.last_run_at}" if found.last_run_at else ""),
        ),
    )
    return [Entry(Part(label, Tone.FAINT), (line(value or "none"),), width=_LABEL_WIDTH) for label, value in rows]


def _counts(counted: tuple[wire.Counted, ...]) -> str:
    return " · ".join(f"{one.count:,} {one.name.replace('_', ' ')}" for one in counted)
