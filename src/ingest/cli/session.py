"""What the global options said, and what a command makes of them when it needs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ingest.cli.screen import Screen
from ingest.mask import mask

if TYPE_CHECKING:
    from ingest.settings import Settings

__all__ = [
    "DEFAULT_ARCHIVE",
    "DEFAULT_DATABASE",
    "Command",
    "Group",
    "Session",
    "command",
    "pass_session",
    "shared_options",
]

DEFAULT_DATABASE = "sqlite:///var/ingest.db"
"""The default of `Settings.database_url`, known here so that reading commands need not load pydantic for it."""

DEFAULT_ARCHIVE = "var/archive"
"""The default of `Settings.archive_url`, likewise."""

_HELP = {
    "database": "The store to use, instead of the configured one.",
    "config": "Settings file to read, instead of ingest.toml.",
    "quiet": "Leave out progress and notes; errors are still told.",
    "no_color": "No colours; so does NO_COLOR in the environment.",
    "debug": "Show the traceback of an unexpected error.",
}


@dataclass(slots=True)
class Session:
    """The global options; they may stand before or behind the command's name."""

    database: str | None = None
    config: str | None = None
    quiet: bool = False
    colour: bool = True
    debug: bool = False

    @property
    def options(self) -> dict[str, str]:
        """Settings that options set."""
        return {} if self.database is None else {"database_url": self.database}

    @property
    def repeated(self) -> tuple[str, ...]:
        """The options that a further command needs to see the same store; a password in them is masked."""
        given = (("--database", self.database and mask(self.database)), ("--config", self.config))
        return tuple(word for option, value in given if value for word in (option, value))

    def settings(self) -> Settings:
        """The settings in force.

        Raises:
            ConfigurationError: One of them is wrong.
        """
        from ingest.settings import load  # noqa: PLC0415 - pydantic-settings costs a quarter of a second

        return load(config=self.config, options=self.options)

    def database_url(self) -> str:
        """The store's address, without loading pydantic where only options and the default can have set anything.

        Raises:
            ConfigurationError: A setting is wrong.
        """
        variables = {name for name in os.environ if name.upper().startswith("INGEST_")}
        if self.config or variables - {"INGEST_DATABASE_URL"} or Path("ingest.toml").is_file():
            return self.settings().database_url
        return self.database or os.environ.get("INGEST_DATABASE_URL") or DEFAULT_DATABASE

    def archive_url(self) -> str:
        """The archive's address, likewise.

        Raises:
            ConfigurationError: A setting is wrong.
        """
        variables = {name for name in os.environ if name.upper().startswith("INGEST_")}
        if self.config or variables - {"INGEST_DATABASE_URL", "INGEST_ARCHIVE_URL"} or Path("ingest.toml").is_file():
            return self.settings().archive_url
        return os.environ.get("INGEST_ARCHIVE_URL") or DEFAULT_ARCHIVE

    def start_log(self, settings: Settings, *, steady: bool) -> None:
        """Log events on standard error until the command ends, as the settings say.

        Args:
            settings: In force.
            steady: Whether the command runs on and on, so that what is merely worth knowing is logged too.
        """
        from ingest import log  # noqa: PLC0415 - reading commands log nothing

        told_in_words = sys.stderr.isatty()
        level, form = settings.log_level, settings.log_format
        if level == "auto":
            level = "off" if told_in_words else "info" if steady else "warning"
        if form == "auto":
            form = "text" if told_in_words else "json"
        log.start(level=level, form=form, stream=sys.stderr)
        click.get_current_context().call_on_close(log.stop)

    def screen(self) -> Screen:
        """The screen of this process."""
        return Screen(sys.stdout, sys.stderr, quiet=self.quiet, colour=self.colour and not os.environ.get("NO_COLOR"))


pass_session = click.make_pass_decorator(Session, ensure=True)
"""Hands a command its session as first argument."""


def _keep(context: click.Context, parameter: click.Parameter, value: object) -> None:
    if value is None or value is False:
        return
    kept = context.ensure_object(Session)
    if parameter.name == "no_color":
        kept.colour = False
    else:
        setattr(kept, str(parameter.name), value)


def shared_options() -> list[click.Parameter]:
    """The global options, as every command and group takes them."""
    return [
        click.Option(["--database"], metavar="URL", help=_HELP["database"], expose_value=False, callback=_keep),
        click.Option(["--config"], metavar="PATH", help=_HELP["config"], expose_value=False, callback=_keep),
        click.Option(["--quiet", "-q"], is_flag=True, help=_HELP["quiet"], expose_value=False, callback=_keep),
        click.Option(["--no-color"], is_flag=True, help=_HELP["no_color"], expose_value=False, callback=_keep),
        click.Option(["--debug"], is_flag=True, help=_HELP["debug"], expose_value=False, callback=_keep),
    ]


class Command(click.Command):
    """A command that takes the global options too, and shows examples in its help."""

    def __init__(self, *args: Any, examples: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples
        self._shared = shared_options()

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Its own parameters and the global ones."""
        return [*super().get_params(ctx), *self._shared]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List its own options, and name the global ones."""
        own = [record for parameter in super().get_params(ctx) if (record := parameter.get_help_record(ctx))]
        with formatter.section("Options"):
            formatter.write_dl(own)
        with formatter.section("Global options"):
            formatter.write_text("--database, --config, --quiet, --no-color, --debug: see 'ingest --help'")

    def format_epilog(
        self,
        ctx: click.Context,  # noqa: ARG002 - the signature is click's
        formatter: click.HelpFormatter,
    ) -> None:
        """Show the examples as they are to be typed."""
        if self.examples:
            with formatter.section("Examples"):
                for example in self.examples.strip().splitlines():
                    formatter.write(f"{' ' * formatter.current_indent}{example.strip()}\n")


class Group(click.Group):
    """A group of commands that takes the global options too."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The global options, hidden: `ingest --help` explains them."""
        shared = shared_options()
        for option in shared:
            option.hidden = True  # type: ignore[attr-defined]
        return [*super().get_params(ctx), *shared]


def command(name: str, *, examples: str) -> Callable[[Callable[..., Any]], Command]:
    """Declare a command.

    Args:
        name: What is typed.
        examples: Lines to try, shown at the end of its help.
    """

    def declare(function: Callable[..., Any]) -> Command:
        return click.command(name, cls=Command, examples=examples)(function)

    return declare
