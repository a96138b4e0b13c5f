"""How the reading of web archives is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest import wire
from ingest.report import words
from ingest.report.blocks import Block, Entry, Gap, Heading, Part, Tone, line

__all__ = ["blocks", "in_a_line"]

_WIDTH = 11


def in_a_line(found: Sequence[wire.Backfill]) -> str:
    """How far all of it is: what changes on a terminal, and is said now and then in a pipe."""
    done, ranges = sum(each.done for each in found), sum(_ranges(each) for each in found)
    size, read = sum(each.bytes for each in found), sum(each.bytes_read for each in found)
    share = f", {read / size:.1%} of {words.size(size)}" if size else ""
    failed = sum(each.failed for each in found)
    records, pages = sum(each.records for each in found), sum(each.pages for each in found)
    said = [
        f"{done:,} of {words.number(ranges, 'range')}{share}",
        f"{words.number(records, 'record')}, {words.number(pages, 'page')}",
    ]
    said += [f"{failed:,} failed"] if failed else []
    left = [each.remaining_seconds for each in found if each.remaining_seconds is not None]
    said += [f"about {words.lasting(max(left))} left"] if left else []
    return " · ".join(said)


def blocks(found: Sequence[wire.Backfill]) -> list[Block]:
    """Each source of web archives."""
    shown: list[Block] = []
    for each in found:
        shown += [Gap()] if shown else []
        shown.append(Heading(each.source, words.number(each.archives, "web archive")))
        shown += [
            Entry(Part(label, Tone.FAINT), (line(Part(said, tone)),), width=_WIDTH) for label, said, tone in _said(each)
        ]
        for failure in each.failures:
            where = failure.archive if failure.offset is None else f"{failure.archive} from byte {failure.offset:,}"
            shown.append(
                Entry(Part("failed", Tone.BAD), (line(where), line(Part(failure.failure, Tone.FAINT))), width=_WIDTH)
            )
    return shown


def _ranges(found: wire.Backfill) -> int:
    return found.waiting + found.running + found.done + found.failed


def _said(found: wire.Backfill) -> Iterator[tuple[str, str, Tone]]:
    states = (("done", found.done), ("running", found.running), ("waiting", found.waiting), ("failed", found.failed))
    shown = [f"{number:,} {name}" for name, number in states if number]
    yield "ranges", ", ".join(shown) or "none", Tone.BAD if found.failed else Tone.PLAIN
    if found.bytes:
        yield "read", f"{words.size(found.bytes_read)} of {words.size(found.bytes)}", Tone.PLAIN
    yield "records", f"{found.records:,}, of which {words.number(found.pages, 'page')}", Tone.PLAIN
    for label, counts in (("pages", found.fates), ("skipped", found.skipped), ("broken", found.broken)):
        if counts:
            tone = Tone.BAD if label == "broken" else Tone.PLAIN
            yield label, ", ".join(f"{each.count:,} {each.name.replace('_', ' ')}" for each in counts), tone
    if found.records_per_second is not None:
        yield "speed", f"{found.records_per_second:,.1f} records a second and worker", Tone.PLAIN
    if found.remaining_seconds is not None:
        yield "left", f"about {words.lasting(found.remaining_seconds)}", Tone.PLAIN
