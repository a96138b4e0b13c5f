"""What commands share that let a person rule: who it is, showing first what follows, asking, doing."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from ingest.cli.screen import Screen
from ingest.cli.session import Session
from ingest.report.blocks import Block, Entry, Part, Tone, line

if TYPE_CHECKING:
    from ingest.store.changes import Effect
    from ingest.store.decisions import Ruling
    from ingest.store.documents import Writing
    from ingest.store.rules import Rules

__all__ = ["RulingOptions", "carry_out", "confirm", "login", "ruling_options"]

_F = TypeVar("_F", bound=Callable[..., Any])
_PERSON_LENGTH = 200
_ID_WIDTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingOptions:
    """What the options say of who rules, and whether to ask first.

    Attributes:
        person: Who decides; None: whoever is logged in.
        reason: Why.
        dry_run: Whether only to show what would follow.
        yes: Whether not to ask.
    """

    person: str | None
    reason: str | None
    dry_run: bool
    yes: bool

    @property
    def are_given(self) -> bool:
        """Whether any of them is."""
        return self.dry_run or self.yes or self.person is not None or self.reason is not None

    def ruling(self) -> Ruling:
        """Who rules, and why.

        Raises:
            click.UsageError: It cannot be told who.
        """
        from ingest.store.decisions import Ruling  # noqa: PLC0415 - loads SQLAlchemy

        name = " ".join((self.person if self.person is not None else login()).split())[:_PERSON_LENGTH]
        if not name or not any(c.isalnum() for c in name):
            raise click.UsageError("say who decides, as in --by 'A. Chan'")
        return Ruling(person=name, note=" ".join(self.reason.split()) or None if self.reason else None)


def ruling_options() -> Callable[[_F], _F]:
    """Options of who rules and why, and whether to ask first; the command gets them as one `options`."""

    def add(function: _F) -> _F:
        @wraps(function)
        def ruled(
            *given: Any, person: str | None, reason: str | None, dry_run: bool, yes: bool, **others: Any
        ) -> object:
            options = RulingOptions(person=person, reason=reason, dry_run=dry_run, yes=yes)
            return function(*given, options=options, **others)

        for option in (
            click.option("--yes", "-y", is_flag=True, help="Do it without asking."),
            click.option("--dry-run", is_flag=True, help="Show what would follow, and leave the store as it is."),
            click.option("--reason", metavar="TEXT", help="Why; kept with the decision."),
            click.option("--by", "person", metavar="NAME", help="Who decides; your login name unless given."),
        ):
            ruled = option(ruled)
        return cast("_F", ruled)

    return add


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
    options: RulingOptions,
) -> None:
    """Show what a ruling does to the ledger, ask, and do it.

    Args:
        session: The global options.
        work: The ruling.
        done: What to say once it is done.
        options: Whether to ask, or only to show.

    Raises:
        click.UsageError: Nobody is there to be asked.
        click.ClickException: The answer was no.
    """
    from ingest.store import open_store  # noqa: PLC0415 - loads SQLAlchemy

    screen = session.screen()
    with open_store(session.database_url(), create=False) as store:
        effects = store.rule(work, rehearse=True)
        screen.show(_blocks(effects))
        if not effects:
            screen.note("no agreement in the ledger changes")
        if options.dry_run:
            screen.note("nothing was changed: --dry-run")
            return
        if effects and not options.yes:
            confirm(screen, otherwise="--yes does it, --dry-run only shows it")
        store.rule(work)
    screen.note(done)


def confirm(screen: Screen, *, otherwise: str) -> None:
    """Ask whether to go on.

    Args:
        screen: Where.
        otherwise: What to do where nobody can be asked.

    Raises:
        click.UsageError: Nobody is there to be asked.
        click.ClickException: The answer was no.
    """
    if not sys.stdin.isatty():
        raise click.UsageError(f"nothing was changed: nobody can be asked here; {otherwise}")
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
