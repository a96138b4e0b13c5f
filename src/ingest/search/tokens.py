"""What the databases' indexes hold of an article: tokens of its terms, by zone, and of what can be filtered by.

A token says in its first letters where it stands and what it is, so that one index answers for every zone, without
weights or columns, in which the databases differ:

ts… os… as…   the stem of a word of the title, of the opening, of anywhere; or a pair of Chinese characters
tw… ow… aw…   the word itself, where it is not its own stem, for beginnings of words
fl… fs… ft…   the language, the source, a topic

The opening is the title, the first sentence or two of the text, the parties and the sentences that tell of agreements:
news tells first what it is about. Anywhere is everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import chain, islice
from typing import TypeAlias

from ingest.search.query import Phrase
from ingest.search.terms import is_han, stem, words

__all__ = ["SCHEME", "Entry", "Sequence_", "Zone", "asked", "entry", "language_marks", "mark", "prepared"]

SCHEME = 1
"""Of what is indexed: a change of terms, stems or zones makes another, and the index has to be made again."""

_OPENING = 60  # words, or twice as many Chinese characters
_SHORT = 40_000  # characters: a text that needs no bounds
_MOST_TERMS = 100_000
_MOST_BYTES = 800_000  # of distinct tokens; PostgreSQL takes a million
_MOST_OF_FIELD = 1000  # terms of a title, of all parties, of all evidence
_REMEMBERED = 1 << 16  # tokens of a kind; nearly all words of the news come again

# None parts what does not stand side by side.
Sequence_: TypeAlias = tuple[str | None, ...]


class Zone(StrEnum):
    """Where in an article; each holds what the one before holds."""

    TITLE = "t"
    OPENING = "o"
    ANYWHERE = "a"


@dataclass(frozen=True, slots=True)
class Entry:
    """What an index holds of an article.

    Attributes:
        sequences: Of tokens; the position of a token counts from the start of its sequence, and no token is in two.
        others: Tokens whose position does not matter.
    """

    sequences: tuple[Sequence_, ...]
    others: tuple[str, ...]

    @property
    def text(self) -> str:
        """All tokens, for an index that counts through; `x` parts what does not stand side by side."""
        shown = (" ".join([token or "x" for token in sequence]) for sequence in self.sequences)
        return " ".join([*(f"{sequence} x" for sequence in shown), *self.others])


def entry(
    *, title: str, text: str, parties: Iterable[str] = (), evidence: Iterable[str] = (), marks: Sequence[str] = ()
) -> Entry:
    """Make the entry of an article.

    Args:
        title: Its headline.
        text: Its text.
        parties: Names of the parties to agreements that it tells of.
        evidence: The sentences that tell of them.
        marks: Of `mark`.
    """
    head, body = _bounded_field([title]), prepared(text)
    named, told = _bounded_field(parties), _bounded_field(evidence)
    zones = (
        (Zone.ANYWHERE, [*head, body, *named]),
        (Zone.OPENING, [*head, _opening(body), *named, *told]),
        (Zone.TITLE, head),
    )
    sequences = tuple(filter(None, (_sequence(zone, fields) for zone, fields in zones)))
    whole = dict.fromkeys(
        chain.from_iterable(map(_WORDS[zone].__getitem__, field) for zone, fields in zones for field in fields)
    )
    whole.pop("", None)
    return Entry(sequences, (*whole, *marks))


def mark(kind: str, value: str | int) -> str:
    """The token to filter by: `l` a language, `s` a source's row, `t` a topic."""
    return f"f{kind}{str(value).encode('utf-8', 'surrogatepass').hex()}"


def language_marks(tag: str) -> tuple[str, ...]:
    """The tokens of a language tag and of what it is a kind of: `zh-Hant` is found by `zh`, too."""
    parts = tag.lower().split("-")
    return tuple(mark("l", "-".join(parts[:number])) for number in range(1, len(parts) + 1))


def asked(zone: Zone, phrase: Phrase) -> tuple[tuple[tuple[str, ...], bool], ...]:
    """The tokens of a phrase in a zone, and whether of the last one only the beginning is given.

    Returns:
        Several, of which any will do, where it ends in the beginning of a word.
    """
    *before, last = phrase.terms
    tokens = tuple(_STEM[zone] + stem(term) for term in before)
    if not phrase.is_prefix:
        return (((*tokens, _STEM[zone] + stem(last)), False),)
    if before:
        return ((*tokens, _STEM[zone] + last), True), ((*tokens, _STEM[zone] + stem(last)), False)
    return ((_STEM[zone] + last,), True), ((_WORD[zone] + last,), True)


@lru_cache(maxsize=8)
def prepared(text: str) -> tuple[str, ...]:
    """The terms of a text, as far as they are indexed.

    Remembered, so that whoever is about to open a transaction can have the work done before.
    """
    found = words(text)
    if len(text) <= _SHORT:
        return tuple(found)
    return tuple(_within_bounds(found))


def _within_bounds(found: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    size = 0
    for term in islice(found, _MOST_TERMS):
        if term not in seen:
            seen.add(term)
            size += 2 * (len(term.encode()) + 10)  # its stem, and itself
            if size > _MOST_BYTES:
                return
        yield term


def _bounded_field(texts: Iterable[str]) -> list[list[str]]:
    """Terms of several short texts."""
    left = _MOST_OF_FIELD
    fields = []
    for text in dict.fromkeys(texts):
        found = words(text)[:left]
        left -= len(found)
        if found:
            fields.append(found)
    return fields


def _opening(body: Sequence[str]) -> Sequence[str]:
    if all(map(str.isascii, body[:_OPENING])):
        return body[:_OPENING]
    opening: list[str] = []
    weight = 0.0
    for term in body:
        if weight >= _OPENING:
            break
        weight += 0.5 if is_han(term) else 1
        opening.append(term)
    return opening


def _sequence(zone: Zone, fields: Iterable[Sequence[str]]) -> Sequence_:
    """The stems of fields, one after the other."""
    found: list[str | None] = []
    for field in fields:
        if found:
            found.append(None)
        found += map(_STEMS[zone].__getitem__, field)
    return tuple(found)


_STEM = {zone: f"{zone.value}s" for zone in Zone}
_WORD = {zone: f"{zone.value}w" for zone in Zone}


class _Tokens(dict[str, str]):
    """Tokens of terms, as one kind of them has it; worked out when a term is first met, and not kept without end."""

    def __init__(self, made: Callable[[str], str]) -> None:
        super().__init__()
        self._made = made

    def __missing__(self, term: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[term] = token = self._made(term)
        return token


def _stemmed(zone: Zone) -> _Tokens:
    return _Tokens(lambda term: _STEM[zone] + stem(term))


def _whole(zone: Zone) -> _Tokens:
    """Empty for a word that is its own stem."""
    return _Tokens(lambda term: "" if stem(term) == term else _WORD[zone] + term)


_STEMS: Mapping[Zone, _Tokens] = {zone: _stemmed(zone) for zone in Zone}
_WORDS: Mapping[Zone, _Tokens] = {zone: _whole(zone) for zone in Zone}
