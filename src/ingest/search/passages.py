"""Where a text holds what was asked for, and the passage of it that says most of that."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ingest.search.query import Phrase, Query
from ingest.search.terms import Term, stem, terms

__all__ = ["Passage", "Span", "best_passage", "highlights"]

Span: TypeAlias = tuple[int, int]
"""Half-open offsets into a text."""

_WIDTH = 240  # characters of a passage; of Chinese, which says as much in half of them, half
_READ = 200_000  # characters of a text that are looked through
_SENTENCE = re.compile(r"[.!?…][\"'”’)\]»]*\s|[。！？][」』”’\"）)]*|\n")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text.

    Attributes:
        start: Offset of its first character.
        end: Offset behind its last one.
        spans: What was asked for in it, in order; offsets into the text.
    """

    start: int
    end: int
    spans: tuple[Span, ...]


def highlights(query: Query, text: str) -> tuple[Span, ...]:
    """Where a short text holds what was asked for: in order, none touching another."""
    return _merged([span for _, span in _places(query, terms(text))])


def best_passage(query: Query, text: str) -> Passage:
    """The passage of a text that holds most of what was asked for, of equal ones the first.

    Returns:
        The beginning of the text, where it holds nothing of it: the title or the parties do then.
    """
    found = terms(text[:_READ])
    width = _WIDTH // 2 if sum(term.is_han for term in found) * 2 > len(found) else _WIDTH
    places = _places(query, found)
    if not places:
        end = _cut_back(text, min(len(text), width), 0)
        return Passage(0, end, ())
    first, last = _densest([place for _, place in places], [number for number, _ in places], width)
    start = _start(text, first, last, width)
    end = max(last, _cut_back(text, min(len(text), start + width), last))
    inside = [span for _, span in places if start <= span[0] and span[1] <= end]
    return Passage(start, end, _merged(inside))


def _places(query: Query, found: Sequence[Term]) -> list[tuple[int, Span]]:
    """Which phrase, by its number, stands where, in the order of the text."""
    stems = [term.text if term.is_han else stem(term.text) for term in found]
    wanted = [phrase for clause in query.wanted for phrase in clause.phrases]
    places: list[tuple[int, Span]] = []
    for number, phrase in enumerate(wanted):
        places += [(number, span) for span in _spans(phrase, stems, found)]
    return sorted(places, key=lambda place: place[1])


def _spans(phrase: Phrase, stems: Sequence[str], found: Sequence[Term]) -> list[Span]:
    *before, _ = map(stem, phrase.terms)
    last = phrase.terms[-1]
    spans = []
    for at in _ends(phrase, stems, found):
        first = at - len(before)
        if before and (first < 0 or list(stems[first:at]) != before):
            continue
        is_part = phrase.is_prefix and found[at].is_han
        spans.append((found[first].start, found[at].start + len(last) if is_part else found[at].end))
    return spans


def _ends(phrase: Phrase, stems: Sequence[str], found: Sequence[Term]) -> list[int]:
    """Where the last term of a phrase stands."""
    last = phrase.terms[-1]
    same = stem(last)
    if not phrase.is_prefix:
        return [at for at, each in enumerate(stems) if each == same]
    begun = [at for at, each in enumerate(stems) if each.startswith(last)]
    if len(phrase.terms) > 1:
        return begun + [at for at, each in enumerate(stems) if each == same and not each.startswith(last)]
    return begun + [
        at
        for at, (each, term) in enumerate(zip(stems, found, strict=True))
        if not each.startswith(last) and term.text.startswith(last)
    ]


def _densest(spans: Sequence[Span], numbers: Sequence[int], width: int) -> Span:
    """The stretch of at most so many characters that holds most different phrases, then most places."""
    best, chosen = (0, 0), spans[0]
    counts: Counter[int] = Counter()
    behind = 0
    for at, (start, _) in enumerate(spans):
        if at:
            counts -= Counter([numbers[at - 1]])
        while behind < len(spans) and (spans[behind][1] <= start + width or behind == at):
            counts[numbers[behind]] += 1
            behind += 1
        score = (len(counts), counts.total())
        if score > best:
            best, chosen = score, (start, max(end for _, end in spans[at:behind]))
    return chosen


def _start(text: str, first: int, last: int, width: int) -> int:
    """Where a passage with this stretch begins: with a sentence, if one begins near enough, else with a word."""
    earliest = max(0, first - max(0, width - (last - first)))
    ends = [match.end() for match in _SENTENCE.finditer(text, earliest, first)]
    if ends or earliest == 0:
        start = ends[-1] if ends else 0
    else:
        start = max(earliest, first - width // 4)
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    while start < first and text[start].isspace():
        start += 1
    return start


def _cut_back(text: str, end: int, least: int) -> int:
    """An end that leaves no half word where spaces part words."""
    if end < len(text) and (space := text.rfind(" ", max(least, end - 20), end)) > 0:
        end = space
    while end > least and text[end - 1].isspace():
        end -= 1
    return end


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
