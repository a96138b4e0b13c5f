"""What is said to be done, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Act", "Trigger"]


class Act(StrEnum):
    """What a trigger says was done."""

    SIGN = "sign"
    REACH = "reach"
    BUILD = "build"
    VENTURE = "venture"
    LICENSE = "license"
    ANNOUNCE = "announce"
    PARTNER = "partner"
    HAND = "hand"
    HOLD = "hold"
    END = "end"


@dataclass(frozen=True, slots=True)
class Trigger:
    """A verb that tells of an agreement, and the object that shows it is one.

    Attributes:
        act: What was done.
        start: Where the verb begins in the plain text.
        end: Where it ends.
        object_end: Where what was agreed on ends.
        is_strong: Whether verb and object alone make an agreement, or the parties must stand clearly beside them.
    """

    act: Act
    start: int
    end: int
    object_end: int
    is_strong: bool
