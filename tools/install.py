"""Make `.venv` from a lock file: what the Makefile runs before anything else.

It needs nothing but the standard library. One line tells what goes on; the installer's own words go to
`.venv/install.log`.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

VENV = Path(".venv")
PYTHON = VENV / "bin" / "python"
LOG = VENV / "install.log"


def main() -> int:
    """Install; the exit code is 0, or 1 with a message on standard error."""
    parser = argparse.ArgumentParser(description="Make .venv from a lock file.")
    parser.add_argument("lock", type=Path)
    parser.add_argument("stamp", type=Path, help="written when all is installed; holds where that was")
    options = parser.parse_args()
    started = time.monotonic()
    try:
        _make_venv()
        # The lock names all there is to install. Left to find dependencies itself, pip stumbles over what is asked for
        # with an extra in one place, and locked to less than its newest release in another.
        locked = ["--require-hashes", "--no-deps", "-r", str(options.lock)]
        _pip("Installing the locked packages", locked, lock=options.lock)
        # The build backend comes from the lock as well, hence no isolation.
        _pip("Installing ingest", ["--no-deps", "--no-build-isolation", "--editable", "."])
        _compile()
    except InstallError as failure:
        sys.stderr.write(f"error: {failure}\n")
        return 1
    options.stamp.write_text(os.getcwd(), encoding="utf-8")  # noqa: PTH109 - as the shell's pwd -P, to be compared
    sys.stdout.write(f"Installed into {VENV} in {time.monotonic() - started:.0f} s.\n")
    return 0


class InstallError(Exception):
    """Something that the person at the terminal can put right."""


def _make_venv() -> None:
    """Make the environment, or make it anew where it is of another Python or broken."""
    code = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([str(PYTHON), "-c", code], capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        answer = ""
    if answer == "{}.{}".format(*sys.version_info[:2]):
        return
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        hint = "On Debian and Ubuntu it is a package of its own: apt install python3-venv"
        raise InstallError(f"{sys.executable} cannot make a virtual environment. {hint}\n{made.stdout}{made.stderr}")


def _pip(what: str, arguments: list[str], *, lock: Path | None = None) -> None:
    """Run the installer, its words in the log, its progress on one line."""
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-compile"]
    total = len(re.findall(r"(?m)^[A-Za-z0-9]\S*==", lock.read_text(encoding="utf-8"))) if lock else 0
    with LOG.open("w" if lock else "a", encoding="utf-8") as log:
        progress = _Progress(what, total)
        with subprocess.Popen(
            [*command, "--progress-bar", "off", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            for line in process.stdout or ():
                log.write(line)
                progress.read(line)
        progress.end()
    if process.returncode:
        last = "".join(LOG.read_text(encoding="utf-8").splitlines(keepends=True)[-15:])
        raise InstallError(f"{what} failed; the end of {LOG}:\n{last}")


def _compile() -> None:
    """Compile to byte code on all cores, ours too: where Python may not write any, each start would do so again."""
    progress = _Progress("Compiling", 0)
    command = [str(PYTHON), "-m", "compileall", "-q", "-j", "0", str(VENV / "lib"), "src", "flows"]
    with LOG.open("a", encoding="utf-8") as log:
        subprocess.run(command, check=False, stdout=log, stderr=log)  # what does not compile is never imported
    progress.end()


class _Progress:
    """One line, redrawn on a terminal and written once elsewhere."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total, self._count = what, total, 0
        self._drawn = sys.stdout.isatty()
        self._write(f"{what}…" if self._drawn else f"{what}…\n")

    def read(self, line: str) -> None:
        """Take in a line that the installer wrote."""
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            self._count += 1
            self._show(f"{min(self._count, self._total)} of about {self._total}" if self._total else "")
        elif line.startswith("Installing collected packages"):
            self._show("unpacking")

    def end(self) -> None:
        """Leave the line."""
        if self._drawn:
            self._write("\r\x1b[K")

    def _show(self, state: str) -> None:
        if self._drawn:
            self._write(f"\r\x1b[K{self._what}… {state}")

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
