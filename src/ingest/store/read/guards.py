"""What keeps somebody's own SQL to reading the views, on either database. Each guard stands by itself.

SQLite: the file is opened read-only, and an authoriser lets through selecting from views and calling functions; how
long a value may become, and how much memory the library may take, is bounded. PostgreSQL: the text becomes the query of
a cursor, which takes one SELECT without statements that write, in a read-only transaction, as the role that may read
the views and nothing else (`reader`).
"""

from __future__ import annotations

import re
import sqlite3
import time
from typing import TYPE_CHECKING, Any

from ingest.errors import QueryError
from ingest.store.reader import READER, may_become_reader
from ingest.views import VIEWS

if TYPE_CHECKING:
    import psycopg

__all__ = ["MOST_BYTES", "guard_postgresql", "guard_sqlite", "one_select", "refuse_escapes"]

MOST_BYTES = 50_000_000
"""Of one value, or one row."""

_MOST_MEMORY = 1_000_000_000  # bytes; SQLite gives up before the machine does
_STEPS = 20_000  # of SQLite's machine between two looks at the clock
_NAMES = frozenset(view.name for view in VIEWS)
_GENERATORS = frozenset({"json_each", "json_tree"})
_REFUSED_FUNCTIONS = frozenset({"load_extension", "fts3_tokenizer", "fts5", "sqlite_compileoption_get"})
# What turns a text into a query or a setting, and so could leave the role, or holds locks and connections up; what else
# can do harm, the role may not call.
_ESCAPES = re.compile(
    r"(?<!\w)(?:set_config|(?:query|table|schema|database|cursor)_to_xml|pg_sleep|pg_advisory|pg_try_advisory|pg_notify"
    r"|ts_stat|ts_rewrite|dblink|crosstab|connectby|xpath_table|lo_|pg_cancel|pg_terminate|pg_logical|pg_replication"
    r"|pg_export_snapshot|txid_current|pg_current_xact_id|u&)",
    re.IGNORECASE,
)
# Texts and comments of a query in which nothing else can hide where they end: by its own rules PostgreSQL reads quoted
# names, dollar quotes, backslashes and nested comments otherwise than a pattern can. In a query that has any of them,
# the names above are refused wherever they stand.
_LITERAL = re.compile(r"'(?:[^']|'')*+'|--[^\n\r]*+")
_AMBIGUOUS = re.compile(r"[\"$\\]|/\*")
_SELECTS = re.compile(r"(?:\s|--[^\n]*+|(?>/\*.*?\*/)|\()*+(?:select|with|values)\b", re.IGNORECASE | re.DOTALL)
_COLLATED = ' COLLATE "C"'  # of which exports are full; where no other quote is left, these were pairs
_LONGEST = 1_000_000  # characters of a query
_OWN_FORMS = frozenset({"bool", "int2", "int4", "int8", "float4", "float8", "bytea", "text", "varchar"})


def one_select(sql: str) -> str:
    """The query without what surrounds it.

    Raises:
        QueryError: It is empty, holds a NUL, or does not begin as a query does.
    """
    text = sql.strip().rstrip(";").strip()
    if not text:
        raise QueryError("there is no query", remedy="write one: ingest sql 'select * from v_agreements'")
    if len(text) > _LONGEST:
        raise QueryError("the query is longer than a million characters", remedy="ask for less at a time")
    if "\0" in text:
        raise QueryError("the query holds a NUL character", remedy="take it out")
    if not _SELECTS.match(text):
        raise QueryError("that is not a SELECT", remedy="'ingest sql' only reads: begin with SELECT, WITH or VALUES")
    return text


def guard_sqlite(raw: sqlite3.Connection, *, deadline: float) -> None:
    """Let a connection read views and nothing else, until the deadline (by `time.monotonic`)."""
    raw.execute("PRAGMA query_only = ON")
    raw.execute(f"PRAGMA hard_heap_limit = {_MOST_MEMORY}")
    raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
    raw.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    raw.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
    raw.execute("SELECT 1 FROM json_each('[]')")  # is set up on first use, which the authoriser would refuse
    raw.set_authorizer(_authorised)
    raw.text_factory = lambda stored: stored.decode("utf-8", "replace")


def _authorised(action: int, first: str | None, second: str | None, base: str | None, within: str | None) -> int:
    """Let through what selecting from views needs; `within` is the view whose query is being read."""
    del base
    if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if (second or "").lower() in _REFUSED_FUNCTIONS else sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ:
        # What a view reads is the view's affair. Where no column is read, nothing is but how many rows there are, and
        # SQLite asks for tables, those of WITH and those within views alike.
        mine = not second or first in _NAMES or first in _GENERATORS or within in _NAMES
        return sqlite3.SQLITE_OK if mine else sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_DENY


def guard_postgresql(raw: psycopg.Connection[Any], *, seconds: float) -> None:
    """Let a connection's transaction read as the role for readers, each statement for so long.

    Raises:
        QueryError: Its user may touch the server's files, and the role is not there.
    """
    from psycopg.adapt import Loader  # noqa: PLC0415 - costs a tenth of a second that SQLite need not pay

    class Plain(Loader):
        """What has no form of its own in the other database: its text."""

        def load(self, data: bytes | bytearray | memoryview) -> str:
            return bytes(data).decode()

    class Number(Loader):
        """What sums and means are: a whole number where it is one, as in the other database."""

        def load(self, data: bytes | bytearray | memoryview) -> int | float | str:
            written = bytes(data).decode()
            if written.lstrip("-").isdigit():
                return int(written)
            return float(written) if written[-1:].isdigit() else written  # NaN and infinity stay text

    raw.execute(f"SET LOCAL statement_timeout = {max(1, int(seconds * 1000))}".encode())
    raw.execute(b"SET LOCAL standard_conforming_strings = on")
    _become_reader(raw)
    for known in raw.adapters.types:
        if known.name not in _OWN_FORMS:
            raw.adapters.register_loader(known.oid, Number if known.name == "numeric" else Plain)
        raw.adapters.register_loader(known.array_oid, Plain)


def refuse_escapes(text: str) -> None:
    """Refuse functions by which a query on PostgreSQL could leave its role, or do more than read.

    Raises:
        QueryError: The query names one, outside of texts and comments as far as these can be told for sure.
    """
    plain = text.replace(_COLLATED, "")
    if escape := _ESCAPES.search(plain if _AMBIGUOUS.search(plain) else _LITERAL.sub("''", plain)):
        raise QueryError(
            f"the query uses {escape[0]!r}, which does more than read",
            remedy='use what selects; in a text, the word may stand where the query has no ", $, \\ and /*',
        )


def _become_reader(raw: psycopg.Connection[Any]) -> None:
    may, is_mighty = may_become_reader(raw)
    if may:
        raw.execute(f"SET LOCAL ROLE {READER}".encode())
    elif is_mighty:
        raise QueryError(
            "the database's user may read and write the server's files, and so could a query",
            remedy=f"run 'ingest db reader' once: it makes the role {READER}, as which queries then run",
        )
