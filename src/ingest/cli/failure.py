"""The one place where an error becomes a message and an exit code."""

from __future__ import annotations

import sys
import tempfile
import traceback
from typing import TextIO

import click

from ingest.errors import IngestError
from ingest.mask import mask
from ingest.report.blocks import neutral

__all__ = ["INTERRUPTED", "OUTPUT_CLOSED", "explain"]

INTERRUPTED = 130
OUTPUT_CLOSED = 141


def explain(error: BaseException, stream: TextIO, *, debug: bool = False) -> int:
    """Tell a person what went wrong.

    Args:
        error: What reached the top.
        stream: Where to tell it; standard error.
        debug: Whether to show the traceback of what was not expected, rather than to write it to a file.

    Returns:
        The exit code.
    """
    if isinstance(error, IngestError):
        _say(stream, _worded(str(error), error.remedy))
        return error.exit_code
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        _say(stream, error.format_message())
        return error.exit_code
    if isinstance(error, click.UsageError):
        _say(stream, _worded(error.format_message(), _usage_remedy(error)))
        return error.exit_code
    if isinstance(error, click.ClickException):
        _say(stream, _worded(error.format_message(), ""))
        return error.exit_code
    if isinstance(error, (click.Abort, KeyboardInterrupt)):
        _say(stream, "Interrupted. What was committed until now is kept; the next run takes up the rest.")
        return INTERRUPTED
    _say(stream, _unexpected(error, debug=debug))
    return 1


def _worded(message: str, remedy: str) -> str:
    return f"error: {message}" + (f"\n  {remedy}" if remedy else "")


def _usage_remedy(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "ingest"
    return f"'{path} --help' shows how it is used."


def _unexpected(error: BaseException, *, debug: bool) -> str:
    trace = mask("".join(traceback.format_exception(error)))
    said = mask(f"{type(error).__name__}: {error}").splitlines()[0]
    head = f"error: something went wrong that should not have: {said}"
    if debug:
        return f"{trace}\n{head}"
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", errors="backslashreplace", prefix="ingest-", suffix=".log", delete=False
        ) as file:
            file.write(f"{sys.argv}\n{trace}")
        where = f"The traceback was written to {file.name}; --debug shows it here."
    except OSError:
        where = "Run the command again with --debug to see the traceback."
    return f"{head}\n  This is a defect of ingest, not of your input. What was committed until now is kept. {where}"


def _say(stream: TextIO, message: str) -> None:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    shown = neutral(mask(message), lines=True)
    stream.write(shown.encode(encoding, "backslashreplace").decode(encoding) + "\n")
