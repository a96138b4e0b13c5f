"""When the act of a sentence took place, by which of its dates belongs to it."""

from __future__ import annotations

import re

from ingest.agreements.dates import Dated, find_dates
from ingest.agreements.parties import Reading
from ingest.agreements.triggers import Trigger
from ingest.agreements.vocabulary import vocabulary
from ingest.documents import Moment

__all__ = ["signed_on"]

_TELLS = re.compile(
    r"\b(?:announc(?:e|es|ed|ing|ement)|unveil(?:s|ed)?|confirm(?:s|ed)?|reveal(?:s|ed)?|disclos(?:es|ed)|said"
    r"|says|report(?:s|ed))\b",
    re.IGNORECASE,
)
# Between a date at the head of a sentence and its act: who tells of the act dates the telling.
_TOLD_FIRST = re.compile(r"\b(?:announc\w+|unveil\w*|said|says|disclosed|revealed|confirmed)\b", re.IGNORECASE)
_DATELINE = re.compile(r"^.{0,160}?\b(?:19|20)\d\d\b[^–—.]{0,60}?\s*(?:–|—|--|\s-|:)\s+(?=\S)")
_HEADS_SENTENCE = 20  # characters
_FAR = 90
_PARTICIPLE = re.compile(
    r",?\s+(?:(?:that|which|who|was|were|is|has been|have been|had been|first|originally|they|the two)\s+)*"
)
_LASTING = re.compile(r"\b(?:until|till|by|through|to)\s", re.IGNORECASE)


def signed_on(words: str, reading: Reading, trigger: Trigger, published: Moment | None) -> Moment | None:
    """The date that is nearest to the act, if no other verb is nearer to it: not that of the announcement.

    Args:
        words: The sentence.
        reading: What was read around its trigger.
        trigger: The trigger.
        published: What relative words are resolved against, and after which nothing has been signed yet.
    """
    anchor = reading.verb_start if reading.verb else trigger.start
    dateline = _DATELINE.match(words)
    best: tuple[int, Moment] | None = None
    for dated in find_dates(words, published):
        distance = min(abs(dated.start - trigger.end), abs(dated.end - anchor), abs(dated.start - anchor))
        heads = dated.start < _HEADS_SENTENCE  # 'In March …, A, B and C signed': what heads the sentence dates its act
        if dated.moment is None or (dateline and dated.end <= dateline.end()) or _is_to_come(words, dated, published):
            continue
        if not heads and (distance > _FAR or _is_of_another_act(words, dated, anchor, trigger.end)):
            continue
        if heads and _TOLD_FIRST.search(words[dated.end : anchor]):
            continue
        distance = min(distance, _FAR // 2) if heads else distance
        if best is None or distance < best[0]:
            best = (distance, dated.moment)
    return best[1] if best else None


def _is_to_come(words: str, dated: Dated, published: Moment | None) -> bool:
    """Whether a date is one until which something lasts: 'renewed until 2028'."""
    later = bool(
        published and dated.moment and dated.moment.earliest > published.earliest and dated.moment.day > published.day
    )
    return later or bool(_LASTING.search(words[max(0, dated.start - 12) : dated.start + 7]))


def _is_of_another_act(words: str, dated: Dated, anchor: int, end: int) -> bool:
    """Whether another verb stands nearer to a date than the act: 'said on Monday', 'first concluded in 2021'."""
    nearest = min(
        (match for pattern in (_TELLS, vocabulary().perform) for match in pattern.finditer(words)),
        key=lambda match: min(abs(match.start() - dated.end), abs(dated.start - match.end())),
        default=None,
    )
    if nearest and nearest.start() >= end and _PARTICIPLE.fullmatch(words, end, nearest.start()):
        return bool(_TELLS.match(nearest.group()))  # 'an agreement signed last November'
    if nearest is None or nearest.start() == anchor or anchor <= nearest.start() < end:
        return bool(nearest and _TELLS.match(nearest.group()))
    return abs(nearest.start() - anchor) > 1
