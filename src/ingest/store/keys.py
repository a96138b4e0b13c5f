"""Keys of documents, as the store has them. Imports no SQLAlchemy, so that reading commands can ask for any key."""

from __future__ import annotations

import hashlib

__all__ = ["stored_key"]

_KEY_BYTES = 1000  # PostgreSQL's index takes up to 2,700
_CUT_BYTES = _KEY_BYTES - 70  # leaves room for the digest


def stored_key(key: str) -> str:
    """A key as the store has it: what databases refuse is escaped, and what indexes refuse is cut, with a digest."""
    safe = key.encode("utf-8", "backslashreplace").replace(b"\0", b"\\x00")
    if len(safe) <= _KEY_BYTES:
        return safe.decode("utf-8")
    head = safe[:_CUT_BYTES].decode("utf-8", "ignore")
    return f"{head}…{hashlib.sha256(safe).hexdigest()}"
