"""The pure rules that the save transaction asks: ports, so that tests give it others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from ingest.agreements.ledger import Entry, Told, choose, next_status
from ingest.documents import Status
from ingest.organisations import Organisation
from ingest.regions import Context

__all__ = ["Choose", "Resolve", "Rules", "standard"]


class Resolve(Protocol):
    """Who is meant by a name; `ingest.organisations.resolve` is one."""

    def __call__(self, name: str, *, region_hint: str | None = None) -> Organisation | None:
        """The organisation of the package data, or None where it does not know the name or cannot decide."""
        ...


class Choose(Protocol):
    """Which agreement a mention tells of; `ingest.agreements.ledger.choose` is one."""

    def __call__(self, told: Told, entries: Iterable[Entry], *, taken: frozenset[str]) -> str | None:
        """The agreement's public id, or None where the mention opens a new one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What decides.

    Attributes:
        likeness: Of two texts: how alike they are if they are one story, else None.
        fold: Comparison key of an organisation's name.
        resolve: A name → organisation of the package data, or None.
        beside: The region that the words next to a name put it in.
        around: The region that its article is about.
        city_named: The city with offices of its own that its article alone names.
        composed: What a body is and where, given its name and the region that the text puts it in; in one form for
            both languages.
        introduced: Names in the other script that a text gives beside a name.
        translates: Whether one name may be another in another script.
        is_office: Whether a name is that of a public office, such as several places have.
        choose: Which agreement a mention tells of.
        next_status: Status of an agreement once a further mention is attached.
    """

    likeness: Callable[[str, str], float | None]
    fold: Callable[[str], str]
    resolve: Resolve
    choose: Choose
    next_status: Callable[[Status, Status], Status]
    beside: Callable[[Context], str | None] = lambda _: None
    around: Callable[[Context], str | None] = lambda _: None
    city_named: Callable[[Context], str | None] = lambda _: None
    composed: Callable[[str, str | None], str | None] = lambda _name, _region: None
    introduced: Callable[[str, str], tuple[str, ...]] = lambda _name, _text: ()
    translates: Callable[[str, str], bool] = lambda _one, _other: False
    is_office: Callable[[str], bool] = lambda _: False


def standard() -> Rules:
    """The rules of the stages."""
    from ingest.composed import composed  # noqa: PLC0415 - loads what only a writer needs
    from ingest.deduplicate import is_near_duplicate  # noqa: PLC0415 - likewise
    from ingest.organisations import fold, introduced, resolve  # noqa: PLC0415 - likewise
    from ingest.regions import around, beside, city_named, is_office  # noqa: PLC0415 - likewise
    from ingest.translated import may_translate  # noqa: PLC0415 - likewise

    return Rules(
        likeness=is_near_duplicate,
        fold=fold,
        resolve=resolve,
        choose=choose,
        next_status=next_status,
        beside=beside,
        around=around,
        city_named=city_named,
        composed=composed,
        introduced=introduced,
        translates=may_translate,
        is_office=is_office,
    )
