"""`ingest config`: what is set, and where."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from ingest.cli.session import Command, Group, Session, pass_session
from ingest.report.blocks import Block, Gap, Grid, Part, Tone, line

__all__ = ["config"]


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
    rows = tuple(
        (
            Part(value.name, Tone.STRONG),
            Part(str(value.value) if value.value != "" else "(empty)"),
            Part(value.origin, Tone.FAINT if value.origin == "default" else Tone.NOTICE),
            Part(value.description, Tone.FAINT),
        )
        for value in found.values
    )
    blocks: list[Block] = [Grid(("setting", "value", "from", "meaning"), rows, flexible=3)]
    if screen.is_terminal:
        hint = "Set one in ingest.toml (window = 32) or in the environment (INGEST_WINDOW=32)."
        blocks += [Gap(), line(Part(hint, Tone.FAINT))]
    screen.show(blocks)
