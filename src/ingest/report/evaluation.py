"""An evaluation as lines: a figure each, its name first; then what is listed, tab-separated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

__all__ = ["lines"]


def lines(evaluation: Any) -> list[str]:
    """Write an evaluation.

    Args:
        evaluation: One of the evaluations of `ingest.wire`.

    Returns:
        `precision 0.981` for each figure, `topic fintech f1 0.870` for one of a class; what is null is left out. Then
        the lists (of misses, of worst pages): the list's name and the values, separated by tabs.
    """
    return [*_figures(evaluation, ""), *_listed(evaluation)]


def _figures(filled: Any, before: str) -> Iterator[str]:
    for each in fields(filled):
        value = getattr(filled, each.name)
        name = f"{before}{each.name}"
        if isinstance(value, str) or value is None:
            continue
        if isinstance(value, tuple):
            for item in value:
                if not _is_listed(item):
                    yield from _figures(item, f"{name} {item.name} ")
        elif isinstance(value, int | float):
            yield f"{name} {_number(value)}"
        else:
            yield from _figures(value, f"{name} ")


def _listed(evaluation: Any) -> Iterator[str]:
    for each in fields(evaluation):
        value = getattr(evaluation, each.name)
        if isinstance(value, tuple):
            for item in value:
                if _is_listed(item):
                    cells = [getattr(item, column.name) for column in fields(item)]
                    yield "\t".join([each.name, *("-" if cell is None else _cell(cell) for cell in cells)])


def _is_listed(item: Any) -> bool:
    """Whether an item is one case, not the figures of a class; those say how many cases they rest on."""
    return not hasattr(item, "count")


def _cell(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else _number(value)


def _number(value: object) -> str:
    """Three decimals for a share; a count, and whether something holds, as they are."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
