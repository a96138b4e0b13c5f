"""What an analyst types → clauses that any database can be asked for.

word word    both (or: AND)   word OR word    either (binds closer than the space)
"a phrase"   side by side     word*           what begins so
-word, NOT word               not that
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.errors import IngestError
from ingest.search.terms import Term, is_chinese, terms

__all__ = ["Clause", "Phrase", "Query", "QueryError", "matches", "parse", "places"]

_LONGEST = 1000
_PIECE = re.compile(r'(?P<minus>-?)(?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]+))(?P<star>\*?)')
# What keyboards and Chinese input methods make of the marks.
_MARKS = str.maketrans(dict.fromkeys("“”„«»「」『』＂", '"') | {"＊": "*", "－": "-", "−": "-", "\0": " "})


class QueryError(IngestError):
    """A search text cannot be searched for."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms at consecutive positions; of the last one perhaps only the beginning."""

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


def parse(text: str) -> Query:
    """Read a search text.

    Marks that mean nothing where they stand (an `OR` at an end, a quote that is not closed, brackets) are passed over.

    Raises:
        QueryError: It is too long, holds no word, or holds only what is to be left out.
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
    if all(clause.is_excluded for clause in clauses):
        what = "only says what to leave out" if clauses else "holds no word"
        raise QueryError(f"the search text {what}", remedy='give a word to look for, as in: laboratory -"press office"')
    return Query(tuple(clauses))


def _phrase(piece: re.Match[str]) -> Phrase | None:
    words = piece["bare"] if piece["quoted"] is None else piece["quoted"]
    found = terms(words)
    if not found:
        return None
    wanted = [term.text for term in found]
    starred = bool(piece["star"]) or words.endswith("*")
    if not is_chinese(wanted[-1]):
        return Phrase(tuple(wanted), is_prefix=starred)
    # The last character of a run of Chinese stands alone in the index only where the run ends, so it is not asked for:
    # the pair before it holds it. A character by itself is the beginning of its pair.
    if len(wanted) > 1 and found[-2].end == found[-1].end:
        return Phrase(tuple(wanted[:-1]))
    return Phrase(tuple(wanted), is_prefix=True)


def matches(query: Query, found: Sequence[Term]) -> bool:
    """Whether a text of these terms is what the query asks for: the rule that every database has to follow."""
    return all(
        clause.is_excluded != any(_spans(phrase, found) for phrase in clause.phrases) for clause in query.clauses
    )


def places(query: Query, found: Sequence[Term]) -> list[tuple[int, int]]:
    """Where a text holds what was asked for, for highlighting.

    Returns:
        Half-open offsets into the original text, in order, none touching another.
    """
    wanted = [phrase for clause in query.clauses if not clause.is_excluded for phrase in clause.phrases]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(span for phrase in wanted for span in _spans(phrase, found)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _spans(phrase: Phrase, found: Sequence[Term]) -> list[tuple[int, int]]:
    *first, last = phrase.terms
    spans = []
    for at in range(len(found) - len(first)):
        end = found[at + len(first)]
        is_last = end.text.startswith(last) if phrase.is_prefix else end.text == last
        if is_last and all(found[at + offset].text == term for offset, term in enumerate(first)):
            spans.append((found[at].start, end.start + len(last) if is_chinese(last) else end.end))
    return spans
