"""What the structure of a sentence says of a trigger."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ingest.agreements.names import Name

__all__ = ["Reading", "Reference"]


class Reference(StrEnum):
    """What the sentence says instead of a name."""

    PAIR = "pair"  # 'the two universities', 'both sides', 'the parties'
    HUB = "hub"  # 'the company', 'it', 'we'


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the structure around one trigger says.

    Attributes:
        subject: Names on the acting side.
        counterpart: Names after 'with', 'between', …
        closed: Whether `counterpart` alone is the whole set ('between A and B').
        reference: What stands in place of the subject's name, if anything.
        head: The noun of the reference ('university'), folded.
        described: Whether the other side is only described ('with a Japanese bank').
        verb: The performing verb before a noun trigger, if any, folded.
        verb_start: Where it begins in the sentence, or the trigger's own start.
        is_strong: Whether that verb performs an act, as against 'expands' or 'has'.
        is_incidental: Whether the trigger stands in a phrase like 'in partnership with' or 'a partnership platform'.
        separate: Whether each counterpart has a document of its own.
    """

    subject: tuple[Name, ...] = ()
    counterpart: tuple[Name, ...] = ()
    closed: bool = False
    reference: Reference | None = None
    head: str = ""
    described: bool = False
    verb: str = ""
    verb_start: int = 0
    is_strong: bool = False
    is_incidental: bool = False
    separate: bool = False
