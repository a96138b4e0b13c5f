"""Text → terms: folded words, and pairs of Chinese characters, each at its own position.

Every Chinese character has a position, and its term is it and the character behind it; the last of a run stands alone.
So two characters are one term, more are a phrase of terms that overlap, and one is a prefix: nothing has to be known of
where a Chinese word begins. (Cf. Nie, Gao, Zhang & Zhou 2000, "On the use of words and n-grams for Chinese information
retrieval".)
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from ingest.script import fold

__all__ = ["LONGEST", "Term", "folded", "stem", "terms"]

# Characters of a term: PostgreSQL takes no lexeme of more than 2046 bytes, and nobody looks for a word of that length.
LONGEST = 64

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTERS = rf"[^\W_{_HAN}]+"
_MARKS = "\u0300-\u036f"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|{_LETTERS}(?:(?:['’]|[{_MARKS}]+){_LETTERS})*[{_MARKS}]*")
_ASCII_RUN = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
_DROPPED = re.compile(rf"['’]s$|['’{_MARKS}]")


class Term(NamedTuple):
    """What is looked for, and the half-open offsets of what it stands for in the original text."""

    text: str
    start: int
    end: int
    is_han: bool = False


def terms(text: str) -> list[Term]:
    """Cut a text into terms. The position of a term is its index.

    Case, width, accents, the script of Chinese and a possessive 's make no difference.

    Returns:
        In order of the text. No term is longer than `LONGEST` characters but by what lower case adds.
    """
    if text.isascii():
        return [
            Term(_word(run[0]) if "'" in run[0] else run[0][:LONGEST], *run.span())
            for run in _ASCII_RUN.finditer(text.lower())
        ]
    found: list[Term] = []
    add = found.append
    for run in _RUN.finditer(folded(text)):
        start, end = run.span()
        characters = run[0]
        if run["han"]:
            last = end - 1
            for at, pair in enumerate(map("".join, pairwise(characters)), start):
                add(Term(pair, at, at + 2, is_han=True))
            add(Term(characters[-1], last, end, is_han=True))
        elif word := _word(characters):
            add(Term(word, start, end))
    return found


def _word(run: str) -> str:
    """A word as it is compared."""
    return (run if run.isalnum() else _DROPPED.sub("", run))[:LONGEST].casefold()


def folded(text: str) -> str:
    """A text of the same length in which all that makes no difference is the same."""
    return text.lower() if text.isascii() else text.translate(_comparable())


class _Comparable(dict[int, str]):
    """For `str.translate`: what each character is compared as, worked out when it is first met."""

    def __missing__(self, codepoint: int) -> str:
        one = fold(chr(codepoint))
        parted = unicodedata.normalize("NFD", one)
        if parted[0].isascii() and all(map(unicodedata.combining, parted[1:])):
            one = parted[0]
        lower = one.lower()
        self[codepoint] = lower if len(lower) == 1 else one
        return self[codepoint]


@cache
def _comparable() -> _Comparable:
    return _Comparable()


@lru_cache(maxsize=1 << 17)  # nearly all words of the news come again
def stem(word: str) -> str:
    """The English stem of a term (Porter 2); a term that is not of the letters a to z is its own."""
    if not (word.isascii() and word.isalpha()):
        return word
    from Stemmer import Stemmer  # noqa: PLC0415 - a Chinese query needs none

    # One each time: it keeps the word in hand in itself, so that threads cannot share one; it costs half a microsecond.
    return str(Stemmer("english", 0).stemWord(word))
