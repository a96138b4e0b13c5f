"""How articles that were found are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest import wire
from ingest.report import words
from ingest.report.blocks import Block, Entry, Gap, Grid, Line, Part, Tone, line
from ingest.search.asking import Found

__all__ = ["entries", "grid"]

_ID_WIDTH = 18  # `art-`, 12 digits, two spaces
_TITLE = 200
_FOUND = {Found.TITLE: "in the title", Found.OPENING: "in the opening", Found.TEXT: "in the text"}


def entries(results: Iterable[wire.SearchResult]) -> list[Block]:
    """A list for a terminal: headline, facts and the best passage, with what was asked for picked out."""
    blocks: list[Block] = []
    for result in results:
        facts = (
            words.dated(result.published_at),
            result.language,
            ", ".join(result.topics) or "no topic",
            _FOUND[result.found_in],
            result.key,
        )
        lines = (_title(result), line(Part(" · ".join(facts), Tone.FAINT)), _passage(result.passage))
        blocks += [Entry(Part(result.id, Tone.NOTICE), lines, width=_ID_WIDTH), Gap()]
    return blocks[:-1]


def grid(results: Iterable[wire.SearchResult]) -> list[Block]:
    """A list for a pipe: a line an article, tab-separated."""
    rows = tuple(
        tuple(
            Part(cell)
            for cell in (
                result.id,
                words.dated(result.published_at, ""),
                result.language,
                result.found_in.value,
                result.title or "",
                result.passage.text,
                result.source,
                result.key,
            )
        )
        for result in results
    )
    return [Grid(("id", "date", "language", "found", "title", "passage", "source", "key"), rows, flexible=5)]


def _title(result: wire.SearchResult) -> Line:
    if not result.title:
        return line(Part(result.key))
    if len(result.title) > _TITLE:
        return line(Part(words.shortened(result.title, _TITLE), Tone.STRONG))
    return Line(tuple(_marked(result.title, 0, result.title_spans, Tone.STRONG)))


def _passage(passage: wire.SearchPassage) -> Line:
    return Line(
        (
            Part("…" if passage.start else ""),
            *_marked(passage.text, passage.start, passage.spans, Tone.PLAIN),
            Part("…"),
        )
    )


def _marked(text: str, start: int, spans: Sequence[wire.SearchSpan], tone: Tone) -> Iterable[Part]:
    """A text that begins at an offset, in parts: what was asked for, and what stands between."""
    at = 0
    for span in spans:
        yield Part(text[at : span.start - start], tone)
        yield Part(text[span.start - start : span.end - start], Tone.GOOD)
        at = span.end - start
    yield Part(text[at:], tone)
