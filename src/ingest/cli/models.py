"""`ingest models`: the models of topics that there are, and which is in force."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from ingest.cli.listing import json_lines_option
from ingest.cli.session import Command, Group, Session, pass_session
from ingest.wire import dump

if TYPE_CHECKING:
    from ingest import wire

__all__ = ["models"]


@click.group("models", cls=Group, invoke_without_command=True)
@json_lines_option()
@pass_session
@click.pass_context
def models(context: click.Context, session: Session, /, *, as_json: bool) -> None:
    """Show the models of topics: versions, figures, where each comes from, and which is in force.

    Figures are those of cross-validation when it was trained. In a pipe, each is a line of version, kind, state,
    origin, time, articles and macro-F1, separated by tabs; with --json, a line of the form that 'ingest schema
    topic-model' gives. 'ingest models use VERSION' puts another in force.
    """
    if context.invoked_subcommand:
        return
    from ingest.report import models as shown  # noqa: PLC0415 - not needed to choose one
    from ingest.topics.cards import known  # noqa: PLC0415 - loads pydantic

    screen = session.screen()
    found = known(session.settings().models_dir)
    if as_json:
        for each in found:
            screen.data(dump(each))
    else:
        screen.show(shown.listing(found) if screen.is_terminal else shown.grid(found))


@models.command("use", cls=Command, examples="ingest models use 3f2a9c01b7de\ningest models use shipped")
@click.argument("version", metavar="VERSION")
@pass_session
def use(session: Session, *, version: str) -> None:
    """Put a model in force: its version, the beginning of it, or 'shipped' for the one of the package.

    The next run works with it; what earlier runs said stays until the topics stage is run over it again.
    """
    from ingest.topics import models as kept  # noqa: PLC0415 - not needed by the group's help
    from ingest.topics.cards import chosen  # noqa: PLC0415 - loads pydantic

    folder = session.settings().models_dir
    model = chosen(folder, version)
    kept.use(folder, "" if model.is_shipped else model.version)
    session.screen().text(f"{_named(replace(model, is_in_force=True))} is in force.")


def _named(model: wire.TopicModel) -> str:
    return f"{model.kind} {model.version}" + (", the model of the package," if model.is_shipped else "")
