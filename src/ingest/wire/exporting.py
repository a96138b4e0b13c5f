"""What `ingest export` writes beside its files, and says of them."""

from __future__ import annotations

from typing import Literal

from ingest.views import ColumnType, Dialect
from ingest.wire.form import Count, form

__all__ = [
    "Export",
    "ExportColumn",
    "ExportFile",
    "ExportManifest",
    "ExportVerification",
    "ExportVersion",
    "VerifiedFile",
]


@form
class ExportColumn:
    """A column of a file."""

    name: str
    """Its name, as in the view."""
    type: ColumnType
    """What it holds, as in the view: `text`, `integer`, `real`, `flag` (0 or 1), `time` (UTC), `date` (as precise as is
    known), `list`."""
    nullable: bool
    """Whether it may be NULL."""
    description: str
    """What it means."""


@form
class ExportVersion:
    """The code, models and vocabulary of some of the runs that made a file's rows."""

    code_version: str
    """As in `v_runs`."""
    runs: Count
    """How many runs had it."""
    first_run: Count
    """The first of them."""
    last_run: Count
    """The last of them."""
    first_started_at: str
    """When the first began, UTC."""
    last_started_at: str
    """When the last began, UTC."""


@form
class ExportFile:
    """A file of an export."""

    file: str
    """Its name, in the folder of the manifest."""
    sha256: str
    """SHA-256 of its bytes, in hex."""
    bytes: Count
    """How large it is."""
    rows: Count
    """How many rows it holds."""
    view: str
    """The view that they are from."""
    meaning: str
    """What a row is."""
    query: str
    """The SELECT that gave them; `ingest sql` takes it as it stands."""
    columns: tuple[ExportColumn, ...]
    """What is in them, in the order of the file."""
    versions: tuple[ExportVersion, ...]
    """Which code and models made them, by the runs that they name; empty where rows name none."""


@form
class ExportManifest:
    """What an export holds, and where it is from: a snapshot that can be cited, and checked."""

    manifest: Literal[1]
    """Version of this form."""
    taken_at: str
    """When the one transaction began from which all files are, UTC."""
    product: str
    """Name and version of what exported them."""
    schema_revision: str
    """Revision of the store's schema."""
    database: Dialect
    """In whose SQL the queries are."""
    format: Literal["csv", "jsonl", "parquet"]
    """Form of the files."""
    since: str | None
    """Only rows on or after that date, if so."""
    until: str | None
    """Only rows on or before that date, if so."""
    where: str | None
    """Only rows for which that condition holds, if so."""
    files: tuple[ExportFile, ...]
    """The files."""


@form
class Export:
    """What was exported."""

    path: str
    """Where the manifest was written."""
    sha256: str
    """SHA-256 of the manifest, in hex: citing it cites every file."""
    manifest: ExportManifest
    """What it says."""


@form
class VerifiedFile:
    """A file, compared with what its manifest says."""

    file: str
    """Its name."""
    state: Literal["same", "changed", "missing"]
    """What became of it."""


@form
class ExportVerification:
    """Whether the files of an export are those that were written."""

    path: str
    """The manifest."""
    sha256: str
    """SHA-256 of the manifest, in hex, to be compared with the one that was cited."""
    is_same: bool
    """Whether all of them are."""
    files: tuple[VerifiedFile, ...]
    """Each of them."""
