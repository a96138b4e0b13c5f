"""A condition that somebody wrote, checked to be one: put between brackets, it can end neither them nor the query."""

from __future__ import annotations

import re

from ingest.errors import QueryError

__all__ = ["checked"]

# What stands between quotes, which a doubled quote does not end; all else is looked at outside of it.
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
_ESCAPING = re.compile(r"(?<!\w)(?:e|u&)(?=['\"])", re.IGNORECASE)
_REFUSED = {
    "--": "a comment",
    "/*": "a comment",
    ";": "a semicolon",
    "$": "a dollar sign",
    "`": "a backtick",
    "[": "a square bracket",
    "]": "a square bracket",
    "?": "a question mark",
    "\\": "a backslash",
}


def checked(condition: str) -> str:
    """The condition, without blanks around it.

    Args:
        condition: SQL that may follow WHERE, on columns of a view.

    Raises:
        QueryError: It is empty, or holds what could end the brackets around it, or hide their end.
    """
    text = condition.strip()
    if not text:
        raise _refused("it is empty", remedy="write one, such as \"language = 'en'\", or leave --where out")
    if "\0" in text:
        raise _refused("it holds a NUL character", remedy="take it out")
    if _ESCAPING.search(_QUOTED.sub("''", text)):
        raise _refused("it holds a text with escapes (E'…', U&'…')", remedy="write the text as it is, a quote twice")
    bare = _QUOTED.sub(" ", text)
    for quote in ("'", '"'):
        if quote in bare:
            raise _refused(f"a quote ({quote}) is open", remedy="close it; a quote within a text is written twice")
    for sign, name in _REFUSED.items():
        if sign in bare:
            raise _refused(f"it holds {name} ({sign})", remedy="write one condition, as it would follow WHERE")
    _balanced(bare)
    return text


def _balanced(bare: str) -> None:
    depth = 0
    for sign in re.findall(r"[()]", bare):
        depth += 1 if sign == "(" else -1
        if depth < 0:
            raise _refused("it closes a bracket that it did not open", remedy="write brackets in pairs")
    if depth:
        raise _refused("a bracket is open", remedy="write brackets in pairs")


def _refused(why: str, *, remedy: str) -> QueryError:
    return QueryError(f"the condition is not right: {why}", remedy=remedy)
