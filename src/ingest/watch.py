"""Files that arrive in a folder, told once they are complete.

The operating system's events are hints: they say where to look. A file is taken for complete when its size and time of
change have stayed the same for a while.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from queue import Empty, Queue

from ingest.errors import SourceError
from ingest.sources.folder import is_passed_over

__all__ = ["Burst", "Pace", "watch", "watch_folders"]

_Look = tuple[int, int, int]  # inode, size, time of change in nanoseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a watch takes its time.

    Attributes:
        settle_seconds: How long a file must stay as it is to be taken for complete. A file that was last changed longer
            ago than that (moved in, copied with its times) is complete at once.
        gather_seconds: How long complete files wait for others that are still arriving, so that a burst is one; 0: not
            at all.
        sweep_seconds: Between two looks at everything, since the operating system may lose an event.
    """

    settle_seconds: float = 1.0
    gather_seconds: float = 0.0
    sweep_seconds: float = 600.0

    @property
    def patience(self) -> float:
        """Seconds between two looks."""
        return min(0.5, max(0.02, self.settle_seconds / 4))


@dataclass(frozen=True, slots=True)
class Burst:
    """Files of a folder that are complete.

    Attributes:
        folder: As it was given to `watch_folders`.
        paths: Relative to the folder, sorted, at least one.
    """

    folder: Path
    paths: tuple[PurePosixPath, ...]


def watch_folders(
    folders: Sequence[Path],
    *,
    pace: Pace,
    stop: threading.Event,
    missing: Callable[[Path, bool], None] = lambda *_: None,
) -> Iterator[Burst | None]:
    """Yield what arrives in several folders; None about once a second while nothing does.

    Args:
        folders: As for `watch`.
        pace: As for `watch`.
        stop: As for `watch`.
        missing: Told, from threads, of a folder that is gone (True) or there again (False).

    Raises:
        SourceError: As `watch`.
    """
    arrived: Queue[Burst | SourceError] = Queue()

    def look(folder: Path) -> None:
        try:
            for paths in watch(folder, pace=pace, stop=stop, missing=lambda gone: missing(folder, gone)):
                arrived.put(Burst(folder, paths))
        except SourceError as problem:
            arrived.put(problem)

    watchers = [threading.Thread(target=look, args=(folder,), daemon=True) for folder in folders]
    for watcher in watchers:
        watcher.start()
    try:
        while not stop.is_set():
            try:
                burst = arrived.get(timeout=min(1.0, 2 * pace.patience))
            except Empty:
                yield None
                continue
            if isinstance(burst, SourceError):
                raise burst
            yield burst
    finally:
        stop.set()
        for watcher in watchers:
            watcher.join(timeout=5)


def watch(
    folder: Path, *, pace: Pace, stop: threading.Event, missing: Callable[[bool], None] = lambda _: None
) -> Iterator[tuple[PurePosixPath, ...]]:
    """Yield what arrives in a folder, in bursts, until told to stop.

    Everything that is there at the start comes first, so that what arrived while nobody watched is not missed. A file
    that changes again comes again. If the folder is deleted, waits for it to return and starts over.

    Args:
        folder: The folder; need not exist yet.
        pace: How long to wait for what.
        stop: Ends the watch within half a second of being set.
        missing: Told that the folder is gone (True), and that it is there again (False).

    Raises:
        SourceError: The operating system does not let the folder be watched.

    Yields:
        Paths relative to the folder, sorted, at least one: complete files, readable or not, fit for
        `FolderSource.only`. Hidden files and leftovers are passed over.
    """
    arriving = _Arriving(folder=folder.resolve(), settle_seconds=pace.settle_seconds)
    gone = False
    while not stop.is_set():
        if arriving.folder.is_dir():
            if gone:
                missing(False)
            gone = False
            yield from _watch_while_there(arriving, pace=pace, stop=stop)
        elif not gone:
            gone = True
            missing(True)
        stop.wait(pace.patience)


