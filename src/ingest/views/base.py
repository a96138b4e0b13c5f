"""What a view is, and how its one SQL text becomes that of either database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Column", "ColumnType", "Dialect", "View", "comments", "render"]


class Dialect(StrEnum):
    """The databases that the store runs on."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class ColumnType(StrEnum):
    """What a column of a view holds, the same on both databases."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    FLAG = "flag"  # the integer 0 or 1
    TIME = "time"  # text, `2024-03-14T04:10:00Z`, always UTC
    DATE = "date"  # text, ISO 8601, as precise as is known: `2024`, `2024-03-14`, `2024-03-14T12:10:00+08:00`
    LIST = "list"  # text, items joined by ` · `, empty where there are none


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column, which is a contract: its name, type and meaning change with a major release only."""

    name: str
    type: ColumnType
    description: str
    nullable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view that analysts query.

    Attributes:
        name: `v_…`.
        description: What a row is.
        columns: In the order of the query.
        query: A SELECT in what SQLite and PostgreSQL have in common, and six forms that `render` writes out:
            `TIME(x)` an instant as text, `DAY(x)` its day, `AGE(x)` the seconds since then, `FLAG(x)` 0 or 1,
            `JOINED(SELECT … AS item FROM … ORDER BY …)` and `LISTED(x)` of a column that holds a JSON list. Arguments
            hold no closing bracket other than balanced ones.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    query: str


_FORM = re.compile(r"\b(TIME|DAY|AGE|FLAG|JOINED|LISTED)\(")

_WRITTEN = {
    Dialect.SQLITE: {
        "TIME": "substr({0}, 1, 19) || 'Z'",
        "DAY": "substr({0}, 1, 10)",
        "AGE": "((julianday('now') - julianday({0})) * 86400.0)",
        "FLAG": "CASE WHEN {0} THEN 1 ELSE 0 END",
        "JOINED": "coalesce((SELECT group_concat(item, ' · ') FROM ({0}) AS items), '')",
        "LISTED": (
            "coalesce((SELECT group_concat(value, ' · ') FROM (SELECT value FROM json_each({0}) ORDER BY key)), '')"
        ),
    },
    Dialect.POSTGRESQL: {
        "TIME": """to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""",
        "DAY": "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
        "AGE": "CAST(extract(epoch FROM now() - {0}) AS double precision)",
        "FLAG": "CASE WHEN {0} THEN 1 ELSE 0 END",
        "JOINED": "coalesce((SELECT string_agg(item, ' · ') FROM ({0}) AS items), '')",
        "LISTED": (
            "coalesce((SELECT string_agg(value, ' · ' ORDER BY ordinality)"
            " FROM json_array_elements_text({0}) WITH ORDINALITY), '')"
        ),
    },
}


def render(view: View, dialect: Dialect) -> str:
    """The CREATE VIEW statement of a view for a database."""
    names = ", ".join(column.name for column in view.columns)
    return f"CREATE VIEW {view.name} ({names}) AS\n{_write(view.query.strip(), dialect)}"


def comments(view: View) -> str:
    """The statements that tell PostgreSQL what a view and its columns are, joined by semicolons."""
    told = [f"VIEW {view.name} IS {_quoted(view.description)}"]
    told += [f"COLUMN {view.name}.{each.name} IS {_quoted(each.description)}" for each in view.columns]
    return ";\n".join(f"COMMENT ON {each}" for each in told)


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _write(sql: str, dialect: Dialect) -> str:
    """Write out the forms, the inner ones first."""
    found = _FORM.search(sql)
    if found is None:
        return sql
    end = _closing(sql, found.end())
    argument = _write(sql[found.end() : end], dialect)
    written = _WRITTEN[dialect][found[1]].replace("{0}", argument)
    return sql[: found.start()] + written + _write(sql[end + 1 :], dialect)


def _closing(sql: str, start: int) -> int:
    """Position of the bracket that closes what was opened before `start`."""
    depth = 1
    for position in range(start, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[position], 0)
        if depth == 0:
            return position
    raise ValueError(f"a bracket is open in: {sql[start - 20 : start + 60]}")
