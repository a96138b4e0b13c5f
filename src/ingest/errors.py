"""Everything that the product raises on purpose.

    IngestError                  message, remedy and exit code
    ├── ConfigurationError       a setting is wrong or unknown
    ├── SourceError              a source as a whole cannot be read
    │   └── SourceNotFoundError  … because it is not there
    ├── FlowServerError          Prefect's API cannot be started or reached
    ├── ParserUnavailableError   the process that parses HTML cannot be started
    ├── ModelError               a trained model cannot be read, kept or made
    ├── ArchiveError             raw bytes cannot be kept or found again
    │   └── ArchiveObjectError   … because of one object
    │   │   ├── ObjectMissingError   … which the archive does not have
    │   │   └── ObjectDamagedError   … which is not what was put in
    ├── BackupError              a backup cannot be made, or is not whole
    ├── ExportError              rows cannot be written to files, or the files are not what was exported
    └── StoreError               the database cannot be used
        ├── NotADatabaseError    the file is something else
        ├── StoreReadOnlyError   it cannot be written
        ├── StoreMissingError    there is none yet
        ├── SchemaOutdatedError  it wants `ingest db upgrade`
        ├── SchemaNewerError     a newer release made it
        ├── StoreUnfinishedError  a copy into it, or a restore, was broken off
        ├── TargetNotEmptyError  it holds rows, where an empty one is wanted
        ├── StoreUnavailableError  it does not answer, or is locked
        ├── NotFoundError        nothing has that id, path or URL
        ├── QueryError           somebody's own query is not right, or took too long
        ├── RulingError          what a person rules makes no sense as things stand
        └── ClaimLostError       another worker has taken the document over

A bad *document* is none of these: it is a `documents.Dropped`.
"""

from __future__ import annotations

from typing import ClassVar


class IngestError(Exception):
    """The base of all of them.

    Attributes:
        exit_code: What the command line returns for it.
        remedy: What to do about it, one sentence; may be empty.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class ConfigurationError(IngestError):
    """A setting is wrong or unknown."""

    exit_code = 2


class SourceError(IngestError):
    """A source as a whole cannot be read."""


class SourceNotFoundError(SourceError):
    """There is no such folder or file."""

    exit_code = 2


class FlowServerError(IngestError):
    """Prefect's API cannot be started or reached."""


class ParserUnavailableError(IngestError):
    """The process that parses HTML cannot be started."""


class ModelError(IngestError):
    """A trained model cannot be read, kept or made."""


class ArchiveError(IngestError):
    """Raw bytes cannot be kept or found again."""


class ArchiveObjectError(ArchiveError):
    """The archive has no such object, or a damaged one."""


class ObjectMissingError(ArchiveObjectError):
    """The archive has no such object."""


class ObjectDamagedError(ArchiveObjectError):
    """The archive's object is not what was put in."""


class BackupError(IngestError):
    """A backup cannot be made, or is not whole."""


class ExportError(IngestError):
    """Rows cannot be written to files, or files are not those that were exported."""


class StoreError(IngestError):
    """The database cannot be used."""


class NotADatabaseError(StoreError):
    """The file is not a database, or not one of ours."""


class StoreReadOnlyError(StoreError):
    """The database cannot be written."""


class StoreMissingError(StoreError):
    """There is no database yet."""


class SchemaOutdatedError(StoreError):
    """The database was made by an older release and must be upgraded first."""


class SchemaNewerError(StoreError):
    """The database was made by a newer release."""


class StoreUnfinishedError(StoreError):
    """A copy into it, or a restore, was broken off.

    Attributes:
        mark: What stands in place of its revision.
    """

    def __init__(self, message: str, *, remedy: str, mark: str) -> None:
        super().__init__(message, remedy=remedy)
        self.mark = mark


class TargetNotEmptyError(StoreError):
    """It holds rows already, where an empty one is wanted."""

    exit_code = 2


class StoreUnavailableError(StoreError):
    """The database does not answer, or stays locked."""


class NotFoundError(StoreError):
    """Nothing has that id, path or URL."""


class QueryError(StoreError):
    """Somebody's own query is not right, asks for more than reading, or took too long."""

    exit_code = 2


class RulingError(StoreError):
    """What a person rules makes no sense as things stand."""

    exit_code = 2


class ClaimLostError(StoreError):
    """Another worker has taken the document over."""