def _watch_while_there(
    arriving: _Arriving, *, pace: Pace, stop: threading.Event
) -> Iterator[tuple[PurePosixPath, ...]]:
    folder = arriving.folder
    identity = _identity(folder)
    gathered: set[PurePosixPath] = set()
    since, swept_at = 0.0, 0.0
    for burst in _changes(folder, patience=pace.patience, stop=stop):
        # The first sweep comes after the first look at events, so that nothing falls between the two.
        now = arriving.clock()
        sweeps = not swept_at or now - swept_at >= pace.sweep_seconds
        swept_at = now if sweeps else swept_at
        arriving.note({folder} if sweeps else burst)
        if complete := arriving.take_complete():
            since = since if gathered else now
            gathered.update(complete)
        if gathered and (not arriving.is_waiting or arriving.clock() - since >= pace.gather_seconds):
            yield tuple(sorted(gathered))
            gathered = set()
        if _identity(folder) != identity:
            break
    if gathered:
        yield tuple(sorted(gathered))


def _changes(folder: Path, *, patience: float, stop: threading.Event) -> Iterator[set[Path]]:
    """Yield places that changed, or nothing, at every look; ends where the folder is to be watched anew."""
    from watchfiles import watch as watch_files  # noqa: PLC0415 - starts a native library that only this needs
    from watchfiles._rust_notify import (  # noqa: PLC0415 - as below
        WatchfilesRustInternalError,
    )

    changes = watch_files(
        folder,
        watch_filter=None,
        step=int(patience * 1000),
        debounce=int(patience * 2000),
        rust_timeout=int(patience * 1000),
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=True,
    )
    try:
        for burst in changes:
            yield {Path(name) for _, name in burst}
    except FileNotFoundError:
        return  # it went while the watch was being set up
    except WatchfilesRustInternalError:
        return  # a name that is no UTF-8, of which the library tells in no other way: the next sweep finds the file
    except PermissionError as problem:
        raise SourceError(
            f"The folder {folder.name} cannot be watched: {problem}.",
            remedy="Allow this user to read and enter it and every folder in it.",
        ) from problem
    except OSError as problem:
        raise SourceError(
            f"The folder {folder.name} cannot be watched: {problem}.",
            remedy="Raise the system's limit (fs.inotify.max_user_watches), or set WATCHFILES_FORCE_POLLING=1.",
        ) from problem


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


@dataclass(slots=True, kw_only=True)
class _Arriving:
    """Files that were seen to change and are not yet complete, and those that were, so that a sweep can be repeated."""

    folder: Path
    settle_seconds: float
    clock: Callable[[], float] = time.monotonic
    _seen: dict[PurePosixPath, tuple[_Look, float]] = field(default_factory=dict)
    _told: dict[PurePosixPath, _Look] = field(default_factory=dict)

    def note(self, places: Iterable[Path]) -> None:
        """Take up files that changed, and all files below folders that did: a folder is moved in with one event."""
        for place in places:
            for path in _files_in(place):
                relative = PurePosixPath(path.relative_to(self.folder))
                if not is_passed_over(relative) and (look := _look(path)) is not None:
                    known, _ = self._seen.get(relative, (self._told.get(relative), 0.0))
                    if known != look:
                        self._seen[relative] = (look, self._since(look))

    @property
    def is_waiting(self) -> bool:
        """Whether files are still arriving."""
        return bool(self._seen)

    def take_complete(self) -> tuple[PurePosixPath, ...]:
        """Give up those that have not changed for long enough; forget those that are gone."""
        complete = []
        for relative, (before, since) in list(self._seen.items()):
            look = _look(self.folder / relative)
            if look is None:
                del self._seen[relative]
                self._told.pop(relative, None)
            elif look != before:
                self._seen[relative] = (look, self.clock())
            elif self.clock() - since >= self.settle_seconds:
                complete.append(relative)
                self._told[relative] = look
                del self._seen[relative]
        return tuple(sorted(complete))

    def _since(self, look: _Look) -> float:
        """Tell since when a file has looked like that, on the monotonic clock."""
        now = self.clock()
        # A time in the future says nothing.
        return now - self.settle_seconds if time.time() - look[2] / 1e9 > self.settle_seconds else now


def _files_in(place: Path) -> Iterator[Path]:
    if place.is_dir() and not place.is_symlink():
        for folder, folders, names in os.walk(place):
            folders[:] = [name for name in folders if not is_passed_over(PurePosixPath(name))]
            yield from (Path(folder, name) for name in names)
            # A link to a folder is not walked: the source decides what it is.
            yield from (path for name in folders if (path := Path(folder, name)).is_symlink())
    else:
        yield place


def _look(path: Path) -> _Look | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
