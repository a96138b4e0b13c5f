"""What feedparser's own test files expect of a feed, as far as it concerns title, link, id and date.

Such a file says in a comment `Expect: not bozo and entries[0]['title'] == 'An example'`. The comparisons are parsed,
never evaluated.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.sources.addresses import is_web_address, resolve

__all__ = ["Expected", "base_of", "expectations"]

_EXPECT = re.compile(rb"Expect:\s*(.*)")
_LOCATION = re.compile(rb"(?im)^\s*(?:Header:\s*)?Content-Location:\s*(\S+)")
_CALENDAR = ("year", "month", "day", "hour", "minute", "second")
# Names of feedparser, old and new, for what is one field here.
_FIELDS = {
    "title": "title",
    "link": "link",
    "id": "id",
    "guid": "id",
    "author": "author",
    "publisher": "publisher",
    "language": "language",
    "updated": "updated",
    "modified": "updated",
    "date": "updated",
    "published": "published",
    "issued": "published",
    "created": "created",
}
# Longer paths that lead to the same; the first is whether it is of an entry.
_SHORTER: dict[tuple[str | int, ...], list[str | int]] = {
    (True, "title_detail", "value"): ["title"],
    (False, "title_detail", "value"): ["title"],
    (True, "links", 0, "href"): ["link"],
    (False, "links", 0, "href"): ["link"],
    (True, "title_detail", "language"): ["language"],
    (True, "source", "title"): ["publisher"],
    (True, "source", "title_detail", "value"): ["publisher"],
}
_OF_A_FEED = frozenset({"title", "link", "language"})  # what a listing keeps of the feed itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One comparison.

    Attributes:
        entry: Place of the entry in the feed; None: the feed itself.
        field: `title`, `link`, `id`, `author`, `publisher`, `language`, `published`, `updated`, `created`.
        value: Text, or the first six fields of a time in UTC.
        source: As it stands there.
    """

    entry: int | None
    field: str
    value: str | tuple[int, ...]
    source: str


def expectations(body: bytes) -> Iterator[Expected]:
    """Give the comparisons of a test file that set a known field against a literal."""
    found = _EXPECT.search(body)
    if found is None:
        return
    try:
        tree = ast.parse(found[1].decode("utf-8", "replace").partition("-->")[0].strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return
    for part in tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]:
        if isinstance(part, ast.Compare) and all(isinstance(op, ast.Eq) for op in part.ops):
            for path in (part.left, *part.comparators[:-1]):  # `a == b == 'literal'` speaks of both
                expected = _expected(path, part.comparators[-1], ast.unparse(part))
                if expected is not None:
                    yield expected


def base_of(body: bytes, otherwise: str) -> str:
    """The address that a test file is to be thought to come from."""
    found = _LOCATION.search(body[:4_096])
    stated = resolve(otherwise, found[1].decode("ascii", "replace")) if found else otherwise
    return stated if is_web_address(stated, 2_000) else otherwise


def _expected(path: ast.expr, literal: ast.expr, source: str) -> Expected | None:
    steps = _steps(path)
    value = _literal(literal)
    if steps is None or value is None:
        return None
    entry: int | None = None
    if steps[:1] == ["entries"] and len(steps) > 1 and isinstance(steps[1], int):
        entry, steps = steps[1], steps[2:]
    elif steps[:1] == ["feed"]:
        steps = steps[1:]
    else:
        return None
    steps = _SHORTER.get((entry is not None, *steps), steps)
    if len(steps) != 1 or not isinstance(steps[0], str):
        return None
    field = _FIELDS.get(steps[0].removesuffix("_parsed"))
    timed = steps[0].endswith("_parsed")
    if field is None or timed is isinstance(value, str) or (entry is None and field not in _OF_A_FEED):
        return None
    return Expected(entry=entry, field=field, value=value, source=source)


def _steps(path: ast.expr) -> list[str | int] | None:
    """`entries[0]['title']` as steps."""
    if isinstance(path, ast.Name):
        return [path.id]
    if isinstance(path, ast.Attribute):
        inner = _steps(path.value)
        return None if inner is None else [*inner, path.attr]
    if isinstance(path, ast.Subscript) and isinstance(path.slice, ast.Constant):
        inner, step = _steps(path.value), path.slice.value
        return [*inner, step] if inner is not None and isinstance(step, (str, int)) else None
    return None


def _literal(node: ast.expr) -> str | tuple[int, ...] | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _literal(node.left), _literal(node.right)
        return left + right if isinstance(left, str) and isinstance(right, str) else None
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, tuple) and len(value) >= len(_CALENDAR) and all(isinstance(part, int) for part in value):
        return value[: len(_CALENDAR)]
    return None
