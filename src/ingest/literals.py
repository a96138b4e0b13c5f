r"""What a text must hold for a regular expression to match in it: plain words, for which `in` looks much faster.

    memorand(?:um|a)(?: of intent)?       'memorand'
    (?:agreements?|pacts?)(?= with\b)      ' with'
    agreements?|pacts?                     'agreement' or 'pact'
    [A-Z]\w+                               nothing that can be told

An expression of a hundred branches takes a hundred times as long to find nothing as `in` takes to see that it would.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ["may_match", "required"]

_OPTIONAL = re.compile(r"[?*]|\{0?,\d*\}|\{0\}")
_REPEATED = re.compile(r"\+|\{\d+(?:,\d*)?\}")
_GROUP = re.compile(r"\((?:\?(?:P<\w+>|[aiLmsux-]*:|>))?(?!\?)")
_LOOKAROUND = re.compile(r"\(\?<?([=!])")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_LETTER = re.compile(r"[^\\()\[\]{}.^$|?*+]|\\[^\w\s]|\\ ")
_ELEMENT = re.compile(r"\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\\d+|\\[^xuUN\d]|[.^$]|\(\?P=\w+\)")

_Literals = frozenset[str] | None


def required(pattern: str) -> frozenset[str]:
    """Words of which a text holds at least one wherever an expression matches in it.

    Args:
        pattern: Its source. Flags do not matter, except `re.VERBOSE`, for which it is not made.

    Returns:
        In one case (`str.casefold`); empty where none can be told.
    """
    try:
        found, end = _alternatives(pattern, 0)
    except (IndexError, RecursionError, ValueError):  # a construct that is not known here
        return frozenset()
    return found if found is not None and end == len(pattern) else frozenset()


def may_match(pattern: re.Pattern[str], folded: str) -> bool:
    """Whether an expression can match in a text at all; of no use to one that is to tell 'ı' or 'İ' from 'i'.

    Args:
        pattern: Compiled; read once.
        folded: The text, after `str.casefold`.
    """
    words = _words(pattern)
    return not words or any(map(folded.__contains__, words))


@cache
def _words(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Without those that hold another one, which would rule out no more."""
    words = required(pattern.pattern)
    return tuple(sorted(word for word in words if not any(other in word for other in words if other != word)))


def _alternatives(pattern: str, at: int) -> tuple[_Literals, int]:
    """Literals of what stands between bars, up to a closing bracket or the end; and where that is."""
    found: set[str] = set()
    told = True
    while True:
        literals, at = _sequence(pattern, at)
        told = told and literals is not None
        found |= literals or set()
        if pattern[at : at + 1] != "|":
            return frozenset(found) if told else None, at
        at += 1


def _sequence(pattern: str, at: int) -> tuple[_Literals, int]:
    """The literals of that part of a sequence that rules out most: the one of which the shortest is longest."""
    parts: list[frozenset[str]] = []
    run = ""
    while at < len(pattern) and pattern[at] not in "|)":
        if letter := _LETTER.match(pattern, at):
            at, times = _quantified(pattern, letter.end())
            run += "" if times == 0 else letter[0][-1]
            if times != 1:
                parts, run = [*parts, frozenset({run})], ""
            continue
        parts, run = [*parts, frozenset({run})], ""
        literals, at = _element(pattern, at)
        at, times = _quantified(pattern, at)
        parts += [literals] if literals is not None and times else []
    told = [frozenset(map(str.casefold, part)) for part in (*parts, frozenset({run}))]
    told = [part for part in told if all(part)]
    return max(told, key=lambda part: (min(map(len, part)), -len(part)), default=None), at


def _element(pattern: str, at: int) -> tuple[_Literals, int]:
    """What is no letter: a group with its literals, or something that has none."""
    if group := _GROUP.match(pattern, at):
        literals, at = _alternatives(pattern, group.end())
        return literals, _closed(pattern, at)
    if look := _LOOKAROUND.match(pattern, at):
        literals, at = _alternatives(pattern, look.end())
        return literals if look[1] == "=" else None, _closed(pattern, at)
    other = _CLASS.match(pattern, at) or _ELEMENT.match(pattern, at)
    if other is None:
        raise ValueError(pattern[at:])
    return None, other.end()


def _closed(pattern: str, at: int) -> int:
    if pattern[at] != ")":
        raise ValueError(pattern[at:])
    return at + 1


def _quantified(pattern: str, at: int) -> tuple[int, int]:
    """Where a quantifier ends, and how often what stands before it occurs: 0 for perhaps, 1, or 2 for repeatedly."""
    times = 1
    if found := _OPTIONAL.match(pattern, at):
        times = 0
    elif found := _REPEATED.match(pattern, at):
        times = 2
    else:
        return at, times
    end = found.end()
    return end + (pattern[end : end + 1] in {"?", "+"}), times
