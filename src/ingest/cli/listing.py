"""What reading commands share: how many, in which form, since when."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ingest.cli.screen import Screen
from ingest.report.blocks import Block
from ingest.store.read import Listing
from ingest.wire import dump

__all__ = [
    "DAY",
    "DURATION",
    "MOMENT",
    "SHARE",
    "Range",
    "always_json_option",
    "json_lines_option",
    "json_option",
    "limit_option",
    "show_list",
]

_F = TypeVar("_F", bound=Callable[..., Any])
_T = TypeVar("_T")


if TYPE_CHECKING:
    _StringType = click.ParamType[str]
    _IntType = click.ParamType[int]
else:
    _StringType = _IntType = click.ParamType  # takes no argument at run time before click 8.4


class _Day(_StringType):
    """A date as precise as it is known: `2024`, `2024-03` or `2024-03-14`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", str(value)):
            self.fail(f"{value!r} is not a date; write 2024, 2024-03 or 2024-03-14", param, ctx)
        return str(value)


DAY = _Day()

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_LEAST_DURATION, _LONGEST_DURATION = 60, 366 * 86_400
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class _Moment(_StringType):
    """So long ago (`90m`, `12h`, `1d`, `2w`), or an ISO date or time; without a zone it is UTC."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        given = str(value)
        try:
            if ago := re.fullmatch(r"(\d{1,6})([mhdw])", given):
                moment = datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
            elif re.fullmatch(r"\d{4}(-\d{2})?", given):
                moment = datetime.fromisoformat(given + "-01-01"[len(given) - 4 :])
            else:
                moment = datetime.fromisoformat(given)
        except (ValueError, OverflowError):
            self.fail(f"{given!r} is not a time; write 1d, 12h, 2024-03-14 or 2024-03-14T08:00", param, ctx)
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return zoned.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


MOMENT = _Moment()


class _Duration(_IntType):
    """So long (`90m`, `2h`, `1d`), or a number of seconds; at least a minute, at most a year."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = re.fullmatch(r"(\d{1,9})([smhdw]?)", str(value))
        seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
        if not _LEAST_DURATION <= seconds <= _LONGEST_DURATION:
            self.fail(f"{value!r} is no time from a minute to a year; write 3600, 90m, 2h or 1d", param, ctx)
        return seconds


DURATION = _Duration()


class Range(click.FloatRange):
    """A number within bounds; what is no number lies in no range, though no comparison says so."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As click does, and NaN is refused."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number from {self.min:g} to {self.max:g}", param, ctx)
        return number


SHARE = Range(0, 1)

_MOST = 2**31 - 1  # what either database takes for a limit


def limit_option(default: int) -> Callable[[_F], _F]:
    """How many items a list shows."""
    return click.option(
        "--limit",
        type=click.IntRange(0, _MOST),
        default=default,
        show_default=True,
        help="Show so many at most; 0 shows all.",
    )


def json_option() -> Callable[[_F], _F]:
    """One JSON document."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON document.")


def json_lines_option() -> Callable[[_F], _F]:
    """A JSON document a line."""
    return click.option("--json", "as_json", is_flag=True, help="JSON lines: a document a line.")


def always_json_option() -> Callable[[_F], _F]:
    """`--json` of a command that prints nothing else, so that it may be given to every command that prints data."""
    return click.option(
        "--json", is_flag=True, expose_value=False, help="JSON lines: a document a line; given or not, it prints these."
    )


def show_list(
    screen: Screen,
    listing: Listing[_T],
    *,
    as_json: bool,
    entries: Callable[[Sequence[_T]], list[Block]],
    grid: Callable[[Sequence[_T]], list[Block]],
    nothing: str,
) -> None:
    """Show a list as JSON lines, as entries on a terminal, or as tab-separated lines in a pipe.

    Args:
        screen: Where.
        listing: What.
        as_json: Whether as JSON lines.
        entries: How it looks on a terminal.
        grid: How it looks in a pipe.
        nothing: What to say, on standard error, where there is nothing.
    """
    if as_json:
        for item in listing.items:
            screen.data(dump(item))
    elif listing.items:
        screen.show((entries if screen.is_terminal else grid)(listing.items))
    if not listing.total:
        screen.note(nothing)
    elif len(listing.items) < listing.total:
        screen.note(f"\n{len(listing.items):,} of {listing.total:,} shown; --limit 0 shows all")
