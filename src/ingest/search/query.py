"""What an analyst types → clauses that any database can be asked for.

word word    both (or: AND)   word OR word    either (binds closer than the space)
"a phrase"   side by side     word*           what begins so
-word, NOT word               not that
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.errors import IngestError
from ingest.search.terms import terms

__all__ = ["LONGEST_PHRASE", "Clause", "Phrase", "Query", "QueryError", "parse"]

LONGEST_PHRASE = 64
"""Terms of one phrase; the indexes keep phrases of that length together where they cut a long text."""

_LONGEST = 1000
_MOST = 64  # phrases
_LEAST_PREFIX = 3  # letters: what begins with fewer is a good part of all words
_PIECE = re.compile(r'(?P<minus>-?)(?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]+))(?P<star>\*?)')
# What keyboards and Chinese input methods make of the marks.
_MARKS = str.maketrans(dict.fromkeys("“”„«»「」『』＂", '"') | {"＊": "*", "－": "-", "−": "-", "\0": " "})


class QueryError(IngestError):
    """A search text cannot be searched for."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms at consecutive positions, compared by their stems.

    Attributes:
        terms: As `ingest.search.terms` cuts them.
        is_prefix: Whether of the last one only the beginning is given: of its stem, or, where it is alone, of the word.
    """

    terms: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """Any of these, or, if it is excluded, none of them."""

    phrases: tuple[Phrase, ...]
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """All of these. At least one clause is not excluded."""

    clauses: tuple[Clause, ...]

    @property
    def wanted(self) -> tuple[Clause, ...]:
        """What an article has to hold."""
        return tuple(clause for clause in self.clauses if not clause.is_excluded)

    @property
    def unwanted(self) -> tuple[Phrase, ...]:
        """What it must not hold."""
        return tuple(phrase for clause in self.clauses if clause.is_excluded for phrase in clause.phrases)

    @property
    def adjacent(self) -> Phrase | None:
        """The words of a query that is nothing but several words, side by side."""
        found = [clause.phrases[0] for clause in self.wanted if len(clause.phrases) == 1]
        joined = tuple(term for phrase in found for term in phrase.terms)
        plain = not any(phrase.is_prefix for phrase in found)
        fits = len(joined) <= LONGEST_PHRASE
        return Phrase(joined) if plain and fits and 1 < len(found) == len(self.wanted) else None


def parse(text: str) -> Query:
    """Read a search text.

    Marks that mean nothing where they stand (an `OR` at an end, a quote that is not closed, brackets) are passed over.

    Raises:
        QueryError: It is too long, holds no word, holds only what is to be left out, or asks for too much at once.
    """
    if len(text) > _LONGEST:
        raise QueryError(
            f"the search text has {len(text)} characters, and {_LONGEST} are read", remedy="search for fewer words"
        )
    clauses: list[Clause] = []
    joins = negates = False
    for piece in _PIECE.finditer(text.translate(_MARKS)):
        if piece[0] == "OR":
            joins = bool(clauses)
            continue
        if piece[0] in {"AND", "NOT"}:
            negates = piece[0] == "NOT"
            continue
        phrase = _phrase(piece)
        if phrase is None:
            continue
        excluded = negates or bool(piece["minus"])
        if joins and (excluded or clauses[-1].is_excluded):
            raise QueryError("OR cannot stand beside what is left out", remedy="put each -word by itself, without OR")
        before = clauses.pop().phrases if joins else ()
        clauses.append(Clause((*before, phrase), is_excluded=excluded))
        joins = negates = False
    return _checked(Query(tuple(clauses)))


def _checked(query: Query) -> Query:
    if not query.wanted:
        what = "only says what to leave out" if query.clauses else "holds no word"
        raise QueryError(f"the search text {what}", remedy='give a word to look for, as in: laboratory -"press office"')
    number = sum(len(clause.phrases) for clause in query.clauses)
    if number > _MOST:
        raise QueryError(
            f"the search text has {number} words and phrases, and {_MOST} are looked for at once",
            remedy="search for fewer words, or put them between quotes",
        )
    return query


def _phrase(piece: re.Match[str]) -> Phrase | None:
    words = piece["bare"] if piece["quoted"] is None else piece["quoted"]
    found = terms(words)
    if not found:
        return None
    wanted = [term.text for term in found]
    if len(wanted) > LONGEST_PHRASE:
        raise QueryError(
            f"a phrase has {len(wanted)} words or Chinese characters, and {LONGEST_PHRASE} are looked for",
            remedy="give the telling part of it",
        )
    if found[-1].is_han:
        # The last character of a run of Chinese stands alone in the index only where the run ends, so it is not asked
        # for: the pair before it holds it. A character by itself is the beginning of its pair.
        if len(wanted) > 1 and found[-2].end == found[-1].end:
            return Phrase(tuple(wanted[:-1]))
        return Phrase(tuple(wanted), is_prefix=True)
    if not (piece["star"] or words.rstrip().endswith("*")):
        return Phrase(tuple(wanted))
    if len(wanted[-1]) < _LEAST_PREFIX:
        raise QueryError(
            f"{wanted[-1]}* is too short a beginning", remedy=f"give at least {_LEAST_PREFIX} letters before the *"
        )
    return Phrase(tuple(wanted), is_prefix=True)
