"""HTML is parsed in a process of its own, which can be killed: a hostile page costs one page.

    caller ── Guard.read(page) ──> an idle child, or a new one ── pipe ──> `parser`: limits, then `html.read`
           <── Article | Dropped ──┘        └── over its time: killed; out of memory, crashed: replaced

A child lives on from page to page, so that a page pays a round trip through two pipes and no start. As many children
run as there are callers at a time: threads that wait for theirs do not hold each other up, since nothing here holds the
interpreter's lock. They are started by executing Python anew, never by forking: that is safe from any thread, and from
processes that may have no children by `multiprocessing`'s rules. A forked copy of this process starts its own.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import cache

from ingest.documents import Article, Dropped, Page, Reason
from ingest.errors import ParserUnavailableError
from ingest.extract.dates import Clock
from ingest.extract.parser import Reply, receive, send
from ingest.extract.plain import drop

__all__ = ["Guard", "Limits", "guard"]

_GRACE = 3.0  # seconds that a child may be late with killing itself
_PROGRAM = "from ingest.extract import parser; parser.main()"
_START = 120.0  # seconds in which a child must be ready; a second does on a quiet machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one page may cost.

    Attributes:
        seconds: Time on the clock. An ordinary page takes 0.04, the largest that sources let pass some 10.
        memory: Bytes of address space of the process that parses it, Python itself included.
        content: Bytes of the page; whatever `Settings.max_bytes` is.
    """

    seconds: float = 30.0
    memory: int = 2_000_000_000
    content: int = 50_000_000


class _Child:
    """A process that parses, and the pipes to it."""

    def __init__(self, read: str, limits: Limits) -> None:
        self._limits = limits
        arguments = (read, str(limits.seconds), str(limits.memory))
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, this package
                [sys.executable, "-P", "-c", _PROGRAM, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
        except OSError as refused:
            raise _unavailable(str(refused.strerror)) from None
        try:
            said = self._receive(_START)
        except (EOFError, TimeoutError) as gone:
            raise _unavailable(f"it ended with status {self.end()} before it was ready") from gone
        if said is not None:
            self.end()
            raise _unavailable(str(said))

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def ask(self, page: Page, clock: Clock) -> Reply:
        """Have a page read.

        Raises:
            EOFError: It died.
            OSError: Likewise.
            TimeoutError: It neither answered nor died in time.
        """
        assert self._process.stdin is not None  # noqa: S101 - for mypy: it is a pipe
        send(self._process.stdin, (page, clock))
        reply = self._receive(self._limits.seconds + _GRACE)
        assert isinstance(reply, Reply)  # noqa: S101 - `parser` sends nothing else
        return reply

    def _receive(self, seconds: float) -> object:
        stdout = self._process.stdout
        assert stdout is not None  # noqa: S101 - for mypy: it is a pipe
        waiting = select.poll()
        waiting.register(stdout, select.POLLIN)
        if not waiting.poll(seconds * 1000):
            raise TimeoutError
        return receive(stdout)

    def end(self) -> int:
        """Kill it, if it still runs.

        Returns:
            Its status; negative: the signal that ended it.
        """
        self._process.kill()
        status = self._process.wait()
        self.hang_up()
        return status

    def hang_up(self) -> None:
        """Close the pipes; all that is left to do with a child that belongs to another process."""
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:  # what was still to be written has no reader any more
                continue

    def status(self) -> int:
        """Its status once it has ended by itself; see `end`."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE)
        return self.end()


def _unavailable(why: str) -> ParserUnavailableError:
    return ParserUnavailableError(
        f"the process that parses HTML cannot be started: {why}",
        remedy="see that memory and processes are to be had and that the installation is whole, then run again",
    )


class Guard:
    """Reads pages in children of this process."""

    def __init__(self, *, read: str = "ingest.extract.html:read", limits: Limits | None = None) -> None:
        """Start nothing yet.

        Args:
            read: `module:function` that the children call with a page and a clock.
            limits: What one page may cost.
        """
        self._read = read
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        os.register_at_fork(after_in_child=self._disown)
        atexit.register(self.close)

    def read(self, page: Page, clock: Clock) -> Article | Dropped:
        """Read a page of HTML within the limits.

        Args:
            page: The page.
            clock: For dates.

        Returns:
            The article, or why there is none: besides what reading itself finds, `parser_timed_out`,
            `parser_out_of_memory` or `parser_failed`.

        Raises:
            ParserUnavailableError: No process can be started, which is not the page's fault.
        """
        if len(page.content) > self._limits.content:
            size = f"{len(page.content):,} bytes, {self._limits.content:,} at most"
            return drop(page, Reason.TOO_LARGE, f"The HTML is too large to be parsed ({size}); split it.")
        child = self._take()
        try:
            reply = child.ask(page, clock)
        except TimeoutError:
            child.end()
            return self._timed_out(page)
        except (EOFError, OSError):
            return self._died(page, child.status())
        except BaseException:  # interrupted in the middle: its answer would be taken for that of another page
            child.end()
            raise
        if reply.last:
            child.end()
        else:
            with self._lock:
                self._idle.append(child)
        if reply.failure is not None:
            detail = f"The HTML parser failed ({reply.failure}); save the page again, or as plain text."
            return drop(page, Reason.PARSER_FAILED, detail)
        return reply.result if reply.result is not None else self._out_of_memory(page)

    def close(self) -> None:
        """End all children that have nothing to do."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def _take(self) -> _Child:
        """The child that was used last, whose memory is warm; a new one where none is idle."""
        while True:
            with self._lock:
                child = self._idle.pop() if self._idle else None
            if child is None:
                return _Child(self._read, self._limits)
            if child.is_alive:
                return child
            child.end()

    def _disown(self) -> None:
        """In a forked copy: leave the children to the process that started them."""
        idle, self._idle, self._lock = self._idle, [], threading.Lock()
        for child in idle:
            child.hang_up()

    def _timed_out(self, page: Page) -> Dropped:
        detail = f"The HTML parser ran over its {self._limits.seconds:g} seconds; save the page as plain text."
        return drop(page, Reason.PARSER_TIMED_OUT, detail)

    def _out_of_memory(self, page: Page) -> Dropped:
        detail = "The HTML parser asked for more memory than a page may have; save the page as plain text."
        return drop(page, Reason.PARSER_OUT_OF_MEMORY, detail)

    def _died(self, page: Page, status: int) -> Dropped:
        if status == -signal.SIGALRM:
            return self._timed_out(page)
        if status == -signal.SIGKILL:  # the kernel's way of taking memory back
            return self._out_of_memory(page)
        how = f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"
        detail = f"The HTML parser crashed ({how}); save the page again, or as plain text."
        return drop(page, Reason.PARSER_FAILED, detail)


@cache
def guard() -> Guard:
    """The guard of this process, with the usual limits."""
    return Guard()
