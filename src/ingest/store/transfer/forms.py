"""The tables of a store as its database has them, whichever revision it is of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from graphlib import TopologicalSorter

from sqlalchemy import JSON, TIMESTAMP, Boolean, Connection, Float, String, inspect
from sqlalchemy.types import TypeEngine

from ingest.tables import Base

__all__ = ["Column", "Form", "Kind", "forms"]


class Kind(StrEnum):
    """What a column holds, as far as databases differ in it."""

    TEXT = "text"
    TIME = "time"
    FLAG = "flag"
    JSON = "json"
    REAL = "real"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column.

    Attributes:
        name: Its name.
        kind: What it holds.
        length: The most characters of it; None: any number.
    """

    name: str
    kind: Kind
    length: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A table.

    Attributes:
        name: Its name.
        columns: In the order of the table.
        key: Positions, in `columns`, of those of the primary key, in its order.
        inward: Positions of columns that refer to the table itself.
        numbered: Whether the database numbers new rows by itself.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[int, ...]
    inward: tuple[int, ...]
    numbered: bool

    def names(self, positions: Iterable[int] | None = None) -> list[str]:
        """Names of columns: of all, or of those at some positions."""
        return [self.columns[at].name for at in (range(len(self.columns)) if positions is None else positions)]


def forms(connection: Connection) -> tuple[Form, ...]:
    """The tables of the store, each behind all that it refers to.

    Tables of others in the same database are none of our business, nor are those that are made from ours, and can be
    made again (`info={"derived": True}` in `ingest.tables`): databases may keep them each in its own way.
    """
    inspector = inspect(connection)
    kept = {name for name, table in Base.metadata.tables.items() if not table.info.get("derived")}
    ours = [name for name in inspector.get_table_names() if name in kept]
    foreign = {name: inspector.get_foreign_keys(name) for name in ours}
    needs = {name: {key["referred_table"] for key in foreign[name]} - {name} for name in ours}
    made = {}
    for name in ours:
        columns = tuple(
            Column(name=each["name"], kind=_kind(each["type"]), length=getattr(each["type"], "length", None))
            for each in inspector.get_columns(name)
        )
        places = {column.name: at for at, column in enumerate(columns)}
        key = tuple(places[column] for column in inspector.get_pk_constraint(name)["constrained_columns"])
        made[name] = Form(
            name=name,
            columns=columns,
            key=key,
            inward=tuple(
                places[each["constrained_columns"][0]] for each in foreign[name] if each["referred_table"] == name
            ),
            numbered=len(key) == 1 and columns[key[0]].name == "id",
        )
    # Sorted first, so that the order is the same on both databases.
    order = TopologicalSorter({name: sorted(needs[name]) for name in sorted(ours)}).static_order()
    return tuple(made[name] for name in order)


def _kind(type_: TypeEngine[object]) -> Kind:
    if isinstance(type_, TIMESTAMP):
        return Kind.TIME
    if isinstance(type_, Boolean):
        return Kind.FLAG
    if isinstance(type_, JSON):
        return Kind.JSON
    if isinstance(type_, Float):
        return Kind.REAL
    return Kind.TEXT if isinstance(type_, String) else Kind.NUMBER
