"""Text → sentences, with offsets: one rule for topics, agreements and evidence, in English and Chinese.

spaCy's own sentence boundaries need its parser on every article, which is the dearest thing the pipeline could do; this
is a single pass of regular expressions, linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.documents import Boilerplate

__all__ = ["Sentence", "split"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """Half-open offsets of a sentence, without the white space around it."""

    start: int
    end: int


# A boundary may follow Western end punctuation with white space behind it, or Chinese end punctuation with anything.
# It is looked for at the beginning of a run of marks only, so that a long run costs linear time.
_END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’)\]»]*+(?=\s)"
    r"|(?<![。！？!?…])[。！？!?…]+[」』”’\"）)]*(?=[^\x00-\x7f])"
    r"|[。！？]+[」』”’\"）)]*"
)
_MARK = re.compile(r"[.!?…。！？]")  # what each of them begins with; found much faster than they are

# After these a full stop does not end a sentence, whatever follows.
_TITLES = re.compile(
    r"(?:^|[\s(“\"'])(?:Mrs?|Ms|Dr|Drs|Prof|Assoc|Asst|Rev|Hon|Gov|Sen|Rep|Gen|Col|Capt|Lt|Sgt|Maj|Cmdr|Adm|St|Ste|Mt|Ft"
    r"|Messrs|Mme|Mlle|Sr|Sra|Sir|vs|v|cf|e\.g|i\.e|viz|approx|est|al|Fig|Figs|Nos?|Vol|pp?|Sec|Art|Ch|ca"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun|a\.k\.a)\.$"
)
# After these it does only where what follows begins a new statement: they end names as often as sentences.
_OPEN = re.compile(
    r"(?:^|[\s(“\"'])(?:Inc|INC|Ltd|LTD|Co|CO|Corp|CORP|PTE|PTY|Cos|LLC|L\.L\.C|Plc|Bros|Pty|Pte|Bhd|Sdn|Jr|Dept|Univ|Assn|Intl|etc|Ph\.D|M\.D"
    r"|[ap]\.m|N\.V|S\.A|B\.V|A\.G|S\.p\.A|U\.S|U\.K|U\.N|E\.U|U\.S\.A|U\.A\.E|D\.C|P\.R|H\.K|(?:[A-Z]\.)+[A-Z])\.$"
)
_INITIAL = re.compile(r"(?:^|[\s(“\"'.])[A-Z]\.$")
_STARTER = re.compile(
    r"[\"'“‘(]*(?:The|Thes[ei]|This|That|Those|A|An|In|On|At|As|It|Its|He|She|They|We|Our|His|Her|Their|I|You|But|And|Or|So|For|From"
    r"|With|Under|By|To|If|When|While|After|Before|Since|During|Both|All|Some|Many|Most|Each|Another|However|Moreover"
    r"|Meanwhile|Also|According|Earlier|Later|Last|Next|Today|Yesterday|There|Here|What|Who|How|Why|Mr|Ms|Mrs|Dr|Prof)\b"
)
_LINE = re.compile(r"^[^\S\n]*+\S[^\n]*", re.MULTILINE)
_LOWER = re.compile(r"[ \t]*[a-z]")
_LIST = re.compile(
    r"[ \t\u3000]*(?:[-*•·●▪–—]+(?=\s)|[•●▪]|\(?\d{1,2}[.)、]|[（(]?[一二三四五六七八九十]{1,2}[）)、])\s*"
)


def _is_wrapped(lines: Sequence[tuple[int, int]]) -> bool:
    """Whether lines were broken at a column: three or more, all but the last nearly as long as the longest."""
    if len(lines) < 3:
        return False
    widths = [end - start for start, end in lines[:-1]]
    longest = max(widths)
    return 45 <= longest <= 100 and min(widths) >= longest - 18 and lines[-1][1] - lines[-1][0] <= longest + 2


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that no sentence crosses: lines, joined where they were only broken at a column."""
    paragraph: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        start, end = line.span()
        if paragraph and start > paragraph[-1][1] + 1:
            yield from _paragraph(text, paragraph)
            paragraph = []
        paragraph.append((start, end))
    if paragraph:
        yield from _paragraph(text, paragraph)


def _paragraph(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    wrapped = _is_wrapped(lines)
    start, end = lines[0]
    for next_start, next_end in lines[1:]:
        runs_on = not _LIST.match(text, next_start) and (
            wrapped or (_LOWER.match(text, next_start) and text[end - 1 : end] not in ".!?:;")
        )
        if not runs_on:
            yield start, end
            start = next_start
        end = next_end
    yield start, end


def _ends_here(text: str, block_start: int, stop: int, block_end: int) -> bool:
    """Whether the punctuation that stops at `stop` ends a sentence."""
    mark = text[stop - 1]
    before = text[max(block_start, stop - 16) : stop]
    following = text[stop : min(stop + 24, block_end)].lstrip()
    if not following or mark in "。！？":
        return True
    if following[0].islower() or following[0] in ",;:)]，；：、":
        return False
    if mark != ".":
        return True
    if _TITLES.search(before):
        return False
    if _OPEN.search(before) or _INITIAL.search(before):
        return bool(_STARTER.match(following))
    return True


def _sentences(text: str) -> Iterator[Sentence]:
    for block_start, block_end in _blocks(text):
        start = at = block_start
        while mark := _MARK.search(text, at, block_end):
            stop = _END.match(text, mark.start(), block_end)
            at = stop.end() if stop else mark.end()
            if stop and _ends_here(text, block_start, at, block_end):
                yield from _trimmed(text, start, at)
                start = at
        yield from _trimmed(text, start, block_end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    if not "A" <= text[left : left + 1] <= "z":  # no list marker begins with one of these
        marker = _LIST.match(text, start, end)
        if marker and marker.end() < end:
            start = marker.end()
            piece = text[start:end]
            left = start + len(piece) - len(piece.lstrip())
    right = start + len(piece.rstrip())
    if left < right:
        yield Sentence(left, right)


def _outside(sentence: Sentence, skip: Sequence[Boilerplate], ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    """What of a sentence lies outside the stretches to be skipped."""
    start = sentence.start
    for stretch in skip[bisect_right(ends, sentence.start) :]:
        if stretch.start >= sentence.end:
            break
        if stretch.start > start:
            yield start, stretch.start
        start = max(start, stretch.end)
    if start < sentence.end:
        yield start, sentence.end


@lru_cache(maxsize=2)
def _all(text: str) -> tuple[Sentence, ...]:
    """Remembered, since several stages ask for the sentences of one article, each with stretches of its own to skip."""
    return tuple(_sentences(text))


def split(text: str, skip: Sequence[Boilerplate] = ()) -> tuple[Sentence, ...]:
    """Split a text into sentences.

    A line feed ends a sentence unless the line was only broken at a column (as wires do) or the next one goes on in
    lower case. Semicolons do not end one. A list marker is no part of its sentence.

    Args:
        text: Any text.
        skip: Ordered, disjoint stretches that are not the story. A sentence that one of them reaches into (a dateline
            stands before the first words) is told without it.

    Returns:
        The sentences in order.
    """
    sentences = _all(text)
    if not skip:
        return sentences
    ends = [stretch.end for stretch in skip]
    return tuple(
        piece
        for sentence in sentences
        for start, end in _outside(sentence, skip, ends)
        for piece in _trimmed(text, start, end)
    )
