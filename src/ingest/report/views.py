"""The views and their columns, as analysts look them up: on the screen and in `docs/analysts.md`."""

from __future__ import annotations

from ingest.report.blocks import Block, Gap, Grid, Heading, Line, Part, Tone
from ingest.views import VIEWS, View

__all__ = ["listed", "markdown"]

_TYPES = {
    "text": "text",
    "integer": "integer",
    "real": "real",
    "flag": "0 or 1",
    "time": "time",
    "date": "date",
    "list": "list",
}


def listed(*, terminal: bool) -> list[Block]:
    """Every view with its columns; in a pipe a line for each column: view, column, type, description."""
    if not terminal:
        lines = [(view, column) for view in VIEWS for column in view.columns]
        table = tuple(
            (Part(view.name), *_described(column.name, column.type, column.description, nullable=column.nullable))
            for view, column in lines
        )
        return [Grid(header=("view", "column", "type", "what it is"), rows=table, flexible=3)]
    blocks: list[Block] = []
    for view in VIEWS:
        rows = tuple(
            _described(column.name, column.type, column.description, nullable=column.nullable)
            for column in view.columns
        )
        blocks += [
            Heading(view.name),
            Line((Part(view.description.replace("`", ""), Tone.FAINT),)),
            Grid(header=("column", "type", "what it is"), rows=rows, flexible=2),
            Gap(),
        ]
    return blocks


def _described(name: str, kind: str, description: str, *, nullable: bool) -> tuple[Part, Part, Part]:
    return Part(name), Part(_type(kind, nullable=nullable), Tone.FAINT), Part(description.replace("`", ""))


def markdown() -> str:
    """The same as a chapter of Markdown: a list of the views, then a table of columns for each."""
    index = "\n".join(f"| [`{view.name}`](#{view.name}) | {_cell(view.description)} |" for view in VIEWS)
    return f"| view | rows |\n| --- | --- |\n{index}\n\n" + "\n".join(_chapter(view) for view in VIEWS)


def _chapter(view: View) -> str:
    rows = "\n".join(
        f"| `{column.name}` | {_type(column.type, nullable=column.nullable)} | {_cell(column.description)} |"
        for column in view.columns
    )
    return f"### {view.name}\n\n{view.description}\n\n| column | type | what it is |\n| --- | --- | --- |\n{rows}\n"


def _cell(words: str) -> str:
    return words.replace("|", "\\|")


def _type(kind: str, *, nullable: bool) -> str:
    return _TYPES[kind] + (", or NULL" if nullable else "")
