"""The store: the only package that opens a database session.

    address     what a database URL means; failures: a driver's error → ours. Neither imports SQLAlchemy.
    database    connections and transactions as each database wants them
    schema      migrating, and telling what state a database's schema is in; checks: `ingest db check`
    runs        who is at work, and who died at it
    claim       whose turn is it, and is it new at all?
    labels      what analysts ruled on topics
    save        one document in one short transaction: duplicate? revision? which agreement?
    together    several in one, where none has to do with another
    transfer    whole stores on the move: copies, snapshots, and every row compared
    forgetting  what is removed by request, and kept out; retention: raw bodies that are old enough to go
    read        read-only queries over the documented views
    reader      PostgreSQL's role that may read the views and nothing else

Names are imported when they are asked for: a reading command pays for no SQLAlchemy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.store.checks import Finding, check
    from ingest.store.claim import Claimed
    from ingest.store.rules import Rules
    from ingest.store.runs import Run
    from ingest.store.schema import make_reader, upgrade
    from ingest.store.store import Store, open_store

__all__ = ["Claimed", "Finding", "Rules", "Run", "Store", "check", "make_reader", "open_store", "upgrade"]

_HOMES = {
    "Claimed": "claim",
    "Finding": "checks",
    "Rules": "rules",
    "Run": "runs",
    "Store": "store",
    "check": "checks",
    "make_reader": "schema",
    "open_store": "store",
    "upgrade": "schema",
}


def __getattr__(name: str) -> object:
    """Import a public name from its module on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
