"""What commands share that let a person rule: who it is, showing first what follows, asking, doing."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ingest.cli.screen import Screen
from ingest.cli.session import Session
from ingest.report.blocks import Block, Entry, Part, Tone, line

if TYPE_CHECKING:
    from ingest.store.changes import Effect
    from ingest.store.decisions import Ruling
    from ingest.store.documents import Writing
    from ingest.store.rules import Rules

__all__ = ["carry_out", "login", "ruling", "ruling_options"]

_F = TypeVar("_F", bound=Callable[..., Any])
_PERSON_LENGTH = 200
_ID_WIDTH = 16


def ruling_options() -> Callable[[_F], _F]:
    """Who rules and why, and whether to ask first."""

    def add(function: _F) -> _F:
        for option in (
            click.option("--yes", "-y", is_flag=True, help="Do it without asking."),
            click.option("--dry-run", is_flag=True, help="Show what would follow, and leave the store as it is."),
            click.option("--reason", metavar="TEXT", help="Why; kept with the decision."),
            click.option("--by", "person", metavar="NAME", help="Who decides; your login name unless given."),
        ):
            function = option(function)
        return function

    return add


def ruling(person: str | None, reason: str | None) -> Ruling:
    """Who rules, and why.

    Raises:
        click.UsageError: It cannot be told who.
    """
    from ingest.store.decisions import Ruling  # noqa: PLC0415 - loads SQLAlchemy

    name = " ".join((person if person is not None else login()).split())[:_PERSON_LENGTH]
    if not name or not any(c.isalnum() for c in name):
        raise click.UsageError("say who decides, as in --by 'A. Chan'")
    return Ruling(person=name, note=" ".join(reason.split()) or None if reason else None)


def login() -> str:
    """The name that somebody is logged in with; empty where it cannot be told."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def carry_out(
    session: Session,
    work: Callable[[Writing, Rules], tuple[Effect, ...]],
    *,
    done: str,
    yes: bool,
    dry_run: bool,
) -> None:
    """Show what a ruling does to the ledger, ask, and do it.

    Args:
        session: The global options.
        work: The ruling.
        done: What to say once it is done.
        yes: Whether not to ask.
        dry_run: Whether only to show.

    Raises:
        click.UsageError: Nobody is there to be asked.
        click.Abort: The answer was no.
    """
    from ingest.store import open_store  # noqa: PLC0415 - loads SQLAlchemy

    screen = session.screen()
    with open_store(session.database_url(), create=False) as store:
        effects = store.rule(work, rehearse=True)
        screen.show(_blocks(effects))
        if not effects:
            screen.note("no agreement in the ledger changes")
        if dry_run:
            screen.note("nothing was changed: --dry-run")
            return
        if effects and not yes:
            _ask(screen)
        store.rule(work)
    screen.note(done)


def _ask(screen: Screen) -> None:
    if not sys.stdin.isatty():
        raise click.UsageError("nothing was changed: nobody can be asked here; --yes does it, --dry-run only shows it")
    screen.complain("Do this? Type 'yes'.")
    if sys.stdin.readline().strip().casefold() not in {"y", "yes"}:
        raise click.ClickException("nothing was changed")


def _blocks(effects: tuple[Effect, ...]) -> list[Block]:
    return [
        Entry(
            Part(effect.agreement, Tone.NOTICE),
            (line(Part(effect.what, Tone.STRONG), Part(f" · {effect.parties}" if effect.parties else "", Tone.FAINT)),),
            width=_ID_WIDTH,
        )
        for effect in effects
    ]
