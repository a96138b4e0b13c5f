"""Clauses → expressions that either database is asked, one for each rank, and none finds what one before it finds.

An article ranks by the best of these that holds, then by its date, the latest first:

1. the title holds all that is asked for
2. the opening does
3. title, text and parties together do

and within each of these, where several words are asked for, each by itself, first by whether they stand side by side.

So no number has to come out alike on two databases, and the first page of a word that half of all articles hold costs
no more than that of any other: an index that is read from the latest article backwards stops when the page is full.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from ingest.search.query import Phrase, Query
from ingest.search.tokens import Zone, asked

__all__ = ["All", "Ask", "Either", "Found", "Leaf", "Without", "fts5", "has_phrase", "ranks", "relaxed", "tsquery"]


class Found(StrEnum):
    """Where an article holds what was asked for."""

    TITLE = "title"
    OPENING = "opening"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Leaf:
    """Tokens side by side; of the last one perhaps only the beginning."""

    tokens: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """All of these."""

    parts: tuple[Ask, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Any of these."""

    parts: tuple[Ask, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The one, and none of the others."""

    wanted: Ask
    unwanted: tuple[Ask, ...]


Ask: TypeAlias = Leaf | All | Either | Without


def ranks(query: Query, marks: tuple[str, ...] = ()) -> tuple[tuple[Found, Ask], ...]:
    """What to ask for, the best rank first; each article answers one of them at most.

    Args:
        query: What is looked for.
        marks: Tokens that every article has to have.
    """
    asks: list[tuple[Found, Ask]] = []
    for zone, found in zip(Zone, Found, strict=True):
        if query.adjacent:
            asks.append((found, _either(_leaves(zone, query.adjacent))))
        asks.append((found, _in(zone, query)))
    unwanted = tuple(leaf for phrase in query.unwanted for leaf in _leaves(Zone.ANYWHERE, phrase))
    return tuple(
        (found, _without(_narrowed(ask, marks), (*unwanted, *(better for _, better in asks[:number]))))
        for number, (found, ask) in enumerate(asks)
    )


def _in(zone: Zone, query: Query) -> Ask:
    return _all(
        tuple(
            _either(tuple(leaf for phrase in clause.phrases for leaf in _leaves(zone, phrase)))
            for clause in query.wanted
        )
    )


def _leaves(zone: Zone, phrase: Phrase) -> tuple[Leaf, ...]:
    """Of which any will do."""
    return tuple(Leaf(tokens, is_prefix) for tokens, is_prefix in asked(zone, phrase))


def _narrowed(ask: Ask, marks: tuple[str, ...]) -> Ask:
    return _all((ask, *(Leaf((mark,)) for mark in marks)))


def _either(parts: tuple[Ask, ...]) -> Ask:
    return parts[0] if len(parts) == 1 else Either(parts)


def _all(parts: tuple[Ask, ...]) -> Ask:
    return parts[0] if len(parts) == 1 else All(parts)


def _without(wanted: Ask, unwanted: tuple[Ask, ...]) -> Ask:
    return Without(wanted, unwanted) if unwanted else wanted


def fts5(ask: Ask) -> str:
    """An expression of SQLite's FTS5. Tokens hold letters and digits only, so nothing needs to be escaped."""
    match ask:
        case Leaf(tokens, is_prefix):
            return f'"{" ".join(tokens)}"' + (" *" if is_prefix else "")
        case All(parts):
            return f"({' AND '.join(map(fts5, parts))})"
        case Either(parts):
            return f"({' OR '.join(map(fts5, parts))})"
        case Without(wanted, unwanted):
            return f"({fts5(wanted)} NOT ({' OR '.join(map(fts5, unwanted))}))"


def tsquery(ask: Ask) -> str:
    """An expression of PostgreSQL's `tsquery`; as for `fts5`."""
    match ask:
        case Leaf(tokens, is_prefix):
            quoted = " <-> ".join(f"'{token}'" for token in tokens)
            return f"({quoted}{':*' if is_prefix else ''})"
        case All(parts):
            return f"({' & '.join(map(tsquery, parts))})"
        case Either(parts):
            return f"({' | '.join(map(tsquery, parts))})"
        case Without(wanted, unwanted):
            return f"({' & '.join((tsquery(wanted), *('!' + tsquery(each) for each in unwanted)))})"


def has_phrase(ask: Ask) -> bool:
    """Whether it asks for tokens side by side, and so for their positions."""
    match ask:
        case Leaf(tokens):
            return len(tokens) > 1
        case All(parts) | Either(parts):
            return any(map(has_phrase, parts))
        case Without(wanted, unwanted):
            return any(map(has_phrase, (wanted, *unwanted)))


def relaxed(ask: Ask) -> Ask:
    """What everything that answers also answers, and an index without positions can tell."""
    match ask:
        case Leaf(tokens, is_prefix):
            *first, last = tokens
            return _all((*(Leaf((token,)) for token in dict.fromkeys(first)), Leaf((last,), is_prefix)))
        case All(parts):
            return All(tuple(map(relaxed, parts)))
        case Either(parts):
            return Either(tuple(map(relaxed, parts)))
        case Without(wanted, unwanted):
            return _without(relaxed(wanted), tuple(each for each in unwanted if not has_phrase(each)))
