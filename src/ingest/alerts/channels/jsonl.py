"""A file of JSON lines, one a message."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import BinaryIO

from ingest import wire
from ingest.alerts.channel import Delivered, Undelivered
from ingest.alerts.channels.configured import JsonlEntry
from ingest.alerts.channels.files import locked, sync_folder
from ingest.alerts.message import body
from ingest.alerts.notice import Notice

__all__ = ["Jsonl"]

_BLOCK = 65_536


class Jsonl:
    """Appends the JSON of `schemas/alert.json`, each id once."""

    def __init__(self, name: str, entry: JsonlEntry) -> None:
        self.name = name
        self._path = Path(entry.path)
        self._known: set[str] = set()
        self._file = (0, 0)  # device and inode of what was read
        self._read = 0  # bytes of it

    def close(self) -> None:
        """It holds nothing open."""

    def deliver(self, notice: Notice) -> Delivered | Undelivered:
        """Append it and wait until it is on the disk; a line that a crash tore is taken off first."""
        line = (wire.dump(body(notice)) + "\n").encode("utf-8")
        try:
            with locked(self._path):
                is_new = not self._path.exists()
                with self._path.open("a+b") as file:
                    self._catch_up(file)
                    if notice.id in self._known:
                        return Delivered(detail="it was there already")
                    file.write(line)
                    file.flush()
                    os.fsync(file.fileno())
                if is_new:
                    sync_folder(self._path)
        except OSError as refused:
            return Undelivered(detail=f"{self._path} cannot be written: {refused.strerror}.")
        self._known.add(notice.id)
        self._read += len(line)
        return Delivered()

    def _catch_up(self, file: BinaryIO) -> None:
        """Take off a torn line, and learn the ids of what others have appended."""
        state = os.fstat(file.fileno())
        whole = _whole(file, state.st_size)
        if whole < state.st_size:
            file.truncate(whole)
        if self._file != (state.st_dev, state.st_ino) or whole < self._read:
            self._known, self._read, self._file = set(), 0, (state.st_dev, state.st_ino)
        file.seek(self._read)
        for line in file:
            if named := _id(line):
                self._known.add(named)
        self._read = whole


def _whole(file: BinaryIO, size: int) -> int:
    """Where the last whole line ends."""
    end = size
    while end > 0:
        start = max(0, end - _BLOCK)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _id(line: bytes) -> str | None:
    try:
        read = json.loads(line)
        named = read["data"]["id"]
    except (ValueError, TypeError, KeyError):
        return None
    return named if isinstance(named, str) else None
