"""Names that a hyphen or a stroke joins, as in 'the Acme-Borel Labs tie-up'."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from ingest.agreements.names import Name

__all__ = ["parted"]

_HYPHEN = re.compile(r"[-–/]")


def parted(found: Mapping[int, tuple[Name, ...]]) -> dict[int, tuple[Name, ...]]:
    """Make two names of one that joins them, where both stand alone elsewhere in the article.

    Args:
        found: Names by the start of their sentence.
    """
    known = {name.text for names in found.values() for name in names}
    return {start: tuple(part for name in names for part in _parts(name, known)) for start, names in found.items()}


def _parts(name: Name, known: AbstractSet[str]) -> tuple[Name, ...]:
    for joint in _HYPHEN.finditer(name.text):
        before, after = name.text[: joint.start()], name.text[joint.end() :]
        if before in known and after in known:
            middle = name.start + joint.start()
            first = replace(name, end=middle, text=before, aliases=(), possessive=False, tail=middle)
            return first, replace(name, start=middle + 1, text=after)
    return (name,)
