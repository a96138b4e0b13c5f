"""Which rows of which view: the names that are typed, and the one SELECT that each becomes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.errors import ConfigurationError
from ingest.export.condition import checked
from ingest.store.read.agreements import DATE_OF_AGREEMENT
from ingest.views import VIEWS, Column, ColumnType, Dialect, View

__all__ = ["NAMES", "Selection", "literal", "select"]

_SHORT = {
    "parties": "v_agreement_parties",
    "mentions": "v_agreement_mentions",
    "topics": "v_article_topics",
    "names": "v_organisation_names",
}
_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
_VIEWS = {view.name: view for view in VIEWS}

NAMES: dict[str, View] = {view.name.removeprefix("v_"): view for view in VIEWS} | {
    short: _VIEWS[name] for short, name in _SHORT.items()
}
"""Every name that can be exported: that of a view without its `v_`, and short ones."""

# As `ingest articles --since` and `ingest agreements --since` count it.
_DATES = {"v_articles": "coalesce(published_at, first_seen_at)", "v_agreements": DATE_OF_AGREEMENT}
_FOLLOWS = (("article_id", "v_articles"), ("agreement_id", "v_agreements"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Rows to take from one view.

    Attributes:
        name: As it was typed; names the file.
        view: The view.
        columns: Those wanted, in their order.
        since: On or after that ISO date (`2024`, `2024-03`, `2024-03-14`).
        until: On or before that ISO date, the whole of it.
        conditions: SQL on the view's columns, checked; all of them hold.
    """

    name: str
    view: View
    columns: tuple[Column, ...]
    since: str | None = None
    until: str | None = None
    conditions: tuple[str, ...] = ()

    def source(self, dialect: Dialect) -> str:
        """FROM and WHERE of the query."""
        conditions = [f"({each})" for each in _dated(self, dialect)]
        # The line break ends whatever the condition may end with; its brackets are balanced.
        conditions += [f"(\n{each}\n)" for each in self.conditions]
        return f"FROM {self.view.name} g" + ("\nWHERE " + "\nAND ".join(conditions) if conditions else "")

    def query(self, dialect: Dialect) -> str:
        """The query, its rows in one order: by every column of the view, the first of which are its key."""
        order = ", ".join(_ordered(column, dialect) for column in self.view.columns)
        return f"SELECT {', '.join(column.name for column in self.columns)}\n{self.source(dialect)}\nORDER BY {order}"

    def versions(self, dialect: Dialect) -> str | None:
        """The query for the versions of the runs that made the rows; None where rows name no run."""
        if all(column.name != "run_id" for column in self.view.columns):
            return None
        return (
            "SELECT code_version, count(*), min(run_id), max(run_id), min(started_at), max(started_at) FROM v_runs\n"  # noqa: S608 - likewise
            f"WHERE run_id IN (SELECT run_id {self.source(dialect)})\nGROUP BY code_version ORDER BY 3"
        )


def select(
    name: str,
    *,
    columns: Sequence[str] = (),
    since: str | None = None,
    until: str | None = None,
    conditions: Sequence[str] = (),
) -> Selection:
    """Choose rows of a view.

    Args:
        name: One of `NAMES`.
        columns: Names of columns, in the wanted order; none: all.
        since: On or after that ISO date.
        until: On or before that ISO date.
        conditions: SQL conditions on the view's columns.

    Raises:
        ConfigurationError: There is no such name or column, a date is none, or the view has no date.
        QueryError: A condition is not one.
    """
    view = NAMES.get(name.removeprefix("v_"))
    if view is None:
        raise ConfigurationError(
            f"there is nothing to export that is called {name!r}", remedy=_near(name, tuple(NAMES))
        )
    for given in (since, until):
        if given is not None and not _DAY.fullmatch(given):
            raise ConfigurationError(f"{given!r} is not a date", remedy="write 2024, 2024-03 or 2024-03-14")
    if (since or until) and _date(view) is None:
        raise ConfigurationError(
            f"a row of {view.name} has no date, so that none is since or until one",
            remedy="leave --since and --until out for it, or choose with --where",
        )
    return Selection(
        name=name.removeprefix("v_"),
        view=view,
        columns=_chosen(view, columns),
        since=since,
        until=until,
        conditions=tuple(checked(each) for each in conditions),
    )


def literal(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def _chosen(view: View, names: Sequence[str]) -> tuple[Column, ...]:
    there = {column.name: column for column in view.columns}
    for name in names:
        if name not in there:
            raise ConfigurationError(f"{view.name} has no column {name!r}", remedy=_near(name, tuple(there)))
        if names.count(name) > 1:
            raise ConfigurationError(f"the column {name!r} is named twice", remedy="name it once")
    return tuple(there[name] for name in names) or view.columns


def _near(name: str, there: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, there, n=3, cutoff=0.6)
    return f"is it {' or '.join(near)}?" if near else f"there is {', '.join(there)}"


def _dated(selection: Selection, dialect: Dialect) -> list[str]:
    """The conditions for dates. They are compared as text, byte by byte, as ISO dates can be."""
    date = _date(selection.view)
    if date is None or not (selection.since or selection.until):
        return []
    column, leads = date
    dates = f"({_DATES.get(leads or selection.view.name, column)})"
    if dialect is Dialect.POSTGRESQL:
        dates += ' COLLATE "C"'
    held = []
    if selection.since:
        held.append(f"{dates} >= {literal(selection.since)}")
    if selection.until:
        held.append(f"substr({dates}, 1, {len(selection.until)}) <= {literal(selection.until)}")
    if leads is None:
        return held
    return [f"{column} IN (SELECT {column} FROM {leads} g WHERE {' AND '.join(held)})"]  # noqa: S608 - names of ours


def _date(view: View) -> tuple[str, str | None] | None:
    """By which column a row has a date: its own, or the id of what it belongs to and the view that has that."""
    if view.name in _DATES:
        return view.name, None
    for column in view.columns:
        if column.type in (ColumnType.TIME, ColumnType.DATE) and not column.nullable:
            return column.name, None
    names = {column.name for column in view.columns}
    return next(((column, leads) for column, leads in _FOLLOWS if column in names), None)


def _ordered(column: Column, dialect: Dialect) -> str:
    """Texts by their bytes on both databases, and NULL first."""
    is_number = column.type in (ColumnType.INTEGER, ColumnType.REAL, ColumnType.FLAG)
    collated = f'{column.name} COLLATE "C"' if dialect is Dialect.POSTGRESQL and not is_number else column.name
    return f"{collated} NULLS FIRST" if dialect is Dialect.POSTGRESQL and column.nullable else collated
