"""Which found agreement is which labelled one: names first, then parties, then pairs of agreements.

Names are the same where, case, punctuation, articles and legal forms folded, they are equal, share at least 60 % of
their words, or one of at least two words lies in the other with at most three words more. A Chinese character is a
word. Two agreements are a pair where at least two labelled parties (or the only one) are matched.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["Agreement", "Match", "match", "matched_names"]

_ARTICLES_AND_FORMS = frozenset(
    "ag bhd bv co company corp corporation gmbh inc incorporated kk limited "  # noqa: SIM905 - not one word a line
    "llc llp ltd nv plc pte pty sa the".split()
)
_CHINESE_FORMS = re.compile("(?:股份)?有限(?:责任|責任)?公司|集团|集團")
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
_ALIKE = 0.6
_LEAST_INSIDE = 2
_MOST_AROUND = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An agreement, labelled or found; None where nothing is said."""

    parties: tuple[str, ...]
    kind: str | None = None
    status: str | None = None
    is_news: bool = True
    signed_on: str | None = None
    confidence: float | None = field(default=None, compare=False)
    evidence: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A labelled and a found agreement that are one."""

    labelled: int
    found: int
    parties: int


def match(labelled: Sequence[Agreement], found: Sequence[Agreement]) -> tuple[Match, ...]:
    """Pair agreements of one article one to one, best pair first: by parties, then by the other fields.

    Returns:
        The pairs, as positions in the two sequences, and how many parties of each are matched.
    """
    options: list[tuple[float, int, Match]] = []
    for i, mine in enumerate(labelled):
        for j, theirs in enumerate(found):
            names = matched_names(mine.parties, theirs.parties)
            if names and names >= min(2, len(mine.parties)):
                likeness = 2 * names / (len(mine.parties) + len(theirs.parties))
                options.append((-likeness, -_alike(mine, theirs), Match(labelled=i, found=j, parties=names)))
    pairs: list[Match] = []
    for _, _, option in sorted(options, key=lambda one: (one[0], one[1], one[2].labelled, one[2].found)):
        if all(option.labelled != pair.labelled and option.found != pair.found for pair in pairs):
            pairs.append(option)
    return tuple(pairs)


def matched_names(labelled: Sequence[str], found: Sequence[str]) -> int:
    """Size of the largest one-to-one matching of names (Kuhn's augmenting paths)."""
    mine, theirs = [_words(name) for name in labelled], [_words(name) for name in found]
    owner: dict[int, int] = {}

    def place(i: int, tried: set[int]) -> bool:
        for j, words in enumerate(theirs):
            if j not in tried and _same(mine[i], words):
                tried.add(j)
                if j not in owner or place(owner[j], tried):
                    owner[j] = i
                    return True
        return False

    return sum(place(i, set()) for i in range(len(mine)))


def _alike(a: Agreement, b: Agreement) -> int:
    return (a.kind == b.kind) + (a.status == b.status) + (a.is_news == b.is_news) + (a.signed_on == b.signed_on)


def _words(name: str) -> frozenset[str]:
    """Words that tell a name from others; all of them where nothing else is left."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace("&", " and ")
    words = _WORD.findall(_CHINESE_FORMS.sub("", folded)) or _WORD.findall(folded)
    return frozenset(words) - _ARTICLES_AND_FORMS or frozenset(words)


def _same(a: frozenset[str], b: frozenset[str]) -> bool:
    if not a or not b:
        return False
    shorter, longer = sorted((a, b), key=len)
    inside = shorter <= longer and len(shorter) >= _LEAST_INSIDE and len(longer) - len(shorter) <= _MOST_AROUND
    return inside or len(a & b) / len(a | b) >= _ALIKE
