"""Which kind an agreement is, from all the words that its article uses for it."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from ingest.documents import Kind

__all__ = ["builds_together", "kind_of"]

_BUILDS = re.compile(
    r"\bto (?:jointly |together )?(?:build|establish|set up|open|create|found|run|launch) (?:an?|the|two|three"
    r"|their)? ?(?:[\w-]+ ){0,4}"
    r"(?:laborator(?:y|ies)|labs?|cent(?:re|er)s?|campus(?:es)?|incubators?|accelerators?|institutes?|parks?"
    r"|platforms?|hubs?|schools?)\b",
    re.IGNORECASE,
)


def kind_of(words: AbstractSet[Kind]) -> Kind:
    """Decide between the kinds that the words for one agreement say.

    A named document wins (memorandum, letter of intent), then a joint venture; a licence or distribution deal that the
    article calls strategic is a strategic partnership; a joint facility is one only where nothing else is said.
    """
    for kind in (Kind.MOU, Kind.JOINT_VENTURE, Kind.STRATEGIC_PARTNERSHIP, Kind.LICENSING, Kind.JOINT_FACILITY):
        if kind in words:
            return kind
    return Kind.COOPERATION_AGREEMENT


def builds_together(sentence: str) -> bool:
    """Whether what is agreed is to build or run a laboratory, centre, campus, incubator, park or platform."""
    return bool(_BUILDS.search(sentence))
