"""Be a process that leaves with the one that started it: `python -m flows.child MODULE ARGUMENT…`.

Standard input is a pipe from the parent. When that closes, because the parent ended in whatever way, this process gets
SIGTERM; if that is not enough, it and all that it started are killed, since they are a process group of their own.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

__all__ = ["main"]

_GRACE_SECONDS = 20.0


def main() -> None:
    """Run a module as a script, until it ends or the parent does."""
    sys.argv = sys.argv[1:]
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _leave_with_parent() -> None:
    while os.read(0, 1):  # not through `sys.stdin`, whose lock the interpreter would miss at its end
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main()
