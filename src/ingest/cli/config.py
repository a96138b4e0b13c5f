"""`ingest config`: what is set, and where."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from ingest.cli.session import Command, Group, Session, pass_session
from ingest.report.blocks import Block, Entry, Gap, Grid, Part, Tone, line

if TYPE_CHECKING:
    from ingest.settings import Value

__all__ = ["config"]

_HINT = "Set one in ingest.toml (window = 32) or in the environment (INGEST_WINDOW=32)."


@click.group("config", cls=Group)
def config() -> None:
    """Show the settings in force.

    A setting comes from the first of these that gives it: an option, an INGEST_* variable, the settings file (--config,
    else what INGEST_CONFIG names, else ./ingest.toml), its default.
    """


@config.command("show", cls=Command, examples="ingest config show\ningest config show --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@pass_session
def show(session: Session, *, as_json: bool) -> None:
    """Print every setting, its value and where it came from; passwords are masked."""
    from ingest.settings import in_force  # noqa: PLC0415 - pydantic-settings costs a quarter of a second

    found = in_force(config=session.config, options=session.options)
    screen = session.screen()
    for name in found.ignored:
        screen.note(f"note: {name} is set, but there is no such setting; it is ignored")
    if as_json:
        screen.data(json.dumps({value.name: asdict(value) for value in found.values}, indent=2, ensure_ascii=False))
        return
    screen.show(_entries(found.values) if screen.is_terminal else [_grid(found.values)])


def _entries(values: Iterable[Value]) -> list[Block]:
    listed: list[Block] = [
        Entry(
            Part(value.name, Tone.NOTICE),
            (
                line(
                    Part(_written(value), Tone.STRONG),
                    Part(f"  {value.origin}", Tone.FAINT if value.origin == "default" else Tone.GOOD),
                ),
                line(Part(value.description, Tone.FAINT)),
            ),
            width=16,
        )
        for value in values
    ]
    return [*listed, Gap(), line(Part(_HINT, Tone.FAINT))]


def _grid(values: Iterable[Value]) -> Grid:
    rows = tuple(
        tuple(Part(cell) for cell in (value.name, _written(value), value.origin, value.description)) for value in values
    )
    return Grid(("setting", "value", "from", "meaning"), rows, flexible=3)


def _written(value: Value) -> str:
    return "(empty)" if value.value == "" else str(value.value)
