"""Text → terms: folded words, and pairs of Chinese characters, each at its own position.

Every Chinese character has a position, and its term is it and the character behind it; the last of a run stands alone.
So two characters are one term, more are a phrase of terms that overlap, and one is a prefix: nothing has to be known of
where a Chinese word begins. (Cf. Nie, Gao, Zhang & Zhou 2000, "On the use of words and n-grams for Chinese information
retrieval".)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from operator import concat
from typing import NamedTuple

from ingest.script import fold

__all__ = ["LONGEST", "Term", "folded", "is_han", "stem", "terms", "words"]

# Characters of a term: PostgreSQL takes no lexeme of more than 2046 bytes, and nobody looks for a word of that length.
LONGEST = 64

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTERS = rf"[^\W_{_HAN}]+"
_MARKS = "\u0300-\u036f"
_WORD = rf"{_LETTERS}(?:(?:['’]|[{_MARKS}]+){_LETTERS})*[{_MARKS}]*"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|{_WORD}")
_ANY_RUN = re.compile(rf"[{_HAN}]+|{_WORD}")
_ASCII_RUN = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
_DROPPED = re.compile(rf"['’]s$|['’{_MARKS}]")
_ONE_HAN, _LETTER_OR_MARK = re.compile(f"[{_HAN}]"), re.compile(rf"[{_HAN}{_MARKS}]|{_LETTERS}")
_NOT_ASCII = re.compile("[^\0-\x7f]")
# All of ASCII that parts words, and what of apostrophes does not: they begin with it, so that it is quickly found.
_PARTING = {point: " " for point in range(128) if not chr(point).isalnum()}
_POSSESSIVE = re.compile(r"'(?<=[a-z0-9]')s(?!'?[a-z0-9])")
_WITHIN = re.compile(r"'(?<=[a-z0-9]')(?=[a-z0-9])")
_BEGINNING, _FEW = 1000, 50  # characters; different ones beyond ASCII, of which another script's text begins with more


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
        if characters.isascii():
            # Most words by far, which are lower case already.
            plain = characters if characters.isalnum() else _DROPPED.sub("", characters)
            add(Term(plain[:LONGEST], start, end))
        elif run["han"]:
            last = end - 1
            for at, pair in enumerate(map("".join, pairwise(characters)), start):
                add(Term(pair, at, at + 2, is_han=True))
            add(Term(characters[-1], last, end, is_han=True))
        elif word := _word(characters):
            add(Term(word, start, end))
    return found


def words(text: str) -> list[str]:
    """The terms of a text without their offsets, in a sixth of the time: what an index is made of."""
    plain = text if text.isascii() else _in_ascii(text)
    if plain is None:
        return list(_terms_of(_ANY_RUN.findall(folded(text))))
    plain = plain.lower()
    if "'" in plain:
        plain = _WITHIN.sub("", _POSSESSIVE.sub("", plain))
    pieces = plain.translate(_PARTING).split()
    return pieces if max(map(len, pieces), default=0) <= LONGEST else [piece[:LONGEST] for piece in pieces]


def is_han(term: str) -> bool:
    """Whether a term is of Chinese characters."""
    return not term.isascii() and _ONE_HAN.match(term) is not None


def _in_ascii(text: str) -> str | None:
    """A text of the same terms in ASCII; None where it has a letter that is compared as none of ASCII."""
    others = set(_NOT_ASCII.findall(text[:_BEGINNING]))
    if len(others) > _FEW:
        return None
    others.update(_NOT_ASCII.findall(text[_BEGINNING:]))
    for other in others:
        plain = "'" if other == "’" else folded(other)
        if not plain.isascii():
            if _LETTER_OR_MARK.match(plain):
                return None
            plain = " "
        text = text.replace(other, plain)
    return text


def _terms_of(runs: Iterable[str]) -> Iterator[str]:
    """The terms of what stands together in a folded text."""
    for run in runs:
        if run.isascii() and run.isalnum():
            yield run[:LONGEST]
        elif _ONE_HAN.match(run):
            yield from map(concat, run, run[1:])
            yield run[-1]
        elif word := _word(run):
            yield word


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
