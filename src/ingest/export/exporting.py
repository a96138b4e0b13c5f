"""From a store to files: one snapshot, a file for each selection, and a manifest that vouches for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest import __version__
from ingest.errors import ConfigurationError, ExportError
from ingest.export.drafts import Draft, publish
from ingest.export.forms import FileForm, write
from ingest.export.selection import Selection
from ingest.migrations import HEAD
from ingest.store.read.asking import Cell, Snapshot, snapshot
from ingest.wire.exporting import Export, ExportColumn, ExportFile, ExportManifest, ExportVersion
from ingest.wire.form import dump

__all__ = ["Target", "export", "target"]

_TELL_EVERY = 1_000  # rows

Tell = Callable[[str, int], None]
"""Is told, now and then, of which file how many rows are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where an export goes.

    Attributes:
        files: A file for each selection, in their order.
        manifest: The manifest, in the same folder.
        force: Whether files that are there may be replaced.
    """

    files: tuple[Path, ...]
    manifest: Path
    force: bool


def target(selections: Sequence[Selection], *, output: Path, form: FileForm, force: bool) -> Target:
    """Say where each file goes.

    Args:
        selections: What is exported.
        output: A folder, which is made where it is not there yet; for one selection also a file, by its ending.
        form: Of the files.
        force: Whether files that are there may be replaced.

    Raises:
        ConfigurationError: A name is taken, several rows would go to one file, or the ending is that of another form.
        ExportError: The folder cannot be made.
    """
    if output == Path("-"):
        raise ConfigurationError("an export is files", remedy="for standard output, ask 'ingest sql … --format csv'")
    is_file = output.suffix.removeprefix(".") in set(FileForm) and not output.is_dir()
    if is_file and output.suffix != f".{form}":
        raise ConfigurationError(
            f"{output} does not end in .{form}", remedy="name it so, or ask for the --format it has"
        )
    if is_file and len(selections) > 1:
        raise ConfigurationError(f"{output} is one file, for {len(selections)} kinds of rows", remedy="name a folder")
    if len({selection.name for selection in selections}) < len(selections):
        raise ConfigurationError("the same rows are named twice", remedy="name them once")
    folder = output.parent if is_file else output
    chosen = Target(
        files=(output,) if is_file else tuple(folder / f"{selection.name}.{form}" for selection in selections),
        manifest=folder / (f"{output.name}.manifest.json" if is_file else "manifest.json"),
        force=force,
    )
    taken = [path for path in (*chosen.files, chosen.manifest) if path.exists() or path.is_symlink()]
    if taken and not force:
        raise ConfigurationError(
            f"{taken[0]} is there already", remedy="--force replaces it; --output names another place"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        raise ExportError(
            f"the folder {folder} cannot be made: {refused.strerror or refused}", remedy="name another with --output"
        ) from None
    return chosen


def export(
    url: str, selections: Sequence[Selection], to: Target, *, form: FileForm, seconds: float, tell: Tell
) -> Export:
    """Export selections of a store as of one moment.

    Every file is written under another name beside its own, and takes that only when all are whole; whatever ends an
    export, no part of a file stands under a final name.

    Args:
        url: As in `Settings.database_url`.
        selections: What.
        to: Where to.
        form: Of the files.
        seconds: All of it may take no longer.
        tell: Is told of progress.

    Raises:
        QueryError: A condition is not right, or it took too long.
        ExportError: A file cannot be written.
        ConfigurationError: A name was taken meanwhile, or the form needs what is not installed.
        StoreError: As for `connect`.
    """
    drafts: list[Draft] = []
    try:
        with snapshot(url, seconds=seconds) as look:
            taken_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            # The schema's revision is read first, so that the snapshot is taken by now.
            files = []
            for selection, path in zip(selections, to.files, strict=True):
                drafts.append(Draft(path))
                files.append(_written(look, selection, drafts[-1], form, tell))
            manifest = _manifest(look, selections, files, form=form, taken_at=taken_at)
        vouching = Draft(to.manifest)
        drafts.append(vouching)
        vouching.write((dump(manifest, indent=2) + "\n").encode())
        vouching.finish()
        publish(drafts[:-1], vouching, force=to.force)
    finally:
        for draft in drafts:
            draft.discard()
    return Export(path=str(to.manifest), sha256=vouching.sha256, manifest=manifest)


def _written(look: Snapshot, selection: Selection, draft: Draft, form: FileForm, tell: Tell) -> ExportFile:
    """Write one file."""
    query = selection.query(look.dialect)
    counted = _Counted(selection.name, tell)
    with look.ask(query) as question:
        write(draft, selection.columns, counted.rows(question.rows()), form)
    draft.finish()
    return ExportFile(
        file=draft.final.name,
        sha256=draft.sha256,
        bytes=draft.bytes,
        rows=counted.number,
        view=selection.view.name,
        meaning=selection.view.description,
        query=query,
        columns=tuple(
            ExportColumn(name=c.name, type=c.type, nullable=c.nullable, description=c.description)
            for c in selection.columns
        ),
        versions=_versions(look, selection),
    )


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, name: str, tell: Tell) -> None:
        self._name = name
        self._tell = tell
        self.number = 0

    def rows(self, rows: Iterator[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
        for row in rows:
            self.number += 1
            if self.number % _TELL_EVERY == 0:
                self._tell(self._name, self.number)
            yield row


def _versions(look: Snapshot, selection: Selection) -> tuple[ExportVersion, ...]:
    query = selection.versions(look.dialect)
    if query is None:
        return ()
    with look.ask(query) as question:
        rows: list[tuple[Any, ...]] = list(question.rows())
    return tuple(
        ExportVersion(
            code_version=version,
            runs=runs,
            first_run=first,
            last_run=last,
            first_started_at=began,
            last_started_at=ended,
        )
        for version, runs, first, last, began, ended in rows
    )


def _manifest(
    look: Snapshot, selections: Sequence[Selection], files: Sequence[ExportFile], *, form: FileForm, taken_at: str
) -> ExportManifest:
    asked = selections[0]
    return ExportManifest(
        manifest=1,
        taken_at=taken_at,
        product=f"ingest {__version__}",
        schema_revision=HEAD,
        database=look.dialect,
        format=form.value,
        since=asked.since,
        until=asked.until,
        where="\nAND ".join(asked.conditions) or None,
        files=tuple(files),
    )
