"""Which kind an agreement is, from all the words that its article uses for it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from ingest.documents import Kind

__all__ = ["kind_of"]


def kind_of(words: AbstractSet[Kind]) -> Kind:
    """Decide between the kinds that the words for one agreement say.

    A named document wins (memorandum, letter of intent), then a joint venture; a licence or distribution deal that the
    article calls strategic is a strategic partnership; a joint facility is one only where nothing else is said.
    """
    for kind in (Kind.MOU, Kind.JOINT_VENTURE, Kind.STRATEGIC_PARTNERSHIP, Kind.LICENSING, Kind.JOINT_FACILITY):
        if kind in words:
            return kind
    return Kind.COOPERATION_AGREEMENT
