"""The cheap sentence trigger: which sentences may state an agreement, and the words in them that say so.

Two steps. `fires` scans a whole text once with one short expression of word stems, which costs well under a
millisecond an article; only the sentences that it points at are read with the full vocabulary by `find_triggers`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.agreements.vocabulary import vocabulary
from ingest.documents import Kind
from ingest.sentences import Sentence

__all__ = ["Trigger", "find_triggers", "fires"]

_STEM = re.compile(
    r"memorand|\bmous?\b|\blois?\b|\bletters? of (?:intent|understand|co)|\bstatements? of intent|heads of agreement|partner|collaborat|co-?operat|alliance"
    r"|agree[dms]|agreeing|agreement|\bpacts?\b|\baccords?\b|\btreat(?:y|ies)\b|\bdeal(?:s|\b)|joint|\bjvs?\b|licen[cs]|co-?develop|distribut|technology transfer"
    r"|join(?:s|ed|ing)? (?:forces|hands)|team(?:s|ed|ing)? up|tie[sd]?[- ]?up|link(?:s|ed)? up|twinning|sister |integrat|consorti|affiliat|protocol|compact|\bdeeds?\b|framework|sign(?:s|ed|ing)\b|work(?:ing|ed)? together|arrangement",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A word or phrase of a sentence that names an agreement, or a verb that is one.

    Attributes:
        start: Where it begins in the sentence.
        end: Where it ends.
        kind: What the word alone says of the kind.
        plural: Whether it names several ('memoranda').
        is_verb: Whether it is the act itself ('partners with').
    """

    start: int
    end: int
    kind: Kind
    plural: bool
    is_verb: bool


def fires(text: str, sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences that hold a word stem of cooperation, in order.

    Args:
        text: The text that the sentences are spans of.
        sentences: In order; text between them (boilerplate) does not count.
    """
    starts = [sentence.start for sentence in sentences]
    hit: list[Sentence] = []
    for match in _STEM.finditer(text):
        at = bisect_right(starts, match.start()) - 1
        if at >= 0 and match.start() < sentences[at].end and (not hit or hit[-1] is not sentences[at]):
            hit.append(sentences[at])
    return tuple(hit)


def find_triggers(sentence: str) -> tuple[Trigger, ...]:
    """The triggers of a sentence, in order, not overlapping; of two that overlap the more specific one."""
    words = vocabulary()
    taken = [match.span() for match in words.blocking.finditer(sentence)]
    found: list[Trigger] = []
    for kind, pattern in words.documents:
        for match in pattern.finditer(sentence):
            if _is_free(match.span(), taken):
                taken.append(match.span())
                found.append(_noun(match, kind))
    for match in words.with_object.finditer(sentence):
        if _is_free(match.span(), taken):
            taken.append(match.span())
            found.append(
                Trigger(
                    start=match.start(), end=match.end(), kind=Kind.COOPERATION_AGREEMENT, plural=False, is_verb=True
                )
            )
    return tuple(sorted(found, key=lambda trigger: trigger.start))


def _noun(match: re.Match[str], kind: Kind) -> Trigger:
    last = match.group().casefold()
    plural = last.endswith(("s", "memoranda")) or " memoranda" in last or last.startswith(("memoranda", "memorandums"))
    plural = plural or last.startswith(("letters", "statements"))
    return Trigger(start=match.start(), end=match.end(), kind=kind, plural=plural, is_verb=False)


def _is_free(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    return all(span[1] <= start or span[0] >= end for start, end in taken)
