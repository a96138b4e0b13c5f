"""The cheap sentence trigger: which sentences may state an agreement, and the words in them that say so.

Two steps. `fires` scans a whole text once with one short expression of word stems, which costs well under a
millisecond an article; only the sentences that it points at are read with the full vocabulary by `find_triggers`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.agreements.vocabulary import vocabulary
from ingest.documents import Kind
from ingest.literals import may_match
from ingest.sentences import Sentence

__all__ = ["Trigger", "find_triggers", "fires"]

# Stems, searched one by one in lower case: str.find is far faster than one expression with as many branches.
_STEMS = (
    "memorand", "mou", "loi", "letter of ", "letters of ", "statement of ", "statements of ", "heads of agreement",
    "declaration of intent", "partner", "collaborat", "cooperat", "co-operat", "alliance", "agreement", "pact",
    "accord", "treat", "deal", "joint", "jv", "licen", "co-develop", "distribut", "technology transfer", "forces",
    "hands", "team up", "teams up", "teamed up", "teaming up", "tie-up", "tie up", "ties up", "tied up", "link up",
    "links up", "linked up", "twinning", "sister ", "integration with", "affiliation with", "consorti", "protocol",
    "compact", "deed", "framework", "arrangement", "another", "a second", "work together", "working together",
    "works together", "agreed ", "agrees ", "ally with", "allied with", "allies with", "jointly ", "signed ", "inked ",
    "sign a", "hands", " rights", "distributor", "licensee", "codeshare", "code-share", "the knot", " arms",
    "hooked up", "paired up", "banded together", "reached between", "struck between", "concluded between",
    "teamed with", "teams with", "teaming with", "pen to paper", " names to", " name to", "on board as", "terms with",
    "venture", "brings together", "bring together", " formed a", " founded a", "association with", "sign up with",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A word or phrase of a sentence that names an agreement, or a verb that is one.

    Attributes:
        start: Where it begins in the sentence.
        end: Where it ends.
        kind: What the word alone says of the kind.
        plural: Whether it names several ('memoranda').
        is_verb: Whether it is the act itself ('partners with').
        is_elliptic: Whether it only stands for the noun of a sentence before ('signed another').
    """

    start: int
    end: int
    kind: Kind
    plural: bool
    is_verb: bool
    is_elliptic: bool = False


# 'signed another, with': the noun is the one of the sentence before.
_ELLIPSIS = re.compile(
    r"(?:(?<=\bsigned )|(?<=\binked )|(?<=\bstruck )|(?<=\bsealed ))"
    r"(?:(?:another|a (?:second|third|similar))(?: one)?(?=,? (?:\w+ )?with\b)|it\b(?= (?:on|in|at|yesterday"
    r"|today|last)\b))",
    re.IGNORECASE,
)


# 'signed a talent plan with': whatever it is called, two who sign it agree.
_SIGNED_WITH = re.compile(
    r"(?:(?<=\bsigned )|(?<=\binked )|(?<=\bsigning )|(?<=\bsigns )|(?<=\bsign ))"
    r"(?:an?|its|their|the) (?!(?:player|letter to|bill|law"
    r"|contract extension)\b)[^,.;:]{3,70}?(?= with (?:the )?[A-Z])"
)


def fires(text: str, sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences that hold a word stem of cooperation, in order.

    Args:
        text: The text that the sentences are spans of.
        sentences: In order; text between them (boilerplate) does not count.
    """
    starts = [sentence.start for sentence in sentences]
    folded = text.lower()
    if len(folded) != len(text):  # a letter whose lower case is longer would shift the offsets
        folded = "".join(letter if len(letter.lower()) > 1 else letter.lower() for letter in text)
    places: list[int] = []
    for stem in _STEMS:
        at = folded.find(stem)
        while at >= 0:
            places.append(at)
            at = folded.find(stem, at + len(stem))
    hit: list[Sentence] = []
    for place in sorted(places):
        at = bisect_right(starts, place) - 1
        if at >= 0 and place < sentences[at].end and (not hit or hit[-1] is not sentences[at]):
            hit.append(sentences[at])
    return tuple(hit)


def find_triggers(sentence: str) -> tuple[Trigger, ...]:
    """The triggers of a sentence, in order, not overlapping; of two that overlap the more specific one."""
    words = vocabulary()
    folded = sentence.casefold()
    named = [(kind, match) for kind, pattern in words.documents for match in _matches(pattern, sentence, folded)]
    acts = [*_matches(words.with_object, sentence, folded)]
    signed = [*_matches(_SIGNED_WITH, sentence, folded)]
    # what blocks them is looked for where there is something to block
    taken = [match.span() for match in words.blocking.finditer(sentence)] if named or acts or signed else []
    found: list[Trigger] = []
    for kind, match in named:
        if _is_free(match.span(), taken):
            taken.append(match.span())
            found.append(_noun(match, kind))
    for match in acts:
        if _is_free(match.span(), taken):
            taken.append(match.span())
            found.append(
                Trigger(
                    start=match.start(), end=match.end(), kind=Kind.COOPERATION_AGREEMENT, plural=False, is_verb=True
                )
            )
    found += [
        replace(_noun(match, Kind.COOPERATION_AGREEMENT), plural=False, is_elliptic=True)
        for match in _matches(_ELLIPSIS, sentence, folded)
    ]
    for match in signed:
        if _is_free(match.span(), taken):
            found.append(replace(_noun(match, Kind.COOPERATION_AGREEMENT), plural=False))
    return tuple(sorted(found, key=lambda trigger: trigger.start))


def _matches(pattern: re.Pattern[str], sentence: str, folded: str) -> Iterator[re.Match[str]]:
    """Cheap before dear: most sentences hold none of the words that most of the expressions are about."""
    return pattern.finditer(sentence) if may_match(pattern, folded) else iter(())


def _noun(match: re.Match[str], kind: Kind) -> Trigger:
    last = match.group().casefold()
    plural = last.endswith(("s", "memoranda")) or " memoranda" in last or last.startswith(("memoranda", "memorandums"))
    plural = plural or last.startswith(("letters", "statements"))
    return Trigger(start=match.start(), end=match.end(), kind=kind, plural=plural, is_verb=False)


def _is_free(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    return all(span[1] <= start or span[0] >= end for start, end in taken)
