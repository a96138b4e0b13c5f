"""The mark of a database into which rows are being written from elsewhere. Imports no SQLAlchemy.

It stands where the revision of the schema would stand, so that earlier releases refuse the database too.
"""

from __future__ import annotations

from ingest.errors import StoreUnfinishedError

__all__ = ["PREFIX", "refuse"]

PREFIX = "copy-"


def refuse(revision: str, shown: str) -> None:
    """Refuse a database that is marked.

    Args:
        revision: What stands in place of the revision.
        shown: The address, password masked.

    Raises:
        StoreUnfinishedError: It is.
    """
    if revision.startswith(PREFIX):
        raise StoreUnfinishedError(
            f"{shown} holds an unfinished copy",
            remedy="run the same `ingest db copy` or `ingest db restore` again: it takes up where it stopped",
            mark=revision,
        )
