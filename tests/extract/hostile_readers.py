"""Stand-ins for the HTML parser that misbehave on request: the page's content says how. Run in the guard's children."""

from __future__ import annotations

import ctypes
import os
import re
import sys
import time

from ingest.documents import Article, Dropped, Page, Reason
from ingest.extract.dates import Clock
from ingest.extract.plain import drop

_PATTERN = re.compile(r"(a+)+b")


def read(page: Page, clock: Clock) -> Article | Dropped:  # noqa: C901 - one case for each way to misbehave
    match page.content.decode().split():
        case ["loop"]:
            while True:
                pass
        case ["loop-in-c"]:
            _PATTERN.match("a" * 60)
        case ["sleep", seconds]:
            time.sleep(float(seconds))
        case ["hoard"]:
            return Article(text=str(len(bytearray(10**12))))
        case ["hoard-and-hide"]:
            held = b"x" * 200_000_000
            del held
            return drop(page, Reason.NO_ARTICLE, "Nothing.")
        case ["segfault"]:
            ctypes.string_at(0)
        case ["killed"]:
            os.kill(os.getpid(), 9)
        case ["exit"]:
            os._exit(7)
        case ["raise"]:
            raise RecursionError("too deep")
        case ["chatter"]:
            sys.stdout.write("not a reply")
            sys.stdout.flush()
    return Article(text=f"{os.getpid()} {page.content.decode()} {clock.now.isoformat()}")
