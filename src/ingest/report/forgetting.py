"""How the removal of articles and of raw bodies is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest import wire
from ingest.report.blocks import Block, Entry, Grid, Line, Part, Tone, line
from ingest.report.words import number, shortened, size

__all__ = ["removal", "removed_again", "retention", "tombstone_entries", "tombstone_grid"]

_WIDTH = 12
_SHOWN = 10


def removal(told: wire.Removal) -> Iterator[Block]:
    """What will go, what stays, and what is not reached."""
    goes = [line(f"{each.source}: {shortened(each.key, 200)}, every revision") for each in told.documents[:_SHOWN]]
    goes += [line(f"{each.source}: {shortened(each.key, 200)}, the same text") for each in told.others[:_SHOWN]]
    goes += _more(len(told.documents) + len(told.others), len(goes), "document")
    goes.append(line(f"{number(len(told.articles), 'text')}{_named(told.articles)}"))
    goes.append(line(", ".join(f"{each.rows:,} {each.table}" for each in told.rows) or "no row"))
    goes.append(line(f"{number(len(told.pages), 'raw body', 'raw bodies')} of the archive"))
    yield Entry(Part("goes", Tone.BAD), tuple(goes), width=_WIDTH)
    changes = []
    if told.agreements_emptied:
        changes.append(line(f"nothing tells of {_listed('agreement', told.agreements_emptied)} any more"))
    if told.agreements_remade:
        changes.append(line(f"{_listed('agreement', told.agreements_remade)} made again from what is left"))
    if told.organisations:
        changes.append(line(f"{number(told.organisations, 'organisation')} that only it named"))
    if told.alerts_withdrawn:
        changes.append(line(f"{number(told.alerts_withdrawn, 'alert')} not sent"))
    if changes:
        yield Entry(Part("changes", Tone.NOTICE), tuple(changes), width=_WIDTH)
    if told.near_duplicates:
        yield Entry(
            Part("stays", Tone.NOTICE),
            (line(f"what resembles it: {', '.join(told.near_duplicates)}"),),
            width=_WIDTH,
        )
    yield Entry(Part("kept out", Tone.GOOD), (line(f"by {number(told.marks, 'digest')}"),), width=_WIDTH)
    unreached = "backups made before, exports, models trained on it, what readers of the views keep"
    sent = f"; {number(told.alerts_sent, 'alert')} that were sent" if told.alerts_sent else ""
    yield Entry(Part("not reached", Tone.FAINT), (line(unreached + sent),), width=_WIDTH)


def _more(every: int, shown: int, what: str) -> list[Line]:
    return [line(f"and {number(every - shown, what)} more")] if every > shown else []


def _named(ids: Sequence[str]) -> str:
    return f": {', '.join(ids[:_SHOWN])}{', …' if len(ids) > _SHOWN else ''}" if ids else ""


def _listed(what: str, ids: Sequence[str]) -> str:
    return number(len(ids), what) + _named(ids)


def retention(told: wire.Retention) -> Iterator[Block]:
    """What goes, by source."""
    if told.sources:
        yield Grid(
            header=("source", "older than", "raw bodies", "size"),
            rows=tuple(
                (Part(each.source), Part(number(each.days, "day")), Part(f"{each.pages:,}"), Part(size(each.bytes)))
                for each in told.sources
            ),
            flexible=0,
        )
    verb = "deleted" if told.done else "to delete"
    bodies = f"{number(told.pages, 'raw body', 'raw bodies')}, {size(told.bytes)} as they arrived"
    shown = [line(bodies if told.pages else "no raw body is old enough")]
    if told.needed:
        shown.append(line(f"{told.needed:,} stay, since another source needs them still"))
    yield Entry(Part(verb, Tone.NOTICE if told.pages else Tone.GOOD), tuple(shown), width=_WIDTH)


def removed_again(told: Sequence[wire.RemovalRecord]) -> Iterator[Block]:
    """Removals that a store does not know."""
    lines = tuple(
        line(
            f"{each.made_at[:19]}Z by {each.person}: {each.reason}",
            Part(f", lifted by {each.lifted_by}" if each.lifted_at else "", Tone.FAINT),
        )
        for each in told
    )
    nothing = (line("the store knows every removal that the archive records"),)
    yield Entry(Part("again", Tone.BAD if told else Tone.GOOD), lines or nothing, width=_WIDTH)


def tombstone_entries(told: Sequence[wire.Tombstone]) -> list[Block]:
    """Removals, on a terminal."""
    return [
        Entry(
            Part(str(each.id), Tone.FAINT if each.lifted_at else Tone.PLAIN),
            (
                line(f"{each.made_at} by {each.person}: {each.reason}"),
                line(
                    Part(f"{number(each.documents, 'document')}, {number(each.articles, 'text')}; ", Tone.FAINT),
                    f"lifted {each.lifted_at} by {each.lifted_by}" if each.lifted_at else f"{each.marks:,} kept out",
                ),
            ),
            width=6,
        )
        for each in told
    ]


def tombstone_grid(told: Sequence[wire.Tombstone]) -> list[Block]:
    """Removals, in a pipe."""
    rows = tuple(
        tuple(
            Part(str(cell))
            for cell in (each.id, each.made_at, each.person, each.reason, each.documents, each.articles, each.marks)
        )
        for each in told
    )
    return [Grid(("id", "made", "by", "reason", "documents", "texts", "kept out"), rows, flexible=3)]
