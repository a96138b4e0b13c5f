"""Text → terms: folded words, and pairs of Chinese characters, each at its own position.

Every Chinese character has a position, and its term is it and the character behind it; the last of a run stands alone.
So two characters are one term, more are a phrase of terms that overlap, and one is a prefix: nothing has to be known of
where a Chinese word begins. (Cf. Nie, Gao, Zhang & Zhou 2000, "On the use of words and n-grams for Chinese information
retrieval".)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.script import fold

__all__ = ["LONGEST", "Term", "is_chinese", "terms"]

# Characters of a term: PostgreSQL takes no lexeme of more than 2046 bytes, and nobody looks for a word of that length.
LONGEST = 64

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|(?:(?![{_HAN}])[^\W_])+")
_IS_HAN = re.compile(rf"[{_HAN}]")


@dataclass(frozen=True, slots=True)
class Term:
    """What is looked for, and the half-open offsets of what it stands for in the original text."""

    text: str
    start: int
    end: int


def terms(text: str) -> list[Term]:
    """Cut a text into terms. The position of a term is its index.

    Returns:
        In order of the text, in lower case and with Traditional characters folded to Simplified ones. No term is longer
        than `LONGEST` characters but by what lower case adds.
    """
    found: list[Term] = []
    for run in _RUN.finditer(fold(text)):
        start, end = run.span()
        if run["han"]:
            found.extend(Term(run[0][at : at + 2], start + at, min(start + at + 2, end)) for at in range(end - start))
        else:
            found.append(Term(run[0][:LONGEST].casefold(), start, end))
    return found


def is_chinese(term: str) -> bool:
    """Whether a term is of Chinese characters."""
    return _IS_HAN.match(term) is not None
