"""The command line."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

from ingest.cli.failure import OUTPUT_CLOSED, explain
from ingest.cli.root import cli
from ingest.cli.screen import OutputClosedError, OutputError

__all__ = ["cli", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: What follows `ingest`; None: what the process was given.

    Returns:
        The exit code; `ingest --help` says what each means.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _called(given)
    except (BrokenPipeError, OutputClosedError):
        _close_quietly()
        return OUTPUT_CLOSED
    except OutputError as error:
        _close_quietly()
        return explain(error, sys.stderr)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the top: whatever comes gets a message and a code
        return explain(error, sys.stderr, debug="--debug" in given)
    return code if isinstance(code, int) else 0


def _called(given: list[str]) -> object:
    """Run the command, and tell an output that took nothing more from any other error of the operating system."""
    try:
        code: object = cli.main(given, prog_name="ingest", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as refused:
        # Help and versions are written by click; what names a file is about that file.
        if refused.errno == errno.ENOSPC and refused.filename is None:
            raise OutputError(refused) from None
        raise
    return code


def _close_quietly() -> None:
    """Point standard output at nothing, or the interpreter complains of the closed pipe while it exits."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return
