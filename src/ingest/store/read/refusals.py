"""What a driver says of somebody's own query, as an error with a remedy. What says that the store is lost passes."""

from __future__ import annotations

import difflib
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ingest.errors import QueryError
from ingest.views import VIEWS

__all__ = ["explained", "too_long"]

_NAMES = frozenset(view.name for view in VIEWS)
_TIMED_OUT = "57014"
_NOT_FOR_READING = frozenset({"42501", "25006", "34000", "0A000"})
_WRONG = frozenset({"42", "22", "54", "21"})  # syntax and names, data, limits, cardinality


@contextmanager
def explained(*, seconds: float, deadline: float) -> Iterator[None]:
    """Turn what a driver raises about a query into a QueryError.

    Args:
        seconds: How long the query might take, for the message.
        deadline: When that is over, by `time.monotonic`.

    Raises:
        QueryError: What the query did, and what to do about it.
        KeyboardInterrupt: Ctrl-C while SQLite was at work, which its driver tells as the end of a query.
    """
    try:
        yield
    except MemoryError as error:
        raise QueryError("the query took too much memory", remedy="ask for less of it") from error
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT" and time.monotonic() < deadline:
            raise KeyboardInterrupt from None
        raised = _of_sqlite(error, seconds)
        if raised is None:
            raise
        raise raised from error
    except Exception as error:
        raised = _of_postgresql(error, seconds) if type(error).__module__.startswith("psycopg") else None
        if raised is None:
            raise
        raise raised from error


def too_long(seconds: float) -> QueryError:
    """The error for a query that was ended."""
    return QueryError(
        f"the query took longer than {seconds:g} seconds and was ended",
        remedy=f"narrow it with WHERE, or give it more time: --seconds {seconds * 10:g}",
    )


def _of_sqlite(error: sqlite3.Error, seconds: float) -> QueryError | None:
    said = str(error)
    if isinstance(error, sqlite3.ProgrammingError):
        return QueryError(
            "that is more than one query" if "one statement" in said else f"the query is not right: {said}",
            remedy="ask one SELECT at a time, without parameters",
        )
    code = getattr(error, "sqlite_errorname", "")
    if code == "SQLITE_INTERRUPT":
        return too_long(seconds)
    if code == "SQLITE_AUTH" or "prohibited" in said or "not authorized" in said:
        return QueryError(f"that is not for reading: {said}", remedy=_remedy(said) or "ask the views (v_…) alone")
    if code in {"SQLITE_TOOBIG", "SQLITE_NOMEM"}:
        return QueryError("the query makes values that are too large", remedy="ask for less of it")
    if code.startswith("SQLITE_ERROR") or code in {"SQLITE_MISMATCH", "SQLITE_RANGE"}:
        return QueryError(f"the query is not right: {said}", remedy=_remedy(said))
    return None


def _of_postgresql(error: BaseException | None, seconds: float) -> QueryError | None:
    code = str(getattr(error, "sqlstate", None) or "")
    primary = getattr(getattr(error, "diag", None), "message_primary", None)
    said = " ".join((primary or str(error)).split())
    if code == _TIMED_OUT:
        return too_long(seconds)
    if not code and "out of memory" in said:  # the client's, for an answer of gigabytes
        return QueryError("the query makes values that are too large", remedy="ask for less of it")
    if code in _NOT_FOR_READING:
        return QueryError(f"that is not for reading: {said}", remedy=_remedy(said) or "ask the views (v_…) alone")
    if code[:2] in _WRONG or (code[:2] == "53" and code != "53300"):
        return QueryError(f"the query is not right: {said}", remedy=_remedy(said))
    return None


def _remedy(said: str) -> str:
    """The view, or the column of a view, that was most likely meant."""
    named = re.search(r"access to (\w+)\.|(?:no such table: |relation \"|table |view )\"?(?:\w+\.)?(\w+)", said)
    if named is None:
        return ""
    word = named[1] or named[2]
    near = difflib.get_close_matches(word if word.startswith("v_") else f"v_{word}", sorted(_NAMES), n=3, cutoff=0.6)
    listed = f"there is {', '.join(near)}; " if near else ""
    return f"{listed}'ingest sql --views' lists every view and its columns"
