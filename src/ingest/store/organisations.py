"""Names of parties → rows of organisations, made as they are needed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Connection, Select, bindparam, insert, select

from ingest.organisations import Organisation as KnownOrganisation
from ingest.store.database import lock
from ingest.store.documents import Writing
from ingest.store.rules import Rules
from ingest.tables import NameOrigin, Organisation, OrganisationName

__all__ = ["Resolved", "party_name", "resolve"]

_NAME_LENGTH = 300  # characters; no name is longer, but a sentence mistaken for one may be
_SLUG_DIGITS = 10

_Query: TypeAlias = Select[int, str, int | None]
_QUERY = select(Organisation.id, Organisation.slug, Organisation.merged_into_id)
_BY_ID = _QUERY.where(Organisation.id == bindparam("wanted"))
_BY_SLUG = _QUERY.where(Organisation.slug == bindparam("wanted"))
_BEARERS = select(OrganisationName.organisation_id).where(
    OrganisationName.folded == bindparam("key"), OrganisationName.origin == NameOrigin.PERSON
)
_NAME = select(OrganisationName.id).where(
    OrganisationName.organisation_id == bindparam("organisation"), OrganisationName.name == bindparam("form")
)
_ADD = insert(Organisation).returning(Organisation.id)
_ADD_NAME = insert(OrganisationName)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """An organisation of the store: its row and its public id."""

    id: int
    slug: str


def party_name(name: str) -> str:
    """A party's name as the store has it: on one line, and no longer than its indexes take."""
    return " ".join(name.split())[:_NAME_LENGTH]


def resolve(writing: Writing, rules: Rules, names: Collection[str]) -> dict[str, Resolved]:
    """Find the organisation of each name, or make it.

    A person's word goes before the package data, and that before what articles brought in. A name that several bear,
    and that nothing decides, becomes an organisation of its own: a ministry's deal is not given to the wrong country.

    Args:
        writing: A transaction that holds the locks of the folded names.
        rules: How names are folded, and what the package data know.
        names: As `party_name` gives them.
    """
    found = {name: _find(writing.connection, rules, name) for name in names}
    if None in found.values():
        lock(writing.connection, ["organisations"])  # whoever adds some adds them alone
        found = {name: _find(writing.connection, rules, name) or _make(writing, rules, name) for name in names}
    resolved = {name: organisation for name, organisation in found.items() if organisation is not None}
    for name, organisation in resolved.items():
        _add_name(writing, rules, organisation, name)
    return resolved


def _find(connection: Connection, rules: Rules, name: str) -> Resolved | None:
    bearers = connection.execute(_BEARERS, {"key": _folded(rules, name)}).scalars().all()
    if len(set(bearers)) == 1:
        return _current(connection, _BY_ID, bearers[0])
    known = rules.resolve(name)
    return _current(connection, _BY_SLUG, known.id if known else _slug(rules, name))


def _current(connection: Connection, query: _Query, wanted: int | str) -> Resolved | None:
    """The organisation that is wanted, or the one that it was merged into."""
    row = connection.execute(query, {"wanted": wanted}).one_or_none()
    while row is not None and row.merged_into_id is not None:
        row = connection.execute(_BY_ID, {"wanted": row.merged_into_id}).one_or_none()
    return Resolved(id=row.id, slug=row.slug) if row else None


def _make(writing: Writing, rules: Rules, name: str) -> Resolved:
    known = rules.resolve(name)
    if known is not None:
        return _add(writing, rules, known, NameOrigin.KNOWN, (known.name, *known.names))
    found = KnownOrganisation(id=_slug(rules, name), name=name, region="", names=())
    return _add(writing, rules, found, NameOrigin.FOUND, (name,))


def _add(
    writing: Writing, rules: Rules, organisation: KnownOrganisation, origin: NameOrigin, names: tuple[str, ...]
) -> Resolved:
    values = {
        "slug": organisation.id,
        "name": organisation.name,
        "region": organisation.region or None,
        "origin": origin,
        "first_seen_at": writing.at,
        "run_id": writing.run.id,
    }
    identity = writing.connection.execute(_ADD, values).scalar_one()
    rows = [
        {
            "organisation_id": identity,
            "name": each,
            "folded": _folded(rules, each),
            "origin": origin,
            "run_id": writing.run.id,
        }
        for each in dict.fromkeys(names)
    ]
    writing.connection.execute(_ADD_NAME, rows)
    return Resolved(id=identity, slug=organisation.id)


def _add_name(writing: Writing, rules: Rules, organisation: Resolved, name: str) -> None:
    """Note the form in which an article names an organisation, unless it is noted already."""
    if writing.connection.execute(_NAME, {"organisation": organisation.id, "form": name}).first() is None:
        values = {
            "organisation_id": organisation.id,
            "name": name,
            "folded": _folded(rules, name),
            "origin": NameOrigin.FOUND,
            "run_id": writing.run.id,
        }
        writing.connection.execute(_ADD_NAME, values)


def _folded(rules: Rules, name: str) -> str:
    """A name's comparison key, also where it holds no letter at all."""
    return rules.fold(name) or name


def _slug(rules: Rules, name: str) -> str:
    """Public id of an organisation that only articles know: the same name gives the same id in any store."""
    return "org-" + hashlib.sha256(_folded(rules, name).encode()).hexdigest()[:_SLUG_DIGITS]
