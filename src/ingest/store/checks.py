"""`ingest db check`: is the schema what this release says, and do the rows hold together?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, exists, func, select, text

from ingest.errors import SchemaOutdatedError
from ingest.migrations import VERSION_TABLE
from ingest.store.address import parse
from ingest.store.database import Database
from ingest.store.failures import missing
from ingest.store.schema import ensure
from ingest.tables import (
    Agreement,
    AgreementEvent,
    AgreementEventKind,
    AgreementMention,
    Appearance,
    Article,
    Base,
    Document,
    DocumentState,
)
from ingest.views import VIEWS, Dialect

__all__ = ["Finding", "check"]

_SHOWN = 5  # of several rows that are wrong in one way


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong with a store.

    Attributes:
        check: Which look found it: `schema`, `views`, `integrity`, `references` or `rows`.
        message: What is wrong.
        remedy: What to do about it.
    """

    check: str
    message: str
    remedy: str


def check(url: str) -> tuple[Finding, ...]:
    """Look a store over, without changing it.

    Args:
        url: As `ingest.store.address.parse` takes it.

    Returns:
        What is wrong; empty where nothing is.

    Raises:
        StoreError: It cannot be looked at: it is missing, something else, of a newer release, or does not answer.
    """
    address = parse(url)
    if address.path is not None and not address.path.exists():
        raise missing(address)
    database = Database(address, create=False)
    try:
        ensure(database, create=False)
        return database.read(lambda connection: tuple(_look(connection, address.dialect)))
    except SchemaOutdatedError as outdated:
        return (Finding(check="schema", message=str(outdated), remedy=outdated.remedy),)
    finally:
        database.close()


def _look(connection: Connection, dialect: Dialect) -> Iterator[Finding]:
    yield from _schema(connection)
    yield from _views(connection)
    if dialect is Dialect.SQLITE:
        yield from _integrity(connection)
    yield from _rows(connection)


def _schema(connection: Connection) -> Iterator[Finding]:
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 - dear, and only this command wants it
    from alembic.migration import MigrationContext  # noqa: PLC0415 - likewise

    opts = {"version_table": VERSION_TABLE, "compare_type": True, "include_name": _is_portable}
    context = MigrationContext.configure(connection, opts=opts)
    for difference in compare_metadata(context, Base.metadata):
        yield Finding(
            check="schema",
            message=f"a table differs from what this release made: {difference}",
            remedy="undo what was changed by hand, or put a backup back",
        )


def _is_portable(name: str | None, kind: str, _: object) -> bool:
    """Whether both databases have it: the index of search is each one's own."""
    return not (kind == "table" and (name or "").startswith("article_terms")) and name != "ix_article_search_terms"


def _views(connection: Connection) -> Iterator[Finding]:
    remedy = "drop the views that begin with `v_`, and the row of `ingest_schema`, only on advice; or put a backup back"
    for view in VIEWS:
        wanted = [column.name for column in view.columns]
        try:
            with connection.begin_nested():
                found = list(connection.execute(text(f"SELECT * FROM {view.name} WHERE 1 = 0")).keys())  # noqa: S608 - a constant
        except Exception as error:  # noqa: BLE001 - whatever ails the view is the finding
            yield Finding(check="views", message=f"{view.name} cannot be read: {error}", remedy=remedy)
            continue
        if found != wanted:
            yield Finding(check="views", message=f"{view.name} has other columns: {', '.join(found)}", remedy=remedy)


def _integrity(connection: Connection) -> Iterator[Finding]:
    for message in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
        if message != "ok":
            yield Finding(check="integrity", message=message, remedy="put a backup back: the file is damaged")
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_SHOWN):
        yield Finding(
            check="references",
            message=f"row {row[1]} of {row[0]} refers to a row of {row[2]} that is not there",
            remedy="put a backup back: rows were deleted by hand",
        )


def _rows(connection: Connection) -> Iterator[Finding]:
    """What no constraint can say."""
    appears = exists().where(Appearance.article_id == Article.id)
    leads = exists().where(Appearance.article_id == Article.id, Appearance.leads)
    current = exists().where(Appearance.document_id == Document.id, Appearance.revision == Document.revision)
    told = exists().where(AgreementMention.agreement_id == Agreement.id)
    # One whose only article was removed by request says so in its history.
    emptied = exists().where(
        AgreementEvent.agreement_id == Agreement.id, AgreementEvent.event == AgreementEventKind.EMPTIED
    )
    wrong = (
        (Article.public_id, ~appears, "article {} belongs to no document"),
        (Article.public_id, appears & ~leads, "no copy leads article {}"),
        (Document.key, (Document.revision > 0) & ~current, "document {} has lost its latest revision"),
        (
            Document.key,
            (Document.state == DocumentState.STORED) & (Document.revision == 0),
            "document {} has no article",
        ),
        (Agreement.public_id, ~told & ~emptied, "no sentence tells of agreement {}"),
    )
    for column, condition, message in wrong:
        number = connection.execute(select(func.count()).select_from(column.class_).where(condition)).scalar_one()
        for name in connection.execute(select(column).where(condition).limit(_SHOWN)).scalars():
            yield Finding(
                check="rows",
                message=message.format(name) + (f" (one of {number})" if number > 1 else ""),
                remedy="put a backup back, or report it: no release should write this",
            )
